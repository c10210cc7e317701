"""Scales of figures: a linear axis of log10 values or of plain numbers, with round ticks."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from reports.figures.svg import Box, Point, number

_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True, slots=True)
class Axis:
    """Values `low` to `high` on x from `left` to `right` (user units)."""

    low: float
    high: float
    left: float
    right: float

    def x(self, value: float) -> float:
        """Where a value stands; values beyond an end stand at that end."""
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return self.left + share * (self.right - self.left)

    def ticks(self, most: int = 8) -> list[float]:
        """Round values within the axis, at most `most`: multiples of 1, 2, 5 × 10ⁿ; 0 is one if inside."""
        raw = (self.high - self.low) / max(1, most - 1)
        power = 10.0 ** math.floor(math.log10(raw))
        step = next(power * m for m in (1, 2, 5, 10) if power * m >= raw * (1 - 1e-9))
        first = math.ceil(self.low / step - 1e-9)
        last = math.floor(self.high / step + 1e-9)
        return [step * k for k in range(first, last + 1)]


def power_label(exponent: float) -> str:
    """10^exponent as it stands at an axis: 0.01, 0.1, 1, 10, 100, 1,000, 10⁴ …"""
    whole = round(exponent)
    if abs(exponent - whole) > 1e-9:
        return f"10^{number(exponent)}"
    if -3 < whole < 4:
        return f"{10**whole:,}" if whole >= 0 else f"{10.0**whole:.{-whole}f}"
    return f"10{str(whole).translate(_SUPERSCRIPT)}"


def log_bounds(values: Iterable[float], least: float = 1.0) -> tuple[float, float]:
    """Whole powers of ten around the values and 1 (0 on the axis); at least `least` to the right."""
    known = [0.0, *values]
    low, high = math.floor(min(known) + 1e-9), math.ceil(max(known) - 1e-9)
    return float(low), float(max(high, least, low + 1))


def hatching(box: Box, gap: float = 4.0) -> list[tuple[Point, Point]]:
    """Slanting strokes that fill a rectangle without needing a pattern or a clip."""
    strokes = []
    start = box.x + gap / 2
    while start < box.right + box.height:
        upper = (min(start, box.right), box.y + max(0.0, start - box.right))
        lower = (max(start - box.height, box.x), box.bottom - max(0.0, box.x - (start - box.height)))
        if lower[0] < upper[0]:
            strokes.append((upper, lower))
        start += gap
    return strokes
