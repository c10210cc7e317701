"""Parts that several kinds of reports share: opening, items, donors, genotypes, methods, people, signatures."""

from collections.abc import Sequence

from forensics.domain.facts import (
    DonorFacts,
    Frame,
    ItemFacts,
    MethodFacts,
    OperationFacts,
    TypingFacts,
)
from reports.document import (
    Align,
    Block,
    Bullets,
    Column,
    KeyValues,
    Paragraph,
    Row,
    Section,
    SignatureField,
    SignatureFields,
    Span,
    Style,
    Table,
    Text,
)
from reports.wording import day

AUTHOR, AUTHORISER = "Author", "Authoriser"
RELATIVES_PER_TABLE = 7


def code(text: str) -> Span:
    """A token or digest."""
    return Span(text, Style.CODE)


def opening(frame: Frame) -> KeyValues:
    """Number, authority, operation and dates on the first page."""
    examined = " – ".join(dict.fromkeys(filter(None, (day(frame.examined_from), day(frame.examined_to)))))
    return KeyValues(
        (
            ("Report", (code(frame.number), f", version {frame.version}")),
            ("Authority", frame.authority),
            ("Request", frame.request),
            ("Operation", " · ".join(filter(None, (frame.operation.name, frame.operation.territory)))),
            ("Received", day(frame.received)),
            ("Examined", examined),
            ("Issued", day(frame.issued) or "not issued"),
            ("Supersedes", " — ".join(filter(None, (frame.supersedes, frame.changes)))),
        ),
        columns=2,
    )


def items(found: Sequence[ItemFacts]) -> list[Block]:
    """The items as received, each with its seal, condition and custody, then what was sampled from them."""
    columns = (
        Column("Item", 1.25),
        Column("Description", 2.3),
        Column("Received", 1.5),
        Column("Seal · condition", 2.2),
    )
    rows = [
        Row(
            (
                (code(item.token), Span(f"\n{item.external}", Style.MUTED))
                if item.external
                else (code(item.token),),
                item.description,
                "\n".join(filter(None, (day(item.received), item.received_from))),
                "\n".join(filter(None, (item.seal, item.condition))),
            )
        )
        for item in found
    ]
    custody = KeyValues(tuple((f"Custody of {item.token}", item.custody) for item in found))
    return [Table(columns, tuple(rows)), custody, *samples(found)]


def samples(found: Sequence[ItemFacts]) -> list[Block]:
    """Samples of all items in one table."""
    rows = tuple(
        Row(((code(sample.token),), sample.kind, (code(item.token),), day(sample.taken), sample.kit))
        for item in found
        for sample in item.samples
    )
    heads = (
        Column("Sample", 1.25),
        Column("Type", 2),
        Column("From item", 1.25),
        Column("Taken", 1.3),
        Column("Kit", 1.5),
    )
    return [Table(heads, rows)] if rows else []


def donors(found: Sequence[DonorFacts]) -> list[Block]:
    """Relatives who gave samples: token, relation, consent; no names."""
    heads = (
        Column("Donor", 1),
        Column("Relation to the missing person", 2),
        Column("Sample", 1),
        Column("Consent", 3.2),
    )
    rows = tuple(Row(((code(d.token),), d.relation, (code(d.sample),), d.consent)) for d in found)
    return [Table(heads, rows)] if rows else []


def genotypes(typings: Sequence[TypingFacts], loci: Sequence[str]) -> list[Block]:
    """Genotypes, loci down and people across; the first, the remains, opens every table."""
    first, others = typings[:1], typings[1:]
    tables = max(1, -(-len(others) // RELATIVES_PER_TABLE))
    each = -(-len(others) // tables)
    blocks: list[Block] = [
        _genotype_table([*first, *others[start : start + each]], loci)
        for start in range(0, max(1, len(others)), each or 1)
    ]
    note = "Alleles as designations of the kit's ladder. A dash: no result at this locus."
    return [*blocks, Paragraph(note, "note")]


def _genotype_table(typings: Sequence[TypingFacts], loci: Sequence[str]) -> Table:
    """One table; with few people the columns stay narrow and the rest of the width is left free."""
    spare = max(0.01, (6 - len(typings)) * 0.6)
    heads = (Column("Locus", 1.3), *(Column(f"{t.label}\n{t.role}", 1.2) for t in typings), Column("", spare))
    rows = tuple(Row((locus, *(alleles(t, locus) for t in typings), "")) for locus in loci)
    return Table(heads, rows, compact=True)


def alleles(typing: TypingFacts, locus: str) -> str:
    """`14, 16`; a dash where untyped."""
    return ", ".join(typing.genotypes.get(locus, ())) or "–"


def loci_of(typings: Sequence[TypingFacts], first: Sequence[str] = ()) -> tuple[str, ...]:
    """All loci typed in anybody, those of the weight first and in its order."""
    rest = (locus for typing in typings for locus in typing.genotypes)
    return tuple(dict.fromkeys((*first, *rest)))


def calculation(operation: OperationFacts, engine: str) -> KeyValues:
    """On what the likelihood ratio stands."""
    table = ", ".join(filter(None, (operation.frequency_table, operation.population)))
    return KeyValues(
        (
            ("Allele frequencies", table),
            ("Source", operation.frequency_source),
            ("Size of the table", operation.frequency_size),
            (
                "Digest of the table",
                (code(operation.frequency_digest),) if operation.frequency_digest else "",
            ),
            ("Unseen alleles", operation.minimum_frequency),
            ("θ (sub-population)", f"{operation.theta:g}"),
            ("Mutation model", operation.mutation),
            ("Untyped founders", operation.convention),
            ("Reads of a profile", operation.reading),
            ("Computed with", engine),
        )
    )


def limits(frame: Frame, own: Sequence[str] = ()) -> Section | None:
    """What the results do not say, and what departed from the procedure."""
    points: list[Text] = [*frame.limits, *own]
    points += [f"Deviation from the procedure: {deviation}" for deviation in frame.deviations]
    if not frame.deviations:
        points.append("No deviation from the stated methods was recorded.")
    return Section("Limits and deviations", (Bullets(tuple(points)),))


def methods(found: Sequence[MethodFacts]) -> Section | None:
    """Methods with their editions, and which of them are within the accreditation."""
    if not found:
        return None
    heads = (Column("Method", 3), Column("Edition", 2), Column("Accreditation", 1.6))
    rows = tuple(Row((m.name, m.edition, "within scope" if m.accredited else "outside scope")) for m in found)
    return Section("Methods", (Table(heads, rows),))


def contributors(frame: Frame) -> Section | None:
    """Who did what, and when."""
    if not frame.contributors:
        return None
    heads = (Column("Name", 1.8), Column("Role", 1.7), Column("Did", 2.6), Column("On", 1.4))
    rows = tuple(Row((c.name, c.role, c.activity, day(c.on))) for c in frame.contributors)
    return Section("Who did what", (Table(heads, rows),))


def signatures(frame: Frame) -> Section:
    """Where the author and then the authoriser sign, and how anybody can check the file."""
    audit = frame.audit
    head: tuple[tuple[str, Text], ...] = ()
    if audit:
        head = (("Audit head at issue", (f"entry {audit.sequence}  ", code(audit.digest))),)
    check = (
        "Both signatures are digital and cover the whole file. The facts of this report are attached to it as "
        "facts.json; with them every number can be recomputed. The code on the first page carries the number of the "
        "report and the digest of the facts."
    )
    fields = SignatureFields(
        (
            SignatureField(AUTHOR, "Author", frame.author),
            SignatureField(AUTHORISER, "Authorised by", frame.authoriser),
        )
    )
    return Section("Signatures", (fields, KeyValues(head), Paragraph(check, "note")), numbered=False)


def right(heading: str, width: float = 1.0) -> Column:
    """A column of numbers."""
    return Column(heading, width, Align.RIGHT)
