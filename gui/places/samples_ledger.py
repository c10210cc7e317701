"""The ledger of a sample on its page: what was used, put back and corrected, and how much is left."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtWidgets import QWidget

from forensics.domain.ledger import Quantity
from forensics.domain.people import Permission
from forensics.domain.samples import Sample
from gui.context import Context
from gui.places.remains_parts import why_not
from gui.places.remains_words import moment
from gui.places.storage_words import say
from gui.widgets.buttons import Action
from gui.widgets.forms import FormDialog
from gui.widgets.record import RecordPage


def ledger_section(page: RecordPage, context: Context, parent: QWidget, sample: Sample) -> None:
    """What is left, and every entry that led to it."""
    from forensics.services.ledger import authorise_use, ledger, record_use
    from forensics.services.people import names

    if not context.has(Permission.SAMPLE_READ):
        return
    why = why_not(context, record_use, say("Technicians and anthropologists keep the ledger."))
    acts = [
        Action(say("used…"), partial(_ask, context, parent, sample, "use"), "minus", why_not=why),
        Action(say("put back…"), partial(_ask, context, parent, sample, "return"), "plus", why_not=why),
        Action(
            say("measured again…"), partial(_ask, context, parent, sample, "correct"), "edit", why_not=why
        ),
    ]
    if sample.authorised_by is None and context.may(authorise_use):
        act = partial(context.act, authorise_use, sample.id)
        acts.append(Action(say("may be used up"), act, "gavel"))
    section = page.section(say("mass and volume left"), acts)
    left = [
        (say("mass"), _amount(sample.mass_left_mg, sample.mass_mg, Quantity.MASS)),
        (say("volume"), _amount(sample.volume_left_ul, sample.volume_ul, Quantity.VOLUME)),
    ]
    section.facts(left)
    entries = context.query(ledger, sample.id) or []
    if entries:
        people = context.query(names) or {}
        section.table(
            [say("when"), say("what"), say("amount"), say("left"), say("why")],
            [
                (
                    moment(one.created_at),
                    say(one.kind),
                    f"{one.amount:+g} {one.quantity}".replace("-", "−"),
                    f"{one.remaining:g} {one.quantity}",
                    f"{one.reason}, {people.get(one.created_by, '') if one.created_by else ''}",
                )
                for one in reversed(entries)
            ],
            (2, 3),
        )


def _amount(left: float | None, first: float | None, quantity: Quantity) -> str | None:
    if left is None:
        return None
    return say("{0} of {1} {2}").format(f"{left:g}", f"{first:g}" if first is not None else "?", quantity)


def _ask(context: Context, parent: QWidget, sample: Sample, what: str) -> Any:
    """One form for the three kinds of entry."""
    from forensics.services.ledger import record_correction, record_return, record_use

    forms: dict[str, tuple[str, str, Any]] = {
        "use": (say("used of {0}"), say("amount used"), record_use),
        "return": (say("put back to {0}"), say("amount put back"), record_return),
        "correct": (say("what is left of {0}"), say("amount left now"), record_correction),
    }
    title, label, act = forms[what]
    form = FormDialog(
        title.format(sample.token),
        lambda v: context.lab.run(act, sample.id, v["quantity"], v["amount"], v["reason"]),
        parent,
    )
    units = [(Quantity.MASS, say("mass, mg")), (Quantity.VOLUME, say("volume, µl"))]
    form.choice("quantity", say("what"), units, required=True, prompt=False)
    form.number("amount", label, required=True)
    form.text("reason", say("what for, or why"), required=True)
    if sample.mass_left_mg is None and sample.volume_left_ul is not None:
        form.fill({"quantity": Quantity.VOLUME})
    return form.ask()
