"""Pages as pictures and as text."""

import io

import pytest
from PIL import Image

from reports import preview
from tests.support.signed import signed, unsigned


def test_a_page_is_rgba_of_the_asked_size() -> None:
    image = preview.page_image(unsigned(), 0, 72)
    assert (image.width, image.height) == (596, 842)
    assert len(image.pixels) == image.width * image.height * 4
    assert image.pixels[:4] == b"\xff\xff\xff\xff"


def test_a_page_is_a_png_whose_colours_are_not_swapped() -> None:
    image = Image.open(io.BytesIO(preview.page_png(unsigned(), 0, 72))).convert("RGB")
    colours = {pixel for _, pixel in image.getcolors(1 << 24) or []}
    assert (0x0F, 0x5E, 0x63) in colours  # the accent of the paper palette


def test_seals_of_signatures_are_shown() -> None:
    last = preview.page_count(signed()) - 1
    pages = {preview.page_image(pdf, last, 72).pixels for pdf in (unsigned(), signed())}
    assert len(pages) == 2


def test_beyond_the_last_page_there_is_none() -> None:
    with pytest.raises(IndexError):
        preview.page_image(unsigned(), preview.page_count(unsigned()))
