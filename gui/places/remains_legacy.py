"""Import of an earlier system's spreadsheet: columns are mapped, every row is tried out, then all or nothing."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from forensics.domain.errors import Invalid, NominaError
from forensics.domain.legacy import DateOrder, LegacyKind, LegacyMapping
from forensics.domain.reading import Severity
from gui.context import Context
from gui.look import Meaning
from gui.places.remains_words import choices, said, say
from gui.widgets.banner import Banner, EmptyState
from gui.widgets.buttons import Button
from gui.widgets.fields import ChoiceField, Field, PathField, TextField
from gui.widgets.lines import Elided, boxed, clear, column, row, rule, text
from gui.widgets.lists import Column, Kind, RecordList
from gui.widgets.model import MemorySource
from gui.widgets.problems import problem_list, scrolled

if TYPE_CHECKING:
    from forensics.services.legacy_import import LegacyOptions, LegacyPlan, LegacyTable, Understood

MEANINGS = {
    "case": "case number", "received": "day of receipt", "received_from": "received from", "order": "order",
    "item": "number of the item", "bones": "bone or bones", "mass_g": "mass in grams", "count": "pieces",
    "given_names": "given names", "family_names": "family names", "original_name": "whole name",
    "aliases": "also called", "birth": "born", "height_cm": "height in centimetres", "last_seen": "last seen on",
    "last_place": "last seen at", "dental": "teeth", "family": "number or name of the family",
}  # fmt: skip
"""What a column may be, in words, where its own name does not say it."""


def meaning(field: str) -> str:
    """A field of the import as people call it."""
    return said(MEANINGS.get(field, field.replace("_", " ")))


class LegacyPage(QWidget):
    """`left` when the person goes back, `imported` when the file was taken in."""

    left = Signal()
    imported = Signal(object)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setProperty("kind", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.context = context
        self.table: LegacyTable | None = None
        self.plan: LegacyPlan | None = None
        self.fields: dict[str, Field] = {}
        self.columns: dict[str, ChoiceField] = {}
        self._known: list[LegacyMapping] = []
        self._wait = QTimer(self, singleShot=True, interval=350)
        self._wait.timeout.connect(self.check)
        self.go = Button(self.tr("Take in"), "primary", "import", self.take_in, "Ctrl+Return")
        self.go.setEnabled(False)
        self._mapping = QVBoxLayout()
        self._report = QVBoxLayout()
        self._build()

    def begin(self) -> None:
        self.fields["path"].editor.setFocus()

    # -- building ------------------------------------------------------------------------------------------

    def _build(self) -> None:
        back = Button(self.tr("Back"), "plain", "arrow-left", self.left.emit)
        self.said = text("", "small", wrap=False)
        title = text(self.tr("Import a spreadsheet"), "strong", wrap=False)
        bar = row(back, title, None, self.said, self.go, gap=12)
        bar.setContentsMargins(16, 8, 24, 8)
        self._mapping.setSpacing(6)
        options = column(*self._options(), self._mapping, gap=12)
        options.setContentsMargins(24, 16, 20, 24)
        options.addStretch()
        left = scrolled(options)
        left.setMinimumWidth(400)
        self._report.setContentsMargins(24, 16, 24, 8)
        self._report.setSpacing(10)
        words = self.tr(
            "CSV or Excel, with one line of titles. You say what each column means, and see what every row "
            "becomes before anything changes."
        )
        self._report.addWidget(EmptyState("table", self.tr("Choose a file"), words))
        right = QWidget()
        right.setLayout(self._report)
        sides = row(left, rule(upright=True), right, gap=0)
        sides.setStretch(0, 2)
        sides.setStretch(2, 3)
        layout = column(boxed(bar, "header"), sides, gap=0)
        layout.setStretch(1, 1)
        self.setLayout(layout)

    def _options(self) -> list[QWidget]:
        from forensics.services.operations import operations

        files = self.tr("Spreadsheets (*.csv *.tsv *.txt *.xlsx);;All files (*)")
        known = self.context.query(operations) or []
        chosen = self.context.operation
        here = [(o.id, o.title) for o in known if chosen is None or o.id == chosen.id]
        by_column = self.tr("As the column shows")
        hint = self.tr("Where the file does not say it")
        return [
            self._field(PathField("path", self.tr("File"), files), self.read_file),
            self._field(
                ChoiceField("kind", self.tr("Each row is"), self._kinds(), required=True, prompt=False),
                self._map_anew,
            ),
            self._field(ChoiceField("operation", self.tr("Operation"), here, required=True, prompt=False)),
            self._field(
                ChoiceField("order", self.tr("Order of dates"), choices(DateOrder), nothing=by_column)
            ),
            self._field(TextField("received_from", self.tr("Received from"), hint)),
            self._field(TextField("received_on", self.tr("Received on"), hint, parse=_day)),
            self._field(TextField("institution", self.tr("Whose numbers these are"))),
        ]

    def _kinds(self) -> list[tuple[LegacyKind, str]]:
        from forensics.services.legacy_import import import_missing, import_remains

        may = {
            LegacyKind.REMAINS: self.context.may(import_remains),
            LegacyKind.MISSING: self.context.may(import_missing),
        }
        words = {
            LegacyKind.REMAINS: self.tr("A bone or a case"),
            LegacyKind.MISSING: self.tr("A missing person"),
        }
        return [(kind, words[kind]) for kind in LegacyKind if may[kind]]

    def _field(self, field: Field, act: Any = None) -> Field:
        self.fields[field.name] = field
        field.edited.connect(act or self._wait.start)
        return field

    # -- reading -------------------------------------------------------------------------------------------

    def read_file(self) -> None:
        """Read the chosen file on a computing thread; then its columns are mapped."""
        self.table = self.plan = None
        self.go.setEnabled(False)
        path = self.fields["path"].value_or(None)
        if path is None:
            return
        title = self.tr("Reading {0}").format(path.name)
        self.said.setText(title)
        self.context.tasks.start(title, _read, path, then=self._have_read, failed=self._could_not)

    def _have_read(self, table: LegacyTable) -> None:
        from forensics.services.legacy_import import mappings

        self.table = table
        self.said.setText("")
        self._known = self.context.query(mappings) or []
        self._map_anew()

    def _could_not(self, error: BaseException) -> None:
        self.said.setText("")
        clear(self._mapping)
        clear(self._report)
        if isinstance(error, NominaError):
            self._report.addWidget(Banner(str(error), Meaning.REFUSED))
            self._report.addStretch()
        else:
            self.context.failed(error)

    # -- the columns ---------------------------------------------------------------------------------------

    def _map_anew(self) -> None:
        """One line for each column: its title, what its first cell holds, and what it means."""
        from forensics.services.legacy_import import fields_of, guess

        self._show_fields()
        clear(self._mapping)
        self.columns = {}
        if self.table is None:
            return
        kind = self.fields["kind"].value()
        guessed = guess(self.table.header, kind, self._known)
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setColumnStretch(0, 1)
        offered = [(field, meaning(field)) for field in fields_of(kind)]
        for line, title in enumerate(self.table.header):
            choice = ChoiceField(title, title, offered, nothing=self.tr("Left out"))
            choice.label.hide()
            choice.setFixedWidth(200)
            choice.set_value(guessed.get(title))
            choice.edited.connect(self._wait.start)
            first = next((cells for row in self.table.rows[:50] if (cells := row.cell(line))), "")
            named = QWidget()
            named.setLayout(column(Elided(title, "strong"), Elided(first, "small"), gap=0))
            grid.addWidget(named, line, 0)
            grid.addWidget(choice, line, 1)
            self.columns[title] = choice
        holder = QWidget()
        holder.setLayout(grid)
        self._mapping.addWidget(rule())
        save = Button(self.tr("Save the mapping"), "quiet", "save", self.save_mapping)
        self._mapping.addLayout(row(text(self.tr("Columns"), "strong"), None, save))
        self._mapping.addWidget(holder)
        self.check()

    def _show_fields(self) -> None:
        """What is asked of remains is not asked of the missing, and the other way round."""
        remains = self.fields["kind"].value_or(None) is LegacyKind.REMAINS
        for name in ("received_from", "received_on"):
            self.fields[name].setVisible(remains)
        self.fields["institution"].setVisible(not remains)

    def save_mapping(self) -> None:
        """Keep the mapping under a name; a file with the same titles is mapped so at once."""
        from forensics.services.legacy_import import mappings, save_mapping
        from gui.widgets.forms import FormDialog

        kind, columns = self.fields["kind"].value(), self._chosen()
        form = FormDialog(
            self.tr("Save the mapping"),
            lambda values: self.context.lab.run(save_mapping, values["name"], kind, columns),
            self,
            self.tr("A file with these titles is mapped so from now on."),
        )
        form.text("name", self.tr("Name"), required=True)
        if form.ask() is not None:
            self._known = self.context.query(mappings) or []

    def _chosen(self) -> dict[str, str]:
        return {title: value for title, field in self.columns.items() if (value := field.value())}

    # -- the dry run ---------------------------------------------------------------------------------------

    def _options_chosen(self) -> LegacyOptions | None:
        """None where a field or the mapping complains."""
        from forensics.services.legacy_import import LegacyOptions

        values: dict[str, Any] = {}
        for name, field in self.fields.items():
            try:
                values[name] = field.value()
                field.complain("")
            except Invalid as error:
                field.complain(str(error))
                return None
        chosen = self._chosen()
        for title, field in self.columns.items():
            twice = title in chosen and list(chosen.values()).count(chosen[title]) > 1
            field.complain(self.tr("Chosen twice") if twice else "")
        if len(set(chosen.values())) < len(chosen):
            return None
        return LegacyOptions(
            values["kind"],
            chosen,
            values["order"],
            values["received_from"],
            values["received_on"],
            values["institution"],
        )

    def check(self) -> None:
        """Every row as what it becomes, beside the window, then against what the laboratory knows."""
        options = self._options_chosen() if self.table is not None else None
        self.go.setEnabled(False)
        if options is None:
            return
        self.said.setText(self.tr("Checking…"))
        title = self.tr("Checking {0} rows").format(len(self.table.rows) if self.table else 0)
        self.context.tasks.start(
            title, _understand, self.table, options, then=self._have_understood, failed=self._could_not
        )

    def _have_understood(self, understood: Understood) -> None:
        from forensics.services.legacy_import import check

        self.context.ask(self.show_plan, check, understood)

    def show_plan(self, plan: LegacyPlan) -> None:
        """The verdict, the problems, and the rows."""
        self.plan = plan
        self.said.setText("")
        self.go.setEnabled(not plan.refused)
        clear(self._report)
        self._report.addWidget(self._verdict(plan))
        if plan.problems:
            self._report.addWidget(problem_list(plan.problems))
        rows = plan.understood.rows
        columns = [
            Column("line", self.tr("Line"), Kind.NUMBER, 64),
            Column(
                "becomes", self.tr("What becomes of it"), value=lambda one: said(one.becomes), stretch=True
            ),
        ]
        found = RecordList(
            self.tr("Rows of the file"),
            columns,
            MemorySource(lambda: rows, columns),
            key=lambda one: (one.line, one.key),
        )
        found.load()
        self._report.addWidget(found, 1)

    def _verdict(self, plan: LegacyPlan) -> Banner:
        fatal = sum(p.severity is Severity.FATAL for p in plan.problems)
        count = len(plan.understood.rows)
        if not fatal:
            return Banner(self.tr("{0} rows can be taken in.").format(f"{count:,}"), Meaning.GOOD)
        one = self.tr("One thing stands in the way; nothing is taken in until it is mended.")
        many = self.tr("{0} things stand in the way; nothing is taken in until they are mended.")
        return Banner(one if fatal == 1 else many.format(fatal), Meaning.REFUSED)

    # -- taking in -----------------------------------------------------------------------------------------

    def take_in(self) -> None:
        """All of it, or nothing; it can be stopped."""
        if self.plan is None or self.plan.refused:
            return
        self.go.setEnabled(False)
        understood, operation = self.plan.understood, self.fields["operation"].value()
        title = self.tr("Taking in {0}").format(understood.file_name)
        self.said.setText(title)
        work = partial(_take, self.context, understood, operation)
        task = self.context.tasks.start(title, work, then=self._done, failed=self._refused)
        task.cancelled.connect(self._stopped)

    def _stopped(self) -> None:
        self.said.setText(self.tr("Stopped; nothing was taken in."))
        self.go.setEnabled(True)

    def _done(self, record: Any) -> None:
        words = self.tr("{0}: {1} rows taken in.").format(record.number, f"{record.rows:,}")
        self.context.notify(words, Meaning.GOOD)
        self.imported.emit(record)

    def _refused(self, error: BaseException) -> None:
        self.said.setText("")
        self.go.setEnabled(True)
        self.context.failed(error)


def _read(path: Path, _progress: object) -> LegacyTable:
    from forensics.services.legacy_import import read_legacy

    return read_legacy(path)


def _understand(table: LegacyTable, options: LegacyOptions, progress: Any) -> Understood:
    from forensics.services.legacy_import import understand

    return understand(table, options, progress)


def _take(context: Context, understood: Understood, operation: Any, progress: Any) -> Any:
    from forensics.services.legacy_import import import_missing, import_remains

    remains = understood.options.kind is LegacyKind.REMAINS
    return context.lab.run(import_remains if remains else import_missing, understood, operation, progress)


def _day(words: str) -> date:
    try:
        return date.fromisoformat(words)
    except ValueError:
        raise Invalid(say("“{0}” is not a date; write it as 2026-11-21.").format(words)) from None
