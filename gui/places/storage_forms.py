"""Forms of storage: a new place, changing and moving one, putting things into it, its labels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtWidgets import QWidget

from forensics.domain.custody import PlaceKind, StorageLocation
from forensics.domain.errors import Invalid
from gui.context import Context
from gui.look import Meaning
from gui.places.storage_words import say
from gui.widgets.forms import FormDialog

if TYPE_CHECKING:
    from forensics.services.scanning import Scanned
    from forensics.services.storage import StorageLine


def scanned_things(context: Context, codes: str) -> list[Scanned]:
    """Items and samples by scanned or typed codes, one on a line; `Invalid` names the first that is none."""
    from forensics.services.scanning import identify

    found: list[Scanned] = []
    for code in dict.fromkeys(codes.replace(",", "\n").split("\n")):
        if not code.strip():
            continue
        things = [one for one in context.lab.run(identify, code) if one.is_thing]
        if len(things) != 1:
            words = (
                say("{0} is no item and no sample") if not things else say("{0} is carried by several things")
            )
            raise Invalid(words.format(code.strip()) + say("; scan its own label.").lower())
        found.append(things[0])
    if not found:
        raise Invalid(say("scan or type at least one number."))
    return found


class StorageForms:
    """Dialogs over the use cases; `parent` is the place they belong to."""

    def __init__(self, context: Context, parent: QWidget) -> None:
        self.context, self.parent = context, parent

    def _form(self, title: str, submit: Any, intro: str = "", **options: Any) -> FormDialog:
        return FormDialog(title, submit, self.parent, intro, **options)

    def _grid(self, form: FormDialog) -> None:
        kinds = [(kind, say(kind)) for kind in PlaceKind]
        form.choice("kind", say("kind"), kinds, required=True, prompt=False, keep=True)
        form.number("capacity", say("capacity"), unit=say("things").lower(), whole=True, keep=True)
        form.section(
            say("positions"), say("A box with rows and columns has one position for each thing: A1, A2…")
        )
        form.number("rows", say("rows"), whole=True, keep=True)
        form.number("columns", say("columns"), whole=True, keep=True)

    def add(self, inside: StorageLine | None) -> Any:
        """A new place, inside another or at the top."""
        from forensics.services.storage import create_location, storage_tree

        known = self.context.query(storage_tree) or []
        form = self._form(
            say("new storage place"), lambda v: self.context.lab.run(create_location, **v), again=True
        )
        hint = say("As it is written on the door, the shelf or the box.")
        form.text("name", say("name"), hint=hint, required=True)
        form.choice(
            "parent",
            say("inside"),
            [(line.id, " › ".join(line.path)) for line in known],
            keep=True,
            nothing=say("nothing: it stands at the top"),
        )
        self._grid(form)
        form.fill({"parent": inside.id if inside else None, "kind": _below(inside)})
        return form.ask()

    def change(self, place: StorageLocation) -> Any:
        from forensics.services.storage import change_location

        form = self._form(
            say("change {0}").format(place.number),
            lambda values: self.context.lab.run(change_location, place, values),
        )
        form.text("name", say("name"), required=True)
        self._grid(form)
        fields = ("name", "kind", "capacity", "rows", "columns")
        form.fill({name: getattr(place, name) for name in fields})
        return form.ask()

    def move(self, row: StorageLine) -> Any:
        """The place with everything in it."""
        from forensics.services.storage import move_place, storage_tree

        known = self.context.query(storage_tree) or []
        outside = [one for one in known if one.path[: len(row.path)] != row.path]
        words = say("{0} things lie in it and go with it; each gets this in its custody.").format(row.inside)
        form = self._form(
            say("move {0} with its contents").format(row.place.name),
            lambda v: self.context.lab.run(move_place, row.place, v["into"], v["note"]),
            words,
            save=say("moved"),
        )
        places: list[tuple[UUID, str]] = [(one.id, " › ".join(one.path)) for one in outside]
        form.choice("into", say("to"), places, nothing=say("the top"))
        form.text("note", say("note"))
        form.fill({"into": row.place.parent})
        return form.ask()

    def put_in(self, row: StorageLine, position: str = "") -> Any:
        """Scan or type what goes there."""
        from forensics.services.storage import move_things

        def submit(values: dict[str, Any]) -> Any:
            things = scanned_things(self.context, values["codes"])
            seen = {one.id: one.revision for one in things}
            wanted = values.get("position") or ""
            moved = self.context.lab.run(move_things, list(seen), row.id, wanted, values["note"], seen)
            if moved.remark:
                self.context.notify(moved.remark, Meaning.ATTENTION)
            return moved

        form = self._form(say("put into {0}").format(" › ".join(row.path)), submit, save=say("put there"))
        hint = say("scan one after the other, each on a line.")
        form.lines("codes", say("items and samples"), required=True, hint=hint, lines=5)
        if row.place.positions:
            form.text("position", say("first position"), mono=True, hint=say("Empty: the next free one."))
        form.text("note", say("note"))
        form.fill({"position": position})
        return form.ask()

    def give_up(self, row: StorageLine) -> Any:
        from forensics.services.storage import give_up_location

        form = self._form(
            say("{0} is no longer used").format(row.place.name),
            lambda v: self.context.lab.run(give_up_location, row.place, v["reason"]),
        )
        form.lines("reason", say("why"), required=True)
        return form.ask()

    def labels(self, rows: Sequence[StorageLine]) -> Any:
        """Labels of places: number, name and where it stands."""
        from gui.places.samples_acts import SampleActs
        from reports.labels import Label

        made = [Label(row.place.number, " › ".join(row.path[:-1]), row.place.name) for row in rows]
        return SampleActs(self.context, self.parent).print_labels(made)


def _below(inside: StorageLine | None) -> PlaceKind:
    kinds = list(PlaceKind)
    return kinds[min(kinds.index(inside.place.kind) + 1, len(kinds) - 1)] if inside else PlaceKind.BUILDING
