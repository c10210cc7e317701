"""Samples and profiles: how the rows of their lists are made."""

import sqlalchemy as sa

from forensics.domain import lines
from forensics.persistence.lines.tables import (
    donor,
    in_use,
    item,
    person,
    place,
    profile,
    sample,
    source,
    standing,
)
from forensics.persistence.lists import ListSpec, columns_of

_latest_profile = (
    sa.select(profile.c.id)
    .where(profile.c.sample == sample.c.id, in_use)
    .order_by(profile.c.id.desc())
    .limit(1)
    .correlate(sample)
    .scalar_subquery()
)
SAMPLES = ListSpec(
    lines.SampleLine,
    columns_of(
        lines.SampleLine,
        sample,
        source=sa.func.coalesce(item.c.number, donor.c.token),
        reference=sample.c.donor.is_not(None),
        place=place.c.name,
        loci=profile.c.loci,
        profile=profile.c.state,
        profile_id=profile.c.id,
    ),
    sample.outerjoin(item, sample.c.item == item.c.id)
    .outerjoin(donor, sample.c.donor == donor.c.id)
    .outerjoin(place, sample.c.place == place.c.id)
    .outerjoin(profile, profile.c.id == _latest_profile),
    (),
    {
        "operation": sample.c.operation,
        "state": sample.c.state,
        "kind": sample.c.kind,
        "custody": sample.c.custody,
        "reference": sample.c.donor.is_not(None),
        "item": sample.c.item,
        "profile": profile.c.state,
        "id": sample.c.id,
    },
    (standing(sample),),
    entries=(sample.c.id,),
)

PROFILES = ListSpec(
    lines.ProfileLine,
    columns_of(
        lines.ProfileLine,
        profile,
        sample=sample.c.token,
        source=sa.func.coalesce(item.c.number, donor.c.token),
        reference=sample.c.donor.is_not(None),
        imported_by=person.c.name,
        file_name=source.c.file_name,
    ),
    profile.join(sample, profile.c.sample == sample.c.id)
    .join(source, profile.c.source == source.c.id)
    .join(person, profile.c.imported_by == person.c.id)
    .outerjoin(item, sample.c.item == item.c.id)
    .outerjoin(donor, sample.c.donor == donor.c.id),
    (),
    {
        "operation": profile.c.operation,
        "state": profile.c.state,
        "reference": sample.c.donor.is_not(None),
        "source": profile.c.source,
        "sample": profile.c.sample,
    },
    (standing(profile),),
    entries=(profile.c.id, profile.c.sample, profile.c.source),
)
