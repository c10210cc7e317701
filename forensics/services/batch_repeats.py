"""The repeat of a failed batch: a draft of its blocked samples, from the stage where the failed control was added.

An allele in the negative control came with the amplification, so repeating the detection would show it again.
"""

from collections.abc import Sequence
from uuid import UUID

from forensics.domain.laboratory import ORDER, ORIGIN, Batch, Stage, Well, WellRole
from forensics.domain.samples import Sample
from forensics.persistence.transaction import Transaction
from forensics.services.batch_plates import claim_of, place_own_controls, place_well


def plan_repeat(
    tx: Transaction,
    failed: Batch,
    wells: Sequence[Well],
    roles: Sequence[WellRole] = (),
    *,
    from_start: bool = False,
) -> Batch | None:
    """A draft with the tubes of these wells, linked to the failed batch; None where no tube is free for it.

    Its lots and instrument are left open, because those of today have to be named.
    """
    stage = Stage.EXTRACTION if from_start else _stage(failed, roles)
    earlier = _at_stage(tx, failed, wells, stage)
    free = [well for well in earlier if not _is_held(tx, stage, well)]
    if not free:
        return None
    model = tx.get(Batch, free[0].batch)
    draft = tx.add(
        Batch(
            operation=model.operation,
            stage=stage,
            kit=model.kit,
            protocol=model.protocol,
            protocol_version=model.protocol_version,
            repeats=failed.id,
            set_up_by=tx.me,
        )
    )
    positive = tx.one(Well, batch=model.id, role=WellRole.POSITIVE, voided_at=None)
    samples = {s.id: s for s in tx.find(Sample, id=[well.sample for well in free])}
    before = {w.id: w for w in tx.find(Well, id=[well.before for well in free if well.before])}
    for well in free:
        assert well.sample is not None
        place_well(
            tx, draft, samples[well.sample], before[well.before] if well.before else None, well.position
        )
    place_own_controls(tx, draft, positive.control if positive else "")
    return draft


def _stage(failed: Batch, roles: Sequence[WellRole]) -> Stage:
    """The earliest stage at which one of the failed controls was added, not later than the batch's own."""
    origins = [ORIGIN[role] for role in roles]
    return min([failed.stage, *origins], key=ORDER.index)


def _at_stage(tx: Transaction, failed: Batch, wells: Sequence[Well], stage: Stage) -> list[Well]:
    """The wells of that stage from which these came."""
    found, at = list(wells), failed.stage
    while at is not stage and at.before is not None:
        found = tx.find(Well, id=[well.before for well in found if well.before is not None])
        at = at.before
    return found


def _is_held(tx: Transaction, stage: Stage, well: Well) -> bool:
    tube: UUID | None = well.before or well.sample
    return tube is None or tx.one(Well, claim=claim_of(stage, tube)) is not None
