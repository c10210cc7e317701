"""Values of an anthropological examination: elements, sides, presence, estimates and their intervals.

Values only; the bone list and the published methods live in `forensics.data.anthropology`, the engines in
`forensics.anthropology`. Every enum value is the word that a person reads.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from forensics.domain.errors import Invalid


class Side(StrEnum):
    """Which side of the person, never of the observer."""

    LEFT = "left"
    RIGHT = "right"
    MIDLINE = "midline"
    UNSIDED = "unsided"  # paired, but the side can't be told


class Region(StrEnum):
    """The parts of the skeleton that an inventory is read by."""

    CRANIUM = "cranium"
    TEETH = "teeth"
    NECK = "neck"
    SPINE = "spine"
    THORAX = "thorax"
    SHOULDER = "shoulder girdle"
    ARM = "arm"
    HAND = "hand"
    PELVIS = "pelvis"
    LEG = "leg"
    FOOT = "foot"


class Completeness(StrEnum):
    """How much of an element is there (Buikstra & Ubelaker 1994: above 75 %, 25-75 %, below 25 %)."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    FRAGMENT = "fragment"
    ABSENT = "absent"
    NOT_RECORDED = "not recorded"

    @property
    def present(self) -> bool:
        return self in (Completeness.COMPLETE, Completeness.PARTIAL, Completeness.FRAGMENT)

    @classmethod
    def of_fraction(cls, fraction: float) -> "Completeness":
        """The class of a share between 0 and 1."""
        if not 0 <= fraction <= 1:
            raise Invalid(
                f"A share of {fraction:g} is not between 0 and 1; give how much of the bone is there."
            )
        if fraction == 0:
            return cls.ABSENT
        return cls.COMPLETE if fraction > 0.75 else cls.PARTIAL if fraction >= 0.25 else cls.FRAGMENT


class Preservation(StrEnum):
    """State of the bone's surface, in the grades of McKinley (2004), from fresh to destroyed."""

    GRADE_0 = "0: fresh surface, detail fully visible"
    GRADE_1 = "1: slight erosion in patches"
    GRADE_2 = "2: more extensive erosion, deeper in places"
    GRADE_3 = "3: most of the surface eroded, detail partly masked"
    GRADE_4 = "4: the whole surface eroded, profile kept"
    GRADE_5 = "5: heavy erosion, normal surface masked"
    GRADE_5_PLUS = "5+: erosion has changed the profile"
    NOT_RECORDED = "not recorded"


class Fusion(StrEnum):
    """Union of an epiphysis or suture (Buikstra & Ubelaker 1994)."""

    UNFUSED = "unfused"
    FUSING = "fusing"
    FUSED = "fused"
    NOT_OBSERVABLE = "not observable"


class ZonePresence(StrEnum):
    """Whether a zone counts: it does when more than half of it is there (Knüsel & Outram 2004)."""

    PRESENT = "present"
    PARTIAL = "less than half"
    ABSENT = "absent"
    NOT_OBSERVED = "not observed"


@dataclass(frozen=True, slots=True)
class Zone:
    """A numbered part of an element (Knüsel & Outram 2004)."""

    number: int
    name: str


class ElementKind(StrEnum):
    """What an entry of the element list is; only bones and permanent teeth count towards an adult."""

    BONE = "bone"  # one of the 206
    TOOTH = "permanent tooth"
    DECIDUOUS = "deciduous tooth"
    JUVENILE = "juvenile part"  # apart in a child, fused in an adult
    COMPOSITE = "composite"  # several bones recorded as one, such as the cranium
    GENERIC = "unspecified"  # the class is known, the place in the series is not


BOTH_SIDES = (Side.RIGHT, Side.LEFT)


@dataclass(frozen=True, slots=True)
class Element:
    """One entry of the element list.

    `count` is how many one person has, both sides together; `code` is what is typed; `number` is the
    position in a series (rib 7, T12), the FDI number of a tooth, or 0; `sides` are those it can have.
    """

    key: str
    name: str
    latin: str
    code: str
    region: Region
    kind: ElementKind = ElementKind.BONE
    sides: tuple[Side, ...] = (Side.MIDLINE,)
    count: int = 1
    number: int = 0
    zones: tuple[Zone, ...] = ()
    epiphyses: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    fma: int | None = None  # Foundational Model of Anatomy
    part_of: str = ""  # the element that it belongs to or fuses into

    @property
    def sided(self) -> bool:
        return len(self.sides) > 1

    def label(self, side: Side) -> str:
        """Name with its side, as a list shows it: `left femur`, `sacrum`."""
        return f"{side} {self.name}" if self.sided else self.name


class SexEstimate(StrEnum):
    """The five steps of an opinion on sex, and the case where nothing could be assessed."""

    MALE = "male"
    PROBABLE_MALE = "probable male"
    INDETERMINATE = "indeterminate"  # assessed, and ambiguous
    PROBABLE_FEMALE = "probable female"
    FEMALE = "female"
    UNDETERMINED = "undetermined"  # not assessable

    @property
    def evaluated(self) -> bool:
        """Whether the estimate points to a sex at all."""
        return self not in (SexEstimate.INDETERMINATE, SexEstimate.UNDETERMINED)

    @property
    def points_to_male(self) -> bool:
        return self in (SexEstimate.MALE, SexEstimate.PROBABLE_MALE)

    @property
    def points_to_female(self) -> bool:
        return self in (SexEstimate.FEMALE, SexEstimate.PROBABLE_FEMALE)

    @property
    def only_probable(self) -> bool:
        return self in (SexEstimate.PROBABLE_MALE, SexEstimate.PROBABLE_FEMALE)

    @classmethod
    def of_probability(cls, female: float) -> "SexEstimate":
        """Step of a probability of being female: 0.95 and 0.05 definite, 0.80 and 0.20 probable."""
        if not 0 <= female <= 1:
            raise Invalid(f"A probability of {female:g} is not between 0 and 1.")
        if female >= 0.95 or female <= 0.05:
            return cls.FEMALE if female >= 0.95 else cls.MALE
        if female >= 0.80 or female <= 0.20:
            return cls.PROBABLE_FEMALE if female >= 0.80 else cls.PROBABLE_MALE
        return cls.INDETERMINATE


def _number(value: float) -> str:
    """`24` for 24.0 and `24.5` for 24.5, as ranges are written."""
    return f"{value:.1f}".removesuffix(".0")


@dataclass(frozen=True, slots=True)
class AgeRange:
    """Age in years, both ends included; an open end is None."""

    minimum: float | None
    maximum: float | None

    def __post_init__(self) -> None:
        _ordered(self.minimum, self.maximum, 130, "age", "years")

    def __str__(self) -> str:
        return _written(self.minimum, self.maximum, "years")


@dataclass(frozen=True, slots=True)
class StatureRange:
    """Living stature in centimetres, both ends included; an open end is None."""

    minimum: float | None
    maximum: float | None

    def __post_init__(self) -> None:
        _ordered(self.minimum, self.maximum, 280, "stature", "cm")

    def __str__(self) -> str:
        return _written(self.minimum, self.maximum, "cm")


def _ordered(low: float | None, high: float | None, limit: float, what: str, unit: str) -> None:
    """Refuses what can't be a range of a person's age or stature."""
    if low is None and high is None:
        raise Invalid(f"A range of {what} needs at least one end; leave the {what} out if it is unknown.")
    for value in (low, high):
        if value is not None and not 0 <= value <= limit:
            raise Invalid(f"A {what} of {_number(value)} {unit} is not possible; give 0 to {limit:g} {unit}.")
    if low is not None and high is not None and low > high:
        raise Invalid(
            f"The {what} {_number(low)} to {_number(high)} {unit} is reversed; give the lower end first."
        )


def _written(low: float | None, high: float | None, unit: str) -> str:
    if high is None:
        return f"{_number(low or 0)} {unit} or more"
    if low is None:
        return f"{_number(high)} {unit} or less"
    return f"{_number(low)} {unit}" if low == high else f"{_number(low)}–{_number(high)} {unit}"


class IntervalKind(StrEnum):
    """What the two ends of a published interval are; they must never be shown without it."""

    PREDICTION = "prediction interval"
    TWO_SD = "±2 standard deviations"
    TWO_SEE = "±2 standard errors of estimate"
    MEAN = "confidence interval of the mean"
    CENTRAL = "central range of the sample"
    OBSERVED = "observed range of the sample"
    MODAL = "modal range"
    DENSITY = "highest posterior density"
    PROBABILITY = "probability"
    THRESHOLD = "threshold"
    NONE = "no interval"

    @property
    def meaning(self) -> str:
        """One sentence for the person who reads the interval."""
        return _MEANING[self]


_MEANING = {
    IntervalKind.PREDICTION: "Where a new individual of the reference population falls at the stated level.",
    IntervalKind.TWO_SD: "About 95 % of the reference individuals in this phase, if their ages are normal.",
    IntervalKind.TWO_SEE: "About a 95 % prediction interval, somewhat too narrow far from the sample's mean.",
    IntervalKind.MEAN: "Where the mean of the sample lies; an individual falls outside it often.",
    IntervalKind.CENTRAL: "The central share of the reference individuals in this phase.",
    IntervalKind.OBSERVED: "Youngest to oldest reference individual; it widens with the size of the sample.",
    IntervalKind.MODAL: "The most frequent age class; no prediction interval, too narrow to exclude anybody.",
    IntervalKind.DENSITY: "The most credible values at the stated level, given the stated prior.",
    IntervalKind.PROBABILITY: "A probability under the reference sample, with equal prior odds.",
    IntervalKind.THRESHOLD: "Cut points of the reference sample.",
    IntervalKind.NONE: "The source gives no interval.",
}


class Target(StrEnum):
    """What a method estimates."""

    SEX = "sex"
    AGE = "age"
    STATURE = "stature"


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodResult:
    """What one published method says about one set of observations, with its arithmetic.

    `estimate`, `low` and `high` are years, cm, or for sex the probability of being female; None is an open
    end or no value. `inputs` are (name, value as entered). `warnings` are sentences for the examiner and
    are printed. `status` is "verified" or says what is not.
    """

    method: str
    version: str
    title: str
    target: Target
    inputs: tuple[tuple[str, str], ...]
    estimate: float | None
    low: float | None
    high: float | None
    unit: str
    kind: IntervalKind
    level: float | None
    reference: str
    source: str
    arithmetic: str
    sex: SexEstimate = SexEstimate.UNDETERMINED
    stage: str = ""
    warnings: tuple[str, ...] = ()
    status: str = "verified"

    @property
    def conclusion(self) -> str:
        """The result in one line, the interval never without its kind."""
        if self.target is Target.SEX:
            chance = f" (probability of female {self.estimate:.3f})" if self.estimate is not None else ""
            return f"{self.sex}{chance}"
        if self.low is None and self.high is None:
            return (
                f"{_number(self.estimate)} {self.unit}, no interval"
                if self.estimate is not None
                else "no estimate"
            )
        level = f"{100 * self.level:g} % " if self.level is not None else ""
        return f"{_written(self.low, self.high, self.unit)} ({level}{self.kind})"


def as_plain(result: MethodResult) -> dict[str, Any]:
    """The result as texts, numbers and lists, for a record or for the facts inside a report."""
    return asdict(result)


def from_plain(stored: Mapping[str, Any]) -> MethodResult:
    """A stored result as it was; `Invalid` when it is not one."""
    try:
        values = dict(stored)
        values["target"], values["sex"] = Target(values["target"]), SexEstimate(values["sex"])
        values["kind"] = IntervalKind(values["kind"])
        values["inputs"] = tuple((str(name), str(value)) for name, value in values["inputs"])
        values["warnings"] = tuple(values["warnings"])
        return MethodResult(**values)
    except (KeyError, TypeError, ValueError) as problem:
        raise Invalid(f"A stored method result can't be read ({problem}); apply the method again.") from None


@dataclass(frozen=True, slots=True, kw_only=True)
class BiologicalProfile:
    """The examiner's conclusion: it rests on methods, and says in words how they were weighed."""

    sex: SexEstimate = SexEstimate.UNDETERMINED
    age: AgeRange | None = None
    stature: StatureRange | None = None
    rationale: str = ""
    methods: tuple[MethodResult, ...] = ()
    affinity: str = ""  # off by default; never needed for a comparison
