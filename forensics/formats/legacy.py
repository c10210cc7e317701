"""A spreadsheet of an earlier system as a table of text, whatever its columns are called."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from forensics.domain.errors import Invalid, Unavailable
from forensics.formats.problems import Stop, shown, stop
from forensics.formats.spreadsheets import sheets, sniff_workbook
from forensics.formats.text import Row, Table, make_table, read_table

LARGEST = 50 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class LegacyTable:
    """Headers and rows with their line numbers; the digest is SHA-256 of the file."""

    file_name: str
    digest: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]


def read_legacy(path: Path) -> LegacyTable:
    """The table of a CSV, TSV or XLSX file; `Invalid` with the place where it can't be read."""
    try:
        if path.stat().st_size > LARGEST:
            raise Invalid(f"{path.name} is larger than {LARGEST // 2**20} MB; split it.")
        data = path.read_bytes()
    except OSError as error:
        raise Unavailable(f"{path.name} can't be read: {error.strerror or error}.") from None
    return table_of(data, path.name)


def table_of(data: bytes, file_name: str) -> LegacyTable:
    """The table in the bytes of a file; every column has a name of its own."""
    try:
        table = _of_workbook(data) if sniff_workbook(data) else read_table(data)
        header = _headers(table)
        if not table.rows:
            raise stop("There is no line below the header.", "Export the table again.", table.header.line)
    except Stop as refusal:
        raise Invalid(f"{file_name}, {refusal.problem}") from None
    return LegacyTable(file_name, hashlib.sha256(data).hexdigest(), header, table.rows)


def _of_workbook(data: bytes) -> Table:
    found = [(name, rows) for name, rows in sheets(data) if rows]
    if not found:
        raise stop("No sheet of the workbook has anything in it.", "Export the table again.")
    if len(found) > 1:
        names = ", ".join(shown(name) for name, _ in found[:5])
        raise stop(f"Several sheets have a table ({names}).", "Keep one of them in a file of its own.")
    return make_table(found[0][1])


def _headers(table: Table) -> tuple[str, ...]:
    """The titles of the columns; one without a title is named by its place."""
    names: dict[str, int] = {}
    for place, title in enumerate(table.header.cells, 1):
        name = " ".join(title.split()) or f"column {place}"
        if name.casefold() in names:
            raise stop(
                f"The column {shown(name)} stands twice in the header, also as column {names[name.casefold()]}.",
                "Give each column a name of its own.",
                table.header.line,
                str(place),
            )
        names[name.casefold()] = place
    return tuple(" ".join(title.split()) or f"column {at}" for at, title in enumerate(table.header.cells, 1))
