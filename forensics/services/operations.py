"""Operations with their policies, frequency tables, events and sites."""

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from forensics.domain.errors import Invalid
from forensics.domain.kinship import FrequencyTable, MutationKind, MutationModel
from forensics.domain.lines import SiteLine
from forensics.domain.lists import ListQuery, Page
from forensics.domain.loci import allele_order
from forensics.domain.operations import Event, FrequencyData, Operation, Organisation, Site, SiteState
from forensics.domain.people import Permission
from forensics.persistence import lines
from forensics.persistence.transaction import Transaction
from forensics.services.door import command, query

ROUNDING = 0.01  # published tables are rounded; their sums miss one by less than this


@query(Permission.SETTINGS_READ)
def laboratory(tx: Transaction) -> Organisation:
    """Our own organisation."""
    own = tx.one(Organisation, own=True)
    if own is None:
        raise Invalid("This database names no laboratory of its own.")
    return own


@command(Permission.SETTINGS_CHANGE)
def change_laboratory(tx: Transaction, seen: Organisation, fields: Mapping[str, Any]) -> Organisation:
    """Name, address, accreditation… as they stand on reports; `seen` is the version worked on."""
    return tx.change(seen, **fields)


@query(Permission.SETTINGS_READ)
def operations(tx: Transaction) -> list[Operation]:
    """All operations, newest first."""
    return tx.find(Operation, voided_at=None)[::-1]


@query(Permission.SETTINGS_READ)
def operation(tx: Transaction, id: UUID) -> Operation:
    """One operation."""
    return tx.get(Operation, id)


@command(Permission.OPERATION_MANAGE)
def create_operation(tx: Transaction, new: Operation) -> Operation:
    """A new search with its policies."""
    _demand_sound(new)
    return tx.add(new)


@command(Permission.OPERATION_MANAGE)
def change_operation(tx: Transaction, seen: Operation, fields: Mapping[str, Any]) -> Operation:
    """Other policies from now on; results keep the ones they were computed with."""
    changed = tx.change(seen, **fields)
    _demand_sound(changed)
    return changed


def _demand_sound(op: Operation) -> None:
    if not op.title.strip():
        raise Invalid("Give the operation a title.")
    if op.number_sought < 1:
        raise Invalid("At least one person must be sought: the prior is 1 / number sought.")
    if not 0.5 <= op.threshold < 1:
        raise Invalid("The posterior threshold must lie between 0.5 and 1, for instance 0.9995.")
    if not 0 <= op.theta <= 0.1:
        raise Invalid("θ must lie between 0 and 0.1; 0.01 to 0.03 are usual.")
    if op.consensus < 1:
        raise Invalid("An allele must be seen in at least one replicate; two are usual.")
    rates = (op.mutation_rate_male, op.mutation_rate_female, op.mutation_rate2)
    if any(not 0 <= rate < 0.5 for rate in rates) or not 0 < op.mutation_range <= 1:
        raise Invalid("Mutation rates lie between 0 and 0.5 per meiosis, the range between 0 and 1.")


def required_log10_lr(number_sought: int, threshold: float) -> float:
    """log10 of the LR that a policy asks for: with prior 1/N the posterior must reach `threshold`."""
    from forensics.genetics.posterior import required_log10_lr as required

    return required(threshold, number_sought)


def mutation_of(op: Operation) -> MutationModel | None:
    """The mutation model of an operation's policy; None when it has none."""
    if op.mutation is None or not (op.mutation_rate_male or op.mutation_rate_female):
        return None
    stepwise = op.mutation is MutationKind.STEPWISE
    return MutationModel(
        op.mutation,
        rate_male=op.mutation_rate_male,
        rate_female=op.mutation_rate_female,
        rate2_male=op.mutation_rate2 if stepwise else 0.0,
        rate2_female=op.mutation_rate2 if stepwise else 0.0,
        range_male=op.mutation_range,
        range_female=op.mutation_range,
    )


@command(Permission.OPERATION_MANAGE)
def take_frequencies(tx: Transaction, table: FrequencyTable) -> FrequencyData:
    """Keep a frequency table with its published figures; the same table is kept once."""
    for locus, alleles in table.loci.items():
        if abs(math.fsum(alleles.values()) - 1) > ROUNDING:
            raise Invalid(
                f"The frequencies of {locus} in {table.name} add up to {math.fsum(alleles.values()):.4f}; "
                "an allele is missing or mistyped: correct the table and read it again."
            )
    found = tx.one(FrequencyData, digest=table.digest) if table.digest else None
    return found or tx.add(
        FrequencyData(
            name=table.name,
            population=table.population,
            source=table.source,
            digest=table.digest,
            content={locus: dict(alleles) for locus, alleles in table.loci.items()},
            sizes=dict(table.sizes),
        )
    )


@query(Permission.SETTINGS_READ)
def frequency_tables(tx: Transaction) -> list[FrequencyData]:
    """The tables in use, with their content."""
    return tx.find(FrequencyData, order="name", voided_at=None)


def table_of(data: FrequencyData) -> FrequencyTable:
    """A kept table as the engine takes it: alleles in ladder order, each locus scaled to sum to one."""
    from forensics.data.frequencies import normalised

    loci = {x: {a: found[a] for a in sorted(found, key=allele_order)} for x, found in data.content.items()}
    return normalised(FrequencyTable(data.name, loci, data.population, data.sizes, data.source, data.digest))


@command(Permission.SITE_RECORD)
def create_event(tx: Transaction, new: Event) -> Event:
    """What happened, with its estimated numbers."""
    _demand_event(new)
    return tx.add(new)


@command(Permission.SITE_RECORD)
def change_event(tx: Transaction, seen: Event, fields: Mapping[str, Any]) -> Event:
    """Better knowledge of what happened; `seen` is the version worked on."""
    _demand_event(replace(seen, **fields))
    return tx.change(seen, **fields)


def _demand_event(event: Event) -> None:
    if not event.title.strip():
        raise Invalid("Give the event a title.")
    for low, high in (
        (event.dead_minimum, event.dead_maximum),
        (event.missing_minimum, event.missing_maximum),
    ):
        if low is not None and high is not None and low > high:
            raise Invalid("The smaller estimate must come first.")


@command(Permission.SITE_RECORD)
def create_site(tx: Transaction, new: Site) -> Site:
    """A place of recovery."""
    _demand_site(new)
    return tx.add(new)


@command(Permission.SITE_RECORD)
def change_site(tx: Transaction, seen: Site, fields: Mapping[str, Any]) -> Site:
    """Better knowledge of a place of recovery; `seen` is the version worked on."""
    _demand_site(replace(seen, **fields))
    return tx.change(seen, **fields)


def _demand_site(site: Site) -> None:
    if not site.title.strip():
        raise Invalid("Give the site a title.")
    if site.latitude is not None and not -90 <= site.latitude <= 90:
        raise Invalid(f"A latitude of {site.latitude} does not exist; it lies between −90 and 90 degrees.")
    if site.longitude is not None and not -180 <= site.longitude <= 180:
        raise Invalid(
            f"A longitude of {site.longitude} does not exist; it lies between −180 and 180 degrees."
        )


@command(Permission.SITE_RECORD)
def set_site_state(tx: Transaction, id: UUID, state: SiteState) -> Site:
    """How far work at the site has come."""
    return tx.change(tx.get(Site, id), state=state)


@query(Permission.CASE_READ)
def sites(tx: Transaction, query: ListQuery) -> Page[SiteLine]:
    """The list of sites."""
    return lines.SITES.page(tx, query)


@query(Permission.CASE_READ)
def events(tx: Transaction, operation: UUID) -> list[Event]:
    """Events of an operation."""
    return tx.find(Event, operation=operation, voided_at=None)


@query(Permission.CASE_READ)
def event(tx: Transaction, id: UUID) -> Event:
    """One event."""
    return tx.get(Event, id)


@query(Permission.CASE_READ)
def site(tx: Transaction, id: UUID) -> Site:
    """One site."""
    return tx.get(Site, id)
