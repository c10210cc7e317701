"""Screenings: what was compared, what chance alone would bring, who could not be searched, and the map of hits."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QScrollArea, QWidget

from forensics.domain.blind import BlindSearch
from forensics.domain.evidence import power_of_ten
from forensics.domain.lines import HypothesisLine
from forensics.domain.lists import ListQuery
from forensics.domain.matching import Difference, Screening, ScreeningContents
from forensics.services import blind_settling, matching, operations, people, screening_plans
from gui.context import Context, Ref
from gui.place import ListPlace
from gui.places.matching_blind import BlindPage
from gui.places.matching_changes import change_mark, from_to
from gui.places.matching_figures import MOST, heat_view
from gui.places.matching_words import digest_words, lay_out, moment, say, someone
from gui.widgets.banner import EmptyState
from gui.widgets.buttons import Action, Button
from gui.widgets.lines import column, row, rule, text
from gui.widgets.lists import Column, Kind, RecordList
from gui.widgets.model import MemorySource
from gui.widgets.record import Fact, RecordPage, Section, Value

MOST_CAUSES, MOST_DIFFERENCES = 12, 30


def result_facts(done: Screening) -> list[tuple[str, Value]]:
    """What a screening did, for its page and for the dialog that tells its end."""
    threshold = say("LR {0} or more").format(power_of_ten(done.threshold_log10))
    bound = say(
        "upper bound of what unrelated pairs would bring; a candidate is a reason to look, not a result"
    )
    facts: list[tuple[str, Value]] = [
        (say("Profiles of remains"), compared_words(done.profiles_compared, done.profiles)),
        (say("Families"), compared_words(done.families_compared, done.families)),
        (say("Comparisons"), Fact(f"{done.comparisons:,}", say("pairs whose LR was computed exactly"))),
        (say("Found"), Fact(f"{done.hits:,}", threshold)),
        (say("By chance alone"), Fact(chance_bound(done.expected_chance_hits), bound)),
    ]
    if done.since is not None:
        words = say("{0} comparisons; {1} candidates by chance alone").format(
            f"{done.all_comparisons:,}", chance_bound(done.all_chance_hits)
        )
        facts.append(
            (say("With all before"), Fact(words, say("since everything was compared with everything")))
        )
    facts.append((say("Candidates now"), f"{done.standing:,}"))
    return facts


def compared_words(compared: int, present: int) -> Value:
    """How many took part: all, or only the new and changed ones of so many."""
    if compared == present:
        return f"{present:,}"
    return Fact(f"{present:,}", say("{0} of them new or changed").format(f"{compared:,}"))


def chance_bound(expected: float) -> str:
    return say("at most {0}").format(f"{expected:,.1f}" if expected < 10 else f"{expected:,.0f}")


def changes_section(section: Section, told: ScreeningContents, opened: Callable[[Difference], None]) -> None:
    """What had changed in the data, and which candidates that brought, changed or took away."""
    causes = [cause[:1].upper() + cause[1:] for cause in told.causes]
    more = say("… and {0} more").format(len(causes) - MOST_CAUSES) if len(causes) > MOST_CAUSES else ""
    section.text("\n".join([*causes[:MOST_CAUSES], *([more] if more else [])]))
    if not told.differences:
        section.text(say("No candidate is new, changed or gone."), "muted")
        return
    rows = [
        (
            Button(one.number, "inline", run=partial(opened, one)),
            change_mark(one.change),
            f"{one.item_number} – {one.missing_number}",
            from_to(one),
        )
        for one in told.differences[:MOST_DIFFERENCES]
    ]
    section.table((say("Match"), say("Change"), say("Remains and missing person"), say("LR")), rows, (3,))
    left = len(told.differences) - MOST_DIFFERENCES
    if left > 0:
        section.text(say("… and {0} more").format(f"{left:,}"), "muted")


def refused_section(section: Section, done: Screening) -> None:
    """Families and profiles that could not be searched, each with its reason."""
    if not done.refused:
        section.text(say("Every family and every profile could be searched."), "muted")
        return
    section.text(
        say("{0} could not be searched exactly; the others are complete.").format(len(done.refused)), "muted"
    )
    section.table(
        (say("Which"), say("Why")),
        [tuple(part.strip() for part in words.partition(":")[::2]) for words in done.refused],
    )


def _kind(one: Screening | BlindSearch) -> str:
    """What was compared with what."""
    if isinstance(one, BlindSearch):
        return say("All with all")
    return say("Everything") if one.since is None else say("What changed")


class SummaryDialog(QDialog):
    """Tells how a screening ended."""

    def __init__(self, done: Screening, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(say("Screening finished"))
        found, refused = Section(say("Result")), Section(say("Not searched"))
        found.facts(result_facts(done))
        refused_section(refused, done)
        inner = QWidget()
        inner.setLayout(column(found, refused, None, margin=24, gap=16))
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inner)
        close = Button(say("To the candidates"), "primary", run=self.accept)
        close.setDefault(True)
        head = column(text(say("{0} is finished").format(done.number), "large"))
        head.setContentsMargins(24, 20, 24, 8)
        buttons = row(None, close)
        buttons.setContentsMargins(24, 12, 24, 16)
        layout = column(head, area, rule(), buttons, gap=0)
        layout.setStretch(1, 1)
        self.setLayout(layout)
        self.resize(640, 560)
        close.setFocus()

    def ask(self) -> None:
        self.exec()
        self.deleteLater()


def summary_dialog(done: Screening, parent: QWidget) -> SummaryDialog:
    return SummaryDialog(done, parent)


class Screenings(ListPlace):
    """All screenings, newest first; the map of the pairs found."""

    name = "screenings"
    subjects = frozenset({"screening", "blind_search", "hypothesis"})

    def __init__(self, context: Context, opened: Callable[[HypothesisLine], None], again: Action) -> None:
        self.opened, self.again = opened, again
        self.people = context.query(people.names) or {}
        super().__init__(context)
        lay_out(self, 520, 640)

    def make_list(self) -> RecordList:
        columns = [
            Column("number", self.tr("Number"), Kind.TOKEN, 130),
            Column("kind", self.tr("What"), width=120, value=_kind),
            Column(
                "created_at",
                self.tr("When"),
                width=150,
                stretch=True,
                value=lambda one: moment(one.created_at),
            ),
            Column("hits", self.tr("Found"), Kind.NUMBER, 92),
            Column(
                "comparisons",
                self.tr("Comparisons"),
                Kind.NUMBER,
                106,
                value=lambda one: f"{one.comparisons:,}",
            ),
        ]
        empty = EmptyState(
            "matching", self.tr("No screening yet"),
            self.tr("The first screening compares all remains with all families."),
        )  # fmt: skip
        return RecordList(
            self.tr("Screenings"), columns, MemorySource(self._rows, columns), (), empty, [self.again],
            runner=self.context.tasks.quietly,
        )  # fmt: skip

    def _rows(self) -> list[Screening | BlindSearch]:
        """Called on the database's thread."""
        lab, chosen = self.context.lab, self.context.operation
        wanted = [chosen] if chosen is not None else lab.run(operations.operations)
        screened = [one for op in wanted for one in lab.run(screening_plans.screenings, op.id)]
        compared = [one for op in wanted for one in lab.run(blind_settling.blind_searches, op.id)]
        return sorted([*screened, *compared], key=lambda one: one.id, reverse=True)

    def fill(self, page: RecordPage, row: Screening | BlindSearch) -> None:
        if isinstance(row, BlindSearch):
            BlindPage(self.context, self.people).write(page, row)
            return
        who = someone(self.people, row.created_by)
        title = self.tr("Screening of {0}").format(moment(row.created_at))
        page.header(row.number, title, self.tr("Screening"))
        section = page.section(self.tr("Result"))
        section.facts([*result_facts(row), (self.tr("Screened by"), who)])
        told = self.context.query(screening_plans.contents, row.id)
        if told is not None:
            changes_section(page.section(self.tr("What changed")), told, self._open_difference)
        self._map(page, row)
        refused_section(page.section(self.tr("Not searched")), row)
        used = row.parameters
        page.section(self.tr("Parameters")).facts(
            [
                (self.tr("Loci"), ", ".join(used.get("loci", []))),
                (self.tr("Frequencies"), str(used.get("frequencies", ""))),
                (self.tr("θ"), f"{float(used.get('theta') or 0):g}"),
                (self.tr("Mutation"), str(used.get("mutation") or self.tr("none"))),
                (self.tr("Convention"), str(used.get("convention", ""))),
                (self.tr("Engine"), row.engine),
                (
                    self.tr("Inputs"),
                    Fact(digest_words(row.inputs_digest), self.tr("SHA-256 of all that was compared"), True),
                ),
            ]
        )

    def _open_difference(self, one: Difference) -> None:
        self.context.go("matching", Ref("hypothesis", one.hypothesis, one.number))

    def _map(self, page: RecordPage, row: Screening) -> None:
        best = ListQuery(
            filters={"operation": (row.operation,)}, sort="log10_lr", descending=True, limit=MOST
        )
        found = self.context.query(matching.hypotheses, best)
        section = page.section(self.tr("Map of the strongest candidates"))
        if found is None or not found.rows:
            section.text(self.tr("No candidate stands."), "muted")
            return
        words = self.tr(
            "The {0} strongest candidates of the operation as they stand now; click one to open it."
        )
        section.text(words.format(len(found.rows)), "muted")
        section.widget(heat_view(found.rows, self.opened))
