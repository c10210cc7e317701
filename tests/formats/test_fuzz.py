"""Damaged files, a few hundred in each run: a located problem or a refusal, in bounded time, and nothing kept.

NOMINA_FUZZ sets how many; the seed is printed with a failure and NOMINA_FUZZ_SEED repeats it.
"""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from pathlib import Path

from forensics.domain.errors import Invalid, NominaError
from forensics.domain.reading import Reading
from forensics.formats.abif import read_run_file
from forensics.services import auditing, profiles
from forensics.services.door import Laboratory
from tests.support.format_samples import samples
from tests.support.laboratories import Staffed
from tests.support.mutating import mutated
from tests.support.reading import an_operation
from tests.support.run_files import run_file

MANY = int(os.environ.get("NOMINA_FUZZ", "400"))
SEED = int(os.environ.get("NOMINA_FUZZ_SEED", "20260506"))
SECONDS = 2.0
ONE_IN = 20  # of what a reader gave is handed to the laboratory


def _read(path: Path, data: bytes) -> Reading | None:
    """As the window reads: None for a file that is refused at once, with a sentence."""
    path.write_bytes(data)
    start, said = time.process_time(), ""
    reading = None
    try:
        reading = profiles.read(path)
    except Invalid as refusal:
        said = str(refusal)
    assert time.process_time() - start < SECONDS
    assert reading is not None or path.name in said
    return reading


def _sound(reading: Reading) -> None:
    """What is refused holds nothing; each problem is a sentence with a remedy, and a place where there is one."""
    if reading.refused:
        assert (reading.profiles, reading.families) == ((), ())
        assert any(problem.place or problem.what for problem in reading.problems)
    for problem in reading.problems:
        assert problem.what.isprintable()
        assert problem.remedy
        assert problem.line is None or problem.line > 0


def test_damaged_files_are_read_or_refused_and_change_nothing(staffed: Staffed, tmp_path: Path) -> None:
    operation, case = an_operation(staffed)
    lab, told = staffed["tamara"], Counter[str]()
    for number in range(MANY):
        chance = random.Random(SEED + number)
        name = chance.choice([*samples(), "run"])
        if name == "run":
            told["run files"] += 1
            _refused_or_read(mutated(run_file(), chance))
            continue
        filename, data = samples()[name]
        path = tmp_path / f"{number}-{filename}"
        reading = _read(path, mutated(data, chance))
        path.unlink()
        if reading is None:
            told["refused at once"] += 1
            continue
        _sound(reading)
        told["refused" if reading.refused else "readable"] += 1
        if (told["refused"] + told["readable"]) % ONE_IN == 0:
            options = profiles.ImportOptions(operation, path.name, case=case)
            told[_taken_in(lab, reading, options)] += 1
    (tmp_path / "told.txt").write_text(f"{MANY} files: {dict(told)}")
    assert min(told["refused"], told["readable"], told["kept out"]) > 0


def _refused_or_read(data: bytes) -> None:
    start = time.process_time()
    try:
        said = read_run_file(data, "a.fsa").told()
    except Invalid as refusal:
        said = str(refusal)
    assert said.isprintable()
    assert time.process_time() - start < SECONDS


def _taken_in(lab: Laboratory, reading: Reading, options: profiles.ImportOptions) -> str:
    """Whole, or not at all: a refusal leaves the head of the audit where it was."""
    with lab.store.reading(lab.person, "sign in") as tx:
        before = auditing.head(tx)
    try:
        lab.run(profiles.import_reading, reading, options)
    except NominaError:
        pass
    else:
        return "taken in"
    with lab.store.reading(lab.person, "sign in") as tx:
        assert auditing.head(tx) == before
    return "kept out"
