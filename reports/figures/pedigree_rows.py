"""Generations: which row of a drawn pedigree each person stands in, and who had children with whom.

Partners share a row where that is possible, full siblings too; a child always stands below its parents.
Partners of whom one descends from the other can't share a row and keep their own.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

from forensics.domain.kinship import Member, Pedigree


@dataclass(frozen=True, slots=True)
class Union:
    """One or two parents and their children, in the order of the pedigree; `related`: consanguineous."""

    parents: tuple[str, ...]
    children: tuple[str, ...]
    related: bool = False


def parents_of(member: Member) -> tuple[str, ...]:
    return tuple(parent for parent in (member.father, member.mother) if parent is not None)


def unions_of(pedigree: Pedigree) -> tuple[Union, ...]:
    """Every couple with children (or lone parent), in the order of its first child."""
    found: dict[tuple[str, ...], list[str]] = {}
    for member in pedigree.members:
        if parents := parents_of(member):
            found.setdefault(parents, []).append(member.id)
    kin = ancestors_of(pedigree)
    return tuple(
        Union(parents, tuple(children), len(parents) == 2 and bool(kin[parents[0]] & kin[parents[1]]))
        for parents, children in found.items()
    )


def ancestors_of(pedigree: Pedigree) -> dict[str, frozenset[str]]:
    """Each person with all of his or her ancestors, the person included."""
    parents = {member.id: parents_of(member) for member in pedigree.members}
    known: dict[str, frozenset[str]] = {}

    def visit(id: str) -> frozenset[str]:
        if id not in known:
            known[id] = frozenset({id}).union(*(visit(parent) for parent in parents[id]))
        return known[id]

    return {id: visit(id) for id in parents}


def components_of(pedigree: Pedigree) -> list[Pedigree]:
    """The connected families of a pedigree, in the order of their first members."""
    group = _Classes(pedigree.ids)
    for member in pedigree.members:
        for parent in parents_of(member):
            group.merge(member.id, parent)
    families: dict[str, list[Member]] = {}
    for member in pedigree.members:
        families.setdefault(group.of(member.id), []).append(member)
    return [Pedigree(tuple(members)) for members in families.values()]


def rows_of(pedigree: Pedigree, unions: Iterable[Union]) -> dict[str, int]:
    """Row of each person, 0 at the top; the rows of a family are as close as its relations allow."""
    group = _Classes(pedigree.ids)
    steps = [(parent, child) for union in unions for parent in union.parents for child in union.children]
    for one, other in _wishes(pedigree, unions):
        trial = group.copy()
        trial.merge(one, other)
        if _depths(trial, steps) is not None:
            group = trial
    depths = _depths(group, steps) or {}
    _pull_down(group, steps, depths)
    top = min(depths.values(), default=0)
    return {id: depths[group.of(id)] - top for id in pedigree.ids}


def _wishes(pedigree: Pedigree, unions: Iterable[Union]) -> list[tuple[str, str]]:
    """Pairs who would like the same row: partners first, then twins, then full siblings."""
    partners = [(union.parents[0], union.parents[-1]) for union in unions]
    twins = [(a.id, b.id) for a, b in combinations(pedigree.members, 2) if a.twins and a.twins == b.twins]
    siblings = [pair for union in unions for pair in zip(union.children, union.children[1:], strict=False)]
    return partners + twins + siblings


class _Classes:
    """Disjoint sets of people who stand in one row."""

    def __init__(self, ids: Iterable[str]) -> None:
        self._of = {id: id for id in ids}

    def copy(self) -> "_Classes":
        twin = _Classes(())
        twin._of = dict(self._of)
        return twin

    def of(self, id: str) -> str:
        return self._of[id]

    def merge(self, one: str, other: str) -> None:
        kept, gone = self._of[one], self._of[other]
        for id, group in self._of.items():
            if group == gone:
                self._of[id] = kept

    def groups(self) -> set[str]:
        return set(self._of.values())


def _depths(group: _Classes, steps: Iterable[tuple[str, str]]) -> dict[str, int] | None:
    """Longest way from the top for each class; None when a class would stand below itself."""
    links = {(group.of(parent), group.of(child)) for parent, child in steps}
    depths = dict.fromkeys(sorted(group.groups()), 0)
    for _ in range(len(depths) + 1):
        moved = False
        for parent, child in links:
            if depths[child] <= depths[parent]:
                depths[child], moved = depths[parent] + 1, True
        if not moved:
            return depths
    return None


def _pull_down(group: _Classes, steps: Iterable[tuple[str, str]], depths: dict[str, int]) -> None:
    """Bring ancestors who float too high down to their children, if that shortens more than it lengthens."""
    links = sorted({(group.of(parent), group.of(child)) for parent, child in steps})
    before: dict[str, int] = {}
    while before != depths:
        before = dict(depths)
        for node in sorted(depths, key=lambda name: (-before[name], name)):
            above = [parent for parent, child in links if child == node]
            below = [depths[child] for parent, child in links if parent == node]
            if below and len(above) <= len(below):
                depths[node] = max(depths[node], min(below) - 1)
