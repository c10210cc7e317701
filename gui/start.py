"""Before the window: signing in, and on a new workstation the choice of what to begin with."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from forensics.domain.errors import Invalid, NominaError
from forensics.domain.progress import Progress
from gui.laboratories import Known, Laboratories, Opened
from gui.look import Meaning
from gui.setup import SetUpPage
from gui.tasks import Task, Tasks
from gui.widgets.banner import Banner, glyph
from gui.widgets.buttons import Button
from gui.widgets.fields import ChoiceField, Field, PasswordField, PathField, TextField
from gui.widgets.lines import boxed, clear, column, row, rule, text

OTHER = "other"


class StartWindow(QWidget):
    """`opened` brings the open laboratory. Opening happens beside the window, which stays alive."""

    opened = Signal(object)

    def __init__(self, laboratories: Laboratories, login: str = "", location: str = "") -> None:
        super().__init__()
        self.laboratories = laboratories
        self.tasks = Tasks(self)
        self.setWindowTitle("Nomina")
        self.resize(980, 700)
        self.stack = QStackedWidget()
        self.welcome = WelcomePage(self)
        self.sign_in = SignInPage(self, login, location)
        self.set_up = SetUpPage(laboratories, self.carry_out, self.back)
        for page in (self.welcome, self.sign_in, self.set_up):
            self.stack.addWidget(page)
        self.setLayout(column(self.stack))
        self.back()

    def back(self) -> None:
        """The sign-in where a laboratory is known, else the choice of how to begin."""
        known = bool(self.laboratories.known()) or bool(self.sign_in.asked_location)
        self.stack.setCurrentWidget(self.sign_in if known else self.welcome)
        if known:
            self.sign_in.begin()

    def carry_out(
        self,
        title: str,
        work: Callable[[Progress], Opened],
        refused: Callable[[NominaError], None],
        ended: Callable[[], None],
    ) -> Task:
        """Create or open beside the window; `opened` tells the result, `refused` what prevented it."""

        def failed(error: BaseException) -> None:
            if isinstance(error, NominaError):
                refused(error)
                return
            from gui.errors import show_bug

            show_bug(error)

        task = self.tasks.start(title, work, then=self._done, failed=failed)
        task.ended.connect(ended)
        return task

    def _done(self, opened: Opened) -> None:
        self.laboratories.remember(opened)
        self.opened.emit(opened)

    def show_sign_in(self) -> None:
        self.stack.setCurrentWidget(self.sign_in)
        self.sign_in.choose_other()

    def show_set_up(self) -> None:
        self.set_up.restart()
        self.stack.setCurrentWidget(self.set_up)
        self.set_up.steps[0].begin()

    def demonstrate(self, page: Card) -> None:
        page.set_busy(self.tr("Preparing the demonstration laboratory…"))
        task = self.carry_out("", self.laboratories.demonstrate, page.refuse, page.rest)
        task.progressed.connect(page.show_progress)

    def finish(self) -> None:
        """Wait for what runs and go."""
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        """What is being made beside the window stops at its next step and leaves nothing behind."""
        self.hide()
        self.tasks.close()
        super().closeEvent(event)


class Card(QScrollArea):
    """A page with one narrow column in its middle."""

    def __init__(self, width: int = 420) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.inner = QVBoxLayout()
        self.inner.setContentsMargins(36, 32, 36, 28)
        self.inner.setSpacing(16)
        self.frame: QFrame = boxed(self.inner, "card")
        self.frame.setFixedWidth(width)
        self.trouble = column(gap=0)
        self.busy = text("", "muted")
        self.busy.hide()
        page = QWidget()
        page.setLayout(column(None, row(None, self.frame, None), None, None, margin=24))
        self.setWidget(page)

    def refuse(self, error: NominaError) -> None:
        """Say what prevented it."""
        clear(self.trouble)
        self.trouble.addWidget(Banner(str(error), Meaning.REFUSED))

    def set_busy(self, words: str) -> None:
        """Nothing can be pressed while the laboratory opens."""
        clear(self.trouble)
        self.busy.setText(words)
        self.busy.setVisible(bool(words))
        self.frame.setEnabled(not words)

    def show_progress(self, done: int, total: int, what: str) -> None:
        self.busy.setText(f"{what} ({done}/{total})")

    def rest(self) -> None:
        """Everything can be pressed again."""
        self.busy.hide()
        self.frame.setEnabled(True)


class WelcomePage(Card):
    """A workstation that knows no laboratory: set one up, open one, or look at the demonstration."""

    def __init__(self, window: StartWindow) -> None:
        super().__init__(520)
        mark = text("Nomina", "wordmark", wrap=False)
        what = text(
            self.tr(
                "Remains, samples and the references of families are followed here until a name is found."
            )
        )
        self.new = Button(self.tr("Set up a laboratory"), "primary", run=window.show_set_up)
        self.existing = Button(self.tr("Open a laboratory that exists"), run=window.show_sign_in)
        self.demo = Button(
            self.tr("Look at the demonstration laboratory"), run=lambda: window.demonstrate(self)
        )
        self.demo.setVisible(window.laboratories.can_demonstrate)
        for part in (mark, what):
            self.inner.addWidget(part)
        self.inner.addSpacing(4)
        self._choice(self.new, "database-plus", self.tr("A new, encrypted file; it takes three short steps."))
        self._choice(
            self.existing, "folder", self.tr("A file of this computer, or the server of your institute.")
        )
        if window.laboratories.can_demonstrate:
            self._choice(
                self.demo, "eye", self.tr("Invented people and cases, to try everything without risk.")
            )
        self.inner.addLayout(self.trouble)
        self.inner.addWidget(self.busy)

    def _choice(self, button: Button, icon: str, words: str) -> None:
        self.inner.addWidget(rule())
        self.inner.addLayout(
            row(glyph(icon, "accent", 24), column(button, text(words, "small"), gap=4), gap=16)
        )


class SignInPage(Card):
    """Which laboratory, who, and the password."""

    def __init__(self, window: StartWindow, login: str, location: str) -> None:
        super().__init__()
        self._window = window
        self.asked_location = location
        known = list(window.laboratories.known())
        if location and location not in [one.location for one in known]:
            known.insert(0, Known(location, location))
        self._known = {one.location: one for one in known}
        choices = [(one.location, one.name) for one in known] + [(OTHER, self.tr("Another file or server…"))]
        self.which = ChoiceField("which", self.tr("Laboratory"), choices, required=True, prompt=False)
        self.path = PathField(
            "path", self.tr("File or server address"), self.tr("Laboratories (*.nomina);;All files (*)")
        )
        self.login = TextField("login", self.tr("Login"), required=True)
        self.password = PasswordField("password", self.tr("Password"))
        self.passphrase = PasswordField(
            "passphrase",
            self.tr("Laboratory passphrase"),
            self.tr("Needed once on a computer where you have not signed in before."),
            required=False,
        )
        self.passphrase.hide()
        self.hint = text("", "small")
        self.go = Button(self.tr("Sign in"), "primary", run=self.carry_out)
        self.use_passphrase = Button(
            self.tr("Use the laboratory's passphrase"), "link", run=self._ask_passphrase
        )
        self._lay_out()
        first = location or (known[0].location if known else OTHER)
        self.which.set_value(first)
        self.login.set_value(login or (self._known[first].login if first in self._known else ""))
        self._chosen()
        self.which.edited.connect(self._chosen)

    def begin(self) -> None:
        """The cursor stands where the first thing is missing."""
        missing = self.password if self.login.value_or("") else self.login
        missing.editor.setFocus()

    def begin_with_another(self) -> None:
        """Somebody has left, and whoever comes types over that login; the same person goes on to the password."""
        editor = self.login.editor
        editor.setFocus()
        if isinstance(editor, QLineEdit):
            editor.selectAll()

    def choose_other(self) -> None:
        self.which.set_value(OTHER)
        self._chosen()
        self.path.editor.setFocus()

    @property
    def location(self) -> str:
        """A file or the address of a server."""
        chosen: str = self.which.value()
        return self.path.words if chosen == OTHER else chosen

    def carry_out(self) -> None:
        """Sign in with what stands in the fields."""
        entries = self._entries()
        if entries is None:
            return
        location, login, password, passphrase = entries
        self.set_busy(self.tr("Opening the laboratory…"))
        self._window.carry_out(
            "",
            lambda _: self._window.laboratories.open(location, login, password, passphrase),
            self.refuse,
            self.rest,
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.carry_out()
        else:
            super().keyPressEvent(event)

    def refuse(self, error: NominaError) -> None:
        super().refuse(error)
        self.password.set_value("")
        self.frame.setEnabled(True)
        self.password.editor.setFocus()

    def _entries(self) -> tuple[str, str, str, str] | None:
        asked: list[Field] = [self.path] if self.which.value() == OTHER else []
        asked += [self.login, self.password]
        for field in asked:
            try:
                field.value()
                field.complain("")
            except Invalid as error:
                field.complain(str(error))
                field.editor.setFocus()
                return None
        return self.location, self.login.value(), self.password.value(), self.passphrase.value()

    def _chosen(self) -> None:
        chosen = self.which.value()
        self.path.setVisible(chosen == OTHER)
        demo = self._window.laboratories.demonstration_logins(chosen)
        self.hint.setVisible(demo is not None)
        if demo is not None:
            words = self.tr("Everybody here is invented. Sign in as {0}; the password of each is “{1}”.")
            self.hint.setText(words.format(*demo))
        known = self._known.get(chosen)
        if known is not None and known.login and not self.login.value_or(""):
            self.login.set_value(known.login)

    def _ask_passphrase(self) -> None:
        self.passphrase.show()
        self.use_passphrase.hide()
        self.passphrase.editor.setFocus()

    def _lay_out(self) -> None:
        self.inner.addWidget(text("Nomina", "wordmark", wrap=False))
        for field in (self.which, self.path, self.hint, self.login, self.password, self.passphrase):
            self.inner.addWidget(field)
        self.inner.addLayout(self.trouble)
        self.inner.addWidget(self.go)
        self.inner.addWidget(self.busy)
        self.inner.addWidget(self.use_passphrase)
        self.inner.addWidget(rule())
        self.inner.addWidget(Button(self.tr("Set up a new laboratory"), "link", run=self._window.show_set_up))
        if self._window.laboratories.can_demonstrate:
            words = self.tr("Look at the demonstration laboratory")
            self.inner.addWidget(Button(words, "link", run=lambda: self._window.demonstrate(self)))
