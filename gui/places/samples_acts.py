"""What can be done with a sample, in order: plan, authorise, take, receive; accession, move, fail, print labels.

Used by the pages of samples and of items. Each act says beside its button why it can't be done now.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtCore import QStandardPaths, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from forensics.domain.errors import Unavailable
from forensics.domain.samples import Sample, SampleKind, SampleState
from gui.context import Context
from gui.look import Meaning
from gui.places.remains_moving import fill_places, move_things, place_chosen
from gui.places.remains_parts import actions, why_not
from gui.places.remains_words import as_written, choices, say, written_moment
from gui.widgets.buttons import Action
from gui.widgets.forms import FormDialog

if TYPE_CHECKING:
    from reports.labels import Label

DESTRUCTIVE = (SampleKind.BONE, SampleKind.TOOTH)


class SampleActs:
    """Dialogs over the use cases; `parent` is the place that they belong to."""

    def __init__(self, context: Context, parent: QWidget) -> None:
        self.context = context
        self.parent = parent

    # -- which can be done now -----------------------------------------------------------------------------

    def of(self, sample: Sample) -> list[Action]:
        """The next step first, as the one thing to do; then what can always be done."""
        from forensics.services import samples as service
        from forensics.services import storage

        may = partial(why_not, self.context)
        no_move = may(storage.move_things, say("Your role does not move things."))
        no_label = may(service.note_labels, say("Your role does not print labels."))
        printed = say("Labels again") if sample.labels_printed else say("Labels")
        return actions(
            self._next(sample),
            Action(say("Move"), partial(self.move, sample), "custody", why_not=no_move),
            Action(printed, partial(self.labels, [sample]), "print", why_not=no_label),
            Action(
                say("No profile"),
                partial(self.fail, sample),
                "void",
                why_not=may(service.fail_sample, say("Your role does not work on samples.")),
            )
            if sample.state is SampleState.ACCESSIONED
            else None,
        )

    def _next(self, sample: Sample) -> Action | None:
        from forensics.services import samples as service

        may = partial(why_not, self.context)
        manager = may(
            service.authorise_sample, say("A case manager authorises the cutting of bone and teeth.")
        )
        taker = may(service.take_sample, say("Your role does not take samples."))
        receiver = may(
            service.receive_sample, say("Custodians, technicians and anthropologists receive samples.")
        )
        if sample.taken_by == self.context.lab.person.id:
            receiver = say("You took this sample; another person receives it.")
        if sample.state is SampleState.PLANNED and sample.kind in DESTRUCTIVE:
            return Action(
                say("Authorise"), partial(self.authorise, sample), "check", "primary", why_not=manager
            )
        if sample.state in (SampleState.PLANNED, SampleState.AUTHORISED):
            return Action(say("Take"), partial(self.take, sample), "sample", "primary", why_not=taker)
        if sample.state is SampleState.TAKEN:
            return Action(
                say("Receive"), partial(self.receive, sample), "download", "primary", why_not=receiver
            )
        return None

    # -- the steps -------------------------------------------------------------------------------------------

    def plan(self, item: UUID, title: str) -> Any:
        """Ask for samples to be cut from an item."""
        from forensics.services.samples import plan_sample

        form = self._form(
            say("Plan a sample"),
            lambda v: self.context.lab.run(plan_sample, item, v["kind"]),
            title,
            again=True,
        )
        form.choice(
            "kind",
            say("Kind"),
            choices((SampleKind.BONE, SampleKind.TOOTH, SampleKind.TISSUE, SampleKind.HAIR)),
            required=True,
            prompt=False,
            hint=say("Bone and teeth are destroyed by it and wait for a case manager."),
        )
        return form.ask()

    def authorise(self, sample: Sample) -> Any:
        from forensics.services.samples import authorise_sample

        return self.context.act(authorise_sample, sample.id)

    def take(self, sample: Sample) -> Any:
        """Cut before a witness, who is another person."""
        from forensics.services.samples import take_sample

        offered = as_written(datetime.now(UTC))

        def submit(values: dict[str, Any]) -> Any:
            stated = values["taken_at"]
            if stated == written_moment(offered):
                stated = None  # now, to the moment: what was done a minute ago stays before it
            return self.context.lab.run(take_sample, sample.id, values["witness"], values["mass"], stated)

        form = self._form(say("Take the sample {0}").format(sample.token), submit, save=say("Taken"))
        form.choice(
            "witness",
            say("Witness"),
            self.colleagues(),
            required=True,
            hint=say("Who watched. The rule asks for another person than you, so you are not in the list."),
        )
        form.number("mass", say("Mass cut"), unit="mg", usual=(20, 5000))
        form.text("taken_at", say("Taken at"), parse=written_moment, hint=say("Date and time here"))
        form.fill({"taken_at": offered})
        return form.ask()

    def receive(self, sample: Sample) -> Any:
        from forensics.services.samples import receive_sample

        def submit(values: dict[str, Any]) -> Any:
            place = place_chosen(self.context, values)
            return self.context.lab.run(receive_sample, sample.id, place, values["condition"])

        form = self._form(say("Receive the sample {0}").format(sample.token), submit, save=say("Received"))
        fill_places(form, self.context)
        form.text("condition", say("Condition"), hint=say("Seal, tube, label: what is not as it should be"))
        return form.ask()

    def accession(self, item: UUID | None = None, title: str = "") -> Any:
        """A sample that was taken elsewhere arrives."""
        form = self._form(
            say("Accession a sample taken elsewhere"), partial(self._accession, item), title, again=True
        )
        if item is None:
            form.text(
                "source",
                say("From which item or donor"),
                required=True,
                mono=True,
                hint=say("Number of the item, or token of the donor: type or scan it."),
            )
        form.choice("kind", say("Kind"), choices(SampleKind), required=True, keep=True)
        form.text("outside", say("Taken by"), required=True, keep=True, hint=say("Who took it, and where"))
        form.text("external", say("Their number"), mono=True)
        form.number("mass", say("Mass"), unit="mg", usual=(20, 5000))
        fill_places(form, self.context, keep=True)
        return form.ask()

    def _accession(self, item: UUID | None, values: dict[str, Any]) -> Any:
        from forensics.domain.families import Donor
        from forensics.services.samples import accession_sample, source_named

        donor = None
        if item is None:
            source = self.context.lab.run(source_named, values["source"])
            item, donor = (None, source.id) if isinstance(source, Donor) else (source.id, None)
        return self.context.lab.run(
            accession_sample,
            values["kind"],
            item=item,
            donor=donor,
            taken_outside=values["outside"],
            external_number=values["external"],
            mass_mg=values["mass"],
            place=place_chosen(self.context, values),
        )

    def move(self, sample: Sample) -> Any:
        return move_things(self.context, self.parent, [sample.id], sample.token)

    def fail(self, sample: Sample) -> Any:
        from forensics.services.samples import fail_sample

        form = self._form(
            say("No profile from {0}").format(sample.token),
            lambda v: self.context.lab.run(fail_sample, sample.id, v["reason"]),
            say("The sample stays; a later attempt can still give a profile."),
        )
        form.lines("reason", say("Why"), required=True, hint=say("For example: inhibited, no DNA quantified"))
        return form.ask()

    # -- labels ----------------------------------------------------------------------------------------------

    def labels(self, samples: Sequence[Sample]) -> Any:
        """Labels of samples; printing them is counted, so that reprints show."""
        from reports.labels import Label

        own = self.context.name
        made = [Label(sample.token, own, str(sample.kind)) for sample in samples]
        again = sum(1 for sample in samples if sample.labels_printed)
        return self.print_labels(made, again, [sample.id for sample in samples])

    def print_labels(self, labels: Sequence[Label], again: int = 0, count: Sequence[UUID] = ()) -> Any:
        """Save the PDF, count what was printed, and open it for the printer; `again` of them need a reason."""
        from reports.labels import SHEETS

        intro = say("{0} of these had labels before; two labels with one token must not stay in use.")
        form = self._form(
            say("Print labels"),
            partial(self._print, labels, count),
            intro.format(again) if again else "",
            save=say("Save PDF"),
        )
        if again:
            hint = say("For example: the label came off, the print was not legible. The audit keeps it.")
            form.text("reason", say("Why again"), required=True, hint=hint)
        sheets = [(id, sheet.name) for id, sheet in SHEETS.items()]
        form.choice("sheet", say("Sheet"), sheets, required=True, prompt=False)
        form.number("skip", say("Labels already used on the first sheet"), whole=True)
        form.path("path", say("Save as"), files=say("PDF (*.pdf)"), existing=False)
        form.flag("open", say("Open it for printing"))
        form.fill(
            {"path": str(documents_folder() / f"labels-{datetime.now():%Y%m%d-%H%M}.pdf"), "open": True}
        )
        return form.ask()

    def _print(self, labels: Sequence[Label], count: Sequence[UUID], values: dict[str, Any]) -> Path:
        from forensics.services.samples import note_labels
        from reports.labels import render_labels

        path: Path = values["path"].with_suffix(".pdf")
        pdf = render_labels(labels, values["sheet"], values["skip"] or 0)
        try:
            path.write_bytes(pdf)
        except OSError as error:
            raise Unavailable(
                say("{0} can't be written ({1}); choose another folder.").format(path, error.strerror)
            ) from None
        if count:
            self.context.lab.run(note_labels, list(count), values.get("reason", ""))
        self.context.notify(say("Labels saved as {0}").format(path.name), Meaning.GOOD)
        if values["open"]:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
        return path

    # -- helpers -----------------------------------------------------------------------------------------------

    def colleagues(self) -> list[tuple[UUID, str]]:
        """Everybody active but me, by name."""
        from forensics.services.people import people

        me = self.context.lab.person.id
        found = self.context.query(people) or []
        return [(p.person.id, p.person.name) for p in found if p.person.active and p.person.id != me]

    def _form(
        self, title: str, submit: Callable[[dict[str, Any]], Any], intro: str = "", **options: Any
    ) -> FormDialog:
        return FormDialog(title, submit, self.parent, intro, **options)


def documents_folder() -> Path:
    places = QStandardPaths.standardLocations(QStandardPaths.StandardLocation.DocumentsLocation)
    return Path(places[0]) if places and Path(places[0]).is_dir() else Path.home()
