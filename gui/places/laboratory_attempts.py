"""On the page of a sample: the batches that it went through, stage after stage."""

from __future__ import annotations

from uuid import UUID

from forensics.domain.people import Permission
from gui.ahead import Ahead
from gui.context import Context, Ref
from gui.places.laboratory_words import batch_mark, in_short, said, say, well_mark
from gui.places.remains_parts import link
from gui.widgets.record import Fact, RecordPage


def ask_attempts_ahead(ahead: Ahead, sample: UUID) -> None:
    from forensics.services.batches import attempts

    ahead.ask(attempts, sample)


def attempts_section(page: RecordPage, context: Context, sample: UUID) -> None:
    """Nothing where the sample was in no batch, or the person does not read batches."""
    from forensics.services.batches import attempts

    found = context.query(attempts, sample) if context.has(Permission.PROFILE_READ) else None
    if not found:
        return
    page.section(say("Laboratory work")).table(
        [say("Stage"), say("Batch"), say("Well"), say("Standing"), say("Result")],
        [
            (
                said(one.batch.stage),
                link(one.batch.number, context, "laboratory", Ref("batch", one.batch.id, one.batch.number)),
                Fact(one.well.position, mono=True),
                well_mark(one.well.state)
                if one.well.finding or one.batch.released_by
                else batch_mark(one.batch.state),
                one.well.finding or in_short(one.well) or None,
            )
            for one in found
        ],
    )
