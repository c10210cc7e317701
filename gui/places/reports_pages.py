"""The pages of a report as they will be on paper: in the record, and large in a window of their own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QImage, QKeyEvent, QPainter, QPaintEvent, QResizeEvent, QShowEvent, QWheelEvent
from PySide6.QtWidgets import QDialog, QScrollArea, QSizePolicy, QWidget
from shiboken6 import isValid

from gui.look import look
from gui.places.matching_words import say
from gui.tasks import Tasks
from gui.widgets.buttons import Button, IconButton
from gui.widgets.lines import column, row, rule, text

GAP = 16  # pixels between two pages
A4 = 297 / 210
PAPER_WIDTH = 8.27  # inches, to know how fine a page must be drawn
WIDEST = 780


@dataclass(frozen=True, slots=True)
class Drawn:
    """One page as a picture, and its words for those who hear it."""

    image: QImage
    words: str


def draw(pdf: bytes, dots_per_inch: float) -> list[Drawn]:
    """All pages; runs beside the window."""
    from reports.preview import page_count, page_image, page_text

    pages = []
    for number in range(page_count(pdf)):
        one = page_image(pdf, number, dots_per_inch)
        shape = QImage.Format.Format_RGBA8888
        image = QImage(one.pixels, one.width, one.height, one.width * 4, shape).copy()
        pages.append(Drawn(image, page_text(pdf, number)))
    return pages


class PagesView(QWidget):
    """Pages below each other, as wide as there is room; drawn again when they would be coarse."""

    def __init__(self, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._pdf = b""
        self.pages: list[Drawn] = []
        self._drawn_for = 0
        self._asked = 0
        self._words = say("The pages are being set…")
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setMaximumWidth(WIDEST)
        self._pause = QTimer(self, singleShot=True, interval=120)
        self._pause.timeout.connect(self._redraw)

    def show_pdf(self, pdf: bytes) -> None:
        """Set the file; the record may have been left since it was asked for."""
        if not isValid(self):
            return
        self._pdf = pdf
        self._drawn_for = 0
        self._redraw()

    def show_words(self, words: str) -> None:
        """What stands there instead of pages."""
        self._words = words
        self.pages = []
        self.updateGeometry()
        self.update()

    # -- drawing ---------------------------------------------------------------------------------------

    def _redraw(self) -> None:
        wide = round(self.width() * self.devicePixelRatioF())
        if not self._pdf or not self.isVisible() or abs(wide - self._drawn_for) < 24:
            return
        self._asked += 1
        mine, pdf, fine = self._asked, self._pdf, max(wide, 300) / PAPER_WIDTH
        self._drawn_for = wide
        self._tasks.aside(lambda: draw(pdf, fine), lambda pages: self._take(mine, pages), self._failed)

    def _take(self, asked: int, pages: list[Drawn]) -> None:
        if not isValid(self) or asked != self._asked:
            return
        self.pages = pages
        self.setAccessibleName(say("{0} pages").format(len(pages)))
        self.setAccessibleDescription("\n".join(page.words for page in pages))
        self.updateGeometry()
        self.update()

    def _failed(self, _error: BaseException) -> None:
        if isValid(self):
            self.show_words(say("The pages can't be shown; the file may be damaged. Verify it."))

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        wide = min(width, self.maximumWidth())
        if not self.pages:
            return 120
        shapes = [page.image.height() / max(page.image.width(), 1) for page in self.pages]
        return round(sum(wide * shape for shape in shapes) + GAP * (len(shapes) - 1)) + 2

    def sizeHint(self) -> QSize:
        return QSize(620, self.heightForWidth(620))

    def minimumSizeHint(self) -> QSize:
        return QSize(280, 120)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._pause.start()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._pause.start()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if not self.pages:
            painter.setPen(look().color("muted"))
            painter.drawText(
                self.rect(), int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap), self._words
            )
        top = 0.0
        for page in self.pages:
            tall = self.width() * page.image.height() / max(page.image.width(), 1)
            box = QRectF(0.5, top + 0.5, self.width() - 1, tall - 1)
            if box.intersects(QRectF(event.rect())):
                painter.drawImage(box, page.image)
                painter.setPen(look().color("line_strong"))
                painter.drawRect(box)
            top += tall + GAP
        painter.end()


class ReadingDialog(QDialog):
    """The whole report, large: + and − zoom, 0 fits, arrows and page keys scroll, Escape closes."""

    def __init__(self, title: str, pdf: bytes, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self._zoom = 1.0
        self.view = PagesView(tasks)
        self.view.setMaximumWidth(6000)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        holder = QWidget()
        line = row(None, self.view, None)
        line.setContentsMargins(24, 16, 24, 24)
        holder.setLayout(line)
        self.area.setWidget(holder)
        head = row(
            text(title, "strong", wrap=False), None,
            IconButton("zoom-out", say("Smaller (−)"), lambda: self.zoom(0.8)),
            IconButton("zoom-in", say("Larger (+)"), lambda: self.zoom(1.25)),
            Button(say("Close"), run=self.accept),
        )  # fmt: skip
        head.setContentsMargins(24, 12, 16, 12)
        layout = column(head, rule(), self.area, gap=0)
        layout.setStretch(2, 1)
        self.setLayout(layout)
        screen = self.screen().availableGeometry()
        self.resize(min(1000, screen.width() - 60), min(1200, screen.height() - 60))
        self.area.setFocus()
        self._fit()
        self.view.show_pdf(pdf)

    def zoom(self, factor: float) -> None:
        self._zoom = min(4.0, max(0.5, self._zoom * factor))
        self._fit()

    def _fit(self) -> None:
        self.view.setFixedWidth(round((self.width() - 90) * self._zoom))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom(1.1 if event.angleDelta().y() > 0 else 1 / 1.1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, bar = event.key(), self.area.verticalScrollBar()
        acts: dict[int, Callable[[], object]] = {
            Qt.Key.Key_Plus: lambda: self.zoom(1.25),
            Qt.Key.Key_Equal: lambda: self.zoom(1.25),
            Qt.Key.Key_Minus: lambda: self.zoom(0.8),
            Qt.Key.Key_0: lambda: self.zoom(1 / self._zoom),
            Qt.Key.Key_Home: lambda: bar.setValue(0),
            Qt.Key.Key_End: lambda: bar.setValue(bar.maximum()),
            Qt.Key.Key_Space: lambda: bar.setValue(bar.value() + bar.pageStep()),
        }
        if key in acts:
            acts[key]()
        else:
            super().keyPressEvent(event)
