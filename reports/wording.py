"""How numbers become sentences: rounded in the careful direction, number first, words second.

Verbal scale: ENFSI, Guideline for evaluative reporting in forensic science (2015), table 2; the same words
are used for an LR below 1 with the hypotheses exchanged. A posterior is only worded together with its prior.
"""

import math
from datetime import date, datetime

from forensics.domain.evidence import THIN as THIN
from forensics.domain.evidence import percent as percent
from forensics.domain.facts import Log10

_SCALE = ((1, "weak"), (2, "moderate"), (3, "moderately strong"), (4, "strong"), (6, "very strong"))
_NAMES = ((9, "billion"), (6, "million"))
_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_SLACK = 1e-9  # so that 10**log10(2.4e6) is not floored to 2.3 million


def verbal(log10: Log10) -> str:
    """ENFSI's word for the strength of support, of whichever hypothesis is supported."""
    if log10 is None:
        return "conclusive against"
    size = abs(log10) + _SLACK
    if size < math.log10(2):
        return "no"
    return next((word for limit, word in _SCALE if size < limit), "extremely strong")


def times(log10: float) -> str:
    """10**log10 rounded down to two figures: `2.4 million`, `350`, `1.7 × 10¹³`."""
    exponent = math.floor(log10 + _SLACK)
    mantissa = math.floor(10 ** (log10 - exponent + 1) * (1 + _SLACK))  # two figures, 10 to 99
    mantissa, exponent = (10, exponent + 1) if mantissa >= 100 else (mantissa, exponent)
    if exponent >= 12 or exponent < -3:
        return f"{mantissa / 10:.1f} × 10{str(exponent).translate(_SUPERSCRIPT)}"
    for power, name in _NAMES:
        if exponent >= power:
            return f"{_grouped(mantissa * 10.0 ** (exponent - power - 1))} {name}"
    return _grouped(mantissa * 10.0 ** (exponent - 1))


def _grouped(value: float) -> str:
    """At most two significant figures with a comma between thousands."""
    digits = 0 if value >= 9.95 else (1 if value >= 0.995 else 3)
    text = f"{value:,.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def signed(log10: Log10, digits: int = 4) -> str:
    """log10 for a table column, with a true minus sign; −∞ where the LR is 0."""
    if log10 is None:
        return "−∞"
    return f"{log10:.{digits}f}".replace("-", "−")


def ratio(log10: Log10) -> str:
    """An LR for a table column: plain where short, else a power of ten; four figures."""
    if log10 is None:
        return "0"
    if -4 < log10 < 5:
        value = 10**log10
        digits = max(0, 3 - math.floor(math.log10(value)))
        return f"{value:,.{digits}f}"
    exponent = math.floor(log10)
    return f"{10 ** (log10 - exponent):.3f} × 10{str(exponent).translate(_SUPERSCRIPT)}"


def lr_sentence(log10: Log10, numerator: str, denominator: str) -> str:
    """The evaluative sentence; never a probability of a hypothesis."""
    if log10 is None:
        return (
            f"Under the stated model the DNA results are impossible if {numerator}; they are expected if "
            f"{denominator}."
        )
    if abs(log10) < math.log10(2):
        return f"The DNA results do not distinguish whether {numerator} or {denominator}."
    for_, against = (numerator, denominator) if log10 > 0 else (denominator, numerator)
    return f"The DNA results are about {times(abs(log10))} times more probable if {for_} than if {against}."


def verbal_sentence(log10: Log10, numerator: str, denominator: str) -> str:
    """The verbal equivalent, second to the number."""
    if log10 is None:
        return f"This excludes, within the stated model, that {numerator}."
    if abs(log10) < math.log10(2):
        return "This is no support for either hypothesis (likelihood ratio between ½ and 2)."
    supported = numerator if log10 > 0 else denominator
    return f"This is {verbal(log10)} support for the hypothesis that {supported} (ENFSI scale)."


def policy_percent(probability: float) -> str:
    """A threshold as the policy has it: `99.95 %`."""
    return f"{probability * 100:.6f}".rstrip("0").rstrip(".") + f"{THIN}%"


def prior_sentence(sought: int, posterior: float, whose: str) -> str:
    """The posterior, always with the prior that it stands on."""
    return (
        f"Taking into account that {sought:,} persons are sought in this operation, each considered equally "
        f"likely before testing, the probability that {whose} is {percent(posterior)}."
    )


def day(value: date | None) -> str:
    """`21 November 2026`, with the time in UTC where there is one; empty for None."""
    if value is None:
        return ""
    text = f"{value.day} {_MONTHS[value.month - 1]} {value.year}"
    return f"{text}, {value:%H:%M} UTC" if isinstance(value, datetime) else text


_MONTHS = (
    "January February March April May June July August September October November December".split()
)  # not strftime: its month names follow the machine's locale


def listed(words: tuple[str, ...], joiner: str = "and") -> str:
    """`a, b and c`."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {joiner} {words[-1]}" if words else ""
