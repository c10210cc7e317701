"""From the peaks of a file to a profile that can be trusted: two blind reads, a settlement, a technical review.

Whoever reads second can't see what the first has read: the service refuses it and the query does not give it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from forensics.domain.errors import Invalid, Refused
from forensics.domain.kinship import Allele, Genotype, Sex
from forensics.domain.loci import AMELOGENIN, KNOWN, Inheritance, allele_order, inheritance
from forensics.domain.people import Permission, Person
from forensics.domain.profiles import DOUBT, FIRST, SECOND, SETTLEMENT, Profile, ProfileRead, ProfileState
from forensics.domain.reading import CallState
from forensics.domain.samples import Sample
from forensics.persistence.transaction import Transaction
from forensics.services.door import command, query

Alleles = Mapping[str, tuple[Allele, ...]]

_TURN = {
    ProfileState.IMPORTED: FIRST,
    ProfileState.FIRST_READ: SECOND,
    ProfileState.DISCORDANT: SETTLEMENT,
}
"""Whose turn it is at a profile that has not been read to the end."""


@dataclass(frozen=True, slots=True)
class Read:
    """One person's read, as others may see it."""

    reader: str
    alleles: Alleles
    reasons: Mapping[str, str]
    note: str


@dataclass(frozen=True, slots=True)
class Reads:
    """What the person who asks may see of the reads of a profile.

    `first` and `second` stay empty for others until both are in. `turn` is what comes next (0: nothing);
    `why_not` says why the person can't do it, "" when they can.
    """

    profile: Profile
    sample: str
    first: Read | None
    second: Read | None
    settlement: Read | None
    differing: tuple[str, ...]
    turn: int
    why_not: str


# questions


@query(Permission.PROFILE_READ)
def reads(tx: Transaction, id: UUID) -> Reads:
    """The reads of a profile as far as the person may see them, and what comes next."""
    profile = tx.get(Profile, id)
    made = _made(tx, id)
    both = len(made) > FIRST
    seen = {turn: one for turn, one in made.items() if both or one.reader == tx.me}
    people = {p.id: p.name for p in tx.find(Person, id=[one.reader for one in seen.values()])}
    shown = {turn: Read(people[one.reader], one.alleles, one.reasons, one.note) for turn, one in seen.items()}
    turn = _TURN.get(profile.state, 0) if profile.two_reads else 0
    return Reads(
        profile,
        tx.get(Sample, profile.sample).token,
        shown.get(FIRST),
        shown.get(SECOND),
        shown.get(SETTLEMENT),
        differing(made[FIRST].alleles, made[SECOND].alleles) if both else (),
        turn,
        _why_not(tx, profile, turn),
    )


def _made(tx: Transaction, profile: UUID) -> dict[int, ProfileRead]:
    return {one.turn: one for one in tx.find(ProfileRead, profile=profile, voided_at=None)}


def _why_not(tx: Transaction, profile: Profile, turn: int) -> str:
    """Why the person can't take the turn; "" when they can."""
    if Permission.PROFILE_CALL not in tx.permissions:
        return "Alleles are called by DNA analysts and DNA reviewers."
    if turn == SECOND and tx.me == profile.first_reader:
        return "You made the first read; the second is made by another person who has not seen it."
    if turn == SETTLEMENT and tx.me in (profile.first_reader, profile.second_reader):
        return "You have read it; what two people read differently is settled by a third."
    return ""


def differing(one: Alleles, other: Alleles) -> tuple[str, ...]:
    """The loci at which two reads are not the same, in the order of the first."""
    loci = dict.fromkeys((*one, *other))
    return tuple(locus for locus in loci if sorted(one.get(locus, ())) != sorted(other.get(locus, ())))


# acts


@command(Permission.PROFILE_CALL)
def read_profile(tx: Transaction, id: UUID, alleles: Mapping[str, str], note: str = "") -> Profile:
    """The first or the second read, whole: alleles as typed (`15, 16`, `9.3`, `9.3 ?`, or nothing) of each locus."""
    profile = tx.get(Profile, id)
    turn = _TURN.get(profile.state, 0)
    if not profile.two_reads:
        raise Refused(f"{profile.number} is read once and reviewed; it waits for no further read.")
    if turn not in (FIRST, SECOND):
        raise Refused(f"{profile.number} is {profile.state}; there is nothing to read.")
    _demand_mine(tx, profile, turn)
    read = understood(alleles, profile)
    if not any(read.values()):
        raise Invalid("Nothing was read; type the alleles, or withdraw the profile.")
    earlier = _made(tx, id)
    _keep(tx, profile, turn, read, {}, note)
    if turn == FIRST:
        return tx.change(profile, state=ProfileState.FIRST_READ, first_reader=tx.me)
    agree = not differing(earlier[FIRST].alleles, read)
    state = ProfileState.CONCORDANT if agree else ProfileState.DISCORDANT
    return tx.change(profile, state=state, second_reader=tx.me, **(_called(read, profile) if agree else {}))


@command(Permission.PROFILE_CALL)
def settle_reads(
    tx: Transaction, id: UUID, alleles: Mapping[str, str], reasons: Mapping[str, str], note: str = ""
) -> Profile:
    """What two people read differently, decided by a third with a reason for each locus."""
    profile = tx.get(Profile, id)
    if profile.state is not ProfileState.DISCORDANT:
        raise Refused(f"{profile.number} is {profile.state}; there is nothing to settle.")
    _demand_mine(tx, profile, SETTLEMENT)
    made = _made(tx, id)
    open_loci = differing(made[FIRST].alleles, made[SECOND].alleles)
    for locus in open_loci:
        if locus not in alleles:
            raise Invalid(f"{locus} was read differently and is not settled yet; type what holds there.")
        if not reasons.get(locus, "").strip():
            raise Invalid(f"Say why at {locus}; the reason is kept with the profile.")
    strangers = sorted(set(alleles) - set(open_loci))
    if strangers:
        raise Invalid(f"At {', '.join(strangers)} both reads agree; there is nothing to settle.")
    settled = {x: read for x, read in understood(alleles, profile).items() if x in open_loci}
    _keep(tx, profile, SETTLEMENT, settled, {x: reasons[x].strip() for x in open_loci}, note)
    whole = {**made[FIRST].alleles, **settled}
    return tx.change(profile, state=ProfileState.CONCORDANT, settled_by=tx.me, **_called(whole, profile))


@command(Permission.PROFILE_REVIEW)
def check_profile(tx: Transaction, id: UUID, note: str = "") -> Profile:
    """The technical review of a concordant profile, by a person who has neither read nor settled it."""
    profile = tx.get(Profile, id)
    fields = {"note": note.strip()} if note.strip() else {}
    return tx.change(profile, state=ProfileState.REVIEWED, checked_by=tx.me, **fields)


def _demand_mine(tx: Transaction, profile: Profile, turn: int) -> None:
    reason = _why_not(tx, profile, turn)
    if reason:
        raise Refused(reason)


def _keep(
    tx: Transaction, profile: Profile, turn: int, alleles: Alleles, reasons: Mapping[str, str], note: str
) -> None:
    tx.add(
        ProfileRead(
            operation=profile.operation,
            profile=profile.id,
            turn=turn,
            reader=tx.me,
            turn_of=f"{profile.id} {turn}",
            read_once=f"{profile.id} {tx.me}",
            note=note.strip(),
            alleles=dict(alleles),
            reasons=dict(reasons),
        )
    )


# alleles as people type them


def understood(typed: Mapping[str, str], profile: Profile) -> dict[str, tuple[Allele, ...]]:
    """What was typed for each locus of the profile; `Invalid` names the locus that can't be read."""
    unknown = [locus for locus in typed if locus not in profile.calls and locus not in KNOWN]
    if unknown:
        raise Invalid(f"{unknown[0]} is no locus that is known.")
    loci = dict.fromkeys((*profile.calls, *typed))
    return {locus: alleles_typed(locus, typed.get(locus, "")) for locus in loci}


def alleles_typed(locus: str, words: str) -> tuple[Allele, ...]:
    """`16 15` as (15, 16); a homozygote once; `?` beside a single allele; `Invalid` for what is no allele."""
    from forensics.formats.calls import Unreadable, read_call
    from forensics.formats.profiles import may_be_decimal_comma

    if may_be_decimal_comma(words.strip().split(",")):
        raise Invalid(
            f"{locus}: {words.strip()} may be one allele or two; write 9.3 with its point, or 3 9 with a space."
        )
    parts = re.split(r"[\s,;/]+", words.strip()) if words.strip() else []
    doubt = DOUBT in parts
    found: set[Allele] = set()
    for part in parts:
        if part == DOUBT:
            continue
        try:
            call = read_call(part, locus)
        except Unreadable as bad:
            raise Invalid(f"{locus}: {bad.what} {bad.remedy}") from None
        if call.state is not CallState.ACCEPTED:
            raise Invalid(
                f"{locus}: {part} is no designation; leave the peak out, and put ? beside a lone allele."
            )
        found.add(call.designation)
    if doubt and len(found) != 1:
        raise Invalid(
            f"{locus}: the question mark stands beside one allele, where a second may have dropped out."
        )
    return (*sorted(found, key=allele_order), *((DOUBT,) if doubt else ()))


def _called(read: Alleles, profile: Profile) -> dict[str, object]:
    """What a finished read makes of the profile: its genotypes, how many, and its sex."""
    genotypes = called_genotypes(read)
    sexes = {("X",): Sex.FEMALE, ("X", "Y"): Sex.MALE}
    return {
        "genotypes": genotypes,
        "loci": len(genotypes),
        "sex": sexes.get(tuple(read.get(AMELOGENIN, ())), profile.sex),
    }


def called_genotypes(read: Alleles) -> dict[str, Genotype]:
    """Autosomal genotypes of a read; a doubtful locus and one with more than two alleles take no part."""
    found: dict[str, Genotype] = {}
    for locus, alleles in read.items():
        if inheritance(locus) is Inheritance.AUTOSOMAL and alleles and DOUBT not in alleles:
            pair = alleles * 2 if len(alleles) == 1 else alleles
            if len(pair) == 2:
                found[locus] = (pair[0], pair[1])
    return found
