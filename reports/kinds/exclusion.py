"""Exclusion, no match, inconclusive: the same dignity as a match, and what would help."""

from forensics.domain.facts import ExclusionFacts, Negative
from reports.document import (
    Block,
    Bullets,
    Document,
    Paragraph,
    Section,
    Statement,
    Text,
    section_if,
    sections,
)
from reports.kinds import match, parts
from reports.wording import lr_sentence, verbal_sentence

NAME = "DNA report"

_HEADLINES = {
    Negative.EXCLUSION: "Excluded",
    Negative.NO_MATCH: "No match found",
    Negative.INCONCLUSIVE: "Inconclusive",
}


def document(facts: ExclusionFacts) -> Document:
    """The same order as a match report; the parts that a comparison did not have are left out."""
    frame = facts.frame
    return Document(
        frame=frame,
        kind=f"{NAME} · {facts.outcome}",
        subtitle=facts.question,
        summary=(parts.opening(frame), opinion(facts)),
        sections=sections(
            Section("Items received", tuple(parts.items(facts.items))),
            section_if("Donors and family", facts.donors, _family(facts)),
            section_if("Genotypes", facts.typings, _genotypes(facts)),
            section_if("Search", facts.searched, [Paragraph(facts.searched)]),
            None if facts.weight is None else match.hypotheses(facts.weight),
            None
            if facts.weight is None
            else Section("Weight of the DNA evidence", tuple(match.weighing(facts.weight, frame))),
            section_if("What would help", facts.needed, [Bullets(facts.needed)]),
            parts.limits(frame, _own_limits(facts)),
            parts.methods(frame.methods),
            parts.contributors(frame),
            parts.signatures(frame),
        ),
    )


def opinion(facts: ExclusionFacts) -> Statement:
    """The outcome in a word, its reason, and the likelihood ratio where one was computed."""
    sentences: list[Text] = [facts.reason]
    if facts.weight is not None:
        weight = facts.weight
        sentences.append(lr_sentence(weight.log10_total, weight.numerator, weight.denominator))
        sentences.append(verbal_sentence(weight.log10_total, weight.numerator, weight.denominator))
    return Statement(_HEADLINES[facts.outcome], tuple(sentences))


def _family(facts: ExclusionFacts) -> list[Block]:
    blocks: list[Block] = [*parts.donors(facts.donors)]
    return blocks if facts.pedigree is None else [*blocks, match.pedigree(facts.pedigree, facts.donors)]


def _genotypes(facts: ExclusionFacts) -> list[Block]:
    first = [] if facts.weight is None else [one.locus for one in facts.weight.loci]
    return parts.genotypes(facts.typings, parts.loci_of(facts.typings, first))


def _own_limits(facts: ExclusionFacts) -> list[str]:
    if facts.outcome is Negative.EXCLUSION:
        return [
            "An exclusion holds for the pedigree as stated; a relationship other than stated would void it."
        ]
    if facts.outcome is Negative.NO_MATCH:
        return ["A search that finds nothing says that the relatives are not in the data searched, no more."]
    return [
        "An inconclusive result neither supports nor excludes the link; it can be decided by further samples."
    ]
