"""Which alleles may be merged, and where an allele that the table lacks goes."""

from collections import Counter
from random import Random

import numpy as np
import pytest

from forensics.domain.errors import Invalid
from forensics.domain.kinship import FrequencyTable, MutationKind, MutationModel
from forensics.genetics.alleles import AlleleSpace, allele_space, lump
from tests.support.brute_force import random_frequencies, random_matrix

TABLE = FrequencyTable("t", {"L": {"10": 0.1, "11": 0.2, "11.3": 0.1, "12": 0.3, "13": 0.2, "silent": 0.1}})


def space(kind: MutationKind | None, silent: str | None = None, **rates: float) -> AlleleSpace:
    model = None if kind is None else MutationModel(kind, 0.002, 0.001, **rates)  # type: ignore[arg-type]
    if silent is None:
        table = FrequencyTable("t", {"L": {a: p / 0.9 for a, p in TABLE.loci["L"].items() if a != "silent"}})
    else:
        table = TABLE
    return allele_space(table, "L", (), model, silent)


@pytest.mark.parametrize("kind", [None, MutationKind.EQUAL, MutationKind.PROPORTIONAL])
def test_alleles_that_nobody_shows_are_one_where_mutation_can_not_tell_them_apart(
    kind: MutationKind | None,
) -> None:
    lumped = lump(space(kind), {1})
    assert len(lumped.space) == 2
    assert lumped.space.p == pytest.approx([0.7 / 0.9, 0.2 / 0.9])
    assert lumped.of.tolist() == [0, 1, 0, 0, 0]


def test_stepwise_merges_nothing_that_differs() -> None:
    assert len(lump(space(MutationKind.STEPWISE, rate2_male=1e-6, rate2_female=1e-6), {1}).space) == 5


def test_the_silent_allele_stays_by_itself() -> None:
    lumped = lump(space(MutationKind.EQUAL, silent="silent"), {1})
    assert len(lumped.space) == 3
    assert lumped.space.silent == lumped.of[5]


def test_merging_commutes_with_mutation() -> None:
    # Strong lumpability: pass on, then merge = merge, then pass on, whatever the first distribution.
    dice = Random(5)
    for kind in (MutationKind.EQUAL, MutationKind.PROPORTIONAL):
        large = space(kind)
        lumped = lump(large, {0, 3})
        merge = np.eye(len(lumped.space))[lumped.of]
        for matrix, small in ((large.male, lumped.space.male), (large.female, lumped.space.female)):
            q = np.array(random_frequencies(dice, len(large)))
            assert q @ matrix @ merge == pytest.approx(q @ merge @ small, rel=1e-13)


def test_a_block_of_an_arbitrary_matrix_is_found() -> None:
    # 1 and 2 behave alike, 3 does not.
    male = np.array([[0.7, 0.1, 0.1, 0.1], [0.2, 0.5, 0.2, 0.1], [0.2, 0.3, 0.4, 0.1], [0.3, 0.1, 0.1, 0.5]])
    lumped = lump(AlleleSpace(("a", "b", "c", "d"), np.full(4, 0.25), male, None), {0})
    assert lumped.of.tolist() == [0, 1, 1, 2]
    assert Counter(lumped.of.tolist())[1] == 2


def test_nothing_of_a_random_matrix_is_merged() -> None:
    matrix = np.array(random_matrix(Random(3), 4))
    assert len(lump(AlleleSpace(("a", "b", "c", "d"), np.full(4, 0.25), matrix, matrix), {0}).space) == 4


def test_an_unlisted_allele_takes_its_place_in_the_ladder() -> None:
    found = allele_space(TABLE, "L", ("11.2", "14", "10"), None, "silent", 0.02)
    assert found.names == ("10", "11", "11.2", "11.3", "12", "13", "14", "silent")
    assert found.p.sum() == pytest.approx(1, abs=1e-15)
    assert found.p[2] == pytest.approx(0.02 / 1.04)


def test_an_unlisted_allele_without_a_minimum_is_named() -> None:
    with pytest.raises(Invalid, match=r"Allele 11\.2 at locus L"):
        allele_space(TABLE, "L", ("11.2",), None)


def test_an_allele_listed_with_frequency_zero_has_not_been_seen() -> None:
    table = FrequencyTable("t", {"L": {"10": 1.0, "11": 0.0}})
    with pytest.raises(Invalid, match="11"):
        allele_space(table, "L", ("11",), None)
    assert allele_space(table, "L", ("11",), None, None, 0.01).names == ("10", "11")
