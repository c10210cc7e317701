"""Operations with the policies that their results rest on; the guided first one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QWidget

from forensics.domain.kinship import Convention, MutationKind
from forensics.domain.operations import FrequencyData, Operation, OperationKind, ReadingPolicy
from forensics.services import operations
from gui.context import Ref
from gui.look import Meaning
from gui.place import ListPlace
from gui.places.settings_policy import operation_form, reading_word
from gui.places.settings_words import (
    convention_sentence,
    convention_word,
    first_up,
    mutation_sentence,
    mutation_word,
    percent,
    requirement,
    say,
)
from gui.widgets.banner import EmptyState
from gui.widgets.buttons import Action
from gui.widgets.keeping import keep
from gui.widgets.lists import Column, Kind, RecordList
from gui.widgets.marks import Mark
from gui.widgets.model import MemorySource
from gui.widgets.record import Fact, RecordPage

USUAL = {
    "kind": OperationKind.CONFLICT,
    "number_sought": 100,
    "threshold": 99.95,
    "theta": 0.01,
    "mutation": MutationKind.STEPWISE,
    "mutation_rate_male": 0.002,
    "mutation_rate_female": 0.0005,
    "mutation_rate2": "0.000001",
    "mutation_range": 0.1,
    "convention": Convention.AS_DRAWN,
    "minimum_frequency": 0.001,
    "reading": ReadingPolicy.TWO,
    "consensus": 2,
}
"""What the form of a new operation proposes; each can be changed before it is saved."""


class OperationsPart(ListPlace):
    """The searches that the laboratory works for."""

    name = "settings-operations"
    subjects = frozenset({"operation", "frequency_data"})

    def make_list(self) -> RecordList:
        columns = [
            Column("title", self.tr("Operation"), stretch=True),
            Column("closed", self.tr("State"), Kind.MARK, 96, value=_open_mark),
            Column("number_sought", self.tr("Sought"), Kind.NUMBER, 76, value=_sought),
            Column("number", self.tr("Number"), Kind.TOKEN, 134),
        ]
        if self.context.may(operations.create_operation):
            words = self.tr(
                "Everything begins with an operation: whom is searched for, and by which policies results are "
                "judged. Usual values are proposed; a frequency table that ships is taken into use with it."
            )
            first = Action(self.tr("Create the first operation"), self.new_operation, "plus", "primary")
        else:
            words = self.tr(
                "Everything begins with an operation. A case manager or a coordinator creates it; add one in "
                "People and roles, or give yourself the role."
            )
            people = Ref("section", "people")
            first = Action(self.tr("People and roles"), lambda: self.context.go("settings", people), "people")
        return RecordList(
            self.tr("Operations"),
            columns,
            MemorySource(lambda: self.context.lab.run(operations.operations), columns),
            (),
            EmptyState("tag", self.tr("No operation yet"), words, first),
            self.actions_offered(),
            sort="number",
            descending=True,
        )

    def make_nothing(self) -> QWidget:
        words = self.tr("Choose an operation to read its policies, and the LR that they require.")
        return EmptyState("tag", self.tr("No operation chosen"), words)

    def actions_offered(self) -> list[Action]:
        why = (
            ""
            if self.context.may(operations.create_operation)
            else say("Case managers and coordinators do this.")
        )
        return [Action(self.tr("New"), self.new_operation, "plus", "quiet", "Ctrl+N", why)]

    def fill(self, page: RecordPage, row: Operation) -> None:
        op = self.context.query(operations.operation, row.id)
        if op is None:
            return
        may = self.context.may(operations.change_operation)
        why = "" if may else self.tr("Case managers and coordinators change policies.")
        page.header(
            op.number,
            op.title,
            first_up(say(op.kind.value)),
            [_open_mark(op)],
            actions=[
                Action(self.tr("Change…"), lambda: self.change(op), "edit", "quiet", "Ctrl+E", why),
                Action(
                    self.tr("Open again") if op.closed else self.tr("Close the operation"),
                    lambda: self.context.act(operations.change_operation, op, {"closed": not op.closed}),
                    "lock",
                    "plain",
                    why_not=why,
                ),
            ],
        )
        page.notice(requirement(op.number_sought, op.threshold), Meaning.NEUTRAL)
        page.section(self.tr("The search")).facts(
            [
                (self.tr("Territory"), op.territory or None),
                (self.tr("Period"), str(op.period) if op.period else None),
                (self.tr("Legal basis"), op.legal_basis or None),
                (
                    self.tr("Number sought"),
                    Fact(f"{op.number_sought:,}", self.tr("the prior is 1 / this number")),
                ),
                (
                    self.tr("Threshold"),
                    Fact(percent(op.threshold), self.tr("posterior that an identification needs")),
                ),
            ]
        )
        self._genetics(page, op)

    def _genetics(self, page: RecordPage, op: Operation) -> None:
        table = next((t for t in self._tables() if t.id == op.frequencies), None)
        chosen = (
            Fact(table.name, table.source)
            if table
            else Mark(Meaning.ATTENTION, self.tr("None: nothing can be computed"))
        )
        rare = (
            Fact(
                f"{op.minimum_frequency:g}",
                self.tr("for an allele that the table does not list"),
            )
            if op.minimum_frequency
            else Fact(self.tr("none"), self.tr("an allele that the table does not list is refused"))
        )
        page.section(self.tr("Genetic policies")).facts(
            [
                (self.tr("Frequency table"), chosen),
                (self.tr("Smallest frequency"), rare),
                (self.tr("Kinship θ"), Fact(f"{op.theta:g}", self.tr("coancestry of the population"))),
                (self.tr("Mutation"), Fact(mutation_word(op.mutation), mutation_sentence(op))),
                (
                    self.tr("Untyped people"),
                    Fact(convention_word(op.convention), convention_sentence(op.convention)),
                ),
            ]
        )
        seen = self.tr("an allele stands in it when at least {0} replicates show it").format(op.consensus)
        page.section(self.tr("Profiles")).facts(
            [
                (self.tr("Reads"), reading_word(op.reading)),
                (self.tr("Consensus of replicates"), Fact(f"{op.consensus}", seen)),
            ]
        )
        words = self.tr(
            "A result keeps the policies that it was computed with; a change holds for what comes."
        )
        page.section(self.tr("What a change does")).text(words, "muted")

    def new_operation(self) -> None:
        """The form of a new operation with usual values; a shipped table can be taken into use with it."""
        form = operation_form(self.tr("New operation"), self._save_new, self, self._tables())
        form.fill({**USUAL, "frequencies": _first_table(self._tables())})
        form.show_policy()
        made = form.ask()
        if isinstance(made, Operation):
            self.open(Ref("operation", made.id, made.number))

    def change(self, op: Operation) -> None:
        """Other policies from now on."""
        form = operation_form(
            self.tr("Change {0}").format(op.number),
            lambda values: keep(
                self.context.lab, operations.change_operation, op, self._values(values), form
            ),
            self,
            self._tables(),
        )
        form.fill({name: getattr(op, name) for name in form.fields})
        form.fill({"threshold": f"{round(op.threshold * 100, 8):g}", "frequencies": op.frequencies})
        for name in (
            "mutation_rate_male",
            "mutation_rate_female",
            "mutation_rate2",
            "theta",
            "minimum_frequency",
        ):
            form.fill({name: _plain(getattr(op, name))})
        form.show_policy()
        form.ask()

    def _save_new(self, values: dict[str, Any]) -> Operation:
        return self.context.lab.run(operations.create_operation, Operation(**self._values(values)))

    def _values(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The fields of an operation; a shipped table that was chosen is taken into use."""
        found = {name: 0.0 if value is None and name in _ZERO else value for name, value in values.items()}
        found["threshold"] = round(found["threshold"] / 100, 10)
        if isinstance(found["frequencies"], str):
            from forensics.data.frequencies import load

            taken = self.context.lab.run(operations.take_frequencies, load(found["frequencies"]))
            found["frequencies"] = taken.id
        return found

    def _tables(self) -> list[FrequencyData]:
        return self.context.query(operations.frequency_tables) or []


_ZERO = {"mutation_rate_male", "mutation_rate_female", "mutation_rate2", "theta", "minimum_frequency"}


def _plain(value: float) -> str:
    """A small number without an exponent."""
    return f"{value:.10f}".rstrip("0").rstrip(".")


def _first_table(tables: list[FrequencyData]) -> Any:
    return tables[0].id if tables else "nist1036-hispanic"


def _sought(op: Operation) -> str:
    return f"{op.number_sought:,}"


def _open_mark(op: Operation) -> Mark:
    return Mark(Meaning.NO, say("Closed")) if op.closed else Mark(Meaning.GOOD, say("Open"))
