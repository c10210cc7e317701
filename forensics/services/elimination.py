"""The elimination database, and the quarantine of profiles that it explains.

Whoever runs a batch learns the category and the token of a hit; only the quality manager reads the name and
lifts a quarantine.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from forensics.domain.errors import Invalid, Refused
from forensics.domain.kinship import Allele
from forensics.domain.laboratory import Batch, BatchState, Well, WellState
from forensics.domain.lines import EliminationLine
from forensics.domain.lists import ListQuery, Page
from forensics.domain.loci import Inheritance, inheritance, is_repeat_number
from forensics.domain.numbers import new_token
from forensics.domain.people import Permission
from forensics.domain.profiles import Profile, ProfileState
from forensics.domain.quality import (
    SHARED_ALLELES,
    Alleles,
    EliminationCategory,
    EliminationProfile,
    NonconformityKind,
    Overlap,
)
from forensics.domain.reading import ReadProfile
from forensics.persistence import lines
from forensics.persistence.transaction import Transaction
from forensics.services.door import command, query
from forensics.services.nonconformities import open_one


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody or something whose DNA may turn up: in words that anybody may read, and the genotype."""

    words: str
    alleles: Alleles


@dataclass(frozen=True, slots=True)
class Hit:
    """A profile that may be of somebody known."""

    words: str
    overlap: Overlap

    def __str__(self) -> str:
        return f"may be DNA of {self.words}: {self.overlap.explained} of {self.overlap.compared} loci are explained"


@query(Permission.ELIMINATION_MANAGE)
def elimination_profiles(tx: Transaction, query: ListQuery) -> Page[EliminationLine]:
    """The list, with names."""
    return lines.ELIMINATION.page(tx, query)


@query(Permission.ELIMINATION_MANAGE)
def elimination_profile(tx: Transaction, id: UUID) -> EliminationProfile:
    """One entry with its name and genotype."""
    return tx.get(EliminationProfile, id)


@command(Permission.ELIMINATION_MANAGE)
def enter_elimination(
    tx: Transaction, category: EliminationCategory, name: str, read: ReadProfile, note: str = ""
) -> EliminationProfile:
    """Take in the genotype of somebody who comes near the samples; `read` is from a file of a run."""
    if not name.strip():
        raise Invalid("Give the name, or for a manufacturer the product; nobody else will read it.")
    genotypes = {locus: tuple(sorted(alleles, key=_size)) for locus, alleles in autosomal(read).items()}
    if len(genotypes) < SHARED_ALLELES.least:
        raise Invalid(
            f"{read.sample} has {len(genotypes)} autosomal loci; at least {SHARED_ALLELES.least} are needed "
            "to recognise somebody."
        )
    return tx.add(
        EliminationProfile(
            token=new_token(),
            category=category,
            name=name.strip(),
            genotypes=genotypes,
            loci=len(genotypes),
            note=note.strip(),
        )
    )


@command(Permission.ELIMINATION_MANAGE)
def remove_elimination(tx: Transaction, id: UUID, reason: str) -> EliminationProfile:
    """No longer compared, for example on the person's wish; the entry stays, voided."""
    return tx.void(tx.get(EliminationProfile, id), reason)


def autosomal(read: ReadProfile) -> dict[str, frozenset[Allele]]:
    """The accepted alleles of each autosomal locus that has any."""
    return {
        locus: frozenset(alleles)
        for locus in read.calls
        if inheritance(locus) is Inheritance.AUTOSOMAL and (alleles := read.alleles(locus))
    }


def _size(allele: Allele) -> tuple[float, str]:
    """9 before 11; what is no number of repeats last."""
    return (float(allele) if is_repeat_number(allele) else math.inf, allele)


def everybody_known(tx: Transaction) -> list[Known]:
    """All of the elimination database, and the control DNAs, which get into samples too."""
    from forensics.data.kits import controls

    people = [
        Known(f"{entry.category} {entry.token}", _alleles(entry.genotypes))
        for entry in tx.find(EliminationProfile, voided_at=None)
    ]
    return people + [
        Known(f"the positive control {name}", _alleles(_only_autosomal(genotypes)))
        for name, genotypes in controls().items()
    ]


def hit(stain: Alleles, known: Sequence[Known]) -> Hit | None:
    """The best explanation of a stain by somebody known, if there is one."""
    found = [
        Hit(one.words, overlap)
        for one in known
        if (overlap := SHARED_ALLELES.compare(stain, one.alleles)) is not None
    ]
    return max(found, key=lambda one: one.overlap.explained, default=None)


def _alleles(genotypes: Mapping[str, Iterable[Allele]]) -> Alleles:
    return {locus: frozenset(alleles) for locus, alleles in genotypes.items()}


def _only_autosomal(genotypes: Mapping[str, Iterable[Allele]]) -> dict[str, Iterable[Allele]]:
    return {
        locus: alleles for locus, alleles in genotypes.items() if inheritance(locus) is Inheritance.AUTOSOMAL
    }


def keep_profiles(tx: Transaction, made: Sequence[tuple[Profile, ReadProfile]]) -> list[Profile]:
    """Save profiles with what was read for each; those that somebody known explains are quarantined at once."""
    known = everybody_known(tx)
    hits = {profile.id: found for profile, read in made if (found := hit(autosomal(read), known)) is not None}
    saved = tx.add_all(
        replace(one, state=ProfileState.QUARANTINED, note=f"It {hits[one.id]}.") if one.id in hits else one
        for one, _ in made
    )
    for profile in saved:
        if profile.id in hits:
            what = f"{profile.number} {hits[profile.id]}."
            kind = NonconformityKind.CONTAMINATION
            open_one(tx, kind, what, profile=profile.id, sample=profile.sample)
    return saved


# quarantine


@command(Permission.QUALITY_MANAGE)
def lift_quarantine(tx: Transaction, profile: UUID, reason: str) -> Profile:
    """The hit was looked at and does not stand; the profile goes on as if there had been none."""
    found = _quarantined(tx, profile, reason)
    lifted = tx.change(found, state=ProfileState.HELD, note=f"quarantine lifted: {reason.strip()}")
    well = tx.one(Well, profile=profile)
    if well is not None and well.state is WellState.QUARANTINED:
        tx.change(well, state=WellState.PASSED, finding=f"{well.finding}; lifted: {reason.strip()}")
    batch = tx.get(Batch, well.batch) if well is not None else None
    if batch is None or batch.state is BatchState.RELEASED:
        return tx.change(lifted, state=ProfileState.IMPORTED)
    if batch.state in (BatchState.FAILED, BatchState.REPEATED):
        return tx.change(lifted, state=ProfileState.WITHDRAWN, note=f"{batch.number} failed")
    return lifted


@command(Permission.QUALITY_MANAGE)
def confirm_contamination(tx: Transaction, profile: UUID, reason: str) -> Profile:
    """The hit stands: the profile is withdrawn, its well blocked, and the sample planned anew from extraction."""
    from forensics.services.batch_repeats import plan_repeat

    withdrawn = tx.change(
        _quarantined(tx, profile, reason),
        state=ProfileState.WITHDRAWN,
        note=f"contaminated: {reason.strip()}",
    )
    well = tx.one(Well, profile=profile)
    if well is not None and well.state is WellState.QUARANTINED:
        finding = f"{well.finding}; contaminated: {reason.strip()}"
        blocked = tx.change(well, state=WellState.BLOCKED, claim=None, finding=finding)
        plan_repeat(tx, tx.get(Batch, well.batch), [blocked], from_start=True)
    return withdrawn


def _quarantined(tx: Transaction, profile: UUID, reason: str) -> Profile:
    if not reason.strip():
        raise Invalid("Say on what the decision rests; it is kept with the profile.")
    found = tx.get(Profile, profile)
    if found.state is not ProfileState.QUARANTINED:
        raise Refused(f"{found.number} is not in quarantine; it is {found.state}.")
    return found
