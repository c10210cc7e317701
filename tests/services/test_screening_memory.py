"""An open laboratory keeps its compiled families and what it read, and compares a new profile with them at once."""

from __future__ import annotations

import gc
import random
import weakref
from uuid import uuid4

import pytest

from forensics.genetics.screening_standing import Standing
from forensics.services import screening_memory, screening_plans, screenings
from forensics.services.screening_memory import OPERATIONS, memory_of
from tests.services.test_screenings import expected, standing
from tests.support.changing import ChangingLaboratory
from tests.support.laboratories import Staffed


@pytest.fixture
def world(staffed: Staffed) -> ChangingLaboratory:
    """Four families and a bone, screened; then another bone, compared as what changed."""
    made = ChangingLaboratory(staffed, random.Random(11))
    for _ in range(4):
        made.add_family()
    made.add_bone()
    screenings.screen_operation(staffed["analyst"], made.operation.id)
    made.add_bone()
    assert screenings.screen_changes(staffed["analyst"], made.operation.id)
    return made


def kept(world: ChangingLaboratory) -> Standing:
    found = memory_of(world.labs["analyst"].store, world.operation.id).compiled.standing
    assert found is not None
    return found


def search(world: ChangingLaboratory) -> None:
    assert screenings.screen_changes(world.labs["analyst"], world.operation.id)
    assert {pair: found[:2] for pair, found in standing(world).items()} == expected(world)


def test_a_new_profile_meets_families_that_are_compiled_already(world: ChangingLaboratory) -> None:
    before = kept(world)
    world.add_bone()
    search(world)
    assert kept(world) is before


def test_only_a_family_that_changed_is_compiled_again(world: ChangingLaboratory) -> None:
    before = kept(world)
    world.withdraw_consent()
    world.add_family()
    world.add_bone()
    search(world)
    after = kept(world)
    assert after.blocks[0].kept is before.blocks[0].kept
    assert len(after.blocks) == 2


def test_other_rules_drop_what_was_compiled(world: ChangingLaboratory) -> None:
    world._policy(theta=0.02)
    search(world)
    world.add_bone()
    search(world)
    assert kept(world).prepared.inputs.theta == 0.02
    assert len(kept(world).blocks) == 1


def test_many_profiles_and_many_families_are_compared_all_at_once(
    world: ChangingLaboratory, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = kept(world)
    for limit in ("FEW", "MOST_FAMILIES"):
        monkeypatch.setattr(screening_memory, limit, 0)
        world.add_family()
        world.add_bone()
        search(world)
        monkeypatch.undo()
    assert kept(world) is before


def test_the_memory_ends_with_the_laboratory_and_holds_few_operations(world: ChangingLaboratory) -> None:
    class Place:
        """Something that can be forgotten, as a store can."""

    store = Place()
    first = uuid4()
    memory = memory_of(store, first)  # type: ignore[arg-type]
    assert memory_of(store, first) is memory  # type: ignore[arg-type]
    for _ in range(OPERATIONS):
        memory_of(store, uuid4())  # type: ignore[arg-type]
    assert memory_of(store, first) is not memory  # type: ignore[arg-type]
    assert memory_of(world.labs["analyst"].store, first).records is not memory.records
    records = weakref.ref(memory.records)
    del store, memory
    gc.collect()
    assert records() is None


def test_a_search_that_nobody_remembers_reads_everything(world: ChangingLaboratory) -> None:
    memory = memory_of(world.labs["analyst"].store, world.operation.id)
    run = world.labs["analyst"].run
    remembered = run(screening_plans.plan_screening, world.operation.id, False, None, memory)
    afresh = run(screening_plans.plan_screening, world.operation.id, False)
    assert remembered.now == afresh.now
    assert remembered.before == afresh.before
    assert remembered.question.inputs == afresh.question.inputs
    assert remembered.question.inputs.families[0] is not afresh.question.inputs.families[0]
