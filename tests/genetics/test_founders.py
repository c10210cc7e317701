"""The urn: probabilities that are known as algebra, whichever way they are summed."""

import math

import numpy as np
import pytest

from forensics.genetics.founders import draw_known, joint_table

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
