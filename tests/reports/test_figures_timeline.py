"""Custody is drawn leg by leg; a broken chain looks broken and says so."""

import itertools
import xml.etree.ElementTree as ElementTree

import pytest

from reports.figures.svg import Figure
from reports.figures.timeline import Event, Leg, timeline_figure
from reports.palette import LIGHT

SVG = "{http://www.w3.org/2000/svg}"
EVENTS = (
    Event("e1", "2026-03-02", "Excavation team", "Recovered.", Leg.SIGNED, "3 h"),
    Event("e2", "2026-03-02", "Transport", "", Leg.UNSIGNED, "1 day"),
    Event(
        "e3", "2026-03-03", "Mortuary", "Opened for photography and sealed again. " * 4, Leg.GAP, "12 days"
    ),
    Event("e4", "2026-03-15", "Store", ""),
)


@pytest.fixture
def figure() -> Figure:
    return timeline_figure(EVENTS, LIGHT)


def rails(figure: Figure) -> list[ElementTree.Element]:
    return ElementTree.fromstring(figure.svg).findall(f"{SVG}line")


def test_time_runs_downwards_and_no_events_overlap(figure: Figure) -> None:
    boxes = [figure.boxes[event.id] for event in EVENTS]
    assert all(upper.bottom <= lower.y for upper, lower in itertools.pairwise(boxes))
    assert boxes[-1].bottom <= figure.height


def test_signed_unsigned_and_undocumented_legs_differ_by_shape_and_word(figure: Figure) -> None:
    dashes = [line.get("stroke-dasharray") for line in rails(figure)]
    assert dashes[0] is None
    assert dashes[1] == "4 4"
    assert ElementTree.fromstring(figure.svg).find(f"{SVG}rect") is not None
    assert "signature missing" in figure.svg
    assert "gap: holder not documented" in figure.svg


def test_a_complete_chain_shows_no_fault() -> None:
    figure = timeline_figure((EVENTS[0], EVENTS[3]), LIGHT)
    assert ElementTree.fromstring(figure.svg).find(f"{SVG}rect") is None
    assert "missing" not in figure.svg
    assert "gap" not in figure.svg


def test_long_text_is_wrapped_within_the_width(figure: Figure) -> None:
    group = next(g for g in ElementTree.fromstring(figure.svg).iter(f"{SVG}g") if g.get("id") == "e3")
    lines = [e.text or "" for e in group.iter(f"{SVG}text")][2:]
    assert len(lines) > 1
    assert " ".join(lines) == EVENTS[2].text.strip()


def test_nothing_has_happened_yet() -> None:
    assert timeline_figure((), LIGHT).boxes == {}
