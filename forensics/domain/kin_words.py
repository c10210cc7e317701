"""What somebody of a drawn pedigree is to somebody else, in words: "mother's brother", "paternal grandfather".

The other way round from `relations`, which draws a pedigree from words. The shortest way through the drawing
is taken, over parents first, then brothers and sisters, then children.
"""

from collections.abc import Iterator

from forensics.domain.kinship import Member, Pedigree, Sex

GRANDPARENTS: dict[tuple[str, ...], str] = {
    ("father", "father"): "paternal grandfather",
    ("father", "mother"): "paternal grandmother",
    ("mother", "father"): "maternal grandfather",
    ("mother", "mother"): "maternal grandmother",
}
CHILD = {Sex.MALE: "son", Sex.FEMALE: "daughter", Sex.UNKNOWN: "child"}
SIBLING = {Sex.MALE: "brother", Sex.FEMALE: "sister", Sex.UNKNOWN: "sibling"}


def kin_words(pedigree: Pedigree, person: str, of: str) -> str:
    """What `person` is to `of`; empty where no drawn way leads from one to the other."""
    if person == of:
        return "self"
    people = {m.id: m for m in pedigree.members}
    ways: dict[str, tuple[str, ...]] = {of: ()}
    waiting = [of]
    while waiting:
        here = waiting.pop(0)
        for word, other in _steps(people, people[here]):
            if other not in ways:
                ways[other] = (*ways[here], word)
                waiting.append(other)
    return _said(ways[person]) if person in ways else ""


def _said(way: tuple[str, ...]) -> str:
    return GRANDPARENTS.get(way) or "'s ".join(way)


def _steps(people: dict[str, Member], person: Member) -> Iterator[tuple[str, str]]:
    """Everybody one step from a person, with the word for it."""
    for word, parent in (("father", person.father), ("mother", person.mother)):
        if parent in people:
            yield word, parent
    others = [m for m in people.values() if m.id != person.id]
    for other in others:
        word = _sibling(person, other)
        if word:
            yield word, other.id
    children = [m for m in others if person.id in (m.father, m.mother)]
    for child in children:
        yield CHILD[child.sex], child.id
    for child in children:
        # the other parent of several children is not one child's
        word, partner = ("mother", child.mother) if child.father == person.id else ("father", child.father)
        shared = [c for c in children if partner in (c.father, c.mother)]
        if partner in people and len(shared) > 1:
            yield f"children's {word}", partner


def _sibling(person: Member, other: Member) -> str:
    """Brother, half-sister, identical twin…; empty for anybody else."""
    if person.twins is not None and person.twins == other.twins:
        return "identical twin"
    same = [
        mine
        for mine, theirs in ((person.father, other.father), (person.mother, other.mother))
        if mine and mine == theirs
    ]
    if not same:
        return ""
    full = len(same) == 2
    return SIBLING[other.sex] if full else f"half-{SIBLING[other.sex]}"
