"""Raw files of a genetic analyser, made up byte by byte after the published layout."""

from __future__ import annotations

import struct

Entry = tuple[str, int, int, int, int, bytes]  # tag, number, type, size of an element, count, bytes


def pascal(tag: str, words: str, number: int = 1) -> Entry:
    content = bytes([len(words.encode())]) + words.encode()
    return tag, number, 18, 1, len(content), content


def usual_entries() -> list[Entry]:
    """A run of one capillary with four traces."""
    trace = struct.pack(">40h", *range(40))
    return [
        *(("DATA", n, 4, 2, 40, trace) for n in (1, 2, 3, 4)),
        pascal("SpNm", "B-001"),
        pascal("TUBE", "A1"),
        ("LANE", 1, 4, 2, 1, struct.pack(">h", 3)),
        pascal("CTNM", "Plate 17"),
        pascal("RunN", "Run_3500_2026-05-06"),
        pascal("MCHN", "3500-1"),
        ("MODL", 1, 2, 1, 4, b"3500"),
        pascal("DySN", "J6"),
        pascal("StdF", "WEN ILS 500"),
        ("RUND", 1, 10, 4, 1, struct.pack(">hBB", 2026, 5, 6)),
        ("RUNT", 1, 11, 4, 1, struct.pack(">BBBB", 14, 3, 9, 0)),
        ("SCAN", 1, 5, 4, 1, struct.pack(">i", 40)),
    ]


def run_file(entries: list[Entry] | None = None) -> bytes:
    """The bytes of a file with these entries; what is no longer than four bytes stands in its entry."""
    content, directory, at = b"", b"", 128
    made = entries if entries is not None else usual_entries()
    for tag, number, kind, size, count, data in made:
        inside = len(data) <= 4
        place = data.ljust(4, b"\0") if inside else struct.pack(">i", at + len(content))
        directory += (
            struct.pack(">4sihhii", tag.encode(), number, kind, size, count, len(data)) + place + b"\0" * 4
        )
        content += b"" if inside else data
    start = at + len(content)
    head = struct.pack(">4siHHiiii", b"tdir", 1, 1023, 28, len(made), len(directory), start, 0)
    return (b"ABIF" + struct.pack(">h", 101) + head).ljust(at, b"\0") + content + directory
