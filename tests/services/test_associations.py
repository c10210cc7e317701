"""What a person sees before deciding on an association, and what other assumptions make of a match."""

from __future__ import annotations

import pytest

from forensics.domain.kinship import Sex
from forensics.domain.lists import ListQuery
from forensics.domain.profiles import ProfileState
from forensics.domain.reading import Reading
from forensics.domain.remains import AssociationState
from forensics.services import associations, matching, profiles, sensitivity
from forensics.services.demonstration.stage import read_profile
from forensics.services.searching import search
from tests.support.laboratories import Staffed


def test_the_list_is_the_database_s_and_knows_both_items(small_lab: Staffed) -> None:
    lab = small_lab["analyst"]
    page = lab.run(associations.association_list, ListQuery(sort="statistic", descending=True))
    assert page.total >= 1
    line = page.rows[0]
    record = lab.run(associations.association_record, line.id)
    assert (record.first.number, record.second.number) == (line.first_number, line.second_number)
    accepted = ListQuery(filters={"state": (AssociationState.ACCEPTED,)})
    assert all(one.decided_by for one in lab.run(associations.association_list, accepted).rows)
    assert lab.run(associations.association_list, ListQuery(text=line.first_number)).total >= 1


def test_both_profiles_stand_side_by_side(small_lab: Staffed) -> None:
    lab = small_lab["analyst"]
    line = lab.run(associations.association_list, ListQuery()).rows[0]
    record = lab.run(associations.association_record, line.id)
    assert record.compared > 0
    assert f"{record.compared} loci compared" in record.association.explanation
    assert set(record.differing) == {pair.locus for pair in record.loci if pair.differs}


def test_of_several_profiles_of_an_item_the_fullest_is_shown(small_lab: Staffed) -> None:
    lab = small_lab["analyst"]
    line = lab.run(associations.association_list, ListQuery()).rows[0]
    before = lab.run(associations.association_record, line.id)
    few = {pair.locus: pair.first for pair in before.loci[:3] if pair.first}
    assert 0 < len(few) < before.compared
    again = read_profile(before.first.external_number, few, Sex.UNKNOWN)
    operation = before.cases[0].operation
    options = profiles.ImportOptions(operation, "again.csv")
    lab.run(profiles.import_reading, Reading("demonstration", "typed again", (again,)), options)
    waiting = ListQuery(filters={"state": (str(ProfileState.IMPORTED),)}, limit=500)
    rows = small_lab["reviewer"].run(profiles.profiles, waiting).rows
    newest = max(rows, key=lambda row: row.number)
    small_lab["reviewer"].run(profiles.accept_profiles, [newest.id])
    after = lab.run(associations.association_record, line.id)
    assert after.first.samples == before.first.samples + 1
    assert after.loci == before.loci


def test_who_may_not_read_profiles_sees_no_genotype(small_lab: Staffed) -> None:
    line = small_lab["analyst"].run(associations.association_list, ListQuery()).rows[0]
    assert small_lab["custodian"].run(associations.association_record, line.id).loci == ()


def test_sensitivity_begins_with_the_case_as_stated(small_lab: Staffed) -> None:
    lab = small_lab["analyst"]
    best = lab.run(matching.hypotheses, ListQuery(sort="log10_lr", descending=True, limit=1)).rows[0]
    lines = sensitivity.sensitivity_of(lab, best.id)
    assert lines[0].log10_total == pytest.approx(best.log10_lr, abs=1e-9)
    assert {line.kind for line in lines} >= {"as stated", "theta", "without a relative"}


def test_matches_and_associations_are_found_by_number(small_lab: Staffed) -> None:
    lab = small_lab["analyst"]
    best = lab.run(matching.hypotheses, ListQuery(sort="log10_lr", descending=True, limit=1)).rows[0]
    pair = lab.run(associations.association_list, ListQuery(limit=1)).rows[0]
    assert [one.entity for one in lab.run(search, best.number)] == ["hypothesis"]
    assert [one.entity for one in lab.run(search, pair.number)] == ["association"]
