"""Cells to calls; damage by spreadsheets is refused, never guessed."""

import pytest

from forensics.domain.reading import CallState
from forensics.formats.calls import Unreadable, is_empty, read_call


@pytest.mark.parametrize(
    ("cell", "locus", "designation"),
    [
        ("12", "TH01", "12"),
        (" 9.3 ", "TH01", "9.3"),
        ("12.0", "TH01", "12"),
        ("x", "AMEL", "X"),
        ("37.2", "SE33", "37.2"),
        ("330", "D17S906", "330"),
        ("2", "Yindel", "2"),
    ],
)
def test_designations_are_read_as_text(cell: str, locus: str, designation: str) -> None:
    call = read_call(cell, locus)
    assert (call.designation, call.state) == (designation, CallState.ACCEPTED)


@pytest.mark.parametrize("cell", ["OL", "ol", "OL Allele", "<8", "> 21"])
def test_peaks_without_a_designation_are_off_ladder(cell: str) -> None:
    assert read_call(cell, "D8S1179").state is CallState.OFF_LADDER


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("09-Mar", "date"),
        ("9-mar-2024", "date"),
        ("Mar-09", "date"),
        ("9. März", "date"),
        ("09/03/2024", "date"),
        ("9/3", "date"),
        ("2024-03-09", "date"),
        ("2024-03-09 00:00:00", "date"),
        ("9-ene", "date"),
        ("45360", "day number"),
        ("9,3", "decimal comma"),
        ("1E5", "scientific"),
        ("93", "point may be lost"),
        ("9.33", "no allele"),
        ("09", "no allele"),
        ("-9", "no allele"),
        ("0", "no allele"),
        ("9.3000000000000007", "no allele"),
        ("12?", "no allele"),
        ("=9+3", "no allele"),
        ("٩", "no allele"),
    ],
)
def test_damaged_cells_are_refused_and_named(cell: str, said: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        read_call(cell, "TH01")
    assert said in refusal.value.what
    assert refusal.value.remedy


@pytest.mark.parametrize("cell", ["1", "Z", "XY", "12"])
def test_amelogenin_is_x_or_y(cell: str) -> None:
    with pytest.raises(Unreadable):
        read_call(cell, "AMEL")


def test_what_laboratories_write_for_no_result_is_empty() -> None:
    assert all(is_empty(cell) for cell in ("", " ", "-", "NULL", "n/a", "NaN"))
    assert not any(is_empty(cell) for cell in ("0", "OL", "9.3"))
