"""Cases, deliveries, items and individuals: how the rows of their lists are made."""

from typing import Any

import sqlalchemy as sa

from forensics.domain import lines
from forensics.domain.deliveries import Delivery, Discrepancy, DiscrepancyState
from forensics.domain.examinations import ExaminationState
from forensics.domain.remains import ItemState
from forensics.persistence.lines.tables import (
    case,
    examination,
    hypothesis,
    in_use,
    individual,
    item,
    item_hypothesis,
    item_place,
    item_profile,
    item_sample,
    items_with,
    number_of,
    place,
    profile,
    sample,
    site,
    standing,
)
from forensics.persistence.lists import ListSpec, columns_of
from forensics.persistence.tables import TABLES


def _at(what: Any) -> Any:
    """Of the places where a case's items are."""
    return (
        sa.select(what).select_from(item_place).where(item.c.case == case.c.id, standing(item))
    ).scalar_subquery()


CASES = ListSpec(
    lines.CaseLine,
    columns_of(
        lines.CaseLine,
        case,
        site=site.c.title,
        items=number_of(item, item.c.case == case.c.id, standing(item)),
        examinations=number_of(examination, examination.c.case == case.c.id, standing(examination)),
        examined=number_of(
            examination,
            examination.c.case == case.c.id,
            examination.c.state != str(ExaminationState.DRAFT),
            standing(examination),
        ),
        place=_at(sa.func.min(place.c.name)),
        places=_at(sa.func.count(sa.distinct(place.c.id))),
        sampled=items_with(item_sample, item.c.case == case.c.id, standing(sample)),
        profiled=items_with(item_profile, item.c.case == case.c.id, in_use),
        candidates=number_of(item, item.c.case == case.c.id, standing(hypothesis), among=item_hypothesis),
        identified=number_of(item, item.c.case == case.c.id, item.c.state == str(ItemState.IDENTIFIED)),
    ),
    case.outerjoin(site, case.c.site == site.c.id),
    (),
    {
        "operation": case.c.operation,
        "site": case.c.site,
        "delivery": case.c.delivery,
        "description": case.c.description,
        "draft": sa.exists().where(
            examination.c.case == case.c.id,
            examination.c.state == str(ExaminationState.DRAFT),
            standing(examination),
        ),
    },
    (standing(case),),
    entries=(case.c.id,),
)

_delivery, _discrepancy = TABLES[Delivery], TABLES[Discrepancy]
DELIVERIES = ListSpec(
    lines.DeliveryLine,
    columns_of(
        lines.DeliveryLine,
        _delivery,
        cases=number_of(case, case.c.delivery == _delivery.c.id, standing(case)),
        items=number_of(
            item,
            case.c.delivery == _delivery.c.id,
            standing(item),
            among=item.join(case, item.c.case == case.c.id),
        ),
        open=number_of(
            _discrepancy,
            _discrepancy.c.delivery == _delivery.c.id,
            _discrepancy.c.state == str(DiscrepancyState.OPEN),
            standing(_discrepancy),
        ),
    ),
    _delivery,
    (),
    {"operation": _delivery.c.operation, "state": _delivery.c.state},
    (standing(_delivery),),
    entries=(_delivery.c.id,),
)

_of_item = sample.join(profile, profile.c.sample == sample.c.id)
ITEMS = ListSpec(
    lines.ItemLine,
    columns_of(
        lines.ItemLine,
        item,
        case_number=case.c.number,
        place=place.c.name,
        individual=individual.c.number,
        examined=number_of(
            examination,
            examination.c.case == item.c.case,
            examination.c.state != str(ExaminationState.DRAFT),
            standing(examination),
        ),
        samples=number_of(sample, sample.c.item == item.c.id, standing(sample)),
        profiles=number_of(sample, sample.c.item == item.c.id, in_use, among=_of_item),
        candidates=number_of(hypothesis, hypothesis.c.item == item.c.id, standing(hypothesis)),
    ),
    item.join(case, item.c.case == case.c.id)
    .outerjoin(place, item.c.place == place.c.id)
    .outerjoin(individual, item.c.individual == individual.c.id),
    (),
    {
        "operation": item.c.operation,
        "case": item.c.case,
        "state": item.c.state,
        "custody": item.c.custody,
        "element": item.c.element,
        "individual": item.c.individual,
        "kind": item.c.kind,
    },
    (standing(item),),
    entries=(item.c.id,),
)

INDIVIDUALS = ListSpec(
    lines.IndividualLine,
    columns_of(
        lines.IndividualLine,
        individual,
        items=number_of(item, item.c.individual == individual.c.id, standing(item)),
        sampled=items_with(item_sample, item.c.individual == individual.c.id, standing(sample)),
        profiled=items_with(item_profile, item.c.individual == individual.c.id, in_use),
        candidates=number_of(
            item,
            item.c.individual == individual.c.id,
            standing(hypothesis),
            among=item_hypothesis,
        ),
        identified=number_of(
            item, item.c.individual == individual.c.id, item.c.state == str(ItemState.IDENTIFIED)
        ),
    ),
    individual,
    (),
    {"operation": individual.c.operation},
    (
        standing(individual),
        sa.exists().where(item.c.individual == individual.c.id, standing(item)),
    ),
    entries=(individual.c.id,),
)
"""Those who still have items; an association that was undone may leave an individual without."""
