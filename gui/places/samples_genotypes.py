"""A profile to read: loci and alleles, with the heights of the peaks as small bars where the file had them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from forensics.domain.kinship import Sex
from forensics.domain.loci import AMELOGENIN, allele_order
from forensics.domain.profiles import Profile, ProfileState
from gui.look import Meaning, look
from gui.places.remains_words import say
from gui.places.samples_review import state_mark
from gui.widgets.banner import Banner
from gui.widgets.lines import text
from gui.widgets.record import Fact, RecordPage, Value

if TYPE_CHECKING:
    from forensics.domain.lines import ProfileLine
    from forensics.services.reference_checks import Check

Peak = tuple[str, float | None, float | None, str]  # designation, height, size, state
BAR = 8
SCALE = 26  # pixels of the highest bar


class Peaks(QWidget):
    """Heights of the peaks of one locus on the scale of the whole profile."""

    def __init__(self, peaks: tuple[Peak, ...], highest: float) -> None:
        super().__init__()
        self._peaks, self._highest = peaks, highest or 1.0
        said_heights = peaks_words(peaks)
        self.setToolTip(said_heights)
        self.setAccessibleName(said_heights)
        self.setFixedSize(len(peaks) * (BAR + 6) + 4, SCALE + 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_peaks(painter, self._peaks, self._highest)
        painter.end()


def peaks_words(peaks: tuple[Peak, ...]) -> str:
    """The heights in words."""
    return ", ".join(f"{name}: {height:.0f} RFU" for name, height, _, _ in peaks if height is not None)


def paint_peaks(painter: QPainter, peaks: tuple[Peak, ...], highest: float) -> None:
    """Bars from the left on a common ground line; nothing where the file had no heights."""
    if not any(peak[1] for peak in peaks):
        return
    left = 0.0
    for _, height, _, state in peaks:
        tall = max(2.0, SCALE * (height or 0.0) / highest)
        ink = look().color("accent" if state == "accepted" else "faint")
        painter.fillRect(QRectF(left, SCALE - tall, BAR, tall), ink)
        left += BAR + 6
    painter.setPen(look().color("line_strong"))
    painter.drawLine(0, SCALE, round(left) - 2, SCALE)


def profile_section(
    page: RecordPage, profile: Profile, line: ProfileLine, people: Mapping[UUID, str], checks: Sequence[Check]
) -> None:
    """The section of one profile: its standing, who read it, what stands out, and its genotypes when in use."""
    section = page.section(say("Profile {0}").format(profile.number))
    sex = {Sex.MALE: say("Male"), Sex.FEMALE: say("Female")}.get(profile.sex)
    facts: list[tuple[str, Value]] = [
        (say("Standing"), state_mark(profile.state)),
        (say("Loci compared"), f"{profile.loci}"),
        (say("Kit"), profile.kit),
        (say("Sex by amelogenin"), sex),
        (say("From the file"), Fact(line.file_name, say("imported by {0}").format(line.imported_by))),
    ]
    facts += [
        (words, people.get(who))
        for words, who in (
            (say("First read by"), profile.first_reader),
            (say("Second read by"), profile.second_reader),
            (say("Settled by"), profile.settled_by),
            (say("Technical review by"), profile.checked_by),
            (say("Accepted by"), profile.reviewed_by),
        )
        if who is not None
    ]
    if profile.rule:
        facts.append((say("Consensus"), profile.rule))
    if profile.note:
        facts.append((say("Note"), profile.note))
    section.facts(facts)
    if profile.state not in (ProfileState.SUPERSEDED, ProfileState.WITHDRAWN):
        for check in checks:
            grave = check.weight == "grave"
            section.widget(Banner(check.sentence, Meaning.REFUSED if grave else Meaning.ATTENTION))
        section.widget(genotype_table(profile))


def genotype_table(profile: Profile) -> QWidget:
    """Loci and alleles in two columns; a locus that takes no part in comparisons says so."""
    heights = [peak[1] for peaks in profile.calls.values() for peak in peaks if peak[1] is not None]
    loci = list(profile.calls)
    half = (len(loci) + 1) // 2
    grid = QGridLayout()
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(14)
    grid.setVerticalSpacing(3)
    for place, locus in enumerate(loci):
        line, left = place % half, 4 * (place // half)
        peaks = profile.calls[locus]
        grid.addWidget(text(locus, "muted", wrap=False), line, left)
        grid.addWidget(text(alleles_words(peaks), "mono", wrap=False, selectable=True), line, left + 1)
        if any(peak[1] is not None for peak in peaks):
            grid.addWidget(Peaks(peaks, max(heights)), line, left + 2, Qt.AlignmentFlag.AlignLeft)
        elif locus not in profile.genotypes and locus != AMELOGENIN:
            grid.addWidget(text(say("not compared"), "small", wrap=False), line, left + 2)
    grid.setColumnStretch(3, 1)
    grid.setColumnStretch(7, 1)
    holder = QWidget()
    holder.setLayout(grid)
    return holder


def alleles_words(peaks: tuple[Peak, ...]) -> str:
    """`14, 16.3`; a homozygote once; what was not accepted with its state."""
    ordered = sorted(peaks, key=lambda peak: allele_order(peak[0]))
    return ", ".join(
        name if state == "accepted" else f"{name} ({say(state)})" for name, _, _, state in ordered
    )
