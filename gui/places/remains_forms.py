"""Forms of remains: receiving a case with its contents, adding items, correcting what was entered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtWidgets import QWidget

from forensics.domain.anthropology import Completeness, Side
from forensics.domain.errors import Invalid
from forensics.domain.lists import ListQuery
from forensics.domain.remains import Description, ItemKind, RemainsCase, RemainsItem
from gui.context import Context
from gui.places.remains_moving import fill_places, place_chosen
from gui.places.remains_words import as_written, bone, choices, say, thing, written_moment
from gui.widgets.fields import Field
from gui.widgets.forms import FormDialog

if TYPE_CHECKING:
    from forensics.services.remains import NewItem

WHOLE = (ItemKind.BODY, ItemKind.TISSUE, ItemKind.HAIR, ItemKind.CREMAINS, ItemKind.FRAGMENTS)


def receive_case(context: Context, parent: QWidget) -> RemainsCase | None:
    """Receive a case with its items; the saved case, or None."""
    form = FormDialog(
        say("Receive remains"), partial(_receive, context), parent, save=say("Receive"), again=True, width=600
    )
    _delivery(form)
    form.section(say("Contents"), say("Each bone becomes an item with a number of its own."))
    _shorthand(form, context)
    nothing = ("", say("nothing else"))
    form.choice(
        "whole",
        say("And as one item"),
        [nothing, *choices(WHOLE)],
        required=True,
        prompt=False,
        hint=say("A body, or a lot not yet sorted"),
    )
    fill_places(form, context, keep=True)
    _papers(form, context)
    form.fill({"received_at": as_written(datetime.now(UTC))})
    saved: RemainsCase | None = form.ask()
    return saved


def _delivery(form: FormDialog) -> None:
    """What was brought, by whom and when."""
    form.choice("description", say("Described as"), choices(Description), required=True, keep=True)
    form.text("received_from", say("Received from"), required=True, keep=True)
    form.text("received_at", say("Received at"), required=True, parse=written_moment, keep=True)
    form.text("external_number", say("Their number"), mono=True)
    form.text("condition", say("Condition"))


def _papers(form: FormDialog, context: Context) -> None:
    """Under which order, with which seals, from where."""
    from forensics.services.operations import operations

    known = context.query(operations) or []
    here = [o for o in known if context.operation is None or o.id == context.operation.id]
    form.section(say("Order and seals"))
    form.text("authority", say("Authority"), keep=True, hint=say("Prosecutor, court or police"))
    form.text("order_reference", say("Order"), mono=True, keep=True)
    form.text("seals", say("Seals"), mono=True)
    form.choice("seals_intact", say("Were the seals intact?"), [(True, say("Yes")), (False, say("No"))])
    form.section(say("Where it belongs"))
    form.choice(
        "operation", say("Operation"), [(o.id, o.title) for o in here], required=True, prompt=False, keep=True
    )
    form.choice("site", say("Site"), _sites(context), keep=True)
    form.lines("note", say("Note"), lines=2)


def _sites(context: Context) -> list[tuple[UUID, str]]:
    from forensics.services.operations import sites

    found = context.query(sites, context.here(ListQuery(limit=500, sort="title")))
    return [(line.id, line.title) for line in found.rows] if found is not None else []


def _receive(context: Context, values: dict[str, Any]) -> RemainsCase:
    from forensics.services.remains import receive_case as act

    names = (
        "operation", "site", "description", "received_from", "received_at", "external_number", "authority",
        "order_reference", "seals", "seals_intact", "condition", "note",
    )  # fmt: skip
    case = RemainsCase(received_by=context.lab.person.id, **{name: values[name] for name in names})
    return context.lab.run(act, case, _contents(values), place_chosen(context, values))


def _contents(values: dict[str, Any]) -> Sequence[NewItem]:
    from forensics.services.remains import NewItem

    whole = (NewItem(values["whole"]),) if values.get("whole") else ()
    return (*(values["contents"] or ()), *whole)


def _shorthand(form: FormDialog, context: Context) -> Field:
    """A line such as `L fem, R fem, T1-12`, and below it how it was understood."""
    from forensics.services.remains import contents_from

    def read(words: str) -> Sequence[NewItem]:
        return context.lab.run(contents_from, words)

    field = form.text(
        "contents", say("Bones and teeth"), parse=read, mono=True, placeholder="L fem, R fem, T1-12, skull"
    )
    told = form.note(say("Type the bones in short: L fem, R fem, T1-12, ribs 2-5, mandible, 36."))

    def tell() -> None:
        try:
            found = field.value() or ()
        except Invalid as error:
            told.label.setText(str(error))
            return
        if found:
            words = ", ".join(bone(item.element, str(item.side)) for item in found[:24])
            more = say(" and {0} more").format(len(found) - 24) if len(found) > 24 else ""
            one = say("1 item: {0}") if len(found) == 1 else say("{1} items: {0}")
            told.label.setText(one.format(words + more, len(found)))

    field.edited.connect(tell)
    return field


def add_items(context: Context, parent: QWidget, case: RemainsCase) -> Any:
    """Items of a case that exists: many from one line of shorthand, or one with its particulars."""
    form = FormDialog(
        say("Add items"), partial(_add, context, case), parent, case.number, save=say("Add"), again=True
    )
    _shorthand(form, context)
    form.choice("kind", say("Or one thing"), choices(ItemKind), nothing=say("–"))
    form.text(
        "external_number", say("Their number"), mono=True, hint=say("Of the one thing, or of the only bone")
    )
    form.number("mass_g", say("Mass"), unit="g", usual=(1, 3000))
    form.number("count", say("Pieces"), whole=True)
    fields = [c for c in Completeness if c.present]
    form.choice("completeness", say("Completeness"), choices(fields))
    form.text("preservation", say("Preservation"))
    form.text("note", say("Note"))
    fill_places(form, context, keep=True)
    return form.ask()


def _add(context: Context, case: RemainsCase, values: dict[str, Any]) -> Any:
    from dataclasses import replace

    from forensics.services.remains import NewItem
    from forensics.services.remains import add_items as act

    found = list(values["contents"] or ())
    if values["kind"]:
        found.append(NewItem(values["kind"]))
    if not found:
        raise Invalid(say("Type the bones, or choose what the one thing is."))
    particulars = {"completeness": str(values["completeness"] or ""), "preservation": values["preservation"]}
    particulars["note"] = values["note"]
    if len(found) == 1:
        particulars |= {
            "external_number": values["external_number"],
            "mass_g": values["mass_g"],
            "count": values["count"] or 1,
        }
    made = [replace(one, **particulars) for one in found]
    return context.lab.run(act, case.id, made, place_chosen(context, values))


def correct_case(context: Context, parent: QWidget, case: RemainsCase) -> Any:
    """Correct the delivery; the version that was seen decides about a conflict."""
    from forensics.services.remains import change_case

    form = FormDialog(
        say("Correct {0}").format(case.number),
        lambda values: context.lab.run(change_case, case, values),
        parent,
        say("The history keeps what stood there before."),
        width=600,
    )
    _delivery(form)
    _papers(form, context)
    names = [name for name in form.fields if hasattr(case, name)]
    form.fill({name: getattr(case, name) for name in names} | {"received_at": as_written(case.received_at)})
    return form.ask()


def correct_item(context: Context, parent: QWidget, item: RemainsItem) -> Any:
    """Correct the description of an item."""
    from forensics.services.remains import change_item

    def submit(values: dict[str, Any]) -> Any:
        bones = values.pop("contents")
        if bones:
            if len(bones) != 1:
                raise Invalid(say("An item is one element; add others as items of their own."))
            values |= {"element": bones[0].element, "side": bones[0].side, "kind": bones[0].kind}
        values["completeness"] = str(values["completeness"] or "")
        values["count"] = values["count"] or 1
        return context.lab.run(change_item, item, values)

    intro = say("The history keeps what stood there before.")
    form = FormDialog(say("Correct {0}").format(item.number), submit, parent, intro)
    form.note(say("Recorded as: {0}").format(thing(item)))
    _shorthand(form, context)
    form.choice("kind", say("Kind"), choices(ItemKind), required=True)
    form.choice("side", say("Side"), choices(Side), required=True)
    form.text("external_number", say("Their number"), mono=True)
    form.number("mass_g", say("Mass"), unit="g", usual=(1, 3000))
    form.number("count", say("Pieces"), whole=True)
    form.choice("completeness", say("Completeness"), [(str(c), w) for c, w in choices(Completeness)])
    form.text("preservation", say("Preservation"))
    form.lines("note", say("Note"), lines=2)
    form.fill({name: getattr(item, name) for name in form.fields if hasattr(item, name)})
    return form.ask()
