"""Reading a profile: the first read, the second without a sight of the first, the settlement of what differs."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from forensics.domain.profiles import FIRST, SECOND, SETTLEMENT, Profile, ProfileState
from gui.context import Context
from gui.look import Meaning
from gui.places.remains_words import say
from gui.places.samples_genotypes import alleles_words
from gui.places.samples_reads_grid import Line, ReadsGrid, ReadsModel, reading_columns
from gui.widgets.banner import Banner
from gui.widgets.buttons import Button
from gui.widgets.lines import boxed, column, row, text

if TYPE_CHECKING:
    from forensics.services.reads import Read, Reads


class ReadPage(QWidget):
    """One profile to read, or its finished reads to look at; `left` when the person goes back or is done."""

    left = Signal()

    def __init__(self, context: Context, found: Reads) -> None:
        super().__init__()
        self.setProperty("kind", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.context, self.found = context, found
        self.turn = 0 if found.why_not else found.turn
        side_by_side = found.second is not None
        self.model = ReadsModel(self._lines(), reading_columns(side_by_side=side_by_side), _understood)
        self.grid = ReadsGrid(self.model)
        self.said = text("", "small", wrap=False)
        self.go = Button(self._act_words(), "primary", "check", self.finish, "Ctrl+Return")
        self.go.setVisible(bool(self.turn))
        self.model.changed.connect(self._count)
        self._build()
        self._count()

    def begin(self) -> None:
        self.grid.begin()

    def _act_words(self) -> str:
        return {
            FIRST: self.tr("Finish the first read"),
            SECOND: self.tr("Finish the second read"),
            SETTLEMENT: self.tr("Settle"),
        }.get(self.turn, "")

    def _title(self) -> str:
        words = {
            FIRST: self.tr("First read of {0}"),
            SECOND: self.tr("Second read of {0}"),
            SETTLEMENT: self.tr("Two reads of {0} to settle"),
        }.get(self.turn, self.tr("Reads of {0}"))
        return words.format(self.found.sample)

    def _build(self) -> None:
        back = Button(self.tr("Back"), "plain", "arrow-left", self.left.emit, "Escape")
        bar = row(back, text(self._title(), "strong", wrap=False), None, self.said, self.go, gap=12)
        bar.setContentsMargins(16, 8, 24, 8)
        told = row(Banner(self._told(), Meaning.NEUTRAL))
        told.setContentsMargins(24, 12, 24, 8)
        body = row(self.grid)
        body.setContentsMargins(16, 0, 24, 16)
        layout = column(boxed(bar, "header"), told, body, gap=0)
        layout.setStretch(2, 1)
        self.setLayout(layout)

    def _told(self) -> str:
        """What is to be done here, in one or two sentences."""
        found = self.found
        if found.why_not and found.turn:
            return found.why_not
        keys = self.tr(
            "Type the alleles (15 16, 9.3; 9.3 ? where a second may be missing) and press Enter; the space bar takes "
            "over what the file has."
        )
        if self.turn == FIRST:
            return keys
        if self.turn == SECOND:
            return keys + " " + self.tr("What the first reader saw stays hidden until you have finished.")
        if self.turn == SETTLEMENT:
            words = self.tr("{0} and {1} differ at {2}. Say what holds there, and why.")
            return words.format(*self._readers(), ", ".join(found.differing))
        if found.second is None:
            return self.tr("The profile waits for no read.")
        agree = self.tr("{0} and {1} read the same.").format(*self._readers())
        if not found.differing:
            return agree
        words = self.tr("{0} and {1} differed at {2}").format(*self._readers(), ", ".join(found.differing))
        by = self.tr("; settled by {0}.").format(found.settlement.reader) if found.settlement else "."
        return words + by

    def _readers(self) -> tuple[str, str]:
        assert self.found.first is not None
        assert self.found.second is not None
        return self.found.first.reader, self.found.second.reader

    def _lines(self) -> list[Line]:
        found, profile = self.found, self.found.profile
        loci = dict.fromkeys((*profile.calls, *(found.first.alleles if found.first else ())))
        return [self._line(locus, profile) for locus in loci]

    def _line(self, locus: str, profile: Profile) -> Line:
        found, peaks = self.found, profile.calls.get(locus, ())
        settled, differs = found.settlement, locus in found.differing
        typed = self.turn in (FIRST, SECOND) or (self.turn == SETTLEMENT and differs)
        accepted = tuple(peak for peak in peaks if peak[3] == "accepted")
        line = Line(
            locus,
            peaks,
            alleles_words(peaks),
            _of(found.first, locus),
            _of(found.second, locus),
            differs,
            open=typed,
            accepted=" ".join(peak[0] for peak in accepted),
        )
        if settled is not None and differs:
            line.settled, line.read, line.reason = True, _of(settled, locus), settled.reasons.get(locus, "")
        elif not typed and found.second is not None and not differs:
            line.read = line.first
        return line

    def _count(self) -> None:
        """How much is left, beside the button that needs nothing to be left."""
        waiting = self.model.waiting
        faults = next((line.fault for line in self.model.lines if line.fault), "")
        total = sum(line.open for line in self.model.lines)
        self.go.setEnabled(not waiting)
        if self.turn:
            self.said.setText(faults or self.tr("{0} of {1}").format(total - len(waiting), total))

    def finish(self) -> None:
        """Hand it in, whole; from then on it stands."""
        from forensics.services.reads import read_profile, settle_reads

        id = self.found.profile.id
        if self.turn == SETTLEMENT:
            done = self.context.act(settle_reads, id, dict(self.model.typed), dict(self.model.reasons))
        else:
            done = self.context.act(read_profile, id, dict(self.model.typed))
        if done is not None:
            self.context.notify(_outcome(done), _meaning(done))
            self.left.emit()


def _of(read: Read | None, locus: str) -> str:
    return ", ".join(read.alleles.get(locus, ())) if read is not None else ""


def _understood(locus: str, words: str) -> str:
    from forensics.services.reads import alleles_typed

    return ", ".join(alleles_typed(locus, words))


def _outcome(profile: Profile) -> str:
    return {
        ProfileState.FIRST_READ: say("First read kept; another person reads it without seeing it."),
        ProfileState.DISCORDANT: say("The two reads differ; a third person settles it."),
        ProfileState.CONCORDANT: say("The reads agree now; a reviewer who has not read it reviews it."),
    }.get(profile.state, "")


def _meaning(profile: Profile) -> Meaning:
    return Meaning.ATTENTION if profile.state is ProfileState.DISCORDANT else Meaning.GOOD


def page_of(context: Context, id: UUID) -> ReadPage | None:
    """The page of a profile's reads; None when it can't be read."""
    from forensics.services.reads import reads

    found = context.query(reads, id)
    return ReadPage(context, found) if found is not None else None
