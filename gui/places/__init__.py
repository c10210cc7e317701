"""The places of the window, one line each, in the order of the rail.

A place's module is imported when the place is first opened: the function beside its line does it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from forensics.domain.people import Permission

if TYPE_CHECKING:
    from gui.context import Context
    from gui.place import Place


@dataclass(frozen=True, slots=True)
class Entry:
    """One place in the rail; without `permission` the person does not see it (None: everybody does)."""

    id: str
    name: Any  # text marked with QT_TRANSLATE_NOOP("Places", …)
    icon: str
    permission: Permission | None
    make: Callable[[Context], Place]

    @property
    def title(self) -> str:
        return QCoreApplication.translate("Places", self.name)


def _today(context: Context) -> Place:
    from gui.places.today import TodayPlace

    return TodayPlace(context)


def _matching(context: Context) -> Place:
    from gui.places.matching import MatchingPlace

    return MatchingPlace(context)


PLACES: list[Entry] = [
    Entry("today", QT_TRANSLATE_NOOP("Places", "Today"), "today", None, _today),
    Entry("matching", QT_TRANSLATE_NOOP("Places", "Matching"), "matching", Permission.MATCH_READ, _matching),
]
"""In the order of the rail. Ids that others go to: today, remains, samples, laboratory, examination,
missing, matching, identifications, reports, sites, overview, settings."""

__all__ = ["PLACES", "QT_TRANSLATE_NOOP", "Entry"]
