"""Reads a method's TOML file; what is wrong with it is said with file, field and remedy."""

import tomllib
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, TypeVar

from forensics.anthropology.method_model import (
    Adjustment,
    Engine,
    Equation,
    Example,
    Input,
    InputType,
    Method,
    Row,
    Thresholds,
)
from forensics.domain.anthropology import IntervalKind, Target
from forensics.domain.errors import Invalid

_Choice = TypeVar("_Choice", bound=StrEnum)
_TOP = frozenset(
    {"id", "version", "title", "target", "engine", "unit", "interval", "source", "doi", "reference", "status"}
    | {"verification", "input", "example", "caveats", "elements", "equation", "row", "keys", "adjustment"}
    | {"thresholds", "predicts"}
)
_NEEDS = {
    Engine.LINEAR: "equation",
    Engine.LOGISTIC: "equation",
    Engine.TABLE: "row",
    Engine.SCORE: "row",
    Engine.THRESHOLD: "thresholds",
    Engine.MAJORITY: "input",
}


class Section:
    """A table of the file that remembers its name, so that every refusal says where."""

    def __init__(self, file: str, where: str, values: Any) -> None:
        if not isinstance(values, Mapping):
            raise Invalid(f"{file}: {where} is not a table; write it as [{where}] with its fields below.")
        self.file, self.where, self.values = file, where, values

    def refuse(self, field: str, what: str) -> Invalid:
        place = f"{self.where}.{field}" if self.where else field
        return Invalid(f"{self.file}, {place}: {what}")

    def text(self, field: str, default: str | None = None) -> str:
        value = self.values.get(field, default)
        if value is None:
            raise self.refuse(field, "is missing; add it as a text.")
        if not isinstance(value, str):
            raise self.refuse(field, f"is {value!r}; it must be a text in quotes.")
        return value

    def number(self, field: str, required: bool = False) -> float | None:
        value = self.values.get(field)
        if value is None and not required:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.refuse(field, f"is {value!r}; it must be a number.")
        return float(value)

    def needed(self, field: str) -> float:
        value = self.number(field, required=True)
        assert value is not None
        return value

    def flag(self, field: str, default: bool) -> bool:
        value = self.values.get(field, default)
        if not isinstance(value, bool):
            raise self.refuse(field, f"is {value!r}; it must be true or false.")
        return value

    def texts(self, field: str) -> tuple[str, ...]:
        value = self.values.get(field, [])
        if not isinstance(value, list):
            raise self.refuse(field, "must be a list in square brackets.")
        return tuple(str(item) for item in value)

    def choice(self, field: str, kind: type[_Choice], default: str | None = None) -> _Choice:
        value = self.text(field, default)
        try:
            return kind(value)
        except ValueError:
            raise self.refuse(field, f"“{value}” is not known; use one of {', '.join(kind)}.") from None

    def sections(self, field: str) -> list["Section"]:
        value = self.values.get(field, [])
        if not isinstance(value, list):
            raise self.refuse(field, f"must be repeated tables; write each as [[{field}]].")
        return [Section(self.file, f"{field} {at}", item) for at, item in enumerate(value, start=1)]

    def known(self, fields: Sequence[str] | frozenset[str]) -> None:
        """Refuses a field that nobody would read: it is a slip of the pen."""
        for field in self.values:
            if field not in fields:
                raise self.refuse(field, f"is not a field; use {', '.join(sorted(fields))}.")


def read_method(text: str, file: str) -> Method:
    """The method of one file's text; `file` is the name that refusals show."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise Invalid(f"{file}: is not valid TOML ({problem}); mend that line.") from None
    top = Section(file, "", document)
    top.known(_TOP)
    method = _method(top)
    _check(top, method)
    return method


def _method(top: Section) -> Method:
    interval = Section(top.file, "interval", top.values.get("interval", {}))
    interval.known(("kind", "level"))
    return Method(
        id=top.text("id"),
        version=top.text("version"),
        title=top.text("title"),
        target=top.choice("target", Target),
        engine=top.choice("engine", Engine),
        unit=top.text("unit", ""),
        kind=interval.choice("kind", IntervalKind),
        level=interval.number("level"),
        source=top.text("source"),
        doi=top.text("doi", ""),
        reference=top.text("reference"),
        status=top.text("status"),
        verification=top.text("verification"),
        inputs=tuple(_input(section) for section in top.sections("input")),
        examples=tuple(_example(section) for section in top.sections("example")),
        caveats=top.texts("caveats"),
        elements=top.texts("elements"),
        equations=tuple(_equation(section) for section in top.sections("equation")),
        rows=tuple(_row(section) for section in top.sections("row")),
        keys=top.texts("keys"),
        adjustment=_adjustment(top),
        thresholds=_thresholds(top),
        predicts=top.text("predicts", "female"),
        origin=top.file,
    )


def _input(section: Section) -> Input:
    section.known(tuple(Input.__dataclass_fields__))
    options = section.values.get("options", {})
    if not isinstance(options, Mapping):
        raise section.refuse("options", 'must be a table such as { 1 = "slight", 2 = "marked" }.')
    return Input(
        name=section.text("name"),
        label=section.text("label"),
        type=section.choice("type", InputType),
        required=section.flag("required", True),
        options=tuple((str(value), str(meaning)) for value, meaning in options.items()),
        low=section.number("low"),
        high=section.number("high"),
        measurement=section.text("measurement", ""),
        definition=section.text("definition", ""),
        warning=section.text("warning", ""),
        element=section.text("element", ""),
    )


def _equation(section: Section) -> Equation:
    section.known(("slopes", "intercept", "group", "see", "see_verified"))
    slopes = Section(section.file, f"{section.where}.slopes", section.values.get("slopes"))
    return Equation(
        slopes=tuple((name, slopes.needed(name)) for name in slopes.values),
        intercept=section.needed("intercept"),
        group=section.text("group", ""),
        see=section.number("see"),
        see_verified=section.flag("see_verified", True),
    )


def _row(section: Section) -> Row:
    section.known(("keys", "stage", "score", "mean", "sd", "low", "high", "female", "note"))
    score = section.values.get("score")
    if score is not None and (not isinstance(score, list) or len(score) != 2):
        raise section.refuse("score", "must be the lowest and the highest total, such as [5, 6].")
    keys = section.texts("keys")
    return Row(
        keys=keys,
        stage=section.text("stage", " ".join(keys)),
        score=(float(score[0]), float(score[1])) if score else None,
        mean=section.number("mean"),
        sd=section.number("sd"),
        low=section.number("low"),
        high=section.number("high"),
        female=section.number("female"),
        note=section.text("note", ""),
    )


def _adjustment(top: Section) -> Adjustment | None:
    if "adjustment" not in top.values:
        return None
    section = Section(top.file, "adjustment", top.values["adjustment"])
    section.known(("input", "above", "per_unit", "reason"))
    return Adjustment(
        section.text("input"), section.needed("above"), section.needed("per_unit"), section.text("reason")
    )


def _thresholds(top: Section) -> Thresholds | None:
    if "thresholds" not in top.values:
        return None
    section = Section(top.file, "thresholds", top.values["thresholds"])
    section.known(("input", "female_at_most", "male_at_least"))
    return Thresholds(
        section.text("input"), section.needed("female_at_most"), section.needed("male_at_least")
    )


def _example(section: Section) -> Example:
    section.known(("inputs", "expect"))
    inputs = Section(section.file, f"{section.where}.inputs", section.values.get("inputs"))
    expect = Section(section.file, f"{section.where}.expect", section.values.get("expect"))
    expect.known(("estimate", "low", "high", "sex", "stage"))
    return Example(dict(inputs.values), dict(expect.values))


def _check(top: Section, method: Method) -> None:
    """What the fields must be to each other."""
    need = _NEEDS[method.engine]
    if need not in top.values:
        raise top.refuse(need, f"is missing; a method of engine “{method.engine}” needs it.")
    if not method.examples:
        raise top.refuse("example", "is missing; every method needs a worked example that can be recomputed.")
    names = {entry.name for entry in method.inputs}
    for at, equation in enumerate(method.equations, start=1):
        for name in equation.uses:
            if name not in names:
                raise top.refuse(
                    f"equation {at}.slopes.{name}", f"is no input; the inputs are {', '.join(names)}."
                )
    for name in (*method.keys, *(used.input for used in (method.adjustment, method.thresholds) if used)):
        if name not in names:
            raise top.refuse("keys", f"“{name}” is no input; the inputs are {', '.join(sorted(names))}.")
    for at, row in enumerate(method.rows, start=1):
        if method.engine is Engine.TABLE and len(row.keys) != len(method.keys):
            raise top.refuse(
                f"row {at}.keys", f"has {len(row.keys)} values; the table has {len(method.keys)} keys."
            )
        if method.engine is Engine.SCORE and row.score is None:
            raise top.refuse(f"row {at}.score", "is missing; give the lowest and the highest total.")
