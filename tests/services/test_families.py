"""Families, missing persons, pedigrees, donors and consent."""

from __future__ import annotations

from datetime import date

import pytest

from forensics.domain.errors import Conflict, Invalid, Refused
from forensics.domain.families import Family, MissingPerson
from forensics.domain.kinship import Member, Pedigree, Sex
from forensics.domain.lists import ListQuery
from forensics.domain.operations import Operation, OperationKind
from forensics.services import families, operations, screening_questions
from tests.support.laboratories import Staffed

CONSENT = families.ConsentDetails(date(2025, 5, 1), "form 12")


@pytest.fixture
def family(staffed: Staffed) -> Family:
    manager = staffed["manager"]
    operation = manager.run(
        operations.create_operation, Operation(title="S", kind=OperationKind.ROUTINE, number_sought=9)
    )
    made = manager.run(families.create_family, operation.id, "al-Ali", "F-7")
    person = MissingPerson(
        operation=operation.id, family=made.id, token="", given_names="Yusuf", sex=Sex.MALE
    )
    manager.run(families.add_missing_person, person)
    return made


def test_relatives_are_drawn_by_words(staffed: Staffed, family: Family) -> None:
    manager = staffed["manager"]
    for word in ("mother", "brother", "paternal uncle"):
        manager.run(families.add_relative, family.id, "MP", word)
    record = manager.run(families.family_record, family.id)
    mp, brother = record.pedigree.member("MP"), record.pedigree.member("R2")
    assert (mp.mother, brother.mother) == ("R1", "R1")
    assert mp.father == brother.father
    uncle = record.pedigree.member("R3")
    assert record.pedigree.member(mp.father or "").father == uncle.father


def test_a_changed_pedigree_must_be_confirmed_again(staffed: Staffed, family: Family) -> None:
    manager = staffed["manager"]
    manager.run(families.add_relative, family.id, "MP", "mother")
    seen = manager.run(families.family_record, family.id).family
    assert manager.run(families.confirm_pedigree, seen).confirmed_by == manager.person.id
    manager.run(families.add_relative, family.id, "MP", "sister")
    assert manager.run(families.family_record, family.id).family.confirmed_by is None


def test_a_pedigree_that_can_not_be_is_refused(staffed: Staffed, family: Family) -> None:
    manager = staffed["manager"]
    circle = Pedigree((Member("MP", Sex.MALE, father="A"), Member("A", Sex.MALE, father="MP")))
    manager.run(families.set_pedigree, family.id, circle)
    seen = manager.run(families.family_record, family.id).family
    with pytest.raises(Invalid, match=r"ancestor|descend"):
        manager.run(families.confirm_pedigree, seen)


def test_a_stale_edit_shows_both_versions(staffed: Staffed, family: Family) -> None:
    manager = staffed["manager"]
    (person,) = manager.run(families.family_record, family.id).missing
    staffed["manager"].run(families.change_missing_person, person, {"marks": "scar"})
    with pytest.raises(Conflict, match="Samira Haddad"):
        manager.run(families.change_missing_person, person, {"marks": "tattoo"})


def test_a_donor_needs_a_place_and_a_consent(staffed: Staffed, family: Family) -> None:
    manager = staffed["manager"]
    manager.run(families.add_relative, family.id, "MP", "mother")
    with pytest.raises(Invalid, match="no X in this pedigree"):
        manager.run(families.add_donor, family.id, "X", CONSENT)
    with pytest.raises(Invalid, match="consent form"):
        manager.run(families.add_donor, family.id, "R1", families.ConsentDetails(date(2025, 5, 1), " "))
    manager.run(families.add_donor, family.id, "R1", CONSENT, "Maryam al-Ali")
    with pytest.raises(Invalid, match="donor already"):
        manager.run(families.add_donor, family.id, "R1", CONSENT)


def test_a_donor_can_not_vanish_from_the_drawing(staffed: Staffed, family: Family) -> None:
    manager = staffed["manager"]
    manager.run(families.add_relative, family.id, "MP", "mother")
    manager.run(families.add_donor, family.id, "R1", CONSENT)
    with pytest.raises(Refused, match="R1 is a donor"):
        manager.run(families.set_pedigree, family.id, Pedigree((Member("MP", Sex.MALE),)))


def test_names_are_for_those_who_may_read_them(staffed: Staffed, family: Family) -> None:
    manager, analyst = staffed["manager"], staffed["analyst"]
    manager.run(families.add_relative, family.id, "MP", "mother")
    manager.run(families.add_donor, family.id, "R1", CONSENT, "Maryam al-Ali", "+000 1")
    assert manager.run(families.missing_persons, ListQuery(text="yusuf")).total == 1
    blind = analyst.run(families.missing_persons, ListQuery()).rows[0]
    assert (blind.name.strip(), blind.original_name) == ("", "")
    assert blind.token
    assert analyst.run(families.missing_persons, ListQuery(text="yusuf")).total == 0
    record = analyst.run(families.family_record, family.id)
    assert (record.family.title, record.donors[0].donor.name, record.missing[0].given_names) == ("", "", "")


def test_a_withdrawn_consent_leaves_the_search_at_once(small_lab: Staffed) -> None:
    manager, analyst = small_lab["manager"], small_lab["analyst"]
    operation = manager.run(operations.operations)[0]
    before = analyst.run(screening_questions.screening_question, operation.id).inputs
    chosen = before.families[0]
    from uuid import UUID

    record = manager.run(families.family_record, UUID(chosen.id))
    for donor in record.donors:
        manager.run(families.withdraw_consent, donor.donor.id, "asked by telephone")
    after = analyst.run(screening_questions.screening_question, operation.id).inputs
    assert chosen.id not in {family.id for family in after.families}
    assert len(after.families) == len(before.families) - 1
    with pytest.raises(Invalid, match="No consent"):
        manager.run(families.withdraw_consent, record.donors[0].donor.id, "again")
