"""Batches: drawn up, locked, started, finished, released by another person; what failed is planned anew.

Plates are filled by `batch_plates`, results taken in by `batch_runs` and judged by `batch_controls`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from forensics.domain.errors import Invalid, Refused
from forensics.domain.laboratory import (
    CARRIED,
    OWN_CONTROLS,
    Batch,
    BatchState,
    Instrument,
    ReagentLot,
    Stage,
    Well,
    WellRole,
    WellState,
)
from forensics.domain.lines import BatchLine, NonconformityLine
from forensics.domain.lists import ListQuery, Page
from forensics.domain.people import Permission, Person
from forensics.domain.profiles import Profile, ProfileState
from forensics.domain.quality import NonconformityKind
from forensics.domain.samples import Sample, SampleState
from forensics.persistence import lines
from forensics.persistence.transaction import Transaction
from forensics.services.batch_plates import demand_draft, offered, place_own_controls, wells_of
from forensics.services.batch_repeats import plan_repeat
from forensics.services.door import command, query
from forensics.services.nonconformities import open_one
from forensics.services.reagents import demand_usable


@dataclass(frozen=True, slots=True)
class BatchDetails:
    """By what protocol and with what a batch is worked; `control` names the DNA of the positive control."""

    protocol: str
    protocol_version: str
    kit: str = ""
    lots: tuple[UUID, ...] = ()
    instrument: UUID | None = None
    control: str = ""


@dataclass(frozen=True, slots=True)
class PlateWell:
    """A well with the token of its tube."""

    well: Well
    token: str


@dataclass(frozen=True, slots=True)
class BatchRecord:
    """A batch as its page shows it; `offered` is the position for the next scan of a draft."""

    batch: Batch
    wells: tuple[PlateWell, ...]
    lots: tuple[ReagentLot, ...]
    instrument: Instrument | None
    set_up_by: str
    released_by: str
    offered: str | None
    repeats: Batch | None
    repeated_by: tuple[Batch, ...]
    nonconformities: tuple[NonconformityLine, ...]


@query(Permission.PROFILE_READ)
def batches(tx: Transaction, query: ListQuery) -> Page[BatchLine]:
    """The list of batches."""
    return lines.BATCHES.page(tx, query)


@query(Permission.PROFILE_READ)
def batch_record(tx: Transaction, id: UUID) -> BatchRecord:
    """Everything about a batch for its page."""
    batch = tx.get(Batch, id)
    wells = wells_of(tx, id)
    tokens = {s.id: s.token for s in tx.find(Sample, id=[w.sample for w in wells if w.sample])}
    people = {p.id: p.name for p in tx.find(Person)}
    about = lines.NONCONFORMITIES.page(tx, ListQuery(filters={"batch": (id,)})).rows
    return BatchRecord(
        batch,
        tuple(PlateWell(well, tokens.get(well.sample, "") if well.sample else "") for well in wells),
        tuple(tx.find(ReagentLot, id=list(batch.lots))) if batch.lots else (),
        tx.get(Instrument, batch.instrument) if batch.instrument else None,
        people.get(batch.set_up_by, ""),
        people.get(batch.released_by, "") if batch.released_by else "",
        offered(wells) if batch.state is BatchState.DRAFT else None,
        tx.get(Batch, batch.repeats) if batch.repeats else None,
        tuple(tx.find(Batch, repeats=id, voided_at=None)),
        about,
    )


@query(Permission.PROFILE_READ)
def offered_to_detail(tx: Transaction, operation: UUID, stage: Stage) -> BatchDetails:
    """How the newest batch of the stage was worked, to be offered for the next one."""
    last = tx.find(Batch, order="-id", limit=1, operation=operation, stage=stage)
    if not last:
        return BatchDetails("", "")
    positive = tx.one(Well, batch=last[0].id, role=WellRole.POSITIVE)
    control = positive.control if positive else ""
    one = last[0]
    return BatchDetails(one.protocol, one.protocol_version, one.kit, one.lots, one.instrument, control)


@command(Permission.BATCH_RUN)
def draw_up(tx: Transaction, operation: UUID, stage: Stage, details: BatchDetails) -> Batch:
    """A new draft with the controls that the stage adds; its tubes are placed by scanning."""
    _demand_sound(tx, stage, details)
    batch = tx.add(
        Batch(
            operation=operation,
            stage=stage,
            kit=details.kit,
            protocol=details.protocol.strip(),
            protocol_version=details.protocol_version.strip(),
            lots=details.lots,
            instrument=details.instrument,
            set_up_by=tx.me,
        )
    )
    place_own_controls(tx, batch, details.control)
    return batch


@command(Permission.BATCH_RUN)
def detail_batch(tx: Transaction, seen: Batch, details: BatchDetails) -> Batch:
    """Other reagents, instrument or protocol of a draft."""
    demand_draft(tx, seen.id)
    _demand_sound(tx, seen.stage, details)
    for well in tx.find(Well, batch=seen.id, role=WellRole.POSITIVE, voided_at=None):
        if well.before is None and well.control != details.control:
            tx.change(well, control=details.control)
    return tx.change(
        seen,
        kit=details.kit,
        protocol=details.protocol.strip(),
        protocol_version=details.protocol_version.strip(),
        lots=details.lots,
        instrument=details.instrument,
    )


def _demand_sound(tx: Transaction, stage: Stage, details: BatchDetails) -> None:
    from forensics.data.kits import controls, kit

    if not details.protocol.strip() or not details.protocol_version.strip():
        raise Invalid("Name the protocol and its version; the result depends on it.")
    if stage in (Stage.AMPLIFICATION, Stage.DETECTION) and kit(details.kit) is None:
        raise Invalid(f"“{details.kit}” is no kit that is known here; choose one of the list.")
    if WellRole.POSITIVE in OWN_CONTROLS[stage] and details.control not in controls():
        known = ", ".join(sorted(controls()))
        raise Invalid(f"Say which DNA the positive control is; genotypes are known of {known}.")
    demand_usable(tx, stage, details.lots, details.instrument)


@command(Permission.BATCH_RUN)
def give_up(tx: Transaction, batch: UUID, reason: str) -> Batch:
    """A draft that is not worked after all; its tubes are free again."""
    draft = demand_draft(tx, batch)
    for well in wells_of(tx, batch):
        tx.change(well, spot=None, claim=None)
    return tx.void(draft, reason)


@command(Permission.BATCH_RUN)
def lock_batch(tx: Transaction, id: UUID) -> Batch:
    """Freeze the layout: every tube scanned, every control in its place, lots and instrument in date."""
    draft = demand_draft(tx, id)
    wells = wells_of(tx, id)
    _demand_complete(draft, wells)
    demand_usable(tx, draft.stage, draft.lots, draft.instrument, complete=True)
    for well in wells:
        tx.change(well, state=WellState.LOCKED)
    if draft.repeats is not None:
        failed = tx.get(Batch, draft.repeats)
        if failed.state is BatchState.FAILED:
            tx.change(failed, state=BatchState.REPEATED)
    return tx.change(draft, state=BatchState.LOCKED, locked_at=tx.now, set_up_by=tx.me)


def _demand_complete(batch: Batch, wells: Sequence[Well]) -> None:
    waiting = [well.position for well in wells if well.state is WellState.PLACED]
    if waiting:
        raise Refused(f"{len(waiting)} tubes are not scanned yet; the next is {waiting[0]}.")
    roles = {well.role for well in wells}
    if WellRole.SAMPLE not in roles:
        raise Refused("There is no tube on the plate; scan the first.")
    needed = set(OWN_CONTROLS[batch.stage])
    if batch.stage is Stage.DETECTION:
        needed |= {WellRole.NEGATIVE, WellRole.POSITIVE}
    needed |= {WellRole.BLANK} & CARRIED[batch.stage]
    missing = sorted(needed - roles)
    if missing:
        raise Refused(f"The {missing[0]} is missing on the plate; without it no result can be believed.")


@command(Permission.BATCH_RUN)
def start_batch(tx: Transaction, id: UUID) -> Batch:
    """The work begins; lots and instrument are looked at once more."""
    batch = tx.get(Batch, id)
    demand_usable(tx, batch.stage, batch.lots, batch.instrument, complete=True)
    return tx.change(batch, state=BatchState.RUNNING)


@command(Permission.BATCH_RELEASE)
def release_batch(tx: Transaction, id: UUID) -> Batch:
    """Another person than who set it up: from now on the next stage may take its wells, and profiles are reviewed."""
    batch = tx.get(Batch, id)
    wells = wells_of(tx, id)
    waiting = [well.position for well in wells if well.state is WellState.QUARANTINED]
    if waiting:
        raise Refused(
            f"{', '.join(waiting)} stands in quarantine: every well waits until the quality manager has decided."
        )
    released = tx.change(batch, state=BatchState.RELEASED, released_by=tx.me, released_at=tx.now)
    free_tubes(tx, wells)
    held = tx.find(Profile, id=[w.profile for w in wells if w.profile], state=ProfileState.HELD)
    for profile in held:
        tx.change(profile, state=ProfileState.IMPORTED)
    for sample in tx.find(Sample, id=[profile.sample for profile in held]):
        if sample.state in (SampleState.ACCESSIONED, SampleState.FAILED):
            tx.change(sample, state=SampleState.PROFILED)
    return released


@command(Permission.BATCH_RELEASE)
def fail_batch(tx: Transaction, id: UUID, reason: str) -> Batch:
    """The batch can't be trusted (an instrument broke down, a plate fell): every well is blocked."""
    if not reason.strip():
        raise Invalid("Say why the batch can't be trusted.")
    return block(tx, tx.get(Batch, id), reason.strip(), NonconformityKind.OTHER)


def free_tubes(tx: Transaction, wells: Sequence[Well]) -> None:
    """The tubes of a batch that is over may go into another."""
    for well in wells:
        if well.claim is not None:
            tx.change(well, claim=None)


def block(
    tx: Transaction,
    batch: Batch,
    reason: str,
    kind: NonconformityKind = NonconformityKind.CONTROL,
    roles: Sequence[WellRole] = (),
) -> Batch:
    """Fail a batch: every well blocked with the reason, a nonconformity opened, the repeat planned.

    `roles` are the controls that failed; the repeat begins where the earliest of them was added.
    """
    failed = tx.change(batch, state=BatchState.FAILED, failure=reason)
    blocked = []
    for well in wells_of(tx, batch.id):
        blocked.append(tx.change(well, state=WellState.BLOCKED, claim=None))
    held = tx.find(Profile, id=[w.profile for w in blocked if w.profile], state=ProfileState.HELD)
    for profile in held:
        tx.change(profile, state=ProfileState.WITHDRAWN, note=f"{batch.number} failed: {reason}")
    open_one(tx, kind, reason, batch=batch.id, caused_by=batch.set_up_by)
    plan_repeat(tx, failed, [well for well in blocked if well.role is WellRole.SAMPLE], roles)
    return failed


@dataclass(frozen=True, slots=True)
class Attempt:
    """One stage that a sample went through: in which batch and well."""

    batch: Batch
    well: Well


@query(Permission.PROFILE_READ)
def attempts(tx: Transaction, sample: UUID) -> tuple[Attempt, ...]:
    """All laboratory work on a sample, in the order in which it was done."""
    wells = tx.find(Well, sample=sample, voided_at=None)
    known = {batch.id: batch for batch in tx.find(Batch, id=[well.batch for well in wells], voided_at=None)}
    return tuple(Attempt(known[well.batch], well) for well in wells if well.batch in known)
