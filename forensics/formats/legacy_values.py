"""Cells of an earlier system's spreadsheet as values: dates in any order, decimal commas, words in four languages."""

import re
from collections.abc import Iterable
from datetime import date

from anyascii import anyascii

from forensics.domain.anthropology import Side
from forensics.domain.kinship import Sex
from forensics.domain.legacy import DateOrder
from forensics.domain.remains import Description


class NotRead(ValueError):
    """A cell that can't be read: what is wrong, and how to mend it."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(f"{what} {remedy}")
        self.what, self.remedy = what, remedy


EMPTY = frozenset({"", "-", "–", "na", "n/a", "n.a.", "nan", "null", "none", "unknown", "?", "sin dato", "s/d",
                   "inconnu", "desconocido", "nepoznato", "#n/a", "#ref!", "#value!"})  # fmt: skip
"""Cells that say nothing, in lower case."""

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan enero ene janvier januar",
            "february feb febrero fevrier fev februar",
            "march mar marzo mars mart",
            "april apr abril abr avril avr",
            "may mayo mai maj",
            "june jun junio juin juni",
            "july jul julio juillet juil juli",
            "august aug agosto ago aout avgust avg august",
            "september sep sept septiembre septembre septembar",
            "october oct octubre octobre oktobar okt",
            "november nov noviembre novembre novembar",
            "december dec diciembre dic decembre decembar",
        ),
        1,
    )
    for name in names.split()
}
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?")
_NUMBERS = re.compile(r"(?:[A-Za-z]{2,9},? )?(\d{1,2})[./\- ]+(\d{1,2})[./\- ]+(\d{4}|\d{2})\.?(?: .*)?")
_NAMED = re.compile(
    r"(?:(\d{1,2})\.?\s*(?:de\s+|-)?)?([a-z]+)\.?[\s,\-]*(?:de\s+)?(?:(\d{1,2}),?\s+)?(\d{4})"
)
_YEAR = re.compile(r"(?:(?:ca|c|about|hacia|vers|oko)\.?\s*)?(\d{4})\s*([?~]?)", re.IGNORECASE)
_GROUPED = re.compile(r"(\d{1,3}([ .,'])\d{3}(?:\2\d{3})*)((?!\2)[.,](\d+))?")
_DAMAGE = re.compile(r"\d{4}-\d{2}-\d{2}|\d{1,2}-[A-Za-z]{3,4}|time .*")


def said(cell: str) -> str:
    """The words of a cell, empty where it says nothing."""
    words = " ".join(cell.split())
    return "" if words.casefold() in EMPTY else words


def order_of(cells: Iterable[str]) -> DateOrder | None:
    """The order that the dates of a column prove; None where no date does."""
    for cell in cells:
        match = _NUMBERS.fullmatch(said(cell))
        if match and int(match[1]) > 12 >= int(match[2]):
            return DateOrder.DAY_FIRST
        if match and int(match[2]) > 12 >= int(match[1]):
            return DateOrder.MONTH_FIRST
    return None


def day(cell: str, order: DateOrder | None) -> str:
    """A date as `1995-07-11`, `1995-07` or `1995`, with `?` or `~` where the cell is not sure."""
    words = said(cell)
    try:
        if match := _ISO.fullmatch(words):
            return date(*(int(part) for part in match.groups())).isoformat()
        if match := _NUMBERS.fullmatch(words):
            return _ordered(words, [int(match[1]), int(match[2])], match[3], order)
        match = _NAMED.fullmatch(anyascii(words).casefold())
        if match and match[2] in _MONTHS:
            return _named(*match.groups())
    except ValueError as error:
        if isinstance(error, NotRead):
            raise
        raise NotRead(f"“{words[:40]}” is no day of the calendar.", "Correct it, as 1995-07-11.") from None
    if match := _YEAR.fullmatch(words):
        about = "~" if not match[2] and not words[0].isdigit() else match[2]
        return f"{match[1]}{about}"
    if re.fullmatch(r"\d{5}(?:\.\d+)?", words):
        raise NotRead(
            f"“{words}” is a day counted by the spreadsheet, not a date.", "Format the column as a date."
        )
    raise NotRead(f"“{words[:40]}” is not a date.", "Write it as 1995-07-11, 1995-07 or 1994?.")


def _ordered(words: str, parts: list[int], year: str, order: DateOrder | None) -> str:
    first, second = parts
    if len(year) == 2:
        raise NotRead(f"“{words}” has a year of two digits.", "Write the year in full.")
    if order is None and first != second and first <= 12 and second <= 12:
        raise NotRead(
            f"“{words}” may be the {first}th or the {second}th day of a month.",
            "Choose the order of the dates.",
        )
    month_first = second > 12 if order is None else order is DateOrder.MONTH_FIRST
    month, day_of = (first, second) if month_first else (second, first)
    return date(int(year), month, day_of).isoformat()


def _named(before: str | None, month: str, after: str | None, year: str) -> str:
    number = _MONTHS[month]
    day_of = before or after
    if day_of is None:
        return f"{int(year):04d}-{number:02d}"
    return date(int(year), number, int(day_of)).isoformat()


def number(cell: str, unit: str = "") -> float:
    """A number with a decimal point or comma; its unit may stand behind it. Damage by a spreadsheet is recognised."""
    words = said(cell)
    if _DAMAGE.fullmatch(words):
        raise NotRead(
            f"“{words}” is a number that the spreadsheet has turned into a date.",
            "Type the number again in a column formatted as text; it is never guessed.",
        )
    bare = words.casefold().removesuffix(unit.casefold()).strip() if unit else words
    grouped = _GROUPED.fullmatch(bare)
    if grouped and (grouped[2] in " '" or grouped[4] or bare.count(grouped[2]) > 1):
        bare = bare.replace(grouped[2], "")
    if re.fullmatch(r"\d{1,3}[.,]\d{3}", bare):
        raise NotRead(
            f"“{words}” may be a thousand or a fraction.", "Write it without a separator of thousands."
        )
    if not re.fullmatch(r"\d{1,9}(?:[.,]\d{1,6})?", bare):
        raise NotRead(f"“{words[:40]}” is not a number.", "Write digits alone, such as 12.5 or 12,5.")
    return float(bare.replace(",", "."))


def whole(cell: str) -> int:
    """A whole number above zero."""
    found = number(cell)
    if not found.is_integer() or found < 1:
        raise NotRead(f"“{said(cell)}” is no count.", "Write a whole number above zero.")
    return int(found)


_SEXES = {
    Sex.MALE: "m male man masculino hombre varon masculin homme musko muski muskarac h",
    Sex.FEMALE: "f female woman femenino mujer feminin femme zensko zenski zena w z",
}
_SIDES = {
    Side.LEFT: "l left izquierdo izquierda izq i gauche g lijevo lijeva lijevi",
    Side.RIGHT: "r right derecho derecha der d droit droite desno desna desni",
    Side.MIDLINE: "midline medio linea media median sredina",
    Side.UNSIDED: "unsided indeterminado indetermine neodredeno",
}
_DESCRIBED = {
    Description.COMPLETE_BODY: "complete body|body|cuerpo completo|cuerpo|corps complet|corps|cijelo tijelo|tijelo",
    Description.INCOMPLETE_BODY: "incomplete body|cuerpo incompleto|corps incomplet|nepotpuno tijelo",
    Description.BODY_PART: "body part|parte de cuerpo|partie de corps|dio tijela",
    Description.SKELETAL: "skeletal remains|skeleton|bones|restos oseos|osamenta|ossements|squelette|skelet|kosti",
    Description.CREMAINS: "cremains|ashes|cenizas|cendres|pepeo",
    Description.COMMINGLED: "commingled remains|commingled|restos mezclados|restes melanges|izmijesani ostaci",
}


def sex(cell: str) -> Sex:
    """Male, female or unknown, by a word of four languages."""
    word = anyascii(said(cell)).casefold()
    if word in ("", "u", "x", "indeterminate", "undetermined", "indeterminado"):
        return Sex.UNKNOWN
    for value, words in _SEXES.items():
        if word in words.split():
            return value
    raise NotRead(f"“{said(cell)[:40]}” is no sex that is known.", "Write M, F, or leave it empty.")


def side(cell: str) -> Side:
    """A side by a word of four languages."""
    word = anyascii(said(cell)).casefold()
    for value, words in _SIDES.items():
        if word in words.split():
            return value
    raise NotRead(f"“{said(cell)[:40]}” is no side.", "Write left, right or midline, or leave it empty.")


def description(cell: str) -> Description:
    """How remains are described, by a word of four languages."""
    word = anyascii(said(cell)).casefold()
    for value, words in _DESCRIBED.items():
        if word in words.split("|"):
            return value
    known = ", ".join(str(value) for value in Description)
    raise NotRead(f"“{said(cell)[:40]}” is no kind of remains that is known.", f"Use one of: {known}.")
