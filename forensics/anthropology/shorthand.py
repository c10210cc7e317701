"""What is typed at the bench (`L fem, R fem, T1-12, skull`) as elements with sides.

Items are separated by comma, semicolon or line. A side stands before or after the name: L, R, left, right,
both. A series is `T1-12`, `ribs 2-5`, `mc1-5`; teeth are FDI numbers (`11, 36, 18-28` runs along the
arch). A group or a series without a side means both sides; one paired bone without a side is unsided, its
plural both sides.
"""

import difflib
import re
from functools import cache

from forensics.anthropology.elements import catalogue, group_members
from forensics.domain.anthropology import BOTH_SIDES, Element, Region, Side
from forensics.domain.errors import Invalid

Sided = tuple[Element, Side]

_SIDES: dict[str, tuple[Side, ...]] = {
    "l": (Side.LEFT,), "left": (Side.LEFT,), "(l)": (Side.LEFT,),
    "r": (Side.RIGHT,), "right": (Side.RIGHT,), "(r)": (Side.RIGHT,),
    "both": BOTH_SIDES, "b": BOTH_SIDES, "l+r": BOTH_SIDES, "r+l": BOTH_SIDES,
}  # fmt: skip
_RANGE = re.compile(r"(?P<stem>.*?)\s*(?P<first>\d+)\s*(?:-|–|to)\s*(?P<stem2>[a-z]*)\s*(?P<last>\d+)")
_COUNTED = re.compile(r"(?P<count>\d{1,6})\s*[x×]?\s+(?P<name>[^\d\s].*)", re.IGNORECASE)
MOST_ALIKE = 200
_UPPER, _LOWER = (
    (tuple(range(18, 10, -1)) + tuple(range(21, 29))),
    (tuple(range(48, 40, -1)) + tuple(range(31, 39))),
)
_ARCHES = (
    _UPPER,
    _LOWER,
    tuple(range(55, 50, -1)) + tuple(range(61, 66)),
    tuple(range(85, 80, -1)) + tuple(range(71, 76)),
)


def parse_shorthand(text: str) -> list[Sided]:
    """Elements with sides in the order typed, each once; `Invalid` names the part that is not understood."""
    found: list[Sided] = []
    for part in re.split(r"[,;\n]+", text):
        if part.strip():
            found += _item(part.strip())
    return list(dict.fromkeys(found))


def parse_counted(text: str) -> list[Sided]:
    """As `parse_shorthand`, and `14 ribs` is fourteen ribs of which nobody knows yet which: bones may come twice."""
    found: list[Sided] = []
    for part in re.split(r"[,;\n]+", text):
        counted = _COUNTED.fullmatch(part.strip())
        if counted is None:
            found += parse_shorthand(part)
            continue
        pieces = int(counted["count"])
        if not 0 < pieces <= MOST_ALIKE:
            raise Invalid(f"“{part.strip()}”: give between 1 and {MOST_ALIKE} bones of a kind at once.")
        found += _one_of(counted["name"], part.strip()) * pieces
    return found


def _one_of(name: str, part: str) -> list[Sided]:
    """The single bone that a plural after a number means."""
    for ending, singular in (("ies", "y"), ("es", ""), ("s", ""), ("", "")):
        if name.lower().endswith(ending):
            try:
                found = _item(name[: len(name) - len(ending)] + singular)
            except Invalid:
                continue
            if len({element.key for element, _ in found}) == 1:
                return [found[0] if len(found) == 1 else (found[0][0], Side.UNSIDED)]
    raise Invalid(f"“{part}” is not understood: after a number stands one kind of bone, such as 14 ribs.")


@cache
def vocabulary() -> dict[str, tuple[str, ...]]:
    """Every word that may be typed, in lower case, to the keys that it means."""
    words = dict(group_members())
    for entry in catalogue().values():
        # The Latin name of a tooth is shared by all four quadrants, so it can't be typed.
        latin = () if entry.region is Region.TEETH else (entry.latin,)
        names = (entry.key, entry.name, entry.code, *latin, *entry.aliases)
        for name in names:
            words.setdefault(name.lower(), (entry.key,))
    return words


@cache
def _plurals() -> frozenset[str]:
    """Words that mean several: groups, Latin plurals, and English plurals are seen by their ending."""
    return frozenset(group_members())


def _item(part: str) -> list[Sided]:
    """One item: a side and a name; the side may be left out."""
    words = part.lower().split()
    sides: tuple[Side, ...] | None = None
    # `L1` is a vertebra and `L 1` is nothing: a side is a word of its own beside a name.
    if len(words) > 1 and words[0] in _SIDES:
        sides, words = _SIDES[words[0]], words[1:]
    elif len(words) > 1 and words[-1] in _SIDES:
        sides, words = _SIDES[words[-1]], words[:-1]
    keys, several = _keys(" ".join(words), part)
    return [
        pair for key in keys for pair in _with_sides(catalogue()[key], sides, several, len(keys) > 1, part)
    ]


def _with_sides(
    entry: Element, sides: tuple[Side, ...] | None, several: bool, of_group: bool, part: str
) -> list[Sided]:
    if not entry.sided:
        only = entry.sides[0]
        if sides is None or only in sides:
            return [(entry, only)]
        if of_group:  # one side of a group leaves out what lies in the midline or on the other side
            return []
        where = "lies in the midline" if only is Side.MIDLINE else f"is on the {only}"
        raise Invalid(f"“{part}”: {entry.name} {where}; leave the side out.")
    if sides is None:
        sides = entry.sides if several else (Side.UNSIDED,)
    return [(entry, side) for side in entry.sides if side in sides] or [(entry, side) for side in sides]


def _keys(name: str, part: str) -> tuple[tuple[str, ...], bool]:
    """Keys of a name, a plural or a series, and whether it means several."""
    words = vocabulary()
    if name in words:
        return words[name], name in _plurals() or _is_latin_plural(name)
    for ending, singular in (("es", ""), ("ies", "y"), ("s", "")):
        if name.endswith(ending) and name[: -len(ending)] + singular in words:
            return words[name[: -len(ending)] + singular], True
    if match := _RANGE.fullmatch(name):
        return _series(match, part), True
    raise Invalid(f"“{part}” is not understood{_suggestion(name)}")


def _is_latin_plural(name: str) -> bool:
    """`femora` and its like stand in the list as aliases; the plural of a paired bone means both."""
    return name in _LATIN_PLURALS


_LATIN_PLURALS = frozenset(
    {"humeri", "radii", "ulnae", "femora", "patellae", "tibiae", "fibulae", "tali", "calcanei", "scapulae"}
    | {"maxillae", "ilia", "ischia", "pubes", "ossa coxae", "centra"}
)


def _series(match: re.Match[str], part: str) -> tuple[str, ...]:
    """`t1-12`, `t1-t12`, `ribs 1-12`, `11-18`."""
    stem, first, last = match["stem"], int(match["first"]), int(match["last"])
    if match["stem2"] and match["stem2"] != stem:
        return _along_the_spine(stem, first, match["stem2"], last, part)
    if stem in ("", "tooth", "teeth"):
        return _along_the_arch(first, last, part)
    if first > last:
        raise Invalid(f"“{part}” runs backwards; give the lower number first.")
    return tuple(_numbered(stem, number, part) for number in range(first, last + 1))


def _numbered(stem: str, number: int, part: str) -> str:
    words = vocabulary()
    for name in (f"{stem}{number}", f"{stem} {number}", f"{stem.rstrip('s')} {number}", f"{stem}-{number}"):
        if name in words:
            return words[name][0]
    known = [word for word in words if re.fullmatch(re.escape(stem.rstrip("s")) + r"[ -]?\d+", word)]
    if known:
        numbers = sorted({int(re.sub(r"\D", "", word)) for word in known})
        raise Invalid(f"“{part}”: there is no {stem} {number}; the series is {numbers[0]} to {numbers[-1]}.")
    raise Invalid(f"“{part}” is not understood{_suggestion(stem)}")


def _along_the_arch(first: int, last: int, part: str) -> tuple[str, ...]:
    for arch in _ARCHES:
        if first in arch and last in arch:
            start, end = sorted((arch.index(first), arch.index(last)))
            return tuple(f"tooth-{fdi}" for fdi in arch[start : end + 1])
    raise Invalid(
        f"“{part}”: {first} and {last} are not FDI teeth of one arch; use 18-28, 48-38, 55-65, 85-75."
    )


def _along_the_spine(stem: str, first: int, stem2: str, last: int, part: str) -> tuple[str, ...]:
    """`C7-T2`: from one class of vertebrae into the next."""
    spine = group_members()["vertebrae"]
    if stem not in ("c", "t", "l") or stem2 not in ("c", "t", "l"):
        raise Invalid(f"“{part}” runs from one series into another; give them apart, separated by a comma.")
    start, end = spine.index(_numbered(stem, first, part)), spine.index(_numbered(stem2, last, part))
    if start > end:
        raise Invalid(f"“{part}” runs backwards; give the upper vertebra first.")
    return spine[start : end + 1]


def _suggestion(name: str) -> str:
    """The nearest words that would be understood, as the end of a sentence."""
    near = difflib.get_close_matches(name, vocabulary(), n=3, cutoff=0.6)
    near = near or [word for word in vocabulary() if len(name) > 1 and word.startswith(name[:3])][:3]
    if not near:
        return "; use a bone, its code (fem, T1-12, mc3, 36) or a group (skull, left arm, hands, thorax)."
    return f"; did you mean {', '.join(near)}?"
