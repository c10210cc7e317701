"""Imported profiles and people to read them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from forensics.domain.lists import ListQuery
from forensics.domain.operations import Operation, OperationKind, ReadingPolicy
from forensics.domain.people import Role
from forensics.domain.remains import Description, RemainsCase
from forensics.services import operations, people, profiles, remains
from forensics.services.door import Laboratory
from tests.support.laboratories import PASSWORD, Staffed


def an_operation(staffed: Staffed, *, two: bool = True) -> tuple[UUID, UUID]:
    """An operation whose profiles are read twice (or once), and a case of it."""
    policy = ReadingPolicy.TWO if two else ReadingPolicy.ONE
    new = Operation(title="Search", kind=OperationKind.ROUTINE, number_sought=9, reading=policy)
    operation = staffed["manager"].run(operations.create_operation, new).id
    technician = staffed["tamara"]
    case = RemainsCase(
        operation=operation,
        received_at=datetime.now(UTC),
        received_from="mortuary",
        received_by=technician.person.id,
        description=Description.COMMINGLED,
    )
    return operation, technician.run(remains.receive_case, case).id


def imported(staffed: Staffed, folder: Path, text: str, *, two: bool = True) -> list[UUID]:
    """The profiles of a run file, taken in by a technician."""
    operation, case = an_operation(staffed, two=two)
    return take_in(staffed, folder / "run.txt", text, profiles.ImportOptions(operation, "run.txt", case=case))


def take_in(staffed: Staffed, path: Path, text: str, options: profiles.ImportOptions) -> list[UUID]:
    """The profiles of one more file."""
    path.write_text(text, encoding="utf-8")
    lab = staffed["tamara"]
    before = {line.id for line in lab.run(profiles.profiles, ListQuery(limit=1000)).rows}
    lab.run(profiles.import_reading, profiles.read(path), options)
    rows = lab.run(profiles.profiles, ListQuery(limit=1000, sort="number")).rows
    return [line.id for line in rows if line.id not in before]


def second_people(staffed: Staffed) -> list[Laboratory]:
    """Two more analysts."""
    logins = ["analyst2", "analyst3"]
    for login in logins:
        people.add_person(staffed.admin, login.title(), login, PASSWORD, [Role.DNA_ANALYST])
    return [staffed[login] for login in logins]
