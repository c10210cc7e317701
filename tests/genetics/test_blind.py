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
from forensics.genetics import blind, blind_pairs
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


def partial(count: int, seed: int) -> list[ScreeningProfile]:
    """Profiles of ten loci of which many are missing; every third is somebody again, with other gaps."""
    rng = np.random.default_rng(seed)
    loci = [f"L{i}" for i in range(10)]
    found: list[ScreeningProfile] = []
    whole: list[dict[str, Genotype]] = []
    for i in range(count):
        if i % 3 == 2:
            own = whole[int(rng.integers(len(whole)))]
        else:
            own = {x: tuple(rng.choice(["1", "2", "3"], 2).tolist()) for x in loci}
        whole.append(own)
        share = (1.0, 0.7, 0.3)[int(rng.integers(3))]
        found.append(
            ScreeningProfile(f"p{i}", Sex.UNKNOWN, {x: g for x, g in own.items() if rng.random() < share})
        )
    return found


MANY = FrequencyTable("ten", {f"L{i}": {"1": 0.2, "2": 0.3, "3": 0.5} for i in range(10)})


@pytest.mark.parametrize("threshold", [-0.1, 1.0, 3.0])
@pytest.mark.parametrize("block", [2, 6])
def test_hashing_finds_the_same_people(block: int, threshold: float, monkeypatch: pytest.MonkeyPatch) -> None:
    people = partial(120, seed=5)
    relations = (BlindRelation.SAME_PERSON, BlindRelation.FULL_SIBLINGS)
    plain = blind_search(people, MANY, relations, threshold_log10=threshold)
    monkeypatch.setattr(blind, "WORTH_HASHING", 0)
    monkeypatch.setattr(blind_pairs, "BLOCK", block)
    assert blind_search(people, MANY, relations, threshold_log10=threshold) == plain
    alone = blind_search(people, MANY, relations[:1], threshold_log10=threshold)
    assert any(h.relation is BlindRelation.SAME_PERSON for h in alone.hits)


@pytest.mark.parametrize("differing", [0, 1, 3])
@pytest.mark.parametrize("least", [1, 4, 8])
def test_matching_profiles_are_those_of_plain_comparison(least: int, differing: int) -> None:
    people = partial(90, seed=7)
    expected = []
    for (i, a), (j, b) in itertools.combinations(enumerate(people), 2):
        both = [x for x in MANY.loci if x in a.genotypes and x in b.genotypes]
        differ = sum(sorted(a.genotypes[x]) != sorted(b.genotypes[x]) for x in both)
        if len(both) >= least and differ <= differing:
            expected.append([i, j])
    found = matching_profiles(people, MANY, least_loci=least, most_differing=differing)
    assert found.tolist() == expected
    assert expected


def test_hits_are_those_of_brute_force_with_alleles_that_the_table_lacks() -> None:
    people = partial(40, seed=9)
    people[3] = ScreeningProfile(
        "p3", Sex.UNKNOWN, {**people[3].genotypes, "L2": ("9", "1"), "L4": ("7", "7")}
    )
    people[8] = ScreeningProfile("p8", Sex.UNKNOWN, {**people[3].genotypes, "L1": ("1", "1")})
    everything = blind_search(people, MANY, threshold_log10=-300, minimum_frequency=0.01)
    result = blind_search(people, MANY, threshold_log10=1.0, minimum_frequency=0.01)
    assert [h for h in everything.hits if h.log10_lr >= 1.0] == list(result.hits)
    assert result.comparisons == 40 * 39 // 2
    assert result.expected_chance_hits == pytest.approx(result.comparisons * 4 / 10)
    assert {"p3", "p8"} in [{h.first, h.second} for h in result.hits]
    refused = blind_search(people, MANY, threshold_log10=1.0)
    assert [r.id for r in refused.refused_profiles] == ["p3", "p8"]


def test_nobody_and_nothing_can_be_compared_too() -> None:
    assert blind_search([], MANY).hits == ()
    assert blind_search(partial(3, 1), MANY, []).hits == ()
    assert blind_search(partial(3, 1), MANY, loci=[], threshold_log10=1.0).hits == ()
    assert matching_profiles([], MANY).shape == (0, 2)
