"""What changes is compared by itself, may be stopped and switched off, and is told where people look."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from forensics.domain.evidence import power_of_ten
from forensics.domain.matching import Change, Hypothesis, HypothesisState
from forensics.services import families, matching, screening_plans, screenings
from gui import rescreening
from gui.context import Ref
from gui.places.matching import MatchingPlace
from gui.places.matching_screenings import Screenings
from gui.places.today import TodayPlace
from gui.rescreening import Rescreening
from gui.widgets.buttons import Button
from tests.services.test_screenings import hypotheses
from tests.support.changing import ChangingLaboratory
from tests.support.desk import Desk, Desks, desks_of
from tests.support.laboratories import Staffed


@pytest.fixture
def world(staffed: Staffed) -> ChangingLaboratory:
    """Three families and four bones, screened once before the last visit."""
    clock = staffed.admin.store.clock
    staffed.admin.store.clock = lambda: clock() - timedelta(days=9)
    made = ChangingLaboratory(staffed, random.Random(11))
    for _ in range(3):
        made.add_family()
    made.dice = random.Random(3)
    for _ in range(4):
        made.add_bone()
    screenings.screen_operation(staffed["analyst"], made.operation.id)
    staffed.admin.store.clock = clock
    return made


@pytest.fixture
def desks(qtbot: QtBot, staffed: Staffed, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desks]:
    monkeypatch.setattr(rescreening, "QUIET", 30)
    monkeypatch.setattr(rescreening, "BEGIN", 30)
    with desks_of(qtbot, staffed) as sit:
        yield sit


def count(world: ChangingLaboratory) -> int:
    return len(world.labs["analyst"].run(screening_plans.screenings, world.operation.id))


def watch(desk: Desk) -> Rescreening:
    watcher = Rescreening.of(desk.context)
    watcher.start()
    return watcher


def words_on(widget: QWidget) -> str:
    return " ".join(label.text() for label in widget.findChildren(QLabel))


def test_what_changed_before_the_window_opened_is_compared_by_itself(
    world: ChangingLaboratory, desks: Desks
) -> None:
    world.add_family()
    world.take_in_bone("new", list(world.truth.values())[-1])
    desk = desks("analyst")
    found: list[object] = []
    watch(desk).found.connect(lambda _, differences: found.append(differences))
    desk.wait(lambda: found)
    assert count(world) == 2
    (differences,) = found
    assert any(d.change is Change.NEW for d in differences)  # type: ignore[attr-defined]
    desk.wait(lambda: any("1 new candidate" in words for words, _ in desk.said))
    assert any("What changed was compared" in words for words, _ in desk.said)
    desk.offered[0].run()
    assert desk.gone[-1] == ("matching", Ref("changes", ""))


def test_another_threshold_is_kept_and_said(world: ChangingLaboratory, desks: Desks) -> None:
    screenings.screen_operation(world.labs["analyst"], world.operation.id, threshold_log10=1.0)
    world.add_family()
    world.take_in_bone("new", list(world.truth.values())[-1])
    desk = desks("analyst")
    watch(desk)
    desk.wait(lambda: any("new candidate" in words for words, _ in desk.said))
    assert any(
        f"from LR {power_of_ten(1.0)} on, as the last search of everything" in words for words, _ in desk.said
    )
    world.take_in_bone("other", list(world.truth.values())[-1])
    place = desk.sit(MatchingPlace)
    place.candidates.run_changes()
    desk.wait(lambda: sum(f"from LR {power_of_ten(1.0)} on" in words for words, _ in desk.said) > 1)


def test_an_act_of_the_person_is_followed_by_a_search_of_what_it_touched(
    world: ChangingLaboratory, desks: Desks
) -> None:
    desk = desks("analyst")
    watcher = watch(desk)
    desk.wait(lambda: watcher.task is None)
    world.add_bone()  # the import is an act of the analyst, the review another person's
    desk.wait(lambda: count(world) == 2)
    newest = desk.lab.run(screening_plans.screenings, world.operation.id)[0]
    assert (newest.profiles_compared, newest.families_compared) == (1, 0)


def test_switched_off_it_waits_until_it_is_asked(
    world: ChangingLaboratory, desks: Desks, qtbot: QtBot
) -> None:
    desk = desks("analyst")
    place = desk.sit(MatchingPlace)
    place.show_view("changes")
    place.changes.by_itself.setChecked(False)
    watch(desk)
    world.add_bone()
    qtbot.wait(400)
    assert count(world) == 1
    place.candidates.run_changes()
    desk.wait(lambda: count(world) == 2)
    desk.wait(lambda: any("comparisons" in words for words, _ in desk.said))
    place.candidates.run_changes()
    desk.wait(lambda: any("Nothing that is compared has changed" in words for words, _ in desk.said))
    assert not Rescreening.of(desk.context).is_on


def test_other_policies_are_said_and_left_to_the_person(
    world: ChangingLaboratory, desks: Desks, qtbot: QtBot
) -> None:
    world._policy(theta=0.03)
    desk = desks("analyst")
    watch(desk)
    desk.wait(lambda: any("θ is 0.03 instead of 0.01" in words for words, _ in desk.said))
    assert count(world) == 1


def test_who_may_not_screen_does_not(world: ChangingLaboratory, desks: Desks, qtbot: QtBot) -> None:
    world.add_bone()
    desk = desks("manager")
    watcher = watch(desk)
    qtbot.wait(300)
    assert not watcher.may
    assert count(world) == 1


def _strongest(world: ChangingLaboratory) -> Hypothesis:
    found = world.labs["analyst"].run(hypotheses, world.operation.id)
    return max(found, key=lambda h: h.log10_lr or 0.0)


def _withdraw(world: ChangingLaboratory, h: Hypothesis) -> None:
    for donor in world.labs["manager"].run(families.family_record, h.family).donors:
        world.labs["manager"].run(families.withdraw_consent, donor.donor.id, "asked by telephone")


@pytest.fixture
def outdated(world: ChangingLaboratory) -> Hypothesis:
    """A supported match whose references were withdrawn since, and screened since."""
    best = _strongest(world)
    put = world.labs["analyst"].run(matching.propose_match, best, "agrees at every locus")
    world.labs["reviewer"].run(matching.review_match, put, HypothesisState.SUPPORTED, "")
    _withdraw(world, best)
    screenings.screen_changes(world.labs["analyst"], world.operation.id)
    return best


def test_the_list_of_changes_tells_what_is_gone_and_why(
    world: ChangingLaboratory, outdated: Hypothesis, desks: Desks
) -> None:
    desk = desks("analyst")
    place = desk.sit(MatchingPlace)
    place.open(Ref("changes", ""))
    view = place.changes
    desk.wait(lambda: view.list.current is not None and view.words.text())
    assert "comparisons; at most" in view.words.text()
    view.list.select(outdated.id)
    desk.wait(lambda: "consent withdrawn" in words_on(view.page))
    shown = words_on(view.page)
    assert "It stands as “Supported” on data that are no longer those of today" in shown
    assert "no candidate" in shown
    view.opened(outdated.id, outdated.number)
    desk.wait(lambda: "No longer rests on the data of today" in words_on(place.candidates.page))
    acts = {a.text: a for a in place.candidates.actions_offered()}
    assert (
        "weighed anew" in acts["Propose identification"].why_not
        or "case manager" in acts["Propose identification"].why_not
    )


def test_only_what_changed_since_then_is_listed(
    world: ChangingLaboratory, outdated: Hypothesis, desks: Desks
) -> None:
    desk = desks("analyst")
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    QSettings().setValue(f"today/{desk.lab.person.id}/visited", tomorrow)
    place = desk.sit(MatchingPlace)
    place.show_view("changes")
    view = place.changes
    desk.wait(lambda: view.list.current is not None)  # a day back, although the last visit was later
    view.list.show_only(since=("visit",))
    desk.wait(lambda: view.list.current is None)
    assert "0 screenings" in view.words.text()


def test_a_screening_tells_what_it_compared_and_what_all_before_did(
    world: ChangingLaboratory, outdated: Hypothesis, desks: Desks
) -> None:
    desk = desks("analyst")
    place = desk.sit(MatchingPlace)
    place.show_view("screening")
    view = place.screenings
    assert isinstance(view, Screenings)
    desk.wait(lambda: "What changed" in words_on(view.page))
    shown = words_on(view.page)
    assert "since everything was compared with everything" in shown
    assert "consent withdrawn" in shown


def test_the_first_page_tells_it_too(world: ChangingLaboratory, outdated: Hypothesis, desks: Desks) -> None:
    desk = desks("reviewer")
    place = desk.sit(TodayPlace)
    assert "What changed since" in words_on(place)
    assert "consent withdrawn" in words_on(place)
    assert desks("tamara").sit(TodayPlace).matching_part.isHidden()


def test_all_is_compared_with_all_and_what_is_wrong_comes_first(
    world: ChangingLaboratory, desks: Desks
) -> None:
    from forensics.domain.blind import Outcome
    from forensics.services import blind_settling, gene_dropping
    from tests.services.test_blind import LOCI, TRIO

    found = gene_dropping.drop(TRIO, world.table, LOCI, world.dice)
    world.take_in_family(TRIO, {"Mother": found["Mother"]})
    world.take_in_family(TRIO, {"Mother": found["Mother"]})
    desk = desks("analyst")
    place = desk.sit(MatchingPlace)
    place.show_view("association")
    place.reassociation.compare_all()
    desk.wait(lambda: desk.gone)
    where, ref = desk.gone[-1]
    assert where == "matching"
    assert ref is not None
    assert any("is not what it should be" in words for words, _ in desk.said)
    place.open(ref)
    assert place.shown is place.screenings
    desk.wait(lambda: "One donor twice" in words_on(place.screenings.page))
    shown = words_on(place.screenings.page)
    assert "at most" in shown
    (done,) = desk.lab.run(blind_settling.blind_searches, world.operation.id)
    assert f"{done.comparisons:,}" in shown
    desk.answer(outcome=Outcome.DUPLICATE, reason="one woman, two families")
    click(place.screenings.page, "Settle")
    desk.wait(lambda: "one woman, two families" in words_on(place.screenings.page))
    shown = words_on(place.screenings.page)
    assert "Recorded twice" in shown
    assert "Nothing open speaks of a sample" in shown
    desk.answer(reason="she has a twin")
    click(place.screenings.page, "Reopen")
    desk.wait(lambda: "These speak of a sample" in words_on(place.screenings.page))
    (kept,) = desk.lab.run(blind_settling.blind_searches, world.operation.id)
    assert kept.open == kept.findings


def click(widget: QWidget, word: str) -> None:
    button = next(b for b in widget.findChildren(Button) if b.text() == word)
    assert button.accessibleName().startswith(f"{word}: ")
    button.click()
