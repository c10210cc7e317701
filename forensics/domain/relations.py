"""From relations in words to a pedigree around a missing person.

A reference table says `brother`; a person who adds a relative in the window picks the same word. Both come
here. The people in between who have given no sample are drawn as unnamed people (`?1`, `?2`, …).

A drawn pedigree is a proposal: wherever a word allows more than one drawing, the one that was chosen is
said in a note, and a person confirms it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from forensics.domain.errors import Invalid
from forensics.domain.kinship import Member, Pedigree, Sex
from forensics.domain.relation_words import RELATIONS, Relation, parse_relation

__all__ = [
    "MISSING",
    "RELATIONS",
    "Kin",
    "Proposal",
    "Relation",
    "add_relative",
    "is_unnamed",
    "parse_relation",
    "propose_pedigree",
    "with_sex",
]

MISSING = "MP"
"""Id of the missing person in a proposed pedigree."""

UNNAMED = "?"
"""First character of the id of an unnamed person."""

SIDE = "{} is drawn on the father's side; tell if it is the mother's side."
HALF = "{} is drawn as a half sibling through the father; tell if the mother is the shared parent."
THROUGH_SISTER = "{} is drawn as the child of a further sister; tell whose child this is."
OWN_BRANCH = "{} is drawn as the child of a further {}; tell if this person is another relative's child."
SPOUSE_CHILD = "{} is drawn as the child of {} too; tell if another person is the other parent."
COMMON_PARENT = "The children are drawn with one other parent, who gave no sample; tell if they have several."
DRAWN_MALE = "The missing person's sex is not stated; drawn as male, which no autosomal result depends on."
NO_BLOOD = "{} ({}) is no blood relation and is drawn apart."


def is_unnamed(id: str) -> bool:
    """Whether a member was drawn only to connect others, or stands for somebody who gave no sample."""
    return id.startswith(UNNAMED)


def _opposite(sex: Sex) -> Sex:
    return {Sex.MALE: Sex.FEMALE, Sex.FEMALE: Sex.MALE}.get(sex, Sex.UNKNOWN)


@dataclass(slots=True)
class _Drawing:
    """A pedigree while it is being drawn; `couples` are those who have no common child yet."""

    members: dict[str, Member]
    couples: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def unnamed(self, sex: Sex) -> str:
        number = 1 + max((int(i[1:]) for i in self.members if is_unnamed(i) and i[1:].isdecimal()), default=0)
        return self.put(Member(f"{UNNAMED}{number}", sex))

    def put(self, member: Member) -> str:
        self.members[member.id] = member
        return member.id

    def parents(self, child: str) -> tuple[str, str]:
        """Father and mother of a person (and of their identical twins), drawn if there are none."""
        father = self.members[child].father or self.unnamed(Sex.MALE)
        mother = self.members[child].mother or self.unnamed(Sex.FEMALE)
        twins = self.members[child].twins
        for m in list(self.members.values()):
            if m.id == child or (twins and m.twins == twins):
                self.members[m.id] = replace(m, father=father, mother=mother)
        return father, mother

    def children(self, parent: str) -> list[Member]:
        return [m for m in self.members.values() if parent in (m.father, m.mother)]

    def spouses(self, person: str) -> list[str]:
        """Those with whom a person has children, in the order of the children; else the declared spouse."""
        pairs = [(m.father, m.mother) for m in self.children(person)]
        others = [mother if father == person else father for father, mother in pairs]
        found = list(dict.fromkeys(other for other in others if other))
        return found or ([self.couples[person]] if person in self.couples else [])

    def rename(self, old: str, new: str) -> None:
        """Give an unnamed person their name."""

        def renamed(id: str | None) -> str | None:
            return new if id == old else id

        members = [
            replace(m, id=renamed(m.id) or m.id, father=renamed(m.father), mother=renamed(m.mother))
            for m in self.members.values()
        ]
        self.members = {m.id: m for m in members}
        self.couples = {k: renamed(v) or v for k, v in self.couples.items()}

    def settle_sex(self, person: str, partner: Sex) -> Sex:
        """The sex under which a person becomes a parent: their own, or the opposite of the partner's."""
        sex = self.members[person].sex
        if sex is Sex.UNKNOWN:
            sex = Sex.FEMALE if partner is Sex.MALE else Sex.MALE
            self.members[person] = replace(self.members[person], sex=sex)
        return sex

    def couple(self, person: str, spouse: str | None) -> tuple[str, str]:
        """(father, mother) of a child of a person, with a spouse or with an unnamed one."""
        sex = self.settle_sex(person, self.members[spouse].sex if spouse else Sex.UNKNOWN)
        other = spouse or self.unnamed(_opposite(sex))
        if self.settle_sex(other, sex) is sex:
            raise Invalid(f"{person} and {other} have the same sex and can't both be parents; correct one.")
        return (person, other) if sex is Sex.MALE else (other, person)


def _is_free(drawing: _Drawing, child: str, which: str) -> bool:
    """Whether a parent's place still waits for a name."""
    person = drawing.members[child]
    holder = person.father if which == "father" else person.mother
    return holder is None or is_unnamed(holder)


def _place_parent(drawing: _Drawing, child: str, which: str, new: Member) -> None:
    if not _is_free(drawing, child, which):
        raise Invalid(f"{child} already has a {which}; change that before adding {new.id}.")
    if new.sex is (Sex.FEMALE if which == "father" else Sex.MALE):
        raise Invalid(f"{new.id} is to be the {which} of {child} but has the other sex; correct one of them.")
    father, mother = drawing.parents(child)
    drawing.rename(father if which == "father" else mother, new.id)


def _place_either_parent(drawing: _Drawing, child: str, new: Member) -> None:
    by_sex = {Sex.MALE: "father", Sex.FEMALE: "mother"}.get(new.sex)
    free = "father" if _is_free(drawing, child, "father") else "mother"
    _place_parent(drawing, child, by_sex or free, new)


def _place_sibling(drawing: _Drawing, person: str, new: Member) -> None:
    father, mother = drawing.parents(person)
    drawing.put(replace(new, father=father, mother=mother))


def _place_twin(drawing: _Drawing, person: str, new: Member) -> None:
    group = drawing.members[person].twins or f"twins of {person}"
    _place_sibling(drawing, person, replace(new, sex=drawing.members[person].sex, twins=group))
    drawing.members[person] = replace(drawing.members[person], twins=group)


def _place_half(drawing: _Drawing, person: str, new: Member, side: str) -> None:
    father, mother = drawing.parents(person)
    if side == "mother":
        father = drawing.unnamed(Sex.MALE)
    else:
        mother = drawing.unnamed(Sex.FEMALE)
    drawing.put(replace(new, father=father, mother=mother))


def _place_child(drawing: _Drawing, person: str, new: Member, other: str | None = None) -> None:
    spouses = [other] if other else drawing.spouses(person)
    father, mother = drawing.couple(person, spouses[0] if spouses else None)
    drawing.put(replace(new, father=father, mother=mother))


def _place_spouse(drawing: _Drawing, person: str, new: Member) -> None:
    waiting = [s for s in drawing.spouses(person) if is_unnamed(s)]
    if waiting:
        if new.sex is _opposite(drawing.members[waiting[0]].sex):
            raise Invalid(f"{new.id} is to be the other parent but has the wrong sex; correct one of them.")
        drawing.rename(waiting[0], new.id)
        return
    drawing.put(new)
    drawing.couples[person] = new.id
    if drawing.members[person].sex is Sex.UNKNOWN:
        drawing.members[person] = replace(drawing.members[person], sex=_opposite(new.sex))


def _place(drawing: _Drawing, person: str, step: str, new: Member, side: str) -> None:
    """Draw a new person one step from somebody."""
    if step in ("father", "mother"):
        _place_parent(drawing, person, step, new)
    elif step == "parent":
        _place_either_parent(drawing, person, new)
    elif step == "sibling":
        _place_sibling(drawing, person, new)
    elif step == "twin":
        _place_twin(drawing, person, new)
    elif step == "half":
        _place_half(drawing, person, new, side)
    elif step == "child":
        _place_child(drawing, person, new)
    else:
        _place_spouse(drawing, person, new)


def _walk(drawing: _Drawing, person: str, step: str, side: str) -> str:
    """Who stands one step from a person: those who are there already, or an unnamed person."""
    if step in ("father", "mother", "parent"):
        father, mother = drawing.parents(person)
        return mother if (side or step) == "mother" else father
    spouses = drawing.spouses(person) if step == "spouse" else []
    if spouses:
        return spouses[0]
    sexes = {"spouse": _opposite(drawing.members[person].sex), "sibling": Sex.FEMALE, "half": Sex.FEMALE}
    between = drawing.unnamed(sexes.get(step, Sex.UNKNOWN))
    _place(drawing, person, step, drawing.members[between], side)
    return between


def _side(drawing: _Drawing, anchor: str, relation: Relation) -> str:
    """The side on which a grandparent of no stated side is drawn: the father's unless that place is taken."""
    path = relation.path or ()
    if relation.side or path not in (("parent", "father"), ("parent", "mother")):
        return relation.side
    father, _ = drawing.parents(anchor)
    return "father" if _is_free(drawing, father, path[1]) else "mother"


def _draw(drawing: _Drawing, anchor: str, relation: Relation, new: Member) -> None:
    path = relation.path
    if path is None:
        drawing.notes.append(NO_BLOOD.format(new.id, relation.name))
        drawing.put(new)
        return
    if not path:
        raise Invalid(f"{new.id} is a sample of {anchor} themselves; record it as a direct reference.")
    side, person = _side(drawing, anchor, relation), anchor
    drawing.notes.extend(_choices(drawing, anchor, relation, new.id))
    for step in path[:-1]:
        person = _walk(drawing, person, step, side)
        side = ""
    _place(drawing, person, path[-1], new, side)


def _choices(drawing: _Drawing, anchor: str, relation: Relation, id: str) -> list[str]:
    """Which of several possible drawings was chosen."""
    path, notes = relation.path or (), []
    if path[0] == "parent" and len(path) > 1 and not relation.side:
        notes.append(SIDE.format(id))
    if "half" in path and not (relation.side and path[0] == "half"):
        notes.append(HALF.format(id))
    if path in (("sibling", "child"), ("half", "child")):
        notes.append(THROUGH_SISTER.format(id))
    elif len(path) > 1 and path[-1] == "child":
        notes.append(OWN_BRANCH.format(id, "uncle or aunt" if path[-2] == "sibling" else "child"))
    if path == ("child",):
        notes += [SPOUSE_CHILD.format(id, s) for s in drawing.spouses(anchor)[:1] if not is_unnamed(s)]
    return notes


def _pedigree(drawing: _Drawing) -> Pedigree:
    """The finished pedigree; unnamed people who connect nobody are left out."""
    parents = {p for m in drawing.members.values() for p in (m.father, m.mother)}
    return Pedigree(
        tuple(m for m in drawing.members.values() if not is_unnamed(m.id) or m.id in parents or m.father)
    )


def add_relative(
    pedigree: Pedigree,
    anchor: str,
    relation: Relation | str,
    new: str,
    sex: Sex = Sex.UNKNOWN,
    other_parent: str | None = None,
) -> Pedigree:
    """The pedigree with one more relative of `anchor`, drawn by a word such as `brother`.

    Whoever is needed in between is added as an unnamed person; an unnamed person whose place the new
    relative takes gets their name. `other_parent` names the second parent of a child. Invalid if the word
    is unknown, the id is taken, or the place is.
    """
    found = relation if isinstance(relation, Relation) else parse_relation(relation)
    if found is None:
        raise Invalid(f"'{relation}' is no known relation; use a word such as brother or maternal aunt.")
    if anchor not in pedigree.ids or new in pedigree.ids or not new or is_unnamed(new):
        raise Invalid(f"{anchor} must be in the pedigree and {new} must not; choose another name for one.")
    drawing = _Drawing({m.id: m for m in pedigree.members})
    member = Member(new, found.sex if found.sex is not Sex.UNKNOWN else sex)
    if other_parent is None:
        _draw(drawing, anchor, found, member)
    elif found.path != ("child",) or other_parent not in pedigree.ids:
        raise Invalid(f"{other_parent} can be the other parent only of a child, and must be in the pedigree.")
    else:
        _place_child(drawing, anchor, member, other_parent)
    return _pedigree(drawing)


@dataclass(frozen=True, slots=True)
class Kin:
    """One reference person of a family: id, relation to the missing person, sex by amelogenin."""

    id: str
    relation: Relation
    sex: Sex = Sex.UNKNOWN


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposed pedigree, what a person has to confirm about it, and who could not be drawn (and why)."""

    pedigree: Pedigree
    notes: tuple[str, ...] = ()
    left_out: tuple[tuple[str, str], ...] = ()


_ORDER = ("father", "mother", "parent", "spouse", "sibling", "twin", "half", "child")


def _priority(kin: Kin) -> tuple[int, int]:
    """Parents and the spouse first, so that siblings and children find them."""
    path = kin.relation.path
    return (len(path), _ORDER.index(path[-1])) if path else (99, 0)


def propose_pedigree(kin: Sequence[Kin], missing: str = MISSING, sex: Sex = Sex.UNKNOWN) -> Proposal:
    """The pedigree that the relations of several people to one missing person draw.

    `sex` is the missing person's, if it is known; else it follows from a husband or wife.
    """
    drawing = _Drawing({missing: Member(missing, sex)})
    left_out: list[tuple[str, str]] = []
    for person in sorted(kin, key=_priority):
        own = person.relation.sex if person.relation.sex is not Sex.UNKNOWN else person.sex
        saved = _Drawing(dict(drawing.members), dict(drawing.couples), list(drawing.notes))
        try:
            if person.id in drawing.members:
                raise Invalid(f"{person.id} stands twice in the family; give each person one line.")
            _draw(drawing, missing, person.relation, Member(person.id, own))
        except Invalid as refusal:
            drawing = saved
            left_out.append((person.id, str(refusal)))
    drawing.notes.extend(_open_questions(drawing, missing, kin, sex))
    return Proposal(_pedigree(drawing), tuple(dict.fromkeys(drawing.notes)), tuple(left_out))


def _open_questions(drawing: _Drawing, missing: str, kin: Sequence[Kin], stated: Sex) -> list[str]:
    """What remains to be asked about the missing person's own children."""
    children = drawing.children(missing)
    has_partner = any(k.relation.path == ("spouse",) for k in kin)
    notes = [DRAWN_MALE] if children and stated is Sex.UNKNOWN and not has_partner else []
    if len(children) > 1 and all(is_unnamed(s) for s in drawing.spouses(missing)):
        notes.append(COMMON_PARENT)
    return notes


def with_sex(pedigree: Pedigree, id: str, sex: Sex) -> Pedigree:
    """The pedigree with another sex of one person; unnamed partners change with them.

    Invalid if a named partner would then have the same sex.
    """
    changed = {id: sex}
    couples = [(m.father, m.mother) for m in pedigree.members if id in (m.father, m.mother)]
    if couples and sex is Sex.UNKNOWN:
        raise Invalid(f"{id} is drawn as a parent, so the sex must be given; choose male or female.")
    for partner in {p for couple in couples for p in couple if p and p != id}:
        if pedigree.member(partner).sex is sex and not is_unnamed(partner):
            raise Invalid(f"{partner} is drawn as the other parent beside {id}; correct one of the two.")
        changed[partner] = _opposite(sex)
    return Pedigree(tuple(_resexed(m, changed) for m in pedigree.members))


def _resexed(member: Member, changed: dict[str, Sex]) -> Member:
    father, mother = member.father, member.mother
    if changed.get(father or "") is Sex.FEMALE or changed.get(mother or "") is Sex.MALE:
        father, mother = mother, father
    return replace(member, sex=changed.get(member.id, member.sex), father=father, mother=mother)
