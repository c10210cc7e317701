"""The laboratory itself, as it stands on every report."""

from __future__ import annotations

from forensics.domain.operations import Organisation
from forensics.services import operations
from gui.context import Context
from gui.place import Place
from gui.widgets.buttons import Action
from gui.widgets.forms import FormDialog
from gui.widgets.keeping import keep
from gui.widgets.lines import column
from gui.widgets.record import RecordPage


class PagePart(Place):
    """A section that is one page; write `fill`."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.page = RecordPage()
        self.setLayout(column(self.page, gap=0))
        self.refresh()

    def refresh(self) -> None:
        where = self.page.position
        self.page.clear()
        self.fill(self.page)
        self.page.scroll_to(where)

    def fill(self, page: RecordPage) -> None:
        """Write the (emptied) page."""
        raise NotImplementedError


class LaboratoryPart(PagePart):
    """Name, address, accreditation."""

    subjects = frozenset({"organisation"})

    def fill(self, page: RecordPage) -> None:
        own = self.context.query(operations.laboratory)
        if own is None:
            return
        may = self.context.may(operations.change_laboratory)
        why = "" if may else self.tr("An administrator changes the laboratory's particulars.")
        change = Action(self.tr("Change…"), lambda: self._change(own), "edit", "primary", "Ctrl+E", why)
        page.header(own.short_name, own.name, self.tr("Our laboratory"), actions=[change])
        section = page.section(self.tr("As it stands on reports"))
        section.facts(
            [
                (self.tr("Name"), own.name),
                (self.tr("Short name"), own.short_name or None),
                (self.tr("Address"), own.address or None),
                (self.tr("Country"), own.country or None),
                (self.tr("Accreditation"), own.accreditation or None),
                (self.tr("Contact"), own.contact or None),
            ]
        )
        words = self.tr("A report keeps the particulars that stood here when it was drafted.")
        section.text(words, "small")

    def actions_offered(self) -> list[Action]:
        own = self.context.query(operations.laboratory)
        may = self.context.may(operations.change_laboratory)
        why = "" if may else self.tr("An administrator changes the laboratory's particulars.")
        return (
            [Action(self.tr("Change the laboratory…"), lambda: self._change(own), "edit", why_not=why)]
            if own
            else []
        )

    def _change(self, own: Organisation) -> None:
        form = FormDialog(
            self.tr("The laboratory"),
            lambda values: keep(self.context.lab, operations.change_laboratory, own, values, form),
            self,
            self.tr("As it shall stand on the reports that are drafted from now on."),
        )
        form.text("name", self.tr("Name"), required=True)
        form.text("short_name", self.tr("Short name"), hint=self.tr("For labels and the foot of pages."))
        form.lines("address", self.tr("Address"), lines=3)
        form.text("country", self.tr("Country"))
        form.lines(
            "accreditation",
            self.tr("Accreditation"),
            hint=self.tr("The standard, the body and the number; or that there is none."),
            lines=2,
        )
        form.lines("contact", self.tr("Contact"), lines=2)
        form.fill({name: getattr(own, name) for name in form.fields})
        form.ask()
