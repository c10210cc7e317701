"""Families as a graph of shared victims: components, an order in which to sum them, and claims on victims."""

import heapq
from collections.abc import Sequence

import numpy as np

from forensics.genetics.joint_options import Options
from forensics.genetics.joint_victims import NOBODY

MOST_OPEN = 1024
"""Victims that may be open at a time."""


class TooWide(Exception):
    """A component can't be summed exactly in reasonable memory."""


def victims_of(options: Options) -> frozenset[int]:
    return frozenset(np.unique(options.rows[options.rows != NOBODY]).tolist())


def groups(used: Sequence[frozenset[int]]) -> list[list[int]]:
    """Families by shared victims, found by joining."""
    leader = list(range(len(used)))

    def find(f: int) -> int:
        while leader[f] != f:
            leader[f] = leader[leader[f]]
            f = leader[f]
        return f

    first: dict[int, int] = {}
    for f, own in enumerate(used):
        for v in own:
            one, other = sorted((find(f), find(first.setdefault(v, f))))
            leader[other] = one
    found: dict[int, list[int]] = {}
    for f in range(len(used)):
        found.setdefault(find(f), []).append(f)
    return list(found.values())


def order(group: Sequence[int], used: Sequence[frozenset[int]]) -> list[int]:
    """The better of two orders: few victims open at a time, or the families with most choice first.

    The second is right where a few families could hold almost anybody and the others hardly a choice.
    """
    narrow = narrow_order(group, used)
    wide_first = sorted(group, key=lambda f: (-len(used[f]), f))
    return min(narrow, wide_first, key=lambda families: widest(families, used))


def widest(families: Sequence[int], used: Sequence[frozenset[int]]) -> float:
    """log2 of the most states there may be along an order: choices of past families among open victims."""
    last = {v: number for number, f in enumerate(families) for v in used[f]}
    some = [f for f in families if used[f]]
    if not some:
        return 0.0
    closes = np.array([last[v] for f in some for v in used[f]])
    opens = np.repeat([n for n, f in enumerate(families) if used[f]], [len(used[f]) for f in some])
    starts = np.cumsum([0, *(len(used[f]) for f in some[:-1])])
    first = np.array([n for n, f in enumerate(families) for v in used[f] if v in last])
    ends = np.array(list(last.values()))
    begins = np.full(len(ends), len(families))
    place = {v: i for i, v in enumerate(last)}
    np.minimum.at(begins, [place[v] for f in families for v in used[f]], first)
    most = 0.0
    for number in range(len(families)):
        still = np.add.reduceat((closes > number) & (opens <= number), starts, dtype=np.int64)
        opened = int(((begins <= number) & (ends > number)).sum())
        most = max(most, min(float(opened), float(np.log2(1 + still).sum())))
    return most


def narrow_order(group: Sequence[int], used: Sequence[frozenset[int]]) -> list[int]:
    """Greedy: next the family that leaves the fewest victims open, that is seen and still to be used."""
    families = sorted(group)
    victims = {v: i for i, v in enumerate(sorted(set[int]().union(*(used[f] for f in families))))}
    uses = np.zeros((len(families), len(victims)), dtype=np.float32)
    for row, f in enumerate(families):
        uses[row, [victims[v] for v in used[f]]] = 1.0
    waiting = uses.sum(axis=0)  # families still to come that can use a victim
    opened = np.zeros(len(victims), dtype=bool)
    late = np.zeros(len(families), dtype=np.float32)
    found = []
    for _ in families:
        change = (~opened & (waiting > 1)).astype(np.float32) - (opened & (waiting == 1))
        row = int(np.argmin(uses @ change + late))
        found.append(families[row])
        late[row] = np.inf
        waiting -= uses[row]
        opened = (opened | (uses[row] > 0)) & (waiting > 0)
    return found


def claims(options: Options, ln_weight: float) -> dict[int, float]:
    """For each victim, ln of what a family gains at most by placing it, the others on it staying.

    The largest, over what else the family may hold, of the weight of all options that add this victim to
    that, against the weight of that. Taking the victim away leaves an option of the family, so a sum over
    assignments in which the victim may be used is at most 1 + the claims of all families times the sum in
    which it may not.
    """
    rows, weights = options.rows, options.weights(ln_weight)
    index = {row: n for n, row in enumerate(map(tuple, rows.tolist()))}
    ratio: dict[tuple[int, int], float] = {}
    for n, m in zip(*np.nonzero(rows != NOBODY), strict=True):
        rest = list(rows[n])
        rest[m] = NOBODY
        base = index.get(tuple(rest), -1)  # one that is not kept, or nobody at all, counts as nobody
        ln = float(weights[n] - (weights[base] if base >= 0 else 0.0))
        key = (int(rows[n, m]), base)
        ratio[key] = float(np.logaddexp(ratio.get(key, -np.inf), ln))
    found: dict[int, float] = {}
    for (v, _), ln in ratio.items():
        found[v] = max(found.get(v, -np.inf), ln)
    return found


def slots(families: Sequence[int], used: Sequence[frozenset[int]]) -> tuple[dict[int, int], dict[int, int]]:
    """A bit for each victim, given back when no later family needs it; and the last family that needs it.

    Raises TooWide where more are open at a time than MOST_OPEN.
    """
    last = {v: number for number, f in enumerate(families) for v in used[f]}
    bits: dict[int, int] = {}
    free = list(range(MOST_OPEN))
    held: list[tuple[int, int]] = []
    for number, f in enumerate(families):
        for v, until in [item for item in held if item[1] < number]:
            free.append(bits[v])
            held.remove((v, until))
        for v in sorted(used[f]):
            if v not in bits:
                if not free:
                    raise TooWide
                bits[v] = heapq.heappop(free)
                held.append((v, last[v]))
    return bits, last
