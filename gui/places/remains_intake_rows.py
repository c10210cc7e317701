"""The cases of a delivery as lines to fill by keyboard: each says below it how it was understood."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from forensics.domain.deliveries import SealFinding, compare_seals
from forensics.domain.errors import Invalid
from forensics.domain.remains import Description
from gui.context import Context
from gui.places.remains_forms import WHOLE
from gui.places.remains_words import bone, choices, say
from gui.widgets.buttons import IconButton
from gui.widgets.fields import ChoiceField, Field, NumberField, TextField
from gui.widgets.lines import column, row, text

if TYPE_CHECKING:
    from forensics.services.deliveries import NewCase
    from forensics.services.remains import NewItem

SHOWN = 12  # kinds of bones that are named below a line


class CaseRow(QWidget):
    """One case; `edited` when something was typed, `removed` when it is taken out again."""

    edited = Signal()
    removed = Signal()

    def __init__(self, context: Context, number: int) -> None:
        super().__init__()
        self.context = context
        self.fields: dict[str, Field] = {}
        nothing = [("", say("–")), *choices(WHOLE)]
        fields: list[tuple[Field, int]] = [
            (ChoiceField("description", say("Described as"), choices(Description)), 172),
            (TextField("external_number", say("Their number"), mono=True), 108),
            (TextField("contents", say("Bones and teeth"), parse=self._read, mono=True,
                       placeholder="L fem, T1-12, 14 ribs"), 0),
            (ChoiceField("whole", say("And as one"), nothing, required=True, prompt=False), 118),
            (NumberField("pieces", say("Pieces stated"), whole=True), 96),
            (TextField("stated", say("Seals stated"), mono=True, placeholder="A-17, A-18"), 126),
            (TextField("found", say("Seals found"), mono=True, placeholder="A-17, A-18 broken"), 184),
        ]  # fmt: skip
        self.fields["description"] = fields[0][0]
        fields[0][0].set_value(Description.SKELETAL)
        self.out = IconButton("close", say("Take this case out"), self.removed.emit)
        line = row(gap=6)
        for field, width in fields:
            self._put(field, width, number)
            line.addWidget(field, 0 if width else 1)
        line.addWidget(self.out, 0, Qt.AlignmentFlag.AlignBottom)
        self.told = text("", "small")
        self.setLayout(column(line, self.told, gap=2))

    def _put(self, field: Field, width: int, number: int) -> None:
        self.fields[field.name] = field
        field.label.setText(field.title)
        field.editor.setAccessibleName(say("{0}, case {1}").format(field.title, number))
        if width:
            field.setFixedWidth(width)
        field.edited.connect(self._tell)
        field.edited.connect(self.edited)

    def show_titles(self, shown: bool) -> None:
        """Only the first line has the titles of the columns."""
        for field in self.fields.values():
            field.label.setVisible(shown)

    def begin(self) -> None:
        self.fields["external_number"].editor.setFocus()

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed into it."""
        return not any(
            self.fields[name].value_or("?")
            for name in ("external_number", "contents", "whole", "pieces", "stated", "found")
        )

    def case(self) -> NewCase:
        """What was typed; `Invalid` with the field marked where it can't be right."""
        from forensics.services.deliveries import NewCase
        from forensics.services.remains import NewItem

        values: dict[str, Any] = {}
        for name, field in self.fields.items():
            try:
                values[name] = field.value()
                field.complain("")
            except Invalid as error:
                field.complain(say("Not understood"))
                self.told.setText(str(error))
                raise
        if values["description"] is None:
            raise Invalid(say("Choose what each case is described as."))
        whole = (NewItem(values["whole"]),) if values["whole"] else ()
        return NewCase(
            values["description"],
            values["external_number"],
            (*(values["contents"] or ()), *whole),
            values["pieces"],
            values["stated"],
            values["found"],
        )

    def _read(self, words: str) -> Sequence[NewItem]:
        from forensics.services.remains import contents_from

        return self.context.lab.run(contents_from, words)

    def _tell(self) -> None:
        """Below the line: the items, the seals, and what does not agree."""
        try:
            case = self.case()
            seals = compare_seals(case.seals_stated, case.seals_found)
            odds = case.at_odds()
        except Invalid as error:
            self.told.setText(str(error))
            return
        parts = [self._items(case.contents)] if case.contents else []
        intact = sum(seal.finding is SealFinding.INTACT for seal in seals)
        if intact:
            parts.append(say("1 seal intact.") if intact == 1 else say("{0} seals intact.").format(intact))
        parts += [what for _, what in odds]
        if odds:
            parts.append(say("The items of this case stay frozen until that is settled."))
        self.told.setText(" ".join(parts))

    @staticmethod
    def _items(contents: Sequence[NewItem]) -> str:
        """`16 items: 14 × rib; L3; L4.`"""
        names = Counter(
            bone(item.element, str(item.side)) if item.element else str(item.kind) for item in contents
        )
        words = [name if count == 1 else f"{count} × {name}" for name, count in names.items()]
        more = say(" and {0} more").format(len(words) - SHOWN) if len(words) > SHOWN else ""
        one = say("1 item: {0}.") if len(contents) == 1 else say("{1} items: {0}.")
        return one.format("; ".join(words[:SHOWN]) + more, len(contents))


class CaseRows(QWidget):
    """Lines below each other; Enter in the last one adds another."""

    edited = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        self.rows: list[CaseRow] = []
        self._lines = QVBoxLayout()
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(10)
        self.setLayout(self._lines)
        self.add()

    def add(self) -> CaseRow:
        """Another line, described as the one before."""
        made = CaseRow(self.context, len(self.rows) + 1)
        if self.rows:
            made.fields["description"].set_value(self.rows[-1].fields["description"].value())
        made.edited.connect(self.edited)
        made.removed.connect(lambda: self.remove(made))
        self.rows.append(made)
        self._lines.addWidget(made)
        self._arrange()
        return made

    def add_and_begin(self) -> None:
        """Another line, with the cursor in it once it is shown."""
        QTimer.singleShot(0, self.add(), self.rows[-1].begin)

    def remove(self, line: CaseRow) -> None:
        if len(self.rows) == 1:
            return
        self.rows.remove(line)
        self._lines.removeWidget(line)
        line.hide()
        line.deleteLater()
        self._arrange()
        self.rows[-1].begin()
        self.edited.emit()

    def cases(self) -> list[NewCase]:
        """Every case that was filled in; `Invalid` says in which line something is wrong."""
        made = []
        for at, line in enumerate(self.rows, 1):
            if line.is_empty and len(self.rows) > 1:
                continue
            try:
                made.append(line.case())
            except Invalid as error:
                raise Invalid(say("Case {0}: {1}").format(at, error)) from None
        return made

    def _arrange(self) -> None:
        for at, line in enumerate(self.rows):
            line.show_titles(at == 0)
            line.out.setVisible(len(self.rows) > 1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.next_after(self.focusWidget())
        else:
            super().keyPressEvent(event)

    def next_after(self, inside: QWidget | None) -> None:
        """The same field of the line below; a new line after the last."""
        at = next((i for i, line in enumerate(self.rows) if inside and line.isAncestorOf(inside)), None)
        if at is None or at == len(self.rows) - 1:
            self.add_and_begin()
        else:
            self.rows[at + 1].begin()
