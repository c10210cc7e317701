"""What a file yields: values, and every problem with its place and remedy.

Readers in `forensics.formats` turn bytes into a `Reading`; nothing here touches a database. A reading
with a fatal problem is refused whole and holds nothing but its problems.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from forensics.domain.kinship import Allele, FrequencyTable, MutationModel, Pedigree, Sex
from forensics.domain.loci import AMELOGENIN, Inheritance, inheritance


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

    @property
    def place(self) -> str:
        """The place in words, e.g. `line 4, column TH01`; empty when the whole file is meant."""
        parts = (f"line {self.line}" if self.line else "", f"column {self.column}" if self.column else "")
        return ", ".join(part for part in parts if part)

    def __str__(self) -> str:
        return f"{self.place}: {self.what} {self.remedy}" if self.place else f"{self.what} {self.remedy}"


class CallState(StrEnum):
    """What a reading of one peak is worth."""

    ACCEPTED = "accepted"
    OFF_LADDER = "off-ladder"
    STUTTER = "stutter"
    DROP_OUT = "drop-out"
    UNCERTAIN = "uncertain"  # seen in fewer replicates than the rule of their consensus asks


@dataclass(frozen=True, slots=True)
class ReadCall:
    """One called peak; height in RFU, size in base pairs, where the file has them."""

    designation: Allele
    height: float | None = None
    size: float | None = None
    state: CallState = CallState.ACCEPTED


@dataclass(frozen=True, slots=True)
class ReadProfile:
    """The profile of one sample as the file has it; a homozygote carries its allele once."""

    sample: str
    calls: Mapping[str, tuple[ReadCall, ...]]  # canonical locus name -> distinct peaks, in the file's order
    run_file: str = ""
    sex: Sex = Sex.UNKNOWN  # by amelogenin, or as the file states it
    line: int | None = None

    def alleles(self, locus: str) -> tuple[Allele, ...]:
        """The accepted designations of a locus, each once; () if untyped."""
        return tuple(c.designation for c in self.calls.get(locus, ()) if c.state is CallState.ACCEPTED)

    def genotype(self, locus: str) -> tuple[Allele, ...]:
        """The genotype: () untyped; a single peak counts twice, except where one copy is inherited.

        Where a peak beside a single allele has no designation (off-ladder, drop-out), the genotype is not
        known and () is returned. A Y marker yields what was seen; an X marker counts a single peak twice in
        a woman only. More alleles than a person has (a mixture) come as they are, for the caller to refuse.
        """
        alleles = self.alleles(locus)
        if len(alleles) != 1:
            return alleles
        doubtful = (CallState.OFF_LADDER, CallState.DROP_OUT, CallState.UNCERTAIN)
        if any(call.state in doubtful for call in self.calls[locus]):
            return ()
        rule = inheritance(locus)
        if rule is Inheritance.Y or (rule is Inheritance.X and self.sex is not Sex.FEMALE):
            return alleles
        return alleles * 2

    @property
    def mixed_loci(self) -> tuple[str, ...]:
        """Loci with more alleles than one person has."""
        crowded = (locus for locus, calls in self.calls.items() if len(calls) > 1)
        return tuple(locus for locus in crowded if len(self.alleles(locus)) > _most_alleles(locus))

    @property
    def typed_loci(self) -> tuple[str, ...]:
        """Loci with at least one accepted allele, in the file's order, amelogenin and controls left out."""
        identity = (Inheritance.AUTOSOMAL, Inheritance.X, Inheritance.Y)
        return tuple(locus for locus in self.calls if self.alleles(locus) and inheritance(locus) in identity)


def _most_alleles(locus: str) -> int:
    """How many alleles one person can have: two, on the Y one except at doubled markers."""
    return 1 if inheritance(locus) is Inheritance.Y and locus not in ("DYS385", "DYF387S1") else 2


def sex_by_amelogenin(calls: Mapping[str, tuple[ReadCall, ...]]) -> Sex:
    """Female for X alone, male for X and Y; anything else leaves the sex unknown."""
    seen = {c.designation for c in calls.get(AMELOGENIN, ()) if c.state is CallState.ACCEPTED}
    return {frozenset("X"): Sex.FEMALE, frozenset("XY"): Sex.MALE}.get(frozenset(seen), Sex.UNKNOWN)


@dataclass(frozen=True, slots=True)
class ReadRelative:
    """A reference person: words for the relation to the missing person, and the profile's sample."""

    family: str
    relation: str  # as written, e.g. "brother"; "" when the pedigree says it
    sample: str
    person: str = ""  # id in the pedigree; "" if the relation could not be drawn
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
    mutation: Mapping[str, MutationModel] = field(default_factory=dict)
    theta: float | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def refused(self) -> bool:
        return any(problem.severity is Severity.FATAL for problem in self.problems)

    def profile(self, sample: str) -> ReadProfile:
        """The first profile of a sample; KeyError if the file has none."""
        for profile in self.profiles:
            if profile.sample == sample:
                return profile
        raise KeyError(sample)
