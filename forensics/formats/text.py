"""Bytes to text and tables: encodings, separators, limits; every row keeps its line number."""

import codecs
import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass

from forensics.formats.problems import shown, stop

MAX_COLUMNS = 2_000
MAX_ROWS = 200_000
MAX_CELL = 20_000

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


_EASTERN = re.compile(
    rb"[A-Za-z][\xb3\xb9][a-z]|[A-Za-z][\xbf\x9f\xbe\x9d\xf0]|[\x8c\x8d\x8f\xa3\xa5\xaf][a-z]|i\xe6(?![a-z])"
)
"""Letters of Windows-1250 where Windows-1252 has signs that stand in no word: łódź, Živković, Đorđe."""


def _code_page(data: bytes) -> str:
    """Windows-1250 for central European words, else Windows-1252, which holds all of Latin-1's letters."""
    return "cp1250" if _EASTERN.search(data) else "cp1252"


def decode(data: bytes) -> str:
    """The text of a file: by byte-order mark, else UTF-8, else a Windows code page; line ends become \\n."""
    mark, encoding = next(((m, e) for m, e in _BOMS if data.startswith(m)), (b"", "utf-8"))
    try:
        text = data[len(mark) :].decode(encoding)
    except UnicodeDecodeError as error:
        if mark:
            raise stop(
                f"The text is not the {encoding.upper()} that its first bytes announce (byte {error.start}).",
                "Export the file again, or save it as UTF-8 text.",
            ) from None
        text = data.decode(_code_page(data), errors="replace")
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise stop("A zero byte stands in the text.", "This is no text file; export it again as text.", line)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def first_lines(data: bytes, most: int = 40) -> list[str]:
    """The first non-empty lines, for recognising a format; never fails."""
    start = data[:65_536]
    mark, encoding = next(((m, e) for m, e in _BOMS if start.startswith(m)), (b"", ""))
    text = start[len(mark) :].decode(encoding or "utf-8", errors="replace")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return [line for line in lines if line.strip()][:most]


def delimiter(line: str) -> str:
    """The separator of a table, by its header."""
    if "\t" in line:
        return "\t"
    return ";" if line.count(";") > line.count(",") else ","


def first_cells(data: bytes) -> list[str]:
    """The cells of the first non-empty line, for recognising a format; never fails."""
    lines = first_lines(data, 1)
    if not lines:
        return []
    return [cell.strip().strip('"').strip() for cell in lines[0].split(delimiter(lines[0]))[:MAX_COLUMNS]]


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one line, stripped."""

    line: int
    cells: tuple[str, ...]

    def cell(self, column: int | None) -> str:
        """A cell, empty where the line is shorter."""
        return self.cells[column] if column is not None and column < len(self.cells) else ""


@dataclass(frozen=True, slots=True)
class Table:
    """A header and its rows; empty lines are left out."""

    header: Row
    rows: tuple[Row, ...]


def _split(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    if separator == "\t":  # instruments don't quote, so a lone quotation mark is just a character
        for number, line in enumerate(text.split("\n"), 1):
            yield number, [c[1:-1] if len(c) > 1 and c[0] == c[-1] == '"' else c for c in line.split("\t")]
        return
    rows = csv.reader(text.split("\n"), delimiter=separator, strict=True)
    start = 1
    while True:
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            raise stop(
                f"The quotation marks don't match ({error}).",
                "Close the quotation mark, or double it inside a quoted cell.",
                rows.line_num,
            ) from None
        yield start, cells
        start = rows.line_num + 1


def read_table(data: bytes, skip: int = 0) -> Table:
    """The table of a text file: its first non-empty line, or the one after `skip` of them, is the header.

    Stops at what is no table.
    """
    lines = decode(data).split("\n")
    filled = [number for number, line in enumerate(lines) if line.strip()]
    if len(filled) <= skip:
        raise stop("The file is empty.", "Export it again.")
    first = filled[skip]
    lines[:first] = [""] * first
    rows: list[Row] = []
    for number, cells in _split("\n".join(lines), delimiter(lines[first])):
        row = Row(number, tuple(cell.strip() for cell in cells))
        if any(row.cells):
            _check_size(row, len(rows))
            rows.append(row)
    return make_table(rows)


def make_table(rows: list[Row]) -> Table:
    """Rows as a table, the first being the header; stops at a row that is longer than the header."""
    if not rows:
        raise stop("The file is empty.", "Export it again.")
    header = rows[0]
    for row in rows[1:]:
        beyond = [(i, c) for i, c in enumerate(row.cells[len(header.cells) :], len(header.cells) + 1) if c]
        if beyond:
            raise stop(
                f"{shown(beyond[0][1])} stands beyond the last column of the header.",
                "Give the column a name, or remove an extra separator in this line.",
                row.line,
                str(beyond[0][0]),
            )
    return Table(header, tuple(rows[1:]))


def _check_size(row: Row, count: int) -> None:
    if len(row.cells) > MAX_COLUMNS or count >= MAX_ROWS or max(map(len, row.cells)) > MAX_CELL:
        raise stop(
            f"The table is larger than any real one ({MAX_COLUMNS} columns, {MAX_ROWS} rows).",
            "Split the file, or check that it is the right one.",
            row.line,
        )
