"""About Nomina: versions, licences, and what results rest on."""

from __future__ import annotations

from gui.places.settings_laboratory import PagePart
from gui.widgets.record import Fact, RecordPage


class AboutPart(PagePart):
    """To be named in a report of a fault, and in a validation."""

    def fill(self, page: RecordPage) -> None:
        from forensics.data.frequencies import available
        from forensics.services import about

        page.header(about.version(), "Nomina", self.tr("Forensic identification of the missing and the dead"))
        page.section(self.tr("This program")).facts(
            [
                (self.tr("Version"), about.version()),
                (self.tr("Schema"), Fact(about.schema(), self.tr("of the laboratories that it writes"))),
                (
                    self.tr("Licence"),
                    Fact("Apache License 2.0", self.tr("free to use, to read and to change")),
                ),
                (self.tr("Typeface"), Fact("Noto Sans", self.tr("SIL Open Font License 1.1"))),
                (
                    self.tr("Network"),
                    self.tr("none: the program talks to nobody but your own server, if you have one"),
                ),
            ]
        )
        rows = [(c.name, c.version, c.licence or self.tr("not stated")) for c in about.components()]
        titles = [self.tr("Part"), self.tr("Version"), self.tr("Licence")]
        page.section(self.tr("What it stands on")).table(titles, rows)
        tables = [(info.name, f"{info.people:,}", info.licence) for info in available()]
        titles = [self.tr("Table"), self.tr("People"), self.tr("Licence")]
        page.section(self.tr("Frequency tables that ship")).table(titles, tables, (1,))
