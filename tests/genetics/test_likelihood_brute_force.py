"""The engine against an enumeration of every genome, on families that chance has drawn."""

from random import Random

import numpy as np
import pytest

from forensics.domain.errors import Invalid
from forensics.domain.kinship import Chromosome, Convention, DropOut, Genotype, Member, Pedigree, Sex
from forensics.genetics import coupling, network
from forensics.genetics.alleles import AlleleSpace
from forensics.genetics.likelihood import conditional_genotypes, linked_pair, locus_likelihood
from forensics.genetics.locus_data import LocusData
from forensics.genetics.pedigrees import graph
from tests.support import brute_force
from tests.support.brute_force import random_frequencies, random_matrix, random_pedigree

NAMES = ("10", "11", "12", "13")


def close(value: float, expected: float) -> bool:
    return abs(value - expected) <= 1e-12 * abs(expected) + 1e-300


class Case:
    """A random family at a random locus."""

    def __init__(self, seed: int, x_linked: bool = False, largest: int = 6) -> None:
        dice = self.dice = Random(seed)
        self.pedigree = random_pedigree(dice, dice.randint(2, largest))
        self.n = dice.choice([2, 3, 3, 4])
        self.p = random_frequencies(dice, self.n)
        self.theta = dice.choice([0.0, 0.01, 0.05, 0.4])
        kind = dice.choice(["none", "lumpable", "any", "any"])
        self.male = self.female = None
        if kind == "any":
            self.male, self.female = random_matrix(dice, self.n), random_matrix(dice, self.n)
        elif kind == "lumpable":
            self.male, self.female = self._equal(dice.uniform(0, 0.1)), None
        self.x_linked = x_linked
        self.space = AlleleSpace(
            NAMES[: self.n],
            np.array(self.p),
            None if self.male is None else np.array(self.male),
            None if self.female is None else np.array(self.female),
        )
        self.genotypes = self._genotypes()

    def _equal(self, rate: float) -> list[list[float]]:
        return [[1 - rate if i == j else rate / (self.n - 1) for j in range(self.n)] for i in range(self.n)]

    def _genotypes(self) -> dict[str, Genotype]:
        typed = {}
        for member in self.pedigree.members:
            if self.dice.random() < 0.6:
                single = self.x_linked and member.sex is Sex.MALE
                alleles = [self.dice.randrange(self.n) for _ in range(1 if single else 2)]
                typed[member.id] = tuple(NAMES[a] for a in alleles)
        return typed

    def evidence(self) -> dict[str, brute_force.Weight]:
        return {
            person: brute_force.seen(*(NAMES.index(a) for a in genotype))
            for person, genotype in self.genotypes.items()
        }

    def brute(
        self,
        evidence: dict[str, brute_force.Weight] | None = None,
        convention: Convention = Convention.AS_DRAWN,
    ) -> float:
        evidence = self.evidence() if evidence is None else evidence
        drawn = convention is Convention.AS_DRAWN
        return brute_force.likelihood(
            self.pedigree if drawn else brute_force.pruned(self.pedigree, evidence),
            evidence,
            self.p,
            self.theta,
            self.male,
            self.female,
            self.x_linked,
        )

    def engine(self, trace: DropOut | None = None, convention: Convention = Convention.AS_DRAWN) -> float:
        data = LocusData("L", self.space, self.genotypes, trace)
        nodes = graph(self.pedigree, set(self.genotypes), convention)
        found = locus_likelihood(
            nodes, data, self.theta, Chromosome.X if self.x_linked else Chromosome.AUTOSOMAL
        )
        return float(np.ldexp(found.table, found.exponent))


@pytest.mark.parametrize("seed", range(150))
def test_autosomal_families_agree_with_enumeration(seed: int) -> None:
    case = Case(seed)
    assert close(case.engine(), case.brute())


@pytest.mark.parametrize("seed", range(1000, 1080))
def test_x_chromosomal_families_agree_with_enumeration(seed: int) -> None:
    case = Case(seed, x_linked=True)
    assert close(case.engine(), case.brute())


def take(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the engine sum families under θ in this way only."""
    if way != "table":
        monkeypatch.setattr(network, "CHEAP", 0)
        monkeypatch.setattr(coupling, "_table_work", lambda *_: (10**12, 1))
    if way == "multisets":
        monkeypatch.setattr(network, "sum_descents", lambda *_: None)
    if way == "descent":
        monkeypatch.setattr(network, "other_ways", lambda *_: [])


@pytest.mark.parametrize("way", ["table", "descent", "multisets"])
@pytest.mark.parametrize("convention", list(Convention))
@pytest.mark.parametrize("seed", range(6000, 6050))
def test_each_way_of_coupling_founders_agrees_with_enumeration(
    seed: int, convention: Convention, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = Case(seed, x_linked=seed % 5 == 0)
    case.theta = case.dice.choice([0.02, 0.3, 0.9])
    take(way, monkeypatch)
    assert close(case.engine(convention=convention), case.brute(convention=convention))


@pytest.mark.parametrize("way", ["table", "descent", "multisets"])
def test_a_line_of_unseen_people_keeps_every_mutation_when_its_partners_are_pruned(
    way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = Case(6000)
    case.n, case.p, case.theta = 2, [0.2, 0.8], 0.02
    case.male, case.female = random_matrix(case.dice, 2), random_matrix(case.dice, 2)
    case.space = AlleleSpace(NAMES[:2], np.array(case.p), np.array(case.male), np.array(case.female))
    line = [("son", Sex.MALE, "old", None), ("grandson", Sex.MALE, "son", "wife")]
    line += [("woman", Sex.FEMALE, "grandson", None), ("child", Sex.MALE, None, "woman")]
    case.pedigree = Pedigree(
        (Member("old", Sex.MALE), Member("wife", Sex.FEMALE), *(Member(*row) for row in line))
    )
    case.genotypes = {"old": ("10", "10"), "wife": ("10", "11"), "child": ("11", "11")}
    take(way, monkeypatch)
    assert close(case.engine(convention=Convention.PRUNED), case.brute(convention=Convention.PRUNED))


@pytest.mark.parametrize("way", ["descent", "multisets"])
@pytest.mark.parametrize("seed", range(7000, 7030))
def test_conditional_genotypes_hold_by_each_way(seed: int, way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    case = Case(seed, x_linked=seed % 5 == 0)
    case.theta = 0.1
    target = case.dice.choice(case.pedigree.members).id
    chromosome = Chromosome.X if case.x_linked else Chromosome.AUTOSOMAL
    question = (case.pedigree, case.genotypes, target, case.space, case.theta, chromosome)
    try:
        expected = conditional_genotypes(*question)
    except Invalid:
        return
    take(way, monkeypatch)
    assert conditional_genotypes(*question) == pytest.approx(expected, rel=1e-12, abs=1e-300)


@pytest.mark.parametrize("seed", range(2000, 2060))
def test_a_silent_allele_agrees_with_enumeration(seed: int) -> None:
    case = Case(seed, largest=5)
    silent = case.n - 1
    case.genotypes = {p: g for p, g in case.genotypes.items() if NAMES[silent] not in g}
    case.space = AlleleSpace(case.space.names, case.space.p, case.space.male, case.space.female, silent)

    def weigh(genotype: Genotype) -> brute_force.Weight:
        visible = {NAMES.index(a) for a in genotype}
        return lambda genome: float(
            set(genome) - {silent} == visible and (len(visible) == 2 or any(g in visible for g in genome))
        )

    assert close(case.engine(), case.brute({p: weigh(g) for p, g in case.genotypes.items()}))


@pytest.mark.parametrize("seed", range(3000, 3060))
def test_a_trace_agrees_with_enumeration(seed: int) -> None:
    case = Case(seed, x_linked=seed % 4 == 0, largest=5)
    dice = case.dice
    person = dice.choice(case.pedigree.ids)
    d = dice.uniform(0.05, 0.5)
    trace = DropOut(
        person,
        {"L": tuple(name for name in NAMES[: case.n] if dice.random() < 0.4)},
        d,
        dice.choice([d * d, d / 3]),
        dice.choice([0.0, 0.05]),
    )
    seen = {NAMES.index(name) for name in trace.observed["L"]}

    def weigh(genome: tuple[int, ...]) -> float:
        weight = 1.0
        for x in range(case.n):
            copies = genome.count(x)
            unseen = (1 - trace.drop_in * case.p[x]) * (1.0, trace.heterozygous, trace.homozygous)[copies]
            weight *= 1 - unseen if x in seen else unseen
        return weight

    evidence = case.evidence()
    certain = evidence.get(person, lambda _: 1.0)
    evidence[person] = lambda genome: certain(genome) * weigh(genome)
    assert close(case.engine(trace), case.brute(evidence))


@pytest.mark.parametrize("seed", range(4000, 4060))
def test_conditional_genotypes_agree_with_enumeration(seed: int) -> None:
    case = Case(seed, x_linked=seed % 5 == 0, largest=5)
    target = case.dice.choice(case.pedigree.members)
    case.genotypes.pop(target.id, None)
    evidence = case.evidence()
    total = case.brute(evidence)
    if total == 0:
        return
    chromosome = Chromosome.X if case.x_linked else Chromosome.AUTOSOMAL
    table = conditional_genotypes(
        case.pedigree, case.genotypes, target.id, case.space, case.theta, chromosome
    )
    assert abs(table.sum() - 1) < 1e-12
    for a in range(case.n):
        for b in range(a, case.n):
            if table.ndim == 1:
                found, wanted = table[a], brute_force.seen(a)
            else:
                found, wanted = table[a, b] * (1 if a == b else 2), brute_force.seen(a, b)
            assert close(found, case.brute(evidence | {target.id: wanted}) / total)


@pytest.mark.parametrize("seed", range(5000, 5040))
def test_linked_pairs_agree_with_enumeration(seed: int) -> None:
    dice = Random(seed)
    pedigree = random_pedigree(dice, dice.randint(3, 4), twins=False)
    rho = dice.choice([0.0, 0.1, 0.3, 0.5])
    loci, spaces, genotypes = [], [], []
    for n in (2, dice.choice([2, 3])):
        p, male, female = random_frequencies(dice, n), random_matrix(dice, n), random_matrix(dice, n)
        if dice.random() < 0.3:
            male = female = tuple(tuple(float(i == j) for j in range(n)) for i in range(n))
        loci.append((p, male, female))
        spaces.append(AlleleSpace(NAMES[:n], np.array(p), np.array(male), np.array(female)))
        genotypes.append(
            {
                m.id: (NAMES[dice.randrange(n)], NAMES[dice.randrange(n)])
                for m in pedigree.members
                if dice.random() < 0.8
            }
        )
    expected = brute_force.pair_likelihood(
        pedigree,
        [{p: brute_force.seen(*(NAMES.index(a) for a in g)) for p, g in one.items()} for one in genotypes],
        [locus[0] for locus in loci],
        rho,
        [locus[1] for locus in loci],
        [locus[2] for locus in loci],
    )
    data = [LocusData("L", space, one) for space, one in zip(spaces, genotypes, strict=True)]
    found = linked_pair(graph(pedigree, set(), Convention.AS_DRAWN), data, rho)
    assert close(float(np.ldexp(found.table, found.exponent)), expected)


def test_the_pedigrees_of_chance_hold_loops_and_incest() -> None:
    def incest(pedigree: Pedigree) -> bool:
        people = {m.id: m for m in pedigree.members}
        return any(
            m.father and (people[m.mother].father == m.father or m.mother == people[m.father].mother)
            for m in pedigree.members
        )

    drawn = [random_pedigree(Random(seed), 6) for seed in range(150)]
    assert sum(map(incest, drawn)) > 5
    assert any(any(m.twins for m in pedigree.members) for pedigree in drawn)
