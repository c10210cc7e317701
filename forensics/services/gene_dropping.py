"""Invented genotypes: founders draw alleles from a frequency table, children from their parents.

For the demonstration laboratory and for trials; everything comes from the caller's random generator.
"""

import random
from collections.abc import Mapping, Sequence

from forensics.domain.kinship import FrequencyTable, Genotype, Pedigree


def drop(
    pedigree: Pedigree, table: FrequencyTable, loci: Sequence[str], dice: random.Random
) -> dict[str, dict[str, Genotype]]:
    """Genotypes of every member at every locus, without mutation; parents before children."""
    found: dict[str, dict[str, Genotype]] = {}
    waiting = list(pedigree.members)
    while waiting:
        member = waiting.pop(0)
        parents = [p for p in (member.father, member.mother) if p]
        if any(p not in found for p in parents):
            waiting.append(member)
            continue
        found[member.id] = {x: _genotype(parents, found, x, table.loci[x], dice) for x in loci}
    return found


def _genotype(
    parents: Sequence[str],
    found: Mapping[str, Mapping[str, Genotype]],
    locus: str,
    frequencies: Mapping[str, float],
    dice: random.Random,
) -> Genotype:
    alleles = [dice.choice(found[parent][locus]) for parent in parents]
    missing = 2 - len(alleles)
    alleles += dice.choices(list(frequencies), list(frequencies.values()), k=missing)
    return tuple(sorted(alleles, key=_size))


def _size(allele: str) -> tuple[float, str]:
    try:
        return float(allele), allele
    except ValueError:
        return 0.0, allele


def stranger(table: FrequencyTable, loci: Sequence[str], dice: random.Random) -> dict[str, Genotype]:
    """Somebody related to nobody."""
    return {x: _genotype((), {}, x, table.loci[x], dice) for x in loci}


def degraded(genotypes: Mapping[str, Genotype], keep: float, dice: random.Random) -> dict[str, Genotype]:
    """What old bone still gives: long loci are lost first; `keep` is the share of loci that stay."""
    loci = list(genotypes)
    lost = dice.sample(loci, k=round(len(loci) * (1 - keep)))
    return {x: g for x, g in genotypes.items() if x not in lost}
