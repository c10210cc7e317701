"""What a kinship question consists of: pedigrees, markers, mutation, genotypes, hypotheses.

Pure values. The engine in `forensics.genetics` computes with them, `forensics.formats` reads and
writes them, reports attach them so that anybody can repeat the numbers.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

Allele = str
"""An allele designation is text: `9.3` is never a number."""

Genotype = tuple[Allele, ...]
"""Two alleles, or one for the X marker of a male."""


class Sex(StrEnum):
    """Sex of a pedigree member or of a profile by amelogenin."""

    MALE = "M"
    FEMALE = "F"
    UNKNOWN = "U"


class Chromosome(StrEnum):
    """Which rule of inheritance a marker follows."""

    AUTOSOMAL = "autosomal"
    X = "X"


class MutationKind(StrEnum):
    """Mutation models; formulae and sources stand with their matrices in `genetics.mutation`."""

    EQUAL = "equal"
    PROPORTIONAL = "proportional"
    STEPWISE = "stepwise"
    ONESTEP = "onestep"
    RANDOM = "random"
    DAWID = "dawid"
    MATRIX = "matrix"


class Convention(StrEnum):
    """What happens to untyped people when mutation is not stationary."""

    AS_DRAWN = "as drawn"
    PRUNED = "pruned"


@dataclass(frozen=True, slots=True)
class Member:
    """One person of a pedigree. Twins that share `twins` (a group name) are monozygotic."""

    id: str
    sex: Sex
    father: str | None = None
    mother: str | None = None
    twins: str | None = None


@dataclass(frozen=True, slots=True)
class Pedigree:
    """Members in any order; several unconnected families or lone people are allowed."""

    members: tuple[Member, ...]

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(member.id for member in self.members)

    def member(self, id: str) -> Member:
        return next(member for member in self.members if member.id == id)


@dataclass(frozen=True, slots=True)
class MutationModel:
    """A mutation model of one locus; rates per meiosis, male and female parents apart."""

    kind: MutationKind
    rate_male: float = 0.0
    rate_female: float = 0.0
    rate2_male: float = 0.0
    rate2_female: float = 0.0
    range_male: float = 0.1
    range_female: float = 0.1
    transform: str | None = None
    alleles: tuple[Allele, ...] = ()
    matrix_male: tuple[tuple[float, ...], ...] = ()
    matrix_female: tuple[tuple[float, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class FrequencyTable:
    """Allele frequencies of one population; the listing order of alleles is the ladder order."""

    name: str
    loci: Mapping[str, Mapping[Allele, float]]
    population: str = ""
    sizes: Mapping[str, int] = field(default_factory=dict)  # alleles counted, by locus
    source: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True)
class DropOut:
    """An observation that may have lost alleles (drop-out) or gained some (drop-in)."""

    person: str
    observed: Mapping[str, tuple[Allele, ...]]
    heterozygous: float
    homozygous: float
    drop_in: float = 0.0


@dataclass(frozen=True, slots=True)
class LinkedPair:
    """Two loci of one chromosome, and how often a meiosis separates them (0 to 0.5)."""

    first: str
    second: str
    recombination: float


@dataclass(frozen=True, slots=True)
class KinshipCase:
    """One question: P(genotypes | numerator) / P(genotypes | denominator), per locus and in total."""

    id: str
    loci: tuple[str, ...]
    frequencies: FrequencyTable
    numerator: Pedigree
    denominator: Pedigree
    genotypes: Mapping[str, Mapping[str, Genotype]]  # person -> locus -> genotype
    chromosome: Chromosome = Chromosome.AUTOSOMAL
    theta: float = 0.0
    mutation: Mapping[str, MutationModel] = field(default_factory=dict)  # absent locus: no mutation
    silent_allele: Allele | None = None
    drop_out: DropOut | None = None
    recombination: float | None = None  # of a case that is one linked pair of loci, per meiosis
    convention: Convention = Convention.AS_DRAWN
    minimum_frequency: float = 0.0  # given to an allele that the table has not seen
    title: str = ""
    numerator_name: str = "numerator"
    denominator_name: str = "denominator"
    linked_pairs: tuple[LinkedPair, ...] = ()  # computed jointly; all other loci are independent


@dataclass(frozen=True, slots=True)
class LikelihoodRatio:
    """The answer: log10 LR per locus (None: minus infinity, LR 0) and their fixed-order sum.

    Linked pairs enter the total with their joint LR instead of the sum of both loci; a warning says so.
    """

    log10_per_locus: Mapping[str, float | None]
    log10_total: float | None
    warnings: tuple[str, ...] = ()

    @property
    def value(self) -> float:
        """The LR as a number; infinite or 0 where a double can't hold it."""
        if self.log10_total is None:
            return 0.0
        return 10.0**self.log10_total if self.log10_total < 308 else float("inf")
