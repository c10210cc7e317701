"""All genotypes that people without a sample could show at a locus, and their probability.

One table P(genotypes of the typed and of those asked about | hypothesis) for each hypothesis; one divided by
the other is the LR of every outcome. People are taken one after another: the genotypes of those before are
the lanes of a compiled plan (`compile`), those of the next one its rows. Shapes: G unordered genotypes,
L lanes. Exact for every pedigree that the compiled engine takes, with mutation and θ.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from forensics.domain.errors import Invalid
from forensics.domain.kinship import Convention, KinshipCase, Pedigree
from forensics.genetics.compile import probability, related
from forensics.genetics.compile_graph import build
from forensics.genetics.compile_shape import Placed, merge_twins, place
from forensics.genetics.compile_tensors import Array, Index, Lanes, LocusModel
from forensics.genetics.compile_theta import founders_probability, sharings
from forensics.genetics.screening_kit import Kit

ENTRIES_AT_ONCE = 4_000_000
"""Entries (rows times lanes) of one table: 32 MB."""

Alleles = Mapping[str, Index]
"""Person -> alleles (2, L) as numbers of the locus."""


@dataclass(frozen=True)
class LocusQuestion:
    """One locus of a case: its model, who is typed there, and the two hypotheses (numerator first)."""

    locus: str
    model: LocusModel
    typed: Mapping[str, tuple[int, int]]
    hypotheses: tuple[Pedigree, Pedigree]
    theta: float
    pruned_by: frozenset[str] | None  # those with data anywhere, where people are pruned

    def lanes(self, count: int) -> dict[str, Index]:
        """The typed people's alleles, the same in every lane."""
        return {
            p: np.broadcast_to(np.array(g, dtype=np.int64)[:, None], (2, count))
            for p, g in self.typed.items()
        }

    def following(self, known: Alleles, person: str, count: int) -> tuple[Array, Array]:
        """(G, L) of both hypotheses: P(the known, and `person` with each genotype)."""
        return (
            joint(self.hypotheses[0], known, person, self, count),
            joint(self.hypotheses[1], known, person, self, count),
        )


class Kits:
    """The loci of a case as models, with its mutation and without; made once for all questions about it."""

    def __init__(self, case: KinshipCase) -> None:
        self.stated = Kit(case.loci, case.frequencies, case.mutation, case.minimum_frequency)
        self.still = self.stated.without_mutation() if case.mutation else self.stated


def locus_question(case: KinshipCase, locus: str, available: Sequence[str], kit: Kit) -> LocusQuestion:
    """A locus of a checked case, with the alleles of those who are typed there."""
    found = {p: tuple(loci[locus]) for p, loci in case.genotypes.items() if loci.get(locus)}
    model = kit.model(locus, kit.unseen(locus, (a for g in found.values() for a in g)))
    typed = {p: (model.index[g[0]], model.index[g[-1]]) for p, g in found.items()}
    anywhere = {p for p, loci in case.genotypes.items() if any(loci.get(x) for x in case.loci)}
    pruned = frozenset({*anywhere, *available}) if case.convention is Convention.PRUNED else None
    return LocusQuestion(locus, model, typed, (case.numerator, case.denominator), case.theta, pruned)


def joint(pedigree: Pedigree, known: Alleles, person: str, asked: LocusQuestion, count: int) -> Array:
    """(G, L): P(the known, and `person` with genotype g | pedigree); twins of a known person are known."""
    merged, agree = _merged(pedigree, known, count)
    model, theta, name = asked.model, asked.theta, _same(pedigree)[person]
    if name in merged:
        table = np.zeros((len(model.first), count))
        own = merged[name]
        table[model.genotype[own[0], own[1]], np.arange(count)] = _whole(pedigree, merged, asked, count)
    else:
        placed = _placed(pedigree, frozenset(merged), person, asked.pruned_by)
        lanes = _lanes(placed, merged, count)
        table = related(placed.shape, model, lanes, theta) * founders_probability(
            placed.shape, model, lanes, theta
        )
    return np.asarray(table * agree)


def whole(pedigree: Pedigree, known: Alleles, asked: LocusQuestion, count: int) -> Array:
    """(L,): P(the known | pedigree)."""
    merged, agree = _merged(pedigree, known, count)
    return np.asarray(_whole(pedigree, merged, asked, count) * agree)


def _whole(pedigree: Pedigree, merged: Alleles, asked: LocusQuestion, count: int) -> Array:
    placed = _placed(pedigree, frozenset(merged), None, asked.pruned_by)
    lanes = _lanes(placed, merged, count)
    found = probability(placed.shape, asked.model, lanes, asked.theta)
    return np.asarray(found * founders_probability(placed.shape, asked.model, lanes, asked.theta))


def _merged(pedigree: Pedigree, known: Alleles, count: int) -> tuple[dict[str, Index], NDArray[np.bool_]]:
    """Alleles by genome, and whether monozygotic twins agree (L,)."""
    same = _same(pedigree)
    merged: dict[str, Index] = {}
    agree = np.ones(count, dtype=bool)
    for name, alleles in known.items():
        first = merged.setdefault(same[name], alleles)
        if first is not alleles:
            agree &= np.equal(np.sort(first, axis=0), np.sort(alleles, axis=0)).all(axis=0)
    return merged, agree


def graphs(asked: LocusQuestion, available: Sequence[str]) -> int:
    """How many ways of sharing founder alleles θ asks for in the denominator, with all but the last typed."""
    if asked.theta == 0:
        return 1
    pedigree = asked.hypotheses[1]
    same = _same(pedigree)
    names = frozenset(same[x] for x in (*asked.typed, *available[:-1]))
    target = available[-1] if same[available[-1]] not in names else None
    return len(sharings(_placed(pedigree, names, target, asked.pruned_by).shape, False))


def tells(pedigree: Pedigree, typed: frozenset[str], person: str, target: str) -> bool:
    """Whether a person's genotype can tell anything about the target's, given the typed and θ 0.

    A path of shared genes must lead from one to the other around the typed.
    """
    same = _same(pedigree)
    if same[person] == same[target]:
        return True
    placed = _placed(pedigree, frozenset({*typed, person}), target, None)
    if same[person] not in placed.names:
        return False
    own, graph = placed.names.index(same[person]), build(placed.shape)
    reached = set(graph.output)
    while more := {v for f in graph.factors if reached & set(f.variables) for v in f.variables} - reached:
        reached |= more
    return any(own in (f.parent, f.child) and reached & set(f.variables) for f in graph.factors)


def standing(asked: LocusQuestion, person: str, others: Sequence[str]) -> tuple[object, ...]:
    """Where a person stands among the typed and the others asked about, by both hypotheses.

    Who stands alike tells alike: the drawings differ in names only.
    """
    found: list[object] = []
    for pedigree in asked.hypotheses:
        same = _same(pedigree)
        named = {same[name]: name for name in (*asked.typed, *others)}
        placed = _placed(pedigree, frozenset({*named, same[person]}), None, asked.pruned_by)
        found.append((placed.shape, tuple(named.get(x, x == same[person]) for x in placed.names)))
        found.append(named.get(same[person]))
    return tuple(found)


@lru_cache(maxsize=512)
def _same(pedigree: Pedigree) -> dict[str, str]:
    return merge_twins(pedigree)


@lru_cache(maxsize=4096)
def _placed(
    pedigree: Pedigree, typed: frozenset[str], target: str | None, pruned_by: frozenset[str] | None
) -> Placed:
    return place(pedigree, typed, target, pruned_by)


def _lanes(placed: Placed, merged: Alleles, count: int) -> Lanes:
    return Lanes(count, {i: merged[name] for i, name in enumerate(placed.names) if name in merged})


@dataclass(frozen=True)
class Outcomes:
    """Every outcome of a locus: log10 LR (K,) with its probability under either hypothesis (K,).

    `zero` is P(LR 0 | denominator), `infinite` P(impossible under the denominator | numerator), and
    `factor` how much likelier the typed people are under the numerator (1 where they are the same).
    """

    log10: Array
    if_true: Array
    if_false: Array
    zero: float
    infinite: float
    factor: float


def all_outcomes(asked: LocusQuestion, available: Sequence[str]) -> Outcomes:
    """Exact. `Invalid` where the typed people are impossible under a hypothesis."""
    over, under = tables(asked, available)
    sums = possible(asked, float(over.sum()), float(under.sum()))
    both = (over > 0) & (under > 0)
    a, b = over[both], under[both]
    return Outcomes(
        np.log10(a / b),
        a / sums[0],
        b / sums[1],
        float(under[over <= 0].sum()) / sums[1],
        float(over[under <= 0].sum()) / sums[0],
        sums[0] / sums[1],
    )


def exclusion(asked: LocusQuestion, available: Sequence[str]) -> float | None:
    """P(impossible under the numerator | denominator); None where the typed are impossible themselves.

    The locus is to be one without mutation: with it hardly anything is impossible.
    """
    over, under = tables(asked, available)
    if not over.any() or not under.any():
        return None
    return float(under[over <= 0].sum() / under.sum())


def tables(asked: LocusQuestion, available: Sequence[str]) -> tuple[Array, Array]:
    """(K,) P(typed and asked | hypothesis) of every combination of genotypes that either allows."""
    known, count = asked.lanes(1), 1
    for person in available[:-1]:
        rows, lanes, _, _ = _possible(asked, known, person, count)
        known, count = _extended(asked.model, known, person, rows, lanes), len(rows)
        if count == 0:  # the typed people themselves are impossible
            return np.zeros(0), np.zeros(0)
    _, _, over, under = _possible(asked, known, available[-1], count)
    return over, under


def _possible(
    asked: LocusQuestion, known: Alleles, person: str, count: int
) -> tuple[Index, Index, Array, Array]:
    """Row, lane and both probabilities of every genotype of the next person that is possible."""
    step = max(1, ENTRIES_AT_ONCE // len(asked.model.first))
    found: list[tuple[Index, Index, Array, Array]] = []
    for start in range(0, count, step):
        stop = min(start + step, count)
        part = {name: alleles[:, start:stop] for name, alleles in known.items()}
        over, under = asked.following(part, person, stop - start)
        rows, lanes = np.nonzero((over > 0) | (under > 0))
        found.append((rows, lanes + start, over[rows, lanes], under[rows, lanes]))
    if len(found) == 1:
        return found[0]
    rows, lanes, over, under = (np.concatenate(columns) for columns in zip(*found, strict=True))
    return rows, lanes, over, under


def _extended(
    model: LocusModel, known: Alleles, person: str, rows: NDArray[np.intp], lanes: NDArray[np.intp]
) -> dict[str, Index]:
    """The lanes with one more person known: row of each new lane, and the old lane that it goes on from."""
    found = {name: alleles[:, lanes] for name, alleles in known.items()}
    return {**found, person: np.stack([model.first[rows], model.second[rows]])}


def drawn(
    asked: LocusQuestion, available: Sequence[str], count: int, dice: np.random.Generator, truth: int
) -> tuple[Array, Array]:
    """(count,) probability under either hypothesis of worlds drawn exactly where hypothesis `truth` holds.

    Each person's genotype is drawn from its distribution given the typed people and those drawn before.
    """
    known, lanes = asked.lanes(count), np.arange(count)
    own = np.ones(count)
    for person in available:
        different, width, place = _different(known, count)
        table = joint(asked.hypotheses[truth], different, person, asked, width)[:, place]
        rows = _rows(table, dice)
        own = table[rows, lanes]
        known = _extended(asked.model, known, person, rows, lanes)
    different, width, place = _different(known, count)
    other = whole(asked.hypotheses[1 - truth], different, asked, width)[place]
    return (other, own) if truth else (own, other)


def _different(known: Alleles, count: int) -> tuple[Alleles, int, NDArray[np.intp]]:
    """The lanes that differ in a genotype, how many they are, and which of them each lane (count,) is."""
    if not known:
        return known, 1, np.zeros(count, dtype=np.intp)
    pairs = np.concatenate([np.sort(alleles, axis=0) for alleles in known.values()])
    _, first, place = np.unique(pairs, axis=1, return_index=True, return_inverse=True)
    return {name: alleles[:, first] for name, alleles in known.items()}, len(first), place.ravel()


def _rows(table: Array, dice: np.random.Generator) -> NDArray[np.intp]:
    """A row of each lane, with probability in proportion to its entry."""
    steps = np.cumsum(table, axis=0)
    rows = (steps <= dice.random(table.shape[1]) * steps[-1]).sum(axis=0)
    return np.asarray(np.minimum(rows, len(table) - 1))


def probabilities(asked: LocusQuestion, available: Sequence[str]) -> tuple[float, float]:
    """P(typed people | hypothesis) of both. `Invalid` where they are impossible."""
    over, under = asked.following(asked.lanes(1), available[0], 1)
    return possible(asked, float(over.sum()), float(under.sum()))


def possible(asked: LocusQuestion, over: float, under: float) -> tuple[float, float]:
    """The two probabilities of the typed people, refused where one is 0."""
    if not (over > 0 and under > 0):
        raise Invalid(
            f"The genotypes at {asked.locus} are impossible together in the pedigree as drawn; check the "
            "relationships and the genotypes, or allow mutation."
        )
    return over, under
