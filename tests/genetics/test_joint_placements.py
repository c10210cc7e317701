"""LRs of placements by tables against the exact engine, on families that chance has drawn."""

import itertools
import math
from random import Random

import numpy as np
import pytest

from forensics.domain.kinship import Convention, FrequencyTable, Genotype, MutationKind, MutationModel, Sex
from forensics.domain.screening import ScreeningFamily, ScreeningInputs, ScreeningProfile
from forensics.genetics import joint_placements
from forensics.genetics.alleles import allele_space
from forensics.genetics.joint_exclusions import Family, inconsistent
from forensics.genetics.joint_family import FamilyModel
from forensics.genetics.joint_placements import FamilyTables, TooMany
from forensics.genetics.joint_victims import NOBODY, Victims, encode
from forensics.genetics.likelihood import LocusData, locus_likelihood
from forensics.genetics.pedigrees import graph
from forensics.genetics.screening_prepare import prepare
from tests.support.brute_force import random_pedigree

TABLE = FrequencyTable(
    "small",
    {
        "D1": {"10": 0.1, "11": 0.25, "12": 0.45, "13": 0.2},
        "D2": {"7": 0.3, "8": 0.5, "9": 0.2},
        "D3": {"5": 0.05, "6": 0.15, "6.3": 0.2, "7": 0.3, "8": 0.3},
    },
)
LOCI = tuple(TABLE.loci)
MODELS = {
    "none": None,
    "equal": MutationModel(MutationKind.EQUAL, 0.02, 0.01),
    "stepwise": MutationModel(MutationKind.STEPWISE, 0.02, 0.01, 0.001, 0.002),
}


class Question:
    """A random family with missing members, typed relatives and candidates; some things are left out."""

    def __init__(self, seed: int, kind: str, convention: Convention, victims: int = 3) -> None:
        dice = Random(seed)
        pedigree = random_pedigree(dice, dice.randint(4, 9))
        names = [m.id for m in pedigree.members]
        self.missing = tuple(dice.sample(names, min(dice.choice([1, 2, 2, 3]), len(names))))
        typed = {
            name: self.genotypes(dice)
            for name in names
            if dice.random() < (0.2 if name in self.missing else 0.5)
        }
        twins = [m.id for m in pedigree.members if m.twins]
        for name in twins[1:]:  # one of them speaks for all
            typed.pop(name, None)
        self.family = ScreeningFamily("A", pedigree, self.missing, typed)
        self.profiles = [ScreeningProfile(str(i), Sex.UNKNOWN, self.genotypes(dice)) for i in range(victims)]
        effects = [g for name, g in typed.items() if name in self.missing]
        if effects:
            self.profiles[0] = ScreeningProfile("0", Sex.UNKNOWN, effects[0])
        model = MODELS[kind]
        self.mutation = {} if model is None else dict.fromkeys(LOCI, model)
        self.convention = convention
        prepared = prepare(ScreeningInputs(LOCI, TABLE, (self.family,), (), self.mutation))
        self.column, kit = prepared.columns[0], prepared.kit
        everybody = list(self.column.genotypes.values())
        self.victims: Victims = encode(self.profiles, kit, everybody)
        self.tables = FamilyTables(
            pedigree, self.missing, self.column.genotypes, LOCI, self.victims, convention
        )

    @staticmethod
    def genotypes(dice: Random) -> dict[str, Genotype]:
        found: dict[str, Genotype] = {}
        for locus, table in TABLE.loci.items():
            if dice.random() < 0.85:
                a, b = dice.choices(list(table), list(table.values()), k=2)
                found[locus] = (a, b)
        return found

    def ln_exact(self, row: tuple[int, ...]) -> float:
        """ln LR of a placement (a victim or NOBODY on each missing member) by the exact engine."""
        people = {name: dict(found) for name, found in self.family.genotypes.items()}
        placed = {name: self.profiles[v] for name, v in zip(self.missing, row, strict=True) if v != NOBODY}
        total = 0.0
        same = {m.id: m.twins or m.id for m in self.family.pedigree.members}
        for name, victim in placed.items():
            for locus, genotype in victim.genotypes.items():
                total -= self.ln_stranger(locus, genotype)
                for other, found in people.items():
                    if same[other] == same[name] and sorted(found.get(locus, genotype)) != sorted(genotype):
                        return -math.inf
            people[name] = {**victim.genotypes, **people.get(name, {})}
        anybody = {name for name, found in self.family.genotypes.items() if found}
        with_placed = graph(self.family.pedigree, anybody | placed.keys(), self.convention)
        alone = graph(self.family.pedigree, anybody, self.convention)
        for locus in LOCI:
            space = allele_space(TABLE, locus, [], self.mutation.get(locus))
            before = {n: g[locus] for n, g in self.family.genotypes.items() if g.get(locus)}
            after = {n: g[locus] for n, g in people.items() if g.get(locus)}
            total += locus_likelihood(with_placed, LocusData(locus, space, after)).log()
            total -= locus_likelihood(alone, LocusData(locus, space, before)).log()
        return total

    @staticmethod
    def ln_stranger(locus: str, genotype: Genotype) -> float:
        p = TABLE.loci[locus]
        return math.log(p[genotype[0]] * p[genotype[-1]] * (1 if genotype[0] == genotype[-1] else 2))

    def possible(self) -> bool:
        return self.tables.ln_relatives() > -math.inf


def compared(question: Question) -> int:
    """Compare every placement; how many there were."""
    members = tuple(range(len(question.missing)))
    everybody = np.arange(len(question.profiles))
    drawn = question.convention is Convention.AS_DRAWN
    sets = [members] if drawn else [s for n in members for s in itertools.combinations(members, n + 1)]
    number = 0
    for own in sets:
        candidates = np.concatenate([[NOBODY], everybody]) if drawn else everybody
        found = question.tables.blocks(dict.fromkeys(own, candidates))
        for cell in itertools.product(range(len(candidates)), repeat=len(own)):
            row = [NOBODY] * len(members)
            for k, place in zip(own, cell, strict=True):
                row[k] = int(candidates[place])
            ln = sum(float(b.ln_lr[tuple(cell[own.index(k)] for k in b.members)]) for b in found)
            expected = question.ln_exact(tuple(row))
            assert ln == expected or abs(ln - expected) < 1e-10, row
            number += 1
    return number


@pytest.mark.parametrize("convention", list(Convention))
@pytest.mark.parametrize("kind", MODELS)
@pytest.mark.parametrize("seed", range(25))
def test_placements_agree_with_the_exact_engine(seed: int, kind: str, convention: Convention) -> None:
    question = Question(seed, kind, convention)
    if question.possible():
        assert compared(question) >= 3


@pytest.mark.parametrize("seed", range(100, 110))
def test_shared_entries_change_nothing(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(joint_placements, "MANY", 0)
    question = Question(seed, "equal", Convention.AS_DRAWN, victims=5)
    if question.possible():
        compared(question)


@pytest.mark.parametrize("seed", range(200, 240))
def test_the_chain_rule_agrees_with_tables(seed: int) -> None:
    question = Question(seed, "stepwise", Convention.AS_DRAWN)
    if not question.possible():
        return
    t = question.tables
    model = FamilyModel(t.pedigree, t.missing, t.genotypes, LOCI, t.victims, 0.0, t.convention)
    assert model.ln_relatives() == pytest.approx(t.ln_relatives(), rel=1e-12)
    for k in range(len(question.missing)):
        for v in range(len(question.profiles)):
            row = [NOBODY] * len(question.missing)
            row[k] = v
            found = float(model.ln_lr((k,), np.array([[v]]))[0])
            expected = question.ln_exact(tuple(row))
            assert found == expected or abs(found - expected) < 1e-10


def test_too_many_placements_are_not_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(joint_placements, "LARGEST_TABLE", 3)
    question = next(q for seed in range(50) if (q := Question(seed, "equal", Convention.AS_DRAWN)).possible())
    who = np.concatenate([[NOBODY], np.arange(len(question.profiles))])
    with pytest.raises(TooMany):
        question.tables.blocks(dict.fromkeys(range(len(question.missing)), who))


@pytest.mark.parametrize("seed", range(300, 360))
def test_inconsistent_loci_are_those_that_are_impossible_without_mutation(seed: int) -> None:
    question = Question(seed, "none", Convention.AS_DRAWN)
    tables = question.tables
    shape = Family(tables.pedigree, tables.people, tables.relatives)
    (found,) = inconsistent([shape], question.victims.shown)
    for v, profile in enumerate(question.profiles):
        for k in range(len(question.missing)):
            row = [NOBODY] * len(question.missing)
            row[k] = v
            wrong = 0
            for locus in profile.genotypes:
                alone = ScreeningProfile("", Sex.UNKNOWN, {locus: profile.genotypes[locus]})
                wrong += impossible(question, locus, question.missing[k], alone)
            assert found[v, k] == wrong


def impossible(question: Question, locus: str, name: str, victim: ScreeningProfile) -> bool:
    """Whether the victim can't be this member by one locus, nothing mutating."""
    people = {n: g[locus] for n, g in question.family.genotypes.items() if g.get(locus)}
    same = {m.id: m.twins or m.id for m in question.family.pedigree.members}
    own = victim.genotypes[locus]
    if any(same[n] == same[name] and sorted(g) != sorted(own) for n, g in people.items()):
        return True
    nodes = graph(question.family.pedigree, {*people, name}, Convention.AS_DRAWN)
    space = allele_space(TABLE, locus, [], None)
    return locus_likelihood(nodes, LocusData(locus, space, {**people, name: own})).zero
