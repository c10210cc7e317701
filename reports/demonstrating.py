"""The demonstration laboratory with its reports, and the walk through one case: made once, then opened again.

`forensics.services.demonstration` makes the cases; only here may reports be written and signed on them.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from forensics.domain.errors import NominaError, Refused, Unavailable
from forensics.domain.lists import ListQuery
from forensics.domain.matching import HypothesisState
from forensics.domain.progress import Progress, Silent
from forensics.services import demonstration
from forensics.services.demonstration import PASSPHRASE, PASSWORD, PEOPLE, SEED, Size, sign_in
from forensics.services.door import Laboratory
from forensics.services.workstation import demonstration_file


def open_or_make(
    path: Path | None = None,
    progress: Progress | None = None,
    seed: int = SEED,
    size: Size | None = None,
    login: str = "manager",
) -> Laboratory:
    """The demonstration laboratory at `path` (or its usual place), made when it is not there yet."""
    path = path or demonstration_file()
    if not path.exists():
        with _beside(path) as unfinished:
            build(str(unfinished), progress, seed, size).close()
    return _open(path, login)


def build(
    location: str, progress: Progress | None = None, seed: int = SEED, size: Size | None = None
) -> Laboratory:
    """A new demonstration laboratory with its reports, its administrator signed in."""
    watch = progress or Silent()
    admin = demonstration.build(location, watch, seed, size)
    watch.step(10, 10, "Reports, signed and waiting")
    _reports(admin)
    return admin


def _reports(admin: Laboratory) -> None:
    """Two signed match reports and one of an identification; a draft; one that only its author signed."""
    from forensics.domain.lines import IdentificationLine
    from forensics.services import identifications, matching, report_facts
    from reports.issuing import authorise_with, my_credential, sign_with

    analyst, reviewer = sign_in(admin, "analyst"), sign_in(admin, "reviewer")
    manager, coordinator = sign_in(admin, "manager"), sign_in(admin, "coordinator")
    rows: tuple[IdentificationLine, ...] = manager.run(
        identifications.identifications, ListQuery(limit=100)
    ).rows
    records = [manager.run(identifications.identification_record, row.id) for row in rows]
    confirmed = [r for r in records if r.identification.confirmed_by]
    used = [r.hypothesis.id for r in confirmed[:2]]
    supported = ListQuery(filters={"state": (str(HypothesisState.SUPPORTED),)}, limit=100)
    used += [h.id for h in manager.run(matching.hypotheses, supported).rows if h.id not in used][
        : 4 - len(used)
    ]
    drafts = [report_facts.draft_match(analyst, id, reviewer.person.id) for id in used]
    # Everybody unlocks the own certificate once, and signs with it what lies before them.
    author, authoriser = my_credential(analyst, PASSWORD), my_credential(reviewer, PASSWORD)
    signed = [sign_with(analyst, draft, author) for draft in drafts[:3]]
    for report in signed[:2]:
        authorise_with(reviewer, report, authoriser)
    for record in confirmed[:1]:
        whole = report_facts.draft_identification(manager, record.identification.id, coordinator.person.id)
        report = sign_with(manager, whole, my_credential(manager, PASSWORD))
        authorise_with(coordinator, report, my_credential(coordinator, PASSWORD))


def staff_of(admin: Laboratory) -> dict[str, Laboratory]:
    """Everybody of the demonstration signed in on one store, by login."""
    return {login: sign_in(admin, login) for login, *_ in PEOPLE} | {"admin": admin}


def open_or_staff(path: Path) -> Laboratory:
    """The laboratory at `path`, or a new empty one with the demonstration's people; its administrator."""
    if not path.exists():
        with _beside(path) as unfinished:
            demonstration.staffed(str(unfinished)).close()
    return _open(path, "admin")


def _open(path: Path, login: str) -> Laboratory:
    from forensics.services.laboratories import open_laboratory

    try:
        return open_laboratory(str(path), login, PASSWORD, PASSPHRASE)
    except NominaError as error:
        raise Refused(
            f"“{path}” is there, but it can't be opened as a demonstration laboratory: {error} "
            "Name another place, or move the file away."
        ) from error


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """A place to make a laboratory in; it comes to `path` when it is whole, else nothing is left."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = Path(tempfile.mkdtemp(prefix=".unfinished-", dir=path.parent))
    except OSError as error:
        raise Unavailable(f"“{path}” can't be written ({error.strerror}); choose another place.") from None
    try:
        yield unfinished / path.name
        # The file itself comes last: once it is there, all of it is.
        parts = sorted(unfinished.iterdir(), key=lambda part: part.name == path.name)
        for part in parts:
            part.replace(path.with_name(part.name))
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
