"""The DVI part of a Familias file: unidentified remains, and reference families with their pedigrees."""

from collections import Counter
from dataclasses import dataclass, field, replace

from forensics.domain.kinship import Pedigree, Sex
from forensics.domain.loci import canonical
from forensics.domain.reading import ReadCall, ReadFamily, ReadProfile, ReadRelative
from forensics.formats.calls import is_empty
from forensics.formats.familias_lines import SAVE_AGAIN, Lines
from forensics.formats.familias_pedigrees import Person, is_missing, pedigree_of
from forensics.formats.format import Content
from forensics.formats.problems import Findings, shown, stop

REFERENCE = "Reference pedigree"
ASKED = "Missing person"

_SEXES = {"male": Sex.MALE, "female": Sex.FEMALE}
SEX_BY_LIST = "The sex of the missing person follows from '{}' in the list of people; confirm it."
SEX_OPEN = "The sex of {} is not stated; drawn as {}, confirm it."
NOT_LINKED = "{} is in the list of people but has no place in the pedigree."
SEVERAL = (
    "The file has {} pedigrees of this family; the one named '{}' is taken, the others are alternatives."
)
NO_MISSING = "Nobody in the pedigree is marked as missing; tell who is."


@dataclass(slots=True)
class _Family:
    name: str
    people: list[tuple[Person, ReadProfile]] = field(default_factory=list)
    pedigrees: list[tuple[str, list[tuple[str, str, int, bool]]]] = field(default_factory=list)


def read_dvi(lines: Lines, findings: Findings, content: Content) -> None:
    """Adds the profiles of remains and relatives and the families to the content."""
    while lines.peek() != "[DVI]":
        lines.take("[DVI]")
    lines.heading("DVI")
    lines.heading("Unidentified persons")
    remains = [_read_person(lines)[1] for _ in range(lines.field_count("nPersons"))]
    if lines.peek() == "[[Notes]]":
        while "Reference Families" not in lines.peek():
            lines.take("Reference Families")
    lines.heading("Reference Families")
    families = [_read_family(lines) for _ in range(lines.field_count("nFamilies"))]
    names = Counter(p.name for f in families for p, r in f.people if r.calls) + Counter(
        r.sample for r in remains
    )
    content.profiles += [r for r in remains if r.calls]
    for family in families:
        _add_family(family, names, content, findings)


def _read_person(lines: Lines) -> tuple[Person, ReadProfile]:
    line = lines.number
    lines.heading("Person")
    name, gender = lines.field("Name"), lines.field("Gender")
    if not name:
        raise stop("A person has no name.", "Name every person.", line)
    sex = _SEXES.get(gender.casefold(), Sex.UNKNOWN)
    lines.heading("DNA data")
    calls = {}
    for _ in range(lines.field_count("nSystems")):
        system = lines.field("SystemName")
        alleles = [a for a in (lines.field("Allele1"), lines.field("Allele2")) if not is_empty(a)]
        if alleles:
            calls[canonical(system) or system] = tuple(ReadCall(a) for a in dict.fromkeys(alleles))
    return Person(name, sex), ReadProfile(name, calls, sex=sex, line=line)


def _read_family(lines: Lines) -> _Family:
    line = lines.number
    lines.heading("Family")
    family = _Family(lines.field("Name"))
    lines.heading("Persons")
    family.people = [_read_person(lines) for _ in range(lines.field_count("nPersons"))]
    if len({p.name for p, _ in family.people}) < len(family.people):
        raise stop(f"Two people of {shown(family.name)} have the same name.", "Rename one in Familias.", line)
    lines.heading("Pedigrees")
    for _ in range(lines.field_count("nPedigrees")):
        lines.heading("Pedigree")
        name, pairs = lines.field("Name"), []
        for _ in range(lines.field_count("nRelations")):
            line = lines.number
            pairs.append((lines.field("Parent"), lines.field("Child"), line, False))
        family.pedigrees.append((name, pairs))
    if not family.pedigrees:
        raise stop(f"{shown(family.name)} has no pedigree.", SAVE_AGAIN, lines.number)
    return family


def _add_family(family: _Family, names: Counter[str], content: Content, findings: Findings) -> None:
    """Profiles and pedigree of one family; a sample name that others have too gets the family before it."""
    relatives = []
    for person, profile in family.people:
        if profile.calls:
            sample = person.name if names[person.name] == 1 else f"{family.name}/{person.name}"
            content.profiles.append(replace(profile, sample=sample))
            relatives.append(ReadRelative(family.name, "", sample, person.name, profile.line))
    notes: list[str] = []
    drawn = [(name, _draw(family, pairs, notes)) for name, pairs in family.pedigrees]
    title, pedigree = max(drawn, key=lambda named: (_links(named[1]), named[0] != REFERENCE))
    if len({frozenset(p.members) for _, p in drawn}) > 1:
        notes.append(SEVERAL.format(len(drawn), title))
    typed = {r.person for r in relatives}
    missing = tuple(m.id for m in pedigree.members if m.id not in typed and is_missing(m.id))
    lost = [r.person for r in relatives if r.person not in pedigree.ids]
    notes += [NOT_LINKED.format(person) for person in lost]
    if not missing:
        notes.append(NO_MISSING)
        findings.warn(f"{family.name}: {NO_MISSING}", "Draw the missing person into the pedigree.")
    content.families.append(
        ReadFamily(
            family.name, pedigree, missing, tuple(relatives), tuple(drawn), tuple(dict.fromkeys(notes))
        )
    )


def _links(pedigree: Pedigree) -> int:
    """How many parent-child links a pedigree has between people of the file."""
    return sum(
        p is not None and not p.startswith("?") for m in pedigree.members for p in (m.father, m.mother)
    )


def _draw(family: _Family, pairs: list[tuple[str, str, int, bool]], notes: list[str]) -> Pedigree:
    """One pedigree of a family: its people, whoever else it names, without those whom nothing links."""
    listed = {person.name: person.sex for person, _ in family.people}
    typed = {person.name for person, profile in family.people if profile.calls}
    named = dict.fromkeys(name for pair in pairs for name in pair[:2])
    sexes = {name: listed.get(name, Sex.UNKNOWN) for name in named}
    sexes |= {name: sex for name, sex in listed.items() if name in typed}
    for name in [n for n, sex in sexes.items() if sex is Sex.UNKNOWN]:
        sexes[name] = _find_sex(name, pairs, sexes, listed, notes)
    return pedigree_of([Person(name, sex) for name, sex in sexes.items()], pairs)


def _find_sex(
    name: str,
    pairs: list[tuple[str, str, int, bool]],
    sexes: dict[str, Sex],
    listed: dict[str, Sex],
    notes: list[str],
) -> Sex:
    """The sex of somebody for whom the file has none: by the other parent, by the list, else as drawn."""
    children = {child for parent, child, _, _ in pairs if parent == name}
    partners = {sexes[p] for p, child, _, _ in pairs if child in children and p != name} - {Sex.UNKNOWN}
    if len(partners) == 1:
        return Sex.FEMALE if partners == {Sex.MALE} else Sex.MALE
    hints = [
        n for n in listed if n.casefold().startswith(("missing male", "missing female")) and n not in sexes
    ]
    if len({listed[n] for n in hints}) == 1 and name == ASKED:
        notes.append(SEX_BY_LIST.format(hints[0]))
        return listed[hints[0]]
    if not children:
        return Sex.UNKNOWN
    notes.append(SEX_OPEN.format(name, "male"))
    return Sex.MALE
