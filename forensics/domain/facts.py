"""The frozen facts of a report: everything that its documents say, and nothing that they don't.

One set of facts feeds every document about a case, so that two documents can't disagree. Facts are written
into the PDF as JSON (`forensics.formats.facts`) together with the kinship case behind every number, so that
anybody can compute it again. Logarithms are base 10 with full precision; `None` stands for LR = 0.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from forensics.domain.auditing import AuditHead
from forensics.domain.consistency import Consistency
from forensics.domain.kinship import Genotype, Pedigree

Log10 = float | None
"""log10 of a likelihood ratio; None where the LR is 0."""


class Category(StrEnum):
    """The conclusion of an identification, in the words of INTERPOL's DVI guide and the ICRC."""

    IDENTIFIED = "identified"
    PROBABLE = "probable identification"
    POSSIBLE = "possible identification"
    INSUFFICIENT = "insufficient evidence"
    EXCLUDED = "excluded"


class Part(StrEnum):
    """How much of an element was recovered."""

    COMPLETE = "complete"
    INCOMPLETE = "incomplete"
    FRAGMENT = "fragment"
    ABSENT = "not recovered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letterhead:
    """Who issues the report."""

    name: str
    short_name: str = ""
    address: tuple[str, ...] = ()
    contact: str = ""
    accreditation: str = ""  # empty: the laboratory holds none, and the report says so


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationFacts:
    """The operation and the policies under which the numbers were computed."""

    name: str
    number_sought: int | None  # persons sought, the base of the prior; None: no prior is stated
    threshold: float  # posterior that the policy demands, e.g. 0.9995
    frequency_table: str
    population: str = ""
    frequency_source: str = ""
    frequency_size: str = ""  # in words: "361 persons", "528–722 alleles per locus"
    frequency_digest: str = ""
    minimum_frequency: str = ""  # the rule for unseen alleles, in words
    theta: float = 0.0
    mutation: str = "none"  # model and rates, in words
    convention: str = "as drawn"
    territory: str = ""
    reading: str = ""  # how many people read each profile, and the rule of a consensus


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleFacts:
    """A sample that was typed."""

    token: str
    kind: str
    taken: date | None = None
    kit: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFacts:
    """An item as received: what it is, its seal, its condition and where it has been."""

    token: str
    description: str
    received: date | None = None
    received_from: str = ""
    seal: str = ""
    condition: str = ""
    custody: str = ""  # the chain in one line, with its verdict complete or incomplete
    external: str = ""  # the number that another institution uses
    samples: tuple[SampleFacts, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DonorFacts:
    """A relative who gave a reference sample; a token, never a name in laboratory reports."""

    token: str
    relation: str
    consent: str
    sample: str = ""
    member: str = ""  # id in the pedigree


@dataclass(frozen=True, slots=True, kw_only=True)
class PedigreeFacts:
    """The family as compared; ids are members of `pedigree`."""

    pedigree: Pedigree
    sought: str  # the member whose place the remains are tested for
    typed: tuple[str, ...]
    missing: tuple[str, ...] = ()
    deceased: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    family: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TypingFacts:
    """Genotypes of one compared person or item; an absent locus is untyped."""

    label: str
    role: str
    genotypes: Mapping[str, Genotype]


@dataclass(frozen=True, slots=True, kw_only=True)
class LocusFacts:
    """The weight of one locus."""

    locus: str
    log10: Log10
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightFacts:
    """Two hypotheses in words, the LR per locus and combined, and what the prior makes of it.

    `numerator` and `denominator` complete the sentence "… more probable if …".
    """

    numerator: str
    denominator: str
    loci: tuple[LocusFacts, ...]
    log10_total: Log10
    prior: float | None = None
    posterior: float | None = None
    log10_required: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LineageFacts:
    """A Y-chromosomal or mitochondrial comparison; stated on its own, never multiplied in silently."""

    marker: str
    compared: str
    result: str
    database: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SensitivityFacts:
    """The combined LR under one changed assumption; `case` is the id of its computation."""

    assumption: str
    log10_total: Log10
    note: str = ""
    case: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlternativeFacts:
    """Another explanation that was considered, and what became of it."""

    alternative: str
    finding: str
    log10_total: Log10 = None
    evaluated: bool = False  # whether `log10_total` was computed


@dataclass(frozen=True, slots=True, kw_only=True)
class GridFacts:
    """One aspect of the consistency grid."""

    aspect: str
    remains: str
    ante_mortem: str
    agreement: Consistency
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContributorFacts:
    """Who did what."""

    name: str
    role: str
    activity: str
    on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatoryFacts:
    """Who will sign, in which role, and what the signature means."""

    name: str
    role: str
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodFacts:
    """A method with its edition."""

    name: str
    edition: str = ""
    accredited: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ElementFacts:
    """One line of the inventory; `bone` is the vocabulary's key, with which the skeleton is drawn."""

    element: str
    bone: str = ""
    side: str = ""
    part: Part = Part.COMPLETE
    sampled: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EstimateFacts:
    """Sex, age or stature: the method, the reference sample, the range and its kind."""

    trait: str
    value: str
    method: str = ""
    reference: str = ""
    interval: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExaminationFacts:
    """Summary of the anthropological examination."""

    condition: str
    inventory: tuple[ElementFacts, ...] = ()
    estimates: tuple[EstimateFacts, ...] = ()
    findings: tuple[str, ...] = ()
    minimum_individuals: int | None = None
    completeness: str = ""
    unblinded: str = ""  # why ante-mortem data were opened before sign-off; empty: they were not


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFacts:
    """The missing person as the family and the documents describe them."""

    name: str
    transliteration: str = ""
    number: str = ""
    sex: str = ""
    born: str = ""
    last_seen: str = ""
    particulars: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class VoteFacts:
    """One member of the identification board."""

    name: str
    discipline: str
    vote: str
    statement: str = ""  # a dissent in the member's own words


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardFacts:
    """The session that decided."""

    number: str
    held: date | None
    quorum: str
    votes: tuple[VoteFacts, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverFacts:
    """Where the remains are, or to whom they went."""

    status: str
    on: date | None = None
    to: str = ""
    place: str = ""
    inventory: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What every report has around its body (ISO/IEC 17025 7.8, ISO 21043-5)."""

    number: str
    version: int
    title: str
    laboratory: Letterhead
    operation: OperationFacts
    authority: str
    author: SignatoryFacts
    authoriser: SignatoryFacts
    engine: str
    request: str = ""  # the authority's order or letter
    received: date | None = None
    examined_from: date | None = None
    examined_to: date | None = None
    issued: datetime | None = None
    language: str = "en"
    methods: tuple[MethodFacts, ...] = ()
    contributors: tuple[ContributorFacts, ...] = ()
    limits: tuple[str, ...] = ()
    deviations: tuple[str, ...] = ()
    audit: AuditHead | None = None  # the end of the audit chain when the report was issued
    supersedes: str = ""
    changes: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchFacts:
    """DNA match report: remains compared with a family.

    `case` is a kinship case file (frequency tables and cases) as `nomina lr` reads it; its first case is
    the stated comparison, the others belong to the sensitivity rows.
    """

    frame: Frame
    question: str
    items: tuple[ItemFacts, ...]
    donors: tuple[DonorFacts, ...]
    pedigree: PedigreeFacts
    typings: tuple[TypingFacts, ...]
    weight: WeightFacts
    sensitivity: tuple[SensitivityFacts, ...] = ()
    alternatives: tuple[AlternativeFacts, ...] = ()
    lineage: tuple[LineageFacts, ...] = ()
    remarks: tuple[str, ...] = ()  # further sentences of the opinion
    case: Mapping[str, object] = field(default_factory=dict)


class Negative(StrEnum):
    """Why a comparison does not support the link; each has the dignity of a match."""

    EXCLUSION = "exclusion"
    NO_MATCH = "no match"
    INCONCLUSIVE = "inconclusive"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExclusionFacts:
    """Exclusion, no match or inconclusive: what was compared, what was found, what would help."""

    frame: Frame
    outcome: Negative
    question: str
    reason: str
    items: tuple[ItemFacts, ...]
    donors: tuple[DonorFacts, ...] = ()
    pedigree: PedigreeFacts | None = None
    typings: tuple[TypingFacts, ...] = ()
    weight: WeightFacts | None = None
    needed: tuple[str, ...] = ()  # relatives or markers that would decide
    searched: str = ""  # what a no-match search covered
    case: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentificationFacts:
    """Identification report for the authority."""

    frame: Frame
    category: Category
    person: PersonFacts
    items: tuple[ItemFacts, ...]
    grid: tuple[GridFacts, ...]
    conclusion: tuple[str, ...]
    examination: ExaminationFacts | None = None
    weight: WeightFacts | None = None
    match_report: str = ""  # number and version of the DNA report behind `weight`
    board: BoardFacts | None = None
    legal_basis: str = ""
    handover: HandoverFacts | None = None
    case: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyFacts:
    """Identification report for the family: plain words, one page, then annexes."""

    frame: Frame
    name: str
    relation: str  # "your brother"
    addressee: str
    known: tuple[str, ...]
    unknown: tuple[str, ...]
    next_steps: tuple[str, ...]
    partial: str = ""
    contact: str = ""
    second_opinion: str = ""
    glossary: tuple[tuple[str, str], ...] = ()


ReportFacts = MatchFacts | IdentificationFacts | ExclusionFacts | FamilyFacts
