"""Acts that are confirmed together: each is sealed for itself, and all of them are kept or none."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError

import pytest

from forensics.domain.errors import Invalid, Refused
from forensics.domain.operations import Organisation, OrganisationKind
from forensics.persistence.auditing import verify_chain
from forensics.persistence.store import Store


def _name(store: Store, name: str) -> None:
    with store.writing(None, "test.name") as act:
        if not name:
            raise Invalid("A name is needed.")
        act.finish(act.tx.add(Organisation(name=name, kind=OrganisationKind.LABORATORY)))


def _names(store: Store) -> list[str]:
    with store.reading(None, "read") as tx:
        return [one.name for one in tx.find(Organisation, order="name")]


def test_acts_together_are_sealed_one_by_one_and_seen_by_the_next(store: Store) -> None:
    with store.together():
        _name(store, "first")
        assert _names(store) == ["first"]
        with pytest.raises(Invalid):
            _name(store, "")
        _name(store, "second")
    _name(store, "third")  # and afterwards each for itself again
    assert _names(store) == ["first", "second", "third"]
    with store.reading(None, "read") as tx:
        verdict = verify_chain(tx)
    assert (verdict.entries, verdict.problems) == (3, ())


def test_an_act_that_fails_half_way_leaves_nothing_among_those_that_stay(store: Store) -> None:
    with store.together():
        _name(store, "first")
        with pytest.raises(Invalid), store.writing(None, "test.name") as act:
            act.tx.add(Organisation(name="half", kind=OrganisationKind.LABORATORY))
            raise Invalid("The second half is missing.")
        _name(store, "second")
    assert _names(store) == ["first", "second"]
    with store.reading(None, "read") as tx:
        verdict = verify_chain(tx)
    assert (verdict.entries, verdict.problems) == (2, ())


def test_if_the_last_of_them_fails_none_of_them_happened(store: Store) -> None:
    _name(store, "before")
    with pytest.raises(Refused), store.together():
        _name(store, "first")
        raise Refused("The disk is full.")
    assert _names(store) == ["before"]


def test_nobody_else_sees_them_before_the_end(store: Store) -> None:
    other = Store(store.engine, "test")
    with store.together():
        _name(store, "first")
        assert _names(other) == []
    assert _names(other) == ["first"]


def test_of_two_who_write_at_once_one_waits_and_both_are_kept(store: Store) -> None:
    """Each has looked before it writes: none is refused because the other wrote in between."""
    looked = Barrier(2, timeout=20)

    def write(name: str) -> None:
        with store.writing(None, "test.name") as act:
            act.tx.count(Organisation)
            with suppress(BrokenBarrierError):
                looked.wait(0.5)  # the second comes only when the first has written
            act.finish(act.tx.add(Organisation(name=name, kind=OrganisationKind.LABORATORY)))

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(write, ("one", "other")))
    assert _names(store) == ["one", "other"]
    with store.reading(None, "read") as tx:
        verdict = verify_chain(tx)
    assert (verdict.entries, verdict.problems) == (2, ())
