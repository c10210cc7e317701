"""A grown laboratory answers every question that is measured, on both databases; the plans use the indexes."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from forensics.domain.lists import ListQuery
from forensics.persistence import lines
from forensics.services import profiles, remains, samples
from forensics.services.door import Laboratory
from forensics.services.measuring import answers, grown_laboratory

SIZE = 600


@pytest.fixture(params=["file", "server"])
def grown(
    request: pytest.FixtureRequest, tmp_path: Path, fresh_database: Callable[..., str]
) -> Iterator[tuple[Laboratory, UUID]]:
    location = str(tmp_path / "grown.nomina") if request.param == "file" else fresh_database()
    lab, operation = grown_laboratory(location, SIZE)
    yield lab, operation
    lab.close()


def test_every_question_has_its_answer(grown: tuple[Laboratory, UUID]) -> None:
    found = {answer.question: answer.rows for answer in answers(*grown)}
    assert found["items, by number"] == found["samples, by source"] == found["families, by donors"] == SIZE
    assert found["profiles, near its end"] == SIZE // 2
    assert found["cases, of all operations"] == SIZE // 10
    assert found["search everywhere for a number"] == 0  # B777 does not exist among 600
    assert found["search everywhere for a token"] == found["scan of a sample"] == 1


def test_a_word_finds_by_own_words_and_by_the_number_of_what_it_belongs_to(
    grown: tuple[Laboratory, UUID],
) -> None:
    lab, operation = grown
    item = lab.run(remains.items, ListQuery(text="b123", filters={"operation": (operation,)})).rows[0]
    assert item.external_number == "B123"
    of_case = lab.run(remains.items, ListQuery(text=item.case_number.replace("-", "")))
    assert of_case.total == 10
    sample = lab.run(samples.samples, ListQuery(text=item.number)).rows[0]
    assert sample.source == item.number
    even = lab.run(remains.items, ListQuery(text="B124")).rows[0]
    profile = lab.run(profiles.profiles, ListQuery(text=even.number))
    assert [line.source for line in profile.rows] == [even.number]


def test_a_list_of_one_operation_runs_along_its_index(grown: tuple[Laboratory, UUID]) -> None:
    lab, operation = grown
    if lab.store.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL chooses by its statistics; a small table is read whole")
    for spec, index in ((lines.ITEMS, "ix_remains_item_operation"), (lines.SAMPLES, "ix_sample_operation")):
        asked = _which(lab, spec, ListQuery(filters={"operation": (operation,)}))
        assert any(index in step for step in asked), asked
        assert not any("TEMP B-TREE" in step for step in asked), asked


def test_a_word_is_looked_up_in_the_index_of_words(grown: tuple[Laboratory, UUID]) -> None:
    lab, operation = grown
    if lab.store.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL reads its entries through")
    asked = _which(lab, lines.ITEMS, ListQuery(text="777", filters={"operation": (operation,)}))
    assert "SEARCH search_entry USING INTEGER PRIMARY KEY (rowid=?)" in asked, asked


def _which(lab: Laboratory, spec: Any, query: ListQuery) -> list[str]:
    """The database's plan of the statement that chooses the rows."""
    with lab.store.reading(lab.person, "plan") as tx:
        statement = spec.which(query).compile(tx.connection, compile_kwargs={"literal_binds": True})
        rows = tx.connection.execute(sa.text(f"EXPLAIN QUERY PLAN {statement}"))
        return [str(row[3]) for row in rows]
