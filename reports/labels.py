"""Labels for samples and items: the token as DataMatrix, as Code 128 and in letters, and nothing that names anybody.

Two codes, because a scratched label often leaves one of them readable. ISO/IEC 16022 (Data Matrix ECC 200) and
ISO/IEC 15417 (Code 128). The token carries its own check character, so a mistyped one is noticed.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from forensics.domain.errors import Invalid
from forensics.domain.numbers import demand_sound
from reports.flowables import Setting
from reports.script import is_right_to_left
from reports.shaping import prepare
from reports.typography import BODY, CODE, MM, STRONG, Sizes, colour, fitted, register

QUIET = 2.0  # mm around the contents
DOT = 72 / 300
"""Points: label and office printers print 300 or 600 dots an inch."""


@dataclass(frozen=True, slots=True)
class Label:
    """What one label says; `token` with its check character, `line` what it is, `laboratory` whose."""

    token: str
    laboratory: str = ""
    line: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet or roll of labels, lengths in millimetres; pitch is from one label's edge to the next one's."""

    name: str
    page: tuple[float, float]
    label: tuple[float, float]
    columns: int = 1
    rows: int = 1
    left: float = 0.0
    top: float = 0.0
    pitch: tuple[float, float] = (0.0, 0.0)

    @property
    def places(self) -> int:
        return self.columns * self.rows

    def corner(self, place: int) -> tuple[float, float]:
        """Lower left corner of a label in points; places run along the rows from the top left."""
        row, column = divmod(place, self.columns)
        x = self.left + column * self.pitch[0]
        y = self.page[1] - self.top - row * self.pitch[1] - self.label[1]
        return x * MM, y * MM


SHEETS: dict[str, Sheet] = {
    "roll-50x25": Sheet("Label printer, 50 × 25 mm", (50.0, 25.0), (50.0, 25.0)),
    "a4-65": Sheet(
        "A4, 65 labels of 38.1 × 21.2 mm", (210.0, 297.0), (38.1, 21.2), 5, 13, 4.75, 10.7, (40.6, 21.2)
    ),
    "a4-24": Sheet(
        "A4, 24 labels of 63.5 × 33.9 mm", (210.0, 297.0), (63.5, 33.9), 3, 8, 7.25, 12.9, (66.0, 33.9)
    ),
}


def render_labels(labels: Sequence[Label], sheet: str = "roll-50x25", skip: int = 0) -> bytes:
    """A PDF of labels, the first `skip` places of the first sheet left free; the same bytes for the same labels.

    `Invalid`: no label, an unknown sheet, or a token whose check character does not fit.
    """
    from reportlab.pdfgen.canvas import Canvas

    if sheet not in SHEETS or not labels or not 0 <= skip < SHEETS[sheet].places:
        raise Invalid(f"Choose at least one label, a place on the sheet, and one of {', '.join(SHEETS)}.")
    layout = SHEETS[sheet]
    register()
    target = io.BytesIO()
    size = (layout.page[0] * MM, layout.page[1] * MM)
    canvas: Any = Canvas(target, size, invariant=1, initialFontName=BODY)  # type: ignore[arg-type]
    canvas.setTitle("Labels")
    prepare(canvas)
    for number, label in enumerate(labels, skip):
        if number > skip and number % layout.places == 0:
            canvas.showPage()
        _draw(canvas, label, layout, layout.corner(number % layout.places))
    canvas.save()
    return target.getvalue()


def _draw(canvas: Any, label: Label, sheet: Sheet, corner: tuple[float, float]) -> None:
    """Matrix and words above, the strip below over the whole width."""
    token = demand_sound(label.token)
    width, height = (edge - 2 * QUIET for edge in sheet.label)
    left, bottom = corner[0] + QUIET * MM, corner[1] + QUIET * MM
    strip = height * 0.36
    matrix = height - strip - 1.2
    _matrix(canvas, token, left, bottom + (strip + 1.2) * MM, matrix * MM)
    _words(
        canvas, token, label, left + (matrix + 1.8) * MM, bottom + height * MM, (width - matrix - 1.8) * MM
    )
    _strip(canvas, token, left, bottom, width * MM, strip * MM)


def _words(canvas: Any, token: str, label: Label, left: float, top: float, width: float) -> None:
    """The token as large as it fits, its check character set apart; above whose it is, below what."""
    canvas.setFillColor(colour("text"))
    large = _fitting(token, CODE, width, 15.0)
    small = min(7.0, large * 0.62)
    _put(canvas, label.laboratory, BODY, small, (left, top - small), width)
    canvas.setFont(CODE, large)
    canvas.drawString(left, top - small - large * 1.12, token)
    _put(canvas, label.line, STRONG, small, (left, top - small - large * 1.12 - small * 1.35), width)


def _put(canvas: Any, text: str, font: str, size: float, at: tuple[float, float], width: float) -> None:
    """One line on its base line; right-to-left words are shaped and ordered by a paragraph."""
    if is_right_to_left(text):
        style = "total" if font == STRONG else "cell"
        line = Setting(width, Sizes()).text(text, style, size=size, leading=size)
        line.wrap(width, size)
        line.drawOn(canvas, at[0], at[1])
        return
    canvas.setFont(font, size)
    canvas.drawString(*at, fitted(text, font, size, width))


def _fitting(text: str, font: str, width: float, largest: float) -> float:
    from reportlab.pdfbase.pdfmetrics import stringWidth

    return float(min(largest, largest * width / stringWidth(text, font, largest)))


def _matrix(canvas: Any, token: str, left: float, bottom: float, size: float) -> None:
    """The Data Matrix, one rectangle for each run of dark modules."""
    modules = _modules(token)
    step = size / len(modules)
    canvas.setFillColor(colour("text"))
    for number, row in enumerate(modules):
        y = bottom + size - (number + 1) * step
        for start, end in _runs(row):
            canvas.rect(left + start * step, y, (end - start) * step, step * 1.01, stroke=0, fill=1)


@cache
def _modules(token: str) -> tuple[tuple[bool, ...], ...]:
    """Rows of modules, True where dark."""
    import numpy as np
    import zxingcpp

    code = zxingcpp.create_barcode(token, zxingcpp.BarcodeFormat.DataMatrix, force_square=True)
    picture = np.array(code.to_image(scale=1, add_quiet_zones=False))
    return tuple(tuple(bool(value < 128) for value in row) for row in picture)


def _runs(row: Sequence[bool]) -> list[tuple[int, int]]:
    """Starts and ends of the dark runs."""
    edges = [i for i in range(len(row) + 1) if (i > 0 and row[i - 1]) != (i < len(row) and row[i])]
    return list(zip(edges[::2], edges[1::2], strict=True))


def _strip(canvas: Any, token: str, left: float, bottom: float, width: float, height: float) -> None:
    """Code 128 in the middle; beside the label's margins it keeps at least 5 modules quiet on either side.

    A module is a whole number of a printer's dots: bars of unequal dots could not be read from small labels.
    """
    from reportlab.graphics.barcode.code128 import Code128

    modules = Code128(token, barWidth=1.0, barHeight=height, quiet=0).width
    module = width / (modules + 10)
    if module >= 2 * DOT:
        module -= module % DOT
    code: Any = Code128(token, barWidth=module, barHeight=height, quiet=0)
    canvas.setFillColor(colour("text"))
    code.barFillColor = code.barStrokeColor = colour("text")
    code.drawOn(canvas, left + (width - modules * module) / 2, bottom)
