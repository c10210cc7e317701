"""Frequency tables: those in use, those that ship with the program, and tables of one's own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QWidget

from forensics.domain.errors import Invalid
from forensics.domain.kinship import FrequencyTable
from forensics.domain.operations import FrequencyData
from forensics.domain.reading import Reading, Severity
from forensics.services import operations, profiles
from gui.context import Ref
from gui.look import Meaning
from gui.place import ListPlace
from gui.places.settings_words import say
from gui.widgets.banner import EmptyState
from gui.widgets.buttons import Action
from gui.widgets.forms import FormDialog
from gui.widgets.lists import Column, Filter, Kind, RecordList
from gui.widgets.marks import Mark
from gui.widgets.model import MemorySource
from gui.widgets.record import Fact, RecordPage

FILES = "*.csv *.txt *.tsv *.xlsx *.freq"


@dataclass(frozen=True, slots=True)
class TableLine:
    """A table that is in use, or one that could be."""

    id: str
    name: str
    population: str
    people: int | None
    loci: int
    used: bool
    key: str = ""  # of a shipped table
    data: FrequencyData | None = None

    @property
    def series(self) -> str:
        """The first words of the name, which tell the studies apart."""
        return " ".join(self.name.replace(",", "").split()[:2])


class FrequenciesPart(ListPlace):
    """What the alleles' rarity is taken from."""

    name = "settings-frequencies"
    subjects = frozenset({"frequency_data"})

    def make_list(self) -> RecordList:
        columns = [
            Column("population", self.tr("Population"), stretch=True),
            Column("series", self.tr("Series"), width=96),
            Column("used", self.tr("State"), Kind.MARK, 96, value=_mark),
            Column("people", self.tr("People"), Kind.NUMBER, 78),
            Column("loci", self.tr("Loci"), Kind.NUMBER, 64),
            Column("name", self.tr("Table"), width=320),
        ]
        words = self.tr("Take one that ships into use, or import the table of your population.")
        return RecordList(
            self.tr("Frequency tables"),
            columns,
            MemorySource(self._lines, columns),
            [
                Filter(
                    "used",
                    self.tr("State"),
                    [(True, self.tr("In use")), (False, self.tr("Ships with the program"))],
                )
            ],
            EmptyState("table", self.tr("No tables"), words),
            self.actions_offered(),
        )

    def actions_offered(self) -> list[Action]:
        why = (
            ""
            if self.context.may(operations.take_frequencies)
            else say("Case managers and coordinators do this.")
        )
        return [Action(self.tr("Import…"), self.import_file, "import", "primary", "Ctrl+N", why)]

    def make_nothing(self) -> QWidget:
        words = self.tr("Choose a table to read its source and its numbers.")
        return EmptyState("table", self.tr("No table chosen"), words)

    def open(self, ref: Ref) -> None:
        self.list.select(str(ref.id))

    def fill(self, page: RecordPage, row: TableLine) -> None:
        from forensics.data.frequencies import available, load

        info = next((i for i in available() if i.key == row.key), None)
        table = operations.table_of(row.data) if row.data is not None else load(row.key)
        why = (
            ""
            if self.context.may(operations.take_frequencies)
            else say("Case managers and coordinators do this.")
        )
        take = Action(self.tr("Take into use"), lambda: self._take(load(row.key)), "check", "quiet", "", why)
        page.header(
            "", row.name, self.tr("Frequency table"), [_mark(row)], actions=[] if row.used else [take]
        )
        facts: list[tuple[str, Any]] = [
            (self.tr("Population"), table.population or None),
            (
                self.tr("People"),
                Fact(f"{row.people:,}", self.tr("counted at the largest locus")) if row.people else None,
            ),
            (self.tr("Source"), table.source or None),
        ]
        if info is not None:
            facts += [(self.tr("Origin"), info.origin), (self.tr("Licence"), info.licence)]
        if table.digest:
            facts.append(
                (
                    self.tr("SHA-256"),
                    Fact(" ".join(_pieces(table.digest)), self.tr("results name it"), mono=True),
                )
            )
        page.section(self.tr("Where it comes from")).facts(facts)
        rows = [_locus_row(table, locus) for locus in table.loci]
        titles = [self.tr("Locus"), self.tr("Alleles"), self.tr("Counted"), self.tr("Most frequent")]
        page.section(self.tr("{0} loci").format(len(rows))).table(titles, rows, (1, 2))

    def import_file(self) -> None:
        """Choose a file, read its problems, say what it is, take it into use."""
        form = FormDialog(
            self.tr("Import a frequency table"),
            lambda values: profiles.read(_chosen(values["path"])),
            self,
            self.tr(
                "A matrix of alleles and markers, a list with one allele in a row, or the blocks of Familias."
            ),
            save=self.tr("Read the file"),
        )
        form.path("path", self.tr("File"), files=self.tr("Tables ({0})").format(FILES))
        reading = form.ask()
        if isinstance(reading, Reading):
            self._look_at(reading)

    def _look_at(self, reading: Reading) -> None:
        table = reading.frequencies

        def take(values: dict[str, Any]) -> FrequencyData:
            if table is None or reading.refused:
                raise Invalid(self.tr("Nothing can be taken into use; correct the file and read it again."))
            named = replace(table, digest=table.digest or reading.digest, **values)
            return self.context.lab.run(operations.take_frequencies, named)

        form = FormDialog(
            self.tr("Take the table into use"), take, self, save=self.tr("Take into use"), width=620
        )
        if table is None:
            form.note(self.tr("This file holds no frequencies."), Meaning.REFUSED)
        else:
            words = self.tr("{0} loci were read: {1}.").format(len(table.loci), ", ".join(table.loci))
            form.note(words, Meaning.NEUTRAL if reading.refused else Meaning.GOOD)
        for problem in reading.problems:
            fatal = problem.severity is Severity.FATAL
            form.note(str(problem), Meaning.REFUSED if fatal else Meaning.ATTENTION)
        form.text("name", self.tr("Name"), required=True)
        form.text("population", self.tr("Population"), required=True)
        form.text(
            "source",
            self.tr("Source"),
            hint=self.tr("Publication with DOI, or who counted whom and when."),
            required=True,
        )
        if table is not None:
            form.fill({"name": table.name, "population": table.population, "source": table.source})
        form.save_button.setEnabled(table is not None and not reading.refused)
        taken = form.ask()
        if isinstance(taken, FrequencyData):
            self.context.notify(self.tr("{0} is in use.").format(taken.name), Meaning.GOOD)
            self.list.select(str(taken.id))

    def _take(self, table: FrequencyTable) -> None:
        taken = self.context.act(operations.take_frequencies, table)
        if taken is not None:
            self.list.select(str(taken.id))

    def _lines(self) -> list[TableLine]:
        from forensics.data.frequencies import available

        used = self.context.lab.run(operations.frequency_tables)
        shipped = available()
        keys = {i.name: i.key for i in shipped}
        lines = [
            TableLine(
                str(t.id),
                t.name,
                t.population,
                max(t.sizes.values(), default=0) // 2 or None,
                len(t.content),
                True,
                keys.get(t.name, ""),
                t,
            )
            for t in used
        ]
        names = {t.name for t in used}
        lines += [
            TableLine(i.key, i.name, i.population, i.people, len(i.loci), False, i.key)
            for i in shipped
            if i.name not in names
        ]
        return lines


def _chosen(path: Path | None) -> Path:
    if path is None or not path.exists():
        raise Invalid(say("There is no such file; choose another."))
    return path


def _mark(row: TableLine) -> Mark:
    if row.used:
        return Mark(Meaning.GOOD, say("In use"))
    return Mark(Meaning.NEUTRAL, say("Ships"), "", say("Ships with the program; not in use yet."))


def _locus_row(table: FrequencyTable, locus: str) -> tuple[str, str, str, str]:
    alleles = table.loci[locus]
    most = max(alleles, key=lambda allele: alleles[allele])
    counted = table.sizes.get(locus)
    return locus, str(len(alleles)), f"{counted:,}" if counted else "–", f"{most} ({alleles[most]:.3f})"


def _pieces(digest: str) -> list[str]:
    return [digest[at : at + 8] for at in range(0, len(digest), 8)]
