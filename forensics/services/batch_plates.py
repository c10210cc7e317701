"""The plate of a draft: tubes placed and verified by their scan, controls brought along, one tube in one batch.

The next position is offered: first those whose tube still waits to be scanned, then the free ones column after
column. Nothing is placed twice; the database holds the position and the tube for one well alone.
"""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from forensics.domain.errors import Invalid, Refused
from forensics.domain.laboratory import (
    CARRIED,
    OWN_CONTROLS,
    POSITIONS,
    Batch,
    BatchState,
    Stage,
    Well,
    WellRole,
    WellState,
    canonical_position,
)
from forensics.domain.people import Permission
from forensics.domain.remains import CustodyState
from forensics.domain.samples import Sample, SampleState
from forensics.persistence.transaction import Transaction
from forensics.services.door import command
from forensics.services.samples import sample_of_token

HERE = (SampleState.ACCESSIONED, SampleState.PROFILED, SampleState.FAILED, SampleState.RETAINED)
"""States of a sample that can be extracted."""


def wells_of(tx: Transaction, batch: UUID) -> list[Well]:
    """The wells of a plate in the order of their positions."""
    found = tx.find(Well, batch=batch, voided_at=None)
    return sorted(found, key=lambda well: POSITIONS.index(well.position))


def offered(wells: Sequence[Well]) -> str | None:
    """The position for the next scan: the first that waits for its tube, else the first that is free."""
    waiting = next((well.position for well in wells if well.state is WellState.PLACED), None)
    taken = {well.position for well in wells}
    return waiting or next((position for position in POSITIONS if position not in taken), None)


@command(Permission.BATCH_RUN)
def scan_tube(tx: Transaction, batch: UUID, token: str, position: str = "") -> Well:
    """A tube was scanned at a position (the offered one if none is named): placed there, or verified.

    The wrong tube is refused with the tube that belongs there.
    """
    tx.alone()
    draft = demand_draft(tx, batch)
    sample = sample_of_token(tx, token)
    wells = wells_of(tx, batch)
    at = _position(position) if position else offered(wells)
    if at is None:
        raise Refused(f"The plate of {draft.number} is full; lock it and put the tube on the next.")
    here = next((well for well in wells if well.position == at), None)
    mine = next((well for well in wells if well.sample == sample.id), None)
    if here is None and mine is None:
        return _place(tx, draft, sample, at, wells)
    if here is None or mine is None or here.id != mine.id:
        raise Refused(_wrong_tube(tx, sample, at, here, mine))
    return tx.change(here, state=WellState.VERIFIED)


def _position(text: str) -> str:
    found = canonical_position(text)
    if found is None:
        raise Invalid(f"“{text}” is no position of the plate; they run from A1 to H12.")
    return found


def _wrong_tube(tx: Transaction, sample: Sample, at: str, here: Well | None, mine: Well | None) -> str:
    belongs = f"it belongs in {mine.position}" if mine else "it stands nowhere on this plate"
    if here is None:
        return f"The tube {sample.token} is already on the plate: {belongs}."
    if here.sample is None:
        return f"{at} holds the {here.role}, no tube; {sample.token}: {belongs}."
    right = tx.get(Sample, here.sample).token
    return f"Wrong tube: {at} is for {right}. You scanned {sample.token}; {belongs}."


@command(Permission.BATCH_RUN)
def fill_plate(tx: Transaction, batch: UUID, source: UUID | None = None) -> list[Well]:
    """Place what waits: the released wells of the stage before (of one batch, or all), or samples to extract.

    Each tube must still be scanned at its position before the batch can be locked.
    """
    tx.alone()
    draft = demand_draft(tx, batch)
    wells = wells_of(tx, batch)
    waiting = waiting_wells(tx, draft, source)
    tubes: list[tuple[Sample, Well | None]] = (
        [(sample, None) for sample in _waiting_samples(tx, draft)] if waiting is None else [*waiting]
    )
    placed: list[Well] = []
    for sample, before in tubes:
        at = _free_position(wells + placed, before.position if before else "")
        if at is None:
            break
        placed.append(_new_well(tx, draft, sample, before, at, WellState.PLACED))
        placed += _bring_controls(tx, draft, before, wells + placed)
    if not placed:
        what = f"released wells of the {draft.stage.before}" if draft.stage.before else "samples to extract"
        raise Refused(f"There are no {what} that wait for this batch.")
    return placed


@command(Permission.BATCH_RUN)
def clear_well(tx: Transaction, well: UUID) -> Well:
    """Take a tube or control off the plate of a draft."""
    found = tx.get(Well, well)
    demand_draft(tx, found.batch)
    return tx.change(
        found,
        spot=None,
        claim=None,
        voided_at=tx.now,
        voided_by=tx.me,
        void_reason="taken off the plate of the draft",
    )


def demand_draft(tx: Transaction, batch: UUID) -> Batch:
    """The batch, if its layout may still change."""
    found = tx.get(Batch, batch)
    if found.voided_at is not None:
        raise Refused(f"{found.number} was given up.")
    if found.state is not BatchState.DRAFT:
        raise Refused(f"{found.number} is {found.state}: its layout is frozen.")
    return found


def place_own_controls(tx: Transaction, batch: Batch, control: str) -> list[Well]:
    """The controls that the stage adds, in the last free positions."""
    wells = wells_of(tx, batch.id)
    for role in OWN_CONTROLS[batch.stage]:
        at = _last_free(wells)
        dna = control if role is WellRole.POSITIVE else ""
        wells.append(_add(tx, batch, at, role, WellState.VERIFIED, control=dna))
    return wells


def place_well(tx: Transaction, batch: Batch, sample: Sample, before: Well | None, wanted: str) -> list[Well]:
    """A tube in the wanted position or the first free one, still to be scanned, with the controls it brings."""
    wells = wells_of(tx, batch.id)
    at = _free_position(wells, wanted)
    if at is None:
        raise Refused(f"The plate of {batch.number} is full.")
    placed = _new_well(tx, batch, sample, before, at, WellState.PLACED)
    return [placed, *_bring_controls(tx, batch, before, [*wells, placed])]


def waiting_wells(
    tx: Transaction, batch: Batch, source: UUID | None = None, samples: Sequence[UUID] = ()
) -> list[tuple[Sample, Well]] | None:
    """Passed wells of released batches of the stage before that no open batch holds; None for the first stage.

    `source` narrows to one batch, `samples` to some tubes. In the order of the batches and their plates.
    """
    if batch.stage.before is None:
        return None
    chosen: dict[str, Any] = {"id": source} if source is not None else {}
    sources = tx.find(
        Batch, operation=batch.operation, stage=batch.stage.before, state=BatchState.RELEASED, **chosen
    )
    asked: dict[str, Any] = {"sample": list(samples)} if samples else {}
    found = (
        tx.find(Well, batch=[b.id for b in sources], role=WellRole.SAMPLE, state=WellState.PASSED, **asked)
        if sources
        else []
    )
    used = {well.before for well in tx.find(Well, before=[well.id for well in found], voided_at=None)}
    if not samples:  # what was taken on once waits no longer; scanned by hand it may be taken on again
        found = [well for well in found if well.id not in used]
    taken = _claimed(tx, [claim_of(batch.stage, well.id) for well in found])
    order = {one.id: place for place, one in enumerate(sources)}
    found.sort(key=lambda well: (order[well.batch], POSITIONS.index(well.position)))
    known = {sample.id: sample for sample in tx.find(Sample, id=[well.sample for well in found])}
    return [
        (known[well.sample], well)
        for well in found
        if well.sample is not None and claim_of(batch.stage, well.id) not in taken
    ]


def claim_of(stage: Stage, tube: UUID) -> str:
    """The text that only one open batch can hold: a stage and a tube (a sample, or a well of the stage before)."""
    return f"{stage}/{tube}"


def _claimed(tx: Transaction, claims: Sequence[str]) -> set[str]:
    held = tx.find(Well, claim=list(claims)) if claims else []
    return {well.claim for well in held if well.claim is not None}


def _waiting_samples(tx: Transaction, batch: Batch) -> list[Sample]:
    """Accessioned samples that were in no extraction yet."""
    found = tx.find(Sample, operation=batch.operation, state=SampleState.ACCESSIONED, voided_at=None)
    batches = tx.find(Batch, operation=batch.operation, stage=Stage.EXTRACTION, voided_at=None)
    tried = (
        tx.find(Well, batch=[b.id for b in batches], role=WellRole.SAMPLE, voided_at=None) if batches else []
    )
    seen = {well.sample for well in tried}
    return [sample for sample in found if sample.id not in seen]


def _place(tx: Transaction, batch: Batch, sample: Sample, at: str, wells: Sequence[Well]) -> Well:
    """A scanned tube in a free position, if it may be there."""
    if sample.operation != batch.operation:
        raise Refused(f"{sample.token} belongs to another operation than {batch.number}.")
    before = _tube_of(tx, batch, sample)
    well = _new_well(tx, batch, sample, before, at, WellState.VERIFIED)
    _bring_controls(tx, batch, before, [*wells, well])
    return well


def _tube_of(tx: Transaction, batch: Batch, sample: Sample) -> Well | None:
    """The newest released well of the stage before that holds the sample; None at the first stage."""
    if batch.stage is Stage.EXTRACTION:
        _demand_free(tx, claim_of(batch.stage, sample.id), sample)
        if sample.state not in HERE:
            raise Refused(f"{sample.token} is {sample.state}; only an accessioned sample can be extracted.")
        if sample.custody not in (CustodyState.IN_STORAGE, CustodyState.CHECKED_OUT):
            raise Refused(f"{sample.token} is {sample.custody}, by its custody; receive it first.")
        return None
    found = waiting_wells(tx, batch, samples=[sample.id])
    if found:
        return found[-1][1]
    for claimed in tx.find(Well, sample=sample.id, voided_at=None):
        if claimed.claim is not None and claimed.claim.startswith(f"{batch.stage}/"):
            _demand_free(tx, claimed.claim, sample)
    raise Refused(f"{sample.token} has no released {batch.stage.before}; that stage comes first.")


def _demand_free(tx: Transaction, claim: str, sample: Sample) -> None:
    held = tx.one(Well, claim=claim)
    if held is not None:
        other = tx.get(Batch, held.batch)
        raise Refused(
            f"The tube {sample.token} stands in {held.position} of {other.number}, which is {other.state}; "
            "a tube can be in one batch at a time."
        )


def _new_well(
    tx: Transaction, batch: Batch, sample: Sample, before: Well | None, at: str, state: WellState
) -> Well:
    claim = claim_of(batch.stage, before.id if before else sample.id)
    return _add(tx, batch, at, WellRole.SAMPLE, state, sample.id, before, claim=claim)


def _bring_controls(tx: Transaction, batch: Batch, before: Well | None, wells: Sequence[Well]) -> list[Well]:
    """The controls that go on with the tubes of a batch, once, in their own positions where these are free."""
    if before is None:
        return []
    here = list(wells)
    there = {well.before for well in wells}
    brought = []
    for control in wells_of(tx, before.batch):
        carried = control.role in CARRIED[batch.stage] and control.role is not WellRole.SAMPLE
        if carried and control.id not in there:
            taken = {well.position for well in here}
            at = control.position if control.position not in taken else _last_free(here)
            well = _add(
                tx, batch, at, control.role, WellState.VERIFIED, before=control, control=control.control
            )
            brought.append(well)
            here.append(well)
    return brought


def _add(
    tx: Transaction,
    batch: Batch,
    at: str,
    role: WellRole,
    state: WellState,
    sample: UUID | None = None,
    before: Well | None = None,
    *,
    control: str = "",
    claim: str | None = None,
) -> Well:
    return tx.add(
        Well(
            batch=batch.id,
            position=at,
            role=role,
            state=state,
            sample=sample,
            before=before.id if before else None,
            control=control,
            spot=f"{batch.id}/{at}",
            claim=claim,
        )
    )


def _free_position(wells: Iterable[Well], wanted: str = "") -> str | None:
    """The wanted position if it is free, else the first free one."""
    taken = {well.position for well in wells}
    if wanted and wanted not in taken:
        return wanted
    return next((position for position in POSITIONS if position not in taken), None)


def _last_free(wells: Iterable[Well]) -> str:
    taken = {well.position for well in wells}
    found = next((position for position in reversed(POSITIONS) if position not in taken), None)
    if found is None:
        raise Refused("The plate is full, and its controls need a position too; take a tube off.")
    return found
