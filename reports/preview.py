"""Pages of a PDF as pictures, for the preview in the window and for tests that look at paper."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import RLock
from typing import Any


@dataclass(frozen=True, slots=True)
class PageImage:
    """One page as RGBA, 4 bytes a pixel, rows from the top without padding."""

    width: int
    height: int
    pixels: bytes = field(repr=False)


def page_count(pdf: bytes) -> int:
    """How many pages the PDF has."""
    with _opened(pdf) as document:
        return len(document)


def page_image(pdf: bytes, page: int, dots_per_inch: float = 96.0) -> PageImage:
    """Page `page` (from 0) with its form fields and seals, as RGBA; IndexError beyond the last page."""
    with _opened(pdf) as document:
        if not 0 <= page < len(document):
            raise IndexError(page)
        bitmap = document[page].render(scale=dots_per_inch / 72, rev_byteorder=True, prefer_bgrx=True)
        picture = bitmap.to_pil().convert("RGBA")
        return PageImage(picture.width, picture.height, picture.tobytes())


def page_png(pdf: bytes, page: int, dots_per_inch: float = 96.0) -> bytes:
    """Page `page` (from 0) as a PNG file."""
    from PIL import Image

    image = page_image(pdf, page, dots_per_inch)
    target = io.BytesIO()
    Image.frombytes("RGBA", (image.width, image.height), image.pixels).convert("RGB").save(target, "PNG")
    return target.getvalue()


def page_text(pdf: bytes, page: int) -> str:
    """The copyable text of a page."""
    with _opened(pdf) as document:
        return str(document[page].get_textpage().get_text_bounded())


_ONE = RLock()  # the library that draws pages is not made for several threads


@contextmanager
def _opened(pdf: bytes) -> Iterator[Any]:
    """The document with its forms, closed afterwards; one at a time."""
    import pypdfium2  # type: ignore[import-untyped]

    with _ONE:
        document = pypdfium2.PdfDocument(pdf)
        try:
            if document.get_formtype():
                document.init_forms()
            yield document
        finally:
            document.close()
