"""Sets of victims as bits, many at a time: which are the same, which share nobody, and sums over equal ones."""

import numpy as np
from numpy.typing import NDArray

from forensics.genetics.compile_tensors import Array

Masks = NDArray[np.uint64]
"""Sets of victims (N, words): a bit each."""


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


def summed(masks: Masks, weights: Array) -> tuple[Masks, Array]:
    """Equal states added."""
    states, inverse = different(masks)
    peak = np.full(len(states), -np.inf)
    np.maximum.at(peak, inverse, weights)
    total = np.bincount(inverse, weights=np.exp(weights - peak[inverse]), minlength=len(states))
    return states, peak + np.log(total)
