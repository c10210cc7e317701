"""The lists of `domain.lines`: from which tables each row is made."""

from typing import Any

import sqlalchemy as sa

from forensics.domain import lines
from forensics.domain.custody import StorageLocation
from forensics.domain.deliveries import Delivery, Discrepancy, DiscrepancyState
from forensics.domain.documents import Report
from forensics.domain.examinations import Examination, ExaminationState
from forensics.domain.families import Donor, Family, MissingPerson
from forensics.domain.identifications import Identification
from forensics.domain.laboratory import Batch, Instrument, ReagentLot, Well, WellRole, WellState
from forensics.domain.matching import Hypothesis
from forensics.domain.operations import Event, Site
from forensics.domain.people import Person
from forensics.domain.profiles import Profile, ProfileImport, ProfileState
from forensics.domain.quality import EliminationProfile, Nonconformity
from forensics.domain.remains import Association, Individual, ItemState, RemainsCase, RemainsItem
from forensics.domain.samples import Sample
from forensics.persistence.lists import ListSpec, columns_of
from forensics.persistence.tables import TABLES

_case, _item, _sample = TABLES[RemainsCase], TABLES[RemainsItem], TABLES[Sample]
_profile, _import, _site, _event = TABLES[Profile], TABLES[ProfileImport], TABLES[Site], TABLES[Event]
_family, _missing, _donor = TABLES[Family], TABLES[MissingPerson], TABLES[Donor]
_hypothesis, _identification, _report = TABLES[Hypothesis], TABLES[Identification], TABLES[Report]
_examination, _individual, _place = TABLES[Examination], TABLES[Individual], TABLES[StorageLocation]
_person = TABLES[Person]
_USED = sorted(str(state) for state in set(ProfileState) - {ProfileState.SUPERSEDED, ProfileState.WITHDRAWN})


_in_use = (_profile.c.state + "").in_(_USED)
"""Not by the index of the state: a database without statistics would go through all profiles for each row."""


def _number_of(table: sa.Table, *conditions: Any, among: sa.FromClause | None = None) -> sa.ScalarSelect[int]:
    return (
        sa.select(sa.func.count())
        .select_from(among if among is not None else table)
        .where(*conditions)
        .scalar_subquery()
    )


def _standing(table: sa.Table) -> sa.ColumnElement[bool]:
    return table.c.voided_at.is_(None)


_item_sample = _item.join(_sample, _sample.c.item == _item.c.id)
_item_profile = _item_sample.join(_profile, _profile.c.sample == _sample.c.id)
_item_hypothesis = _item.join(_hypothesis, _hypothesis.c.item == _item.c.id)
_item_place = _item.join(_place, _item.c.place == _place.c.id)


def _items_with(among: sa.FromClause, *conditions: Any) -> sa.ScalarSelect[int]:
    """How many items have something; each counts once."""
    counted = sa.select(sa.func.count(sa.distinct(_item.c.id))).select_from(among)
    return counted.where(*conditions).scalar_subquery()


def _at(what: Any) -> Any:
    """Of the places where a case's items are."""
    return (
        sa.select(what).select_from(_item_place).where(_item.c.case == _case.c.id, _standing(_item))
    ).scalar_subquery()


CASES = ListSpec(
    lines.CaseLine,
    columns_of(
        lines.CaseLine,
        _case,
        site=_site.c.title,
        items=_number_of(_item, _item.c.case == _case.c.id, _standing(_item)),
        examinations=_number_of(_examination, _examination.c.case == _case.c.id, _standing(_examination)),
        examined=_number_of(
            _examination,
            _examination.c.case == _case.c.id,
            _examination.c.state != str(ExaminationState.DRAFT),
            _standing(_examination),
        ),
        place=_at(sa.func.min(_place.c.name)),
        places=_at(sa.func.count(sa.distinct(_place.c.id))),
        sampled=_items_with(_item_sample, _item.c.case == _case.c.id, _standing(_sample)),
        profiled=_items_with(_item_profile, _item.c.case == _case.c.id, _in_use),
        candidates=_number_of(
            _item, _item.c.case == _case.c.id, _standing(_hypothesis), among=_item_hypothesis
        ),
        identified=_number_of(_item, _item.c.case == _case.c.id, _item.c.state == str(ItemState.IDENTIFIED)),
    ),
    _case.outerjoin(_site, _case.c.site == _site.c.id),
    (),
    {
        "operation": _case.c.operation,
        "site": _case.c.site,
        "delivery": _case.c.delivery,
        "description": _case.c.description,
        "draft": sa.exists().where(
            _examination.c.case == _case.c.id,
            _examination.c.state == str(ExaminationState.DRAFT),
            _standing(_examination),
        ),
    },
    (_standing(_case),),
    entries=(_case.c.id,),
)

_delivery, _discrepancy = TABLES[Delivery], TABLES[Discrepancy]
DELIVERIES = ListSpec(
    lines.DeliveryLine,
    columns_of(
        lines.DeliveryLine,
        _delivery,
        cases=_number_of(_case, _case.c.delivery == _delivery.c.id, _standing(_case)),
        items=_number_of(
            _item,
            _case.c.delivery == _delivery.c.id,
            _standing(_item),
            among=_item.join(_case, _item.c.case == _case.c.id),
        ),
        open=_number_of(
            _discrepancy,
            _discrepancy.c.delivery == _delivery.c.id,
            _discrepancy.c.state == str(DiscrepancyState.OPEN),
            _standing(_discrepancy),
        ),
    ),
    _delivery,
    (),
    {"operation": _delivery.c.operation, "state": _delivery.c.state},
    (_standing(_delivery),),
    entries=(_delivery.c.id,),
)

_of_item = _sample.join(_profile, _profile.c.sample == _sample.c.id)
ITEMS = ListSpec(
    lines.ItemLine,
    columns_of(
        lines.ItemLine,
        _item,
        case_number=_case.c.number,
        place=_place.c.name,
        individual=_individual.c.number,
        examined=_number_of(
            _examination,
            _examination.c.case == _item.c.case,
            _examination.c.state != str(ExaminationState.DRAFT),
            _standing(_examination),
        ),
        samples=_number_of(_sample, _sample.c.item == _item.c.id, _standing(_sample)),
        profiles=_number_of(_sample, _sample.c.item == _item.c.id, _in_use, among=_of_item),
        candidates=_number_of(_hypothesis, _hypothesis.c.item == _item.c.id, _standing(_hypothesis)),
    ),
    _item.join(_case, _item.c.case == _case.c.id)
    .outerjoin(_place, _item.c.place == _place.c.id)
    .outerjoin(_individual, _item.c.individual == _individual.c.id),
    (),
    {
        "operation": _item.c.operation,
        "case": _item.c.case,
        "state": _item.c.state,
        "custody": _item.c.custody,
        "element": _item.c.element,
        "individual": _item.c.individual,
        "kind": _item.c.kind,
    },
    (_standing(_item),),
    entries=(_item.c.id,),
)

INDIVIDUALS = ListSpec(
    lines.IndividualLine,
    columns_of(
        lines.IndividualLine,
        _individual,
        items=_number_of(_item, _item.c.individual == _individual.c.id, _standing(_item)),
        sampled=_items_with(_item_sample, _item.c.individual == _individual.c.id, _standing(_sample)),
        profiled=_items_with(_item_profile, _item.c.individual == _individual.c.id, _in_use),
        candidates=_number_of(
            _item,
            _item.c.individual == _individual.c.id,
            _standing(_hypothesis),
            among=_item_hypothesis,
        ),
        identified=_number_of(
            _item, _item.c.individual == _individual.c.id, _item.c.state == str(ItemState.IDENTIFIED)
        ),
    ),
    _individual,
    (),
    {"operation": _individual.c.operation},
    (
        _standing(_individual),
        sa.exists().where(_item.c.individual == _individual.c.id, _standing(_item)),
    ),
    entries=(_individual.c.id,),
)
"""Those who still have items; an association that was undone may leave an individual without."""

_latest_profile = (
    sa.select(_profile.c.id)
    .where(_profile.c.sample == _sample.c.id, _in_use)
    .order_by(_profile.c.id.desc())
    .limit(1)
    .correlate(_sample)
    .scalar_subquery()
)
SAMPLES = ListSpec(
    lines.SampleLine,
    columns_of(
        lines.SampleLine,
        _sample,
        source=sa.func.coalesce(_item.c.number, _donor.c.token),
        reference=_sample.c.donor.is_not(None),
        place=_place.c.name,
        loci=_profile.c.loci,
        profile=_profile.c.state,
        profile_id=_profile.c.id,
    ),
    _sample.outerjoin(_item, _sample.c.item == _item.c.id)
    .outerjoin(_donor, _sample.c.donor == _donor.c.id)
    .outerjoin(_place, _sample.c.place == _place.c.id)
    .outerjoin(_profile, _profile.c.id == _latest_profile),
    (),
    {
        "operation": _sample.c.operation,
        "state": _sample.c.state,
        "kind": _sample.c.kind,
        "custody": _sample.c.custody,
        "reference": _sample.c.donor.is_not(None),
        "item": _sample.c.item,
        "profile": _profile.c.state,
        "id": _sample.c.id,
    },
    (_standing(_sample),),
    entries=(_sample.c.id,),
)

PROFILES = ListSpec(
    lines.ProfileLine,
    columns_of(
        lines.ProfileLine,
        _profile,
        sample=_sample.c.token,
        source=sa.func.coalesce(_item.c.number, _donor.c.token),
        reference=_sample.c.donor.is_not(None),
        imported_by=_person.c.name,
        file_name=_import.c.file_name,
    ),
    _profile.join(_sample, _profile.c.sample == _sample.c.id)
    .join(_import, _profile.c.source == _import.c.id)
    .join(_person, _profile.c.imported_by == _person.c.id)
    .outerjoin(_item, _sample.c.item == _item.c.id)
    .outerjoin(_donor, _sample.c.donor == _donor.c.id),
    (),
    {
        "operation": _profile.c.operation,
        "state": _profile.c.state,
        "reference": _sample.c.donor.is_not(None),
        "source": _profile.c.source,
        "sample": _profile.c.sample,
    },
    (_standing(_profile),),
    entries=(_profile.c.id, _profile.c.sample, _profile.c.source),
)

_donor_typed = _donor.join(_sample, _sample.c.donor == _donor.c.id).join(
    _profile, _profile.c.sample == _sample.c.id
)
_typed_donors = (
    sa.select(sa.func.count(sa.distinct(_donor.c.id)))
    .select_from(_donor_typed)
    .where(
        _donor.c.family == _family.c.id,
        (_profile.c.state + "") == str(ProfileState.ACCEPTED),
        _standing(_donor),
    )
    .correlate(_family)
    .scalar_subquery()
)
MISSING = ListSpec(
    lines.MissingLine,
    columns_of(
        lines.MissingLine,
        _missing,
        name=_missing.c.given_names + " " + _missing.c.family_names,
        family_number=_family.c.number,
        donors=_number_of(_donor, _donor.c.family == _family.c.id, _standing(_donor)),
        references=_typed_donors,
        confirmed=_family.c.confirmed_by.is_not(None),
        candidates=_number_of(
            _hypothesis, _hypothesis.c.missing_person == _missing.c.id, _standing(_hypothesis)
        ),
    ),
    _missing.join(_family, _missing.c.family == _family.c.id),
    (),
    {
        "operation": _missing.c.operation,
        "state": _missing.c.state,
        "sex": _missing.c.sex,
        "family": _missing.c.family,
        "confirmed": _family.c.confirmed_by.is_not(None),
    },
    (_standing(_missing),),
    entries=(_missing.c.id, _missing.c.family),
)
_NOTHING = sa.literal("")
MISSING_BLIND = ListSpec(
    lines.MissingLine,
    {**MISSING.columns, "name": _NOTHING, "original_name": _NOTHING, "last_place": _NOTHING},
    MISSING.joined,
    (_missing.c.number, _missing.c.token, _family.c.number, _family.c.external_number),
    MISSING.filters,
    MISSING.where,
)
"""The same list for those who may not read names: neither shown nor searched."""

FAMILIES = ListSpec(
    lines.FamilyLine,
    columns_of(
        lines.FamilyLine,
        _family,
        missing=_number_of(_missing, _missing.c.family == _family.c.id, _standing(_missing)),
        donors=_number_of(_donor, _donor.c.family == _family.c.id, _standing(_donor)),
        typed=_typed_donors,
        confirmed=_family.c.confirmed_by.is_not(None),
        candidates=_number_of(_hypothesis, _hypothesis.c.family == _family.c.id, _standing(_hypothesis)),
    ),
    _family,
    (),
    {"operation": _family.c.operation, "confirmed": _family.c.confirmed_by.is_not(None)},
    (_standing(_family),),
    entries=(_family.c.id,),
)
FAMILIES_BLIND = ListSpec(
    lines.FamilyLine,
    {**FAMILIES.columns, "title": _NOTHING},
    FAMILIES.joined,
    (_family.c.number, _family.c.external_number),
    FAMILIES.filters,
    FAMILIES.where,
)
"""The same list for those who may not read names; a title may be one."""

HYPOTHESES = ListSpec(
    lines.HypothesisLine,
    columns_of(
        lines.HypothesisLine,
        _hypothesis,
        item_number=_item.c.number,
        item_external=_item.c.external_number,
        missing_number=_missing.c.number,
        family_number=_family.c.number,
        family_external=_family.c.external_number,
    ),
    _hypothesis.join(_item, _hypothesis.c.item == _item.c.id)
    .join(_missing, _hypothesis.c.missing_person == _missing.c.id)
    .join(_family, _hypothesis.c.family == _family.c.id),
    (_missing.c.number, _family.c.number, _family.c.external_number),
    {
        "operation": _hypothesis.c.operation,
        "state": _hypothesis.c.state,
        "item": _hypothesis.c.item,
        "missing_person": _hypothesis.c.missing_person,
        "family": _hypothesis.c.family,
        "screening": _hypothesis.c.screening,
    },
    (_standing(_hypothesis),),
    sort="log10_lr",
    entries=(_hypothesis.c.id, _hypothesis.c.item),
)

_association = TABLES[Association]
_first, _second = _item.alias("first_item"), _item.alias("second_item")
_suggested, _decided = _person.alias("suggested"), _person.alias("decided")
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
    (_standing(_association),),
    entries=(_association.c.id, _association.c.first, _association.c.second),
)

_proposer, _confirmer = _person.alias("proposer"), _person.alias("confirmer")
IDENTIFICATIONS = ListSpec(
    lines.IdentificationLine,
    columns_of(
        lines.IdentificationLine,
        _identification,
        missing_number=_missing.c.number,
        name=_missing.c.given_names + " " + _missing.c.family_names,
        item_number=_item.c.number,
        proposed_by=_proposer.c.name,
        confirmed_by=_confirmer.c.name,
    ),
    _identification.join(_missing, _identification.c.missing_person == _missing.c.id)
    .join(_item, _identification.c.item == _item.c.id)
    .join(_proposer, _identification.c.proposed_by == _proposer.c.id)
    .outerjoin(_confirmer, _identification.c.confirmed_by == _confirmer.c.id),
    (),
    {"operation": _identification.c.operation, "state": _identification.c.state},
    (_standing(_identification),),
    entries=(_identification.c.id, _identification.c.missing_person, _identification.c.item),
)

_author, _authoriser = _person.alias("author"), _person.alias("authoriser")
REPORTS = ListSpec(
    lines.ReportLine,
    columns_of(lines.ReportLine, _report, author=_author.c.name, authoriser=_authoriser.c.name),
    _report.join(_author, _report.c.author == _author.c.id)
    .outerjoin(_authoriser, _report.c.authoriser == _authoriser.c.id)
    .outerjoin(_hypothesis, _report.c.hypothesis == _hypothesis.c.id)
    .outerjoin(_identification, _report.c.identification == _identification.c.id),
    (_report.c.number, _report.c.title, _report.c.kind, _author.c.name),
    {
        "operation": sa.func.coalesce(_hypothesis.c.operation, _identification.c.operation),
        "state": _report.c.state,
        "kind": _report.c.kind,
        "hypothesis": _report.c.hypothesis,
        "identification": _report.c.identification,
    },
    (_standing(_report),),
)

SITES = ListSpec(
    lines.SiteLine,
    columns_of(
        lines.SiteLine,
        _site,
        event=_event.c.title,
        cases=_number_of(_case, _case.c.site == _site.c.id, _standing(_case)),
    ),
    _site.outerjoin(_event, _site.c.event == _event.c.id),
    (_site.c.number, _site.c.title, _event.c.title),
    {"operation": _site.c.operation, "state": _site.c.state},
    (_standing(_site),),
)

_batch, _well = TABLES[Batch], TABLES[Well]
_lot, _instrument = TABLES[ReagentLot], TABLES[Instrument]
_elimination, _nonconformity = TABLES[EliminationProfile], TABLES[Nonconformity]
_setter, _releaser = _person.alias("setter"), _person.alias("releaser")
_finder, _closer = _person.alias("finder"), _person.alias("closer")


def _wells(*conditions: Any) -> sa.ScalarSelect[int]:
    """How many samples stand on a batch's plate."""
    return _number_of(
        _well,
        _well.c.batch == _batch.c.id,
        _well.c.role == str(WellRole.SAMPLE),
        _standing(_well),
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
    (_standing(_batch),),
)
LOTS = ListSpec(
    lines.LotLine,
    columns_of(lines.LotLine, _lot),
    _lot,
    (_lot.c.number, _lot.c.name, _lot.c.lot),
    {"kind": _lot.c.kind, "state": _lot.c.state, "id": _lot.c.id},
    (_standing(_lot),),
)
INSTRUMENTS = ListSpec(
    lines.InstrumentLine,
    columns_of(lines.InstrumentLine, _instrument),
    _instrument,
    (_instrument.c.number, _instrument.c.name, _instrument.c.serial),
    {"kind": _instrument.c.kind, "retired": _instrument.c.retired},
    (_standing(_instrument),),
)
ELIMINATION = ListSpec(
    lines.EliminationLine,
    columns_of(lines.EliminationLine, _elimination),
    _elimination,
    (_elimination.c.number, _elimination.c.token, _elimination.c.name),
    {"category": _elimination.c.category},
    (_standing(_elimination),),
)
NONCONFORMITIES = ListSpec(
    lines.NonconformityLine,
    columns_of(
        lines.NonconformityLine,
        _nonconformity,
        batch_number=_batch.c.number,
        sample=_sample.c.token,
        found_by=_finder.c.name,
        closed_by=_closer.c.name,
    ),
    _nonconformity.join(_finder, _nonconformity.c.found_by == _finder.c.id)
    .outerjoin(_closer, _nonconformity.c.closed_by == _closer.c.id)
    .outerjoin(_batch, _nonconformity.c.batch == _batch.c.id)
    .outerjoin(_sample, _nonconformity.c.sample == _sample.c.id),
    (_nonconformity.c.number, _nonconformity.c.what, _batch.c.number, _sample.c.token),
    {
        "state": _nonconformity.c.state,
        "kind": _nonconformity.c.kind,
        "batch": _nonconformity.c.batch,
    },
    (_standing(_nonconformity),),
)
