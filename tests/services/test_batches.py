"""A batch from tubes to its release; what is refused on the way, and how a failed one is planned anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from threading import Barrier
from uuid import UUID

import pytest

from forensics.domain.errors import Invalid, NominaError, Refused
from forensics.domain.laboratory import (
    BatchState,
    LotKind,
    LotState,
    Stage,
    WellRole,
    WellState,
)
from forensics.domain.lists import ListQuery
from forensics.domain.profiles import ProfileState
from forensics.domain.quality import NonconformityState
from forensics.domain.samples import SampleState
from forensics.services import batch_plates, batch_runs, batches, nonconformities, profiles, reagents
from forensics.services import samples as sampling
from forensics.services.door import Laboratory
from tests.support.batches import Bench, second_technician
from tests.support.laboratories import Staffed, create


@pytest.fixture
def postgres_staffed(fresh_database: Callable[..., str]) -> Iterator[Staffed]:
    """An empty laboratory on a server."""
    laboratory = create(fresh_database())
    yield laboratory
    laboratory.close()


@pytest.fixture
def bench(staffed: Staffed, tmp_path: Path) -> Bench:
    return Bench(staffed, tmp_path)


# from tubes to a released batch


def test_a_technicians_batch_goes_from_tubes_to_profiles_that_are_reviewed(bench: Bench) -> None:
    tubes = bench.samples(3)
    detection = bench.detection(tubes)
    evaluated = bench.take_in(detection.id, bench.rows(tubes))
    assert evaluated.state is BatchState.EVALUATED
    held = bench.tech.run(profiles.profiles, ListQuery()).rows
    assert {line.state for line in held} == {ProfileState.HELD}
    reviewer = bench.staffed["reviewer"]
    with pytest.raises(Refused, match="From “held” there is no step to “accepted”"):
        reviewer.run(profiles.accept_profiles, [line.id for line in held])
    released = reviewer.run(batches.release_batch, detection.id)
    assert released.state is BatchState.RELEASED
    accepted = reviewer.run(profiles.accept_profiles, [line.id for line in held])
    assert {profile.state for profile in accepted} == {ProfileState.ACCEPTED}
    assert {bench.tech.run(sampling.sample_record, t.id).sample.state for t in tubes} == {
        SampleState.PROFILED
    }


def test_the_set_up_and_the_release_are_two_people(bench: Bench) -> None:
    batch = bench.running(Stage.EXTRACTION, bench.samples(1))
    bench.tech.run(batch_runs.finish_batch, batch.id)
    with pytest.raises(Refused, match="released by another person"):
        bench.tech.run(batches.release_batch, batch.id)


def test_controls_stand_in_the_last_positions_and_go_on_with_their_tubes(bench: Bench) -> None:
    tubes = bench.samples(2)
    detection = bench.detection(tubes)
    roles = {well.position: well.role for well in bench.wells(detection.id)}
    assert roles == {
        "A1": WellRole.SAMPLE,
        "B1": WellRole.SAMPLE,
        "E12": WellRole.POSITIVE,
        "F12": WellRole.BLANK,
        "G12": WellRole.NEGATIVE,
        "H12": WellRole.LADDER,
    }


# scanning


def test_the_wrong_tube_is_refused_with_the_one_that_belongs_there(bench: Bench) -> None:
    first, second = bench.samples(2)
    draft = bench.draft(Stage.EXTRACTION)
    bench.tech.run(batch_plates.fill_plate, draft.id)
    with pytest.raises(Refused, match=f"Wrong tube: A1 is for {first.token}.*belongs in B1"):
        bench.tech.run(batch_plates.scan_tube, draft.id, second.token, "A1")
    assert bench.at(draft.id, "A1").state is WellState.PLACED
    assert bench.tech.run(batch_plates.scan_tube, draft.id, first.token).state is WellState.VERIFIED


def test_a_batch_is_not_locked_before_every_tube_was_scanned(bench: Bench) -> None:
    tubes = bench.samples(2)
    draft = bench.draft(Stage.EXTRACTION)
    bench.tech.run(batch_plates.fill_plate, draft.id)
    bench.scan(draft.id, tubes[:1])
    with pytest.raises(Refused, match="1 tubes are not scanned yet; the next is B1"):
        bench.tech.run(batches.lock_batch, draft.id)


def test_a_stage_takes_only_what_the_stage_before_has_released(bench: Bench) -> None:
    tubes = bench.samples(1)
    bench.running(Stage.EXTRACTION, tubes)
    draft = bench.draft(Stage.QUANTIFICATION)
    with pytest.raises(Refused, match="has no released extraction"):
        bench.scan(draft.id, tubes)


def test_a_tube_is_in_one_batch_at_a_time(bench: Bench) -> None:
    tubes = bench.samples(1)
    first, second = bench.draft(Stage.EXTRACTION), bench.draft(Stage.EXTRACTION)
    bench.scan(first.id, tubes)
    with pytest.raises(Refused, match=f"stands in A1 of {first.number}"):
        bench.scan(second.id, tubes)
    bench.tech.run(batches.give_up, first.id, "not today")
    assert bench.scan(second.id, tubes)[0].position == "A1"


def test_of_two_who_scan_the_same_tube_at_once_one_wins_and_the_other_is_told(
    bench: Bench, tmp_path: Path
) -> None:
    _race(bench)


def test_the_same_on_a_server(postgres_staffed: Staffed, tmp_path: Path) -> None:
    _race(Bench(postgres_staffed, tmp_path))


def _race(bench: Bench) -> None:
    """Two technicians, one tube, each with a batch of their own; then two tubes for one position."""
    colleague, tubes = second_technician(bench.staffed), bench.samples(6)
    for tube in tubes[:3]:
        drafts = [bench.draft(Stage.EXTRACTION).id for _ in range(2)]
        won, told = _at_once((bench.tech, colleague), drafts, [tube.token] * 2, "A1")
        assert (won, len(told)) == (1, 1)
        assert f"The tube {tube.token} stands in A1" in told[0]
    draft = bench.draft(Stage.EXTRACTION).id
    pair = [tube.token for tube in tubes[3:5]]
    won, told = _at_once((bench.tech, colleague), [draft, draft], pair, "B1")
    assert (won, len(told)) == (1, 1)
    assert "Wrong tube: B1 is for" in told[0]


def _at_once(
    labs: Sequence[Laboratory], plates: Sequence[UUID], tokens: Sequence[str], at: str
) -> tuple[int, list[str]]:
    """Both scan at the same moment: how many succeeded, and what the others were told."""
    together = Barrier(2, timeout=20)

    def scan(number: int) -> str:
        together.wait()
        try:
            labs[number].run(batch_plates.scan_tube, plates[number], tokens[number], at)
        except NominaError as error:
            return str(error)
        return ""

    with ThreadPoolExecutor(2) as pool:
        said = list(pool.map(scan, range(2)))
    return said.count(""), [words for words in said if words]


# lots and instruments


def test_an_expired_lot_and_an_overdue_instrument_are_refused_in_a_sentence(bench: Bench) -> None:
    yesterday = date.today() - timedelta(days=1)
    old = bench.tech.run(reagents.register_lot, LotKind.EXTRACTION_KIT, "PrepFiler", "77", yesterday)
    details = replace(bench.details(Stage.EXTRACTION), lots=(old.id,))
    with pytest.raises(Refused, match="Lot 77 of PrepFiler expired on"):
        bench.tech.run(batches.draw_up, bench.operation, Stage.EXTRACTION, details)
    kind = bench.tech.run(reagents.instrument, bench.instruments[Stage.DETECTION]).kind
    late = bench.tech.run(reagents.register_instrument, kind, "Analyser", "9", yesterday)
    details = replace(bench.details(Stage.DETECTION), instrument=late.id)
    with pytest.raises(Refused, match="overdue for service since"):
        bench.tech.run(batches.draw_up, bench.operation, Stage.DETECTION, details)


def test_a_lot_that_was_withdrawn_meanwhile_stops_the_start(bench: Bench) -> None:
    batch = bench.draft(Stage.EXTRACTION)
    bench.scan(batch.id, bench.samples(1))
    bench.tech.run(batches.lock_batch, batch.id)
    bench.tech.run(reagents.end_lot, bench.lots[Stage.EXTRACTION], LotState.WITHDRAWN)
    with pytest.raises(Refused, match="is withdrawn"):
        bench.tech.run(batches.start_batch, batch.id)


# what fails


def test_alleles_in_the_negative_control_block_every_well_and_plan_the_repeat(bench: Bench) -> None:
    tubes = bench.samples(2)
    detection = bench.detection(tubes)
    failed = bench.take_in(detection.id, bench.rows(tubes, {"NC": {"TH01": ("6", "9.3")}}))
    record = bench.tech.run(batches.batch_record, failed.id)
    assert failed.state is BatchState.FAILED
    assert "negative control" in failed.failure
    assert "TH01 6, 9.3" in failed.failure
    assert {one.well.state for one in record.wells} == {WellState.BLOCKED}
    assert {line.state for line in record.nonconformities} == {NonconformityState.OPEN}
    held = bench.tech.run(profiles.profiles, ListQuery()).rows
    assert {line.state for line in held} == {ProfileState.WITHDRAWN}
    (repeat,) = record.repeated_by
    assert (repeat.stage, repeat.state) == (Stage.AMPLIFICATION, BatchState.DRAFT)
    wells = bench.wells(repeat.id)
    assert {w.sample for w in wells if w.role is WellRole.SAMPLE} == {tube.id for tube in tubes}
    assert {WellRole.NEGATIVE, WellRole.POSITIVE, WellRole.BLANK} <= {well.role for well in wells}
    with pytest.raises(Refused, match="From “failed”"):
        bench.staffed["reviewer"].run(batches.release_batch, failed.id)


def test_the_repeat_runs_to_its_release_and_the_failed_batch_is_repeated(bench: Bench) -> None:
    tubes = bench.samples(1)
    detection = bench.detection(tubes)
    rows = {name: row for name, row in bench.rows(tubes).items() if name != "Ladder"}
    failed = bench.take_in(detection.id, rows)
    assert "allelic ladder" in failed.failure
    (repeat,) = bench.tech.run(batches.batch_record, failed.id).repeated_by
    assert repeat.stage is Stage.DETECTION
    bench.scan(repeat.id, tubes)
    with pytest.raises(Refused, match="Say which lot"):
        bench.tech.run(batches.lock_batch, repeat.id)
    bench.tech.run(batches.detail_batch, repeat, bench.details(Stage.DETECTION))
    bench.tech.run(batches.lock_batch, repeat.id)
    assert bench.tech.run(batches.batch_record, failed.id).batch.state is BatchState.REPEATED
    bench.tech.run(batches.start_batch, repeat.id)
    assert bench.take_in(repeat.id, bench.rows(tubes)).state is BatchState.EVALUATED
    bench.staffed["reviewer"].run(batches.release_batch, repeat.id)


def test_a_nonconformity_is_closed_by_another_person_than_whose_work_it_was(bench: Bench) -> None:
    tubes = bench.samples(1)
    bench.take_in(bench.detection(tubes).id, bench.rows(tubes, {"NC": {"TH01": ("6",)}}))
    (line,) = bench.tech.run(nonconformities.nonconformities, ListQuery()).rows
    bench.tech.run(nonconformities.investigate, line.id, "a splash", "the hood was cleaned")
    with pytest.raises(Refused, match="may not manage quality"):
        bench.tech.run(nonconformities.close_nonconformity, line.id, "clean now")
    closed = bench.staffed["quality"].run(nonconformities.close_nonconformity, line.id, "three clean blanks")
    assert closed.state is NonconformityState.CLOSED


def test_a_run_of_another_plate_is_refused_and_nothing_is_kept(bench: Bench) -> None:
    tubes = bench.samples(1)
    detection = bench.detection(tubes)
    rows = bench.rows(tubes) | {"K7QM-2XVD-4": {"TH01": ("6",)}}
    with pytest.raises(Invalid, match="line 7: K7QM-2XVD-4 does not stand on this plate"):
        bench.take_in(detection.id, rows)
    assert bench.tech.run(batches.batch_record, detection.id).batch.state is BatchState.RUNNING
    assert bench.tech.run(profiles.profiles, ListQuery()).total == 0


# the database itself


def test_the_database_refuses_what_the_service_would(bench: Bench) -> None:
    _guarded(bench)


def test_a_server_refuses_it_too(postgres_staffed: Staffed, tmp_path: Path) -> None:
    _guarded(Bench(postgres_staffed, tmp_path))


def _guarded(bench: Bench) -> None:
    """Past the services: a held profile accepted, a frozen layout changed, a batch released by who set it up."""
    tubes = bench.samples(1)
    detection = bench.detection(tubes)
    bench.take_in(detection.id, bench.rows(tubes))
    for statement, said in (
        (
            "UPDATE profile SET state = 'accepted', revision = revision + 1",
            "this step of state is not lawful",
        ),
        ("UPDATE well SET position = 'C3', revision = revision + 1", "signed or decided can not be changed"),
        ("UPDATE batch SET kit = 'another', revision = revision + 1", "signed or decided can not be changed"),
        (
            "UPDATE batch SET released_by = set_up_by, revision = revision + 1 WHERE state = 'controls evaluated'",
            "released by another person",
        ),
    ):
        with pytest.raises(Refused, match=said):
            _past_the_services(bench, statement)


def _past_the_services(bench: Bench, statement: str) -> None:
    import sqlalchemy as sa

    with bench.staffed.admin.store.writing(None, "test") as act:
        act.tx.connection.execute(sa.text(statement))
