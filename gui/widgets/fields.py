"""A field: the label above, a hint below, and the error of this field as a sentence beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QCompleter,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QSizePolicy,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QWidget,
)

from forensics.domain.errors import Invalid
from gui.icons import pixmap
from gui.look import on_look_changed
from gui.widgets.buttons import Button, IconButton, restyle
from gui.widgets.lines import column, text

Parse = Callable[[str], Any]


class Field(QWidget):
    """Base of the fields. `value()` raises `Invalid` with a sentence where the entry can't be right."""

    edited = Signal()

    def __init__(
        self,
        name: str,
        label: str,
        editor: QWidget,
        hint: str = "",
        required: bool = False,
        keep: bool = False,
    ) -> None:
        """`keep`: the entry stays for the next record after "save and next"."""
        super().__init__()
        self.name, self.required, self.keep = name, required, keep
        self.editor = editor
        self.title = label
        self.label = text(
            label if required or not label else self.tr("{0} (optional)").format(label), "label"
        )
        self.label.setBuddy(editor)
        editor.setAccessibleName(label)
        editor.setAccessibleDescription(hint)
        self.hint = text(hint, "small")
        self.hint.setVisible(bool(hint))
        self.error = text("", "error")
        self.error.hide()
        self.setLayout(column(self.label, self._around(editor), self.hint, self.error, gap=4))

    def value(self) -> Any:
        raise NotImplementedError

    def set_value(self, value: Any) -> None:
        raise NotImplementedError

    def value_or(self, other: Any) -> Any:
        """The value, or something else where the entry can't be right."""
        try:
            return self.value()
        except Invalid:
            return other

    def complain(self, sentence: str) -> None:
        """Show what is wrong, or "" that nothing is."""
        self.error.setText(sentence)
        self.error.setVisible(bool(sentence))
        self.editor.setAccessibleDescription(sentence or self.hint.text())
        restyle(self.editor, wrong="true" if sentence else "false")

    def _around(self, editor: QWidget) -> QWidget:
        return editor

    def _changed(self) -> None:
        self.complain("")
        self.edited.emit()

    def _missing(self) -> Invalid:
        return Invalid(self.tr("Please fill in “{0}”.").format(self.title))


class TextField(Field):
    """One line of text. `parse` turns the words into a value and raises `Invalid` with a sentence."""

    def __init__(
        self,
        name: str,
        label: str,
        hint: str = "",
        required: bool = False,
        keep: bool = False,
        parse: Parse = str,
        mono: bool = False,
        placeholder: str = "",
        suggestions: Sequence[str] = (),
    ) -> None:
        self._line = QLineEdit()
        self._line.setPlaceholderText(placeholder)
        if mono:
            self._line.setProperty("kind", "mono")
        if suggestions:
            completer = QCompleter(list(suggestions))
            completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
            self._line.setCompleter(completer)
        super().__init__(name, label, self._line, hint, required, keep)
        self._parse = parse
        self._line.textEdited.connect(self._changed)

    def value(self) -> Any:
        words = self._line.text().strip()
        if not words:
            if self.required:
                raise self._missing()
            return None if self._parse is not str else ""
        try:
            return self._parse(words)
        except Invalid:
            raise
        except ValueError as error:
            raise Invalid(self.tr("“{0}” can't be read: {1}").format(words, error)) from error

    def set_value(self, value: Any) -> None:
        self._line.setText("" if value is None else str(value))


class NumberField(TextField):
    """A number with its unit. An improbable one is only remarked upon; it never stops the save."""

    def __init__(
        self,
        name: str,
        label: str,
        unit: str = "",
        hint: str = "",
        required: bool = False,
        keep: bool = False,
        whole: bool = False,
        usual: tuple[float, float] | None = None,
    ) -> None:
        self._unit, self._whole, self._usual = unit, whole, usual
        super().__init__(name, label, hint, required, keep, parse=self._number)
        self._line.setMaximumWidth(160)
        self._line.editingFinished.connect(self._remark)

    def _around(self, editor: QWidget) -> QWidget:
        holder = QWidget()
        line = QHBoxLayout(holder)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(editor)
        line.addWidget(text(self._unit, "muted", wrap=False))
        line.addStretch()
        return holder

    def _number(self, words: str) -> float | int:
        try:
            number = float(words.replace(",", ".").replace("\N{NO-BREAK SPACE}", ""))
            if self._whole and not number.is_integer():
                raise ValueError
        except ValueError:
            kind = self.tr("a whole number") if self._whole else self.tr("a number")
            raise Invalid(self.tr("“{0}” is not {1}.").format(words, kind)) from None
        return int(number) if self._whole else number

    def _remark(self) -> None:
        """Soft limits ask, and never block."""
        try:
            number = self.value()
        except Invalid as error:
            self.complain(str(error))
            return
        if self._usual and number is not None and not self._usual[0] <= number <= self._usual[1]:
            low, high = self._usual
            words = self.tr("Unusual: mostly between {0} and {1} {2}. It will be saved as you entered it.")
            self.error.setText(words.format(f"{low:g}", f"{high:g}", self._unit))
            self.error.show()


class ChoiceField(Field):
    """One of several; "not known" is a choice of its own where the field is optional."""

    def __init__(
        self,
        name: str,
        label: str,
        choices: Sequence[tuple[Any, str]],
        hint: str = "",
        required: bool = False,
        keep: bool = False,
        prompt: bool = True,
        nothing: str = "",
    ) -> None:
        """`prompt`: a required choice begins unmade; without, the first choice is made already.

        `nothing` says what an optional choice is while it is not made; usually "not known".
        """
        self._box = _Combo()
        self._values: list[Any] = []  # kept here: Qt would hand an enum of words back as a mere word
        super().__init__(name, label, self._box, hint, required, keep)
        if not required:
            self._offer(None, nothing or self.tr("not known"))
        elif prompt and len(choices) != 1:
            self._offer(None, self.tr("Choose…"))
        for value, words in choices:
            self._offer(value, words)
        self._box.activated.connect(lambda _: self._changed())

    def value(self) -> Any:
        at = self._box.currentIndex()
        value = self._values[at] if at >= 0 else None
        if value is None and self.required:
            raise self._missing()
        return value

    def set_value(self, value: Any) -> None:
        self._box.setCurrentIndex(self._values.index(value) if value in self._values else 0)

    def words_of(self, value: Any) -> str:
        """The words that a value is offered by; "" for one that is not offered."""
        return self._box.itemText(self._values.index(value)) if value in self._values else ""

    def _offer(self, value: Any, words: str) -> None:
        self._values.append(value)
        self._box.addItem(words, value)


class LinesField(Field):
    """Several lines of text. Tab leaves it."""

    def __init__(
        self,
        name: str,
        label: str,
        hint: str = "",
        required: bool = False,
        keep: bool = False,
        lines: int = 4,
    ) -> None:
        self._text = QPlainTextEdit()
        self._text.setTabChangesFocus(True)
        self._text.setFixedHeight(self._text.fontMetrics().lineSpacing() * lines + 20)
        self._text.setSizePolicy(
            QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed
        )  # takes no room to spare
        super().__init__(name, label, self._text, hint, required, keep)
        self._text.textChanged.connect(self._changed)

    def value(self) -> str:
        words = self._text.toPlainText().strip()
        if not words and self.required:
            raise self._missing()
        return words

    def set_value(self, value: Any) -> None:
        self._text.setPlainText("" if value is None else str(value))


class FlagField(Field):
    """A statement that is ticked or not. For yes / no / not known use a choice."""

    def __init__(self, name: str, label: str, hint: str = "", keep: bool = False) -> None:
        self._tick = QCheckBox(label)
        super().__init__(name, "", self._tick, hint, required=True, keep=keep)
        self.label.hide()
        self._tick.setAccessibleName(label)
        self._tick.toggled.connect(lambda _: self.edited.emit())

    def value(self) -> bool:
        return self._tick.isChecked()

    def set_value(self, value: Any) -> None:
        self._tick.setChecked(bool(value))


class PasswordField(TextField):
    """A password; it can be looked at, and it is never trimmed."""

    def __init__(self, name: str, label: str, hint: str = "", required: bool = True) -> None:
        super().__init__(name, label, hint, required)
        self._line.setEchoMode(QLineEdit.EchoMode.Password)

    def value(self) -> str:
        if not self._line.text() and self.required:
            raise self._missing()
        return self._line.text()

    def _around(self, editor: QWidget) -> QWidget:
        self._eye = IconButton("eye", self.tr("Show what I type"), self._turn)
        self._eye.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        holder = QWidget()
        line = QHBoxLayout(holder)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(4)
        line.addWidget(editor)
        line.addWidget(self._eye)
        return holder

    def _turn(self) -> None:
        hidden = self._line.echoMode() is QLineEdit.EchoMode.Password
        self._line.setEchoMode(QLineEdit.EchoMode.Normal if hidden else QLineEdit.EchoMode.Password)


class PathField(TextField):
    """A file: to open one (`existing`) or to say where a new one shall lie."""

    def __init__(
        self,
        name: str,
        label: str,
        files: str = "",
        existing: bool = True,
        hint: str = "",
        required: bool = True,
        many: bool = False,
    ) -> None:
        self._files, self._existing, self._many = files, existing, many
        super().__init__(name, label, hint, required)

    @property
    def words(self) -> str:
        """As it was typed; an address of a server is not a path."""
        return self._line.text().strip()

    def value(self) -> Any:
        words = super().value()
        if self._many:
            return (
                tuple(self._path(part.strip()) for part in words.split(";") if part.strip()) if words else ()
            )
        return self._path(words) if words else None

    def _path(self, words: str) -> Path:
        """A path that the system can look at; `Invalid` where no file can have this name."""
        try:
            path = Path(words).expanduser()
            path.stat()
        except (FileNotFoundError, PermissionError, NotADirectoryError):
            pass  # told by whoever opens it
        except (OSError, ValueError, RuntimeError):  # too long, a zero byte, ~nobody
            raise Invalid(self.tr("No file can have this name; choose another.")) from None
        return path

    def _around(self, editor: QWidget) -> QWidget:
        holder = QWidget()
        line = QHBoxLayout(holder)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(editor)
        line.addWidget(Button(self.tr("Choose…"), icon="folder", run=self._choose))
        return holder

    def _choose(self) -> None:
        if self._many:
            names, _ = QFileDialog.getOpenFileNames(self, self.title, self._line.text(), self._files)
            chosen = "; ".join(names)
        elif self._existing:
            chosen, _ = QFileDialog.getOpenFileName(self, self.title, self._line.text(), self._files)
        else:
            chosen, _ = QFileDialog.getSaveFileName(self, self.title, self._line.text(), self._files)
        if chosen:
            self._line.setText(chosen)
            self._changed()


class _Combo(QComboBox):
    """A choice whose arrow is our own, and which the wheel does not change by accident."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        # As wide as the form, however long the longest choice is.
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(12)
        on_look_changed(self, lambda box: box.update())

    def wheelEvent(self, event: Any) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def paintEvent(self, event: Any) -> None:
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        room = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, self
        )
        words = self.fontMetrics().elidedText(
            self.currentText(), Qt.TextElideMode.ElideRight, room.width() - 8
        )
        option.currentText = words
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        left = 8 if mirrored else self.width() - 24
        arrow = pixmap("chevron-down", "muted", 16, self.devicePixelRatioF())
        painter.drawPixmap(left, (self.height() - 16) // 2, arrow)
        painter.end()
