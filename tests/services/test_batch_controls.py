"""Runs evaluated: controls as they must be, off-ladder peaks, quarantine, the same genotype twice, quantities."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest

from forensics.domain.errors import Refused
from forensics.domain.laboratory import BatchState, Stage, Well, WellRole, WellState
from forensics.domain.lists import ListQuery
from forensics.domain.profiles import ProfileState
from forensics.domain.quality import EliminationCategory, NonconformityKind
from forensics.domain.quantities import Quantity
from forensics.domain.reading import CallState, ReadCall, ReadProfile
from forensics.services import (
    auditing,
    batch_runs,
    batches,
    elimination,
    nonconformities,
    profiles,
    searching,
)
from forensics.services.batch_controls import differences, judge_quantities
from tests.support.batches import KIT, Bench, control, person
from tests.support.laboratories import Staffed


@pytest.fixture
def bench(staffed: Staffed, tmp_path: Path) -> Bench:
    return Bench(staffed, tmp_path)


def _read(genotypes: dict[str, tuple[str, ...]]) -> ReadProfile:
    return ReadProfile("x", {m: tuple(ReadCall(a) for a in dict.fromkeys(g)) for m, g in genotypes.items()})


# the positive control


@pytest.mark.parametrize("name", ["9947A", "9948", "007", "2800M"])
def test_each_control_dna_equals_itself(name: str) -> None:
    assert differences(name, KIT, _read(control(name))) == []


def test_the_loci_at_which_it_differs_are_named() -> None:
    wrong = control() | {"TH01": ("8",), "D8S1179": ()}
    assert sorted(differences("9947A", KIT, _read(wrong))) == [
        "D8S1179 nothing instead of 13",
        "TH01 8 instead of 8,9.3",
    ]


def test_another_control_dna_fails_the_batch(bench: Bench) -> None:
    tubes = bench.samples(1)
    failed = bench.take_in(bench.detection(tubes).id, bench.rows(tubes, {"PC_9947A": control("007")}))
    assert failed.state is BatchState.FAILED
    assert "is not 9947A at" in failed.failure


def test_an_extraction_blank_with_alleles_is_repeated_from_the_extraction(bench: Bench) -> None:
    tubes = bench.samples(1)
    failed = bench.take_in(bench.detection(tubes).id, bench.rows(tubes, {"RB": {"FGA": ("21",)}}))
    (repeat,) = bench.tech.run(batches.batch_record, failed.id).repeated_by
    assert repeat.stage is Stage.EXTRACTION


def test_a_control_that_the_run_lacks_fails_the_batch(bench: Bench) -> None:
    tubes = bench.samples(1)
    rows = {name: row for name, row in bench.rows(tubes).items() if name != "NC"}
    assert "negative control in G12 is missing" in bench.take_in(bench.detection(tubes).id, rows).failure


def test_off_ladder_peaks_are_kept_and_said(bench: Bench) -> None:
    tubes = bench.samples(1)
    detection = bench.detection(tubes)
    row = person(0) | {"FGA": ("21", "OL")}
    bench.take_in(detection.id, bench.rows(tubes, {tubes[0].token: row}))
    well = bench.at(detection.id, "A1")
    assert "Off-ladder at FGA" in well.finding
    assert well.profile is not None
    peaks = bench.tech.run(profiles.profile, well.profile).calls["FGA"]
    assert [peak[3] for peak in peaks] == [CallState.ACCEPTED, CallState.OFF_LADDER]


def test_a_mixture_is_said(bench: Bench) -> None:
    tubes = bench.samples(1)
    detection = bench.detection(tubes)
    row = person(0) | {"FGA": ("20", "21", "24")}
    bench.take_in(detection.id, bench.rows(tubes, {tubes[0].token: row}))
    assert bench.at(detection.id, "A1").finding == "More than two alleles at FGA."


def test_a_sample_without_alleles_is_blocked_alone(bench: Bench) -> None:
    tubes = bench.samples(2)
    detection = bench.detection(tubes)
    done = bench.take_in(detection.id, bench.rows(tubes, {tubes[1].token: {}}))
    assert done.state is BatchState.EVALUATED
    assert [bench.at(detection.id, at).state for at in ("A1", "B1")] == [WellState.PASSED, WellState.BLOCKED]


# elimination


def _enter(bench: Bench, seed: int) -> None:
    read = bench.reading({"T1": person(seed)}).profiles[0]
    manager = bench.staffed["quality"]
    manager.run(elimination.enter_elimination, EliminationCategory.STAFF, "Rosa Tecla", read)


def test_a_hit_is_quarantined_and_the_batch_waits_for_the_quality_manager(bench: Bench) -> None:
    _enter(bench, 77)
    tubes = bench.samples(2)
    detection = bench.detection(tubes)
    partial = dict(list(person(77).items())[:10])
    bench.take_in(detection.id, bench.rows(tubes, {tubes[0].token: partial}))
    well = bench.at(detection.id, "A1")
    assert well.state is WellState.QUARANTINED
    assert "may be DNA of staff" in well.finding
    assert "Rosa" not in well.finding
    (line,) = bench.tech.run(nonconformities.nonconformities, ListQuery()).rows
    assert (line.kind, line.sample) == (NonconformityKind.CONTAMINATION, tubes[0].token)
    reviewer, manager = bench.staffed["reviewer"], bench.staffed["quality"]
    with pytest.raises(Refused, match="A1 stands in quarantine"):
        reviewer.run(batches.release_batch, detection.id)
    assert well.profile is not None
    with pytest.raises(Refused, match="may not manage quality"):
        reviewer.run(elimination.lift_quarantine, well.profile, "looks fine")
    lifted = manager.run(elimination.lift_quarantine, well.profile, "she never came near the tube")
    assert lifted.state is ProfileState.HELD
    reviewer.run(batches.release_batch, detection.id)
    assert bench.tech.run(profiles.profile, well.profile).state is ProfileState.IMPORTED


def test_a_contamination_that_is_confirmed_is_repeated_from_the_extraction(bench: Bench) -> None:
    _enter(bench, 77)
    tubes = bench.samples(2)
    detection = bench.detection(tubes)
    bench.take_in(detection.id, bench.rows(tubes, {tubes[0].token: person(77)}))
    well = bench.at(detection.id, "A1")
    assert well.profile is not None
    manager = bench.staffed["quality"]
    manager.run(elimination.confirm_contamination, well.profile, "she held the saw")
    assert bench.at(detection.id, "A1").state is WellState.BLOCKED
    assert bench.tech.run(profiles.profile, well.profile).state is ProfileState.WITHDRAWN
    bench.staffed["reviewer"].run(batches.release_batch, detection.id)
    (repeat,) = bench.tech.run(batches.batch_record, detection.id).repeated_by
    assert [w.sample for w in bench.wells(repeat.id) if w.role is WellRole.SAMPLE] == [tubes[0].id]


def test_the_control_dna_in_a_sample_is_contamination_too(bench: Bench) -> None:
    tubes = bench.samples(1)
    detection = bench.detection(tubes)
    bench.take_in(detection.id, bench.rows(tubes, {tubes[0].token: control()}))
    assert "the positive control 9947A" in bench.at(detection.id, "A1").finding


def test_only_the_quality_manager_reads_the_names(bench: Bench) -> None:
    _enter(bench, 5)
    assert (
        bench.staffed["quality"].run(elimination.elimination_profiles, ListQuery()).rows[0].name
        == "Rosa Tecla"
    )
    for login in ("tamara", "reviewer", "analyst", "coordinator", "manager"):
        with pytest.raises(Refused, match="may not manage the elimination database"):
            bench.staffed[login].run(elimination.elimination_profiles, ListQuery())


def test_a_file_that_comes_without_a_batch_is_compared_too(bench: Bench) -> None:
    _enter(bench, 77)
    (tube,) = bench.samples(1)
    options = profiles.ImportOptions(bench.operation, "run.txt")
    bench.tech.run(profiles.import_reading, bench.reading({tube.token: person(77)}), options)
    (line,) = bench.tech.run(profiles.profiles, ListQuery()).rows
    assert line.state is ProfileState.QUARANTINED
    assert bench.tech.run(nonconformities.nonconformities, ListQuery()).total == 1
    lifted = bench.staffed["quality"].run(elimination.lift_quarantine, line.id, "her own swab")
    assert lifted.state is ProfileState.IMPORTED


# the same genotype twice


def test_two_wells_with_one_genotype_are_flagged(bench: Bench) -> None:
    tubes = bench.samples(3)
    detection = bench.detection(tubes)
    bench.take_in(detection.id, bench.rows(tubes, {tubes[2].token: person(0)}))
    assert "Same genotype as C1" in bench.at(detection.id, "A1").finding
    assert "Same genotype as A1" in bench.at(detection.id, "C1").finding
    assert bench.at(detection.id, "B1").finding == ""


# quantification


def _well(position: str, role: WellRole, **measured: float) -> Well:
    return Well(batch=uuid4(), position=position, role=role, **measured)  # type: ignore[arg-type]


def test_dna_in_the_negative_control_of_a_quantification_fails_it(bench: Bench) -> None:
    tubes = bench.samples(1)
    bench.released(Stage.EXTRACTION, tubes)
    batch = bench.running(Stage.QUANTIFICATION, tubes)
    rows = [Quantity("A1", small=0.2, large=0.1), Quantity("H12", small=0.02)]
    bench.tech.run(batch_runs.enter_quantities, batch.id, rows)
    failed = bench.tech.run(batch_runs.finish_batch, batch.id)
    assert failed.state is BatchState.FAILED
    assert "H12 holds 0.02 ng/µl" in failed.failure


def test_a_late_internal_control_is_said() -> None:
    late = _well("A1", WellRole.SAMPLE, ipc=29.0)
    judged = judge_quantities([late, _well("H12", WellRole.NEGATIVE, ipc=27.5)])
    assert judged.failures == []
    assert "inhibition" in judged.findings[late.id]


def test_the_degradation_index_is_the_small_over_the_large_target() -> None:
    assert _well("A1", WellRole.SAMPLE, small=0.5, large=0.1).degradation == pytest.approx(5.0)


# what becomes of a sample, and what nobody may read


def test_the_attempts_of_a_sample_are_told_in_their_order(bench: Bench) -> None:
    (tube,) = bench.samples(1)
    bench.detection([tube])
    found = bench.tech.run(batches.attempts, tube.id)
    assert [one.batch.stage for one in found] == list(Stage)


def test_neither_the_audit_nor_the_search_tells_a_name_of_the_elimination_database(bench: Bench) -> None:
    _enter(bench, 5)
    told = [str(line) for line in bench.staffed["coordinator"].run(auditing.latest)]
    assert any("elimination profile" in line for line in told)
    assert not any("Rosa" in line for line in told)
    assert any("Rosa" in str(line) for line in bench.staffed["quality"].run(auditing.latest))
    for login in ("tamara", "coordinator", "manager", "admin"):
        assert bench.staffed[login].run(searching.search, "Rosa Tecla") == []
