"""How a cell of the matrix looks: a shade, and a sign or a number beside it, so that no colour speaks alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from math import floor

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from forensics.domain.joint import PairState
from gui.look import Size, font, look, on_look_changed, painted
from gui.places.matching_words import say
from gui.widgets.flow import Flow
from gui.widgets.lines import row, text
from reports.figures.heat import STEPS, HeatWords, Shade, scale
from reports.figures.svg import text_colour_on

SIGNS = 13  # pixels of a cell from which signs of pairs without an LR are drawn
NUMBERS = 24  # pixels from which strong pairs carry their log10 LR
LIKELY, LISTED = 0.5, 0.05  # joint posterior of a full and of a dashed ring


@dataclass
class CellPainter:
    """Draws cells with the colours of the look in force; make a new one for every painting."""

    painter: QPainter
    size: int
    shades: list[Shade] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.palette = look().palette
        self.shades = self.shades or scale(self.palette)
        self.face = font(Size.SMALL)
        self.face.setPixelSize(max(8, min(11, round(self.size * 0.4))))
        self.painter.setFont(self.face)

    def lr(self, box: QRectF, log10: float) -> None:
        """An LR of 1 or more: its shade; strong ones with a number, or a diamond where that has no room."""
        shade = next((s for s in reversed(self.shades) if log10 >= s.low), None)
        if shade is None:
            return
        inset = 0.5 if self.size >= 8 else 0.0
        self.painter.fillRect(box.adjusted(inset, inset, -inset, -inset), painted(shade.colour))
        if self.size >= NUMBERS and log10 >= STEPS[1]:
            ink = text_colour_on(shade.colour, self.palette.text, self.palette.on_accent)
            self.painter.setPen(painted(ink))
            self.painter.drawText(box, Qt.AlignmentFlag.AlignCenter, f"{floor(log10 * 10) / 10:.1f}")
        elif log10 >= STEPS[3]:
            self._diamond(box)

    def state(self, box: QRectF, state: PairState) -> None:
        """Why there is no LR: 0 excluded, a dot not evaluable, a dash the sexes differ, ? not computed."""
        self.painter.setPen(painted(self.palette.faint))
        middle = box.center()
        if state is PairState.SEX_MISMATCH:
            self.painter.drawLine(middle + QPointF(-2.5, 0), middle + QPointF(2.5, 0))
        elif state is PairState.NOT_EVALUABLE:
            self.painter.setBrush(painted(self.palette.faint))
            self.painter.drawEllipse(middle, 1.4, 1.4)
            self.painter.setBrush(Qt.BrushStyle.NoBrush)
        elif state is not PairState.EVALUATED:
            words = "0" if state is PairState.EXCLUDED else "?"
            self.painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)

    def placed(self, box: QRectF, posterior: float) -> None:
        """The ring of a joint placement: full where it is more likely than not."""
        style = Qt.PenStyle.SolidLine if posterior >= LIKELY else Qt.PenStyle.DotLine
        self.painter.setPen(QPen(painted(self.palette.text), 2 if self.size >= SIGNS else 1, style))
        reach = 1.0 if self.size >= SIGNS else 0.5
        self.painter.drawRoundedRect(box.adjusted(reach, reach, -reach, -reach), self.size / 4, self.size / 4)

    def held(self, box: QRectF) -> None:
        """An identification: a square frame with a filled corner, where a joint placement has a ring."""
        ink = painted(self.palette.text)
        reach = 1.0 if self.size >= SIGNS else 0.5
        own = box.adjusted(reach, reach, -reach, -reach)
        join = Qt.PenJoinStyle.MiterJoin
        self.painter.setPen(
            QPen(ink, 2 if self.size >= SIGNS else 1, Qt.PenStyle.SolidLine, Qt.PenCapStyle.SquareCap, join)
        )
        self.painter.drawRect(own)
        self.painter.setPen(Qt.PenStyle.NoPen)
        self.painter.setBrush(ink)
        edge, corner = self.size * 0.34, own.topRight()
        self.painter.drawPolygon(QPolygonF([corner, corner - QPointF(edge, 0), corner + QPointF(0, edge)]))
        self.painter.setBrush(Qt.BrushStyle.NoBrush)

    def excluded(self, box: QRectF) -> None:
        """A pair that a reviewer excluded: struck out."""
        inset = self.size * 0.16
        own = box.adjusted(inset, inset, -inset, -inset)
        self.painter.setPen(QPen(painted(self.palette.text), 1.5 if self.size >= SIGNS else 1))
        self.painter.drawLine(own.bottomLeft(), own.topRight())

    def _diamond(self, box: QRectF) -> None:
        reach, middle = self.size * 0.26, box.center()
        self.painter.setPen(Qt.PenStyle.NoPen)
        self.painter.setBrush(painted(self.palette.on_accent))
        corners = [QPointF(0, -reach), QPointF(reach, 0), QPointF(0, reach), QPointF(-reach, 0)]
        self.painter.drawPolygon(QPolygonF([middle + c for c in corners]))
        self.painter.setBrush(Qt.BrushStyle.NoBrush)


class Swatch(QWidget):
    """One sign of the legend, drawn as in the matrix."""

    EDGE = 15

    def __init__(
        self,
        log10: float | None,
        state: PairState | None = None,
        posterior: float | None = None,
        decided: Callable[[CellPainter, QRectF], None] | None = None,
    ) -> None:
        super().__init__()
        self.log10, self.state, self.posterior, self.decided = log10, state, posterior, decided
        self.setFixedSize(QSize(self.EDGE, self.EDGE))
        on_look_changed(self, lambda own: own.update())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(0.5, 0.5, self.EDGE - 1, self.EDGE - 1)
        painter.setPen(QPen(look().color("line_strong"), 1))
        if self.posterior is None:
            painter.drawRect(box)
        drawn = CellPainter(painter, self.EDGE)
        if self.log10 is not None:
            drawn.lr(box, self.log10)
        if self.state is not None:
            drawn.state(box, self.state)
        if self.posterior is not None:
            drawn.placed(box, self.posterior)
        if self.decided is not None:
            self.decided(drawn, box)
        painter.end()


def legend() -> Flow:
    """What shades and signs mean."""
    words = HeatWords(between=say("LR {low} to {high}"), above=say("LR above {low}"))
    entries = [(Swatch(shade.low), shade.words) for shade in scale(look().palette, words)]
    entries += [
        (Swatch(None), say("LR below 1")),
        (Swatch(None, PairState.EXCLUDED), say("LR 0")),
        (Swatch(None, PairState.NOT_EVALUABLE), say("not evaluable")),
        (Swatch(None, PairState.SEX_MISMATCH), say("sexes differ")),
        (Swatch(None, None, 1.0), say("jointly likely")),
        (Swatch(None, None, 0.1), say("jointly possible")),
        (Swatch(None, decided=CellPainter.held), say("identified")),
        (Swatch(None, decided=CellPainter.excluded), say("excluded in review")),
    ]
    note = text(say("Numbers: log10 LR"), "small", wrap=False)
    return Flow([*(_entry(swatch, words) for swatch, words in entries), note], gap=10)


def _entry(swatch: Swatch, words: str) -> QWidget:
    holder = QWidget()
    holder.setLayout(row(swatch, text(words, "small", wrap=False), gap=6))
    return holder
