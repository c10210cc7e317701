"""The form of an operation; it says at once which LR the policy asks for and what each choice means."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from forensics.domain.dates import UncertainDate
from forensics.domain.kinship import Convention
from forensics.domain.operations import FrequencyData, Operation, OperationKind, ReadingPolicy
from gui.look import Meaning
from gui.places.settings_words import (
    MUTATION,
    convention_sentence,
    convention_word,
    mutation_sentence,
    mutation_word,
    operation_kinds,
    requirement,
    say,
)
from gui.widgets.banner import Banner
from gui.widgets.forms import FormDialog
from gui.widgets.lines import text


class OperationForm(FormDialog):
    """A form with the sentences that follow what is typed."""

    policy: Banner

    def show_policy(self) -> None:
        """Say again what the entries mean together."""
        number = self.fields["number_sought"].value_or(None)
        threshold = self.fields["threshold"].value_or(None)
        words = say("Give the number sought and the threshold, and the LR that they require stands here.")
        if number is not None and threshold is not None and number >= 1 and 0 < threshold < 100:
            words = requirement(int(number), round(threshold / 100, 10))
        self.policy.label.setText(words)
        self._mutation.setText(mutation_sentence(self._tentative()))
        self._convention.setText(convention_sentence(self.fields["convention"].value_or(Convention.AS_DRAWN)))

    def _tentative(self) -> Operation:
        """An operation with the mutation that is typed, for its sentence."""

        def number(name: str) -> float:
            return float(self.fields[name].value_or(None) or 0.0)

        return Operation(
            title="",
            kind=OperationKind.ROUTINE,
            number_sought=1,
            mutation=self.fields["mutation"].value_or(None),
            mutation_rate_male=number("mutation_rate_male"),
            mutation_rate_female=number("mutation_rate_female"),
        )

    def prepare(self, tables: Sequence[FrequencyData]) -> None:
        """All fields."""
        self._search()
        self._reading()
        self._statistics(tables)
        self._model()
        for field in self.fields.values():
            field.edited.connect(self.show_policy)

    def _search(self) -> None:
        self.text("title", say("Title"), hint=say("Whom is searched for, in a few words."), required=True)
        self.choice("kind", say("Kind"), operation_kinds(), required=True, prompt=False)
        self.text("territory", say("Territory"))
        self.text(
            "period",
            say("Period"),
            hint=say("For instance 2014/2024 or 1995-07-11/1995-07-19."),
            parse=UncertainDate,
        )
        self.lines(
            "legal_basis",
            say("Legal basis"),
            hint=say("The law, order or agreement; it stands on reports."),
            lines=2,
        )
        self.section(say("When is it enough?"))
        self.number(
            "number_sought",
            say("Number sought"),
            unit=say("people"),
            hint=say("Everybody who may be among the dead, also those whom no family has reported."),
            required=True,
            whole=True,
        )
        self.number(
            "threshold",
            say("Posterior threshold"),
            unit="%",
            hint=say("99.95 % is usual; it must lie between 50 and 100."),
            required=True,
            usual=(99, 99.9999),
        )
        self.policy = self.note("", Meaning.NEUTRAL)

    def _reading(self) -> None:
        self.section(say("How profiles are read"))
        ways = [(way, reading_word(way)) for way in ReadingPolicy]
        self.choice(
            "reading",
            say("Reads"),
            ways,
            required=True,
            prompt=False,
            hint=say("With two, the second reader can't see what the first has read."),
        )
        self.number(
            "consensus",
            say("Seen in replicates"),
            hint=say("In so many replicates an allele must be seen to stand in their consensus."),
            required=True,
            whole=True,
        )

    def _statistics(self, tables: Sequence[FrequencyData]) -> None:
        from forensics.data.frequencies import available

        choices: list[tuple[Any, str]] = [(t.id, t.name) for t in tables]
        names = {t.name for t in tables}
        choices += [
            (info.key, say("{0} (ships with the program)").format(info.name))
            for info in available()
            if info.name not in names
        ]
        self.section(say("Population"))
        self.choice("frequencies", say("Frequency table"), choices, required=True)
        self.number(
            "minimum_frequency",
            say("Smallest frequency"),
            hint=say("Given to an allele that the table does not list; 0 refuses such alleles."),
            usual=(0, 0.02),
        )
        self.number(
            "theta",
            say("Kinship θ"),
            hint=say("Coancestry of the population; 0.01 to 0.03 are usual."),
            usual=(0, 0.05),
        )

    def _model(self) -> None:
        self.section(say("Mutation"))
        kinds = [(None, mutation_word(None)), *((kind, mutation_word(kind)) for kind in MUTATION)]
        self.choice("mutation", say("Model"), kinds[1:])
        self._none_means_none()
        self.number("mutation_rate_male", say("Rate of fathers"), unit=say("per meiosis"), usual=(0, 0.01))
        self.number("mutation_rate_female", say("Rate of mothers"), unit=say("per meiosis"), usual=(0, 0.01))
        self.number(
            "mutation_rate2",
            say("Rate of part of a repeat"),
            unit=say("per meiosis"),
            hint=say("Stepwise only: from 9 to 9.3, for instance."),
            usual=(0, 0.001),
        )
        self.number(
            "mutation_range",
            say("Range"),
            hint=say("Stepwise: how much less likely each further step is; 0.1 is a tenth."),
            required=True,
            usual=(0.05, 0.5),
        )
        self._mutation = text("", "small")
        self.widget(self._mutation)
        self.section(say("Untyped people"))
        conventions = [(c, convention_word(c)) for c in Convention]
        self.choice("convention", say("Convention"), conventions, required=True, prompt=False)
        self._convention = text("", "small")
        self.widget(self._convention)

    def _none_means_none(self) -> None:
        """In this choice the empty line is a policy of its own."""
        box = self.fields["mutation"].editor
        box.setItemText(0, mutation_word(None))  # type: ignore[attr-defined]
        self.fields["mutation"].label.setText(say("Model"))


def reading_word(policy: ReadingPolicy) -> str:
    """How many people read a profile, as a sentence begins."""
    words = say(policy)
    return words[:1].upper() + words[1:]


def operation_form(
    title: str, save: Callable[[dict[str, Any]], Any], parent: QWidget, tables: Sequence[FrequencyData]
) -> OperationForm:
    """The form of a new or known operation."""
    intro = say(
        "These policies decide what a result is worth; they are printed on every report that rests on them."
    )
    form = OperationForm(title, save, parent, intro, width=620)
    form.prepare(tables)
    return form
