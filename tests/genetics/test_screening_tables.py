"""Columns are computed together wherever they ask the same, and every one gets its own numbers."""

import math
from dataclasses import replace

import numpy as np
import pytest

from forensics.domain.kinship import (
    Convention,
    FrequencyTable,
    Genotype,
    Member,
    MutationKind,
    MutationModel,
    Pedigree,
    Sex,
)
from forensics.domain.screening import ScreeningFamily, ScreeningInputs, ScreeningProfile
from forensics.genetics.bench_data import SHAPES, invented
from forensics.genetics.screening import log10_matrix, screen
from forensics.genetics.screening_distinct import distinct
from forensics.genetics.screening_prepare import prepare
from forensics.genetics.screening_recipes import groups, portions, recipe
from forensics.genetics.screening_tables import chunk
from tests.support.screening import exact_log10

M, F = Sex.MALE, Sex.FEMALE


def with_gaps(inputs: ScreeningInputs, seed: int) -> ScreeningInputs:
    """Everybody lacks loci, each other ones, as in life."""
    rng = np.random.default_rng(seed)

    def some(found: dict[str, Genotype]) -> dict[str, Genotype]:
        return {locus: g for locus, g in found.items() if rng.random() < 0.7}

    families = tuple(
        replace(f, genotypes={p: some(dict(g)) for p, g in f.genotypes.items()}) for f in inputs.families
    )
    profiles = tuple(replace(p, genotypes=some(dict(p.genotypes))) for p in inputs.profiles)
    return replace(inputs, families=families, profiles=profiles)


def test_families_with_gaps_each_of_their_own_equal_the_exact_engine() -> None:
    inputs = with_gaps(invented(2 * len(SHAPES), seed=5, loci=6), 6)
    matrix = log10_matrix(inputs)
    compared = 0
    for j, family in enumerate(inputs.families):
        for i in (j, (j + 7) % len(inputs.profiles)):
            if not math.isnan(matrix[i, j]):
                assert matrix[i, j] == pytest.approx(
                    exact_log10(inputs, family, inputs.profiles[i]), abs=1e-10
                )
                compared += 1
    assert compared > 40


def test_hits_with_gaps_and_sexes_are_those_of_brute_force() -> None:
    rng = np.random.default_rng(8)
    inputs = with_gaps(invented(10 * len(SHAPES), seed=2, loci=9), 3)
    sexes = [M, F, Sex.UNKNOWN]
    profiles = tuple(replace(p, sex=sexes[rng.integers(3)]) for p in inputs.profiles)
    families = tuple(replace(f, pedigree=sexed(f.pedigree, sexes[rng.integers(3)])) for f in inputs.families)
    inputs = replace(inputs, profiles=profiles, families=families)
    matrix = log10_matrix(inputs)
    result = screen(inputs, threshold_log10=1.5)
    hits = {(h.profile, h.family): h.log10_lr for h in result.hits}
    expected = {
        (inputs.profiles[i].id, inputs.families[j].id): matrix[i, j] for i, j in np.argwhere(matrix >= 1.5)
    }
    assert hits.keys() == expected.keys()
    assert max(abs(hits[key] - expected[key]) for key in hits) < 1e-10
    known = [(p.sex, f.pedigree.member("x").sex) for p in profiles for f in families]
    differ = sum(Sex.UNKNOWN not in pair and pair[0] != pair[1] for pair in known)
    assert (result.sex_mismatches, result.comparisons) == (differ, int((~np.isnan(matrix)).sum()))
    assert result.comparisons + result.sex_mismatches + result.not_evaluable == matrix.size
    assert result.expected_chance_hits == pytest.approx(result.comparisons * 10**-1.5)


def sexed(pedigree: Pedigree, sex: Sex) -> Pedigree:
    return Pedigree(tuple(replace(m, sex=sex) if m.id == "x" else m for m in pedigree.members))


def test_the_same_relatives_are_computed_once_however_they_are_drawn() -> None:
    inputs = invented(1, seed=1, loci=3)
    family = next(f for f in invented(13, seed=1, loci=3).families if len(f.genotypes) == 3)
    siblings = list(family.genotypes)
    turned = dict(zip(siblings, [family.genotypes[s] for s in siblings[::-1]], strict=True))
    backwards = replace(family, id="B", pedigree=Pedigree(family.pedigree.members[::-1]))
    inputs = replace(
        inputs,
        families=(family, replace(family, id="A", genotypes=turned), backwards),
        profiles=invented(20, seed=1, loci=3).profiles,
    )
    prepared = prepare(inputs)
    portion = next(portions(groups(prepared.columns), 100))
    made = chunk(prepared.columns, portion, prepared.kit, prepared.where, 0.0)
    assert [table.ratio.shape[1] for table in made.tables] == [1, 1, 1]
    matrix = log10_matrix(inputs)
    assert np.array_equal(matrix[:, 0], matrix[:, 1])
    assert np.array_equal(matrix[:, 0], matrix[:, 2])


def test_siblings_with_children_are_not_exchanged() -> None:
    structure = ((-1, -1, 0), (-1, -1, 1), (0, 1, 2), (0, 1, 3), (2, -1, 4))
    plain = recipe((*structure[:4], (0, 1, 4)), 4, (2, 3), (True, True), Convention.AS_DRAWN)
    assert plain.alike == ((0, 1),)
    with_child = recipe(structure, 4, (2, 3), (True, True), Convention.AS_DRAWN)
    assert with_child.alike == ()


def test_large_groups_are_cut_evenly_and_small_ones_put_together() -> None:
    prepared = prepare(invented(4 * len(SHAPES), seed=1, loci=2))
    found = list(portions(groups(prepared.columns), 10))
    sizes = [sum(len(g.columns) for g in portion) for portion in found]
    assert sum(sizes) == 4 * len(SHAPES)
    assert max(sizes) <= 10
    assert min(sizes[:-1]) > 4
    cut = list(portions(groups(prepared.columns), 3))
    assert {len(g.columns) for portion in cut for g in portion} == {2}


def test_inconsistent_loci_count_where_the_table_lacks_the_alleles() -> None:
    table = FrequencyTable("small", {"D1": {"10": 0.4, "11": 0.6}, "D2": {"7": 0.5, "8": 0.5}})
    pedigree = Pedigree((Member("f", M), Member("m", F), Member("x", M, "f", "m")))
    father = {"D1": ("10", "99"), "D2": ("7", "66")}
    model = MutationModel(MutationKind.EQUAL, 0.01, 0.01)
    profiles = (
        ScreeningProfile("has it", M, {"D1": ("11", "99"), "D2": ("8", "66")}),
        ScreeningProfile("has another", M, {"D1": ("11", "98"), "D2": ("7", "8")}),
        ScreeningProfile("has none", M, {"D1": ("11", "11"), "D2": ("8", "8")}),
    )
    inputs = ScreeningInputs(
        ("D1", "D2"),
        table,
        (ScreeningFamily("A", pedigree, ("x",), {"f": father}),),
        profiles,
        dict.fromkeys(table.loci, model),
        minimum_frequency=0.01,
    )
    found = {h.profile: h.inconsistent_loci for h in screen(inputs, threshold_log10=-20).hits}
    assert found == {"has it": 0, "has another": 1, "has none": 2}


@pytest.mark.parametrize("sizes", [(3, 5), (3, 100, 100), (1 << 31, 1 << 31, 2)])
def test_distinct_columns_are_told_apart_whatever_their_range(sizes: tuple[int, ...]) -> None:
    dice = np.random.default_rng(8)
    numbers = np.stack([dice.integers(0, min(size, 4), 50) for size in sizes])
    first, which = distinct(numbers, sizes)
    assert (numbers[:, first][:, which] == numbers).all()
    assert len({tuple(column) for column in numbers[:, first].T.tolist()}) == len(first)
    assert all((which[:f] != which[f]).all() for f in first.tolist())  # the first of each
