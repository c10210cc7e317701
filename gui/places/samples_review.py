"""What is done with profiles: read, combined, reviewed; one or many accepted, one withdrawn with its reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtWidgets import QWidget

from forensics.domain.people import Permission
from forensics.domain.profiles import FIRST, SECOND, SETTLEMENT, ProfileState
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
        ProfileState.FIRST_READ: Mark(Meaning.WAITING, say("First read")),
        ProfileState.DISCORDANT: Mark(Meaning.ATTENTION, say("Two reads differ")),
        ProfileState.CONCORDANT: Mark(Meaning.WAITING, say("Two reads agree")),
        ProfileState.REVIEWED: Mark(Meaning.WAITING, say("Technically reviewed")),
        ProfileState.IMPORTED: Mark(Meaning.WAITING, say("To be reviewed")),
        ProfileState.FIRST_READ: Mark(Meaning.WAITING, say("First read")),
        ProfileState.DISCORDANT: Mark(Meaning.ATTENTION, say("Reads differ")),
        ProfileState.CONCORDANT: Mark(Meaning.WAITING, say("Reads agree")),
        ProfileState.REVIEWED: Mark(Meaning.WAITING, say("Reviewed")),
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

    def __init__(self, context: Context, parent: QWidget, read: Callable[[UUID], None]) -> None:
        self.context = context
        self.parent = parent
        self._read = read

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
        """What can be done with the profile of one sample now: read, combine, review, accept, withdraw."""
        if row.profile_id is None or not self.context.has(Permission.PROFILE_READ):
            return []
        found = [*self._reading(row.profile_id), *self._combining(row)]
        if self._role:
            return found
        if row.profile is ProfileState.CONCORDANT:
            found.append(Action(say("Technical review"), partial(self.check, row), "check"))
        if row.profile in (ProfileState.IMPORTED, ProfileState.REVIEWED) and not self._unread(row):
            found.append(Action(say("Accept profile"), partial(self.accept, [row]), "check"))
        if row.profile not in (ProfileState.SUPERSEDED, ProfileState.WITHDRAWN, ProfileState.HELD):
            found.append(Action(say("Withdraw profile"), partial(self.withdraw, row), "void", "danger"))
        return found

    def _unread(self, row: SampleLine) -> bool:
        from forensics.services.reads import reads

        seen = self.context.query(reads, row.profile_id) if row.profile_id else None
        return seen is not None and row.profile is ProfileState.IMPORTED and seen.profile.two_reads

    def _reading(self, id: UUID) -> list[Action]:
        """The next read, for whoever may make it; finished reads to look at."""
        from forensics.services.reads import reads

        seen = self.context.query(reads, id)
        if seen is None or not seen.profile.two_reads:
            return []
        words = {FIRST: say("First read"), SECOND: say("Second read"), SETTLEMENT: say("Settle reads")}.get(
            seen.turn
        )
        if words is not None:
            return [Action(words, partial(self._read, id), "edit", "primary", why_not=seen.why_not)]
        return (
            [Action(say("Look at the reads"), partial(self._read, id), "eye")]
            if seen.second is not None
            else []
        )

    def _combining(self, row: SampleLine) -> list[Action]:
        from forensics.services.consensus import combine_profiles, replicates

        if row.profile is not ProfileState.IMPORTED:
            return []
        found = self.context.query(replicates, row.id)
        if found is None or len(found.profiles) < 2:
            return []
        why = why_not(self.context, combine_profiles, say("Technicians and DNA analysts combine replicates."))
        words = say("Combine {0} replicates").format(len(found.profiles))
        return [Action(words, partial(self.combine, row), "link", why_not=why)]

    def combine(self, row: SampleLine) -> None:
        """The consensus of all replicates that wait, by the rule of the operation."""
        from forensics.services.consensus import combine_profiles, replicates

        found = self.context.query(replicates, row.id)
        if found is None:
            return
        form = FormDialog(
            say("Combine the replicates of {0}").format(row.token),
            lambda _: self.context.lab.run(combine_profiles, [p.id for p in found.profiles]),
            self.parent,
            say("The rule: {0}. The replicates stay readable and step back.").format(found.rule),
            save=say("Combine"),
        )
        form.ask()

    def check(self, row: SampleLine) -> None:
        """The technical review; who has read the profile is refused with the rule."""
        from forensics.services.reads import check_profile

        assert row.profile_id is not None
        id = row.profile_id
        form = FormDialog(
            say("Technical review of {0}").format(row.token),
            lambda values: self.context.lab.run(check_profile, id, values["note"]),
            self.parent,
            say(
                "You have looked at the peaks, the reads and the findings on the page. It can be accepted then."
            ),
            save=say("Reviewed"),
        )
        form.lines("note", say("Note"))
        form.ask()

    def accept(self, rows: Sequence[SampleLine]) -> None:
        """All chosen that wait, or none of them."""
        from forensics.services.profiles import accept_profiles

        ready = (ProfileState.IMPORTED, ProfileState.REVIEWED)
        ids = [row.profile_id for row in rows if row.profile in ready and row.profile_id]
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
