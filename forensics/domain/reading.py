"""What a file yields: values, and every problem with its place and remedy.

Readers in `forensics.formats` turn bytes into a `Reading`; nothing here touches a database. A reading
with a fatal problem is refused whole.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from forensics.domain.kinship import Allele, FrequencyTable, MutationModel, Pedigree, Sex


class Severity(StrEnum):
    """What a problem means for the file."""

    FATAL = "fatal"  # the file is refused
    WARNING = "warning"  # imported, and shown to the person


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding: where (1-based line, column by name or number), what, and how to mend it."""

    what: str
    remedy: str
    line: int | None = None
    column: str = ""
    severity: Severity = Severity.FATAL

    def __str__(self) -> str:
        place = ", ".join(
            part for part in (f"line {self.line}" if self.line else "", f"column {self.column}" if self.column else "")
            if part
        )
        return f"{place}: {self.what} {self.remedy}" if place else f"{self.what} {self.remedy}"


class CallState(StrEnum):
    """What a reading of one peak is worth."""

    ACCEPTED = "accepted"
    OFF_LADDER = "off-ladder"
    STUTTER = "stutter"
    DROP_OUT = "drop-out"


@dataclass(frozen=True, slots=True)
class ReadCall:
    """One called peak; height in RFU, size in base pairs, where the file has them."""

    designation: Allele
    height: float | None = None
    size: float | None = None
    state: CallState = CallState.ACCEPTED


@dataclass(frozen=True, slots=True)
class ReadProfile:
    """The profile of one sample as the file has it; homozygotes carry their allele once as written."""

    sample: str
    calls: dict[str, tuple[ReadCall, ...]]  # canonical locus name -> calls
    run_file: str = ""
    sex: Sex = Sex.UNKNOWN  # by amelogenin
    line: int | None = None

    def genotype(self, locus: str) -> tuple[Allele, ...]:
        """Accepted alleles: () untyped, two for a diploid genotype (a single call counts twice)."""
        alleles = tuple(c.designation for c in self.calls.get(locus, ()) if c.state is CallState.ACCEPTED)
        return alleles * 2 if len(alleles) == 1 else alleles


@dataclass(frozen=True, slots=True)
class ReadRelative:
    """A reference person: words for the relation to the missing person, and the profile's sample."""

    family: str
    relation: str  # as written, e.g. "brother"; "" when the pedigree says it
    sample: str
    person: str = ""  # id in the pedigree
    line: int | None = None


@dataclass(frozen=True, slots=True)
class ReadFamily:
    """A family with a pedigree that a person must still confirm; `missing` are ids in the pedigree."""

    name: str
    pedigree: Pedigree
    missing: tuple[str, ...]
    relatives: tuple[ReadRelative, ...]
    alternatives: tuple[tuple[str, Pedigree], ...] = ()  # named pedigrees of a Familias file
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """All that a file yields."""

    format: str
    digest: str  # SHA-256 of the file's bytes
    profiles: tuple[ReadProfile, ...] = ()
    families: tuple[ReadFamily, ...] = ()
    frequencies: FrequencyTable | None = None
    mutation: dict[str, MutationModel] = field(default_factory=dict)
    theta: float | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def refused(self) -> bool:
        return any(problem.severity is Severity.FATAL for problem in self.problems)
