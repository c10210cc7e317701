"""A Familias file line by line: what is expected next, and a refusal at the line that is something else."""

import re
from dataclasses import dataclass

from forensics.formats.problems import shown, stop

SAVE_AGAIN = "Save the project again in Familias 3."


@dataclass(slots=True)
class Lines:
    """The lines of a file and the place where reading stands (0-based)."""

    lines: list[str]
    at: int = 0

    @property
    def number(self) -> int:
        """Number of the next line, from 1."""
        return self.at + 1

    def peek(self) -> str:
        """The next line, stripped; empty after the end."""
        return self.lines[self.at].strip() if self.at < len(self.lines) else ""

    def take(self, what: str) -> str:
        """The next line; stops after the end."""
        if self.at >= len(self.lines):
            raise stop(
                f"The file ends where {what} is expected.", f"It is cut off. {SAVE_AGAIN}", len(self.lines)
            )
        self.at += 1
        return self.lines[self.at - 1].strip()

    def text(self, what: str) -> str:
        """The next line without its quotation marks."""
        return self.take(what).strip('"').strip()

    def count(self, what: str, most: int | None = None) -> int:
        """A whole number; stops if it is larger than what the rest of the file can hold."""
        line, text = self.number, self.take(what)
        limit = len(self.lines) if most is None else most
        if not re.fullmatch(r"[0-9]{1,7}", text) or int(text) > limit:
            raise stop(f"{shown(text)} stands where {what} is expected.", SAVE_AGAIN, line)
        return int(text)

    def number_of(self, what: str) -> float:
        """A number that is not negative."""
        line, text = self.number, self.take(what)
        if not re.fullmatch(r"[0-9]*\.?[0-9]+([eE][+-]?[0-9]{1,3})?", text):
            raise stop(f"{shown(text)} stands where {what} is expected.", SAVE_AGAIN, line)
        return float(text)

    def flag(self, what: str) -> bool:
        """#TRUE# or #FALSE#, with whatever remark follows."""
        line, text = self.number, self.take(what)
        if not text.startswith(("#TRUE#", "#FALSE#")):
            raise stop(f"{shown(text)} stands where {what} is expected.", SAVE_AGAIN, line)
        return text.startswith("#TRUE#")

    def field(self, name: str) -> str:
        """The value of a line `Name= value`."""
        line, text = self.number, self.take(name)
        label, equals, value = text.partition("=")
        if not equals or label.strip() != name:
            raise stop(f"{shown(text)} stands where {name}= is expected.", SAVE_AGAIN, line)
        return value.strip()

    def field_count(self, name: str) -> int:
        """The whole number of a line `nName= number`."""
        line, value = self.number, self.field(name)
        if not re.fullmatch(r"[0-9]{1,7}", value) or int(value) > len(self.lines):
            raise stop(f"{shown(value)} is no number of {name}.", SAVE_AGAIN, line)
        return int(value)

    def heading(self, text: str) -> None:
        """A heading in square brackets, whatever its number."""
        line, found = self.number, self.take(text)
        if not found.startswith("[") or text.casefold() not in found.casefold():
            raise stop(f"{shown(found)} stands where the heading {text} is expected.", SAVE_AGAIN, line)
