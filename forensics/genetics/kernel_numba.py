"""The compiled kernel; imported only for large jobs, because numba takes most of a second to import.

Defined at module level so that numba's cache on disk works; the cache lies in the person's cache folder.
"""

import os
from typing import Any

from platformdirs import user_cache_dir

os.environ.setdefault("NUMBA_CACHE_DIR", user_cache_dir("nomina", "nomina"))
os.environ.setdefault("NUMBA_SLP_VECTORIZE", "1")  # the eight words of a row become two vector additions

import numba
import numpy as np
from numpy.typing import NDArray

setattr(numba.config, "SLP_VECTORIZE", 1)  # noqa: B010 - numba makes its settings when it runs

WORKS = True


@numba.njit(cache=True, nogil=True)
def scan(words: NDArray[np.uint64], rows: NDArray[np.unsignedinteger[Any]], found: NDArray[np.int64]) -> int:
    """Write every profile of which some lane's sum has the top bit to `found` while it has room; how many.

    words: (rows, 8), four 16-bit lanes each; rows: (profiles, loci). Which lanes they are is left to the
    caller: anything more in this loop keeps LLVM from adding four words at a time.
    """
    top = np.uint64(0x8000800080008000)
    count = 0
    room = found.shape[0]
    for p in range(rows.shape[0]):
        a = b = c = d = e = f = g = h = np.uint64(0)
        for locus in range(rows.shape[1]):
            r = rows[p, locus]
            a += words[r, 0]
            b += words[r, 1]
            c += words[r, 2]
            d += words[r, 3]
            e += words[r, 4]
            f += words[r, 5]
            g += words[r, 6]
            h += words[r, 7]
        if (a | b | c | d | e | f | g | h) & top:
            if count < room:
                found[count] = p
            count += 1
    return count


@numba.njit(cache=True, nogil=True)
def fill(
    flat: NDArray[np.uint16],
    layout: NDArray[np.int64],
    place: NDArray[np.int32],
    out: NDArray[np.uint16],
) -> None:
    """Columns of tables into the lanes of a block; shapes as in `kernel.Tables`."""
    starts = np.empty(place.shape[1], dtype=np.uint64)  # unsigned: none is counted from the end
    for locus in range(layout.shape[0]):
        begin, rows, first = layout[locus]
        for i in range(place.shape[1]):
            starts[i] = begin + place[locus, i] * rows
        for row in range(rows):
            for i in range(place.shape[1]):
                out[first + row, i] = flat[starts[i] + np.uint64(row)]


@numba.njit(cache=True, nogil=True)
def add(words: NDArray[np.uint64], rows: NDArray[np.unsignedinteger[Any]], found: NDArray[np.uint64]) -> None:
    """Write the sums themselves, (profiles, 8); the same shapes."""
    for p in range(rows.shape[0]):
        a = b = c = d = e = f = g = h = np.uint64(0)
        for unit in range(rows.shape[1]):
            r = rows[p, unit]
            a += words[r, 0]
            b += words[r, 1]
            c += words[r, 2]
            d += words[r, 3]
            e += words[r, 4]
            f += words[r, 5]
            g += words[r, 6]
            h += words[r, 7]
        found[p, 0] = a
        found[p, 1] = b
        found[p, 2] = c
        found[p, 3] = d
        found[p, 4] = e
        found[p, 5] = f
        found[p, 6] = g
        found[p, 7] = h


@numba.njit(cache=True, nogil=True)
def read(words: NDArray[np.uint64], times: int) -> np.uint64:
    """Read a table (words,) in order again and again: the bandwidth that the kernel could have at most."""
    total = np.uint64(0)
    for _ in range(times):
        for i in range(words.shape[0]):
            total += words[i]
    return total
