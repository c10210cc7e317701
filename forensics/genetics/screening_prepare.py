"""A search made ready for computing: columns (family, missing member), checked, and genotypes as numbers.

What can't be computed exactly is refused for that family or profile in one sentence; the rest goes on.
"""

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from forensics.domain.errors import Invalid, NominaError
from forensics.domain.kinship import Allele, Genotype, Pedigree, Sex
from forensics.domain.screening import (
    NotScreened,
    QuestionDigest,
    ScreeningFamily,
    ScreeningInputs,
    ScreeningProfile,
)
from forensics.genetics.compile_graph import merge_twins
from forensics.genetics.screening_check import (
    check_drop_out,
    check_genotypes,
    check_loci,
    check_pedigree,
    merged,
)
from forensics.genetics.screening_kit import Kit
from forensics.genetics.screening_rows import Layout, layout

__all__ = ["Column", "FamilyCode", "Kit", "Prepared", "Structure", "prepare"]

MOST_LOCI = 10_000


@dataclass(slots=True, eq=False)
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


class Store:
    """Genotype numbers of many people, (people, loci), gathered one person after another."""

    def __init__(self, loci: int) -> None:
        self.loci, self.flat = loci, array("i")

    def __len__(self) -> int:
        return len(self.flat) // max(self.loci, 1)

    def add(self, numbers: list[int]) -> None:
        self.flat.fromlist(numbers)

    @cached_property
    def array(self) -> NDArray[np.int32]:
        """All that was gathered; nothing can be added afterwards."""
        if not self.flat:
            return np.zeros((0, self.loci), dtype=np.int32)
        return np.frombuffer(self.flat, dtype=np.int32).reshape(-1, self.loci)


@dataclass(slots=True, eq=False)
class FamilyCode:
    """A family as numbers: places of the typed in the pedigree, their genotypes (typed, loci), -1 untyped.

    Genotypes are in the numbering of the kit's locus with the family's own unseen alleles, `extras`.
    """

    structure: Structure
    place: Mapping[str, int]
    typed: tuple[int, ...]
    store: Store
    first: int  # the first of its people in the store
    extras: tuple[tuple[int, frozenset[Allele]], ...]  # (locus, unseen alleles)

    @property
    def genotypes(self) -> NDArray[np.int32]:
        return self.store.array[self.first : self.first + len(self.typed)]


@dataclass
class Prepared:
    """Everything a search needs, checked. `numbers` (profiles, loci): -1 untyped, -2 not in the table."""

    inputs: ScreeningInputs
    kit: Kit
    columns: list[Column]
    profiles: list[ScreeningProfile]
    numbers: NDArray[np.int32]
    refused: list[NotScreened]
    refused_profiles: list[NotScreened]
    family_digests: list[bytes]
    profile_digests: list[bytes]

    @property
    def loci(self) -> tuple[str, ...]:
        return self.inputs.loci

    def sex_mismatch(self, columns: Sequence[int]) -> NDArray[np.bool_]:
        """(profiles, columns): both sexes known and different."""
        codes = {Sex.MALE: 1, Sex.FEMALE: 2, Sex.UNKNOWN: 0}
        p = np.array([codes[x.sex] for x in self.profiles], dtype=np.int8)[:, None]
        c = np.array([codes[self.columns[x].sex] for x in columns], dtype=np.int8)[None, :]
        return np.asarray((p != 0) & (c != 0) & (p != c))

    @cached_property
    def where(self) -> Layout:
        """Rows of the tables, and where each profile stands in them."""
        return layout(self.profiles, self.numbers, self.kit)

    @cached_property
    def digest(self) -> str:
        """That of `inputs`."""
        return QuestionDigest(self.inputs).value(self.family_digests, self.profile_digests)

    def with_profiles(self, profiles: Iterable[ScreeningProfile]) -> "Prepared":
        """The same families, read once, and other profiles: for a new profile against everything."""
        inputs = replace(self.inputs, profiles=tuple(profiles))
        read = read_profiles(inputs.profiles, self.kit, QuestionDigest(inputs))
        return replace(
            self,
            inputs=inputs,
            profiles=read.good,
            numbers=read.numbers,
            refused_profiles=read.refused,
            profile_digests=read.digests,
        )

    def with_families(self, families: Iterable[ScreeningFamily]) -> "Prepared":
        """The same profiles, read once, and other families: for a new family, or families in blocks."""
        inputs = replace(self.inputs, families=tuple(families))
        read = read_families(inputs.families, self.kit, QuestionDigest(inputs))
        made = replace(
            self, inputs=inputs, columns=read.columns, refused=read.refused, family_digests=read.digests
        )
        made.where = self.where  # the profiles stand where they stood
        return made


def prepare(inputs: ScreeningInputs, *, traces: bool = False) -> Prepared:
    """Check every family and profile. Raises Invalid where the whole question is wrong.

    Profiles with drop-out are refused unless the caller computes with `traces`, as screening does.
    """
    kit, told = kit_of(inputs), QuestionDigest(inputs)
    families = read_families(inputs.families, kit, told)
    profiles = read_profiles(inputs.profiles, kit, told, traces=traces)
    return prepared_of(inputs, kit, families, profiles)


def prepared_of(
    inputs: ScreeningInputs, kit: Kit, families: "FamiliesRead", profiles: "ProfilesRead"
) -> Prepared:
    return Prepared(
        inputs,
        kit,
        families.columns,
        profiles.good,
        profiles.numbers,
        families.refused,
        profiles.refused,
        families.digests,
        profiles.digests,
    )


def kit_of(inputs: ScreeningInputs) -> Kit:
    """The loci of a question as models. Raises Invalid where the whole question is wrong."""
    if not 0 <= inputs.theta < 1:
        raise Invalid(f"theta must lie between 0 and 1, and {inputs.theta} does not.")
    if len(set(inputs.loci)) != len(inputs.loci):
        raise Invalid("A locus is listed twice; list each locus once.")
    if len(inputs.loci) > MOST_LOCI:
        raise Invalid(
            f"A search takes at most {MOST_LOCI} loci and this one has {len(inputs.loci)}; leave some out."
        )
    check_loci(inputs.loci)
    kit = Kit(inputs.loci, inputs.frequencies, inputs.mutation, inputs.minimum_frequency)
    for locus in inputs.loci:
        kit.model(locus)
    return kit


class ProfilesRead(NamedTuple):
    """Profiles that can be compared, their genotypes by number, the others with the reason, digests of all."""

    good: list[ScreeningProfile]
    numbers: NDArray[np.int32]
    refused: list[NotScreened]
    digests: list[bytes]


def read_profiles(
    profiles: Iterable[ScreeningProfile],
    kit: Kit,
    told: QuestionDigest,
    *,
    keep: bool = True,
    traces: bool = True,
) -> ProfilesRead:
    """Without `keep` only those with an allele that the table lacks keep their genotypes, and traces."""
    good: list[ScreeningProfile] = []
    refused: list[NotScreened] = []
    digests: list[bytes] = []
    store = Store(len(kit.loci))
    for profile in profiles:
        numbers = kit.numbered(profile.genotypes)
        odd = -2 in numbers
        digests.append(told.profile(profile, None if odd else kit.written(numbers)))
        try:
            if odd:
                check_genotypes(f"Profile {profile.id}", profile.genotypes, kit)
            if profile.drop_out is not None:
                check_drop_out(profile, traces)
                numbers = [-1 if number == -1 else -2 for number in numbers]
        except NominaError as error:
            refused.append(NotScreened(profile.id, str(error)))
            continue
        slim = not keep and not odd and profile.drop_out is None
        good.append(ScreeningProfile(profile.id, profile.sex, {}) if slim else profile)
        store.add(numbers)
    return ProfilesRead(good, store.array.reshape(len(good), len(kit.loci)), refused, digests)


class FamiliesRead(NamedTuple):
    """The missing members of families that can be computed, the others with the reason, digests of all."""

    columns: list[Column]
    refused: list[NotScreened]
    digests: list[bytes]


def read_families(families: Iterable[ScreeningFamily], kit: Kit, told: QuestionDigest) -> FamiliesRead:
    columns: list[Column] = []
    refused: list[NotScreened] = []
    digests: list[bytes] = []
    reader = Reader(kit)
    for family in families:
        texts: dict[str, str] = {}
        try:
            columns += reader.columns(family, texts)
        except NominaError as error:
            refused.append(NotScreened(family.id, str(error)))
        digests.append(told.family(family, texts if len(texts) == len(family.genotypes) else None))
    return FamiliesRead(columns, refused, digests)


class Reader:
    """Reads families one after another into one store."""

    def __init__(self, kit: Kit) -> None:
        self.kit, self.store = kit, Store(len(kit.loci))
        self.structures: dict[Structure, Structure] = {}

    def columns(self, family: ScreeningFamily, texts: dict[str, str]) -> list[Column]:
        """The family's missing members; `texts` receives the genotypes of people who show nothing odd, as they are
        digested. Raises Refused or Invalid with the reason, for the whole family."""
        members = family.pedigree.members
        place = {m.id: i for i, m in enumerate(members)}
        if len(place) < len(members) or not family.missing:
            check_pedigree(family)
        same = merge_twins(family.pedigree) if any(m.twins for m in members) else None
        try:
            structure = structure_of(family.pedigree, place, same)
            genotypes, numbers = self.typed(family, same, texts)
            typed = tuple(map(place.__getitem__, numbers))
            sexes = [members[place[name]].sex for name in family.missing]
            if not place.keys() >= family.genotypes.keys():
                check_pedigree(family)
        except KeyError:
            check_pedigree(family)
            raise
        extras = self.extras(genotypes, numbers) if any(-2 in own for own in numbers.values()) else ()
        structure = self.structures.setdefault(structure, structure)
        code = FamilyCode(structure, place, typed, self.store, len(self.store), extras)
        for own in numbers.values():
            self.store.add(own)
        return [
            Column(family.id, name, sex, family, genotypes, code)
            for name, sex in zip(family.missing, sexes, strict=True)
        ]

    def typed(
        self, family: ScreeningFamily, same: Mapping[str, str] | None, texts: dict[str, str]
    ) -> tuple[dict[str, Mapping[str, Genotype]], dict[str, list[int]]]:
        """Whoever has data at some locus, by genetic person: genotypes as they are and as numbers."""
        kit = self.kit
        genotypes: dict[str, Mapping[str, Genotype]] = {}
        numbers: dict[str, list[int]] = {}
        for person, found in family.genotypes.items():
            own = kit.numbered(found)
            if -2 in own:
                check_genotypes(f"Family {family.id}, person {person}", found, kit)
            else:
                texts[person] = kit.written(own)
            name = same[person] if same else person
            if name in genotypes:
                found = merged(family.id, genotypes[name], found, kit.loci)
                own = kit.numbered(found)
            if max(own, default=-1) >= 0 or -2 in own:
                genotypes[name], numbers[name] = found, own
        return genotypes, numbers

    def extras(
        self, typed: Mapping[str, Mapping[str, Genotype]], numbers: dict[str, list[int]]
    ) -> tuple[tuple[int, frozenset[Allele]], ...]:
        """The family's alleles that the table lacks; numbers at those loci become those with them."""
        found = []
        for locus, name in enumerate(self.kit.loci):
            extra = self.kit.unseen(name, (a for own in typed.values() for a in own.get(name, ())))
            if not extra:
                continue
            found.append((locus, extra))
            model = self.kit.model(name, extra)
            for person, own in typed.items():
                if own.get(name):
                    a, b = (model.index[x] for x in own[name])
                    numbers[person][locus] = int(model.genotype[a, b])
        return tuple(found)


def structure_of(pedigree: Pedigree, place: Mapping[str, int], same: Mapping[str, str] | None) -> Structure:
    """Raises KeyError for a parent who is not a member."""
    return tuple(
        [
            (
                place[m.father] if m.father else -1,
                place[m.mother] if m.mother else -1,
                place[same[m.id]] if same else i,
            )
            for i, m in enumerate(pedigree.members)
        ]
    )
