"""The application: starts Qt, asks who signs in, shows the window, and begins anew when the person leaves.

Nothing heavy is imported before somebody has signed in (a test measures it).
"""

from __future__ import annotations

import sys
from functools import partial
from hashlib import sha256
from pathlib import Path

from PySide6.QtCore import QLibraryInfo, QLocale, QObject, QSettings, QTranslator
from PySide6.QtWidgets import QApplication

from forensics.domain.operations import Operation
from gui.collecting import Collecting
from gui.context import Context
from gui.errors import Hook
from gui.laboratories import Laboratories, Opened, Real
from gui.look import look
from gui.start import StartWindow

TRANSLATIONS = Path(__file__).parent / "translations"


class Application(QObject):
    """Goes from the sign-in to the window and back."""

    def __init__(self, laboratories: Laboratories) -> None:
        super().__init__()
        self.laboratories = laboratories
        self.start: StartWindow | None = None
        self.window: QObject | None = None

    def ask(self, login: str = "", location: str = "") -> None:
        """Show the sign-in."""
        self.start = StartWindow(self.laboratories, login, location)
        self.start.opened.connect(self.enter)
        self.start.show()

    def enter(self, opened: Opened) -> None:
        """Show the window of an open laboratory."""
        from gui.finding import find
        from gui.shell import MainWindow

        context = Context(opened.lab, opened.name)
        context.search(partial(find, context))
        context.operations = partial(_operations, context)
        context.prove = partial(_prove, opened)
        _choose_operation(context, opened.location)
        window = MainWindow(context)
        window.left.connect(partial(self._leave, window, opened))
        window.closed.connect(opened.lab.close)
        window.show()
        self.window = window
        if opened.outstanding is not None:
            context.start(self.tr("Reports of the demonstration"), opened.outstanding)
        if self.start is not None:
            self.start.finish()
            self.start = None

    def _leave(self, window: QObject, opened: Opened) -> None:
        from gui.shell import MainWindow

        assert isinstance(window, MainWindow)
        self.ask(location=opened.location)
        if self.start is not None:
            self.start.sign_in.begin_with_another()
        window.close()
        window.deleteLater()


def _operations(context: Context) -> list[Operation]:
    """Those that the person may see; an administrator sees none."""
    from forensics.services.operations import operations

    return (context.query(operations) or []) if context.may(operations) else []


def _choose_operation(context: Context, location: str) -> None:
    """The operation that was chosen here last, else the only one; and remember the next choice."""
    key = f"operation/{sha256(location.encode()).hexdigest()[:16]}"
    kept = str(QSettings().value(key) or "")
    there = context.operations()
    chosen = next((one for one in there if str(one.id) == kept), there[0] if len(there) == 1 else None)
    context.set_operation(chosen)
    context.operation_changed.connect(
        lambda: QSettings().setValue(key, str(context.operation.id) if context.operation else "")
    )


def _prove(opened: Opened, password: str) -> None:
    from forensics.services.door import Laboratory
    from forensics.services.people import prove

    assert isinstance(opened.lab, Laboratory)
    prove(opened.lab, password)


def make_application() -> QApplication:
    """Qt with our name, language and look."""
    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication(sys.argv[:1])
    app.setOrganizationName("Nomina")
    app.setApplicationName("Nomina")
    QLocale.setDefault(QLocale.c())  # numbers read the same in every language; words are translated
    _translate(app)
    look().start(app)  # after the language: the look knows which way it is read
    return app


def _translate(app: QApplication) -> None:
    locale = QLocale.system()
    for name, folder in (
        ("qtbase", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)),
        ("nomina", str(TRANSLATIONS)),
    ):
        translator = QTranslator(app)
        if translator.load(locale, name, "_", folder):
            app.installTranslator(translator)
            if name == "nomina":
                app.setLayoutDirection(locale.textDirection())


def run(laboratory: Path | None = None, demo: bool = False) -> int:
    """Open the window on `laboratory`, on the one used last, or on the choice of how to begin."""
    app = make_application()
    Hook().install()
    Collecting(app)
    application = Application(Real())
    application.ask(location=str(laboratory) if laboratory is not None else "")
    if demo and application.start is not None and application.laboratories.can_demonstrate:
        application.start.demonstrate(application.start.welcome)
    return app.exec()
