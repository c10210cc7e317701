"""Batches, lots, instruments, elimination profiles and nonconformities: how the rows of their lists are made."""

from typing import Any

import sqlalchemy as sa

from forensics.domain import lines
from forensics.domain.laboratory import Batch, Instrument, ReagentLot, Well, WellRole, WellState
from forensics.domain.quality import EliminationProfile, Nonconformity
from forensics.persistence.lines.tables import (
    number_of,
    person,
    sample,
    standing,
)
from forensics.persistence.lists import ListSpec, columns_of
from forensics.persistence.tables import TABLES

_batch, _well = TABLES[Batch], TABLES[Well]
_lot, _instrument = TABLES[ReagentLot], TABLES[Instrument]
_elimination, _nonconformity = TABLES[EliminationProfile], TABLES[Nonconformity]
_setter, _releaser = person.alias("setter"), person.alias("releaser")
_finder, _closer = person.alias("finder"), person.alias("closer")


def _wells(*conditions: Any) -> sa.ScalarSelect[int]:
    """How many samples stand on a batch's plate."""
    return number_of(
        _well,
        _well.c.batch == _batch.c.id,
        _well.c.role == str(WellRole.SAMPLE),
        standing(_well),
        *conditions,
    )


BATCHES = ListSpec(
    lines.BatchLine,
    columns_of(
        lines.BatchLine,
        _batch,
        samples=_wells(),
        blocked=_wells(_well.c.state.in_([str(WellState.BLOCKED), str(WellState.QUARANTINED)])),
        set_up_by=_setter.c.name,
        released_by=_releaser.c.name,
    ),
    _batch.join(_setter, _batch.c.set_up_by == _setter.c.id).outerjoin(
        _releaser, _batch.c.released_by == _releaser.c.id
    ),
    (_batch.c.number, _batch.c.kit, _batch.c.protocol, _setter.c.name),
    {
        "operation": _batch.c.operation,
        "stage": _batch.c.stage,
        "state": _batch.c.state,
        "id": _batch.c.id,
    },
    (standing(_batch),),
)
LOTS = ListSpec(
    lines.LotLine,
    columns_of(lines.LotLine, _lot),
    _lot,
    (_lot.c.number, _lot.c.name, _lot.c.lot),
    {"kind": _lot.c.kind, "state": _lot.c.state, "id": _lot.c.id},
    (standing(_lot),),
)
INSTRUMENTS = ListSpec(
    lines.InstrumentLine,
    columns_of(lines.InstrumentLine, _instrument),
    _instrument,
    (_instrument.c.number, _instrument.c.name, _instrument.c.serial),
    {"kind": _instrument.c.kind, "retired": _instrument.c.retired},
    (standing(_instrument),),
)
ELIMINATION = ListSpec(
    lines.EliminationLine,
    columns_of(lines.EliminationLine, _elimination),
    _elimination,
    (_elimination.c.number, _elimination.c.token, _elimination.c.name),
    {"category": _elimination.c.category},
    (standing(_elimination),),
)
NONCONFORMITIES = ListSpec(
    lines.NonconformityLine,
    columns_of(
        lines.NonconformityLine,
        _nonconformity,
        batch_number=_batch.c.number,
        sample=sample.c.token,
        found_by=_finder.c.name,
        closed_by=_closer.c.name,
    ),
    _nonconformity.join(_finder, _nonconformity.c.found_by == _finder.c.id)
    .outerjoin(_closer, _nonconformity.c.closed_by == _closer.c.id)
    .outerjoin(_batch, _nonconformity.c.batch == _batch.c.id)
    .outerjoin(sample, _nonconformity.c.sample == sample.c.id),
    (_nonconformity.c.number, _nonconformity.c.what, _batch.c.number, sample.c.token),
    {
        "state": _nonconformity.c.state,
        "kind": _nonconformity.c.kind,
        "batch": _nonconformity.c.batch,
    },
    (standing(_nonconformity),),
)
