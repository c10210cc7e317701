"""GeneMapper exports and sample tables: the shared files, heights, mixtures, headers."""

import pytest

from forensics.domain.kinship import Sex
from forensics.domain.reading import CallState, Reading, Severity
from forensics.formats import FORMATS, read_file
from tests.support.format_samples import SAMPLES, WIDE
from tests.support.shared import expected, shared


def _wide(text: str) -> Reading:
    return FORMATS["genemapper"].read(text.encode(), "export.txt")


def _table(text: str) -> Reading:
    return FORMATS["samples"].read(text.encode(), "pm.txt")


def test_heights_stay_with_their_peaks() -> None:
    calls = _wide(WIDE).profile("B-001").calls["TH01"]
    assert [(c.designation, c.height) for c in calls] == [("6", 812.0), ("9.3", 790.0)]


def test_a_homozygote_is_listed_once_and_counts_twice() -> None:
    assert _wide(WIDE).profile("B-001").genotype("vWA") == ("17", "17")


def test_off_ladder_peaks_are_kept_flagged_and_said() -> None:
    reading = _wide(WIDE)
    profile = reading.profile("B-002")
    assert [c.state for c in profile.calls["TH01"]] == [CallState.ACCEPTED, CallState.OFF_LADDER]
    assert profile.genotype("TH01") == ()
    assert any(p.line == 3 and p.column == "TH01" and "no designation" in p.what for p in reading.problems)


def test_a_mixture_is_kept_and_warned_about_with_its_place() -> None:
    reading = _wide(WIDE)
    assert reading.profile("B-002").mixed_loci == ("vWA",)
    (problem,) = [p for p in reading.problems if "more than two alleles" in p.what]
    assert (problem.line, problem.column, problem.severity) == (3, "vWA", Severity.WARNING)


def test_sex_follows_from_amelogenin() -> None:
    assert [p.sex for p in _wide(WIDE).profiles] == [Sex.MALE, Sex.FEMALE]


@pytest.mark.parametrize(
    ("old", "new", "remedy"),
    [
        ("Sample File", "Smaple File", "Did you mean Sample File?"),
        ("Sample Name", "Sample Nmae", "Did you mean Sample Name?"),
        ("Sample Name", "Sampel Name", "Did you mean Sample Name?"),
        ("AMEL", "AMMEL", "Did you mean AMEL?"),
    ],
)
def test_a_slip_in_the_header_is_refused_with_the_word_that_was_meant(
    old: str, new: str, remedy: str
) -> None:
    reading = _wide(WIDE.replace(old, new, 1))
    assert reading.refused
    assert reading.problems[0].line == 1
    assert remedy in reading.problems[0].remedy


def test_an_unknown_column_is_left_out_and_said() -> None:
    reading = _table(SAMPLES.replace("AMEL_2\n", "AMEL_2\tFavourite colour\n"))
    assert not reading.refused
    assert "'Favourite colour'" in reading.problems[0].what


def test_a_marker_that_stands_twice_is_refused() -> None:
    reading = _table(SAMPLES.replace("vWA_2", "vWA_1"))
    assert reading.refused
    assert (reading.problems[0].line, reading.problems[0].column) == (1, "5")


def test_a_value_beyond_the_header_is_refused_at_its_line() -> None:
    reading = _table(SAMPLES.replace("\tX\tX\n", "\tX\tX\t12\n"))
    assert reading.refused
    assert reading.problems[0].line == 3


def test_a_lone_allele_in_a_two_column_table_is_a_question() -> None:
    reading = _table(SAMPLES.replace("\t16\t18\t", "\t16\t\t"))
    (problem,) = reading.problems
    assert (problem.line, problem.column, problem.severity) == (3, "vWA", Severity.WARNING)


def test_a_decimal_comma_in_a_peak_list_is_refused() -> None:
    assert _wide(WIDE.replace("6, 9.3, , ", "9,3")).refused


def test_an_allele_far_from_all_that_were_observed_asks_for_shifted_columns() -> None:
    reading = _table(SAMPLES.replace("\t16\t18\t", "\t30\t32.2\t"))
    (problem,) = reading.problems
    assert (problem.line, problem.column, problem.severity) == (3, "vWA", Severity.WARNING)
    assert "vWA 30, vWA 32.2" in problem.what


def test_no_genotype_of_the_published_samples_is_far_from_what_was_observed() -> None:
    reading = read_file(shared("frequencies", "nist1036_genotypes.csv"))
    assert len(reading.profiles) == 1036
    assert not [p for p in reading.problems if "far from" in p.what]


def test_the_same_sample_twice_is_said() -> None:
    reading = _table(SAMPLES.replace("B-002", "B-001"))
    assert not reading.refused
    assert "line 2" in reading.problems[0].what


def test_the_shared_export_has_four_samples_and_their_mixtures() -> None:
    reading = read_file(shared("corpus", "genemapper", "smartrank__GeneMapperExample.txt"))
    assert not reading.refused
    assert len(reading.profiles) == 4
    first = reading.profiles[0]
    assert first.run_file == "000_00000000.fsa"
    assert first.alleles("D18S51") == ("11", "12", "13", "14")
    assert first.genotype("D2S1338") == ("10", "10")
    assert [p.line for p in reading.problems if "more than two" in p.what] == [2, 3, 4, 5]


def test_the_shared_export_with_heights_keeps_them() -> None:
    reading = read_file(shared("corpus", "genemapper", "smartrank__GeneMapperExampleWithHeights.txt"))
    calls = reading.profiles[0].calls["D10S1248"]
    assert [(c.designation, c.height) for c in calls] == [("10", 73.0), ("11", 288.0)]


def test_the_shared_export_with_a_broken_header_is_refused_at_its_place() -> None:
    reading = read_file(shared("corpus", "genemapper", "smartrank__GeneMapperExampleBrokenHeader.txt"))
    (problem,) = reading.problems
    assert str(problem) == (
        "line 1, column 1: 'Smaple File' is no column that is known. Did you mean Sample File? Correct the header."
    )


def test_every_bone_of_the_ghep_exercise_is_read_as_the_reference_read_it() -> None:
    case = expected("oracle", "public", "large_search_ghep1.json")["cases"][0]
    reading = read_file(shared("corpus", "dvi", "Exercise-GHEP", "GHEP-PM-profiles.txt"))
    assert [p.sample for p in reading.profiles] == list(case["input"]["pm"])
    for profile in reading.profiles:
        wanted = case["input"]["pm"][profile.sample]
        assert profile.sex == (wanted["sex_amelogenin"] or "U")
        typed = {locus for locus in profile.calls if locus != "AMEL"} & set(case["loci"])
        assert typed == set(wanted["genotypes"])
        for locus, alleles in wanted["genotypes"].items():
            assert sorted(profile.genotype(locus)) == sorted(alleles)


@pytest.mark.parametrize(
    ("parts", "count"),
    [
        (("codis", "smartrank__database_codis_generated_10_6fields.csv"), 10),
        (("codis", "smartrank__database_codis_generated_44.csv"), 44),
        (("dvi", "Exercise-Helicopter", "Exercise-Helicopter-PM-Data.txt"), 7),
        (("dvi", "Exercise-Screening", "Exercise-Screening-PM-Data.txt"), 8),
    ],
)
def test_the_shared_sample_tables_are_read(parts: tuple[str, ...], count: int) -> None:
    reading = read_file(shared("corpus", *parts))
    assert not reading.refused
    assert len(reading.profiles) == count


def test_null_cells_are_empty() -> None:
    reading = read_file(shared("corpus", "codis", "smartrank__database_codis_generated_10_6fields.csv"))
    first = reading.profile("WMVX0000NO#00")
    assert "D7S820" not in first.calls
    assert first.genotype("FGA") == ("23", "24")
    assert first.genotype("Penta D") == ("12", "12")
