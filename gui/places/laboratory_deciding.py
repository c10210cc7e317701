"""Acts of the laboratory that can't be undone, held with the password; what the quality manager decides of a hit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QWidget

from gui.context import Context
from gui.places.laboratory_words import say
from gui.widgets.buttons import Action
from gui.widgets.ceremony import Ceremony
from gui.widgets.record import Value


def ceremony(
    context: Context,
    parent: QWidget,
    title: str,
    statement: str,
    facts: Sequence[tuple[str, Value]],
    people: Sequence[tuple[str, str]],
    verb: str,
    act: Callable[..., Any],
    *,
    danger: bool = False,
    reason: bool = False,
) -> Ceremony:
    """`act()`, or `act(reason)` where one is asked for, is carried out when the password was proved."""

    def carry_out(password: str, *why: str) -> Any:
        context.prove(password)
        return act(*why)

    return Ceremony(title, statement, facts, people, verb, carry_out, parent, danger=danger, reason=reason)


def decisions(context: Context, parent: QWidget, profile: UUID, token: str, finding: str) -> list[Action]:
    """What the quality manager decides about a profile in quarantine; nothing for other roles."""
    from forensics.services.elimination import lift_quarantine

    if not context.may(lift_quarantine):
        return []
    decide = partial(_decide, context, parent, profile, token, finding)
    return [
        Action(say("Lift the quarantine…"), partial(decide, True), "unlock"),
        Action(say("Contaminated…"), partial(decide, False), "void", "danger"),
    ]


def _decide(context: Context, parent: QWidget, profile: UUID, token: str, finding: str, lift: bool) -> Any:
    from forensics.services.elimination import confirm_contamination, lift_quarantine

    act = lift_quarantine if lift else confirm_contamination
    title = say("Lift the quarantine of {0}") if lift else say("Contamination of {0}")
    statement = (
        say("The hit was looked at and does not stand; the profile goes on to its review.")
        if lift
        else say("The hit stands: the profile is withdrawn, the sample drawn up anew from its extraction.")
    )
    return ceremony(
        context,
        parent,
        title.format(token),
        statement,
        [(say("Sample"), token), (say("Found"), finding)],
        [(say("decides now"), context.lab.person.name)],
        say("Lift") if lift else say("Confirm"),
        lambda reason: context.lab.run(act, profile, reason),
        danger=not lift,
        reason=True,
    ).ask()
