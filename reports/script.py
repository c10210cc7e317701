"""Text in several scripts as ReportLab markup: the right typeface per run, right-to-left runs kept whole.

ReportLab lays words out from left to right. A right-to-left run becomes one unbreakable word, which HarfBuzz
then shapes and orders as a whole; a name fits on a line. Long right-to-left paragraphs are laid out by
`reports.righttoleft`.
"""

import re
import unicodedata
from xml.sax.saxutils import escape

from reports.document import Span, Style, Text
from reports.palette import PAPER
from reports.shaping import remember
from reports.typography import ARABIC, CODE, covers

_LETTERS = "\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufeff"
_RUN = re.compile(rf"[{_LETTERS}]+(?:[\s\u200c\u200d'’.,()«»/-]+[{_LETTERS}]+)*")
_TAGS = {
    Style.PLAIN: ("", ""),
    Style.STRONG: ("<b>", "</b>"),
    Style.EMPHASIS: ("<i>", "</i>"),
    Style.CODE: (f'<font name="{CODE}">', "</font>"),
    Style.MUTED: (f'<font color="{PAPER.muted}">', "</font>"),
}


def is_right_to_left(text: str) -> bool:
    """Whether a run of Arabic script occurs."""
    return bool(_RUN.search(text))


def plain(text: Text | Span) -> str:
    """The characters without their styles."""
    parts = (text,) if isinstance(text, str | Span) else text
    return "".join(part if isinstance(part, str) else part.text for part in parts)


def markup(text: Text | Span, bold: bool = False) -> str:
    """ReportLab's paragraph markup; characters that no shipped typeface has are shown as U+XXXX."""
    parts = (text,) if isinstance(text, str | Span) else text
    return "".join(_span(part if isinstance(part, Span) else Span(part), bold) for part in parts)


def _span(span: Span, bold: bool) -> str:
    before, after = _TAGS[span.style]
    return before + _runs(unicodedata.normalize("NFC", span.text), bold or span.style is Style.STRONG) + after


def _runs(text: str, bold: bool) -> str:
    """Alternating left-to-right and right-to-left runs."""
    done, result = 0, []
    for found in _RUN.finditer(text):
        result.append(_printable(text[done : found.start()]))
        name = ARABIC[bold]
        joined = re.sub(r"\s+", "\u00a0", found.group())
        remember(joined, name)
        result.append(f'<font name="{name}">{escape(joined)}</font>')
        done = found.end()
    result.append(_printable(text[done:]))
    return "".join(result)


def _printable(text: str) -> str:
    """Escaped; line breaks kept; a character without a glyph stays readable as its code point."""
    return escape("".join(_sign(c) for c in text)).replace("\n", "<br/>")


def _sign(character: str) -> str:
    """The character as it is printed; marks of direction have done their work, other spaces become plain ones."""
    if character == "\n" or (covers(character) and character.isprintable()) or character in _SPACES:
        return character
    if unicodedata.category(character) in ("Cf", "Cc"):
        return " " if character.isspace() else ""
    return f"[U+{ord(character):04X}]"


_SPACES = "\u00a0\u202f\u2009"
