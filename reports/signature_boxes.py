"""The places for signatures: a box to be filled by the digital signature, and under it who signs and why."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from reportlab.platypus import Flowable, Paragraph

from reports.document import SignatureField
from reports.typography import HAIR, MM, colour

GAP, HEIGHT, CAPTION = 8 * MM, 30 * MM, 26 * MM


@dataclass(frozen=True, slots=True)
class Place:
    """Where a signature field stands: page from 0 and its rectangle in points from the lower left corner."""

    field: str
    label: str
    page: int
    box: tuple[int, int, int, int]


class SignatureBoxes(Flowable):
    """Boxes side by side; each reports its place on the page when it is drawn."""

    def __init__(
        self,
        fields: tuple[SignatureField, ...],
        width: float,
        text: Callable[..., Paragraph],
        places: list[Place],
    ) -> None:
        super().__init__()
        self._fields, self._text, self._places = fields, text, places
        self.width, self.height = width, HEIGHT + CAPTION

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        """Fixed size; the box never splits."""
        return self.width, self.height

    def draw(self) -> None:
        """Draw every box and tell where it is."""
        each = (self.width - GAP * (len(self._fields) - 1)) / len(self._fields)
        for index, field in enumerate(self._fields):
            self._draw(field, index * (each + GAP), each)

    def _draw(self, field: SignatureField, left: float, width: float) -> None:
        canvas: Any = self.canv
        canvas.setStrokeColor(colour("line_strong"))
        canvas.setLineWidth(HAIR)
        canvas.roundRect(left, CAPTION, width, HEIGHT, 2)
        self._caption(field, left, width)
        x, y = canvas.absolutePosition(left, CAPTION)
        box = (round(x), round(y), round(x + width), round(y + HEIGHT))
        self._places.append(Place(field.name, field.label, canvas.getPageNumber() - 1, box))

    def _caption(self, field: SignatureField, left: float, width: float) -> None:
        top = CAPTION - 4.0
        lines = [
            self._text(field.label, "label"),
            self._text(field.signatory.name, "total"),
            self._text(field.signatory.role, "cell"),
            self._text(field.signatory.meaning, "note"),
        ]
        for line in lines:
            _, height = line.wrap(width, CAPTION)
            top -= height
            line.drawOn(self.canv, left, top)
