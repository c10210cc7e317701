"""Many loci at once are what each is by itself, and what writing everything out gives."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from random import Random

import pytest

from forensics.domain.kinship import (
    Chromosome,
    Convention,
    DropOut,
    FrequencyTable,
    KinshipCase,
    Member,
    MutationKind,
    MutationModel,
    Pedigree,
    Sex,
)
from forensics.genetics.likelihood import likelihood_ratio, locus_likelihood, log10_ratio
from forensics.genetics.loci_at_once import FEWEST, loci_at_once
from forensics.genetics.locus_data import informative, locus_data
from forensics.genetics.pedigrees import graph
from tests.support.brute_force import likelihood, random_pedigree, seen

EQUAL = MutationModel(MutationKind.EQUAL, 0.02, 0.005)
VICTIM = Member("victim", Sex.UNKNOWN)


def random_case(seed: int, alleles: int = 2, **changes: object) -> KinshipCase:
    """A small random family of up to four typed people and somebody who may be one of them."""
    dice = Random(seed)
    pedigree = random_pedigree(dice, dice.randint(3, 6))
    lost = dice.choice([m for m in pedigree.members if not m.twins])
    named = {lost.id: "victim"}
    numerator = Pedigree(
        tuple(
            Member(
                named.get(m.id, m.id),
                m.sex,
                named.get(m.father or "", m.father),
                named.get(m.mother or "", m.mother),
                m.twins,
            )
            for m in pedigree.members
        )
    )
    typed = [*[m.id for m in pedigree.members if m.id != lost.id and dice.random() < 0.5][:3], "victim"]
    names = tuple(f"M{i}" for i in range(FEWEST + dice.randint(0, 9)))
    tables: dict[str, Mapping[str, float]] = {}
    for name in names:
        weights = [dice.uniform(0.1, 1) for _ in range(alleles)]
        tables[name] = {str(i): w / math.fsum(weights) for i, w in enumerate(weights)}
    genotypes = {
        person: {name: (str(dice.randrange(alleles)), str(dice.randrange(alleles))) for name in names}
        for person in typed
    }
    for one, other in combinations([m for m in pedigree.members if m.id in typed and m.twins], 2):
        if one.twins == other.twins:
            genotypes[one.id] = dict(genotypes[other.id])
    for person in typed[:1]:
        del genotypes[person][names[0]]  # a locus of another kind
    case = KinshipCase(
        f"random {seed}",
        names,
        FrequencyTable("random", tables),
        numerator,
        Pedigree((*pedigree.members, VICTIM)),
        genotypes,
        mutation=dict.fromkeys(names, EQUAL),
    )
    return replace(case, **changes)  # type: ignore[arg-type]


def at_once(case: KinshipCase) -> dict[str, tuple[float, float]]:
    return loci_at_once(case, [locus_data(case, locus) for locus in case.loci])


def one_by_one(case: KinshipCase) -> dict[str, float | None]:
    """Each locus by the network of its own."""
    nodes = [graph(drawn, informative(case), case.convention) for drawn in (case.numerator, case.denominator)]
    found = {}
    for locus in case.loci:
        over, under = (locus_likelihood(one, locus_data(case, locus), case.theta) for one in nodes)
        found[locus] = log10_ratio(over, under, locus)
    return found


@pytest.mark.parametrize("theta", [0.0, 0.04])
@pytest.mark.parametrize("alleles", [2, 3])
def test_many_are_what_each_is_alone(theta: float, alleles: int) -> None:
    together: Counter[bool] = Counter()
    for seed in range(25):
        case = random_case(seed, alleles, theta=theta)
        alone = one_by_one(case)
        found = likelihood_ratio(case).log10_per_locus
        assert found == pytest.approx(alone, rel=1e-12, abs=1e-12)
        fast = at_once(case)
        together.update(locus in fast for locus in case.loci)
        for locus, (over, under) in fast.items():
            assert math.log10(over / under) == found[locus]
    assert together[True] > 500
    assert together[False] >= 25


@pytest.mark.parametrize("theta", [0.0, 0.1])
def test_against_writing_out_every_allele_of_everybody(theta: float) -> None:
    male, female = matrix(EQUAL.rate_male), matrix(EQUAL.rate_female)
    compared = 0
    for seed in range(40):
        case = random_case(seed, theta=theta)
        for locus, numbers in list(at_once(case).items())[:2]:
            p = list(case.frequencies.loci[locus].values())
            evidence = {x: seen(*map(int, g[locus])) for x, g in case.genotypes.items() if locus in g}
            for pedigree, number in zip((case.numerator, case.denominator), numbers, strict=True):
                assert number == pytest.approx(
                    likelihood(pedigree, evidence, p, theta, male, female), rel=1e-12
                )
                compared += 1
    assert compared > 100


def matrix(rate: float) -> Sequence[Sequence[float]]:
    return [[1 - rate, rate], [rate, 1 - rate]]


def test_no_number_depends_on_the_order_of_loci() -> None:
    case = random_case(3, theta=0.02)
    turned = tuple(Random(1).sample(case.loci, len(case.loci)))
    there, back = likelihood_ratio(case), likelihood_ratio(replace(case, loci=turned))
    assert there.log10_per_locus == back.log10_per_locus
    assert there.log10_total == back.log10_total


def test_the_convention_counts() -> None:
    changed = 0
    for seed in range(20):
        case = random_case(seed, convention=Convention.PRUNED)
        found = likelihood_ratio(case).log10_per_locus
        assert found == pytest.approx(one_by_one(case), rel=1e-12, abs=1e-12)
        drawn = likelihood_ratio(replace(case, convention=Convention.AS_DRAWN)).log10_per_locus
        changed += found != pytest.approx(drawn, rel=1e-9, abs=1e-9)
    assert changed


def test_what_is_impossible_stays_impossible_and_what_is_not_taken_is_left() -> None:
    father, child = Member("father", Sex.MALE), Member("victim", Sex.MALE, "father", "mother")
    drawn = Pedigree((father, Member("mother", Sex.FEMALE), child))
    apart = Pedigree((father, Member("victim", Sex.MALE)))
    names = tuple(f"M{i}" for i in range(FEWEST))
    table = FrequencyTable("t", {key: {"0": 0.5, "1": 0.5} for key in names})
    seen_of = {"father": dict.fromkeys(names, ("0", "0")), "victim": dict.fromkeys(names, ("0", "1"))}
    case = KinshipCase("trio", names, table, drawn, apart, seen_of)
    assert len(at_once(case)) == FEWEST
    assert len(at_once(replace(case, loci=names[1:]))) == 0
    assert not at_once(replace(case, chromosome=Chromosome.X))
    assert not at_once(replace(case, silent_allele="0"))
    trace = DropOut("mother", {names[0]: ("0",)}, 0.1, 0.01, 0.05)
    assert names[0] not in at_once(replace(case, drop_out=trace))
    seen_of["victim"] = {**seen_of["victim"], "M4": ("1", "1")}
    found = likelihood_ratio(replace(case, genotypes=seen_of))
    assert found.log10_per_locus["M4"] is None
    assert found.log10_per_locus["M5"] == pytest.approx(
        0.0, abs=1e-15
    )  # a quarter of ½ and of Hardy-Weinberg


def test_twins_who_differ_at_a_locus_are_impossible_there() -> None:
    names = tuple(f"M{i}" for i in range(FEWEST))
    same = dict.fromkeys(names, ("0", "1"))
    members = (Member("one", Sex.MALE, twins="t"), Member("victim", Sex.MALE, twins="t"))
    apart = Pedigree((Member("one", Sex.MALE), Member("victim", Sex.MALE)))
    table = FrequencyTable("t", {key: {"0": 0.4, "1": 0.6} for key in names})
    other = {**same, "M3": ("1", "1")}
    case = KinshipCase("twins", names, table, Pedigree(members), apart, {"one": same, "victim": other})
    found = likelihood_ratio(case).log10_per_locus
    assert found["M3"] is None
    assert found["M4"] == pytest.approx(-math.log10(2 * 0.4 * 0.6), rel=1e-12)
