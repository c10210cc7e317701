"""Screening and weighing: complete, repeatable, refused when the data moved."""

from __future__ import annotations

import json
import math

import pytest

from forensics.domain.errors import Cancelled, Conflict, Invalid
from forensics.domain.lists import ListQuery
from forensics.domain.matching import DEFAULT_THRESHOLD_LOG10, Hypothesis, HypothesisState
from forensics.domain.operations import Operation, OperationKind
from forensics.domain.profiles import ProfileState
from forensics.services import matching, operations, profiles, screening_plans, screening_records, screenings
from tests.support.laboratories import Staffed

BEST = ListQuery(sort="log10_lr", descending=True, limit=500)


def _operation(lab: Staffed) -> Operation:
    return lab["manager"].run(operations.operations)[0]


def _all(lab: Staffed) -> list[Hypothesis]:
    analyst = lab["analyst"]
    rows = analyst.run(matching.hypotheses, BEST).rows
    return [analyst.run(matching.hypothesis_record, row.id).hypothesis for row in rows]


def test_true_pairs_are_found_and_each_total_is_the_sum_of_its_loci(small_lab: Staffed) -> None:
    found = _all(small_lab)
    assert len(found) >= 10
    for h in found:
        parts = [value for value in h.log10_per_locus.values() if value is not None]
        assert h.log10_lr == math.fsum(parts)
        assert h.log10_lr is not None
        assert h.log10_lr >= DEFAULT_THRESHOLD_LOG10
        odds = 10**h.log10_lr / (h.prior_number - 1)
        assert h.posterior == pytest.approx(odds / (1 + odds), rel=1e-9)


def test_the_case_file_of_a_hypothesis_gives_the_same_numbers_again(small_lab: Staffed) -> None:
    from forensics.services.recomputing import recompute

    for h in _all(small_lab)[:5]:
        text = small_lab["analyst"].run(matching.case_file, h.id)
        assert recompute(json.loads(text)) == h.log10_per_locus


def test_screening_again_adds_nothing_new(small_lab: Staffed) -> None:
    before = {h.id for h in _all(small_lab)}
    again = screenings.screen_operation(small_lab["analyst"], _operation(small_lab).id)
    assert {h.id for h in _all(small_lab)} == before
    assert again.comparisons > 0
    assert again.expected_chance_hits == pytest.approx(again.comparisons / 100)


def test_data_that_moved_meanwhile_refuse_the_result(small_lab: Staffed) -> None:
    from forensics.domain.progress import Silent

    analyst, operation = small_lab["analyst"], _operation(small_lab)
    plan = analyst.run(screening_plans.plan_screening, operation.id)
    found = screenings.carry_out(plan, Silent(), screenings.here)
    accepted = ListQuery(filters={"state": (str(ProfileState.ACCEPTED),), "reference": (False,)})
    one = small_lab["reviewer"].run(profiles.profiles, accepted).rows[0]
    small_lab["reviewer"].run(profiles.withdraw_profile, one.id, "mislabelled")
    with pytest.raises(Conflict, match="screen again"):
        analyst.run(screening_records.record_screening, plan, found)


def test_a_cancelled_screening_leaves_nothing(small_lab: Staffed) -> None:
    class Stop:
        def step(self, done: int, total: int, what: str = "") -> None:
            raise Cancelled("stopped")

    before = small_lab["analyst"].run(screening_plans.screenings, _operation(small_lab).id)
    with pytest.raises(Cancelled):
        screenings.screen_operation(small_lab["analyst"], _operation(small_lab).id, Stop())
    assert small_lab["analyst"].run(screening_plans.screenings, _operation(small_lab).id) == before


def test_without_a_frequency_table_the_reason_is_given(staffed: Staffed) -> None:
    new = Operation(title="Empty", kind=OperationKind.ROUTINE, number_sought=3)
    operation = staffed["manager"].run(operations.create_operation, new)
    with pytest.raises(Invalid, match="no frequency table"):
        screenings.screen_operation(staffed["analyst"], operation.id)


def test_weighing_and_reviewing_need_reasons(small_lab: Staffed) -> None:
    analyst, reviewer = small_lab["analyst"], small_lab["reviewer"]
    waiting = next(h for h in _all(small_lab) if h.state is HypothesisState.PROPOSED)
    with pytest.raises(Invalid, match="what would help"):
        reviewer.run(matching.review_match, waiting, HypothesisState.INCONCLUSIVE, "")
    returned = reviewer.run(matching.review_match, waiting, HypothesisState.RETURNED, "check locus TH01")
    with pytest.raises(Invalid, match="why this candidate"):
        analyst.run(matching.propose_match, returned, "")
    assert analyst.run(matching.propose_match, returned, "checked").state is HypothesisState.PROPOSED
