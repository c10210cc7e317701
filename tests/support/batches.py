"""A bench for tests of batches: samples in their tubes, lots in date, instruments, run files of GeneMapper."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

from forensics.data import kits
from forensics.domain.kinship import Allele
from forensics.domain.laboratory import (
    INSTRUMENT_OF,
    NEEDED_LOT,
    Batch,
    Stage,
    Well,
    WellRole,
)
from forensics.domain.operations import Operation, OperationKind, ReadingPolicy
from forensics.domain.people import Role
from forensics.domain.quantities import Quantity
from forensics.domain.reading import Reading
from forensics.domain.remains import Description, ItemKind, RemainsCase
from forensics.domain.samples import Sample, SampleKind
from forensics.persistence import keys
from forensics.services import (
    batch_plates,
    batch_runs,
    batches,
    operations,
    people,
    profiles,
    reagents,
    remains,
    samples,
)
from forensics.services.door import Laboratory
from tests.support.laboratories import PASSWORD, Staffed

KIT = "GlobalFiler"
Genotypes = Mapping[str, tuple[Allele, ...]]


def person(seed: int, kit: str = KIT) -> dict[str, tuple[Allele, ...]]:
    """A genotype at every autosomal marker of the kit that the shipped frequencies know."""
    from forensics.data.frequencies import load

    dice, table = random.Random(seed), load("nist1036-caucasian")
    found: dict[str, tuple[Allele, ...]] = {"AMEL": ("X", "Y")}
    known = kits.kit(kit)
    assert known is not None
    for marker in known.markers:
        if marker in table.loci:
            alleles = list(table.loci[marker])
            weights = list(table.loci[marker].values())
            found[marker] = tuple(dict.fromkeys(dice.choices(alleles, weights, k=2)))
    return found


def control(name: str = "9947A", kit: str = KIT) -> dict[str, tuple[Allele, ...]]:
    """The certified genotype of a control DNA at the kit's markers."""
    known = kits.kit(kit)
    assert known is not None
    genotype = kits.controls()[name]
    return {marker: tuple(genotype[marker]) for marker in known.markers if marker in genotype}


def run_file(rows: Iterable[tuple[str, Genotypes]], kit: str = KIT) -> str:
    """A GeneMapper export: one line for each row, all peaks of a marker in one cell."""
    known = kits.kit(kit)
    assert known is not None
    head = "\t".join(["Sample File", "Sample Name", *known.markers])
    body = (
        "\t".join([f"{n:03d}.fsa", name, *(", ".join(genotypes.get(m, ())) for m in known.markers)])
        for n, (name, genotypes) in enumerate(rows, 1)
    )
    return "\n".join([head, *body]) + "\n"


def peak_table(rows: Iterable[tuple[str, Genotypes]], kit: str = KIT) -> str:
    """What GeneMapper ID-X exports by marker: alleles with their sizes in bases and heights in RFU."""
    known = kits.kit(kit)
    assert known is not None
    lines = [
        "Sample File\tSample Name\tPanel\tMarker\tAllele 1\tAllele 2\tSize 1\tSize 2\tHeight 1\tHeight 2"
    ]
    for n, (name, genotypes) in enumerate(rows, 1):
        for at, marker in enumerate(known.markers):
            alleles = genotypes.get(marker, ())
            peaks = range(len(alleles))
            cells = (
                alleles,
                [f"{100 + 9 * at + 4 * p}.{p}" for p in peaks],
                [str(900 - 40 * p) for p in peaks],
            )
            wide = "\t".join(word for cell in cells for word in (*cell, "", "")[:2])
            lines.append(f"{n:03d}.fsa\t{name}\t{kit}\t{marker}\t{wide}")
    return "\n".join(lines) + "\n"


@dataclass
class Bench:
    """A technician's bench; `staffed["tamara"]` works, `staffed["reviewer"]` releases."""

    staffed: Staffed
    folder: Path
    operation: UUID = field(init=False)
    lots: dict[Stage, UUID] = field(default_factory=dict)
    instruments: dict[Stage, UUID] = field(default_factory=dict)
    files: int = 0

    def __post_init__(self) -> None:
        new = Operation(
            title="Search", kind=OperationKind.ROUTINE, number_sought=9, reading=ReadingPolicy.ONE
        )
        self.operation = self.staffed["manager"].run(operations.create_operation, new).id
        later = date.today() + timedelta(days=200)
        for stage in Stage:
            lot = self.tech.run(reagents.register_lot, NEEDED_LOT[stage], f"{stage} reagent", "L1", later)
            self.lots[stage] = lot.id
            kind = INSTRUMENT_OF[stage]
            made = self.tech.run(reagents.register_instrument, kind, str(kind), f"S-{stage}", later)
            self.instruments[stage] = made.id

    @property
    def tech(self) -> Laboratory:
        return self.staffed["tamara"]

    def samples(self, count: int) -> list[Sample]:
        """Accessioned samples, each of its own item."""
        case = RemainsCase(
            operation=self.operation,
            received_at=datetime.now(UTC),
            received_from="mortuary",
            received_by=self.tech.person.id,
            description=Description.COMMINGLED,
        )
        made = self.tech.run(remains.receive_case, case)
        wanted = [remains.NewItem(ItemKind.BONE) for _ in range(count)]
        items = self.tech.run(remains.add_items, made.id, wanted)
        return [
            self.tech.run(
                samples.accession_sample, SampleKind.BONE, item=item.id, taken_outside="the mortuary"
            )
            for item in items
        ]

    def details(self, stage: Stage) -> batches.BatchDetails:
        return batches.BatchDetails(
            "SOP-12", "3", KIT, (self.lots[stage],), self.instruments[stage], control="9947A"
        )

    def draft(self, stage: Stage) -> Batch:
        return self.tech.run(batches.draw_up, self.operation, stage, self.details(stage))

    def scan(self, batch: UUID, tubes: Sequence[Sample]) -> list[Well]:
        return [self.tech.run(batch_plates.scan_tube, batch, tube.token) for tube in tubes]

    def running(self, stage: Stage, tubes: Sequence[Sample]) -> Batch:
        """A batch of these tubes, locked and started."""
        batch = self.draft(stage)
        self.scan(batch.id, tubes)
        self.tech.run(batches.lock_batch, batch.id)
        return self.tech.run(batches.start_batch, batch.id)

    def released(self, stage: Stage, tubes: Sequence[Sample]) -> Batch:
        """The same to its release, for the stages before the detection."""
        batch = self.running(stage, tubes)
        if stage is Stage.QUANTIFICATION:
            rows = [Quantity(w.position, small=0.2, large=0.1, ipc=27.0) for w in self.wells(batch.id)]
            rows = [r for r in rows if self.at(batch.id, r.position).role is WellRole.SAMPLE]
            self.tech.run(batch_runs.enter_quantities, batch.id, rows)
        self.tech.run(batch_runs.finish_batch, batch.id)
        return self.staffed["reviewer"].run(batches.release_batch, batch.id)

    def detection(self, tubes: Sequence[Sample]) -> Batch:
        """A detection that runs, after its three stages."""
        for stage in (Stage.EXTRACTION, Stage.QUANTIFICATION, Stage.AMPLIFICATION):
            self.released(stage, tubes)
        return self.running(Stage.DETECTION, tubes)

    def wells(self, batch: UUID) -> list[Well]:
        return [one.well for one in self.tech.run(batches.batch_record, batch).wells]

    def at(self, batch: UUID, position: str) -> Well:
        return next(well for well in self.wells(batch) if well.position == position)

    def rows(
        self, tubes: Sequence[Sample], others: Mapping[str, Genotypes] | None = None
    ) -> dict[str, Genotypes]:
        """A clean run of these tubes, by name; `others` replace some of its rows."""
        found: dict[str, Genotypes] = {"Ladder": {}, "RB": {}, "NC": {}, "PC_9947A": control()}
        found |= {tube.token: person(number) for number, tube in enumerate(tubes)}
        return found | dict(others or {})

    def reading(self, rows: Mapping[str, Genotypes]) -> Reading:
        self.files += 1
        path = self.folder / f"run{self.files}.txt"
        path.write_text(run_file(rows.items()))
        return profiles.read(path)

    def take_in(self, batch: UUID, rows: Mapping[str, Genotypes]) -> Batch:
        return self.tech.run(batch_runs.take_in_run, batch, self.reading(rows), "run.txt")


def second_technician(staffed: Staffed) -> Laboratory:
    """A colleague at the next bench."""
    people.admit(staffed.admin, "Teo Marin", "teo", keys.stretch(PASSWORD), [Role.TECHNICIAN])
    return staffed["teo"]
