"""Screening only what changed leaves exactly what a screening of everything would leave."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from forensics.domain.errors import Conflict, Refused
from forensics.domain.lists import ListQuery
from forensics.domain.matching import Change, Hypothesis, HypothesisState, Screening
from forensics.domain.people import Permission
from forensics.domain.progress import Silent
from forensics.persistence.transaction import Transaction
from forensics.services import (
    families,
    matching,
    report_facts,
    screening_decisions,
    screening_plans,
    screening_records,
    screenings,
)
from forensics.services.door import query
from tests.support.changing import ChangingLaboratory
from tests.support.laboratories import Staffed, create, open_copy

Standing = dict[tuple[str, str], tuple[float | None, str, int, float | None]]
STEPS = 10  # of `ChangingLaboratory`
SEARCH, LOOK_AT_ALL, WEIGH = STEPS, STEPS + 1, STEPS + 2


@query(Permission.MATCH_READ)
def hypotheses(tx: Transaction, operation: UUID) -> list[Hypothesis]:
    return tx.find(Hypothesis, operation=operation, voided_at=None)


def standing(world: ChangingLaboratory) -> Standing:
    """What stands: by remains' profile and missing person the LR, its case, and the policy's figures."""
    found = world.labs["analyst"].run(hypotheses, world.operation.id)
    kept = [h for h in found if not h.outdated]
    pairs: Standing = {
        (str(h.profile), str(h.missing_person)): (h.log10_lr, h.case_digest, h.prior_number, h.posterior)
        for h in kept
    }
    assert len(pairs) == len(kept), "a pair stands twice"
    return pairs


def expected(world: ChangingLaboratory) -> dict[tuple[str, str], tuple[float | None, str]]:
    """The same from a search of everything, without looking at what was kept."""
    plan = world.labs["analyst"].run(screening_plans.plan_screening, world.operation.id, True)
    done = screenings.carry_out(plan, Silent(), screenings.here)
    return {
        (
            str(plan.question.profiles[w.hit.profile][0].id),
            str(plan.question.missing[w.hit.family, w.hit.missing]),
        ): (w.ratio.log10_total, screening_decisions.frozen(plan.question, w.case)[1])
        for w in done.weighed
    }


def changes(world: ChangingLaboratory) -> Screening | None:
    return screenings.screen_changes(world.labs["analyst"], world.operation.id)


def weigh_one(world: ChangingLaboratory) -> None:
    """Somebody puts a candidate forward, and another person decides."""
    found = world.labs["analyst"].run(hypotheses, world.operation.id)
    waiting = [h for h in found if h.state is HypothesisState.CANDIDATE]
    if waiting:
        one = world.dice.choice(waiting)
        put = world.labs["analyst"].run(matching.propose_match, one, "agrees")
        outcome = world.dice.choice([HypothesisState.SUPPORTED, HypothesisState.RETURNED])
        world.labs["reviewer"].run(matching.review_match, put, outcome, "looked at")


def live(world: ChangingLaboratory, steps: list[int]) -> None:
    """Carry out a history, and look at every search whether it left what it must."""
    for _ in range(3):
        world.add_family()
        world.add_bone()
    acts = list(world.steps.values())
    assert len(acts) == STEPS
    for step in [SEARCH, *steps, SEARCH]:
        if step < STEPS:
            acts[step]()
        elif step == WEIGH:
            weigh_one(world)
        else:
            look(world, everything=step == LOOK_AT_ALL)


def look(world: ChangingLaboratory, everything: bool = False) -> None:
    before = standing(world)
    if everything:
        plan = world.labs["analyst"].run(screening_plans.plan_screening, world.operation.id, True)
        if not (plan.question.inputs.profiles and plan.question.inputs.families):
            return
        done: Screening | None = screenings.screen_operation(world.labs["analyst"], world.operation.id)
    else:
        done = changes(world)
    after = standing(world)
    assert {pair: found[:2] for pair, found in after.items()} == expected(world)
    assert changes(world) is None, "what was compared a moment ago has not changed"
    if done is None:
        assert before == after
        return
    assert done.standing == len(after)
    told = world.labs["analyst"].run(screening_plans.contents, done.id)
    assert told is not None
    new = sum(d.change is Change.NEW for d in told.differences)
    gone = sum(d.change is Change.GONE for d in told.differences)
    assert len(before) + new - gone == len(after)
    assert all(d.reason for d in told.differences)
    assert done.all_comparisons >= done.comparisons
    assert done.expected_chance_hits == pytest.approx(done.comparisons / 100)


HISTORIES = st.lists(st.integers(0, WEIGH), min_size=8, max_size=16)


@settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # a history is short enough to be read
)
@given(steps=HISTORIES, seed=st.integers(0, 2**16))
def test_any_history_leaves_what_a_search_of_everything_finds(
    steps: list[int], seed: int, empty_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    labs = open_copy(empty_template, tmp_path_factory.mktemp("changing"))
    try:
        live(ChangingLaboratory(labs, random.Random(seed)), steps)
    finally:
        labs.close()


def test_so_it_does_on_a_database_server(fresh_database: Callable[..., str]) -> None:
    dice = random.Random(5)
    labs = create(fresh_database())
    try:
        live(ChangingLaboratory(labs, dice), [dice.randint(0, WEIGH) for _ in range(30)])
    finally:
        labs.close()


# single steps, and what is said about them


@pytest.fixture
def world(staffed: Staffed) -> ChangingLaboratory:
    """Three families, remains of each, screened once."""
    return screened(staffed)


@pytest.fixture(params=["a file", "a server"])
def anywhere(request: pytest.FixtureRequest) -> Iterator[ChangingLaboratory]:
    """The same on either database."""
    if request.param == "a file":
        yield request.getfixturevalue("world")
        return
    labs = create(request.getfixturevalue("fresh_database")())
    yield screened(labs)
    labs.close()


def screened(labs: Staffed) -> ChangingLaboratory:
    made = ChangingLaboratory(labs, random.Random(11))
    for _ in range(3):
        made.add_family()
    made.dice = random.Random(3)
    for _ in range(4):
        made.add_bone()
    screenings.screen_operation(labs["analyst"], made.operation.id)
    assert standing(made)
    return made


def told(world: ChangingLaboratory, done: Screening | None) -> Any:
    assert done is not None
    return world.labs["analyst"].run(screening_plans.contents, done.id)


def test_a_new_profile_is_compared_with_every_family_and_nothing_else(world: ChangingLaboratory) -> None:
    first = world.labs["analyst"].run(screening_plans.screenings, world.operation.id)[0]
    world.add_bone()
    done = changes(world)
    assert done is not None
    assert (done.since, done.profiles_compared, done.families_compared) == (first.id, 1, 0)
    assert done.comparisons <= len(world.truth)
    assert done.all_comparisons == first.all_comparisons + done.comparisons
    assert done.all_chance_hits == pytest.approx(done.all_comparisons / 100)
    (cause,) = told(world, done).causes
    assert "is new" in cause


def test_a_new_family_is_compared_with_every_profile_and_nothing_else(world: ChangingLaboratory) -> None:
    world.add_family()
    done = changes(world)
    assert done is not None
    assert (done.profiles_compared, done.families_compared) == (0, 1)
    assert done.comparisons <= len(world.bones)
    assert "takes part now" in told(world, done).causes[0]


def _strongest(world: ChangingLaboratory) -> Hypothesis:
    found = world.labs["analyst"].run(hypotheses, world.operation.id)
    return max(found, key=lambda h: h.log10_lr or 0.0)


def _withdraw_references(world: ChangingLaboratory, family: UUID) -> None:
    for donor in world.labs["manager"].run(families.family_record, family).donors:
        world.labs["manager"].run(families.withdraw_consent, donor.donor.id, "asked by telephone")


def test_a_candidate_whose_consent_was_withdrawn_goes_with_the_reason(world: ChangingLaboratory) -> None:
    best = _strongest(world)
    _withdraw_references(world, best.family)
    done = changes(world)
    (gone,) = [d for d in told(world, done).differences if d.hypothesis == best.id]
    assert (gone.change, gone.before, gone.after) == (Change.GONE, best.log10_lr, None)
    assert "consent withdrawn" in gone.reason
    assert best.id not in {h.id for h in world.labs["analyst"].run(hypotheses, world.operation.id)}


def test_what_people_concluded_stays_readable_but_marked_and_can_not_go_on(world: ChangingLaboratory) -> None:
    from forensics.services import identifications

    best = _strongest(world)
    put = world.labs["analyst"].run(matching.propose_match, best, "agrees at every locus")
    world.labs["reviewer"].run(matching.review_match, put, HypothesisState.SUPPORTED, "")
    _withdraw_references(world, best.family)
    done = changes(world)
    (gone,) = [d for d in told(world, done).differences if d.hypothesis == best.id]
    assert gone.state is HypothesisState.SUPPORTED
    kept = world.labs["analyst"].run(matching.hypothesis_record, best.id).hypothesis
    assert kept.state is HypothesisState.SUPPORTED
    assert "consent withdrawn" in kept.outdated
    with pytest.raises(Refused, match="no longer rests on the data of today"):
        world.labs["manager"].run(identifications.propose, best.id, "DNA")
    with pytest.raises(Refused, match="no longer rests on the data of today"):
        world.labs["analyst"].run(report_facts.match_facts, best.id, world.labs["reviewer"].person.id)
    line = world.labs["analyst"].run(matching.hypotheses, ListQuery(text=best.number)).rows[0]
    assert line.outdated == kept.outdated


def test_a_match_before_a_reviewer_is_not_supported_on_outdated_data(world: ChangingLaboratory) -> None:
    best = _strongest(world)
    world.labs["analyst"].run(matching.propose_match, best, "agrees at every locus")
    _withdraw_references(world, best.family)
    changes(world)
    seen = world.labs["reviewer"].run(matching.hypothesis_record, best.id).hypothesis
    with pytest.raises(Refused, match="no longer rests"):
        world.labs["reviewer"].run(matching.review_match, seen, HypothesisState.SUPPORTED, "fine")
    outcome = world.labs["reviewer"].run(
        matching.review_match, seen, HypothesisState.INCONCLUSIVE, "the reference is gone"
    )
    with pytest.raises(Refused, match="no longer rests"):
        world.labs["analyst"].run(matching.propose_match, outcome, "once more")


def test_another_theta_compares_everything_and_says_so(world: ChangingLaboratory) -> None:
    world._policy(theta=0.03)
    done = changes(world)
    assert done is not None
    assert done.since is None
    assert done.profiles_compared == done.profiles
    assert told(world, done).causes == ("θ is 0.03 instead of 0.01",)
    assert {d.change for d in told(world, done).differences} <= {Change.WEAKER, Change.STRONGER, Change.GONE}


def test_another_prior_changes_posteriors_and_no_weight(world: ChangingLaboratory) -> None:
    before = standing(world)
    world._policy(number_sought=50)
    done = changes(world)
    assert told(world, done).differences == ()
    after = standing(world)
    assert {p: found[:2] for p, found in after.items()} == {p: found[:2] for p, found in before.items()}
    assert {found[2] for found in after.values()} == {50}


def test_somebody_elses_screening_meanwhile_refuses_ours(world: ChangingLaboratory) -> None:
    analyst = world.labs["analyst"]
    world.add_bone()
    plan = analyst.run(screening_plans.plan_screening, world.operation.id, False)
    found = screenings.carry_out(plan, Silent(), screenings.here)
    changes(world)
    with pytest.raises(Conflict, match="Somebody else screened"):
        analyst.run(screening_records.record_screening, plan, found)


def test_data_that_move_during_a_search_of_everything_refuse_it(anywhere: ChangingLaboratory) -> None:
    analyst, operation = anywhere.labs["analyst"], anywhere.operation.id
    for act in (anywhere.add_bone, anywhere.withdraw_consent, anywhere.change_prior):
        plan = analyst.run(screening_plans.plan_screening, operation, True)
        found = screenings.carry_out(plan, Silent(), screenings.here)
        act()
        with pytest.raises(Conflict, match="changed while the screening ran"):
            analyst.run(screening_records.record_screening, plan, found)
    assert len(analyst.run(screening_plans.screenings, operation)) == 1


def test_acts_that_touch_nothing_that_is_compared_refuse_no_search(anywhere: ChangingLaboratory) -> None:
    analyst, manager = anywhere.labs["analyst"], anywhere.labs["manager"]
    plan = analyst.run(screening_plans.plan_screening, anywhere.operation.id, True)
    found = screenings.carry_out(plan, Silent(), screenings.here)
    family = anywhere._family()
    assert family is not None
    manager.run(families.change_family, family.family, {"contact": "another telephone"})
    assert not analyst.run(screening_plans.is_current, anywhere.operation.id)
    assert analyst.run(screening_records.record_screening, plan, found).standing == len(standing(anywhere))


def test_what_is_outdated_is_not_weighed_again(world: ChangingLaboratory) -> None:
    best = _strongest(world)
    put = world.labs["analyst"].run(matching.propose_match, best, "agrees at every locus")
    world.labs["reviewer"].run(matching.review_match, put, HypothesisState.SUPPORTED, "")
    for _ in range(2):  # the first makes the conclusion outdated, the second looks at its pair again
        for name in list(world.bones):
            world.take_in_bone(name, dict(list(world.bones[name].items())[:-1]))
        plan = world.labs["analyst"].run(screening_plans.plan_screening, world.operation.id, False)
        assert plan.standing
        assert len(plan.standing) == len({(h.profile, h.family, h.missing) for h in plan.standing})
        changes(world)
    assert any(h.outdated for h in world.labs["analyst"].run(hypotheses, world.operation.id))


def test_data_that_move_during_a_search_of_changes_begin_it_anew(world: ChangingLaboratory) -> None:
    world.add_bone()
    moved: list[str] = []

    def search(inputs: Any, progress: Any, threshold: float) -> Any:
        if not moved:
            world.add_bone()
            moved.append("a bone")
        return screenings.here(inputs, progress, threshold)

    done = screenings.screen_changes(world.labs["analyst"], world.operation.id, None, search)
    assert done is not None
    assert done.profiles_compared == 2
    assert {p: f[:2] for p, f in standing(world).items()} == expected(world)


def test_changes_of_several_screenings_are_told_as_one(world: ChangingLaboratory) -> None:
    analyst = world.labs["analyst"]
    begun = datetime.now(UTC)
    best = _strongest(world)
    world.add_family()
    first = changes(world)
    _withdraw_references(world, best.family)
    second = changes(world)
    assert first is not None
    assert second is not None
    found = analyst.run(screenings.changes_since, begun, world.operation.id)
    assert [s.id for s in found.screenings] == [first.id, second.id]
    assert found.comparisons == first.comparisons + second.comparisons
    assert found.chance_hits == pytest.approx(found.comparisons / 100)
    assert best.id in {d.hypothesis for d in found.differences if d.change is Change.GONE}
    later = analyst.run(screenings.changes_since, datetime.now(UTC) + timedelta(days=1))
    assert (later.screenings, later.differences) == ((), ())


def test_the_audit_tells_that_nothing_changed_without_reading_the_data(
    world: ChangingLaboratory, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unread(*_: object) -> None:
        raise AssertionError("the data were read")

    analyst = world.labs["analyst"]
    weigh_one(world)  # an act that touches no data of the comparison
    with monkeypatch.context() as patch:
        patch.setattr(screenings, "plan_screening", unread)
        assert screenings.screen_changes(analyst, world.operation.id) is None
    for act in (world.add_bone, world.withdraw_consent, world.redraw, world.change_prior):
        assert analyst.run(screening_plans.is_current, world.operation.id)
        act()
        assert not analyst.run(screening_plans.is_current, world.operation.id), act
        changes(world)
