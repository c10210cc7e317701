"""Reads the element list: every bone and tooth of an adult, and the parts a child has apart."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from forensics.domain.anthropology import BOTH_SIDES, Element, ElementKind, Region, Side, Zone
from forensics.domain.errors import Invalid

_TOOTH_NAMES = {
    1: ("central incisor", "Dens incisivus centralis"),
    2: ("lateral incisor", "Dens incisivus lateralis"),
    3: ("canine", "Dens caninus"),
    4: ("first premolar", "Dens premolaris primus"),
    5: ("second premolar", "Dens premolaris secundus"),
    6: ("first molar", "Dens molaris primus"),
    7: ("second molar", "Dens molaris secundus"),
    8: ("third molar", "Dens molaris tertius"),
}
_QUADRANTS = {1: "upper right", 2: "upper left", 3: "lower left", 4: "lower right"}


@cache
def _document() -> dict[str, Any]:
    text = files("forensics.data").joinpath("anthropology", "bones.toml").read_text("utf-8")
    return tomllib.loads(text)


@cache
def catalogue() -> Mapping[str, Element]:
    """Every element by its key, in anatomical order from the head down, teeth last."""
    found: dict[str, Element] = {}
    for entry in _document()["element"]:
        found |= {element.key: element for element in _expanded(entry)}
    found |= {tooth.key: tooth for tooth in _teeth()}
    return found


def element(key: str) -> Element:
    """The element of a key; `Invalid` when there is none."""
    try:
        return catalogue()[key]
    except KeyError:
        raise Invalid(f"There is no element “{key}” in the element list.") from None


@cache
def group_members() -> Mapping[str, tuple[str, ...]]:
    """Names of groups, singular and plural, to element keys in anatomical order."""
    document = _document()
    found = {name: _members(patterns) for name, patterns in document["groups"].items()}
    return found | {plural: found[name] for name, plural in document["plurals"].items()}


def _members(patterns: list[str]) -> tuple[str, ...]:
    """Keys that patterns name: a key, `rib-#` for a series, `@region`, `@part:whole` or `@all`."""
    keys: list[str] = []
    for pattern in patterns:
        keys += [entry.key for entry in catalogue().values() if _named(entry, pattern)]
    return tuple(dict.fromkeys(keys))


def _named(entry: Element, pattern: str) -> bool:
    bone = entry.kind is ElementKind.BONE
    if pattern == "@all":
        return bone
    if pattern.startswith("@part:"):
        return bone and entry.part_of == pattern.removeprefix("@part:")
    if pattern.startswith("@"):
        return bone and entry.region == pattern[1:]
    if pattern.endswith("#"):
        return re.fullmatch(re.escape(pattern[:-1]) + r"\d+", entry.key) is not None
    return entry.key == pattern


def _expanded(entry: dict[str, Any]) -> list[Element]:
    """The elements of one entry: one, or one for each number of its series."""
    if "series" not in entry:
        return [_element(entry, 0)]
    first, last = entry["series"]
    return [_element(entry, number) for number in range(first, last + 1)]


def _element(entry: dict[str, Any], number: int) -> Element:
    def text(field: str) -> str:
        return str(entry.get(field, "")).replace("{n}", str(number))

    sides = BOTH_SIDES if entry.get("sided") else (Side.MIDLINE,)
    aliases = [alias.replace("{n}", str(number)) for alias in entry.get("aliases", [])]
    series_fma = entry.get("fma_series")
    return Element(
        key=text("key"),
        name=entry.get("names", {}).get(str(number), text("name")),
        latin=text("latin"),
        code=text("code"),
        region=Region(entry["region"]),
        kind=ElementKind(_KINDS[entry.get("kind", "bone")]),
        sides=sides,
        count=entry.get("count", len(sides)),
        number=number,
        zones=tuple(_zone(words) for words in entry.get("zones", [])),
        epiphyses=tuple(entry.get("epiphyses", [])),
        aliases=(*aliases, *entry.get(f"aliases_{number}", [])),
        fma=series_fma[number - entry["series"][0]] if series_fma else entry.get("fma"),
        part_of=text("part_of"),
    )


_KINDS = {
    "bone": ElementKind.BONE,
    "juvenile": ElementKind.JUVENILE,
    "composite": ElementKind.COMPOSITE,
    "generic": ElementKind.GENERIC,
}


def _zone(words: str) -> Zone:
    number, name = words.split(" ", 1)
    return Zone(int(number), name)


def _teeth() -> list[Element]:
    """32 permanent and 20 deciduous teeth by their FDI numbers (ISO 3950)."""
    permanent = [_tooth(quadrant, place) for quadrant in range(1, 5) for place in range(1, 9)]
    return permanent + [_tooth(quadrant, place) for quadrant in range(5, 9) for place in range(1, 6)]


def _tooth(quadrant: int, place: int) -> Element:
    deciduous = quadrant > 4
    corner = _QUADRANTS[quadrant - 4 if deciduous else quadrant]
    # A child's fourth and fifth teeth are molars; premolars follow them.
    name, latin = _TOOTH_NAMES[place + 2 if deciduous and place > 3 else place]
    fdi = 10 * quadrant + place
    return Element(
        key=f"tooth-{fdi}",
        name=f"{fdi} {corner} {'deciduous ' if deciduous else ''}{name}",
        latin=latin.replace("Dens", "Dens deciduus", 1) if deciduous else latin,
        code=str(fdi),
        region=Region.TEETH,
        kind=ElementKind.DECIDUOUS if deciduous else ElementKind.TOOTH,
        sides=(Side.RIGHT,) if corner.endswith("right") else (Side.LEFT,),
        number=fdi,
        aliases=(f"tooth {fdi}",),
    )
