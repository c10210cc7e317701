"""Run files of genetic analysers: what they say of their run, and damaged ones refused in a sentence."""

from __future__ import annotations

import random
import struct
from datetime import datetime

import pytest

from forensics.domain.errors import Invalid
from forensics.formats.abif import is_abif, read_run_file
from tests.support.run_files import pascal, run_file, usual_entries


def test_what_a_run_file_says_of_its_run() -> None:
    run = read_run_file(run_file(), "a.fsa")
    assert (run.sample, run.well, run.capillary, run.plate) == ("B-001", "A1", 3, "Plate 17")
    assert (run.model, run.instrument, run.dye_set, run.size_standard) == (
        "3500",
        "3500-1",
        "J6",
        "WEN ILS 500",
    )
    assert run.started == datetime(2026, 5, 6, 14, 3, 9)
    assert (run.channels, run.scans) == (4, 40)
    assert run.told() == (
        "sample B-001; well A1; capillary 3; plate Plate 17; run Run_3500_2026-05-06; "
        "started 2026-05-06 14:03:09; instrument 3500 3500-1; dye set J6; size standard WEN ILS 500"
    )


def test_what_it_does_not_say_stays_open() -> None:
    run = read_run_file(run_file(usual_entries()[:4]), "a.fsa")
    assert (run.sample, run.capillary, run.started, run.told()) == ("", None, None, "")


def test_an_impossible_date_is_no_date() -> None:
    odd = ("RUND", 1, 10, 4, 1, struct.pack(">hBB", 2026, 13, 40))
    entries = [e for e in usual_entries() if e[0] != "RUND"]
    assert read_run_file(run_file([*entries, odd]), "a.fsa").started is None


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"GIF89a", "no run file"),
        (b"ABIF\0\x65", "ends within its head"),
        (run_file()[:-40], "cut off"),
        (run_file()[:6] + b"xdir" + b"\xff" * 24 + run_file()[34:], "directory of a.fsa is damaged"),
        (run_file(usual_entries()[4:]), "no raw data"),
        (run_file([*usual_entries(), ("LONG", 1, 4, 2, 900_000, b"12345678")]), "points beyond its end"),
    ],
)
def test_a_damaged_file_is_refused_in_a_sentence(data: bytes, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        read_run_file(data, "a.fsa")


def test_random_damage_is_read_or_refused() -> None:
    told = 0
    chance, good = random.Random(7), run_file([*usual_entries(), pascal("CMNT", "x" * 200)])
    for _ in range(3000):
        changed = bytearray(good)
        for _ in range(chance.randint(1, 8)):
            changed[chance.randrange(len(changed))] = chance.randrange(256)
        data = bytes(changed[: chance.randrange(len(changed))] if chance.random() < 0.2 else changed)
        try:
            said = read_run_file(data, "a.fsa").told()
        except Invalid as refusal:
            said = str(refusal)
            told += "a.fsa" in said
        else:
            told += is_abif(data)
        assert said.isprintable()
    assert told == 3000
