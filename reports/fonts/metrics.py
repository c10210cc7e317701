"""Widths of text in the shipped faces, read from the font files themselves with nothing but `struct`.

Figures need to know how wide a label is without Qt and without ReportLab; reading `cmap` and `hmtx`
gives exactly the advances that both renderers will use (neither face kerns digits or tokens).
The format is OpenType 1.9, tables head, hhea, hmtx and cmap (formats 4 and 12).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from struct import Struct, unpack_from

from reports.fonts import Face, face_of


@dataclass(frozen=True, slots=True)
class Metrics:
    """Advances per character, ascent and descent, all in font units of which `em` make one em."""

    em: int
    ascent: int
    descent: int
    advances: Mapping[int, int]

    def width(self, text: str, size: float) -> float:
        """Width of one line in the unit of `size`; a character that the face lacks counts as 0.6 em."""
        unknown = round(0.6 * self.em)
        return sum(self.advances.get(ord(sign), unknown) for sign in text) * size / self.em

    def covers(self, text: str) -> bool:
        return all(ord(sign) in self.advances for sign in text)


@cache
def metrics(face: Face) -> Metrics:
    """The metrics of a shipped face; read once in a process."""
    data = face.path.read_bytes()
    tables = _tables(data)
    em = unpack_from(">H", data, tables["head"] + 18)[0]
    ascent, descent = unpack_from(">hh", data, tables["hhea"] + 4)
    widths = _widths(data, tables)
    glyphs = _characters(data, tables["cmap"])
    advances = {code: widths[min(glyph, len(widths) - 1)] for code, glyph in glyphs.items()}
    return Metrics(em, ascent, descent, advances)


def text_width(text: str, size: float, family: str = "Noto Sans", weight: int = 400) -> float:
    """Width of one line of text, in the unit of `size`."""
    return metrics(face_of(family, weight)).width(text, size)


def _tables(data: bytes) -> dict[str, int]:
    count = unpack_from(">H", data, 4)[0]
    entry = Struct(">4sIII")
    rows = (entry.unpack_from(data, 12 + 16 * index) for index in range(count))
    return {tag.decode("ascii"): offset for tag, _, offset, _ in rows}


def _widths(data: bytes, tables: Mapping[str, int]) -> list[int]:
    count = unpack_from(">H", data, tables["hhea"] + 34)[0]
    return [unpack_from(">H", data, tables["hmtx"] + 4 * index)[0] for index in range(count)]


def _characters(data: bytes, cmap: int) -> dict[int, int]:
    """Code point → glyph, from the widest Unicode subtable there is."""
    count = unpack_from(">H", data, cmap + 2)[0]
    offsets = [unpack_from(">I", data, cmap + 4 + 8 * index + 4)[0] for index in range(count)]
    formats = {unpack_from(">H", data, cmap + offset)[0]: cmap + offset for offset in offsets}
    return _format12(data, formats[12]) if 12 in formats else _format4(data, formats[4])


def _format12(data: bytes, at: int) -> dict[int, int]:
    groups = unpack_from(">I", data, at + 12)[0]
    found: dict[int, int] = {}
    for index in range(groups):
        first, last, glyph = unpack_from(">III", data, at + 16 + 12 * index)
        found.update((code, glyph + code - first) for code in range(first, last + 1))
    return found


def _format4(data: bytes, at: int) -> dict[int, int]:
    segments = unpack_from(">H", data, at + 6)[0] // 2
    found: dict[int, int] = {}
    for index in range(segments):
        here = at + 14 + 2 * index
        last = unpack_from(">H", data, here)[0]
        first = unpack_from(">H", data, here + 2 * segments + 2)[0]
        delta = unpack_from(">H", data, here + 4 * segments + 2)[0]
        place = here + 6 * segments + 2
        jump = unpack_from(">H", data, place)[0]
        for code in range(first, min(last, 0xFFFE) + 1):
            glyph = unpack_from(">H", data, place + jump + 2 * (code - first))[0] if jump else code
            if glyph:
                found[code] = (glyph + delta) & 0xFFFF
    return {code: glyph for code, glyph in found.items() if glyph}
