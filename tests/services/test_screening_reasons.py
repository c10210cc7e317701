"""Why something is new, weighs something else or is gone is told in words that a person can check."""

from __future__ import annotations

import random

import pytest

from forensics.domain.lines import ProfileLine
from forensics.domain.profiles import ProfileState
from forensics.services import families, profiles, screening_plans, screening_reasons, screenings
from forensics.services.families import FamilyRecord
from tests.support.changing import WHOLE, ChangingLaboratory, replace_filters
from tests.support.laboratories import Staffed


@pytest.fixture
def world(staffed: Staffed) -> ChangingLaboratory:
    """Two parents who seek a son, a bone of his and one of a stranger, screened once."""
    made = ChangingLaboratory(staffed, random.Random(4))
    while len(both := _first(made).donors) != 2 if made.truth else True:
        made.add_family()
    assert len(both) == 2
    for _ in range(6):
        made.add_bone()
    screenings.screen_operation(staffed["analyst"], made.operation.id)
    return made


def _first(world: ChangingLaboratory) -> FamilyRecord:
    """The family that came last, which is the one with two references."""
    manager = world.labs["manager"]
    newest = max(manager.run(families.families, WHOLE).rows, key=lambda row: row.number)
    return manager.run(families.family_record, newest.id)


def causes(world: ChangingLaboratory) -> list[str]:
    """What is said of everything that changed since the last screening."""
    done = screenings.screen_changes(world.labs["analyst"], world.operation.id)
    assert done is not None
    told = world.labs["analyst"].run(screening_plans.contents, done.id)
    assert told is not None
    return list(told.causes)


def a_bone(world: ChangingLaboratory) -> ProfileLine:
    """The first profile of remains that is searched."""
    wanted = replace_filters(state=(str(ProfileState.ACCEPTED),), reference=(False,))
    row: ProfileLine = world.labs["reviewer"].run(profiles.profiles, wanted).rows[0]
    return row


def test_one_of_two_references_is_lost_and_the_family_stays(world: ChangingLaboratory) -> None:
    record = _first(world)
    donor = record.donors[0]
    world.labs["manager"].run(families.withdraw_consent, donor.donor.id, "asked by telephone")
    code, number = donor.relative.code, record.family.number
    assert causes(world) == [f"family {number} lost the reference of {code}: consent withdrawn"]


def test_a_family_without_references_says_who_withdrew(world: ChangingLaboratory) -> None:
    record = _first(world)
    for donor in record.donors:
        world.labs["manager"].run(families.withdraw_consent, donor.donor.id, "asked by telephone")
    codes = ", ".join(donor.relative.code for donor in record.donors)
    assert causes(world) == [
        f"family {record.family.number} has no reference that may be used (consent withdrawn: {codes})"
    ]


def test_a_drawing_that_nobody_stands_for_takes_the_family_out(world: ChangingLaboratory) -> None:
    record = _first(world)
    world.labs["manager"].run(families.add_relative, record.family.id, "MP", "paternal uncle")
    assert causes(world) == [f"the pedigree of family {record.family.number} is not confirmed"]
    world.confirm()
    assert causes(world) == [f"family {record.family.number} takes part now"]


def test_a_profile_that_was_withdrawn_says_why(world: ChangingLaboratory) -> None:
    bone = a_bone(world)
    world.labs["reviewer"].run(profiles.withdraw_profile, bone.id, "tubes exchanged")
    assert causes(world) == [f"profile {bone.number} of sample {bone.sample} was withdrawn: tubes exchanged"]


def test_a_bone_that_was_typed_again_changed_and_is_not_new(world: ChangingLaboratory) -> None:
    bone = a_bone(world)
    world.bones = {"B1": world.bones["B1"]}
    world.type_again()
    (cause,) = causes(world)
    assert cause.endswith(f"of sample {bone.sample} changed")


def test_a_changed_policy_is_told_instead_of_everything_that_it_moves(world: ChangingLaboratory) -> None:
    world._policy(theta=0.03)
    world.add_bone()
    assert causes(world) == ["θ is 0.03 instead of 0.01"]


def test_the_next_search_keeps_the_threshold_of_the_last(world: ChangingLaboratory) -> None:
    analyst = world.labs["analyst"]
    screenings.screen_operation(analyst, world.operation.id, threshold_log10=3.5)
    assert screenings.screen_changes(analyst, world.operation.id) is None
    world.add_bone()
    done = screenings.screen_changes(analyst, world.operation.id)
    assert done is not None
    assert done.threshold_log10 == 3.5


def test_what_is_due_counts_what_would_be_compared(world: ChangingLaboratory) -> None:
    analyst = world.labs["analyst"]
    assert analyst.run(screening_reasons.whats_due, world.operation.id) is None
    world.add_bone()
    due = analyst.run(screening_reasons.whats_due, world.operation.id)
    assert due is not None
    assert (due.profiles, due.families, due.why) == (1, 0, "")
    world._policy(theta=0.03)
    due = analyst.run(screening_reasons.whats_due, world.operation.id)
    assert due is not None
    assert due.why == "θ is 0.03 instead of 0.01"
