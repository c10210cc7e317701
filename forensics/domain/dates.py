"""Dates that may be uncertain, written in a subset of EDTF (ISO 8601-2:2019, level 1).

`1995-07-11`, `1995-07`, `1994`, `1994?` (uncertain), `1994~` (approximate), `1995-07-11/1995-07-19`
(some time between), `../1996` and `1996/..` (before, after). The text is kept as entered.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from forensics.domain.errors import Invalid

_PART = re.compile(r"^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?([?~%]?)$")


@dataclass(frozen=True, slots=True, order=True)
class UncertainDate:
    """A date or a span with what is known of it; sorts and compares by its text."""

    text: str

    def __post_init__(self) -> None:
        earliest, latest = _bounds(self.text)
        if earliest and latest and earliest > latest:
            raise Invalid(f"The date “{self.text}” ends before it begins; write the earlier day first.")

    @property
    def earliest(self) -> date | None:
        return _bounds(self.text)[0]

    @property
    def latest(self) -> date | None:
        return _bounds(self.text)[1]

    @property
    def uncertain(self) -> bool:
        return any(mark in self.text for mark in "?~%")

    def __str__(self) -> str:
        return self.text


def years_between(born: UncertainDate, until: UncertainDate) -> tuple[int, int] | None:
    """The least and the greatest age in whole years, or None when a bound is unknown.

    Uncertain dates widen by a year on each side.
    """
    if not (born.earliest and born.latest and until.earliest and until.latest):
        return None
    slack = int(born.uncertain) + int(until.uncertain)
    least = _age(born.latest, until.earliest) - slack
    return max(least, 0), _age(born.earliest, until.latest) + slack


def _age(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _bounds(text: str) -> tuple[date | None, date | None]:
    first, slash, last = text.partition("/")
    if not slash:
        return _span(first, text)
    start = None if first in ("", "..") else _span(first, text)[0]
    end = None if last in ("", "..") else _span(last, text)[1]
    return start, end


def _span(part: str, whole: str) -> tuple[date, date]:
    match = _PART.match(part.strip())
    try:
        if match is None:
            raise ValueError
        year, month, day = (int(g) if g else None for g in match.group(1, 2, 3))
        assert year is not None
        if month is None:
            return date(year, 1, 1), date(year, 12, 31)
        if day is None:
            return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
        return date(year, month, day), date(year, month, day) + timedelta(0)
    except ValueError:
        raise Invalid(
            f"“{whole}” is not a date; write 1995-07-11, 1995-07, 1994? or 1995-07-11/1995-07-19."
        ) from None
