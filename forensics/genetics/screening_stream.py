"""Searches too large to be held at once: profiles are read once, families come block by block.

The result is that of `screening.screen`; what is held is the profiles as numbers, one block of families, the
tables of some of them, and the hits.
"""

from collections.abc import Iterable
from itertools import islice

from forensics.domain.progress import Progress, Silent
from forensics.domain.screening import (
    QuestionDigest,
    ScreeningFamily,
    ScreeningInputs,
    ScreeningProfile,
    ScreeningResult,
)
from forensics.genetics.screening import DEFAULT_THRESHOLD, WHAT, Search
from forensics.genetics.screening_prepare import kit_of, prepared_of
from forensics.genetics.screening_read import FamiliesRead, read_profiles
from forensics.genetics.uncollected import uncollected

BLOCK = 16_384  # families that are read at a time


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
    kit, told = kit_of(rules), QuestionDigest(rules)
    base = prepared_of(rules, kit, FamiliesRead([], [], []), read_profiles(profiles, kit, told, keep=False))
    search = Search(base, threshold_log10, expected_families * len(base.profiles))
    watch, source, digests = progress or Silent(), iter(families), list[bytes]()
    while mine := tuple(islice(source, block)):
        done = len(digests)
        watch.step(done, max(done, expected_families), WHAT)
        with uncollected():
            part = base.with_families(mine)
            search.more(part, Within(watch, done, expected_families))
        digests += part.family_digests
    watch.step(len(digests), len(digests), WHAT)
    return search.result(told.value(digests, base.profile_digests))


class Within:
    """The progress of one block as a part of the whole."""

    def __init__(self, whole: Progress, before: int, expected: int) -> None:
        self.whole, self.before, self.expected = whole, before, expected

    def step(self, done: int, total: int, what: str = "") -> None:
        self.whole.step(self.before + done, max(self.before + done, self.expected), what)
