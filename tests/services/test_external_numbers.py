"""Any number of another institution finds its record: typed, searched in a list, scanned."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from forensics.domain.errors import Invalid, Refused
from forensics.domain.lists import ListQuery
from forensics.services import external_numbers, families, remains, samples
from forensics.services.door import Laboratory
from forensics.services.scanning import identify
from forensics.services.searching import search
from tests.support.laboratories import Staffed


def first(lab: Laboratory, listing: Any) -> UUID:
    id: UUID = lab.run(listing, ListQuery(limit=1, sort="number")).rows[0].id
    return id


def test_a_number_finds_its_record_everywhere_until_it_is_taken_back(small_lab: Staffed) -> None:
    lab = small_lab["tamara"]
    for entity, listing in (
        ("remains_case", remains.cases),
        ("remains_item", remains.items),
        ("sample", samples.samples),
    ):
        id = first(lab, listing)
        given = lab.run(external_numbers.add_number, entity, id, f"ŽP-77/{entity}", "City  mortuary")
        assert given.institution == "City mortuary"
        assert id in {line.id for line in lab.run(listing, ListQuery(text=f"zp-77/{entity}")).rows}
        assert id in {one.id for one in lab.run(search, f"ŽP-77/{entity}")}
        assert [one.id for one in lab.run(identify, f"ŽP-77/{entity}")] == [id]
        assert lab.run(external_numbers.numbers_of, entity, id)[-1].identifier == given
        lab.run(external_numbers.remove_number, given, "Belongs to another body.")
        assert lab.run(identify, f"ŽP-77/{entity}") == []
        assert lab.run(listing, ListQuery(text=f"zp-77/{entity}")).total == 0


def test_it_is_still_found_after_the_record_was_corrected(small_lab: Staffed) -> None:
    lab = small_lab["tamara"]
    case = lab.run(remains.case_record, first(lab, remains.cases)).case
    lab.run(external_numbers.add_number, "remains_case", case.id, "M-4471", "City mortuary")
    changed = lab.run(remains.change_case, case, {"note": "Wrapped in canvas"})
    for words in ("canvas", "m-4471", changed.external_number):
        assert case.id in {line.id for line in lab.run(remains.cases, ListQuery(text=words)).rows}


def test_a_number_of_two_records_gives_a_choice(small_lab: Staffed) -> None:
    lab = small_lab["tamara"]
    case, item = first(lab, remains.cases), first(lab, remains.items)
    lab.run(external_numbers.add_number, "remains_case", case, "B-1X", "City mortuary")
    lab.run(external_numbers.add_number, "remains_item", item, "B-1X", "Harbour police")
    assert {one.id for one in lab.run(identify, "B-1X")} == {case, item}


def test_names_stay_with_those_who_may_read_them(small_lab: Staffed) -> None:
    person = first(small_lab["manager"], families.missing_persons)
    small_lab["manager"].run(external_numbers.add_number, "missing_person", person, "ICRC-5", "ICRC")
    assert [one.id for one in small_lab["manager"].run(identify, "ICRC-5")] == [person]
    assert small_lab["tamara"].run(identify, "ICRC-5") == []
    with pytest.raises(Refused):
        small_lab["tamara"].run(external_numbers.numbers_of, "missing_person", person)


def test_what_is_no_number_is_refused(small_lab: Staffed) -> None:
    lab = small_lab["tamara"]
    case = lab.run(remains.case_record, first(lab, remains.cases)).case
    with pytest.raises(Invalid, match="institution"):
        lab.run(external_numbers.add_number, "remains_case", case.id, "7", " ")
    with pytest.raises(Invalid, match="stands with this record already"):
        lab.run(external_numbers.add_number, "remains_case", case.id, case.external_number.lower(), "Us")
    with pytest.raises(Invalid, match="at most"):
        lab.run(external_numbers.add_number, "remains_case", case.id, "7" * 101, "Us")
