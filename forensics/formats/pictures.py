"""What a file is by its content, and pictures without the place that a camera wrote into them.

Nothing is encoded anew: the entries of the place are blanked where they stand, so that the picture itself stays
byte for byte. JPEG (Exif in APP1, XMP), PNG (eXIf, XMP in iTXt) and TIFF are known (CIPA DC-008-2019; ISO/IEC 15948).
"""

import struct
import zlib
from collections.abc import Callable, Iterator

GPS_POINTER = 0x8825
XMP_TAG = 700
MOST_DIRECTORIES = 16
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
"""Bytes of one value, by the type of a TIFF entry."""

_PNG = b"\x89PNG\r\n\x1a\n"
_TYPES: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (_PNG, "image/png"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
    (b"ABIF", "application/x-abif"),
    (b"\xd0\xcf\x11\xe0", "application/x-ole-storage"),
)


def media_type(data: bytes) -> str:
    """The media type by the first bytes; text where it is UTF-8 without zeros, else unknown bytes."""
    for mark, kind in _TYPES:
        if data.startswith(mark):
            return _of_archive(data) if kind == "application/zip" else kind
    if data[4:8] == b"ftyp":
        return "image/heic" if data[8:12] in (b"heic", b"heix", b"mif1", b"hevc") else "video/mp4"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    try:
        return "application/octet-stream" if b"\0" in data else data.decode() and "text/plain"
    except UnicodeDecodeError:
        return "application/octet-stream"


def _of_archive(data: bytes) -> str:
    office = "application/vnd.openxmlformats-officedocument."
    ends = data[:4096] + data[-65_536:]
    for mark, kind in ((b"word/", "wordprocessingml.document"), (b"xl/", "spreadsheetml.sheet")):
        if mark in ends:
            return office + kind
    return "application/zip"


def without_place(data: bytes, kind: str) -> tuple[bytes, bool] | None:
    """The same picture without where it was taken, and whether that stood in it; None where it can't be told."""
    cleaners: dict[str, Callable[[bytes], bytes]] = {
        "image/jpeg": _clean_jpeg,
        "image/png": _clean_png,
        "image/tiff": _clean_tiff,
    }
    if kind not in cleaners:
        told = kind.startswith(("image/heic", "image/webp", "video/"))
        return None if told else (data, False)
    try:
        clean = cleaners[kind](data)
    except (struct.error, IndexError, ValueError, zlib.error):
        return None
    return clean, clean != data


# the three kinds of file


def _clean_jpeg(data: bytes) -> bytes:
    """Segments up to the picture itself; XMP that tells a place is left out whole."""
    out, at = bytearray(data[:2]), 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:  # a filling byte
            out += data[at : at + 1]
            at += 1
            continue
        if marker in (0xDA, 0xD9):
            break
        (length,) = struct.unpack_from(">H", data, at + 2)
        if length < 2 or at + 2 + length > len(data):
            raise ValueError("a segment reaches beyond the file")
        segment = data[at : at + 2 + length]
        if marker == 0xE1 and segment[4:10] == b"Exif\0\0":
            segment = segment[:10] + _clean_tiff(segment[10:])
        if not (marker == 0xE1 and b"GPS" in segment and b"ns.adobe.com/xap" in segment):
            out += segment
        at += 2 + length
    return bytes(out) + data[at:]


def _clean_png(data: bytes) -> bytes:
    out, at = bytearray(data[:8]), 8
    while at + 12 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        if at + 12 + length > len(data):
            raise ValueError("a chunk reaches beyond the file")
        body = data[at + 8 : at + 8 + length]
        if kind == b"eXIf":
            body = _clean_tiff(body)
        if kind not in (b"iTXt", b"tEXt", b"zTXt") or not _tells_place(body, kind):
            same = body == data[at + 8 : at + 8 + length]
            check = data[at + 8 + length : at + 12 + length] if same else _check(kind + body)
            out += struct.pack(">I4s", length, kind) + body + check
        at += 12 + length
    return bytes(out) + data[at:]


def _check(content: bytes) -> bytes:
    return struct.pack(">I", zlib.crc32(content))


def _tells_place(body: bytes, kind: bytes) -> bool:
    """Whether a text of a PNG may hold a place; packed texts about the camera are not looked into."""
    packed = kind == b"zTXt" or (kind == b"iTXt" and body.partition(b"\0")[2][:1] == b"\1")
    about = body.startswith((b"XML:com.adobe.xmp", b"Raw profile type"))
    return about if packed or body.startswith(b"Raw profile type") else b"GPS" in body


def _clean_tiff(data: bytes) -> bytes:
    """The directory of the place has no entry any more, and what it held is blanked."""
    order = {b"II": "<", b"MM": ">"}.get(data[:2])
    if order is None:
        raise ValueError("no byte order")
    clean = bytearray(data)
    for directory in _directories(data, order):
        for at, tag, kind, count in _entries(data, order, directory):
            if tag == GPS_POINTER:
                (gps,) = struct.unpack_from(order + "I", data, at + 8)
                _blank_directory(clean, data, order, gps)
            elif tag == XMP_TAG:
                size = _SIZES.get(kind, 1) * count
                (where,) = struct.unpack_from(order + "I", data, at + 8)
                if size > 4 and b"GPS" in data[where : where + size]:
                    clean[where : where + size] = b" " * len(data[where : where + size])
    return bytes(clean)


def _directories(data: bytes, order: str) -> Iterator[int]:
    (at,) = struct.unpack_from(order + "I", data, 4)
    seen: set[int] = set()
    while at and at not in seen and len(seen) < MOST_DIRECTORIES:
        seen.add(at)
        yield at
        (count,) = struct.unpack_from(order + "H", data, at)
        (at,) = struct.unpack_from(order + "I", data, at + 2 + 12 * count)


def _entries(data: bytes, order: str, directory: int) -> Iterator[tuple[int, int, int, int]]:
    """Where each entry stands, its tag, its type and how many values it has."""
    (count,) = struct.unpack_from(order + "H", data, directory)
    for number in range(count):
        at = directory + 2 + 12 * number
        tag, kind, values = struct.unpack_from(order + "HHI", data, at)
        yield at, tag, kind, values


def _blank_directory(clean: bytearray, data: bytes, order: str, directory: int) -> None:
    """Zeros in the place of every value of a directory and of its entries; it has no entries any more."""
    for at, _tag, kind, count in _entries(data, order, directory):
        size = _SIZES.get(kind, 1) * count
        if size > 4:
            (where,) = struct.unpack_from(order + "I", data, at + 8)
            clean[where : where + size] = bytes(len(data[where : where + size]))
        clean[at : at + 12] = bytes(12)
    clean[directory : directory + 2] = bytes(2)
