"""The rules as the service keeps them, before the database is asked."""

from __future__ import annotations

import pytest

from forensics.domain.errors import Refused
from forensics.domain.records import new_id
from forensics.domain.remains import Association, AssociationState, Basis
from forensics.domain.rules import demand_lawful


def test_one_person_in_two_parts_is_refused_by_the_service_itself() -> None:
    who = new_id()
    made = Association(first=new_id(), second=new_id(), basis=Basis.DNA, proposed_by=who, decided_by=who)
    with pytest.raises(Refused, match="another person than its proposer"):
        demand_lawful(None, made)


def test_a_record_begins_at_the_beginning() -> None:
    made = Association(
        first=new_id(), second=new_id(), basis=Basis.DNA, proposed_by=new_id(), state=AssociationState.UNDONE
    )
    with pytest.raises(Refused, match="can't begin"):
        demand_lawful(None, made)
