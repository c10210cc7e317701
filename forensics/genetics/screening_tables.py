"""The tables of a block of columns: for every locus, log10 LR of each genotype in each column.

Columns whose pedigree has the same shape at a locus are computed together, in lanes.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from forensics.domain.errors import NominaError
from forensics.domain.kinship import Allele, Convention, Genotype
from forensics.domain.screening import NotScreened
from forensics.genetics.compile import Answer, Question, answer
from forensics.genetics.compile_tensors import Array, Index, Lanes, LocusModel
from forensics.genetics.screening_prepare import Column, Kit, Task, task

Extra = frozenset[Allele]


@dataclass
class LocusTable:
    """One locus: `values` (G + 1, C) in log10, the last row is a profile without data here.

    `informative` (C,): whether a relative tells anything here; `refused` says why a column has no numbers.
    """

    values: Array
    informative: NDArray[np.bool_]
    refused: dict[int, str]


def locus_table(
    columns: Sequence[Column], kit: Kit, locus: str, convention: Convention, theta: float, profile: Extra
) -> LocusTable:
    """Tables of all columns at a locus, in the genotypes of the kit's alleles with `profile` added."""
    model = kit.model(locus, profile)
    table = LocusTable(np.zeros((len(model.first) + 1, len(columns))), np.zeros(len(columns), dtype=bool), {})
    for (question, extra), members in grouped(columns, kit, locus, convention, table).items():
        own = kit.model(locus, extra | profile)
        try:
            found = answer(question, own, *lanes_of(columns, members, locus, own), theta)
        except NominaError as error:
            table.refused |= {c: str(error) for c, _ in members}
            continue
        store(table, model, own, found, [c for c, _ in members], locus)
    return table


Group = list[tuple[int, Task]]


def grouped(
    columns: Sequence[Column], kit: Kit, locus: str, convention: Convention, table: LocusTable
) -> dict[tuple[Question, Extra], Group]:
    """Columns by what is computed for them; those without a typed informative relative keep LR 1."""
    groups: dict[tuple[Question, Extra], Group] = defaultdict(list)
    for c, column in enumerate(columns):
        todo = task_of(column, locus, convention)
        table.informative[c] = todo.informative
        extra = kit.unseen(locus, (a for g in column.genotypes.values() for a in g.get(locus, ())))
        groups[todo.question, extra].append((c, todo))
    return groups


def task_of(column: Column, locus: str, convention: Convention) -> Task:
    """The task of a column; loci at which the same people are typed share it."""
    typed = frozenset(p for p, found in column.genotypes.items() if found.get(locus))
    return _task(column.source.pedigree, column.missing, typed, frozenset(column.genotypes), convention)


_task = lru_cache(maxsize=65536)(task)


def lanes_of(columns: Sequence[Column], members: Group, locus: str, model: LocusModel) -> tuple[Lanes, Lanes]:
    """Alleles of the typed people of both shapes, a column a lane."""
    first = members[0][1]
    asked = alleles_of(columns, [(c, t.asked) for c, t in members], locus, model)
    if not first.question.pruned and first.question.asked == first.question.unasked:
        return asked, asked
    return asked, alleles_of(columns, [(c, t.unasked) for c, t in members], locus, model)


def alleles_of(
    columns: Sequence[Column], members: Sequence[tuple[int, tuple[str, ...]]], locus: str, model: LocusModel
) -> Lanes:
    found: dict[int, Index] = {}
    for place in range(len(members[0][1])):
        if locus not in columns[members[0][0]].genotypes.get(members[0][1][place], {}):
            continue
        pairs = [columns[c].genotypes[names[place]][locus] for c, names in members]
        found[place] = np.array([[model.index[a], model.index[b]] for a, b in pairs], dtype=np.int64).T
    return Lanes(len(members), found)


def store(
    table: LocusTable, model: LocusModel, own: LocusModel, found: Answer, members: list[int], locus: str
) -> None:
    """Put answers in the rows of the common model; an impossible family is refused."""
    values = found.log10
    if own.alleles != model.alleles:
        place = np.array([own.index[a] for a in model.alleles])
        values = values[own.genotype[place[model.first], place[model.second]]]
    impossible = ~(found.typed > 0)
    for lane in np.flatnonzero(impossible):
        table.refused[members[lane]] = (
            f"The relatives' genotypes at {locus} are impossible in the pedigree as drawn; check the "
            "relationships and the genotypes, or allow mutation."
        )
    table.values[:-1, members] = np.where(impossible, 0.0, values)
    table.values[-1, members] = np.where(impossible, 0.0, found.without)


def genotype_rows(genotypes: Sequence[Genotype | None], model: LocusModel) -> Index:
    """Row of each genotype in a locus table; no data is the last row."""
    missing = len(model.first)
    return np.array(
        [missing if not g else model.genotype[model.index[g[0]], model.index[g[1]]] for g in genotypes],
        dtype=np.int64,
    )


def refusals(columns: Sequence[Column], tables: Sequence[LocusTable]) -> list[NotScreened]:
    """Families with a column that could not be computed, with the first reason."""
    reasons: dict[str, str] = {}
    for table in tables:
        for c, reason in sorted(table.refused.items()):
            reasons.setdefault(columns[c].family, f"Family {columns[c].family}: {reason}")
    return [NotScreened(family, reason) for family, reason in reasons.items()]
