"""Sums and maxima over all assignments: families one after the other, the state being the victims used.

Exact dynamic programming per connected component (families that share a victim); logarithms throughout.
A state forgets victims that no later family can use, so that chains of families stay narrow.
"""

import heapq
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forensics.genetics.compile_tensors import Array
from forensics.genetics.joint_options import Options
from forensics.genetics.joint_victims import NOBODY

Masks = NDArray[np.uint64]
MOST_STATES = 300_000
"""States (sets of victims used) that are carried exactly; a component that needs more is too wide."""


Chosen = tuple[tuple[int, int], ...]
"""Placements: which of the families' options, and which row of it."""


class TooWide(Exception):
    """A component can't be summed exactly in reasonable memory."""


@dataclass(frozen=True)
class Stage:
    """One family: its options with the set of victims each uses and its log weight."""

    options: int  # which of the families' options
    masks: Masks  # victims that each option uses; the first: nobody placed
    ln_weights: Array
    forget: np.uint64  # victims that later families still can use


@dataclass
class Component:
    """Families that share victims, in the order in which they are summed."""

    stages: list[Stage]
    victims: tuple[int, ...]
    _states: list[tuple[Masks, Array]] | None = None

    def forward(self, ln_empty: Sequence[float] | None = None) -> list[tuple[Masks, Array]]:
        """States and their log weights before each family and after the last."""
        states = [(np.zeros(1, dtype=np.uint64), np.zeros(1))]
        for number, stage in enumerate(self.stages):
            masks, weights = states[-1]
            sets, merged = merged_weights(stage, ln_empty[number] if ln_empty is not None else 0.0)
            if len(masks) * len(sets) > 40 * MOST_STATES:
                raise TooWide
            found_masks, found = [], []
            for mask, weight in zip(sets, merged, strict=True):
                free = (masks & mask) == 0
                found_masks.append((masks[free] | mask) & stage.forget)
                found.append(weights[free] + weight)
            states.append(summed(np.concatenate(found_masks), np.concatenate(found)))
            if len(states[-1][0]) > MOST_STATES:
                raise TooWide
        return states

    def backward(self, states: Sequence[tuple[Masks, Array]], best: bool) -> list[Array]:
        """For each state, log of the sum (or the largest term, if `best`) of all that may follow."""
        following = [np.zeros(len(states[-1][0]))]
        for stage, (masks, _), (after, _) in zip(
            reversed(self.stages), reversed(states[:-1]), reversed(states[1:]), strict=True
        ):
            value = np.full(len(masks), -np.inf)
            sets, merged = merged_weights(stage, 0.0, best)
            for mask, weight in zip(sets, merged, strict=True):
                free = (masks & mask) == 0
                place = np.searchsorted(after, (masks[free] | mask) & stage.forget)
                gained = following[0][place] + weight
                value[free] = np.maximum(value[free], gained) if best else np.logaddexp(value[free], gained)
            following.insert(0, value)
        return following

    def states(self) -> list[tuple[Masks, Array]]:
        """`forward` of the options as they are, computed once."""
        if self._states is None:
            self._states = self.forward()
        return self._states

    def ln_total(self, ln_empty: Sequence[float] | None = None) -> float:
        return float((self.states() if ln_empty is None else self.forward(ln_empty))[-1][1][0])

    def marginals(self) -> tuple[float, list[Array]]:
        """ln of the total weight, and for each family the posterior of each of its options."""
        states = self.states()
        following = self.backward(states, best=False)
        ln_total = float(following[0][0])
        found = []
        for number, stage in enumerate(self.stages):
            masks, weights = states[number]
            after = states[number + 1][0]
            sets, inverse = np.unique(stage.masks, return_inverse=True)
            by_set = np.full(len(sets), -np.inf)
            for i, mask in enumerate(sets):
                free = (masks & mask) == 0
                place = np.searchsorted(after, (masks[free] | mask) & stage.forget)
                by_set[i] = np.logaddexp.reduce(weights[free] + following[number + 1][place], initial=-np.inf)
            found.append(np.exp(by_set[inverse] + stage.ln_weights - ln_total))
        return ln_total, found

    def best(self, count: int) -> list[tuple[float, Chosen]]:
        """The heaviest assignments of the component, heaviest first: best-first with an exact bound."""
        return list(self._best(count))

    def _best(self, count: int) -> Iterator[tuple[float, Chosen]]:
        states = self.states()
        bound = self.backward(states, best=True)
        heap: list[tuple[float, int, int, np.uint64, float, Chosen]] = []
        heapq.heappush(heap, (-float(bound[0][0]), 0, 0, np.uint64(0), 0.0, ()))
        tie = given = 0
        while heap and given < count:
            priority, _, depth, used, weight, chosen = heapq.heappop(heap)
            if depth == len(self.stages):
                given += 1
                yield -priority, chosen
                continue
            stage = self.stages[depth]
            free = np.flatnonzero((stage.masks & used) == 0)
            after = (stage.masks[free] | used) & stage.forget
            place = np.searchsorted(states[depth + 1][0], after)
            values = weight + stage.ln_weights[free] + bound[depth + 1][place]
            for i in np.argsort(-values, kind="stable")[:count]:
                tie += 1
                if values[i] == -np.inf:
                    break
                grown = chosen if free[i] == 0 else (*chosen, (stage.options, int(free[i]) - 1))
                entry = float(weight + stage.ln_weights[free[i]])
                heapq.heappush(heap, (-float(values[i]), tie, depth + 1, after[i], entry, grown))


def merged_weights(stage: Stage, ln_empty: float, best: bool = False) -> tuple[Masks, Array]:
    """Log weight of each set of victims: over all options that use it; `ln_empty` is added to nobody's."""
    weights = stage.ln_weights.copy()
    weights[0] += ln_empty
    sets, inverse = np.unique(stage.masks, return_inverse=True)
    merged = np.full(len(sets), -np.inf)
    (np.maximum if best else np.logaddexp).at(merged, inverse, weights)
    return sets, merged


def summed(masks: Masks, weights: Array) -> tuple[Masks, Array]:
    """Equal states added."""
    states, inverse = np.unique(masks, return_inverse=True)
    peak = np.full(len(states), -np.inf)
    np.maximum.at(peak, inverse, weights)
    total = np.bincount(inverse, weights=np.exp(weights - peak[inverse]), minlength=len(states))
    return states, peak + np.log(total)


def components(families: Sequence[Options], ln_weight: float) -> list[Component]:
    """Families grouped by shared victims, each group in an order that keeps few victims open.

    Raises TooWide where more than 63 victims are open at a time.
    """
    used = [victims_of(f) for f in families]
    return [component(order(group, used), families, used, ln_weight) for group in groups(used)]


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
    open_now: set[int] = set()
    past: list[list[int]] = []  # for each past family with open victims, when they close
    most = 0.0
    for number, f in enumerate(families):
        open_now = {v for v in open_now | used[f] if last[v] > number}
        past = [
            left for own in (*past, [last[v] for v in used[f]]) if (left := [x for x in own if x > number])
        ]
        most = max(most, min(float(len(open_now)), sum(math.log2(1 + len(own)) for own in past)))
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


def component(
    families: Sequence[int], options: Sequence[Options], used: Sequence[frozenset[int]], ln_weight: float
) -> Component:
    victims = tuple(sorted(set[int]().union(*(used[f] for f in families))))
    bits, last = slots(families, used)
    stages, seen = [], set[int]()
    for number, f in enumerate(families):
        seen |= used[f]
        rows = options[f].rows
        code = np.zeros(max(used[f], default=0) + 2, dtype=np.uint64)  # the last: nobody
        for v in used[f]:
            code[v] = 1 << bits[v]
        masks = np.concatenate([np.zeros(1, dtype=np.uint64), np.bitwise_or.reduce(code[rows], axis=1)])
        weights = np.concatenate([np.zeros(1), options[f].weights(ln_weight)])
        still = np.uint64(sum(1 << bits[v] for v in seen if last[v] > number))
        stages.append(Stage(f, masks, weights, still))
    return Component(stages, victims)


def slots(families: Sequence[int], used: Sequence[frozenset[int]]) -> tuple[dict[int, int], dict[int, int]]:
    """A bit for each victim, given back when no later family needs it; and the last family that needs it.

    At most 63 are open at a time.
    """
    last = {v: number for number, f in enumerate(families) for v in used[f]}
    bits: dict[int, int] = {}
    free = list(range(63))
    held: list[tuple[int, int]] = []
    for number, f in enumerate(families):
        for v, until in [item for item in held if item[1] < number]:
            free.append(bits[v])
            held.remove((v, until))
        for v in sorted(used[f]):
            if v not in bits:
                if not free:
                    raise TooWide
                bits[v] = free.pop(0)
                held.append((v, last[v]))
    return bits, last
