"""Whether two pedigrees are the same drawing, up to the names of people whom nobody named."""

from collections.abc import Iterable, Mapping
from itertools import permutations
from typing import Any

from forensics.domain.kinship import Member, Pedigree, Sex


def pedigree_from(members: Iterable[Mapping[str, Any]]) -> Pedigree:
    """A pedigree from the rows of a JSON file."""
    return Pedigree(tuple(Member(m["id"], Sex(m["sex"]), m["father"], m["mother"]) for m in members))


def equivalent(a: Pedigree, b: Pedigree, named: Mapping[str, str], sexes: bool = True) -> bool:
    """Whether a bijection that extends `named` (ids of `a` → ids of `b`) keeps parents (and sexes)."""
    if len(a.members) != len(b.members):
        return False
    mapping = _up(a, b, dict(named))
    if mapping is None:
        return False
    rest_a = [m.id for m in a.members if m.id not in mapping]
    rest_b = [m.id for m in b.members if m.id not in mapping.values()]
    if len(rest_a) > 7 or len(rest_a) != len(rest_b):
        return False
    tries = (mapping | dict(zip(rest_a, order, strict=True)) for order in permutations(rest_b))
    return any(_is_same(a, b, tried, sexes) for tried in tries)


def _up(a: Pedigree, b: Pedigree, mapping: dict[str, str]) -> dict[str, str] | None:
    """The mapping with all ancestors of those whom it maps; None if two of them disagree."""
    waiting = list(mapping.items())
    while waiting:
        one, other = waiting.pop()
        if one not in a.ids or other not in b.ids:
            return None
        x, y = a.member(one), b.member(other)
        for p, q in ((x.father, y.father), (x.mother, y.mother)):
            if (p is None) != (q is None) or (p is not None and mapping.get(p, q) != q):
                return None
            if p is not None and q is not None and p not in mapping:
                mapping[p] = q
                waiting.append((p, q))
    return mapping if len(set(mapping.values())) == len(mapping) else None


def _is_same(a: Pedigree, b: Pedigree, mapping: Mapping[str, str], sexes: bool) -> bool:
    def image(id: str | None) -> str | None:
        return None if id is None else mapping[id]

    return all(
        (image(m.father), image(m.mother)) == (other.father, other.mother)
        and (not sexes or Sex.UNKNOWN in (m.sex, other.sex) or m.sex is other.sex)
        for m in a.members
        for other in (b.member(mapping[m.id]),)
    )
