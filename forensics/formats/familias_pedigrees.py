"""Parent-child pairs of a Familias file to pedigrees."""

import re
from dataclasses import dataclass, replace

from forensics.domain.kinship import Member, Pedigree, Sex
from forensics.formats.familias_lines import SAVE_AGAIN
from forensics.formats.problems import shown, stop

_MISSING = re.compile(r"(missing( (person|male|female|man|woman))?|mp|m)[ _]?\d*\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in the file; added people have names that begin with a question mark."""

    name: str
    sex: Sex


@dataclass(slots=True)
class Relations:
    """Added people, and pairs (parent, child, line, direct) by index into people and added people."""

    extras: list[Person]
    pairs: list[tuple[int, int, int, bool]]


def is_missing(name: str) -> bool:
    """Whether a name is what Familias calls somebody who is sought."""
    return _MISSING.match(name) is not None


def draw(people: list[Person], relations: Relations) -> Pedigree:
    """The pedigree of index pairs; a second parent who is not in the file is added."""
    everybody = people + relations.extras
    pairs = []
    for parent, child, line, direct in relations.pairs:
        if max(parent, child) >= len(everybody):
            raise stop(f"A relation names a person with the number {max(parent, child)}.", SAVE_AGAIN, line)
        pairs.append((everybody[parent].name, everybody[child].name, line, direct))
    return pedigree_of(everybody, pairs)


def pedigree_of(people: list[Person], pairs: list[tuple[str, str, int, bool]]) -> Pedigree:
    """The pedigree of (parent, child, line, direct) by name. Stops at what can't be."""
    members = {p.name: Member(p.name, p.sex) for p in people}
    for parent, child, line, direct in pairs:
        if direct:
            _mark_same(members, parent, child)
            continue
        place = "father" if members[parent].sex is Sex.MALE else "mother"
        taken = getattr(members[child], place)
        if parent == child or (taken not in (None, parent)):
            raise stop(
                f"{shown(child)} has two parents of one sex, or is their own parent.",
                "Correct the pedigree.",
                line,
            )
        members[child] = _with_parent(members[child], place, parent)
    _check_no_loop(members, pairs[0][2] if pairs else None)
    _add_second_parents(members)
    _share_parents_of_twins(members, pairs[0][2] if pairs else None)
    return Pedigree(tuple(members.values()))


def _with_parent(member: Member, place: str, parent: str) -> Member:
    return replace(member, father=parent) if place == "father" else replace(member, mother=parent)


def _mark_same(members: dict[str, Member], one: str, other: str) -> None:
    """Familias' direct match draws one genotype in two people, as identical twins have."""
    group = members[one].twins or members[other].twins or f"same as {one}"
    for name in (one, other):
        members[name] = replace(members[name], twins=group)


def _check_no_loop(members: dict[str, Member], line: int | None) -> None:
    """Nobody may be their own ancestor."""
    settled: set[str] = set()
    waiting = set(members)
    while waiting:
        ready = {
            n
            for n in waiting
            if all(p is None or p in settled for p in (members[n].father, members[n].mother))
        }
        if not ready:
            raise stop("Somebody in the pedigree is their own ancestor.", "Correct the pedigree.", line)
        settled |= ready
        waiting -= ready


def _add_second_parents(members: dict[str, Member]) -> None:
    """Whoever has one parent gets the other as an unnamed person."""
    number = 1
    for name, member in list(members.items()):
        if (member.father is None) == (member.mother is None):
            continue
        while f"?{number}" in members:
            number += 1
        added = f"?{number}"
        place, sex = ("father", Sex.MALE) if member.father is None else ("mother", Sex.FEMALE)
        members[added] = Member(added, sex)
        members[name] = _with_parent(member, place, added)


def _share_parents_of_twins(members: dict[str, Member], line: int | None) -> None:
    """Two people with one genotype have one sex and the same parents; those of the first who has any."""
    groups: dict[str, list[Member]] = {}
    for member in members.values():
        if member.twins:
            groups.setdefault(member.twins, []).append(member)
    for twins in groups.values():
        if {Sex.MALE, Sex.FEMALE} <= {m.sex for m in twins}:
            names = " and ".join(shown(m.id) for m in twins)
            raise stop(f"{names} are one person and differ in sex.", "Correct the direct match.", line)
        first = next((m for m in twins if m.father), twins[0])
        for m in twins:
            members[m.id] = replace(m, father=first.father, mother=first.mother)
