"""The demonstration's operation, its events, sites and storage."""

from collections.abc import Sequence
from typing import Any

from forensics.domain.custody import PlaceKind
from forensics.domain.dates import UncertainDate
from forensics.domain.kinship import MutationKind
from forensics.domain.operations import Event, Operation, OperationKind, ReadingPolicy, Site, SiteKind
from forensics.services import (
    operations,
    storage,
)
from forensics.services.demonstration.stage import TABLE, Stage, invented, typed_loci


def found_operation(stage: Stage) -> None:
    """Operation, events and sites."""
    from forensics.data.frequencies import load

    words, manager = invented(), stage.staff["manager"]
    table = load(TABLE)
    stage.loci = typed_loci(table)
    data = manager.run(operations.take_frequencies, table)
    stage.operation = manager.run(
        operations.create_operation,
        Operation(
            title=words["operation"]["title"],
            kind=OperationKind.MIGRATION,
            territory=words["operation"]["territory"],
            period=UncertainDate(words["operation"]["period"]),
            number_sought=stage.size.families * 4,
            frequencies=data.id,
            theta=0.01,
            mutation=MutationKind.PROPORTIONAL,
            mutation_rate_male=0.002,
            mutation_rate_female=0.0005,
            minimum_frequency=0.001,
            reading=ReadingPolicy.ONE,
            legal_basis=words["operation"]["legal_basis"],
        ),
    )
    events = [_event(stage, row) for row in words["event"]]
    stage.sites = [_site(stage, row, events) for row in words["site"]]
    custodian = stage.staff["custodian"]
    building = custodian.run(storage.create_location, "Building A")
    room = custodian.run(storage.create_location, "Cold room 2", building.id)
    stage.places = [
        custodian.run(storage.create_location, f"Shelf {n}", room.id, 40, PlaceKind.SHELF).id
        for n in range(1, 9)
    ]


def _event(stage: Stage, row: dict[str, Any]) -> Event:
    new = Event(
        operation=stage.operation.id,
        title=row["title"],
        kind=row["kind"],
        date=UncertainDate(row["date"]),
        place=row["place"],
        dead_minimum=row["dead"][0],
        dead_maximum=row["dead"][1],
    )
    return stage.staff["manager"].run(operations.create_event, new)


def _site(stage: Stage, row: dict[str, Any], events: Sequence[Event]) -> Site:
    new = Site(
        operation=stage.operation.id,
        event=events[row["event"]].id,
        title=row["title"],
        kind=SiteKind(row["kind"]),
        latitude=row["latitude"],
        longitude=row["longitude"],
        accuracy_m=25.0,
    )
    return stage.staff["manager"].run(operations.create_site, new)
