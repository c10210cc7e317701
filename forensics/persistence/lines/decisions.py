"""Matches, associations, identifications, reports and sites: how the rows of their lists are made."""

import sqlalchemy as sa

from forensics.domain import lines
from forensics.domain.remains import Association
from forensics.persistence.lines.tables import (
    case,
    event,
    family,
    hypothesis,
    identification,
    item,
    missing,
    number_of,
    person,
    report,
    site,
    standing,
)
from forensics.persistence.lists import ListSpec, columns_of
from forensics.persistence.tables import TABLES

HYPOTHESES = ListSpec(
    lines.HypothesisLine,
    columns_of(
        lines.HypothesisLine,
        hypothesis,
        item_number=item.c.number,
        item_external=item.c.external_number,
        missing_number=missing.c.number,
        family_number=family.c.number,
        family_external=family.c.external_number,
    ),
    hypothesis.join(item, hypothesis.c.item == item.c.id)
    .join(missing, hypothesis.c.missing_person == missing.c.id)
    .join(family, hypothesis.c.family == family.c.id),
    (missing.c.number, family.c.number, family.c.external_number),
    {
        "operation": hypothesis.c.operation,
        "state": hypothesis.c.state,
        "item": hypothesis.c.item,
        "missing_person": hypothesis.c.missing_person,
        "family": hypothesis.c.family,
        "screening": hypothesis.c.screening,
    },
    (standing(hypothesis),),
    sort="log10_lr",
    entries=(hypothesis.c.id, hypothesis.c.item),
)

_association = TABLES[Association]
_first, _second = item.alias("first_item"), item.alias("second_item")
_suggested, _decided = person.alias("suggested"), person.alias("decided")
ASSOCIATIONS = ListSpec(
    lines.AssociationLine,
    columns_of(
        lines.AssociationLine,
        _association,
        first_number=_first.c.number,
        first_element=_first.c.element,
        first_side=_first.c.side,
        second_number=_second.c.number,
        second_element=_second.c.element,
        second_side=_second.c.side,
        proposed_by=_suggested.c.name,
        decided_by=_decided.c.name,
    ),
    _association.join(_first, _association.c.first == _first.c.id)
    .join(_second, _association.c.second == _second.c.id)
    .join(_suggested, _association.c.proposed_by == _suggested.c.id)
    .outerjoin(_decided, _association.c.decided_by == _decided.c.id),
    (),
    {
        "operation": _first.c.operation,
        "state": _association.c.state,
        "basis": _association.c.basis,
    },
    (standing(_association),),
    entries=(_association.c.id, _association.c.first, _association.c.second),
)

_proposer, _confirmer = person.alias("proposer"), person.alias("confirmer")
IDENTIFICATIONS = ListSpec(
    lines.IdentificationLine,
    columns_of(
        lines.IdentificationLine,
        identification,
        missing_number=missing.c.number,
        name=missing.c.given_names + " " + missing.c.family_names,
        item_number=item.c.number,
        proposed_by=_proposer.c.name,
        confirmed_by=_confirmer.c.name,
    ),
    identification.join(missing, identification.c.missing_person == missing.c.id)
    .join(item, identification.c.item == item.c.id)
    .join(_proposer, identification.c.proposed_by == _proposer.c.id)
    .outerjoin(_confirmer, identification.c.confirmed_by == _confirmer.c.id),
    (),
    {"operation": identification.c.operation, "state": identification.c.state},
    (standing(identification),),
    entries=(identification.c.id, identification.c.missing_person, identification.c.item),
)

_author, _authoriser = person.alias("author"), person.alias("authoriser")
REPORTS = ListSpec(
    lines.ReportLine,
    columns_of(lines.ReportLine, report, author=_author.c.name, authoriser=_authoriser.c.name),
    report.join(_author, report.c.author == _author.c.id)
    .outerjoin(_authoriser, report.c.authoriser == _authoriser.c.id)
    .outerjoin(hypothesis, report.c.hypothesis == hypothesis.c.id)
    .outerjoin(identification, report.c.identification == identification.c.id),
    (report.c.number, report.c.title, report.c.kind, _author.c.name),
    {
        "operation": sa.func.coalesce(hypothesis.c.operation, identification.c.operation),
        "state": report.c.state,
        "kind": report.c.kind,
        "hypothesis": report.c.hypothesis,
        "identification": report.c.identification,
    },
    (standing(report),),
)

SITES = ListSpec(
    lines.SiteLine,
    columns_of(
        lines.SiteLine,
        site,
        event=event.c.title,
        cases=number_of(case, case.c.site == site.c.id, standing(case)),
    ),
    site.outerjoin(event, site.c.event == event.c.id),
    (site.c.number, site.c.title, event.c.title),
    {"operation": site.c.operation, "state": site.c.state},
    (standing(site),),
)
