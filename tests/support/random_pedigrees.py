"""Random pedigrees for drawing: several generations, several partners, loops, lone parents, twins."""

import random

from forensics.domain.kinship import Member, Pedigree, Sex


def random_pedigree(seed: int, size: int) -> Pedigree:
    """A pedigree of `size` people; the same seed gives the same people."""
    dice = random.Random(seed)
    members: list[Member] = []
    while len(members) < size:
        father, mother = _couple(dice, members, size)
        for _ in range(min(dice.randint(1, 4), size - len(members))):
            _add(dice, members, father, mother)
    return Pedigree(tuple(members[:size]))


def _couple(dice: random.Random, members: list[Member], size: int) -> tuple[str | None, str | None]:
    men = [m.id for m in members if m.sex is Sex.MALE]
    women = [m.id for m in members if m.sex is Sex.FEMALE]
    if len(members) > size - 3 or (not men and not women and size < 3):
        return None, None
    father = dice.choice(men) if men and dice.random() < 0.6 else None
    mother = dice.choice(women) if women and dice.random() < (0.2 if father else 0.7) else None
    if father is None:
        father = _founder(members, Sex.MALE)
    if mother is None and dice.random() < 0.93:
        mother = _founder(members, Sex.FEMALE)
    return father, mother


def _founder(members: list[Member], sex: Sex) -> str:
    members.append(Member(f"P{len(members)}", sex))
    return members[-1].id


def _add(dice: random.Random, members: list[Member], father: str | None, mother: str | None) -> None:
    last = members[-1] if members else None
    sex = dice.choice([Sex.MALE, Sex.FEMALE, Sex.MALE, Sex.FEMALE, Sex.UNKNOWN])
    twin = None
    if last and father and last.father == father and last.mother == mother and dice.random() < 0.12:
        twin, sex = last.twins or f"t{len(members)}", last.sex
        members[-1] = Member(last.id, last.sex, last.father, last.mother, twin)
    members.append(Member(f"P{len(members)}", sex, father, mother, twin))
