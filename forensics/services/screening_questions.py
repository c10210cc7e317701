"""The question of a search as one frozen value, read in one go; and the case of one pair of it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from uuid import UUID

from forensics.domain.errors import Invalid
from forensics.domain.families import Consent, Donor, Family, Relative, pedigree_of
from forensics.domain.kinship import Genotype, KinshipCase, Member, Pedigree
from forensics.domain.loci import Inheritance, inheritance
from forensics.domain.operations import FrequencyData, Operation
from forensics.domain.people import Permission
from forensics.domain.profiles import Profile, ProfileState
from forensics.domain.remains import RemainsItem
from forensics.domain.samples import Sample
from forensics.domain.screening import (
    ScreeningFamily,
    ScreeningHit,
    ScreeningInputs,
    ScreeningProfile,
)
from forensics.persistence.transaction import Transaction
from forensics.services.door import query
from forensics.services.families import consenting
from forensics.services.operations import mutation_of, table_of
from forensics.services.record_memory import Reader, RecordMemory
from forensics.services.screening_memory import Memory

NUMERATOR, DENOMINATOR = "remains are the missing person", "remains are unrelated to the family"


@dataclass(frozen=True)
class ScreeningQuestion:
    """The frozen inputs of one screening and which record each of its names stands for."""

    operation: Operation
    inputs: ScreeningInputs
    profiles: dict[str, tuple[Profile, UUID]]  # token -> profile and item
    missing: dict[tuple[str, str], UUID]  # (family id, member) -> missing person

    @cached_property
    def codes(self) -> dict[tuple[str, UUID], str]:
        """(family id, missing person) -> member."""
        return {(family, person): code for (family, code), person in self.missing.items()}

    @cached_property
    def families(self) -> dict[str, ScreeningFamily]:
        return {family.id: family for family in self.inputs.families}

    def hit(self, token: str, family: str, person: UUID) -> ScreeningHit | None:
        """A pair that is to be weighed, found or not; None when it can't be compared today."""
        code = self.codes.get((family, person))
        return ScreeningHit(token, family, code, 0.0, (), 0, 0) if code and token in self.profiles else None


@query(Permission.MATCH_READ)
def screening_question(tx: Transaction, operation: UUID, memory: Memory | None = None) -> ScreeningQuestion:
    """All accepted remains profiles and all confirmed families with references, as one frozen value.

    With the memory of the operation only what has changed is read and made again.
    """
    memory = memory or Memory(RecordMemory())
    op = tx.get(Operation, operation)
    if op.frequencies is None:
        raise Invalid(f"{op.title} has no frequency table yet; choose one in the operation's policies.")
    table = table_of(tx.get(FrequencyData, op.frequencies))
    with memory.records.at(tx) as reader:
        remains, references = _accepted(reader, operation)
        families, missing = _families(reader, operation, references, memory)
        typed = {locus for profile, _ in remains.values() for locus in profile.genotypes}
        autosomal = (x for x in table.loci if inheritance(x) is Inheritance.AUTOSOMAL)
        loci = tuple(locus for locus in autosomal if locus in typed)
        profiles = memory.profiles.all({t: (p, loci) for t, (p, _) in remains.items()}, _profile)
    model = mutation_of(op)
    inputs = ScreeningInputs(
        loci=loci,
        frequencies=replace(table, loci={locus: table.loci[locus] for locus in loci}),
        families=families,
        profiles=tuple(profiles.values()),
        mutation=dict.fromkeys(loci, model) if model else {},
        theta=op.theta,
        convention=op.convention,
        minimum_frequency=op.minimum_frequency,
    )
    return ScreeningQuestion(op, inputs, remains, missing)


def _profile(token: str, source: tuple[Profile, tuple[str, ...]]) -> ScreeningProfile:
    profile, loci = source
    return ScreeningProfile(token, profile.sex, on(profile.genotypes, loci))


def on(genotypes: Mapping[str, Genotype], loci: Sequence[str]) -> dict[str, Genotype]:
    """The genotypes at these loci."""
    return {locus: genotypes[locus] for locus in loci if locus in genotypes}


def _accepted(
    reader: Reader, operation: UUID
) -> tuple[dict[str, tuple[Profile, UUID]], dict[UUID, dict[str, Genotype]]]:
    """Accepted profiles: of remains by sample token, of references by donor (the fullest one)."""
    samples = {s.id: s for s in reader.find(Sample, operation=operation, voided_at=None)}
    items = {i.id for i in reader.find(RemainsItem, operation=operation, voided_at=None)}
    remains: dict[str, tuple[Profile, UUID]] = {}
    references: dict[UUID, dict[str, Genotype]] = {}
    accepted = reader.find(Profile, operation=operation, state=ProfileState.ACCEPTED, voided_at=None)
    for profile in sorted(accepted, key=lambda p: p.loci):
        sample = samples.get(profile.sample)
        if sample and sample.item in items and sample.item:
            remains[sample.token] = (profile, sample.item)
        elif sample and sample.donor:
            references[sample.donor] = profile.genotypes
    return dict(sorted(remains.items())), references


FamilySource = tuple[tuple[Relative, ...], tuple[tuple[str, dict[str, Genotype]], ...]]
"""The relatives of a family, and who of them has which genotypes."""


def _families(
    reader: Reader, operation: UUID, references: dict[UUID, dict[str, Genotype]], memory: Memory
) -> tuple[tuple[ScreeningFamily, ...], dict[tuple[str, str], UUID]]:
    relatives_of, donors_of = defaultdict(list), defaultdict(list)
    for relative in reader.find(Relative, voided_at=None):
        relatives_of[relative.family].append(relative)
    for donor in reader.find(Donor, voided_at=None):
        donors_of[donor.family].append(donor)
    agreed = consenting(reader.find(Consent, voided_at=None))
    sources: dict[str, FamilySource] = {}
    for family in reader.find(Family, operation=operation, voided_at=None):
        relatives = tuple(relatives_of[family.id])
        codes = {r.id: r.code for r in relatives}
        typed = tuple(
            (codes[d.relative], references[d.id])
            for d in donors_of[family.id]
            if d.id in references and d.id in agreed
        )
        if family.confirmed_by is not None and typed and any(r.missing_person for r in relatives):
            sources[str(family.id)] = relatives, typed
    found: dict[str, ScreeningFamily] = memory.families.all(sources, _family)
    missing = {
        (name, r.code): r.missing_person
        for name, (relatives, _) in sources.items()
        for r in relatives
        if r.missing_person
    }
    return tuple(found.values()), missing


def _family(name: str, source: FamilySource) -> ScreeningFamily:
    relatives, typed = source
    sought = tuple(r.code for r in relatives if r.missing_person)
    return ScreeningFamily(name, pedigree_of(relatives), sought, dict(typed))


def demand_searchable(inputs: ScreeningInputs) -> None:
    """Refuse, with what to do, a question without remains or without families."""
    if not inputs.profiles:
        raise Invalid("No remains profile is accepted yet; import profiles and have them reviewed first.")
    if not inputs.families:
        raise Invalid(
            "No family can be searched yet: confirm its pedigree and have a reference profile accepted."
        )


def parameters_of(op: Operation, inputs: ScreeningInputs) -> dict[str, Any]:
    """What a comparison rests on beside the genotypes, as its result keeps it."""
    return {
        "loci": list(inputs.loci),
        "frequencies": inputs.frequencies.name,
        "frequencies_digest": inputs.frequencies.digest,
        "theta": op.theta,
        "mutation": str(op.mutation) if op.mutation else None,
        "rates": [op.mutation_rate_male, op.mutation_rate_female, op.mutation_rate2],
        "range": op.mutation_range,
        "convention": str(op.convention),
        "minimum_frequency": op.minimum_frequency,
    }


def policy_of(op: Operation) -> dict[str, Any]:
    """What a posterior and the required LR rest on beside the LR."""
    return {"number_sought": op.number_sought, "posterior_threshold": op.threshold}


def case_of(question: ScreeningQuestion, hit: ScreeningHit) -> KinshipCase:
    """The two hypotheses of a hit: the profile stands for the missing member, or for a stranger."""
    inputs = question.inputs
    family, genotypes = question.families[hit.family], question.profiles[hit.profile][0].genotypes
    stranger = Member(hit.profile, family.pedigree.member(hit.missing).sex)
    loci = tuple(locus for locus in inputs.loci if locus in genotypes)
    return KinshipCase(
        id=f"{hit.profile} as {hit.missing}",
        loci=loci,
        frequencies=replace(inputs.frequencies, loci={x: inputs.frequencies.loci[x] for x in loci}),
        numerator=renamed(family.pedigree, hit.missing, hit.profile),
        denominator=Pedigree((*family.pedigree.members, stranger)),
        genotypes={hit.profile: on(genotypes, loci)}
        | {person: on(dict(found), loci) for person, found in family.genotypes.items()},
        theta=inputs.theta,
        mutation={x: inputs.mutation[x] for x in loci if x in inputs.mutation},
        convention=inputs.convention,
        minimum_frequency=inputs.minimum_frequency,
        numerator_name=NUMERATOR,
        denominator_name=DENOMINATOR,
    )


def renamed(pedigree: Pedigree, old: str, new: str) -> Pedigree:
    """The pedigree with one member under another name."""

    def name(id: str | None) -> str | None:
        return new if id == old else id

    return Pedigree(
        tuple(
            replace(m, id=new if m.id == old else m.id, father=name(m.father), mother=name(m.mother))
            for m in pedigree.members
        )
    )
