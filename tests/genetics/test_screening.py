"""Screening equals the exact engine, pair by pair, whatever the pedigree, mutation model and theta."""

import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from forensics.domain.errors import Cancelled, Invalid
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
from forensics.domain.screening import DropOutLevel, ScreeningFamily, ScreeningInputs, ScreeningProfile
from forensics.genetics.blind import blind_search
from forensics.genetics.screening import log10_matrix, screen
from forensics.genetics.screening_prepare import prepare
from tests.support.screening import exact_log10

M, F = Sex.MALE, Sex.FEMALE
TABLE = FrequencyTable(
    "small",
    {
        "D1": {"10": 0.1, "11": 0.25, "11.3": 0.05, "12": 0.4, "13": 0.2},
        "D2": {"7": 0.3, "8": 0.5, "9": 0.2},
        "D3": {"20": 0.15, "21": 0.35, "22": 0.5},
    },
)
LOCI = tuple(TABLE.loci)
MODELS: dict[str, MutationModel | None] = {
    "none": None,
    "equal": MutationModel(MutationKind.EQUAL, 0.02, 0.01),
    "proportional": MutationModel(MutationKind.PROPORTIONAL, 0.02, 0.01),
    "stepwise": MutationModel(MutationKind.STEPWISE, 0.02, 0.01, 0.003, 0.002),
    "stationary": MutationModel(MutationKind.STEPWISE, 0.02, 0.01, 0.003, 0.002, transform="PM"),
}
PEDIGREES: dict[str, tuple[Pedigree, tuple[str, ...], tuple[str, ...]]] = {
    "parents": (
        Pedigree((Member("f", M), Member("m", F), Member("x", M, "f", "m"))),
        ("x",),
        ("f", "m"),
    ),
    "one parent and two siblings": (
        Pedigree(
            (
                Member("x", F, "f", "m"),
                Member("f", M),
                Member("m", F),
                Member("s", M, "f", "m"),
                Member("t", F, "f", "m"),
            )
        ),
        ("x",),
        ("m", "s", "t"),
    ),
    "two missing, spouse and child": (
        Pedigree(
            (
                Member("f", M),
                Member("m", F),
                Member("x", M, "f", "m"),
                Member("w", F),
                Member("y", F, "x", "w"),
                Member("u", M, "f", "m"),
            )
        ),
        ("x", "y"),
        ("u", "w"),
    ),
    "half sibling and one stated parent": (
        Pedigree((Member("f", M), Member("x", M, "f"), Member("h", F, "f"), Member("c", M, "x"))),
        ("x",),
        ("h", "c"),
    ),
    "first cousins' child": (
        Pedigree(
            (
                Member("g", M),
                Member("h", F),
                Member("a", M, "g", "h"),
                Member("b", F, "g", "h"),
                Member("p", F),
                Member("q", M),
                Member("c", M, "a", "p"),
                Member("d", F, "q", "b"),
                Member("x", F, "c", "d"),
            )
        ),
        ("x",),
        ("p", "c", "d", "b"),
    ),
    "missing twin": (
        Pedigree(
            (
                Member("f", M),
                Member("m", F),
                Member("x", M, "f", "m", twins="t"),
                Member("y", M, "f", "m", twins="t"),
                Member("s", F, "f", "m"),
            )
        ),
        ("x",),
        ("y", "s"),
    ),
    "personal effect": (
        Pedigree((Member("f", M), Member("m", F), Member("x", M, "f", "m"), Member("s", M, "f", "m"))),
        ("x",),
        ("x", "s"),
    ),
}


def genotypes(rng: np.random.Generator, loci: tuple[str, ...] = LOCI) -> dict[str, Genotype]:
    found: dict[str, Genotype] = {}
    for locus in loci:
        names, weights = list(TABLE.loci[locus]), np.array(list(TABLE.loci[locus].values()))
        a, b = rng.choice(len(names), 2, p=weights / weights.sum())
        found[locus] = (names[a], names[b])
    return found


def question(name: str, model: str, theta: float, convention: Convention, seed: int = 7) -> ScreeningInputs:
    """A family with plausible genotypes (typed at varying loci) and profiles, some partial."""
    rng = np.random.default_rng(seed)
    pedigree, missing, typed = PEDIGREES[name]
    found: dict[str, Mapping[str, Genotype]] = {}
    for i, person in enumerate(typed):
        found[person] = genotypes(rng, LOCI[: 3 - i % 2])
    if name == "missing twin":
        found["s"] = genotypes(rng)
    mutation = {} if MODELS[model] is None else dict.fromkeys(LOCI, MODELS[model])
    profiles = [ScreeningProfile(f"p{i}", Sex.UNKNOWN, genotypes(rng)) for i in range(6)]
    profiles.append(ScreeningProfile("partial", Sex.UNKNOWN, genotypes(rng, LOCI[:1])))
    profiles.append(ScreeningProfile("alike", Sex.UNKNOWN, dict(next(iter(found.values())))))
    return ScreeningInputs(
        loci=LOCI,
        frequencies=TABLE,
        families=(ScreeningFamily("A", pedigree, missing, found),),
        profiles=tuple(profiles),
        mutation={k: v for k, v in mutation.items() if v is not None},
        theta=theta,
        convention=convention,
        minimum_frequency=0.001,
    )


def assert_equal_to_the_engine(inputs: ScreeningInputs) -> int:
    """Compare all pairs; how many were compared."""
    matrix = log10_matrix(inputs)
    compared = 0
    for i, profile in enumerate(inputs.profiles):
        for j, (_, missing) in enumerate(inputs.missing):
            if math.isnan(matrix[i, j]):
                continue
            expected = exact_log10(inputs, inputs.families[0], profile, missing)
            assert matrix[i, j] == pytest.approx(expected, rel=0, abs=1e-10), (profile.id, missing)
            compared += 1
    return compared


@pytest.mark.parametrize("theta", [0.0, 0.03])
@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("name", PEDIGREES)
def test_every_lr_equals_the_exact_engine(name: str, model: str, theta: float) -> None:
    compared = assert_equal_to_the_engine(question(name, model, theta, Convention.AS_DRAWN))
    assert compared or model == "none"


@pytest.mark.parametrize(
    "name", [name for name in PEDIGREES if name not in ("missing twin", "personal effect")]
)
@pytest.mark.parametrize("model", ["equal", "stepwise"])
def test_the_pruned_convention_equals_the_exact_engine(name: str, model: str) -> None:
    assert assert_equal_to_the_engine(question(name, model, 0.0, Convention.PRUNED))


@pytest.mark.parametrize("model", ["equal", "stepwise", "proportional"])
def test_unseen_alleles_count_pair_by_pair(model: str) -> None:
    inputs = question("one parent and two siblings", model, 0.0, Convention.AS_DRAWN)
    family = inputs.families[0]
    rare = {**family.genotypes["s"], "D1": ("14", "12")}
    strange = [
        ScreeningProfile("same rare", Sex.UNKNOWN, {**inputs.profiles[0].genotypes, "D1": ("14", "14")}),
        ScreeningProfile("other rare", Sex.UNKNOWN, {**inputs.profiles[1].genotypes, "D1": ("9", "12")}),
    ]
    changed = ScreeningInputs(
        loci=LOCI,
        frequencies=TABLE,
        families=(ScreeningFamily("A", family.pedigree, family.missing, {**family.genotypes, "s": rare}),),
        profiles=(*inputs.profiles, *strange),
        mutation=inputs.mutation,
        minimum_frequency=0.002,
    )
    assert assert_equal_to_the_engine(changed) == len(changed.profiles)


def test_an_allele_without_a_rule_refuses_only_the_one_who_has_it() -> None:
    inputs = question("parents", "equal", 0.0, Convention.AS_DRAWN)
    odd = ScreeningProfile("odd", Sex.UNKNOWN, {"D1": ("99", "12")})
    plain = ScreeningInputs(LOCI, TABLE, inputs.families, (*inputs.profiles, odd), inputs.mutation)
    result = screen(plain, threshold_log10=-99)
    assert [item.id for item in result.refused_profiles] == ["odd"]
    assert "99" in result.refused_profiles[0].reason
    assert result.comparisons == len(inputs.profiles)


def test_sexes_that_differ_are_counted_and_not_compared() -> None:
    inputs = question("parents", "equal", 0.0, Convention.AS_DRAWN)
    female = tuple(ScreeningProfile(p.id, Sex.FEMALE, p.genotypes) for p in inputs.profiles)
    result = screen(
        ScreeningInputs(LOCI, TABLE, inputs.families, female, inputs.mutation), threshold_log10=-99
    )
    assert result.hits == ()
    assert (result.comparisons, result.sex_mismatches) == (0, len(female))


def test_a_family_without_an_informative_relative_is_not_evaluable() -> None:
    pedigree = Pedigree((Member("x", M), Member("w", F), Member("c", M, "x", "w")))
    family = ScreeningFamily("A", pedigree, ("x",), {"w": {"D1": ("10", "11")}})
    profile = ScreeningProfile("p", M, {"D1": ("10", "12")})
    result = screen(ScreeningInputs(LOCI, TABLE, (family,), (profile,)), threshold_log10=-99)
    assert (result.comparisons, result.not_evaluable, result.hits) == (0, 1, ())


def test_a_hit_says_at_how_many_loci_mutation_was_needed() -> None:
    pedigree, missing, _ = PEDIGREES["parents"]
    father = {"D1": ("10", "11"), "D2": ("7", "7"), "D3": ("20", "20")}
    mother = {"D1": ("12", "12"), "D2": ("8", "8")}
    family = ScreeningFamily("A", pedigree, missing, {"f": father, "m": mother})
    profile = ScreeningProfile("p", M, {"D1": ("10", "12"), "D2": ("7", "8"), "D3": ("21", "22")})
    mutation = dict.fromkeys(LOCI, MutationModel(MutationKind.EQUAL, 0.002, 0.002))
    hit = screen(ScreeningInputs(LOCI, TABLE, (family,), (profile,), mutation), threshold_log10=-9).hits[0]
    assert (hit.loci_compared, hit.inconsistent_loci) == (3, 1)
    assert hit.log10_lr == math.fsum(hit.log10_per_locus)


def test_stopping_leaves_nothing_half_done() -> None:
    class Stop:
        def step(self, done: int, total: int, what: str = "") -> None:
            raise Cancelled("The search was stopped.")

    with pytest.raises(Cancelled):
        screen(question("parents", "equal", 0.0, Convention.AS_DRAWN), Stop())


def test_a_part_of_the_question_has_the_same_numbers() -> None:
    inputs = question("one parent and two siblings", "stepwise", 0.0, Convention.AS_DRAWN)
    whole, part = log10_matrix(inputs), log10_matrix(inputs.only(profiles={"p2", "p4"}))
    assert np.abs(part - whole[[2, 4]]).max() < 1e-13


def test_the_digest_moves_with_the_question_and_not_with_its_writing() -> None:
    inputs = question("parents", "equal", 0.0, Convention.AS_DRAWN)
    again = question("parents", "equal", 0.0, Convention.AS_DRAWN)
    moved = question("parents", "equal", 0.01, Convention.AS_DRAWN)
    swapped = tuple(
        ScreeningProfile(p.id, p.sex, {x: g[::-1] for x, g in reversed(p.genotypes.items())})
        for p in inputs.profiles
    )
    other = ScreeningInputs(
        LOCI, TABLE, inputs.families, swapped, inputs.mutation, minimum_frequency=inputs.minimum_frequency
    )
    assert inputs.digest == again.digest == other.digest != moved.digest
    assert len(inputs.digest) == 64


def test_a_question_that_makes_no_sense_is_refused_whole() -> None:
    with pytest.raises(Invalid, match="theta"):
        screen(ScreeningInputs(LOCI, TABLE, (), (), theta=1.5))
    with pytest.raises(Invalid, match="D9"):
        screen(ScreeningInputs(("D9",), TABLE, (), ()))


@pytest.mark.parametrize(
    "level", [DropOutLevel(0.2, 0.05), DropOutLevel(0.3, 0.09, 0.05), DropOutLevel(0, 0)]
)
@pytest.mark.parametrize(("model", "theta"), [("none", 0.0), ("stepwise", 0.0), ("proportional", 0.03)])
@pytest.mark.parametrize("name", [n for n in PEDIGREES if n not in ("missing twin", "personal effect")])
def test_traces_equal_the_exact_engine(name: str, model: str, theta: float, level: DropOutLevel) -> None:
    inputs = question(name, model, theta, Convention.AS_DRAWN)
    traces = tuple(replace(p, drop_out=level) for p in inputs.profiles[:4])
    seen = {**traces[0].genotypes, "D1": ("12", "14")}  # with an allele that the table lacks
    inputs = replace(
        inputs, profiles=(*traces, inputs.profiles[4], replace(traces[0], id="odd", genotypes=seen))
    )
    matrix = log10_matrix(inputs)
    assert model == "none" or not np.isnan(matrix[0]).any()
    for i, profile in enumerate(inputs.profiles):
        if math.isnan(matrix[i, 0]):  # without mutation the relatives may contradict each other
            continue
        expected = exact_log10(inputs, inputs.families[0], profile, inputs.missing[0][1])
        assert matrix[i, 0] == pytest.approx(expected, rel=0, abs=1e-10)


def test_a_trace_is_found_with_its_level_and_counts_nowhere_as_inconsistent() -> None:
    inputs = question("parents", "equal", 0.0, Convention.AS_DRAWN)
    family, level = inputs.families[0], DropOutLevel(0.3, 0.1)
    child = {x: (family.genotypes["f"][x][0],) * 2 for x in LOCI}  # the mother's alleles were lost
    clear, trace = ScreeningProfile("clear", M, child), ScreeningProfile("trace", M, child, level)
    found = screen(replace(inputs, profiles=(clear, trace)), threshold_log10=-20)
    lrs = {h.profile: (h.log10_lr, h.inconsistent_loci) for h in found.hits}
    assert lrs["trace"][0] > lrs["clear"][0]
    assert lrs["trace"][1] == 0 < lrs["clear"][1]
    assert (
        replace(inputs, profiles=(clear,)).digest
        != replace(inputs, profiles=(replace(trace, id="clear"),)).digest
    )


def test_impossible_levels_and_comparisons_without_traces_are_refused_in_a_sentence() -> None:
    inputs = question("parents", "equal", 0.0, Convention.AS_DRAWN)
    bad = replace(inputs.profiles[0], drop_out=DropOutLevel(1.2, 0.1))
    result = screen(replace(inputs, profiles=(bad,)))
    assert "between 0 and 1" in result.refused_profiles[0].reason
    trace = replace(inputs.profiles[0], drop_out=DropOutLevel(0.2, 0.1))
    blind = blind_search([trace, inputs.profiles[1]], TABLE, minimum_frequency=0.01)
    assert "clear genotypes" in blind.refused_profiles[0].reason
    assert "clear genotypes" in prepare(replace(inputs, profiles=(trace,))).refused_profiles[0].reason


@pytest.mark.parametrize("locus", ["DXS10135", "DYS391", "AMEL"])
def test_markers_of_the_sex_chromosomes_are_refused_in_a_sentence(locus: str) -> None:
    table = FrequencyTable("sex", {locus: {"10": 0.5, "11": 0.5}})
    with pytest.raises(Invalid, match=f"{locus} is not an autosomal marker"):
        screen(ScreeningInputs((locus,), table, (), ()))
    with pytest.raises(Invalid, match=f"{locus} is not an autosomal marker"):
        blind_search([], table)


@pytest.mark.parametrize("name", PEDIGREES)
def test_inconsistent_loci_are_those_with_lr_0_without_mutation(name: str) -> None:
    for seed in range(4):
        inputs = question(name, "equal", 0.0, Convention.AS_DRAWN, seed)
        still = replace(inputs, mutation={})
        for hit in screen(inputs, threshold_log10=-60).hits:
            profile = next(p for p in inputs.profiles if p.id == hit.profile)
            expected = 0
            for locus in (x for x in LOCI if profile.genotypes.get(x)):
                here = replace(still, loci=(locus,))
                try:
                    expected += exact_log10(here, still.families[0], profile, hit.missing) == -math.inf
                except Invalid:  # the relatives alone are impossible: that counts too
                    expected += 1
            assert hit.inconsistent_loci == expected, (seed, hit)
