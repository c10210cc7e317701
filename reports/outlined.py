"""Arabic labels of figures, shaped by HarfBuzz and drawn as outlines.

svglib hands text to ReportLab character by character: unjoined, and from left to right. A label is replaced
by the outlines of its shaped glyphs; runs of other scripts inside it keep their own direction. The words stay
searchable elsewhere, since a figure only repeats what the tables of a report say.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from reportlab.graphics.shapes import Drawing, Group, Path, String

from reports.figures.svg import is_arabic
from reports.fonts import ARABIC, Face, face_of
from reports.fonts.metrics import metrics

_ARABIC = "\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufeff"
_RUNS = re.compile(rf"[{_ARABIC}]+(?:\s+[{_ARABIC}]+)*|[^{_ARABIC}]+")


def outline_arabic(drawing: Drawing) -> Drawing:
    """The same drawing, with every string that holds Arabic letters replaced by outlines."""
    _replace(drawing)
    return drawing


def _replace(group: Any) -> None:
    for place, shape in enumerate(group.contents):
        if isinstance(shape, Group):
            _replace(shape)
        elif isinstance(shape, String) and is_arabic(shape.text):
            group.contents[place] = _outlines(shape)


def _outlines(label: String) -> Group:
    """The label's glyphs from left to right, anchored where its text was."""
    bold = "SemiBold" in label.fontName
    glyphs, width = Group(), 0.0
    scale = label.fontSize / 1000
    for run in _visual_runs(label.text):
        face = face_of(ARABIC if is_arabic(run) else "Noto Sans", 600 if bold else 400)
        width += _draw_run(glyphs, face, run, width, label.fillColor)
    shift = {"middle": width / 2, "end": width}.get(label.textAnchor, 0.0)
    glyphs.transform = (scale, 0, 0, scale, label.x - shift * scale, label.y)
    return glyphs


def _visual_runs(text: str) -> Iterator[str]:
    """Runs of one direction in the order in which they stand on the line."""
    runs = _RUNS.findall(text.strip())
    starts_right = is_arabic(runs[0]) if runs else False
    return reversed(runs) if starts_right else iter(runs)


def _draw_run(glyphs: Group, face: Face, run: str, start: float, colour: Any) -> float:
    """Add the outlines of a run that begins at `start`; returns its advance, in font units."""
    import uharfbuzz as hb

    buffer = hb.Buffer()
    buffer.add_str(run)
    buffer.guess_segment_properties()
    font = _font(face)
    hb.shape(font, buffer)
    advance = 0.0
    for info, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        pen = _Pen(start + advance + position.x_offset, position.y_offset)
        font.draw_glyph_with_pen(info.codepoint, pen)
        pen.path.fillColor, pen.path.strokeColor = colour, None
        if pen.path.operators:
            glyphs.add(pen.path)
        advance += position.x_advance
    return advance * 1000 / metrics(face).em


@cache
def _font(face: Face) -> Any:
    import uharfbuzz as hb

    return hb.Font(hb.Face(hb.Blob.from_file_path(str(face.path))))


class _Pen:
    """A fontTools-style pen that writes a ReportLab path."""

    def __init__(self, x: float, y: float) -> None:
        self.path, self._x, self._y = Path(fillMode=1), x, y
        self._last = (0.0, 0.0)

    def moveTo(self, point: tuple[float, float]) -> None:
        self.path.moveTo(*self._moved(point))
        self._last = point

    def lineTo(self, point: tuple[float, float]) -> None:
        self.path.lineTo(*self._moved(point))
        self._last = point

    def curveTo(self, *points: tuple[float, float]) -> None:
        self.path.curveTo(*(part for point in points for part in self._moved(point)))
        self._last = points[-1]

    def qCurveTo(self, control: tuple[float, float], end: tuple[float, float]) -> None:
        """A quadratic curve, raised to a cubic one."""
        start = self._last
        self.curveTo(_between(start, control), _between(end, control), end)

    def closePath(self) -> None:
        self.path.closePath()

    def endPath(self) -> None:
        self.path.closePath()

    def _moved(self, point: tuple[float, float]) -> tuple[float, float]:
        return point[0] + self._x, point[1] + self._y


def _between(one: tuple[float, float], control: tuple[float, float]) -> tuple[float, float]:
    """Two thirds of the way to the control point."""
    return one[0] + 2 / 3 * (control[0] - one[0]), one[1] + 2 / 3 * (control[1] - one[1])
