"""One family with several missing: the LR of every way of placing victims in it.

LR(S) = P(relatives, victims placed by S) / P(relatives, those victims as unrelated people), by the chain
rule the product of each victim's LR given the ones placed before; computed for all placements of the same
members at once. Under theta both sides draw their founder alleles from one urn, per family.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from forensics.domain.kinship import Convention, Genotype, Pedigree
from forensics.genetics.compile import probability
from forensics.genetics.compile_shape import Person, Placed, Shape, merge_twins, place
from forensics.genetics.compile_tensors import Array, Index, Lanes
from forensics.genetics.compile_theta import founders_probability
from forensics.genetics.joint_parts import LocusGroup, locus_groups, structure
from forensics.genetics.joint_victims import NOBODY, Victims

Places = tuple[int, ...]
"""Positions in the family's list of missing members, ascending."""


@lru_cache(maxsize=65536)
def placed_shape(
    pedigree: Pedigree, typed: frozenset[str], target: None, pruned_by: frozenset[str] | None
) -> Placed:
    """`place`, remembered: loci and placements with the same people typed share it."""
    return place(pedigree, typed, target, pruned_by)


@dataclass
class FamilyModel:
    """Likelihoods of one family under every placement of victims."""

    pedigree: Pedigree
    missing: tuple[str, ...]
    genotypes: Mapping[str, Mapping[str, Genotype]]  # genetic person -> locus -> genotype
    loci: tuple[str, ...]
    victims: Victims
    theta: float
    convention: Convention
    ln_at: dict[int, float] = field(default_factory=dict)  # ln P(the relatives' genotypes) by locus, as known

    def __post_init__(self) -> None:
        same = merge_twins(self.pedigree)
        self.people = tuple(same[name] for name in self.missing)
        self.sexes = tuple(self.pedigree.member(name).sex for name in self.missing)

    @cached_property
    def groups(self) -> list[LocusGroup]:
        """The loci as parts; none under theta."""
        v = self.victims
        if self.theta > 0:
            return []
        return locus_groups(v.models, self.loci, v.alleles, v.typed, self.genotypes)

    def ln_relatives(self) -> float:
        """ln P(the relatives' genotypes)."""
        return math.fsum(self._relatives(place) for place in range(len(self.loci)))

    def ln_lr(self, places: Places, placements: Index) -> Array:
        """(N,): ln LR of each placement; `placements` (N, k) are victims for the k places."""
        return np.asarray(self.ln_lr_by_locus(places, placements).sum(axis=0))

    def ln_lr_by_locus(self, places: Places, placements: Index) -> Array:
        """(loci, N): the same for each locus."""
        by_locus = np.zeros((len(self.loci), len(placements)))
        if self.theta > 0:
            for locus in range(len(self.loci)):
                by_locus[locus] = self._locus(locus, places, placements)
        for group in self.groups:
            by_locus[group.loci] = self._group(group, places, placements)
        return by_locus

    def ln_single(self, rows: Index) -> Array:
        """(loci, N): ln LR of placements (N, missing) of one victim each."""
        result = np.zeros((len(self.loci), len(rows)))
        for member in range(len(self.people)):
            mine = np.flatnonzero(rows[:, member] != NOBODY)
            result[:, mine] = self.ln_lr_by_locus((member,), rows[mine, member][:, None])
        return result

    def _group(self, group: LocusGroup, places: Places, placements: Index) -> Array:
        """(loci of the group, N): ln LR; entries with the same people typed are computed together."""
        result = np.zeros((len(group.loci), len(placements)))
        has = group.victims[:, 0, :][:, placements] >= 0
        codes = has @ (1 << np.arange(len(places))) + (self._classes(group) << len(places))[:, None]
        for code in np.unique(codes):
            loci, rows = np.nonzero(codes == code)
            shown = [k for k in range(len(places)) if code >> k & 1]
            if shown or self.convention is Convention.PRUNED:
                result[loci, rows] = self._entries(group, places, shown, loci, placements[rows])
        return result

    def _classes(self, group: LocusGroup) -> Index:
        """A number for each locus: loci with the same number have the same relatives typed."""
        numbers: dict[bytes, int] = {}
        table = np.array([pair[:, 0] >= 0 for pair in group.relatives.values()]).reshape(-1, len(group.loci))
        return np.array([numbers.setdefault(column.tobytes(), len(numbers)) for column in table.T])

    def _entries(
        self, group: LocusGroup, places: Places, shown: Sequence[int], loci: Index, placements: Index
    ) -> Array:
        """(N,): ln LR of entries (a locus, a placement) with the same people typed."""
        by = None
        if self.convention is Convention.PRUNED:
            by = frozenset(self.genotypes) | {self.people[k] for k in places}
        relatives = {p for p, pairs in group.relatives.items() if pairs[loci[0], 0] >= 0}
        own: dict[str, Index] = {}
        impossible = np.zeros(len(loci), dtype=bool)
        for k in shown:
            person, victims = self.people[places[k]], placements[:, k]
            if person in relatives or person in own:
                before = (
                    group.relatives[person][loci]
                    if person in relatives
                    else group.victims[loci, :, own[person]]
                )
                now = group.victims[loci, :, victims]
                impossible |= (np.sort(before, axis=1) != np.sort(now, axis=1)).any(axis=1)
            else:
                own[person] = victims
        found = structure(self.pedigree, frozenset(relatives | own.keys()), by)
        null = self.victims.ln_unrelated[group.loci]
        total = -np.array([self._relatives(int(locus)) for locus in group.loci])[loci]
        for k in shown:
            total = total - null[loci, placements[:, k]]
        for name in found.founders:
            total = total + (null[loci, own[name]] if name in own else self._founder(group, name)[loci])
        with np.errstate(invalid="ignore"):  # 0/0 where the relatives alone are impossible: not a number
            for graph, names in found.parts:
                total = total + group.values(graph, names, own, loci)
        return np.where(impossible, -np.inf, total)

    def _founder(self, group: LocusGroup, name: str) -> Array:
        """(loci of the group,): ln P(a typed relative's genotype in the population); 0 where untyped."""
        found = np.zeros(len(group.loci))
        for i, locus in enumerate(group.loci):
            genotype = self.genotypes[name].get(self.loci[locus])
            if genotype:
                model = self.victims.models[locus]
                a, b = (model.index[x] for x in genotype)
                found[i] = np.log(model.hardy_weinberg[model.genotype[a, b]])
        return found

    def _locus(self, locus: int, places: Places, placements: Index) -> Array:
        """(N,): ln LR at one locus."""
        has = self.victims.typed[locus][placements]
        codes = has @ (1 << np.arange(len(places)))
        result = np.zeros(len(placements))
        for code in np.unique(codes):
            rows = np.flatnonzero(codes == code)
            shown = [k for k in range(len(places)) if code >> k & 1]
            if shown:
                result[rows] = self._alike(
                    locus, places, [places[k] for k in shown], placements[rows][:, shown]
                )
            elif self.convention is Convention.PRUNED:
                result[rows] = self._alike(locus, places, [], placements[rows][:, :0])
        return result

    def _alike(self, locus: int, everybody: Places, places: Sequence[int], placements: Index) -> Array:
        """(N,): ln LR at a locus where the same people have data in every placement."""
        alleles = self.victims.alleles[locus][:, placements]  # (2, N, k)
        evidence, possible = self._evidence(locus, places, alleles)
        by = None
        if self.convention is Convention.PRUNED:
            by = frozenset(self.genotypes) | {self.people[k] for k in everybody}
        with np.errstate(divide="ignore"):
            ln = np.log(self._probability(locus, evidence, by, len(placements)))
        unrelated = self._ln_unrelated(locus, alleles)
        return np.where(possible, ln - unrelated, -np.inf)

    def _evidence(
        self, locus: int, places: Sequence[int], alleles: Index
    ) -> tuple[dict[str, Index], NDArray[np.bool_]]:
        """Alleles by person, (2, N); a placement that contradicts a personal effect or a twin is impossible."""
        count = alleles.shape[1]
        evidence = {p: np.repeat(pair, count, axis=1) for p, pair in self.typed(locus).items()}
        possible = np.ones(count, dtype=bool)
        for k, position in enumerate(places):
            person, pair = self.people[position], alleles[:, :, k]
            if person in evidence:
                possible &= (np.sort(evidence[person], axis=0) == np.sort(pair, axis=0)).all(axis=0)
            else:
                evidence[person] = pair
        return evidence, possible

    def placed_relatives(self, typed: Mapping[str, Index]) -> Placed:
        """The shape of the typed relatives at a locus, nobody being placed."""
        by = frozenset(self.genotypes) if self.convention is Convention.PRUNED else None
        return placed_shape(self.pedigree, frozenset(typed), None, by)

    def typed(self, locus: int) -> dict[str, Index]:
        """Alleles (2, 1) of the relatives who have data at a locus."""
        model, name = self.victims.models[locus], self.loci[locus]
        return {
            person: np.array([[model.index[a]] for a in found[name]], dtype=np.int64)
            for person, found in self.genotypes.items()
            if found.get(name)
        }

    def _probability(
        self, locus: int, evidence: Mapping[str, Index], by: frozenset[str] | None, count: int
    ) -> Array:
        placed = placed_shape(self.pedigree, frozenset(evidence), None, by)
        lanes = Lanes(count, {i: evidence[n] for i, n in enumerate(placed.names) if n in evidence})
        model = self.victims.models[locus]
        founders = founders_probability(placed.shape, model, lanes, self.theta)
        return np.asarray(probability(placed.shape, model, lanes, self.theta) * founders)

    def _relatives(self, locus: int) -> float:
        """ln P(relatives' genotypes at a locus)."""
        if locus not in self.ln_at:
            by = frozenset(self.genotypes) if self.convention is Convention.PRUNED else None
            if self.theta > 0:
                with np.errstate(divide="ignore"):
                    self.ln_at[locus] = float(np.log(self._probability(locus, self.typed(locus), by, 1))[0])
            else:
                group = next(g for g in self.groups if locus in g.loci)
                for i in range(len(group.loci)):
                    self.ln_at[int(group.loci[i])] = self._relatives_in(group, i, by)
        return self.ln_at[locus]

    def _relatives_in(self, group: LocusGroup, locus: int, by: frozenset[str] | None) -> float:
        typed = frozenset(p for p, pairs in group.relatives.items() if pairs[locus, 0] >= 0)
        found = structure(self.pedigree, typed, by)
        where = np.array([locus])
        terms = [self._founder(group, name)[locus] for name in found.founders]
        terms += [group.values(graph, names, {}, where)[0] for graph, names in found.parts]
        return math.fsum(terms) if not any(np.isneginf(t) for t in terms) else -math.inf

    def _ln_unrelated(self, locus: int, alleles: Index) -> Array:
        """(N,): ln P(relatives, and the victims as unrelated people), in one urn."""
        typed = self.typed(locus)
        placed = self.placed_relatives(typed)
        strangers = alleles.shape[2]
        shape = Shape(placed.shape.people + (Person(-1, -1, True),) * strangers, -1)
        count, own = alleles.shape[1], len(placed.names)
        found = {i: np.repeat(typed[n], count, axis=1) for i, n in enumerate(placed.names) if n in typed}
        found |= {own + k: alleles[:, :, k] for k in range(strangers)}
        lanes, model = Lanes(count, found), self.victims.models[locus]
        joint = probability(shape, model, lanes, self.theta)
        return np.asarray(np.log(joint * founders_probability(shape, model, lanes, self.theta)))
