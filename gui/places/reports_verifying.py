"""Verifying a report in the window: beside it, on demand, told in words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QScrollArea, QWidget

from forensics.domain.errors import Unavailable
from gui.context import Context
from gui.places.matching_words import digest_words, moment
from gui.places.reports_words import (
    outcome_mark,
    say,
    signature_words,
    subject_words,
    verdict_words,
)
from gui.widgets.banner import Banner
from gui.widgets.buttons import Button
from gui.widgets.lines import column, row, rule, text
from gui.widgets.record import Fact, Section
from gui.widgets.wrapped import WrappedTable
from reports.verification import Verification
from reports.wording import signed


def verify(context: Context, title: str, pdf: bytes, then: Callable[[Verification], None]) -> None:
    """Signatures, facts, pages, numbers and register; computed beside the window."""
    context.start(title, lambda _progress: _verified(context, pdf), then=then)


def _verified(context: Context, pdf: bytes) -> Verification:
    from forensics.services.authorities import authorities_with, known_authorities
    from forensics.services.door import Laboratory
    from forensics.services.recomputing import recompute
    from forensics.services.register import issued_digests
    from reports import verifying

    def registered(number: str, version: int) -> frozenset[str]:
        return context.lab.run(issued_digests, number, version)

    lab = context.lab
    authorities = authorities_with(lab) if isinstance(lab, Laboratory) else known_authorities()
    return verifying.verify(pdf, authorities, registered, recompute)


def read_file(path: Path) -> bytes:
    """`Unavailable` with a sentence where the file can't be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise Unavailable(say("“{0}” can't be read: {1}.").format(path, error.strerror)) from error


def write_verification(section: Section, found: Verification) -> None:
    """The verdict, the signatures, and every check with its sentence."""
    meaning, words = verdict_words(found)
    section.widget(Banner(words, meaning))
    if found.signatures:
        signed_by = [(one.signer, signature_words(one), moment(one.at)) for one in found.signatures]
        section.widget(WrappedTable((say("Signed by"), say("As"), say("When")), signed_by, (2, 4, 0)))
    checks = [
        (subject_words(check.subject), outcome_mark(check.outcome), check.sentence) for check in found.checks
    ]
    section.widget(WrappedTable((say("Check"), say("Outcome"), say("What was found")), checks, (0, 0, 1)))
    if found.differences:
        section.table(
            (say("Number"), say("Stated, log10"), say("Computed again")),
            [(one.what, signed(one.stated), signed(one.computed)) for one in found.differences],
            numbers=(1, 2),
        )
    section.facts([(say("Digest of the file"), Fact(digest_words(found.digest), "SHA-256", mono=True))])


class VerificationDialog(QDialog):
    """What was found about a file from anywhere."""

    def __init__(self, name: str, found: Verification, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(say("Verification of {0}").format(name))
        title = name
        if found.number:
            title = say("{0}, version {1}").format(found.number, found.version)
        section = Section(say("What was found"))
        write_verification(section, found)
        inner = QWidget()
        inner.setLayout(column(section, None, margin=24))
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inner)
        close = Button(say("Close"), "primary", run=self.accept)
        close.setDefault(True)
        head = column(text(title, "large"), text(name, "muted"))
        head.setContentsMargins(24, 20, 24, 8)
        foot = row(None, close)
        foot.setContentsMargins(24, 12, 24, 16)
        layout = column(head, area, rule(), foot, gap=0)
        layout.setStretch(1, 1)
        self.setLayout(layout)
        self.resize(760, 640)
        close.setFocus()
