"""How a likelihood ratio is said: a number rounded down, then a word of the verbal scale.

Scale: ENFSI Guideline for Evaluative Reporting in Forensic Science (2015), the same words mirrored for a
likelihood ratio below 1. Everything works on log10, so that no number is too large to be said.
"""

import math
from dataclasses import dataclass
from enum import Enum

ROUNDING_SLACK = 1e-10
"""A ratio of exactly 2.4 million must not be said as 2.3 because a logarithm lost its last digit."""

SCALES = ((12, "trillion"), (9, "billion"), (6, "million"))
"""Powers of ten with a name (short scale)."""

LARGEST_NAMED = 15
"""From 10^15 on, powers of ten are written out."""

THIN = "\u202f"
"""A narrow space that does not break, before a percent sign."""

SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


class Strength(Enum):
    """Words of the ENFSI scale with the least LR (or 1/LR) that each of them needs."""

    NONE = ("no", 1.0)  # 1 to 2: supports neither hypothesis
    WEAK = ("weak", 2.0)
    MODERATE = ("moderate", 10.0)
    MODERATELY_STRONG = ("moderately strong", 100.0)
    STRONG = ("strong", 1_000.0)
    VERY_STRONG = ("very strong", 10_000.0)
    EXTREMELY_STRONG = ("extremely strong", 1_000_000.0)

    def __init__(self, word: str, least: float) -> None:
        self.word = word
        self.least = least


class Favours(Enum):
    """Which hypothesis the findings support."""

    NUMERATOR = "numerator"
    DENOMINATOR = "denominator"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class Verbal:
    """A verbal equivalent: how strongly, and for which hypothesis."""

    strength: Strength
    favours: Favours


def verbal_equivalent(log10_lr: float | None) -> Verbal:
    """The words for a likelihood ratio; None is a ratio of 0, an exclusion."""
    if log10_lr is None:
        return Verbal(Strength.EXTREMELY_STRONG, Favours.DENOMINATOR)
    distance = abs(log10_lr) + ROUNDING_SLACK
    strength = max((s for s in Strength if math.log10(s.least) <= distance), key=lambda s: s.least)
    if strength is Strength.NONE:
        return Verbal(strength, Favours.NEITHER)
    return Verbal(strength, Favours.NUMERATOR if log10_lr > 0 else Favours.DENOMINATOR)


def stated_ratio(log10_ratio: float, digits: int = 2) -> str:
    """A ratio of at least 1 in words that read well, always rounded down: "2.4 million", "8,400", "3.1".

    Give the negative of a log10 LR below 1 to say how many times the other hypothesis explains better.
    Raises `ValueError` for a ratio below 1.
    """
    mantissa, power = rounded_down(log10_ratio, digits)
    if power < 0:
        raise ValueError("a ratio below 1 is said the other way round")
    if power >= LARGEST_NAMED:
        return f"{mantissa / 10 ** (digits - 1):.{digits - 1}f} × 10{str(power).translate(SUPERSCRIPTS)}"
    for scale, name in SCALES:
        if power >= scale:
            return f"{_plain(mantissa, power - scale, digits)} {name}"
    return _plain(mantissa, power, digits)


def power_of_ten(log10_ratio: float | None, up: bool = False) -> str:
    """An LR as a power of ten with two figures: `2.4 × 10⁸`; 0 for None.

    Rounded down; `up` is for what is required, so that a stated LR never seems to reach it by rounding.
    """
    if log10_ratio is None:
        return "0"
    mantissa, exponent = rounded_down(log10_ratio)
    if up and log10_ratio - exponent > math.log10(mantissa / 10) + ROUNDING_SLACK:
        mantissa, exponent = (mantissa + 1, exponent) if mantissa < 99 else (10, exponent + 1)
    return f"{mantissa / 10:.1f} × 10{str(exponent).translate(SUPERSCRIPTS)}"


def rounded_down(log10_ratio: float, digits: int = 2) -> tuple[int, int]:
    """(m, e): the largest m · 10^(e − digits + 1) with `digits` digits that is not above the ratio."""
    power = math.floor(log10_ratio + ROUNDING_SLACK)
    mantissa = math.floor(10.0 ** (log10_ratio - power + digits - 1) * (1 + ROUNDING_SLACK))
    return max(mantissa, 10 ** (digits - 1)), power


def percent(probability: float) -> str:
    """A probability rounded down so that no nine is invented: `99.9997 %`, `over 99.999999 %`."""
    rest = 1 - probability
    if rest < 1e-8:
        return f"over 99.999999{THIN}%"
    digits = max(2, math.ceil(-math.log10(rest)) - 1) if probability > 0.99 else 2
    scale = 10.0**digits
    value = math.floor(probability * 100 * scale * (1 + 1e-15)) / scale
    whole, decimals = f"{value:.{digits}f}".split(".")
    return f"{whole}.{decimals.rstrip('0').ljust(2, '0')}{THIN}%"


def _plain(mantissa: int, power: int, digits: int) -> str:
    shift = power - digits + 1
    if shift >= 0:
        return f"{mantissa * 10**shift:,}"
    text = f"{mantissa / 10**-shift:.{-shift}f}"
    return text.rstrip("0").rstrip(".")
