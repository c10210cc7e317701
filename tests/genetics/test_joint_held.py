"""Identifications that stand and pairs that are excluded, against writing out all assignments that respect them."""

import math
from dataclasses import replace

import numpy as np
import pytest

from forensics.domain.errors import Invalid
from forensics.domain.joint import JointInputs, Missing, PairState
from forensics.domain.kinship import Convention, MutationModel
from forensics.domain.screening import DropOutLevel, ScreeningInputs
from forensics.genetics import joint_placements
from forensics.genetics.joint import identify
from forensics.genetics.screening import log10_matrix
from tests.genetics.test_joint import EQUAL, STEPWISE, assert_equal_to_enumeration, question

FATHER, SON, BROTHER, SISTER = ("A", "x"), ("A", "y"), ("B", "u"), ("B", "v")
HELD: list[dict[str, Missing]] = [
    {"1": FATHER},
    {"2": SISTER},
    {"1": SON, "2": SISTER},
    {"1": BROTHER, "2": SISTER},  # a family in which nobody is missing any more
    {"1": FATHER, "2": SISTER, "3": SON},  # nobody is left to be placed
    {"2": FATHER},  # decided although the sexes differ
]


@pytest.mark.parametrize("convention", list(Convention))
@pytest.mark.parametrize("mutation", [EQUAL, STEPWISE], ids=["equal", "stepwise"])
@pytest.mark.parametrize("fixed", HELD)
def test_everybody_else_is_computed_given_who_is_held(
    fixed: dict[str, Missing], mutation: dict[str, MutationModel], convention: Convention
) -> None:
    inputs = question(1, mutation, convention)
    result = assert_equal_to_enumeration(inputs, 0.3, fixed)
    for victim, place in fixed.items():
        assert result.posterior[victim][place] == 1.0
        assert result.unplaced[victim] == 0.0
        assert (victim, place) in result.identified
    held = {p.id for p in inputs.profiles if p.id in fixed}
    closed = set(fixed.values())
    for pair in result.pairs:
        assert (pair.state is PairState.HELD) == (pair.victim in held or pair.missing in closed)
    assert [(p.victim, p.missing) for p in result.pairs] == [
        (p.id, key) for p in inputs.profiles for key in inputs.missing
    ]
    assert result.inputs_digest == inputs.digest


@pytest.mark.parametrize("convention", list(Convention))
@pytest.mark.parametrize("searched", [False, True], ids=["tables", "search"])
@pytest.mark.parametrize(
    "forbidden",
    [
        {("1", FATHER)},
        {("2", SISTER), ("3", SON)},
        {(v, key) for v in "123" for key in (FATHER, SON)},
        {(v, key) for v in "123" for key in (FATHER, SON, BROTHER, SISTER)},
    ],
)
def test_what_is_excluded_is_in_no_assignment_and_keeps_its_lr(
    forbidden: set[tuple[str, Missing]],
    searched: bool,
    convention: Convention,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if searched:
        monkeypatch.setattr(joint_placements, "LARGEST_TABLE", 0.0)
        monkeypatch.setattr("forensics.genetics.joint_options.MOST_SUBSETS", 0)
    inputs = question(2, EQUAL, convention)
    free = identify(JointInputs(inputs))
    result = assert_equal_to_enumeration(inputs, forbidden=forbidden)
    for one, other in zip(result.pairs, free.pairs, strict=True):
        assert one.state is other.state
        if other.log10_lr is not None:
            assert one.log10_lr == pytest.approx(other.log10_lr, abs=1e-10)
    assert all(result.posterior[v][key] == 0 for v, key in forbidden)


def test_both_together() -> None:
    inputs = question(3, STEPWISE, Convention.AS_DRAWN)
    assert_equal_to_enumeration(inputs, fixed={"1": FATHER}, forbidden={("3", SON), ("2", SISTER)})


def theta_question() -> ScreeningInputs:
    return replace(question(2, EQUAL, Convention.AS_DRAWN), theta=0.03)


def test_under_theta_the_lr_of_a_relative_is_conditioned_on_who_is_held() -> None:
    inputs = theta_question()
    result = identify(JointInputs(inputs, fixed={"1": FATHER}, forbidden=frozenset({("3", BROTHER)})))
    family = inputs.families[0]
    typed = replace(family, missing=("y",), genotypes={**family.genotypes, "x": inputs.profiles[0].genotypes})
    given = replace(inputs, families=(typed,), profiles=inputs.profiles[1:])
    for pair, expected in zip(
        (p for p in result.pairs if p.victim != "1" and p.missing == SON),
        log10_matrix(given)[:, 0],
        strict=True,
    ):
        if pair.log10_lr is None:
            assert not math.isfinite(expected)
        else:
            assert pair.log10_lr == pytest.approx(expected, abs=1e-10)
    assert result.posterior["3"][BROTHER] == 0
    assert all(
        sum(row.values()) + result.unplaced[v] == pytest.approx(1) for v, row in result.posterior.items()
    )


def test_families_under_theta_know_their_relatives_as_when_each_is_asked_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    together = identify(JointInputs(theta_question()))
    monkeypatch.setattr("forensics.genetics.joint.relate", lambda _models: None)
    monkeypatch.setattr("forensics.genetics.joint.ln_singles", lambda _prepared: {})
    alone = identify(JointInputs(theta_question()))
    assert together.ln_likelihood_null == pytest.approx(alone.ln_likelihood_null, abs=1e-10)
    for victim, row in alone.posterior.items():
        assert np.allclose(list(together.posterior[victim].values()), list(row.values()), atol=1e-12)


def test_one_who_can_not_be_there_is_held_all_the_same_and_the_family_is_refused_with_the_reason() -> None:
    inputs = question(1, {}, Convention.AS_DRAWN)
    mother, child = {"D1": ("10", "11"), "D2": ("7", "8")}, {"D1": ("10", "12"), "D2": ("8", "8")}
    family = replace(inputs.families[0], genotypes={"w": mother, "d": child})
    wrong = replace(inputs.profiles[0], genotypes={"D1": ("13", "13"), "D2": ("7", "7")})
    asked = replace(inputs, families=(family, inputs.families[1]), profiles=(wrong, *inputs.profiles[1:]))
    result = identify(JointInputs(asked, fixed={"1": FATHER}))
    assert result.posterior["1"][FATHER] == 1.0
    (refused,) = result.refused
    assert refused.id == "A"
    assert "x, who is identified" in refused.reason
    assert result.posterior["3"][SON] == 0
    assert result.posterior["3"][SISTER] > 0


def test_a_held_victim_that_may_have_lost_alleles_or_differs_from_a_personal_effect_is_told() -> None:
    inputs = question(1, EQUAL, Convention.AS_DRAWN)
    faint = replace(inputs.profiles[0], drop_out=DropOutLevel(0.1, 0.01))
    result = identify(
        JointInputs(replace(inputs, profiles=(faint, *inputs.profiles[1:])), fixed={"1": FATHER})
    )
    assert "may have lost alleles" in result.refused[0].reason
    family = inputs.families[0]
    effect = replace(family, genotypes={**family.genotypes, "x": {"D1": ("13", "13")}})
    result = identify(
        JointInputs(replace(inputs, families=(effect, inputs.families[1])), fixed={"1": FATHER})
    )
    assert "personal effects" in result.refused[0].reason
    assert result.posterior["1"][FATHER] == 1.0
    assert result.posterior["3"][SON] == 0


@pytest.mark.parametrize(
    ("fixed", "forbidden", "words"),
    [
        ({"1": FATHER, "3": FATHER}, set(), "both held"),
        ({"9": FATHER}, set(), "not in the question"),
        ({"1": ("A", "w")}, set(), "not in the question"),
        ({"1": FATHER}, {("1", FATHER)}, "held on x of family A and excluded"),
    ],
)
def test_identifications_that_contradict_each_other_are_refused(
    fixed: dict[str, Missing], forbidden: set[tuple[str, Missing]], words: str
) -> None:
    inputs = question(1, EQUAL, Convention.AS_DRAWN)
    with pytest.raises(Invalid, match=words):
        identify(JointInputs(inputs, fixed=fixed, forbidden=frozenset(forbidden)))
