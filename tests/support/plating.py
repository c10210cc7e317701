"""How much processor time a run of 96 wells costs: `python -m tests.support.plating [--known 200]`.

A temporary laboratory is made with so many entries in its elimination database; the run is read, taken in, evaluated
and released.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import process_time
from typing import TypeVar

from forensics.domain.quality import EliminationCategory
from forensics.persistence import keys
from forensics.services import batches, elimination
from forensics.services.batch_runs import take_in_run
from tests.support.batches import Bench, person
from tests.support.laboratories import create

T = TypeVar("T")
TUBES = 92  # with a blank, a negative and a positive control and the ladder: 96


def measured(words: str, act: Callable[[], T]) -> T:
    """Do it, and say what it cost."""
    start = process_time()
    result = act()
    sys.stdout.write(f"{words:<28}{process_time() - start:6.2f} s\n")
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--known", type=int, default=200, help="people in the elimination database")
    known = parser.parse_args().known
    keys.MEMORY_KIB, keys.TIME_COST, keys.LANES = 64, 1, 1
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(create(str(Path(folder) / "plate.nomina")), Path(folder))
        manager, reviewer = bench.staffed["quality"], bench.staffed["reviewer"]
        people = bench.reading({f"E{n}": person(1000 + n) for n in range(known)}).profiles
        for read in people:
            manager.run(elimination.enter_elimination, EliminationCategory.STAFF, read.sample, read)
        tubes = bench.samples(TUBES)
        detection = bench.detection(tubes)
        rows = bench.rows(tubes)
        reading = measured("run file read", lambda: bench.reading(rows))
        measured(
            "taken in and evaluated",
            lambda: bench.tech.run(take_in_run, detection.id, reading, "run.txt"),
        )
        measured("released", lambda: reviewer.run(batches.release_batch, detection.id))
        measured("its page asked for", lambda: bench.tech.run(batches.batch_record, detection.id))
        bench.staffed.close()


if __name__ == "__main__":
    main()
