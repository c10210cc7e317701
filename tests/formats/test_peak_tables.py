"""Tables with one peak in a row: heads above them, flags, sizes with decimal commas, what stands twice."""

from __future__ import annotations

import pytest

from forensics.domain.reading import CallState
from forensics.formats import FORMATS, recognise
from tests.support.format_samples import PEAKS


def test_peaks_are_gathered_below_the_head_of_the_report() -> None:
    reading = recognise(PEAKS.encode(), "peaks.txt").read(PEAKS.encode(), "peaks.txt")
    assert reading.format == "peaks"
    first, second = reading.profiles
    assert (first.sample, first.run_file, first.line) == ("B-001", "a.fsa", 5)
    assert [(c.designation, c.height, c.size, c.state) for c in first.calls["TH01"]] == [
        ("6", 800.0, 120.1, CallState.ACCEPTED),
        ("9.3", 790.0, 135.4, CallState.ACCEPTED),
        ("5", 60.0, 116.0, CallState.STUTTER),
    ]
    assert first.genotype("TH01") == ("6", "9.3")
    assert second.genotype("TH01") == ()


@pytest.mark.parametrize(
    ("old", "new", "said", "line"),
    [
        ("\t9.3\t", "\t09-Mar\t", "is a date", 6),
        ("\tTH01\t5", "\tTH99\t5", "no marker", 7),
        ("b.fsa\tB-002\tG", "\t\tG", "no name", 8),
    ],
)
def test_damage_is_refused_at_its_line(old: str, new: str, said: str, line: int) -> None:
    reading = FORMATS["peaks"].read(PEAKS.replace(old, new, 1).encode(), "peaks.txt")
    assert reading.refused
    assert said in reading.problems[0].what
    assert reading.problems[0].line == line


def test_an_unknown_mark_and_a_peak_that_stands_twice_are_told() -> None:
    twice = PEAKS.replace("Stutter", "pull-up").replace("TH01\t9.3", "TH01\t6")
    said = [p.what for p in FORMATS["peaks"].read(twice.encode(), "peaks.txt").problems]
    assert any("'pull-up' is no mark" in what for what in said)
    assert any("'6' of TH01 stands twice" in what for what in said)
