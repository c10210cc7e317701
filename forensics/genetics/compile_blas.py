"""One BLAS thread for many small matrix products.

OpenBLAS starts all its threads for products of a few microseconds, and they spend twenty times the work
waiting for each other. Inside `single_threaded()` it uses one; where numpy is linked to something else,
nothing happens.
"""

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path

import numpy as np

_PLACES = ("../numpy.libs", ".dylibs", "../numpy/.dylibs")
_NAMES = ("scipy_openblas_{}_num_threads64_", "openblas_{}_num_threads64_", "openblas_{}_num_threads")


@lru_cache(maxsize=1)
def _library() -> tuple[ctypes.CDLL, str] | None:
    """The OpenBLAS that this numpy brought along, and how its thread functions are called."""
    home = Path(np.__file__).parent
    for place in _PLACES:
        for file in sorted((home / place).glob("*openblas*")):
            with suppress(OSError):
                library = ctypes.CDLL(str(file))
                for name in _NAMES:
                    if hasattr(library, name.format("set")):
                        return library, name
    return None


@contextmanager
def single_threaded() -> Iterator[None]:
    """BLAS uses one thread inside; the number before is put back."""
    found = _library()
    if found is None:
        yield
        return
    library, name = found
    before = int(getattr(library, name.format("get"))())
    put = getattr(library, name.format("set"))
    put(1)
    try:
        yield
    finally:
        put(before)
