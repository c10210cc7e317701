"""The families of a component as stages of a sum: their options as sets of victims, and who is still open."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forensics.genetics.compile_tensors import Array
from forensics.genetics.joint_options import Options
from forensics.genetics.joint_order import claims, slots
from forensics.genetics.joint_sets import Masks, different


@dataclass(frozen=True)
class Stage:
    """One family: its options with the set of victims each uses and its log weight."""

    options: int  # which of the families' options
    masks: Masks  # victims that each option uses; the first: nobody placed
    ln_weights: Array
    forget: Masks  # (words,): victims that later families still can use
    ln_gain: Array  # (bits,): by bit of such a victim, ln of 1 + the claims of later families on it


def stages_of(
    families: Sequence[int],
    options: Sequence[Options],
    used: Sequence[frozenset[int]],
    ln_weight: float,
    gains: bool,
) -> list[Stage]:
    """Stages in the order of `families`; with `gains` they say what later families may gain."""
    bits, last = slots(families, used)
    words = max(bits.values(), default=0) // 64 + 1
    stages, ends = [], _Ends(families, used, bits, last)
    for number, f in enumerate(families):
        rows = options[f].rows
        code = np.zeros((max(used[f], default=0) + 2, words), dtype=np.uint64)  # the last: nobody
        for v in used[f]:
            code[v, bits[v] // 64] = 1 << bits[v] % 64
        nobody = np.zeros((1, words), dtype=np.uint64)
        masks = np.concatenate([nobody, np.bitwise_or.reduce(code[rows], axis=1)])
        weights = np.concatenate([np.zeros(1), options[f].weights(ln_weight)])
        still = np.zeros(words, dtype=np.uint64)
        places = ends.bits[ends.open(number)]
        np.bitwise_or.at(still, places // 64, np.uint64(1) << (places % 64).astype(np.uint64))
        stages.append(Stage(f, masks, weights, still, np.zeros(64 * words)))
    if gains:
        _tell_gains(stages, options, ends, ln_weight)
    return stages


def _tell_gains(stages: Sequence[Stage], options: Sequence[Options], ends: "_Ends", ln_weight: float) -> None:
    """Fills `ln_gain`, from the last family to the first."""
    later = np.full(len(ends.place), -np.inf)  # ln of the claims of later families on each victim
    for number in reversed(range(len(stages))):
        still_open = ends.open(number)
        stages[number].ln_gain[ends.bits[still_open]] = np.logaddexp(0.0, later[still_open])
        for v, ln in claims(options[stages[number].options], ln_weight).items():
            later[ends.place[v]] = np.logaddexp(later[ends.place[v]], ln)


def merged_weights(stage: Stage, ln_empty: float, best: bool = False) -> tuple[Masks, Array]:
    """Log weight of each set of victims: over all options that use it; `ln_empty` is added to nobody's."""
    weights = stage.ln_weights.copy()
    weights[0] += ln_empty
    sets, inverse = different(stage.masks)
    merged = np.full(len(sets), -np.inf)
    (np.maximum if best else np.logaddexp).at(merged, inverse, weights)
    return sets, merged


class _Ends:
    """The first and last family of an order that can use each victim."""

    def __init__(
        self,
        families: Sequence[int],
        used: Sequence[frozenset[int]],
        bits: Mapping[int, int],
        last: Mapping[int, int],
    ) -> None:
        self.place = {v: i for i, v in enumerate(bits)}
        first = {v: number for number in reversed(range(len(families))) for v in used[families[number]]}
        self.bits = np.array([bits[v] for v in self.place], dtype=np.int64)
        self.first = np.array([first[v] for v in self.place], dtype=np.int64)
        self.last = np.array([last[v] for v in self.place], dtype=np.int64)

    def open(self, number: int) -> NDArray[np.bool_]:
        """Victims that a family up to this one and a later one can use."""
        return np.asarray((self.first <= number) & (self.last > number))
