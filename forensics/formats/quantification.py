"""The table of a quantification, as it is exported or copied: a row for each well, every problem with its place."""

import csv
import re
from collections.abc import Sequence

from forensics.domain.laboratory import canonical_position
from forensics.domain.quantities import Quantity
from forensics.domain.reading import Problem
from forensics.formats.problems import shown
from forensics.formats.text import delimiter

_COLUMNS: dict[str, tuple[str, ...]] = {
    "position": ("well", "wellposition", "position", "pos"),
    "volume_ul": ("volume", "volumeul", "elutionvolume", "elutionvolumeul", "vol"),
    "small": ("small", "smallautosomal", "tsmallautosomal", "humanquant", "human", "autosomal", "quantity"),
    "large": ("large", "largeautosomal", "tlargeautosomal", "degradation", "long"),
    "male": ("y", "ty", "male", "malequant", "maledna"),
    "ipc": ("ipc", "ipcct", "tipc", "ipccq", "internalcontrol"),
}
"""Headers by which instruments and people call the columns, without case, units and marks."""

_NOTHING = frozenset({"", "-", "--", "undetermined", "undet", "nd", "n/a", "na"})
_LARGEST = 100_000.0


def read_quantities(text: str) -> tuple[list[Quantity], list[Problem]]:
    """Rows and problems; where there is a problem the table is not to be taken in.

    The first line names the columns (at least the well). Decimal commas are read where the separator is no comma.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    first = next((n for n, line in enumerate(lines) if line.strip()), None)
    if first is None:
        return [], [Problem("There is nothing in the table.", "Copy it with its header line.")]
    mark = delimiter(lines[first])
    columns = _columns(_cells(lines[first], mark))
    if "position" not in columns:
        said = Problem("No column says the well.", "Name it Well, with positions such as A1.", first + 1)
        return [], [said]
    rows: list[Quantity] = []
    problems: list[Problem] = []
    for number, line in enumerate(lines[first + 1 :], first + 2):
        if line.strip():
            _read_row(_cells(line, mark), columns, number, mark, rows, problems)
    if not rows and not problems:
        problems.append(Problem("The table has no rows below its header.", "Copy all of it.", first + 1))
    return rows, problems


def _cells(line: str, mark: str) -> list[str]:
    """The cells of a line; one that no table program writes is a single cell, and named as such."""
    try:
        return next(csv.reader([line], delimiter=mark), [])
    except csv.Error:
        return [line[:40]]


def _columns(header: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, title in enumerate(header):
        plain = re.sub(r"\(.*?\)|[^a-z]", "", title.casefold().replace("µ", "u"))
        name = next((name for name, titles in _COLUMNS.items() if plain in titles), None)
        if name is not None:
            found.setdefault(name, place)
    return found


def _read_row(
    cells: Sequence[str],
    columns: dict[str, int],
    line: int,
    mark: str,
    rows: list[Quantity],
    problems: list[Problem],
) -> None:
    written = cells[columns["position"]].strip() if columns["position"] < len(cells) else ""
    position = canonical_position(written)
    if position is None:
        what = f"{shown(written)} is no position of a plate."
        problems.append(Problem(what, "Positions run from A1 to H12.", line, "Well"))
        return
    if any(row.position == position for row in rows):
        problems.append(Problem(f"{position} stands in the table twice.", "Keep one row.", line, "Well"))
        return
    values: dict[str, float] = {}
    for name, place in columns.items():
        cell = cells[place].strip() if place < len(cells) else ""
        if name == "position" or cell.casefold() in _NOTHING:
            continue
        value = _number(cell, mark)
        if value is None:
            what = f"{shown(cell)} is no amount."
            problems.append(Problem(what, "Write a number that is not negative, or nothing.", line, name))
        else:
            values[name] = value
    rows.append(Quantity(position, **values))


def _number(cell: str, mark: str) -> float | None:
    plain = cell if mark == "," else cell.replace(",", ".")
    try:
        value = float(plain)
    except ValueError:
        return None
    return value if 0 <= value <= _LARGEST else None
