"""The demonstration's laboratory work: lots and instruments, batches that wait, one that failed, one half set up."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from forensics.domain.kinship import Genotype, Sex
from forensics.domain.laboratory import (
    INSTRUMENT_OF,
    NEEDED_LOT,
    Batch,
    LotKind,
    WellRole,
)
from forensics.domain.laboratory import Stage as Step
from forensics.domain.lists import ListQuery
from forensics.domain.quality import EliminationCategory
from forensics.domain.quantities import Quantity
from forensics.domain.reading import Reading, ReadProfile
from forensics.domain.samples import Sample, SampleKind
from forensics.services import (
    batch_plates,
    batch_runs,
    batches,
    elimination,
    gene_dropping,
    reagents,
    remains,
    samples,
)
from forensics.services.demonstration.stage import TABLE, Stage, read_profile

KIT, CONTROL = "GlobalFiler", "007"
_LOTS = (
    (LotKind.EXTRACTION_KIT, "PrepFiler BTA", "2405117", 210),
    (LotKind.QUANTIFICATION_KIT, "Quantifiler Trio", "2403208", 18),
    (LotKind.AMPLIFICATION_KIT, "GlobalFiler", "2404066", 320),
    (LotKind.POSITIVE_CONTROL, "Control DNA 007", "2404067", 320),
    (LotKind.SIZE_STANDARD, "GeneScan 600 LIZ v2", "2402119", 150),
    (LotKind.LADDER, "GlobalFiler allelic ladder", "2404068", 320),
    (LotKind.FORMAMIDE, "Hi-Di formamide", "2310442", -12),
)
"""Kind, name, lot, and the days from today on which it expires."""

_INSTRUMENTS = (
    (Step.EXTRACTION, "AutoMate Express", "AM-20117", 140),
    (Step.QUANTIFICATION, "QuantStudio 5", "QS-51230", 75),
    (Step.AMPLIFICATION, "ProFlex", "PF-33018", 24),
    (Step.DETECTION, "3500xL", "GA-35091", 190),
)
_PROTOCOLS = {
    Step.EXTRACTION: "Bone extraction, total demineralisation",
    Step.QUANTIFICATION: "Quantification in real time",
    Step.AMPLIFICATION: "Amplification, 29 cycles",
    Step.DETECTION: "Capillary electrophoresis",
}


def work_batches(stage: Stage) -> None:
    """Batches in the laboratory, from the tube to the run."""
    bench = _Bench(stage)
    tubes = bench.tubes(16)
    first = bench.detection(tubes[:7])
    bench.take_in(first, tubes[:7], {})
    second = bench.detection(tubes[7:12])
    bench.take_in(second, tubes[7:12], {"NC": {"TH01": ("6", "9.3"), "D8S1179": ("13", "13")}})
    draft = bench.draw_up(Step.EXTRACTION)
    bench.tech.run(batch_plates.fill_plate, draft.id)
    bench.scan(draft, tubes[12:14])


class _Bench:
    """One technician's bench."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.tech, self.reviewer = stage.staff["tamara"], stage.staff["reviewer"]
        today = datetime.now(UTC).date()
        lots = [
            self.tech.run(reagents.register_lot, kind, name, lot, today + timedelta(days))
            for kind, name, lot, days in _LOTS
        ]
        self.lots = {lot.kind: lot.id for lot in lots}
        self.instruments: dict[Step, UUID] = {}
        for step, name, serial, days in _INSTRUMENTS:
            due = today + timedelta(days)
            made = self.tech.run(reagents.register_instrument, INSTRUMENT_OF[step], name, serial, due)
            self.instruments[step] = made.id
        self._keep_staff_out()

    def _keep_staff_out(self) -> None:
        manager = self.stage.staff["quality"]
        for category, name in (
            (EliminationCategory.STAFF, self.tech.person.name),
            (EliminationCategory.EXCAVATOR, "Team at the site (invented)"),
            (EliminationCategory.MORTUARY, "Mortuary assistant (invented)"),
        ):
            manager.run(elimination.enter_elimination, category, name, self._stranger("run"))

    def _stranger(self, name: str) -> ReadProfile:
        from forensics.data.frequencies import load

        dice = self.stage.dice
        genotypes = gene_dropping.stranger(load(TABLE), self.stage.loci, dice)
        return read_profile(name, genotypes, dice.choice([Sex.MALE, Sex.FEMALE]))

    def tubes(self, count: int) -> list[Sample]:
        """Second samples of some items, taken by the field team."""
        whole = ListQuery(filters={"operation": (self.stage.operation.id,)}, sort="number", limit=count)
        items = self.tech.run(remains.items, whole).rows
        return [
            self.tech.run(
                samples.accession_sample, SampleKind.BONE, item=item.id, taken_outside="the field team"
            )
            for item in items
        ]

    def draw_up(self, step: Step) -> Batch:
        kinds = [NEEDED_LOT[step]]
        kinds += {
            Step.AMPLIFICATION: [LotKind.POSITIVE_CONTROL],
            Step.DETECTION: [LotKind.LADDER],
        }.get(step, [])
        details = batches.BatchDetails(
            _PROTOCOLS[step],
            "4",
            KIT if step in (Step.AMPLIFICATION, Step.DETECTION) else "",
            tuple(self.lots[kind] for kind in kinds),
            self.instruments[step],
            CONTROL,
        )
        return self.tech.run(batches.draw_up, self.stage.operation.id, step, details)

    def scan(self, batch: Batch, tubes: Sequence[Sample]) -> None:
        for tube in tubes:
            self.tech.run(batch_plates.scan_tube, batch.id, tube.token)

    def _running(self, step: Step, tubes: Sequence[Sample]) -> Batch:
        batch = self.draw_up(step)
        self.scan(batch, tubes)
        self.tech.run(batches.lock_batch, batch.id)
        return self.tech.run(batches.start_batch, batch.id)

    def detection(self, tubes: Sequence[Sample]) -> Batch:
        """A detection that runs, after the three stages before it."""
        for step in (Step.EXTRACTION, Step.QUANTIFICATION, Step.AMPLIFICATION):
            batch = self._running(step, tubes)
            if step is not Step.AMPLIFICATION:
                self.tech.run(batch_runs.enter_quantities, batch.id, self._measured(batch))
            self.tech.run(batch_runs.finish_batch, batch.id)
            self.reviewer.run(batches.release_batch, batch.id)
        return self._running(Step.DETECTION, tubes)

    def _measured(self, batch: Batch) -> list[Quantity]:
        """What bone gives: little, and degraded."""
        dice = self.stage.dice
        wells = self.tech.run(batches.batch_record, batch.id).wells
        if batch.stage is Step.EXTRACTION:
            return [Quantity(one.well.position, volume_ul=50.0) for one in wells]
        found = []
        for one in wells:
            small = round(dice.lognormvariate(-2.5, 1), 4) if one.well.role is WellRole.SAMPLE else 0.0
            large = round(small / dice.uniform(1.2, 9), 4)
            found.append(
                Quantity(one.well.position, None, small, large, None, round(dice.gauss(27.4, 0.2), 2))
            )
        return found

    def take_in(
        self, batch: Batch, tubes: Sequence[Sample], controls: Mapping[str, Mapping[str, Genotype]]
    ) -> None:
        """A run as the instrument's software exports it."""
        from forensics.data.kits import controls as known

        read = {"Ladder": {}, "RB": {}, "NC": {}, f"PC-{CONTROL}": dict(known()[CONTROL])}
        rows = [read_profile(n, dict(controls.get(n, r)), Sex.UNKNOWN) for n, r in read.items()]
        rows += [self._stranger(tube.token) for tube in tubes]
        reading = Reading("demonstration", f"demonstration {batch.number}", profiles=tuple(rows))
        self.tech.run(batch_runs.take_in_run, batch.id, reading, f"{batch.number}.txt")
