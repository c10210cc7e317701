"""A profile to read: loci and alleles, with the heights of the peaks as small bars where the file had them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from forensics.domain.kinship import Sex
from forensics.domain.loci import AMELOGENIN, allele_order
from forensics.domain.profiles import Profile, ProfileState
from gui.look import look
from gui.places.remains_words import say
from gui.places.samples_review import state_mark
from gui.widgets.lines import text
from gui.widgets.record import Fact, RecordPage, Value

if TYPE_CHECKING:
    from forensics.domain.lines import ProfileLine

Peak = tuple[str, float | None, float | None, str]  # designation, height, size, state
BAR = 8
SCALE = 26  # pixels of the highest bar


class Peaks(QWidget):
    """Heights of the peaks of one locus on the scale of the whole profile."""

    def __init__(self, peaks: tuple[Peak, ...], highest: float) -> None:
        super().__init__()
        self._peaks, self._highest = peaks, highest or 1.0
        said_heights = ", ".join(
            f"{name}: {height:.0f} RFU" for name, height, _, _ in peaks if height is not None
        )
        self.setToolTip(said_heights)
        self.setAccessibleName(said_heights)
        self.setFixedSize(len(peaks) * (BAR + 6) + 4, SCALE + 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        left = 0.0
        for _, height, _, state in self._peaks:
            tall = max(2.0, SCALE * (height or 0.0) / self._highest)
            ink = look().color("accent" if state == "accepted" else "faint")
            painter.fillRect(QRectF(left, SCALE - tall, BAR, tall), ink)
            left += BAR + 6
        painter.setPen(look().color("line_strong"))
        painter.drawLine(0, SCALE, self.width(), SCALE)
        painter.end()


def profile_section(page: RecordPage, profile: Profile, line: ProfileLine) -> None:
    """The section of one profile: its standing, and its genotypes when it is in use."""
    section = page.section(say("Profile {0}").format(profile.number))
    sex = {Sex.MALE: say("Male"), Sex.FEMALE: say("Female")}.get(profile.sex)
    facts: list[tuple[str, Value]] = [
        (say("Standing"), state_mark(profile.state)),
        (say("Loci compared"), f"{profile.loci}"),
        (say("Kit"), profile.kit),
        (say("Sex by amelogenin"), sex),
        (say("From the file"), Fact(line.file_name, say("imported by {0}").format(line.imported_by))),
    ]
    if profile.note:
        facts.append((say("Note"), profile.note))
    section.facts(facts)
    if profile.state not in (ProfileState.SUPERSEDED, ProfileState.WITHDRAWN):
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
        grid.addWidget(text(_alleles(peaks), "mono", wrap=False, selectable=True), line, left + 1)
        if any(peak[1] is not None for peak in peaks):
            grid.addWidget(Peaks(peaks, max(heights)), line, left + 2, Qt.AlignmentFlag.AlignLeft)
        elif locus not in profile.genotypes and locus != AMELOGENIN:
            grid.addWidget(text(say("not compared"), "small", wrap=False), line, left + 2)
    grid.setColumnStretch(3, 1)
    grid.setColumnStretch(7, 1)
    holder = QWidget()
    holder.setLayout(grid)
    return holder


def _alleles(peaks: tuple[Peak, ...]) -> str:
    """`14, 16.3`; a homozygote once; what was not accepted with its state."""
    ordered = sorted(peaks, key=lambda peak: allele_order(peak[0]))
    return ", ".join(
        name if state == "accepted" else f"{name} ({say(state)})" for name, _, _, state in ordered
    )
