"""How an examination stands beside what is known of a missing person: one rule for each finding.

Unknown is never a mismatch. An indeterminate finding is neutral. Ranges that overlap are consistent. A near
miss (ranges apart by no more than the tolerance) is neutral: it neither supports nor contradicts. Anything
further apart is inconsistent, until a person explains it in words; then it is an explained inconsistency.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from forensics.domain.anthropology import AgeRange, SexEstimate, StatureRange
from forensics.domain.errors import Invalid
from forensics.domain.kinship import Sex

AGE_TOLERANCE = 2.0  # years: the date of death is rarely the date of disappearance
STATURE_TOLERANCE = 3.0  # cm: reported and documented heights are rounded, often upwards


class Consistency(StrEnum):
    """The verdict of one line of the evidence grid."""

    CONSISTENT = "consistent"
    NEUTRAL = "neutral"
    EXPLAINED = "explained inconsistency"
    INCONSISTENT = "inconsistent"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Finding:
    """A verdict and the sentence that gives its reason."""

    verdict: Consistency
    sentence: str


def explain(finding: Finding, explanation: str) -> Finding:
    """Turns an inconsistency into an explained one; the words are kept beside the reason."""
    if finding.verdict is not Consistency.INCONSISTENT:
        raise Invalid(f"Only an inconsistency can be explained; this finding is {finding.verdict}.")
    if not explanation.strip():
        raise Invalid("Say in words what explains the inconsistency.")
    sentence = f"{finding.sentence} Explained: {explanation.strip()}"
    return replace(finding, verdict=Consistency.EXPLAINED, sentence=sentence)


def compare_sex(examined: SexEstimate | None, known: Sex | None) -> Finding:
    """Sex of the remains beside the sex of the missing person."""
    if examined in (None, SexEstimate.UNDETERMINED):
        return Finding(Consistency.UNKNOWN, "The sex of the remains could not be assessed.")
    assert examined is not None
    if known in (None, Sex.UNKNOWN):
        return Finding(Consistency.UNKNOWN, "The sex of the missing person is not recorded.")
    assert known is not None
    word = "male" if known is Sex.MALE else "female"
    if examined is SexEstimate.INDETERMINATE:
        return Finding(
            Consistency.NEUTRAL, f"The remains are indeterminate for sex; the missing person is {word}."
        )
    sentence = f"The remains are {examined}; the missing person is {word}."
    if examined.points_to_male == (known is Sex.MALE):
        return Finding(Consistency.CONSISTENT, sentence)
    doubt = " The estimate is only probable: settle it with amelogenin." if examined.only_probable else ""
    return Finding(Consistency.INCONSISTENT, sentence + doubt)


def compare_age(
    examined: AgeRange | None, known: AgeRange | None, tolerance: float = AGE_TOLERANCE
) -> Finding:
    """Age at death by examination beside the person's age when last known alive, in years.

    `known` is a range when the birth date is uncertain, or open above when death may have come much later.
    """
    if examined is None:
        return Finding(Consistency.UNKNOWN, "The age of the remains was not estimated.")
    if known is None:
        return Finding(Consistency.UNKNOWN, "The age of the missing person is not known.")
    stated = f"The remains are estimated at {examined}; the missing person was {known} old."
    return _ranges(
        (examined.minimum, examined.maximum), (known.minimum, known.maximum), tolerance, "years", stated
    )


def compare_stature(
    examined: StatureRange | None, known: StatureRange | None, tolerance: float = STATURE_TOLERANCE
) -> Finding:
    """Living stature by examination beside the reported or documented height, in cm."""
    if examined is None:
        return Finding(Consistency.UNKNOWN, "The stature of the remains was not estimated.")
    if known is None:
        return Finding(Consistency.UNKNOWN, "The height of the missing person is not known.")
    stated = f"The remains are estimated at {examined}; the missing person measured {known}."
    return _ranges(
        (examined.minimum, examined.maximum), (known.minimum, known.maximum), tolerance, "cm", stated
    )


_Ends = tuple[float | None, float | None]


def gap(first: _Ends, second: _Ends) -> float:
    """Distance between two closed ranges, 0 when they touch or overlap; None is an open end."""
    far = float("inf")
    (low, high), (other_low, other_high) = first, second
    above = (-far if low is None else low) - (far if other_high is None else other_high)
    below = (-far if other_low is None else other_low) - (far if high is None else high)
    return max(0.0, above, below)


def _ranges(first: _Ends, second: _Ends, tolerance: float, unit: str, stated: str) -> Finding:
    """The rule that age and stature share."""
    if tolerance < 0:
        raise Invalid(f"A tolerance of {tolerance:g} {unit} is negative; give 0 or more.")
    apart = gap(first, second)
    if apart == 0:
        return Finding(Consistency.CONSISTENT, f"{stated} The ranges overlap.")
    distance = f"The ranges are {apart:.1f} {unit} apart"
    if apart <= tolerance + 1e-9:
        return Finding(
            Consistency.NEUTRAL, f"{stated} {distance}, within the tolerance of {tolerance:g} {unit}."
        )
    return Finding(
        Consistency.INCONSISTENT, f"{stated} {distance}, more than the tolerance of {tolerance:g} {unit}."
    )
