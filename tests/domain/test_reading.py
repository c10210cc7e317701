"""Profiles as read: genotypes, mixtures, sex; problems in words."""

import pytest

from forensics.domain.kinship import Sex
from forensics.domain.reading import CallState, Problem, ReadCall, ReadProfile, sex_by_amelogenin


def _profile(
    locus: str, *alleles: str, sex: Sex = Sex.UNKNOWN, state: CallState = CallState.ACCEPTED
) -> ReadProfile:
    calls = [ReadCall(a) for a in alleles[:1]] + [ReadCall(a, state=state) for a in alleles[1:]]
    return ReadProfile("S", {locus: tuple(calls)}, sex=sex)


def test_a_single_autosomal_peak_counts_twice() -> None:
    assert _profile("TH01", "6").genotype("TH01") == ("6", "6")
    assert _profile("TH01", "6", "9.3").genotype("TH01") == ("6", "9.3")
    assert _profile("TH01", "6").genotype("vWA") == ()


@pytest.mark.parametrize(
    ("sex", "genotype"), [(Sex.FEMALE, ("12", "12")), (Sex.MALE, ("12",)), (Sex.UNKNOWN, ("12",))]
)
def test_a_single_x_peak_counts_twice_in_a_woman_only(sex: Sex, genotype: tuple[str, ...]) -> None:
    assert _profile("DXS8378", "12", sex=sex).genotype("DXS8378") == genotype


def test_a_y_peak_counts_once() -> None:
    assert _profile("DYS391", "10").genotype("DYS391") == ("10",)


@pytest.mark.parametrize("state", [CallState.OFF_LADDER, CallState.DROP_OUT])
def test_a_lone_allele_beside_a_doubtful_peak_is_no_genotype(state: CallState) -> None:
    assert _profile("TH01", "6", "OL", state=state).genotype("TH01") == ()


def test_stutter_does_not_make_a_genotype_doubtful() -> None:
    assert _profile("TH01", "6", "5", state=CallState.STUTTER).genotype("TH01") == ("6", "6")


def test_more_alleles_than_a_person_has_are_a_mixture() -> None:
    assert _profile("TH01", "6", "7", "8").mixed_loci == ("TH01",)
    assert _profile("TH01", "6", "7").mixed_loci == ()
    assert _profile("DYS391", "10", "11").mixed_loci == ("DYS391",)
    assert _profile("DYS385", "11", "14").mixed_loci == ()


@pytest.mark.parametrize(
    ("alleles", "sex"),
    [
        (("X",), Sex.FEMALE),
        (("X", "Y"), Sex.MALE),
        (("Y", "X"), Sex.MALE),
        (("Y",), Sex.UNKNOWN),
        ((), Sex.UNKNOWN),
    ],
)
def test_amelogenin_tells_the_sex(alleles: tuple[str, ...], sex: Sex) -> None:
    assert sex_by_amelogenin({"AMEL": tuple(ReadCall(a) for a in alleles)}) is sex


def test_typed_loci_leave_amelogenin_out() -> None:
    profile = ReadProfile("S", {"AMEL": (ReadCall("X"),), "TH01": (ReadCall("6"),), "vWA": ()})
    assert profile.typed_loci == ("TH01",)


def test_a_problem_names_its_place_then_what_and_remedy() -> None:
    assert str(Problem("What.", "Remedy.", 4, "TH01")) == "line 4, column TH01: What. Remedy."
    assert str(Problem("What.", "Remedy.")) == "What. Remedy."
