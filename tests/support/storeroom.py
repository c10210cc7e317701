"""A laboratory with a storeroom: a room, a shelf, a box of 3 × 4 positions, four bones and three samples."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from forensics.domain.custody import PlaceKind, StorageLocation
from forensics.domain.lists import ListQuery
from forensics.domain.operations import Operation, OperationKind
from forensics.domain.remains import Description, ItemKind, RemainsCase, RemainsItem
from forensics.domain.samples import Sample, SampleKind
from forensics.services import operations, remains, samples, storage
from forensics.services.door import Laboratory
from tests.support.laboratories import Staffed, create


@dataclass
class Storeroom:
    """What lies where, and the people who move it."""

    labs: Staffed
    room: StorageLocation
    shelf: StorageLocation
    box: StorageLocation
    items: list[UUID]
    samples: list[Sample]

    @property
    def custodian(self) -> Laboratory:
        return self.labs["custodian"]

    @property
    def technician(self) -> Laboratory:
        return self.labs["tamara"]

    def item(self, at: int = 0) -> RemainsItem:
        """As the database has it now."""
        return self.custodian.run(remains.item_record, self.items[at]).item

    def sample(self, at: int = 0) -> Sample:
        return self.technician.run(samples.sample_record, self.samples[at].id).sample


def furnish(labs: Staffed) -> Storeroom:
    """Four bones on the shelf; three bone samples of 500 mg each without a place."""
    new = Operation(title="Search", kind=OperationKind.ROUTINE, number_sought=9)
    operation = labs["manager"].run(operations.create_operation, new)
    custodian, technician = labs["custodian"], labs["tamara"]
    house = custodian.run(storage.create_location, "House")
    room = custodian.run(storage.create_location, "Room 1", house.id)
    shelf = custodian.run(storage.create_location, "Shelf 2", room.id, 40, PlaceKind.SHELF)
    box = custodian.run(storage.create_location, "Box 7", shelf.id, kind=PlaceKind.BOX, rows=3, columns=4)
    case = RemainsCase(
        operation=operation.id,
        received_at=datetime.now(UTC) - timedelta(days=100),
        received_from="City mortuary",
        received_by=technician.person.id,
        description=Description.COMMINGLED,
    )
    bones = [remains.NewItem(ItemKind.BONE, name) for name in ("femur", "tibia", "humerus", "mandible")]
    technician.run(remains.receive_case, case, bones, shelf.id)
    items = [line.id for line in technician.run(remains.items, ListQuery()).rows]
    made = [
        technician.run(
            samples.accession_sample, SampleKind.BONE, item=item, taken_outside="mortuary", mass_mg=500.0
        )
        for item in items[:3]
    ]
    return Storeroom(labs, room, shelf, box, items, made)


@pytest.fixture
def storeroom(staffed: Staffed) -> Storeroom:
    """In an encrypted file."""
    return furnish(staffed)


@pytest.fixture(params=["file", "server"])
def either_storeroom(
    request: pytest.FixtureRequest, tmp_path: Path, fresh_database: Callable[..., str]
) -> Iterator[Storeroom]:
    """In a file, and on a database server."""
    location = str(tmp_path / "storeroom.nomina") if request.param == "file" else fresh_database()
    labs = create(location)
    yield furnish(labs)
    labs.close()


__all__ = ["Storeroom", "either_storeroom", "storeroom"]
