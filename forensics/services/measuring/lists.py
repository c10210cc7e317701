"""Asking a grown laboratory what people ask all day, and how long each answer takes."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from forensics.domain.lists import ListQuery, Page
from forensics.services import (
    consignments,
    families,
    profiles,
    remains,
    samples,
    scanning,
    searching,
    storage,
)
from forensics.services.door import Laboratory, UseCase

REPEATS = 3


@dataclass(frozen=True, slots=True)
class Answer:
    """One question: milliseconds on the clock, the best of a few times; `rows` that the list has in all."""

    question: str
    milliseconds: float
    rows: int


def answers(lab: Laboratory, operation: UUID) -> Iterator[Answer]:
    """Each list by number, deep inside, narrowed to the operation, sorted and searched; then search and scan."""
    yield from _list(lab, operation, "cases", remains.cases, "items")
    yield from _list(lab, operation, "items", remains.items, "samples")
    yield from _list(lab, operation, "samples", samples.samples, "source")
    yield from _list(lab, operation, "profiles", profiles.profiles, "loci")
    yield from _list(lab, operation, "missing persons", families.missing_persons, "candidates")
    yield from _list(lab, operation, "families", families.families, "donors")
    token = lab.run(samples.samples, ListQuery(offset=500, limit=1)).rows[0].token
    for what, text in (("a number", "B777"), ("a name", "Badrika"), ("a token", token)):
        yield _timed(f"search everywhere for {what}", partial(_found, lab, text))
    yield _timed("scan of a sample", lambda: len([lab.run(samples.sample_of_token, token)]))
    yield from _storage(lab, token)


def _storage(lab: Laboratory, token: str) -> Iterator[Answer]:
    """The whole tree of places with what lies in each, a box, and what a scan of anything asks."""
    yield _timed("storage, the whole tree", lambda: len(lab.run(storage.storage_tree)))
    (found,) = lab.run(scanning.identify, token)
    assert found.place is not None
    box = found.place
    yield _timed("storage, a full box", lambda: len(lab.run(storage.lying_in, box)))
    yield _timed("storage, what is sent out", lambda: len(lab.run(consignments.sent_out)))
    yield _timed("scan of anything", lambda: len(lab.run(scanning.identify, token)))


def _list(
    lab: Laboratory, operation: UUID, name: str, use_case: UseCase[[ListQuery], Page[Any]], derived: str
) -> Iterator[Answer]:
    here = {"operation": (operation,)}
    total = lab.run(use_case, ListQuery(limit=1)).total
    questions = (
        ("by number", ListQuery(filters=here)),
        ("of all operations", ListQuery()),
        ("near its end", ListQuery(filters=here, offset=max(0, total - 200))),
        (f"by {derived}", ListQuery(filters=here, sort=derived, descending=True)),
        ("with “777”", ListQuery(filters=here, text="777")),
    )
    for what, asked in questions:
        yield _timed(f"{name}, {what}", partial(_rows, lab, use_case, asked))


def _rows(lab: Laboratory, use_case: UseCase[[ListQuery], Page[Any]], asked: ListQuery) -> int:
    return lab.run(use_case, asked).total


def _found(lab: Laboratory, text: str) -> int:
    return len(lab.run(searching.search, text))


def _timed(question: str, ask: Callable[[], int]) -> Answer:
    best, rows = float("inf"), 0
    for _ in range(REPEATS):
        started = time.perf_counter()
        rows = ask()
        best = min(best, time.perf_counter() - started)
    return Answer(question, best * 1000, rows)
