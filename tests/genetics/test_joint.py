"""Joint identification against enumeration of all assignments with the exact engine."""

import itertools
import math
from collections.abc import Collection, Mapping
from dataclasses import replace

import numpy as np
import pytest

from forensics.domain.errors import Cancelled, Invalid
from forensics.domain.joint import JointInputs, JointResult, Missing, PairState
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
from forensics.genetics import joint_options, joint_selection
from forensics.genetics.alleles import allele_space
from forensics.genetics.bench import invented
from forensics.genetics.joint import identify
from forensics.genetics.likelihood import AlleleSpace, LocusData, locus_likelihood
from forensics.genetics.pedigrees import graph
from forensics.genetics.screening import log10_matrix
from tests.genetics.test_screening import PEDIGREES
from tests.genetics.test_screening import question as family_question

M, F = Sex.MALE, Sex.FEMALE
TABLE = FrequencyTable(
    "small",
    {"D1": {"10": 0.1, "11": 0.25, "12": 0.45, "13": 0.2}, "D2": {"7": 0.3, "8": 0.5, "9": 0.2}},
)
LOCI = tuple(TABLE.loci)
EQUAL = dict.fromkeys(LOCI, MutationModel(MutationKind.EQUAL, 0.02, 0.01))
STEPWISE = dict.fromkeys(LOCI, MutationModel(MutationKind.STEPWISE, 0.02, 0.01, 0.001, 0.001))


def genotypes(rng: np.random.Generator, loci: tuple[str, ...] = LOCI) -> dict[str, Genotype]:
    found: dict[str, Genotype] = {}
    for locus in loci:
        names, p = list(TABLE.loci[locus]), np.array(list(TABLE.loci[locus].values()))
        a, b = rng.choice(len(names), 2, p=p / p.sum())
        found[locus] = (names[a], names[b])
    return found


def question(seed: int, mutation: dict[str, MutationModel], convention: Convention) -> ScreeningInputs:
    """Two families, one with a missing father and son, the other with two missing siblings; one victim is partial."""
    rng = np.random.default_rng(seed)
    one = ScreeningFamily(
        "A",
        Pedigree((Member("x", M), Member("w", F), Member("y", M, "x", "w"), Member("d", F, "x", "w"))),
        ("x", "y"),
        {"w": genotypes(rng), "d": genotypes(rng)},
    )
    other = ScreeningFamily(
        "B",
        Pedigree((Member("f", M), Member("m", F), Member("u", M, "f", "m"), Member("v", F, "f", "m"))),
        ("u", "v"),
        {"m": genotypes(rng)},
    )
    return ScreeningInputs(
        loci=LOCI,
        frequencies=TABLE,
        families=(one, other),
        profiles=(
            ScreeningProfile("1", M, genotypes(rng)),
            ScreeningProfile("2", F, genotypes(rng)),
            ScreeningProfile("3", Sex.UNKNOWN, genotypes(rng, LOCI[:1])),
        ),
        mutation=mutation,
        convention=convention,
    )


def ln_probability(
    inputs: ScreeningInputs, family: ScreeningFamily, placed: dict[str, ScreeningProfile]
) -> float:
    """ln P(relatives and placed victims) by the exact engine."""
    people = {**family.genotypes, **{name: p.genotypes for name, p in placed.items()}}
    nodes = graph(family.pedigree, set(people), inputs.convention)
    total = 0.0
    for locus in inputs.loci:
        space: AlleleSpace = allele_space(TABLE, locus, [], inputs.mutation.get(locus))
        here = {name: found[locus] for name, found in people.items() if found.get(locus)}
        total += locus_likelihood(nodes, LocusData(locus, space, here)).log()
    return total


def ln_stranger(inputs: ScreeningInputs, profile: ScreeningProfile) -> float:
    total = 0.0
    for a, b in ((g[0], g[1]) for g in profile.genotypes.values()):
        table = next(t for x, t in TABLE.loci.items() if profile.genotypes.get(x) == (a, b) and a in t)
        total += math.log(table[a] * table[b] * (1 if a == b else 2))
    return total


def enumerated(asked: JointInputs) -> dict[tuple[Missing | None, ...], float]:
    """ln likelihood of every assignment that is allowed: sexes agree, nobody is elsewhere than held."""
    inputs = asked.screening
    sexes = {(f.id, n): f.pedigree.member(n).sex for f in inputs.families for n in f.missing}
    choices: list[list[Missing | None]] = []
    for p in inputs.profiles:
        fitting = [key for key, sex in sexes.items() if p.sex in (Sex.UNKNOWN, sex)]
        free = [None, *(key for key in fitting if (p.id, key) not in asked.forbidden)]
        choices.append([asked.fixed[p.id]] if p.id in asked.fixed else free)
    found = {}
    for assignment in itertools.product(*choices):
        used = [key for key in assignment if key]
        if len(set(used)) < len(used):
            continue
        total = math.fsum(
            ln_stranger(inputs, p) for p, key in zip(inputs.profiles, assignment, strict=True) if key is None
        )
        for family in inputs.families:
            placed = {
                key[1]: p
                for p, key in zip(inputs.profiles, assignment, strict=True)
                if key and key[0] == family.id
            }
            total += ln_probability(inputs, family, placed)
        found[assignment] = total
    return found


def assert_equal_to_enumeration(
    inputs: ScreeningInputs,
    weight: float = 1.0,
    fixed: Mapping[str, Missing] | None = None,
    forbidden: Collection[tuple[str, Missing]] = (),
) -> JointResult:
    asked = JointInputs(
        inputs, best=1000, pair_weight=weight, fixed=fixed or {}, forbidden=frozenset(forbidden)
    )
    expected, result = enumerated(asked), identify(asked)
    ln_weights = {a: ln + math.log(weight) * sum(k is not None for k in a) for a, ln in expected.items()}
    ln_total = np.logaddexp.reduce(list(ln_weights.values()))
    for i, profile in enumerate(inputs.profiles):
        for key in inputs.missing:
            mass = math.fsum(math.exp(w - ln_total) for a, w in ln_weights.items() if a[i] == key)
            assert abs(result.posterior[profile.id][key] - mass) < 1e-12
        alone = math.fsum(math.exp(w - ln_total) for a, w in ln_weights.items() if a[i] is None)
        assert abs(result.unplaced[profile.id] - alone) < 1e-12
    found = {tuple(a.placed.get(p.id) for p in inputs.profiles): a for a in result.best}
    possible = {a for a, ln in expected.items() if ln > -math.inf}
    assert found.keys() == possible
    for assignment, row in found.items():
        assert abs(row.ln_likelihood - expected[assignment]) < 1e-10
        assert abs(row.posterior - math.exp(ln_weights[assignment] - ln_total)) < 1e-12
    assert [row.posterior for row in result.best] == sorted((r.posterior for r in result.best), reverse=True)
    nobody = tuple(asked.fixed.get(p.id) for p in inputs.profiles)
    assert abs(result.ln_likelihood_null - expected[nobody]) < 1e-10
    return result


@pytest.mark.parametrize("convention", list(Convention))
@pytest.mark.parametrize("mutation", [EQUAL, STEPWISE], ids=["equal", "stepwise"])
@pytest.mark.parametrize("seed", [1, 2])
def test_posteriors_are_those_of_enumeration(
    seed: int, mutation: dict[str, MutationModel], convention: Convention
) -> None:
    result = assert_equal_to_enumeration(question(seed, mutation, convention))
    assert result.lost_mass == 0
    assert result.components == 1


def test_without_mutation_impossible_assignments_have_no_part() -> None:
    rng = np.random.default_rng(5)
    inputs = question(1, {}, Convention.AS_DRAWN)
    mother = {"D1": ("10", "11"), "D2": ("7", "8")}
    child = {"D1": ("10", "12"), "D2": ("8", "8")}
    families = (
        replace(inputs.families[0], genotypes={"w": mother, "d": child}),
        replace(inputs.families[1], genotypes={"m": genotypes(rng)}),
    )
    result = assert_equal_to_enumeration(replace(inputs, families=families))
    assert PairState.EXCLUDED in {pair.state for pair in result.pairs}


def test_the_prior_weight_of_placing_counts() -> None:
    assert_equal_to_enumeration(question(3, EQUAL, Convention.AS_DRAWN), weight=0.05)


def test_not_evaluable_is_not_excluded() -> None:
    pedigree = Pedigree((Member("x", M), Member("w", F), Member("c", M, "x", "w")))
    family = ScreeningFamily("A", pedigree, ("x",), {"w": {"D1": ("10", "11"), "D2": ("7", "8")}})
    victims = (ScreeningProfile("1", M, {"D1": ("12", "12")}), ScreeningProfile("2", F, {"D1": ("12", "12")}))
    result = identify(JointInputs(ScreeningInputs(LOCI, TABLE, (family,), victims)))
    states = {pair.victim: pair.state for pair in result.pairs}
    assert states == {"1": PairState.NOT_EVALUABLE, "2": PairState.SEX_MISMATCH}
    assert result.posterior["1"]["A", "x"] == pytest.approx(0.5)
    assert result.unplaced["2"] == 1.0


def test_what_is_left_out_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    inputs = question(1, EQUAL, Convention.AS_DRAWN)
    whole = identify(JointInputs(inputs))
    monkeypatch.setattr(joint_options, "FEW", 0)
    monkeypatch.setattr(joint_selection, "FEW_VICTIMS", 0)
    monkeypatch.setattr(joint_selection, "LARGEST_LOSS", 1.0)
    part = identify(JointInputs(inputs, accepted_loss=0.5))
    assert part.lost_mass > 0
    errors = [abs(whole.posterior[v][key] - p) for v, row in part.posterior.items() for key, p in row.items()]
    assert max(errors) <= part.lost_mass + 1e-12


def test_under_theta_the_best_pair_is_as_in_screening() -> None:
    inputs = replace(question(2, EQUAL, Convention.AS_DRAWN), theta=0.03)
    result = identify(JointInputs(inputs))
    matrix = log10_matrix(inputs)
    place = {key: i for i, key in enumerate(inputs.missing)}
    row = {p.id: i for i, p in enumerate(inputs.profiles)}
    for pair in result.pairs:
        if pair.state is PairState.EVALUATED and pair.log10_lr is not None:
            assert abs(matrix[row[pair.victim], place[pair.missing]] - pair.log10_lr) < 1e-10
    for row_of in result.posterior.values():
        assert all(0 <= p <= 1 for p in row_of.values())


def test_families_that_share_no_victim_are_summed_apart() -> None:
    inputs = invented(26, seed=3)
    result = identify(JointInputs(inputs, accepted_loss=1e-9))
    assert result.lost_mass <= 1e-5
    right = sum(result.posterior[f"P{i}"][f"F{i}", "x"] > 0.99 for i in range(26))
    assert right >= 20
    assert all(
        sum(row.values()) + result.unplaced[v] == pytest.approx(1) for v, row in result.posterior.items()
    )


def test_a_prior_weight_of_nothing_is_refused() -> None:
    with pytest.raises(Invalid, match="prior"):
        identify(JointInputs(question(1, EQUAL, Convention.AS_DRAWN), pair_weight=0.0))


def test_stopping_is_possible() -> None:
    class Stop:
        def step(self, done: int, total: int, what: str = "") -> None:
            raise Cancelled("Stopped.")

    with pytest.raises(Cancelled):
        identify(JointInputs(question(1, EQUAL, Convention.AS_DRAWN)), Stop())


@pytest.mark.parametrize(
    ("convention", "theta"),
    [(Convention.AS_DRAWN, 0.0), (Convention.AS_DRAWN, 0.02), (Convention.PRUNED, 0.0)],
)
@pytest.mark.parametrize("name", PEDIGREES)
def test_single_pairs_are_those_of_screening(name: str, convention: Convention, theta: float) -> None:
    inputs = family_question(name, "equal", theta, convention)
    matrix = log10_matrix(inputs)
    column = {key: i for i, key in enumerate(inputs.missing)}
    row = {p.id: i for i, p in enumerate(inputs.profiles)}
    compared = 0
    for pair in identify(JointInputs(replace(inputs, profiles=inputs.profiles[:4]))).pairs:
        expected = matrix[row[pair.victim], column[pair.missing]]
        if pair.state is PairState.EXCLUDED:
            assert expected == -math.inf
        elif pair.state is PairState.EVALUATED:
            assert pair.log10_lr is not None
            assert abs(pair.log10_lr - expected) < 1e-10
        compared += 1
    assert compared
