"""Identification report for the family: what is known, what is not, what happens next, in plain words.

One page in large type, then the annex with the formal frame. The person is named; nothing is called a specimen,
a sample or a case, and no picture of the remains is shown.
"""

from forensics.domain.facts import FamilyFacts
from reports.document import (
    Block,
    Bullets,
    Document,
    KeyValues,
    Paragraph,
    Section,
    Span,
    Style,
    Text,
    sections,
)
from reports.kinds import parts

NAME = "Report to the family"
_LATER = "You can take your time with this report. You may ask any question about it, now or later."


def document(facts: FamilyFacts) -> Document:
    """The letter first, the annex on a page of its own."""
    return Document(
        frame=facts.frame,
        kind=NAME,
        subtitle=("For ", Span(facts.addressee, Style.STRONG)),
        summary=(Paragraph(_opening(facts), "lead"),),
        roomy=True,
        sections=sections(
            _plain("What we know", facts.known),
            _plain("What we do not know", facts.unknown),
            _plain("About the remains", (facts.partial,) if facts.partial else ()),
            _plain("What happens next", facts.next_steps),
            _contact(facts),
            _annex(facts),
            parts.signatures(facts.frame),
        ),
    )


def _opening(facts: FamilyFacts) -> Text:
    """Whom this is about, by name and by what he or she is to the reader."""
    return ("This report is about ", Span(f"{facts.relation}, {facts.name}", Style.STRONG), f". {_LATER}")


def _plain(heading: str, points: tuple[str, ...]) -> Section | None:
    """One sentence as a paragraph, several as points."""
    blocks: list[Block] = [Paragraph(points[0])] if len(points) == 1 else [Bullets(points)]
    return Section(heading, tuple(blocks), numbered=False) if points else None


def _contact(facts: FamilyFacts) -> Section:
    opinion = facts.second_opinion or (
        "You have the right to a second opinion. We will give the results to any expert whom you name."
    )
    pairs: tuple[tuple[str, Text], ...] = (("Your contact", facts.contact),)
    return Section("Whom you can ask", (KeyValues(pairs), Paragraph(opinion)), numbered=False)


def _annex(facts: FamilyFacts) -> Section:
    """The formal frame, and words that other papers may use."""
    words: tuple[tuple[str, Text], ...] = facts.glossary
    blocks: list[Block] = [Paragraph(_ANNEX, "note"), parts.opening(facts.frame)]
    if words:
        blocks += [Paragraph("Words that you may meet in other papers:"), KeyValues(words)]
    return Section("Annex", tuple(blocks), numbered=False, new_page=True)


_ANNEX = "For your papers and for the authorities. The detailed reports can be had from your contact."
