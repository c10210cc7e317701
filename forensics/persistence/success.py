"""How often samples of remains gave a profile, counted by what they were cut from and how they were worked on."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from forensics.domain.laboratory import Batch, BatchState, Stage, Well
from forensics.domain.profiles import Profile, ProfileState
from forensics.domain.remains import ItemState, RemainsItem
from forensics.domain.samples import Sample, SampleState
from forensics.persistence.tables import TABLES
from forensics.persistence.transaction import Transaction

_item, _sample, _profile = TABLES[RemainsItem], TABLES[Sample], TABLES[Profile]
_well, _batch = TABLES[Well], TABLES[Batch]
_OPEN = (str(ProfileState.QUARANTINED), str(ProfileState.HELD))
"""Not decided yet: neither a success nor a failure."""

Count = tuple[str, int, int, float | None]
"""Group, samples tried, samples that worked, mean mass cut in mg (None where none was weighed)."""


def counted(tx: Transaction, group: str, operation: UUID | None, loci: int) -> list[Count]:
    """Counts of each `element`, `preservation` or `method`; a sample worked when a profile has `loci` or more."""
    tried = _tried(operation, loci).subquery()
    key = tried.c[group]
    rows = tx.connection.execute(
        sa.select(key, sa.func.count(), sa.func.sum(tried.c.worked), sa.func.avg(tried.c.mass))
        .group_by(key)
        .order_by(key)
    )
    return [(name or "", tried_, int(worked), mass) for name, tried_, worked, mass in rows]


def _tried(operation: UUID | None, loci: int) -> sa.Select[Any]:
    """One row for each sample of remains that was tried: it failed, or it has a profile of which something is known."""
    own = (_profile.c.sample == _sample.c.id, _profile.c.voided_at.is_(None), _profile.c.state.not_in(_OPEN))
    any_profile = sa.exists().where(*own)
    good = sa.exists().where(*own, _profile.c.loci >= loci, _profile.c.state != str(ProfileState.WITHDRAWN))
    method = (
        sa.select(sa.func.max(_batch.c.protocol))
        .select_from(_well.join(_batch, _well.c.batch == _batch.c.id))
        .where(
            _well.c.sample == _sample.c.id,
            _batch.c.stage == str(Stage.EXTRACTION),
            _batch.c.state == str(BatchState.RELEASED),
        )
        .scalar_subquery()
    )
    conditions = [
        _sample.c.voided_at.is_(None),
        sa.or_(_sample.c.state == str(SampleState.FAILED), any_profile),
    ]
    if operation is not None:
        conditions.append(_sample.c.operation == operation)
    return (
        sa.select(
            _item.c.element.label("element"),
            _item.c.preservation.label("preservation"),
            method.label("method"),
            _sample.c.mass_mg.label("mass"),
            sa.case((good, 1), else_=0).label("worked"),
        )
        .select_from(_sample.join(_item, _sample.c.item == _item.c.id))
        .where(*conditions)
    )


def unsampled(tx: Transaction, operation: UUID | None, most: int) -> list[RemainsItem]:
    """Items from which nothing was cut yet and whose examination is open, the first of each case first."""
    open_states = (
        ItemState.REGISTERED,
        ItemState.ACCEPTED,
        ItemState.UNDER_EXAMINATION,
        ItemState.INVENTORIED,
        ItemState.REVIEWED,
    )
    conditions = [
        _item.c.voided_at.is_(None),
        _item.c.element != "",
        _item.c.state.in_([str(state) for state in open_states]),
        ~sa.exists().where(_sample.c.item == _item.c.id, _sample.c.voided_at.is_(None)),
    ]
    if operation is not None:
        conditions.append(_item.c.operation == operation)
    ids = tx.connection.scalars(sa.select(_item.c.id).where(*conditions).order_by(_item.c.number).limit(most))
    found = list(ids)
    return tx.find(RemainsItem, id=found, order="number") if found else []
