"""The rows of an earlier system's spreadsheet as what they become, with every problem at its line and column.

Nothing here asks a database: a table and the meaning of its columns go in, values and problems come out.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import Any

from forensics.domain.anthropology import Side
from forensics.domain.dates import UncertainDate
from forensics.domain.errors import Invalid
from forensics.domain.kinship import Sex
from forensics.domain.legacy import DateOrder, LegacyKind
from forensics.domain.progress import Progress, Silent
from forensics.domain.reading import Problem, Severity
from forensics.domain.remains import Description, ItemKind
from forensics.formats import legacy_values as values
from forensics.formats.legacy import LegacyTable
from forensics.formats.legacy_values import NotRead
from forensics.formats.problems import Findings
from forensics.formats.text import Row
from forensics.services.remains import NewItem, contents_of

MOST_FATAL = 200  # after so many nobody reads on
STEP = 250  # rows between two words about progress


@dataclass(frozen=True, slots=True)
class LegacyOptions:
    """What the columns mean (by their titles), and what the file does not say."""

    kind: LegacyKind
    columns: Mapping[str, str]
    order: DateOrder | None = None
    received_from: str = ""
    received_on: date | None = None
    institution: str = ""  # whose numbers they are


@dataclass(slots=True)
class LegacyRow:
    """One row understood: the values by field, and its items if it has any."""

    line: int
    key: str  # the number of the case or of the missing person; empty where the file has none
    values: dict[str, Any] = field(default_factory=dict)
    items: tuple[NewItem, ...] = ()
    sound: bool = True

    @property
    def becomes(self) -> str:
        """In words."""
        if not self.sound:
            return "not understood yet"
        if "sex" in self.values:
            name = " ".join(filter(None, (self.values.get("given_names"), self.values.get("family_names"))))
            return f"missing person {name or self.values.get('original_name') or self.key}".strip()
        items = "1 item" if len(self.items) == 1 else f"{len(self.items)} items"
        return f"case {self.key}, {items}" if self.key else f"a case with {items}"


@dataclass(frozen=True, slots=True)
class Understood:
    """A table as rows and problems; the digest is the file's."""

    file_name: str
    digest: str
    options: LegacyOptions
    rows: tuple[LegacyRow, ...]
    problems: tuple[Problem, ...]

    @property
    def refused(self) -> bool:
        return any(p.severity is Severity.FATAL for p in self.problems)


def understand(table: LegacyTable, options: LegacyOptions, progress: Progress | None = None) -> Understood:
    """Every row as what it becomes; `Cancelled` when the person stops it."""
    findings, watch = Findings(), progress or Silent()
    places = {name: at for at, title in enumerate(table.header) if (name := options.columns.get(title))}
    _demand_columns(options, places, findings)
    order = options.order
    for name in ("received", "birth", "last_seen"):
        if order is None and name in places:
            order = values.order_of(row.cell(places[name]) for row in table.rows)
    reader = _Reader(table.header, places, order, findings)
    rows: list[LegacyRow] = []
    for at, row in enumerate(table.rows if not findings.refused else ()):
        if at % STEP == 0:
            watch.step(at, len(table.rows), "Reading rows")
        if sum(p.severity is Severity.FATAL for p in findings.problems) >= MOST_FATAL:
            findings.warn(f"Rows after line {row.line} were not read.", "Mend these first.")
            break
        before = len(findings.problems)
        made = _case(reader, row, options) if options.kind is LegacyKind.REMAINS else _person(reader, row)
        made.sound = len(findings.problems) == before
        rows.append(made)
    _demand_agreement(rows, options, findings)
    return Understood(table.file_name, table.digest, options, tuple(rows), findings.all)


def _demand_columns(options: LegacyOptions, places: Mapping[str, int], findings: Findings) -> None:
    """The least that a table must have."""
    if options.kind is LegacyKind.MISSING:
        if not {"given_names", "family_names", "original_name"} & places.keys():
            findings.fatal(
                "No column is a name of the missing person.", "Say which column holds the names.", 1
            )
        return
    if not {"case", "item", "bones"} & places.keys():
        findings.fatal("No column is the number of a case or names a bone.", "Say which column holds it.", 1)
    if "received" not in places and options.received_on is None:
        findings.fatal(
            "No column is the date of receipt.", "Say which column holds it, or give one day for all.", 1
        )
    if "received_from" not in places and not options.received_from.strip():
        findings.fatal(
            "No column says from whom the remains came.", "Say which one does, or give it for all.", 1
        )


class _Reader:
    """Reads the cells of a row and notes what is wrong at its place."""

    def __init__(
        self, header: tuple[str, ...], places: Mapping[str, int], order: DateOrder | None, findings: Findings
    ) -> None:
        self.header, self.places, self.order, self.findings = header, places, order, findings

    def words(self, row: Row, name: str) -> str:
        return values.said(row.cell(self.places.get(name)))

    def read(self, row: Row, name: str, parse: Callable[[str], Any], otherwise: Any = None) -> Any:
        """The cell as a value; where it says nothing or can't be read, something else."""
        words = self.words(row, name)
        if not words:
            return otherwise
        try:
            return parse(words)
        except NotRead as error:
            self.fatal(row, name, error.what, error.remedy)
        except Invalid as error:
            self.fatal(row, name, str(error).rstrip(".") + ".", "Correct the cell.")
        return otherwise

    def day(self, row: Row, name: str) -> UncertainDate | None:
        found: UncertainDate | None = self.read(
            row, name, lambda cell: UncertainDate(values.day(cell, self.order))
        )
        return found

    def fatal(self, row: Row, name: str, what: str, remedy: str) -> None:
        self.findings.fatal(what, remedy, row.line, self.header[self.places[name]])


@lru_cache(maxsize=4096)
def _bones(typed: str) -> tuple[NewItem, ...] | str:
    """Cached, because an earlier system repeats its words; a refusal as its sentence."""
    try:
        return contents_of(typed)
    except Invalid as error:
        return str(error)


def _contents(typed: str) -> tuple[NewItem, ...]:
    found = _bones(typed)
    if isinstance(found, str):
        raise Invalid(found)
    return found


def _case(reader: _Reader, row: Row, options: LegacyOptions) -> LegacyRow:
    words = reader.words
    received = _received(reader, row, options)
    side = reader.read(row, "side", values.side)
    items: tuple[NewItem, ...] = reader.read(row, "bones", _contents, ())
    if side is not None:
        items = tuple(_sided(item, side) for item in items)
    mass = reader.read(row, "mass_g", lambda cell: values.number(cell, "g"))
    count = reader.read(row, "count", values.whole, 1)
    number = words(row, "item")
    if not items and (number or mass is not None):
        items = (NewItem(ItemKind.FRAGMENTS),)
    if len(items) == 1:
        items = (_with(items[0], mass, count, number),)
    elif items and (number or mass is not None):
        reader.findings.fatal(
            f"{len(items)} bones share one number or mass.", "Give each bone a row of its own.", row.line
        )
    given = {name: words(row, name) for name in ("authority", "condition", "seals", "note")}
    return LegacyRow(
        row.line,
        words(row, "case"),
        {
            **given,
            "order_reference": words(row, "order"),
            "received_from": words(row, "received_from") or options.received_from.strip(),
            "received_at": received,
            "description": reader.read(row, "description", values.description, Description.SKELETAL),
        },
        items,
    )


def _received(reader: _Reader, row: Row, options: LegacyOptions) -> datetime | None:
    told = reader.day(row, "received")
    found = told.earliest if told is not None and told.earliest == told.latest else None
    if told is not None and found is None:
        reader.fatal(row, "received", f"{told} is no single day.", "Give the day of receipt.")
    elif "received" in reader.places and options.received_on is None and not reader.words(row, "received"):
        reader.fatal(row, "received", "The date of receipt is missing.", "Fill it in, or give one for all.")
    chosen = found or options.received_on
    return None if chosen is None else datetime.combine(chosen, time(12), UTC)


def _sided(item: NewItem, side: Side) -> NewItem:
    return item if item.side is not Side.UNSIDED else replace(item, side=side)


def _with(item: NewItem, mass: float | None, count: int, number: str) -> NewItem:
    return replace(item, mass_g=mass, count=count, external_number=number)


_TEXTS = (
    "given_names",
    "family_names",
    "original_name",
    "last_place",
    "marks",
    "dental",
    "clothing",
    "circumstances",
)


def _person(reader: _Reader, row: Row) -> LegacyRow:
    found: dict[str, Any] = {name: reader.words(row, name) for name in _TEXTS}
    if not any(found[name] for name in ("given_names", "family_names", "original_name")):
        reader.findings.fatal("The row has no name.", "Fill it in, or take the row out.", row.line)
    height = reader.read(row, "height_cm", lambda cell: values.number(cell, "cm"))
    if height is not None and not 30 <= height <= 260:
        reader.fatal(
            row, "height_cm", f"A height of {height:g} cm can't be right.", "Give it in centimetres."
        )
    aliases = reader.words(row, "aliases").replace(";", ",").split(",")
    found |= {
        "aliases": tuple(filter(None, (alias.strip() for alias in aliases))),
        "sex": reader.read(row, "sex", values.sex, Sex.UNKNOWN),
        "birth": reader.day(row, "birth"),
        "height_cm": height,
        "last_seen": reader.day(row, "last_seen"),
        "family": reader.words(row, "family"),
        "contact": reader.words(row, "contact"),
    }
    return LegacyRow(row.line, reader.words(row, "number"), found)


def _demand_agreement(rows: list[LegacyRow], options: LegacyOptions, findings: Findings) -> None:
    """Rows of one case say the same of it; no missing person and no item stands twice in the file."""
    seen: dict[str, LegacyRow] = {}
    items: dict[str, int] = {}
    for row in rows:
        for item in row.items:
            key = f"{row.key}|{item.external_number}".casefold()
            if item.external_number and key in items:
                findings.fatal(
                    f"The item {item.external_number} stands in line {items[key]} too.",
                    "Take one out.",
                    row.line,
                )
            items.setdefault(key, row.line)
        first = seen.setdefault(row.key.casefold(), row) if row.key else row
        if first is row:
            continue
        if options.kind is LegacyKind.MISSING:
            findings.fatal(
                f"The number {row.key} stands in line {first.line} too.", "Take one out.", row.line
            )
        elif differing := _differing(first, row):
            words = differing.replace("_", " ")
            findings.fatal(
                f"The case {row.key} has another “{words}” than in line {first.line}.",
                "Make both the same, or leave the later one empty.",
                row.line,
            )


def _differing(first: LegacyRow, row: LegacyRow) -> str:
    for name in ("received_at", "received_from", "authority", "order_reference"):
        if row.values[name] and row.values[name] != first.values[name]:
            return name
    return ""
