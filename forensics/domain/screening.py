"""What a search consists of: profiles of remains, families with missing members, and what was found.

`ScreeningInputs` is the whole question as one frozen value; its digest lets a result be refused when
the inputs have moved since. Screening only what is new is the same question over a part:
`inputs.only(profiles=…, families=…)`.
"""

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from typing import Any

from forensics.domain.kinship import Convention, FrequencyTable, Genotype, MutationModel, Pedigree, Sex


@dataclass(frozen=True, slots=True)
class ScreeningFamily:
    """A family: who is missing (ids of the pedigree), and the genotypes of those who gave a reference.

    A personal effect of a missing member is a genotype of that member.
    """

    id: str
    pedigree: Pedigree
    missing: tuple[str, ...]
    genotypes: Mapping[str, Mapping[str, Genotype]]  # person -> locus -> genotype


@dataclass(frozen=True, slots=True)
class DropOutLevel:
    """How probably a profile lost or gained alleles: probability that the allele of a heterozygote is not seen,
    that neither copy of a homozygote is, and that an allele of frequency p is seen that is not there: drop-in
    times p."""

    heterozygous: float
    homozygous: float
    drop_in: float = 0.0


@dataclass(frozen=True, slots=True)
class ScreeningProfile:
    """The autosomal profile of one sample of remains; a locus that is absent was not typed.

    With `drop_out` the genotypes are what was seen (a single allele is written twice), not what is there; a
    locus at which nothing was seen is not compared.
    """

    id: str
    sex: Sex  # by amelogenin; unknown is compared with everybody
    genotypes: Mapping[str, Genotype]
    drop_out: DropOutLevel | None = None


@dataclass(frozen=True)
class ScreeningInputs:
    """The whole question of a search."""

    loci: tuple[str, ...]
    frequencies: FrequencyTable
    families: tuple[ScreeningFamily, ...]
    profiles: tuple[ScreeningProfile, ...]
    mutation: Mapping[str, MutationModel] = field(default_factory=dict)  # absent locus: no mutation
    theta: float = 0.0
    convention: Convention = Convention.AS_DRAWN
    minimum_frequency: float = 0.0  # given to an allele that the table has not seen

    @cached_property
    def digest(self) -> str:
        """SHA-256 (hex) over canonical texts: equal questions, however their mappings are ordered."""
        told = QuestionDigest(self)
        return told.value([told.family(f) for f in self.families], [told.profile(p) for p in self.profiles])

    def only(
        self, profiles: Collection[str] | None = None, families: Collection[str] | None = None
    ) -> "ScreeningInputs":
        """The same question for some profiles or some families (by id), for instance the new ones."""
        kept_profiles = tuple(p for p in self.profiles if profiles is None or p.id in profiles)
        kept_families = tuple(f for f in self.families if families is None or f.id in families)
        return replace(self, profiles=kept_profiles, families=kept_families)

    @property
    def missing(self) -> tuple[tuple[str, str], ...]:
        """(family, missing member) of every column of the comparison, in order."""
        return tuple((family.id, person) for family in self.families for person in family.missing)


def mutation_json(model: MutationModel) -> dict[str, Any]:
    plain = {name: getattr(model, name) for name in MutationModel.__slots__}
    return {**plain, "kind": model.kind.value}


UNTYPED = "0"
SEXES = {sex: sex.value for sex in Sex}  # asking an enumeration each time is slow


def genotype_text(genotype: Genotype) -> str:
    """One text for one observation: 13/12 and 12/13 are the same."""
    plain = all(allele.replace(".", "").isalnum() for allele in genotype)
    return "/".join(sorted(genotype)) if plain else repr(sorted(genotype))


class QuestionDigest:
    """The digest of a question from those of its families and profiles, in any order.

    The rules are one canonical text, every family and profile another; what is hashed at the end is the sorted
    list of their SHA-256, so that a question too large to be held has a digest too.
    """

    def __init__(self, rules: ScreeningInputs) -> None:
        self.loci = rules.loci
        self.rules = json.dumps(
            {
                "loci": list(rules.loci),
                "frequencies": {x: list(rules.frequencies.loci.get(x, {}).items()) for x in rules.loci},
                "mutation": {x: mutation_json(m) for x, m in rules.mutation.items() if x in rules.loci},
                "theta": rules.theta,
                "convention": rules.convention.value,
                "minimum_frequency": rules.minimum_frequency,
            },
            sort_keys=True,
        )
        self._texts: dict[Genotype | None, str] = {None: UNTYPED, (): UNTYPED}

    def family(self, family: ScreeningFamily, texts: Mapping[str, str] | None = None) -> bytes:
        """`texts` are those of the people's genotypes, if somebody has them already."""
        members = [
            (m.id, SEXES[m.sex], m.father or "", m.mother or "", m.twins or "")
            for m in family.pedigree.members
        ]
        people = sorted(family.genotypes)
        typed = [texts[p] if texts else self.genotypes(family.genotypes[p]) for p in people]
        text = "|".join([repr((family.id, sorted(members), tuple(family.missing), people)), *typed])
        return hashlib.sha256(text.encode()).digest()

    def profile(self, profile: ScreeningProfile, text: str | None = None) -> bytes:
        """`text` is that of the genotypes, if somebody has it already."""
        level = f"|{profile.drop_out!r}" if profile.drop_out else ""
        seen = self.genotypes(profile.genotypes) if text is None else text
        whole = f"{(profile.id, SEXES[profile.sex])!r}|{seen}{level}"
        return hashlib.sha256(whole.encode()).digest()

    def genotypes(self, found: Mapping[str, Genotype]) -> str:
        """Genotypes in the order of the loci, as unordered pairs: 13/12 and 12/13 are one observation."""
        texts = self._texts
        listed = found.values() if self.loci == tuple(found) else map(found.get, self.loci)
        try:
            return ",".join(map(texts.__getitem__, listed))
        except KeyError:
            for g in map(found.get, self.loci):
                if g and g not in texts:
                    texts[g] = genotype_text(g)
            return self.genotypes(found)

    def value(self, families: Collection[bytes], profiles: Collection[bytes]) -> str:
        """SHA-256 (hex) over the rules and what `family` and `profile` gave."""
        whole = hashlib.sha256(self.rules.encode())
        for part in (families, profiles):
            whole.update(b"|%d|" % len(part))
            whole.update(b"".join(sorted(part)))
        return whole.hexdigest()


@dataclass(frozen=True, slots=True)
class ScreeningHit:
    """A pair at or above the threshold; LRs are log10 of P(profile | missing member) / P(… | unrelated)."""

    profile: str
    family: str
    missing: str
    log10_lr: float
    log10_per_locus: tuple[float, ...]  # aligned with the loci of the inputs; 0 where nothing was compared
    loci_compared: int  # typed in the profile and in at least one relative
    inconsistent_loci: int  # at these the LR is 0 if mutation is left out


@dataclass(frozen=True, slots=True)
class NotScreened:
    """A family or a profile that can't be computed exactly, with the reason in one sentence."""

    id: str
    reason: str


@dataclass(frozen=True, slots=True)
class ScreeningResult:
    """What a search found, and what a search of this size finds by chance alone."""

    inputs_digest: str
    threshold_log10: float
    hits: tuple[ScreeningHit, ...]  # best first
    comparisons: int  # pairs that were evaluated
    expected_chance_hits: float  # upper bound: P(LR >= t | unrelated) <= 1/t
    sex_mismatches: int  # pairs left out because the sexes differ
    not_evaluable: int  # pairs without an informative path (LR identically 1); never an exclusion
    refused: tuple[NotScreened, ...]  # families
    refused_profiles: tuple[NotScreened, ...]
    engine: str


class BlindRelation(StrEnum):
    """Relations that two profiles without a pedigree are searched for."""

    SAME_PERSON = "same person"
    PARENT_CHILD = "parent and child"
    FULL_SIBLINGS = "full siblings"
    HALF_SIBLINGS = "half siblings"


@dataclass(frozen=True, slots=True)
class BlindHit:
    """Two profiles whose LR for a relation, against unrelated, reaches the threshold."""

    first: str
    second: str
    relation: BlindRelation
    log10_lr: float
    log10_by_relation: Mapping[BlindRelation, float | None]  # of every relation searched; None: LR 0
    loci_compared: int
    differing_loci: tuple[str, ...]  # typed in both, with different genotypes


@dataclass(frozen=True, slots=True)
class BlindResult:
    """What a search of profiles among themselves found, best first."""

    hits: tuple[BlindHit, ...]
    comparisons: int
    expected_chance_hits: float  # upper bound, over all relations searched
    refused_profiles: tuple[NotScreened, ...]
    engine: str
