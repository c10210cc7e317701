"""The first page: what waits for me, what waits for somebody else, how far the search has come, what is new."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QDate, QLocale, Qt
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from forensics.domain.people import Permission
from gui.context import Context, Ref, Some
from gui.finding import SHOWN_IN
from gui.look import Meaning, look, on_look_changed
from gui.place import Place
from gui.places import PLACES
from gui.places.acts import act_words
from gui.places.matching_changes import chance_words, change_mark, from_to
from gui.places.remains_words import age, day, moment
from gui.visits import last_visit, recently
from gui.widgets.banner import glyph
from gui.widgets.buttons import Button
from gui.widgets.lines import clear, column, row, rule, text
from gui.widgets.marks import Chip, Mark
from gui.widgets.svgview import SvgView
from reports.figures.funnel import FunnelWords, Stage, funnel_figure

if TYPE_CHECKING:
    from forensics.domain.matching import Difference
    from forensics.services.today import News, Work

SHOWN = 5  # differences that stand here; Matching has all
OLD = 14  # days after which waiting needs attention
WIDE = 1040  # pixels from which the second column stands beside the first
STAGES = {
    "missing": ("missing", "Missing"),
    "referenced": ("missing", "Referenced"),
    "profiled": ("missing", "Profiled"),
    "matched": ("matching", "Matched"),
    "identified": ("identifications", "Identified"),
    "returned": ("identifications", "Returned"),
}


class TodayPlace(Place):
    """Reads the work list anew whenever something that may wait has changed."""

    subjects = frozenset(
        {
            "sample",
            "profile",
            "family",
            "examination",
            "association",
            "hypothesis",
            "identification",
            "report",
            "batch",
            "nonconformity",
            "reagent_lot",
            "consignment",
            "stock_take",
        }
        | {"missing_person", "remains_case", "remains_item"}
    )

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._since = last_visit(context)
        self.heading = text("", "large")
        self.under = text("", "muted")
        self.mine = QVBoxLayout()
        self.others = QVBoxLayout()
        self.recent = QVBoxLayout()
        self.matching = QVBoxLayout()
        self.funnel = SvgView()
        self.funnel.clicked.connect(self._stage)
        self.figures = self._side(self.tr("How far the search has come"), self.funnel)
        self.lines: list[Button] = []
        self._build()
        on_look_changed(self, lambda place: place.draw_funnel())
        self.refresh()

    # -- building ----------------------------------------------------------------------------------------

    def _build(self) -> None:
        for layout in (self.mine, self.others, self.recent, self.matching):
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setSpacing(0)
        head = column(self.heading, self.under, gap=4)
        self.matching_part = self._part(self.matching)
        left = column(head, self._part(self.mine), self._part(self.others), gap=28)
        left.addStretch()
        right = column(self.figures, self.matching_part, self._part(self.recent), gap=28)
        right.addStretch()
        self._columns = QHBoxLayout()
        self._columns.setContentsMargins(40, 32, 40, 32)
        self._columns.setSpacing(56)
        self._columns.addLayout(left, 5)
        self._columns.addLayout(right, 4)
        page = QWidget()
        page.setProperty("kind", "page")
        page.setLayout(self._columns)
        area = QScrollArea()
        area.setProperty("kind", "surface")
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(page)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setLayout(column(area))

    @staticmethod
    def _part(layout: QVBoxLayout) -> QWidget:
        holder = QWidget()
        holder.setLayout(layout)
        return holder

    @staticmethod
    def _side(title: str, widget: QWidget) -> QWidget:
        holder = QWidget()
        holder.setLayout(column(text(title, "strong"), widget, gap=12))
        return holder

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        wide = self.width() >= WIDE
        way = QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom
        self._columns.setDirection(way)

    # -- showing -----------------------------------------------------------------------------------------

    def refresh(self) -> None:
        from forensics.services.today import news, today

        self.heading.setText(QLocale().toString(QDate.currentDate(), "dddd, d MMMM yyyy"))
        operation = self.context.operation
        # What waits is counted over all operations; only the figure is of the chosen one.
        several = len(self.context.operations()) > 1
        chosen = self.tr("{0} · work of all operations") if several else "{0}"
        shown = chosen.format(operation.title) if operation is not None else self.tr("All operations")
        roles = ", ".join(sorted(_sentence(str(role)) for role in self.context.lab.roles))
        self.under.setText(" · ".join(part for part in (shown, roles) if part))
        work = self.context.query(today) or []
        self.lines = []
        self._fill(self.mine, self.tr("Waits for me"), [one for one in work if one.mine])
        self._fill(self.others, self.tr("Waits for somebody else"), [one for one in work if not one.mine])
        self._tell_changes()
        self._tell(self.context.query(news, self._since) or [])
        self.draw_funnel()

    def _fill(self, layout: QVBoxLayout, title: str, work: list[Work]) -> None:
        clear(layout)
        mine = layout is self.mine
        layout.addWidget(text(title, "strong"))
        layout.addSpacing(8)
        layout.addWidget(rule())
        for one in work:
            layout.addWidget(self._line(one))
            layout.addWidget(rule())
        if not work:
            if mine and (first := self._first_step()) is not None:
                layout.addWidget(first)
                return
            kind = self.tr("Nothing waits for you. What others finish and you go on with appears here.")
            quiet = self.tr("Nothing waits for others either.")
            layout.addWidget(self._nothing(kind if mine else quiet))

    def _first_step(self) -> QWidget | None:
        """What a laboratory needs before anything can wait for anybody; None where it has that."""
        from forensics.services.operations import operations
        from forensics.services.people import people

        known = self.context.query(people) if self.context.has(Permission.PEOPLE_MANAGE) else None
        if known is not None and len(known) < 2:
            words = self.tr("You are alone here yet. Add those who will work with you, with their roles.")
            title, section = self.tr("People and roles"), "people"
        elif self.context.may(operations) and not self.context.query(operations):
            words = self.tr("There is no operation yet. Everything begins with one: whom is searched for.")
            title, section = self.tr("Operations"), "operations"
        else:
            return None
        go = partial(self.context.go, "settings", Ref("section", section))
        button = Button(title, "primary", "arrow-right", go)
        self.lines.append(button)
        line = row(text(words), button, gap=16)
        line.setContentsMargins(0, 14, 0, 10)
        line.setStretch(0, 1)
        holder = QWidget()
        holder.setLayout(line)
        return holder

    @staticmethod
    def _nothing(words: str) -> QWidget:
        line = row(glyph("good", "muted", 20), text(words, "muted"), gap=10)
        line.setContentsMargins(0, 14, 0, 10)
        line.setStretch(1, 1)
        holder = QWidget()
        holder.setLayout(line)
        return holder

    def _line(self, work: Work) -> QWidget:
        """How many, of what, since when; the words are the button."""
        title = QCoreApplication.translate("Today", work.title)
        count = text(f"{work.count:,}", "large", wrap=False)
        count.setFixedWidth(64)
        count.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        go: QWidget = text(title, "muted", wrap=False)
        if any(entry.id == work.place and self.context.has(entry.permission) for entry in PLACES):
            go = Button(title, "link", run=partial(self.go, work))
            go.setAccessibleName(f"{work.count} {title}")
            self.lines.append(go)
        else:  # the name of the work, for whoever wonders what it waits for
            go.setContentsMargins(5, 0, 0, 0)
            go.setToolTip(self.tr("Your role does not open this place; somebody else does it."))
        parts = row(count, go, None, gap=16)
        if work.oldest is not None:
            parts.addWidget(Chip(self._since_when(work.oldest)))
        parts.setContentsMargins(0, 4, 0, 4)
        holder = QFrame()
        holder.setLayout(parts)
        return holder

    def _since_when(self, oldest: datetime) -> Mark:
        old = datetime.now(UTC) - oldest > timedelta(days=OLD)
        tip = self.tr("The oldest waits since {0}").format(moment(oldest))
        return Mark(Meaning.ATTENTION if old else Meaning.NEUTRAL, age(oldest), "" if old else "waiting", tip)

    def _tell_changes(self) -> None:
        """What screenings changed among the candidates since the last visit; nothing where nobody screened."""
        from forensics.services.screenings import changes_since

        self.matching_part.hide()
        if not self.context.has(Permission.MATCH_READ):
            return
        operation = self.context.operation
        told = self.context.query(changes_since, recently(self.context), operation.id if operation else None)
        if told is None or not told.screenings:
            return
        clear(self.matching)
        self.matching.addWidget(text(self.tr("What changed since {0}").format(day(told.since)), "strong"))
        self.matching.addWidget(text(chance_words(told.comparisons, told.chance_hits), "small"))
        self.matching.addSpacing(8)
        self.matching.addWidget(rule())
        for one in told.differences[:SHOWN]:
            self.matching.addWidget(self._difference(one))
        left = len(told.differences) - SHOWN
        if not told.differences:
            self.matching.addWidget(self._nothing(self.tr("No candidate is new, changed or gone.")))
        words = self.tr("{0} more").format(left) if left > 0 else self.tr("All about it")
        go = Button(words, "link", run=partial(self.context.go, "matching", Ref("changes", "")))
        self.matching.addLayout(row(go, None))
        self.matching_part.show()

    def _difference(self, one: Difference) -> QWidget:
        pair = text(f"{one.item_number} – {one.missing_number}", "mono", wrap=False)
        told = column(pair, text(one.reason[:1].upper() + one.reason[1:], "small"), gap=0)
        line = row(Chip(change_mark(one.change)), told, text(from_to(one), wrap=False), gap=12)
        line.setStretch(1, 1)
        line.setContentsMargins(0, 6, 0, 6)
        holder = QWidget()
        holder.setLayout(line)
        return holder

    def _tell(self, news: list[News]) -> None:
        clear(self.recent)
        self.recent.addWidget(text(self.tr("New since {0}").format(day(self._since)), "strong"))
        self.recent.addSpacing(8)
        self.recent.addWidget(rule())
        for one in news[:8]:
            self.recent.addWidget(self._news(one))
        if not news:
            self.recent.addWidget(self._nothing(self.tr("Nobody else changed anything that you read.")))

    def _news(self, one: News) -> QWidget:
        place, icon, _ = SHOWN_IN.get(one.kind, ("", "history", ""))
        what = act_words(one.what)
        words = what if one.times == 1 else self.tr("{0}, {1} times").format(what, one.times)
        detail = " · ".join(part for part in (one.who, moment(one.at)) if part)
        told = column(text(words), text(detail, "small"), gap=0)
        line = row(glyph(icon, "muted", 18), told, gap=12)
        line.setContentsMargins(0, 6, 0, 6)
        line.setStretch(1, 1)
        if place and one.only is not None and any(entry.id == place for entry in PLACES):
            ref = Ref(one.kind, one.only)
            go = Button(self.tr("Open"), "link", run=partial(self.context.go, place, ref))
            go.setAccessibleName(self.tr("Open: {0}").format(words))
            line.addWidget(go)
        holder = QWidget()
        holder.setLayout(line)
        return holder

    def draw_funnel(self) -> None:
        """The figure in the colours of the look in force."""
        from forensics.services.today import funnel

        if not self.context.has(Permission.CASE_READ):
            self.figures.hide()
            return
        operation = self.context.operation
        counts = self.context.query(funnel, operation.id if operation is not None else None) or {}
        stages = [
            Stage(id, QCoreApplication.translate("Today", STAGES[id][1]), count)
            for id, count in counts.items()
        ]
        words = FunnelWords(
            self.tr("Missing persons by how far the search has come"),
            self.tr("{count} waiting"),
            self.tr("{percent} %"),
        )
        figure = funnel_figure(stages, look().palette, width=460, words=words)
        self.funnel.show_figure(figure.svg, words.title, {s.id: f"{s.label}: {s.count:,}" for s in stages})

    # -- going -------------------------------------------------------------------------------------------

    def go(self, work: Work) -> None:
        """To the only record, or to the list narrowed to these."""
        if work.first is not None:
            self.context.go(work.place, Ref(work.kind, work.first))
        else:
            self.context.go(work.place, Some(work.kind, work.filters))

    def _stage(self, id: str) -> None:
        self.context.go(STAGES[id][0])

    def begin(self) -> None:
        super().begin()
        self.refresh()
        first = next(iter(self.lines), None)
        if first is not None:
            first.setFocus()


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]
