"""Identification report for the authority: the conclusion, and everything that it rests on."""

from forensics.domain.consistency import Consistency
from forensics.domain.facts import (
    BoardFacts,
    Category,
    ExaminationFacts,
    GridFacts,
    HandoverFacts,
    IdentificationFacts,
)
from reports.document import (
    Block,
    Bullets,
    Column,
    Document,
    KeyValues,
    Paragraph,
    Row,
    Section,
    Span,
    Statement,
    Style,
    Table,
    Text,
    Tone,
    section_if,
    sections,
)
from reports.kinds import parts
from reports.kinds.completeness import completeness
from reports.kinds.match import headline
from reports.wording import day, lr_sentence, policy_percent, prior_sentence, verbal_sentence

NAME = "Identification report"

_HEADLINES = {
    Category.IDENTIFIED: "Identified",
    Category.PROBABLE: "Probable identification",
    Category.POSSIBLE: "Possible identification",
    Category.INSUFFICIENT: "Insufficient evidence",
    Category.EXCLUDED: "Excluded",
}
_TONES = {
    Consistency.CONSISTENT: Tone.GOOD,
    Consistency.NEUTRAL: Tone.MUTED,
    Consistency.EXPLAINED: Tone.ATTENTION,
    Consistency.INCONSISTENT: Tone.REFUSED,
    Consistency.UNKNOWN: Tone.MUTED,
}
_MARKS = {
    Consistency.CONSISTENT: "✓",
    Consistency.NEUTRAL: "○",
    Consistency.EXPLAINED: "(×)",
    Consistency.INCONSISTENT: "×",
    Consistency.UNKNOWN: "–",
}


def document(facts: IdentificationFacts) -> Document:
    """Conclusion, person, evidence grid, DNA, examination, completeness, board, legal basis, handover."""
    frame = facts.frame
    name = facts.person.transliteration or facts.person.name
    return Document(
        frame=frame,
        kind=NAME,
        subtitle=(
            "Missing person: ",
            Span(facts.person.name, Style.STRONG),
            _in_brackets(name, facts.person.name),
        ),
        summary=(parts.opening(frame), conclusion(facts)),
        sections=sections(
            Section("The missing person", (_person(facts),)),
            Section("The remains", tuple(parts.items(facts.items))),
            section_if("Evidence", facts.grid, _grid(facts.grid)),
            section_if("DNA", facts.weight, _dna(facts)),
            *_examination(facts.examination),
            _board(facts.board),
            section_if("Legal basis", facts.legal_basis, [Paragraph(facts.legal_basis)]),
            _handover(facts.handover),
            parts.limits(frame),
            parts.methods(frame.methods),
            parts.contributors(frame),
            parts.signatures(frame),
        ),
    )


def conclusion(facts: IdentificationFacts) -> Statement:
    """The category, then the sentences of the decision."""
    return Statement(_HEADLINES[facts.category], tuple(facts.conclusion))


def _in_brackets(name: str, known: str) -> str:
    return f" ({name})" if name != known else ""


def _person(facts: IdentificationFacts) -> KeyValues:
    person = facts.person
    pairs: tuple[tuple[str, Text], ...] = (
        ("Name", (Span(person.name, Style.STRONG),)),
        ("In Latin script", person.transliteration),
        ("Number", (parts.code(person.number),) if person.number else ""),
        ("Sex", person.sex),
        ("Born", person.born),
        ("Last seen", person.last_seen),
        *person.particulars,
    )
    return KeyValues(pairs)


def _grid(grid: tuple[GridFacts, ...]) -> list[Block]:
    """Aspect by aspect; the verdict as mark, word and colour."""
    heads = (
        Column("Aspect", 1.3),
        Column("Remains", 1.9),
        Column("Known of the person", 1.9),
        Column("Verdict", 1.6),
        Column("Explanation", 2.2),
    )
    rows = tuple(
        Row(
            (x.aspect, x.remains, x.ante_mortem, f"{_MARKS[x.agreement]} {x.agreement}", x.note),
            tones=((3, _TONES[x.agreement]),),
        )
        for x in grid
    )
    note = "What is unknown on either side is never counted as a mismatch."
    return [Table(heads, rows), Paragraph(note, "note")]


def _dna(facts: IdentificationFacts) -> list[Block]:
    """The likelihood ratio and, with its prior, the posterior; the full account is in the DNA report."""
    weight, operation = facts.weight, facts.frame.operation
    if weight is None:
        return []
    blocks: list[Block] = [
        Paragraph((Span(headline(weight), Style.STRONG),), "lead"),
        Paragraph(lr_sentence(weight.log10_total, weight.numerator, weight.denominator)),
        Paragraph(verbal_sentence(weight.log10_total, weight.numerator, weight.denominator)),
    ]
    if weight.posterior is not None and operation.number_sought:
        posterior = prior_sentence(operation.number_sought, weight.posterior, weight.numerator)
        required = f"The policy of the operation requires {policy_percent(operation.threshold)}."
        blocks.append(Paragraph(f"{posterior} {required}"))
    if facts.match_report:
        blocks.append(Paragraph(f"Genotypes, method and limits: {facts.match_report}.", "note"))
    return blocks


def _examination(found: ExaminationFacts | None) -> tuple[Section | None, ...]:
    if found is None:
        return ()
    return (
        Section("Examination of the remains", tuple(_findings(found))),
        section_if("Completeness of the remains", found.inventory, completeness(found)),
    )


def _findings(found: ExaminationFacts) -> list[Block]:
    individuals = "" if found.minimum_individuals is None else str(found.minimum_individuals)
    blocks: list[Block] = [
        KeyValues((("Condition", found.condition), ("Minimum number of individuals", individuals)))
    ]
    heads = (
        Column("Trait", 1),
        Column("Estimate", 1.5),
        Column("Interval", 1.5),
        Column("Method", 2),
        Column("Reference sample", 2),
    )
    rows = tuple(Row((x.trait, x.value, x.interval, x.method, x.reference)) for x in found.estimates)
    blocks += [Table(heads, rows)] if rows else []
    blocks += [Bullets(found.findings)] if found.findings else []
    if found.unblinded:
        opened = f"Ante-mortem data were opened before the biological profile was signed. Reason: {found.unblinded}"
        blocks.append(Paragraph(opened))
    return blocks


def _board(board: BoardFacts | None) -> Section | None:
    """Members, votes, and any dissent in the member's own words."""
    if board is None:
        return None
    heads = (Column("Member", 2), Column("Discipline", 2), Column("Vote", 1.2))
    rows = tuple(Row((v.name, v.discipline, v.vote)) for v in board.votes)
    dissent = tuple(f"{v.name}: “{v.statement}”" for v in board.votes if v.statement)
    blocks: list[Block] = [
        KeyValues((("Session", board.number), ("Held", day(board.held)), ("Quorum", board.quorum))),
        Table(heads, rows),
    ]
    blocks.append(Bullets(dissent) if dissent else Paragraph("No member dissented.", "note"))
    return Section("Identification board", tuple(blocks))


def _handover(found: HandoverFacts | None) -> Section | None:
    if found is None:
        return None
    pairs: tuple[tuple[str, Text], ...] = (
        ("Status", found.status),
        ("On", day(found.on)),
        ("To", found.to),
        ("Place", found.place),
        ("What was handed over", found.inventory),
    )
    return Section("Where the remains are", (KeyValues(pairs),))
