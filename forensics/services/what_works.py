"""What works: how often bones of each kind gave a profile here, and which bone to cut next."""

from dataclasses import dataclass
from uuid import UUID

from forensics.domain.people import Permission
from forensics.domain.proportions import Proportion
from forensics.persistence import success
from forensics.persistence.transaction import Transaction
from forensics.services.door import query

ENOUGH_LOCI = 12
"""Loci from which a profile counts as a success: below, a search against many families says little."""

FEW = 5
"""Trials below which an own share says less than the laboratory's whole."""

MOST_ITEMS = 2_000
NEXT = 25


@dataclass(frozen=True, slots=True)
class Rate:
    """How often one kind worked; `mass` is the mean that was cut, in mg, where it was weighed."""

    name: str
    success: Proportion
    mass: float | None

    @property
    def mass_each(self) -> float | None:
        """The mass that one profile costs: of all that was cut, also in vain."""
        return self.mass / self.success.share if self.mass is not None and self.success.worked else None


@dataclass(frozen=True, slots=True)
class Candidate:
    """An item from which nothing was cut yet, with what its kind promises; `own`: the kind was tried often enough."""

    id: UUID
    number: str
    element: str
    preservation: str
    rate: Rate
    own: bool


@dataclass(frozen=True, slots=True)
class WhatWorks:
    """The laboratory's own figures, the surest first."""

    whole: Rate
    elements: tuple[Rate, ...]
    preservations: tuple[Rate, ...]
    methods: tuple[Rate, ...]
    next: tuple[Candidate, ...]


@query(Permission.PROFILE_READ)
def what_works(tx: Transaction, operation: UUID | None = None) -> WhatWorks:
    """Success by element, preservation and extraction method, and the bones that promise most."""
    elements = _rates(tx, "element", operation)
    tried = sum(rate.success.tried for rate in elements)
    worked = sum(rate.success.worked for rate in elements)
    weighed = [(rate.mass, rate.success.tried) for rate in elements if rate.mass is not None]
    many = sum(number for _, number in weighed)
    mean = sum(mass * number for mass, number in weighed) / many if many else None
    whole = Rate("", Proportion(worked, tried), mean)
    return WhatWorks(
        whole,
        elements,
        _rates(tx, "preservation", operation),
        _rates(tx, "method", operation),
        _next(tx, operation, {rate.name: rate for rate in elements}, whole),
    )


def _rates(tx: Transaction, group: str, operation: UUID | None) -> tuple[Rate, ...]:
    counts = success.counted(tx, group, operation, ENOUGH_LOCI)
    rates = (Rate(name, Proportion(worked, tried), mass) for name, tried, worked, mass in counts)
    return tuple(sorted(rates, key=lambda rate: -rate.success.interval[0]))


def _next(
    tx: Transaction, operation: UUID | None, known: dict[str, Rate], whole: Rate
) -> tuple[Candidate, ...]:
    """By what is surely reached (the lower end of the interval); a kind tried too little counts as the whole."""
    found = []
    for item in success.unsampled(tx, operation, MOST_ITEMS):
        rate = known.get(item.element)
        own = rate is not None and rate.success.tried >= FEW
        found.append(
            Candidate(
                item.id, item.number, item.element, item.preservation, rate if rate and own else whole, own
            )
        )
    return tuple(sorted(found, key=lambda one: -one.rate.success.interval[0])[:NEXT])
