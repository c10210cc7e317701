"""Matching: the list, the weight in words, proposing, reviewing by another person, re-association, screening."""

from __future__ import annotations

import json
from pathlib import Path
from uuid import UUID

import pytest
from pytestqt.qtbot import QtBot

from forensics.domain.evidence import power_of_ten
from forensics.domain.lists import ListQuery
from forensics.domain.matching import Hypothesis, HypothesisState
from forensics.domain.remains import AssociationState
from forensics.services import associations, identifications, matching
from forensics.services.recomputing import recompute
from gui.context import Ref
from gui.places.matching import MatchingPlace
from gui.places.matching_forms import save_case
from gui.places.matching_screenings import SummaryDialog
from gui.widgets.svgview import SvgView
from tests.support.desk import Desk, Desks, said_on


def first(desk: Desk, state: HypothesisState) -> Ref:
    query = ListQuery(filters={"state": (state,)}, sort="log10_lr", descending=True, limit=1)
    line = desk.lab.run(matching.hypotheses, query).rows[0]
    return Ref("hypothesis", line.id, line.number)


def id_of(ref: Ref) -> UUID:
    assert isinstance(ref.id, UUID)
    return ref.id


def shown(desk: Desk, place: MatchingPlace, ref: Ref) -> Hypothesis:
    """The page of a match, opened."""
    place.open(ref)
    desk.wait(lambda: place.candidates.record and place.candidates.record.hypothesis.id == ref.id)
    assert place.candidates.record is not None
    return place.candidates.record.hypothesis


def test_the_list_is_best_first_and_the_page_states_lr_prior_and_policy_together(desks: Desks) -> None:
    desk = desks("analyst")
    place = desk.sit(MatchingPlace)
    desk.wait(lambda: place.candidates.record)
    record = place.candidates.record
    assert record is not None
    best = max(line.log10_lr or 0 for line in desk.lab.run(matching.hypotheses, ListQuery(limit=500)).rows)
    assert record.hypothesis.log10_lr == best
    words = said_on(place.candidates.page)
    assert power_of_ten(best) in words
    assert power_of_ten(record.hypothesis.required_log10_lr, up=True) in words
    assert f"1 in {record.hypothesis.prior_number}" in words
    assert "given this prior" in words
    assert record.frequencies is not None
    assert record.frequencies.source in words
    views = place.candidates.page.findChildren(SvgView)
    assert any(f"person-{record.member}" in view.things for view in views)
    assert any("combined" in view.things for view in views)


def test_returned_weighed_again_and_reviewed_by_another(desks: Desks) -> None:
    reviewer = desks("reviewer")
    ref = first(reviewer, HypothesisState.PROPOSED)
    desk = reviewer.sit(MatchingPlace)
    shown(reviewer, desk, ref)
    reviewer.answer(outcome=HypothesisState.RETURNED)
    desk.candidates.review()
    assert any("what would help" in words for words in reviewer.refused)
    reviewer.answer(outcome=HypothesisState.RETURNED, review="Explain D21S11.")
    desk.candidates.review()

    analyst = desks("analyst")
    place = analyst.sit(MatchingPlace)
    assert shown(analyst, place, ref).state is HypothesisState.RETURNED
    assert "Explain D21S11." in said_on(place.candidates.page)
    analyst.answer(reasoning="One mutation at D21S11 explains it.")
    place.candidates.propose()
    analyst.wait(lambda: shown(analyst, place, ref).state is HypothesisState.PROPOSED)
    review = next(a for a in place.candidates.actions_offered() if a.text == "Review")
    assert review.why_not

    desk.refresh()
    reviewer.wait(lambda: shown(reviewer, desk, ref).state is HypothesisState.PROPOSED)
    desk.candidates.show_again()
    reviewer.answer(outcome=HypothesisState.INCONCLUSIVE, review="A sample of the father would help.")
    desk.candidates.review()
    kept = reviewer.lab.run(matching.hypothesis_record, id_of(ref)).hypothesis
    assert (kept.state, kept.review) == (HypothesisState.INCONCLUSIVE, "A sample of the father would help.")
    assert kept.weighed_by != kept.reviewed_by


def test_a_supported_match_becomes_an_identification_and_its_case_computes_again(
    desks: Desks, tmp_path: Path
) -> None:
    desk = desks("manager")
    place = desk.sit(MatchingPlace)
    taken = {
        line.item_number for line in desk.lab.run(identifications.identifications, ListQuery(limit=99)).rows
    }
    query = ListQuery(filters={"state": (HypothesisState.SUPPORTED,)}, limit=99)
    line = next(
        (
            one
            for one in desk.lab.run(matching.hypotheses, query).rows
            if one.item_number not in taken and (one.posterior or 0) > 0.9995
        ),
        None,
    )
    if line is None:  # all supported ones are identified already: the refusal must say so
        ref = first(desk, HypothesisState.SUPPORTED)
        shown(desk, place, ref)
        desk.answer(proposal="Again.")
        place.candidates.identify()
        assert any("already have" in words for words in desk.refused)
    else:
        ref = Ref("hypothesis", line.id, line.number)
        shown(desk, place, ref)
        desk.answer(proposal="DNA and examination agree.")
        place.candidates.identify()
        assert desk.gone[-1][0] == "identifications"
    h = shown(desk, place, ref)
    target = tmp_path / "case.json"
    assert save_case(desk.context, h, target)
    again = recompute(json.loads(target.read_text("utf-8")))
    assert again == pytest.approx(h.log10_per_locus, abs=1e-9)


def test_sensitivity_is_computed_on_demand(desks: Desks) -> None:
    desk = desks("analyst")
    place = desk.sit(MatchingPlace)
    h = shown(desk, place, first(desk, HypothesisState.SUPPORTED))
    place.candidates.vary()
    desk.wait(lambda: h.case_digest in place.candidates.varied, 60)
    lines = place.candidates.varied[h.case_digest]
    assert lines[0].log10_total == pytest.approx(h.log10_lr, abs=1e-9)
    assert any(line.kind == "without a relative" for line in lines)
    assert "Without " in said_on(place.candidates.page)


def test_an_association_is_decided_by_another_than_its_proposer(desks: Desks) -> None:
    query = ListQuery(filters={"state": (AssociationState.PROPOSED,)}, limit=1)
    analyst = desks("analyst")
    waiting = analyst.lab.run(associations.association_list, query).rows
    if not waiting:
        pytest.skip("the miniature holds no association to decide")
    ref = Ref("association", waiting[0].id, waiting[0].number)
    place = analyst.sit(MatchingPlace)
    place.open(ref)
    analyst.wait(lambda: place.reassociation.record and place.reassociation.record.association.id == ref.id)
    accept = next(a for a in place.reassociation.actions_offered() if a.text == "Accept")
    assert "another person decides" in accept.why_not

    reviewer = desks("reviewer")
    desk = reviewer.sit(MatchingPlace)
    desk.open(ref)
    reviewer.wait(lambda: desk.reassociation.record and desk.reassociation.record.association.id == ref.id)
    record = desk.reassociation.record
    assert record is not None
    assert f"{record.compared}" in said_on(desk.reassociation.page)
    reviewer.answer(decision="Same genotype at every locus, same grave.")
    desk.reassociation.decide(True)
    decided = reviewer.lab.run(associations.association_record, id_of(ref))
    assert decided.association.state is AssociationState.ACCEPTED
    assert decided.first.individual is not None
    assert decided.first.individual == decided.second.individual


def test_screening_tells_what_was_compared_and_what_chance_brings(desks: Desks, qtbot: QtBot) -> None:
    desk = desks("analyst")
    place = desk.sit(MatchingPlace)
    told: list[str] = []

    def read(dialog: object) -> None:
        assert isinstance(dialog, SummaryDialog)
        told.append(said_on(dialog))
        dialog.accept()

    desk._next(SummaryDialog, read)
    place.candidates.run_screening()
    desk.wait(lambda: told, 60)
    assert "By chance alone" in told[0]
    assert "at most" in told[0]
    place.show_view("screening")
    desk.wait(lambda: place.screenings.current is not None)
    heat = [v for v in place.screenings.page.findChildren(SvgView) if "r0c0" in v.things]
    assert heat
    heat[0].clicked.emit("r0c0")
    assert place.shown is place.candidates
    qtbot.wait(50)


def test_the_views_are_chosen_by_keys(desks: Desks, qtbot: QtBot) -> None:
    desk = desks("analyst")
    place = desk.sit(MatchingPlace)
    qtbot.waitExposed(place)
    place.begin()
    keys = [button.shortcut().toString() for button in place.switch.buttons.values()]
    assert keys == [f"Ctrl+{number}" for number in range(1, len(place.views) + 1)]
    place.switch.buttons["association"].click()
    assert place.shown is place.reassociation


def test_who_may_not_screen_reads_why(desks: Desks) -> None:
    desk = desks("manager")
    place = desk.sit(MatchingPlace)
    assert "DNA analyst" in place.candidates.screen_action().why_not
