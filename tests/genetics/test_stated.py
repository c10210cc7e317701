"""Many stated pairs at once against one kinship case for each."""

import math
import random

import pytest

from forensics.data.frequencies import load
from forensics.domain.kinship import (
    Convention,
    Genotype,
    KinshipCase,
    Member,
    MutationKind,
    MutationModel,
    Pedigree,
    Sex,
)
from forensics.genetics.likelihood import likelihood_ratio
from forensics.genetics.stated import Rules, Stated, stated_ratios
from forensics.services import gene_dropping

M, F = Sex.MALE, Sex.FEMALE
TABLE = load("nist1036-african-american")
LOCI = tuple(TABLE.loci)[:7]
FAMILY = Pedigree(
    (
        Member("grandfather", M),
        Member("grandmother", F),
        Member("father", M, "grandfather", "grandmother"),
        Member("uncle", M, "grandfather", "grandmother"),
        Member("mother", F),
        Member("son", M, "father", "mother"),
        Member("daughter", F, "father", "mother"),
        Member("half", F, None, "mother"),
        Member("twin", F, "father", "mother", twins="1"),
        Member("other twin", F, "father", "mother", twins="1"),
    )
)
PAIRS = (
    ("father", "son"),
    ("son", "mother"),
    ("daughter", "son"),
    ("uncle", "daughter"),
    ("half", "son"),
    ("grandmother", "daughter"),
    ("mother", "father"),
)


def stated(seed: int) -> list[Stated]:
    """Every pair of two families; the last of each is not what the drawing says, and typed in part."""
    dice, found = random.Random(seed), []
    for _ in range(2):
        people = gene_dropping.drop(FAMILY, TABLE, LOCI, dice)
        for one, other in PAIRS:
            found.append(Stated(FAMILY, one, other, {one: people[one], other: people[other]}))
        some = {x: people["uncle"][x] for x in LOCI[2:]}
        found.append(Stated(FAMILY, "mother", "son", {"mother": some, "son": people["son"]}))
    return found


def alone(pair: Stated, rules: Rules) -> float:
    """The same pair as a kinship case."""
    loci = tuple(x for x in rules.loci if all(x in g for g in pair.genotypes.values()))
    apart = Pedigree(tuple(Member(name, FAMILY.member(name).sex) for name in pair.genotypes))
    case = KinshipCase(
        id="pair", loci=loci, frequencies=rules.frequencies, numerator=pair.pedigree, denominator=apart,
        genotypes={name: {x: g[x] for x in loci} for name, g in pair.genotypes.items()}, theta=rules.theta,
        mutation={x: rules.mutation[x] for x in loci if x in rules.mutation}, convention=rules.convention,
        minimum_frequency=rules.minimum_frequency,
    )  # fmt: skip
    total = likelihood_ratio(case).log10_total
    return -math.inf if total is None else total


@pytest.mark.parametrize("theta", [0.0, 0.02])
@pytest.mark.parametrize("convention", list(Convention))
@pytest.mark.parametrize("kind", [None, MutationKind.PROPORTIONAL, MutationKind.STEPWISE])
def test_pairs_together_are_each_by_itself(
    theta: float, convention: Convention, kind: MutationKind | None
) -> None:
    mutation = {} if kind is None else dict.fromkeys(LOCI, MutationModel(kind, 0.004, 0.001))
    rules = Rules(LOCI, TABLE, mutation, theta, convention, 0.001)
    pairs = stated(7)
    for pair, found in zip(pairs, stated_ratios(pairs, rules), strict=True):
        expected = alone(pair, rules)
        assert found == pytest.approx(expected, abs=1e-9), (pair.first, pair.second)


def test_what_can_not_be_computed_together_is_said() -> None:
    rules = Rules(LOCI, TABLE, {}, 0.0, Convention.AS_DRAWN, 0.001)
    genotypes: dict[str, Genotype] = {LOCI[0]: ("99.9", "99.9")}
    odd = Stated(FAMILY, "father", "son", {"father": genotypes, "son": genotypes})
    people = gene_dropping.drop(FAMILY, TABLE, LOCI, random.Random(1))
    twins = Stated(FAMILY, "twin", "other twin", dict.fromkeys(("twin", "other twin"), people["twin"]))
    untyped = Stated(FAMILY, "father", "son", {"father": {}, "son": people["son"]})
    found = stated_ratios([odd, twins, untyped], rules)
    assert math.isnan(found[0])
    assert math.isnan(found[1])
    assert found[2] == 0.0
    assert stated_ratios([], rules) == []
