"""Compiled plans against plain enumeration of every genotype in the pedigree."""

import itertools
import math

import numpy as np
import pytest

from forensics.domain.errors import Refused
from forensics.domain.kinship import Member, Pedigree, Sex
from forensics.genetics.compile import Question, answer
from forensics.genetics.compile_founders import merged, worthwhile
from forensics.genetics.compile_graph import build
from forensics.genetics.compile_plan import plan
from forensics.genetics.compile_run import run
from forensics.genetics.compile_shape import place
from forensics.genetics.compile_tensors import Lanes, LocusModel
from forensics.genetics.compile_theta import partitions, sharing_weight, sharings, sizes

M, F = Sex.MALE, Sex.FEMALE
P = np.array([0.2, 0.5, 0.3])
MALE = np.array([[0.96, 0.03, 0.01], [0.02, 0.95, 0.03], [0.01, 0.04, 0.95]])
FEMALE = np.array([[0.99, 0.01, 0.0], [0.005, 0.99, 0.005], [0.0, 0.01, 0.99]])
MODEL = LocusModel(("a", "b", "c"), P, MALE, FEMALE)

COUSINS = Pedigree(
    (
        Member("g", M),
        Member("h", F),
        Member("s", M, "g", "h"),
        Member("t", F, "g", "h"),
        Member("x", M, "s", "t"),  # a child of siblings: a loop
    )
)
SIBLINGS = Pedigree((Member("f", M), Member("m", F), Member("x", M, "f", "m"), Member("s", M, "f", "m")))


def urn(alleles: tuple[int, ...], theta: float) -> float:
    """Probability of a sequence of founder alleles."""
    probability, counts = 1.0, np.zeros(3)
    for drawn, allele in enumerate(alleles):
        probability *= (theta * counts[allele] + (1 - theta) * P[allele]) / (1 - theta + theta * drawn)
        counts[allele] += 1
    return probability


def enumerated(
    pedigree: Pedigree, seen: dict[str, tuple[int, int]], theta: float, stranger: bool = False
) -> float:
    """P(unordered genotypes seen) by summing over ordered genotypes of everybody."""
    members = list(pedigree.members)
    if stranger:
        members.append(Member("stranger", M))
    pairs = list(itertools.product(range(3), repeat=2))
    choices = [[p for p in pairs if m.id not in seen or sorted(p) == sorted(seen[m.id])] for m in members]
    total = 0.0
    for combination in itertools.product(*choices):
        drawn = dict(zip((m.id for m in members), combination, strict=True))
        founders = tuple(a for m in members if not m.father for a in drawn[m.id])
        term = urn(founders, theta)
        for m in members:
            if m.father and m.mother:
                term *= 0.5 * sum(MALE[a, drawn[m.id][0]] for a in drawn[m.father])
                term *= 0.5 * sum(FEMALE[a, drawn[m.id][1]] for a in drawn[m.mother])
        total += term
    return total


@pytest.mark.parametrize("theta", [0.0, 0.05])
@pytest.mark.parametrize(
    ("pedigree", "seen"),
    [
        (SIBLINGS, {"s": (0, 2)}),
        (SIBLINGS, {"s": (1, 1), "f": (0, 1)}),
        (COUSINS, {"t": (0, 1)}),
        (COUSINS, {"g": (0, 2), "h": (1, 2), "s": (2, 2)}),
    ],
)
def test_a_table_equals_enumeration(
    pedigree: Pedigree, seen: dict[str, tuple[int, int]], theta: float
) -> None:
    asked, unasked = (place(pedigree, frozenset(seen), target, None) for target in ("x", None))
    lanes = [
        Lanes(1, {i: np.array(seen[n])[:, None] for i, n in enumerate(placed.names) if n in seen})
        for placed in (asked, unasked)
    ]
    found = answer(Question(asked.shape, unasked.shape), MODEL, *lanes, theta)
    for row, genotype in enumerate(zip(MODEL.first.tolist(), MODEL.second.tolist(), strict=True)):
        numerator = enumerated(pedigree, {**seen, "x": genotype}, theta)
        denominator = enumerated(pedigree, {**seen, "stranger": genotype}, theta, stranger=True)
        assert math.isclose(found.ratio[row, 0], numerator / denominator, rel_tol=1e-12)


@pytest.mark.parametrize("seen", [0, 2, 5])
def test_ways_of_sharing_founder_alleles_have_total_probability_one(seen: int) -> None:
    for theta in (0.01, 0.3):
        total = math.fsum(sharing_weight(sizes(blocks), seen, theta) for blocks in partitions(5))
        assert math.isclose(total, 1.0, rel_tol=1e-12)


def test_like_ways_of_sharing_are_summed_once() -> None:
    shape = place(SIBLINGS, frozenset({"s"}), "x", None).shape
    found = sharings(shape, False)
    assert sum(item.multiplicity for item in found) == 15  # Bell number of four unseen founder alleles
    assert len(found) == 9


def test_people_without_descendants_who_tell_something_are_left_out() -> None:
    extended = Pedigree((*SIBLINGS.members, Member("c", M, "s", "w"), Member("w", F)))
    assert (
        place(extended, frozenset({"s"}), "x", None).shape
        == place(SIBLINGS, frozenset({"s"}), "x", None).shape
    )


def test_like_families_share_a_shape_whatever_their_people_are_called() -> None:
    other = Pedigree((Member("4", M, "2", "3"), Member("1", F, "2", "3"), Member("3", F), Member("2", M)))
    assert (
        place(other, frozenset({"1"}), "4", None).shape == place(SIBLINGS, frozenset({"s"}), "x", None).shape
    )


def test_a_pedigree_too_entangled_is_refused_in_a_sentence() -> None:
    people = [Member(f"f{i}", M) for i in range(9)] + [Member(f"m{i}", F) for i in range(9)]
    people += [Member(f"c{i}.{j}", M, f"f{i}", f"m{j}") for i in range(9) for j in range(9)]
    typed = frozenset(m.id for m in people if m.father) - {"c0.0"}
    shape = place(Pedigree(tuple(people)), typed, "c0.0", None).shape
    from forensics.genetics.compile_graph import build

    with pytest.raises(Refused, match="too many untyped people"):
        plan(build(shape), 0)


HALF_SIBLINGS = Pedigree(
    (
        Member("f", M),
        Member("m", F),
        Member("n", F),
        Member("x", M, "f", "m"),
        Member("s", M, "f", "m"),
        Member("t", F, "f", "n"),
        Member("u", F, "f", "n"),
    )
)


@pytest.mark.parametrize("typed", [("s",), ("s", "t"), ("s", "t", "u"), ("m", "t", "u")])
def test_founders_summed_beforehand_answer_as_the_plain_plan_does(typed: tuple[str, ...]) -> None:
    shape = place(HALF_SIBLINGS, frozenset(typed), "x", None).shape
    people = [i for i, person in enumerate(shape.people) if person.typed]
    dice = np.random.default_rng(5)
    lanes = Lanes(60, {i: np.sort(dice.integers(0, 3, (2, 60)), axis=0) for i in people})
    plain, quick = build(shape), merged(build(shape))
    assert any(f.kind == "from founder" for f in quick.factors)
    assert len(quick.factors) < len(plain.factors)
    found = run(plan(quick), MODEL, lanes)
    assert found == pytest.approx(run(plan(plain), MODEL, lanes), rel=1e-13)


def test_tables_of_founders_are_made_only_where_they_save_something() -> None:
    graph = merged(build(place(HALF_SIBLINGS, frozenset({"s", "t", "u"}), "x", None).shape))
    assert worthwhile(graph, MODEL, 60)
    assert not worthwhile(graph, MODEL, 1)  # ten multisets of three alleles, eight ways for one family
    many = LocusModel(tuple(map(str, range(60))), np.full(60, 1 / 60), np.eye(60), np.eye(60))
    assert not worthwhile(graph, many, 10**6)
