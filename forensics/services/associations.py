"""Re-association as a person decides it: which two items, on what evidence, and what else each is part of."""

from dataclasses import dataclass
from uuid import UUID

from forensics.domain.kinship import Genotype
from forensics.domain.lines import AssociationLine, ItemLine
from forensics.domain.lists import ListQuery, Page
from forensics.domain.people import Permission
from forensics.domain.profiles import Profile, ProfileState
from forensics.domain.remains import Association, Individual, RemainsCase, RemainsItem
from forensics.domain.samples import Sample
from forensics.persistence import lines
from forensics.persistence.transaction import Transaction
from forensics.services.door import query


@dataclass(frozen=True, slots=True)
class LocusPair:
    """One locus of two profiles; None where it was not typed."""

    locus: str
    first: Genotype | None
    second: Genotype | None

    @property
    def compared(self) -> bool:
        return self.first is not None and self.second is not None

    @property
    def differs(self) -> bool:
        return self.compared and sorted(self.first or ()) != sorted(self.second or ())


@dataclass(frozen=True, slots=True)
class AssociationRecord:
    """An association as its page shows it; `loci` is empty for those who may not read profiles."""

    association: Association
    first: ItemLine
    second: ItemLine
    cases: tuple[RemainsCase, RemainsCase]
    individuals: tuple[Individual | None, Individual | None]
    loci: tuple[LocusPair, ...]

    @property
    def compared(self) -> int:
        return sum(pair.compared for pair in self.loci)

    @property
    def differing(self) -> tuple[str, ...]:
        return tuple(pair.locus for pair in self.loci if pair.differs)


@query(Permission.CASE_READ)
def association_list(tx: Transaction, query: ListQuery) -> Page[AssociationLine]:
    """The list of associations."""
    return lines.ASSOCIATIONS.page(tx, query)


@query(Permission.CASE_READ)
def association_record(tx: Transaction, id: UUID) -> AssociationRecord:
    """Everything about an association for its page."""
    found = tx.get(Association, id)
    items = [tx.get(RemainsItem, one) for one in (found.first, found.second)]
    first, second = (_line(tx, item) for item in items)
    return AssociationRecord(
        found,
        first,
        second,
        (tx.get(RemainsCase, items[0].case), tx.get(RemainsCase, items[1].case)),
        (_individual(tx, items[0]), _individual(tx, items[1])),
        _pairs(tx, items[0], items[1]) if Permission.PROFILE_READ in tx.permissions else (),
    )


def _line(tx: Transaction, item: RemainsItem) -> ItemLine:
    page = lines.ITEMS.page(tx, ListQuery(filters={"case": (item.case,)}, limit=2000))
    return next(line for line in page.rows if line.id == item.id)


def _individual(tx: Transaction, item: RemainsItem) -> Individual | None:
    return tx.get(Individual, item.individual) if item.individual else None


def _pairs(tx: Transaction, first: RemainsItem, second: RemainsItem) -> tuple[LocusPair, ...]:
    """The fullest accepted profile of each item, locus by locus."""
    one, other = _genotypes(tx, first), _genotypes(tx, second)
    return tuple(
        LocusPair(locus, one.get(locus), other.get(locus)) for locus in sorted({*one, *other}, key=str.lower)
    )


def _genotypes(tx: Transaction, item: RemainsItem) -> dict[str, Genotype]:
    samples = [s.id for s in tx.find(Sample, item=item.id, voided_at=None)]
    found = tx.find(Profile, sample=samples, state=ProfileState.ACCEPTED, voided_at=None) if samples else []
    fullest = max(found, key=lambda p: p.loci, default=None)
    return dict(fullest.genotypes) if fullest else {}
