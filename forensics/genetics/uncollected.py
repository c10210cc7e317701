"""Work without Python's search for cyclic garbage, for what makes many objects and no cycles.

Reading a hundred thousand families makes millions of objects that stay; the collector would look through all of them
again and again, a fifth of the time of a search. What is no longer needed is freed by its count as ever.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """The collector rests inside, and works again afterwards if it did before."""
    worked = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if worked:
            gc.enable()
