"""Unknown is never a mismatch; overlap is consistent; a near miss is neutral; the rest asks for words."""

import pytest

from forensics.domain.anthropology import AgeRange, SexEstimate, StatureRange
from forensics.domain.consistency import (
    Consistency,
    compare_age,
    compare_sex,
    compare_stature,
    explain,
    gap,
)
from forensics.domain.errors import Invalid
from forensics.domain.kinship import Sex

C, N, X, U = Consistency.CONSISTENT, Consistency.NEUTRAL, Consistency.INCONSISTENT, Consistency.UNKNOWN


@pytest.mark.parametrize(
    ("examined", "known", "verdict"),
    [
        (SexEstimate.MALE, Sex.MALE, C),
        (SexEstimate.PROBABLE_MALE, Sex.MALE, C),
        (SexEstimate.FEMALE, Sex.FEMALE, C),
        (SexEstimate.MALE, Sex.FEMALE, X),
        (SexEstimate.PROBABLE_FEMALE, Sex.MALE, X),
        (SexEstimate.INDETERMINATE, Sex.MALE, N),
        (SexEstimate.UNDETERMINED, Sex.MALE, U),
        (None, Sex.MALE, U),
        (SexEstimate.MALE, Sex.UNKNOWN, U),
        (SexEstimate.MALE, None, U),
    ],
)
def test_sex(examined: SexEstimate | None, known: Sex | None, verdict: Consistency) -> None:
    assert compare_sex(examined, known).verdict is verdict


def test_a_probable_sex_that_contradicts_asks_for_amelogenin() -> None:
    assert "amelogenin" in compare_sex(SexEstimate.PROBABLE_MALE, Sex.FEMALE).sentence


@pytest.mark.parametrize(
    ("known", "verdict"),
    [
        (AgeRange(30, 30), C),
        (AgeRange(57, 57), C),  # touching is overlapping
        (AgeRange(59, 59), N),  # exactly the tolerance
        (AgeRange(59.1, 59.1), X),
        (AgeRange(18, 20), X),
        (AgeRange(18, 21), N),
        (AgeRange(19, None), C),  # may have lived on for years
        (None, U),
    ],
)
def test_age_23_to_57_with_a_tolerance_of_two_years(known: AgeRange | None, verdict: Consistency) -> None:
    assert compare_age(AgeRange(23, 57), known, tolerance=2).verdict is verdict


def test_stature_tells_how_far_apart_the_ranges_are() -> None:
    finding = compare_stature(StatureRange(170, 180), StatureRange(190, 190))
    assert finding.verdict is X
    assert "10.0 cm apart" in finding.sentence
    assert compare_stature(None, StatureRange(170, 170)).verdict is U


def test_an_explanation_is_kept_in_words_and_only_for_an_inconsistency() -> None:
    finding = compare_stature(StatureRange(170, 180), StatureRange(190, 190))
    explained = explain(finding, "Height was taken from a passport of 1979.")
    assert explained.verdict is Consistency.EXPLAINED
    assert explained.sentence.endswith("Explained: Height was taken from a passport of 1979.")
    with pytest.raises(Invalid):
        explain(finding, "  ")
    with pytest.raises(Invalid):
        explain(explained, "again")


def test_gap_of_open_ranges() -> None:
    assert gap((None, 10), (12, None)) == 2
    assert gap((None, None), (12, 13)) == 0
    assert gap((20, 30), (5, 10)) == 10
