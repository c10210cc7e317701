"""Receiving a delivery on one page: the paper above, its cases below as lines, everything by keyboard."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from forensics.domain.deliveries import Delivery, DiscrepancyKind
from forensics.domain.errors import Invalid, NominaError
from gui.context import Context, Ref
from gui.look import Meaning
from gui.places.remains_intake_rows import CaseRows
from gui.places.remains_moving import paths
from gui.places.remains_words import as_written, choices, written_moment
from gui.widgets.banner import Banner
from gui.widgets.buttons import Action, Button
from gui.widgets.fields import ChoiceField, Field, TextField
from gui.widgets.lines import boxed, clear, column, row, rule, text
from gui.widgets.problems import scrolled

if TYPE_CHECKING:
    from forensics.services.deliveries import Alike, NewCase

MOST_ALIKE = 4  # that are shown


class IntakePage(QWidget):
    """`left` when the person goes back, `received(delivery)` when it was saved."""

    left = Signal()
    received = Signal(object)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setProperty("kind", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.context = context
        self.fields: dict[str, Field] = {}
        self.alike: list[Alike] = []
        self._warned: tuple[Alike, ...] = ()
        self._wait = QTimer(self, singleShot=True, interval=400)
        self._wait.timeout.connect(self.compare)
        self.rows = CaseRows(context)
        self.rows.edited.connect(self._wait.start)
        self.go = Button(self.tr("Receive"), "primary", "check", self.receive, "Ctrl+Return")
        self._told = column(gap=8)
        self._build()
        self.fields["received_at"].set_value(as_written(datetime.now(UTC)))

    def begin(self) -> None:
        self.fields["delivered_by"].editor.setFocus()

    # -- building ------------------------------------------------------------------------------------------

    def _build(self) -> None:
        back = Button(self.tr("Back"), "plain", "arrow-left", self.left.emit)
        title = text(self.tr("Receive a delivery"), "strong", wrap=False)
        bar = row(back, title, None, text(self.tr("Ctrl+Enter saves"), "small", wrap=False), self.go, gap=12)
        bar.setContentsMargins(16, 8, 24, 8)
        another = Button(self.tr("Another case"), "quiet", "plus", self.rows.add_and_begin, "Ctrl+N")
        page = column(
            self._paper(),
            rule(),
            text(self.tr("Cases"), "strong"),
            text(
                self.tr(
                    "One line for each package or body. Enter goes to the next line. A seal that was found "
                    "open is written as “A-17 broken”."
                ),
                "muted",
            ),
            self.rows,
            row(another, None),
            rule(),
            self._remark(),
            self._told,
            gap=12,
        )
        page.setContentsMargins(24, 16, 24, 24)
        page.addStretch()
        layout = column(boxed(bar, "header"), scrolled(page), gap=0)
        layout.setStretch(1, 1)
        self.setLayout(layout)

    def _paper(self) -> QWidget:
        """Who brought it, for whom, under which order, and where it goes."""
        from forensics.services.operations import operations
        from forensics.services.storage import locations

        known = self.context.query(operations) or []
        chosen = self.context.operation
        here = [(o.id, o.title) for o in known if chosen is None or o.id == chosen.id]
        stored = self.context.query(locations)
        places = paths(stored or [])
        fields: list[list[Field]] = [
            [
                TextField("delivered_by", self.tr("Brought by"), required=True),
                TextField("institution", self.tr("For the institution")),
                TextField("received_at", self.tr("Received at"), required=True, parse=written_moment),
            ],
            [
                TextField("authority", self.tr("Authority")),
                TextField("order_reference", self.tr("Order"), mono=True),
                TextField("where", self.tr("Handed in at")),
            ],
            [
                ChoiceField("operation", self.tr("Operation"), here, required=True, prompt=False),
                ChoiceField("place", self.tr("Put into"), places, nothing=self.tr("Not yet put away")),
                TextField("note", self.tr("Note")),
            ],
        ]
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(10)
        for line, group in enumerate(fields):
            for place, field in enumerate(group):
                self._put(field)
                grid.addWidget(field, line, place, Qt.AlignmentFlag.AlignTop)
        holder = QWidget()
        holder.setLayout(grid)
        return holder

    def _remark(self) -> QWidget:
        """What else does not agree, of the delivery as a whole."""
        kinds = choices((DiscrepancyKind.PAPERS, DiscrepancyKind.CONDITION))
        kind = self._put(
            ChoiceField(
                "kind", self.tr("Anything else that does not agree"), kinds, nothing=self.tr("Nothing")
            )
        )
        words = self._put(TextField("what", self.tr("In words")))
        kind.setFixedWidth(280)
        line = row(kind, words, gap=16)
        line.setStretch(1, 1)
        holder = QWidget()
        holder.setLayout(line)
        return holder

    def _put(self, field: Field) -> Field:
        self.fields[field.name] = field
        field.edited.connect(self._wait.start)
        return field

    # -- what may be the same --------------------------------------------------------------------------------

    def compare(self) -> None:
        """Look, beside the typing, for what may have been received before."""
        try:
            delivery, cases = self._delivery(), self.rows.cases()
        except Invalid:
            return
        from forensics.services.deliveries import alike

        self.context.ask(self.show_alike, alike, delivery, cases)

    def show_alike(self, found: list[Alike]) -> None:
        """Say it, with the way to each record; saving then takes a second press."""
        self.alike = found
        clear(self._told)
        for one in found[:MOST_ALIKE]:
            ref = Ref(one.entity, one.id, one.number)
            show = Action(one.number, partial(self.context.go, "remains", ref), kind="link")
            self._told.addWidget(Banner(f"{one.why}.", Meaning.ATTENTION, [show]))
        if len(found) > MOST_ALIKE:
            self._told.addWidget(text(self.tr("and {0} more").format(len(found) - MOST_ALIKE), "muted"))

    # -- saving ----------------------------------------------------------------------------------------------

    def _delivery(self) -> Delivery:
        """The paper as it was typed; `Invalid` with the field marked."""
        values: dict[str, Any] = {}
        trouble: Invalid | None = None
        for name, field in self.fields.items():
            try:
                values[name] = field.value()
            except Invalid as error:
                trouble = trouble or error
        if trouble is not None:
            raise trouble
        return Delivery(
            operation=values["operation"],
            received_at=values["received_at"],
            received_by=self.context.lab.person.id,
            place=values["where"],
            delivered_by=values["delivered_by"],
            institution=values["institution"],
            authority=values["authority"],
            order_reference=values["order_reference"],
            note=values["note"],
        )

    def receive(self) -> None:
        """Save it whole, or say what stands in the way; what may be the same is asked about once."""
        from forensics.services.deliveries import alike

        try:
            delivery, cases = self._complete()
            found = self.context.lab.run(alike, delivery, cases)
            if found and tuple(found) != self._warned:
                self._warned = tuple(found)
                self.show_alike(found)
                words = self.tr("This may be here already. Look at it; press Receive once more if it is not.")
                self.context.notify(words, Meaning.ATTENTION)
                return
            saved = self._save(delivery, cases)
        except NominaError as error:
            self._wait.stop()
            clear(self._told)
            self._told.addWidget(Banner(str(error), Meaning.REFUSED))
            self.context.notify(str(error), Meaning.REFUSED)
            return
        self._wait.stop()
        self.context.notify(self.tr("{0} is received.").format(saved.number), Meaning.GOOD)
        self.received.emit(saved)

    def _complete(self) -> tuple[Delivery, list[NewCase]]:
        for field in self.fields.values():
            try:
                field.value()
                field.complain("")
            except Invalid as error:
                field.complain(str(error))
        return self._delivery(), self.rows.cases()

    def _save(self, delivery: Delivery, cases: list[NewCase]) -> Delivery:
        from forensics.services.deliveries import receive_delivery

        kind, words = self.fields["kind"].value(), self.fields["what"].value()
        if words and kind is None:
            raise Invalid(self.tr("Choose what the words on what does not agree are about."))
        remarks = ((kind, words),) if kind is not None else ()
        return self.context.lab.run(receive_delivery, delivery, cases, self.fields["place"].value(), remarks)
