"""Familias projects: content against what another program read from the same files, and refusals."""

from pathlib import Path
from typing import Any

import pytest

from forensics.domain.kinship import MutationKind, Sex
from forensics.domain.loci import canonical
from forensics.domain.reading import ReadFamily, Reading
from forensics.formats import FORMATS, read_file
from forensics.genetics.validation import check_pedigree
from tests.support.familias import DVI_PROJECT, PROJECT
from tests.support.pedigrees import equivalent, pedigree_from
from tests.support.shared import SHARED, expected, has_shared, shared


def _folder() -> Path:
    return SHARED / "corpus" / "familias"


def _cases(part: str = "") -> list[Any]:
    """The files of which the other program's results have a part, such as `genotypes`."""
    if not has_shared("oracle", "public", "fam_import.json"):
        return [pytest.param(None, marks=pytest.mark.skip(reason="the shared expected results are not here"))]
    cases = expected("oracle", "public", "fam_import.json")["cases"]
    return [
        pytest.param(case, id=Path(case["file"]).name)
        for case in cases
        if not part or part in (case.get("input_parsed") or {})
    ]


def _read(case: dict[str, Any]) -> Reading:
    reading = read_file(shared("corpus", *case["file"].split("/")))
    assert not reading.refused, [str(p) for p in reading.problems]
    return reading


def _name(locus: str) -> str:
    return canonical(locus) or locus


@pytest.mark.parametrize("case", _cases())
def test_theta_is_read(case: dict[str, Any]) -> None:
    assert _read(case).theta == case["result"]["theta"]


@pytest.mark.parametrize("case", _cases("frequencies"))
def test_frequencies_equal_what_another_program_read(case: dict[str, Any]) -> None:
    parsed = case["input_parsed"]
    reading = _read(case)
    assert reading.frequencies is not None
    assert {_name(locus) for locus in parsed["loci"]} <= set(reading.frequencies.loci)
    for locus, alleles in parsed["frequencies"].items():
        ours = reading.frequencies.loci[_name(locus)]
        assert set(ours) == {a for a, f in alleles.items() if f > 0}
        total = sum(ours.values())
        for allele, frequency in ours.items():  # the other program scales each locus to one
            assert frequency / total == pytest.approx(alleles[allele], rel=1e-6)


@pytest.mark.parametrize("case", _cases("mutation"))
def test_mutation_models_equal_what_another_program_read(case: dict[str, Any]) -> None:
    parsed = case["input_parsed"]
    mutation = {_name(locus): spec for locus, spec in (parsed["mutation"] or {}).items()}
    reading = _read(case)
    if "genotypes" in parsed:  # for a DVI file it lists only the markers that somebody is typed at
        assert set(reading.mutation) == set(mutation)
    for locus in mutation:
        model = reading.mutation[locus]
        male, female = mutation[locus]["male"], mutation[locus]["female"]
        assert model.kind == male["model"] == female["model"]
        assert (model.rate_male, model.rate2_male) == (male["rate"], male["rate2"])
        assert (model.rate_female, model.rate2_female) == (female["rate"], female["rate2"])
        if model.kind is MutationKind.STEPWISE:
            assert (model.range_male, model.range_female) == (male["range"], female["range"])


@pytest.mark.parametrize("case", _cases("genotypes"))
def test_genotypes_of_a_kinship_case_equal_what_another_program_read(case: dict[str, Any]) -> None:
    parsed = case["input_parsed"]
    reading = _read(case)
    assert {p.sample for p in reading.profiles} == set(parsed["genotypes"])
    for sample, genotypes in parsed["genotypes"].items():
        profile = reading.profile(sample)
        assert set(profile.calls) == {_name(locus) for locus in genotypes}
        for locus, alleles in genotypes.items():
            assert sorted(profile.genotype(_name(locus))) == sorted(alleles)


@pytest.mark.parametrize("case", _cases("pedigrees"))
def test_pedigrees_of_a_kinship_case_equal_what_another_program_read(case: dict[str, Any]) -> None:
    parsed = case["input_parsed"]
    hypotheses = parsed["pedigrees"]
    wanted = list(hypotheses.values()) if isinstance(hypotheses, dict) else hypotheses
    (family,) = _read(case).families
    assert len(family.alternatives) == len(wanted)
    if isinstance(hypotheses, dict):
        assert [name for name, _ in family.alternatives] == list(hypotheses)
    for (_, ours), members in zip(family.alternatives, wanted, strict=True):
        theirs = pedigree_from(members.values() if isinstance(members, dict) else members)
        same = {m.id: m.id for m in ours.members if m.id in theirs.ids}
        assert equivalent(ours, theirs, same)


@pytest.mark.parametrize("case", _cases("pm_samples"))
def test_remains_equal_what_another_program_read(case: dict[str, Any]) -> None:
    parsed = case["input_parsed"]
    reading = _read(case)
    for profile, wanted in zip(reading.profiles, parsed["pm_samples"].values(), strict=False):
        assert profile.sex == wanted["sex"]
        for locus, alleles in wanted["genotypes"].items():
            assert sorted(profile.genotype(_name(locus))) == sorted(alleles)


@pytest.mark.parametrize("case", _cases("am_families"))
def test_families_are_drawn_as_another_program_drew_them(case: dict[str, Any]) -> None:
    parsed = case["input_parsed"]
    reading = _read(case)
    assert len(reading.families) == len(parsed["am_families"])
    for ours, theirs in zip(reading.families, parsed["am_families"].values(), strict=True):
        missing = [m["id"] for m in theirs["pedigree"] if m["id"] in parsed["missing_persons"]]
        assert len(ours.missing) == len(missing)
        assert any(_same_family(ours, reading, theirs, order) for order in _orders(missing))


def _orders(missing: list[str]) -> list[tuple[str, ...]]:
    from itertools import permutations

    return list(permutations(missing))


def _same_family(
    ours: ReadFamily, reading: Reading, theirs: dict[str, Any], missing: tuple[str, ...]
) -> bool:
    """Typed people are recognised by their genotypes, missing people are tried in every order."""
    named = dict(zip(ours.missing, missing, strict=True))
    for relative in ours.relatives:
        profile = reading.profile(relative.sample)
        own = {locus: sorted(profile.genotype(locus)) for locus in profile.calls}
        for id, genotypes in theirs["genotypes"].items():
            if {_name(locus): sorted(g) for locus, g in genotypes.items()} == own:
                named[relative.person] = id
    # Where the file does not say the sex of a missing parent, the other program draws a woman, we a man.
    if any("not stated" in note for note in ours.notes):
        return {named.get(i, i) for i in ours.missing} <= {m["id"] for m in theirs["pedigree"]} and len(
            theirs["pedigree"]
        ) == len(ours.pedigree.members)
    return equivalent(ours.pedigree, pedigree_from(theirs["pedigree"]), named)


@pytest.mark.parametrize(
    "name", sorted(p.name for p in _folder().glob("*.fam")) if _folder().exists() else []
)
def test_every_shared_project_yields_sound_pedigrees(name: str) -> None:
    reading = read_file(shared("corpus", "familias", name))
    assert not reading.refused
    for family in reading.families:
        check_pedigree(family.pedigree)
        for _, alternative in family.alternatives:
            check_pedigree(alternative)
        assert {r.person for r in family.relatives} <= set(family.pedigree.ids)


def _project(text: str) -> Reading:
    return FORMATS["familias"].read(text.encode(), "case.fam")


def test_a_project_yields_people_pedigrees_and_database() -> None:
    reading = _project(PROJECT)
    assert not reading.problems
    assert [p.sample for p in reading.profiles] == ["AF", "CH"]
    assert reading.profile("AF").genotype("TH01") == ("6", "9.3")
    assert reading.profile("CH").genotype("TH01") == ("9.3", "9.3")
    (family,) = reading.families
    assert [name for name, _ in family.alternatives] == ["Father", "Unrelated"]
    child = family.pedigree.member("CH")
    assert child.father == "AF"
    assert child.mother is not None
    assert family.pedigree.member(child.mother).sex is Sex.FEMALE
    model = reading.mutation["TH01"]
    assert (model.kind, model.rate_female, model.rate_male) == (MutationKind.STEPWISE, 0.001, 0.002)
    assert reading.theta == 0.02


def test_stepwise_made_stationary_is_code_three() -> None:
    reading = _project(PROJECT.replace("\n4\n4\n", "\n3\n3\n"))
    assert reading.mutation["TH01"].transform == "PM"


def test_a_stepwise_model_over_a_rest_allele_is_left_out_and_said() -> None:
    reading = _project(PROJECT.replace('"10"', '"Rest allele"'))
    assert not reading.refused
    assert "TH01" not in reading.mutation
    assert "can't step to 'Rest allele'" in reading.problems[0].what


def test_different_models_for_women_and_men_are_refused_at_their_line() -> None:
    reading = _project(PROJECT.replace("\n4\n4\n", "\n4\n0\n"))
    assert reading.refused
    assert PROJECT.split("\n")[(reading.problems[0].line or 0) - 1] == '"TH01"'


def test_a_genotype_that_points_past_the_alleles_is_refused_at_its_line() -> None:
    reading = _project(PROJECT.replace("\n1\n0\n1\n0\n", "\n1\n0\n7\n0\n", 1))
    assert reading.refused
    assert PROJECT.split("\n")[(reading.problems[0].line or 0) - 1] == "0"
    assert "TH01" in reading.problems[0].what


def test_a_person_with_two_fathers_is_refused() -> None:
    reading = _project(PROJECT.replace("\n0\n0\n1\n0\n1\n1\n", "\n0\n1\n2\n0\n1\n2\n1\n1\n"))
    assert reading.refused
    assert "two parents of one sex" in reading.problems[0].what


def test_a_person_who_is_their_own_grandparent_is_refused() -> None:
    reading = _project(PROJECT.replace("\n0\n0\n1\n0\n1\n1\n", "\n0\n0\n2\n0\n1\n1\n0\n1\n"))
    assert reading.refused
    assert "own ancestor" in reading.problems[0].what


def test_saved_results_are_refused_because_they_change_the_layout() -> None:
    reading = _project(PROJECT.replace("#FALSE# (#Databases", "#TRUE# (#Databases"))
    assert "saved results" in reading.problems[0].what


def test_a_direct_match_makes_two_people_share_one_genotype() -> None:
    reading = _project(PROJECT.replace("\n0\n0\n1\n0\n1\n1\n", "\n0\n0\n1\n0 [Direct]\n1\n1\n"))
    pedigree = reading.families[0].pedigree
    one, other = (pedigree.member(i).twins for i in ("AF", "CH"))
    assert one == other is not None
    check_pedigree(pedigree)


def test_a_direct_match_of_a_man_and_a_woman_is_refused() -> None:
    direct = PROJECT.replace("\n0\n0\n1\n0\n1\n1\n", "\n0\n0\n1\n0 [Direct]\n1\n1\n")
    reading = _project(direct.replace("#FALSE#\n#TRUE#\n1\n1\n", "#FALSE#\n#FALSE#\n1\n1\n"))
    assert reading.refused
    assert "differ in sex" in reading.problems[0].what


def test_a_silent_allele_is_said_and_listed_last() -> None:
    reading = _project(PROJECT.replace("#FALSE#\n0\n3\t", "#TRUE#\n0.01\n3\t").replace("\n0.5\n", "\n0.49\n"))
    assert reading.frequencies is not None
    assert list(reading.frequencies.loci["TH01"]) == ["6", "9.3", "10", "silent"]
    assert "silent allele" in reading.problems[0].what


def test_a_dvi_project_yields_remains_and_families() -> None:
    reading = _project(DVI_PROJECT)
    assert not reading.refused
    assert [p.sample for p in reading.profiles] == ["V1", "R"]
    (family,) = reading.families
    assert family.missing == ("Missing person",)
    assert family.pedigree.member("Missing person").mother == "R"
    assert family.pedigree.member("Missing person").sex is Sex.FEMALE
    assert "Missing female 1" in family.notes[0]


def test_the_same_name_in_two_families_gets_the_family_before_it() -> None:
    block = DVI_PROJECT[DVI_PROJECT.index("[[[Family 1") : DVI_PROJECT.index("[Prior]")]
    twice = DVI_PROJECT.replace("nFamilies= 1", "nFamilies= 2").replace(
        "[Prior]", block.replace("Name= F1", "Name= F2") + "[Prior]"
    )
    reading = _project(twice)
    assert [p.sample for p in reading.profiles] == ["V1", "F1/R", "F2/R"]
    assert [f.relatives[0].sample for f in reading.families] == ["F1/R", "F2/R"]
