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
    """A family as numbers: places of the typed in the pedigree, their genotypes (typed, loci), -1 untyped.

    Genotypes are in the numbering of the kit's locus with the family's own unseen alleles, `extras`.
    """

    structure: Structure
    place: Mapping[str, int]
    typed: tuple[int, ...]
    genotypes: NDArray[np.int32]
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

    @cached_property
    def _numbers(self) -> tuple[tuple[str, dict[Genotype | None, int]], ...]:
        return tuple((locus, {None: -1, (): -1, **self.pairs[locus]}) for locus in self.loci)

    def numbered(self, found: Mapping[str, Genotype]) -> list[int]:
        """Number of a person's genotype at each locus; -1 where there is none, -2 where the table lacks it."""
        get = found.get
        return [numbers.get(get(locus), -2) for locus, numbers in self._numbers]

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
            if -2 in kit.numbered(profile.genotypes):
                check_genotypes(f"Profile {profile.id}", profile.genotypes, kit)
            profiles.append(profile)
        except NominaError as error:
            refused_profiles.append(NotScreened(profile.id, str(error)))
    return Prepared(inputs, kit, columns, profiles, refused, refused_profiles)


def columns_of(family: ScreeningFamily, kit: Kit) -> list[Column]:
    """The family's missing members. Raises Refused or Invalid with the reason, for the whole family."""
    check_pedigree(family)
    same = merge_twins(family.pedigree) if any(m.twins for m in family.pedigree.members) else None
    genotypes: dict[str, Mapping[str, Genotype]] = {}
    numbers: dict[str, list[int]] = {}
    for person, found in family.genotypes.items():
        own = kit.numbered(found)
        if -2 in own:
            check_genotypes(f"Family {family.id}, person {person}", found, kit)
        name = same[person] if same else person
        if name in genotypes:
            found = merged(family.id, genotypes[name], found, kit.loci)
            own = kit.numbered(found)
        if max(own, default=-1) >= 0 or -2 in own:
            genotypes[name], numbers[name] = found, own
    code = family_code(family.pedigree, same, genotypes, numbers, kit)
    return [
        Column(family.id, name, family.pedigree.member(name).sex, family, genotypes, code)
        for name in family.missing
    ]


def merged(
    family: str, one: Mapping[str, Genotype], other: Mapping[str, Genotype], loci: Iterable[str]
) -> dict[str, Genotype]:
    """What is known of monozygotic twins together. Raises Refused where they differ."""
    found = {locus: g for locus, g in one.items() if g}
    for locus in loci:
        genotype = other.get(locus)
        if genotype and sorted(found.setdefault(locus, genotype)) != sorted(genotype):
            raise Refused(
                f"Family {family} has monozygotic twins with different genotypes at {locus}; correct the "
                "genotypes or the twins."
            )
    return found


def family_code(
    pedigree: Pedigree,
    same: Mapping[str, str] | None,
    typed: Mapping[str, Mapping[str, Genotype]],
    numbers: dict[str, list[int]],
    kit: Kit,
) -> FamilyCode:
    place = {m.id: i for i, m in enumerate(pedigree.members)}
    place[""] = -1
    structure = tuple(
        (place[m.father or ""], place[m.mother or ""], place[same[m.id]] if same else i)
        for i, m in enumerate(pedigree.members)
    )
    extras = []
    if any(-2 in own for own in numbers.values()):
        numbers = {person: list(own) for person, own in numbers.items()}
        for number, locus in enumerate(kit.loci):
            extra = kit.unseen(locus, (a for found in typed.values() for a in found.get(locus, ())))
            if extra:
                extras.append((number, extra))
                model = kit.model(locus, extra)
                for person, found in typed.items():
                    if found.get(locus):
                        a, b = (model.index[x] for x in found[locus])
                        numbers[person][number] = int(model.genotype[a, b])
    genotypes = np.array(list(numbers.values()), dtype=np.int32).reshape(len(numbers), len(kit.loci))
    return FamilyCode(structure, place, tuple(place[p] for p in numbers), genotypes, tuple(extras))


def check_pedigree(family: ScreeningFamily) -> None:
    ids = set(family.pedigree.ids)
    if len(ids) != len(family.pedigree.members):
        raise Invalid(f"Family {family.id} has two members of the same name; rename one.")
    named = {p for m in family.pedigree.members for p in (m.father, m.mother) if p}
    strangers = sorted({*family.missing, *family.genotypes, *named} - ids)
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
