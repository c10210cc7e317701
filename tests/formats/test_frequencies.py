"""Frequency tables: figures as published, checks with their places, the shared tables."""

import pytest

from forensics.data.frequencies import normalised
from forensics.domain.reading import Reading
from forensics.formats import FORMATS, read_file
from tests.support.format_samples import LIST, MATRIX
from tests.support.shared import expected, has_shared, shared


def _matrix(text: str) -> Reading:
    return FORMATS["frequency-matrix"].read(text.encode(), "table.txt")


def _list(text: str) -> Reading:
    return FORMATS["frequency-list"].read(text.encode(), "table.csv")


def test_a_matrix_is_read_in_ladder_order_without_empty_cells() -> None:
    table = _matrix(MATRIX).frequencies
    assert table is not None
    assert dict(table.loci["TH01"]) == {"6": 0.25, "7": 0.25, "9.3": 0.5}
    assert list(table.loci["Penta D"]) == ["7", "9.3", "10"]
    assert dict(table.sizes) == {"TH01": 200, "Penta D": 180}


def test_a_list_is_read_with_population_and_sizes() -> None:
    table = _list(LIST).frequencies
    assert table is not None
    assert (table.population, dict(table.sizes)) == ("Test", {"TH01": 200, "vWA": 180})


@pytest.mark.parametrize(
    ("old", "new", "said", "line"),
    [
        ("\t0.25\t\n", "\t-0.25\t\n", "no frequency", 2),
        ("\t0.25\t\n", "\t1.25\t\n", "no frequency", 2),
        ("\t0.25\t\n", "\tmany\t\n", "no frequency", 2),
        ("\t0.25\t\n", "\t0,25\t\n", "decimal comma", 2),
        ("6\t", "06-Mar\t", "date", 2),
        ("7\t", "6\t", "stands twice", 3),
        ("\t0.5\t0.4", "\t0.2\t0.4", "add up to 0.7", 2),
        ("\t0.5\t0.4", "\t0.6\t0.4", "add up to 1.1", 2),
        ("Penta D", "Pento D", "no marker", 1),
        ("Penta D", "TH01", "stands twice", 1),
    ],
)
def test_what_is_no_frequency_table_is_refused_at_its_place(old: str, new: str, said: str, line: int) -> None:
    reading = _matrix(MATRIX.replace(old, new, 1))
    assert reading.refused
    assert said in reading.problems[0].what
    assert reading.problems[0].line == line


def test_a_sum_that_rounding_explains_is_not_mentioned() -> None:
    assert not _matrix(MATRIX.replace("\t0.5\t0.4", "\t0.5\t0.41")).problems
    reading = _matrix(MATRIX.replace("\t0.5\t0.4", "\t0.5000\t0.4").replace("0.25", "0.2520"))
    assert not reading.refused
    assert "1.004" in reading.problems[0].what


def test_a_row_n_is_not_guessed() -> None:
    reading = _matrix(MATRIX.replace("2N", "N"))
    assert reading.frequencies is not None
    assert not reading.frequencies.sizes
    assert "people or alleles" in reading.problems[0].what


def test_decimal_commas_throughout_are_points() -> None:
    text = MATRIX.replace(".", ",").replace("\t", ";")
    reading = _matrix(text)
    assert reading.frequencies is not None
    plain = _matrix(MATRIX).frequencies
    assert plain is not None
    assert reading.frequencies.loci == plain.loci
    assert "decimal commas" in reading.problems[0].what


def test_a_rest_allele_stands_last() -> None:
    table = _matrix(MATRIX.replace("6\t0.25", "Rest allele\t0.25")).frequencies
    assert table is not None
    assert list(table.loci["TH01"]) == ["7", "9.3", "Rest allele"]


def test_two_populations_in_one_list_are_refused() -> None:
    assert "2 populations" in _list(LIST.replace("0.6,Test", "0.6,Other")).problems[0].what


def test_the_shared_ghep_table_equals_the_reference_after_scaling() -> None:
    reading = read_file(shared("corpus", "dvi", "Exercise-GHEP", "GHEP-STR-freq.txt"))
    assert reading.frequencies is not None
    assert {"Penta D", "Penta E"} <= set(reading.frequencies.loci)
    wanted = expected("oracle", "public", "large_search_ghep1.json")["frequency_tables"]["GHEP"]
    scaled = normalised(reading.frequencies)
    for locus, alleles in wanted.items():
        assert scaled.loci[locus] == pytest.approx(alleles, abs=1e-9)


def _published() -> list[str]:
    names = [
        "NIST1036_Cauc",
        "FBI2015_Navajo",
        "norSTR_midAsia",
        "mispitools_Argentina",
        "UKDNA17_Chinese_EA5",
    ]
    return [n for n in names if has_shared("frequencies", f"{n}.csv")] or names


@pytest.mark.parametrize("name", _published())
def test_shared_lists_are_read(name: str) -> None:
    reading = read_file(shared("frequencies", f"{name}.csv"))
    assert not reading.refused
    assert reading.frequencies is not None
    assert reading.frequencies.population == name


@pytest.mark.parametrize(("name", "line"), [("mispitools_Europe", 128), ("mispitools_Asia", 318)])
def test_shared_lists_with_an_impossible_allele_are_refused_at_its_line(name: str, line: int) -> None:
    reading = read_file(shared("frequencies", f"{name}.csv"))
    assert reading.refused
    assert reading.problems[0].line == line
    assert "'99'" in reading.problems[0].what
