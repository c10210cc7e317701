"""The guided set-up of a laboratory: three short steps and a last look before anything is written."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from forensics.domain.errors import Invalid, NominaError
from forensics.domain.people import Role
from gui.laboratories import ENDING, Laboratories, SetUp, usual_folder
from gui.look import Meaning
from gui.strength import Strength, strength_of, suggested
from gui.widgets.banner import Banner
from gui.widgets.buttons import Button
from gui.widgets.fields import Field, FlagField, PasswordField, PathField, TextField
from gui.widgets.lines import boxed, clear, column, row, rule, text
from gui.widgets.marks import Chip, Mark
from gui.widgets.record import Section

MEANINGS = {
    Strength.SHORT: Meaning.REFUSED,
    Strength.WEAK: Meaning.ATTENTION,
    Strength.FAIR: Meaning.WAITING,
    Strength.STRONG: Meaning.GOOD,
}


class Step(QWidget):
    """One step: a title, a sentence, its fields."""

    def __init__(self, title: str, words: str, fields: list[Field]) -> None:
        super().__init__()
        self.fields = fields
        self.title = title
        self.inner = QVBoxLayout(self)
        self.inner.setContentsMargins(0, 0, 0, 0)
        self.inner.setSpacing(14)
        self.inner.addWidget(text(title, "large"))
        self.inner.addWidget(text(words, "muted"))
        for field in fields:
            self.inner.addWidget(field)
        self.inner.addStretch()

    def check(self) -> bool:
        """Whether every entry can be right; the first that can't has the focus."""
        for field in self.fields:
            try:
                field.value()
                field.complain("")
            except Invalid as error:
                field.complain(str(error))
                field.editor.setFocus()
                return False
        return self.check_together()

    def check_together(self) -> bool:
        """What several fields must be right about together."""
        return True

    def begin(self) -> None:
        if self.fields:
            self.fields[0].editor.setFocus()


class SecretStep(Step):
    """A step with a secret that is typed twice, and shows how strong it is."""

    def __init__(
        self, title: str, words: str, before: list[Field], secret: PasswordField, after: list[Field]
    ) -> None:
        self.secret = secret
        self.again = PasswordField(f"{secret.name}_again", secret.tr("The same once more"))
        super().__init__(title, words, [*before, secret, self.again, *after])
        self.chip = Chip(self._mark(""))
        self.inner.insertWidget(3 + len(before), self.chip)
        secret.edited.connect(self._show)
        self._show()

    def check_together(self) -> bool:
        if strength_of(self.secret.value()) is Strength.SHORT:
            self.secret.complain(self.tr("Use at least 10 characters."))
            self.secret.editor.setFocus()
            return False
        if self.secret.value() != self.again.value():
            self.again.complain(self.tr("The two entries differ."))
            self.again.editor.setFocus()
            return False
        return True

    def _show(self) -> None:
        secret = str(self.secret.editor.property("text") or "")
        self.chip.setVisible(bool(secret))
        self.chip.set_mark(self._mark(secret))

    def _mark(self, secret: str) -> Mark:
        words = {
            Strength.SHORT: self.tr("Too short: at least 10 characters"),
            Strength.WEAK: self.tr("Weak: easily guessed"),
            Strength.FAIR: self.tr("Fair: longer is better"),
            Strength.STRONG: self.tr("Strong"),
        }
        strength = strength_of(secret)
        return Mark(MEANINGS[strength], words[strength])


class PassphraseStep(SecretStep):
    """The passphrase that opens the file where all else is lost: to be written down."""

    def __init__(self) -> None:
        passphrase = PasswordField("passphrase", self.tr("Laboratory passphrase"))
        self.written = FlagField("written", self.tr("I have written it down and put it in a safe place"))
        super().__init__(
            self.tr("The laboratory passphrase"),
            self.tr(
                "It locks the laboratory's keys. A colleague needs it once on every new computer. "
                "If it and all passwords are lost, nobody can read the data again, not even its makers."
            ),
            [],
            passphrase,
            [self.written],
        )
        make = Button(self.tr("Suggest one"), "link", run=self._suggest)
        self.inner.insertWidget(3, make, 0, Qt.AlignmentFlag.AlignLeft)
        self.shown = text("", "mono", selectable=True)
        self.shown.hide()
        self.inner.insertWidget(4, self.shown)

    def check_together(self) -> bool:
        if not super().check_together():
            return False
        self.written.complain("")
        if not self.written.value():
            self.written.complain(self.tr("Write it down first: on paper, in a safe, not on this computer."))
            return False
        return True

    def _suggest(self) -> None:
        made = suggested()
        self.secret.set_value(made)
        self.again.set_value(made)
        self.shown.setText(made)
        self.shown.show()
        self._show()


class SetUpPage(QScrollArea):
    """The steps with their buttons. `carry_out` creates the laboratory beside the window."""

    def __init__(
        self, laboratories: Laboratories, carry_out: Callable[..., object], leave: Callable[[], None]
    ) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._laboratories, self._carry_out, self._leave = laboratories, carry_out, leave
        self.restart()

    def restart(self) -> None:
        """Begin anew with empty fields."""
        self.trouble, self.busy, self.where = column(gap=0), text("", "muted"), text("", "small")
        self.busy.hide()
        self.back_button = Button(self.tr("Back"), run=self.back)
        self.next_button = Button(self.tr("Continue"), "primary", run=self.next)
        self.pages = QStackedWidget()
        self.steps = [self._laboratory(), self._administrator(), PassphraseStep()]
        self.last = QWidget()
        for step in (*self.steps, self.last):
            self.pages.addWidget(step)
        inner = column(self.where, self.pages, self.trouble, self.busy, rule(), gap=14)
        inner.addLayout(row(self.back_button, None, self.next_button))
        inner.setContentsMargins(36, 28, 36, 24)
        self.frame = boxed(inner, "card")
        self.frame.setFixedWidth(560)
        page = QWidget()
        page.setLayout(column(None, row(None, self.frame, None), None, None, margin=24))
        self.setWidget(page)
        self._show(0)

    @property
    def wanted(self) -> SetUp:
        """What has been gathered."""
        roles = (Role.ADMINISTRATOR, *((Role.CASE_MANAGER,) if self.also.value() else ()))
        return SetUp(
            self.name.value(),
            self.location,
            self.person.value(),
            self.login.value(),
            self.password.value(),
            self.steps[2].fields[0].value(),
            roles,
        )

    @property
    def location(self) -> str:
        """The file, with its ending; or the address of a server, as it was typed."""
        path = self.path.value()
        return self.path.words if self.on_server else str(path if path.suffix else path.with_suffix(ENDING))

    @property
    def on_server(self) -> bool:
        return "://" in self.path.words

    def next(self) -> None:
        """To the next step when this one is right; at the end, create."""
        at = self.pages.currentIndex()
        if at < len(self.steps):
            if self.steps[at].check():
                self._show(at + 1)
            return
        wanted = self.wanted
        clear(self.trouble)
        self.busy.setText(self.tr("Creating the laboratory…"))
        self.busy.show()
        self.frame.setEnabled(False)
        self._carry_out("", lambda _: self._laboratories.create(wanted), self._refuse, self._rest)

    def back(self) -> None:
        at = self.pages.currentIndex()
        if at == 0:
            self._leave()
        else:
            self._show(at - 1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.next()
        elif event.key() == Qt.Key.Key_Escape:
            self.back()
        else:
            super().keyPressEvent(event)

    # -- steps -----------------------------------------------------------------------------------------

    def _laboratory(self) -> Step:
        self.name = TextField(
            "name", self.tr("Name of the laboratory"), self.tr("As it shall stand on reports."), required=True
        )
        self.path = PathField(
            "location",
            self.tr("Where its file shall lie"),
            self.tr("Laboratories (*.nomina)"),
            existing=False,
            hint=self.tr(
                "On a disk of this computer, not on a network share; it is encrypted. For several workstations: "
                "the address of an empty PostgreSQL database, postgresql://person@server/database."
            ),
        )
        self.name.edited.connect(self._propose)
        self._proposed = ""
        words = self.tr("Everything of the laboratory lies in one encrypted file.")
        return Step(self.tr("The laboratory"), words, [self.name, self.path])

    def _propose(self) -> None:
        name = re.sub(r"[^\w\-]+", "-", self.name.value_or("")).strip("-").lower()
        if self.path.value_or(None) in (None, Path(self._proposed or "\0")) and name:
            self._proposed = str(usual_folder() / f"{name}{ENDING}")
            self.path.set_value(self._proposed)

    def _administrator(self) -> Step:
        self.person = TextField("person", self.tr("Your name"), required=True)
        self.login = TextField("login", self.tr("Login"), self.tr("Short; for signing in."), required=True)
        self.password = PasswordField("password", self.tr("Password"))
        self.also = FlagField(
            "also",
            self.tr("I work on cases as well"),
            self.tr("Adds the role of case manager: an administrator as such sees no case."),
        )
        words = self.tr("The first person can add all others. Each signs with a password of their own.")
        return SecretStep(
            self.tr("The administrator"), words, [self.person, self.login], self.password, [self.also]
        )

    def _summary(self) -> QWidget:
        wanted = self.wanted
        section = Section(self.tr("What will be created"))
        where, locked = self.tr("File"), self.tr("with the passphrase that you have written down")
        if self.on_server:
            where, locked = self.tr("Server"), self.tr("of disk and connection: as the server is set up")
        section.facts(
            [
                (self.tr("Laboratory"), wanted.name),
                (where, wanted.location),
                (self.tr("Administrator"), wanted.administrator),
                (self.tr("Login"), wanted.login),
                (self.tr("Roles"), ", ".join(role.value for role in wanted.roles)),
                (self.tr("Encryption"), locked),
            ]
        )
        page = QWidget()
        page.setLayout(column(text(self.tr("A last look"), "large"), section, None, gap=14))
        return page

    def _show(self, at: int) -> None:
        clear(self.trouble)
        if at == len(self.steps):
            self.pages.removeWidget(self.last)
            self.last.deleteLater()
            self.last = self._summary()
            self.pages.addWidget(self.last)
        self.pages.setCurrentIndex(at)
        last = at == len(self.steps)
        words = self.tr("Step {0} of {1}").format(min(at + 1, len(self.steps)), len(self.steps))
        self.where.setText(self.tr("Set-up") if last else words)
        self.next_button.setText(self.tr("Create the laboratory") if last else self.tr("Continue"))
        if not last:
            self.steps[at].begin()
        else:
            self.next_button.setFocus()

    def _refuse(self, error: NominaError) -> None:
        self.trouble.addWidget(Banner(str(error), Meaning.REFUSED))

    def _rest(self) -> None:
        self.busy.hide()
        self.frame.setEnabled(True)
