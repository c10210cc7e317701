"""A published method as values: what it asks for, its numbers, where they come from and how they were checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from forensics.domain.anthropology import IntervalKind, Target


class InputType(StrEnum):
    """What an input is; lengths are entered in mm, ages in years."""

    LENGTH = "length"
    YEARS = "years"
    SCORE = "score"  # an ordinal score
    CHOICE = "choice"  # one of named options


class Engine(StrEnum):
    """How a method computes; a new kind of formula is one function in `engines`."""

    LINEAR = "linear"
    TABLE = "table"
    SCORE = "score"
    LOGISTIC = "logistic"
    THRESHOLD = "threshold"
    MAJORITY = "majority"


@dataclass(frozen=True, slots=True)
class Input:
    """One observation that a method asks for.

    `low` and `high` are soft limits in its unit; `measurement` is the code of the standard definition;
    `warning` is shown unless the observation states that very definition.
    """

    name: str
    label: str
    type: InputType
    required: bool = True
    options: tuple[tuple[str, str], ...] = ()  # (value, meaning) of scores and choices
    low: float | None = None
    high: float | None = None
    measurement: str = ""
    definition: str = ""
    warning: str = ""
    element: str = ""

    @property
    def unit(self) -> str:
        return {InputType.LENGTH: "mm", InputType.YEARS: "years"}.get(self.type, "")


@dataclass(frozen=True, slots=True)
class Equation:
    """slope · input + … + intercept; lengths enter in cm. `group` names its reference group, if any."""

    slopes: tuple[tuple[str, float], ...]
    intercept: float
    group: str = ""
    see: float | None = None  # standard error of estimate
    see_verified: bool = True

    @property
    def uses(self) -> tuple[str, ...]:
        return tuple(name for name, _ in self.slopes)


@dataclass(frozen=True, slots=True)
class Row:
    """One phase or stage: its keys (or range of a total score), and what the reference sample showed."""

    keys: tuple[str, ...]
    stage: str = ""
    score: tuple[float, float] | None = None
    mean: float | None = None
    sd: float | None = None
    low: float | None = None
    high: float | None = None
    female: float | None = None  # probability of female
    note: str = ""


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A correction of the estimate by another input, such as 0.06 cm for each year above 30."""

    input: str
    above: float
    per_unit: float
    reason: str


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Cut points of one measurement, in mm: at most → female, at least → male, between → indeterminate."""

    input: str
    female_at_most: float
    male_at_least: float


@dataclass(frozen=True, slots=True)
class Example:
    """A worked example: observations, and what must come out."""

    inputs: Mapping[str, str | float]
    expect: Mapping[str, str | float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """A method with everything that a report must say of it."""

    id: str
    version: str
    title: str
    target: Target
    engine: Engine
    unit: str
    kind: IntervalKind
    level: float | None
    source: str
    doi: str
    reference: str
    status: str  # "verified", or what is not
    verification: str
    inputs: tuple[Input, ...]
    examples: tuple[Example, ...]
    caveats: tuple[str, ...] = ()
    elements: tuple[str, ...] = ()
    equations: tuple[Equation, ...] = ()
    rows: tuple[Row, ...] = ()
    keys: tuple[str, ...] = ()
    adjustment: Adjustment | None = None
    thresholds: Thresholds | None = None
    predicts: str = "female"  # what a logistic equation's positive side means
    origin: str = ""  # file that it was read from

    def input(self, name: str) -> Input | None:
        return next((entry for entry in self.inputs if entry.name == name), None)
