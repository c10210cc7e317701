"""Wilson's interval against published figures, and at its ends."""

from __future__ import annotations

import pytest

from forensics.domain.proportions import Proportion


@pytest.mark.parametrize(
    ("worked", "tried", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_the_interval_is_newcombes(worked: int, tried: int, low: float, high: float) -> None:
    """R. G. Newcombe, Statistics in Medicine 17 (1998) 857–872, table I, method 3."""
    assert Proportion(worked, tried).interval == pytest.approx((low, high), abs=6e-5)


def test_nothing_tried_leaves_everything_open() -> None:
    assert Proportion(0, 0).interval == (0.0, 1.0)
    assert Proportion(0, 0).share == 0.0


def test_all_that_worked_still_leaves_a_doubt() -> None:
    low, high = Proportion(3, 3).interval
    assert 0.4 < low < 0.5
    assert high == 1.0
