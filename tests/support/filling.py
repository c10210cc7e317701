"""How long the window's thread is busy when a record is put on its page, for every list of every place.

    QT_QPA_PLATFORM=offscreen python -m tests.support.filling [--laboratory PATH] [--records N] [--profile LIST]

Without a path a demonstration laboratory is made in a temporary folder. The cursor goes from row to row;
what is counted is the processor time of the window's thread until the page stands painted: the widgets,
their layout and their painting. Where other programs press on the processor even that time grows; the same
small sum beside each record tells by how much, and the time is given as on the quiet machine.
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from time import monotonic, thread_time

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication, QStackedWidget

from gui.app import Application, make_application
from gui.laboratories import Opened, Real
from gui.place import ListPlace
from gui.shell import MainWindow

PEOPLE = {
    "remains": "anthropologist",
    "samples": "tamara",
    "laboratory": "tamara",
    "matching": "reviewer",
    "reports": "reviewer",
}
ASIDE = "manager"  # who opens the other places


def lists_of(window: MainWindow, place: str) -> Iterator[tuple[str, ListPlace]]:
    """The lists of a place, each brought to the front in its turn."""
    window.go(place)
    shown = window.places[place]
    for one in [shown] if isinstance(shown, ListPlace) else shown.findChildren(ListPlace):
        stack = one.parentWidget()
        if isinstance(stack, QStackedWidget):
            stack.setCurrentWidget(one)
        one.begin()
        yield one.name, one


def wait(milliseconds: int) -> None:
    """Let the window live; unlike a loop over its events this leaves time to the thread of the database."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def settle() -> None:
    """Until the window has nothing more to do."""
    for _ in range(4):
        QApplication.sendPostedEvents()
        QApplication.sendPostedEvents(None, 52)  # QEvent.DeferredDelete: what the last page leaves behind
        QApplication.processEvents()


def load(one: ListPlace, seconds: float = 20) -> int:
    """Wait for the list; how many rows have arrived."""
    until = monotonic() + seconds
    while one.list.model.is_waiting and monotonic() < until:
        wait(20)
    wait(80)
    return one.list.model.rowCount()


def yardstick() -> float:
    """Seconds for always the same sum."""
    began = thread_time()
    sum(number * number for number in range(30_000))
    return thread_time() - began


def busy(one: ListPlace, records: int) -> list[float]:
    """Milliseconds of the window's thread for each of the first records, as on a quiet machine."""
    found = []
    quiet = min(yardstick() for _ in range(60))
    rows = min(load(one), records)
    for line in (*range(rows), 0):
        one.list.view.selectionModel().clear()
        index = one.list.model.index(line, 0)
        settle()
        pressed = yardstick()
        before = thread_time()
        one.list.view.setCurrentIndex(index)
        while one.is_writing:
            wait(5)
        settle()
        took = thread_time() - before
        pressed = max(1.0, (pressed + yardstick()) / 2 / quiet)
        found.append(took / pressed * 1000)
    return found[1:]  # the first draws icons that are kept afterwards


def windows(path: Path) -> Iterator[tuple[str, MainWindow]]:
    """The window of who opens each place."""
    from forensics.services.demonstration import PASSPHRASE, PASSWORD
    from forensics.services.laboratories import open_laboratory

    for login in dict.fromkeys([*PEOPLE.values(), ASIDE]):
        lab = open_laboratory(str(path), login, PASSWORD, PASSPHRASE)
        application = Application(Real())
        application.enter(Opened(lab, lab.name, str(path)))
        window = application.window
        assert isinstance(window, MainWindow)
        window.resize(1366, 768)
        for entry in window.entries:
            if PEOPLE.get(entry.id, ASIDE) == login and entry.id != "today":
                yield entry.id, window
        window.close()


def measure(path: Path, records: int, profiled: str) -> None:
    """Print one line for each list."""
    sys.stdout.write(f"{'list':26}{'records':>8}{'median':>9}{'worst':>9}  ms of the window's thread\n")
    for place, window in windows(path):
        for name, one in lists_of(window, place):
            if profiled and name != profiled:
                continue
            watch = cProfile.Profile(builtins=True)
            if profiled:
                watch.enable()
            took = busy(one, records)
            watch.disable()
            if took:
                sys.stdout.write(f"{name:26}{len(took):8}{median(took):9.1f}{max(took):9.1f}\n")
            if profiled:
                pstats.Stats(watch).sort_stats("tottime").print_stats(35)
                return


def main() -> None:
    from reports.demonstrating import open_or_make

    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--laboratory", type=Path, help="a demonstration laboratory made before")
    parser.add_argument("--records", type=int, default=12, help="of each list")
    parser.add_argument("--profile", default="", metavar="LIST", help="profile this list only")
    told = parser.parse_args()
    make_application()
    with tempfile.TemporaryDirectory() as folder:
        path = told.laboratory or Path(folder) / "demonstration.nomina"
        open_or_make(path).close()
        measure(path, told.records, told.profile)


if __name__ == "__main__":
    main()
