"""Import of profiles: a file is read beside the window, shown line by line as it would be taken in, with every
problem and its remedy; then it is taken in whole or not at all.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from forensics.domain.errors import Invalid
from forensics.domain.lists import ListQuery
from forensics.domain.progress import Progress
from forensics.domain.reading import Reading, Severity
from gui.context import Context
from gui.look import Meaning
from gui.places.remains_words import said, say
from gui.widgets.banner import Banner, EmptyState
from gui.widgets.buttons import Button
from gui.widgets.fields import ChoiceField, Field, PathField, TextField
from gui.widgets.lines import boxed, clear, column, row, rule, text
from gui.widgets.lists import Column, Kind, RecordList
from gui.widgets.model import MemorySource
from gui.widgets.problems import problem_list, scrolled

if TYPE_CHECKING:
    from forensics.services.profiles import ImportLine, ImportOptions, ImportPlan


class ImportPage(QWidget):
    """`left` when the person goes back, `imported` when the file was taken in."""

    left = Signal()
    imported = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setProperty("kind", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.context = context
        self.reading: Reading | None = None
        self.plan: ImportPlan | None = None
        self.fields: dict[str, Field] = {}
        self._cases = self._known_cases()
        self._wait = QTimer(self, singleShot=True, interval=350)
        self._wait.timeout.connect(self.check)
        self.go = Button(self.tr("Take in"), "primary", "import", self.take_in, "Ctrl+Return")
        self.go.setEnabled(False)
        self._report = QVBoxLayout()
        self._build()

    def begin(self) -> None:
        self.fields["path"].editor.setFocus()

    # -- building ----------------------------------------------------------------------------------------

    def _build(self) -> None:
        back = Button(self.tr("Back"), "plain", "arrow-left", self.left.emit)
        self.said = text("", "small", wrap=False)
        bar = row(
            back, text(self.tr("Import profiles"), "strong", wrap=False), None, self.said, self.go, gap=12
        )
        bar.setContentsMargins(16, 8, 24, 8)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.setHandleWidth(1)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(self._options())
        splitter.addWidget(self._results())
        splitter.setSizes([400, 740])
        splitter.setStretchFactor(1, 1)
        layout = column(boxed(bar, "header"), splitter, gap=0)
        layout.setStretch(1, 1)
        self.setLayout(layout)

    def _options(self) -> QWidget:
        from forensics.data.kits import kits
        from forensics.services.operations import operations

        files = self.tr("Profiles (*.txt *.csv *.tsv *.xml *.xlsx *.fam *.ped);;All files (*)")
        known = self.context.query(operations) or []
        chosen = self.context.operation
        here = [(o.id, o.title) for o in known if chosen is None or o.id == chosen.id]
        parts: list[Any] = [
            self._field(PathField("path", self.tr("File"), files), self.read_file),
            self._field(ChoiceField("operation", self.tr("Operation"), here, required=True, prompt=False)),
            self._field(TextField("kit", self.tr("Kit"), suggestions=[kit.name for kit in kits()])),
            rule(),
            text(self.tr("Remains that are not known yet"), "strong"),
            self._field(
                TextField(
                    "case",
                    self.tr("Remains case"),
                    self.tr("They become items of this case; leave it empty to refuse unknown samples."),
                    parse=self._case,
                    mono=True,
                    suggestions=list(self._cases),
                )
            ),
            rule(),
            text(self.tr("Relatives of new families"), "strong"),
            self._field(TextField("form", self.tr("Consent form"), self.tr("As the donors signed it"))),
            self._field(
                TextField(
                    "given_on",
                    self.tr("Consent given on"),
                    self.tr("Year, month, day: 2026-11-21"),
                    parse=_day,
                )
            ),
            self._field(TextField("language", self.tr("Language it was read in"))),
        ]
        page = column(*parts, gap=14)
        page.setContentsMargins(24, 16, 20, 24)
        page.addStretch()
        return scrolled(page)

    def _field(self, field: Field, act: Any = None) -> Field:
        self.fields[field.name] = field
        field.edited.connect(act or self._wait.start)
        return field

    def _results(self) -> QWidget:
        self._report.setContentsMargins(24, 16, 24, 8)
        self._report.setSpacing(10)
        words = self.tr(
            "The file is only read at first. You see what becomes of each profile, and every problem with its "
            "remedy, before anything changes."
        )
        self._report.addWidget(EmptyState("import", self.tr("Choose a file"), words))
        holder = QWidget()
        holder.setLayout(self._report)
        return holder

    def _known_cases(self) -> dict[str, UUID]:
        from forensics.services.remains import cases

        found = self.context.query(cases, self.context.here(ListQuery(limit=5000, sort="number")))
        rows = found.rows if found is not None else ()
        return {line.number: line.id for line in rows}

    def _case(self, words: str) -> UUID:
        found = self._cases.get(words.strip().upper())
        if found is None:
            raise Invalid(self.tr("There is no remains case {0}; choose one from the list.").format(words))
        return found

    # -- reading -----------------------------------------------------------------------------------------

    def read_file(self) -> None:
        """Read the chosen file on a computing thread, then check it against what the laboratory knows."""
        self.reading = self.plan = None
        self.go.setEnabled(False)
        path = self.fields["path"].value_or(None)
        told = self._nothing_there(path)
        if told or path is None:
            self.said.setText(told)
            return
        self.said.setText(self.tr("Reading {0}…").format(path.name))
        title = self.tr("Reading {0}").format(path.name)
        task = self.context.tasks.start(title, _read, path, then=self._have_read, failed=self._could_not)
        task.cancelled.connect(self._stopped)

    def _stopped(self) -> None:
        self.said.setText(self.tr("Stopped."))

    def _nothing_there(self, path: Path | None) -> str:
        """Why nothing can be read from there, in a sentence; "" where a file lies."""
        try:
            if path is None or path.is_file():
                return ""
            folder = path.is_dir()
        except OSError as error:
            return self.tr("{0} can't be opened: {1}.").format(path, error.strerror)
        words = self.tr("{0} is a folder; choose a file.") if folder else self.tr("There is no file {0}.")
        return words.format(path.name or path)

    def _have_read(self, reading: Reading) -> None:
        self.reading = reading
        self.check()

    def _could_not(self, error: BaseException) -> None:
        self.said.setText("")
        self._clear()
        if isinstance(error, Invalid):
            self._report.addWidget(Banner(str(error), Meaning.REFUSED))
            self._report.addStretch()
        else:
            self.context.failed(error)

    def _settings(self) -> ImportOptions | None:
        """What the file does not say; None where a field complains."""
        from forensics.services.families import ConsentDetails
        from forensics.services.profiles import ImportOptions

        values: dict[str, Any] = {}
        for name, field in self.fields.items():
            try:
                values[name] = field.value()
                field.complain("")
            except Invalid as error:
                field.complain(str(error))
                return None
        consent = None
        if values["form"] and values["given_on"]:
            consent = ConsentDetails(values["given_on"], values["form"], values["language"])
        name = values["path"].name
        return ImportOptions(values["operation"], name, values["case"], consent, values["kit"])

    def check(self) -> None:
        """The dry run with the options as they are now."""
        from forensics.services.profiles import plan_import

        options = self._settings() if self.reading is not None else None
        if self.reading is None or options is None:
            self.go.setEnabled(False)
            return
        self.said.setText(self.tr("Checking…"))
        self.context.ask(self.show_plan, plan_import, self.reading, options)

    # -- showing -----------------------------------------------------------------------------------------

    def show_plan(self, plan: ImportPlan) -> None:
        """What would become of the file."""
        from forensics.services.profiles import format_title

        self.plan = plan
        self._clear()
        self.go.setEnabled(not plan.refused)
        self.said.setText(format_title(plan.reading))
        fatal = [p for p in plan.problems if p.severity is Severity.FATAL]
        self._report.addWidget(self._verdict(plan, len(fatal)))
        if plan.problems:
            self._report.addWidget(problem_list(plan.problems))
        self._report.addWidget(self._lines(plan.lines), 1)

    def _verdict(self, plan: ImportPlan, fatal: int) -> Banner:
        profiles, families = len(plan.lines), len(plan.reading.families)
        what = self.tr("{0} profiles").format(profiles) if profiles != 1 else self.tr("1 profile")
        if families:
            what += self.tr(", {0} families").format(families)
        if not fatal:
            words = self.tr("{0} can be taken in. Another person reviews them.").format(what)
            return Banner(words, Meaning.GOOD)
        one = self.tr("{0} read. One thing stands in the way; nothing is taken in until it is mended.")
        many = self.tr("{0} read. {1} things stand in the way; nothing is taken in until they are mended.")
        return Banner((one if fatal == 1 else many).format(what, fatal), Meaning.REFUSED)

    def _lines(self, lines: tuple[ImportLine, ...]) -> RecordList:
        columns = [
            Column("line", self.tr("Line"), Kind.NUMBER, 64),
            Column("sample", self.tr("In the file"), Kind.TOKEN, 170),
            Column("outcome", self.tr("What becomes of it"), value=lambda one: said(one.outcome), stretch=True),
            Column("loci", self.tr("Loci"), Kind.NUMBER, 70),
        ]  # fmt: skip
        source = MemorySource(lambda: lines, columns)
        found = RecordList(
            self.tr("Profiles of the file"), columns, source, key=lambda one: (one.line, one.sample)
        )
        found.load()
        return found

    def _clear(self) -> None:
        clear(self._report)

    # -- taking in ---------------------------------------------------------------------------------------

    def take_in(self) -> None:
        """All of it, or nothing; beside the window, with the task in the strip."""
        options = self._settings()
        if self.reading is None or options is None or self.plan is None or self.plan.refused:
            return
        self.go.setEnabled(False)
        self.said.setText(self.tr("Taking in…"))
        title = self.tr("Taking in {0}").format(options.file_name)
        task = self.context.tasks.start(
            title, self._import, self.reading, options, then=self._done, failed=self._refused
        )
        task.cancelled.connect(self._given_up)

    def _import(self, reading: Reading, options: ImportOptions, progress: Progress) -> Any:
        from forensics.services.profiles import import_reading

        return self.context.lab.run(import_reading, reading, options, progress)

    def _given_up(self) -> None:
        self.said.setText(self.tr("Stopped; nothing was taken in."))
        self.go.setEnabled(True)

    def _done(self, record: Any) -> None:
        words = self.tr("{0}: {1} profiles taken in; another person reviews them.")
        self.context.notify(words.format(record.number, record.profiles), Meaning.GOOD)
        self.imported.emit()

    def _refused(self, error: BaseException) -> None:
        self.said.setText("")
        self.go.setEnabled(True)
        self.context.failed(error)


def _read(path: Path, _progress: object) -> Reading:
    from forensics.services.profiles import read

    return read(path)


def _day(words: str) -> date:
    try:
        return date.fromisoformat(words)
    except ValueError:
        raise Invalid(say("“{0}” is not a date; write it as 2026-11-21.").format(words)) from None
