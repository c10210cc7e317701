"""What is said of a profile before anybody accepts it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from uuid import UUID

from forensics.domain.families import Relative
from forensics.domain.kinship import Sex
from forensics.domain.people import Permission
from forensics.services import profiles
from forensics.services.door import command
from forensics.services.families import ConsentDetails
from forensics.services.reference_checks import Weight, profile_checks
from tests.support.laboratories import Staffed
from tests.support.reading import an_operation, imported, take_in

HEADER = "Sample File\tSample Name\tD3S1358\tHeight\tTH01\tHeight\tvWA\tHeight\tFGA\tHeight\n"
LOCI = (
    "D3S1358",
    "TH01",
    "vWA",
    "FGA",
    "D8S1179",
    "D21S11",
    "D18S51",
    "D5S818",
    "D13S317",
    "D7S820",
    "D16S539",
)
RELATIVES = "Family ID\tKinship\tSample ID\t" + "\t".join(f"{x} 1\t{x} 2" for x in (*LOCI, "AMEL"))


def _told(staffed: Staffed, id: UUID) -> list[tuple[Weight, str]]:
    return [(c.weight, c.sentence) for c in staffed["analyst"].run(profile_checks, id)]


def test_a_clean_profile_is_told_nothing_of(staffed: Staffed, tmp_path: Path) -> None:
    run = "a.fsa\tB1\t15, 16\t300, 280\t6, 9.3\t90, 80\t17\t60\t20, 21\t100, 100\n"
    assert _told(staffed, imported(staffed, tmp_path, HEADER + run)[0]) == []


def test_a_mixture_and_imbalance_are_told_with_their_loci(staffed: Staffed, tmp_path: Path) -> None:
    run = "a.fsa\tB1\t15, 16, 17\t300, 280, 90\t6, 9.3\t90, 20\t17, 18, 19\t60, 50, 40\t20, OL\t100, 90\n"
    told = _told(staffed, imported(staffed, tmp_path, HEADER + run)[0])
    assert (Weight.GRAVE, "More than two alleles at D3S1358, vWA: more than one person is in it.") in told
    assert (Weight.LOOK, "The lower peak has less than 60% of the higher at TH01.") in told
    assert any("Off-ladder peaks at FGA" in sentence for _, sentence in told)


def test_three_alleles_at_one_locus_may_be_a_pattern(staffed: Staffed, tmp_path: Path) -> None:
    run = "a.fsa\tB1\t15, 16, 17\t300, 280, 290\t6\t90\t17\t60\t20\t100\n"
    (one,) = _told(staffed, imported(staffed, tmp_path, HEADER + run)[0])
    assert one == (Weight.LOOK, "Three alleles at D3S1358 alone: a three-allele pattern, or a mixture.")


def _family(staffed: Staffed, folder: Path, *rows: str) -> list[UUID]:
    operation, _ = an_operation(staffed)
    options = profiles.ImportOptions(operation, "r.txt", consent=ConsentDetails(date(2025, 1, 1), "form 9"))
    return take_in(staffed, folder / "r.txt", "\n".join((RELATIVES, *rows)) + "\n", options)


def _row(relation: str, sample: str, alleles: str, amelogenin: str) -> str:
    return (
        f"F1\t[{relation}]\t{sample}\t"
        + "\t".join([alleles.replace(" ", "\t")] * len(LOCI))
        + f"\t{amelogenin}"
    )


def test_a_grandmother_who_cannot_be_the_fathers_mother(staffed: Staffed, tmp_path: Path) -> None:
    ids = _family(
        staffed,
        tmp_path,
        _row("father", "R1", "10 11", "X\tY"),
        _row("paternal grandmother", "R2", "12 13", "X\tX"),
    )
    for id in ids:
        (check,) = [sentence for weight, sentence in _told(staffed, id) if weight is Weight.GRAVE]
        assert (
            "drawn as parent and child, share no allele at D13S317, D16S539, D18S51, D21S11 and 7 more"
            in check
        )


def test_one_person_twice_in_a_family(staffed: Staffed, tmp_path: Path) -> None:
    ids = _family(
        staffed, tmp_path, _row("brother", "R1", "10 11", "X\tY"), _row("brother", "R2", "10 11", "X\tY")
    )
    assert all("one person twice" in _told(staffed, id)[0][1] for id in ids)


@command(Permission.FAMILY_RECORD)
def _redraw(tx, sex):  # type: ignore[no-untyped-def]
    for relative in tx.find(Relative):
        if relative.relation == "sister":
            tx.change(relative, sex=sex)


def test_amelogenin_against_the_drawing(staffed: Staffed, tmp_path: Path) -> None:
    (id,) = _family(staffed, tmp_path, _row("sister", "R1", "10 11", "X\tX"))
    assert _told(staffed, id) == []
    staffed["manager"].run(_redraw, Sex.MALE)
    (check,) = _told(staffed, id)
    assert check == (
        Weight.GRAVE,
        "AMEL says female, the pedigree male: an exchanged sample, or a wrong drawing.",
    )
