"""Which markers each STR kit amplifies, and the known genotypes of positive-control DNAs."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from forensics.domain.loci import canonical


@dataclass(frozen=True, slots=True)
class Kit:
    """A kit and its markers by canonical name; `also` are kits of other names with the same markers."""

    name: str
    manufacturer: str
    markers: tuple[str, ...]
    also: tuple[str, ...] = ()


@cache
def kits() -> tuple[Kit, ...]:
    """Every known kit."""
    content = tomllib.loads((files("forensics.data") / "kits.toml").read_text(encoding="utf-8"))
    return tuple(
        Kit(k["name"], k["manufacturer"], tuple(k["markers"]), tuple(k.get("also", ()))) for k in content["kit"]
    )


def kit(name: str) -> Kit | None:
    """A kit by one of its names, with or without its brand's prefix; None if unknown."""
    wanted = name.casefold().replace("ampflstr ", "").strip()
    return next(
        (k for k in kits() if wanted in {n.casefold().replace("ampflstr ", "") for n in (k.name, *k.also)}), None
    )


def kits_with(markers: Iterable[str]) -> tuple[Kit, ...]:
    """The kits that amplify all of these markers, the smallest first."""
    wanted = {canonical(m) or m for m in markers}
    return tuple(sorted((k for k in kits() if wanted <= set(k.markers)), key=lambda k: len(k.markers)))


@cache
def controls() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """Name of a control DNA → marker → its alleles, each once (National Center for Biotechnology Information)."""
    content = tomllib.loads((files("forensics.data") / "controls.toml").read_text(encoding="utf-8"))
    return {
        name: {marker: tuple(alleles) for marker, alleles in genotypes.items()}
        for name, genotypes in content.items()
        if isinstance(genotypes, dict)
    }
