"""Lists of the database: whatever they are sorted by, every row is there, once, in an order of its own."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.sql.visitors import iterate

from forensics.domain.lists import ListQuery
from forensics.persistence import lines
from forensics.persistence.lists import ListSpec
from tests.support.laboratories import Staffed

SPECS: dict[str, ListSpec[Any]] = {
    name: spec for name, spec in vars(lines).items() if isinstance(spec, ListSpec)
}


@pytest.mark.parametrize("name", SPECS)
def test_no_row_is_lost_by_the_column_it_is_sorted_by(name: str, small_lab: Staffed) -> None:
    """Not even where what is sorted by is not known: no site, no individual, no place."""
    spec = SPECS[name]
    with small_lab.admin.store.reading(small_lab["manager"].person, "read") as tx:
        whole = {row.id for row in spec.page(tx, ListQuery(limit=5000)).rows}
        for column in spec.columns:
            found = spec.page(tx, ListQuery(sort=column, limit=5000))
            assert len(found.rows) == found.total == len(whole), column
            assert {row.id for row in found.rows} == whole, column


@pytest.mark.parametrize("name", SPECS)
@pytest.mark.parametrize("descending", [False, True])
def test_rows_that_are_alike_have_an_order_too(name: str, descending: bool) -> None:
    """Else a server may show one of them on two pages, and another on none."""
    spec = SPECS[name]
    for column in spec.columns:
        last = list(spec.which(ListQuery(sort=column, descending=descending))._order_by_clauses)[-1]
        assert spec.columns["id"] in list(iterate(last)), column


def test_pages_follow_each_other_without_a_gap(small_lab: Staffed) -> None:
    with small_lab.admin.store.reading(small_lab["manager"].person, "read") as tx:
        whole = [row.id for row in lines.ITEMS.page(tx, ListQuery(sort="element", limit=5000)).rows]
        pages = [
            row.id
            for start in range(0, len(whole), 7)
            for row in lines.ITEMS.page(tx, ListQuery(sort="element", limit=7, offset=start)).rows
        ]
    assert len(whole) > 14
    assert pages == whole
