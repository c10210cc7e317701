"""All placements of victims in one family at once, where nothing mutates (theta = 0).

Who is placed on a missing member is an index of that member's tables. A product of tables needs each
combination of placements among the people below it only once, however many placements of the whole family
contain it; combinations that are impossible at some locus are dropped on the way. Loci lie in the lanes.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forensics.domain.kinship import Pedigree
from forensics.genetics.compile_graph import Factor, Person, Placed, Shape, assemble, place
from forensics.genetics.compile_plan import plan
from forensics.genetics.compile_tensors import Array, Index, Lanes, LocusModel, by_lane, contract, table
from forensics.genetics.joint_parts import LocusGroup, still_model

NOBODY = -1
MOST_PLACEMENTS = 200_000


def placements(allowed: Sequence[Index]) -> Index | None:
    """(N, missing): every way of choosing a different victim, or nobody, for each; the first is nobody at
    all. None if they are too many."""
    rows = np.zeros((1, 0), dtype=np.int64)
    for victims in allowed:
        choices = np.concatenate([[NOBODY], victims])
        added = np.tile(choices, len(rows))
        rows = np.column_stack([np.repeat(rows, len(choices), axis=0), added])
        fresh = (added == NOBODY) | ~(rows[:, :-1] == added[:, None]).any(axis=1)
        rows = rows[fresh]
        if len(rows) > MOST_PLACEMENTS:
            return None
    return rows


@dataclass
class Tensor:
    """Axes: `variables`, then combinations (if `of`), then loci (if `by_locus`).

    `of` (N,) says which combination each placement has.
    """

    data: Array
    variables: tuple[str, ...]
    by_locus: bool
    of: Index | None = None


def ln_probabilities(
    pedigree: Pedigree,
    people: Sequence[str],
    typed: frozenset[str],
    group: LocusGroup,
    loci: Index,
    rows: Index,
    drop: bool = True,
) -> Array:
    """(N, loci): ln P(relatives and placed victims) at some loci of a group; minus infinity: impossible.

    `drop`: a placement that is impossible at one locus may be given up, all its numbers are minus infinity.

    `people` are the missing, `typed` the relatives with data at these loci, `rows` (N, missing) placements.
    Victims on founders without descendants in the graph are left out: they are unrelated to everybody.
    """
    total = np.zeros((len(rows), len(loci)))
    size = group.frequencies[:, loci] if group.frequencies is not None else np.zeros((1, 0))
    needed = (size > 0).sum(axis=0)
    for part in np.array_split(np.argsort(needed, kind="stable"), 2 if len(loci) > 3 else 1):
        network = _Network(pedigree, people, typed, group, loci[part], int(needed[part].max()))
        alive = np.flatnonzero((total > -np.inf).all(axis=1)) if drop else np.arange(len(rows))
        total[np.ix_(alive, part)] = network.run(rows[alive], drop)
    if drop:
        total[~(total > -np.inf).all(axis=1)] = -np.inf
    return total


class _Network:
    """The tables of one family at some loci."""

    def __init__(
        self,
        pedigree: Pedigree,
        people: Sequence[str],
        typed: frozenset[str],
        group: LocusGroup,
        loci: Index,
        size: int,
    ) -> None:
        assert group.frequencies is not None
        parents = {p for m in pedigree.members for p in (m.father, m.mother)}
        kept = place(pedigree, typed | frozenset(people), None, None)
        leaves = frozenset(n for n in people if n in kept.names and n not in parents)
        self.placed: Placed = place(pedigree, typed | leaves, None, None)
        if set(self.placed.names) != set(
            kept.names
        ):  # untyped missing parents whose children are all missing
            self.placed = kept_with(pedigree, typed | leaves, frozenset(people))
        names = self.placed.names
        self.column = {names.index(n): k for k, n in enumerate(people) if n in names}
        self.leaves = {names.index(n) for n in leaves if n in names}
        evident = frozenset(self.column) - self.leaves
        self.graph = assemble(self.placed.shape, None, (), evident)
        self.group, self.loci = group, loci
        self.model: LocusModel = still_model(size)
        self.frequencies = group.frequencies[:size, loci]
        self.relatives = {i: group.relatives[n][loci].T for i, n in enumerate(names) if n in typed}

    def run(self, rows: Index, drop: bool) -> Array:
        """(N, loci): ln of the product."""
        self.rows, self.drop = rows, drop
        self.alive = np.ones(len(rows), dtype=bool)
        chosen = plan(self.graph, 0)
        tensors: list[Tensor | None] = [self.tensor(f) for f in self.graph.factors]
        for step in chosen.steps:
            left = tensors[step.left]
            right = tensors[step.right] if step.right >= 0 else None
            assert left is not None
            tensors[step.left] = None
            if step.right >= 0:
                tensors[step.right] = None
            tensors.append(self.multiply(left, right, step.out))
        answer = tensors[-1] if tensors else None
        if answer is None:
            return np.zeros((len(rows), len(self.loci)))
        data = answer.data if answer.by_locus else np.repeat(answer.data[..., None], len(self.loci), axis=-1)
        with np.errstate(divide="ignore"):
            ln = np.log(data)
        found = ln[answer.of] if answer.of is not None else np.broadcast_to(ln, (len(rows), len(self.loci)))
        return np.asarray(np.where(self.alive[:, None], found, -np.inf))

    def tensor(self, factor: Factor) -> Tensor:
        """The numbers of a factor; those of a missing member for every choice of a victim, or nobody."""
        k = self.column.get(factor.child)
        if k is None:
            lanes = Lanes(len(self.loci), self.relatives, None, self.frequencies)
            return Tensor(table(factor, self.model, lanes), factor.variables, by_lane(factor, lanes))
        choices, of = np.unique(self.rows[:, k], return_inverse=True)
        shown = self.group.victims[self.loci][:, :, choices]  # (loci, 2, choices)
        known = (shown[:, 0] >= 0) & (choices != NOBODY)  # (loci, choices)
        pair = np.where(known[:, None], shown, 0).transpose(1, 2, 0)  # (2, choices, loci)
        data = (
            self.evidence(factor, pair, known.T)
            if factor.kind == "evidence"
            else self.leaf(factor, pair, known.T)
        )
        return Tensor(data, factor.variables, True, of)

    def evidence(self, factor: Factor, pair: Index, known: NDArray[np.bool_]) -> Array:
        """1 for the genotypes that a choice allows: all, if there is no data."""
        n, (choice, locus) = self.model.size, np.nonzero(known)
        a, b = pair[0][choice, locus], pair[1][choice, locus]
        if len(factor.variables) == 1:
            data = np.ones((len(self.model.first), *known.shape))
            data[:, choice, locus] = 0.0
            data[self.model.genotype[a, b], choice, locus] = 1.0
            return data
        data = np.ones((n, n, *known.shape))
        data[:, :, choice, locus] = 0.0
        data[a, b, choice, locus] = data[b, a, choice, locus] = 1.0
        return data

    def leaf(self, factor: Factor, pair: Index, known: NDArray[np.bool_]) -> Array:
        """As for a typed child; without data 1 in the first phase and 0 in the other."""
        choices, loci = known.shape
        own = {i: np.repeat(p[:, None], choices, axis=1).reshape(2, -1) for i, p in self.relatives.items()}
        own[factor.child] = pair.reshape(2, -1)
        frequencies = np.repeat(self.frequencies[:, None], choices, axis=1).reshape(self.model.size, -1)
        made = table(factor, self.model, Lanes(choices * loci, own, None, frequencies))
        data = np.array(made.reshape(*made.shape[:-1], choices, loci))
        data[..., 0, :, :] = np.where(known, data[..., 0, :, :], 1.0)
        data[..., 1, :, :] = np.where(known, data[..., 1, :, :], 0.0)
        return data

    def multiply(self, left: Tensor, right: Tensor | None, out: tuple[str, ...]) -> Tensor:
        """One step of the plan, for every combination that some living placement needs."""
        of = left.of if right is None or right.of is None else right.of
        operands = [left] if right is None else [left, right]
        if right is not None and left.of is not None and right.of is not None:
            key = left.of * right.data.shape[-2] + right.of
            needed, places = np.unique(key[self.alive], return_inverse=True)
            one, other = np.divmod(needed, right.data.shape[-2])
            operands = [
                Tensor(np.take(left.data, one, axis=-2), left.variables, True, one),
                Tensor(np.take(right.data, other, axis=-2), right.variables, True, other),
            ]
            of = np.zeros(len(key), dtype=np.int64)
            of[self.alive] = places
        elif right is not None and of is not None and right.by_locus and left.by_locus:
            return self.living(Tensor(over_combinations(operands, out), out, True, of))
        loci = len(self.loci)
        labelled = [
            (o.data.reshape(*o.data.shape[:-2], -1) if o.of is not None else o.data, o.variables, o.by_locus)
            for o in operands
        ]
        data, variables, by_locus = contract(labelled[0], labelled[1] if len(labelled) > 1 else None, out)
        if of is None:
            return Tensor(data, variables, by_locus)
        return self.living(Tensor(data.reshape(*data.shape[:-1], -1, loci), variables, True, of))

    def living(self, tensor: Tensor) -> Tensor:
        """Placements with a combination that is impossible at some locus are given up."""
        if self.drop and tensor.of is not None:
            possible = np.asarray(tensor.data.any(axis=tuple(range(tensor.data.ndim - 2)))).all(axis=-1)
            self.alive &= np.asarray(possible)[tensor.of]
        return tensor


def over_combinations(operands: Sequence[Tensor], out: tuple[str, ...]) -> Array:
    """The product of a table with combinations and one without, both by locus: a matrix product a locus."""
    many, one = operands if operands[0].of is not None else operands[::-1]
    slices = []
    for locus in range(many.data.shape[-1]):
        shared = (np.array(one.data[..., locus], order="C"), one.variables, False)
        lanes = (np.array(many.data[..., locus], order="C"), many.variables, True)
        slices.append(contract(shared, lanes, out)[0])
    return np.stack(slices, axis=-1)


def kept_with(pedigree: Pedigree, typed: frozenset[str], people: frozenset[str]) -> Placed:
    """A shape that also keeps untyped missing people who have no typed descendants."""
    full = place(pedigree, typed | people, None, None)
    shape = tuple(
        Person(p.father, p.mother, n in typed) for n, p in zip(full.names, full.shape.people, strict=True)
    )
    return Placed(Shape(shape, -1), full.names)
