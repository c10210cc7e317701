"""One cell to one allele call: designations, marks of the software, and the damage that spreadsheets do.

A spreadsheet turns `9.3` into `09-Mar`, `2024-03-09`, `45360` or `9,3`. What it was before can only be
guessed, and nobody may be identified by a guess: such a cell refuses the file, with its place.
"""

import re
from functools import lru_cache

from forensics.domain.loci import NAMED_BY_LENGTH, Inheritance, inheritance, is_repeat_number
from forensics.domain.reading import CallState, ReadCall
from forensics.formats.problems import shown

EMPTY = frozenset({"", "-", "--", "null", "na", "n/a", "nan", "none", "nr", "n.r.", "*", "."})
"""What laboratories write where there is no result."""

LARGEST_REPEAT, LARGEST_LENGTH = 60, 600
"""No STR in forensic use has longer alleles; a larger number has lost its point or was a date."""

_MONTHS = (
    "jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec|ene|abr|ago|dic|fev|fév|mai|set|out|dez|janv|févr|avr"
    "|juin|juil|août|déc|mär|okt"
)
_DATE = re.compile(
    rf"\d{{1,4}}\s*[-./ ]\s*({_MONTHS})[a-zé]*\.?(\s*[-./ ]\s*\d{{2,4}})?"
    rf"|({_MONTHS})[a-zé]*\.?\s*[-./ ]\s*\d{{1,4}}"
    r"|\d{4}[-./]\d{1,2}[-./]\d{1,2}([ T].*)?"
    r"|\d{1,2}[-./]\d{1,2}[-./]\d{2,4}([ T].*)?"
    r"|\d{1,2}[-/]\d{1,2}",
    re.IGNORECASE | re.ASCII,
)
_COMMA = re.compile(r"\d{1,2},\d{1,2}", re.ASCII)
_EXPONENT = re.compile(r"\d+(\.\d+)?[eE][+-]?\d+", re.ASCII)
_OPEN_RANGE = re.compile(r"[<>]\s*\d{1,2}(\.\d)?", re.ASCII)
_TRAILING_ZERO = re.compile(r"\d{1,2}\.0+", re.ASCII)

AGAIN = "Export the table again from the instrument's software without opening it in a spreadsheet"


class Unreadable(ValueError):
    """A cell that is no allele; holds what and remedy."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what)
        self.what, self.remedy = what, remedy


def is_empty(cell: str) -> bool:
    """Whether a cell says that there is no result."""
    return not cell or cell.strip().casefold() in EMPTY


def read_call(cell: str, locus: str, height: float | None = None, size: float | None = None) -> ReadCall:
    """The call of a non-empty cell; Unreadable says what is wrong with any other."""
    call = _call(cell.strip(), locus)
    return call if height is size is None else ReadCall(call.designation, height, size, call.state)


@lru_cache(maxsize=16_384)
def _call(text: str, locus: str) -> ReadCall:
    if text[:2].upper() == "OL" and len(text) <= 10:
        return ReadCall(text.upper(), state=CallState.OFF_LADDER)
    if inheritance(locus) is Inheritance.SEX:
        return ReadCall(_sex_call(text, locus))
    if _OPEN_RANGE.fullmatch(text):
        return ReadCall(text.replace(" ", ""), state=CallState.OFF_LADDER)
    return ReadCall(_repeat(text, locus))


def _sex_call(text: str, locus: str) -> str:
    if locus == "AMEL":
        if text.upper() in ("X", "Y"):
            return text.upper()
        raise Unreadable(f"{shown(text)} is no amelogenin call.", "Write X or Y.")
    if text.isalnum() and len(text) <= 5:
        return text
    raise Unreadable(f"{shown(text)} is no call of {locus}.", "Write the call of the software.")


def _repeat(text: str, locus: str) -> str:
    if _TRAILING_ZERO.fullmatch(text):  # 12.0 says what 12 says: twelve repeats and no odd bases
        text = text.split(".")[0]
    largest = LARGEST_LENGTH if locus in NAMED_BY_LENGTH else LARGEST_REPEAT
    if is_repeat_number(text) and 0 < float(text) <= largest and _has_one_odd_digit(text):
        return text
    raise Unreadable(*_diagnosis(text, locus))


def _has_one_odd_digit(text: str) -> bool:
    """Odd bases after the point are one digit: a repeat is never longer than ten bases."""
    return "." not in text or len(text.split(".")[1]) == 1


def _diagnosis(text: str, locus: str) -> tuple[str, str]:
    if _DATE.fullmatch(text):
        return (
            f"{shown(text)} is a date, not an allele of {locus}: a spreadsheet has changed it.",
            f"{AGAIN}.",
        )
    if _COMMA.fullmatch(text):
        return (
            f"{shown(text)} may be one allele with a decimal comma or two alleles.",
            f"Write {text.replace(',', '.')} with a point, or one allele in each cell.",
        )
    if _EXPONENT.fullmatch(text):
        return (f"{shown(text)} is a number in scientific notation, not an allele of {locus}.", f"{AGAIN}.")
    if text.isdecimal() and 30_000 <= int(text[:9]) <= 60_000:
        return (f"{shown(text)} is the day number of a date, not an allele of {locus}.", f"{AGAIN}.")
    if is_repeat_number(text) and text.isdecimal() and int(text) > LARGEST_REPEAT:
        return (
            f"{shown(text)} is no plausible allele of {locus}; a point may be lost.",
            "Compare with the export.",
        )
    return (
        f"{shown(text)} is no allele designation of {locus}.",
        "Write repeats, and odd bases after a point, such as 12 or 9.3.",
    )
