"""Searches too large to be held at once: profiles are read once, families come block by block.

The result is that of `screening.screen`; what is held is the profiles as numbers, one block of families, the
tables of some of them, and the hits.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TypeVar

from forensics.domain.kinship import Genotype
from forensics.domain.progress import Progress, Silent
from forensics.domain.screening import (
    QuestionDigest,
    ScreeningFamily,
    ScreeningInputs,
    ScreeningProfile,
    ScreeningResult,
)
from forensics.genetics.screening import DEFAULT_THRESHOLD, WHAT, Search
from forensics.genetics.screening_prepare import Prepared, kit_of, read_profiles

T = TypeVar("T")

BLOCK = 8192  # families that are read at a time
NOTHING: dict[str, Genotype] = {}


def screen_stream(
    rules: ScreeningInputs,
    profiles: Iterable[ScreeningProfile],
    families: Iterable[ScreeningFamily],
    progress: Progress | None = None,
    *,
    threshold_log10: float = DEFAULT_THRESHOLD,
    expected_families: int = 0,
    block: int = BLOCK,
) -> ScreeningResult:
    """All pairs at or above the threshold; of `rules` neither profiles nor families are looked at.

    Both iterables are read once and in order. `expected_families` is for the progress only. Raises what
    `screen` raises.
    """
    digest = QuestionDigest(rules)
    told_families: list[bytes] = []
    told_profiles: list[bytes] = []
    kit = kit_of(rules)
    good, numbers, refused = read_profiles(told(profiles, digest.profile, told_profiles), kit, keep=False)
    base = Prepared(rules, kit, [], good, numbers, [], refused)
    search = Search(base, threshold_log10, expected_families * len(good))
    watch, done, source = progress or Silent(), 0, iter(families)
    while mine := tuple(told(islice(source, block), digest.family, told_families)):
        watch.step(done, max(done, expected_families), WHAT)
        search.more(base.with_families(mine), Within(watch, done, expected_families))
        done += len(mine)
    watch.step(done, done, WHAT)
    return search.result(digest.value(told_families, told_profiles))


class Within:
    """The progress of one block as a part of the whole."""

    def __init__(self, whole: Progress, before: int, expected: int) -> None:
        self.whole, self.before, self.expected = whole, before, expected

    def step(self, done: int, total: int, what: str = "") -> None:
        self.whole.step(self.before + done, max(self.before + done, self.expected), what)


def told(things: Iterable[T], digest: Callable[[T], bytes], digests: list[bytes]) -> Iterator[T]:
    """The same things; the digest of each is kept."""
    for thing in things:
        digests.append(digest(thing))
        yield thing
