"""The demonstration laboratory with its reports, and the walk through one case: made once, then opened again.

`forensics.services.demonstration` makes the cases; only here may reports be written and signed on them.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from forensics.domain.documents import ReportState
from forensics.domain.errors import NominaError, Refused, Unavailable
from forensics.domain.lists import ListQuery
from forensics.domain.matching import HypothesisState
from forensics.domain.progress import Progress, Silent
from forensics.services import demonstration
from forensics.services.demonstration import PASSPHRASE, PASSWORD, PEOPLE, SEED, Size, sign_in
from forensics.services.door import Laboratory
from forensics.services.workstation import demonstration_file

if TYPE_CHECKING:
    from reports.authority import Credential


_MATCH, _IDENTIFICATION = ("analyst", "reviewer"), ("manager", "coordinator")
REPORTS = (
    (_MATCH, ReportState.ISSUED),
    (_MATCH, ReportState.ISSUED),
    (_IDENTIFICATION, ReportState.ISSUED),
    (_MATCH, ReportState.SIGNED),
    (_MATCH, ReportState.DRAFT),
)
"""The demonstration's reports in the order of their making: who writes and who authorises, and how far they come."""


def open_or_make(
    path: Path | None = None,
    progress: Progress | None = None,
    seed: int = SEED,
    size: Size | None = None,
    login: str = "manager",
    reports: bool = True,
) -> Laboratory:
    """The demonstration laboratory at `path` (or its usual place), made when it is not there yet.

    Without `reports` its reports are left to `write_reports`, which may go on while somebody looks around.
    """
    path = path or demonstration_file()
    if not path.exists():
        make = build if reports else demonstration.build
        with _beside(path) as unfinished:
            make(str(unfinished), progress, seed, size).close()
    return _open(path, login)


def build(
    location: str, progress: Progress | None = None, seed: int = SEED, size: Size | None = None
) -> Laboratory:
    """A new demonstration laboratory with its reports, its administrator signed in."""
    watch = progress or Silent()
    admin = demonstration.build(location, watch, seed, size)
    watch.step(10, 10, "Reports, signed and waiting")
    write_reports(admin)
    return admin


def reports_outstanding(lab: Laboratory) -> int:
    """How many of the demonstration's reports nobody has begun yet."""
    from forensics.services import documents

    begun = sign_in(lab, "manager").run(documents.reports, ListQuery(limit=1)).total
    return max(0, len(REPORTS) - begun)


def write_reports(lab: Laboratory, progress: Progress | None = None) -> None:
    """Write and sign the demonstration's reports, one after the other, whoever is signed in at `lab`.

    Every act is kept as it is done; what was stopped is taken up by the next call with the first that nobody began.
    """
    watch, desk = progress or Silent(), _Desk(lab)
    for number in range(len(REPORTS) - reports_outstanding(lab), len(REPORTS)):
        watch.step(number, len(REPORTS), f"Report {number + 1} of {len(REPORTS)}")
        desk.write(number)


class _Desk:
    """Where the people of the demonstration write and sign; everybody unlocks the own certificate once."""

    def __init__(self, lab: Laboratory) -> None:
        self._lab = lab
        self._people: dict[str, Laboratory] = {}
        self._credentials: dict[str, Credential] = {}
        self._subjects = self._find_subjects()

    def write(self, number: int) -> None:
        """The report with this place in `REPORTS`; nothing where the laboratory has no such case."""
        from forensics.services.report_facts import draft_identification, draft_match
        from reports.issuing import authorise_with, sign_with

        (author, authoriser), state = REPORTS[number]
        subject = self._subjects[number]
        if subject is None:
            return
        draft = draft_identification if REPORTS[number][0] is _IDENTIFICATION else draft_match
        report = draft(self._person(author), subject, self._person(authoriser).person.id)
        if state is not ReportState.DRAFT:
            report = sign_with(self._person(author), report, self._credential(author))
        if state is ReportState.ISSUED:
            authorise_with(self._person(authoriser), report, self._credential(authoriser))

    def _find_subjects(self) -> list[UUID | None]:
        """What each report is about: a reviewed match, those of identifications first, or an identification."""
        from forensics.services import identifications, matching

        manager = self._person("manager")
        rows = manager.run(identifications.identifications, ListQuery(limit=100)).rows
        records = (manager.run(identifications.identification_record, row.id) for row in rows)
        confirmed = [one for one in records if one.identification.confirmed_by][:2]
        supported = ListQuery(filters={"state": (str(HypothesisState.SUPPORTED),)}, limit=100)
        matches = [one.hypothesis.id for one in confirmed]
        matches += [
            one.id for one in manager.run(matching.hypotheses, supported).rows if one.id not in matches
        ]
        of_kind = {_MATCH: iter(matches), _IDENTIFICATION: iter(one.identification.id for one in confirmed)}
        return [next(of_kind[who], None) for who, _ in REPORTS]

    def _person(self, login: str) -> Laboratory:
        if login not in self._people:
            self._people[login] = sign_in(self._lab, login)
        return self._people[login]

    def _credential(self, login: str) -> Credential:
        from reports.issuing import my_credential

        if login not in self._credentials:
            self._credentials[login] = my_credential(self._person(login), PASSWORD)
        return self._credentials[login]


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
