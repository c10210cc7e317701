"""What a person found out about a finding stays said, until the data under it are others."""

from __future__ import annotations

import random

import pytest

from forensics.domain.blind import BlindSearch, Finding, FindingKind, Outcome
from forensics.domain.errors import Conflict, Invalid, Refused
from forensics.domain.kinship import Sex
from forensics.persistence import auditing
from forensics.services.blind_settling import blind_searches, reopen_finding, settle_finding
from tests.services.test_blind import TRIO, people, search, stranger
from tests.support.changing import ChangingLaboratory
from tests.support.laboratories import Staffed


@pytest.fixture
def world(staffed: Staffed) -> ChangingLaboratory:
    """A mother who is recorded in two families, and a woman who is typed as a man."""
    made = ChangingLaboratory(staffed, random.Random(4))
    found = people(made)
    for _ in range(2):
        made.take_in_family(TRIO, {"Mother": found["Mother"]})
    made.take_in_family(TRIO, {"Mother": people(made)["Mother"]}, {"Mother": Sex.MALE})
    made.take_in_bone("S1", stranger(made))
    return made


def of_kind(done: BlindSearch, kind: FindingKind) -> Finding:
    (found,) = [one for one in done.findings if one.kind is kind]
    return found


def settle(world: ChangingLaboratory, done: BlindSearch, finding: Finding) -> BlindSearch:
    return world.labs["analyst"].run(
        settle_finding, done, finding, Outcome.DUPLICATE, "The same woman, asked by telephone."
    )


def test_what_was_settled_does_not_come_back_as_open(world: ChangingLaboratory) -> None:
    done = search(world).search
    assert len(done.open) == 2
    kept = settle(world, done, of_kind(done, FindingKind.ONE_DONOR))
    assert [one.kind for one in kept.open] == [FindingKind.OTHER_SEX]
    world.take_in_bone("S2", stranger(world))
    again = search(world).search
    assert [one.kind for one in again.open] == [FindingKind.OTHER_SEX]
    said = of_kind(again, FindingKind.ONE_DONOR).settled
    assert said is not None
    assert (said.outcome, said.by) == (Outcome.DUPLICATE, world.labs["analyst"].person.id)
    assert said.reason == "The same woman, asked by telephone."
    (third, *_) = world.labs["reviewer"].run(blind_searches, world.operation.id)
    assert third == again, "it is read as it was kept"


def test_a_profile_that_is_typed_anew_opens_it_again_with_what_was_said(world: ChangingLaboratory) -> None:
    done = search(world).search
    settle(world, done, of_kind(done, FindingKind.ONE_DONOR))
    opened = 0
    for _ in range(6):
        found = [f for f in search(world).search.findings if f.kind is FindingKind.ONE_DONOR]
        opened += any(f.is_open and f.settled for f in found)
        world.type_reference_again()
    assert opened


def test_another_drawing_opens_what_was_held_against_it(world: ChangingLaboratory) -> None:
    done = search(world).search
    settle(world, done, of_kind(done, FindingKind.OTHER_SEX))
    assert [one.kind for one in search(world).search.open] == [FindingKind.ONE_DONOR]
    for _ in range(12):
        world.redraw()
    assert FindingKind.OTHER_SEX in {one.kind for one in search(world).search.open}


def test_it_can_be_looked_at_again_and_the_audit_keeps_why(world: ChangingLaboratory) -> None:
    analyst = world.labs["analyst"]
    done = search(world).search
    kept = settle(world, done, of_kind(done, FindingKind.ONE_DONOR))
    analyst.run(reopen_finding, kept, of_kind(kept, FindingKind.ONE_DONOR), "She has a twin.")
    assert len(search(world).search.open) == 2
    with analyst.store.reading(analyst.person, "look") as tx:
        told = [(entry.act, entry.reason) for entry in auditing.story(tx, {done.id})]
    assert told[-2:] == [
        ("blind_settling.settle_finding", ""),
        ("blind_settling.reopen_finding", "She has a twin."),
    ]


def test_nothing_is_settled_without_a_reason_on_an_older_search_or_unseen(world: ChangingLaboratory) -> None:
    analyst = world.labs["analyst"]
    done = search(world).search
    one, other = done.findings
    with pytest.raises(Invalid, match="how you know"):
        analyst.run(settle_finding, done, one, Outcome.CHANCE, " ")
    with pytest.raises(Invalid, match="looked at again"):
        analyst.run(reopen_finding, done, one, "")
    kept = settle(world, done, one)
    with pytest.raises(Conflict):
        analyst.run(settle_finding, done, other, Outcome.CHANCE, "not seen what was said of the first")
    with pytest.raises(Invalid, match="does not have this finding"):
        analyst.run(settle_finding, kept, one, Outcome.CHANCE, "it is settled already")
    newer = search(world).search
    with pytest.raises(Refused, match=f"followed by {newer.number}"):
        analyst.run(settle_finding, kept, other, Outcome.CHANCE, "an old page")
    with pytest.raises(Refused):
        world.labs["tamara"].run(settle_finding, newer, other, Outcome.CHANCE, "not hers to say")
