"""The tables that the lists share, and how their rows are counted."""

from typing import Any

import sqlalchemy as sa

from forensics.domain.custody import StorageLocation
from forensics.domain.documents import Report
from forensics.domain.examinations import Examination
from forensics.domain.families import Donor, Family, MissingPerson
from forensics.domain.identifications import Identification
from forensics.domain.matching import Hypothesis
from forensics.domain.operations import Event, Site
from forensics.domain.people import Person
from forensics.domain.profiles import Profile, ProfileImport, ProfileState
from forensics.domain.remains import Individual, RemainsCase, RemainsItem
from forensics.domain.samples import Sample
from forensics.persistence.tables import TABLES

case, item, sample = TABLES[RemainsCase], TABLES[RemainsItem], TABLES[Sample]
profile, source, site, event = TABLES[Profile], TABLES[ProfileImport], TABLES[Site], TABLES[Event]
family, missing, donor = TABLES[Family], TABLES[MissingPerson], TABLES[Donor]
hypothesis, identification, report = TABLES[Hypothesis], TABLES[Identification], TABLES[Report]
examination, individual, place = TABLES[Examination], TABLES[Individual], TABLES[StorageLocation]
person = TABLES[Person]
_USED = sorted(str(state) for state in set(ProfileState) - {ProfileState.SUPERSEDED, ProfileState.WITHDRAWN})


in_use = (profile.c.state + "").in_(_USED)
"""Not by the index of the state: a database without statistics would go through all profiles for each row."""


def number_of(table: sa.Table, *conditions: Any, among: sa.FromClause | None = None) -> sa.ScalarSelect[int]:
    return (
        sa.select(sa.func.count())
        .select_from(among if among is not None else table)
        .where(*conditions)
        .scalar_subquery()
    )


def standing(table: sa.Table) -> sa.ColumnElement[bool]:
    return table.c.voided_at.is_(None)


item_sample = item.join(sample, sample.c.item == item.c.id)
item_profile = item_sample.join(profile, profile.c.sample == sample.c.id)
item_hypothesis = item.join(hypothesis, hypothesis.c.item == item.c.id)
item_place = item.join(place, item.c.place == place.c.id)


def items_with(among: sa.FromClause, *conditions: Any) -> sa.ScalarSelect[int]:
    """How many items have something; each counts once."""
    counted = sa.select(sa.func.count(sa.distinct(item.c.id))).select_from(among)
    return counted.where(*conditions).scalar_subquery()
