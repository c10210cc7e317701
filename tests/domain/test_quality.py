"""When a stain may be of somebody known: drop-out and mixtures are explained, chance is not."""

from __future__ import annotations

import pytest

from forensics.domain.quality import SAME_GENOTYPE, SHARED_ALLELES, Overlap

LOCI = [f"D{n}S1" for n in range(1, 21)]
STAFF = {locus: frozenset({"12", "14"}) for locus in LOCI}


def _stain(count: int, alleles: set[str]) -> dict[str, frozenset[str]]:
    return {locus: frozenset(alleles) for locus in LOCI[:count]}


def test_the_whole_genotype_is_a_hit() -> None:
    assert SHARED_ALLELES.compare(STAFF, STAFF) == Overlap(20, 20)


def test_a_partial_profile_of_eight_loci_with_drop_out_is_a_hit() -> None:
    assert SHARED_ALLELES.compare(_stain(8, {"12"}), STAFF) == Overlap(8, 8)


def test_seven_loci_are_too_few() -> None:
    assert SHARED_ALLELES.compare(_stain(7, {"12", "14"}), STAFF) is None


@pytest.mark.parametrize(("wrong", "hit"), [(2, True), (3, False)])
def test_nine_tenths_of_the_loci_must_be_explained(wrong: int, hit: bool) -> None:
    stain = STAFF | {locus: frozenset({"12", "15"}) for locus in LOCI[:wrong]}
    assert (SHARED_ALLELES.compare(stain, STAFF) is not None) is hit


@pytest.mark.parametrize(("count", "hit"), [(11, False), (12, True)])
def test_a_mixture_needs_twelve_loci(count: int, hit: bool) -> None:
    stain = _stain(count, {"9", "12", "14"})
    assert (SHARED_ALLELES.compare(stain, STAFF) is not None) is hit


def test_two_wells_are_the_same_where_all_common_loci_are() -> None:
    other = STAFF | {LOCI[0]: frozenset({"12"})}
    assert SAME_GENOTYPE.compare(STAFF, dict(STAFF))
    assert not SAME_GENOTYPE.compare(STAFF, other)
    assert not SAME_GENOTYPE.compare(_stain(5, {"12", "14"}), STAFF)
