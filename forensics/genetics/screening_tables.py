"""Tables of columns that are computed together: LR of every genotype that a profile shows, at all loci.

Columns with the same pedigree structure and the same people typed at each locus form a batch; a chunk of a
batch is one table (rows, columns). A row is a genotype at a locus: all those of the table's alleles, one
for "no data", and those that contain an allele which the table lacks.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from forensics.domain.errors import NominaError
from forensics.domain.kinship import Allele, Convention, Genotype, Member, Pedigree, Sex
from forensics.domain.screening import ScreeningProfile
from forensics.genetics.compile import Answer, answer, probability
from forensics.genetics.compile_graph import Placed, place
from forensics.genetics.compile_tensors import Array, Index, Lanes, LocusModel
from forensics.genetics.kernel import Rows
from forensics.genetics.screening_prepare import Column, Kit, Structure, Task, task

Extra = frozenset[Allele]
IMPOSSIBLE = (
    "The relatives' genotypes at {locus} are impossible in the pedigree as drawn; check the relationships and "
    "the genotypes, or allow mutation."
)


@dataclass(frozen=True)
class Layout:
    """Rows of the tables, and where each profile stands in them."""

    offsets: Index  # (loci,): first row of each locus
    count: int
    odd: tuple[dict[Extra, list[tuple[Genotype, int]]], ...]  # by locus: rows with unseen alleles
    rows: Rows  # (profiles, loci)
    typed: NDArray[np.uint64]  # (profiles,): a bit for each locus with data


def layout(profiles: Sequence[ScreeningProfile], kit: Kit) -> Layout:
    """Rows for a kit, with those that these profiles need beyond the table's alleles."""
    offsets = np.zeros(len(kit.loci), dtype=np.int64)
    rows = np.zeros((len(profiles), len(kit.loci)), dtype=np.uint32)
    typed = np.zeros(len(profiles), dtype=np.uint64)
    odd: list[dict[Extra, list[tuple[Genotype, int]]]] = []
    count = 0
    for number, locus in enumerate(kit.loci):
        offsets[number] = count
        none = len(kit.model(locus).first)
        pairs, strange = kit.pairs[locus], dict[Genotype, int]()
        found = [none] * len(profiles)
        for p, profile in enumerate(profiles):
            genotype = profile.genotypes.get(locus)
            if genotype:
                row = pairs.get(genotype)
                if row is None:
                    row = strange.setdefault(tuple(sorted(genotype)), none + 1 + len(strange))
                found[p] = row
        rows[:, number] = np.array(found, dtype=np.uint32) + np.uint32(count)
        typed |= (np.array(found, dtype=np.int64) != none).astype(np.uint64) << np.uint64(number)
        by_extra: dict[Extra, list[tuple[Genotype, int]]] = defaultdict(list)
        for genotype, row in strange.items():
            by_extra[kit.unseen(locus, genotype)].append((genotype, count + row))
        odd.append(dict(by_extra))
        count += none + 1 + len(strange)
    return Layout(offsets, count, tuple(odd), rows, typed)


@dataclass(frozen=True)
class Batch:
    """Columns that differ in genotypes only, and what is computed for them at each locus."""

    columns: tuple[int, ...]  # places among the prepared columns
    tasks: tuple[Task, ...]
    typed: tuple[int, ...]  # places in the pedigree of those with alleles
    extras: dict[int, Extra]
    informative: np.uint64  # a bit for each locus at which a relative tells something
    compared: np.uint64  # a bit for each locus at which anybody is typed

    def chunks(self, size: int) -> Iterator[tuple[int, ...]]:
        for start in range(0, len(self.columns), size):
            yield self.columns[start : start + size]


def batches(columns: Sequence[Column], convention: Convention) -> list[Batch]:
    """The columns grouped, in a fixed order."""
    groups: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for c, column in enumerate(columns):
        code = column.code
        pattern = (code.genotypes >= 0).tobytes()
        groups[code.structure, code.place[column.missing], code.typed, pattern, code.extras].append(c)
    return [batch(columns, tuple(members), convention) for members in groups.values()]


def batch(columns: Sequence[Column], members: tuple[int, ...], convention: Convention) -> Batch:
    column = columns[members[0]]
    code = column.code
    has = code.genotypes >= 0
    tasks = []
    informative = compared = 0
    for locus in range(has.shape[1]):
        typed = frozenset(str(p) for p, here in zip(code.typed, has[:, locus], strict=True) if here)
        anywhere = frozenset(str(p) for p in code.typed)
        todo = nameless_task(code.structure, code.place[column.missing], typed, anywhere, convention)
        tasks.append(todo)
        informative |= int(todo.informative) << locus
        compared |= int(bool(typed)) << locus
    return Batch(
        members, tuple(tasks), code.typed, dict(code.extras), np.uint64(informative), np.uint64(compared)
    )


@lru_cache(maxsize=65536)
def nameless_place(structure: Structure, typed: frozenset[str]) -> Placed:
    """The shape of a structure with these people typed; its people go by their places."""
    return place(nameless(structure), typed, None, None)


@lru_cache(maxsize=65536)
def nameless_task(
    structure: Structure,
    missing: int,
    typed: frozenset[str],
    anywhere: frozenset[str],
    convention: Convention,
) -> Task:
    """The task of a structure; its people go by their places."""
    return task(nameless(structure), str(missing), typed, anywhere, convention)


def nameless(structure: Structure) -> Pedigree:
    members = tuple(
        Member(
            str(i),
            Sex.UNKNOWN,
            str(father) if father >= 0 else None,
            str(mother) if mother >= 0 else None,
            f"twins {first}",
        )
        for i, (father, mother, first) in enumerate(structure)
    )
    return Pedigree(members)


def task_of(column: Column, locus: int, convention: Convention) -> Task:
    """The task of one column at a locus (by number)."""
    code = column.code
    typed = frozenset(str(p) for p, g in zip(code.typed, code.genotypes[:, locus], strict=True) if g >= 0)
    anywhere = frozenset(str(p) for p in code.typed)
    return nameless_task(code.structure, code.place[column.missing], typed, anywhere, convention)


@dataclass
class Chunk:
    """LRs (rows, columns), and why some columns have none."""

    columns: tuple[int, ...]
    ratio: Array
    refused: dict[int, str]  # place in the chunk -> reason


def chunk(
    columns: Sequence[Column],
    group: Batch,
    members: tuple[int, ...],
    kit: Kit,
    where: Layout,
    theta: float,
    keep: bool = False,
) -> Chunk:
    """The table of some columns of a batch; `keep` leaves the numbers of the refused as they are."""
    genotypes = np.stack([columns[c].code.genotypes for c in members], axis=-1)  # (typed, loci, columns)
    made = Chunk(members, np.zeros((where.count, len(members))), {})
    for number in range(len(kit.loci)):
        own = group.extras.get(number, frozenset())
        model = kit.model(kit.loci[number], own)
        pairs = genotypes[:, number]
        here = np.where(pairs[:, None] < 0, -1, np.stack([model.first[pairs], model.second[pairs]], axis=1))
        try:
            fill(made, group, number, kit, where, here, own, theta)
        except NominaError as error:
            reason = str(error)
            for lane in range(len(members)):
                made.refused.setdefault(lane, reason)
            made.ratio[:] = 0.0
            return made
    if not keep:
        made.ratio[:, list(made.refused)] = 0.0
    return made


def fill(
    made: Chunk, group: Batch, number: int, kit: Kit, where: Layout, here: Index, own: Extra, theta: float
) -> None:
    """All rows of one locus."""
    locus, start = kit.loci[number], int(where.offsets[number])
    model, base = kit.model(locus, own), kit.model(locus)
    found = asked(group, number, model, here, theta)
    for lane in np.flatnonzero(~(found.typed > 0)):
        made.refused.setdefault(int(lane), IMPOSSIBLE.format(locus=locus))
    none = start + len(base.first)
    made.ratio[start:none] = found.ratio if not own else found.ratio[rows_of(base, model)]
    made.ratio[none] = found.without
    for extra, strange in where.odd[number].items():
        wide = kit.model(locus, own | extra)
        renumber = np.array([wide.index[a] for a in model.alleles] + [-1])
        other = asked(group, number, wide, renumber[here], theta) if wide is not model else found
        for genotype, row in strange:
            made.ratio[row] = other.ratio[wide.genotype[wide.index[genotype[0]], wide.index[genotype[1]]]]


def consistent(
    columns: Sequence[Column], group: Batch, members: Index, genotypes: Index, kit: Kit
) -> NDArray[np.bool_]:
    """(pairs, loci): whether a genotype is possible for the missing member of a column, by locus of `kit`.

    `members` (pairs,) are columns of the batch, `genotypes` (pairs, loci) numbers of the table's genotypes;
    anything beyond them is no data and possible.
    """
    first = columns[group.columns[0]].code
    missing = str(first.structure[first.place[columns[group.columns[0]].missing]][2])
    relatives = np.stack([columns[c].code.genotypes for c in members], axis=-1)  # (typed, loci, pairs)
    found = np.ones(genotypes.shape, dtype=bool)
    for number, locus in enumerate(kit.loci):
        base, model = kit.model(locus), kit.model(locus, group.extras.get(number, frozenset()))
        mine = np.flatnonzero(genotypes[:, number] < len(base.first))
        shown = genotypes[mine, number]
        own = shown if model is base else rows_of(base, model)[shown]
        typed = {
            str(p): relatives[i, number, mine]
            for i, p in enumerate(group.typed)
            if relatives[i, number, 0] >= 0
        }
        if missing in typed:
            found[mine, number] = typed[missing] == own
            continue
        typed[missing] = own
        placed = nameless_place(first.structure, frozenset(typed))
        alleles = {
            i: np.stack([model.first[typed[n]], model.second[typed[n]]])
            for i, n in enumerate(placed.names)
            if n in typed
        }
        found[mine, number] = probability(placed.shape, model, Lanes(len(mine), alleles), 0.0) > 0
    return found


def rows_of(base: LocusModel, model: LocusModel) -> Index:
    """Rows of the base locus's genotypes in a locus with more alleles."""
    place = np.array([model.index[a] for a in base.alleles])
    return np.asarray(model.genotype[place[base.first], place[base.second]])


def asked(group: Batch, number: int, model: LocusModel, here: Index, theta: float) -> Answer:
    todo = group.tasks[number]
    first = lanes_of(group, todo.asked, here)
    second = first if todo.asked == todo.unasked else lanes_of(group, todo.unasked, here)
    return answer(todo.question, model, first, second, theta)


def lanes_of(group: Batch, names: Sequence[str], here: Index) -> Lanes:
    """Alleles of the typed people of a shape, whose names are places in the pedigree."""
    position = {str(p): i for i, p in enumerate(group.typed)}
    found = {
        i: here[position[name]]
        for i, name in enumerate(names)
        if name in position and here[position[name], 0, 0] >= 0
    }
    return Lanes(here.shape[2], found)
