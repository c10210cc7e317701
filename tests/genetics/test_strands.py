"""Expectations of products of vectors under the urn, against the table over all draws."""

import numpy as np
import pytest

from forensics.genetics.founders import draw_known, joint_table
from forensics.genetics.strands import copies_of_each_other

P = np.array([0.2, 0.3, 0.5])


@pytest.mark.parametrize("known", [[], [2], [0, 0, 1]])
@pytest.mark.parametrize("theta", [0.0, 0.03, 0.6])
@pytest.mark.parametrize("many", [1, 2, 3, 5])
def test_the_sum_over_who_is_a_copy_of_whom_is_that_over_all_draws(
    many: int, theta: float, known: list[int]
) -> None:
    _, urn = draw_known(P, theta, known)
    dice = np.random.default_rng(many)
    vectors = dice.random((many, 3, 4, 2))  # of four states, for two genotypes
    table = joint_table(urn, [np.arange(3)] * many)
    found = copies_of_each_other(list(vectors), urn)
    for state in range(4):
        for genotype in range(2):
            expected = table
            for vector in vectors[::-1, :, state, genotype]:
                expected = expected @ vector
            assert found[state, genotype] == pytest.approx(float(expected), rel=1e-13)
