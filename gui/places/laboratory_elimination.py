"""The elimination database, for who may read its names: whose DNA may turn up in a sample."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from forensics.domain.errors import Invalid
from forensics.domain.quality import EliminationCategory
from gui.look import Meaning
from gui.place import ListPlace
from gui.places.laboratory_words import said
from gui.places.remains_words import choices, day, moment
from gui.widgets.banner import EmptyState
from gui.widgets.buttons import Action
from gui.widgets.forms import FormDialog
from gui.widgets.lists import Column, Filter, Kind, RecordList
from gui.widgets.record import Fact, RecordPage

if TYPE_CHECKING:
    from forensics.domain.lines import EliminationLine
    from forensics.domain.quality import EliminationProfile


class EliminationList(ListPlace):
    """Whose DNA may turn up; only for who may read the names."""

    name = "elimination"
    subjects = frozenset({"elimination_profile"})

    def make_list(self) -> RecordList:
        from forensics.services.elimination import elimination_profiles

        columns = [
            Column("token", self.tr("Token"), Kind.TOKEN, 122),
            Column("category", self.tr("Category"), width=130, value=lambda line: said(line.category)),
            Column("name", self.tr("Name"), width=180, stretch=True),
            Column("loci", self.tr("Loci"), Kind.NUMBER, 62),
            Column("created_at", self.tr("Entered"), width=108, value=lambda line: day(line.created_at)),
            Column("number", self.tr("Number"), Kind.TOKEN, 138, shown=False),
        ]
        empty = EmptyState(
            "people",
            self.tr("The elimination database is empty"),
            self.tr(
                "Enter the profiles of staff, visitors, excavators and mortuaries. Every run is compared with "
                "them; others see a token and the category, never a name."
            ),
            self.new_action(),
        )
        return RecordList(
            self.tr("Elimination database"),
            columns,
            lambda query: self.context.lab.run(elimination_profiles, query),
            [Filter("category", self.tr("Category"), choices(EliminationCategory))],
            empty,
            [self.new_action()],
            sort="number",
            runner=self.context.tasks.quietly,
        )

    def new_action(self) -> Action:
        return Action(self.tr("Enter a profile"), self.enter, "plus", "quiet")

    def actions_offered(self) -> list[Action]:
        return [self.new_action()]

    def fill(self, page: RecordPage, row: EliminationLine) -> None:
        from forensics.services.elimination import elimination_profile

        one = self.context.query(elimination_profile, row.id)
        if one is None:
            return
        page.header(
            one.token,
            one.name,
            self.tr("Elimination profile"),
            actions=[Action(self.tr("Take out"), partial(self.take_out, one), "void", "danger")],
        )
        page.section(self.tr("Who")).facts(
            [
                (self.tr("Category"), said(one.category)),
                (self.tr("Number"), Fact(one.number, mono=True)),
                (self.tr("Entered"), moment(one.created_at)),
                (self.tr("Note"), one.note or self.tr("none")),
            ]
        )
        page.section(self.tr("Genotype")).table(
            [self.tr("Locus"), self.tr("Alleles")],
            [(locus, Fact(", ".join(alleles), mono=True)) for locus, alleles in one.genotypes.items()],
        )

    def enter(self) -> Any:
        form = FormDialog(
            self.tr("Enter an elimination profile"),
            self._enter,
            self,
            self.tr("The name is read by the quality manager alone; others see the token and the category."),
            again=True,
        )
        form.choice("category", self.tr("Category"), choices(EliminationCategory), required=True, keep=True)
        form.text("name", self.tr("Name"), required=True)
        form.path("path", self.tr("Run file with the profile"))
        form.text(
            "sample",
            self.tr("Sample name in the file"),
            mono=True,
            hint=self.tr("Left empty where the file holds one profile"),
        )
        form.text("note", self.tr("Note"))
        return form.ask()

    def _enter(self, values: dict[str, Any]) -> Any:
        from forensics.services.elimination import enter_elimination
        from forensics.services.profiles import read

        reading = read(values["path"])
        wanted = values["sample"].strip()
        found = [one for one in reading.profiles if not wanted or one.sample == wanted]
        if len(found) != 1:
            raise Invalid(
                self.tr("{0} holds {1} such profiles; write the name of the one that is meant.").format(
                    values["path"].name, len(found)
                )
            )
        return self.context.lab.run(
            enter_elimination, values["category"], values["name"], found[0], values["note"]
        )

    def take_out(self, one: EliminationProfile) -> Any:
        from forensics.services.elimination import remove_elimination

        form = FormDialog(
            self.tr("Take out {0}").format(one.token),
            lambda v: self.context.lab.run(remove_elimination, one.id, v["reason"]),
            self,
            self.tr("Runs are no longer compared with it. The entry stays, voided."),
            save=self.tr("Take out"),
        )
        form.lines("reason", self.tr("Why"), required=True, lines=2)
        if form.ask() is not None:
            self.context.notify(self.tr("Taken out."), Meaning.GOOD)
