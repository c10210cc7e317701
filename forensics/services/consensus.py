"""Replicates of one sample and their consensus, by the rule of the operation.

An allele stands in the consensus when at least n replicates show it; what fewer show is kept as uncertain, and a
locus whose single allele stands beside an uncertain one is not compared: the other may have dropped out.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from forensics.domain.errors import Invalid, Refused
from forensics.domain.kinship import Allele
from forensics.domain.loci import allele_order
from forensics.domain.operations import Operation
from forensics.domain.people import Permission
from forensics.domain.profiles import Profile, ProfileState
from forensics.domain.reading import CallState, ReadCall, ReadProfile, sex_by_amelogenin
from forensics.persistence.transaction import Transaction
from forensics.services.door import command, query
from forensics.services.profile_records import calls_of, genotypes_of

Peaks = Mapping[str, tuple[tuple[str, float | None, float | None, str], ...]]


@dataclass(frozen=True, slots=True)
class Replicates:
    """Profiles of one sample that wait and can be combined, and what would come of it."""

    profiles: tuple[Profile, ...]
    rule: str
    consensus: Mapping[str, tuple[ReadCall, ...]]


def rule_words(seen: int, replicates: int) -> str:
    """The rule as the profile and the reports print it."""
    return f"alleles seen in at least {seen} of {replicates} replicates; what fewer show is uncertain"


def consensus_of(replicates: Sequence[Peaks], seen: int) -> dict[str, tuple[ReadCall, ...]]:
    """The calls of a consensus: heights and sizes are the means over the replicates that show the allele.

    Peaks that are no accepted allele in any replicate keep their state; they are not counted.
    """
    loci = dict.fromkeys(locus for peaks in replicates for locus in peaks)
    return {locus: _locus([peaks.get(locus, ()) for peaks in replicates], seen) for locus in loci}


def _locus(
    replicates: Sequence[tuple[tuple[str, float | None, float | None, str], ...]], seen: int
) -> tuple[ReadCall, ...]:
    times: Counter[Allele] = Counter()
    heights: dict[Allele, list[float]] = {}
    sizes: dict[Allele, list[float]] = {}
    other: dict[Allele, CallState] = {}
    for peaks in replicates:
        for name, height, size, state in peaks:
            if state != CallState.ACCEPTED:
                other.setdefault(name, CallState(state))
                continue
            times[name] += 1
            heights.setdefault(name, []).extend([] if height is None else [height])
            sizes.setdefault(name, []).extend([] if size is None else [size])
    states = {
        **other,
        **{a: CallState.ACCEPTED if n >= seen else CallState.UNCERTAIN for a, n in times.items()},
    }
    return tuple(
        ReadCall(name, _mean(heights.get(name, [])), _mean(sizes.get(name, [])), states[name])
        for name in sorted(states, key=allele_order)
    )


def _mean(values: Sequence[float]) -> float | None:
    return round(sum(values) / len(values), 2) if values else None


@query(Permission.PROFILE_READ)
def replicates(tx: Transaction, sample: UUID) -> Replicates:
    """The profiles of a sample that wait unread, and their consensus when there are several."""
    waiting = tx.find(Profile, sample=sample, state=ProfileState.IMPORTED, voided_at=None)
    found = [profile for profile in waiting if not profile.combines]
    if len(found) < 2:
        return Replicates(tuple(found), "", {})
    seen = min(tx.get(Operation, found[0].operation).consensus, len(found))
    return Replicates(
        tuple(found), rule_words(seen, len(found)), consensus_of([p.calls for p in found], seen)
    )


@command(Permission.PROFILE_IMPORT)
def combine_profiles(tx: Transaction, ids: Sequence[UUID]) -> Profile:
    """One consensus of replicates that wait; they step back and stay readable, it goes on as any profile does."""
    found = tx.find(Profile, id=list(ids), voided_at=None)
    if len(found) < 2:
        raise Invalid("A consensus needs at least two replicates; import the second run first.")
    if len({profile.sample for profile in found}) > 1:
        raise Invalid("These are profiles of different samples; a consensus is of one sample.")
    for profile in found:
        if profile.state is not ProfileState.IMPORTED:
            raise Refused(
                f"{profile.number} is {profile.state}; replicates are combined before they are read."
            )
    seen = min(tx.get(Operation, found[0].operation).consensus, len(found))
    newest = found[-1]
    calls = consensus_of([p.calls for p in found], seen)
    read = ReadProfile(newest.number, calls, sex=sex_by_amelogenin(calls))
    genotypes = genotypes_of(read)
    made = tx.add(
        Profile(
            operation=newest.operation,
            sample=newest.sample,
            source=newest.source,
            kit=newest.kit,
            sex=read.sex,
            loci=len(genotypes),
            imported_by=tx.me,
            two_reads=any(p.two_reads for p in found),
            rule=rule_words(seen, len(found)),
            combines=tuple(p.id for p in found),
            calls=calls_of(read),
            genotypes=genotypes,
        )
    )
    for profile in found:
        tx.change(profile, state=ProfileState.SUPERSEDED, note=f"combined in {made.number}")
    return made
