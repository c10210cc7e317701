"""Sums and maxima over all assignments: families one after the other, the state being the victims used.

Exact dynamic programming per connected component (families that share a victim); logarithms throughout.
A state forgets victims that no later family can use, so that chains of families stay narrow.

States may be dropped within a budget. With Z(S) the sum over all that may follow a set S of used victims,
Z(S) <= Z(S & T) <= Z(T) · prod (1 + claims on v) over the v of T that S lacks, the claims on v being what
later families gain from it at most (see `claims`); so a state that weighs little beside another one
contributes little, and how little is bounded.
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
"""Sets of victims (N, words): a bit each."""

MOST_WORK = 20_000_000
"""States times words that one sum may make."""

MOST_WORDS = 16
"""Words of 64 victims that may be open at a time."""

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
    forget: Masks  # (words,): victims that later families still can use
    ln_gain: Array  # (bits,): by bit of such a victim, ln of 1 + the claims of later families on it


States = list[tuple[Masks, Array]]
"""Before each family and after the last: sets of victims used, and ln of their weights."""

HEAVY = 4
"""States that others are compared with when light ones are dropped."""


@dataclass
class Component:
    """Families that share victims, in the order in which they are summed.

    `ln_budget`: ln of the part of the total that dropped states may cost.
    """

    stages: list[Stage]
    victims: tuple[int, ...]
    ln_budget: float = -math.inf
    most_work: int = MOST_WORK
    _states: tuple[States, float] | None = None

    def forward(self, ln_empty: Sequence[float] | None = None) -> tuple[States, float]:
        """The states, and a bound of the part of the total that was dropped. Raises TooWide."""
        words = self.stages[0].masks.shape[1] if self.stages else 1
        states: States = [(np.zeros((1, words), dtype=np.uint64), np.zeros(1))]
        dropped, work = 0.0, 0
        for number, stage in enumerate(self.stages):
            masks, weights = states[-1]
            sets, merged = merged_weights(stage, ln_empty[number] if ln_empty is not None else 0.0)
            if len(masks) * len(sets) > 40 * MOST_STATES:
                raise TooWide
            found_masks, found = [], []
            for mask, weight in zip(sets, merged, strict=True):
                free = disjoint(masks, mask)
                found_masks.append((masks[free] | mask) & stage.forget)
                found.append(weights[free] + weight)
            work += sum(len(own) for own in found) * words
            if work > self.most_work:
                raise TooWide
            after = summed(np.concatenate(found_masks), np.concatenate(found))
            kept, found_weights, lost = without_light(
                *after, stage.ln_gain, self.ln_budget - math.log(len(self.stages))
            )
            dropped += lost
            states.append((kept, found_weights))
            if len(states[-1][0]) > MOST_STATES:
                raise TooWide
        return states, dropped

    def backward(self, states: States, best: bool) -> list[Array]:
        """For each state, log of the sum (or the largest term, if `best`) of all that may follow."""
        following = [np.zeros(len(states[-1][0]))]
        for stage, (masks, _), (after, _) in zip(
            reversed(self.stages), reversed(states[:-1]), reversed(states[1:]), strict=True
        ):
            value = np.full(len(masks), -np.inf)
            sets, merged = merged_weights(stage, 0.0, best)
            for mask, weight in zip(sets, merged, strict=True):
                free = disjoint(masks, mask)
                gained = at_states(after, (masks[free] | mask) & stage.forget, following[0]) + weight
                value[free] = np.maximum(value[free], gained) if best else np.logaddexp(value[free], gained)
            following.insert(0, value)
        return following

    def states(self) -> States:
        """`forward` of the options as they are, computed once."""
        if self._states is None:
            self._states = self.forward()
        return self._states[0]

    def ln_total(self) -> float:
        return float(self.states()[-1][1][0])

    def ln_lost(self, ln_empty: Sequence[float]) -> float:
        """-ln(1 - posterior mass left out), an upper bound: by dropped states, and by options that weigh
        at most as much as `ln_empty` adds to nobody placed in each family."""
        self.states()
        assert self._states is not None
        states, dropped = self.forward(ln_empty) if any(ln_empty) else self._states
        return float(states[-1][1][0]) - math.log1p(-min(dropped, 1 - 1e-16)) - self.ln_total()

    def marginals(self) -> tuple[float, list[Array]]:
        """ln of the total weight, and for each family the posterior of each of its options."""
        states = self.states()
        following = self.backward(states, best=False)
        ln_total = float(following[0][0])
        found = []
        for number, stage in enumerate(self.stages):
            masks, weights = states[number]
            after = states[number + 1][0]
            sets, inverse = different(stage.masks)
            by_set = np.full(len(sets), -np.inf)
            for i, mask in enumerate(sets):
                free = disjoint(masks, mask)
                rest = at_states(after, (masks[free] | mask) & stage.forget, following[number + 1])
                by_set[i] = np.logaddexp.reduce(weights[free] + rest, initial=-np.inf)
            found.append(np.exp(by_set[inverse] + stage.ln_weights - ln_total))
        return ln_total, found

    def best(self, count: int) -> list[tuple[float, Chosen]]:
        """The heaviest assignments of the component, heaviest first: best-first with an exact bound."""
        return list(self._best(count))

    def _best(self, count: int) -> Iterator[tuple[float, Chosen]]:
        states = self.states()
        bound = self.backward(states, best=True)
        heap: list[tuple[float, int, int, Masks, float, Chosen]] = []
        heapq.heappush(heap, (-float(bound[0][0]), 0, 0, states[0][0][0], 0.0, ()))
        tie = given = 0
        while heap and given < count:
            priority, _, depth, used, weight, chosen = heapq.heappop(heap)
            if depth == len(self.stages):
                given += 1
                yield -priority, chosen
                continue
            stage = self.stages[depth]
            free = np.flatnonzero(disjoint(stage.masks, used))
            after = (stage.masks[free] | used) & stage.forget
            values = (
                weight + stage.ln_weights[free] + at_states(states[depth + 1][0], after, bound[depth + 1])
            )
            for i in np.argsort(-values, kind="stable")[:count]:
                tie += 1
                if values[i] == -np.inf:
                    break
                grown = chosen if free[i] == 0 else (*chosen, (stage.options, int(free[i]) - 1))
                entry = float(weight + stage.ln_weights[free[i]])
                heapq.heappush(heap, (-float(values[i]), tie, depth + 1, after[i], entry, grown))


def at_states(states: Masks, wanted: Masks, values: Array) -> Array:
    """The values of some states; minus infinity for one that was dropped."""
    place = np.minimum(np.searchsorted(keys(states), keys(wanted)), len(states) - 1)
    same = (states[place] == wanted).all(axis=1)
    return np.where(same, values[place], -np.inf)


def keys(masks: Masks) -> "NDArray[np.uint64] | NDArray[np.void]":
    """(N,): something to sort sets by."""
    words = masks.shape[1]
    if words == 1:
        return masks[:, 0]
    return np.ascontiguousarray(masks).view(np.dtype((np.void, 8 * words)))[:, 0]


def different(masks: Masks) -> tuple[Masks, NDArray[np.int64]]:
    """The different sets in the order of their keys, and which of them each one is."""
    _, first, inverse = np.unique(keys(masks), return_index=True, return_inverse=True)
    return masks[first], inverse.reshape(-1)


def disjoint(masks: Masks, mask: Masks) -> NDArray[np.bool_]:
    """(N,): which sets share nobody with one set."""
    if masks.shape[1] == 1:
        return np.asarray((masks[:, 0] & mask[0]) == 0)
    return np.asarray(~(masks & mask).any(axis=1))


def without_light(
    masks: Masks, weights: Array, ln_gain: Array, ln_budget: float
) -> tuple[Masks, Array, float]:
    """The states without the lightest ones, which together contribute at most exp(ln_budget) of the total;
    and what they contribute at most."""
    if len(masks) == 1 or ln_budget == -math.inf:
        return masks, weights, 0.0
    bound = np.full(len(masks), np.inf)
    for star in np.argsort(-weights, kind="stable")[:HEAVY]:
        lacking = masks[star] & ~masks
        gain = np.zeros(len(masks))
        for bit in np.flatnonzero(ln_gain):
            word, place = divmod(int(bit), 64)
            if masks[star, word] >> np.uint64(place) & np.uint64(1):
                gain += ln_gain[bit] * (lacking[:, word] >> np.uint64(place) & np.uint64(1))
        bound = np.minimum(bound, weights - weights[star] + gain)
    order = np.argsort(bound, kind="stable")
    together = np.logaddexp.accumulate(bound[order])
    count = int(np.searchsorted(together, ln_budget, side="right"))
    if not count:
        return masks, weights, 0.0
    kept = np.sort(order[count:])
    return masks[kept], weights[kept], math.exp(float(together[count - 1]))


def merged_weights(stage: Stage, ln_empty: float, best: bool = False) -> tuple[Masks, Array]:
    """Log weight of each set of victims: over all options that use it; `ln_empty` is added to nobody's."""
    weights = stage.ln_weights.copy()
    weights[0] += ln_empty
    sets, inverse = different(stage.masks)
    merged = np.full(len(sets), -np.inf)
    (np.maximum if best else np.logaddexp).at(merged, inverse, weights)
    return sets, merged


def summed(masks: Masks, weights: Array) -> tuple[Masks, Array]:
    """Equal states added."""
    states, inverse = different(masks)
    peak = np.full(len(states), -np.inf)
    np.maximum.at(peak, inverse, weights)
    total = np.bincount(inverse, weights=np.exp(weights - peak[inverse]), minlength=len(states))
    return states, peak + np.log(total)


def components(families: Sequence[Options], ln_weight: float) -> list[Component]:
    """Families grouped by shared victims, each group in an order that keeps few victims open.

    Raises TooWide where too many victims are open at a time.
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
    families: Sequence[int],
    options: Sequence[Options],
    used: Sequence[frozenset[int]],
    ln_weight: float,
    ln_budget: float = -math.inf,
    most_work: int = MOST_WORK,
) -> Component:
    victims = tuple(sorted(set[int]().union(*(used[f] for f in families))))
    bits, last = slots(families, used)
    words = max(bits.values(), default=0) // 64 + 1
    stages, seen = [], set[int]()
    for number, f in enumerate(families):
        seen |= used[f]
        rows = options[f].rows
        code = np.zeros((max(used[f], default=0) + 2, words), dtype=np.uint64)  # the last: nobody
        for v in used[f]:
            code[v, bits[v] // 64] = 1 << bits[v] % 64
        nobody = np.zeros((1, words), dtype=np.uint64)
        masks = np.concatenate([nobody, np.bitwise_or.reduce(code[rows], axis=1)])
        weights = np.concatenate([np.zeros(1), options[f].weights(ln_weight)])
        still = np.zeros(words, dtype=np.uint64)
        for v in seen:
            if last[v] > number:
                still[bits[v] // 64] |= np.uint64(1 << bits[v] % 64)
        stages.append(Stage(f, masks, weights, still, np.zeros(64 * words)))
    later: dict[int, float] = {}
    first = {v: number for number in reversed(range(len(stages))) for v in used[families[number]]}
    for number in reversed(range(len(stages))):
        for v, ln in later.items():
            if first[v] <= number:
                stages[number].ln_gain[bits[v]] = np.logaddexp(0.0, ln)
        for v, ln in claims(options[families[number]], ln_weight).items():
            later[v] = float(np.logaddexp(later.get(v, -np.inf), ln))
    return Component(stages, victims, ln_budget, most_work)


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

    Raises TooWide where more are open at a time than there are words for.
    """
    last = {v: number for number, f in enumerate(families) for v in used[f]}
    bits: dict[int, int] = {}
    free = list(range(64 * MOST_WORDS))
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
