"""How soon a new profile has been compared with everything: accepted, searched and recorded, one after another."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

from forensics.domain.lists import ListQuery
from forensics.domain.profiles import ProfileState
from forensics.domain.progress import Progress
from forensics.services import demonstration, operations, profiles, screenings
from forensics.services.demonstration import Size
from forensics.services.laboratories import open_laboratory


@dataclass(frozen=True, slots=True)
class NewProfile:
    """One search of the changes after one profile was accepted: CPU seconds of the search and its record."""

    cold: bool  # nothing was kept from an earlier search
    profiles: int
    families: int
    hits: int
    seconds: float


def new_profiles(location: str, families: int, progress: Progress | None = None) -> Iterator[NewProfile]:
    """A demonstration laboratory of so many families, as many of the dead, and its waiting profiles."""
    size = Size(families, families, families // 3)
    demonstration.build(location, progress, size=size).close()
    admin = open_laboratory(location, "admin", demonstration.PASSWORD)
    analyst, reviewer = (demonstration.sign_in(admin, login) for login in ("analyst", "reviewer"))
    (operation,) = analyst.run(operations.operations)
    waiting = reviewer.run(
        profiles.profiles, ListQuery(filters={"state": (str(ProfileState.IMPORTED),)})
    ).rows
    for number, line in enumerate(waiting):
        reviewer.run(profiles.accept_profiles, [line.id])
        begun = time.process_time()
        done = screenings.screen_changes(analyst, operation.id)
        seconds = time.process_time() - begun
        if done is not None:
            yield NewProfile(number == 0, done.profiles, done.families, done.hits, seconds)
    admin.close()
