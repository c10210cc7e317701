"""The database itself keeps the rules, whoever writes to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy import exc
from sqlalchemy.engine import Connection

from forensics.domain.operations import Operation, OperationKind
from forensics.domain.people import Person
from forensics.domain.remains import (
    Association,
    AssociationState,
    Basis,
    Description,
    ItemKind,
    RemainsCase,
    RemainsItem,
)
from forensics.domain.rules import DIFFERENT, FIXED, MACHINES
from forensics.persistence.store import Store
from forensics.persistence.tables import TABLES, audit_change, audit_entry
from forensics.persistence.trouble import explain


@pytest.fixture
def item(store: Store) -> RemainsItem:
    """An item with everything that it refers to."""
    with store.writing(None, "test") as act:
        people = act.tx.add_all([Person(name=n, login=n) for n in ("first", "second")])
        operation = act.tx.add(Operation(title="Test", kind=OperationKind.ROUTINE, number_sought=10))
        case = act.tx.add(
            RemainsCase(
                operation=operation.id,
                received_at=datetime.now(UTC),
                received_from="mortuary",
                received_by=people[0].id,
                description=Description.SKELETAL,
            )
        )
        made = act.tx.add(RemainsItem(operation=operation.id, case=case.id, kind=ItemKind.BONE))
        act.finish(made)
    return made


def _raw(store: Store, statement: sa.Executable) -> None:
    """What another program could try."""
    with store.engine.connect().execution_options(nomina_writes=True) as connection, connection.begin():
        connection.execute(statement)


def _refused(store: Store, statement: sa.Executable, sentence: str) -> None:
    with pytest.raises(exc.DBAPIError) as caught:
        _raw(store, statement)
    told = explain(caught.value)
    assert told is not None
    assert sentence in str(told)


def test_no_record_can_be_deleted(store: Store, item: RemainsItem) -> None:
    _refused(store, sa.delete(TABLES[RemainsItem]), "records are never deleted")


def test_a_change_must_raise_the_revision_by_one(store: Store, item: RemainsItem) -> None:
    table = TABLES[RemainsItem]
    _refused(store, sa.update(table).values(note="silent"), "raise the revision")
    _raw(store, sa.update(table).values(note="open", revision=2))


def test_an_unlawful_step_is_refused(store: Store, item: RemainsItem) -> None:
    table = TABLES[RemainsItem]
    _refused(store, sa.update(table).values(state="identified", revision=2), "not lawful")


def test_a_record_can_not_begin_in_the_middle(store: Store, item: RemainsItem) -> None:
    copy = {c.name: c for c in TABLES[RemainsItem].columns}
    with store.reading(None, "test") as tx:
        row = dict(tx.connection.execute(sa.select(TABLES[RemainsItem])).mappings().one())
    row |= {"id": replace(item).id, "state": "identified"}
    assert set(row) == set(copy)
    row["id"] = uuid4()
    _refused(store, sa.insert(TABLES[RemainsItem]).values(row), "can not begin")


def test_an_unknown_state_is_refused_by_a_constraint(store: Store, item: RemainsItem) -> None:
    with pytest.raises(exc.IntegrityError):
        _raw(store, sa.update(TABLES[RemainsItem]).values(kind="ghost", revision=2))


def test_proposer_and_decider_must_be_two_people(store: Store, item: RemainsItem) -> None:
    with store.writing(None, "test") as act:
        other = act.tx.add(replace(item, id=uuid4(), number=""))
        who = act.tx.find(Person)[0].id
        made = act.tx.add(Association(first=item.id, second=other.id, basis=Basis.DNA, proposed_by=who))
        act.finish(made)
    table = TABLES[Association]
    change = sa.update(table).values(decided_by=who, state=str(AssociationState.ACCEPTED), revision=2)
    _refused(store, change, "decided by another person")


def test_the_audit_can_not_be_rewritten_or_cut(store: Store, item: RemainsItem) -> None:
    _refused(store, sa.update(audit_entry).values(act="nothing"), "append-only")
    _refused(store, sa.delete(audit_change), "append-only")
    _refused(store, sa.update(audit_change).values(content="{}"), "append-only")


def test_the_audit_content_can_be_erased_together_with_its_key(store: Store, item: RemainsItem) -> None:
    from forensics.persistence.auditing import verify_chain

    _raw(store, sa.update(audit_change).values(content=None, key=None))
    with store.reading(None, "test") as tx:
        assert verify_chain(tx).sound


def test_replacing_does_not_get_around_the_audit(store: Store, item: RemainsItem) -> None:
    if store.engine.dialect.name != "sqlite":
        pytest.skip("INSERT OR REPLACE is SQLite's own")
    with store.reading(None, "test") as tx:
        row = dict(tx.connection.execute(sa.select(audit_entry)).mappings().first() or {})
    row["act"] = "nothing"
    _refused(store, sa.insert(audit_entry).prefix_with("OR REPLACE").values(row), "append-only")


def test_every_rule_of_the_domain_has_its_guard_or_constraint() -> None:
    from forensics.persistence.guards import guards

    names = {guard.name for guard in guards()}
    checks = {
        str(c.name) for t in TABLES.values() for c in t.constraints if isinstance(c, sa.CheckConstraint)
    }
    for machine in MACHINES:
        table = TABLES[machine.entity].name
        assert {f"{table}_{machine.field}_step", f"{table}_{machine.field}_start"} <= names
    for rule in FIXED:
        assert f"{TABLES[rule.entity].name}_fixed" in names
    for different in DIFFERENT:
        table = TABLES[different.entity].name
        first, second = different.fields[:2]
        assert f"ck_{table}_{first}_is_not_{second}" in checks


def test_a_reading_transaction_can_not_write(store: Store, item: RemainsItem) -> None:
    from forensics.domain.errors import Unavailable

    def write(connection: Connection) -> None:
        connection.execute(sa.update(TABLES[RemainsItem]).values(note="x", revision=2))

    with pytest.raises((Unavailable, exc.DBAPIError)), store.reading(None, "test") as tx:
        write(tx.connection)
