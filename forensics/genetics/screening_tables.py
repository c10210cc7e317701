"""Tables of columns that are computed together: LR of every genotype that a profile shows, at all loci.

At a locus all columns of a portion that ask the same (same shape, same unseen alleles) are one bucket; those
whose relatives have the same genotypes are computed once. Loci of the same alleles and mutation matrices,
as in a panel of SNPs, share one bucket too: the lanes are then loci and families at once.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from forensics.domain.errors import NominaError
from forensics.domain.kinship import Convention
from forensics.genetics.compile_tensors import Array, Index, LocusModel
from forensics.genetics.screening_asked import Asked
from forensics.genetics.screening_distinct import by_column, distinct
from forensics.genetics.screening_kit import Kit
from forensics.genetics.screening_pieces import Piece, Portion, extras_of, split, together
from forensics.genetics.screening_read import Column, genotype_numbers
from forensics.genetics.screening_recipes import Group, recipe
from forensics.genetics.screening_rows import PANEL_GENOTYPES, Extra, Layout, Words, bits

PANEL = 256  # loci of a panel that are computed at once
IMPOSSIBLE = (
    "The relatives' genotypes at {locus} are impossible in the pedigree as drawn; check the relationships and "
    "the genotypes, or allow mutation."
)


@dataclass(frozen=True, slots=True)
class LocusTable:
    """LRs (rows of the locus, distinct relatives), and which of them each column has."""

    ratio: Array
    place: NDArray[np.int32]


@dataclass
class Chunk:
    """LRs of some columns by locus, what is known of them, and why some have none."""

    columns: tuple[int, ...]  # places among the prepared columns
    tables: list[LocusTable]
    informative: Words  # (columns, words): loci at which a relative tells something
    compared: Words  # (columns, words): loci at which anybody is typed
    refused: dict[int, str] = field(default_factory=dict)  # place in the chunk -> reason

    def ratios(self, local: NDArray[np.uint16], lanes: Index) -> Array:
        """(pairs, loci): the LRs of pairs of profiles, by their rows (pairs, loci), and columns."""
        found = np.empty(local.shape)
        for locus, table in enumerate(self.tables):
            found[:, locus] = table.ratio[local[:, locus], table.place[lanes]]
        return found


def chunk(
    columns: Sequence[Column],
    groups: Sequence[Group],
    kit: Kit,
    where: Layout,
    theta: float,
    convention: Convention = Convention.AS_DRAWN,
) -> Chunk:
    """The tables of some columns. A column with an impossible family has LR 0 at that locus and a reason."""
    return Compiler(columns, groups, kit, where, theta, convention).chunk()


class Compiler:
    """One chunk being computed."""

    def __init__(
        self,
        columns: Sequence[Column],
        groups: Sequence[Group],
        kit: Kit,
        where: Layout,
        theta: float,
        convention: Convention,
    ) -> None:
        self.kit, self.where, self.theta, self.convention = kit, where, theta, convention
        self.portions: list[Portion] = []
        members: list[int] = []
        for group in groups:
            mine = [columns[c] for c in group.columns]
            genotypes = np.ascontiguousarray(genotype_numbers(mine).transpose(1, 2, 0))
            self.portions.append(Portion(group, genotypes, len(members), extras_of(mine)))
            members += group.columns
        self.told = np.zeros((len(members), len(kit.loci)), dtype=bool)
        self.seen = np.zeros((len(members), len(kit.loci)), dtype=bool)
        self.refused: dict[int, str] = {}
        self.members = tuple(members)

    def chunk(self) -> Chunk:
        tables: dict[int, LocusTable] = {}
        for loci in shared_loci(self.kit, self.where):
            place = np.zeros((len(loci), len(self.members)), dtype=np.int32)
            parts: list[Array] = []
            done = 0
            for pieces in self.buckets(loci).values():
                ratio, inverse = self.bucket(together(pieces))
                start = 0
                for piece in pieces:
                    stop = start + len(piece.columns)
                    place[np.searchsorted(loci, piece.loci), piece.columns] = inverse[start:stop] + done
                    start = stop
                parts.append(ratio)
                done += ratio.shape[1]
            whole = parts[0] if len(parts) == 1 else np.concatenate(parts, axis=1)
            for number, locus in enumerate(loci):
                tables[locus] = LocusTable(whole, place[number])
        ordered = [tables[locus] for locus in range(len(self.kit.loci))]
        return Chunk(self.members, ordered, bits(self.told), bits(self.seen), self.refused)

    def buckets(self, loci: tuple[int, ...]) -> dict[object, list[Piece]]:
        """What is computed together at loci that share a table."""
        found: dict[object, list[Piece]] = defaultdict(list)
        for portion in self.portions:
            for extra, mine, columns in split(portion, loci):
                for piece in self.pieces(portion, extra, mine, columns):
                    own = (extra, int(mine[0])) if extra else None  # a locus with more alleles stands alone
                    found[piece.recipe.key, own].append(piece)
        return found

    def pieces(self, portion: Portion, extra: Extra, loci: Index, columns: Index) -> Iterator[Piece]:
        """Lanes of a portion (a locus and a column each) by who of the relatives is typed there."""
        group, genotypes = portion.group, portion.genotypes[:, loci, columns]
        for pattern, mine in by_column(genotypes >= 0):
            cook = recipe(group.structure, group.missing, group.typed, pattern, self.convention)
            places = columns[mine] + portion.first
            self.told[places, loci[mine]] = cook.task.informative
            self.seen[places, loci[mine]] = any(pattern)
            yield Piece(cook, extra, genotypes[list(cook.people)][:, mine], loci[mine], places)

    def bucket(self, whole: Piece) -> tuple[Array, Index]:
        """(rows, distinct relatives) of LRs, and which of them each lane has."""
        cook, extra, locus = whole.recipe, whole.extra, int(whole.loci[0])
        model = self.kit.model(self.kit.loci[locus], extra)
        genotypes = whole.genotypes.astype(np.int64)
        for group in cook.alike:
            genotypes[list(group)] = np.sort(genotypes[list(group)], axis=0)
        several = bool((whole.loci != locus).any())
        key = np.concatenate([whole.loci[None], genotypes]) if several else genotypes
        sizes = [len(self.kit.loci)] * several + [len(model.first)] * len(genotypes)
        first, inverse = distinct(key, sizes)
        own = self.frequencies[:, whole.loci[first]] if several else None
        asked = Asked(cook, model, genotypes[:, first], own, self.theta)
        try:
            ratio, typed = self.rows(asked, locus, extra)
        except NominaError as error:
            ratio, typed = np.zeros((int(self.where.sizes[locus]), len(first))), np.ones(len(first))
            for column in whole.columns.tolist():
                self.refused.setdefault(column, str(error))
        impossible = ~(typed > 0)
        if impossible.any():
            ratio[:, impossible] = 0.0
            for i in np.flatnonzero(impossible[inverse]).tolist():
                reason = IMPOSSIBLE.format(locus=self.kit.loci[whole.loci[i]])
                self.refused.setdefault(int(whole.columns[i]), reason)
        return ratio, inverse

    @cached_property
    def frequencies(self) -> Array:
        """(2, loci): of the loci with two alleles; those of others are not told."""
        found = np.zeros((2, len(self.kit.loci)))
        for locus, name in enumerate(self.kit.loci):
            model = self.kit.model(name)
            if model.size == 2:
                found[:, locus] = model.frequencies
        return found

    def rows(self, asked: Asked, locus: int, extra: Extra) -> tuple[Array, Array]:
        """All rows of a locus (rows, lanes), and how probable the relatives are (lanes,)."""
        name, wanted = self.kit.loci[locus], self.where.wanted[locus]
        base = self.kit.model(name)
        ratio = np.empty((int(self.where.sizes[locus]), asked.count))
        numbers = wanted if not extra else rows_of(base, asked.model)[wanted]
        typed, ratio[len(wanted)] = asked.fill(ratio[: len(wanted)], numbers)
        for other, strange in self.where.odd[locus].items():
            wide = asked.within(self.kit.model(name, extra | other))
            ratio[[row for _, row in strange]] = wide.shown([what for what, _ in strange])
        if not (asked.model.frequencies > 0).all():
            ratio[np.isnan(ratio)] = 0.0  # genotypes that nobody has
        return ratio, typed


def shared_loci(kit: Kit, where: Layout) -> list[tuple[int, ...]]:
    """Loci whose tables are computed together: of two alleles and the same mutation; the others alone."""
    alone: list[tuple[int, ...]] = []
    panels: dict[tuple[bytes, bytes], list[int]] = defaultdict(list)
    for locus, name in enumerate(kit.loci):
        model = kit.model(name)
        if len(model.first) == PANEL_GENOTYPES and not where.odd[locus]:
            panels[model.male.tobytes(), model.female.tobytes()].append(locus)
        else:
            alone.append((locus,))
    for loci in panels.values():
        alone += [tuple(loci[i : i + PANEL]) for i in range(0, len(loci), PANEL)]
    return alone


def rows_of(base: LocusModel, model: LocusModel) -> Index:
    """Rows of the base locus's genotypes in a locus with more alleles."""
    place = np.array([model.index[a] for a in base.alleles])
    return np.asarray(model.genotype[place[base.first], place[base.second]])
