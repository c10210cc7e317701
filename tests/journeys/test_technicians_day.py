"""A technician's day without a window: from a delivery at eight to a released batch at five, in a file and on a server.

Every code that is scanned was read from a printed label first; every step is made by the person whose step it is.
"""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import zxingcpp
from PIL import Image

from forensics.domain.custody import Consignment, ConsignmentKind, PlaceKind, StorageLocation
from forensics.domain.deliveries import Delivery, DeliveryState, SealFinding
from forensics.domain.errors import Invalid, Refused
from forensics.domain.kinship import Allele
from forensics.domain.laboratory import Batch, BatchState, Stage, WellRole, WellState
from forensics.domain.lists import ListQuery
from forensics.domain.matching import Change
from forensics.domain.operations import ReadingPolicy
from forensics.domain.profiles import ProfileState
from forensics.domain.quality import NonconformityState
from forensics.domain.remains import CustodyState, Description, ItemState
from forensics.domain.samples import Sample, SampleKind, SampleState
from forensics.domain.stock_take import Finding, Resolution
from forensics.services import (
    auditing,
    batch_plates,
    batch_runs,
    batches,
    consignments,
    custody,
    deliveries,
    nonconformities,
    operations,
    profiles,
    reads,
    remains,
    samples,
    scanning,
    screening_plans,
    screening_reasons,
    screenings,
    stock_taking,
    storage,
    transfers,
)
from forensics.services.deliveries import NewCase
from forensics.services.door import Laboratory
from forensics.services.screening_memory import memory_of
from reports import preview
from reports.labels import Label, render_labels
from tests.support.batches import Bench, peak_table, person, second_technician
from tests.support.changing import ChangingLaboratory
from tests.support.laboratories import PASSWORD, Staffed, create
from tests.support.reading import second_people

Genotypes = Mapping[str, tuple[Allele, ...]]
THE_FOUND = 0  # the tube whose bone is of the family's missing person
DISPUTED = "TH01"  # where the two readers of that profile disagree


@dataclass
class Day:
    """What is known of the day; `tubes` are named by the code that was read from their labels."""

    labs: Staffed
    folder: Path
    bench: Bench = field(init=False)
    world: ChangingLaboratory = field(init=False)
    shelf: StorageLocation = field(init=False)
    next_shelf: StorageLocation = field(init=False)
    delivery: UUID = field(init=False)
    tubes: list[Sample] = field(default_factory=list)
    truth: dict[str, Genotypes] = field(default_factory=dict)  # by token

    def __getitem__(self, login: str) -> Laboratory:
        return self.labs[login]

    def sample(self, at: int) -> Sample:
        """As the database has it now."""
        return self["tamara"].run(samples.sample_record, self.tubes[at].id).sample

    def scan(self, login: str, *codes: str) -> None:
        """Things, then a place: as the window does it for a scanner."""
        found = [self[login].run(scanning.identify, code)[0] for code in codes]
        *things, place = found
        seen = {thing.id: thing.revision for thing in things}
        self[login].run(storage.move_things, list(seen), place.id, revisions=seen)


@pytest.fixture(params=["file", "server"])
def day(request: pytest.FixtureRequest, tmp_path: Path, fresh_database: Callable[..., str]) -> Iterator[Day]:
    """The laboratory as it was left the evening before."""
    location = str(tmp_path / "day.nomina") if request.param == "file" else fresh_database()
    labs = create(location)
    made = Day(labs, tmp_path)
    yesterday(made)
    yield made
    labs.close()


def yesterday(day: Day) -> None:
    """A family waits for its missing, a first search found nobody; places, lots and colleagues are there."""
    world = day.world = ChangingLaboratory(day.labs, random.Random(2))
    world.add_family()
    world.take_in_bone("yesterday's", {x: (a[0], a[-1]) for x, a in person(99).items() if x != "AMEL"})
    assert screenings.screen_operation(day["analyst"], world.operation.id).standing == 0
    seen = day["manager"].run(operations.operations)[0]
    day["manager"].run(operations.change_operation, seen, {"reading": ReadingPolicy.TWO})
    day.bench = Bench(day.labs, day.folder)
    day.bench.operation = world.operation.id
    custodian = day["custodian"]
    house = custodian.run(storage.create_location, "House", kind=PlaceKind.BUILDING)
    room = custodian.run(storage.create_location, "Cold room", house.id, kind=PlaceKind.ROOM)
    day.shelf = custodian.run(storage.create_location, "Shelf 2", room.id, 60)
    day.next_shelf = custodian.run(storage.create_location, "Shelf 3", room.id, 60)
    second_people(day.labs)
    second_technician(day.labs)


def test_a_day_from_the_delivery_to_the_released_batch(day: Day) -> None:
    at_eight_the_van_comes(day)
    what_came_is_put_away_by_scanning(day)
    the_bones_are_sampled(day)
    the_tubes_are_labelled_and_handed_over(day)
    failed = the_first_run_has_alleles_where_none_may_be(day)
    quality_closes_what_was_opened(day)
    the_repeat_is_released_by_another(day, failed)
    two_read_and_a_third_settles(day)
    the_search_runs_by_itself(day)
    the_tubes_go_back_and_one_goes_out(day)
    the_shelf_is_counted(day)
    at_five_everything_is_accounted_for(day)


# -- the morning -----------------------------------------------------------------------------------------


def at_eight_the_van_comes(day: Day) -> None:
    """Two cases, a broken seal, and a bag of mixed bones that becomes an item each."""
    custodian = day["custodian"]
    paper = Delivery(
        operation=day.world.operation.id, received_at=datetime.now(UTC) - timedelta(minutes=5),
        received_by=custodian.person.id, delivered_by="Sgt. Vella", institution="Coast guard",
        authority="Prosecutor", order_reference="KT-12/26",
    )  # fmt: skip
    bones = remains.contents_of("L fem, R fem, mandible")
    sealed = NewCase(
        Description.SKELETAL, "CG-1", bones, pieces_stated=3, seals_stated="A-17", seals_found="A-17 broken"
    )
    mixed = NewCase(Description.COMMINGLED, "CG-2", seals_stated="A-18", seals_found="A-18")
    received = custodian.run(deliveries.receive_delivery, paper, [sealed, mixed])
    day.delivery = received.id
    record = custodian.run(deliveries.delivery_record, received.id)
    assert received.state is DeliveryState.DISCREPANT
    assert {seal.seal: seal.finding for seal in record.seals} == {
        "A-17": SealFinding.BROKEN, "A-18": SealFinding.INTACT,
    }  # fmt: skip
    frozen = items_of(day, "CG-1")[0]
    with pytest.raises(Refused, match="frozen by a discrepancy"):
        day["tamara"].run(samples.plan_sample, frozen.id, SampleKind.BONE)
    (open_one,) = record.discrepancies
    custodian.run(deliveries.settle_discrepancy, open_one, "Opened by customs, their protocol is attached.")
    assert {item.state for item in items_of(day, "CG-1")} == {ItemState.ACCEPTED}
    assert custodian.run(deliveries.delivery_record, received.id).delivery.state is DeliveryState.SETTLED
    bag = next(line for line in record.cases if line.external_number == "CG-2")
    custodian.run(remains.add_items, bag.id, remains.contents_of("T1-12, ribs 2-5, L hum"))
    assert len(items_of(day, "CG-2")) == 12 + 8 + 1
    again = custodian.run(deliveries.alike, paper, [sealed])
    assert {one.why.split(" ")[0] for one in again} >= {"Order", "The"}


def items_of(day: Day, external: str) -> list[Any]:
    """The items of a delivered case."""
    cases = day["custodian"].run(deliveries.delivery_record, day.delivery).cases
    case = next(line.id for line in cases if line.external_number == external)
    lines = day["custodian"].run(remains.items, ListQuery(filters={"case": (case,)}, limit=100)).rows
    return [day["custodian"].run(remains.item_record, line.id).item for line in lines]


def what_came_is_put_away_by_scanning(day: Day) -> None:
    codes = [item.number for name in ("CG-1", "CG-2") for item in items_of(day, name)]
    printed = decoded([Label(code) for code in [*codes, day.shelf.number]])
    assert printed == {*codes, day.shelf.number}
    day.scan("custodian", *codes, day.shelf.number)
    assert {item.place for item in items_of(day, "CG-2")} == {day.shelf.id}
    slip = f"{codes[0][:-3]}{'2' if codes[0][-3] == '1' else '1'}{codes[0][-2:]}"
    with pytest.raises(Invalid, match="check character"):
        day["custodian"].run(scanning.identify, slip)


def decoded(labels: Sequence[Label]) -> set[str]:
    """What a decoder reads from the printed sheet."""
    pdf = render_labels(labels, "a4-24")
    pages = range(preview.page_count(pdf))
    pictures = [Image.open(io.BytesIO(preview.page_png(pdf, page, 300))) for page in pages]
    return {found.text for picture in pictures for found in zxingcpp.read_barcodes(picture)}


def the_bones_are_sampled(day: Day) -> None:
    """Planned, authorised, cut before a witness, received: four people, and nobody in another's place."""
    tamara, custodian = day["tamara"], day["custodian"]
    bones = [*items_of(day, "CG-1"), items_of(day, "CG-2")[0]]
    for bone in bones:
        planned = tamara.run(samples.plan_sample, bone.id, SampleKind.BONE)
        with pytest.raises(Refused, match="case manager must authorise"):
            tamara.run(samples.take_sample, planned.id, custodian.person.id)
        day["manager"].run(samples.authorise_sample, planned.id)
        with pytest.raises(Refused, match="witness"):
            tamara.run(samples.take_sample, planned.id, tamara.person.id)
        tamara.run(samples.take_sample, planned.id, custodian.person.id, 500.0)
        with pytest.raises(Refused, match="received"):
            tamara.run(samples.receive_sample, planned.id)
        day.tubes.append(custodian.run(samples.receive_sample, planned.id, day.shelf.id, "sealed"))
    assert {tube.state for tube in day.tubes} == {SampleState.ACCESSIONED}
    assert {item.state for item in items_of(day, "CG-1")} == {ItemState.SAMPLED}


def the_tubes_are_labelled_and_handed_over(day: Day) -> None:
    tamara, custodian = day["tamara"], day["custodian"]
    tokens = {tube.token for tube in day.tubes}
    assert decoded([Label(token, "NIMP", "Bone powder") for token in tokens]) == tokens
    ids = [tube.id for tube in day.tubes]
    tamara.run(samples.note_labels, ids)
    with pytest.raises(Invalid, match="has a label already"):
        tamara.run(samples.note_labels, ids[:1])
    with pytest.raises(Refused, match="not Tamara Lindqvist's"):
        transfers.hand_over(custodian, custodian.person.id, tamara.person.id, ids, "guessed")
    transfers.hand_over(custodian, custodian.person.id, tamara.person.id, ids, PASSWORD)
    assert {day.sample(at).holder for at in range(4)} == {tamara.person.id}


# -- the plates ------------------------------------------------------------------------------------------


def the_first_run_has_alleles_where_none_may_be(day: Day) -> Batch:
    """Three stages released by the reviewer; the detection fails whole, and its repeat is drawn up."""
    wanted = day.world.truth[next(iter(day.world.truth))]
    for at, tube in enumerate(day.tubes):
        day.truth[tube.token] = person(40 + at)
    day.truth[day.tubes[THE_FOUND].token] = {
        **person(40), **{locus: tuple(dict.fromkeys(pair)) for locus, pair in wanted.items()},
    }  # fmt: skip
    detection = day.bench.detection(day.tubes)
    roles = {well.role for well in day.bench.wells(detection.id)}
    assert roles == set(WellRole)
    failed = take_in(day, detection, {"NC": {"TH01": ("6", "9.3"), "FGA": ("22",)}})
    record = day["tamara"].run(batches.batch_record, failed.id)
    assert failed.state is BatchState.FAILED
    assert "negative control" in failed.failure
    assert {one.well.state for one in record.wells} == {WellState.BLOCKED}
    assert {profile.state for profile in profiles_of(day)} == {ProfileState.WITHDRAWN}
    with pytest.raises(Refused):
        day["reviewer"].run(batches.release_batch, failed.id)
    return failed


def take_in(day: Day, batch: Batch, others: Mapping[str, Genotypes] | None = None) -> Batch:
    """The run as the analyser exports it: a line for each marker, alleles with their sizes and heights."""
    rows = day.bench.rows(day.tubes, {**day.truth, **(others or {})})
    path = day.folder / f"{batch.number}.txt"
    path.write_text(peak_table(rows.items()), encoding="utf-16" if others else "utf-8")
    reading = profiles.read(path)
    return day["tamara"].run(batch_runs.take_in_run, batch.id, reading, path.name)


def profiles_of(day: Day) -> list[Any]:
    """The profiles of today's tubes."""
    tokens = {tube.id for tube in day.tubes}
    lines = day["tamara"].run(profiles.profiles, ListQuery(limit=100)).rows
    found = [day["tamara"].run(profiles.profile, line.id) for line in lines]
    return [profile for profile in found if profile.sample in tokens]


def quality_closes_what_was_opened(day: Day) -> None:
    """Investigated by who worked, closed by the quality manager and by nobody else."""
    (line,) = day["tamara"].run(nonconformities.nonconformities, ListQuery()).rows
    assert line.state is NonconformityState.OPEN
    day["tamara"].run(nonconformities.investigate, line.id, "a splash", "hood cleaned, water replaced")
    with pytest.raises(Refused, match="may not manage quality"):
        day["tamara"].run(nonconformities.close_nonconformity, line.id, "done")
    closed = day["quality"].run(nonconformities.close_nonconformity, line.id, "three clean blanks")
    assert closed.closed_by == day["quality"].person.id


def the_repeat_is_released_by_another(day: Day, failed: Batch) -> None:
    """From the amplification on, because the alleles came in there."""
    bench, tamara, teo = day.bench, day["tamara"], day["teo"]
    (repeat,) = tamara.run(batches.batch_record, failed.id).repeated_by
    assert repeat.stage is Stage.AMPLIFICATION
    first, second = (well.position for well in bench.wells(repeat.id)[:2])
    with pytest.raises(Refused, match=f"Wrong tube: {first} is for"):
        tamara.run(batch_plates.scan_tube, repeat.id, day.tubes[1].token, first)
    assert second == "B1"
    bench.scan(repeat.id, day.tubes)
    tamara.run(batches.detail_batch, repeat, bench.details(Stage.AMPLIFICATION))
    tamara.run(batches.lock_batch, repeat.id)
    tamara.run(batches.start_batch, repeat.id)
    tamara.run(batch_runs.finish_batch, repeat.id)
    teo.run(batches.release_batch, repeat.id)
    assert tamara.run(batches.batch_record, failed.id).batch.state is BatchState.REPEATED
    detection = bench.running(Stage.DETECTION, day.tubes)
    assert take_in(day, detection).state is BatchState.EVALUATED
    with pytest.raises(Refused, match="released by another person"):
        tamara.run(batches.release_batch, detection.id)
    released = teo.run(batches.release_batch, detection.id)
    assert (released.set_up_by, released.released_by) == (tamara.person.id, teo.person.id)


# -- the afternoon ---------------------------------------------------------------------------------------


def two_read_and_a_third_settles(day: Day) -> None:
    """Four profiles, read blind by two; at one locus of one of them they disagree."""
    one, two, three = day["analyst"], day["analyst2"], day["analyst3"]
    waiting = [p for p in profiles_of(day) if p.state is ProfileState.IMPORTED]
    assert len(waiting) == len(day.tubes)
    for profile in waiting:
        token = next(tube.token for tube in day.tubes if tube.id == profile.sample)
        typed = {locus: " ".join(alleles) for locus, alleles in day.truth[token].items()}
        one.run(reads.read_profile, profile.id, typed)
        blind = two.run(reads.reads, profile.id)
        assert (blind.first, blind.turn) == (None, 2)
        disputed = token == day.tubes[THE_FOUND].token
        second = {**typed, DISPUTED: typed[DISPUTED].split(" ")[0] + " ?"} if disputed else typed
        state = two.run(reads.read_profile, profile.id, second).state
        assert state is (ProfileState.DISCORDANT if disputed else ProfileState.CONCORDANT)
        if disputed:
            right = {DISPUTED: typed[DISPUTED]}
            with pytest.raises(Refused, match="settled by a third"):
                two.run(reads.settle_reads, profile.id, right, {DISPUTED: "clear"})
            three.run(reads.settle_reads, profile.id, right, {DISPUTED: "as high as its neighbours"})
        assert day["reviewer"].run(reads.check_profile, profile.id).state is ProfileState.REVIEWED
    accepted = day["reviewer"].run(profiles.accept_profiles, [profile.id for profile in waiting])
    assert {profile.state for profile in accepted} == {ProfileState.ACCEPTED}


def the_search_runs_by_itself(day: Day) -> None:
    """Nobody asks for it: what was accepted is due, and it brings the family's missing person."""
    analyst, operation = day["analyst"], day.world.operation.id
    due = analyst.run(screening_reasons.whats_due, operation, memory_of(analyst.store, operation))
    assert due is not None
    assert (due.profiles, due.why) == (len(day.tubes), "")
    done = screenings.screen_changes(analyst, operation)
    assert done is not None
    told = analyst.run(screening_plans.contents, done.id)
    assert told is not None
    (new,) = [difference for difference in told.differences if difference.change is Change.NEW]
    assert (new.sample, new.item) == (day.tubes[THE_FOUND].token, day.tubes[THE_FOUND].item)
    assert analyst.run(screening_reasons.whats_due, operation) is None


def the_tubes_go_back_and_one_goes_out(day: Day) -> None:
    """Two lie where they belong, one is said to lie on the next shelf, one travels and is expected back."""
    codes = [tube.token for tube in day.tubes]
    day.scan("tamara", *codes[::2], day.shelf.number)
    day.scan("tamara", codes[1], day.next_shelf.number)
    travels = Consignment(
        kind=ConsignmentKind.ANALYSIS, to_party="University of Vienna", purpose="radiocarbon", seal="S-1",
        sent_by=day["tamara"].person.id, sent_at=datetime.now(UTC), due=date.today() + timedelta(days=30),
    )  # fmt: skip
    sent = day["tamara"].run(consignments.send, travels, [day.tubes[3].id])
    (outstanding,) = [line for line in day["custodian"].run(consignments.sent_out) if line.waits]
    assert (outstanding.number, outstanding.out, outstanding.overdue) == (sent.number, 1, 0)
    assert day.sample(3).custody is CustodyState.IN_TRANSIT
    with pytest.raises(Refused, match="in transit"):
        day.scan("custodian", codes[3], day.shelf.number)


def the_shelf_is_counted(day: Day) -> None:
    """The second tube lies here and not on the next shelf; the third is nowhere."""
    custodian = day["custodian"]
    count = custodian.run(stock_taking.begin_stock_take, day.shelf.id)
    bones = [item.number for name in ("CG-1", "CG-2") for item in items_of(day, name)]
    for code in (*bones, *(tube.token for tube in day.tubes[:2])):
        custodian.run(stock_taking.record_scan, count.id, code)
    record = custodian.run(stock_taking.stock_take_record, count.id)
    assert record.tally[Finding.CONFIRMED] == len(bones) + 1
    (misplaced,) = [line for line in record.lines if line.finding is Finding.MISPLACED]
    assert misplaced.code == day.tubes[1].token
    assert misplaced.why.endswith("Cold room › Shelf 3")
    (missing,) = record.missing
    assert missing.number == day.tubes[2].token
    with pytest.raises(Refused, match="2 discrepancies are not settled"):
        custodian.run(stock_taking.finish_stock_take, count.id)
    custodian.run(stock_taking.resolve, count.id, misplaced.id, Resolution.RECORD_MOVED)
    custodian.run(stock_taking.resolve, count.id, missing.id, Resolution.MARKED_MISSING)
    custodian.run(stock_taking.finish_stock_take, count.id)
    assert day.sample(1).place == day.shelf.id
    assert day.sample(2).custody is CustodyState.MISSING


def at_five_everything_is_accounted_for(day: Day) -> None:
    """The story of a tube is whole, and the audit holds."""
    story = day["custodian"].run(custody.sample_story, day.tubes[THE_FOUND].id)
    assert [(line.what, line.who, line.where) for line in story] == [
        ("Sampled", "Tamara Lindqvist", ""),
        ("Received", "Nuno Carvalho", "Shelf 2"),
        ("Handed over from Nuno Carvalho to Tamara Lindqvist", "Tamara Lindqvist", ""),
        ("Moved", "Tamara Lindqvist", "Shelf 2"),
        ("Confirmed at stock-take", "Nuno Carvalho", "Shelf 2"),
    ]
    assert [line.joint for line in story if line.joint] == []
    item = day.tubes[THE_FOUND].item
    assert item is not None
    bone = day["custodian"].run(custody.item_story, item)
    assert bone[0].what == "Received from Coast guard"
    assert not any(line.joint and line.joint.broken for line in bone)
    states = {line.state for line in day["tamara"].run(batches.batches, ListQuery()).rows}
    assert states == {BatchState.RELEASED, BatchState.REPEATED}
    verdict = day["quality"].run(auditing.verify)
    assert verdict.sound, verdict.problems
