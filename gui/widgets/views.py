"""Saved views of a list: words, filters and order under a name, kept for the person on this workstation."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from PySide6.QtCore import QSettings


@dataclass(frozen=True, slots=True)
class SavedView:
    """What a list is asked for; filters by the words of their choices."""

    text: str = ""
    filters: Mapping[str, Sequence[str]] = field(default_factory=dict)
    sort: str = ""
    descending: bool = False


class SavedViews:
    """The views of the list called `name`."""

    def __init__(self, name: str) -> None:
        self._key = f"views/{name}"

    @property
    def titles(self) -> list[str]:
        return sorted(self._all())

    def __getitem__(self, title: str) -> SavedView:
        return SavedView(**self._all()[title])

    def keep(self, title: str, view: SavedView) -> SavedView:
        """Save under a name; an earlier view of that name gives way."""
        self._write(self._all() | {title: asdict(view)})
        return view

    def forget(self, title: str) -> None:
        self._write({known: view for known, view in self._all().items() if known != title})

    def _all(self) -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = json.loads(str(QSettings().value(self._key) or "{}"))
        return found

    def _write(self, views: dict[str, dict[str, Any]]) -> None:
        QSettings().setValue(self._key, json.dumps(views))
