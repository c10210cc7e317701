"""The published methods: which there are, and what one says about a set of observations.

Methods are data files; a laboratory adds its own with `load_folder`. A result names its source, reference
sample, the kind of its interval, its arithmetic, and every reason for caution; limits are soft and never block.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from forensics.anthropology.engines import run
from forensics.anthropology.method_file import read_method
from forensics.anthropology.method_model import Engine, Input, InputType, Method
from forensics.domain.anthropology import IntervalKind, MethodResult, Target
from forensics.domain.errors import Invalid, Unavailable

__all__ = ["Measured", "Method", "apply", "available", "load", "load_folder"]


@dataclass(frozen=True, slots=True)
class Measured:
    """A measurement in mm with the code of the definition that it was taken by, such as `Tib_01`."""

    value: float
    definition: str = ""


Observation = float | str | Measured


@cache
def _shipped() -> Mapping[str, Method]:
    folder = files("forensics.data").joinpath("anthropology", "methods")
    found: dict[str, Method] = {}
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".toml"):
            method = read_method(file.read_text("utf-8"), file.name)
            found[method.id] = method
    return found


def available(target: Target | None = None, own: Mapping[str, Method] | None = None) -> Sequence[Method]:
    """Shipped methods and the laboratory's own, those for one target or all, by title."""
    known = {**_shipped(), **(own or {})}
    wanted = [method for method in known.values() if target is None or method.target is target]
    return tuple(sorted(wanted, key=lambda method: (method.target, method.title)))


def load(id: str, own: Mapping[str, Method] | None = None) -> Method:
    """One method by its id; `Invalid` names those there are."""
    known = {**_shipped(), **(own or {})}
    if id not in known:
        raise Invalid(f"There is no method “{id}”; there are {', '.join(sorted(known))}.")
    return known[id]


def load_folder(folder: Path) -> Mapping[str, Method]:
    """A laboratory's own methods, one TOML file each; the first malformed file is refused with its field."""
    if not folder.is_dir():
        raise Unavailable(
            f"There is no folder {folder}; create it and put one TOML file for each method there."
        )
    found: dict[str, Method] = {}
    for file in sorted(folder.glob("*.toml")):
        method = read_method(_text(file), file.name)
        if other := found.get(method.id) or _shipped().get(method.id):
            raise Invalid(
                f"{file.name}, id: “{method.id}” is already the id of {other.title}; choose another."
            )
        found[method.id] = method
    return found


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except UnicodeDecodeError:
        raise Invalid(f"{file.name}: is not UTF-8 text; save it as UTF-8.") from None
    except OSError as problem:
        raise Unavailable(f"{file.name} can't be read ({problem.strerror}).") from None


def apply(method: Method, inputs: Mapping[str, Observation]) -> MethodResult:
    """What the method says; `Invalid` when an observation is missing, unknown or not one of its scores.

    Lengths in mm, ages in years, scores and choices as their values; an empty or absent optional input is left out.
    """
    observed, warnings = _observed(method, inputs)
    outcome = run(method, observed)
    kind = outcome.kind or method.kind
    return MethodResult(
        method=method.id,
        version=method.version,
        title=method.title,
        target=method.target,
        inputs=tuple((name, _shown(method.input(name), value)) for name, value in observed.items()),
        estimate=outcome.estimate,
        low=outcome.low,
        high=outcome.high,
        unit=method.unit,
        kind=kind,
        level=None if kind is IntervalKind.NONE else method.level,
        reference=method.reference,
        source=f"{method.source} doi:{method.doi}" if method.doi else method.source,
        arithmetic=outcome.arithmetic,
        sex=outcome.sex,
        stage=outcome.stage,
        warnings=(*_status_warning(method), *warnings, *outcome.warnings, *method.caveats),
        status=outcome.status or method.status,
    )


def _status_warning(method: Method) -> tuple[str, ...]:
    if method.status == "verified":
        return ()
    return (f"The numbers of this method are {method.status}: {method.verification}",)


def _observed(method: Method, inputs: Mapping[str, Observation]) -> tuple[dict[str, str | float], list[str]]:
    """Observations in the order of the method's inputs, and what is unusual about them."""
    known = [entry.name for entry in method.inputs]
    for name in inputs:
        if name not in known:
            raise Invalid(f"{method.title} does not ask for “{name}”; it asks for {', '.join(known)}.")
    observed: dict[str, str | float] = {}
    warnings: list[str] = []
    for entry in method.inputs:
        given = inputs.get(entry.name)
        if given is None or given == "":
            if entry.required:
                raise Invalid(f"{method.title} needs {entry.label}; enter it or use another method.")
            continue
        observed[entry.name] = _value(entry, given)
        warnings += _cautions(entry, given, observed[entry.name])
    return observed, warnings + _incomplete(method, observed)


def _value(entry: Input, given: Observation) -> str | float:
    raw = given.value if isinstance(given, Measured) else given
    if entry.type in (InputType.LENGTH, InputType.YEARS):
        return _number(entry, raw)
    text = f"{raw:g}" if isinstance(raw, float | int) else raw.strip()
    values = [value for value, _ in entry.options]
    if values and text not in values:
        raise Invalid(f"{entry.label}: “{text}” is not one of {', '.join(values)}.")
    return float(text) if entry.type is InputType.SCORE and _is_number(text) else text


def _number(entry: Input, raw: float | str) -> float:
    try:
        value = float(raw)
    except ValueError:
        raise Invalid(f"{entry.label}: “{raw}” is not a number; give it in {entry.unit}.") from None
    if not 0 < value < float("inf"):
        raise Invalid(f"{entry.label}: {value:g} {entry.unit} can't be; give a positive number.")
    return value


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).isdigit()


def _cautions(entry: Input, given: Observation, value: str | float) -> list[str]:
    """Soft limits, and a measurement taken by another definition than the method's."""
    found = []
    if isinstance(value, float) and entry.type in (InputType.LENGTH, InputType.YEARS):
        if entry.low is not None and value < entry.low:
            found.append(
                f"{entry.label} of {value:g} {entry.unit} is below the usual {entry.low:g}; measure again."
            )
        if entry.high is not None and value > entry.high:
            found.append(
                f"{entry.label} of {value:g} {entry.unit} is above the usual {entry.high:g}; measure again."
            )
    stated = given.definition if isinstance(given, Measured) else ""
    if stated and entry.measurement and stated != entry.measurement:
        found.append(
            f"{entry.label} was taken as {stated}, but this method needs {entry.measurement}: {entry.definition}"
        )
    if entry.warning and stated != entry.measurement:
        found.append(entry.warning)
    return found


def _incomplete(method: Method, observed: Mapping[str, str | float]) -> list[str]:
    if method.engine is Engine.MAJORITY and len(observed) < len(method.inputs):
        return [f"Only {len(observed)} of {len(method.inputs)} traits were scored."]
    return []


def _shown(entry: Input | None, value: str | float) -> str:
    text = f"{value:g}" if isinstance(value, float) else value
    return f"{text} {entry.unit}".strip() if entry else text
