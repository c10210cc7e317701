"""Identifications: the grid judged, three people, the ceremony, the family told, the remains returned, closed."""

from __future__ import annotations

from uuid import UUID

import pytest

from forensics.domain.consistency import Consistency
from forensics.domain.errors import Invalid
from forensics.domain.identifications import Identification, IdentificationState
from forensics.domain.lists import ListQuery
from forensics.domain.remains import CustodyState, ItemState
from forensics.services import identifications, remains
from gui.context import Ref
from gui.places import identifications_forms as forms
from gui.places.identifications import IdentificationsPlace
from tests.support.desk import Desk, Desks, said_on

_D = IdentificationState


def first(desk: Desk, state: IdentificationState) -> Ref:
    page = desk.lab.run(identifications.identifications, ListQuery(filters={"state": (state,)}))
    return Ref("identification", page.rows[0].id, page.rows[0].number)


def shown(desk: Desk, place: IdentificationsPlace, ref: Ref) -> Identification:
    place.open(ref)
    desk.wait(lambda: place.record and place.record.identification.id == ref.id)
    place.show_again()
    assert place.record is not None
    return place.record.identification


def stored(desk: Desk, ref: Ref) -> identifications.IdentificationRecord:
    assert isinstance(ref.id, UUID)
    return desk.lab.run(identifications.identification_record, ref.id)


def test_the_page_shows_the_person_the_remains_the_grid_and_who_is_still_needed(desks: Desks) -> None:
    desk = desks("manager")
    place = desk.sit(IdentificationsPlace)
    found = shown(desk, place, first(desk, _D.PROPOSED))
    assert place.record is not None
    words = said_on(place.page)
    assert place.record.missing.family_names in words
    assert place.record.items[0].number in words
    assert all(row.explanation in words for row in found.grid)
    assert "an identification coordinator, neither of the two" in words
    confirm = next(a for a in place.actions_offered() if a.text.startswith("Confirm"))
    assert "coordinator" in confirm.why_not


def test_a_line_is_judged_with_a_reason(desks: Desks) -> None:
    desk = desks("manager")
    place = desk.sit(IdentificationsPlace)
    ref = first(desk, _D.PROPOSED)
    found = shown(desk, place, ref)
    line = next(row for row in found.grid if row.verdict == Consistency.UNKNOWN)
    desk.answer(verdict=Consistency.NEUTRAL, explanation="Described by the sister in a later call.")
    place._judge(line)
    kept = next(row for row in stored(desk, ref).identification.grid if row.aspect == line.aspect)
    assert kept.verdict == Consistency.NEUTRAL
    assert "sister" in kept.explanation


def test_the_coordinator_confirms_with_the_password_and_nobody_with_a_wrong_one(desks: Desks) -> None:
    desk = desks("coordinator")
    place = desk.sit(IdentificationsPlace)
    ref = first(desk, _D.PROPOSED)
    shown(desk, place, ref)
    desk.hold("The evidence agrees.", password="a wrong password")
    place.confirm()
    assert any("not yours" in words for words in desk.refused)
    assert stored(desk, ref).identification.state is _D.PROPOSED
    desk.hold("The evidence agrees.")
    place.confirm()
    record = stored(desk, ref)
    assert record.identification.state is _D.CONFIRMED
    assert record.identification.decision == "The evidence agrees."
    assert len({record.identification.proposed_by, record.identification.reviewed_by,
                record.identification.confirmed_by}) == 3  # fmt: skip
    assert all(item.state is ItemState.IDENTIFIED for item in record.items)


def test_a_rejection_needs_its_reasons(desks: Desks) -> None:
    desk = desks("coordinator")
    place = desk.sit(IdentificationsPlace)
    ref = first(desk, _D.PROPOSED)
    shown(desk, place, ref)
    desk.answer(decision="The stature can't be explained by memory alone.")
    place.reject()
    assert stored(desk, ref).identification.state is _D.REJECTED


def test_from_the_family_to_the_grave(desks: Desks) -> None:
    desk = desks("manager")
    place = desk.sit(IdentificationsPlace)
    ref = first(desk, _D.CONFIRMED)
    shown(desk, place, ref)
    give = next(a for a in place.actions_offered() if a.text.startswith("Return"))
    assert "told before" in give.why_not
    desk.answer(present="Mother and elder brother", shown="The photograph of the ring", on="2026-05-04")
    place.notify_family()
    assert stored(desk, ref).notifications[0].present == "Mother and elder brother"

    shown(desk, place, ref)
    record = stored(desk, ref)
    desk.answer(receiver="Elder brother", documents="certificate", burial_place="Family grave",
                coordinates="38.01, 12.54")  # fmt: skip
    desk.hold()
    place.hand_over()
    done = stored(desk, ref)
    assert done.handovers[0].complete
    assert done.handovers[0].latitude == pytest.approx(38.01)
    for item in record.items:
        kept = desk.lab.run(remains.item_record, item.id).item
        assert kept.custody is CustodyState.RELEASED

    shown(desk, place, ref)
    place.close_file()
    assert stored(desk, ref).identification.state is _D.CLOSED


def test_nothing_is_handed_over_when_the_ceremony_is_left(desks: Desks) -> None:
    desk = desks("manager")
    place = desk.sit(IdentificationsPlace)
    ref = first(desk, _D.NOTIFIED) if _has(desk, _D.NOTIFIED) else first(desk, _D.CONFIRMED)
    found = shown(desk, place, ref)
    if found.state is _D.CONFIRMED:
        desk.answer(present="Mother")
        place.notify_family()
        shown(desk, place, ref)
    desk.answer(receiver="Elder brother")
    desk.hold(password="a wrong password")
    place.hand_over()
    assert any("Nothing is recorded yet" in words for words in desk.refused)
    assert not stored(desk, ref).handovers


def _has(desk: Desk, state: IdentificationState) -> bool:
    return bool(desk.lab.run(identifications.identifications, ListQuery(filters={"state": (state,)})).rows)


@pytest.mark.parametrize("words", ["here", "91, 0", "38.01", "38,01, 12"])
def test_coordinates_that_can_not_be_right_are_refused(words: str) -> None:
    with pytest.raises(Invalid):
        forms.coordinates(words)


def test_a_day_is_not_in_the_future() -> None:
    with pytest.raises(Invalid, match="not come yet"):
        forms.a_day("2999-01-01")
