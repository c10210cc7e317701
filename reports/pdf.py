"""A document as PDF bytes, the same bytes for the same content.

The result carries its facts as an attached file, empty signature fields, and the metadata that a reader or
an archive looks for; see `reports.finishing`.
"""

import io

from reportlab.platypus import CondPageBreak, Flowable, KeepTogether, PageBreak, Paragraph, Spacer
from reportlab.platypus import Table as Grid

from forensics.domain.errors import Invalid
from reports import document as content
from reports.document import Document, Section
from reports.finishing import DIGEST_KEY, MARK_KEY, PAPER_KEY, Extras, finish
from reports.flowables import Setting, flow
from reports.pages import LEFT, PAPERS, RIGHT, WATERMARKS, Numbered, Pages, Running, code
from reports.script import plain
from reports.typography import BODY, MM, Sizes, register

QR = 25 * MM
_BESIDE_CODE = 300  # characters of a subtitle that stand beside the code; a longer one goes below


def render(
    document: Document, facts: bytes, digest: str, watermark: str | None = None, paper: str = "A4"
) -> bytes:
    """PDF bytes; `facts` is the JSON to attach, `digest` its SHA-256. `Invalid` for an unknown paper or mark."""
    if paper not in PAPERS or watermark not in (None, *WATERMARKS):
        raise Invalid(
            f"Reports are set on {' or '.join(PAPERS)}, unmarked or marked {', '.join(WATERMARKS)}; "
            f"{paper} with {watermark} is neither."
        )
    register()
    raw, to = _set(Running(document, digest, watermark), paper)
    notes = {DIGEST_KEY: digest, PAPER_KEY: paper, MARK_KEY: watermark or ""}
    return finish(raw, document, Extras(facts, to.places, notes))


def _set(running: Running, paper: str) -> tuple[bytes, Setting]:
    """The pages, and where signatures go."""
    width = PAPERS[paper][0] - LEFT - RIGHT
    to = Setting(width, Sizes(1.22 if running.document.roomy else 1.0))
    target = io.BytesIO()
    Pages(target, PAPERS[paper], running, to).build(_story(running, to), canvasmaker=Numbered)
    return target.getvalue(), to


def _story(running: Running, to: Setting) -> list[Flowable]:
    document = running.document
    story: list[Flowable] = _title(running, to)
    for block in document.summary:
        story += flow(block, to)
    number = 0
    for section in document.sections:
        number += section.numbered
        story += [PageBreak()] if section.new_page else []
        story += _section(section, number, to)
    frame = document.frame
    end = f"End of report {frame.number}, version {frame.version}"
    return [*story, Spacer(0, 10), to.text(f"—  {end}  —", "end")]


def _title(running: Running, to: Setting) -> list[Flowable]:
    """The kind, the title and the question on the left, the code on the right."""
    document = running.document
    frame = document.frame
    left = [
        to.text(document.kind.upper(), "kind"),
        to.text(frame.title, "title"),
    ]
    subtitle = to.text(document.subtitle, "subtitle")
    beside = len(plain(document.subtitle)) <= _BESIDE_CODE
    left += [subtitle] if beside else []
    right = code(frame.number, frame.version, running.digest, QR)
    grid = Grid([[left, right]], colWidths=[to.width - QR - 5 * MM, QR + 5 * MM], spaceAfter=12)
    grid.setStyle(
        [
            ("FONT", (0, 0), (-1, -1), BODY),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("RIGHTPADDING", (0, 0), (0, 0), 8),
            ("RIGHTPADDING", (1, 0), (1, 0), 0),
            ("TOPPADDING", (0, 0), (-1, -1), 0),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 0),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("ALIGN", (1, 0), (1, 0), "RIGHT"),
        ]
    )
    return [grid] if beside else [grid, subtitle, Spacer(0, 8)]


def _section(section: Section, number: int, to: Setting) -> list[Flowable]:
    """Heading and blocks; the heading never stays behind without the start of what it heads."""
    heading = to.text(f"{number}  {section.heading}" if section.numbered else section.heading, "heading")
    heading.bookmark = section.heading  # type: ignore[attr-defined]
    flows = [flow(block, to) for block in section.blocks]
    gap = Spacer(0, 9 * to.sizes.scale)
    start = _start(section.blocks)
    together = [one for made in flows[:start] for one in made]
    if not _whole(section.blocks[start - 1]):
        opening: list[Flowable] = [CondPageBreak(_needed(together, to)), gap, heading, *together]
    else:
        opening = [KeepTogether([gap, heading, *together])]
    rest = zip(section.blocks[start:], flows[start:], strict=True)
    return opening + [part for pair in rest for part in _kept(*pair)]


_WHOLE = content.Figure | content.SignatureFields | content.Beside | content.Statement | content.Paragraph
_PAGE_OF_ROWS = 34


def _whole(block: content.Block) -> bool:
    """Whether the block stays on one page: figures and statements, and a close-set table that fits on one."""
    if isinstance(block, content.Table):
        return block.compact and len(block.rows) <= _PAGE_OF_ROWS
    return isinstance(block, _WHOLE)


def _start(blocks: tuple[content.Block, ...]) -> int:
    """How many blocks open a section: the leading paragraphs and what they lead to."""
    leading = next(
        (i for i, block in enumerate(blocks) if not isinstance(block, content.Paragraph)), len(blocks)
    )
    return min(leading + 1, len(blocks)) if leading <= 1 else 1


def _kept(block: content.Block, flows: list[Flowable]) -> list[Flowable]:
    """What stays on one page, kept there."""
    return [KeepTogether(flows)] if _whole(block) else flows


def _needed(flows: list[Flowable], to: Setting) -> float:
    """Room that a heading and the start of a breakable block want."""
    height = sum(flowable.wrap(to.width, 2000)[1] for flowable in flows)
    return min(height + 32.0, 48 * MM)


def text_of(paragraph: Paragraph) -> str:
    """Characters of a paragraph, for tests."""
    return str(paragraph.getPlainText())
