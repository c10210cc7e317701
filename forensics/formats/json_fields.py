"""JSON read with suspicion: every wrong type, missing field or doubled key is named with its place."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NoReturn, TypeVar

from forensics.domain.errors import Invalid

Choice = TypeVar("Choice", bound=StrEnum)


def parse(content: bytes | str) -> Any:
    """The value of a JSON text; `Invalid` says where it stops being JSON."""
    try:
        text = content.decode("utf-8-sig") if isinstance(content, bytes) else content
        return json.loads(text, object_pairs_hook=_distinct, parse_constant=_constant)
    except UnicodeDecodeError as error:
        raise Invalid(f"The file is not UTF-8 text (byte {error.start}); save it as UTF-8 JSON.") from None
    except json.JSONDecodeError as error:
        raise Invalid(f"Line {error.lineno}, column {error.colno}: this is not JSON ({error.msg}).") from None
    except (RecursionError, MemoryError):
        raise Invalid("The JSON is nested too deeply to be a file of this kind.") from None
    except ValueError as error:
        raise Invalid(f"The JSON holds a number that can't be read ({error}).") from None


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Invalid(f"The name {twice!r} stands twice in one JSON object; keep one of them.")
    return result


def _constant(name: str) -> NoReturn:
    raise Invalid(f"The JSON holds {name}, which is not a number; correct it.")


@dataclass(frozen=True, slots=True)
class Field:
    """A JSON value and where it stands, for messages."""

    value: Any
    place: str

    @property
    def present(self) -> bool:
        return self.value is not None

    def named(self, place: str) -> "Field":
        """The same value under a better name."""
        return Field(self.value, place)

    def get(self, name: str) -> "Field":
        """A field that must be there."""
        found = self.optional(name)
        if found is None:
            raise Invalid(f"{self.place}: the field {name!r} is missing.")
        return found

    def optional(self, name: str) -> "Field | None":
        """A field that may be absent or null."""
        if not isinstance(self.value, dict):
            self._wrong("an object with named fields")
        value = self.value.get(name)
        return None if value is None else Field(value, self._below(name))

    def items(self) -> Iterator[tuple[str, "Field"]]:
        """Fields of an object by name."""
        if not isinstance(self.value, dict):
            self._wrong("an object with named fields")
        for name, value in self.value.items():
            yield name, Field(value, self._below(name))

    def items_of_list(self) -> Iterator["Field"]:
        """Entries of a list."""
        if not isinstance(self.value, list):
            self._wrong("a list")
        for number, value in enumerate(self.value, start=1):
            yield Field(value, f"{self.place}[{number}]")

    def text(self) -> str:
        """A text that is not empty."""
        if not isinstance(self.value, str) or not self.value:
            self._wrong("a text")
        return str(self.value)

    def number(self) -> float:
        """A number; true and false are none."""
        if not isinstance(self.value, int | float) or isinstance(self.value, bool):
            self._wrong("a number")
        try:
            return float(self.value)
        except OverflowError:
            self._wrong("a number that a computer can hold")

    def whole_number(self) -> int:
        if not isinstance(self.value, int) or isinstance(self.value, bool):
            self._wrong("a whole number")
        return int(self.value)

    def one_of(self, choices: type[Choice]) -> Choice:
        """A member of an enumeration by its value."""
        try:
            return choices(self.value)
        except ValueError:
            self._wrong("one of " + ", ".join(choice.value for choice in choices))

    def text_or(self, name: str, default: str) -> str:
        found = self.optional(name)
        if found is None or found.value == "":
            return default
        return found.text()

    def number_or(self, name: str, default: float) -> float:
        found = self.optional(name)
        return default if found is None else found.number()

    def choice(self, name: str, choices: type[Choice], default: Choice) -> Choice:
        found = self.optional(name)
        return default if found is None else found.one_of(choices)

    def _below(self, name: str) -> str:
        return f"{self.place}.{name}" if ": " in self.place else f"{self.place}: {name}"

    def _wrong(self, wanted: str) -> NoReturn:
        shown = json.dumps(self.value, ensure_ascii=False)
        shown = shown if len(shown) <= 40 else shown[:37] + "..."
        raise Invalid(f"{self.place} is {shown}; it must be {wanted}.")
