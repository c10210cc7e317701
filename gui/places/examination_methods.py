"""A published method at the bench: its observations, and at once what it says, with arithmetic and cautions."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QScrollArea, QVBoxLayout, QWidget

from forensics.domain.anthropology import MethodResult, SexEstimate, Target
from forensics.domain.errors import NominaError
from gui.context import Context
from gui.look import Meaning
from gui.places.remains_words import say
from gui.widgets.banner import Banner
from gui.widgets.buttons import Button
from gui.widgets.fields import ChoiceField, Field, NumberField
from gui.widgets.lines import clear, column, row, rule, text

if TYPE_CHECKING:
    from forensics.anthropology.method_model import Input, Method

TITLES = {Target.SEX: "Sex by a method", Target.AGE: "Age by a method", Target.STATURE: "Stature by a method"}


class MethodDialog(QDialog):
    """`ask` gives the `MethodResult` that the person takes over, or None."""

    def __init__(self, context: Context, target: Target, sex: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        from forensics.services.anthropology import methods_for

        self._context, self._sex = context, sex
        found = context.query(methods_for, target)
        self.methods: dict[str, Method] = {method.id: method for method in found or ()}
        self.result_value: MethodResult | None = None
        self.fields: dict[str, Field] = {}
        self.setWindowTitle(say(TITLES[target]))
        self.setModal(True)
        self.method = ChoiceField(
            "method", self.tr("Method"), [(m.id, m.title) for m in self.methods.values()], required=True
        )
        self.method.edited.connect(self._method_chosen)
        self._inputs, self._told = QVBoxLayout(), QVBoxLayout()
        self.cancel = Button(self.tr("Cancel"), run=self.reject)
        self.take = Button(self.tr("Take over"), "primary", run=self._take)
        self.take.setDefault(True)
        self.take.setEnabled(False)
        self._build()
        self._method_chosen()
        self.resize(880, 640)

    def ask(self) -> MethodResult | None:
        self.exec()
        self.deleteLater()
        return self.result_value if self.result() == QDialog.DialogCode.Accepted else None

    # -- building ----------------------------------------------------------------------------------------

    def _build(self) -> None:
        self._inputs.setSpacing(12)
        self._told.setSpacing(10)
        sides = row(_scrolled(self._inputs), rule(upright=True), _scrolled(self._told), gap=16)
        sides.setStretch(0, 1)
        sides.setStretch(2, 1)
        foot = row(self.cancel, None, self.take)
        head = text(self.windowTitle(), "large")
        layout = column(head, self.method, sides, rule(), foot, margin=24, gap=14)
        layout.setStretch(2, 1)
        self.setLayout(layout)

    def _method_chosen(self) -> None:
        clear(self._inputs)
        self.fields = {}
        chosen = self.methods.get(self.method.value_or(None) or "")
        for entry in chosen.inputs if chosen is not None else ():
            field = self._field(entry)
            field.edited.connect(self.compute)
            self.fields[entry.name] = field
            self._inputs.addWidget(field)
        self._inputs.addStretch()
        self._order()
        self.compute()

    def _order(self) -> None:
        """Tab goes from the method through its observations to the buttons."""
        editors = [field.editor for field in (self.method, *self.fields.values())]
        for before, after in pairwise([*editors, self.take, self.cancel]):
            self.setTabOrder(before, after)

    def _field(self, entry: Input) -> Field:
        if entry.options:
            options = [(value, _option(value, meaning)) for value, meaning in entry.options]
            field: Field = ChoiceField(
                entry.name, entry.label, options, hint=entry.definition, required=entry.required
            )
            if entry.name == "sex":
                field.set_value(_sex_value(self._sex))
            return field
        usual = (entry.low, entry.high) if entry.low is not None and entry.high is not None else None
        return NumberField(
            entry.name,
            entry.label,
            unit=say(entry.unit),
            hint=entry.definition,
            required=entry.required,
            usual=usual,
        )

    # -- computing ---------------------------------------------------------------------------------------

    def compute(self) -> None:
        """What the method says of what is entered so far, or what it still needs."""
        from forensics.services.anthropology import method_result

        clear(self._told)
        self.result_value = None
        chosen = self.methods.get(self.method.value_or(None) or "")
        if chosen is None:
            self._inputs.insertWidget(
                0, text(self.tr("Choose a method: what it asks for stands here."), "muted")
            )
            self._told.addWidget(
                text(self.tr("What it says, and how it computed that, stands here."), "muted")
            )
        else:
            given = {name: field.value_or(None) for name, field in self.fields.items()}
            inputs: dict[str, Any] = {name: value for name, value in given.items() if value not in (None, "")}
            try:
                self.result_value = self._context.lab.run(method_result, chosen.id, inputs)
            except NominaError as error:
                self._told.addWidget(text(str(error), "muted"))
                self._told.addWidget(text(chosen.reference, "small"))
            else:
                for widget in told(self.result_value):
                    self._told.addWidget(widget)
        self._told.addStretch()
        self.take.setEnabled(self.result_value is not None)

    def _take(self) -> None:
        if self.result_value is not None:
            self.accept()


def told(result: MethodResult) -> list[QWidget]:
    """A result to read: conclusion, kind of interval, arithmetic, cautions, reference sample and source."""
    parts: list[QWidget] = [
        text(_sentence(result.conclusion), "strong", selectable=True),
        text(result.kind.meaning, "small"),
    ]
    if result.stage and result.stage not in result.arithmetic:
        parts.append(text(result.stage, "muted", selectable=True))
    if result.arithmetic:
        parts.append(text(result.arithmetic, "mono", selectable=True))
    parts += [Banner(warning, Meaning.ATTENTION) for warning in result.warnings]
    parts += [
        text(say("Reference sample: {0}").format(result.reference), "small", selectable=True),
        text(result.source, "small", selectable=True),
    ]
    return parts


def _scrolled(layout: QVBoxLayout) -> QScrollArea:
    layout.setContentsMargins(2, 0, 14, 0)
    page = QWidget()
    page.setLayout(layout)
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(page)
    return area


def _option(value: str, meaning: str) -> str:
    words = _sentence(meaning) if meaning else value
    return words if value.casefold() in words.casefold() or len(value) > 3 else f"{value}: {meaning}"


def _sex_value(sex: str) -> str | None:
    """The method's own letter for a sex that is already concluded."""
    try:
        estimate = SexEstimate(sex)
    except ValueError:
        return None
    return "M" if estimate.points_to_male else "F" if estimate.points_to_female else None


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]
