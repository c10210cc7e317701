"""Profiles saved for another laboratory from the list of samples."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from forensics.domain.profiles import ProfileState
from forensics.services import profiles
from gui.context import Some
from gui.places.samples import SamplesPlace
from tests.support.answering import filled, when_asked
from tests.support.desk import Desks
from tests.support.laboratories import Staffed


def test_chosen_profiles_are_saved_as_a_message(
    qtbot: QtBot, desks: Desks, small_lab: Staffed, tmp_path: Path
) -> None:
    desk = desks("analyst")
    place = desk.sit(SamplesPlace)
    qtbot.waitUntil(lambda: place.list.current is not None)
    place.open_some(Some("sample", {"profile": (ProfileState.ACCEPTED,)}))
    qtbot.waitUntil(
        lambda: place.list.current is not None and place.list.current.profile is ProfileState.ACCEPTED
    )
    path = tmp_path / "out.xml"
    when_asked(filled(destination="STATE", path=str(path)))
    place.list.export()
    qtbot.waitUntil(path.exists)
    assert any("saved as out.xml" in words for words, _ in desk.said)
    reading = profiles.read(path)
    assert not reading.refused
    assert reading.profiles[0].sample == place.list.current.token


def test_without_an_accepted_profile_it_says_so(qtbot: QtBot, desks: Desks, small_lab: Staffed) -> None:
    desk = desks("analyst")
    place = desk.sit(SamplesPlace)
    qtbot.waitUntil(lambda: place.list.current is not None)
    place.open_some(Some("sample", {"profile": (ProfileState.IMPORTED,)}))
    qtbot.waitUntil(
        lambda: place.list.current is not None and place.list.current.profile is ProfileState.IMPORTED
    )
    place.list.export()
    qtbot.waitUntil(lambda: any("None of the chosen samples" in words for words, _ in desk.said))
