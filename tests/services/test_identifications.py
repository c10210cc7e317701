"""Three people, the evidence grid, the family, the return: and what is refused on the way."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from forensics.domain.anthropology import Side
from forensics.domain.consistency import Consistency
from forensics.domain.errors import Invalid, Refused
from forensics.domain.facts import Category
from forensics.domain.families import MissingState
from forensics.domain.identifications import (
    GridLine,
    Handover,
    Identification,
    IdentificationState,
    Notification,
)
from forensics.domain.kinship import Sex
from forensics.domain.lists import ListQuery
from forensics.domain.matching import Hypothesis, HypothesisState
from forensics.domain.people import Permission, Role
from forensics.domain.remains import CustodyState, ItemKind, ItemState
from forensics.persistence.tables import TABLES
from forensics.persistence.transaction import Transaction
from forensics.persistence.trouble import explain
from forensics.services import families, identifications, matching, operations, people, remains
from forensics.services.door import command, query
from tests.support.laboratories import PASSWORD, Staffed


def _hypothesis(lab: Staffed, state: HypothesisState, strongest: bool = True) -> Hypothesis:
    """The strongest hypothesis in a state (or the weakest that suffices) whose remains have no identification yet."""
    query = ListQuery(filters={"state": (str(state),)}, sort="log10_lr", descending=strongest)
    for line in lab["analyst"].run(matching.hypotheses, query).rows:
        record = lab["analyst"].run(matching.hypothesis_record, line.id)
        if (record.hypothesis.posterior or 0) >= record.operation.threshold:
            found = lab["manager"].run(identifications.identifications, ListQuery(limit=500)).rows
            if record.item.number not in {f.item_number for f in found}:
                return record.hypothesis
    raise LookupError(state)


def _supported(lab: Staffed, strongest: bool = True) -> Hypothesis:
    candidate = _hypothesis(lab, HypothesisState.PROPOSED, strongest)
    return lab["reviewer"].run(matching.review_match, candidate, HypothesisState.SUPPORTED, "")


def _proposed(lab: Staffed) -> Identification:
    made = lab["manager"].run(identifications.propose, _supported(lab).id, "All agrees.")
    for row in made.grid:
        if row.verdict == Consistency.INCONSISTENT:
            made = lab["manager"].run(
                identifications.judge, made, row.aspect, Consistency.EXPLAINED, "Said from memory."
            )
    return made


def _all_roles(lab: Staffed, login: str) -> None:
    """A very small laboratory: one person holds every role."""
    lab.admin.run(
        people.set_roles,
        lab.person(login).id,
        [Role.DNA_ANALYST, Role.DNA_REVIEWER, Role.CASE_MANAGER, Role.COORDINATOR],
    )
    lab[login].refresh_roles()


def test_only_a_supported_match_can_be_proposed(small_lab: Staffed) -> None:
    waiting = _hypothesis(small_lab, HypothesisState.PROPOSED)
    with pytest.raises(Refused, match="must support the match"):
        small_lab["manager"].run(identifications.propose, waiting.id, "too early")


def test_the_reviewer_of_a_match_is_another_person(small_lab: Staffed) -> None:
    _all_roles(small_lab, "analyst")
    waiting = _hypothesis(small_lab, HypothesisState.PROPOSED)
    assert waiting.weighed_by == small_lab["analyst"].person.id
    with pytest.raises(Refused, match="reviewed by another person"):
        small_lab["analyst"].run(matching.review_match, waiting, HypothesisState.SUPPORTED, "")


@pytest.mark.parametrize("login", ["manager", "reviewer"])
def test_the_one_who_confirms_is_a_third_person(small_lab: Staffed, login: str) -> None:
    made = _proposed(small_lab)
    _all_roles(small_lab, login)
    with pytest.raises(Refused, match="three different people"):
        identifications.confirm(small_lab[login], made, "agreed", PASSWORD)


def test_the_database_refuses_one_person_in_two_roles_too(small_lab: Staffed) -> None:
    made = _proposed(small_lab)
    table = TABLES[Identification]
    change = sa.update(table).where(table.c.id == made.id)
    change = change.values(confirmed_by=made.proposed_by, state="confirmed", revision=made.revision + 1)
    engine = small_lab.admin.store.engine
    connected = engine.connect().execution_options(nomina_writes=True)
    with pytest.raises(sa.exc.IntegrityError) as caught, connected as connection, connection.begin():
        connection.execute(change)
    assert "three different people" in str(explain(caught.value))


def test_confirming_asks_for_the_password_again(small_lab: Staffed) -> None:
    made = _proposed(small_lab)
    with pytest.raises(Refused, match="not yours"):
        identifications.confirm(small_lab["coordinator"], made, "agreed", "wrong password")


def test_an_unexplained_inconsistency_stops_the_confirmation(small_lab: Staffed) -> None:
    made = _proposed(small_lab)
    line = replace(made.grid[2], verdict=str(Consistency.INCONSISTENT))

    @command(Permission.IDENTIFICATION_PROPOSE)
    def spoil(tx: Transaction) -> Identification:
        return tx.change(made, grid=(*made.grid[:2], line, *made.grid[3:]))

    spoilt = small_lab["manager"].run(spoil)
    with pytest.raises(Refused, match="not explained"):
        identifications.confirm(small_lab["coordinator"], spoilt, "agreed", PASSWORD)
    with pytest.raises(Refused, match="can be explained"):
        small_lab["manager"].run(
            identifications.judge, spoilt, line.aspect, Consistency.CONSISTENT, "looks fine"
        )
    explained = small_lab["manager"].run(
        identifications.judge, spoilt, line.aspect, Consistency.EXPLAINED, "memory"
    )
    assert identifications.confirm(small_lab["coordinator"], explained, "agreed", PASSWORD).confirmed_by


def test_the_whole_way_to_the_grave(small_lab: Staffed) -> None:
    manager = small_lab["manager"]
    made = identifications.confirm(
        small_lab["coordinator"], _proposed(small_lab), "The evidence agrees.", PASSWORD
    )
    record = manager.run(identifications.identification_record, made.id)
    assert record.missing.state is MissingState.IDENTIFIED
    assert {line.state for line in record.items} == {ItemState.IDENTIFIED}
    ids = [line.id for line in record.items]
    handover = Handover(
        identification=made.id,
        at=datetime.now(UTC),
        by=manager.person.id,
        receiver="the brother",
        inventory=(),
        complete=False,
    )
    with pytest.raises(Refused, match="must be notified"):
        manager.run(identifications.record_handover, handover, ids)
    with pytest.raises(Invalid, match="was present"):
        manager.run(
            identifications.record_notification,
            Notification(identification=made.id, on=date.today(), by=manager.person.id, present=""),
        )
    told = Notification(identification=made.id, on=date.today(), by=manager.person.id, present="the mother")
    manager.run(identifications.record_notification, told)
    seen = manager.run(identifications.identification_record, made.id).identification
    with pytest.raises(Refused, match="no complete handover"):
        manager.run(identifications.close, seen)
    given = manager.run(identifications.record_handover, handover, ids)
    assert given.complete
    assert len(given.inventory) == len(ids)
    after = manager.run(identifications.identification_record, made.id)
    assert {line.custody for line in after.items} == {CustodyState.RELEASED}
    closed = manager.run(identifications.close, after.identification)
    assert closed.state is IdentificationState.CLOSED
    assert manager.run(remains.item_record, ids[0]).item.custody is CustodyState.RELEASED


def test_unknown_is_never_a_mismatch(small_lab: Staffed) -> None:
    supported = _supported(small_lab)
    person = small_lab["manager"].run(families.missing_person, supported.missing_person)
    small_lab["manager"].run(
        families.change_missing_person, person, {"birth": None, "height_cm": None, "marks": "", "dental": ""}
    )
    grid = {row.aspect: row.verdict for row in small_lab["manager"].run(identifications.grid, supported.id)}
    assert grid["age"] == grid["stature"] == grid["teeth"] == Consistency.UNKNOWN


def test_a_decided_identification_can_not_be_rewritten(small_lab: Staffed) -> None:
    made = identifications.confirm(small_lab["coordinator"], _proposed(small_lab), "agreed", PASSWORD)

    @command(Permission.IDENTIFICATION_PROPOSE)
    def rewrite(tx: Transaction) -> Identification:
        return tx.change(made, decision="something else")

    with pytest.raises(Refused, match="can't be changed any more"):
        small_lab["manager"].run(rewrite)


def test_below_the_threshold_of_the_policy_nobody_is_identified(small_lab: Staffed) -> None:
    manager, found = small_lab["manager"], _supported(small_lab, strongest=False)
    assert found.posterior is not None
    assert found.posterior < 1
    op = manager.run(operations.operation, found.operation)
    strict = (1 + found.posterior) / 2
    manager.run(operations.change_operation, op, {"threshold": strict})
    with pytest.raises(Refused, match="does not reach") as refused:
        manager.run(identifications.propose, found.id, "All agrees.")
    assert "type another relative or more markers" in str(refused.value)
    made = manager.run(identifications.propose, found.id, "All agrees.", Category.PROBABLE)
    assert made.category is Category.PROBABLE


@pytest.mark.parametrize(
    ("log10_lr", "verdict"),
    [
        (6.0, Consistency.CONSISTENT),
        (5.99, Consistency.NEUTRAL),
        (0.1, Consistency.NEUTRAL),
        (0.0, Consistency.INCONSISTENT),
        (-3.0, Consistency.INCONSISTENT),
        (None, Consistency.INCONSISTENT),
    ],
)
def test_dna_agrees_from_the_lr_on_that_the_policy_requires(
    small_lab: Staffed, log10_lr: float | None, verdict: Consistency
) -> None:
    found = _hypothesis(small_lab, HypothesisState.PROPOSED)
    weighed = replace(found, log10_lr=log10_lr, required_log10_lr=6.0)

    @query(Permission.IDENTIFICATION_READ)
    def grid_of(tx: Transaction) -> tuple[GridLine, ...]:
        return identifications.build_grid(tx, weighed)

    assert small_lab["manager"].run(grid_of)[0].verdict == str(verdict)


def test_an_examination_of_a_case_of_several_people_says_nothing_about_one(small_lab: Staffed) -> None:
    manager = small_lab["manager"]
    rows = manager.run(identifications.identifications, ListQuery(limit=500)).rows
    records = [manager.run(identifications.identification_record, row.id) for row in rows]
    record = next(r for r in records if r.examination is not None)
    assert record.examination is not None
    another = [remains.NewItem(ItemKind.BONE, element="femur", side=Side.LEFT)]
    small_lab["tamara"].run(remains.add_items, record.examination.case, another)
    again = manager.run(identifications.identification_record, record.identification.id)
    assert again.examination is None
    grid = {line.aspect: line for line in manager.run(identifications.grid, record.hypothesis.id)}
    assert grid["sex by examination"].remains == "not examined"
    assert grid["age"].verdict == str(Consistency.UNKNOWN)


@pytest.mark.parametrize(("found", "known"), [("", "M"), ("F", ""), ("", "")])
def test_a_sex_that_one_side_does_not_know_is_no_mismatch(found: str, known: str) -> None:
    sex = {"": Sex.UNKNOWN, "M": Sex.MALE, "F": Sex.FEMALE}
    assert identifications._amelogenin(sex[found], sex[known]).verdict is Consistency.UNKNOWN
    assert identifications._amelogenin(Sex.MALE, Sex.FEMALE).verdict is Consistency.INCONSISTENT


def test_what_is_described_on_one_side_only_is_unknown() -> None:
    for remains_say, family_says in (("healed rib", ""), ("", "scar on the knee"), ("", "")):
        line = identifications._described("marks", remains_say, family_says)
        assert line.verdict == str(Consistency.UNKNOWN)
    assert identifications._described("marks", "healed rib", "scar").verdict == str(Consistency.NEUTRAL)
