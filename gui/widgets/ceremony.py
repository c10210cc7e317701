"""Ceremony for what can't be undone: signing, confirming, releasing, annulling.

Shows exactly what is being signed, names the people whom the rule demands, asks for the password again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QGridLayout, QScrollArea, QWidget

from forensics.domain.errors import NominaError
from gui.look import GRID, Meaning
from gui.widgets.banner import Banner, glyph
from gui.widgets.buttons import Button
from gui.widgets.fields import FlagField, LinesField, PasswordField
from gui.widgets.lines import boxed, clear, column, row, rule, text
from gui.widgets.record import Value, value_widget

WIDTH = 600
SLACK = 12  # pixels


class Ceremony(QDialog):
    """`act(password)` carries it out, or `act(password, reason)` when a reason is asked for."""

    def __init__(
        self,
        title: str,
        statement: str,
        facts: Sequence[tuple[str, Value]],
        people: Sequence[tuple[str, str]],
        verb: str,
        act: Callable[..., Any],
        parent: QWidget | None = None,
        affirmation: str = "",
        danger: bool = False,
        reason: bool = False,
        password_of: str = "",
    ) -> None:
        """`statement` is what the person declares; `people` are (role, name), first who acts now.

        `affirmation` is a sentence to be ticked ("I have read the whole report"). `password_of` names whose
        password is asked for where it is not that of the one who is signed in.
        """
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setModal(True)
        self.result_value: Any = None
        self._act = act
        self._trouble = column(gap=0)
        self.password = PasswordField(
            "password",
            self.tr("Password of {0}").format(password_of) if password_of else self.tr("Your password"),
        )
        self.affirmation = FlagField("affirmation", affirmation) if affirmation else None
        self.reason = LinesField("reason", self.tr("Reason"), required=True, lines=2) if reason else None
        self.go = Button(verb, "danger" if danger else "primary", icon="sign", run=self.carry_out)
        self.go.setDefault(True)
        self._of_two = bool(password_of)
        self._build(title, statement, facts, people)
        self.password.edited.connect(self._ready)
        if self.affirmation is not None:
            self.affirmation.edited.connect(self._ready)
        self._ready()
        first = self.reason or self.affirmation or self.password  # in the order of the page
        first.editor.setFocus()

    def carry_out(self) -> None:
        """Do it; a refusal is shown here and nothing has happened."""
        clear(self._trouble)
        try:
            extra = () if self.reason is None else (self.reason.value(),)
            self.result_value = self._act(self.password.value(), *extra)
        except NominaError as error:
            self._trouble.addWidget(Banner(str(error), Meaning.REFUSED))
            self.password.set_value("")
            self.password.editor.setFocus()
            self._ready()
            return
        self.accept()

    def ask(self) -> Any:
        """Hold the ceremony; what `act` returned, or None."""
        self.exec()
        self.deleteLater()
        return self.result_value

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.go.isEnabled():
                self.carry_out()
        else:
            super().keyPressEvent(event)

    def _ready(self) -> None:
        said = self.affirmation is None or self.affirmation.value()
        typed = bool(self.password.editor.text())  # type: ignore[attr-defined]
        self.go.setEnabled(said and typed)

    def _build(
        self,
        title: str,
        statement: str,
        facts: Sequence[tuple[str, Value]],
        people: Sequence[tuple[str, str]],
    ) -> None:
        page = column(text(statement), self._grid(facts), rule(), self._people(people), gap=16)
        page.setContentsMargins(20, 16, 20, 16)
        page.addStretch()
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(boxed(page, "surface"))
        area.setMinimumHeight(160)
        layout = column(text(title, "large"), area, self._trouble, margin=24, gap=14)
        for field in (self.reason, self.affirmation, self.password):
            if field is not None:
                layout.addWidget(field)
        layout.addWidget(
            text(
                self.tr("It is recorded with both names and the time.")
                if self._of_two
                else self.tr("This can't be undone. It is recorded with your name and the time."),
                "small",
            )
        )
        layout.addLayout(row(Button(self.tr("Cancel"), run=self.reject), None, self.go))
        self.setLayout(layout)
        self._page, self._area = page, area

    def showEvent(self, event: Any) -> None:
        """As tall as what is declared asks for, where the screen has room: nothing of it shall be overlooked."""
        super().showEvent(event)
        screen = self.screen().availableGeometry()
        wide = min(WIDTH, screen.width() - 40)
        layout = self.layout()
        assert layout is not None
        around = layout.heightForWidth(wide) - self._area.sizeHint().height()
        tall = around + max(self._page.heightForWidth(wide - 48), self._area.minimumHeight()) + SLACK
        most = int(screen.height() * 0.94)
        self.resize(wide, min(tall, most))
        QTimer.singleShot(0, self, lambda: self._grow(most))

    def _grow(self, most: int) -> None:
        """What does not fit into the well after all makes it taller; the bar that goes then gives its width."""
        hidden = self._area.verticalScrollBar().maximum()
        if hidden and self.height() < most:
            self.resize(self.width(), min(self.height() + hidden + SLACK, most))
            QTimer.singleShot(0, self, lambda: self._grow(most))

    def _grid(self, facts: Sequence[tuple[str, Value]]) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(GRID * 2)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        for line, (label, value) in enumerate(facts):
            grid.addWidget(text(label, "muted"), line, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(value_widget(value, self.tr("not known")), line, 1, Qt.AlignmentFlag.AlignTop)
        return grid

    def _people(self, people: Sequence[tuple[str, str]]) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(GRID)
        grid.setColumnStretch(2, 1)
        for line, (part, name) in enumerate(people):
            grid.addWidget(glyph("person", "accent" if line == 0 else "muted", 20), line, 0)
            grid.addWidget(text(name, "strong", wrap=False), line, 1)
            grid.addWidget(text(part, "muted"), line, 2)
        return grid
