"""What has to be computed for a column at a locus: a task per pedigree structure and set of typed people.

People go by their places in the pedigree, so that families which are drawn alike share everything; families
that are drawn differently but mean the same still share their question (`compile_graph.Shape`).
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from forensics.domain.kinship import Convention, Member, Pedigree, Sex
from forensics.genetics.compile import Question
from forensics.genetics.compile_graph import informed
from forensics.genetics.compile_shape import Placed, merge_twins, place
from forensics.genetics.screening_read import Column, Structure, genotype_numbers


@dataclass(frozen=True, slots=True)
class Task:
    """What is computed for one column at one locus, and whose alleles go where."""

    question: Question
    asked: tuple[str, ...]  # names in the order of the asked shape
    unasked: tuple[str, ...]
    informative: bool


def task(
    pedigree: Pedigree, missing: str, typed: frozenset[str], anywhere: frozenset[str], convention: Convention
) -> Task:
    """The shapes for a missing member at a locus: `typed` there, `anywhere` those with data at all.

    A typed missing member is a personal effect.
    """
    same = merge_twins(pedigree)
    by = anywhere if convention is Convention.PRUNED else None
    asked = place(pedigree, typed, missing, by)
    unasked = place(pedigree, typed, None, by)
    known = same[missing] in typed
    question = Question(asked.shape, unasked.shape, known, by is not None)
    return Task(question, asked.names, unasked.names, known or informed(asked.shape))


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


@lru_cache(maxsize=65536)
def nameless_place(structure: Structure, typed: frozenset[str]) -> Placed:
    """The shape of a structure with these people typed; its people go by their places."""
    return place(nameless(structure), typed, None, None)


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
    numbers = genotype_numbers([column])[0, :, locus]
    typed = frozenset(str(p) for p, g in zip(column.people, numbers, strict=True) if g >= 0)
    anywhere = frozenset(str(p) for p in column.people)
    return nameless_task(column.structure, column.place, typed, anywhere, convention)


@dataclass(frozen=True, slots=True)
class Recipe:
    """A task with the order in which the genotypes of the typed people are taken.

    `people` are places among the typed of the column, in the order of the asked shape; `second` is where each
    typed person of the unasked shape stands among them. `alike` are groups of places in `people` that may be
    exchanged (siblings without children), so that their order need not be told apart.
    """

    task: Task
    people: tuple[int, ...]
    second: tuple[int, ...]
    alike: tuple[tuple[int, ...], ...]

    @property
    def key(self) -> tuple[object, ...]:
        """Columns with equal keys are computed together."""
        return self.task.question, self.second


@lru_cache(maxsize=65536)
def recipe(
    structure: Structure, missing: int, typed: tuple[int, ...], here: tuple[bool, ...], convention: Convention
) -> Recipe:
    """For a structure of which `typed` have data somewhere, those of them marked `here` at the locus."""
    names = [str(p) for p in typed]
    mine = frozenset(n for n, h in zip(names, here, strict=True) if h)
    anywhere = frozenset(names) if convention is Convention.PRUNED else mine
    todo = nameless_task(structure, missing, mine, anywhere, convention)
    asked = [n for n in todo.asked if n in mine]
    people = tuple(names.index(n) for n in asked)
    return Recipe(todo, people, tuple(asked.index(n) for n in todo.unasked if n in mine), alike(todo))


def alike(todo: Task) -> tuple[tuple[int, ...], ...]:
    """Typed people with the same two parents and no children in the shape, by their place among the typed."""
    people = todo.question.asked.people
    parents = {p for person in people for p in (person.father, person.mother)}
    groups: dict[tuple[int, int], list[int]] = defaultdict(list)
    typed = [i for i, person in enumerate(people) if person.typed]
    for number, i in enumerate(typed):
        person = people[i]
        if not person.founder and i not in parents and i != todo.question.asked.target:
            groups[person.father, person.mother].append(number)
    return tuple(tuple(group) for group in groups.values() if len(group) > 1)


@dataclass(frozen=True, slots=True)
class Group:
    """Columns with the same structure, missing member and typed people, by their places among the columns."""

    structure: Structure
    missing: int
    typed: tuple[int, ...]
    columns: tuple[int, ...]


def groups(columns: Sequence[Column]) -> list[Group]:
    """The columns in groups, in a fixed order; within a group men, then unknown, then women."""
    found: dict[tuple[Structure, int, tuple[int, ...]], list[int]] = defaultdict(list)
    for c, column in enumerate(columns):
        found[column.structure, column.place, column.people].append(c)
    rank = {Sex.MALE: 0, Sex.UNKNOWN: 1, Sex.FEMALE: 2}
    return [
        Group(*key, tuple(sorted(members, key=lambda c: rank[columns[c].sex])))
        for key, members in found.items()
    ]


def portions(found: Sequence[Group], size: int) -> Iterator[tuple[Group, ...]]:
    """The groups in portions of at most `size` columns: large ones cut evenly, small ones put together."""
    portion: list[Group] = []
    room = size
    for group in found:
        count = len(group.columns)
        pieces = max(1, -(-count // size))
        step = -(-count // pieces)
        for start in range(0, count, step):
            part = group.columns[start : start + step]
            if len(part) > room:
                yield tuple(portion)
                portion, room = [], size
            portion.append(Group(group.structure, group.missing, group.typed, part))
            room -= len(part)
    if portion:
        yield tuple(portion)
