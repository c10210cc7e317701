"""All pairs of many profiles, four relations."""

import time
from dataclasses import dataclass

from forensics.domain.screening import BlindRelation, ScreeningProfile
from forensics.genetics.bench_data import Invention
from forensics.genetics.bench_timing import peak_megabytes, ready
from forensics.genetics.blind import blind_search

THRESHOLD = 8.0  # log10: five thousand million pairs would bring many by chance
RELATIVES = 20  # every so manyth profile is that of a relative of the one before it


@dataclass(frozen=True, slots=True)
class BlindFigures:
    """One blind search."""

    profiles: int
    pairs: int
    relations: int
    seconds: float
    hits: int
    expected_chance_hits: float
    peak_megabytes: float | None


def blind_pairs(size: int, seed: int = 1) -> BlindFigures:
    """`size` profiles, some of whom are related."""
    ready()
    made = Invention(seed)
    people = mixed(made, size)
    started = time.process_time()
    found = blind_search(people, made.rules.frequencies, threshold_log10=THRESHOLD)
    seconds = time.process_time() - started
    return BlindFigures(
        size,
        found.comparisons,
        len(BlindRelation),
        seconds,
        len(found.hits),
        found.expected_chance_hits,
        peak_megabytes(),
    )


def mixed(made: Invention, size: int) -> list[ScreeningProfile]:
    """Missing members, and here and there a typed relative of theirs or the same person again."""
    found: list[ScreeningProfile] = []
    families = made.families(size)
    for profile in made.profiles(size):
        family = next(families)
        found.append(profile)
        if len(found) % RELATIVES == 0 and len(found) < size:
            person, genotypes = next(iter(family.genotypes.items()))
            again = len(found) % (2 * RELATIVES) == 0
            found.append(
                ScreeningProfile(
                    f"{profile.id} {'again' if again else person}",
                    profile.sex,
                    profile.genotypes if again else genotypes,
                )
            )
        if len(found) >= size:
            break
    return found
