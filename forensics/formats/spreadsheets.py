"""Excel workbooks with one of the tables that are read as text too.

Cells that a spreadsheet has turned into dates arrive as dates and refuse the file at their place. Before
anything is expanded the archive is measured: what it unpacks to, and how far its cells reach.
"""

import io
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from forensics.formats import frequencies, long_tables, reference_tables, sample_tables
from forensics.formats.format import Content
from forensics.formats.problems import Findings, Stop, shown, stop
from forensics.formats.text import MAX_COLUMNS, MAX_ROWS, Row, make_table

LARGEST_UNPACKED = 100 * 1024 * 1024
MOST_CELLS = 1_000_000
LARGEST_TEXT = 500 * 1024 * 1024
_CELL = re.compile(rb"""\sr\s*=\s*["']([A-Z]{1,4})?([0-9]{1,9})["']""")
_BROKEN = (RuntimeError, NotImplementedError, OSError, EOFError, ValueError, KeyError)
_COUNT = re.compile(rb"<(?:\w+:)?(c|row)[\s>/]")


def sniff_workbook(data: bytes) -> bool:
    """A ZIP archive that says it is a workbook near its beginning or its end."""
    if not data.startswith(b"PK\x03\x04"):
        return False
    ends = data[:8_192] + data[-65_536:]
    return b"xl/" in ends or b"[Content_Types].xml" in ends


def read_workbook(data: bytes, filename: str, findings: Findings) -> Content:
    """The one sheet that is a table of profiles, relatives or frequencies."""
    tables = [(name, rows) for name, rows in sheets(data) if rows]
    found = [(name, rows, reader) for name, rows in tables if (reader := _reader(rows[0]))]
    if not found:
        raise stop(
            "No sheet has a table that can be read.",
            "Put the header with Sample Name and the markers into the first line of a sheet.",
        )
    if len(found) > 1:
        names = ", ".join(shown(name) for name, _, _ in found)
        raise stop(f"Several sheets have a table ({names}).", "Keep one of them in a file of its own.")
    name, rows, reader = found[0]
    if len(tables) > 1:
        others = ", ".join(shown(other) for other, _ in tables if other != name)
        findings.warn(f"Only the sheet {shown(name)} was read, not {others}.", "Make a file of each table.")
    table = make_table(rows)
    if reader == "frequencies":
        return frequencies.frequencies_of(table, filename, findings)
    return {
        "long": long_tables.long_of,
        "references": reference_tables.references_of,
        "samples": sample_tables.samples_of,
    }[reader](table, findings)


def _reader(header: Row) -> str | None:
    """Which kind of table a header announces; the text formats' own rules decide."""
    line = "\t".join(cell.replace("\t", " ").replace("\n", " ") for cell in header.cells).encode()
    if frequencies.sniff_matrix(line) or frequencies.sniff_list(line):
        return "frequencies"
    if long_tables.sniff_lrmix(line):
        return "long"
    if sample_tables.sniff_references(line):
        return "references"
    if sample_tables.sniff_genemapper(line) or sample_tables.sniff_samples(line):
        return "samples"
    return None


def _measure(data: bytes) -> None:
    """Stops at an archive that is broken, locked, or larger inside than any real table."""
    total = cells = longest = 0
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            if len(members) > 2_000 or "xl/workbook.xml" not in archive.namelist():
                raise stop("The archive is no workbook of one table.", "Save the table as a new workbook.")
            for member in members:
                content = _unpacked(archive, member, LARGEST_UNPACKED - total)
                total += len(content)
                cells += _reach(content) if b"sheetData" in content else 0
                longest = max(
                    longest, _longest_text(content) if b"<si" in content or b":si" in content else 0
                )
    except Stop:
        raise
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, *_BROKEN) as error:
        raise stop(
            f"The workbook can't be unpacked ({shown(str(error), 60)}).", "Save it again without a password."
        ) from None
    if cells * longest > LARGEST_TEXT:  # each cell may repeat the longest text
        raise stop("The workbook holds more text than any table.", "Save the one table as text.")


def _unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo, allowed: int) -> bytes:
    """A part of the archive, by what it really unpacks to."""
    with archive.open(member) as part:
        content = part.read(max(allowed, 0) + 1)
    if len(content) > allowed:
        raise stop(
            f"The workbook unpacks to more than {LARGEST_UNPACKED // 2**20} MB.",
            "Save the one table as text.",
        )
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    if member.filename.casefold().endswith((".xml", ".rels")) and (
        wide or b"<!DOCTYPE" in content or b"<!ENTITY" in content
    ):
        raise stop("The workbook has parts that no spreadsheet writes.", "Save it again in the spreadsheet.")
    return content


def _reach(sheet: bytes) -> int:
    """Cells of the table that a sheet spans: two cells in far corners would fill any memory."""
    rows = columns = 0
    for letters, number in _CELL.findall(sheet):
        rows = max(rows, int(number))
        columns = max(columns, _column(letters))
    cells = max(rows * columns, len(_COUNT.findall(sheet)))
    if rows > MAX_ROWS or columns > MAX_COLUMNS or cells > MOST_CELLS:
        raise stop(
            f"The sheet reaches to row {rows}, column {columns}.",
            "Delete what stands far outside the table, or save the table as text.",
        )
    return cells


def _longest_text(strings: bytes) -> int:
    return max(len(piece) for piece in re.split(rb"</(?:\w+:)?si>", strings))


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def sheets(data: bytes) -> list[tuple[str, list[Row]]]:
    """The lines of every sheet that are not empty; the archive is measured before."""
    import python_calamine

    _measure(data)

    try:
        book = python_calamine.load_workbook(io.BytesIO(data))
        names = book.sheet_names[:100]
        return [(n, _rows(book.get_sheet_by_name(n).to_python(skip_empty_area=False))) for n in names]
    except BaseException as error:
        # The reader is a compiled one: its own errors and its panics stand outside the usual hierarchy.
        if isinstance(error, Exception) or type(error).__name__ == "PanicException":
            raise stop(
                f"The workbook can't be read ({shown(str(error), 60)}).", "Save it again in the spreadsheet."
            ) from None
        raise


def _rows(values: Sequence[Sequence[object]]) -> list[Row]:
    rows = []
    for number, line in enumerate(values, 1):
        cells = tuple(_text(value) for value in line)
        if any(cells):
            rows.append(Row(number, cells))
    return rows


def _text(value: object) -> str:
    """A cell as text: whole numbers without a point, dates in a form that is recognised as damage."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date | time | timedelta):
        return value.isoformat() if isinstance(value, date) else f"time {value}"
    return str(value).strip()
