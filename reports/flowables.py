"""Blocks of a document as ReportLab flowables: what a paragraph, a table or a statement looks like on paper."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Flowable, PageBreak, Paragraph, Spacer
from reportlab.platypus import Table as Grid

from reports import document as content
from reports.document import Span, Text, Tone
from reports.script import is_right_to_left, markup, plain
from reports.signature_boxes import Place, SignatureBoxes
from reports.typography import ALIGN, BODY, HAIR, MM, RULE, STRONG, Sizes, colour

_INK = {Tone.PLAIN: "text", Tone.GOOD: "good", Tone.ATTENTION: "attention", Tone.REFUSED: "refused"}
_GROUND = {Tone.GOOD: "good_soft", Tone.ATTENTION: "attention_soft", Tone.REFUSED: "refused_soft"}


@dataclass
class Setting:
    """What setting the blocks needs: the text width, sizes, and where signature places are reported."""

    width: float
    sizes: Sizes
    places: list[Place] = field(default_factory=list)

    def text(self, text: Text | Span, style: str, **changes: Any) -> Paragraph:
        """A paragraph in a named style; shaping only where a script needs it."""
        made = self.sizes.style(style, **changes)
        made.shaping = int(is_right_to_left(plain(text)))
        return Paragraph(markup(text, made.fontName == STRONG), made)


def flow(block: content.Block, to: Setting) -> list[Flowable]:
    """The flowables of one block."""
    return _MAKERS[type(block)](block, to)


def _paragraph(block: content.Paragraph, to: Setting) -> list[Flowable]:
    return [to.text(block.text, block.role)]


def _bullets(block: content.Bullets, to: Setting) -> list[Flowable]:
    style = {"leftIndent": 10, "bulletIndent": 0, "spaceAfter": 3.5}
    made = []
    for point in block.points:
        paragraph = to.text(("– ", point) if isinstance(point, str) else ("– ", *point), "body", **style)
        paragraph.style.firstLineIndent = -10
        made.append(paragraph)
    return [*made, Spacer(0, 3)]


def _key_values(block: content.KeyValues, to: Setting) -> list[Flowable]:
    pairs = [pair for pair in block.pairs if plain(pair[1])]
    label = 46 * MM if block.columns == 1 else 27 * MM
    cells = [[to.text(key, "label"), to.text(value, "value")] for key, value in pairs]
    lines = -(-len(cells) // block.columns)
    filled = cells + [["", ""]] * (lines * block.columns - len(cells))
    rows: list[list[Any]] = [[c for part in filled[i::lines] for c in part] for i in range(lines)]
    width = to.width / block.columns
    if not rows:
        return []
    grid = Grid(rows, colWidths=[label, width - label] * block.columns, spaceAfter=8, splitInRow=1)
    grid.setStyle([*_TIGHT, ("LINEBELOW", (0, 0), (-1, -1), HAIR, colour("line"))])
    return [grid]


_TIGHT: list[tuple[Any, ...]] = [
    ("FONT", (0, 0), (-1, -1), BODY),
    ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ("RIGHTPADDING", (0, 0), (-1, -1), 7),
    ("TOPPADDING", (0, 0), (-1, -1), 2.6),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 3.2),
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
]


def _table(block: content.Table, to: Setting) -> list[Flowable]:
    share = to.width / sum(column.width for column in block.columns)
    heads = [to.text(c.heading, "head", alignment=ALIGN[c.align]) for c in block.columns]
    rows = [heads, *(_cells(row, block, to) for row in block.rows)]
    widths = [column.width * share for column in block.columns]
    grid = Grid(rows, colWidths=widths, repeatRows=1, spaceBefore=2, spaceAfter=9, splitInRow=1)
    grid.setStyle([*_TIGHT, *_rules(block)])
    caption = [to.text(block.caption, "caption", spaceAfter=3)] if block.caption else []
    return [*caption, grid]


def _cells(row: content.Row, block: content.Table, to: Setting) -> list[Paragraph]:
    style = "total" if row.total else "compact" if block.compact else "cell"
    tones = dict(row.tones)
    return [
        to.text(cell, style, alignment=ALIGN[column.align], **_ink(tones.get(index)))
        for index, (cell, column) in enumerate(zip(row.cells, block.columns, strict=True))
    ]


def _ink(tone: Tone | None) -> dict[str, Any]:
    return {} if tone is None else {"textColor": colour("muted" if tone is Tone.MUTED else _INK[tone])}


def _rules(block: content.Table) -> list[tuple[Any, ...]]:
    """Hairlines between rows, a stronger one under the headings and above a total; totals never stand alone."""
    rules: list[tuple[Any, ...]] = [
        ("LINEBELOW", (0, 0), (-1, 0), RULE, colour("line_strong")),
        ("LINEBELOW", (0, 1), (-1, -1), HAIR, colour("line")),
        ("VALIGN", (0, 0), (-1, 0), "BOTTOM"),
        ("RIGHTPADDING", (-1, 0), (-1, -1), 0),
    ]
    if block.compact:
        rules += [("TOPPADDING", (0, 1), (-1, -1), 1.5), ("BOTTOMPADDING", (0, 1), (-1, -1), 2.1)]
    if len(block.rows) > 3:
        rules += [("NOSPLIT", (0, 0), (-1, 2)), ("NOSPLIT", (0, -3), (-1, -1))]
    for index, row in enumerate(block.rows, 1):
        if row.total:
            rules.append(("LINEABOVE", (0, index), (-1, index), RULE, colour("line_strong")))
    return rules


def _figure(block: content.Figure, to: Setting) -> list[Flowable]:
    from reports.drawing import drawing

    picture = drawing(block.svg, to.width * block.width)
    picture.hAlign = "LEFT"
    return [picture, Spacer(0, 3), to.text(block.caption, "caption", spaceAfter=10)]


def _statement(block: content.Statement, to: Setting) -> list[Flowable]:
    ink, ground = _INK.get(block.tone, "accent"), _GROUND.get(block.tone, "accent_soft")
    ink = "accent" if block.tone is Tone.PLAIN else ink
    lines = [to.text(block.headline, "headline", textColor=colour(ink), spaceAfter=0)]
    lines += [to.text(sentence, "statement", spaceAfter=0) for sentence in block.sentences]
    rows = [[line] for line in lines]  # so that a very long opinion can go on over the page
    grid = Grid(rows, colWidths=[to.width], spaceBefore=4, spaceAfter=11, splitInRow=1)
    grid.setStyle(
        [
            ("FONT", (0, 0), (-1, -1), BODY),
            ("BACKGROUND", (0, 0), (-1, -1), colour(ground)),
            ("LINEBEFORE", (0, 0), (0, -1), 3, colour(ink)),
            ("LEFTPADDING", (0, 0), (-1, -1), 14),
            ("RIGHTPADDING", (0, 0), (-1, -1), 14),
            ("TOPPADDING", (0, 0), (-1, -1), 2),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5),
            ("TOPPADDING", (0, 0), (-1, 0), 9),
            ("BOTTOMPADDING", (0, -1), (-1, -1), 11),
        ]
    )
    return [grid]


def _signatures(block: content.SignatureFields, to: Setting) -> list[Flowable]:
    return [Spacer(0, 4), SignatureBoxes(block.fields, to.width, to.text, to.places), Spacer(0, 6)]


def _beside(block: content.Beside, to: Setting) -> list[Flowable]:
    gap = 7 * MM
    widths = [(to.width - gap) * block.share + gap, (to.width - gap) * (1 - block.share)]
    cells = [
        [one for part in side for one in flow(part, replace(to, width=width))]
        for side, width in ((block.left, widths[0] - gap), (block.right, widths[1]))
    ]
    grid = Grid([cells], colWidths=widths, spaceAfter=4)
    edges = [
        (edge, (0, 0), (-1, -1), 0) for edge in ("LEFTPADDING", "RIGHTPADDING", "TOPPADDING", "BOTTOMPADDING")
    ]
    grid.setStyle([("FONT", (0, 0), (-1, -1), BODY), ("VALIGN", (0, 0), (-1, -1), "TOP"), *edges])
    return [grid]


def _page_break(_: content.PageBreak, __: Setting) -> list[Flowable]:
    return [PageBreak()]


_MAKERS: dict[type, Callable[[Any, Setting], list[Flowable]]] = {
    content.Beside: _beside,
    content.Paragraph: _paragraph,
    content.Bullets: _bullets,
    content.KeyValues: _key_values,
    content.Table: _table,
    content.Figure: _figure,
    content.Statement: _statement,
    content.SignatureFields: _signatures,
    content.PageBreak: _page_break,
}


def style_of(to: Setting, name: str) -> ParagraphStyle:
    """A named paragraph style at the setting's sizes."""
    return to.sizes.style(name)
