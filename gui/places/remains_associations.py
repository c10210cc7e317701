"""Which items are of one individual: proposing it with its basis, deciding as another person, undoing it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from forensics.domain.evidence import power_of_ten
from forensics.domain.remains import Association, AssociationState, Basis, RemainsItem
from gui.context import Context, Ref
from gui.places.remains_parts import link
from gui.places.remains_words import association_mark, choices, said, say
from gui.widgets.buttons import Action, Button
from gui.widgets.forms import FormDialog
from gui.widgets.lines import column, row, text
from gui.widgets.marks import Chip
from gui.widgets.record import Section

if TYPE_CHECKING:
    from uuid import UUID


def propose(context: Context, parent: QWidget, item: RemainsItem) -> Any:
    """Say that this item and another are of one individual, and why."""
    from forensics.services.remains import propose_association
    from forensics.services.samples import source_named

    def submit(values: dict[str, Any]) -> Any:
        other = context.lab.run(source_named, values["other"])
        return context.lab.run(
            propose_association,
            item.id,
            other.id,
            values["basis"],
            values["explanation"],
            values["statistic"],
        )

    form = FormDialog(
        say("Of one individual with {0}").format(item.number),
        submit,
        parent,
        say("Another person decides. Until then nothing is joined."),
        save=say("Propose"),
    )
    form.text(
        "other", say("The other item"), required=True, mono=True, hint=say("Its number, typed or scanned")
    )
    form.choice("basis", say("What it rests on"), choices(Basis), required=True)
    form.number(
        "statistic", say("Statistic"), hint=say("For DNA the log₁₀ of the LR; else as the method gives it")
    )
    form.lines("explanation", say("Explanation"), required=True, lines=3)
    return form.ask()


def decide(context: Context, parent: QWidget, association: Association, accept: bool) -> Any:
    from forensics.services.remains import decide_association

    form = FormDialog(
        say("Accept the association") if accept else say("Reject the association"),
        lambda v: context.lab.run(decide_association, association.id, accept, v["decision"]),
        parent,
        say("The items become one individual.") if accept else say("The items stay apart."),
        save=say("Accept") if accept else say("Reject"),
    )
    form.lines("decision", say("Reason"), required=not accept, lines=3)
    return form.ask()


def undo(context: Context, parent: QWidget, association: Association) -> Any:
    from forensics.services.remains import undo_association

    form = FormDialog(
        say("Undo the association"),
        lambda v: context.lab.run(undo_association, association.id, v["reason"]),
        parent,
        say("The items are told apart again; the record of the association stays."),
        save=say("Undo"),
    )
    form.lines("reason", say("Reason"), required=True, lines=3)
    return form.ask()


def offered(context: Context, parent: QWidget, one: Association) -> list[Action]:
    """What can be done with an association now."""
    from forensics.services.remains import decide_association

    role = "" if context.may(decide_association) else say("Your role does not associate remains.")
    if one.state is AssociationState.ACCEPTED:
        return [Action(say("Undo"), partial(undo, context, parent, one), "undo", why_not=role)]
    if one.state is not AssociationState.PROPOSED:
        return []
    own = say("You proposed it; another person decides.")
    why = role or (own if one.proposed_by == context.lab.person.id else "")
    return [
        Action(say("Accept"), partial(decide, context, parent, one, True), "check", why_not=why),
        Action(say("Reject"), partial(decide, context, parent, one, False), "void", why_not=why),
    ]


def show(
    section: Section, context: Context, parent: QWidget, found: Sequence[Association], here: UUID | None
) -> None:
    """Each association with the other item, its basis, and what can be done."""
    from forensics.services.people import names
    from forensics.services.remains import item_numbers

    people = context.query(names) or {}
    numbers = context.query(item_numbers, frozenset(id for a in found for id in (a.first, a.second))) or {}
    for one in found:
        others = [id for id in (one.first, one.second) if id != here]
        links = [link(numbers.get(id, ""), context, "remains", Ref("remains_item", id)) for id in others]
        words = [said(one.basis), statistic(one), one.explanation]
        who = [say("proposed by {0}").format(people.get(one.proposed_by, ""))]
        if one.decided_by:
            who.append(say("decided by {0}").format(people.get(one.decided_by, "")))
        if one.decision:
            who.append(one.decision)
        buttons = [Button.of(action) for action in offered(context, parent, one)]
        head = row(*links, Chip(association_mark(one.state)), None, *buttons)
        told = text(" · ".join(word for word in words if word), selectable=True)
        holder = QWidget()
        holder.setLayout(column(head, told, text(" · ".join(who), "small"), gap=2))
        section.widget(holder)


def statistic(one: Association) -> str:
    """The number that an association rests on: an LR for DNA, else as its method gives it."""
    if one.statistic is None:
        return ""
    if one.basis is Basis.DNA:
        return f"LR {power_of_ten(one.statistic)}"
    return say("statistic {0}").format(f"{one.statistic:g}")
