"""Reports: the register, the pages as they are on paper, signatures, verification."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTemporaryDir, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog

from forensics.domain.documents import Report, ReportState
from forensics.domain.errors import NominaError, Unavailable
from forensics.domain.lines import ReportLine
from forensics.services import auditing, documents
from gui.ahead import Ahead
from gui.context import Context, Ref
from gui.look import Meaning
from gui.place import ListPlace
from gui.places import reports_forms as forms
from gui.places.matching_words import digest_words, happenings, lay_out, moment
from gui.places.reports_pages import PagesView, ReadingDialog
from gui.places.reports_verifying import VerificationDialog, read_file, verify, write_verification
from gui.places.reports_words import kind_words, state_mark, summary
from gui.widgets.banner import EmptyState
from gui.widgets.buttons import Action
from gui.widgets.lists import Column, Filter, Kind, RecordList
from gui.widgets.record import Fact, RecordPage, Value
from reports.verification import Verification

_R = ReportState
KEPT = 12  # set drafts that are kept in memory


class ReportsPlace(ListPlace):
    """The register and the page of a report."""

    name = "reports"
    subjects = frozenset({"report"})

    def __init__(self, context: Context) -> None:
        self.record: documents.ReportRecord | None = None
        self.verified: dict[str, Verification] = {}  # by digest, in this session
        self.drafts: OrderedDict[str, bytes] = OrderedDict()  # set drafts by the digest of their facts
        self.pages: PagesView | None = None
        self._folder: QTemporaryDir | None = None  # for the system's viewer; goes with the place
        super().__init__(context)
        lay_out(self, 610, 550)

    def make_list(self) -> RecordList:
        columns = [
            Column("number", self.tr("Number"), Kind.TOKEN, 138),
            Column("state", self.tr("State"), Kind.MARK, 172, value=lambda row: state_mark(row.state)),
            Column("title", self.tr("Title"), width=220, stretch=True),
            Column("kind", self.tr("Kind"), width=110, value=lambda row: kind_words(row.kind)),
            Column("version", self.tr("Version"), Kind.NUMBER, 74),
            Column("author", self.tr("Author"), width=130),
            Column("authoriser", self.tr("Authoriser"), width=130),
            Column("issued_at", self.tr("Issued"), width=150, value=lambda row: moment(row.issued_at)),
        ]
        new = self.new_action()
        empty = EmptyState(
            "report",
            self.tr("No reports yet"),
            self.tr("A reviewed match or a confirmed identification becomes a report: its facts are frozen, the "
                    "author signs, another person authorises, and anybody can verify the file."),
            replace(new, kind="primary", shortcut="") if not new.why_not else None,
        )  # fmt: skip
        states = [(state, state_mark(state).word) for state in _R]
        kinds = [(kind, kind_words(kind)) for kind in ("match", "identification", "family", "exclusion")]
        return RecordList(
            self.tr("Reports"), columns,
            lambda query: self.context.lab.run(documents.reports, self.context.here(query)),
            [Filter("state", self.tr("State"), states), Filter("kind", self.tr("Kind"), kinds)],
            empty, [new, self.verify_action()], sort="created_at", descending=True, runner=self.context.tasks.quietly,
        )  # fmt: skip

    def new_action(self) -> Action:
        why = ""
        if not self.context.may(documents.record_draft):
            why = self.tr("A DNA analyst or a case manager writes reports.")
        return Action(self.tr("New report"), self.write, "plus", "quiet", "Ctrl+N", why)

    def verify_action(self) -> Action:
        return Action(self.tr("Verify a file…"), self.verify_file, "verify", shortcut="Ctrl+Shift+V")

    def actions_offered(self) -> list[Action]:
        everywhere = [
            self.verify_action(),
            Action(self.tr("Use my own certificate…"), self.import_certificate, "key"),
        ]
        return [self.new_action(), *(self._acts(self.record) if self.record else []), *everywhere]

    def open(self, ref: Ref) -> None:
        """A report; a match or an identification begins the report about it."""
        if ref.kind in ("hypothesis", "identification"):
            self.write(ref)
        elif ref.id:
            super().open(ref)

    def open_row(self, row: Any) -> None:
        """Enter: read the pages, large."""
        super().open_row(row)
        self.read()

    # -- the page ----------------------------------------------------------------------------------------

    def ask_ahead(self, ahead: Ahead, row: ReportLine) -> None:
        ahead.ask(documents.report_record, row.id)
        ahead.ask(auditing.history, frozenset({row.id}))

    def fill(self, page: RecordPage, row: ReportLine) -> None:
        record = self.record = self.context.query(documents.report_record, row.id)
        self.pages = None
        if record is None:
            return
        report = record.report
        page.header(
            report.number, report.title, self.tr("{0}, version {1}").format(kind_words(report.kind), report.version),
            [state_mark(report.state)], outstanding=self._outstanding(record), actions=self._acts(record),
        )  # fmt: skip
        page.section(self.tr("What it says")).facts(summary(record.facts))
        self._signatures(page, record)
        self._register(page, record)
        self._pages(page, record)
        story = self.context.query(auditing.history, frozenset({report.id}))
        page.section(self.tr("History")).timeline([told for _, told in happenings(story or [])])

    def _outstanding(self, record: documents.ReportRecord) -> str:
        if record.report.state is _R.DRAFT:
            return self.tr("Waits for {0} to sign as author.").format(record.author)
        if record.report.state is _R.SIGNED:
            return self.tr("Waits for {0} to authorise it.").format(record.authoriser)
        if record.report.state is _R.WITHDRAWN:
            return self.tr("Withdrawn: {0}").format(record.report.reason)
        return ""

    def _signatures(self, page: RecordPage, record: documents.ReportRecord) -> None:
        found = self.verified.get(record.report.pdf_digest) if record.report.pdf_digest else None
        section = page.section(
            self.tr("Signatures and verification"),
            [Action(self.tr("Verify"), self.verify, "verify", why_not=self._why_not_verify(record))],
        )
        if found is not None:
            write_verification(section, found)
            return
        frame, state = record.facts.frame, record.report.state
        signed = state not in (_R.DRAFT,) and record.pdf is not None
        author = self.tr("has signed") if signed else self.tr("has not signed yet")
        issued = record.report.issued_at
        authorised = self.tr("authorised {0}").format(moment(issued)) if issued else self.tr("not yet")
        rows: list[tuple[str, Value]] = [
            (self.tr("Author"), Fact(frame.author.name, author)),
            (self.tr("Authoriser"), Fact(frame.authoriser.name, authorised)),
        ]
        section.facts(rows)
        if not self._why_not_verify(record):
            section.text(
                self.tr("Verifying checks the signatures, the pages, the register, and computes the numbers again."),
                "muted",
            )  # fmt: skip

    def _why_not_verify(self, record: documents.ReportRecord) -> str:
        return "" if record.report.pdf_digest else self.tr("Only an issued report can be verified.")

    def _register(self, page: RecordPage, record: documents.ReportRecord) -> None:
        report = record.report
        rows: list[tuple[str, Value]] = [
            (
                self.tr("Facts"),
                Fact(digest_words(report.facts_digest), self.tr("SHA-256 of the frozen facts"), mono=True),
            ),
        ]
        if report.pdf_digest:
            about = self.tr("SHA-256 of the issued file")
            rows.append((self.tr("File"), Fact(digest_words(report.pdf_digest), about, mono=True)))
        head = self.tr("entry {0} of the audit, when the facts were frozen").format(
            f"{report.audit_sequence:,}"
        )
        rows.append((self.tr("Audit head"), Fact(digest_words(report.audit_head), head, mono=True)))
        page.section(self.tr("Register")).facts(rows)

    def _pages(self, page: RecordPage, record: documents.ReportRecord) -> None:
        section = page.section(
            self.tr("Pages"), [Action(self.tr("Read large"), self.read, "zoom-in", shortcut="Ctrl+O")]
        )
        self.pages = view = PagesView(self.context.tasks)
        section.widget(view)
        self._with_pdf(record, view.show_pdf)

    def _with_pdf(self, record: documents.ReportRecord, then: Any) -> None:
        """The signed file at once; a draft is set beside the window and kept."""
        report = record.report
        known = record.pdf or self.drafts.get(report.facts_digest)
        if known is not None:
            then(known)
            return

        def set_draft() -> bytes:
            from reports.rendering import render

            return render(report.kind, record.facts, "DRAFT", "A4")

        def done(pdf: bytes) -> None:
            self.drafts[report.facts_digest] = pdf
            while len(self.drafts) > KEPT:
                self.drafts.popitem(last=False)
            if self.record is not None and self.record.report.id == report.id:
                then(pdf)

        self.context.tasks.aside(set_draft, done, self.context.failed)

    def _acts(self, record: documents.ReportRecord) -> list[Action]:
        report, me = record.report, self.context.lab.person.id
        acts = []
        if report.state is _R.DRAFT:
            why = ""
            if report.author != me:
                why = self.tr("{0} wrote this report and signs it first.").format(record.author)
            acts = [Action(self.tr("Sign…"), self.sign, "sign", "primary", "Ctrl+P", why)]
        elif report.state is _R.SIGNED:
            why = ""
            if report.authoriser != me:
                why = self.tr("This report names {0} as authoriser.").format(record.authoriser)
            acts = [Action(self.tr("Authorise…"), self.authorise, "sign", "primary", "Ctrl+P", why)]
        acts += [
            Action(self.tr("Save PDF…"), self.save_pdf, "save", shortcut="Ctrl+S"),
            Action(self.tr("Open in the viewer"), self.open_outside, "open"),
        ]
        if report.state in (_R.DRAFT, _R.SIGNED, _R.ISSUED):
            why = ""
            if not self.context.may(documents.withdraw):
                why = self.tr("Those who write reports withdraw them.")
            acts.append(Action(self.tr("Withdraw…"), self.withdraw, "void", why_not=why))
        return acts

    # -- writing and signing ---------------------------------------------------------------------------------

    def write(self, subject: Ref | None = None) -> None:
        """Ask for the authoriser, then gather and freeze the facts beside the window."""
        if self.new_action().why_not:
            self.context.notify(self.new_action().why_not, Meaning.REFUSED)
            return
        form = forms.new_report_form(self.context, subject, self)
        answer = form.ask() if form is not None else None
        if answer is not None:
            about, authoriser = answer
            forms.draft(self.context, about, authoriser, self._drafted)

    def _drafted(self, report: Report) -> None:
        self.refresh()
        self.list.select(report.id)
        words = self.tr("{0} is drafted; read it, then sign.")
        self.context.notify(words.format(report.number), Meaning.GOOD)

    def sign(self) -> None:
        self._sign(self.tr("Signing {0}"), self.tr("{0} carries your signature; {1} authorises it now."))

    def authorise(self) -> None:
        self._sign(self.tr("Issuing {0}"), self.tr("{0} is issued."))

    def _sign(self, title: str, said: str) -> None:
        """The ceremony proves who acts; setting and signing happen beside the window."""
        record = self.record
        if record is None:
            return
        password = forms.signing_ceremony(self.context, record, self).ask()
        if password is None:
            return
        report, lab = record.report, self.context.lab

        def work(_progress: Any) -> Report:
            from reports import issuing

            as_author = report.state is _R.DRAFT
            act = issuing.sign if as_author else issuing.authorise
            return act(lab, report, password)  # type: ignore[arg-type]

        def done(signed: Report) -> None:
            self.refresh()
            self.context.notify(said.format(signed.number, record.authoriser), Meaning.GOOD)

        self.context.start(title.format(report.number), work, then=done)

    def withdraw(self) -> None:
        if self.record and forms.withdraw_ceremony(self.context, self.record.report, self).ask():
            self.context.notify(self.tr("Withdrawn; the file stays readable."), Meaning.GOOD)

    # -- reading, keeping, verifying ---------------------------------------------------------------------------

    def read(self) -> None:
        """The pages, large, in a window of their own."""
        if self.record is not None:
            title = f"{self.record.report.number}  {self.record.report.title}"
            tasks = self.context.tasks
            self._with_pdf(self.record, lambda pdf: ReadingDialog(title, pdf, tasks, self).open())

    def save_pdf(self) -> None:
        record = self.record
        if record is None:
            return
        name, _ = QFileDialog.getSaveFileName(
            self, self.tr("Save the report"), self.file_name(record.report), self.tr("PDF files (*.pdf)")
        )
        if name:
            self._with_pdf(record, lambda pdf: self.keep(Path(name), pdf))

    def keep(self, path: Path, pdf: bytes) -> None:
        """Write the file and say so."""
        try:
            path.write_bytes(pdf)
        except OSError as error:
            words = self.tr("“{0}” can't be written: {1}.").format(path, error.strerror)
            self.context.failed(Unavailable(words))
        else:
            self.context.notify(self.tr("Saved as {0}").format(path.name), Meaning.GOOD)

    def file_name(self, report: Report) -> str:
        draft = "" if report.pdf_digest else "-draft"
        return f"{report.number}-v{report.version}{draft}.pdf".replace("*", "x")

    def open_outside(self) -> None:
        """In the system's viewer, from a private folder that goes when the window is closed."""
        record = self.record
        if record is None:
            return
        self._folder = self._folder or QTemporaryDir()
        path = Path(self._folder.filePath(self.file_name(record.report)))

        def show(pdf: bytes) -> None:
            path.write_bytes(pdf)
            if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
                words = self.tr("This computer has no program for PDF files; save the file instead.")
                self.context.notify(words, Meaning.ATTENTION)

        self._with_pdf(record, show)

    def verify(self) -> None:
        """Check the issued file of this report."""
        record = self.record
        if record is None or record.pdf is None:
            return
        digest, id = record.report.pdf_digest, record.report.id

        def done(found: Verification) -> None:
            self.verified[digest] = found
            if self.record is not None and self.record.report.id == id:
                self.show_again()

        verify(self.context, self.tr("Verifying {0}").format(record.report.number), record.pdf, done)

    def verify_file(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self, self.tr("Verify a file"), "", self.tr("PDF files (*.pdf);;All files (*)")
        )
        if name:
            self.verify_path(Path(name))

    def verify_path(self, path: Path) -> None:
        """Check a file from disk and tell what was found."""
        try:
            pdf = read_file(path)
        except NominaError as error:
            self.context.failed(error)
            return
        title = self.tr("Verifying {0}").format(path.name)
        verify(self.context, title, pdf, lambda found: VerificationDialog(path.name, found, self).open())

    def import_certificate(self) -> None:
        answer = forms.certificate_form(self.context, self).ask()
        if answer is None:
            return
        lab = self.context.lab

        def work(_progress: Any) -> bool:
            from reports import issuing

            issuing.take_certificate(lab, *answer)  # type: ignore[arg-type]
            return True

        words = self.tr("Your signatures carry this certificate from now on.")
        self.context.start(
            self.tr("Reading the certificate"), work, then=lambda _: self.context.notify(words, Meaning.GOOD)
        )
