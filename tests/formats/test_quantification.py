"""Tables of a quantification: headers as instruments write them, decimal commas, problems with their place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.domain.quantities import Quantity
from forensics.formats.quantification import read_quantities


def test_headers_of_instruments_are_understood() -> None:
    rows, problems = read_quantities(
        "Well\tSample\tT.Small Autosomal (ng/µL)\tT.Large Autosomal\tT.Y\tIPC Ct\n"
        "A01\tx\t0.21\t0.1\tUndetermined\t27.4\n"
    )
    assert problems == []
    assert rows == [Quantity("A1", small=0.21, large=0.1, ipc=27.4)]


def test_a_decimal_comma_is_read_where_the_separator_is_another() -> None:
    rows, _ = read_quantities("Well;Small;Volume (µl)\nb2;0,05;50\n")
    assert rows == [Quantity("B2", small=0.05, volume_ul=50.0)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "There is nothing in the table."),
        ("Small\n0.1\n", "line 1: No column says the well."),
        ("Well\tSmall\nJ1\t0.1\n", "line 2, column Well: 'J1' is no position"),
        ("Well\tSmall\nA1\t0.1\nA1\t0.2\n", "line 3, column Well: A1 stands in the table twice"),
        ("Well\tSmall\nA1\t-3\n", "line 2, column small: '-3' is no amount"),
        ("Well\tSmall\nA1\tnan\n", "line 2, column small: 'nan' is no amount"),
        ("Well\tSmall\nA1\t9-Mar\n", "line 2, column small: '9-Mar' is no amount"),
    ],
)
def test_each_problem_has_its_place(text: str, said: str) -> None:
    _, problems = read_quantities(text)
    assert str(problems[0]).startswith(said)


@given(st.text(alphabet=st.sampled_from('Well\tSmall\n;,"A1H129.3-\r\0 \u00b5nd'), max_size=200))
def test_whatever_is_pasted_gives_rows_or_problems(text: str) -> None:
    rows, problems = read_quantities(text)
    assert rows or problems
    assert all(row.small is None or row.small >= 0 for row in rows)


def test_a_cell_of_a_megabyte_is_a_problem_with_its_place() -> None:
    _, problems = read_quantities("Well\tSmall\n" + "A" * 1_000_000 + "\t1\n")
    assert problems[0].line == 2
