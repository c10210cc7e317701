"""Choosing a storage place in a form: the known ones by their whole path, or a new one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtWidgets import QWidget

from forensics.domain.errors import Invalid
from gui.context import Context
from gui.places.remains_words import say
from gui.widgets.forms import FormDialog

if TYPE_CHECKING:
    from forensics.domain.custody import StorageLocation


def paths(found: Sequence[StorageLocation]) -> list[tuple[UUID, str]]:
    """Storage places as `Building A › Cold room 2 › Shelf 3`, in the order of their paths."""
    by_id = {place.id: place for place in found}

    def path(place: StorageLocation) -> str:
        above = by_id.get(place.parent) if place.parent else None
        return f"{path(above)} › {place.name}" if above is not None else place.name

    return sorted(((place.id, path(place)) for place in found), key=lambda pair: pair[1])


def fill_places(form: FormDialog, context: Context, keep: bool = False) -> None:
    """Two fields: a place that is known, and a new one inside it."""
    from forensics.services.storage import create_location, locations

    known = context.query(locations)
    none = say("Choose…") if known else say("No place is known yet")
    form.choice("place", say("Place"), paths(known or []), keep=keep, nothing=none)
    if context.may(create_location):
        form.text("new_place", say("New place"), hint=say("Made inside the place chosen above, if one is."))


def place_chosen(context: Context, values: dict[str, Any], required: bool = False) -> UUID | None:
    """The place that the fields name; a new one is made."""
    from forensics.services.storage import create_location

    if values.get("new_place"):
        return context.lab.run(create_location, values["new_place"], values["place"]).id
    place: UUID | None = values["place"]
    if place is None and required:
        raise Invalid(say("Choose the place, or name a new one."))
    return place


def move_things(
    context: Context,
    parent: QWidget,
    things: Sequence[UUID],
    title: str,
    done: Callable[[], None] | None = None,
) -> Any:
    """Put items and samples in another place, all together; in a box the position may be said."""
    from forensics.services.storage import move_things as act

    def submit(values: dict[str, Any]) -> Any:
        place = place_chosen(context, values, required=True)
        assert place is not None
        return context.lab.run(act, list(things), place, values["position"], values["note"])

    form = FormDialog(say("Move {0}").format(title), submit, parent, save=say("Moved"))
    fill_places(form, context)
    hint = say("In a box with positions: A1, B7; empty takes the next free one.")
    form.text("position", say("Position"), mono=True, hint=hint)
    form.text("note", say("Note"))
    found = form.ask()
    if found is not None and done is not None:
        done()
    return found
