"""Arabic script on paper: ReportLab's shaping made repeatable, right for mixed words, and copyable.

Three corrections. Glyphs that no character stands for get their private code by glyph number when a face is
registered, not by what a process happened to print before, so that equal facts give equal bytes. A word of
several typefaces is shaped part by part (ReportLab shapes all of it with the first face). And what is drawn is
marked with the letters that it means (ActualText, ISO 32000-2, 14.9.4), so that it can be copied and searched.
"""

from functools import partial
from typing import Any

from reportlab.pdfbase import pdfmetrics, ttfonts
from reportlab.pdfgen.textobject import PDFTextObject
from reportlab.platypus import paragraph

from reports.typography import ARABIC

_letters: dict[str, str] = {}  # shaped characters -> what they mean; grows with the names printed


def register() -> None:
    """Number the unnamed glyphs of the Arabic faces, and shape words part by part; again after faces change."""
    for name in ARABIC.values():
        font: Any = pdfmetrics.getFont(name)
        shaper = font.hbFont()
        for glyph in range(font.hbFace.glyph_count):
            if glyph not in font.face.glyphToChar:
                advance = shaper.get_glyph_h_advance(glyph)
                font.hbAddPrivate(shaper.glyph_to_string(glyph), glyph, advance)
    module: Any = paragraph
    module.shapeFragWord = _shape_word


def remember(shown: str, font: str) -> None:
    """Keep what the shaped form of `shown`, a run with unbreakable spaces, means."""
    shaped: Any = ttfonts
    _letters[str(shaped.shapeStr(shown, font, 10, force=True))] = shown.replace("\u00a0", " ")


def prepare(canvas: Any) -> None:
    """Make what a canvas writes in Arabic script copyable."""
    canvas.beginText = partial(_Text, canvas)


class _Text(PDFTextObject):
    """A text object that says in letters what shaped glyphs mean, cluster by cluster.

    Readers put the letters of a line into reading order themselves, so they stand here as they are seen.
    """

    def setRise(self, rise: float) -> None:
        """As ever, but also as the first thing of a span, where ReportLab looks for what came before."""
        code: list[str] = self._code  # type: ignore[attr-defined]
        if not code:
            code.append("")
        super().setRise(rise)

    def _textOut(self, text: Any, TStar: int = 0) -> None:  # noqa: N803 - ReportLab's name
        letters = _letters.get(str(text).strip())
        if letters is None or not hasattr(text, "__shapeData__"):
            super()._textOut(text, TStar)  # type: ignore[misc]
            return
        me: Any = self
        for start, end, means in _clusters(text, letters):
            span = means.encode("utf-16-be").hex().upper()
            me._code.append(f"/Span <</ActualText <FEFF{span}>>> BDC {me._formatText(text[start:end])} EMC")
        if TStar:
            me._code.append("T*")


def _clusters(text: Any, letters: str) -> list[tuple[int, int, str]]:
    """Start and end of every cluster of glyphs, from left to right, and the letters that it stands for."""
    numbers = [data.cluster for data in text.__shapeData__[: len(text)]]
    known = sorted({n for n in numbers if n < len(letters)})
    ends = dict(zip(known, [*known[1:], len(letters)], strict=True))
    starts = [i for i in range(len(numbers)) if i == 0 or numbers[i] != numbers[i - 1]]
    return [
        (start, end, letters[numbers[start] : ends[numbers[start]]] if numbers[start] in ends else " ")
        for start, end in zip(starts, [*starts[1:], len(numbers)], strict=True)
    ]


def _shape_word(word: Any, *_: Any, **__: Any) -> Any:
    """A word, its Arabic parts shaped each with its own face; any other word as it is."""
    if isinstance(word, _shaped_class()) or not any(_is_arabic(part) for part in word[1:]):
        return word
    parts: list[Any] = []
    width = 0.0
    for part in word[1:]:
        if _is_arabic(part):
            shaped = _shape(part)
            width += shaped[0]
            parts += shaped[1:]
        else:
            width += _width(part)
            parts.append(part)
    return _made(word, [width, *parts])


def _shape(part: Any) -> list[Any]:
    shaper: Any = ttfonts
    shaped: list[Any] = shaper.shapeFragWord([_width(part), part], force=True)
    return shaped


def _made(word: Any, content: list[Any]) -> Any:
    """The content as ReportLab's class of shaped words, of the same kind as `word`."""
    module: Any = ttfonts
    return module.makeShapedFragWord(word)(content)


def _shaped_class() -> Any:
    module: Any = ttfonts
    return module.ShapedFragWord


def _is_arabic(part: Any) -> bool:
    fragment, text = part[0], part[1]
    return bool(text) and getattr(fragment, "fontName", "") in ARABIC.values()


def _width(part: Any) -> float:
    fragment, text = part[0], part[1]
    if hasattr(fragment, "cbDefn"):
        return float(getattr(fragment.cbDefn, "width", 0))
    return float(pdfmetrics.stringWidth(text, fragment.fontName, fragment.fontSize))
