"""What changed among the candidates since the last visit, since yesterday…: new, stronger, weaker, gone, and why."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

from PySide6.QtWidgets import QBoxLayout, QCheckBox

from forensics.domain.lists import ListQuery, Page
from forensics.domain.matching import Change, Difference, HypothesisState
from forensics.services import screenings
from gui.context import Context
from gui.look import Meaning
from gui.place import ListPlace
from gui.places.matching_words import cell, hypothesis_mark, lay_out, moment, say
from gui.rescreening import Rescreening
from gui.visits import last_visit, recently
from gui.widgets.banner import EmptyState
from gui.widgets.buttons import Action
from gui.widgets.lines import boxed, row, text
from gui.widgets.lists import Column, Filter, Kind, RecordList
from gui.widgets.marks import Mark
from gui.widgets.model import MemorySource
from gui.widgets.record import Fact, RecordPage, Value

DAYS = {"day": 1, "week": 7, "month": 30}


def change_mark(change: Change) -> Mark:
    """How a candidate differs from what stood before."""
    return {
        Change.NEW: Mark(Meaning.WAITING, say("New"), "plus"),
        Change.STRONGER: Mark(Meaning.GOOD, say("Stronger"), "chevron-up"),
        Change.WEAKER: Mark(Meaning.ATTENTION, say("Weaker"), "chevron-down"),
        Change.SAME: Mark(Meaning.NEUTRAL, say("Same weight")),
        Change.GONE: Mark(Meaning.NO, say("Gone")),
    }[change]


def chance_words(comparisons: int, chance: float) -> str:
    """How many pairs were compared, and what chance alone would have brought."""
    shown = f"{chance:,.1f}" if chance < 10 else f"{chance:,.0f}"
    return say("{0} comparisons; at most {1} candidates by chance alone").format(f"{comparisons:,}", shown)


def from_to(one: Difference) -> str:
    """`10^4.2 → 10^6.1`; the one weight of a new pair; a dash for what is gone."""
    if one.before is None:
        return cell(one.after)
    return f"{cell(one.before)} → {cell(one.after) if one.after is not None else '–'}"


class Changes(ListPlace):
    """The list of differences and, for each, what had changed."""

    name = "changes"
    subjects = frozenset({"screening", "hypothesis"})

    def __init__(self, context: Context, opened: Callable[[UUID, str], None], search: Action) -> None:
        self.opened, self.search = opened, search
        self.told: screenings.Changes | None = None
        self.visited = last_visit(context)
        super().__init__(context)
        lay_out(self, 700, 460)
        self.words = text("", "muted")
        self.by_itself = QCheckBox(self.tr("Compare what changed by itself"))
        watcher = Rescreening.of(context)
        self.by_itself.setChecked(watcher.is_on)
        self.by_itself.toggled.connect(watcher.turn)
        self.by_itself.setVisible(watcher.may)
        head = row(self.words, self.by_itself, gap=16)
        head.setStretch(0, 1)
        head.setContentsMargins(16, 10, 16, 2)
        layout = self.layout()
        assert isinstance(layout, QBoxLayout)
        layout.insertWidget(0, boxed(head, "surface"))
        layout.setSpacing(0)
        layout.setStretchFactor(self.splitter, 1)
        self.list.model.counted.connect(lambda _: self._say())

    def make_list(self) -> RecordList:
        columns = [
            Column("change", self.tr("Change"), Kind.MARK, 124, value=lambda one: change_mark(one.change)),
            Column("item_number", self.tr("Remains"), Kind.TOKEN, 138),
            Column("missing_number", self.tr("Missing person"), Kind.TOKEN, 138),
            Column("lr", self.tr("LR"), Kind.NUMBER, 160, value=from_to, sortable=False),
            Column("reason", self.tr("Because"), width=220, stretch=True),
            Column("family_number", self.tr("Family"), Kind.TOKEN, 138, shown=False),
            Column("number", self.tr("Match"), Kind.TOKEN, 138, shown=False),
        ]
        since = [
            ("visit", self.tr("My last visit")),
            ("day", self.tr("Yesterday")),
            ("week", self.tr("7 days ago")),
            ("month", self.tr("30 days ago")),
        ]
        kinds = [(change, change_mark(change).word) for change in Change]
        memory = MemorySource(self._rows, columns, {"since": lambda _: None})

        def source(query: ListQuery) -> Page[Difference]:
            self._since = self._begin(query.filters.get("since", ()))
            filters = {key: value for key, value in query.filters.items() if key != "since"}
            return memory(
                ListQuery(query.text, filters, query.sort, query.descending, query.offset, query.limit)
            )

        empty = EmptyState(
            "check",
            self.tr("Nothing changed"),
            self.tr("No screening since then brought, changed or took away a candidate."),
        )
        return RecordList(
            self.tr("What changed"), columns, source,
            [Filter("since", self.tr("Since"), since), Filter("change", self.tr("Change"), kinds)],
            empty, [self.search], runner=self.context.tasks.quietly, key=lambda one: one.hypothesis,
        )  # fmt: skip

    def _begin(self, chosen: tuple[str, ...]) -> datetime:
        """The furthest of the chosen beginnings; without a choice the last visit, or a day if that is longer."""
        now = datetime.now(UTC)
        begins = [now - timedelta(days=DAYS[one]) for one in chosen if one in DAYS]
        if "visit" in chosen:
            begins.append(self.visited)
        return min(begins, default=recently(self.context))

    def _rows(self) -> list[Difference]:
        """Called on the database's thread."""
        chosen = self.context.operation
        self.told = self.context.lab.run(
            screenings.changes_since, self._since, chosen.id if chosen is not None else None
        )
        return list(self.told.differences)

    def _say(self) -> None:
        """What was compared since then, above the list."""
        told = self.told
        if told is None:
            return
        done = len(told.screenings)
        count = self.tr("1 screening") if done == 1 else self.tr("{0} screenings").format(done)
        words = self.tr("Since {0}: {1}").format(moment(told.since), count)
        if done:
            words = f"{words}, {chance_words(told.comparisons, told.chance_hits)}."
        self.words.setText(words)

    def actions_offered(self) -> list[Action]:
        return [self.search]

    def fill(self, page: RecordPage, row: Difference) -> None:
        title = self.tr("{0} and {1}").format(row.item_number, row.missing_number)
        marks = [change_mark(row.change)]
        gone = row.change is Change.GONE
        why = self.tr("It was taken out of the list of candidates; the audit keeps it.")
        kept = not gone or row.state not in (HypothesisState.CANDIDATE, HypothesisState.RETURNED)
        act = Action(
            self.tr("Open the match"), lambda: self.opened(row.hypothesis, row.number), "arrow-right", "primary",
            why_not="" if kept else why,
        )  # fmt: skip
        page.header(row.number, title, self.tr("Candidate"), marks, actions=[act])
        if gone and kept and row.state is not None:
            words = self.tr("It stands as “{0}” on data that are no longer those of today: look at it again.")
            page.notice(words.format(hypothesis_mark(row.state).word), Meaning.ATTENTION)
        facts: list[tuple[str, Value]] = [
            (self.tr("Before"), self._weight(row.before)),
            (self.tr("Now"), self._weight(row.after)),
            (self.tr("Because"), row.reason[:1].upper() + row.reason[1:]),
            (self.tr("Family"), row.family_number),
            (self.tr("Sample"), Fact(row.sample, mono=True)),
        ]
        page.section(self.tr("What changed")).facts(facts)
        self._basis(page)

    def _weight(self, log10: float | None) -> str:
        return self.tr("LR {0}").format(cell(log10)) if log10 is not None else self.tr("no candidate")

    def _basis(self, page: RecordPage) -> None:
        """The screenings behind it, each with its number of comparisons and of hits by chance."""
        if self.told is None:
            return
        rows = [
            (s.number, moment(s.created_at), f"{s.comparisons:,}", f"{s.expected_chance_hits:,.2f}")
            for s in reversed(self.told.screenings[-12:])
        ]
        section = page.section(self.tr("On what it rests"))
        titles = (self.tr("Screening"), self.tr("When"), self.tr("Comparisons"), self.tr("By chance"))
        section.table(titles, rows, (2, 3))
        section.text(
            self.tr(
                "“By chance” is the most that unrelated pairs would bring; a candidate is a reason to look."
            ),
            "muted",
        )
