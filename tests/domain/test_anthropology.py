"""Ranges, steps of the sex scale and completeness classes at their limits."""

import json

import pytest

from forensics.domain.anthropology import (
    AgeRange,
    Completeness,
    IntervalKind,
    MethodResult,
    SexEstimate,
    StatureRange,
    Target,
    as_plain,
    from_plain,
)
from forensics.domain.errors import Invalid


@pytest.mark.parametrize(
    ("fraction", "expected"),
    [
        (0, "absent"),
        (0.1, "fragment"),
        (0.25, "partial"),
        (0.75, "partial"),
        (0.76, "complete"),
        (1, "complete"),
    ],
)
def test_completeness_of_a_share(fraction: float, expected: str) -> None:
    assert Completeness.of_fraction(fraction) == expected


@pytest.mark.parametrize(
    ("female", "expected"),
    [
        (0.95, SexEstimate.FEMALE),
        (0.94, SexEstimate.PROBABLE_FEMALE),
        (0.79, SexEstimate.INDETERMINATE),
        (0.21, SexEstimate.INDETERMINATE),
        (0.20, SexEstimate.PROBABLE_MALE),
        (0.05, SexEstimate.MALE),
    ],
)
def test_sex_of_a_probability(female: float, expected: SexEstimate) -> None:
    assert SexEstimate.of_probability(female) is expected


def test_ranges_read_as_people_write_them() -> None:
    assert str(AgeRange(23, 57.5)) == "23–57.5 years"
    assert str(AgeRange(60, None)) == "60 years or more"
    assert str(StatureRange(None, 171)) == "171 cm or less"


@pytest.mark.parametrize(("low", "high"), [(40, 30), (-1, 5), (None, None), (20, 300)])
def test_impossible_ages_are_refused(low: float | None, high: float | None) -> None:
    with pytest.raises(Invalid):
        AgeRange(low, high)


def test_every_kind_of_interval_says_what_it_means() -> None:
    assert all(kind.meaning.endswith(".") for kind in IntervalKind)


RESULT = MethodResult(
    method="m", version="1", title="", target=Target.AGE, inputs=(("phase", "IV"),), estimate=35.2, low=23, high=57,
    unit="years", kind=IntervalKind.CENTRAL, level=0.95, reference="", source="", arithmetic="", warnings=("one",),
)  # fmt: skip


def test_a_conclusion_never_shows_an_interval_without_its_kind() -> None:
    assert RESULT.conclusion == "23–57 years (95 % central range of the sample)"


def test_a_result_comes_back_from_a_record_as_it_was() -> None:
    assert from_plain(json.loads(json.dumps(as_plain(RESULT)))) == RESULT
    with pytest.raises(Invalid, match="apply the method again"):
        from_plain({"method": "m"})
