"""Facts to PDF: the one function that everything else calls."""

from forensics.domain.errors import Invalid
from forensics.domain.facts import ReportFacts
from forensics.formats import facts as codec
from forensics.services.recomputing import engine
from reports.kinds import KINDS

ENGINE = engine()


def render(kind: str, facts: ReportFacts, watermark: str | None = None, paper: str = "A4") -> bytes:
    """The unsigned PDF of a report; the same bytes for the same facts, mark and paper.

    `kind` is a key of `KINDS`; `watermark` DRAFT, COPY, WITHDRAWN or None; `paper` A4 or Letter.
    """
    from reports import pdf

    if kind not in KINDS or not isinstance(facts, KINDS[kind].facts):
        raise Invalid(
            f"“{kind}” is not a kind of report that these facts can fill; known are {', '.join(KINDS)}."
        )
    return pdf.render(KINDS[kind].document(facts), codec.write(facts), codec.digest(facts), watermark, paper)
