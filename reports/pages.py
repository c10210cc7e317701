"""What stands on every page around the content: letterhead, running head, foot, watermark, code."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib.pagesizes import A4, LETTER
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate, Paragraph

from reports.document import Document, Span, Style, Text
from reports.flowables import Setting
from reports.shaping import prepare
from reports.typography import BODY, HAIR, MM, RULE, STRONG, Sizes, colour, fitted
from reports.wording import day

PAPERS: dict[str, tuple[float, float]] = {"A4": A4, "Letter": LETTER}
LEFT, RIGHT, TOP, BOTTOM = 24 * MM, 20 * MM, 26 * MM, 25 * MM
LETTERHEAD = 40 * MM  # from the upper edge to the content of the first page
WATERMARKS = ("DRAFT", "COPY", "WITHDRAWN")
PROMISE = "Relates only to the items tested. May be reproduced only in full."


@dataclass(frozen=True, slots=True)
class Running:
    """What the pages say about the document as a whole."""

    document: Document
    digest: str
    watermark: str | None = None

    @property
    def number(self) -> Text:
        frame = self.document.frame
        return ("Report ", Span(frame.number, Style.STRONG), f" · version {frame.version}")


class Numbered(Canvas):
    """A canvas that calls `ending` when every page is there and the file is not yet written."""

    ending: Callable[[], None]

    def save(self) -> None:
        self.ending()
        super().save()


class Pages(BaseDocTemplate):
    """An A4 or Letter document with a letterhead on the first page and a running head on the others."""

    def __init__(self, target: Any, paper: tuple[float, float], running: Running, to: Setting) -> None:
        frame = running.document.frame
        super().__init__(
            target,
            pagesize=paper,
            invariant=1,
            title=f"{frame.title} {frame.number} (version {frame.version})",
            author=frame.laboratory.name,
            subject=running.document.kind,
            creator=frame.engine,
            lang=frame.language,
            initialFontName=STRONG,
            initialFontSize=9,
        )
        self._running, self._to = running, replace(to, sizes=Sizes())  # the furniture keeps its size
        width, height = paper
        first = _area("first", width, height - LETTERHEAD)
        later = _area("later", width, height - TOP)
        self.addPageTemplates(
            [
                PageTemplate("first", [first], onPage=self._open, autoNextPageTemplate="later"),
                PageTemplate("later", [later], onPage=self._head),
            ]
        )

    def beforeDocument(self) -> None:
        """Shaped runs stay copyable on every page; the pages are counted at the end."""
        canvas: Any = self.canv  # a `Numbered`
        prepare(canvas)
        canvas.ending = self._count

    def _open(self, canvas: Any, _: Any) -> None:
        """Letterhead of the first page."""
        laboratory, (width, height) = self._running.document.frame.laboratory, self.pagesize
        top = height - 14 * MM
        name = fitted(laboratory.name, STRONG, 12, width - LEFT - RIGHT)
        self._put(canvas, Span(name, Style.STRONG), "value", LEFT, top, size=12, leading=16)
        lines = (
            " · ".join(laboratory.address),
            laboratory.contact,
            laboratory.accreditation or "Not accredited",
        )
        shown = (fitted(line, BODY, 7.8, width - LEFT - RIGHT) for line in lines if line)
        self._put(canvas, "\n".join(shown), "note", LEFT, top - 17, leading=10.4)
        _rule(canvas, LEFT, width - RIGHT, height - LETTERHEAD + 6 * MM, RULE, "accent")
        self._foot(canvas)

    def _head(self, canvas: Any, _: Any) -> None:
        """Running head of the other pages."""
        frame, (width, height) = self._running.document.frame, self.pagesize
        top = height - 12 * MM
        name = frame.laboratory.short_name or frame.laboratory.name
        self._put(canvas, fitted(name, BODY, 8, 0.48 * (width - LEFT - RIGHT)), "note", LEFT, top, share=0.5)
        middle = (LEFT + width - RIGHT) / 2
        self._put(canvas, self._running.number, "note", middle, top, share=0.5, alignment=2)
        _rule(canvas, LEFT, width - RIGHT, height - 18.5 * MM, HAIR, "line_strong")
        self._foot(canvas)

    def _foot(self, canvas: Any) -> None:
        """Foot: the promise, the number, the page of pages, and the digests."""
        width, _ = self.pagesize
        _rule(canvas, LEFT, width - RIGHT, 18 * MM, HAIR, "line_strong")
        self._put(canvas, PROMISE, "note", LEFT, 16.6 * MM, share=0.62, size=7.2)
        canvas.doForm(_form(canvas.getPageNumber()))
        self._put(canvas, Span(self._digests(), Style.CODE), "note", LEFT, 12.8 * MM, size=6.2, leading=8)

    def _count(self) -> None:
        """What every foot has left open until the pages are counted: the number, and the page of pages."""
        canvas, (width, _) = self.canv, self.pagesize
        for page in range(1, self.page + 1):
            canvas.beginForm(_form(page))
            self._put(
                canvas, (*self._running.number, f" · Page {page} of {self.page}"), "note",
                LEFT + 0.4 * (width - LEFT - RIGHT), 16.6 * MM, share=0.6, size=7.2, alignment=2,
            )  # fmt: skip
            canvas.endForm()

    def _digests(self) -> str:
        audit = self._running.document.frame.audit
        head = f"audit {audit.sequence}: {audit.digest[:24]}…  " if audit else ""
        return f"{head}facts sha256: {self._running.digest[:32]}…"

    def afterPage(self) -> None:
        """Watermark over the content, light enough to read through."""
        if not self._running.watermark:
            return
        canvas, (width, height) = self.canv, self.pagesize
        canvas.saveState()
        canvas.translate(width / 2, height / 2)
        canvas.rotate(52)
        canvas.setFillColor(colour("refused"))
        canvas.setFillAlpha(0.10)
        canvas.setFont(STRONG, 104)
        canvas.drawCentredString(0, -36, self._running.watermark)
        canvas.restoreState()

    def afterFlowable(self, flowable: Flowable) -> None:
        """A bookmark for every heading."""
        title = getattr(flowable, "bookmark", None)
        if title is not None:
            key = f"section-{title}"
            self.canv.bookmarkHorizontal(key, 0, flowable.height + 6)
            self.canv.addOutlineEntry(title, key, 0, False)

    def _put(
        self,
        canvas: Any,
        text: Text | Span,
        style: str,
        x: float,
        top: float,
        share: float = 1.0,
        **more: Any,
    ) -> None:
        """A paragraph whose upper left corner is at (x, top)."""
        made: Paragraph = self._to.text(text, style, **more)
        _, height = made.wrap((self.pagesize[0] - LEFT - RIGHT) * share, 200)
        made.drawOn(canvas, x, top - height)


def _form(page: int) -> str:
    return f"number-{page}"


def _area(name: str, width: float, top: float) -> Frame:
    return Frame(LEFT, BOTTOM, width - LEFT - RIGHT, top - BOTTOM, 0, 0, 0, 0, id=name)


def _rule(canvas: Any, left: float, right: float, y: float, weight: float, ink: str) -> None:
    canvas.setStrokeColor(colour(ink))
    canvas.setLineWidth(weight)
    canvas.line(left, y, right, y)


def code(number: str, version: int, digest: str, size: float) -> Drawing:
    """The QR code with the report's number and the digest of its facts."""
    widget = QrCodeWidget(
        f"NOMINA REPORT {number} V{version} SHA256 {digest.upper()}", barLevel="M", barBorder=0
    )
    x0, y0, x1, y1 = widget.getBounds()
    made = Drawing(size, size, transform=[size / (x1 - x0), 0, 0, size / (y1 - y0), 0, 0])
    widget.barFillColor = colour("text")
    made.add(widget)
    return made


def issued(document: Document) -> str:
    """When the report was issued, for the title block."""
    return day(document.frame.issued) or "not issued"
