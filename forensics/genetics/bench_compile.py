"""Families compiled per CPU second, by shape: from genotypes to exact LRs of every genotype at every locus."""

from collections.abc import Sequence
from dataclasses import dataclass

from forensics.genetics.bench_data import LOCI, SHAPES, invented
from forensics.genetics.bench_timing import best_of
from forensics.genetics.compile_blas import single_threaded
from forensics.genetics.screening import CHUNK
from forensics.genetics.screening_prepare import Prepared, prepare
from forensics.genetics.screening_recipes import Group, groups, portions
from forensics.genetics.screening_tables import chunk


@dataclass(frozen=True, slots=True)
class CompileFigures:
    """Families per CPU second; plans are known. `mixed` is all shapes in equal parts."""

    families: int
    loci: int
    mixed: float
    by_shape: dict[str, float]


def compiling(families: int = 20_000, seed: int = 1) -> CompileFigures:
    """The rates of `families` families of thirteen shapes, alike in number."""
    prepared = prepare(invented(families, seed))
    found = groups(prepared.columns)
    work(prepared, [Group(g.structure, g.missing, g.typed, g.columns[:1]) for g in found])
    seconds = [best_of(3, lambda group=group: work(prepared, [group])) for group in found]  # type: ignore[misc]
    rates = [len(group.columns) / t for group, t in zip(found, seconds, strict=True)]
    names = [name for name, _ in SHAPES[: len(found)]]
    return CompileFigures(
        families, LOCI, len(prepared.columns) / sum(seconds), dict(zip(names, rates, strict=True))
    )


def work(prepared: Prepared, found: Sequence[Group]) -> None:
    with single_threaded():
        for portion in portions(found, CHUNK):
            chunk(prepared.columns, portion, prepared.kit, prepared.where, 0.0)
