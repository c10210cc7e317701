"""How many of those who are sought have come how far: one count for each stage, of missing persons."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from forensics.domain.families import Donor, MissingPerson, MissingState
from forensics.domain.identifications import Identification, IdentificationState
from forensics.domain.matching import Hypothesis, HypothesisState
from forensics.domain.profiles import Profile, ProfileState
from forensics.domain.samples import Sample
from forensics.persistence.tables import TABLES
from forensics.persistence.transaction import Transaction

_missing, _donor, _sample = TABLES[MissingPerson], TABLES[Donor], TABLES[Sample]
_profile, _hypothesis, _identification = TABLES[Profile], TABLES[Hypothesis], TABLES[Identification]
_LEFT_OUT = (MissingState.ALIVE, MissingState.WITHDRAWN, MissingState.DUPLICATE)
_D = IdentificationState
_CERTAIN = (_D.CONFIRMED, _D.NOTIFIED, _D.PARTLY_HANDED_OVER, _D.HANDED_OVER, _D.CLOSED)


def stages(tx: Transaction, operation: UUID | None) -> dict[str, int]:
    """Counts by stage: missing, referenced, profiled, matched, identified, returned."""
    sought: list[Any] = [_missing.c.voided_at.is_(None), _missing.c.state.not_in([str(s) for s in _LEFT_OUT])]
    if operation:
        sought.append(_missing.c.operation == operation)
    given = _donor.join(_sample, _sample.c.donor == _donor.c.id)
    typed = given.join(_profile, _profile.c.sample == _sample.c.id)
    of_family = (_donor.c.family == _missing.c.family, _donor.c.voided_at.is_(None))
    reached: dict[str, list[Any]] = {
        "missing": [],
        "referenced": [_exists(given, *of_family, _sample.c.voided_at.is_(None))],
        "profiled": [_exists(typed, *of_family, _profile.c.state == str(ProfileState.ACCEPTED))],
        "matched": [
            _exists(_hypothesis, _of(_hypothesis), _hypothesis.c.state == str(HypothesisState.SUPPORTED))
        ],
        "identified": [_exists(_identification, _of(_identification), _in(_CERTAIN))],
        "returned": [_exists(_identification, _of(_identification), _in((_D.HANDED_OVER, _D.CLOSED)))],
    }
    counted = [
        sa.select(sa.func.count()).select_from(_missing).where(*sought, *more).scalar_subquery()
        for more in reached.values()
    ]
    return dict(zip(reached, tx.connection.execute(sa.select(*counted)).one(), strict=True))


def _of(table: sa.Table) -> sa.ColumnElement[bool]:
    return sa.and_(table.c.missing_person == _missing.c.id, table.c.voided_at.is_(None))


def _in(states: tuple[IdentificationState, ...]) -> sa.ColumnElement[bool]:
    return _identification.c.state.in_([str(state) for state in states])


def _exists(among: sa.FromClause, *conditions: Any) -> sa.ColumnElement[bool]:
    return sa.exists(sa.select(sa.literal(1)).select_from(among).where(*conditions).correlate(_missing))
