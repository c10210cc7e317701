"""The audit: what happened last as a story, and whether the chain of its seals holds."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication

from forensics.domain.auditing import AuditVerdict
from forensics.services import auditing
from forensics.services.auditing import HistoryLine
from gui.context import Context
from gui.look import Meaning
from gui.places.remains_words import moment
from gui.places.settings_laboratory import PagePart
from gui.widgets.buttons import Action
from gui.widgets.record import Fact, RecordPage
from gui.widgets.timeline import Happening

SHOWN, MORE = 40, 160


class AuditPart(PagePart):
    """Read only; nobody changes the audit."""

    def __init__(self, context: Context) -> None:
        self._verdict: AuditVerdict | None = None
        self._limit = SHOWN
        self._checking = False
        super().__init__(context)

    def fill(self, page: RecordPage) -> None:
        head = self.context.query(auditing.head)
        if head is None:
            return
        verify = Action(
            self.tr("Verify the whole chain"),
            self.verify,
            "verify",
            "primary",
            why_not=self.tr("It is being verified.") if self._checking else "",
        )
        copy = Action(self.tr("Copy the newest seal"), self._copy, "copy")
        title = self.tr("{0} acts are sealed").format(f"{head.sequence:,}")
        page.header("", title, self.tr("Audit"), actions=[verify, copy])
        self._result(page)
        section = page.section(self.tr("The newest seal"))
        section.facts(
            [
                (self.tr("Number"), f"{head.sequence:,}"),
                (
                    self.tr("Digest"),
                    Fact(_spaced(head.digest), self.tr("SHA-256 over everything before"), mono=True),
                ),
            ]
        )
        words = self.tr(
            "Write number and digest down outside the laboratory from time to time: whoever has them can prove "
            "later that nothing before was rewritten. Every report carries them too."
        )
        section.text(words, "small")
        self._story(page)

    def begin(self) -> None:
        self.refresh()
        super().begin()

    def _result(self, page: RecordPage) -> None:
        if self._checking:
            page.notice(self.tr("Every entry is being computed anew…"), Meaning.WAITING)
        if self._verdict is None:
            return
        if self._verdict.sound:
            words = self.tr("Sound: all {0} entries were computed anew, and each fits the one before it.")
            page.notice(words.format(f"{self._verdict.entries:,}"), Meaning.GOOD)
            return
        broken = self.tr(
            "The chain does not hold. Tell the quality manager and use no result until it is explained:"
        )
        page.notice(" ".join([broken, *self._verdict.problems[:3]]), Meaning.REFUSED)

    def _story(self, page: RecordPage) -> None:
        told = self.context.query(auditing.latest, self._limit) or []
        more = Action(self.tr("Show more"), self._show_more, "chevron-down", "link")
        section = page.section(self.tr("What happened last"), [more] if len(told) == self._limit else [])
        section.timeline([_happening(line) for line in told])

    def verify(self) -> None:
        """Beside the window; it says the result in words."""
        self._checking = True
        self.refresh()
        self.context.ask(self._verified, auditing.verify)

    def _verified(self, verdict: AuditVerdict) -> None:
        self._checking, self._verdict = False, verdict
        self.refresh()

    def actions_offered(self) -> list[Action]:
        return [Action(self.tr("Verify the audit"), self.verify, "verify")]

    def _show_more(self) -> None:
        self._limit += MORE
        self.refresh()

    def _copy(self) -> None:
        head = self.context.query(auditing.head)
        if head is not None:
            QGuiApplication.clipboard().setText(f"{head.sequence} {head.digest}")
            self.context.notify(self.tr("Number and digest are in the clipboard."), Meaning.GOOD)


def _happening(line: HistoryLine) -> Happening:
    shown = "; ".join(line.changes[:3])
    more = len(line.changes) - 3
    detail = f"{shown}; +{more}" if more > 0 else shown
    return Happening(moment(line.at) or "", line.what, line.who, detail)


def _spaced(digest: str) -> str:
    return " ".join(digest[at : at + 8] for at in range(0, len(digest), 8))
