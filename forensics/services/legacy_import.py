"""Spreadsheets of an earlier system: mapped, tried out, and taken in whole in one act or not at all."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from forensics.domain.custody import CustodyKind
from forensics.domain.errors import Invalid
from forensics.domain.external_numbers import ExternalIdentifier
from forensics.domain.families import Family, MissingPerson, Relative
from forensics.domain.legacy import LegacyImport, LegacyKind, LegacyMapping
from forensics.domain.numbers import new_token
from forensics.domain.people import Permission
from forensics.domain.progress import Progress, Silent
from forensics.domain.reading import Problem, Severity
from forensics.domain.records import Record
from forensics.domain.remains import RemainsCase, RemainsItem
from forensics.formats.legacy import LegacyTable, read_legacy
from forensics.formats.legacy_columns import FIELDS
from forensics.formats.legacy_columns import guess as guess_by_words
from forensics.persistence.transaction import Transaction
from forensics.services import custody
from forensics.services.door import command, query
from forensics.services.legacy_rows import LegacyOptions, LegacyRow, Understood, understand
from forensics.services.remains import item_of

__all__ = [
    "LegacyOptions",
    "LegacyPlan",
    "LegacyTable",
    "Understood",
    "check",
    "fields_of",
    "guess",
    "import_missing",
    "import_remains",
    "mappings",
    "read_legacy",
    "save_mapping",
    "understand",
]

_AT_ONCE = 500  # values of one question, records of one statement


@dataclass(frozen=True, slots=True)
class LegacyPlan:
    """What would become of a file: the rows, every problem, and how much there is."""

    understood: Understood
    problems: tuple[Problem, ...]

    @property
    def refused(self) -> bool:
        return any(p.severity is Severity.FATAL for p in self.problems)


def fields_of(kind: LegacyKind) -> tuple[str, ...]:
    """What a column may be."""
    return FIELDS[kind]


def guess(header: tuple[str, ...], kind: LegacyKind, known: Sequence[LegacyMapping] = ()) -> dict[str, str]:
    """What the columns probably mean: by the saved mapping that fits this header best, else by their words."""
    fitting = [m for m in known if m.kind is kind and m.columns and set(m.columns) <= set(header)]
    best = max(fitting, key=lambda m: len(m.columns), default=None)
    return dict(best.columns) if best is not None else guess_by_words(header, kind)


# mappings


@query(Permission.CASE_READ)
def mappings(tx: Transaction) -> list[LegacyMapping]:
    """The saved mappings by name."""
    return tx.find(LegacyMapping, order="name", voided_at=None)


@command(Permission.PAPERS_RECORD)
def save_mapping(tx: Transaction, name: str, kind: LegacyKind, columns: Mapping[str, str]) -> LegacyMapping:
    """Keep a mapping by its name; the one that had the name is changed."""
    name = " ".join(name.split())
    if not name or not columns:
        raise Invalid("Give the mapping a name and at least one column.")
    known = tx.one(LegacyMapping, name=name)
    if known is not None:
        return tx.change(known, kind=kind, columns=dict(columns))
    return tx.add(LegacyMapping(name=name, kind=kind, columns=dict(columns)))


# the dry run


@query(Permission.CASE_READ)
def check(tx: Transaction, understood: Understood) -> LegacyPlan:
    """What the rows meet in the laboratory; nothing changes."""
    return _plan(tx, understood)


def _plan(tx: Transaction, understood: Understood) -> LegacyPlan:
    problems = list(understood.problems)
    earlier = tx.one(LegacyImport, digest=understood.digest)
    if earlier is not None:
        problems.append(
            Problem(
                f"This very file was taken in as {earlier.number}.",
                "Nothing more is to be done; choose another file.",
            )
        )
    kinds: tuple[type[Record], ...] = (RemainsCase,)
    if understood.options.kind is LegacyKind.MISSING:
        kinds = (MissingPerson,)
    known = _known(tx, [row.key for row in understood.rows if row.key], kinds)
    lines: dict[str, int] = {}
    for row in understood.rows:
        first = lines.setdefault(row.key.casefold(), row.line)
        if row.key in known and first == row.line:
            problems.append(
                Problem(
                    f"The number {row.key} is known already, of {known[row.key]}.",
                    "Take the row out, or correct its number.",
                    row.line,
                )
            )
    problems += _known_families(tx, understood.rows)
    return LegacyPlan(understood, tuple(problems))


def _known_families(tx: Transaction, rows: Sequence[LegacyRow]) -> list[Problem]:
    """Families of the file that the laboratory knows: whether they are the same a person decides."""
    lines = {row.values["family"]: row.line for row in reversed(rows) if row.values.get("family")}
    problems = []
    for some in _chunks(list(lines)):
        for family in tx.find(Family, external_number=list(some), voided_at=None):
            what = f"The family {family.external_number} is known already, as {family.number}."
            remedy = "Add the person on the page of that family, and take the row out."
            problems.append(Problem(what, remedy, lines[family.external_number]))
    return problems


def _known(tx: Transaction, numbers: Sequence[str], kinds: tuple[type[Record], ...]) -> dict[str, str]:
    """Which of the numbers the laboratory knows, and whose they are."""
    found: dict[str, str] = {}
    for some in _chunks(numbers):
        given = {
            one.record: one.value for one in tx.find(ExternalIdentifier, value=list(some), voided_at=None)
        }
        for kind in kinds:
            if given:
                records = tx.find(kind, id=list(given), voided_at=None)
                found |= {given[record.id]: record.number for record in records}
            if kind is RemainsCase:
                cases = tx.find(RemainsCase, external_number=list(some), voided_at=None)
                found |= {case.external_number: case.number for case in cases}
    return found


def _chunks(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (values[at : at + _AT_ONCE] for at in range(0, len(values), _AT_ONCE))


# taking in


@command(Permission.REMAINS_RECEIVE)
def import_remains(
    tx: Transaction, understood: Understood, operation: UUID, progress: Progress | None = None
) -> LegacyImport:
    """Cases and their items, each with its first leg of custody; all of them or none."""
    _demand_sound(tx, understood, LegacyKind.REMAINS)
    watch = progress or Silent()
    groups: dict[str, list[LegacyRow]] = {}
    for row in understood.rows:
        groups.setdefault(row.key.casefold() or f"\0{row.line}", []).append(row)
    done = 0
    for some in _chunks(list(groups.values())):
        cases = tx.add_all(_case(tx, operation, rows[0]) for rows in some)
        new = [
            (case, item_of(case, item, None))
            for case, rows in zip(cases, some, strict=True)
            for row in rows
            for item in row.items
        ]
        items: list[RemainsItem] = tx.add_all(item for _, item in new)
        tx.add_all(_leg(tx, case, item) for (case, _), item in zip(new, items, strict=True))
        done += len(some)
        watch.step(done, len(groups), "Taking cases in")
    return _record(tx, understood, operation)


def _case(tx: Transaction, operation: UUID, row: LegacyRow) -> RemainsCase:
    return RemainsCase(operation=operation, received_by=tx.me, external_number=row.key, **row.values)


def _leg(tx: Transaction, case: RemainsCase, item: RemainsItem) -> Any:
    return custody.leg(
        tx,
        CustodyKind.RECEIVE,
        item=item.id,
        at=case.received_at,
        from_party=case.received_from,
        seal_before=case.seals,
        condition=case.condition,
        note="From a spreadsheet of an earlier system",
    )


@command(Permission.FAMILY_RECORD)
def import_missing(
    tx: Transaction, understood: Understood, operation: UUID, progress: Progress | None = None
) -> LegacyImport:
    """Missing persons with their families; all of them or none. Rows that name one family share it."""
    _demand_sound(tx, understood, LegacyKind.MISSING)
    watch = progress or Silent()
    families = _families(tx, operation, understood.rows)
    codes: dict[UUID, int] = {}
    done = 0
    for some in _chunks(understood.rows):
        new = [_person(operation, families[_family_key(row)], row) for row in some]
        institution = understood.options.institution.strip() or understood.file_name
        tx.add_all(  # before the people, so that their search entries are written once
            ExternalIdentifier(
                entity="missing_person", record=person.id, value=row.key, institution=institution
            )
            for person, row in zip(new, some, strict=True)
            if row.key
        )
        tx.add_all(_drawn(person, codes) for person in tx.add_all(new))
        done += len(some)
        watch.step(done, len(understood.rows), "Taking missing persons in")
    return _record(tx, understood, operation)


def _family_key(row: LegacyRow) -> str:
    return row.values["family"].casefold() or f"\0{row.line}"


def _families(tx: Transaction, operation: UUID, rows: Sequence[LegacyRow]) -> dict[str, UUID]:
    """A family for each that is named, and one for each missing person without."""
    new: dict[str, Family] = {}
    for row in rows:
        found = row.values
        title = found["family"] or found["family_names"] or found["original_name"] or found["given_names"]
        family = Family(
            operation=operation, title=title, external_number=found["family"], contact=found["contact"]
        )
        new.setdefault(_family_key(row), family)
    saved: list[Family] = []
    for some in _chunks(list(new.values())):
        saved += tx.add_all(some)
    return {key: family.id for key, family in zip(new, saved, strict=True)}


def _person(operation: UUID, family: UUID, row: LegacyRow) -> MissingPerson:
    fields = {name: value for name, value in row.values.items() if name not in ("family", "contact")}
    return MissingPerson(operation=operation, family=family, token=new_token(), **fields)


def _drawn(person: MissingPerson, codes: dict[UUID, int]) -> Relative:
    """The missing person as a person apart of the family's drawing."""
    codes[person.family] = number = codes.get(person.family, 0) + 1
    code = "MP" if number == 1 else f"MP{number}"
    return Relative(family=person.family, code=code, sex=person.sex, missing_person=person.id)


def _demand_sound(tx: Transaction, understood: Understood, kind: LegacyKind) -> None:
    if understood.options.kind is not kind:
        raise Invalid(f"This file was mapped as {understood.options.kind}; map it again.")
    tx.alone()  # nobody takes the same file in between the look and the act
    plan = _plan(tx, understood)
    first = next((p for p in plan.problems if p.severity is Severity.FATAL), None)
    if first is not None:
        raise Invalid(str(first))
    if not understood.rows:
        raise Invalid("There is no row to take in.")


def _record(tx: Transaction, understood: Understood, operation: UUID) -> LegacyImport:
    return tx.add(
        LegacyImport(
            operation=operation,
            kind=understood.options.kind,
            file_name=understood.file_name,
            digest=understood.digest,
            rows=len(understood.rows),
            columns=dict(understood.options.columns),
        )
    )
