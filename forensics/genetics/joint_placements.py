"""The LR of every way of placing victims in a family, from tables with an axis for each missing member.

LR(S) = P(relatives, victims placed by S) / P(relatives, those victims as unrelated people), theta = 0. At
each locus one sum over the pedigree gives it for all candidates of all members (see `joint_graph`); victims
with the same genotype share an entry. Members whom typed people cut apart are independent of each other.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from forensics.domain.kinship import Convention, Genotype, Pedigree
from forensics.genetics.compile_tensors import Array, Index
from forensics.genetics.joint_graph import Piece, Pieces, genetic_people, largest, pieces_of
from forensics.genetics.joint_tables import Candidates, piece_table
from forensics.genetics.joint_victims import NOBODY, Victims

LARGEST_TABLE = 4e6
"""Entries of the largest table at one locus, or of all placements; a family that needs more is searched."""

LARGEST_AT_ONCE = 1e6
"""Entries of the largest table when several loci are computed together."""

MANY = 64
"""Candidates beyond which those with the same genotype share an entry."""

Who = Mapping[int, Index]
"""The candidates of each member that is looked at: victims, or NOBODY."""


class TooMany(Exception):
    """There are too many placements for one table."""


@dataclass(frozen=True, slots=True)
class Block:
    """ln LR of all placements on some members that are independent of the others: an axis for each."""

    members: tuple[int, ...]
    ln_lr: Array


@dataclass
class FamilyTables:
    """One family at all loci."""

    pedigree: Pedigree
    missing: tuple[str, ...]
    genotypes: Mapping[str, Mapping[str, Genotype]]
    loci: tuple[str, ...]
    victims: Victims
    convention: Convention
    _pieces: dict[tuple[int, frozenset[str], tuple[int, ...]], Pieces] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.people = genetic_people(self.pedigree, self.missing)
        self.relatives: list[dict[str, Index]] = []
        for locus, model in zip(self.loci, self.victims.models, strict=True):
            index = model.index
            self.relatives.append(
                {
                    person: np.array([index[g[0]], index[g[-1]]], dtype=np.int64)
                    for person, found in self.genotypes.items()
                    if (g := found.get(locus))
                }
            )

    @cached_property
    def _groups(self) -> list[tuple[int, ...]]:
        """Loci with equally many alleles where the same relatives are typed."""
        found: dict[tuple[int, frozenset[str]], list[int]] = {}
        for locus, relatives in enumerate(self.relatives):
            found.setdefault((self.victims.models[locus].size, frozenset(relatives)), []).append(locus)
        return [tuple(loci) for loci in found.values()]

    @cached_property
    def ln_base(self) -> Array:
        """(loci,): ln P(the relatives' genotypes)."""
        found = np.zeros(len(self.loci))
        for loci in self._groups:
            mine = self.pieces(loci, {})
            own = self.typed(loci)
            with np.errstate(divide="ignore"):
                tables = [np.log(piece_table(p, self.victims.loci(loci), own, {})) for p in mine.pieces]
            found[list(loci)] = self._ln_founders(loci, mine) + sum(tables)
        return found

    def ln_relatives(self) -> float:
        """ln P(the relatives' genotypes)."""
        return math.fsum(self.ln_base.tolist()) if np.isfinite(self.ln_base).all() else -math.inf

    def typed(self, loci: Sequence[int]) -> dict[str, Index]:
        """Alleles (L, 2) of the relatives who are typed at these loci."""
        return {
            name: np.stack([self.relatives[locus][name] for locus in loci])
            for name in self.relatives[loci[0]]
        }

    def pieces(self, loci: Sequence[int], candidates: Mapping[int, int]) -> Pieces:
        """The graph at some loci of a group."""
        size, typed = self.victims.models[loci[0]].size, frozenset(self.relatives[loci[0]])
        key = (size, typed, tuple(candidates))
        if key not in self._pieces:
            by = None
            if self.convention is Convention.PRUNED:
                by = frozenset(self.genotypes) | {self.people[k] for k in candidates}
            own = tuple((k, self.people[k]) for k in candidates)
            counts = tuple(candidates.items())
            self._pieces[key] = pieces_of(self.pedigree, typed, own, by, size, counts)
        return self._pieces[key]

    def blocks(self, who: Who) -> list[Block]:
        """ln LR of all placements of the candidates; as drawn the first candidate must be NOBODY.

        Raises TooMany where a table would be too large.
        """
        total = _Total(who)
        related = {k: np.zeros(len(self.loci), dtype=bool) for k in who}
        most = {k: self.most_different(own) for k, own in who.items()}
        drawn = self.convention is Convention.AS_DRAWN
        for loci in self._groups:
            found = self.pieces(loci, most)
            for k in who:
                related[k][list(loci)] = k not in found.apart
            for k, person in found.effects:
                for locus in loci:
                    total.add((k,), self.matches(locus, person, who[k]))
            if not drawn:
                total.constant += float((self._ln_founders(loci, found) - self.ln_base[list(loci)]).sum())
            for piece in found.pieces:
                if piece.members or not drawn:
                    size = largest(piece, self.victims.models[loci[0]].size, most)
                    if size > LARGEST_TABLE:
                        raise TooMany
                    step = max(1, int(LARGEST_AT_ONCE / size))
                    for start in range(0, len(loci), step):
                        total.add(piece.members, self.piece(piece, loci[start : start + step], who))
        for k, own in who.items():
            total.add((k,), -self.ln_null(own, related[k]))
        return total.blocks(whole=not drawn)

    def piece(self, piece: Piece, loci: tuple[int, ...], who: Who) -> Array:
        """ln of a piece over some loci, as drawn against nobody placed: an axis for each of its members."""
        cast = {k: self.candidates(loci, who[k]) for k in piece.members}
        own = {k: candidates for k, (candidates, _) in cast.items()}
        with np.errstate(divide="ignore"):
            ln = np.log(piece_table(piece, self.victims.loci(loci), self.typed(loci), own))
        if self.convention is Convention.AS_DRAWN:
            ln -= ln[(slice(None), *[slice(1)] * len(piece.members))]
        if all(of is None for _, of in cast.values()):
            return np.asarray(ln.sum(axis=0))
        total: Array | None = None
        for number, table in enumerate(ln):
            for axis, k in enumerate(piece.members):
                of = cast[k][1]
                table = table if of is None else table.take(of[number], axis=axis)
            total = table if total is None else np.add(total, table, out=total)
        assert total is not None
        return total

    def candidates(self, loci: Sequence[int], who: Index) -> tuple[Candidates, Index | None]:
        """The candidates' genotypes. Where they are many, each different genotype once (nobody first), and
        which of them each candidate has (L, candidates)."""
        if len(who) > MANY:
            return self.victims.different(tuple(loci), who)
        (alleles, known), at = self.victims.stacked, list(loci)
        has = known[at][:, who]
        return Candidates(np.where(has[:, None], alleles[at][:, :, who], 0), has), None

    def most_different(self, who: Index) -> int:
        """At most so many different genotypes at a locus, one of them no data."""
        if len(who) <= MANY:
            return len(who)
        return min(len(who), max((len(shown) for shown in self.victims.shown), default=0)) + 1

    def matches(self, locus: int, person: str, who: Index) -> Array:
        """ln of 1 where a candidate has the genotype of a personal effect, or no data there; of 0 elsewhere."""
        shown = self.victims.shown[locus]
        own = np.sort(self.relatives[locus][person])[:, None]
        same = (shown.alleles == own).all(axis=0)[shown.of[who]]
        return np.where(same | (who == NOBODY) | ~shown.known[who], 0.0, -np.inf)

    def ln_null(self, who: Index, loci: Array) -> Array:
        """ln P(a candidate's genotypes as those of an unrelated person), over some loci."""
        return np.where(who == NOBODY, 0.0, self.victims.ln_unrelated[loci][:, who].sum(axis=0))

    def _ln_founders(self, loci: Sequence[int], found: Pieces) -> Array:
        """(L,): ln P(genotypes of the typed founders), as unrelated people."""
        total = np.zeros(len(loci))
        for number, locus in enumerate(loci):
            model = self.victims.models[locus]
            for name in found.founders:
                a, b = self.relatives[locus][name]
                total[number] += math.log(model.hardy_weinberg[model.genotype[a, b]])
        return total


class _Total:
    """ln LRs that are added up: for each set of members a table with an axis for each."""

    def __init__(self, who: Who) -> None:
        self.sizes = {k: len(own) for k, own in who.items()}
        self.parts: dict[tuple[int, ...], Array] = {}
        self.constant = 0.0

    def add(self, members: tuple[int, ...], ln: Array) -> None:
        if not members:
            self.constant += float(ln)
        elif members in self.parts:
            self.parts[members] += ln
        else:
            self.parts[members] = np.array(ln)

    def blocks(self, whole: bool) -> list[Block]:
        """Tables that share members added up; all of them if `whole`."""
        found = []
        for group in disjoint([set(self.sizes)] if whole else [set(own) for own in self.parts]):
            order = tuple(sorted(group))
            if math.prod(self.sizes[k] for k in order) > LARGEST_TABLE:
                raise TooMany
            total = np.full([self.sizes[k] for k in order], self.constant)
            for own, ln in self.parts.items():
                if group.issuperset(own):
                    total += ln.reshape([self.sizes[k] if k in own else 1 for k in order])
            found.append(Block(order, total))
        return found


def disjoint(groups: Sequence[set[int]]) -> list[set[int]]:
    """The groups, those that overlap joined."""
    found: list[set[int]] = []
    for group in groups:
        mine = set(group).union(*(other for other in found if other & group))
        found = [other for other in found if not other & group] + [mine]
    return sorted(found, key=min)
