"""A search made ready for computing: columns (family, missing member), checked, and genotypes as numbers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from forensics.domain.errors import Invalid
from forensics.domain.kinship import Sex
from forensics.domain.screening import (
    NotScreened,
    QuestionDigest,
    ScreeningFamily,
    ScreeningInputs,
    ScreeningProfile,
)
from forensics.genetics.screening_check import check_loci
from forensics.genetics.screening_kit import Kit
from forensics.genetics.screening_read import (
    Column,
    FamiliesRead,
    ProfilesRead,
    read_families,
    read_profiles,
)
from forensics.genetics.screening_rows import Layout, layout

MOST_LOCI = 10_000


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
    inputs: ScreeningInputs, kit: Kit, families: FamiliesRead, profiles: ProfilesRead
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
