"""One act on the database: records, revisions, conflicts, the audit, and doing a request once."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import pytest
import sqlalchemy as sa

from forensics.domain.dates import UncertainDate
from forensics.domain.errors import Conflict, Invalid, Refused, Unavailable
from forensics.domain.families import Family, MissingPerson, MissingState
from forensics.domain.kinship import Sex
from forensics.domain.lists import ListQuery
from forensics.domain.numbers import is_sound, new_token
from forensics.domain.operations import Operation, OperationKind
from forensics.domain.people import Person
from forensics.domain.records import new_id
from forensics.persistence import lines, searching
from forensics.persistence.auditing import story, verify_chain
from forensics.persistence.store import Store
from forensics.persistence.tables import audit_change, audit_entry
from forensics.persistence.transaction import Transaction


def _missing(tx: Transaction) -> MissingPerson:
    operation = tx.add(Operation(title="Test", kind=OperationKind.ROUTINE, number_sought=10))
    family = tx.add(Family(operation=operation.id, title="F1", notes=("first", "second")))
    return tx.add(
        MissingPerson(
            operation=operation.id,
            family=family.id,
            token=new_token(),
            given_names="Јелена",
            family_names="Ђорђевић",
            aliases=("Lena",),
            sex=Sex.FEMALE,
            birth=UncertainDate("1971?"),
            height_cm=167.5,
        )
    )


def _saved(store: Store, what: str = "test") -> MissingPerson:
    with store.writing(None, what) as act:
        made = _missing(act.tx)
        act.finish(made)
    return made


def test_what_was_saved_comes_back_as_it_was(store: Store) -> None:
    made = _saved(store)
    with store.reading(None, "test") as tx:
        assert tx.get(MissingPerson, made.id) == made
        assert tx.find(Family)[0].notes == ("first", "second")
    assert made.created_at is not None
    assert made.created_at.tzinfo is not None


def test_numbers_rise_and_carry_a_sound_check_character(store: Store) -> None:
    numbers = [_saved(store).number for _ in range(3)]
    assert numbers == sorted(numbers)
    assert all(is_sound(number) for number in numbers)
    assert numbers[0].startswith(f"MP-{datetime.now(UTC):%y}-00001-")


def test_a_stale_change_raises_a_conflict_with_both_versions(store: Store) -> None:
    seen = _saved(store)
    with store.writing(None, "first") as act:
        act.finish(act.tx.change(seen, marks="scar"))
    with pytest.raises(Conflict) as caught, store.writing(None, "second") as act:
        act.tx.change(seen, marks="tattoo")
    mine, theirs = caught.value.mine, caught.value.theirs
    assert isinstance(mine, MissingPerson)
    assert isinstance(theirs, MissingPerson)
    assert (mine.marks, theirs.marks) == ("tattoo", "scar")


def test_a_failing_act_leaves_nothing_behind(store: Store) -> None:
    with pytest.raises(Invalid), store.writing(None, "test") as act:
        _missing(act.tx)
        raise Invalid("stop")
    with store.reading(None, "test") as tx:
        assert tx.find(MissingPerson) == []
        assert tx.audit_head().sequence == 0


def test_voiding_needs_a_reason_and_keeps_the_record(store: Store) -> None:
    made = _saved(store)
    person = Person(name="A", login="a")
    with store.writing(None, "test") as act:
        act.finish(act.tx.add(person))
    with pytest.raises(Invalid, match="why"), store.writing(person, "test") as act:
        act.tx.void(made, " ")
    with store.writing(person, "test") as act:
        act.finish(act.tx.void(made, "entered twice"))
    with store.reading(None, "test") as tx:
        assert tx.get(MissingPerson, made.id).void_reason == "entered twice"
        assert tx.find(MissingPerson, voided_at=None) == []


def test_an_unlawful_step_is_refused_with_the_lawful_ones(store: Store) -> None:
    from forensics.domain.profiles import Profile, ProfileState
    from forensics.domain.rules import machines_of

    (machine,) = machines_of(Profile)
    with pytest.raises(Refused, match="possible are: superseded, withdrawn"):
        machine.demand(ProfileState.ACCEPTED, ProfileState.IMPORTED)


def test_each_act_is_one_entry_and_the_chain_verifies(store: Store) -> None:
    made = _saved(store, "families.create")
    with store.writing(None, "families.change") as act:
        act.finish(act.tx.change(made, state=MissingState.SEARCHING, marks="scar"))
    with store.reading(None, "test") as tx:
        verdict = verify_chain(tx)
        told = story(tx, {made.id})
    assert verdict.sound
    assert verdict.entries == 2
    assert [entry.act for entry in told] == ["families.create", "families.change"]
    assert '"marks":["","scar"]' in (told[1].changes[0].content or "")


def _tampered(store: Store, **values: object) -> list[str]:
    """What the verification says after somebody who owns the file switched the triggers off."""
    with store.engine.connect().execution_options(nomina_writes=True) as connection, connection.begin():
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("DROP TRIGGER audit_change_kept")
        else:
            connection.exec_driver_sql("ALTER TABLE audit_change DISABLE TRIGGER USER")
        first = sa.select(sa.func.min(audit_change.c.sequence)).scalar_subquery()
        connection.execute(sa.update(audit_change).where(audit_change.c.sequence == first).values(**values))
    with store.reading(None, "test") as tx:
        return list(verify_chain(tx).problems)


def test_an_altered_content_is_noticed(store: Store) -> None:
    _saved(store)
    assert "altered" in _tampered(store, content='{"given_names":"somebody else"}')[0]


def test_an_altered_commitment_is_noticed(store: Store) -> None:
    _saved(store)
    assert "altered" in _tampered(store, commitment="0" * 64)[0]


def test_the_same_request_happens_once(store: Store) -> None:
    request = uuid4()
    with store.writing(None, "test", request) as act:
        assert not act.done_before
        made = _missing(act.tx)
        act.finish(made)
    with store.writing(None, "test", request) as act:
        assert act.done_before
        assert act.earlier == made


def test_secrets_do_not_stand_in_the_audit(store: Store) -> None:
    person = Person(name="A", login="a", password_hash="argon2id$secret", vault_slot=b"sealed")
    with store.writing(None, "test") as act:
        act.finish(act.tx.add(person))
    with store.reading(None, "test") as tx:
        content = story(tx, {person.id})[0].changes[0].content or ""
    assert "argon2id$secret" not in content
    assert content.count("sha256:") == 2


def test_names_are_found_in_any_script_and_misspelt(store: Store) -> None:
    made = _saved(store)
    with store.reading(None, "test") as tx:
        for text in (
            "Ђорђевић",
            "dordevic",
            "JELENA",
            "Yelena Djordjevic",
            made.number,
            made.token.replace("-", ""),
        ):
            found = searching.find(tx.connection, text, ["missing_person"])
            assert [row[1] for row in found] == [made.id], text
        assert searching.find(tx.connection, "jelena", ["sample"]) == []


def test_a_full_disk_is_told_and_loses_nothing(embedded: Store) -> None:
    kept = _saved(embedded)
    with pytest.raises(Unavailable, match="disk is full"), embedded.writing(None, "test") as act:
        pages = act.tx.connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        act.tx.connection.exec_driver_sql(f"PRAGMA max_page_count = {int(pages) + 3}")
        big = Family(operation=kept.operation, title="x" * 200_000)
        act.finish(act.tx.add(big))
    with embedded.reading(None, "test") as tx:
        assert tx.get(MissingPerson, kept.id) == kept
        assert tx.count(Family) == 1
        assert verify_chain(tx).sound


def test_ids_rise_strictly() -> None:
    ids = [new_id() for _ in range(5000)]
    assert ids == sorted(set(ids))
    assert {id.version for id in ids} == {7}


@pytest.mark.parametrize(
    ("title", "number", "words"),
    [("a\0b", 10, "can't be kept"), ("a\ud800b", 10, "can't be kept"), ("a", 10**30, "larger than")],
)
def test_what_no_database_can_keep_is_refused_in_a_sentence(
    store: Store, title: str, number: int, words: str
) -> None:
    with pytest.raises(Invalid, match=words), store.writing(None, "test") as act:
        act.tx.add(Operation(title=title, kind=OperationKind.ROUTINE, number_sought=number))


def test_a_whole_text_pasted_into_the_search_finds_nothing_and_breaks_nothing(store: Store) -> None:
    with store.reading(None, "test") as tx:
        assert searching.find(tx.connection, "word " * 5000, ["family"]) == []
        assert lines.FAMILIES.page(tx, ListQuery(text="word " * 5000)).total == 0


def test_an_altered_entry_is_noticed_though_its_changes_are_whole(store: Store) -> None:
    _saved(store)
    with store.engine.connect().execution_options(nomina_writes=True) as connection, connection.begin():
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("DROP TRIGGER audit_entry_kept")
        else:
            connection.exec_driver_sql("ALTER TABLE audit_entry DISABLE TRIGGER USER")
        connection.execute(sa.update(audit_entry).values(act="something else"))
    with store.reading(None, "test") as tx:
        assert list(verify_chain(tx).problems) == ["Entry 1 (something else) was altered."]
