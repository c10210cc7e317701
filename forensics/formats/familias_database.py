"""The marker database of a Familias file: frequencies and mutation models."""

import re
from dataclasses import dataclass, field

from forensics.domain.kinship import MutationKind, MutationModel
from forensics.domain.loci import canonical, is_repeat_number
from forensics.formats.familias_lines import SAVE_AGAIN, Lines
from forensics.formats.frequencies import SILENT, FrequencyBuilder
from forensics.formats.problems import Findings, shown, stop

_KINDS = (
    (MutationKind.EQUAL, None),
    (MutationKind.PROPORTIONAL, None),
    (MutationKind.STEPWISE, None),
    (MutationKind.STEPWISE, "PM"),
    (MutationKind.STEPWISE, None),
)
"""Familias' codes 0 to 4; code 3 is made stationary (Petter Mostad's transformation)."""


@dataclass(slots=True)
class Database:
    """Loci in the order of the file, with their alleles in that order: genotypes point into them."""

    builder: FrequencyBuilder
    name: str = ""
    order: list[tuple[str, list[str]]] = field(default_factory=list)
    mutation: dict[str, MutationModel] = field(default_factory=dict)


def read_database(lines: Lines, findings: Findings) -> Database:
    """All loci of the database."""
    database = Database(FrequencyBuilder(findings))
    count = lines.count("the number of markers")
    if count and lines.flag("whether the database has a name"):
        database.name = lines.text("the name of the database")
    for _ in range(count):
        _read_locus(lines, database, findings)
    return database


def _read_locus(lines: Lines, database: Database, findings: Findings) -> None:
    line, written = lines.number, lines.text("the name of a marker")
    locus = canonical(written) or written
    if not written or locus in database.builder.loci:
        raise stop(f"{shown(written)} is no marker of its own.", "Give each marker a different name.", line)
    rate_female, rate_male = lines.number_of("a mutation rate"), lines.number_of("a mutation rate")
    codes = lines.count("a mutation model (0 to 4)", 4), lines.count("a mutation model (0 to 4)", 4)
    lines.count("the number of alleles")
    range_female, range_male = lines.number_of("a mutation range"), lines.number_of("a mutation range")
    rate2_female, rate2_male = lines.number_of("a second rate"), lines.number_of("a second rate")
    silent = lines.flag("whether there is a silent allele")
    silent_line, silent_frequency = lines.number, lines.take("the frequency of the silent allele")
    alleles = _read_alleles(lines, locus, database)
    if silent:
        _add_silent(database, locus, silent_frequency, silent_line, findings)
    database.order.append((locus, alleles))
    if max(rate_female, rate_male, rate2_female, rate2_male) >= 1:
        raise stop(f"A mutation rate of {locus} is not below 1.", SAVE_AGAIN, line)
    if rate_female == rate_male == 0 and rate2_female == rate2_male == 0:
        return
    if codes[0] != codes[1]:
        findings.fatal(
            f"{locus} has different mutation models for women and men.",
            "Choose one model with two rates.",
            line,
        )
        return
    kind, transform = _KINDS[codes[0]]
    model = MutationModel(kind, rate_male, rate_female)
    if kind is MutationKind.STEPWISE:  # the others have neither a range nor a second rate
        model = MutationModel(
            kind, rate_male, rate_female, rate2_male, rate2_female, range_male, range_female, transform
        )
    if _fits(model, alleles, locus, line, findings):
        database.mutation[locus] = model


def _fits(model: MutationModel, alleles: list[str], locus: str, line: int, findings: Findings) -> bool:
    """Whether the model can be used with these alleles; steps need repeat numbers."""
    if not (0 < model.range_male <= 1 and 0 < model.range_female <= 1):
        findings.warn(
            f"The mutation range of {locus} is not above 0 and at most 1, so the model was left out.",
            "Choose a range such as 0.1 for this marker.",
            line,
        )
        return False
    word = next((a for a in alleles if not is_repeat_number(a)), None)
    if model.kind is not MutationKind.STEPWISE or word is None:
        return True
    findings.warn(
        f"The stepwise mutation model of {locus} can't step to {shown(word)}, so it was left out.",
        "Choose the equal or the proportional model for this marker.",
        line,
    )
    return False


def _read_alleles(lines: Lines, locus: str, database: Database) -> list[str]:
    line, head = lines.number, lines.take("the number of alleles")
    found = re.match(r"([0-9]{1,5})(?![0-9])", head)
    if not found:
        raise stop(f"{shown(head)} stands where the number of alleles is expected.", SAVE_AGAIN, line)
    alleles = []
    for _ in range(int(found[1])):
        line, designation = lines.number, lines.text("an allele")
        if not designation or len(designation) > 40 or designation == SILENT:
            raise stop(f"{shown(designation)} is no allele of {locus}.", SAVE_AGAIN, line)
        database.builder.add_as_written(locus, designation, lines.take("a frequency"), line)
        alleles.append(designation)
    size = re.search(r"DatabaseSize\s*=\s*([0-9]{1,9})", head)
    if size and alleles:
        database.builder.sizes[locus] = int(size[1])
    return alleles


def _add_silent(database: Database, locus: str, text: str, line: int, findings: Findings) -> None:
    database.builder.add_as_written(locus, SILENT, text, line)
    findings.warn(
        f"{locus} has a silent allele; it stands in the table as '{SILENT}'.",
        "Results differ with and without it; decide which you report.",
        line,
    )
