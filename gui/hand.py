"""What scans mean together: things, then a place; or one badge, things, and the other person's badge.

No widget, no clock and no laboratory: `gui.scan_to_act` carries out what is decided here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from forensics.services.scanning import Scanned

PATIENCE = 45.0  # seconds after which things that were scanned are no longer meant


class Step(StrEnum):
    """What a scan asks for."""

    OPEN = "open it"
    TAKEN = "a thing is in hand now"
    MOVE = "move what is in hand"
    GIVER = "a handover begins"
    HAND_OVER = "hand over what is in hand"
    NOTHING_IN_HAND = "the second badge came before any thing"
    SAME = "both badges are one person's"


@dataclass
class Hand:
    """The things that were scanned and the badge that came first; forgotten after a while without a scan."""

    me: UUID
    things: dict[UUID, Scanned] = field(default_factory=dict)
    giver: Scanned | None = None
    taker: Scanned | None = None
    _last: float = float("-inf")

    def clear(self) -> None:
        self.things, self.giver, self.taker = {}, None, None

    def take(self, scanned: Scanned, now: float) -> Step:
        """What this scan means after those before it; `now` in seconds of any clock that does not go back."""
        if now - self._last > PATIENCE:
            self.clear()
        self._last = now
        if scanned.is_thing:
            self.things[scanned.id] = scanned
            return Step.TAKEN
        if scanned.entity == "storage_location":
            return Step.MOVE if self.things and self.giver is None else Step.OPEN
        if scanned.entity == "person":
            return self._badge(scanned)
        return Step.OPEN

    def _badge(self, badge: Scanned) -> Step:
        if self.giver is None and not self.things:
            self.giver = badge
            return Step.GIVER
        if not self.things:
            return Step.SAME if self.giver is not None and self.giver.id == badge.id else Step.NOTHING_IN_HAND
        if self.giver_id == badge.id:
            return Step.SAME
        self.taker = badge
        return Step.HAND_OVER

    @property
    def giver_id(self) -> UUID:
        """Whose badge came first; without one, whoever is signed in."""
        return self.giver.id if self.giver is not None else self.me
