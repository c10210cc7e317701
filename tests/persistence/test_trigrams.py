"""Words are found by any part of them, with any characters, on both databases; what is removed leaves no trace."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from forensics.domain.lists import ListQuery
from forensics.domain.operations import Operation, OperationKind
from forensics.services import families, operations, searching
from forensics.services.door import Laboratory
from forensics.services.measuring import grown_laboratory


@pytest.fixture(params=["file", "server"])
def lab(
    request: pytest.FixtureRequest, tmp_path: Path, fresh_database: Callable[..., str]
) -> Iterator[Laboratory]:
    location = str(tmp_path / "grown.nomina") if request.param == "file" else fresh_database()
    found, _ = grown_laboratory(location, 30)
    yield found
    found.close()


def test_no_character_is_an_order_to_the_database(lab: Laboratory) -> None:
    for text in ('"', '""" OR *', "%%%", "___", "a_b", "NEAR(a b)", "qq\0qq", "/", "ж%"):
        _finds_nothing(lab, text)


def _finds_nothing(lab: Laboratory, text: str) -> None:
    assert lab.run(families.families, ListQuery(text=text)).total == 0
    assert all(text.casefold() in f.label.casefold() for f in lab.run(searching.search, text))


def test_a_part_of_a_word_is_found_in_any_script_and_short_ones_too(lab: Laboratory) -> None:
    seen = lab.run(families.families, ListQuery()).rows[0]
    middle = seen.external_number + " "
    assert seen.id in {row.id for row in lab.run(families.families, ListQuery(text=middle)).rows}
    every = lab.run(families.families, ListQuery(text="f")).total
    assert every == lab.run(families.families, ListQuery(text="amil")).total == 30
    lab.run(
        operations.create_operation, Operation(title="Ждрело", kind=OperationKind.ROUTINE, number_sought=1)
    )
    assert [f.entity for f in lab.run(searching.search, "дрел")] == ["operation"]
    assert [f.entity for f in lab.run(searching.search, "zhdrelo")] == ["operation"]


def test_a_changed_word_is_found_and_the_old_one_no_more(lab: Laboratory) -> None:
    made = lab.run(
        operations.create_operation, Operation(title="Quarry", kind=OperationKind.ROUTINE, number_sought=1)
    )
    lab.run(operations.change_operation, made, {"title": "Orchard"})
    assert lab.run(searching.search, "quarry") == []
    assert [f.id for f in lab.run(searching.search, "rchar")] == [made.id]
    if lab.store.engine.dialect.name == "sqlite":
        with lab.store.engine.connect() as connection:
            blocks = connection.execute(sa.text("SELECT block FROM search_text_data")).scalars()
            assert not any(b"uarr" in block for block in blocks)
