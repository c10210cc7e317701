"""The problems of a file with their places and remedies, the gravest first; and a page that scrolls."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QLayout, QScrollArea, QWidget

from forensics.domain.reading import Problem, Severity
from gui.look import Meaning
from gui.widgets.banner import glyph
from gui.widgets.lines import column, row, text

MOST = 60  # problems that are shown
HIGHEST = 220  # pixels


def problem_list(problems: Sequence[Problem]) -> QScrollArea:
    """Where, what, and how to mend it."""
    shown = sorted(problems, key=lambda p: p.severity is not Severity.FATAL)[:MOST]
    layout = column(gap=8)
    for problem in shown:
        words = column(
            text(
                f"{_sentence(problem.place)}: {problem.what}" if problem.place else problem.what,
                selectable=True,
            ),
            text(problem.remedy, "small", selectable=True),
            gap=0,
        )
        mark = Meaning.REFUSED if problem.severity is Severity.FATAL else Meaning.ATTENTION
        line = row(glyph(mark.icon, mark.ink, 18), words, gap=10)
        line.setAlignment(Qt.AlignmentFlag.AlignTop)
        line.setStretch(1, 1)
        layout.addLayout(line)
    if len(problems) > MOST:
        more = QCoreApplication.translate("Problems", "and {0} more")
        layout.addWidget(text(more.format(len(problems) - MOST), "muted"))
    layout.addStretch()
    area = scrolled(layout)
    area.setMaximumHeight(min(HIGHEST, 24 + 52 * len(shown)))
    return area


def scrolled(layout: QLayout) -> QScrollArea:
    """A page as wide as its room, with its height scrolled."""
    page = QWidget()
    page.setProperty("kind", "page")
    page.setLayout(layout)
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(page)
    return area


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]
