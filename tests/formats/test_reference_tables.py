"""Family reference tables: profiles, relation words to pedigrees, problems with their places."""

from dataclasses import replace

import pytest

from forensics.domain.kinship import Pedigree, Sex
from forensics.domain.reading import Reading
from forensics.domain.relations import with_sex
from forensics.formats import FORMATS, read_file
from forensics.genetics.validation import check_pedigree
from tests.support.pedigrees import equivalent, pedigree_from
from tests.support.shared import expected, shared

HEADER = "Family ID\tKinship\tSample ID\tTH01 1\tTH01 2\tAMEL 1\tAMEL 2"


def _read(*lines: str) -> Reading:
    return FORMATS["references"].read("\r\n".join((HEADER, *lines)).encode(), "am.txt")


def test_every_family_of_the_ghep_exercise_is_drawn_as_the_reference_drew_it() -> None:
    """119 families from words alone; the reference drew every missing person as a man."""
    reading = read_file(shared("corpus", "dvi", "Exercise-GHEP", "GHEP-AM-profiles.txt"))
    families = expected("oracle", "public", "large_search_ghep1.json")["cases"][0]["input"]["families"]
    assert [f.name for f in reading.families] == list(families)
    for family in reading.families:
        theirs = pedigree_from(families[family.name]["pedigree"])
        ours = family.pedigree
        if ours.member("MP").sex is Sex.FEMALE:  # a spouse with male amelogenin; the reference drew a woman
            ours = _mirrored(ours)
        elif ours.member("MP").sex is Sex.UNKNOWN:
            ours = with_sex(ours, "MP", Sex.MALE)
        check_pedigree(family.pedigree)
        named = {r.person: r.sample for r in family.relatives} | {"MP": "MP"}
        assert equivalent(ours, theirs, named), family.name


def _mirrored(pedigree: Pedigree) -> Pedigree:
    """The same pedigree with the missing person as the father of the children."""
    couple = {p for m in pedigree.members if m.mother == "MP" for p in (m.father, m.mother)}
    other = {Sex.MALE: Sex.FEMALE, Sex.FEMALE: Sex.MALE}
    swapped = (replace(m, sex=other[m.sex]) if m.id in couple else m for m in pedigree.members)
    return Pedigree(
        tuple(replace(m, father=m.mother, mother=m.father) if m.mother == "MP" else m for m in swapped)
    )


def test_every_genotype_of_the_ghep_exercise_is_read_as_the_reference_read_it() -> None:
    case = expected("oracle", "public", "large_search_ghep1.json")["cases"][0]
    reading = read_file(shared("corpus", "dvi", "Exercise-GHEP", "GHEP-AM-profiles.txt"))
    for family in case["input"]["families"].values():
        for sample, genotypes in family["genotypes"].items():
            profile = reading.profile(sample)
            typed = {locus for locus in profile.calls if locus != "AMEL"}
            assert typed & set(case["loci"]) == set(genotypes)
            for locus, alleles in genotypes.items():
                assert sorted(profile.genotype(locus)) == sorted(alleles)


def test_sample_names_that_families_share_get_the_family_before_them() -> None:
    reading = read_file(shared("corpus", "dvi", "Exercise-Screening", "Exercise-Screening-AM-Data.txt"))
    assert reading.profile("F1/Father").genotype("D3S1358") == ("14", "14")
    assert reading.profile("F3/Father").genotype("D3S1358") == ("18", "15")
    assert {f.name: len(f.relatives) for f in reading.families}["F5"] == 3


def test_an_unknown_word_keeps_the_profile_and_says_the_line() -> None:
    reading = _read("F1\t[neighbour]\tR1\t6\t9.3\tX\tX", "F1\t[mother]\tR2\t6\t7\tX\tX")
    assert [p.sample for p in reading.profiles] == ["R1", "R2"]
    assert (reading.problems[0].line, reading.refused) == (2, False)
    assert "'neighbour'" in reading.problems[0].what
    assert [r.person for r in reading.families[0].relatives] == ["", "R2"]


def test_a_brother_with_female_amelogenin_is_said() -> None:
    reading = _read("F1\t[brother]\tR1\t6\t9.3\tX\tX")
    assert (reading.problems[0].line, reading.problems[0].column) == (2, "AMEL")
    assert "brother" in reading.problems[0].what


def test_a_relative_without_family_refuses_the_file_at_the_line() -> None:
    reading = _read("F1\t[brother]\tR1\t6\t9.3\tX\tY", "\t[sister]\tR2\t6\t9.3\tX\tX")
    assert reading.refused
    assert (reading.problems[0].line, reading.problems[0].column) == (3, "Family ID")
    assert reading.families == ()


def test_the_same_person_twice_in_a_family_refuses_the_file() -> None:
    reading = _read("F1\t[brother]\tR1\t6\t9.3\tX\tY", "F1\t[brother]\tR1\t6\t9.3\tX\tY")
    assert reading.refused
    assert reading.problems[0].line == 3


@pytest.mark.parametrize("title", ["Kinship", "Family ID", "Sample ID"])
def test_a_missing_column_is_named(title: str) -> None:
    data = "\n".join((HEADER.replace(title, "Colour"), "F1\tx\tR1\t6\t7\tX\tX")).encode()
    reading = FORMATS["references"].read(data, "am.txt")
    assert reading.refused
    assert title.split()[0] in reading.problems[0].what
