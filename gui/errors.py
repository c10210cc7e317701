"""What the person sees when something fails.

`NominaError`s are sentences and are shown where they happened. Anything else is a bug: a dialog offers a
report that says where in the program it happened and nothing about any case (no messages, no values).
"""

from __future__ import annotations

import logging
import sys
import threading
from types import TracebackType

from PySide6 import __version__ as qt_version
from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal
from PySide6.QtWidgets import QApplication, QDialog, QHBoxLayout, QLabel, QPlainTextEdit, QVBoxLayout

from forensics.domain.errors import NominaError

log = logging.getLogger(__name__)


def report_of(error: BaseException) -> str:
    """Where in the program it happened, and nothing about any case."""
    from forensics.services.trouble import describe

    return describe(error, f"Qt {qt_version}")


class BugDialog(QDialog):
    """Says that the program is at fault, that nothing unsaved was written, and what can be sent."""

    def __init__(self, error: BaseException) -> None:
        super().__init__(QApplication.activeWindow())
        from gui.widgets.buttons import Button

        self.setWindowTitle(self.tr("Something went wrong in Nomina"))
        self.setMinimumWidth(620)
        self.report = report_of(error)
        title = QLabel(self.tr("This is a fault of the program, not yours"))
        title.setProperty("kind", "large")
        text = QLabel(
            self.tr(
                "What was confirmed as saved is safe; the last act was not carried out. You can go on working. "
                "The report below says where in the program it happened and holds nothing about any case."
            )
        )
        text.setWordWrap(True)
        shown = QPlainTextEdit(self.report)
        shown.setReadOnly(True)
        shown.setAccessibleName(self.tr("Report"))
        copy = Button(self.tr("Copy report"), icon="copy", run=self._copy)
        close = Button(self.tr("Close"), kind="primary", run=self.accept)
        row = QHBoxLayout()
        row.addWidget(copy)
        row.addStretch()
        row.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(16)
        for widget in (title, text, shown):
            column.addWidget(widget)
        column.addLayout(row)

    def _copy(self) -> None:
        QApplication.clipboard().setText(self.report)


def show_bug(error: BaseException) -> None:
    """Log the bug report and show it, at most one dialog at a time."""
    log.error("%s", report_of(error))
    app = QApplication.instance()
    if app is None or any(isinstance(w, BugDialog) and w.isVisible() for w in QApplication.topLevelWidgets()):
        return
    dialog = BugDialog(error)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()


class Hook(QObject):
    """Receives what nobody caught, also from other threads, and shows it in the window's thread."""

    caught = Signal(object)

    def __init__(self) -> None:
        super().__init__(QCoreApplication.instance())
        self.caught.connect(self._show, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        sys.excepthook = self._uncaught
        threading.excepthook = lambda args: self.caught.emit(args.exc_value)

    def _uncaught(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
        else:
            self.caught.emit(error)

    def _show(self, error: BaseException) -> None:
        if isinstance(error, NominaError):
            from gui.widgets.banner import tell

            tell(str(error))
        else:
            show_bug(error)
