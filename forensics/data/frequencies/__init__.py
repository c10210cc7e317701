"""Allele frequencies that ship with the program, one file for each population, found by folder.

The files hold counts, so a frequency is exact and every locus sums to one. Each names its source, DOI,
licence and number of people. For other populations a laboratory imports its own table.
"""

import hashlib
import math
import tomllib
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

from forensics.domain.errors import Invalid
from forensics.domain.kinship import FrequencyTable
from forensics.domain.loci import allele_order


@dataclass(frozen=True, slots=True)
class TableInfo:
    """What a shipped table is: `key` loads it, `people` counts the largest locus."""

    key: str
    name: str
    series: str
    population: str
    origin: str
    people: int
    source: str
    doi: tuple[str, ...]
    licence: str
    loci: tuple[str, ...]


@cache
def _file(key: str) -> tuple[dict[str, Any], str]:
    """The parsed file and its SHA-256."""
    data = (files(__name__) / f"{key}.toml").read_bytes()
    return tomllib.loads(data.decode("utf-8")), hashlib.sha256(data).hexdigest()


@cache
def available() -> tuple[TableInfo, ...]:
    """Every shipped table, by name."""
    keys = [f.name.removesuffix(".toml") for f in files(__name__).iterdir() if f.name.endswith(".toml")]
    return tuple(sorted((_info(key) for key in keys), key=lambda info: info.name))


def _info(key: str) -> TableInfo:
    content, _ = _file(key)
    texts = {n: str(content[n]) for n in ("name", "series", "population", "origin", "source", "licence")}
    return TableInfo(
        key=key, people=int(content["people"]), doi=tuple(content["doi"]), loci=tuple(content["counts"]), **texts
    )


@cache
def load(key: str) -> FrequencyTable:
    """A shipped table by its key or its name; Invalid if there is none."""
    info = next((i for i in available() if key in (i.key, i.name)), None)
    if info is None:
        raise Invalid(f"There is no frequency table {key}; choose one of those that ship, or import your own.")
    content, digest = _file(info.key)
    counts: dict[str, dict[str, int]] = content["counts"]
    sizes = {locus: sum(alleles.values()) for locus, alleles in counts.items()}
    loci = {
        locus: {a: alleles[a] / sizes[locus] for a in sorted(alleles, key=allele_order)}
        for locus, alleles in counts.items()
    }
    return FrequencyTable(info.name, loci, info.population, sizes, f"{info.source}. doi:{info.doi[0]}", digest)


@cache
def observed_range(locus: str) -> tuple[float, float] | None:
    """Shortest and longest allele of a locus in all shipped tables, in repeats; None if no table has it."""
    lengths = [
        float(allele) for info in available() for allele in _file(info.key)[0]["counts"].get(locus, {})
    ]
    return (min(lengths), max(lengths)) if lengths else None


def normalised(table: FrequencyTable) -> FrequencyTable:
    """The table with every locus scaled to a sum of one, for published figures that were rounded."""
    loci = {}
    for locus, alleles in table.loci.items():
        total = math.fsum(alleles.values())
        loci[locus] = {allele: frequency / total for allele, frequency in alleles.items()}
    return replace(table, loci=loci)


def minimum_frequency(table: FrequencyTable, locus: str) -> float | None:
    """Five copies among the alleles counted, for an allele seen less often; None where no size is known.

    National Research Council 1996, The Evaluation of Forensic DNA Evidence, recommendation of chapter 5,
    doi:10.17226/5141.
    """
    size = table.sizes.get(locus)
    return 5 / size if size else None
