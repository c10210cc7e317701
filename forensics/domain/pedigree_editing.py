"""Taking a person out of a drawn pedigree without tearing it apart."""

from dataclasses import replace

from forensics.domain.errors import Invalid
from forensics.domain.kinship import Member, Pedigree
from forensics.domain.relations import UNNAMED, is_unnamed


def without_member(pedigree: Pedigree, id: str) -> Pedigree:
    """The pedigree without a person.

    Somebody through whom others are related stays as an unnamed person, so that nobody's relation changes;
    unnamed people who connect nobody any more are left out. Invalid if there is no such person.
    """
    if id not in pedigree.ids:
        raise Invalid(f"There is no {id} in this pedigree; it may have been taken out already.")
    members = {m.id: m for m in pedigree.members}
    if any(id in (m.father, m.mother) for m in members.values()):
        members = _unname(members, id)
    else:
        del members[id]
    while lost := _idle(members):
        members = {k: _freed(m, lost) for k, m in members.items() if k not in lost}
    return Pedigree(tuple(_single(members, m) for m in members.values()))


def _unname(members: dict[str, Member], id: str) -> dict[str, Member]:
    taken = [int(k[1:]) for k in members if is_unnamed(k) and k[1:].isdecimal()]
    new = f"{UNNAMED}{1 + max(taken, default=0)}"

    def renamed(parent: str | None) -> str | None:
        return new if parent == id else parent

    return {
        renamed(k) or k: replace(m, id=renamed(k) or k, father=renamed(m.father), mother=renamed(m.mother))
        for k, m in members.items()
    }


def _idle(members: dict[str, Member]) -> set[str]:
    """Unnamed people without children, and unnamed couples without parents whose only child is one person."""
    childless = {k for k in members if is_unnamed(k) and not _children(members, k)}
    if childless:
        return childless
    for child in members.values():
        couple = {p for p in (child.father, child.mother) if p}
        if couple and all(_only_above(members, p, child.id) for p in couple):
            return couple
    return set()


def _only_above(members: dict[str, Member], parent: str, child: str) -> bool:
    person = members[parent]
    alone = not (person.father or person.mother)
    return is_unnamed(parent) and alone and _children(members, parent) == [child]


def _children(members: dict[str, Member], parent: str) -> list[str]:
    return [k for k, m in members.items() if parent in (m.father, m.mother)]


def _freed(member: Member, lost: set[str]) -> Member:
    father = None if member.father in lost else member.father
    mother = None if member.mother in lost else member.mother
    return replace(member, father=father, mother=mother)


def _single(members: dict[str, Member], member: Member) -> Member:
    """A twin who is alone is a twin no longer."""
    twins = [m for m in members.values() if m.twins and m.twins == member.twins]
    return replace(member, twins=None) if member.twins and len(twins) == 1 else member
