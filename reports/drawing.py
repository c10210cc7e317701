"""SVG text as a ReportLab drawing of a given width, with the shipped typefaces."""

import io
from functools import cache

from reportlab.graphics.shapes import Drawing

from reports.fonts import FACES
from reports.outlined import outline_arabic
from reports.typography import register

TALLEST = 560.0  # points; leaves room for a heading and a caption on the smallest paper


def drawing(svg: str, width: float) -> Drawing:
    """The figure at its own size, one unit a point, or shrunk to `width` points; the proportions stay."""
    from svglib.svglib import svg2rlg

    _fonts()
    made = svg2rlg(io.BytesIO(svg.encode()))
    if made is None:
        raise ValueError("The figure is not valid SVG.")
    factor = min(1.0, width / made.width, TALLEST / made.height)
    made.width, made.height = width, made.height * factor
    made.scale(factor, factor)
    return outline_arabic(made)


@cache
def _fonts() -> None:
    """Tell svglib once which shipped file stands for which family, weight and slant."""
    from svglib.fonts import get_global_font_map

    known = get_global_font_map()
    for face in FACES:
        slant = "italic" if face.italic else "normal"
        for weight in ("bold", "600") if face.weight >= 600 else ("normal", "400"):
            known.register_font(face.family, str(face.path), weight, slant, rlgFontName=face.name)
    register.cache_clear()
    register()
