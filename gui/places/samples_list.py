"""The list of samples and the page of one: source, states, profile with its alleles, custody, what to do next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from forensics.domain.lists import ListQuery
from forensics.domain.people import Permission
from forensics.domain.profiles import ProfileState
from forensics.domain.samples import Sample, SampleKind, SampleState
from gui.ahead import Ahead
from gui.context import Context, Ref
from gui.place import ListPlace
from gui.places.custody_acts import CustodyActs
from gui.places.laboratory_attempts import ask_attempts_ahead, attempts_section
from gui.places.papers import ask_papers_ahead, papers
from gui.places.remains_parts import fact_link, history, why_not
from gui.places.remains_words import (
    choices,
    custody_mark,
    custody_story,
    day,
    moment,
    said,
    sample_mark,
    thing,
)
from gui.places.samples_acts import DESTRUCTIVE, SampleActs
from gui.places.samples_export import export
from gui.places.samples_genotypes import profile_section
from gui.places.samples_ledger import ledger_section
from gui.places.samples_review import Review, profile_mark, state_mark
from gui.widgets.banner import EmptyState
from gui.widgets.buttons import Action
from gui.widgets.lists import Column, Filter, Kind, RecordList
from gui.widgets.record import Fact, RecordPage, Value

if TYPE_CHECKING:
    from forensics.domain.lines import SampleLine
    from forensics.services.samples import SampleRecord


class SamplesList(ListPlace):
    """`import_file` opens the import of profiles, `read` the reading of one."""

    name = "samples"
    subjects = frozenset({"attachment", "external_identifier", "sample", "profile", "custody_event"})

    def __init__(
        self, context: Context, import_file: Callable[[], None], read: Callable[[UUID], None]
    ) -> None:
        self.import_file = import_file
        self.acts = SampleActs(context, self)
        self.custody = CustodyActs(context, self)
        self.review = Review(context, self, read)
        super().__init__(context)

    def make_list(self) -> RecordList:
        from forensics.services.samples import samples

        columns = [
            Column("token", self.tr("Token"), Kind.TOKEN, 122),
            Column("kind", self.tr("Kind"), width=112, value=lambda line: said(line.kind)),
            Column("state", self.tr("Sample"), Kind.MARK, 136, lambda line: sample_mark(line.state)),
            Column("profile", self.tr("Profile"), Kind.MARK, 140, profile_mark, stretch=True),
            Column("loci", self.tr("Loci"), Kind.NUMBER, 62),
            Column("source", self.tr("Taken from"), Kind.TOKEN, 142),
            Column("place", self.tr("Where"), width=110),
            Column("taken_at", self.tr("Taken"), width=112, value=lambda line: day(line.taken_at)),
            Column("number", self.tr("Number"), Kind.TOKEN, 142, shown=False),
        ]
        filters = [
            Filter("state", self.tr("Sample"), choices(SampleState)),
            Filter("profile", self.tr("Profile"), [(one, state_mark(one).word) for one in ProfileState]),
            Filter("kind", self.tr("Kind"), choices(SampleKind)),
            Filter("reference", self.tr("Of"), [(False, self.tr("Remains")), (True, self.tr("Relatives"))]),
        ]
        words = self.tr("Samples are planned on the page of an item, or come with a file of profiles.")
        empty = EmptyState("sample", self.tr("No samples yet"), words, self._importing())

        def source(query: ListQuery) -> Any:
            return self.context.lab.run(samples, self.context.here(query))

        return RecordList(
            self.tr("Samples"),
            columns,
            source,
            filters,
            empty,
            self._buttons(),
            sort="number",
            descending=True,
            runner=self.context.tasks.quietly,
        )

    # -- acts ------------------------------------------------------------------------------------------------

    def _importing(self) -> Action:
        from forensics.services.profiles import import_reading

        why = why_not(self.context, import_reading, self.tr("Your role does not import profiles."))
        return Action(self.tr("Import"), self.import_file, "import", "primary", "Ctrl+I", why)

    def _buttons(self) -> list[Action]:
        """Above the list stands what the role does most: reviewing, or bringing in."""
        reviewing = self.review.many(lambda then: self.list.with_chosen(then))
        return [reviewing] if not reviewing.why_not else [replace(self._importing(), kind="quiet")]

    def actions_offered(self) -> list[Action]:
        from forensics.services.samples import accession_sample

        why = why_not(
            self.context,
            accession_sample,
            self.tr("Custodians, technicians and anthropologists receive samples."),
        )
        return [
            self._importing(),
            self.review.many(lambda then: self.list.with_chosen(then)),
            Action(self.tr("Accession a sample"), self.acts.accession, "download", why_not=why),
            Action(self.tr("Print labels"), self.print_labels, "print", why_not=self._no_labels()),
            Action(self.tr("Export profiles"), self.export, "export", why_not=self._no_export()),
        ]

    def _no_labels(self) -> str:
        from forensics.services.samples import note_labels

        return why_not(self.context, note_labels, self.tr("Your role does not print labels."))

    def _no_export(self) -> str:
        from forensics.services.exports import codis_export

        return why_not(self.context, codis_export, self.tr("Your role does not read profiles."))

    def export(self) -> None:
        """The accepted profiles of all chosen rows, for another laboratory."""
        self.list.with_chosen(partial(export, self.context, self))

    def print_labels(self) -> None:
        """Labels of all chosen rows."""
        self.list.with_chosen(self._print)

    def _print(self, lines: Sequence[SampleLine]) -> None:
        from forensics.services.samples import sample_record

        records = [self.context.query(sample_record, line.id) for line in lines]
        chosen = [record.sample for record in records if record is not None]
        if chosen:
            self.acts.labels(chosen)

    # -- the page --------------------------------------------------------------------------------------------

    def ask_ahead(self, ahead: Ahead, row: SampleLine) -> None:
        from forensics.services.consensus import replicates
        from forensics.services.custody import sample_story
        from forensics.services.people import names
        from forensics.services.profiles import profile
        from forensics.services.reads import reads
        from forensics.services.reference_checks import profile_checks
        from forensics.services.samples import sample_record

        record = ahead.ask(sample_record, row.id)
        ahead.ask(names)
        ahead.ask(sample_story, row.id)
        ask_papers_ahead(ahead, "sample", row.id)
        ask_attempts_ahead(ahead, row.id)
        for line in record.profiles if record is not None else ():
            ahead.ask(profile, line.id)
            ahead.ask(profile_checks, line.id)
        if row.profile_id is not None:
            ahead.ask(reads, row.profile_id)
            ahead.ask(replicates, row.id)

    def fill(self, page: RecordPage, row: SampleLine) -> None:
        from forensics.services.samples import sample_record

        record = self.context.query(sample_record, row.id)
        if record is None:
            return
        sample = record.sample
        marks = [sample_mark(sample.state), custody_mark(sample.custody)]
        profile = profile_mark(row)
        title = self.tr("{0}, of a relative") if row.reference else self.tr("{0}, of remains")
        page.header(
            sample.token,
            title.format(said(sample.kind)),
            self.tr("Sample"),
            [*marks, profile] if profile is not None else marks,
            self._outstanding(sample),
            [*self.review.of(row), *self.acts.of(sample), self.custody.action(sample)],
        )
        self._source(page, record)
        self._profiles(page, record)
        attempts_section(page, self.context, sample.id)
        ledger_section(page, self.context, self, sample)
        self._story(page, sample)
        papers(page, self.context, self, "sample", sample.id)
        history(page, self.context, frozenset({sample.id, *(line.id for line in record.profiles)}))

    def _outstanding(self, sample: Sample) -> str:
        """What the sample waits for, in one sentence."""
        if sample.state is SampleState.PLANNED and sample.kind in DESTRUCTIVE:
            return self.tr("Waits for a case manager: cutting bone or tooth destroys it.")
        return {
            SampleState.PLANNED: self.tr("Waits to be taken, before a witness."),
            SampleState.AUTHORISED: self.tr("Waits to be taken, before a witness."),
            SampleState.TAKEN: self.tr("Waits to be received by another person than the one who took it."),
            SampleState.ACCESSIONED: self.tr("Waits for its profile."),
            SampleState.FAILED: self.tr("No profile: {0}").format(sample.failure),
        }.get(sample.state, "")

    def _source(self, page: RecordPage, record: SampleRecord) -> None:
        from forensics.services.people import names

        sample, people = record.sample, self.context.query(names) or {}
        taken = Fact(moment(sample.taken_at) or "", self._who(sample, people)) if sample.taken_at else None
        elsewhere = self.tr("outside the laboratory")
        outside = Fact(sample.taken_outside, elsewhere) if sample.taken_outside else None
        facts: list[tuple[str, Value]] = [(self.tr("Taken from"), self._origin(record))]
        if record.item is not None:
            facts.append((self.tr("Element"), thing(record.item)))
        facts += [
            (self.tr("Number"), Fact(sample.number, mono=True)),
            (self.tr("Their number"), Fact(sample.external_number, mono=True) if sample.external_number else None),
            (self.tr("Taken"), taken or outside),
            (self.tr("Authorised by"), people.get(sample.authorised_by) if sample.authorised_by else None),
            (self.tr("Received by"), people.get(sample.received_by) if sample.received_by else None),
            (self.tr("Where"), record.line.place),
            (self.tr("Labels printed"), sample.labels_printed),
        ]  # fmt: skip
        unneeded = {self.tr("Authorised by")}
        page.section(self.tr("Sample")).facts(
            [(label, value) for label, value in facts if value is not None or label not in unneeded]
        )

    def _who(self, sample: Sample, people: dict[Any, str]) -> str:
        by = self.tr("by {0}").format(people.get(sample.taken_by, "")) if sample.taken_by else ""
        seen = self.tr("witness {0}").format(people.get(sample.witness, "")) if sample.witness else ""
        return ", ".join(part for part in (by, seen) if part)

    def _origin(self, record: SampleRecord) -> Value:
        """The item by its number; a donor only by the token."""
        if record.item is not None:
            ref = Ref("remains_item", record.item.id, record.item.number)
            return fact_link(record.item.number, self.context, "remains", ref)
        return Fact(record.donor_token, self.tr("donor, known here by the token"), mono=True)

    def _profiles(self, page: RecordPage, record: SampleRecord) -> None:
        from forensics.services.people import names
        from forensics.services.profiles import profile
        from forensics.services.reference_checks import profile_checks

        if not self.context.has(Permission.PROFILE_READ):
            return
        if not record.profiles:
            page.section(self.tr("Profile")).text(self.tr("No profile was imported for it yet."), "muted")
        people = self.context.query(names) or {}
        for line in sorted(record.profiles, key=lambda one: one.number, reverse=True):
            found = self.context.query(profile, line.id)
            if found is not None:
                checks = self.context.query(profile_checks, line.id)
                profile_section(page, found, line, people, checks or ())

    def _story(self, page: RecordPage, sample: Sample) -> None:
        from forensics.services.custody import sample_story

        story = self.context.query(sample_story, sample.id)
        if story:
            page.section(self.tr("Custody")).timeline(custody_story(story))
