"""Founder alleles under theta: which of them are identical copies, and how probable that is.

All founder alleles of a hypothesis come from one Pólya urn: Pr(a | counts c, n) =
(theta c_a + (1 - theta) p_a) / (1 + (n - 1) theta). After the typed founders' alleles, the k unseen ones
are partitioned as in the Chinese restaurant process, each block being one fresh draw; summing a graph
without theta over the partitions is exact for every mutation model.
Sources: Balding & Nichols 1994, doi:10.1016/0379-0738(94)90222-4; Pitman 2006, doi:10.1007/b11601500.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from forensics.domain.errors import Refused
from forensics.genetics.compile_graph import Graph, assemble, founder_slots
from forensics.genetics.compile_shape import Shape
from forensics.genetics.compile_tensors import Array, Lanes, LocusModel

MOST_UNSEEN = 8
"""Unseen founder alleles that are summed over exactly: 4,140 partitions."""

Slot = tuple[int, int]
ASKED = -1_000_000  # the unrelated person whose two alleles also come from the urn


@dataclass(frozen=True, slots=True)
class Sharing:
    """Block sizes of a partition of the unseen founder alleles, its graph, and how many look like it."""

    blocks: tuple[int, ...]
    graph: Graph
    multiplicity: int


def partitions(count: int) -> list[tuple[int, ...]]:
    """All set partitions of `count` things as restricted growth strings."""
    found: list[tuple[int, ...]] = [()]
    for _ in range(count):
        found = [(*done, block) for done in found for block in range(max(done, default=-1) + 2)]
    return found


@lru_cache(maxsize=512)
def sharings(shape: Shape, ask: bool) -> tuple[Sharing, ...]:
    """The partitions of a shape's unseen founder alleles, alike ones (a person's two swapped) once.

    `ask` adds an unrelated person whose genotype is the output.
    """
    slots: list[Slot] = founder_slots(shape) + ([(ASKED, 0), (ASKED, 1)] if ask else [])
    if len(slots) > MOST_UNSEEN:
        raise Refused(
            f"With theta above 0 the pedigree has {len(slots)} unseen founder alleles, more than the "
            f"{MOST_UNSEEN} that are summed over exactly; type a founder or leave out distant branches."
        )
    found: Counter[tuple[int, ...]] = Counter(canonical(slots, blocks) for blocks in partitions(len(slots)))
    return tuple(Sharing(sizes(b), graph_of(shape, slots, b, ask), n) for b, n in found.items())


def sizes(blocks: Sequence[int]) -> tuple[int, ...]:
    return tuple(sorted(Counter(blocks).values()))


def graph_of(shape: Shape, slots: Sequence[Slot], blocks: Sequence[int], ask: bool) -> Graph:
    named = {slot: f"Z{block}" for slot, block in zip(slots, blocks, strict=True)}
    extra = (named.pop((ASKED, 0)), named.pop((ASKED, 1))) if ask else ()
    return assemble(shape, named, extra)


def canonical(slots: Sequence[Slot], blocks: Sequence[int]) -> tuple[int, ...]:
    """The least partition among those that differ by swapping a person's two founder alleles."""
    first = {person: i for i, (person, copy) in enumerate(slots) if copy == 0 and (person, 1) in slots}
    swaps = [i for person, i in first.items() if person >= 0 or person == ASKED]
    least = renumber(blocks)
    for mask in range(1, 1 << len(swaps)):
        other = list(blocks)
        for bit, i in enumerate(swaps):
            if mask >> bit & 1:
                other[i], other[i + 1] = other[i + 1], other[i]
        least = min(least, renumber(other))
    return least


def renumber(blocks: Sequence[int]) -> tuple[int, ...]:
    order: dict[int, int] = {}
    return tuple(order.setdefault(block, len(order)) for block in blocks)


def sharing_weight(blocks: tuple[int, ...], seen: int, theta: float) -> float:
    """Probability of one partition with these block sizes after `seen` founder alleles."""
    start = 1 - theta + theta * seen
    weight = 1.0
    for size in blocks:
        weight *= start
        for already in range(1, size):
            weight *= theta * already
    for drawn in range(sum(blocks)):
        weight /= start + theta * drawn
    return weight


def with_urn(shape: Shape, model: LocusModel, lanes: Lanes, theta: float) -> tuple[Lanes, int]:
    """Lanes with the distribution of a fresh founder allele given the typed founders', and their number."""
    founders = [i for i, person in enumerate(shape.people) if person.founder and person.typed]
    counts = np.zeros((model.size, lanes.count))
    columns = np.arange(lanes.count)
    for i in founders:
        for allele in lanes.alleles[i]:
            counts[allele, columns] += 1
    seen = 2 * len(founders)
    own = model.frequencies[:, None] if lanes.frequencies is None else lanes.frequencies
    urn = (theta * counts + (1 - theta) * own) / (1 - theta + theta * seen)
    return Lanes(lanes.count, lanes.alleles, urn, lanes.frequencies), seen


def founders_probability(shape: Shape, model: LocusModel, lanes: Lanes, theta: float) -> Array:
    """(L,): probability of the typed founders' genotypes, in one urn."""
    probability = np.ones(lanes.count)
    counts = np.zeros((model.size, lanes.count))
    columns, drawn = np.arange(lanes.count), 0
    for i, person in enumerate(shape.people):
        if not (person.founder and person.typed):
            continue
        a, b = lanes.alleles[i]
        probability *= np.where(a == b, 1.0, 2.0)
        for allele in (a, b):
            own = (
                model.frequencies[allele] if lanes.frequencies is None else lanes.frequencies[allele, columns]
            )
            share = theta * counts[allele, columns] + (1 - theta) * own
            probability *= share / (1 - theta + theta * drawn)
            counts[allele, columns] += 1
            drawn += 1
    return probability
