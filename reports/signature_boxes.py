"""The places for signatures: a box to be filled by the digital signature, and under it who signs and why."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from reportlab.platypus import Flowable, Paragraph

from reports.document import SignatureField
from reports.typography import HAIR, MM, colour

GAP, HEIGHT = 8 * MM, 30 * MM


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
        each = (width - GAP * (len(fields) - 1)) / len(fields)
        self._captions = [self._lines(field) for field in fields]
        self._below = max(4 + sum(line.wrap(each, 500)[1] for line in lines) for lines in self._captions)
        self.width, self.height, self._each = width, HEIGHT + self._below, each

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        """The boxes and the longest caption; never split."""
        return self.width, self.height

    def draw(self) -> None:
        """Draw every box and tell where it is."""
        for index, field in enumerate(self._fields):
            self._draw(field, index, index * (self._each + GAP))

    def _draw(self, field: SignatureField, index: int, left: float) -> None:
        canvas: Any = self.canv
        canvas.setStrokeColor(colour("line_strong"))
        canvas.setLineWidth(HAIR)
        canvas.roundRect(left, self._below, self._each, HEIGHT, 2)
        top = self._below - 4.0
        for line in self._captions[index]:
            top -= line.wrap(self._each, 500)[1]
            line.drawOn(canvas, left, top)
        x, y = canvas.absolutePosition(left, self._below)
        box = (round(x), round(y), round(x + self._each), round(y + HEIGHT))
        self._places.append(Place(field.name, field.label, canvas.getPageNumber() - 1, box))

    def _lines(self, field: SignatureField) -> list[Paragraph]:
        return [
            self._text(field.label, "label"),
            self._text(field.signatory.name, "total"),
            self._text(field.signatory.role, "cell"),
            self._text(field.signatory.meaning, "note"),
        ]
