"""Equal columns of an array, so that what is asked twice is computed once."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from forensics.genetics.compile_tensors import Index
from forensics.genetics.screening_rows import bits


def by_column(here: NDArray[np.bool_]) -> list[tuple[tuple[bool, ...], Index]]:
    """The distinct columns of (people, columns), and where each one is."""
    if not here.shape[1] or here.all():
        return [((True,) * len(here), np.arange(here.shape[1]))]
    words = bits(here.T)
    keys = words[:, 0] if words.shape[1] == 1 else np.array([row.tobytes() for row in words])
    _, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
    return [(tuple(here[:, f].tolist()), np.flatnonzero(inverse == i)) for i, f in enumerate(first)]


def distinct(numbers: NDArray[Any], sizes: Sequence[int]) -> tuple[Index, Index]:
    """Distinct columns of (m, columns) of numbers, each row below its size: the first of each, and which each is."""
    span, count = math.prod(sizes), numbers.shape[1]
    if span >= 1 << 62:
        _, first, inverse = np.unique(numbers, axis=1, return_index=True, return_inverse=True)
        return first, inverse.reshape(-1)
    key = np.zeros(count, dtype=np.int64)
    for row, size in zip(numbers, sizes, strict=True):
        key = key * size + row
    if span > 4 * count:
        _, first, inverse = np.unique(key, return_index=True, return_inverse=True)
        return first, inverse.reshape(-1)
    place = np.full(span, -1)
    place[key[::-1]] = np.arange(count)[::-1]  # of several the first remains
    here = np.flatnonzero(place >= 0)
    first = place[here]
    place[here] = np.arange(len(here))
    return first, place[key]
