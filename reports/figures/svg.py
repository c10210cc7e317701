"""A small SVG writer for figures that a window and a PDF both show.

Only what QtSvg (SVG Tiny 1.2) and svglib (→ ReportLab) agree on: presentation attributes, groups with a
transform, simple shapes, paths, one-line text. No classes, clips, filters, patterns or percentages.
Output is deterministic: the same calls give the same bytes. Lengths are in user units, y grows downwards.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

from reports.fonts import ARABIC, MONO, SANS
from reports.fonts.metrics import text_width

Value = str | float | int | None
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in the coordinates of its figure."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    def contains(self, x: float, y: float) -> bool:
        return self.x <= x <= self.right and self.y <= y <= self.bottom

    def overlaps(self, other: "Box") -> bool:
        across = self.x < other.right and other.x < self.right
        return across and self.y < other.bottom and other.y < self.bottom


@dataclass(frozen=True, slots=True)
class Figure:
    """A finished drawing: SVG text of `width` × `height` units; `boxes` is for hit testing by id."""

    svg: str
    width: float
    height: float
    boxes: Mapping[str, Box] = field(default_factory=dict)
    title: str = ""

    def hit(self, x: float, y: float) -> str | None:
        """The id whose box holds the point, or None; the last one drawn wins."""
        found = [id for id, box in self.boxes.items() if box.contains(x, y)]
        return found[-1] if found else None


def number(value: float) -> str:
    """A coordinate with at most two decimals, without trailing zeros and without `-0`."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def is_arabic(text: str) -> bool:
    """Whether a text needs the Arabic face (letters of the Arabic blocks and their presentation forms)."""
    return any("\u0600" <= sign <= "\u08ff" or "\ufb50" <= sign <= "\ufefc" for sign in text)


def measure(text: str, size: float, weight: int = 400, family: str = SANS) -> float:
    """Width of one line, in user units, with the faces that both renderers use."""
    return text_width(text, size, ARABIC if is_arabic(text) else family, weight)


def shorten(text: str, limit: float, size: float, weight: int = 400, family: str = SANS) -> str:
    """The text, or as much of it as fits into `limit` followed by an ellipsis."""
    if measure(text, size, weight, family) <= limit:
        return text
    while text and measure(text + "…", size, weight, family) > limit:
        text = text[:-1]
    return text.rstrip() + "…"


def wrap(text: str, limit: float, size: float, weight: int = 400, family: str = SANS) -> list[str]:
    """Lines of at most `limit` units, broken at spaces; a longer word stands alone, uncut."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and measure(longer, size, weight, family) <= limit:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


class Canvas:
    """Collects elements; attribute names are written with `_` for `-`, None leaves one out."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._depth = 1

    def element(self, name: str, content: str | None = None, /, **attributes: Value) -> None:
        closing = "/>" if content is None else f">{escape(_clean(content))}</{name}>"
        self._write(f"<{name}{_attributes(attributes)}{closing}")

    @contextmanager
    def group(self, *, title: str | None = None, **attributes: Value) -> Iterator[None]:
        """A `<g>`; `title` is what a screen reader or a tooltip says."""
        self._write(f"<g{_attributes(attributes)}>")
        self._depth += 1
        if title:
            self.element("title", title)
        yield
        self._depth -= 1
        self._write("</g>")

    def line(self, start: Point, end: Point, stroke: str, width: float = 1, **more: Value) -> None:
        (x1, y1), (x2, y2) = start, end
        self.element("line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=stroke, stroke_width=width, **more)

    def polyline(self, points: Sequence[Point], stroke: str, width: float = 1, **more: Value) -> None:
        self.element("path", d=path(points), fill="none", stroke=stroke, stroke_width=width, **more)

    def polygon(self, points: Sequence[Point], fill: str, **more: Value) -> None:
        self.element("path", d=path(points, closed=True), fill=fill, **more)

    def rect(self, box: Box, fill: str, **more: Value) -> None:
        self.element("rect", x=box.x, y=box.y, width=box.width, height=box.height, fill=fill, **more)

    def circle(self, centre: Point, radius: float, fill: str, **more: Value) -> None:
        self.element("circle", cx=centre[0], cy=centre[1], r=radius, fill=fill, **more)

    def text(
        self,
        at: Point,
        content: str,
        size: float,
        fill: str,
        *,
        anchor: str = "start",
        weight: int = 400,
        family: str = SANS,
        **more: Value,
    ) -> None:
        """One line of text; `at` is on its baseline, `anchor` is start, middle or end."""
        self.element(
            "text",
            content,
            x=at[0],
            y=at[1],
            font_family=ARABIC if is_arabic(content) else family,
            font_size=size,
            font_weight=None if weight == 400 else weight,
            text_anchor=None if anchor == "start" else anchor,
            fill=fill,
            **more,
        )

    def figure(
        self,
        width: float,
        height: float,
        title: str,
        boxes: Mapping[str, Box] | None = None,
        scale: float = 1,
    ) -> Figure:
        """Close the drawing; `scale` ≠ 1 shrinks or enlarges everything, boxes included."""
        wide, high = number(width * scale), number(height * scale)
        body = "\n".join(self._parts)
        if scale != 1:
            body = f'  <g transform="scale({scale:.6f})">\n{body}\n  </g>'
        head = (
            '<svg xmlns="http://www.w3.org/2000/svg" version="1.2" baseProfile="tiny" '
            f'width="{wide}" height="{high}" viewBox="0 0 {wide} {high}">'
        )
        svg = f"{head}\n  <title>{escape(_clean(title))}</title>\n{body}\n</svg>\n"
        return Figure(svg, float(wide), float(high), _scaled(boxes or {}, scale), title)

    def _write(self, text: str) -> None:
        self._parts.append("  " * self._depth + text)


def path(points: Sequence[Point], closed: bool = False) -> str:
    """Path data of straight strokes through `points`."""
    first, *rest = (f"{number(x)} {number(y)}" for x, y in points)
    return f"M{first}" + "".join(f"L{point}" for point in rest) + ("Z" if closed else "")


def text_colour_on(ground: str, dark: str, light: str) -> str:
    """Whichever of two text colours contrasts more with a ground (WCAG relative luminance)."""
    return max((dark, light), key=lambda colour: contrast(colour, ground))


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two #RRGGBB colours, 1 to 21 (WCAG 2.2)."""
    brighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def blend(one: str, other: str, share: float) -> str:
    """The colour `share` of the way from `one` to `other`."""
    pairs = ((int(one[at : at + 2], 16), int(other[at : at + 2], 16)) for at in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * share):02X}" for a, b in pairs)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _scaled(boxes: Mapping[str, Box], scale: float) -> dict[str, Box]:
    return {
        id: Box(box.x * scale, box.y * scale, box.width * scale, box.height * scale)
        for id, box in boxes.items()
    }


def _attributes(attributes: Mapping[str, Value]) -> str:
    written = ((name.rstrip("_").replace("_", "-"), value) for name, value in attributes.items())
    return "".join(f" {name}={_quoted(value)}" for name, value in written if value is not None)


def _quoted(value: Value) -> str:
    return f'"{number(value)}"' if isinstance(value, int | float) else quoteattr(_clean(str(value)))


def _clean(text: str) -> str:
    """Without the control characters that XML 1.0 forbids."""
    return "".join(sign for sign in text if sign >= " " or sign in "\t\n\r")


__all__ = [
    "ARABIC",
    "MONO",
    "SANS",
    "Box",
    "Canvas",
    "Figure",
    "Point",
    "blend",
    "contrast",
    "is_arabic",
    "measure",
    "number",
    "path",
    "shorten",
    "text_colour_on",
    "wrap",
]
