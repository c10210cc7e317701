"""Profiles and families as numbers: read one after another, checked, digested.

What can't be computed exactly is refused for that family or profile in one sentence; the rest goes on.
Searches read hundreds of thousands of people, so that whoever is typed as most are (at the loci of the question,
with alleles of the table) takes a short way.
"""

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from forensics.domain.errors import NominaError
from forensics.domain.kinship import Allele, Genotype, Pedigree, Sex
from forensics.domain.screening import NotScreened, QuestionDigest, ScreeningFamily, ScreeningProfile
from forensics.genetics.compile_shape import merge_twins
from forensics.genetics.screening_check import check_drop_out, check_genotypes, check_pedigree, merged
from forensics.genetics.screening_kit import Kit

Structure = tuple[tuple[int, int, int], ...]
"""A pedigree without names: (father, mother, first of the twins) of each member by place, -1 for none."""

Extras = tuple[tuple[int, frozenset[Allele]], ...]
"""A family's alleles that the table lacks: (locus, alleles)."""

Typed = Mapping[str, Mapping[str, Genotype]]
"""Whoever has data at some locus, by genetic person (twins are one)."""


class Store:
    """Genotype numbers of many people, (people, loci), gathered one person after another."""

    def __init__(self, loci: int) -> None:
        self.loci, self.flat, self.count = loci, array("i"), 0

    def add(self, numbers: list[int]) -> None:
        self.flat.fromlist(numbers)
        self.count += 1

    @cached_property
    def array(self) -> NDArray[np.int32]:
        """All that was gathered; nothing can be added afterwards."""
        if not self.flat:
            return np.zeros((self.count, self.loci), dtype=np.int32)
        return np.frombuffer(self.flat, dtype=np.int32).reshape(-1, self.loci)


@dataclass(slots=True, eq=False)
class Column:
    """One missing member of one family, and the typed of that family.

    `place` is the missing member's in the structure, `people` are those of the typed, whose genotypes stand in the
    store from `first` on, in the numbering of the kit's locus with the family's own unseen alleles, `extras`.
    """

    family: str
    missing: str
    sex: Sex
    source: ScreeningFamily
    genotypes: Typed
    structure: Structure
    place: int
    people: tuple[int, ...]
    store: Store
    first: int
    extras: Extras


def genotype_numbers(columns: Sequence[Column]) -> NDArray[np.int32]:
    """(columns, typed, loci), -1 untyped, of columns that were read together and have as many typed people."""
    first = np.array([column.first for column in columns], dtype=np.int64)
    found: NDArray[np.int32] = columns[0].store.array[first[:, None] + np.arange(len(columns[0].people))]
    return found


class ProfilesRead(NamedTuple):
    """Profiles that can be compared, their genotypes by number (-1 untyped, -2 not in the table or of a trace), the
    others with the reason, digests of all."""

    good: list[ScreeningProfile]
    numbers: NDArray[np.int32]
    refused: list[NotScreened]
    digests: list[bytes]


def read_profiles(
    profiles: Iterable[ScreeningProfile],
    kit: Kit,
    told: QuestionDigest | None,
    *,
    keep: bool = True,
    traces: bool = True,
) -> ProfilesRead:
    """Without `keep` only those with an allele that the table lacks keep their genotypes, and traces; without `told`
    there are no digests."""
    good: list[ScreeningProfile] = []
    refused: list[NotScreened] = []
    digests: list[bytes] = []
    store = Store(len(kit.loci))
    for profile in profiles:
        clear = kit.clear(profile.genotypes)
        numbers = kit.numbered(profile.genotypes) if clear is None else clear
        if told is not None:
            digests.append(told.profile(profile, None if clear is None else kit.written(clear)))
        try:
            if clear is None:
                check_genotypes(f"Profile {profile.id}", profile.genotypes, kit)
            if profile.drop_out is not None:
                check_drop_out(profile, traces)
                numbers = [-1 if number == -1 else -2 for number in numbers]
        except NominaError as error:
            refused.append(NotScreened(profile.id, str(error)))
            continue
        slim = not keep and clear is not None and profile.drop_out is None
        good.append(ScreeningProfile(profile.id, profile.sex, {}) if slim else profile)
        store.add(numbers)
    return ProfilesRead(good, store.array, refused, digests)


class FamiliesRead(NamedTuple):
    """The missing members of families that can be computed, the others with the reason, digests of all."""

    columns: list[Column]
    refused: list[NotScreened]
    digests: list[bytes]


def read_families(families: Iterable[ScreeningFamily], kit: Kit, told: QuestionDigest) -> FamiliesRead:
    found = FamiliesRead([], [], [])
    reader = Reader(kit)
    for family in families:
        texts: dict[str, str] = {}
        try:
            found.columns.extend(reader.columns(family, texts))
        except NominaError as error:
            found.refused.append(NotScreened(family.id, str(error)))
        found.digests.append(told.family(family, texts if len(texts) == len(family.genotypes) else None))
    return found


class Reader:
    """Reads families one after another into one store."""

    def __init__(self, kit: Kit) -> None:
        self.kit, self.store = kit, Store(len(kit.loci))
        self.nothing = [-1] * len(kit.loci)
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
            numbers = self.numbers(family, same, texts)
            people = tuple([place[name] for name in numbers])
            missing = [(name, place[name]) for name in family.missing]
            if not place.keys() >= family.genotypes.keys():
                check_pedigree(family)
        except KeyError:
            check_pedigree(family)
            raise
        genotypes: Typed = family.genotypes
        if same or len(numbers) < len(genotypes):
            genotypes = self.typed(family, same, numbers)
        odd = len(texts) < len(family.genotypes)
        extras = self.extras(genotypes, numbers) if odd else ()
        structure = self.structures.setdefault(structure, structure)
        first = self.store.count
        for own in numbers.values():
            self.store.add(own)
        return [
            Column(
                family.id, name, members[at].sex, family, genotypes,
                structure, at, people, self.store, first, extras,
            )
            for name, at in missing
        ]  # fmt: skip

    def numbers(
        self, family: ScreeningFamily, same: Mapping[str, str] | None, texts: dict[str, str]
    ) -> dict[str, list[int]]:
        """Numbers of the genotypes of whoever has data at some locus, by genetic person."""
        kit = self.kit
        numbers: dict[str, list[int]] = {}
        for person, found in family.genotypes.items():
            own = kit.clear(found)
            if own is None:
                check_genotypes(f"Family {family.id}, person {person}", found, kit)
                own = kit.numbered(found)
            else:
                texts[person] = kit.written(own)
            if own != self.nothing:
                numbers[same[person] if same else person] = own
        return numbers

    def typed(
        self, family: ScreeningFamily, same: Mapping[str, str] | None, numbers: dict[str, list[int]]
    ) -> dict[str, Mapping[str, Genotype]]:
        """The genotypes of the people of `numbers`; what twins show together replaces the numbers of one."""
        found: dict[str, Mapping[str, Genotype]] = {}
        for person, own in family.genotypes.items():
            name = same[person] if same else person
            if name not in numbers:
                continue
            if name in found:
                found[name] = merged(family.id, found[name], own, self.kit.loci)
                numbers[name] = self.kit.numbered(found[name])
            else:
                found[name] = own
        return found

    def extras(self, typed: Typed, numbers: dict[str, list[int]]) -> Extras:
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
