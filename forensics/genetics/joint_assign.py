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

from forensics.genetics.compile_tensors import Array
from forensics.genetics.joint_options import Options
from forensics.genetics.joint_order import TooWide, groups, order, victims_of
from forensics.genetics.joint_sets import Masks, at_states, different, disjoint, summed
from forensics.genetics.joint_stages import Stage, merged_weights, stages_of

MOST_STATES = 300_000
"""States (sets of victims used) that are carried exactly; a component that needs more is too wide."""

MOST_WORK = 20_000_000
"""States times words that one sum may make."""

Chosen = tuple[tuple[int, int], ...]
"""Placements: which of the families' options, and which row of it."""


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
        start = float(bound[0][0])
        heap: list[tuple[float, int, int, Masks, float, Linked]] = [
            (-start, 0, 0, states[0][0][0], 0.0, None)
        ]
        heaviest = [start]  # what is on the heap stands for different assignments of just these weights
        tie = given = 0
        while heap and given < count:
            priority, _, depth, used, weight, chosen = heapq.heappop(heap)
            if depth == len(self.stages):
                given += 1
                yield -priority, unlinked(chosen)
                continue
            stage = self.stages[depth]
            free = np.flatnonzero(disjoint(stage.masks, used))
            after = (stage.masks[free] | used) & stage.forget
            values = (
                weight + stage.ln_weights[free] + at_states(states[depth + 1][0], after, bound[depth + 1])
            )
            for rank, i in enumerate(np.argsort(-values, kind="stable")[:count]):
                value, tie = float(values[i]), tie + 1
                if value == -math.inf or (rank and len(heaviest) >= count and value <= heaviest[0]):
                    break
                if rank:  # the first stands for what its parent stood for
                    (heapq.heappush if len(heaviest) < count else heapq.heappushpop)(heaviest, value)
                grown = chosen if free[i] == 0 else ((stage.options, int(free[i]) - 1), chosen)
                entry = float(weight + stage.ln_weights[free[i]])
                heapq.heappush(heap, (-value, tie, depth + 1, after[i], entry, grown))


Linked = tuple[tuple[int, int], "Linked"] | None
"""Placements chosen so far, the last one first."""


def unlinked(chosen: Linked) -> Chosen:
    found = []
    while chosen is not None:
        last, chosen = chosen
        found.append(last)
    return tuple(reversed(found))


def without_light(
    masks: Masks, weights: Array, ln_gain: Array, ln_budget: float
) -> tuple[Masks, Array, float]:
    """The states without the lightest ones, which together contribute at most exp(ln_budget) of the total;
    and what they contribute at most."""
    if len(masks) == 1 or ln_budget == -math.inf:
        return masks, weights, 0.0
    bound = np.full(len(masks), np.inf)
    heavy = weights >= np.partition(weights, -min(HEAVY, len(weights)))[-min(HEAVY, len(weights))]
    for star in np.flatnonzero(heavy)[:HEAVY]:
        lacking = masks[star] & ~masks
        gain = np.zeros(len(masks))
        for bit in np.flatnonzero(ln_gain):
            word, place = divmod(int(bit), 64)
            if masks[star, word] >> np.uint64(place) & np.uint64(1):
                gain += ln_gain[bit] * (lacking[:, word] >> np.uint64(place) & np.uint64(1))
        bound = np.minimum(bound, weights - weights[star] + gain)
    light = np.flatnonzero(bound <= ln_budget)
    light = light[np.argsort(bound[light], kind="stable")]
    together = np.logaddexp.accumulate(bound[light]) if len(light) else bound[light]
    count = int(np.searchsorted(together, ln_budget, side="right"))
    if not count:
        return masks, weights, 0.0
    kept = np.ones(len(masks), dtype=bool)
    kept[light[:count]] = False
    return masks[kept], weights[kept], math.exp(float(together[count - 1]))


def components(families: Sequence[Options], ln_weight: float) -> list[Component]:
    """Families grouped by shared victims, each group in an order that keeps few victims open.

    Raises TooWide where too many victims are open at a time.
    """
    used = [victims_of(f) for f in families]
    return [component(order(group, used), families, used, ln_weight) for group in groups(used)]


def component(
    families: Sequence[int],
    options: Sequence[Options],
    used: Sequence[frozenset[int]],
    ln_weight: float,
    ln_budget: float = -math.inf,
    most_work: int = MOST_WORK,
) -> Component:
    victims = tuple(sorted(set[int]().union(*(used[f] for f in families))))
    stages = stages_of(families, options, used, ln_weight, ln_budget > -math.inf)
    return Component(stages, victims, ln_budget, most_work)
