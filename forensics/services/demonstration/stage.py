"""What the making of the demonstration laboratory carries along: dice, people, the clock, what was invented."""

import random
import tomllib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any
from uuid import UUID

from forensics.domain.kinship import FrequencyTable, Genotype, Pedigree, Sex
from forensics.domain.operations import Operation, Site
from forensics.domain.reading import ReadCall, ReadProfile
from forensics.services.door import Laboratory

TABLE = "nist1036-african-american"


@dataclass(frozen=True, slots=True)
class Size:
    """How much is made: families, cases of the dead, and how many of the dead belong to a family."""

    families: int = 220
    individuals: int = 150
    related: int = 70


@dataclass(frozen=True, slots=True)
class InventedFamily:
    """A family with everybody's genotypes; `donors` maps a member to the relation in words."""

    name: str
    pedigree: Pedigree
    donors: dict[str, str]
    genotypes: dict[str, dict[str, Genotype]]
    sex: Sex


@dataclass
class Stage:
    """Everything that one step of the making hands to the next."""

    dice: random.Random
    size: Size
    staff: dict[str, Laboratory]
    operation: Operation = field(init=False)
    sites: list[Site] = field(default_factory=list)
    places: list[UUID] = field(default_factory=list)
    loci: tuple[str, ...] = ()
    families: list[InventedFamily] = field(default_factory=list)


class PastClock:
    """A clock that begins some days ago and moves on a little with each act."""

    def __init__(self, days_ago: float) -> None:
        self._now = datetime.now(UTC) - timedelta(days=days_ago)

    def __call__(self) -> datetime:
        self._now += timedelta(seconds=37)
        return self._now


@cache
def invented() -> dict[str, Any]:
    """Places, events and lists of names."""
    return tomllib.loads((files("forensics.data") / "demonstration.toml").read_text("utf-8"))


def typed_loci(table: FrequencyTable) -> tuple[str, ...]:
    """The markers of a table that the invented laboratory's kit types."""
    unusual = ("SE33", "F13A01", "F13B", "FESFPS", "LPL", "Penta C")
    return tuple(locus for locus in table.loci if locus not in unusual)[:23]


def read_profile(sample: str, genotypes: dict[str, Genotype], sex: Sex) -> ReadProfile:
    """A profile as an instrument's export would give it."""
    calls = {x: tuple(ReadCall(a) for a in dict.fromkeys(g)) for x, g in genotypes.items()}
    if sex is not Sex.UNKNOWN:
        calls["AMEL"] = tuple(ReadCall(a) for a in ("X", "Y") if a == "X" or sex is Sex.MALE)
    return ReadProfile(sample=sample, calls=calls, sex=sex)
