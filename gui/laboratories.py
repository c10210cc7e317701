"""The laboratories of this workstation for the sign-in window: remembered, created, opened, shown.

`Laboratories` is what the sign-in window needs; `Real` binds it to the services, which bring the database
and are therefore imported when they are first used.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QSettings, QStandardPaths

from forensics.domain.people import Role
from forensics.domain.progress import Progress
from gui.context import Lab

if TYPE_CHECKING:
    from forensics.services.door import Laboratory

KEPT = 6
ENDING = ".nomina"


@dataclass(frozen=True, slots=True)
class Known:
    """A laboratory that was opened here before; `location` is a file or a postgresql:// address."""

    location: str
    name: str
    login: str = ""


@dataclass(frozen=True, slots=True)
class SetUp:
    """What the guided set-up has gathered."""

    name: str
    location: str
    administrator: str
    login: str
    password: str
    passphrase: str
    roles: tuple[Role, ...]


@dataclass(frozen=True, slots=True)
class Opened:
    """An open laboratory and how it is called; `outstanding` is work that goes on beside the window."""

    lab: Lab
    name: str
    location: str
    outstanding: Callable[[Progress], None] | None = None


class Laboratories(Protocol):
    """What the sign-in window needs. `create`, `open` and `demonstrate` are called beside the window."""

    @property
    def can_demonstrate(self) -> bool: ...
    def known(self) -> list[Known]: ...
    def create(self, wanted: SetUp) -> Opened: ...
    def open(self, location: str, login: str, password: str, passphrase: str = "") -> Opened: ...
    def demonstrate(self, progress: Progress) -> Opened: ...
    def demonstration_logins(self, location: str) -> tuple[str, str] | None: ...
    def remember(self, opened: Opened) -> None: ...


class Real:
    """The laboratories that there are."""

    can_demonstrate = True

    def known(self) -> list[Known]:
        """Those opened here before that are still there, the latest first."""
        lines = QSettings().value("laboratories") or []
        known = [Known(*str(line).split("\t")) for line in (lines if isinstance(lines, list) else [lines])]
        if not known:
            known = _last()
        return [one for one in known if "://" in one.location or Path(one.location).exists()]

    def remember(self, opened: Opened) -> None:
        """Offer it first next time."""
        from forensics.services.workstation import last_laboratory, remember_laboratory

        remember_laboratory(opened.location)
        kept = last_laboratory() or opened.location  # an address without its password
        mine = Known(kept, opened.name, opened.lab.person.login)
        others = [one for one in self.known() if one.location != mine.location]
        lines = [f"{one.location}\t{one.name}\t{one.login}" for one in [mine, *others][:KEPT]]
        QSettings().setValue("laboratories", lines)

    def create(self, wanted: SetUp) -> Opened:
        from forensics.services.laboratories import NewLaboratory, create_laboratory

        lab = create_laboratory(
            NewLaboratory(
                location=wanted.location,
                name=wanted.name,
                administrator=wanted.administrator,
                login=wanted.login,
                password=wanted.password,
                passphrase=wanted.passphrase,
                administrator_roles=wanted.roles,
            )
        )
        return _named(lab, wanted.location)

    def open(self, location: str, login: str, password: str, passphrase: str = "") -> Opened:
        from forensics.services.laboratories import open_laboratory

        opened = _named(open_laboratory(location, login, password, passphrase), location)
        return _with_reports(opened) if self.demonstration_logins(location) else opened

    def demonstrate(self, progress: Progress) -> Opened:
        """The demonstration laboratory, made when it is not there yet; its case manager is signed in.

        Its reports are written when it is open.
        """
        from forensics.services.demonstration import PASSWORD, PEOPLE
        from reports.demonstrating import open_or_make

        lab = open_or_make(progress=progress, reports=False)
        logins = ", ".join(["admin", *(login for login, *_ in PEOPLE)])
        QSettings().setValue("demonstration", f"{logins}\t{PASSWORD}")
        return _with_reports(_named(lab, lab.store.location))

    def demonstration_logins(self, location: str) -> tuple[str, str] | None:
        """The logins of the demonstration laboratory and their one password, where `location` is it."""
        logins, _, password = str(QSettings().value("demonstration") or "").partition("\t")
        if not password:
            return None
        from forensics.services.workstation import demonstration_file

        return (logins, password) if Path(location) == demonstration_file() else None


def _named(lab: Laboratory, location: str) -> Opened:
    from forensics.services.operations import laboratory

    return Opened(lab, lab.run(laboratory).name, location)


def _with_reports(opened: Opened) -> Opened:
    """The demonstration, with the work that writes its reports where they are not all there."""
    from forensics.services.door import Laboratory
    from reports.demonstrating import reports_outstanding, write_reports

    assert isinstance(opened.lab, Laboratory)
    if not reports_outstanding(opened.lab):
        return opened
    return replace(opened, outstanding=partial(write_reports, opened.lab))


def _last() -> list[Known]:
    from forensics.services.workstation import last_laboratory

    path = last_laboratory()
    return [Known(path, Path(path).stem)] if path is not None else []


def usual_folder() -> Path:
    """Where a new laboratory is proposed to lie."""
    place = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    return Path(place or Path.home()) / "Nomina"
