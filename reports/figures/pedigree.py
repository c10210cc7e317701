"""The pedigree of a family as a figure, in standard nomenclature.

Squares are men, circles women, diamonds people of unknown sex; a stroke through a symbol means deceased, a
double line a union of relatives, joined slanting lines monozygotic twins (Bennett et al. 1995, PMID 7887430;
Bennett et al. 2022, doi:10.1002/jgc4.1621). Filled symbols have given a reference profile; the missing
person has a thick outline, a question mark and an arrow.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from forensics.domain.kinship import Member, Pedigree, Sex
from reports.figures.pedigree_order import order
from reports.figures.pedigree_place import place
from reports.figures.pedigree_route import SYMBOL, Lines, Stroke, route
from reports.figures.pedigree_rows import components_of
from reports.figures.pedigree_sketch import Sketch, is_via, sketch
from reports.figures.svg import MONO, SANS, Box, Canvas, Figure, measure, wrap
from reports.palette import Palette

MARGIN, BETWEEN, LABEL_WIDTH = 14.0, 44.0, 104.0
FIRST, OTHER, LEADING, LABEL_TOP = 11.0, 10.0, 13.5, 16.0
WIDEST = 1600.0


@dataclass(frozen=True, slots=True)
class PedigreeWords:
    """What the figure says besides the labels; translated by the caller."""

    pedigree: str = "Pedigree"
    typed: str = "reference profile"
    missing: str = "missing person"
    deceased: str = "deceased"
    untyped: str = "no profile"
    related: str = "union of relatives"


@dataclass(frozen=True, slots=True)
class People:
    """What is known of the people of a pedigree, by id."""

    labels: Mapping[str, tuple[str, ...]]
    typed: Collection[str]
    missing: Collection[str]
    deceased: Collection[str]
    selected: str | None


@dataclass(frozen=True, slots=True)
class _Label:
    lines: tuple[tuple[str, float, int, str], ...]  # text, size, weight, family

    @property
    def width(self) -> float:
        return max(
            (measure(text, size, weight, family) for text, size, weight, family in self.lines), default=0.0
        )

    @property
    def height(self) -> float:
        return LABEL_TOP + LEADING * (len(self.lines) - 1) + 5 if self.lines else 6.0


@dataclass(frozen=True, slots=True)
class _Family:
    """One connected family, laid out with its own origin."""

    made: Sketch
    at: Mapping[str, float]
    lines: Lines
    labels: Mapping[str, _Label]
    widths: Mapping[str, float]

    @property
    def width(self) -> float:
        return max(self.at[node] + self.widths.get(node, 6.0) / 2 for node in self.at)

    @property
    def height(self) -> float:
        return self.lines.bottom


def pedigree_figure(
    pedigree: Pedigree,
    labels: Mapping[str, tuple[str, ...]],
    typed: Collection[str],
    missing: Collection[str],
    deceased: Collection[str],
    selected: str | None,
    palette: Palette,
    width: float | None = None,
    *,
    words: PedigreeWords | None = None,
    legend: bool = False,
) -> Figure:
    """Draw a pedigree; any loops, several partners, several families.

    `labels` holds lines of text per id (first line: token or name); `width` in user units makes the figure
    exactly that wide: families flow into lines, content is centred, and shrunk only if one family is wider.
    Element ids are `person-ID` and `union-FIRST-CHILD`; `boxes` has symbol and label of each person. An empty
    pedigree gives an empty figure.
    """
    say = words or PedigreeWords()
    people = People(labels, typed, missing, deceased, selected)
    families = [_lay_out(part, people) for part in components_of(pedigree)]
    inner = (width or WIDEST) - 2 * MARGIN
    lines = _flow(families, inner)
    wide = max((_line_width(line) for line in lines), default=0.0)
    keys = _legend_entries(pedigree, people, families, say) if legend else []
    wide = max(wide, min(_legend_width(keys), inner)) if keys else wide
    full = max(wide, inner) if width else wide
    canvas, boxes, y = Canvas(), dict[str, Box](), MARGIN
    for line in lines:
        x = MARGIN + (full - _line_width(line)) / 2
        for family in line:
            with canvas.group(transform=f"translate({x:.2f},{y:.2f})"):
                boxes.update(_draw_family(canvas, family, people, palette, say, (x, y)))
            x += family.width + BETWEEN
        y += max(family.height for family in line) + BETWEEN / 2
    y -= BETWEEN / 2 if lines else 0
    if keys:
        y = _draw_legend(canvas, keys, full, y + 16, palette)
    scale = width / (full + 2 * MARGIN) if width and full > inner else 1.0
    return canvas.figure(full + 2 * MARGIN, y + MARGIN, say.pedigree, boxes, scale)


def _lay_out(pedigree: Pedigree, people: People) -> _Family:
    made = sketch(pedigree)
    order(made)
    labels = {id: _label(people.labels.get(id, ())) for id in pedigree.ids}
    widths = {id: max(label.width, SYMBOL + 6) for id, label in labels.items()}
    at = place(made, widths)
    heights = [max((labels[n].height for n in row if not is_via(n)), default=0.0) for row in made.rows]
    return _Family(made, at, route(made, at, widths, heights), labels, widths)


def _label(texts: Sequence[str]) -> _Label:
    """Token in the monospaced face or name in semibold, then smaller lines; long ones are wrapped."""
    lines: list[tuple[str, float, int, str]] = []
    for number, text in enumerate(texts):
        size, weight, family = (OTHER, 400, SANS) if number else (FIRST, 600, SANS)
        if not number and is_token(text):
            weight, family = 400, MONO
        lines += [(part, size, weight, family) for part in wrap(text, LABEL_WIDTH, size, weight, family)]
    return _Label(tuple(lines))


def is_token(text: str) -> bool:
    """Whether a label is a token such as `REF-2K7Q`: capitals, digits and joints, with at least one digit."""
    plain = text.isascii() and text.upper() == text and " " not in text
    return plain and any(sign.isdigit() for sign in text)


def _flow(families: Sequence[_Family], inner: float) -> list[list[_Family]]:
    lines: list[list[_Family]] = []
    for family in families:
        if lines and _line_width([*lines[-1], family]) <= inner:
            lines[-1].append(family)
        else:
            lines.append([family])
    return lines


def _line_width(line: Sequence[_Family]) -> float:
    return sum(family.width for family in line) + BETWEEN * (len(line) - 1)


def _draw_family(
    canvas: Canvas,
    family: _Family,
    people: People,
    palette: Palette,
    say: PedigreeWords,
    origin: tuple[float, float],
) -> dict[str, Box]:
    chosen = people.selected
    if chosen is not None and chosen in family.made.pedigree.ids:
        _draw_halo(canvas, _box(family, chosen), palette)
    for number, union in enumerate(family.made.unions):
        with canvas.group(id=f"union-{union.children[0]}"):
            _draw_union(canvas, [s for s in family.lines.strokes if s.union == number], palette)
    boxes = {}
    for member in family.made.pedigree.members:
        box, label = _box(family, member.id), family.labels[member.id]
        at = (family.at[member.id], box.y + SYMBOL / 2)
        with canvas.group(id=f"person-{member.id}", title=_spoken(member.id, people, say)):
            _draw_person(canvas, member, at, label, people, palette)
        boxes[member.id] = Box(box.x + origin[0], box.y + origin[1], box.width, box.height)
    return boxes


def _draw_union(canvas: Canvas, strokes: Sequence[Stroke], palette: Palette) -> None:
    ink = palette.figure_line
    for stroke in strokes:
        if stroke.double:
            canvas.polyline(stroke.points, ink, 5.4, stroke_linejoin="miter")
            canvas.polyline(stroke.points, palette.surface, 2.6, stroke_linejoin="miter")
        else:
            canvas.polyline(stroke.points, ink, 1.4, stroke_linecap="square", stroke_linejoin="round")


def _box(family: _Family, id: str) -> Box:
    """Symbol and label of a person, in the family's own coordinates."""
    wide, y = family.widths[id], family.lines.middles[family.made.row_of[id]]
    return Box(family.at[id] - wide / 2, y - SYMBOL / 2, wide, SYMBOL + family.labels[id].height)


def _draw_halo(canvas: Canvas, box: Box, palette: Palette) -> None:
    halo = Box(box.x - 5, box.y - 6, box.width + 10, box.height + 8)
    canvas.rect(halo, palette.selection, rx=6, stroke=palette.accent, stroke_width=1.2)


def _spoken(id: str, people: People, say: PedigreeWords) -> str:
    states = [say.typed] if id in people.typed else []
    states += [say.missing] if id in people.missing else []
    states += [say.deceased] if id in people.deceased else []
    return ", ".join([*people.labels.get(id, (id,)), *states])


def _draw_person(
    canvas: Canvas,
    member: Member,
    at: tuple[float, float],
    label: _Label,
    people: People,
    palette: Palette,
) -> None:
    typed, missing = member.id in people.typed, member.id in people.missing
    symbol(canvas, member.sex, at, palette, typed=typed, missing=missing, dead=member.id in people.deceased)
    y = at[1] + SYMBOL / 2 + LABEL_TOP
    for number, (text, size, weight, family) in enumerate(label.lines):
        fill = palette.muted if number and size == OTHER else palette.text
        canvas.text((at[0], y), text, size, fill, anchor="middle", weight=weight, family=family)
        y += LEADING


def symbol(
    canvas: Canvas,
    sex: Sex,
    at: tuple[float, float],
    palette: Palette,
    *,
    typed: bool = False,
    missing: bool = False,
    dead: bool = False,
    size: float = SYMBOL,
) -> None:
    """One symbol of the nomenclature around `at`."""
    (x, y), half = at, size / 2
    fill = palette.accent if typed else palette.surface
    edge = palette.attention if missing else palette.accent if typed else palette.figure_line
    thick = (3.4 if missing else 1.8) * size / SYMBOL
    inset = half - thick / 2
    if sex is Sex.FEMALE:
        canvas.circle(at, inset, fill, stroke=edge, stroke_width=thick)
    elif sex is Sex.MALE:
        square = Box(x - inset, y - inset, 2 * inset, 2 * inset)
        canvas.rect(square, fill, stroke=edge, stroke_width=thick)
    else:
        tip = half - 0.4 * thick
        corners = [(x, y - tip), (x + tip, y), (x, y + tip), (x - tip, y)]
        canvas.polygon(corners, fill, stroke=edge, stroke_width=thick, stroke_linejoin="miter")
    if missing:
        ink = palette.on_accent if typed else palette.attention
        canvas.text((x, y + 0.2 * size), "?", 0.57 * size, ink, anchor="middle", weight=600)
        _arrow(canvas, (x - half - 2, y + half - 7 * size / SYMBOL), palette.attention, size / SYMBOL)
    if dead:
        reach = half + 5 * size / SYMBOL
        canvas.line((x - reach, y + reach), (x + reach, y - reach), palette.figure_line, 1.8)


def _arrow(canvas: Canvas, tip: tuple[float, float], colour: str, scale: float) -> None:
    """The arrow that points at the person whom the question is about, from the lower left."""
    x, y = tip
    canvas.line((x - 9 * scale, y + 9 * scale), (x - 3 * scale, y + 3 * scale), colour, 1.8 * scale)
    head = [(x, y), (x - 6.5 * scale, y + 1.8 * scale), (x - 1.8 * scale, y + 6.5 * scale)]
    canvas.polygon(head, colour)


def _legend_entries(
    pedigree: Pedigree, people: People, families: Sequence[_Family], say: PedigreeWords
) -> list[tuple[str, str]]:
    """Only what occurs in the figure: (kind, words)."""
    ids = set(pedigree.ids)
    entries = [("typed", say.typed)] if ids & set(people.typed) else []
    entries += [("untyped", say.untyped)] if ids - set(people.typed) - set(people.missing) else []
    entries += [("missing", say.missing)] if ids & set(people.missing) else []
    entries += [("dead", say.deceased)] if ids & set(people.deceased) else []
    related = any(union.related for family in families for union in family.made.unions)
    return entries + ([("related", say.related)] if related else [])


def _legend_width(keys: Sequence[tuple[str, str]]) -> float:
    return sum(22 + measure(text, OTHER) + 20 for _, text in keys) - 20


def _draw_legend(
    canvas: Canvas, keys: Sequence[tuple[str, str]], full: float, y: float, palette: Palette
) -> float:
    x, right = MARGIN + max(0.0, (full - _legend_width(keys)) / 2), MARGIN + full
    for kind, text in keys:
        wide = 22 + measure(text, OTHER)
        if x + wide > right + 1:
            x, y = MARGIN, y + 20
        if kind == "related":
            canvas.line((x, y - 1.8), (x + 15, y - 1.8), palette.figure_line, 1.2)
            canvas.line((x, y + 1.8), (x + 15, y + 1.8), palette.figure_line, 1.2)
        else:
            states = {"typed": kind == "typed", "missing": kind == "missing", "dead": kind == "dead"}
            symbol(canvas, Sex.MALE, (x + 7.5, y), palette, size=13, **states)
        canvas.text((x + 22, y + 3.6), text, OTHER, palette.muted)
        x += wide + 20
    return y + 10
