"""Events and sites: what happened, and where remains are found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QWidget

from forensics.domain.dates import UncertainDate
from forensics.domain.lists import ListQuery
from forensics.domain.operations import Event, Site, SiteState
from forensics.services import operations
from gui.context import Context
from gui.look import Meaning
from gui.place import ListPlace
from gui.places.missing_forms import operation_of
from gui.places.settings_words import first_up, say, site_kinds, site_states
from gui.widgets.banner import EmptyState
from gui.widgets.buttons import Action
from gui.widgets.forms import FormDialog
from gui.widgets.keeping import keep
from gui.widgets.lists import Column, Filter, Kind, RecordList
from gui.widgets.marks import Mark
from gui.widgets.model import MemorySource
from gui.widgets.record import Fact, RecordPage

EVENT, SITE = "event", "site"


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """An event or a site."""

    id: UUID
    what: str
    number: str
    title: str
    kind: str
    detail: str
    cases: int | None
    state: SiteState | None


class SitesPart(ListPlace):
    """Simple lists; the map comes with the sites' own place."""

    name = "settings-sites"
    subjects = frozenset({"event", "site", "remains_case"})

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        if QSettings().value(f"places/{self.name}/splitter") is None:
            self.splitter.setSizes([520, 420])

    def make_list(self) -> RecordList:
        columns = [
            Column("title", self.tr("Title"), stretch=True),
            Column("what", self.tr("What"), width=64, value=_what),
            Column("state", self.tr("State"), Kind.MARK, 118, value=_mark),
            Column("cases", self.tr("Cases"), Kind.NUMBER, 68),
            Column("number", self.tr("Number"), Kind.TOKEN, 134),
        ]
        words = self.tr("Record what happened as an event, and where remains are found as a site.")
        return RecordList(
            self.tr("Events and sites"),
            columns,
            MemorySource(self._lines, columns),
            [Filter("what", self.tr("What"), [(EVENT, self.tr("Events")), (SITE, self.tr("Sites"))])],
            EmptyState(
                "sites",
                self.tr("No events or sites yet"),
                words,
                replace(self.actions_offered()[0], shortcut="", kind="quiet"),
            ),
            self.actions_offered(),
            sort="number",
        )

    def actions_offered(self) -> list[Action]:
        why = (
            ""
            if self.context.may(operations.create_site)
            else say("Custodians and case managers record sites.")
        )
        return [
            Action(self.tr("Site"), self.new_site, "plus", "primary", "Ctrl+N", why),
            Action(self.tr("Event"), self.new_event, "plus", "quiet", "Ctrl+Shift+N", why),
        ]

    def make_nothing(self) -> QWidget:
        words = self.tr("Choose an event or a site to read it.")
        return EmptyState("sites", self.tr("Nothing chosen"), words)

    def fill(self, page: RecordPage, row: PlaceLine) -> None:
        if row.what == EVENT:
            event = self.context.query(operations.event, row.id)
            if event is not None:
                self._fill_event(page, event)
            return
        site = self.context.query(operations.site, row.id)
        if site is not None:
            self._fill_site(page, site, row)

    def _fill_event(self, page: RecordPage, event: Event) -> None:
        page.header(
            event.number,
            event.title,
            self.tr("Event"),
            actions=[self._change(lambda: self._event_form(event))],
        )
        page.section(self.tr("What happened")).facts(
            [
                (self.tr("Kind"), event.kind or None),
                (self.tr("When"), str(event.date) if event.date else None),
                (self.tr("Where"), event.place or None),
                (self.tr("Dead"), _span(event.dead_minimum, event.dead_maximum)),
                (self.tr("Missing"), _span(event.missing_minimum, event.missing_maximum)),
            ]
        )

    def _fill_site(self, page: RecordPage, site: Site, row: PlaceLine) -> None:
        why = self._why_not
        state = Action(self.tr("State…"), lambda: self._state_form(site), "tag", why_not=why)
        change = self._change(lambda: self._site_form(site))
        page.header(
            site.number, site.title, self.tr("Site"), [m for m in [_mark(row)] if m], actions=[change, state]
        )
        event = self.context.query(operations.event, site.event) if site.event else None
        page.section(self.tr("The place")).facts(
            [
                (self.tr("Kind"), first_up(say(site.kind.value))),
                (self.tr("Event"), event.title if event else None),
                (self.tr("Position"), _position(site)),
                (self.tr("As written"), site.coordinate_text or None),
                (self.tr("Remains cases"), str(row.cases or 0)),
                (self.tr("Note"), site.note or None),
            ]
        )

    # -- forms -----------------------------------------------------------------------------------------

    @property
    def _why_not(self) -> str:
        return (
            ""
            if self.context.may(operations.create_site)
            else say("Custodians and case managers record sites.")
        )

    def _change(self, run: Any) -> Action:
        return Action(self.tr("Change…"), run, "edit", "quiet", "Ctrl+E", self._why_not)

    def new_event(self) -> None:
        self._event_form(None)

    def new_site(self) -> None:
        self._site_form(None)

    def _event_form(self, event: Event | None) -> None:
        operation = event.operation if event else operation_of(self.context)
        if operation is None:
            return

        def save(values: dict[str, Any]) -> Event:
            if event is None:
                return self.context.lab.run(operations.create_event, Event(operation=operation, **values))
            return keep(self.context.lab, operations.change_event, event, values, form)

        title = self.tr("Change {0}").format(event.number) if event else self.tr("New event")
        form = FormDialog(title, save, self)
        form.text("title", self.tr("Title"), required=True)
        form.text("kind", self.tr("Kind"), hint=self.tr("Shipwreck, disappearance, massacre, detention…"))
        form.text(
            "date",
            self.tr("When"),
            hint=self.tr("For instance 1995-07-11/1995-07-19 or 1994?"),
            parse=UncertainDate,
        )
        form.text("place", self.tr("Where"))
        for name, label in (
            ("dead_minimum", self.tr("Dead, at least")),
            ("dead_maximum", self.tr("Dead, at most")),
            ("missing_minimum", self.tr("Missing, at least")),
            ("missing_maximum", self.tr("Missing, at most")),
        ):
            form.number(name, label, whole=True, unit=self.tr("people"))
        if event is not None:
            form.fill({name: getattr(event, name) for name in form.fields})
        form.ask()

    def _site_form(self, site: Site | None) -> None:
        operation = site.operation if site else operation_of(self.context)
        if operation is None:
            return

        def save(values: dict[str, Any]) -> Site:
            if site is None:
                return self.context.lab.run(operations.create_site, Site(operation=operation, **values))
            return keep(self.context.lab, operations.change_site, site, values, form)

        title = self.tr("Change {0}").format(site.number) if site else self.tr("New site")
        form = FormDialog(title, save, self)
        form.text("title", self.tr("Title"), required=True)
        form.choice("kind", self.tr("Kind"), site_kinds(), required=True)
        events = [(e.id, e.title) for e in self.context.query(operations.events, operation) or []]
        if events:
            form.choice("event", self.tr("Event"), events, nothing=self.tr("of no event"))
        form.section(
            self.tr("Where it lies"), self.tr("Degrees of WGS 84; keep the text as it was written down.")
        )
        form.text("coordinate_text", self.tr("Coordinate as written"), mono=True)
        form.number("latitude", self.tr("Latitude"), unit="°")
        form.number("longitude", self.tr("Longitude"), unit="°")
        form.number("accuracy_m", self.tr("Accuracy"), unit="m", usual=(1, 5000))
        form.lines("note", self.tr("Note"), lines=2)
        if site is not None:
            form.fill({name: getattr(site, name) for name in form.fields})
        form.ask()

    def _state_form(self, site: Site) -> None:
        form = FormDialog(
            self.tr("State of {0}").format(site.number),
            lambda values: self.context.lab.run(operations.set_site_state, site.id, values["state"]),
            self,
        )
        form.choice("state", self.tr("State"), site_states(), required=True, prompt=False)
        form.fill({"state": site.state})
        form.ask()

    def _lines(self) -> list[PlaceLine]:
        lab, here = self.context.lab, self.context.operation
        known = [here] if here is not None else lab.run(operations.operations)
        lines: list[PlaceLine] = []
        for op in known:
            lines += [
                PlaceLine(e.id, EVENT, e.number, e.title, e.kind, str(e.date or ""), None, None)
                for e in lab.run(operations.events, op.id)
            ]
        page = lab.run(operations.sites, self.context.here(ListQuery(limit=5000)))
        lines += [
            PlaceLine(s.id, SITE, s.number, s.title, s.kind, s.event or "", s.cases, SiteState(s.state))
            for s in page.rows
        ]
        return lines


def _what(row: PlaceLine) -> str:
    return say("event") if row.what == EVENT else say("site")


def _mark(row: PlaceLine) -> Mark | None:
    if row.state is None:
        return None
    done = row.state in (SiteState.EXCAVATED, SiteState.CLOSED)
    working = row.state in (SiteState.SCHEDULED, SiteState.UNDER_EXCAVATION, SiteState.REOPENED)
    meaning = Meaning.GOOD if done else Meaning.WAITING if working else Meaning.NEUTRAL
    return Mark(meaning, first_up(say(row.state.value)))


def _span(low: int | None, high: int | None) -> Fact | None:
    parts: Sequence[str] = [f"{n:,}" for n in (low, high) if n is not None]
    if not parts:
        return None
    words = parts[0] if low == high or len(parts) == 1 else "–".join(parts)
    return Fact(words, say("estimated number of people"))


def _position(site: Site) -> Fact | None:
    if site.latitude is None or site.longitude is None:
        return None
    north = f"{abs(site.latitude):.5f}° {'N' if site.latitude >= 0 else 'S'}"
    east = f"{abs(site.longitude):.5f}° {'E' if site.longitude >= 0 else 'W'}"
    how = say("WGS 84") + (f", ±{site.accuracy_m:g} m" if site.accuracy_m else "")
    return Fact(f"{north}, {east}", how)
