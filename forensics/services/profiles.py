"""Profiles: the use cases of reading a file, taking it in whole, and the second person's review.

A reading (`forensics.formats`) touches nothing; `plan_import` says line by line what would happen;
`import_reading` does it in one act or not at all.
"""

from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from forensics.domain.errors import Invalid, Refused
from forensics.domain.lines import ProfileLine
from forensics.domain.lists import ListQuery, Page
from forensics.domain.people import Permission
from forensics.domain.profiles import Profile, ProfileImport, ProfileState
from forensics.domain.progress import Progress, Silent
from forensics.domain.reading import Reading, Severity
from forensics.domain.remains import ItemState, RemainsItem
from forensics.domain.samples import Sample
from forensics.persistence import lines
from forensics.persistence.transaction import Transaction
from forensics.services.door import command, query
from forensics.services.elimination import keep_profiles
from forensics.services.profile_plans import ImportLine, ImportOptions, ImportPlan, plan
from forensics.services.profile_records import (
    calls_of,
    note_profiled,
    profile_of,
    reads_twice,
    samples_of_families,
    samples_of_remains,
)
from forensics.services.progressing import advance

PART = 250
"""Profiles between two steps of progress."""

__all__ = [
    "ImportLine",
    "ImportOptions",
    "ImportPlan",
    "accept_profiles",
    "calls_of",
    "format_title",
    "import_reading",
    "plan_import",
    "profile",
    "profile_of",
    "profiles",
    "read",
    "reads_twice",
    "withdraw_profile",
]


def read(path: Path) -> Reading:
    """A file as values, by its content; `Invalid` when no format fits."""
    from forensics.formats import read_file

    return read_file(path)


def format_title(reading: Reading) -> str:
    """What kind of file it was, as people call it."""
    from forensics.formats import FORMATS

    known = FORMATS.get(reading.format)
    return known.title if known is not None else reading.format


@query(Permission.PROFILE_READ)
def profiles(tx: Transaction, query: ListQuery) -> Page[ProfileLine]:
    """The list of profiles."""
    return lines.PROFILES.page(tx, query)


@query(Permission.PROFILE_READ)
def profile(tx: Transaction, id: UUID) -> Profile:
    """One profile with its calls."""
    return tx.get(Profile, id)


@query(Permission.PROFILE_IMPORT)
def plan_import(tx: Transaction, reading: Reading, options: ImportOptions) -> ImportPlan:
    """The dry run: nothing changes."""
    return plan(tx, reading, options)


@command(Permission.PROFILE_IMPORT)
def import_reading(
    tx: Transaction, reading: Reading, options: ImportOptions, progress: Progress | None = None
) -> ProfileImport:
    """Take a file in whole; `Invalid` with the first problem when anything in it can't be.

    `progress` hears of each part; where it raises `Cancelled` nothing was taken in.
    """
    watch: Progress = progress or Silent()
    planned = plan(tx, reading, options)
    if planned.refused:
        fatal = [p for p in planned.problems if p.severity is Severity.FATAL]
        more = f" (and {len(fatal) - 1} more problems)" if len(fatal) > 1 else ""
        raise Invalid(f"{options.file_name} is refused: {fatal[0]}{more}")
    record = tx.add(
        ProfileImport(
            operation=options.operation,
            file_name=options.file_name,
            format=reading.format,
            digest=reading.digest,
            profiles=len(reading.profiles),
            families=len(reading.families),
            warnings=tuple(str(p) for p in planned.problems),
        )
    )
    twice, total = reads_twice(tx, options.operation), len(reading.profiles)
    relatives = samples_of_families(tx, reading, planned, options)
    for start in range(0, total, PART):
        watch.step(start, total, "profiles")
        reads, named = reading.profiles[start : start + PART], planned.lines[start : start + PART]
        samples = relatives | samples_of_remains(tx, named, options)
        made = [
            (profile_of(read, samples[read.sample], record, tx.me, options.kit, two_reads=twice), read)
            for read in reads
        ]
        keep_profiles(tx, made)
        note_profiled(tx, [samples[read.sample] for read in reads])
    return record


@command(Permission.PROFILE_REVIEW)
def accept_profiles(tx: Transaction, ids: Sequence[UUID], note: str = "") -> list[Profile]:
    """The second person's review of one or many: from now on they are searched."""
    waiting = tx.find(Profile, id=list(ids))
    empty = next((profile for profile in waiting if not profile.genotypes), None)
    if empty:
        raise Refused(f"{empty.number} has no locus that can be compared; withdraw it or import it again.")
    earlier = tx.find(Profile, sample=[p.sample for p in waiting], state=ProfileState.ACCEPTED)
    accepted = [tx.change(p, state=ProfileState.ACCEPTED, reviewed_by=tx.me, note=note) for p in waiting]
    newest = {profile.sample: profile for profile in accepted}
    for old in earlier:  # an earlier profile of the same sample steps back; it stays readable
        if old.id not in ids:
            tx.change(old, state=ProfileState.SUPERSEDED, note=f"superseded by {newest[old.sample].number}")
    items = [s.item for s in tx.find(Sample, id=list(newest)) if s.item]
    advance(tx, tx.find(RemainsItem, id=items), ItemState.IN_COMPARISON)
    return accepted


@command(Permission.PROFILE_REVIEW)
def withdraw_profile(tx: Transaction, id: UUID, reason: str) -> Profile:
    """Take a profile out of all searches; say why."""
    if not reason.strip():
        raise Invalid("Say why the profile is withdrawn.")
    return tx.change(tx.get(Profile, id), state=ProfileState.WITHDRAWN, note=reason.strip())
