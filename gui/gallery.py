"""Every component with invented data, to look at and to be tried: `python -m gui.gallery`.

`--shots FOLDER` takes pictures of every page at two sizes, light and dark.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import sleep
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid5

from PySide6.QtCore import QCoreApplication, QSettings
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

from forensics.domain.errors import Conflict, Refused
from forensics.domain.lists import ListQuery, Page
from forensics.domain.people import Permission, Person, Role
from forensics.domain.progress import Progress
from gui.context import Context, Hit, Ref
from gui.look import Meaning, Mode, look, on_look_changed
from gui.place import ListPlace, Place
from gui.places import Entry
from gui.shell import MainWindow
from gui.widgets.banner import Banner, EmptyState
from gui.widgets.buttons import Action, Button
from gui.widgets.ceremony import Ceremony
from gui.widgets.conflict import ConflictDialog
from gui.widgets.forms import FormDialog
from gui.widgets.lines import boxed, column, row, text
from gui.widgets.lists import Column, Filter, Kind, RecordList
from gui.widgets.marks import Mark, Marks
from gui.widgets.record import Fact, RecordPage
from gui.widgets.svgview import SvgView
from gui.widgets.timeline import Happening

NAMESPACE = UUID("6f1f7a52-0000-7000-8000-000000000000")
ELEMENTS = ("femur", "tibia", "humerus", "radius", "ulna", "os coxae", "cranium", "mandible", "sacrum")
STATES = (
    Mark(Meaning.GOOD, "Sampled"), Mark(Meaning.WAITING, "Under examination"),
    Mark(Meaning.ATTENTION, "Discrepant"), Mark(Meaning.NEUTRAL, "Registered"),
)  # fmt: skip
COUNT = 100_000


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the invented list."""

    id: UUID
    number: str
    element: str
    side: str | None
    state: Mark
    strip: tuple[Mark, ...]
    mass: str
    where: str


def item(n: int) -> Item:
    """The nth invented item."""
    known = (Mark(Meaning.GOOD, "Inventoried"), Mark(Meaning.GOOD, "Sampled"), Mark(Meaning.UNKNOWN, "No profile yet"),
             Mark(Meaning.NO, "Not matched"))  # fmt: skip
    return Item(
        uuid5(NAMESPACE, str(n)),
        f"R-2026-{n:06d}-{(n * 7) % 10}",
        ELEMENTS[n % len(ELEMENTS)],
        (None, "left", "right")[n % 3],
        STATES[(n // 3) % len(STATES)],
        known[: 1 + n % 4],
        f"{120 + (n * 37) % 400 / 10:.1f}",
        f"Room 2 · Shelf {n % 14} · Box {n % 60}",
    )


def items(query: ListQuery) -> Page[Item]:
    """What a database would answer."""
    numbers: Sequence[int] = range(COUNT)
    if query.text or query.filters:
        wanted = query.text.casefold()
        chosen = query.filters.get("element", ELEMENTS)
        numbers = [
            n for n in range(3000)
            if ELEMENTS[n % len(ELEMENTS)] in chosen
            and wanted in f"{item(n).number} {item(n).element}".casefold()
        ]  # fmt: skip
    if query.descending:
        numbers = numbers[::-1]
    return Page(tuple(item(n) for n in numbers[query.offset : query.offset + query.limit]), len(numbers))


class GalleryLab:
    """A laboratory without a database: whatever is asked is simply called."""

    def __init__(self) -> None:
        self.person = Person(name="Amira Halilović", login="amira")
        self.roles = frozenset({Role.ANTHROPOLOGIST, Role.CASE_MANAGER})
        self.permissions = frozenset(Permission)
        self.listeners: list[Callable[[Any], None]] = []

    def run(self, use_case: Any, *args: Any, **kwargs: Any) -> Any:
        result = use_case(None, *args, **kwargs)
        for listener in self.listeners:
            listener(SimpleNamespace(subjects=frozenset({"remains_item"})))
        return result

    def may(self, use_case: Any) -> bool:
        return True

    def subscribe(self, listener: Callable[[Any], None]) -> Callable[[], None]:
        self.listeners.append(listener)
        return lambda: self.listeners.remove(listener)

    def close(self) -> None:
        """Nothing is open."""


class ItemsPlace(ListPlace):
    """The usual place: a list of 100,000 rows and the record."""

    name = "gallery-items"
    subjects = frozenset({"remains_item"})

    def make_list(self) -> RecordList:
        columns = [
            Column("number", self.tr("Number"), Kind.TOKEN, 150),
            Column("element", self.tr("Element"), width=110, stretch=True),
            Column("side", self.tr("Side"), width=66),
            Column("state", self.tr("Examination"), Kind.MARK, 160),
            Column("strip", self.tr("What exists"), Kind.MARKS, 110, sortable=False),
            Column("mass", self.tr("Mass, g"), Kind.NUMBER, 80),
            Column("where", self.tr("Where"), width=200),
        ]
        empty = EmptyState("remains", self.tr("No remains yet"), self.tr("Receive the first case to begin."))
        chips = [Filter("element", self.tr("Element"), [(e, e) for e in ELEMENTS])]
        return RecordList(
            self.tr("Remains"), columns, items, chips, empty, self.actions_offered(), sort="number",
            runner=self.context.tasks.quietly,
        )  # fmt: skip

    def actions_offered(self) -> list[Action]:
        return [Action(self.tr("Receive"), self.receive, "plus", "primary", "Ctrl+N")]

    def receive(self) -> None:
        form = example_form(self.context, self)
        form.ask()

    def fill(self, page: RecordPage, row: Item) -> None:
        fill_example(page, row, self.context)


def fill_example(page: RecordPage, row: Item, context: Context) -> None:
    """A record with everything that a record may hold."""
    page.header(
        row.number,
        f"{row.element.capitalize()}, {row.side or 'side not known'}",
        "Remains item",
        [row.state, Mark(Meaning.NEUTRAL, "In storage", "archive"), Mark(Meaning.UNKNOWN, "Profile not known")],
        "Waiting 12 days for a second person to review the inventory.",
        [Action("Move", lambda: context.notify("Moved", Meaning.GOOD), "custody"),
         Action("Take a sample", lambda: None, "sample"),
         Action("Void", lambda: None, "void", "danger"),
         Action("Release", lambda: None, "handover", why_not="The item has not been identified yet.")],
    )  # fmt: skip
    about = page.section("Description", [Action("Edit", lambda: None, "edit")])
    about.facts(
        [("Element", row.element), ("Side", row.side), ("Mass", Fact(f"{row.mass} g", "weighed 3 May 2026")),
         ("External number", Fact("KLJ-04/112-B", mono=True)), ("Fusion, distal", Mark(Meaning.GOOD, "Fused")),
         ("Trauma", Mark(Meaning.NO, "None seen"))]
    )  # fmt: skip
    measured = page.section("Measurements")
    measured.table(
        ["Measurement", "Value", "Side", "Observer"],
        [["Maximum length (FDL)", "452 mm", "left", "A. Halilović"], ["Head diameter", "46.5 mm", "left", None],
         ["Bicondylar length", "449 mm", "left", "A. Halilović"]],
        numbers=[1],
    )  # fmt: skip
    page.section("Custody").timeline(
        [Happening("3 May 2026, 09:12", "Received from the Office of the Prosecutor", "A. Horvat, M. Kovač",
                   "seal 00417 intact", Meaning.GOOD),
         Happening("3 May 2026, 10:40", "Moved to Room 2 · Shelf 4 · Box 12", "A. Horvat"),
         Happening("19 May 2026, 14:02", "Seal broken: discrepancy noted", "M. Kovač", "", Meaning.ATTENTION),
         Happening("20 May 2026, 08:30", "Checked out for sampling", "J. Perić", "", Meaning.WAITING)]
    )  # fmt: skip


def example_form(context: Context, parent: QWidget) -> FormDialog:
    """A form with every kind of field."""

    def submit(values: dict[str, Any]) -> Any:
        if values["element"] == "cranium":
            raise Refused("A cranium is already recorded in this case; record a fragment instead.")
        context.notify("Saved", Meaning.GOOD)
        return values

    form = FormDialog(
        "New item", submit, parent, "One physical thing: a bone, a tooth, a lot of fragments.", again=True
    )
    form.choice("element", "Element", [(e, e) for e in ELEMENTS], required=True)
    form.choice("side", "Side", [("left", "left"), ("right", "right"), ("unsided", "can't be sided")])
    form.number("mass", "Mass", unit="g", usual=(1, 900), hint="After air-drying.")
    form.text("seal", "Seal", mono=True, placeholder="00417", keep=True)
    form.section("Condition")
    form.lines("note", "Description")
    form.flag("photographed", "Photographed on receipt")
    return form


def example_ceremony(parent: QWidget) -> Ceremony:
    def act(password: str) -> str:
        if password != "right":
            raise Refused("The password is wrong; nothing has been signed.")
        return "signed"

    return Ceremony(
        "Sign report REP-2026-000031-4",
        "I declare that this report states my findings completely and to the best of my knowledge.",
        [("Report", "DNA identification report, version 1, English"), ("About", "Individual I-2026-000007-2"),
         ("Conclusion", "Likelihood ratio 3.2 × 10⁹, posterior 0.99997"),
         ("SHA-256", Fact("9f2c 41d0 77ab 5c1e 08ff 3312 a0be 6d41", mono=True))],
        [("signs now, as author", "Amira Halilović"), ("will authorise", "Marko Kovač")],
        "Sign report",
        act,
        parent,
        "I have read the whole report.",
    )  # fmt: skip


def example_conflict(parent: QWidget) -> ConflictDialog:
    mine = {"element": "femur", "side": "left", "mass": "232.4 g", "note": "distal third missing"}
    theirs = {
        "element": "femur",
        "side": "right",
        "mass": "232.4 g",
        "note": "distal third missing, cut mark",
    }
    return ConflictDialog.for_error(
        Conflict("Marko Kovač changed R-2026-000123-7 four minutes ago.", mine, theirs), parent
    )


def figure() -> str:
    """A small figure in the palette: bars that are things."""
    p = look().palette
    bars = "".join(
        f'<rect id="D{n}S{n}" x="{30 + n * 34}" y="{90 - h}" width="22" height="{h}" fill="{p.accent}"/>'
        for n, h in enumerate((20, 44, 62, 30, 71, 12, 50), start=1)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="320" height="110" viewBox="0 0 320 110">{bars}'
        f'<line x1="40" y1="90" x2="300" y2="90" stroke="{p.figure_line}"/></svg>'
    )


class ComponentsPlace(Place):
    """All that is neither a list nor a record."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        page = boxed(
            column(
                self._banners(), self._buttons(), self._marks(), self._figure(), self._dialogs(), None,
                margin=24, gap=24,
            ),
            "surface",
        )  # fmt: skip
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(page)
        self.setLayout(column(area))

    def _banners(self) -> QWidget:
        again = Action("Choose the file…", lambda: None)
        banners = [
            Banner("The import is ready: 48 profiles, 2 of them with warnings.", Meaning.NEUTRAL),
            Banner("Waiting 12 days for a technical review by a second person.", Meaning.WAITING),
            Banner("The file has moved; choose where it lies now.", Meaning.ATTENTION, [again], closable=True),
            Banner("The negative control of plate P-17 is not clean; every well is blocked until it is repeated.",
                   Meaning.REFUSED),
        ]  # fmt: skip
        return boxed(column(text("Notices", "strong"), *banners, gap=10))

    def _buttons(self) -> QWidget:
        kinds = [Button(k.capitalize(), k, "check") for k in ("primary", "quiet", "danger", "plain", "link")]
        off = Button("Not now")
        off.setEnabled(False)
        return boxed(column(text("Buttons", "strong"), row(*kinds, off, None), gap=10))

    def _marks(self) -> QWidget:
        marks = [Mark(m, w) for m, w in zip(Meaning, ("Registered", "Waiting for review", "In order",
                 "Needs attention", "Refused", "Not known", "No"), strict=True)]  # fmt: skip
        return boxed(column(text("Marks", "strong"), Marks(marks), gap=10))

    def _figure(self) -> QWidget:
        self.view = SvgView()
        on_look_changed(self.view, lambda view: view.show_figure(figure(), "Likelihood ratio per locus"))
        self.view.clicked.connect(lambda id: self.context.notify(f"{id} clicked"))
        return boxed(column(text("Figure", "strong"), self.view, gap=10))

    def _dialogs(self) -> QWidget:
        buttons = [
            Button("Form…", run=lambda: example_form(self.context, self).ask()),
            Button("Ceremony…", run=lambda: example_ceremony(self).ask()),
            Button("Conflict…", run=lambda: example_conflict(self).ask()),
            Button("Long work", run=self._work),
            Button("Toast", run=lambda: self.context.notify("Saved", Meaning.GOOD)),
        ]
        return boxed(column(text("Dialogs and long work", "strong"), row(*buttons, None), gap=10))

    def _work(self) -> None:
        self.context.start("Screening 412 remains against 96 families", count_slowly, 200)


def count_slowly(steps: int, progress: Progress) -> int:
    """Long work: ten seconds of nothing, cancellable."""
    for done in range(steps):
        sleep(0.05)
        progress.step(done + 1, steps, f"{done + 1} of {steps}")
    return steps


class EmptyPlace(Place):
    """A place where nothing is yet."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        action = Action(
            "Record a family", lambda: context.notify("Recorded", Meaning.GOOD), "plus", "primary"
        )
        words = (
            "A family brings a missing person, relatives who give references, and what they wish to be told."
        )
        self.setLayout(column(EmptyState("family", "No families yet", words, action)))


def gallery(context: Context | None = None) -> MainWindow:
    """The window with the pages of the gallery."""
    context = context or Context(GalleryLab(), "Institute of Forensic Medicine")
    context.search(find_items)
    titles = [("today", "Today"), ("remains", "Remains"), ("sample", "Samples"), ("laboratory", "Laboratory"),
              ("examination", "Examination"), ("family", "Missing persons"), ("matching", "Matching"),
              ("identification", "Identifications"), ("report", "Reports"), ("sites", "Sites and events"),
              ("overview", "Overview"), ("settings", "Laboratory settings")]  # fmt: skip
    kinds = {"today": ComponentsPlace, "remains": ItemsPlace}
    entries = [Entry(id, title, id, None, kinds.get(id, EmptyPlace)) for id, title in titles]
    return MainWindow(context, entries)


def find_items(words: str) -> list[Hit]:
    """What the palette finds among the invented items."""
    found = items(ListQuery(text=words, limit=5)).rows
    return [
        Hit(i.number, i.element, "remains", "remains", Ref("remains_item", i.id, i.number)) for i in found
    ]


def take_pictures(window: MainWindow, folder: Path) -> None:
    """Every page at 1366 × 768 and 1920 × 1080, light and dark."""
    folder.mkdir(parents=True, exist_ok=True)
    for mode in (Mode.LIGHT, Mode.DARK):
        look().set_mode(mode)
        for wide, tall in ((1366, 768), (1920, 1080)):
            window.resize(wide, tall)
            for place in ("today", "remains", "family"):
                window.go(place)
                _settle()
                window.grab().save(str(folder / f"{place}-{mode.value}-{wide}.png"))
        _dialog_pictures(window, folder, mode.value)


def _dialog_pictures(window: MainWindow, folder: Path, mode: str) -> None:
    window.resize(1366, 768)
    window.go("remains")
    window.say("Saved", Meaning.GOOD)
    window.palette_overlay.open("rem")
    _settle()
    window.grab().save(str(folder / f"palette-{mode}.png"))
    window.palette_overlay.close_up()
    dialogs = {"form": example_form(window.context, window), "ceremony": example_ceremony(window),
               "conflict": example_conflict(window)}  # fmt: skip
    for name, dialog in dialogs.items():
        dialog.show()
        if isinstance(dialog, FormDialog):
            dialog.fill({"mass": "1200"})
            dialog.save()
        _settle()
        dialog.grab().save(str(folder / f"{name}-{mode}.png"))
        dialog.close()


def _settle() -> None:
    for _ in range(20):
        QCoreApplication.processEvents()
        sleep(0.02)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m gui.gallery", description=__doc__)
    parser.add_argument("--shots", type=Path, help="take pictures into this folder and leave")
    wanted = parser.parse_args()
    app = QApplication(sys.argv[:1])
    app.setOrganizationName("Nomina")
    app.setApplicationName("Nomina gallery")
    if wanted.shots:
        QSettings.setDefaultFormat(QSettings.Format.IniFormat)
        QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(wanted.shots))
    look().start(app)
    window = gallery()
    window.show()
    if wanted.shots:
        take_pictures(window, wanted.shots)
        window.close()
        return 0
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
