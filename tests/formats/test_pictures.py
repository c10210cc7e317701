"""Photographs lose where they were taken and nothing else."""

from __future__ import annotations

import io
import random
from typing import Any

import pytest
from PIL import Image

from forensics.formats.pictures import media_type, without_place

PLACE = {1: "N", 2: (44.0, 52.0, 11.5), 3: "E", 4: (18.0, 25.0, 40.25)}


def picture(kind: str, place: bool = True, **more: Any) -> bytes:
    """A small photograph by a camera that knows where it is."""
    image = Image.linear_gradient("L").resize((40, 30)).convert("RGB")
    exif = Image.Exif()
    exif[0x010F] = "Camera maker"
    if place:
        exif.get_ifd(0x8825).update(PLACE)
    out = io.BytesIO()
    image.save(out, kind, exif=exif, **more)
    return out.getvalue()


def gps(data: bytes) -> dict[int, Any]:
    return dict(Image.open(io.BytesIO(data)).getexif().get_ifd(0x8825))


@pytest.mark.parametrize(("kind", "media"), [("JPEG", "image/jpeg"), ("PNG", "image/png")])
def test_the_place_is_taken_out_and_the_picture_stays(kind: str, media: str) -> None:
    data = picture(kind)
    assert gps(data)[1] == "N"
    assert media_type(data) == media
    clean = without_place(data, media)
    assert clean is not None
    assert clean[1]
    assert gps(clean[0]) == {}
    assert len(clean[0]) == len(data)
    before, after = Image.open(io.BytesIO(data)), Image.open(io.BytesIO(clean[0]))
    assert list(before.tobytes()) == list(after.tobytes())
    assert after.getexif()[0x010F] == "Camera maker"
    assert without_place(clean[0], media) == (clean[0], False)


def test_the_place_in_a_tiff_is_blanked_where_it_stands() -> None:
    exif = Image.Exif()
    exif[0x010F] = "Camera maker"
    exif.get_ifd(0x8825).update(PLACE)
    data = exif.tobytes().removeprefix(b"Exif\0\0")
    clean = without_place(data, media_type(data))
    assert clean is not None
    found = Image.Exif()
    found.load(b"Exif\0\0" + data)
    assert found.get_ifd(0x8825)[2] == (44.0, 52.0, 11.5)
    found = Image.Exif()
    found.load(b"Exif\0\0" + clean[0])
    assert (found[0x010F], dict(found.get_ifd(0x8825))) == ("Camera maker", {})
    assert sum(a != b for a, b in zip(data, clean[0], strict=True)) > 20


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF"])
def test_a_picture_without_a_place_stays_byte_for_byte(kind: str) -> None:
    data = picture(kind, place=False)
    assert without_place(data, media_type(data)) == (data, False)


def test_xmp_that_tells_a_place_goes_and_other_xmp_stays() -> None:
    for words, gone in ((b"<x exif:GPSLatitude='44,52N'/>", True), (b"<x dc:title='Grave'/>", False)):
        xmp = b"http://ns.adobe.com/xap/1.0/\0" + words
        plain = picture("JPEG", place=False)
        data = plain[:2] + b"\xff\xe1" + (len(xmp) + 2).to_bytes(2, "big") + xmp + plain[2:]
        clean = without_place(data, "image/jpeg")
        assert clean == ((plain, True) if gone else (data, False))


def test_where_it_can_not_be_told_it_is_said() -> None:
    assert media_type(b"\0\0\0\x18ftypheic\0\0") == "image/heic"
    assert without_place(b"\0\0\0\x18ftypheic\0\0", "image/heic") is None
    assert without_place(b"II*\0", "image/tiff") is None
    assert without_place(b"%PDF-1.7", "application/pdf") == (b"%PDF-1.7", False)
    assert media_type("Überführung".encode()) == "text/plain"
    assert media_type(b"\x01\0\x02") == "application/octet-stream"


def test_damaged_pictures_are_never_more_than_not_told() -> None:
    dice = random.Random(3)
    for kind in ("JPEG", "PNG", "TIFF"):
        whole = picture(kind)
        for _ in range(400):
            data = bytearray(whole[: dice.randrange(4, len(whole))])
            for _ in range(4):
                data[dice.randrange(3, len(data))] = dice.randrange(256)
            found = without_place(bytes(data), media_type(bytes(data)))
            assert found is None or isinstance(found[0], bytes)
