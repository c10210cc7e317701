"""How each kind of published method computes, with its arithmetic in words that can be checked by hand.

Each engine takes a method and its observations (lengths in mm, ages in years, scores and choices as text)
and returns an `Outcome`; nothing is rounded before it is shown.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import exp

from forensics.anthropology.method_model import Engine, Equation, InputType, Method, Row
from forensics.domain.anthropology import IntervalKind, SexEstimate
from forensics.domain.errors import Invalid

Observed = Mapping[str, str | float]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an engine found."""

    arithmetic: str
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    kind: IntervalKind | None = None  # when it differs from the method's
    sex: SexEstimate = SexEstimate.UNDETERMINED
    stage: str = ""
    warnings: tuple[str, ...] = ()
    status: str = ""


def run(method: Method, observed: Observed) -> Outcome:
    """The outcome of the method's engine."""
    return _ENGINES[method.engine](method, observed)


def _linear(method: Method, observed: Observed) -> Outcome:
    """Regression: the applicable equation with the smallest standard error of estimate."""
    equation = _best(method, observed)
    value, working = _evaluate(method, equation, observed)
    warnings: tuple[str, ...] = ()
    if (adjustment := method.adjustment) and adjustment.input in observed:
        years = max(0.0, float(observed[adjustment.input]) - adjustment.above)
        if years:
            value += adjustment.per_unit * years
            working += f"; {adjustment.per_unit:+g} × {years:g} ({adjustment.reason}) = {value:.2f}"
    if equation.see is None:
        return Outcome(f"{working} {method.unit}", value, kind=IntervalKind.NONE)
    low, high = value - 2 * equation.see, value + 2 * equation.see
    working += f" {method.unit}; ± 2 × {equation.see:g} = {low:.2f} to {high:.2f} {method.unit}"
    if not equation.see_verified:
        warnings = (
            f"The standard error {equation.see:g} of this equation has not been checked against the publication.",
        )
    status = "" if equation.see_verified else "standard error not verified"
    return Outcome(working, value, low, high, stage=equation.group, warnings=warnings, status=status)


def _best(method: Method, observed: Observed) -> Equation:
    """The equation whose inputs are all there: smallest error first, then the one that uses most."""
    group = str(observed.get("group", ""))
    fitting = [
        equation
        for equation in method.equations
        if equation.group == group and all(name in observed for name in equation.uses)
    ]
    if not fitting:
        wanted = sorted({" + ".join(e.uses) for e in method.equations if e.group == group})
        what = f"; it has equations for {', '.join(wanted)}" if wanted else ""
        raise Invalid(f"{method.title}: no equation fits what was observed{what}.")
    return min(fitting, key=lambda e: (e.see if e.see is not None else float("inf"), -len(e.uses)))


def _evaluate(method: Method, equation: Equation, observed: Observed) -> tuple[float, str]:
    """Value of the equation and its working; lengths are turned from mm into cm."""
    total, terms = equation.intercept, []
    for name, slope in equation.slopes:
        entry = method.input(name)
        length = entry is not None and entry.type is InputType.LENGTH
        value = float(observed[name]) / 10 if length else float(observed[name])
        total += slope * value
        terms.append(f"{slope:g} × {value:g}")
    sign = "+" if equation.intercept >= 0 else "−"
    return total, f"{' + '.join(terms)} {sign} {abs(equation.intercept):g} = {total:.2f}".replace("+ -", "− ")


def _table(method: Method, observed: Observed) -> Outcome:
    """Look-up of a phase, or of two."""
    keys = tuple(_key(observed[name]) for name in method.keys)
    row = next((row for row in method.rows if row.keys == keys), None)
    if row is None:
        shown = ", ".join(f"{name} {value}" for name, value in zip(method.keys, keys, strict=True))
        raise Invalid(f"{method.title} has no entry for {shown}; check the scores.")
    return _of_row(method, row, f"{' '.join(keys)}")


def _key(value: str | float) -> str:
    return f"{value:g}" if isinstance(value, float) else value


def _score(method: Method, observed: Observed) -> Outcome:
    """Sum of scores, then the stage that holds the total."""
    parts = [
        (entry.name, float(observed[entry.name])) for entry in method.inputs if entry.type is InputType.SCORE
    ]
    total = sum(value for _, value in parts)
    working = f"{' + '.join(f'{value:g}' for _, value in parts)} = {total:g}"
    for row in method.rows:
        if row.score and row.score[0] <= total <= row.score[1]:
            return _of_row(method, row, f"{working}: stage {row.stage}")
    raise Invalid(f"{method.title} has no stage for a total of {total:g}; check the scores.")


def _of_row(method: Method, row: Row, working: str) -> Outcome:
    """What a row says: a probability of sex, mean ± 2 SD, or the published range."""
    warnings = (row.note,) if row.note else ()
    if row.female is not None:
        sex = SexEstimate.of_probability(row.female)
        text = f"{working}: P(female) = {row.female:.3f}"
        return Outcome(text, row.female, sex=sex, stage=row.stage, warnings=warnings)
    low, high, kind = row.low, row.high, None
    if method.kind is IntervalKind.TWO_SD:
        if row.mean is None or row.sd is None:
            kind = IntervalKind.NONE
            low = high = None
        else:
            open_end = "no upper limit" in row.note
            low, high = max(0.0, row.mean - 2 * row.sd), None if open_end else row.mean + 2 * row.sd
            ends = f"{low:.2f} to {high:.2f}" if high is not None else f"from {low:.2f}"
            working += f": {row.mean:g} ± 2 × {row.sd:g} = {ends} {method.unit}"
    if kind is None and method.kind is not IntervalKind.TWO_SD:
        mean = f", mean {row.mean:g}" if row.mean is not None else ""
        working += f": {_end(low)} to {_end(high)} {method.unit}{mean}"
    return Outcome(working, row.mean, low, high, kind, stage=row.stage, warnings=warnings)


def _end(value: float | None) -> str:
    return "open" if value is None else f"{value:g}"


def _logistic(method: Method, observed: Observed) -> Outcome:
    """Logistic discriminant: the equation that uses most of what was scored."""
    group = str(observed.get("group", ""))
    fitting = [e for e in method.equations if e.group == group and all(name in observed for name in e.uses)]
    if not fitting:
        wanted = "; ".join(" + ".join(equation.uses) for equation in method.equations)
        raise Invalid(f"{method.title}: no equation fits what was scored; it needs {wanted}.")
    equation = max(fitting, key=lambda e: len(e.uses))
    y, working = _evaluate(method, equation, observed)
    probability = 1 / (1 + exp(-y))
    female = probability if method.predicts == "female" else 1 - probability
    text = f"y = {working}; P({method.predicts}) = 1 ÷ (1 + e^(−y)) = {probability:.4f}"
    return Outcome(text, female, sex=SexEstimate.of_probability(female))


def _threshold(method: Method, observed: Observed) -> Outcome:
    """Cut points of one measurement."""
    limits = method.thresholds
    assert limits is not None  # the reader refuses the file without it
    value = float(observed[limits.input])
    text = f"{value:g} mm; female up to {limits.female_at_most:g}, male from {limits.male_at_least:g}"
    if value <= limits.female_at_most:
        return Outcome(text, sex=SexEstimate.PROBABLE_FEMALE)
    if value >= limits.male_at_least:
        return Outcome(text, sex=SexEstimate.PROBABLE_MALE)
    return Outcome(f"{text}: between them", sex=SexEstimate.INDETERMINATE)


def _majority(method: Method, observed: Observed) -> Outcome:
    """Traits that say female, male or ambiguous: agreement of the clear ones, else nothing is concluded."""
    votes = {e.name: str(observed[e.name]) for e in method.inputs if e.name in observed}
    female = sum(vote == "F" for vote in votes.values())
    male = sum(vote == "M" for vote in votes.values())
    text = f"{female} female, {male} male, {len(votes) - female - male} ambiguous of {len(votes)} traits"
    if female == male or min(female, male) > 0:
        return Outcome(f"{text}: no agreement", sex=SexEstimate.INDETERMINATE)
    several = max(female, male) >= 2
    if female:
        return Outcome(text, sex=SexEstimate.FEMALE if several else SexEstimate.PROBABLE_FEMALE)
    return Outcome(text, sex=SexEstimate.MALE if several else SexEstimate.PROBABLE_MALE)


_ENGINES: Mapping[Engine, Callable[[Method, Observed], Outcome]] = {
    Engine.LINEAR: _linear,
    Engine.TABLE: _table,
    Engine.SCORE: _score,
    Engine.LOGISTIC: _logistic,
    Engine.THRESHOLD: _threshold,
    Engine.MAJORITY: _majority,
}
