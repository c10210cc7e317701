"""DNA match report: remains compared with a family, from the question to the limits."""

from forensics.domain.facts import (
    DonorFacts,
    Frame,
    LineageFacts,
    MatchFacts,
    PedigreeFacts,
    SensitivityFacts,
    WeightFacts,
)
from reports.document import (
    Beside,
    Block,
    Bullets,
    Column,
    Document,
    Figure,
    KeyValues,
    Paragraph,
    Row,
    Section,
    Statement,
    Table,
    Text,
    section_if,
    sections,
)
from reports.kinds import parts, pictures
from reports.kinds.parts import right
from reports.wording import (
    lr_sentence,
    policy_percent,
    prior_sentence,
    ratio,
    signed,
    times,
    verbal_sentence,
)

NAME, COMPARISON = "DNA match report", "DNA comparison report"
_ON_A_PAGE = 30  # loci whose table and bars stand beside each other


def document(facts: MatchFacts) -> Document:
    """The report in the order in which a reader needs it: question, material, results, opinion, limits."""
    frame = facts.frame
    return Document(
        frame=frame,
        kind=NAME if (facts.weight.log10_total or -1.0) > 0 else COMPARISON,
        subtitle=facts.question,
        summary=(parts.opening(frame), brief(facts)),
        sections=sections(
            Section("Items received", tuple(parts.items(facts.items))),
            Section(
                "Donors and family", (*parts.donors(facts.donors), pedigree(facts.pedigree, facts.donors))
            ),
            Section("Genotypes", tuple(_genotypes(facts))),
            hypotheses(facts.weight),
            Section("Weight of the DNA evidence", tuple(weighing(facts.weight, frame))),
            _lineage(facts.lineage),
            _prior(facts),
            Section("Opinion", (statement(facts),)),
            section_if("Sensitivity", facts.sensitivity, _sensitivity(facts.sensitivity)),
            _alternatives(facts),
            parts.limits(frame, _own_limits(facts)),
            parts.methods(frame.methods),
            parts.contributors(frame),
            parts.signatures(frame),
        ),
    )


def brief(facts: MatchFacts) -> Statement:
    """The result in brief on the first page; the same number and words as the opinion."""
    weight = facts.weight
    sentence = lr_sentence(weight.log10_total, weight.numerator, weight.denominator)
    return Statement(headline(weight), (sentence, "Opinion, prior and limits: see below."))


def headline(weight: WeightFacts) -> str:
    """The number first."""
    if weight.log10_total is None:
        return "Likelihood ratio: 0"
    if weight.log10_total < 0:
        return f"Likelihood ratio: 1 in {times(-weight.log10_total)}"
    return f"Likelihood ratio: {times(weight.log10_total)}"


def statement(facts: MatchFacts) -> Statement:
    """The opinion: number, verbal equivalent, then the posterior with its prior."""
    weight, operation = facts.weight, facts.frame.operation
    sentences: list[Text] = [
        lr_sentence(weight.log10_total, weight.numerator, weight.denominator),
        verbal_sentence(weight.log10_total, weight.numerator, weight.denominator),
    ]
    if weight.posterior is not None and operation.number_sought:
        sentences.append(prior_sentence(operation.number_sought, weight.posterior, weight.numerator))
        sentences.append(_against_policy(facts))
    return Statement(headline(weight), (*sentences, *facts.remarks))


def _against_policy(facts: MatchFacts) -> str:
    weight, threshold = facts.weight, facts.frame.operation.threshold
    reached = weight.posterior is not None and weight.posterior >= threshold
    verb = "reaches" if reached else "does not reach"
    return f"This {verb} the {policy_percent(threshold)} that the policy of the operation requires."


def pedigree(family: PedigreeFacts, donors: tuple[DonorFacts, ...]) -> Figure:
    """The family as drawn, with the same in words."""
    words = ", ".join(f"{d.relation} ({d.token})" for d in donors)
    return Figure(
        pictures.family(family),
        f"Pedigree of family {family.family}. Square: male; circle: female; diamond: sex unknown; a stroke through "
        "the symbol: deceased; the marked symbol: the missing person for whom the remains are tested.",
        f"Family of the missing person with the donors {words}.",
    )


def _genotypes(facts: MatchFacts) -> list[Block]:
    return parts.genotypes(facts.typings, parts.loci_of(facts.typings, [x.locus for x in facts.weight.loci]))


def hypotheses(weight: WeightFacts) -> Section:
    """The two hypotheses in words."""
    pairs: tuple[tuple[str, Text], ...] = (
        ("Hp, the numerator", _sentence(weight.numerator)),
        ("Hd, the denominator", _sentence(weight.denominator)),
    )
    what = "The likelihood ratio compares how probable the genotypes are under two hypotheses."
    return Section("Hypotheses", (Paragraph(what), KeyValues(pairs)))


def _sentence(clause: str) -> str:
    """A clause as a sentence of its own."""
    return f"{clause[:1].upper()}{clause[1:]}."


def weighing(weight: WeightFacts, frame: Frame) -> list[Block]:
    """The LR per locus as a table and as bars, the combined LR, and on what it stands."""
    beside = len(weight.loci) <= _ON_A_PAGE
    bars = Figure(
        pictures.weights(weight, width=270 if beside else pictures.TEXT_WIDTH),
        "Bars to the right support Hp, hatched bars to the left support Hd; the axis is log₁₀.",
        f"Bars of log10 LR per locus; together {signed(weight.log10_total, 2)}.",
    )
    remarks = dict.fromkeys(one.note for one in weight.loci if one.note)
    notes = tuple(f"{', '.join(x.locus for x in weight.loci if x.note == note)}: {note}" for note in remarks)
    table = _per_locus(weight)
    shown: list[Block] = [Beside((table,), (bars,), share=0.4)] if beside else [table, bars]
    shown += [Bullets(notes)] if notes else []
    return [*shown, parts.calculation(frame.operation, frame.engine)]


def _per_locus(weight: WeightFacts) -> Table:
    heads = (Column("Locus", 1.2), right("LR", 1.3), right("log₁₀ LR", 1.1))
    rows = [Row((x.locus, ratio(x.log10), signed(x.log10))) for x in weight.loci]
    total = Row(("Combined", ratio(weight.log10_total), signed(weight.log10_total)), total=True)
    return Table(heads, (*rows, total), compact=True)


def _lineage(found: tuple[LineageFacts, ...]) -> Section | None:
    heads = (Column("Marker", 1.2), Column("Compared", 2), Column("Result", 2.4), Column("Database", 1.6))
    rows = tuple(Row((x.marker, x.compared, x.result, x.database)) for x in found)
    note = "Lineage markers are shared along a line of descent; they are stated apart and not multiplied in."
    return section_if("Lineage markers", found, [Table(heads, rows), Paragraph(note, "note")])


def _prior(facts: MatchFacts) -> Section | None:
    """Which prior, why, what posterior, and the LR that this prior would require."""
    weight, operation = facts.weight, facts.frame.operation
    if weight.prior is None or weight.posterior is None or not operation.number_sought:
        return None
    required = "–" if weight.log10_required is None else f"{times(weight.log10_required)}"
    pairs: tuple[tuple[str, Text], ...] = (
        ("Persons sought", f"{operation.number_sought:,}"),
        ("Prior probability", f"1 in {operation.number_sought:,}, the same for each person sought"),
        ("Posterior required", policy_percent(operation.threshold)),
        ("LR required for it", f"{required} (log₁₀ {signed(weight.log10_required, 2)})"),
        ("LR found", f"{ratio(weight.log10_total)} (log₁₀ {signed(weight.log10_total, 2)})"),
    )
    why = (
        "The prior is a policy of the operation, not a result of this laboratory: before any test, each person sought "
        "is considered equally likely. Whoever holds another prior can combine it with the same likelihood ratio."
    )
    return Section("Prior and posterior", (Paragraph(why), KeyValues(pairs)))


def _sensitivity(found: tuple[SensitivityFacts, ...]) -> list[Block]:
    heads = (Column("Changed assumption", 3), right("LR", 1.4), right("log₁₀ LR", 1.2), Column("  Note", 2.2))
    rows = tuple(Row((x.assumption, *_changed(x), f"  {x.note}")) for x in found)
    what = "The combined likelihood ratio with one assumption changed at a time; everything else as stated above."
    return [Paragraph(what), Table(heads, rows)]


def _changed(row: SensitivityFacts) -> tuple[str, str]:
    """LR and log₁₀ LR; dashes where the changed comparison could not be computed."""
    if row.log10_total is None and row.note and not row.case:
        return "–", "–"
    return ratio(row.log10_total), signed(row.log10_total, 2)


def _alternatives(facts: MatchFacts) -> Section | None:
    heads = (Column("Alternative", 2.6), Column("Finding", 3.2), right("log₁₀ LR", 1))
    rows = tuple(
        Row((x.alternative, x.finding, signed(x.log10_total, 2) if x.evaluated else "–"))
        for x in facts.alternatives
    )
    return section_if("Alternatives considered", facts.alternatives, [Table(heads, rows)])


def _own_limits(facts: MatchFacts) -> list[str]:
    """Limits that follow from the facts themselves."""
    own = [
        "The likelihood ratio holds for the hypotheses and the pedigree as stated; other relatives were not tested."
    ]
    missing = len(facts.pedigree.missing)
    if missing > 1:
        own.append(
            f"{missing} members of this family are missing. Siblings of the same sex can't be told apart by these "
            "markers without further evidence."
        )
    return own
