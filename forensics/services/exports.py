"""Profiles for other laboratories: accepted ones as a CODIS message, under tokens alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from forensics.domain.errors import Invalid, Refused
from forensics.domain.loci import AMELOGENIN, allele_order
from forensics.domain.operations import Organisation
from forensics.domain.people import Permission, Person
from forensics.domain.profiles import Profile, ProfileState
from forensics.domain.reading import CallState
from forensics.domain.samples import Sample
from forensics.persistence.transaction import Transaction
from forensics.services.door import query

REMAINS, REFERENCE = "Unidentified Person", "Other"
"""Categories of the message: relatives go as Other, because how they are related is said nowhere in it."""


@dataclass(frozen=True, slots=True)
class Exported:
    """The bytes of the message, how many profiles it holds, and the loci that it can't name."""

    content: bytes
    profiles: int
    left_out: tuple[str, ...]


@query(Permission.PROFILE_READ)
def codis_export(tx: Transaction, ids: Sequence[UUID], destination: str) -> Exported:
    """The message of chosen profiles; `Refused` when one of them was not accepted."""
    from forensics.formats.codis_writing import Specimen, codis_message, left_out

    profiles = tx.find(Profile, id=list(ids), voided_at=None, order="number") if ids else []
    waiting = next((p for p in profiles if p.state is not ProfileState.ACCEPTED), None)
    if waiting is not None:
        raise Refused(f"{waiting.number} is {waiting.state}; only accepted profiles leave the laboratory.")
    own = tx.one(Organisation, own=True)
    if own is None or not (own.short_name or own.name):
        raise Invalid("The laboratory has no name yet; an administrator gives it one.")
    samples = {s.id: s for s in tx.find(Sample, id=[p.sample for p in profiles])}
    people = {p.id: p.name for p in tx.find(Person)}
    specimens = [
        Specimen(
            samples[profile.sample].token,
            REMAINS if samples[profile.sample].item else REFERENCE,
            _alleles(profile),
            people[profile.second_reader or profile.imported_by],
            _when(profile, tx.now),
        )
        for profile in profiles
    ]
    content = codis_message(
        specimens,
        laboratory=(own.short_name or own.name)[:10],
        destination=destination.strip(),
        user=people[tx.me],
        at=tx.now,
    )
    return Exported(content, len(specimens), left_out(specimens))


def _when(profile: Profile, now: datetime) -> datetime:
    return profile.changed_at or profile.created_at or now


def _alleles(profile: Profile) -> list[tuple[str, tuple[str, ...]]]:
    """What is compared, and the sex marker as it was called."""
    found = [(locus, tuple(dict.fromkeys(pair))) for locus, pair in profile.genotypes.items()]
    sex = {name for name, _, _, state in profile.calls.get(AMELOGENIN, ()) if state == CallState.ACCEPTED}
    if sex and sex <= {"X", "Y"}:
        found.append((AMELOGENIN, tuple(sorted(sex, key=allele_order))))
    return found
