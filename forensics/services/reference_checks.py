"""What is said of a profile before it is accepted: mixture, imbalance, sex, relations that can't be.

Each is one plain sentence for the person who reviews; none decides by itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from forensics.domain.families import Donor, Relative, pedigree_of
from forensics.domain.kinship import Genotype, Sex
from forensics.domain.loci import AMELOGENIN, Inheritance, inheritance
from forensics.domain.people import Permission
from forensics.domain.profiles import Profile, ProfileState
from forensics.domain.reading import CallState
from forensics.domain.samples import Sample
from forensics.persistence.transaction import Transaction
from forensics.services.blind_findings import drawn_related
from forensics.services.door import query

MIXED_LOCI = 2
"""Loci with more than two alleles from which a mixture is suspected; at one it may be a three-allele pattern."""

BALANCE = 0.6
"""The lower over the higher peak of a heterozygote below which it is out of balance."""

TOLD_LOCI = 4
MENDEL = 2
"""Loci at which parent and child share no allele from which it is no longer put down to mutation."""

EQUAL_LOCI, ALIKE_LOCI = 10, 15
"""Loci in common from which equal profiles, and an allele shared everywhere, are told."""


class Weight(StrEnum):
    """How much a finding weighs for the decision."""

    GRAVE = "grave"
    LOOK = "look"


@dataclass(frozen=True, slots=True)
class Check:
    """One sentence about a profile."""

    weight: Weight
    sentence: str


@query(Permission.PROFILE_READ)
def profile_checks(tx: Transaction, id: UUID) -> list[Check]:
    """Everything that stands out in a profile; an empty list when nothing does."""
    profile = tx.get(Profile, id)
    found = [*mixture(profile), *imbalance(profile), *flags(profile)]
    sample = tx.get(Sample, profile.sample)
    if sample.donor is not None:
        found += _of_donor(tx, profile, tx.get(Donor, sample.donor))
    return found


def mixture(profile: Profile) -> list[Check]:
    """More than two alleles at two or more loci are more than one person; at one, perhaps not."""
    crowded = [
        locus
        for locus, peaks in profile.calls.items()
        if inheritance(locus) is Inheritance.AUTOSOMAL
        and sum(state == CallState.ACCEPTED for _, _, _, state in peaks) > 2
    ]
    if len(crowded) >= MIXED_LOCI:
        words = f"More than two alleles at {_listed(crowded)}: more than one person is in it."
        return [Check(Weight.GRAVE, words)]
    if crowded:
        return [
            Check(Weight.LOOK, f"Three alleles at {crowded[0]} alone: a three-allele pattern, or a mixture.")
        ]
    return []


def imbalance(profile: Profile) -> list[Check]:
    """Heterozygotes whose peaks differ much in height: a mixture, too little DNA, or a mutation at a primer."""
    uneven = []
    for locus, peaks in profile.calls.items():
        heights = [height for _, height, _, state in peaks if height and state == CallState.ACCEPTED]
        two = len(heights) == 2 and inheritance(locus) in (Inheritance.AUTOSOMAL, Inheritance.SEX)
        if two and min(heights) / max(heights) < BALANCE:
            uneven.append(locus)
    if not uneven:
        return []
    words = f"The lower peak has less than {BALANCE:.0%} of the higher at {_listed(uneven)}."
    return [Check(Weight.LOOK, words)]


def flags(profile: Profile) -> list[Check]:
    """Peaks without designation, drop-out, stutter and what replicates did not confirm."""
    told = {
        CallState.OFF_LADDER: "Off-ladder peaks at {0}: not compared until they have a designation.",
        CallState.DROP_OUT: "Drop-out is marked at {0}.",
        CallState.STUTTER: "Stutter is marked at {0}.",
        CallState.UNCERTAIN: "Alleles that too few replicates show at {0}: kept as uncertain.",
    }
    found = []
    for state, words in told.items():
        loci = [x for x, peaks in profile.calls.items() if any(peak[3] == state for peak in peaks)]
        if loci:
            found.append(Check(Weight.LOOK, words.format(_listed(loci))))
    return found


# a reference against its family


def _of_donor(tx: Transaction, profile: Profile, donor: Donor) -> list[Check]:
    relatives = tx.find(Relative, family=donor.family, voided_at=None)
    own = next(r for r in relatives if r.id == donor.relative)
    return [*_sex(profile, own), *_relations(tx, profile, own, relatives)]


def _sex(profile: Profile, own: Relative) -> list[Check]:
    if Sex.UNKNOWN in (profile.sex, own.sex) or profile.sex is own.sex:
        return []
    typed, drawn = _sex_word(profile.sex), _sex_word(own.sex)
    words = f"{AMELOGENIN} says {typed}, the pedigree {drawn}: an exchanged sample, or a wrong drawing."
    return [Check(Weight.GRAVE, words)]


def _sex_word(sex: Sex) -> str:
    return {Sex.MALE: "male", Sex.FEMALE: "female"}.get(sex, "unknown")


def _relations(
    tx: Transaction, profile: Profile, own: Relative, relatives: Sequence[Relative]
) -> list[Check]:
    """The profile against those of the other members, as the pedigree draws them."""
    drawn = pedigree_of(tuple(relatives))
    told = (
        _pair(profile.genotypes, typed, own, other, related=drawn_related(drawn, own.code, other.code))
        for other, typed in _typed(tx, own, relatives)
    )
    return [check for check in told if check is not None]


def _pair(
    one: Mapping[str, Genotype], two: Mapping[str, Genotype], own: Relative, other: Relative, *, related: bool
) -> Check | None:
    """What two members' profiles say against the drawing; None when nothing."""
    both, names = [x for x in one if x in two], f"{own.code} and {other.code}"
    apart = [x for x in both if not set(one[x]) & set(two[x])]
    if len(both) >= EQUAL_LOCI and all(sorted(one[x]) == sorted(two[x]) for x in both):
        if other.twins is not None and other.twins == own.twins:
            return None
        words = f"It equals the profile of {other.code} at all {len(both)} loci: one person twice, or an exchange."
        return Check(Weight.GRAVE, words)
    if own.code in (other.father, other.mother) or other.code in (own.father, own.mother):
        if not apart:
            return None
        words = f"{names}, drawn as parent and child, share no allele at {_listed(apart)}: "
        if len(apart) < MENDEL:
            return Check(Weight.LOOK, words + "a mutation?")
        return Check(Weight.GRAVE, words + "an exchanged sample, or another relation.")
    if not related and not apart and len(both) >= ALIKE_LOCI:
        words = f"{names} are drawn unrelated and share an allele at all {len(both)} loci."
        return Check(Weight.LOOK, words)
    return None


def _typed(
    tx: Transaction, own: Relative, relatives: Sequence[Relative]
) -> list[tuple[Relative, Mapping[str, Genotype]]]:
    """The other members of the family with the newest profile of each that waits or was accepted."""
    known = {r.id: r for r in relatives if r.id != own.id}
    donors = {d.id: d for d in tx.find(Donor, relative=list(known), voided_at=None)} if known else {}
    samples = {s.id: s for s in tx.find(Sample, donor=list(donors), voided_at=None)} if donors else {}
    gone = {ProfileState.SUPERSEDED, ProfileState.WITHDRAWN, ProfileState.QUARANTINED}
    usable = sorted(set(ProfileState) - gone)
    profiles = tx.find(Profile, sample=list(samples), state=usable, voided_at=None) if samples else []
    newest: dict[UUID, Profile] = {}
    for profile in profiles:
        donor = samples[profile.sample].donor
        assert donor is not None
        newest[donors[donor].relative] = profile
    return [(known[relative], profile.genotypes) for relative, profile in newest.items()]


def _listed(loci: Sequence[str]) -> str:
    more = f" and {len(loci) - TOLD_LOCI} more" if len(loci) > TOLD_LOCI else ""
    return ", ".join(loci[:TOLD_LOCI]) + more
