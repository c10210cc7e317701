"""The inventory at the bench: a skeleton to click, a line to type, and what of it is there.

Click (or Enter on a bone) records it with the chosen completeness, and takes it out again; with Shift the
whole part of the body. The line understands shorthand: `L fem, T1-12`; `- ribs` takes out, `+ L fem` one more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from forensics.anthropology.bones import element, elements
from forensics.domain.anthropology import Completeness, ElementKind, Side
from forensics.domain.errors import Invalid, NominaError
from forensics.domain.examinations import InventoryLine
from gui.context import Context
from gui.look import look, on_look_changed
from gui.places.remains_words import bone, said, say
from gui.widgets.buttons import Button, restyle
from gui.widgets.lines import column, row, text
from gui.widgets.svgview import SvgView
from reports.figures.skeleton import (
    Bone,
    BoneState,
    SkeletonWords,
    bone_at,
    drawn_bones,
    skeleton_figure,
    state_for,
    state_of,
)

BRUSHES = (Completeness.COMPLETE, Completeness.PARTIAL, Completeness.FRAGMENT, Completeness.ABSENT)
TALL = 1080  # units of the figure


class Inventory:
    """What is recorded, bone by bone; a bone may be there more than once, for more than one person."""

    def __init__(self, lines: Iterable[InventoryLine] = ()) -> None:
        self.lines: list[InventoryLine] = list(lines)

    def of(self, bone: Bone) -> InventoryLine | None:
        return next((line for line in self.lines if _bone(line) == bone), None)

    @property
    def states(self) -> dict[Bone, BoneState]:
        """How every recorded bone is drawn."""
        return {_bone(line): state_for(line.completeness) for line in reversed(self.lines)}

    def toggle(self, bones: Sequence[Bone], brush: Completeness) -> None:
        """Record the bones so; when they all are so already, take them out."""
        known = [self.of(bone) for bone in bones]
        if all(line is not None and line.completeness == brush for line in known):
            self.remove(bones)
        else:
            self.put(bones, brush)

    def put(self, bones: Iterable[Bone], brush: Completeness) -> None:
        for one in bones:
            if self.of(one) is None:
                self.add([one], brush)
            else:
                self.lines = [
                    replace(line, completeness=str(brush)) if _bone(line) == one else line
                    for line in self.lines
                ]

    def add(self, bones: Iterable[Bone], brush: Completeness) -> None:
        """One more of each."""
        for key, side in bones:
            self.lines.append(InventoryLine(element=key, side=str(side), completeness=str(brush)))

    def remove(self, bones: Iterable[Bone]) -> None:
        gone = set(bones)
        self.lines = [line for line in self.lines if _bone(line) not in gone]

    def in_words(self) -> str:
        """How many are there, in which completeness, and how many of the 206 that is."""
        count = Counter(line.completeness for line in self.lines)
        there = [line for line in self.lines if line.completeness != Completeness.ABSENT]
        bones = {bone for line in there for bone in _single(_bone(line))}
        if not self.lines:
            return say("Nothing recorded yet.")
        parts = [f"{count[str(c)]} {say(str(c))}" for c in BRUSHES if count[str(c)]]
        share = say("{0} of the 206 bones of an adult are there").format(len(bones))
        return f"{share} · {', '.join(parts)}"


def _bone(line: InventoryLine) -> Bone:
    return (line.element, Side(line.side))


def _single(bone: Bone) -> list[Bone]:
    """The single bones of what is recorded: a cranium is recorded as one and has many."""
    entry = element(bone[0])
    if entry.kind is ElementKind.BONE:
        return [bone]
    if entry.kind is not ElementKind.COMPOSITE:
        return []
    return [
        (part.key, side)
        for part in elements(ElementKind.BONE)
        if part.part_of == bone[0]
        for side in part.sides
    ]


def group_of(bone: Bone) -> list[Bone]:
    """All drawn bones of the same part of the body and the same side."""
    region = element(bone[0]).region
    return [(key, side) for key, side in drawn_bones() if side is bone[1] and element(key).region is region]


def id_of(bone: Bone) -> str:
    """The element id of a bone in the figure."""
    return bone[0] if bone[1] is Side.MIDLINE else f"{bone[0]}-{bone[1]}"


class Skeleton(SvgView):
    """The figure as large as there is room; `touched(bone, group)` when a bone is clicked or entered."""

    touched = Signal(object, bool)

    def __init__(self) -> None:
        super().__init__()
        self._bones = {id_of(bone): bone for bone in drawn_bones()}
        self._states: dict[Bone, BoneState] = {}
        self._scale = 0.55
        self.sampled: tuple[Bone, ...] = ()
        self.clicked.connect(self._touch)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self.setSizePolicy(policy)
        on_look_changed(self, lambda view: view.draw(view._states))

    def draw(self, states: dict[Bone, BoneState]) -> None:
        """Show these states; the bone in focus stays in focus."""
        self._states, focus = dict(states), self._focus
        title = say("Skeleton with what is there")
        states_said = {state: say(str(state)) for state in BoneState}
        words = SkeletonWords(
            say("Inventory"), say("right"), say("left"), say("Not seen from the front"),
            say("Not placed in the drawing"), say("and {n} more"), states_said,
        )  # fmt: skip
        figure = skeleton_figure(
            states, look().palette, sampled=self.sampled, title=title, words=words, scale=self._scale
        )
        names = {
            id: f"{_sentence(bone(*one))}: {states_said[state_of(states, one)]}"
            for id, one in self._bones.items()
        }
        self.show_figure(figure.svg, title, names)
        self._focus = focus if focus in self.things else ""

    def thing_at(self, point: QPointF) -> str:
        """The bone itself, not the box around it."""
        frame = self._frame()
        if frame.width() <= 0:
            return ""
        k = self._renderer.viewBoxF().width() / frame.width()
        found = bone_at((point.x() - frame.x()) * k, (point.y() - frame.y()) * k, self._scale)
        id = id_of(found) if found is not None else ""
        return id if id in self._names else ""

    def sizeHint(self) -> QSize:
        return QSize(400, 560)

    def hasHeightForWidth(self) -> bool:
        return False

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        scale = round(max(0.35, min(1.2, self.height() / TALL)), 2)
        if scale != self._scale:
            self._scale = scale
            self.draw(self._states)

    def _touch(self, id: str) -> None:
        shift = bool(QGuiApplication.keyboardModifiers() & Qt.KeyboardModifier.ShiftModifier)
        self.touched.emit(self._bones[id], shift)


class InventoryPanel(QWidget):
    """Figure, brush and line over one inventory; `changed` when something was recorded."""

    changed = Signal()

    def __init__(self, context: Context, lines: Iterable[InventoryLine], editable: bool) -> None:
        super().__init__()
        self._context = context
        self.inventory = Inventory(lines)
        self.editable = editable
        self.brush = Completeness.COMPLETE
        self.skeleton = Skeleton()
        self.skeleton.touched.connect(self._touched)
        self.skeleton.hovered.connect(self._hovered)
        self.summary = text("", "small")
        self.pointed = text("", "small")
        self.line = QLineEdit()
        self.line.setProperty("kind", "mono")
        self.line.setProperty("takes_scan", True)
        self.line.setPlaceholderText(self.tr("L fem, T1-12 · - ribs · Enter"))
        self.line.setAccessibleName(self.tr("Bones in short"))
        self.line.returnPressed.connect(self.take_line)
        self.trouble = text("", "error")
        self.trouble.hide()
        self.brushes = [self._brush(one) for one in BRUSHES]
        self._build()
        self.show_inventory()

    def _brush(self, one: Completeness) -> Button:
        button = Button(said(one), "chip", run=lambda: self.choose(one))
        button.setAccessibleName(self.tr("Record as: {0}").format(said(one)))
        return button

    def _build(self) -> None:
        tools = column(row(*self.brushes, None, gap=6), self.line, self.trouble, gap=8)
        holder = QWidget()
        holder.setLayout(tools)
        holder.setVisible(self.editable)
        layout = column(holder, self.skeleton, self.pointed, self.summary, gap=8)
        layout.setStretch(1, 1)
        layout.setContentsMargins(24, 12, 8, 12)
        self.setLayout(layout)
        self.choose(self.brush)

    def choose(self, brush: Completeness) -> None:
        """Which completeness a click records from now on."""
        self.brush = brush
        for one, button in zip(BRUSHES, self.brushes, strict=True):
            restyle(button, active="true" if one is brush else "false")

    def take_line(self) -> None:
        """Record what was typed; a word that is not understood stays, with the reason."""
        words = self.line.text().strip()
        if not words:
            return
        sign, rest = (words[0], words[1:]) if words[0] in "+-−" else ("", words)
        try:
            bones = self._read(rest)
        except NominaError as error:
            self._complain(str(error))
            return
        act = {"": self.inventory.put, "+": self.inventory.add}.get(sign)
        if act is not None:
            act(bones, self.brush)
        else:
            self.inventory.remove(bones)
        self.line.clear()
        self._complain("")
        self._recorded()

    def _read(self, words: str) -> list[Bone]:
        from forensics.services.anthropology import inventory_from

        found = self._context.lab.run(inventory_from, words, self.brush)
        if not found:
            raise Invalid(self.tr("Type a bone, for example L fem, T1-12 or skull."))
        return [_bone(line) for line in found]

    def _complain(self, sentence: str) -> None:
        self.trouble.setText(sentence)
        self.trouble.setVisible(bool(sentence))
        restyle(self.line, wrong="true" if sentence else "false")

    def _touched(self, one: Bone, group: bool) -> None:
        if self.editable:
            self.inventory.toggle(group_of(one) if group else [one], self.brush)
            self._recorded()

    def _hovered(self, id: str) -> None:
        self.pointed.setText(self.skeleton._names.get(id, "") if id else self._hint())

    def _hint(self) -> str:
        if not self.editable:
            return ""
        return self.tr("Click records a bone, Shift-click its whole part of the body.")

    def _recorded(self) -> None:
        self.show_inventory()
        self.changed.emit()

    def show_inventory(self) -> None:
        self.skeleton.draw(self.inventory.states)
        self.summary.setText(self.inventory.in_words())
        self.pointed.setText(self._hint())


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]
