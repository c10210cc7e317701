"""Backups: an encrypted copy of the laboratory, checked before it is believed, and how to bring one back."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from forensics.domain.auditing import AuditVerdict
from forensics.services import laboratories
from forensics.services.door import Laboratory
from gui.look import Meaning
from gui.places.settings_laboratory import PagePart
from gui.widgets.buttons import Action
from gui.widgets.forms import FormDialog
from gui.widgets.record import Fact, RecordPage


class BackupPart(PagePart):
    """Make a copy; check and restore one."""

    result: tuple[str, Meaning] | None = None

    def fill(self, page: RecordPage) -> None:
        make = Action(self.tr("Make a backup…"), self.make, "save", "primary", "Ctrl+N", self._why_not)
        restore = Action(self.tr("Restore a backup…"), self.restore, "undo")
        page.header("", self.tr("Backup of the laboratory"), "", actions=[make, restore])
        if self.result is not None:
            page.notice(*self.result)
        where = self.context.lab.store.location if isinstance(self.context.lab, Laboratory) else None
        section = page.section(self.tr("What is copied"))
        if self._why_not:
            section.text(self._why_not)
            return
        section.facts(
            [
                (self.tr("Laboratory"), Fact(where or "", self.tr("one encrypted file"), mono=True)),
                (
                    self.tr("The copy"),
                    self.tr("everything, as it was at one moment; encrypted like the laboratory itself"),
                ),
                (
                    self.tr("Afterwards"),
                    self.tr("the copy is opened and its audit compared before it is called good"),
                ),
            ]
        )
        self._advice(page)

    def _advice(self, page: RecordPage) -> None:
        steps = page.section(self.tr("How to bring it back"))
        for number, words in enumerate(
            (
                self.tr("Put the copy on this or another computer with Nomina; it needs no network."),
                self.tr(
                    "Choose “Restore a backup”, the copy, a new file, and the passphrase of the laboratory."
                ),
                self.tr("The audit of the copy is verified first; nothing that exists is overwritten."),
                self.tr(
                    "Sign in to the new file; the first time each person also needs the passphrase once."
                ),
            ),
            start=1,
        ):
            steps.text(f"{number}.  {words}")
        words = self.tr(
            "Keep copies in two other places, and the passphrase apart from them: without it a copy opens for nobody. "
            "The file of keys beside the laboratory is not needed."
        )
        page.section(self.tr("Where to keep it")).text(words)

    @property
    def _why_not(self) -> str:
        lab = self.context.lab
        if isinstance(lab, Laboratory) and laboratories.is_server(lab.store.location):
            return self.tr(
                "This laboratory lies on a server; whoever runs the server backs it up with pg_dump."
            )
        return ""

    def actions_offered(self) -> list[Action]:
        return [Action(self.tr("Make a backup…"), self.make, "save", why_not=self._why_not)]

    def make(self) -> None:
        """Choose where, then copy beside the window."""
        lab = self.context.lab
        assert isinstance(lab, Laboratory)
        form = FormDialog(
            self.tr("Make a backup"),
            lambda values: values["path"],
            self,
            self.tr("Best on a disk that is taken out of the house afterwards."),
            save=self.tr("Make the backup"),
        )
        form.path(
            "path", self.tr("File of the copy"), files=self.tr("Laboratories (*.nomina)"), existing=False
        )
        here = Path(lab.store.location)
        form.fill({"path": str(here.with_name(f"{here.stem}-{date.today().isoformat()}{here.suffix}"))})
        target = form.ask()
        if isinstance(target, Path):
            self.context.start(
                self.tr("Backup"),
                lambda _progress: laboratories.back_up(lab, target),
                then=lambda verdict: self._made(target, verdict),
            )

    def _made(self, target: Path, verdict: AuditVerdict) -> None:
        size = target.stat().st_size / 1_000_000
        words = self.tr(
            "The backup is complete and can be opened: {0}, {1} MB, {2} acts. Its audit holds."
        ).format(target, f"{size:.1f}", f"{verdict.entries:,}")
        if not verdict.sound:
            words = self.tr(
                "The copy is complete, but the audit of the laboratory does not hold: {0}"
            ).format(verdict.problems[0])
        self.result = (words, Meaning.GOOD if verdict.sound else Meaning.REFUSED)
        self.refresh()
        self.context.notify(self.tr("The backup is made."), Meaning.GOOD)

    def restore(self) -> None:
        """Check a copy and put it in a place of its own."""

        def save(values: dict[str, Any]) -> AuditVerdict:
            return laboratories.restore(values["backup"], values["target"], values["passphrase"])

        intro = self.tr("The laboratory that is open now stays as it is; the copy becomes a file beside it.")
        form = FormDialog(self.tr("Restore a backup"), save, self, intro, save=self.tr("Check and restore"))
        files = self.tr("Laboratories (*.nomina)")
        form.path("backup", self.tr("The copy"), files=files)
        form.path("target", self.tr("New file of the laboratory"), files=files, existing=False)
        form.password("passphrase", self.tr("Passphrase of the laboratory"))
        verdict = form.ask()
        if isinstance(verdict, AuditVerdict):
            words = self.tr("Restored: {0} acts, and the audit holds. Sign in to the new file to use it.")
            self.result = (words.format(f"{verdict.entries:,}"), Meaning.GOOD)
            self.refresh()
