"""What the raw file of a genetic analyser (`.fsa`, `.hid`) says of its run: instrument, time, well, dyes, sample.

Applied Biosystems, ABIF File Format Specification (2006): big-endian; a directory of tagged entries of 28 bytes
each. Only the directory and the few entries named here are read; traces stay where they are.
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from forensics.domain.errors import Invalid

MAGIC = b"ABIF"
_ENTRY = struct.Struct(">4siHHiiii")
_HEAD = 6
MOST_ENTRIES = 20_000
LONGEST_TEXT = 1_000
_SIZES = {1: 1, 2: 1, 3: 2, 4: 2, 5: 4, 7: 4, 8: 8, 10: 4, 11: 4, 18: 1, 19: 1}
CHAR, SHORT, DATE, TIME, PASCAL, C_TEXT = 2, 4, 10, 11, 18, 19


@dataclass(frozen=True, slots=True)
class RunFile:
    """The run as the file tells it; "" and None where it says nothing."""

    sample: str
    well: str
    capillary: int | None
    plate: str
    run: str
    instrument: str
    model: str
    started: datetime | None
    dye_set: str
    size_standard: str
    scans: int | None
    channels: int  # traces of raw data

    def told(self) -> str:
        """All of it on one line, for a caption."""
        parts = (
            ("sample", self.sample),
            ("well", self.well),
            ("capillary", self.capillary),
            ("plate", self.plate),
            ("run", self.run),
            ("started", self.started.strftime("%Y-%m-%d %H:%M:%S") if self.started else ""),
            ("instrument", " ".join(part for part in (self.model, self.instrument) if part)),
            ("dye set", self.dye_set),
            ("size standard", self.size_standard),
        )
        return "; ".join(f"{name} {value}" for name, value in parts if value not in ("", None))


@dataclass(frozen=True, slots=True)
class _Entry:
    kind: int
    count: int
    content: bytes


def is_abif(data: bytes) -> bool:
    """Whether a file begins as a run file does."""
    return data.startswith(MAGIC)


def read_run_file(data: bytes, name: str) -> RunFile:
    """What the file says of its run; `Invalid` says where it is broken."""
    if not is_abif(data):
        raise Invalid(f"{name} is no run file of a genetic analyser; choose the .fsa or .hid of the run.")
    entries = _directory(data, name)
    channels = sum(1 for tag, number in entries if tag == "DATA" and number in (1, 2, 3, 4, 105, 106))
    if not channels:
        raise Invalid(f"{name} holds no raw data; copy it from the instrument again.")

    def text(tag: str, number: int = 1) -> str:
        found = entries.get((tag, number))
        return _text(found) if found is not None else ""

    def whole(tag: str, number: int = 1) -> int | None:
        found = entries.get((tag, number))
        return _whole(found) if found is not None else None

    return RunFile(
        sample=text("SpNm") or text("SMPL"),
        well=text("TUBE"),
        capillary=whole("LANE"),
        plate=text("CTNM") or text("CTID"),
        run=text("RunN"),
        instrument=text("MCHN"),
        model=text("HCFG", 3) or text("MODL"),
        started=_started(entries),
        dye_set=text("DySN"),
        size_standard=text("StdF"),
        scans=whole("SCAN"),
        channels=channels,
    )


def _directory(data: bytes, name: str) -> Mapping[tuple[str, int], _Entry]:
    """Every entry with its bytes; each place is checked before it is read."""
    if len(data) < _HEAD + _ENTRY.size:
        raise Invalid(f"{name} ends within its head; copy it from the instrument again.")
    _, _, kind, size, count, length, at, _ = _ENTRY.unpack_from(data, _HEAD)
    if kind != 1023 or size != _ENTRY.size or not 0 < count <= MOST_ENTRIES or length < count * size:
        raise Invalid(
            f"The directory of {name} is damaged (byte {_HEAD}); copy it from the instrument again."
        )
    if at < 0 or at + count * _ENTRY.size > len(data):
        raise Invalid(f"{name} is cut off: its directory lies beyond its end; copy it again.")
    return dict(_entry(data, at + i * _ENTRY.size, name) for i in range(count))


def _entry(data: bytes, at: int, name: str) -> tuple[tuple[str, int], _Entry]:
    tag, number, kind, _, count, length, place, _ = _ENTRY.unpack_from(data, at)
    start = at + 20 if length <= 4 else place  # few bytes stand in the entry itself
    end = start + length
    if (
        count < 0
        or length < 0
        or start < 0
        or end > len(data)
        or count * _SIZES.get(kind, 1) > max(length, 4)
    ):
        raise Invalid(
            f"An entry of {name} points beyond its end (byte {at}); copy it from the instrument again."
        )
    wanted = min(end, start + LONGEST_TEXT)
    return (tag.decode("latin-1"), number), _Entry(kind, count, data[start:wanted])


def _text(entry: _Entry) -> str:
    content = entry.content
    if entry.kind == PASCAL:
        content = content[1 : 1 + content[0]] if content else b""
    elif entry.kind not in (CHAR, C_TEXT):
        return ""
    content = content.split(b"\0")[0]
    try:
        words = content.decode("utf-8")
    except UnicodeDecodeError:
        words = content.decode("latin-1")
    return "".join(c for c in words if c.isprintable()).strip()


def _whole(entry: _Entry) -> int | None:
    if entry.kind == SHORT and len(entry.content) >= 2:
        return int(struct.unpack_from(">h", entry.content)[0])
    if entry.kind == 5 and len(entry.content) >= 4:
        return int(struct.unpack_from(">i", entry.content)[0])
    return None


def _started(entries: Mapping[tuple[str, int], _Entry]) -> datetime | None:
    """When the run began, by the instrument's clock; None where that is no date."""
    day, hour = entries.get(("RUND", 1)), entries.get(("RUNT", 1))
    if day is None or day.kind != DATE or len(day.content) < 4:
        return None
    year, month, date = struct.unpack_from(">hBB", day.content)
    clock = struct.unpack_from(">BBBB", hour.content) if hour and len(hour.content) >= 4 else (0, 0, 0, 0)
    try:
        return datetime(year, month, date, *clock[:3])
    except ValueError:
        return None
