"""How a likelihood ratio is said: rounded down, and with the words of the ENFSI scale."""

import math

import pytest

from forensics.domain.evidence import (
    Favours,
    Strength,
    Verbal,
    power_of_ten,
    rounded_down,
    stated_ratio,
    verbal_equivalent,
)


@pytest.mark.parametrize(
    ("lr", "strength"),
    [
        (1, Strength.NONE),
        (1.99, Strength.NONE),
        (2, Strength.WEAK),
        (9.9, Strength.WEAK),
        (10, Strength.MODERATE),
        (100, Strength.MODERATELY_STRONG),
        (999, Strength.MODERATELY_STRONG),
        (1_000, Strength.STRONG),
        (9_999, Strength.STRONG),
        (10_000, Strength.VERY_STRONG),
        (999_999, Strength.VERY_STRONG),
        (1_000_000, Strength.EXTREMELY_STRONG),
        (1e300, Strength.EXTREMELY_STRONG),
    ],
)
def test_the_scale_and_its_mirror(lr: float, strength: Strength) -> None:
    up, down = verbal_equivalent(math.log10(lr)), verbal_equivalent(-math.log10(lr))
    assert up.strength is down.strength is strength
    if strength is Strength.NONE:
        assert up.favours is down.favours is Favours.NEITHER
    else:
        assert (up.favours, down.favours) == (Favours.NUMERATOR, Favours.DENOMINATOR)


def test_an_exclusion_is_extremely_strong_against() -> None:
    assert verbal_equivalent(None) == Verbal(Strength.EXTREMELY_STRONG, Favours.DENOMINATOR)


@pytest.mark.parametrize(
    ("lr", "text"),
    [
        (1.0, "1"),
        (1.99, "1.9"),
        (3.0, "3"),
        (9.99, "9.9"),
        (10.0, "10"),
        (84.9, "84"),
        (849.0, "840"),
        (8_499.0, "8,400"),
        (999_999.0, "990,000"),
        (1e6, "1 million"),
        (2.4e6, "2.4 million"),
        (2.499e6, "2.4 million"),
        (24.9e6, "24 million"),
        (249e6, "240 million"),
        (7.77e9, "7.7 billion"),
        (7.77e14, "770 trillion"),
        (1.2799e18, "1.2 × 10¹⁸"),
    ],
)
def test_a_ratio_is_said_rounded_down(lr: float, text: str) -> None:
    assert stated_ratio(math.log10(lr)) == text


def test_more_digits_can_be_asked_for() -> None:
    assert stated_ratio(math.log10(2_479_999), digits=3) == "2.47 million"


def test_a_ratio_below_one_is_said_the_other_way_round() -> None:
    with pytest.raises(ValueError, match="other way round"):
        stated_ratio(-0.5)


def test_what_is_said_is_never_more_than_what_was_found() -> None:
    for i in range(2_000):
        log10 = i / 7
        mantissa, power = rounded_down(log10)
        assert math.log10(mantissa) + power - 1 <= log10 + 1e-9
        assert math.log10(mantissa + 1) + power - 1 > log10


@pytest.mark.parametrize(
    ("log10", "down", "up"),
    [
        (None, "0", "0"),
        (0.0, "1.0 × 10⁰", "1.0 × 10⁰"),
        (math.log10(1.758e6), "1.7 × 10⁶", "1.8 × 10⁶"),
        (math.log10(9.99e6), "9.9 × 10⁶", "1.0 × 10⁷"),
        (math.log10(2.4e8), "2.4 × 10⁸", "2.4 × 10⁸"),
        (math.log10(0.00258), "2.5 × 10⁻³", "2.6 × 10⁻³"),
    ],
)
def test_a_power_of_ten_is_rounded_down_and_a_requirement_up(log10: float | None, down: str, up: str) -> None:
    assert power_of_ten(log10) == down
    assert power_of_ten(log10, up=True) == up
