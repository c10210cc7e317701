"""Finding any record by number, token, name in any script, or text; misspelt names too.

Every searched record has one entry, written with the record: its words, and the same words folded to
plain lower-case Latin (so that Đ, ж and ع are found from any keyboard).
"""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from anyascii import anyascii
from sqlalchemy.engine import Connection

from forensics.domain.custody import Consignment, StorageLocation
from forensics.domain.deliveries import Delivery
from forensics.domain.documents import Report
from forensics.domain.external_numbers import ExternalIdentifier
from forensics.domain.families import Donor, Family, MissingPerson
from forensics.domain.identifications import Identification
from forensics.domain.laboratory import Batch, Instrument, ReagentLot
from forensics.domain.matching import Hypothesis
from forensics.domain.operations import Event, Operation, Site
from forensics.domain.people import Person
from forensics.domain.profiles import Profile, ProfileImport
from forensics.domain.quality import Nonconformity
from forensics.domain.records import Record, table_name
from forensics.domain.remains import Association, Individual, RemainsCase, RemainsItem
from forensics.domain.samples import Sample
from forensics.domain.stock_take import StockTake
from forensics.persistence.tables import TABLES, search_entry
from forensics.persistence.trigrams import SHORTEST, Holding

_NUMBERS = " \N{INFORMATION SEPARATOR ONE} "
"""Stands between the words of a record and the numbers that other institutions gave it."""

MOST_WORDS = 20
"""Of a search; the rest is not asked for: a whole text pasted into the field would only choke the database."""

SEARCHED: dict[type[Record], tuple[str, ...]] = {
    RemainsCase: ("external_number", "received_from", "order_reference", "seals", "condition", "note"),
    RemainsItem: ("side", "element", "external_number", "note"),
    Delivery: ("institution", "delivered_by", "authority", "order_reference", "place", "note"),
    Individual: ("label", "note"),
    Sample: ("token", "external_number"),
    MissingPerson: (
        "given_names",
        "family_names",
        "original_name",
        "aliases",
        "token",
        "last_place",
        "marks",
    ),
    Family: ("title", "external_number"),
    Donor: ("name", "token"),
    Operation: ("title", "territory"),
    Event: ("title", "place"),
    Site: ("title", "coordinate_text"),
    Association: ("explanation",),
    Hypothesis: ("reasoning", "review"),
    Identification: ("proposal",),
    Report: ("title",),
    Person: ("name", "login"),
    StorageLocation: ("name",),
    Consignment: ("to_party", "purpose", "seal"),
    StockTake: ("note",),
    Profile: (),
    ProfileImport: ("file_name",),
    Batch: ("stage", "protocol"),
    Nonconformity: ("what",),
    ReagentLot: ("name", "lot"),
    Instrument: ("name", "serial"),
}
"""The fields whose words find a record; its number always does."""

RELATED: dict[type[Record], dict[str, tuple[str, ...]]] = {
    RemainsItem: {"case": ("number",)},
    Sample: {"item": ("number",), "donor": ("token",)},
}
"""Words of the record that a field refers to, by which lists find it too. They never change, and none is a name."""

_TARGETS: dict[str, type[Record]] = {"case": RemainsCase, "item": RemainsItem, "donor": Donor}

LABELS: dict[type[Record], tuple[str, ...]] = {
    RemainsCase: ("external_number", "received_from"),
    RemainsItem: ("side", "element", "external_number"),
    Delivery: ("institution", "delivered_by"),
    Individual: ("label",),
    Sample: ("token",),
    MissingPerson: ("original_name", "given_names", "family_names"),
    Family: ("title",),
    Donor: ("name",),
    Operation: ("title",),
    Event: ("title",),
    Site: ("title",),
    Association: (),
    Hypothesis: (),
    Identification: (),
    Report: ("title",),
    Person: ("name",),
    StorageLocation: ("name",),
    Consignment: ("to_party",),
    StockTake: (),
    Profile: (),
    ProfileImport: ("file_name",),
    Batch: ("stage", "protocol"),
    Nonconformity: ("what",),
    ReagentLot: ("name", "lot"),
    Instrument: ("name", "serial"),
}
"""The fields that a found record is shown by, beside its number."""


def fold(text: str) -> str:
    """Lower-case plain Latin of any script; NUL, which no server takes, is left out."""
    return anyascii(text.replace("\0", "")).casefold()


def _words(value: Record, fields: Sequence[str]) -> str:
    found: list[str] = []
    for name in fields:
        content: Any = getattr(value, name)
        found += content if isinstance(content, tuple) else [str(content or "")]
    return " ".join(word for word in found if word)


def reenter(connection: Connection, value: Record, changed: Collection[str]) -> None:
    """Write the search entry of a changed record anew, when one of its words did change."""
    kind = type(value)
    if isinstance(value, ExternalIdentifier):
        _with_numbers(connection, {value.record})
    elif kind in SEARCHED and not {*SEARCHED[kind], *LABELS[kind]}.isdisjoint(changed):
        connection.execute(sa.delete(search_entry).where(search_entry.c.record == value.id))
        enter(connection, [value])
        _with_numbers(connection, {value.id})


def _numbers_of(connection: Connection, records: Collection[UUID]) -> dict[UUID, str]:
    """What other institutions call the records, as it stands at the end of their entries, behind a mark of its own."""
    given = TABLES[ExternalIdentifier]
    standing = sa.select(given.c.record, given.c.value).where(
        given.c.record.in_(list(records)), given.c.voided_at.is_(None)
    )
    words: dict[UUID, list[str]] = {}
    for row in connection.execute(standing.order_by(given.c.id)):
        words.setdefault(row.record, []).append(row.value)
    return {id: _NUMBERS + _with_plain(" ".join(some)) for id, some in words.items()}


def _with_numbers(connection: Connection, records: Collection[UUID]) -> None:
    """Write the entries of records whose numbers changed anew.

    A slow thing for many: what is removed from the index of words leaves no trace there.
    """
    entry = search_entry
    numbers, changed = _numbers_of(connection, records), {}
    for row in connection.execute(sa.select(entry).where(entry.c.record.in_(list(records)))):
        folded = row.folded.split(_NUMBERS)[0] + numbers.get(row.record, "")
        if folded != row.folded:
            changed[row.entry] = {**row._mapping, "folded": folded}
    if changed:
        connection.execute(sa.delete(entry).where(entry.c.entry.in_(list(changed))))
        connection.execute(sa.insert(entry), [changed[at] for at in sorted(changed)])


def enter(connection: Connection, values: Sequence[Record]) -> None:
    """Write the search entries of records just saved."""
    if values and isinstance(values[0], ExternalIdentifier):
        _with_numbers(connection, {value.record for value in values if isinstance(value, ExternalIdentifier)})
    if not values or type(values[0]) not in SEARCHED:
        return
    related = _related(connection, values)
    # An import gives missing persons their numbers before it saves them, so that each entry is written once.
    early = isinstance(values[0], MissingPerson)
    numbers = _numbers_of(connection, related) if early else {}
    rows = [_entry(value, related[value.id], numbers.get(value.id, "")) for value in values]
    connection.execute(sa.insert(search_entry), rows)


def _related(connection: Connection, values: Sequence[Record]) -> dict[UUID, str]:
    """For each record the folded words of those it refers to."""
    words = {value.id: "" for value in values}
    for field, columns in RELATED.get(type(values[0]), {}).items():
        table = TABLES[_TARGETS[field]]
        wanted = {id for value in values if (id := getattr(value, field)) is not None}
        query = sa.select(table.c.id, *(table.c[name] for name in columns)).where(table.c.id.in_(wanted))
        found = (
            {row[0]: _with_plain(" ".join(row[1:])) for row in connection.execute(query)} if wanted else {}
        )
        for value in values:
            words[value.id] += found.get(getattr(value, field), "")
    return words


def _with_plain(text: str) -> str:
    """Folded, and once more without the dashes that people leave out."""
    return fold(f"{text} {text.replace('-', '')}")


def records_with(word: str, entity: str) -> sa.Select[Any]:
    """The ids of the records of a kind that the word is part of, in their own words or a related number."""
    return sa.select(search_entry.c.record).where(search_entry.c.entity == entity, _holds(word))


def _holds(word: str) -> sa.ColumnElement[Any]:
    """Whether an entry has the word; the shortest are beyond the index."""
    folded, table = fold(word), search_entry
    if len(folded) >= SHORTEST:
        return Holding(folded)
    return table.c.folded.contains(folded, autoescape=True) | table.c.related.contains(
        folded, autoescape=True
    )


def _entry(value: Record, related: str, numbers: str) -> dict[str, Any]:
    words = _words(value, SEARCHED[type(value)])
    return {
        "record": value.id,
        "entity": table_name(type(value)),
        "number": value.number,
        "label": _words(value, LABELS[type(value)])[:120],
        "folded": _with_plain(f"{value.number} {words}") + numbers,
        "related": related,
    }


def numbers(connection: Connection, records: Collection[UUID]) -> dict[UUID, str]:
    """The human numbers of records, of those that have one."""
    table = search_entry
    query = sa.select(table.c.record, table.c.number).where(table.c.record.in_(list(records)))
    return {row.record: row.number for row in connection.execute(query)}


def find(
    connection: Connection, text: str, entities: Sequence[str], limit: int = 30
) -> list[tuple[str, UUID, str, str]]:
    """(entity, id, number, label) of records that hold every word of `text`; else the most alike."""
    table = search_entry
    base = sa.select(table.c.entity, table.c.record, table.c.number, table.c.label).where(
        table.c.entity.in_(entities)
    )
    exact = base
    for word in fold(text).split()[:MOST_WORDS]:
        exact = exact.where(_holds(word), table.c.folded.contains(word, autoescape=True))
    rows = [tuple(row) for row in connection.execute(exact.order_by(table.c.number).limit(limit))]
    return rows or _alike(connection, text[:200], entities, limit)


def _alike(
    connection: Connection, text: str, entities: Sequence[str], limit: int
) -> list[tuple[str, UUID, str, str]]:
    """Names that are spelt nearly so; numbers and tokens are never guessed."""
    from rapidfuzz import fuzz, process

    named = [e for e in ("missing_person", "family", "donor", "person", "site", "operation") if e in entities]
    if not named or len(text) < 3:
        return []
    table = search_entry
    query = sa.select(table.c.entity, table.c.record, table.c.number, table.c.label).where(
        table.c.entity.in_(named)
    )
    rows = [tuple(row) for row in connection.execute(query)]
    scored = process.extract(
        fold(text),
        [fold(row[3]) for row in rows],
        scorer=fuzz.partial_token_set_ratio,
        limit=limit,
        score_cutoff=75,
    )
    return [rows[index] for _, _, index in scored]
