"""Uncertain dates: what they mean, and what is refused."""

from __future__ import annotations

from datetime import date

import pytest

from forensics.domain.dates import UncertainDate, years_between
from forensics.domain.errors import Invalid


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("1995-07-11", date(1995, 7, 11), date(1995, 7, 11)),
        ("1995-02", date(1995, 2, 1), date(1995, 2, 28)),
        ("1994?", date(1994, 1, 1), date(1994, 12, 31)),
        ("1995-07-11/1995-07-19", date(1995, 7, 11), date(1995, 7, 19)),
        ("../1996", None, date(1996, 12, 31)),
        ("1996/..", date(1996, 1, 1), None),
    ],
)
def test_bounds(text: str, earliest: date | None, latest: date | None) -> None:
    made = UncertainDate(text)
    assert (made.earliest, made.latest) == (earliest, latest)
    assert str(made) == text


@pytest.mark.parametrize("text", ["", "11.7.1995", "1995-13", "1995-02-30", "1995/1994", "soon"])
def test_what_is_no_date_is_refused_with_examples(text: str) -> None:
    with pytest.raises(Invalid):
        UncertainDate(text)


def test_age_is_a_span_that_uncertainty_widens() -> None:
    assert years_between(UncertainDate("1971-05-03"), UncertainDate("1995-07-11")) == (24, 24)
    assert years_between(UncertainDate("1971"), UncertainDate("1995-07-11")) == (23, 24)
    assert years_between(UncertainDate("1971?"), UncertainDate("1995-07-11")) == (22, 25)
    assert years_between(UncertainDate("../1971"), UncertainDate("1995")) is None
