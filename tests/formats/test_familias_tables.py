"""Pedigree tables and frequency blocks."""

import pytest

from forensics.domain.kinship import Sex
from forensics.domain.reading import Reading
from forensics.formats import FORMATS, read_file
from tests.support.format_samples import FREQ, PED
from tests.support.shared import shared


def _ped(text: str) -> Reading:
    return FORMATS["familias-ped"].read(text.encode(), "people.ped")


def test_people_become_profiles_and_families_pedigrees() -> None:
    reading = _ped(PED)
    assert [p.sample for p in reading.profiles] == ["FA", "CH", "X"]
    (family,) = reading.families
    child = family.pedigree.member("CH")
    assert (child.father, child.mother) == ("FA", "MO")
    assert reading.profile("CH").genotype("TH01") == ("6", "6")
    assert reading.profile("X").sex is Sex.FEMALE


@pytest.mark.parametrize(
    ("old", "new", "said", "line"),
    [
        ("CH FA MO 1", "CH FA NO 1", "has no line", 4),
        ("CH FA MO 1", "CH FA MO 7", "no sex", 4),
        ("CH FA MO 1", "CH CH MO 1", "own parent", 4),
        ("MO 0 0 2", "MO 0 0 1", "two parents of one sex", 4),
        ("6/6 17/17", "6/6", "6 entries", 4),
        ("TH01 vWA", "TH01 VWX", "no marker", 1),
        ("MO 0 0 2", "FA 0 0 2", "same id", 2),
    ],
)
def test_what_is_no_pedigree_is_refused_at_its_line(old: str, new: str, said: str, line: int) -> None:
    reading = _ped(PED.replace(old, new, 1))
    assert reading.refused
    assert said in reading.problems[0].what
    assert reading.problems[0].line == line


def test_blocks_become_a_table() -> None:
    table = FORMATS["familias-freq"].read(FREQ.encode(), "table.freq").frequencies
    assert table is not None
    assert table.loci == {"TH01": {"6": 0.25, "9.3": 0.75}, "D3S1358": {"15": 0.4, "16": 0.6}}


def test_a_marker_that_stands_twice_is_refused() -> None:
    reading = FORMATS["familias-freq"].read(FREQ.replace("D3S1358", "TH01").encode(), "table.freq")
    assert reading.problems[0].line == 5


def test_the_shared_files_are_read() -> None:
    reading = read_file(shared("corpus", "familias", "reconstruct-fathers.ped"))
    assert [p.sample for p in reading.profiles] == ["1", "2", "3", "4", "5"]
    assert reading.profile("1").genotype("Penta D") == ("10", "13")
    assert [p.sex for p in reading.profiles] == [Sex.FEMALE, Sex.FEMALE, Sex.MALE, Sex.MALE, Sex.MALE]
    table = read_file(shared("corpus", "familias", "reconstruct-fathers.freq")).frequencies
    assert table is not None
    assert table.loci["CSF1PO"]["7"] == 0.03796203796
    assert len(table.loci) == 24
