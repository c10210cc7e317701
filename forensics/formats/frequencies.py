"""Tables of allele frequencies: a matrix (alleles × markers), or one allele in a row.

Figures are kept as published. A locus may miss one by its rounding; more than that is said, and a locus
that is clearly not a distribution refuses the table.
"""

import math
import re
from dataclasses import dataclass, field
from pathlib import PurePath

from forensics.domain.kinship import FrequencyTable
from forensics.domain.loci import allele_order, canonical, is_repeat_number
from forensics.formats.calls import Unreadable, is_empty, read_call
from forensics.formats.columns import key
from forensics.formats.format import Content
from forensics.formats.problems import Findings, shown, stop
from forensics.formats.text import Row, Table, first_cells, read_table

SILENT = "silent"
"""Designation of an allele that gives no peak, listed last."""

LEAST_SUM, LARGEST_SUM = 0.9, 1.01
_ALLELE = frozenset({"allele", "alleles", "alelo", "alelos"})
_MARKER = frozenset({"marker", "locus", "marcador"})
_FREQUENCY = frozenset({"frequency", "freq", "frecuencia", "frequencia"})
_SIZE = frozenset({"nalleles", "n", "2n"})
_COMMA, _POINT = re.compile(r"[0-9]*,[0-9]+", re.ASCII), re.compile(r"[0-9]*\.[0-9]+", re.ASCII)
_REST = re.compile(r"(rest|other|others|rare)([ _]?alleles?)?\Z", re.IGNORECASE)


@dataclass(slots=True)
class FrequencyBuilder:
    """Frequencies while they are being read, with the places for what is wrong."""

    findings: Findings
    loci: dict[str, dict[str, float]] = field(default_factory=dict)
    digits: dict[str, int] = field(default_factory=dict)  # most decimals seen at a locus
    places: dict[str, tuple[int | None, str]] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)

    def add(self, locus: str, allele: str, frequency: str, line: int, column: str) -> None:
        """One allele of one locus; its designation is checked."""
        designation = self._designation(allele, locus, line)
        if designation is not None:
            self.add_as_written(locus, designation, frequency, line, column)

    def add_as_written(self, locus: str, allele: str, frequency: str, line: int, column: str = "") -> None:
        """One allele whose designation is taken as it is, of a program that has checked it."""
        value = self._value(frequency, line, column)
        if value is None:
            return
        alleles = self.loci.setdefault(locus, {})
        self.places.setdefault(locus, (line, column))
        if allele in alleles:
            self.findings.fatal(
                f"The allele {allele} of {locus} stands twice.", "Keep one of them.", line, column
            )
        alleles[allele] = value
        mantissa, _, exponent = frequency.lower().partition("e")
        decimals = len(mantissa.partition(".")[2]) - int(exponent or 0)
        self.digits[locus] = max(self.digits.get(locus, 0), decimals)

    def _designation(self, text: str, locus: str, line: int) -> str | None:
        if _REST.fullmatch(text) or (text.isalpha() and len(text) <= 12 and canonical(locus) is None):
            return text
        try:
            return read_call(text, locus).designation
        except Unreadable as bad:
            self.findings.fatal(bad.what, bad.remedy, line, "Allele")
            return None

    def _value(self, text: str, line: int, column: str) -> float | None:
        if re.fullmatch(r"[0-9]*,[0-9]+", text):
            self.findings.fatal(
                f"{shown(text)} has a decimal comma.", "Write frequencies with a point.", line, column
            )
            return None
        if not re.fullmatch(r"-?[0-9]*\.?[0-9]+([eE][+-]?[0-9]{1,3})?", text):
            self.findings.fatal(
                f"{shown(text)} is no frequency.", "Write a number from 0 to 1.", line, column
            )
            return None
        value = float(text)
        if not 0 <= value <= 1:
            self.findings.fatal(f"{text} is no frequency.", "Write a number from 0 to 1.", line, column)
            return None
        return value

    def table(self, name: str, population: str, source: str) -> FrequencyTable:
        """The finished table in ladder order; alleles of frequency 0 are left out, sums are checked."""
        for locus, alleles in self.loci.items():
            self._check(locus, alleles)
        return FrequencyTable(
            name,
            {
                locus: dict(sorted(((a, f) for a, f in alleles.items() if f > 0), key=_ladder))
                for locus, alleles in self.loci.items()
            },
            population,
            dict(self.sizes),
            source,
        )

    def _check(self, locus: str, alleles: dict[str, float]) -> None:
        total = math.fsum(alleles.values())
        line, column = self.places.get(locus, (None, locus))
        decimals = min(max(self.digits.get(locus, 0), 1), 5)  # beyond five, tables are rounded ratios
        rounding = len(alleles) * 0.5 * 10**-decimals
        if not LEAST_SUM <= total <= LARGEST_SUM:
            self.findings.fatal(
                f"The frequencies of {locus} add up to {total:.6g}, not 1.",
                "Add the missing alleles, or correct the figures.",
                line,
                column,
            )
        elif abs(total - 1) > rounding:
            self.findings.warn(
                f"The frequencies of {locus} add up to {total:.8g}, which rounding does not explain.",
                "They are kept as published; check them against the source.",
                line,
                column,
            )


def _ladder(item: tuple[str, float]) -> tuple[int, int, int, str]:
    allele = item[0]
    return (1 if allele == SILENT else 0, *allele_order(allele))


def sniff_matrix(data: bytes) -> bool:
    """First column `Allele`, the others markers."""
    cells = first_cells(data)
    return bool(cells) and key(cells[0]) in _ALLELE and any(canonical(cell) for cell in cells[1:])


def sniff_list(data: bytes) -> bool:
    """Columns for marker, allele and frequency."""
    names = {key(cell) for cell in first_cells(data)}
    return all(names & wanted for wanted in (_MARKER, _ALLELE, _FREQUENCY))


def read_frequencies(data: bytes, filename: str, findings: Findings) -> Content:
    """A matrix or a list of frequencies."""
    return frequencies_of(read_table(data), filename, findings)


def frequencies_of(table: Table, filename: str, findings: Findings) -> Content:
    """The frequencies of a table, whatever file it came from."""
    builder, stem = FrequencyBuilder(findings), PurePath(filename).stem
    table = _with_points(table, findings)
    names = [key(cell) for cell in table.header.cells]
    is_list = any(n in _FREQUENCY for n in names)
    population = _read_list(table, names, builder) if is_list else _read_matrix(table, builder)
    if not builder.loci and not findings.refused:
        raise stop("The table has no frequency.", "Export it again.", table.header.line)
    return Content(frequencies=builder.table(population or stem, population or stem, PurePath(filename).name))


def _with_points(table: Table, findings: Findings) -> Table:
    """The table with points for decimal commas, where no number has a point.

    In a frequency table a cell holds one number, so `9,3` can't be two alleles as it can in a profile.
    """
    cells = [cell for row in table.rows for cell in row.cells]
    if not any(_COMMA.fullmatch(cell) for cell in cells) or any(_POINT.fullmatch(cell) for cell in cells):
        return table
    findings.warn(
        "The numbers have decimal commas; they are read as points.",
        "Nothing needs to be done.",
        table.header.line,
    )
    rows = (
        Row(r.line, tuple(c.replace(",", ".") if _COMMA.fullmatch(c) else c for c in r.cells))
        for r in table.rows
    )
    return Table(table.header, tuple(rows))


def _read_list(table: Table, names: list[str], builder: FrequencyBuilder) -> str:
    wanted = ((_MARKER, "marker"), (_ALLELE, "allele"), (_FREQUENCY, "frequency"))
    marker, allele, frequency = [_column(names, titles, name) for titles, name in wanted]
    size = next((i for i, n in enumerate(names) if n in _SIZE), None)
    group = next((i for i, n in enumerate(names) if n in ("population", "group", "poblacion")), None)
    populations = dict.fromkeys(row.cell(group) for row in table.rows)
    if len(populations) > 1:
        raise stop(
            f"The table has {len(populations)} populations.",
            "Make one file of each population.",
            table.rows[0].line,
            "population",
        )
    for row in table.rows:
        locus = _locus(row.cell(marker), row, table.header.cells[marker], builder.findings)
        if locus:
            builder.add(locus, row.cell(allele), row.cell(frequency), row.line, table.header.cells[frequency])
            if row.cell(size).isdecimal() and names[size or 0] != "n":
                builder.sizes[locus] = int(row.cell(size)[:9])
    return next(iter(populations), "")


def _column(names: list[str], titles: frozenset[str], name: str) -> int:
    found = [i for i, n in enumerate(names) if n in titles]
    if not found:
        raise stop(f"There is no column {name}.", f"Name a column {name}.", 1)
    return found[0]


def _locus(name: str, row: Row, column: str, findings: Findings) -> str | None:
    locus = canonical(name)
    if locus is None:
        findings.fatal(f"{shown(name)} is no marker that is known.", "Correct its name.", row.line, column)
    return locus


def _read_matrix(table: Table, builder: FrequencyBuilder) -> str:
    columns = _matrix_columns(table.header, builder.findings)
    for row in table.rows:
        label = row.cell(0)
        if key(label) in ("n", "2n", "nalleles"):
            _read_sizes(row, columns, builder, people=key(label) == "n")
            continue
        for i, locus in columns.items():
            if not is_empty(row.cell(i)):
                builder.add(locus, label, row.cell(i), row.line, table.header.cells[i])
    return ""


def _matrix_columns(header: Row, findings: Findings) -> dict[int, str]:
    columns: dict[int, str] = {}
    for i, title in enumerate(header.cells[1:], 1):
        locus = _locus(title, header, str(i + 1), findings) if title else None
        if locus in columns.values():
            findings.fatal(
                f"{locus} stands twice in the header.", "Keep one column.", header.line, str(i + 1)
            )
        elif locus:
            columns[i] = locus
    return columns


def _read_sizes(row: Row, columns: dict[int, str], builder: FrequencyBuilder, people: bool) -> None:
    """A row `2N` counts alleles; a row `N` counts either, so it is left out and said."""
    if people:
        builder.findings.warn(
            "The row N may count people or alleles, so it was left out.",
            "Name it 2N if it counts alleles.",
            row.line,
        )
        return
    for i, locus in columns.items():
        if row.cell(i).isdecimal():
            builder.sizes[locus] = int(row.cell(i)[:9])


def is_allele(text: str) -> bool:
    """Whether a text could stand in the allele column of a frequency table."""
    return is_repeat_number(text) or bool(_REST.fullmatch(text))
