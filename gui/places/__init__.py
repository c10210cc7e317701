"""The places of the window, one line each, in the order of the rail.

A place's module is imported when the place is first opened: the function beside its line does it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication

from forensics.domain.people import Permission
from gui.marking import QT_TRANSLATE_NOOP

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


def _missing(context: Context) -> Place:
    from gui.places.missing import MissingPlace

    return MissingPlace(context)


def _settings(context: Context) -> Place:
    from gui.places.settings import SettingsPlace

    return SettingsPlace(context)


def _matching(context: Context) -> Place:
    from gui.places.matching import MatchingPlace

    return MatchingPlace(context)


def _samples(context: Context) -> Place:
    from gui.places.samples import SamplesPlace

    return SamplesPlace(context)


def _laboratory(context: Context) -> Place:
    from gui.places.laboratory import LaboratoryPlace

    return LaboratoryPlace(context)


def _remains(context: Context) -> Place:
    from gui.places.remains import RemainsPlace

    return RemainsPlace(context)


def _identifications(context: Context) -> Place:
    from gui.places.identifications import IdentificationsPlace

    return IdentificationsPlace(context)


def _reports(context: Context) -> Place:
    from gui.places.reports import ReportsPlace

    return ReportsPlace(context)


PLACES: list[Entry] = [
    Entry("today", QT_TRANSLATE_NOOP("Places", "Today"), "today", None, _today),
    Entry("remains", QT_TRANSLATE_NOOP("Places", "Remains"), "remains", Permission.CASE_READ, _remains),
    Entry("samples", QT_TRANSLATE_NOOP("Places", "Samples"), "sample", Permission.SAMPLE_READ, _samples),
    Entry(
        "laboratory",
        QT_TRANSLATE_NOOP("Places", "Laboratory"),
        "laboratory",
        Permission.PROFILE_READ,
        _laboratory,
    ),
    Entry(
        "missing", QT_TRANSLATE_NOOP("Places", "Missing persons"), "missing", Permission.FAMILY_READ, _missing
    ),
    Entry("matching", QT_TRANSLATE_NOOP("Places", "Matching"), "matching", Permission.MATCH_READ, _matching),
    Entry(
        "identifications",
        QT_TRANSLATE_NOOP("Places", "Identifications"),
        "identification",
        Permission.IDENTIFICATION_READ,
        _identifications,
    ),
    Entry("reports", QT_TRANSLATE_NOOP("Places", "Reports"), "report", Permission.REPORT_READ, _reports),
    Entry(
        "settings",
        QT_TRANSLATE_NOOP("Places", "Laboratory settings"),
        "settings",
        Permission.SETTINGS_READ,
        _settings,
    ),
]
"""In the order of the rail. Ids that others go to: today, remains, samples, laboratory, examination,
missing, matching, identifications, reports, sites, overview, settings."""

__all__ = ["PLACES", "QT_TRANSLATE_NOOP", "Entry"]
