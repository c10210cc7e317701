"""A search made ready for computing: columns (family, missing member), checked, and loci as numbers.

What can't be computed exactly is refused for that family or profile in one sentence; the rest goes on.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from forensics.domain.errors import Invalid, NominaError, Refused
from forensics.domain.kinship import (
    Allele,
    Convention,
    FrequencyTable,
    Genotype,
    MutationModel,
    Pedigree,
    Sex,
)
from forensics.domain.screening import NotScreened, ScreeningFamily, ScreeningInputs, ScreeningProfile
from forensics.genetics.alleles import allele_space
from forensics.genetics.compile import Question
from forensics.genetics.compile_graph import informed, merge_twins, place
from forensics.genetics.compile_tensors import LocusModel

MOST_LOCI = 64


@dataclass(frozen=True, slots=True)
class Column:
    """One missing member of one family; typed people by their genetic person (twins are one)."""

    family: str
    missing: str
    sex: Sex
    source: ScreeningFamily
    genotypes: Mapping[str, Mapping[str, Genotype]]
    code: "FamilyCode"


Structure = tuple[tuple[int, int, int], ...]
"""A pedigree without names: (father, mother, first of the twins) of each member by place, -1 for none."""


@dataclass(frozen=True, slots=True)
class FamilyCode:
    """A family as numbers: places of the typed in the pedigree, their alleles (typed, loci, 2), -1 untyped.

    Alleles are in the numbering of the kit's locus with the family's own unseen alleles, `extras`.
    """

    structure: Structure
    place: Mapping[str, int]
    typed: tuple[int, ...]
    alleles: NDArray[np.int16]
    extras: tuple[tuple[int, frozenset[Allele]], ...]  # (locus, unseen alleles)


@dataclass
class Kit:
    """The loci of a search as models, made when asked for; `mutation` off gives the same loci without."""

    loci: tuple[str, ...]
    frequencies: FrequencyTable
    mutation: Mapping[str, MutationModel]
    minimum_frequency: float
    _models: dict[tuple[str, frozenset[Allele]], LocusModel] = field(default_factory=dict)

    @cached_property
    def indices(self) -> tuple[dict[Allele, int], ...]:
        """Number of each allele of the table, by locus in order."""
        return tuple(self.model(locus).index for locus in self.loci)

    @cached_property
    def pairs(self) -> dict[str, dict[Genotype, int]]:
        """By locus: number of every genotype of alleles with a frequency, however it is written."""
        found: dict[str, dict[Genotype, int]] = {}
        for locus in self.loci:
            model = self.model(locus)
            names = [a for a in model.alleles if model.frequencies[model.index[a]] > 0]
            found[locus] = {
                (a, b): int(model.genotype[model.index[a], model.index[b]]) for a in names for b in names
            }
        return found

    def known(self, locus: str, genotype: Genotype) -> bool:
        """Whether a genotype has two alleles that the table knows."""
        return tuple(genotype) in self.pairs[locus]

    def unseen(self, locus: str, alleles: Iterable[Allele]) -> frozenset[Allele]:
        """Alleles that the table lacks."""
        table = self.frequencies.loci.get(locus, {})
        return frozenset(a for a in alleles if table.get(a, 0.0) <= 0)

    def model(self, locus: str, extra: frozenset[Allele] = frozenset()) -> LocusModel:
        """The locus with unseen alleles added. Raises Invalid where there is no rule for them."""
        key = (locus, extra)
        if key not in self._models:
            if locus not in self.frequencies.loci:
                raise Invalid(
                    f"The frequency table {self.frequencies.name!r} has no locus {locus}; leave the locus "
                    "out or take a table that has it."
                )
            space = allele_space(
                self.frequencies,
                locus,
                sorted(extra),
                self.mutation.get(locus),
                minimum_frequency=self.minimum_frequency,
            )
            same = np.eye(len(space))
            male = same if space.male is None else space.male
            female = same if space.female is None else space.female
            self._models[key] = LocusModel(tuple(space.names), space.p, male, female)
        return self._models[key]

    @cached_property
    def _still(self) -> "Kit":
        return Kit(self.loci, self.frequencies, {}, self.minimum_frequency)

    def without_mutation(self) -> "Kit":
        """The same loci where nothing mutates."""
        return self._still


@dataclass
class Prepared:
    """Everything a search needs, checked."""

    inputs: ScreeningInputs
    kit: Kit
    columns: list[Column]
    profiles: list[ScreeningProfile]
    refused: list[NotScreened]
    refused_profiles: list[NotScreened]

    @property
    def loci(self) -> tuple[str, ...]:
        return self.inputs.loci

    def sex_mismatch(self, columns: Sequence[int]) -> NDArray[np.bool_]:
        """(profiles, columns): both sexes known and different."""
        codes = {Sex.MALE: 1, Sex.FEMALE: 2, Sex.UNKNOWN: 0}
        p = np.array([codes[x.sex] for x in self.profiles], dtype=np.int8)[:, None]
        c = np.array([codes[self.columns[x].sex] for x in columns], dtype=np.int8)[None, :]
        return np.asarray((p != 0) & (c != 0) & (p != c))


def prepare(inputs: ScreeningInputs) -> Prepared:
    """Check every family and profile. Raises Invalid where the whole question is wrong."""
    if not 0 <= inputs.theta < 1:
        raise Invalid(f"theta must lie between 0 and 1, and {inputs.theta} does not.")
    if len(set(inputs.loci)) != len(inputs.loci):
        raise Invalid("A locus is listed twice; list each locus once.")
    if len(inputs.loci) > MOST_LOCI:
        raise Invalid(
            f"A search takes at most {MOST_LOCI} loci and this one has {len(inputs.loci)}; leave some out."
        )
    kit = Kit(inputs.loci, inputs.frequencies, inputs.mutation, inputs.minimum_frequency)
    for locus in inputs.loci:
        kit.model(locus)
    columns: list[Column] = []
    refused: list[NotScreened] = []
    for family in inputs.families:
        try:
            columns += columns_of(family, kit)
        except NominaError as error:
            refused.append(NotScreened(family.id, str(error)))
    profiles: list[ScreeningProfile] = []
    refused_profiles: list[NotScreened] = []
    for profile in inputs.profiles:
        try:
            check_genotypes(f"Profile {profile.id}", profile.genotypes, kit)
            profiles.append(profile)
        except NominaError as error:
            refused_profiles.append(NotScreened(profile.id, str(error)))
    return Prepared(inputs, kit, columns, profiles, refused, refused_profiles)


def columns_of(family: ScreeningFamily, kit: Kit) -> list[Column]:
    """The family's missing members. Raises Refused or Invalid with the reason, for the whole family."""
    check_pedigree(family)
    same = merge_twins(family.pedigree)
    genotypes: dict[str, dict[str, Genotype]] = {}
    for person, found in family.genotypes.items():
        check_genotypes(f"Family {family.id}, person {person}", found, kit)
        own = {locus: found[locus] for locus in kit.loci if found.get(locus)}
        if same[person] not in genotypes:
            genotypes[same[person]] = own
            continue
        merged = genotypes[same[person]]
        for locus, genotype in own.items():
            if sorted(merged.setdefault(locus, genotype)) != sorted(genotype):
                raise Refused(
                    f"Family {family.id} has monozygotic twins with different genotypes at {locus}; correct "
                    "the genotypes or the twins."
                )
    typed = {person: found for person, found in genotypes.items() if found}
    code = family_code(family.pedigree, same, typed, kit)
    return [
        Column(family.id, name, family.pedigree.member(name).sex, family, typed, code)
        for name in family.missing
    ]


def family_code(
    pedigree: Pedigree,
    same: Mapping[str, str],
    typed: Mapping[str, Mapping[str, Genotype]],
    kit: Kit,
) -> FamilyCode:
    place = {m.id: i for i, m in enumerate(pedigree.members)}
    structure = tuple(
        (place[m.father] if m.father else -1, place[m.mother] if m.mother else -1, place[same[m.id]])
        for m in pedigree.members
    )
    indices, extras = list(kit.indices), []
    if not all(kit.known(locus, g) for found in typed.values() for locus, g in found.items()):
        for number, locus in enumerate(kit.loci):
            extra = kit.unseen(locus, (a for found in typed.values() for a in found.get(locus, ())))
            if extra:
                extras.append((number, extra))
                indices[number] = kit.model(locus, extra).index
    alleles = np.full((len(typed), len(kit.loci), 2), -1, dtype=np.int16)
    for person, found in enumerate(typed.values()):
        alleles[person] = [
            (index[g[0]], index[g[1]]) if (g := found.get(locus)) else (-1, -1)
            for locus, index in zip(kit.loci, indices, strict=True)
        ]
    return FamilyCode(structure, place, tuple(place[p] for p in typed), alleles, tuple(extras))


def check_pedigree(family: ScreeningFamily) -> None:
    ids = family.pedigree.ids
    if len(set(ids)) != len(ids):
        raise Invalid(f"Family {family.id} has two members of the same name; rename one.")
    named = {p for m in family.pedigree.members for p in (m.father, m.mother) if p}
    strangers = [p for p in (*family.missing, *family.genotypes, *sorted(named)) if p not in ids]
    if strangers:
        raise Invalid(
            f"Family {family.id} speaks of {strangers[0]}, who is not in its pedigree; add the person."
        )
    if not family.missing:
        raise Invalid(f"Family {family.id} names nobody who is missing; mark at least one member.")


def check_genotypes(whose: str, genotypes: Mapping[str, Genotype], kit: Kit) -> None:
    for locus in kit.loci:
        genotype = genotypes.get(locus)
        if not genotype or kit.known(locus, genotype):
            continue
        if len(genotype) != 2:
            raise Invalid(
                f"{whose} has {len(genotype)} alleles at {locus}; an autosomal genotype has two "
                "(a homozygote has its allele twice)."
            )
        try:
            kit.model(locus, kit.unseen(locus, genotype))
        except Invalid as error:
            raise Invalid(f"{whose}: {error}") from None


@dataclass(frozen=True, slots=True)
class Task:
    """What is computed for one column at one locus, and whose alleles go where."""

    question: Question
    asked: tuple[str, ...]  # names in the order of the asked shape
    unasked: tuple[str, ...]
    informative: bool


def task(
    pedigree: Pedigree, missing: str, typed: frozenset[str], anywhere: frozenset[str], convention: Convention
) -> Task:
    """The shapes for a missing member at a locus: `typed` there, `anywhere` those with data at all.

    A typed missing member is a personal effect.
    """
    same = merge_twins(pedigree)
    by = anywhere if convention is Convention.PRUNED else None
    asked = place(pedigree, typed, missing, by)
    unasked = place(pedigree, typed, None, by)
    known = same[missing] in typed
    question = Question(asked.shape, unasked.shape, known, by is not None)
    return Task(question, asked.names, unasked.names, known or informed(asked.shape))
