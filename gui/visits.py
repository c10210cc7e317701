"""When the person who is signed in last opened the window here; asked by every place that tells what is new."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from PySide6.QtCore import QSettings

from gui.context import Context

FIRST = timedelta(days=7)  # how far back the first visit looks


def last_visit(context: Context) -> datetime:
    """The beginning of the visit before this one; the first visit looks a week back."""
    known = context.property("lastVisit")
    if known is None:
        key = f"today/{context.lab.person.id}/visited"
        kept = QSettings().value(key)
        now = datetime.now(UTC)
        QSettings().setValue(key, now.isoformat())
        known = str(kept) if kept else (now - FIRST).isoformat()
        context.setProperty("lastVisit", known)
    return datetime.fromisoformat(known)


def recently(context: Context) -> datetime:
    """Since the last visit, or since this time yesterday if that is longer ago."""
    return min(last_visit(context), datetime.now(UTC) - timedelta(days=1))
