"""The plain tables around Familias: `.freq` (blocks of one marker) and `.ped` (one person in a row)."""

import re
from collections import defaultdict
from pathlib import PurePath

from forensics.domain.kinship import Sex
from forensics.domain.loci import canonical
from forensics.domain.reading import ReadCall, ReadFamily, ReadProfile, ReadRelative
from forensics.formats.calls import is_empty
from forensics.formats.familias_pedigrees import Person, is_missing, pedigree_of
from forensics.formats.format import Content
from forensics.formats.frequencies import FrequencyBuilder, is_allele
from forensics.formats.problems import Findings, shown, stop
from forensics.formats.profiles import finish_profile, read_calls
from forensics.formats.text import decode, first_lines

_HEADER = ("famid", "id", "fid", "mid", "sex")
_SEXES = {"1": Sex.MALE, "2": Sex.FEMALE, "m": Sex.MALE, "f": Sex.FEMALE, "0": Sex.UNKNOWN, "u": Sex.UNKNOWN}


def sniff_freq(data: bytes) -> bool:
    """A line that is only a marker's name, then lines of allele and frequency."""
    lines = [line.split() for line in first_lines(data, 2)]
    if len(lines) < 2 or len(lines[1]) != 2 or canonical(" ".join(lines[0])) is None:
        return False
    return is_allele(lines[1][0]) and re.fullmatch(r"[0-9.eE+-]+", lines[1][1]) is not None


def read_freq(data: bytes, filename: str, findings: Findings) -> Content:
    """Blocks of a marker's name and its alleles with frequencies."""
    builder, locus = FrequencyBuilder(findings), ""
    for number, line in enumerate(decode(data).split("\n"), 1):
        parts = line.split()
        if not parts:
            continue
        marker = canonical(line.strip())
        if len(parts) == 2 and locus and marker is None:
            builder.add(locus, parts[0], parts[1], number, "")
        elif marker and marker not in builder.loci:
            locus = marker
        elif marker:
            raise stop(f"{marker} stands twice.", "Keep one block of each marker.", number)
        else:
            raise stop(
                f"{shown(line.strip())} is neither a marker nor an allele with its frequency.",
                "Write a marker's name alone, then allele and frequency.",
                number,
            )
    if not builder.loci and not findings.refused:
        raise stop("The file has no frequency.", "Export it again.")
    name = PurePath(filename).stem
    return Content(frequencies=builder.table(name, name, PurePath(filename).name))


def sniff_ped(data: bytes) -> bool:
    """The header begins with family, person, father, mother, sex."""
    lines = first_lines(data, 1)
    return bool(lines) and tuple(lines[0].lower().split()[:5]) == _HEADER


def read_ped(data: bytes, filename: str, findings: Findings) -> Content:  # noqa: ARG001
    """People with parents and genotypes such as 12/14; a family of more than one person has a pedigree."""
    rows = [(n, line.split()) for n, line in enumerate(decode(data).split("\n"), 1) if line.strip()]
    if not rows or tuple(cell.lower() for cell in rows[0][1][:5]) != _HEADER:
        raise stop("There is no header.", "Begin with famid id fid mid sex and the markers.", 1)
    markers = _markers(rows[0][1], rows[0][0])
    families: dict[str, list[tuple[int, list[str]]]] = defaultdict(list)
    for number, cells in rows[1:]:
        if len(cells) != len(_HEADER) + len(markers):
            raise stop(
                f"The line has {len(cells)} entries, the header {len(_HEADER) + len(markers)}.",
                "Give every person an entry for every column; -/- where there is no result.",
                number,
            )
        families[cells[0]].append((number, cells))
    if not families:
        raise stop("There is no line below the header.", "Export the table again.", rows[0][0])
    content = Content()
    seen: dict[str, int] = {}
    for cells in (cells for people in families.values() for _, cells in people):
        seen[cells[1]] = seen.get(cells[1], 0) + 1
    for name, people in families.items():
        _read_family(name, people, markers, seen, content, findings)
    return content


def _markers(header: list[str], line: int) -> list[str]:
    markers = []
    for i, title in enumerate(header[len(_HEADER) :], len(_HEADER) + 1):
        marker = canonical(title)
        if marker is None or marker in markers:
            raise stop(f"{shown(title)} is no marker of its own.", "Correct the header.", line, str(i))
        markers.append(marker)
    if not markers:
        raise stop("No column of the header is a marker.", "Add the markers after the sex.", line)
    return markers


def _read_family(
    name: str,
    people: list[tuple[int, list[str]]],
    markers: list[str],
    seen: dict[str, int],
    content: Content,
    findings: Findings,
) -> None:
    persons, pairs, relatives = [], [], []
    for number, cells in people:
        sex = _SEXES.get(cells[4].casefold())
        if sex is None:
            raise stop(
                f"{shown(cells[4])} is no sex.",
                "Write 1 for male, 2 for female, 0 if unknown.",
                number,
                "sex",
            )
        persons.append(Person(cells[1], sex))
        pairs += [(parent, cells[1], number, False) for parent in cells[2:4] if parent != "0"]
        sample = cells[1] if seen[cells[1]] == 1 else f"{name}/{cells[1]}"
        profile = _profile(sample, sex, cells, markers, number, findings)
        if profile:
            content.profiles.append(profile)
            relatives.append(ReadRelative(name, "", sample, cells[1], number))
    _check_people(persons, pairs, people)
    if len(people) > 1:
        typed = {r.person for r in relatives}
        missing = tuple(p.name for p in persons if p.name not in typed and is_missing(p.name))
        content.families.append(ReadFamily(name, pedigree_of(persons, pairs), missing, tuple(relatives)))


def _check_people(
    persons: list[Person], pairs: list[tuple[str, str, int, bool]], people: list[tuple[int, list[str]]]
) -> None:
    names = [p.name for p in persons]
    if len(set(names)) < len(names):
        raise stop(
            "Two people of a family have the same id.", "Give each person another id.", people[0][0], "id"
        )
    sexes = {p.name: p.sex for p in persons}
    for parent, _, number, _ in pairs:
        if parent not in sexes:
            raise stop(f"The parent {shown(parent)} has no line.", "Add the person, or write 0.", number)
        if sexes[parent] is Sex.UNKNOWN:
            raise stop(f"The parent {shown(parent)} has no sex.", "Write 1 for male, 2 for female.", number)


def _profile(
    sample: str, sex: Sex, cells: list[str], markers: list[str], number: int, findings: Findings
) -> ReadProfile | None:
    calls: dict[str, tuple[ReadCall, ...]] = {}
    for marker, cell in zip(markers, cells[len(_HEADER) :], strict=True):
        peaks = [(a, "", "", marker) for a in cell.split("/") if not is_empty(a) and a != "0"]
        found = read_calls(peaks, marker, number, findings)
        if found:
            calls[marker] = found
    return finish_profile(ReadProfile(sample, calls, sex=sex, line=number), findings) if calls else None
