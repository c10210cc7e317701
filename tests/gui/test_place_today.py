"""The first page: each role sees its own work first, goes to it in one step, and hears what others did."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from forensics.domain.lists import ListQuery
from forensics.domain.profiles import ProfileState
from forensics.domain.samples import SampleKind, SampleState
from forensics.services import remains, samples
from forensics.services.laboratories import NewLaboratory, create_laboratory
from forensics.services.today import funnel, news, today
from gui.context import Context, Ref, Some
from gui.places.today import TodayPlace
from tests.support.laboratories import PASSPHRASE, PASSWORD, Staffed

Open = Callable[[str], TodayPlace]


@pytest.fixture
def opened(qtbot: QtBot, small_lab: Staffed) -> Iterator[Open]:
    contexts: list[Context] = []

    def make(login: str) -> TodayPlace:
        contexts.append(Context(small_lab[login], "Institute"))
        place = TodayPlace(contexts[-1])
        qtbot.addWidget(place)
        place.resize(1366, 768)
        place.show()
        return place

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def laboratory_alone(tmp_path: Path) -> Iterator[Context]:
    """A laboratory in which only its administrator is."""
    new = NewLaboratory(str(tmp_path / "new.nomina"), "New", "Ada Byron", "ada", PASSWORD, PASSPHRASE)
    context = Context(create_laboratory(new), "New")
    yield context
    context.close()
    context.lab.close()


def words(place: TodayPlace) -> str:
    return " | ".join(label.text() for label in place.findChildren(QLabel))


def test_the_reviewer_goes_to_the_profiles_that_wait_and_to_no_others(
    opened: Open, small_lab: Staffed
) -> None:
    place, gone = opened("reviewer"), []
    place.context.navigated.connect(lambda where, ref: gone.append((where, ref)))
    waiting = [work for work in small_lab["reviewer"].run(today) if work.kind == "profile" and work.mine]
    line = next(line for line in place.lines if line.text() == "Profiles to review")
    assert line.accessibleName() == f"{waiting[0].count} Profiles to review"
    line.click()
    where, some = gone[0]
    assert where == "samples"
    assert isinstance(some, Some)
    found = small_lab["reviewer"].run(samples.samples, ListQuery(filters=some.filters))
    assert found.total == waiting[0].count
    assert {row.profile for row in found.rows} == {ProfileState.IMPORTED}


def test_the_only_record_opens_itself(opened: Open, small_lab: Staffed) -> None:
    planned = small_lab["tamara"].run(samples.samples, ListQuery(filters={"state": (SampleState.PLANNED,)}))
    for row in planned.rows[1:]:
        small_lab["manager"].run(samples.authorise_sample, row.id)
    place, gone = opened("manager"), []
    place.context.navigated.connect(lambda where, ref: gone.append((where, ref)))
    next(line for line in place.lines if line.text() == "Samples that wait for authorisation").click()
    assert gone == [("samples", Ref("sample", planned.rows[0].id))]


def test_what_waits_for_me_waits_for_others_on_their_page(opened: Open) -> None:
    title = "Samples that wait for authorisation"
    mine, _, others = words(opened("manager")).partition("Waits for somebody else")
    assert title not in others
    assert "Waits for me" in mine
    mine, _, others = words(opened("tamara")).partition("Waits for somebody else")
    assert "Waits for me" in mine
    assert [line.text() for line in opened("tamara").lines].index(title) > 0


def test_work_that_appears_is_seen_at_once(opened: Open, small_lab: Staffed) -> None:
    place = opened("manager")
    before = next(line for line in place.lines if "authorisation" in line.text()).accessibleName()
    item = small_lab["tamara"].run(remains.items, ListQuery(limit=1)).rows[0]
    small_lab["tamara"].run(samples.plan_sample, item.id, SampleKind.BONE)
    place.refresh()
    after = next(line for line in place.lines if "authorisation" in line.text()).accessibleName()
    assert int(after.split()[0]) == int(before.split()[0]) + 1


def test_an_administrator_is_told_kindly_that_nothing_waits_and_sees_no_case_data(opened: Open) -> None:
    place = opened("admin")
    assert "Nothing waits for you." in words(place)
    assert "Nothing waits for others either." in words(place)
    assert not place.figures.isVisible()


def test_every_stage_of_the_funnel_holds_no_more_than_the_one_before(
    opened: Open, small_lab: Staffed
) -> None:
    counts = small_lab["manager"].run(funnel)
    assert list(counts) == ["missing", "referenced", "profiled", "matched", "identified", "returned"]
    numbers = list(counts.values())
    assert numbers == sorted(numbers, reverse=True)
    assert numbers[0] > numbers[3] > 0
    place, gone = opened("manager"), []
    place.context.navigated.connect(lambda where, _: gone.append(where))
    assert set(place.funnel.things) == set(counts)
    place.funnel.clicked.emit("matched")
    assert gone == ["matching"]


def test_the_funnel_counts_only_the_operation_that_is_shown(small_lab: Staffed) -> None:
    from uuid import uuid4

    assert set(small_lab["manager"].run(funnel, uuid4()).values()) == {0}


def test_news_are_of_others_since_then_and_only_of_what_one_may_read(small_lab: Staffed) -> None:
    begun = datetime.now(UTC) - timedelta(seconds=1)
    item = small_lab["tamara"].run(remains.items, ListQuery(limit=1)).rows[0]
    sample = small_lab["tamara"].run(samples.plan_sample, item.id, SampleKind.TOOTH)
    heard = small_lab["manager"].run(news, begun)
    assert [(one.what, one.who, one.times, one.only) for one in heard] == [
        ("Plan sample", "Tamara Lindqvist", 1, sample.id)
    ]
    assert small_lab["tamara"].run(news, begun) == []
    assert small_lab["admin"].run(news, begun) == []


def test_in_a_new_laboratory_the_first_step_is_in_front(qtbot: QtBot, staffed: Staffed) -> None:
    for login in ("manager", "admin"):
        context = Context(staffed[login], "Institute")
        place = TodayPlace(context)
        gone: list[tuple[str, Ref]] = []
        qtbot.addWidget(place)
        context.navigated.connect(lambda where, ref, gone=gone: gone.append((where, ref)))
        assert [line.text() for line in place.lines] == ["Operations"]
        place.lines[0].click()
        assert gone == [("settings", Ref("section", "operations"))]
        context.close()


def test_who_is_alone_is_led_to_the_people(qtbot: QtBot, laboratory_alone: Context) -> None:
    place = TodayPlace(laboratory_alone)
    qtbot.addWidget(place)
    assert [line.text() for line in place.lines] == ["People and roles"]
