"""The urn: probabilities that are known as algebra, whichever way they are summed."""

import math

import numpy as np
import pytest

from forensics.genetics.founders import bell, draw_known, joint_table, partition_weight, partitions

P = np.array([0.2, 0.3, 0.5])
EVERYTHING = np.arange(3)


@pytest.mark.parametrize("theta", [0.0, 0.02, 0.5, 1.0])
def test_the_order_of_drawing_does_not_matter(theta: float) -> None:
    there, back = (math.prod(draw_known(P, theta, order)[0]) for order in ([0, 1, 1, 2], [1, 2, 1, 0]))
    assert there == pytest.approx(back, rel=1e-14, abs=1e-300)


def test_two_more_alleles_after_a_genotype_as_the_national_research_council_has_it() -> None:
    t, p, q = 0.03, 0.2, 0.3
    homozygous = (2 * t + (1 - t) * p) * (3 * t + (1 - t) * p) / ((1 + t) * (1 + 2 * t))
    heterozygous = 2 * (t + (1 - t) * p) * (t + (1 - t) * q) / ((1 + t) * (1 + 2 * t))
    _, urn = draw_known(P, t, [0, 0])
    assert joint_table(urn, [EVERYTHING] * 2)[0, 0] == pytest.approx(homozygous, rel=1e-14)
    _, urn = draw_known(P, t, [0, 1])
    assert 2 * joint_table(urn, [EVERYTHING] * 2)[0, 1] == pytest.approx(heterozygous, rel=1e-14)


@pytest.mark.parametrize("known", [[], [2], [0, 0, 1]])
@pytest.mark.parametrize("theta", [0.0, 0.05, 1.0])
def test_further_draws_are_a_distribution_and_shorter_ones_its_margin(known: list[int], theta: float) -> None:
    _, urn = draw_known(P, theta, known)
    three = joint_table(urn, [EVERYTHING] * 3)
    assert three.sum() == pytest.approx(1, rel=1e-13)
    for axis in range(3):
        assert three.sum(axis=axis) == pytest.approx(
            joint_table(urn, [EVERYTHING] * 2), rel=1e-13, abs=1e-300
        )


@pytest.mark.parametrize("known", [[], [2, 1]])
def test_partitions_add_up_to_the_joint_table(known: list[int]) -> None:
    _, urn = draw_known(P, 0.07, known)
    expected = joint_table(urn, [EVERYTHING] * 4)
    found = np.zeros_like(expected)
    for partition, times in partitions(4, ()):
        assert times == 1
        weight, classes = partition_weight(urn, partition)
        for genes in np.ndindex(*expected.shape):
            blocks = [{genes[i] for i in range(4) if partition[i] == b} for b in range(len(classes))]
            if all(len(block) == 1 for block in blocks):
                found[genes] += weight * math.prod(
                    c[min(block)] for c, block in zip(classes, blocks, strict=True)
                )
    assert found == pytest.approx(expected, rel=1e-13)


@pytest.mark.parametrize(("genes", "number"), [(1, 1), (4, 15), (6, 203), (8, 4140)])
def test_partitions_are_counted_by_bell(genes: int, number: int) -> None:
    pairs = tuple((i, i + 1) for i in range(0, genes - 1, 2))
    assert bell(genes) == number == len(partitions(genes, ()))
    assert sum(times for _, times in partitions(genes, pairs)) == number
    assert genes < 4 or len(partitions(genes, pairs)) < number
