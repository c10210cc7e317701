"""Where the sum over who inherited what does not reach, it says so; that it is right is tested by enumeration."""

import math

import numpy as np
import pytest

from forensics.domain.kinship import Sex
from forensics.genetics.alleles import AlleleSpace
from forensics.genetics.descent import sum_descents
from forensics.genetics.pedigrees import Node

SPACE = AlleleSpace(("10", "11"), np.array([0.25, 0.75]), None, None)
FAMILY = (
    Node(("f",), Sex.MALE),
    Node(("m",), Sex.FEMALE),
    Node(("a",), Sex.MALE, 0, 1),
    Node(("b",), Sex.MALE, 0, 1),
)
HOMOZYGOUS = np.array([[1.0, 0.0], [0.0, 0.0]])
EVIDENCE = {2: HOMOZYGOUS, 3: HOMOZYGOUS}
TWO_EACH = [False] * 4


def test_two_siblings_who_are_alike() -> None:
    found = sum_descents(FAMILY, EVIDENCE, SPACE, 0.0, TWO_EACH)
    assert found is not None
    p = 0.25
    assert math.exp(found.log()) == pytest.approx(p * p * (1 + p) ** 2 / 4, rel=1e-14)


def test_what_is_impossible_is_zero() -> None:
    evidence = {0: HOMOZYGOUS, 2: HOMOZYGOUS[::-1, ::-1]}
    found = sum_descents(FAMILY, evidence, SPACE, 0.02, TWO_EACH)
    assert found is not None
    assert found.zero


def test_a_target_leaves_a_table_over_its_genes_that_sums_to_the_evidence() -> None:
    found = sum_descents(FAMILY, {2: HOMOZYGOUS}, SPACE, 0.02, TWO_EACH, target=3)
    alone = sum_descents(FAMILY, {2: HOMOZYGOUS}, SPACE, 0.02, TWO_EACH)
    both = sum_descents(FAMILY, EVIDENCE, SPACE, 0.02, TWO_EACH)
    assert found is not None
    assert alone is not None
    assert both is not None
    assert found.table.sum() == pytest.approx(float(alone.table), rel=1e-14)
    assert found.table[0, 0] == pytest.approx(float(both.table), rel=1e-14)


@pytest.mark.parametrize("work", [0.0, 20_000.0])
def test_more_states_than_the_work_allows_are_left_to_another_way(work: float) -> None:
    assert sum_descents(FAMILY, EVIDENCE, SPACE, 0.02, TWO_EACH, None, work) is None


def test_where_all_are_copies_of_one_another_another_way_is_taken() -> None:
    assert sum_descents(FAMILY, EVIDENCE, SPACE, 1.0, TWO_EACH) is None


def test_two_people_with_many_possible_genotypes_are_left_to_another_way() -> None:
    space = AlleleSpace(tuple("abcd"), np.full(4, 0.25), None, None)
    anything = np.ones((4, 4))
    one = sum_descents(FAMILY, {2: anything}, space, 0.02, TWO_EACH)
    assert one is not None
    assert float(one.table) == pytest.approx(1, rel=1e-14)
    assert sum_descents(FAMILY, {2: anything, 3: anything}, space, 0.02, TWO_EACH) is None


def test_what_might_underflow_is_left_to_another_way() -> None:
    rare = AlleleSpace(("10", "11"), np.array([1e-120, 1.0]), None, None)
    assert sum_descents(FAMILY, EVIDENCE, rare, 0.02, TWO_EACH) is not None
    assert sum_descents(FAMILY, EVIDENCE, rare, 0.0, TWO_EACH) is None
