"""What holds for every registered format: recognised, refused with a place, and never another exception."""

import contextlib
import hashlib
import random
import time
from pathlib import Path

import pytest

from forensics.domain.errors import Invalid, Unavailable
from forensics.domain.reading import Reading
from forensics.formats import FORMATS, LARGEST, read_file, recognise
from tests.support.format_samples import samples
from tests.support.mutating import mutated

NAMES = list(FORMATS)
TEXTS = [name for name in NAMES if name != "xlsx"]
SECONDS = 5.0


def _read(name: str, data: bytes) -> Reading:
    """Read as a person would, then with the named format even if the file no longer looks like it."""
    filename, _ = samples()[name]
    start = time.process_time()
    with contextlib.suppress(Invalid):  # it may look like nothing that is known
        recognise(data, filename).read(data, filename)
    reading = FORMATS[name].read(data, filename)
    assert time.process_time() - start < SECONDS
    return _sound(reading)


def _sound(reading: Reading) -> Reading:
    """A refused reading is empty and says why; each problem is one sentence and a remedy."""
    if reading.refused:
        assert (reading.profiles, reading.families, reading.frequencies) == ((), (), None)
    for problem in reading.problems:
        assert problem.what.strip()
        assert problem.remedy.strip()
        assert "\n" not in str(problem)
        assert problem.line is None or problem.line > 0
    return reading


def test_every_format_has_a_sample() -> None:
    assert set(samples()) == set(FORMATS)


@pytest.mark.parametrize("name", NAMES)
def test_the_sample_is_recognised_and_read(name: str) -> None:
    filename, data = samples()[name]
    assert recognise(data, filename).name == name
    reading = _read(name, data)
    assert not reading.refused, [str(p) for p in reading.problems]
    assert reading.format == name
    assert reading.digest == hashlib.sha256(data).hexdigest()
    assert reading.profiles or reading.frequencies


@pytest.mark.parametrize("name", NAMES)
def test_a_file_that_is_named_otherwise_is_still_recognised(name: str, tmp_path: Path) -> None:
    path = tmp_path / "export.dat"
    path.write_bytes(samples()[name][1])
    assert read_file(path).format == name


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_byte_order_marks_are_understood(name: str, encoding: str) -> None:
    filename, data = samples()[name]
    declared = encoding.upper() if name == "codis" and encoding == "utf-16" else "UTF-8"
    coded = data.decode().replace('encoding="UTF-8"', f'encoding="{declared}"').encode(encoding)
    assert recognise(coded, filename).name == name
    plain, marked = FORMATS[name].read(data, filename), FORMATS[name].read(coded, filename)
    assert (marked.profiles, marked.problems) == (plain.profiles, plain.problems)


@pytest.mark.parametrize("name", [n for n in TEXTS if n != "codis"])
def test_names_in_windows_encoding_are_read(name: str) -> None:
    filename, data = samples()[name]
    marked = data.decode().replace("B-001", "Muñoz").replace("R-1", "Muñoz").replace("S-1", "Muñoz")
    reading = FORMATS[name].read(marked.encode("cp1252"), filename)
    assert not reading.refused
    if "Muñoz" in marked:
        assert "Muñoz" in [p.sample for p in reading.profiles]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("data", [b"", b" ", b"\n\n\r\n", b"\xef\xbb\xbf", b"\xff\xfe"])
def test_an_empty_file_is_refused(name: str, data: bytes) -> None:
    with pytest.raises(Invalid):
        recognise(data, "empty.txt")
    assert _read(name, data).refused


@pytest.mark.parametrize("name", NAMES)
def test_a_file_that_is_cut_off_anywhere_is_read_or_refused(name: str) -> None:
    data = samples()[name][1]
    for end in range(0, len(data), max(1, len(data) // 150)):
        _read(name, data[:end])


HOSTILE = {
    "zeros": b"\0" * 5_000,
    "binary": random.Random(1).randbytes(20_000),
    "one long line": b"A" * 300_000,
    "many separators": b"Sample Name" + b"\t" * 200_000,
    "many lines": b"Sample Name\tTH01\n" + b"x\t6\n" * 20_000,
    "lone quotes": b'Sample Name,TH01\n"a,6\nb,"7"8\n',
    "wrong utf-16": b"\xff\xfeS\0a\0m\xd8",
    "wrong utf-8": b"Sample Name\tTH01\n\xc3\x28\t6\n",
    "bidi and controls": "Sample Name\tTH01\n\u202e\x07\x1b[31m\t6\n".encode(),
    "formula": b"Sample Name\tTH01\n=cmd|'/c calc'!A0\t6\n",
    "deep xml": b"<CODISImportFile>" + b"<a>" * 50_000,
    "laughing xml": b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(
        b'<!ENTITY a%d "%s">' % (i, b"&a%d;" % (i - 1) * 10 if i > 1 else b"&a;" * 10) for i in range(1, 12)
    )
    + b"]><CODISImportFile><HEADERVERSION>&a11;</HEADERVERSION></CODISImportFile>",
    "outside entity": b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    b"<CODISImportFile><HEADERVERSION>&x;</HEADERVERSION></CODISImportFile>",
    "huge counts": b'"Output from Familias, version 3.3"\n"DO NOT EDIT!"\n3.3\n""\n9999999\n',
    "digits of other scripts": "Sample Name\tTH01\nx\t٦\n".encode(),
}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_content_is_refused_or_read_as_text(name: str, kind: str) -> None:
    reading = _read(name, HOSTILE[kind])
    for problem in reading.problems:
        assert all(c.isprintable() for c in problem.what), problem.what


@pytest.mark.parametrize("name", NAMES)
def test_random_damage_is_read_or_refused(name: str) -> None:
    chance = random.Random(f"seed of {name}")
    for _ in range(300):
        _read(name, mutated(samples()[name][1], chance))


@pytest.mark.parametrize(
    ("name", "old", "new", "line"),
    [
        ("genemapper", "6, 9.3", "6, 09-Mar", 2),
        ("genemapper-long", "\t9.3\t", "\t2024-03-09\t", 2),
        ("lrmix", "7,8", "7,93", 4),
        ("references", "\t8\t8", "\t8\teight", 4),
        ("samples", "\t9.3", "\t45360", 2),
        ("frequency-matrix", "0.4", "-0.4", 4),
        ("frequency-list", "0.75", "0,75", 3),
        ("familias-freq", "9.3\t", "9..3\t", 3),
        ("familias-ped", "6/6", "6/9.33", 4),
        ("codis", ">9.3<", "><", 11),
        ("familias", "Allele2= 9.3", "Alele2= 9.3", 42),
    ],
)
def test_damage_is_refused_at_its_line(name: str, old: str, new: str, line: int) -> None:
    filename, data = samples()[name]
    assert old in data.decode()
    reading = FORMATS[name].read(data.decode().replace(old, new, 1).encode(), filename)
    assert reading.refused
    assert reading.problems[0].line == line, str(reading.problems[0])


def test_a_file_of_another_kind_is_refused_and_the_kinds_are_named() -> None:
    with pytest.raises(Invalid, match="Familias project"):
        recognise(b"Dear colleague,\nplease find attached\n", "letter.txt")


def test_a_file_that_cannot_be_opened_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match=r"missing\.txt can't be opened"):
        read_file(tmp_path / "missing.txt")
    with pytest.raises(Unavailable):
        read_file(tmp_path)


def test_a_file_that_is_too_large_is_refused_without_reading_it_whole(tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    with path.open("wb") as file:
        file.truncate(LARGEST + 1)
    with pytest.raises(Invalid, match="larger than 64 MB"):
        read_file(path)
