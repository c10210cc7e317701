"""A machine plays the laboratory: acts in any order, lawful or not, by anybody, on a real encrypted file.

Whatever happens: the audit verifies; no record vanishes; the audit knows every revision of every record, one
after the other; and an act that was refused has changed nothing.
"""

from __future__ import annotations

import shutil
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, multiple, rule

from forensics.domain.errors import Conflict, NominaError
from forensics.domain.families import MissingPerson
from forensics.domain.kinship import Sex
from forensics.domain.operations import Operation, OperationKind, ReadingPolicy
from forensics.domain.profiles import Profile, ProfileState
from forensics.domain.reading import ReadCall, Reading, ReadProfile
from forensics.domain.records import table_name
from forensics.domain.remains import (
    Association,
    Basis,
    Description,
    ItemKind,
    ItemState,
    RemainsCase,
    RemainsItem,
)
from forensics.domain.samples import Sample, SampleKind, SampleState
from forensics.persistence.tables import TABLES
from forensics.services import auditing, families, operations, profiles, remains, samples, storage
from tests.support.laboratories import Staffed, open_copy

Records = dict[str, dict[UUID, int]]


def mostly(*likely: str) -> st.SearchStrategy[str]:
    """Who acts: usually those whose work it is, sometimes somebody else."""
    others = ["tamara", "custodian", "analyst", "reviewer", "anthropologist", "manager", "admin"]
    return st.sampled_from([*likely] * (24 // len(likely)) + others)


HANDS = st.sampled_from(["tamara", "custodian", "anthropologist"])
JUDGES = st.sampled_from(["analyst", "reviewer", "anthropologist"])
WORDS = st.sampled_from(["said by the family", "broken seal", "counted twice", "not ours", "", "  "])
SELDOM = st.sampled_from([False] * 5 + [True])
MASS = st.sampled_from([None, 12.5, 40.0, 96.0, 0.0, -3.0])
GENOTYPE = st.sampled_from([("6",), ("6", "9.3"), ("7", "8"), ("6", "7", "8")])


def _revisions(table: sa.Table) -> sa.Select[Any]:
    return sa.select(table.c.id, table.c.revision)


class LaboratoryMachine(RuleBasedStateMachine):
    """The laboratory between the acts; the bundles hold what there is to act on."""

    template: ClassVar[Path]
    items: Bundle[UUID] = Bundle("items")
    cases: Bundle[UUID] = Bundle("cases")
    taken: Bundle[UUID] = Bundle("samples")
    read: Bundle[UUID] = Bundle("profiles")
    linked: Bundle[UUID] = Bundle("associations")
    seen: Bundle[RemainsItem] = Bundle("versions that somebody looks at")

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="machine-"))
        self.labs: Staffed = open_copy(self.template, self.folder)
        new = Operation(
            title="Landslide", kind=OperationKind.DISASTER, number_sought=12, reading=ReadingPolicy.ONE
        )
        self.operation = self.labs["manager"].run(operations.create_operation, new).id
        self.shelf = self.labs["custodian"].run(storage.create_location, "Shelf 1").id
        self.known: Records = self.records()

    def teardown(self) -> None:
        self.labs.close()
        shutil.rmtree(self.folder)

    # what is there

    def records(self) -> Records:
        """Every record of every kind with its revision, read past the program."""
        with self.labs.admin.store.engine.connect() as connection:
            return {
                table_name(kind): {row.id: row.revision for row in connection.execute(_revisions(table))}
                for kind, table in TABLES.items()
            }

    def act(self, who: str, use_case: Any, *args: Any, **named: Any) -> Any:
        """The result, or None when the laboratory refused, in which case nothing may have changed."""
        head, before = self.labs.admin.run(auditing.head), self.records()
        try:
            return self.labs[who].run(use_case, *args, **named)
        except NominaError as refusal:
            said = str(refusal)
        assert said.endswith((".", "!", "…")), f"not a sentence: {said}"
        assert self.labs.admin.run(auditing.head) == head
        assert self.records() == before
        return None

    @initialize(target=items)
    def first_delivery(self) -> Any:
        """Something to work on from the start: a case with three bones."""
        case = RemainsCase(
            operation=self.operation,
            received_at=datetime.now(UTC),
            received_from="Mortuary",
            received_by=self.labs.person("custodian").id,
            description=Description.COMMINGLED,
        )
        bones = [remains.NewItem(ItemKind.BONE, "femur")] * 3
        made = self.labs["custodian"].run(remains.receive_case, case, bones, self.shelf)
        return multiple(*(line.id for line in self.labs["custodian"].run(remains.case_record, made.id).items))

    @initialize(target=taken)
    def first_donor(self) -> Any:
        """And the swab of a relative."""
        return self._donated("father")

    # remains

    @rule(
        target=cases,
        who=mostly("custodian", "tamara"),
        description=st.sampled_from(list(Description)),
        giver=WORDS,
        late=SELDOM,
    )
    def receive(self, who: str, description: Description, giver: str, late: bool) -> Any:
        arrived = RemainsCase(
            operation=self.operation,
            received_at=datetime.now(UTC) + timedelta(hours=1 if late else -1),
            received_from=giver,
            received_by=self.labs.person("custodian").id,
            description=description,
        )
        made = self.act(who, remains.receive_case, arrived)
        if made is None:
            return multiple()
        assert giver.strip()
        assert not late
        assert made.received_by == self.labs.person(who).id
        return made.id

    @rule(target=items, who=HANDS, case=cases, mass=MASS)
    def add_item(self, who: str, case: UUID, mass: float | None) -> Any:
        new = remains.NewItem(ItemKind.BONE, "femur", mass_g=mass)
        made = self.act(who, remains.add_items, case, [new], self.shelf)
        assert (made is None) == (mass is not None and mass <= 0)
        return made[0].id if made else multiple()

    @rule(who=HANDS, item=items, state=st.sampled_from(list(ItemState)))
    def set_state(self, who: str, item: UUID, state: ItemState) -> None:
        self.act(who, remains.set_item_state, item, state)

    @rule(who=mostly("custodian"), item=items)
    def move(self, who: str, item: UUID) -> None:
        self.act(who, storage.move_things, [item], self.shelf, note="counted")

    @rule(target=seen, item=items)
    def look(self, item: UUID) -> RemainsItem:
        return self.labs["manager"].run(remains.item_record, item).item

    @rule(who=HANDS, version=consumes(seen), words=WORDS)
    def correct_what_was_seen(self, who: str, version: RemainsItem, words: str) -> None:
        """Only the newest version may be written on; a stale one raises `Conflict` with both."""
        now = self.labs["manager"].run(remains.item_record, version.id).item
        fields = {"note": f"{words} {uuid4()}"}
        if version.revision == now.revision:
            changed = self.labs[who].run(remains.change_item, version, fields)
            assert changed.revision == now.revision + 1
        else:
            with pytest.raises(Conflict) as conflict:
                self.labs[who].run(remains.change_item, version, fields)
            assert conflict.value.theirs == now

    # samples

    @rule(target=taken, who=HANDS, item=items, kind=st.sampled_from([SampleKind.BONE, SampleKind.HAIR]))
    def plan(self, who: str, item: UUID, kind: SampleKind) -> Any:
        made = self.act(who, samples.plan_sample, item, kind)
        return made.id if made else multiple()

    @rule(who=mostly("manager"), sample=taken)
    def authorise(self, who: str, sample: UUID) -> None:
        done = self.act(who, samples.authorise_sample, sample)
        assert done is None or who == "manager"

    @rule(who=st.sampled_from(["tamara", "anthropologist"]), witness=HANDS, sample=taken)
    def take(self, who: str, witness: str, sample: UUID) -> None:
        done: Sample | None = self.act(who, samples.take_sample, sample, self.labs.person(witness).id, 500.0)
        if done is not None:
            assert who != witness
            assert done.kind is SampleKind.HAIR or done.authorised_by is not None

    @rule(who=HANDS, sample=taken)
    def receive_sample(self, who: str, sample: UUID) -> None:
        done: Sample | None = self.act(who, samples.receive_sample, sample, self.shelf, "cold")
        if done is not None:
            assert done.state is SampleState.ACCESSIONED
            assert done.received_by != done.taken_by

    @rule(who=mostly("tamara"), sample=taken, words=WORDS)
    def fail(self, who: str, sample: UUID, words: str) -> None:
        self.act(who, samples.fail_sample, sample, words)

    # families

    @rule(target=taken, relation=st.sampled_from(["mother", "brother", "tailor"]))
    def donate(self, relation: str) -> Any:
        """A relative of a new family gives a sample."""
        return self._donated(relation)

    def _donated(self, relation: str) -> Any:
        manager = self.labs["manager"]
        family = manager.run(families.create_family, self.operation, "Family")
        sought = MissingPerson(operation=self.operation, family=family.id, token="", sex=Sex.MALE)
        manager.run(families.add_missing_person, sought, "MP")
        drawn = self.act("manager", families.add_relative, family.id, "MP", relation, "R")
        assert (drawn is None) == (relation == "tailor")
        if drawn is None:
            return multiple()
        consent = families.ConsentDetails(date(2026, 1, 2), "form 1")
        donor = manager.run(families.add_donor, family.id, "R", consent)
        assert self.act("manager", families.add_donor, family.id, "R", consent) is None  # once is enough
        accession, kind = self.labs["custodian"].run, SampleKind.BUCCAL
        where = "family association"
        return accession(samples.accession_sample, kind, donor=donor.id, taken_outside=where).id

    @rule(sample=taken, words=WORDS)
    def withdraw_consent(self, sample: UUID, words: str) -> None:
        """All profiles of the donor leave every search at once."""
        found = self.labs["tamara"].run(samples.sample_record, sample).sample
        if found.donor is None:
            return
        done = self.act("manager", families.withdraw_consent, found.donor, words)
        assert (
            self.act("manager", families.withdraw_consent, found.donor, words or "again") is None or not done
        )
        if done is not None:
            left = self._states(sample) & {"accepted", "imported"}
            assert not left

    def _states(self, sample: UUID) -> set[str]:
        table = TABLES[Profile]
        with self.labs.admin.store.engine.connect() as connection:
            return set(connection.scalars(sa.select(table.c.state).where(table.c.sample == sample)))

    # profiles

    @rule(target=read, who=mostly("analyst"), sample=taken, th01=GENOTYPE, unknown=SELDOM)
    def import_profile(self, who: str, sample: UUID, th01: tuple[str, ...], unknown: bool) -> Any:
        token = self.labs["tamara"].run(samples.sample_record, sample).sample.token
        calls = {"TH01": tuple(ReadCall(a) for a in th01), "vWA": (ReadCall("17"),)}
        found = [ReadProfile(token, calls)] + ([ReadProfile("nobody's", calls)] if unknown else [])
        reading = Reading("machine", uuid4().hex, tuple(found))
        options = profiles.ImportOptions(self.operation, "machine.txt")
        done = self.act(who, profiles.import_reading, reading, options)
        if done is None:
            return multiple()
        assert not unknown  # a file is taken whole or not at all
        table = TABLES[Profile]
        with self.labs.admin.store.engine.connect() as connection:
            id: UUID = connection.scalars(sa.select(table.c.id).where(table.c.source == done.id)).one()
        return id

    @rule(who=mostly("reviewer"), profile=read)
    def accept(self, who: str, profile: UUID) -> None:
        done = self.act(who, profiles.accept_profiles, [profile])
        if done:
            (accepted,) = done
            assert accepted.reviewed_by != accepted.imported_by
            assert accepted.state is ProfileState.ACCEPTED

    @rule(who=mostly("reviewer"), profile=read, words=WORDS)
    def withdraw(self, who: str, profile: UUID, words: str) -> None:
        done = self.act(who, profiles.withdraw_profile, profile, words)
        assert done is None or (words.strip() and who == "reviewer")

    # associations

    @rule(target=linked, who=JUDGES, first=items, second=items)
    def associate(self, who: str, first: UUID, second: UUID) -> Any:
        made = self.act(who, remains.propose_association, first, second, Basis.REFIT, "the break fits")
        assert made is None or first != second
        return made.id if made else multiple()

    @rule(who=JUDGES, association=linked, accept=st.booleans())
    def decide(self, who: str, association: UUID, accept: bool) -> None:
        done: Association | None = self.act(who, remains.decide_association, association, accept)
        if done is None:
            return
        assert done.decided_by != done.proposed_by
        pair = [self.labs["manager"].run(remains.item_record, i).item for i in (done.first, done.second)]
        if accept:
            assert pair[0].individual == pair[1].individual is not None

    @rule(who=JUDGES, association=linked, words=WORDS)
    def undo(self, who: str, association: UUID, words: str) -> None:
        done = self.act(who, remains.undo_association, association, words)
        assert done is None or words.strip()

    # what always holds

    @invariant()
    def the_audit_verifies(self) -> None:
        verdict = self.labs.admin.run(auditing.verify)
        assert verdict.sound, verdict.problems
        assert verdict.entries == verdict.head.sequence

    @invariant()
    def no_record_vanishes_and_the_audit_knows_every_revision(self) -> None:
        now, told = self.records(), self._told()
        for kind, rows in self.known.items():
            assert rows.keys() <= now[kind].keys(), f"a {kind} vanished"
            assert all(now[kind][id] >= revision for id, revision in rows.items())
        for kind, rows in now.items():
            for id, revision in rows.items():
                assert told[kind, id] == list(range(1, revision + 1))
        self.known = now

    def _told(self) -> dict[tuple[str, UUID], list[int]]:
        from forensics.persistence.tables import audit_change as change

        query = sa.select(change.c.entity, change.c.record, change.c.revision)
        told: dict[tuple[str, UUID], list[int]] = {}
        with self.labs.admin.store.engine.connect() as connection:
            for entity, record, revision in connection.execute(
                query.order_by(change.c.sequence, change.c.position)
            ):
                told.setdefault((entity, record), []).append(revision)
        return told


def play(machine: type[RuleBasedStateMachine], examples: int, steps: int) -> None:
    from hypothesis.stateful import run_state_machine_as_test

    quiet = [HealthCheck.too_slow, HealthCheck.filter_too_much]
    chosen = settings(
        max_examples=examples, stateful_step_count=steps, deadline=None, suppress_health_check=quiet
    )
    run_state_machine_as_test(machine, settings=chosen)


def test_whatever_people_do_the_laboratory_stays_whole(empty_template: Path) -> None:
    LaboratoryMachine.template = empty_template
    play(LaboratoryMachine, examples=8, steps=40)


def test_the_machine_notices_a_record_changed_past_the_audit(empty_template: Path) -> None:
    """The invariant can fail: a bare statement that the database's own rules allow is told apart."""

    class Tampered(LaboratoryMachine):
        @rule()
        def tamper(self) -> None:
            with self.labs.admin.store.engine.connect() as plain:
                connection = plain.execution_options(nomina_writes=True)
                with connection.begin():
                    connection.exec_driver_sql(
                        "UPDATE operation SET title = 'forged', revision = revision + 1"
                    )

    Tampered.template = empty_template
    with pytest.raises(AssertionError):
        play(Tampered, examples=3, steps=8)
