"""A laboratory that has grown: so many items, samples, profiles and missing persons, all invented.

The records are saved through the same transaction as people's, in acts of a few thousand; only the work
that would have led to them is left out.
"""

import random
from collections.abc import Callable, Iterable
from uuid import UUID

from forensics.domain.anthropology import Side
from forensics.domain.custody import PlaceKind, StorageLocation
from forensics.domain.families import Donor, Family, MissingPerson, Relative
from forensics.domain.kinship import Genotype, Sex
from forensics.domain.numbers import new_token
from forensics.domain.operations import Operation, OperationKind
from forensics.domain.people import Permission, Role
from forensics.domain.profiles import Profile, ProfileImport
from forensics.domain.progress import Progress, Silent
from forensics.domain.remains import Description, ItemKind, RemainsCase, RemainsItem
from forensics.domain.samples import Sample, SampleKind, SampleState
from forensics.persistence.transaction import Transaction
from forensics.services.door import Laboratory, command
from forensics.services.laboratories import NewLaboratory, create_laboratory

ITEMS_OF_A_CASE = 10
SIDE = 9  # positions along the edge of a box
ONE_ACT = 5000  # records of a kind
LOCI = tuple(f"locus {number}" for number in range(1, 21))
ELEMENTS = ("femur", "tibia", "humerus", "mandible", "rib", "pelvis", "skull")
SYLLABLES = ("ba", "dri", "ka", "lo", "me", "na", "ri", "sha", "to", "ve", "xo", "zu")


def grown_laboratory(
    location: str, size: int, seed: int = 1, progress: Progress | None = None
) -> tuple[Laboratory, UUID]:
    """A new laboratory with `size` items, samples and missing persons and half as many profiles; its operation.

    Everybody's passphrase and password is the invented one below: such a laboratory is for measuring alone.
    """
    new = NewLaboratory(
        location, "Grown", "Measurer", "measurer", "for measuring", "for measuring only",
        administrator_roles=tuple(Role),
    )  # fmt: skip
    lab = create_laboratory(new)
    watch = progress or Silent()
    operation = lab.run(_begin)
    steps: list[Callable[[int, int], None]] = [
        lambda first, count: lab.run(_remains, operation.id, first, count, seed),
        lambda first, count: lab.run(_families, operation.id, first, count, seed),
    ]
    for number, step in enumerate(steps):
        for first in range(0, size, ONE_ACT):
            watch.step(number * size + first, len(steps) * size, "records")
            step(first, min(ONE_ACT, size - first))
    return lab, operation.id


@command(Permission.OPERATION_MANAGE)
def _begin(tx: Transaction) -> Operation:
    return tx.add(Operation(title="Grown", kind=OperationKind.ROUTINE, number_sought=100_000))


@command(Permission.REMAINS_RECEIVE)
def _remains(tx: Transaction, operation: UUID, first: int, count: int, seed: int) -> None:
    """Cases with their items, a sample of each, a profile of every other one."""
    chance = random.Random(f"{seed} remains {first}")
    cases = tx.add_all(_case(tx, operation) for _ in range(-(-count // ITEMS_OF_A_CASE)))
    items = tx.add_all(
        _item(operation, cases[i // ITEMS_OF_A_CASE].id, first + i, chance) for i in range(count)
    )
    boxes = _boxes(tx, first, count)
    samples = tx.add_all(_sample(operation, item.id, *boxes[number]) for number, item in enumerate(items))
    source = tx.add(
        ProfileImport(
            operation=operation, file_name=f"run {first}.csv", format="invented", digest=f"{seed} {first}",
            profiles=len(samples) // 2,
        )
    )  # fmt: skip
    tx.add_all(_profiles(tx, samples[::2], source.id, chance))


def _case(tx: Transaction, operation: UUID) -> RemainsCase:
    return RemainsCase(
        operation=operation,
        received_at=tx.now,
        received_from="Mortuary",
        received_by=tx.me,
        description=Description.SKELETAL,
    )


def _item(operation: UUID, case: UUID, number: int, chance: random.Random) -> RemainsItem:
    return RemainsItem(
        operation=operation,
        case=case,
        kind=ItemKind.BONE,
        element=chance.choice(ELEMENTS),
        side=chance.choice((Side.LEFT, Side.RIGHT)),
        external_number=f"B{number}",
    )


def _boxes(tx: Transaction, first: int, count: int) -> list[tuple[UUID, str]]:
    """A free position for each of so many things, in boxes of 9 × 9 of one freezer."""
    building = StorageLocation(name=f"Building {first}", kind=PlaceKind.BUILDING)
    freezer = StorageLocation(name=f"Freezer {first}", kind=PlaceKind.UNIT, parent=building.id)
    tx.add_all([building])
    tx.add_all([freezer])
    boxes = tx.add_all(
        StorageLocation(name=f"Box {n}", kind=PlaceKind.BOX, parent=freezer.id, rows=SIDE, columns=SIDE)
        for n in range(-(-count // SIDE**2))
    )
    return [(box.id, position) for box in boxes for position in box.positions][:count]


def _sample(operation: UUID, item: UUID, place: UUID, position: str) -> Sample:
    return Sample(
        operation=operation,
        token=new_token(),
        item=item,
        kind=SampleKind.BONE,
        state=SampleState.ACCESSIONED,
        taken_outside="invented",
        place=place,
        position=position,
    )


def _profiles(
    tx: Transaction, samples: Iterable[Sample], source: UUID, chance: random.Random
) -> Iterable[Profile]:
    for sample in samples:
        genotypes: dict[str, Genotype] = {
            locus: (str(chance.randint(8, 20)), str(chance.randint(8, 20))) for locus in LOCI
        }
        calls: dict[str, tuple[tuple[str, float | None, float | None, str], ...]] = {
            locus: tuple((allele, 800.0, None, "called") for allele in pair)
            for locus, pair in genotypes.items()
        }
        yield Profile(
            operation=sample.operation,
            sample=sample.id,
            source=source,
            calls=calls,
            genotypes=genotypes,
            loci=len(LOCI),
            imported_by=tx.me,
        )


@command(Permission.FAMILY_RECORD)
def _families(tx: Transaction, operation: UUID, first: int, count: int, seed: int) -> None:
    """Missing persons, each with a family and one donor."""
    chance = random.Random(f"{seed} families {first}")
    families = tx.add_all(
        Family(operation=operation, title=f"Family of {_name(chance)}", external_number=f"F{first + i}")
        for i in range(count)
    )
    sought = tx.add_all(
        MissingPerson(
            operation=operation,
            family=family.id,
            token=new_token(),
            given_names=_name(chance),
            family_names=_name(chance),
        )
        for family in families
    )
    relatives = tx.add_all(
        Relative(family=family.id, code="mother", sex=Sex.FEMALE, relation="mother") for family in families
    )
    tx.add_all(
        Relative(family=p.family, code="missing", sex=Sex.UNKNOWN, mother="mother", missing_person=p.id)
        for p in sought
    )
    tx.add_all(
        Donor(family=relative.family, relative=relative.id, token=new_token(), name=_name(chance))
        for relative in relatives
    )


def _name(chance: random.Random) -> str:
    return "".join(chance.choice(SYLLABLES) for _ in range(chance.randint(2, 4))).capitalize()
