"""A form in a dialog, built from fields. Enter saves; "Save and next" keeps the dialog for the next record.

form = FormDialog(self.tr("New item"), lambda values: context.lab.run(register_item, **values), self)
form.choice("element", self.tr("Element"), ELEMENTS, required=True)
form.number("mass", self.tr("Mass"), unit="g")
saved = form.ask()          # what the use case returned, or None
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QPlainTextEdit, QScrollArea, QVBoxLayout, QWidget

from forensics.domain.errors import Conflict, Invalid, NominaError
from gui.look import GRID, Meaning
from gui.widgets.banner import Banner
from gui.widgets.buttons import Button
from gui.widgets.fields import (
    ChoiceField,
    Field,
    FlagField,
    LinesField,
    NumberField,
    PasswordField,
    PathField,
    TextField,
)
from gui.widgets.lines import clear, column, row, rule, text

SLACK = 24  # pixels of air above the buttons

Submit = Callable[[dict[str, Any]], Any]


class FormDialog(QDialog):
    """`submit(values)` is called with the values by field name; a `NominaError` it raises is shown here."""

    def __init__(
        self,
        title: str,
        submit: Submit,
        parent: QWidget | None = None,
        intro: str = "",
        save: str = "",
        again: bool = False,
        width: int = 520,
    ) -> None:
        """`save` is the verb on the button; `again` offers "Save and next"."""
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setModal(True)
        self._submit = submit
        self.result_value: Any = None
        self.saved: list[Any] = []
        self.fields: dict[str, Field] = {}
        self._page = QWidget()
        self._column = QVBoxLayout(self._page)
        self._column.setContentsMargins(24, 4, 24, 16)
        self._column.setSpacing(14)
        self._trouble = column(gap=0)
        self._width = width
        self._shown = False
        self._layout_around(title, intro, save or self.tr("Save"), again)

    # -- fields ----------------------------------------------------------------------------------------

    def add(self, field: Field) -> Field:
        """Put a field at the end of the form."""
        self.fields[field.name] = field
        self._column.addWidget(field)
        return field

    def text(self, name: str, label: str, **options: Any) -> Field:
        return self.add(TextField(name, label, **options))

    def number(self, name: str, label: str, **options: Any) -> Field:
        return self.add(NumberField(name, label, **options))

    def choice(self, name: str, label: str, choices: Any, **options: Any) -> Field:
        return self.add(ChoiceField(name, label, choices, **options))

    def lines(self, name: str, label: str, **options: Any) -> Field:
        return self.add(LinesField(name, label, **options))

    def flag(self, name: str, label: str, **options: Any) -> Field:
        return self.add(FlagField(name, label, **options))

    def password(self, name: str, label: str, **options: Any) -> Field:
        return self.add(PasswordField(name, label, **options))

    def path(self, name: str, label: str, **options: Any) -> Field:
        return self.add(PathField(name, label, **options))

    def section(self, title: str, words: str = "") -> None:
        """A heading between fields."""
        self._column.addWidget(rule())
        self._column.addWidget(text(title, "strong"))
        if words:
            self._column.addWidget(text(words, "muted"))

    def note(self, words: str, meaning: Meaning = Meaning.NEUTRAL) -> Banner:
        """A notice between fields."""
        banner = Banner(words, meaning)
        self._column.addWidget(banner)
        return banner

    def widget(self, widget: QWidget) -> None:
        """Anything else between fields."""
        self._column.addWidget(widget)

    def fill(self, values: Mapping[str, Any]) -> None:
        """Put values into the fields of those names."""
        for name, value in values.items():
            if name in self.fields:
                self.fields[name].set_value(value)

    # -- answering -------------------------------------------------------------------------------------

    def values(self) -> dict[str, Any] | None:
        """All values by name; None where a field complains (the first such has the focus)."""
        found: dict[str, Any] = {}
        wrong: Field | None = None
        for name, field in self.fields.items():
            try:
                found[name] = field.value()
                field.complain("")
            except Invalid as error:
                field.complain(str(error))
                wrong = wrong or field
        if wrong is not None:
            wrong.editor.setFocus()
            return None
        return found

    def ask(self) -> Any:
        """Show the form; what `submit` returned last, or None when the person left it."""
        self.exec()
        self.deleteLater()
        return self.result_value

    def save(self, again: bool = False) -> bool:
        """What the buttons do; False where it was refused."""
        clear(self._trouble)
        values = self.values()
        if values is None:
            return False
        try:
            self.result_value = self._submit(values)
        except Conflict as conflict:
            from gui.widgets.conflict import ConflictDialog

            ConflictDialog.for_error(conflict, self).ask()
            return False
        except NominaError as error:
            self._refuse(error)
            return False
        self.saved.append(self.result_value)
        if again:
            self._next()
        else:
            self.accept()
        return True

    def _refuse(self, error: NominaError) -> None:
        field = self.fields.get(str(getattr(error, "field", "")))
        if field is not None:
            field.complain(str(error))
            field.editor.setFocus()
        else:
            self._trouble.addWidget(Banner(str(error), Meaning.REFUSED))
        if self._shown:
            QTimer.singleShot(0, self, self._fit)  # the sentence takes room of its own

    def _next(self) -> None:
        self._trouble.addWidget(Banner(self.tr("Saved. Enter the next one."), Meaning.GOOD))
        for field in self.fields.values():
            if not field.keep:
                field.set_value(None)
        first = next((f for f in self.fields.values() if not f.keep), None)
        if first is not None:
            first.editor.setFocus()

    # -- the dialog ------------------------------------------------------------------------------------

    def _layout_around(self, title: str, intro: str, save: str, again: bool) -> None:
        head = column(text(title, "large"), gap=6)
        if intro:
            head.addWidget(text(intro, "muted"))
        head.addLayout(self._trouble)
        head.setContentsMargins(24, 24, 24, 8)
        self._head = head
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setWidget(self._page)
        self.save_button = Button(save, "primary", run=self.save)
        self.save_button.setDefault(True)
        buttons = row(Button(self.tr("Cancel"), run=self.reject), None, gap=GRID)
        self.next_button: Button | None = None
        if again:
            self.next_button = Button(
                self.tr("Save and next"), run=lambda: self.save(again=True), shortcut="Ctrl+Return"
            )
            buttons.addWidget(self.next_button)
        buttons.addWidget(self.save_button)
        buttons.setContentsMargins(24, 12, 24, 16)
        self._buttons = buttons
        layout = column(head, self._area, rule(), buttons, gap=0)
        layout.setStretch(1, 1)
        self.setLayout(layout)

    def showEvent(self, event: Any) -> None:
        super().showEvent(event)
        self._column.addStretch()
        self._fit()
        first = next(iter(self.fields.values()), None)
        if first is not None:
            first.editor.setFocus()

    def _fit(self) -> None:
        """As tall as what stands in it asks for, and no taller than the screen; never smaller than it was."""
        screen = self.screen().availableGeometry()
        wide = max(self.width(), min(self._width, screen.width() - 40)) if self._shown else self._width
        wide = min(wide, screen.width() - 40)
        parts = (self._head, self._column, self._buttons)
        tall = sum(max(part.heightForWidth(wide), part.minimumSize().height()) for part in parts) + SLACK
        tall = min(tall, int(screen.height() * 0.9))
        self.resize(wide, max(tall, self.height()) if self._shown else tall)
        self._shown = True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and not isinstance(self.focusWidget(), QPlainTextEdit):
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier and self.next_button is not None:
                self.save(again=True)
            else:
                self.save()
        else:
            super().keyPressEvent(event)
