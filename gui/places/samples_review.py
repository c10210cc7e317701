"""The second person's review of imported profiles: one or many accepted, one withdrawn with its reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from forensics.domain.profiles import ProfileState
from gui.context import Context
from gui.look import Meaning
from gui.places.remains_parts import why_not
from gui.places.remains_words import say
from gui.widgets.buttons import Action
from gui.widgets.forms import FormDialog
from gui.widgets.marks import Mark

if TYPE_CHECKING:
    from forensics.domain.lines import SampleLine


def state_mark(state: ProfileState) -> Mark:
    """Whether a profile takes part in searches."""
    return {
        ProfileState.HELD: Mark(Meaning.WAITING, say("Waits for its batch"), "laboratory"),
        ProfileState.IMPORTED: Mark(Meaning.WAITING, say("To be reviewed")),
        ProfileState.ACCEPTED: Mark(Meaning.GOOD, say("Accepted")),
        ProfileState.QUARANTINED: Mark(Meaning.ATTENTION, say("Quarantined")),
        ProfileState.SUPERSEDED: Mark(Meaning.NO, say("Superseded")),
        ProfileState.WITHDRAWN: Mark(Meaning.NO, say("Withdrawn")),
    }[state]


def profile_mark(line: SampleLine) -> Mark | None:
    """The standing of a sample's profile; None where there is none."""
    return state_mark(line.profile) if line.profile is not None else None


class Review:
    """Acts on the profiles of chosen rows; `parent` is the place of the rows."""

    def __init__(self, context: Context, parent: QWidget) -> None:
        self.context = context
        self.parent = parent

    @property
    def _role(self) -> str:
        from forensics.services.profiles import accept_profiles

        return why_not(self.context, accept_profiles, say("A DNA reviewer accepts profiles."))

    def many(self, with_chosen: Callable[[Callable[[list[Any]], None]], None]) -> Action:
        """Accept what is chosen in a list, which hands over all of it."""
        return Action(
            say("Accept chosen"),
            lambda: with_chosen(self.accept),
            "check",
            "primary",
            "Ctrl+Shift+Return",
            self._role,
        )

    def of(self, row: SampleLine) -> list[Action]:
        """What a reviewer can do with the profile of one sample; nothing for other roles."""
        if self._role or row.profile_id is None:
            return []
        found = []
        if row.profile is ProfileState.IMPORTED:
            found.append(Action(say("Accept profile"), partial(self.accept, [row]), "check"))
        if row.profile in (ProfileState.IMPORTED, ProfileState.ACCEPTED, ProfileState.QUARANTINED):
            found.append(Action(say("Withdraw profile"), partial(self.withdraw, row), "void", "danger"))
        return found

    def accept(self, rows: Sequence[SampleLine]) -> None:
        """All chosen that wait, or none of them."""
        from forensics.services.profiles import accept_profiles

        ids = [row.profile_id for row in rows if row.profile is ProfileState.IMPORTED and row.profile_id]
        if not ids:
            sentence = say(
                "None of the chosen samples has a profile that waits; filter by Profile: To be reviewed."
            )
            self.context.notify(sentence, Meaning.ATTENTION)
            return
        accepted = self.context.act(accept_profiles, ids)
        if accepted is not None:
            one = say("1 profile accepted; from now on it is searched.")
            many = say("{0} profiles accepted; from now on they are searched.").format(len(accepted))
            self.context.notify(one if len(accepted) == 1 else many, Meaning.GOOD)

    def withdraw(self, row: SampleLine) -> None:
        from forensics.services.profiles import withdraw_profile

        assert row.profile_id is not None
        id = row.profile_id
        form = FormDialog(
            say("Withdraw the profile of {0}").format(row.token),
            lambda values: self.context.lab.run(withdraw_profile, id, values["reason"]),
            self.parent,
            say("It takes no part in searches any more. The record stays."),
            save=say("Withdraw"),
        )
        form.lines("reason", say("Why"), required=True)
        form.ask()
