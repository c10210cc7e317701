"""Tables of family references: one relative in a row, the relation to the missing person in words.

The words of a family become a proposed pedigree around one missing person (`MP`); see
`forensics.domain.relations`. A person confirms it.
"""

from collections import defaultdict
from dataclasses import replace

from forensics.domain.kinship import Sex
from forensics.domain.reading import ReadFamily, ReadProfile, ReadRelative
from forensics.domain.relations import MISSING, Kin, parse_relation, propose_pedigree
from forensics.formats.columns import Columns, read_columns
from forensics.formats.format import Content
from forensics.formats.problems import Findings, shown, stop
from forensics.formats.profiles import read_profiles
from forensics.formats.text import Row, Table, read_table

NEEDED = ("Family ID", "Kinship", "Sample Name")


def read_references(data: bytes, filename: str, findings: Findings) -> Content:  # noqa: ARG001
    """Every row a relative with a profile; every family a proposed pedigree."""
    return references_of(read_table(data), findings)


def references_of(table: Table, findings: Findings) -> Content:
    """The families of a table, whatever file it came from."""
    columns = read_columns(table.header, findings, NEEDED)
    if not table.rows:
        raise stop("There is no line below the header.", "Export the table again.", table.header.line)
    profiles = {p.line: p for p in read_profiles(table.rows, columns, findings)}
    names = unique_samples([(row.cell(columns.family), row.cell(columns.sample)) for row in table.rows])
    relatives: dict[str, list[ReadRelative]] = defaultdict(list)
    content = Content()
    for row, name in zip(table.rows, names, strict=True):
        relative = _relative(row, columns, name, findings)
        profile = profiles.get(row.line)
        if relative and profile:
            relatives[relative.family].append(relative)
            content.profiles.append(replace(profile, sample=name))
    by_sample = {p.sample: p for p in content.profiles}
    content.families = [make_family(name, people, by_sample, findings) for name, people in relatives.items()]
    return content


def unique_samples(pairs: list[tuple[str, str]]) -> list[str]:
    """Sample names; one that several families use (`Father`) gets its family before it (`F1/Father`)."""
    families = defaultdict(set)
    for family, sample in pairs:
        families[sample].add(family)
    return [sample if len(families[sample]) == 1 else f"{family}/{sample}" for family, sample in pairs]


def _relative(row: Row, columns: Columns, name: str, findings: Findings) -> ReadRelative | None:
    family = row.cell(columns.family)
    if not family:
        findings.fatal("The family has no name.", "Name the family in every line.", row.line, "Family ID")
        return None
    word = row.cell(columns.kinship).strip("[](){} ")
    return ReadRelative(family, word, name, line=row.line)


def make_family(
    name: str, people: list[ReadRelative], profiles: dict[str, ReadProfile], findings: Findings
) -> ReadFamily:
    """The proposed pedigree of one family; what could not be drawn is a warning at its line."""
    kin: list[Kin] = []
    seen: set[str] = set()
    for person in people:
        relation = parse_relation(person.relation)
        if person.sample in seen:
            findings.fatal(
                f"The sample {shown(person.sample)} stands twice in the family {shown(name)}.",
                "Give each person one line.",
                person.line,
            )
        elif relation is None:
            findings.warn(
                f"{shown(person.relation)} is no relation that is known, so the person is not in the pedigree.",
                "Write a word such as brother or maternal aunt, or draw the person by hand.",
                person.line,
            )
        else:
            sex = profiles[person.sample].sex
            _check_sex(person, relation.sex, sex, findings)
            kin.append(Kin(person.sample, relation, sex))
        seen.add(person.sample)
    proposal = propose_pedigree(kin)
    lines = {person.sample: person.line for person in people}
    for sample, why in proposal.left_out:
        findings.warn(why, "The person is not in the proposed pedigree.", lines[sample])
    drawn = set(proposal.pedigree.ids)
    relatives = tuple(replace(p, person=p.sample if p.sample in drawn else "") for p in people)
    return ReadFamily(name, proposal.pedigree, (MISSING,), relatives, notes=proposal.notes)


def _check_sex(person: ReadRelative, said: Sex, seen: Sex, findings: Findings) -> None:
    if Sex.UNKNOWN not in (said, seen) and said is not seen:
        findings.warn(
            f"{shown(person.sample)} is called {person.relation}, but the amelogenin says otherwise.",
            "Check the relation and whether samples were exchanged.",
            person.line,
            "AMEL",
        )
