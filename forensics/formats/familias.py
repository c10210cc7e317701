"""Familias project files (`.fam`), versions 3.1 to 3.4, with or without a DVI part.

Layout, from files that the program wrote: people with genotypes (indices into the marker database), relations
that all pedigrees share, the pedigrees, the database with its mutation models, then the DVI part.
Mutation codes: 0 equal, 1 proportional, 2 stepwise, 3 stepwise made stationary, 4 extended stepwise.

Egeland, Mostad, Mevåg & Stenersen 2000, Beyond traditional paternity and identification cases,
Forensic Sci Int 110:47-59, doi:10.1016/S0379-0738(00)00147-X; Kling, Tillmar & Egeland 2014, Familias 3,
Forensic Sci Int Genet 13:121-127, doi:10.1016/j.fsigen.2014.07.004.
"""

import re
from dataclasses import dataclass, field
from pathlib import PurePath

from forensics.domain.kinship import FrequencyTable, Sex
from forensics.domain.reading import ReadCall, ReadFamily, ReadProfile, ReadRelative
from forensics.formats.familias_database import Database, read_database
from forensics.formats.familias_dvi import read_dvi
from forensics.formats.familias_lines import SAVE_AGAIN, Lines
from forensics.formats.familias_pedigrees import Person, Relations, draw, is_missing
from forensics.formats.format import Content
from forensics.formats.problems import Findings, shown, stop
from forensics.formats.text import decode, first_lines

_DIRECT = re.compile(r"([0-9]{1,5})\D*Direct", re.IGNORECASE)


def sniff_familias(data: bytes) -> bool:
    """The first line names the program."""
    lines = first_lines(data, 1)
    return bool(lines) and "output from familias" in lines[0].casefold()


@dataclass(slots=True)
class _Case:
    """The first part of the file: people and pedigrees of an ordinary kinship case."""

    people: list[Person] = field(default_factory=list)
    genotypes: list[list[tuple[int, int, int, int]]] = field(
        default_factory=list
    )  # allele, allele, locus, line
    pedigrees: list[tuple[str, Relations]] = field(default_factory=list)


def read_familias(data: bytes, filename: str, findings: Findings) -> Content:
    """Frequencies, mutation models, theta, people, pedigrees, and the remains and families of a DVI part."""
    lines = Lines(decode(data).rstrip("\n").split("\n"))
    _read_version(lines)
    case = _read_case(lines)
    theta = _read_theta(lines)
    database = read_database(lines, findings)
    content = Content(theta=theta, mutation=database.mutation)
    content.frequencies = _table(database, filename)
    content.profiles = _profiles(case, database)
    if content.profiles or any(relations.pairs for _, relations in case.pedigrees):
        content.families.append(_family(case, PurePath(filename).stem, content.profiles))
    if any(line.strip() == "[DVI]" for line in lines.lines[lines.at :]):
        read_dvi(lines, findings, content)
    return content


def _read_version(lines: Lines) -> None:
    lines.take("the name of the program")
    lines.take("the warning not to edit")
    line, version = lines.number, lines.text("the version")
    if not re.match(r"3\.[0-9]", version):
        raise stop(
            f"The file was written by Familias {shown(version)}.",
            "Open and save it with Familias 3.1 or later.",
            line,
        )
    if not lines.peek().isdecimal():
        lines.take("the title")


def _read_case(lines: Lines) -> _Case:
    case = _Case()
    for _ in range(lines.count("the number of people")):
        _read_person(lines, case)
    line, heading = lines.number, lines.text("Known relations")
    if heading != "Known relations":
        raise stop(f"{shown(heading)} stands where Known relations is expected.", SAVE_AGAIN, line)
    shared = _extras(lines, len(case.people))
    shared.pairs += _pairs(lines)
    for _ in range(lines.count("the number of pedigrees")):
        lines.count("the number of a pedigree")
        name = lines.text("the name of a pedigree")
        own = _extras(lines, len(case.people) + len(shared.extras))
        relations = Relations(shared.extras + own.extras, list(shared.pairs))
        relations.pairs += _pairs(lines)
        case.pedigrees.append((name, relations))
    if not case.pedigrees and case.people:
        case.pedigrees.append(("Known relations", shared))
    return case


def _read_person(lines: Lines, case: _Case) -> None:
    line, name = lines.number, lines.text("the name of a person")
    if not name or name in [p.name for p in case.people]:
        raise stop(
            f"{shown(name)} is no name of its own for a person.", "Give each person a different name.", line
        )
    lines.flag("a mark of a person")
    lines.take("the year of birth")
    lines.flag("a mark of a person")
    sex = Sex.MALE if lines.flag("the sex of a person") else Sex.FEMALE
    genotypes = []
    for _ in range(lines.count("the number of genotypes")):
        line = lines.number
        first, second = lines.count("an allele"), lines.count("an allele")
        genotypes.append((first, second, lines.count("a marker"), line))
    case.people.append(Person(name, sex))
    case.genotypes.append(genotypes)


def _extras(lines: Lines, start: int) -> Relations:
    """Unnamed people of a pedigree: first the women, then the men."""
    women, men = lines.count("the number of added women", 200), lines.count("the number of added men", 200)
    sexes = [Sex.FEMALE] * women + [Sex.MALE] * men
    return Relations([Person(f"?{start + i + 1}", sex) for i, sex in enumerate(sexes)], [])


def _pairs(lines: Lines) -> list[tuple[int, int, int, bool]]:
    """(parent, child, line, direct) by index; `direct` says that both are the same person or twins."""
    pairs = []
    for _ in range(lines.count("the number of relations")):
        line = lines.number
        direct = _DIRECT.match(lines.peek())
        if direct:
            lines.take("a relation")
        parent = int(direct[1]) if direct else lines.count("a parent")
        pairs.append((parent, lines.count("a child"), line, bool(direct)))
    return pairs


def _read_theta(lines: Lines) -> float | None:
    line, text = lines.number, lines.take("the line of the databases")
    if text.startswith("#TRUE#"):
        raise stop("The file holds saved results.", "Save the project without results.", line)
    found = re.search(r"Theta/Kinship/Fst:\s*([0-9.]+(?:[eE][+-]?[0-9]{1,3})?)", text)
    try:
        theta = float(found[1]) if found else None
    except ValueError:
        theta = -1.0
    if theta is not None and not 0 <= theta < 1:
        raise stop(f"{shown(text)} has no theta between 0 and 1.", SAVE_AGAIN, line)
    return theta


def _table(database: Database, filename: str) -> FrequencyTable | None:
    if not database.builder.loci:
        return None
    name = database.name or PurePath(filename).stem
    return database.builder.table(name, name, PurePath(filename).name)


def _profiles(case: _Case, database: Database) -> list[ReadProfile]:
    profiles = []
    for person, genotypes in zip(case.people, case.genotypes, strict=True):
        calls = {}
        for first, second, marker, line in genotypes:
            locus, alleles = _looked_up(database, marker, line)
            if max(first, second) >= len(alleles):
                raise stop(f"{locus} has no allele with the number {max(first, second)}.", SAVE_AGAIN, line)
            distinct = dict.fromkeys((alleles[first], alleles[second]))
            calls[locus] = tuple(ReadCall(allele) for allele in distinct)
        if calls:
            profiles.append(ReadProfile(person.name, calls, sex=person.sex))
    return profiles


def _looked_up(database: Database, marker: int, line: int) -> tuple[str, list[str]]:
    if marker >= len(database.order):
        raise stop(f"The database has no marker with the number {marker}.", SAVE_AGAIN, line)
    return database.order[marker]


def _family(case: _Case, name: str, profiles: list[ReadProfile]) -> ReadFamily:
    """The people of the case as one family: the first pedigree, and all of them by name."""
    typed = {profile.sample for profile in profiles}
    drawn = [(title, draw(case.people, relations)) for title, relations in case.pedigrees]
    missing = tuple(p.name for p in case.people if p.name not in typed and is_missing(p.name))
    relatives = tuple(ReadRelative(name, "", sample, sample) for sample in (p.sample for p in profiles))
    return ReadFamily(name, drawn[0][1], missing, relatives, tuple(drawn))
