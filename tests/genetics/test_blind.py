"""Blind search against the exact engine, pair by pair, and against plain comparison."""

import itertools
import math

import numpy as np
import pytest

from forensics.domain.kinship import (
    FrequencyTable,
    Genotype,
    KinshipCase,
    Member,
    MutationKind,
    MutationModel,
    Pedigree,
    Sex,
)
from forensics.domain.screening import BlindRelation, ScreeningProfile
from forensics.genetics import blind
from forensics.genetics.blind import FIRST, PEDIGREES, SECOND, blind_search, matching_profiles
from forensics.genetics.kernel import can_compile
from forensics.genetics.likelihood import likelihood_ratio

TABLE = FrequencyTable(
    "small",
    {
        "D1": {"10": 0.1, "11": 0.3, "12": 0.6},
        "D2": {"7": 0.3, "8": 0.5, "9": 0.2},
        "D3": {"1": 0.5, "2": 0.5},
    },
)
LOCI = tuple(TABLE.loci)


def profiles(count: int, seed: int = 1) -> list[ScreeningProfile]:
    rng = np.random.default_rng(seed)
    found = []
    for i in range(count):
        genotypes: dict[str, Genotype] = {}
        for locus in LOCI[: 2 + i % 2]:
            names = list(TABLE.loci[locus])
            a, b = rng.choice(len(names), 2, p=list(TABLE.loci[locus].values()))
            genotypes[locus] = (names[a], names[b])
        found.append(ScreeningProfile(f"p{i}", Sex.UNKNOWN, genotypes))
    return found


def exact(
    one: ScreeningProfile,
    other: ScreeningProfile,
    relation: BlindRelation,
    theta: float,
    mutation: dict[str, MutationModel],
) -> float:
    case = KinshipCase(
        id="",
        loci=tuple(x for x in LOCI if x in one.genotypes and x in other.genotypes),
        frequencies=TABLE,
        numerator=Pedigree(PEDIGREES[relation]),
        denominator=Pedigree((Member(FIRST, Sex.UNKNOWN), Member(SECOND, Sex.UNKNOWN))),
        genotypes={FIRST: one.genotypes, SECOND: other.genotypes},
        theta=theta,
        mutation=mutation,
    )
    found = likelihood_ratio(case).log10_total
    return -math.inf if found is None else found


@pytest.mark.parametrize("theta", [0.0, 0.03])
@pytest.mark.parametrize("mutating", [False, True])
def test_every_relation_equals_the_exact_engine(theta: float, mutating: bool) -> None:
    model = MutationModel(MutationKind.EQUAL, 0.01, 0.01)
    mutation = dict.fromkeys(LOCI, model) if mutating else {}
    people = profiles(6)
    found = blind_search(people, TABLE, theta=theta, mutation=mutation, threshold_log10=-50)
    lrs = {(h.first, h.second): h.log10_by_relation for h in found.hits}
    for one, other in itertools.combinations(people, 2):
        for relation in BlindRelation:
            expected = exact(one, other, relation, theta, mutation)
            if relation is BlindRelation.PARENT_CHILD:
                expected = max(expected, exact(other, one, relation, theta, mutation))
            lr = lrs[one.id, other.id][relation]
            assert (-math.inf if lr is None else lr) == pytest.approx(expected, abs=1e-10)


def test_a_pair_is_reported_with_its_best_relation_and_its_differences() -> None:
    same = {"D1": ("10", "10"), "D2": ("9", "9"), "D3": ("1", "2")}
    people = [
        ScreeningProfile("a", Sex.UNKNOWN, same),
        ScreeningProfile("b", Sex.UNKNOWN, {**same, "D3": ("2", "1")}),
        ScreeningProfile("c", Sex.UNKNOWN, {**same, "D2": ("9", "8")}),
    ]
    found = blind_search(people, TABLE, threshold_log10=1.0)
    first = found.hits[0]
    assert (first.first, first.second, first.relation) == ("a", "b", BlindRelation.SAME_PERSON)
    assert first.differing_loci == ()
    other = next(h for h in found.hits if h.second == "c" and h.first == "a")
    assert other.relation is BlindRelation.FULL_SIBLINGS
    assert other.differing_loci == ("D2",)
    assert other.log10_by_relation[BlindRelation.SAME_PERSON] is None
    assert found.expected_chance_hits == pytest.approx(3 * 4 / 10)


def test_matching_profiles_tolerates_a_difference() -> None:
    same = {"D1": ("10", "10"), "D2": ("9", "9"), "D3": ("1", "2")}
    people = [
        ScreeningProfile("a", Sex.UNKNOWN, same),
        ScreeningProfile("b", Sex.UNKNOWN, {**same, "D2": ("9", "8")}),
        ScreeningProfile("c", Sex.UNKNOWN, {"D1": ("10", "10")}),
    ]
    assert matching_profiles(people, TABLE, least_loci=3).tolist() == []
    assert matching_profiles(people, TABLE, least_loci=3, most_differing=1).tolist() == [[0, 1]]
    assert matching_profiles(people, TABLE, least_loci=1).tolist() == [[0, 2], [1, 2]]


def test_the_compiled_kernel_finds_the_same_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    if not can_compile():
        pytest.skip("numba does not work on this machine")
    people = profiles(150, seed=3)
    results = []
    for compiled in (False, True):
        monkeypatch.setattr(blind, "choose", lambda _pairs, chosen=compiled: chosen)
        results.append(blind_search(people, TABLE, threshold_log10=0.7))
    assert results[0] == results[1]
    assert len(results[0].hits) > 50
