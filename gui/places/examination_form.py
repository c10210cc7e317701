"""The written part of a first examination: sex, age, stature, each with its method; marks, teeth, rationale."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from forensics.domain.anthropology import IntervalKind, MethodResult, Target, as_plain, from_plain
from forensics.domain.errors import Invalid
from forensics.domain.examinations import Examination
from gui.context import Context
from gui.look import look, on_look_changed
from gui.places.examination_methods import MethodDialog, told
from gui.places.examination_words import steps
from gui.places.remains_words import say
from gui.widgets.buttons import Button, IconButton
from gui.widgets.fields import ChoiceField, Field, LinesField, NumberField, TextField
from gui.widgets.lines import clear, column, row, rule, text
from gui.widgets.svgview import SvgView
from reports.figures.intervals import Interval, intervals_figure


class ExaminationForm(QScrollArea):
    """`values` gives the fields of the record; `edited` when one of them has changed."""

    edited = Signal()

    def __init__(self, context: Context, examination: Examination) -> None:
        super().__init__()
        self._context = context
        self.results = [from_plain(dict(stored)) for stored in examination.results]
        self.fields: dict[str, Field] = {}
        self._told: dict[Target, QVBoxLayout] = {}
        self._page = QVBoxLayout()
        self._build()
        self.fill(examination)

    # -- reading and writing -------------------------------------------------------------------------------

    def fill(self, examination: Examination) -> None:
        """Show what a version of the record holds."""
        self.results = [from_plain(dict(stored)) for stored in examination.results]
        for name, field in self.fields.items():
            value = getattr(examination, name)
            field.set_value(f"{value:g}" if isinstance(value, float) else value)
        for target in Target:
            self._show_results(target)

    def values(self) -> dict[str, Any] | None:
        """All fields of the record; None where one complains (it has the focus)."""
        found: dict[str, Any] = {}
        for name, field in self.fields.items():
            try:
                value = field.value()
            except Invalid as error:
                field.complain(str(error))
                field.editor.setFocus()
                return None
            texts = isinstance(field, TextField | LinesField | ChoiceField) and not isinstance(
                field, NumberField
            )
            found[name] = (value or "") if texts else value
        found["results"] = tuple(as_plain(result) for result in self.results)
        return found

    # -- building ----------------------------------------------------------------------------------------

    def _build(self) -> None:
        self._page.setContentsMargins(16, 12, 32, 32)
        self._page.setSpacing(14)
        self._individuals()
        self._sex()
        self._range(Target.AGE, "age", say("Age"), say("years"))
        self._range(Target.STATURE, "stature", say("Stature"), "cm")
        self._heading(say("Findings"))
        self._add(LinesField("marks", say("Marks, injuries, anomalies"), lines=3))
        self._add(LinesField("dental", say("Teeth"), lines=3))
        self._add(LinesField("rationale", say("How the methods were weighed"), lines=4))
        self._heading(say("Blinding"))
        hint = say(
            "Whose data, and why. Leave it empty where you saw none before signing; the report says which."
        )
        self._add(TextField("unblinded_reason", say("Ante-mortem data opened before signing"), hint))
        self._page.addStretch()
        page = QWidget()
        page.setProperty("kind", "page")
        page.setLayout(self._page)
        page.setMaximumWidth(760)
        self.setProperty("kind", "surface")
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(page)

    def _add(self, field: Field) -> Field:
        self._keep(field)
        self._page.addWidget(field)
        return field

    def _keep(self, field: Field) -> Field:
        self.fields[field.name] = field
        field.edited.connect(self.edited)
        # A page has many optional fields; the word beside each would only be noise.
        field.label.setText(field.title)
        return field

    def _heading(self, title: str, *buttons: Button) -> None:
        self._page.addWidget(rule())
        self._page.addLayout(row(text(title, "strong"), None, *buttons))

    def _individuals(self) -> None:
        self._page.addWidget(text(say("Number of persons"), "strong"))
        self.counted = text("", "small")
        self._add(NumberField("minimum_individuals", say("At least"), unit=say("persons"), whole=True))
        self._page.addWidget(self.counted)

    def _sex(self) -> None:
        self._heading(say("Sex"), self._method_button(Target.SEX))
        self._add(ChoiceField("sex", say("Conclusion"), steps()))
        self._add(TextField("sex_method", say("What it rests on")))
        self._results(Target.SEX)

    def _range(self, target: Target, name: str, title: str, unit: str) -> None:
        self._heading(title, self._method_button(target))
        low = self._keep(NumberField(f"{name}_minimum", say("From"), unit=unit))
        high = self._keep(NumberField(f"{name}_maximum", say("To"), unit=unit))
        line = QHBoxLayout()
        line.setSpacing(16)
        line.addWidget(low)
        line.addWidget(high)
        line.addStretch()
        self._page.addLayout(line)
        self._add(TextField(f"{name}_method", say("Method")))
        self._results(target)
        for field in (low, high):
            field.edited.connect(partial(self._show_results, target))

    def _method_button(self, target: Target) -> Button:
        keys = {Target.SEX: "Ctrl+Shift+S", Target.AGE: "Ctrl+Shift+A", Target.STATURE: "Ctrl+Shift+T"}
        return Button(
            say("By a method…"), "quiet", "examination", partial(self.ask_method, target), keys[target]
        )

    def _results(self, target: Target) -> None:
        self._told[target] = QVBoxLayout()
        self._told[target].setSpacing(10)
        self._page.addLayout(self._told[target])

    # -- results -----------------------------------------------------------------------------------------

    def ask_method(self, target: Target) -> None:
        sex = self.fields["sex"].value_or("") or ""
        result = MethodDialog(self._context, target, sex, self).ask()
        if result is not None:
            self.take(result)

    def take(self, result: MethodResult) -> None:
        """Keep a result; where nothing is concluded yet, its conclusion becomes the proposal."""
        self.results = [r for r in self.results if r.method != result.method] + [result]
        if result.target is Target.SEX:
            self._propose({"sex": str(result.sex)}, "sex_method", result.title)
        else:
            name = str(result.target)
            ends = {f"{name}_minimum": result.low, f"{name}_maximum": result.high}
            said = {key: None if end is None else f"{end:.0f}" for key, end in ends.items()}
            self._propose(said, f"{name}_method", result.title)
        self._show_results(result.target)
        self.edited.emit()

    def _propose(self, values: dict[str, str | None], method: str, title: str) -> None:
        if all(self.fields[name].value_or(None) in (None, "") for name in values):
            for name, value in values.items():
                self.fields[name].set_value(value)
        known = str(self.fields[method].value_or("") or "")
        if title not in known:
            self.fields[method].set_value("; ".join(part for part in (known, title) if part))

    def _drop(self, result: MethodResult) -> None:
        self.results.remove(result)
        self._show_results(result.target)
        self.edited.emit()

    def _show_results(self, target: Target) -> None:
        layout = self._told[target]
        clear(layout)
        mine = [result for result in self.results if result.target is target]
        if target is not Target.SEX and mine:
            layout.addWidget(self._intervals(target, mine))
        for result in mine:
            drop = IconButton("close", say("Leave out {0}").format(result.title), partial(self._drop, result))
            words = column(text(result.title, "label"), *told(result), gap=4)
            line = row(words, drop)
            line.setStretch(0, 1)
            line.setAlignment(drop, Qt.AlignmentFlag.AlignTop)
            holder = QWidget()
            holder.setLayout(line)
            layout.addWidget(holder)

    def _intervals(self, target: Target, results: list[MethodResult]) -> SvgView:
        name = str(target)
        ends = [self.fields[f"{name}_{end}"].value_or(None) for end in ("minimum", "maximum")]
        return intervals_view(results, (ends[0], ends[1]))


def intervals_view(results: list[MethodResult], final: tuple[float | None, float | None]) -> SvgView:
    """The intervals of several methods side by side, with the range that the examiner settled on."""
    shown = [
        Interval(r.title, str(r.kind), r.low, r.high, r.estimate, r.kind is IntervalKind.MEAN)
        for r in results
    ]
    settled = None if final == (None, None) else final
    view = SvgView()

    def draw(own: SvgView) -> None:
        figure = intervals_figure(shown, settled, look().palette, unit=results[0].unit, width=560)
        own.show_figure(figure.svg, say("Intervals of the methods"), {})

    on_look_changed(view, draw)
    return view
