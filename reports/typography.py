"""Typefaces, sizes and colours on paper; every other module of the renderer asks here.

Noto Sans with tabular figures, one accent colour, hairlines; sizes in points, lengths in points too.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

from reportlab import rl_config
from reportlab.graphics.shapes import STATE_DEFAULTS
from reportlab.lib.colors import Color, HexColor
from reportlab.lib.enums import TA_CENTER, TA_LEFT, TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from reports.fonts import FACES
from reports.palette import PAPER

MM = 72 / 25.4
BODY, STRONG, ITALIC, CODE = (
    "NotoSans-Regular",
    "NotoSans-SemiBold",
    "NotoSans-Italic",
    "NotoSansMono-Regular",
)
ARABIC = {False: "NotoSansArabic-Regular", True: "NotoSansArabic-SemiBold"}
HAIR, RULE = 0.4, 0.8


@cache
def register() -> None:
    """Make the shipped faces known to ReportLab, once."""
    rl_config.shapeChecking = 0  # every attribute of every shape otherwise goes through a list of validators
    for face in FACES:
        pdfmetrics.registerFont(TTFont(face.name, str(face.path)))
    pdfmetrics.registerFontFamily(BODY, normal=BODY, bold=STRONG, italic=ITALIC, boldItalic=STRONG)
    pdfmetrics.registerFontFamily(STRONG, normal=STRONG, bold=STRONG, italic=ITALIC, boldItalic=STRONG)
    pdfmetrics.registerFontFamily(CODE, normal=CODE, bold=CODE, italic=CODE, boldItalic=CODE)
    for name in ARABIC.values():
        pdfmetrics.registerFontFamily(
            name, normal=name, bold=ARABIC[True], italic=name, boldItalic=ARABIC[True]
        )
    _number_glyphs()
    STATE_DEFAULTS["fontName"] = BODY  # drawings otherwise name Helvetica, which would not be embedded


def _number_glyphs() -> None:
    from reports import shaping  # which knows this module

    shaping.register()


@cache
def covers(character: str) -> bool:
    """Whether Noto Sans has a glyph for the character."""
    register()
    font: Any = pdfmetrics.getFont(BODY)
    return ord(character) in font.face.charToGlyph


def fitted(text: str, font: str, size: float, width: float) -> str:
    """The text, shortened with an ellipsis where it is wider than `width`."""
    register()
    if pdfmetrics.stringWidth(text, font, size) <= width:
        return text
    while text and pdfmetrics.stringWidth(f"{text}…", font, size) > width:
        text = text[:-1]
    return f"{text.rstrip()}…"


@cache
def colour(name: str) -> Color:
    """A colour of the paper palette by its name."""
    return HexColor(getattr(PAPER, name))


@dataclass(frozen=True, slots=True)
class Sizes:
    """Sizes of one document; `roomy` is for families and tired eyes."""

    scale: float = 1.0

    def style(self, name: str, **changes: Any) -> ParagraphStyle:
        """A paragraph style by its role."""
        settings = dict(_STYLES[name], **changes)
        size = settings.pop("size") * self.scale
        leading = settings.pop("leading") * self.scale
        return ParagraphStyle(name, fontSize=size, leading=leading, splitLongWords=1, **settings)


def _entry(size: float, leading: float, font: str = BODY, ink: str = "text", **more: Any) -> dict[str, Any]:
    more.setdefault("allowWidows", 0)
    more.setdefault("allowOrphans", 0)
    return {"size": size, "leading": leading, "fontName": font, "textColor": colour(ink), **more}


_STYLES: dict[str, dict[str, Any]] = {
    "body": _entry(9.4, 14, spaceAfter=6),
    "lead": _entry(11.2, 17, spaceAfter=7),
    "note": _entry(7.8, 11.2, ink="muted", spaceAfter=5),
    "kind": _entry(8, 11, STRONG, "accent"),
    "title": _entry(20, 25, STRONG, spaceAfter=5),
    "subtitle": _entry(11, 16.5, ink="muted"),
    "heading": _entry(12.2, 16, STRONG, "accent", spaceAfter=6),
    "label": _entry(8, 12.4, ink="muted"),
    "value": _entry(9, 12.8),
    "head": _entry(7.4, 9.6, STRONG, "muted"),
    "cell": _entry(8.6, 11.6),
    "compact": _entry(7.9, 10.2),
    "total": _entry(8.6, 11.6, STRONG),
    "headline": _entry(15, 20, STRONG, spaceAfter=4),
    "statement": _entry(10, 15.2, spaceAfter=4),
    "caption": _entry(8, 11, ink="muted"),
    "end": _entry(8, 11, ink="muted", alignment=TA_CENTER),
}
ALIGN = {"left": TA_LEFT, "right": TA_RIGHT, "centre": TA_CENTER}
