"""Tables with one marker in a row."""

import pytest

from forensics.domain.reading import Reading
from forensics.formats import FORMATS, read_file
from tests.support.format_samples import LONG, LRMIX
from tests.support.shared import shared


def _long(text: str) -> Reading:
    return FORMATS["genemapper-long"].read(text.encode(), "genotypes.txt")


def test_rows_are_gathered_to_profiles_with_heights_and_sizes() -> None:
    reading = _long(LONG)
    assert [(p.sample, p.run_file) for p in reading.profiles] == [("B-001", "a.fsa"), ("B-002", "b.fsa")]
    second = reading.profile("B-001").calls["TH01"][1]
    assert (second.designation, second.size, second.height) == ("9.3", 135.4, 790.0)
    assert reading.profile("B-002").genotype("TH01") == ("7", "7")


def test_an_unknown_marker_is_refused_at_its_line() -> None:
    reading = _long(LONG.replace("P\tAMEL", "P\tTHX1"))
    assert reading.refused
    assert (reading.problems[0].line, reading.problems[0].column) == (3, "Marker")


def test_a_marker_that_stands_twice_is_refused() -> None:
    reading = _long(LONG + "a.fsa\tB-001\tP\tTH01\t6\t9.3\t\t\t\t\n")
    assert reading.refused
    assert reading.problems[0].line == 5


def test_a_homozygote_that_is_written_twice_is_one_call() -> None:
    reading = FORMATS["lrmix"].read(LRMIX.encode(), "suspect.csv")
    assert len(reading.profile("S-1").calls["vWA"]) == 1
    assert reading.profile("S-1").genotype("vWA") == ("16", "16")


@pytest.mark.parametrize("name", ["suspect.csv", "suspect.tsv", "suspect2.csv"])
def test_the_shared_profiles_are_read(name: str) -> None:
    reading = read_file(shared("corpus", "lrmix", f"smartrank__{name}"))
    assert reading.format == "lrmix"
    assert not reading.problems
    (profile,) = reading.profiles
    assert len(profile.typed_loci) == 16
    assert profile.genotype("TH01") == ("6", "9.3")
    assert profile.genotype("vWA") == ("16", "16")
