"""All sharings of a shape as one programme: the same answers as plan by plan, with far fewer steps."""

import numpy as np
import pytest

from forensics.domain.kinship import Member, Pedigree, Sex
from forensics.genetics.compile_plan import plan
from forensics.genetics.compile_run import run
from forensics.genetics.compile_shape import Shape, place
from forensics.genetics.compile_sum import over_sharings, run_all, together
from forensics.genetics.compile_tensors import Lanes, LocusModel
from forensics.genetics.compile_theta import sharings, with_urn

M, F = Sex.MALE, Sex.FEMALE
MUTATION = np.array([[0.96, 0.03, 0.01], [0.02, 0.95, 0.03], [0.01, 0.04, 0.95]])
MODEL = LocusModel(("a", "b", "c"), np.array([0.2, 0.5, 0.3]), MUTATION, MUTATION)
SIBLINGS = Pedigree(
    (
        Member("f", M),
        Member("m", F),
        Member("x", M, "f", "m"),
        Member("s", M, "f", "m"),
        Member("t", F, "f", "m"),
    )
)
COUNT = 40


def shape_and_lanes(target: str | None) -> tuple[Shape, Lanes]:
    """Two typed siblings of many families."""
    placed = place(SIBLINGS, frozenset({"s", "t"}), target, None)
    dice = np.random.default_rng(20240611)
    typed = [i for i, name in enumerate(placed.names) if name in ("s", "t")]
    return placed.shape, Lanes(COUNT, {i: np.sort(dice.integers(0, 3, (2, COUNT)), axis=0) for i in typed})


@pytest.mark.parametrize(("target", "ask"), [("x", False), (None, False), (None, True)])
def test_a_programme_answers_as_its_plans_do(target: str | None, ask: bool) -> None:
    shape, lanes = shape_and_lanes(target)
    drawn, _ = with_urn(shape, MODEL, lanes, 0.03)
    plans = [plan(sharing.graph, 0) for sharing in sharings(shape, ask)]
    answers = [found.copy() for found in run_all(together(shape, ask), MODEL, drawn)]
    assert len(answers) == len(plans) > 1
    for one, found in zip(plans, answers, strict=True):
        np.testing.assert_allclose(found, run(one, MODEL, drawn), rtol=1e-13)


def test_what_plans_have_in_common_is_done_once_and_kept_no_longer_than_needed() -> None:
    shape, _ = shape_and_lanes(None)
    whole = together(shape, True)
    steps = sum(len(plan(sharing.graph, 0).steps) for sharing in sharings(shape, True))
    assert len(whole.steps) < 0.6 * steps
    freed = [used for spent in whole.spent for used in spent]
    last = {index for after, index in whole.answers if after == len(whole.steps)}
    assert len(set(freed)) == len(freed)
    assert set(range(len(whole.factors) + len(whole.steps))) - set(freed) == last


def test_families_in_blocks_are_those_in_one(monkeypatch: pytest.MonkeyPatch) -> None:
    shape, lanes = shape_and_lanes(None)
    whole = over_sharings(shape, True, MODEL, lanes, 0.03)
    monkeypatch.setattr("forensics.genetics.compile_sum.WORKING_SET", 1)  # the least block: 16
    assert whole.shape == (3, 3, COUNT)
    np.testing.assert_array_equal(over_sharings(shape, True, MODEL, lanes, 0.03), whole)
