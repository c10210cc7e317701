"""Families as hard as they come, for measuring what the exact engine reaches and how long it takes.

Three or four generations with uncles, cousins, half-siblings, second partners, marriages of relatives and
twins, most of them untyped, θ above 0 and every mutation model:

    python -m tests.support.harsh_families CASES [FIRST SEED] [TYPED RELATIVES]

prints how many loci are refused and how long they take (CPU seconds).
"""

import math
import sys
import time
from random import Random

from forensics.domain.errors import Refused
from forensics.domain.kinship import (
    Allele,
    Convention,
    FrequencyTable,
    KinshipCase,
    Member,
    MutationKind,
    MutationModel,
    Pedigree,
    Sex,
)
from forensics.genetics.likelihood import likelihood_ratio
from tests.support.brute_force import random_frequencies

MISSING, REMAINS = "missing", "remains"


def harsh_pedigree(dice: Random) -> Pedigree:
    """A family around one missing person, parents first."""
    family = _Family(dice)
    father_side, mother_side = family.couple(), family.couple()
    if dice.random() < 0.3:
        father_side = (family.child(*family.couple(), Sex.MALE), father_side[1])
    father = family.child(*father_side, Sex.MALE)
    mother = family.child(*(father_side if dice.random() < 0.04 else mother_side), Sex.FEMALE)
    uncles = [family.child(*father_side) for _ in range(dice.randint(0, 2))]
    uncles += [family.child(*mother_side) for _ in range(dice.randint(0, 2))]
    for uncle in uncles:
        if dice.random() < 0.6:
            partner = dice.choice(uncles) if dice.random() < 0.15 else None
            family.children_of(uncle, dice.randint(1, 2), partner)
    siblings = [family.child(father, mother) for _ in range(dice.randint(0, 3))]
    if siblings and dice.random() < 0.1:
        family.twin_of(siblings[0])
    family.add(MISSING, dice.choice([Sex.MALE, Sex.FEMALE]), father, mother)
    for parent in (father, mother):
        if dice.random() < 0.3:
            family.children_of(parent, dice.randint(1, 2))
    for person in [MISSING, *siblings]:
        if dice.random() < 0.4:
            for child in family.children_of(person, dice.randint(1, 3)):
                if dice.random() < 0.3:
                    family.children_of(child, 1)
    return Pedigree(tuple(family.members))


class _Family:
    """Members under construction."""

    def __init__(self, dice: Random) -> None:
        self.dice = dice
        self.members: list[Member] = []

    def add(
        self,
        name: str,
        sex: Sex,
        father: str | None = None,
        mother: str | None = None,
        twins: str | None = None,
    ) -> str:
        self.members.append(Member(name, sex, father, mother, twins))
        return name

    def founder(self, sex: Sex) -> str:
        return self.add(f"P{len(self.members)}", sex)

    def couple(self) -> tuple[str, str]:
        return self.founder(Sex.MALE), self.founder(Sex.FEMALE)

    def child(self, father: str, mother: str, sex: Sex | None = None) -> str:
        sex = sex or self.dice.choice([Sex.MALE, Sex.FEMALE])
        return self.add(f"P{len(self.members)}", sex, father, mother)

    def sex(self, name: str) -> Sex:
        return next(m.sex for m in self.members if m.id == name)

    def children_of(self, parent: str, number: int, partner: str | None = None) -> list[str]:
        male = self.sex(parent) is Sex.MALE
        wanted = Sex.FEMALE if male else Sex.MALE
        if partner is None or self.sex(partner) is not wanted:
            partner = self.founder(wanted)
        couple = (parent, partner) if male else (partner, parent)
        return [self.child(*couple) for _ in range(number)]

    def twin_of(self, name: str) -> None:
        place = next(i for i, m in enumerate(self.members) if m.id == name)
        m = self.members[place]
        self.members[place] = Member(m.id, m.sex, m.father, m.mother, "t1")
        self.add(f"P{len(self.members)}", m.sex, m.father, m.mother, "t1")


def harsh_table(dice: Random, alleles: int) -> dict[Allele, float]:
    """A ladder with some microvariants."""
    names = [f"{8 + i}" for i in range(alleles)]
    for i in range(1, alleles):
        if dice.random() < 0.15:
            names[i] = f"{7 + i}.{dice.choice([1, 2, 3])}"
    return dict(zip(names, random_frequencies(dice, alleles), strict=True))


def harsh_model(dice: Random, alleles: tuple[Allele, ...]) -> MutationModel:
    """Stepwise most often; every other model too."""
    kind = dice.choice(
        [MutationKind.STEPWISE] * 5
        + [MutationKind.MATRIX, MutationKind.EQUAL, MutationKind.PROPORTIONAL, MutationKind.ONESTEP]
    )
    male = dice.choice([0.001, 0.002, 0.005])
    female = dice.choice([male, male / 3])
    if kind is MutationKind.MATRIX:
        rows = [_random_rows(dice, len(alleles), rate) for rate in (male, female)]
        return MutationModel(kind, alleles=alleles, matrix_male=rows[0], matrix_female=rows[1])
    if kind is MutationKind.STEPWISE:
        transform = dice.choice([None, None, "PM"])
        return MutationModel(kind, male, female, 1e-6, 1e-6, 0.1, 0.1, transform)
    return MutationModel(kind, male, female)


def _random_rows(dice: Random, alleles: int, rate: float) -> tuple[tuple[float, ...], ...]:
    """A matrix without any structure."""
    rows = []
    for i in range(alleles):
        others = random_frequencies(dice, alleles - 1)
        away = [rate * p for p in others]
        rows.append((*away[:i], 1 - math.fsum(away), *away[i:]))
    return tuple(rows)


def harsh_case(seed: int, typed_people: int | None = None) -> KinshipCase:
    """One locus of a random family; the same seed gives the same case."""
    dice = Random(seed)
    pedigree = harsh_pedigree(dice)
    table = harsh_table(dice, dice.choice([8, 10, 12, 15, 18, 22]))
    names = tuple(table)
    known: dict[str, tuple[Allele, ...]] = {}
    twins: dict[str, tuple[Allele, ...]] = {}
    for m in pedigree.members:
        genes = []
        for parent in (m.father, m.mother):
            if parent is None:
                genes.append(dice.choices(names, list(table.values()))[0])
            else:
                gene = dice.choice(known[parent])
                step = dice.choice([-1, 1]) if dice.random() < 0.02 else 0
                genes.append(names[min(max(names.index(gene) + step, 0), len(names) - 1)])
        known[m.id] = twins.setdefault(m.twins, tuple(genes)) if m.twins else tuple(genes)
    others = [m.id for m in pedigree.members if m.id != MISSING]
    typed = dice.sample(others, min(typed_people or dice.randint(1, 6), len(others)))
    sex = next(m.sex for m in pedigree.members if m.id == MISSING)
    renamed = tuple(
        Member(
            REMAINS if m.id == MISSING else m.id,
            m.sex,
            REMAINS if m.father == MISSING else m.father,
            REMAINS if m.mother == MISSING else m.mother,
            m.twins,
        )
        for m in pedigree.members
    )
    return KinshipCase(
        id=f"harsh {seed}",
        loci=("L",),
        frequencies=FrequencyTable("harsh", {"L": table}),
        numerator=Pedigree(renamed),
        denominator=Pedigree((*pedigree.members, Member(REMAINS, sex))),
        genotypes={**{p: {"L": known[p]} for p in typed}, REMAINS: {"L": known[MISSING]}},
        theta=dice.choice([0.01, 0.02, 0.03]),
        mutation={"L": harsh_model(dice, names)},
        convention=dice.choice([Convention.AS_DRAWN, Convention.PRUNED]),
    )


def measure(cases: int, first: int = 0, typed_people: int | None = None) -> None:
    """Print how many of these loci are refused, and how long they take."""
    times, refused = [], []
    for seed in range(first, first + cases):
        case = harsh_case(seed, typed_people)
        started = time.process_time()
        try:
            likelihood_ratio(case)
        except Refused:
            refused.append(seed)
        times.append((time.process_time() - started, seed))
    times.sort()
    middle, high = times[len(times) // 2][0], times[math.ceil(0.99 * len(times)) - 1][0]
    sys.stdout.write(
        f"{cases} loci: {len(refused)} refused {refused[:20]}, {sum(t > 2 for t, _ in times)} above 2 s; "
        f"CPU seconds: median {middle:.3f}, 99 % {high:.2f}, worst {times[-1][0]:.2f} (seed {times[-1][1]})\n"
    )


if __name__ == "__main__":
    measure(*map(int, sys.argv[1:]))
