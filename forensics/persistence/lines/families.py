"""Missing persons and families, with and without names: how the rows of their lists are made."""

import sqlalchemy as sa

from forensics.domain import lines
from forensics.domain.profiles import ProfileState
from forensics.persistence.lines.tables import (
    donor,
    family,
    hypothesis,
    missing,
    number_of,
    profile,
    sample,
    standing,
)
from forensics.persistence.lists import ListSpec, columns_of

_donor_typed = donor.join(sample, sample.c.donor == donor.c.id).join(profile, profile.c.sample == sample.c.id)
_typed_donors = (
    sa.select(sa.func.count(sa.distinct(donor.c.id)))
    .select_from(_donor_typed)
    .where(
        donor.c.family == family.c.id,
        (profile.c.state + "") == str(ProfileState.ACCEPTED),
        standing(donor),
    )
    .correlate(family)
    .scalar_subquery()
)
MISSING = ListSpec(
    lines.MissingLine,
    columns_of(
        lines.MissingLine,
        missing,
        name=missing.c.given_names + " " + missing.c.family_names,
        family_number=family.c.number,
        donors=number_of(donor, donor.c.family == family.c.id, standing(donor)),
        references=_typed_donors,
        confirmed=family.c.confirmed_by.is_not(None),
        candidates=number_of(hypothesis, hypothesis.c.missing_person == missing.c.id, standing(hypothesis)),
    ),
    missing.join(family, missing.c.family == family.c.id),
    (),
    {
        "operation": missing.c.operation,
        "state": missing.c.state,
        "sex": missing.c.sex,
        "family": missing.c.family,
        "confirmed": family.c.confirmed_by.is_not(None),
    },
    (standing(missing),),
    entries=(missing.c.id, missing.c.family),
)
_NOTHING = sa.literal("")
MISSING_BLIND = ListSpec(
    lines.MissingLine,
    {**MISSING.columns, "name": _NOTHING, "original_name": _NOTHING, "last_place": _NOTHING},
    MISSING.joined,
    (missing.c.number, missing.c.token, family.c.number, family.c.external_number),
    MISSING.filters,
    MISSING.where,
)
"""The same list for those who may not read names: neither shown nor searched."""

FAMILIES = ListSpec(
    lines.FamilyLine,
    columns_of(
        lines.FamilyLine,
        family,
        missing=number_of(missing, missing.c.family == family.c.id, standing(missing)),
        donors=number_of(donor, donor.c.family == family.c.id, standing(donor)),
        typed=_typed_donors,
        confirmed=family.c.confirmed_by.is_not(None),
        candidates=number_of(hypothesis, hypothesis.c.family == family.c.id, standing(hypothesis)),
    ),
    family,
    (),
    {"operation": family.c.operation, "confirmed": family.c.confirmed_by.is_not(None)},
    (standing(family),),
    entries=(family.c.id,),
)
FAMILIES_BLIND = ListSpec(
    lines.FamilyLine,
    {**FAMILIES.columns, "title": _NOTHING},
    FAMILIES.joined,
    (family.c.number, family.c.external_number),
    FAMILIES.filters,
    FAMILIES.where,
)
"""The same list for those who may not read names; a title may be one."""
