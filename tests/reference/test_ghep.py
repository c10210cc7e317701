"""The GHEP-ISFG exercise (87 bones, 119 families, 15 markers) against pedprobr 1.1.0 and Familias 2.6.4."""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from forensics.domain.kinship import (
    Convention,
    FrequencyTable,
    Member,
    MutationKind,
    MutationModel,
    Pedigree,
    Sex,
)
from forensics.domain.screening import BlindRelation, ScreeningFamily, ScreeningInputs, ScreeningProfile
from forensics.genetics.blind import blind_search
from forensics.genetics.screening import log10_matrix, screen

SOURCE = Path(__file__).parents[3] / "shared" / "oracle" / "public" / "large_search_ghep1.json"
pytestmark = pytest.mark.skipif(
    not SOURCE.exists(), reason="the reference cases are not beside this checkout"
)


@pytest.fixture(scope="module")
def exercise() -> dict[str, Any]:
    return dict(json.loads(SOURCE.read_text()))


def question(exercise: dict[str, Any], mutation: bool, convention: Convention) -> ScreeningInputs:
    case = exercise["cases"][0]
    loci = tuple(case["loci"])
    model = MutationModel(MutationKind.EQUAL, 0.001, 0.001)
    return ScreeningInputs(
        loci=loci,
        frequencies=FrequencyTable("GHEP", exercise["frequency_tables"]["GHEP"]),
        mutation=dict.fromkeys(loci, model) if mutation else {},
        convention=convention,
        families=tuple(family(name, raw) for name, raw in case["input"]["families"].items()),
        profiles=tuple(
            # the matrices of the exercise leave the sexes out of account
            ScreeningProfile(name, Sex.UNKNOWN, {x: tuple(g) for x, g in raw["genotypes"].items()})
            for name, raw in case["input"]["pm"].items()
        ),
    )


def family(name: str, raw: dict[str, Any]) -> ScreeningFamily:
    members = tuple(Member(m["id"], Sex(m["sex"]), m["father"], m["mother"]) for m in raw["pedigree"])
    genotypes = {p: {x: tuple(g) for x, g in found.items()} for p, found in raw["genotypes"].items()}
    return ScreeningFamily(name, Pedigree(members), ("MP",), genotypes)


@pytest.mark.parametrize(
    ("field", "mutation", "convention"),
    [
        ("log10_lr_equal_mutation_as_drawn", True, Convention.AS_DRAWN),
        ("log10_lr_equal_mutation_pruned_Familias", True, Convention.PRUNED),
        ("log10_lr_no_mutation", False, Convention.AS_DRAWN),
    ],
)
def test_every_lr_of_the_exercise_agrees(
    exercise: dict[str, Any], field: str, mutation: bool, convention: Convention
) -> None:
    inputs = question(exercise, mutation, convention)
    result = exercise["cases"][0]["result"]
    rows = [p.id for p in inputs.profiles]
    found = log10_matrix(inputs)[[rows.index(name) for name in result["pm_rows"]]]
    expected = np.array([[-math.inf if x is None else x for x in row] for row in result[field]])
    assert found.shape == expected.shape == (44, 119)
    impossible = np.isnan(found).all(axis=0)
    assert np.flatnonzero(impossible).tolist() == ([] if mutation else [50, 69, 79])
    assert np.isneginf(expected[:, impossible]).all()
    found[:, impossible] = -np.inf
    assert np.array_equal(np.isneginf(found), np.isneginf(expected))
    finite = np.isfinite(expected)
    assert np.abs(found[finite] - expected[finite]).max() < 1e-9


def test_hits_are_those_of_the_matrix(exercise: dict[str, Any]) -> None:
    inputs = question(exercise, True, Convention.AS_DRAWN)
    matrix = log10_matrix(inputs)
    result = screen(inputs, threshold_log10=3.0)
    found = {(h.profile, h.family): h.log10_lr for h in result.hits}
    expected = {
        (inputs.profiles[p].id, inputs.missing[c][0]): matrix[p, c]
        for p, c in zip(*np.nonzero(matrix >= 3.0), strict=True)
    }
    assert found.keys() == expected.keys()
    assert all(abs(found[key] - expected[key]) < 1e-10 for key in found)
    assert result.comparisons == 87 * 119
    assert result.expected_chance_hits == pytest.approx(87 * 119 / 1000)
    assert [h.log10_lr for h in result.hits] == sorted((h.log10_lr for h in result.hits), reverse=True)


def test_a_family_that_contradicts_its_pedigree_is_refused_and_the_others_go_on(
    exercise: dict[str, Any],
) -> None:
    result = screen(question(exercise, False, Convention.AS_DRAWN), threshold_log10=4.0)
    assert [item.id for item in result.refused] == ["F51", "F70", "F80"]
    assert "impossible in the pedigree" in result.refused[0].reason
    assert result.comparisons == 87 * 116
    assert (result.hits[0].profile, result.hits[0].family) == ("BS76", "F110")


def test_bones_of_one_person_are_re_associated(exercise: dict[str, Any]) -> None:
    case = exercise["cases"][0]
    inputs = question(exercise, False, Convention.AS_DRAWN)
    found = blind_search(inputs.profiles, inputs.frequencies, [BlindRelation.SAME_PERSON], loci=case["loci"])
    lrs = {frozenset((h.first, h.second)): h.log10_lr for h in found.hits}
    for pair in case["result"]["direct_match_pairs_lr_ge_1e4"]:
        assert abs(lrs[frozenset((pair["a"], pair["b"]))] - pair["log10_lr"]) < 1e-9
    assert all(not h.differing_loci for h in found.hits)
    assert found.comparisons == 87 * 86 // 2
