"""From a pedigree to its shape: who counts at a locus, without names, in an order that like families share."""

from dataclasses import dataclass

from forensics.domain.errors import Refused
from forensics.domain.kinship import Pedigree

Parents = dict[str, tuple[str | None, str | None]]


@dataclass(frozen=True, slots=True)
class Person:
    """One person of a shape: indices of the parents in the shape (-1: not in the pedigree)."""

    father: int
    mother: int
    typed: bool

    @property
    def founder(self) -> bool:
        return self.father < 0 and self.mother < 0


@dataclass(frozen=True, slots=True)
class Shape:
    """A pedigree without names: parents come before children, `target` is the person asked about.

    Families with equal shapes share their plan and are computed together.
    """

    people: tuple[Person, ...]
    target: int  # -1: nobody, the graph then yields the probability of the typed ones


@dataclass(frozen=True, slots=True)
class Placed:
    """A shape with the names of its people, in the order of the shape."""

    shape: Shape
    names: tuple[str, ...]


def merge_twins(pedigree: Pedigree) -> dict[str, str]:
    """Each member's genetic person: monozygotic twins are one."""
    first: dict[str, str] = {}
    return {m.id: first.setdefault(m.twins, m.id) if m.twins else m.id for m in pedigree.members}


def place(
    pedigree: Pedigree, typed: frozenset[str], target: str | None, pruned_by: frozenset[str] | None
) -> Placed:
    """The shape of a pedigree for one locus.

    `typed` have a genotype at the locus. `pruned_by`, if given, are those with data at any locus: the
    pruned convention cuts the others by it. Monozygotic twins go by the first one's name.
    """
    same = merge_twins(pedigree)
    parents: Parents = {}
    for m in pedigree.members:
        if same[m.id] == m.id:
            parents |= with_parents(m.id, same.get(m.father or ""), same.get(m.mother or ""))
    typed = frozenset(same[name] for name in typed)
    keep = {same[target]} if target is not None else set()
    if pruned_by is not None:
        parents = prune(parents, {same[p] for p in pruned_by} | keep)
    parents = without_barren(parents, typed | keep)
    order = sort_people(parents, typed, same[target] if target is not None else None)
    index = {name: i for i, name in enumerate(order)}
    people = tuple(
        Person(index.get(parents[n][0] or "", -1), index.get(parents[n][1] or "", -1), n in typed)
        for n in order
    )
    return Placed(Shape(people, index[same[target]] if target is not None else -1), tuple(order))


def with_parents(name: str, father: str | None, mother: str | None) -> Parents:
    """A person with both parents; a single stated parent gets an unnamed partner (as drawn)."""
    if (father is None) == (mother is None):
        return {name: (father, mother)}
    unnamed = f"\0{name}"
    return {unnamed: (None, None), name: (father or unnamed, mother or unnamed)}


def children_of(parents: Parents) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {name: [] for name in parents}
    for child, pair in parents.items():
        for parent in pair:
            if parent in found:
                found[parent].append(child)
    return found


def without_barren(parents: Parents, kept: frozenset[str] | set[str]) -> Parents:
    """Without the untyped who have no (kept) descendants: they sum to one."""
    left = dict(parents)
    while True:
        children = children_of(left)
        barren = [n for n in left if n not in kept and not children[n]]
        if not barren:
            return left
        for name in barren:
            del left[name]


def prune(parents: Parents, kept: set[str]) -> Parents:
    """The pruned convention: also without untyped founders of at most one child, until stable."""
    left = without_barren(parents, kept)
    while True:
        children = children_of(left)
        cut = [
            n
            for n, pair in left.items()
            if n not in kept and not any(p in left for p in pair) and len(children[n]) <= 1
        ]
        if not cut:
            return left
        for name in cut:
            del left[name]
        left = without_barren(left, kept)


def sort_people(parents: Parents, typed: frozenset[str], target: str | None) -> list[str]:
    """Parents first; among equals by a description of their place, so that like families look alike."""
    colours = refine_colours(parents, typed, target)
    order: list[str] = []
    waiting = sorted(parents, key=lambda n: (colours[n], n))
    while waiting:
        ready = [n for n in waiting if not any(p in waiting for p in parents[n])]
        if not ready:
            raise Refused("The pedigree has a person among its own ancestors; correct the parents.")
        order.append(ready[0])
        waiting.remove(ready[0])
    return order


def refine_colours(parents: Parents, typed: frozenset[str], target: str | None) -> dict[str, int]:
    """Colour refinement (Weisfeiler & Leman 1968): people in the same place get the same number."""
    children = children_of(parents)
    colour = {n: (n in typed) + 2 * (n == target) for n in parents}
    for _ in range(len(parents)):
        seen = {
            n: (
                colour[n],
                colour.get(parents[n][0] or "", -1),
                colour.get(parents[n][1] or "", -1),
                tuple(sorted((colour[c], parents[c][0] == n) for c in children[n])),
            )
            for n in parents
        }
        ranks = {value: i for i, value in enumerate(sorted(set(seen.values())))}
        refined = {n: ranks[seen[n]] for n in parents}
        if len(set(refined.values())) == len(set(colour.values())):
            return refined
        colour = refined
    return colour
