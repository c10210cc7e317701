"""The lanes of a chunk, a locus and a column each, in pieces that are computed alike.

A portion is one group's columns in the chunk; its lanes go apart by the alleles that the table lacks and by who of the
relatives is typed at the locus.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from forensics.genetics.compile_tensors import Index
from forensics.genetics.screening_read import Column
from forensics.genetics.screening_recipes import Group, Recipe
from forensics.genetics.screening_rows import Extra

NONE: Extra = frozenset()


class Portion(NamedTuple):
    """One group's part of a chunk: (typed, loci, columns) genotype numbers, and where its columns begin."""

    group: Group
    genotypes: NDArray[np.int32]
    first: int
    extras: dict[int, list[tuple[Extra, Index]]]  # by locus: the columns with unseen alleles


class Piece(NamedTuple):
    """Lanes of a bucket: genotypes of the typed people (people, lanes), at which locus, and whose (the column)."""

    recipe: Recipe
    extra: Extra
    genotypes: NDArray[np.int32]
    loci: Index
    columns: Index


def extras_of(columns: Sequence[Column]) -> dict[int, list[tuple[Extra, Index]]]:
    """By locus: the columns whose family shows alleles that the table lacks."""
    found: dict[int, dict[Extra, list[int]]] = defaultdict(lambda: defaultdict(list))
    for lane, column in enumerate(columns):
        for locus, extra in column.extras:
            found[locus][extra].append(lane)
    return {
        locus: [(extra, np.array(lanes)) for extra, lanes in by_extra.items()]
        for locus, by_extra in found.items()
    }


def split(portion: Portion, loci: tuple[int, ...]) -> Iterator[tuple[Extra, Index, Index]]:
    """The lanes of a portion, a locus and a column each, by the unseen alleles of the family there."""
    plain = np.ones((len(loci), portion.genotypes.shape[2]), dtype=bool)
    for number, locus in enumerate(loci):
        for extra, columns in portion.extras.get(locus, ()):
            plain[number, columns] = False
            yield extra, np.full(len(columns), locus), columns
    numbers, columns = np.nonzero(plain)
    if len(columns):
        yield NONE, np.array(loci)[numbers], columns


def together(pieces: Sequence[Piece]) -> Piece:
    """The lanes of pieces of one bucket, one after another."""
    if len(pieces) == 1:
        return pieces[0]
    recipe, extra, *_ = pieces[0]
    return Piece(
        recipe,
        extra,
        np.concatenate([p.genotypes for p in pieces], axis=1),
        np.concatenate([p.loci for p in pieces]),
        np.concatenate([p.columns for p in pieces]),
    )
