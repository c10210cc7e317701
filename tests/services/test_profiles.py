"""Files into profiles: the dry run, all or nothing, the second person's review."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from forensics.domain.errors import Cancelled, Invalid, Refused
from forensics.domain.lists import ListQuery
from forensics.domain.operations import Operation, OperationKind, ReadingPolicy
from forensics.domain.profiles import ProfileState
from forensics.domain.reading import Reading, Severity
from forensics.domain.remains import Description, ItemKind, ItemState, RemainsCase
from forensics.services import auditing, families, operations, profiles, remains, samples
from forensics.services.families import ConsentDetails
from tests.support.laboratories import Staffed

HEADER = "Sample File\tSample Name\tD3S1358\tHeight\tTH01\tHeight\tAMEL\tHeight\n"
BONES = HEADER + (
    "a.fsa\tB1\t15, 16\t310, 290\t9.3, OL\t200, 88\tX, Y\t400, 380\n"
    "a.fsa\tB2\t14, \t150, \t6, 9.3\t99, 101\tX, \t500, \n"
)
RELATIVES = (
    "Family ID\tKinship\tSample ID\tD3S1358 1\tD3S1358 2\tTH01 1\tTH01 2\n"
    "F1\t[mother]\tR1\t15\t15\t9.3\t9.3\n"
    "F1\t[brother]\tR2\t15\t16\t6\t9.3\n"
    "F2\t[father]\tR3\t16\t17\t7\t8\n"
)


@pytest.fixture
def options(staffed: Staffed) -> profiles.ImportOptions:
    new = Operation(title="Search", kind=OperationKind.ROUTINE, number_sought=9, reading=ReadingPolicy.ONE)
    operation = staffed["manager"].run(operations.create_operation, new)
    technician = staffed["tamara"]
    case = RemainsCase(
        operation=operation.id,
        received_at=datetime.now(UTC),
        received_from="mortuary",
        received_by=technician.person.id,
        description=Description.COMMINGLED,
    )
    made = technician.run(remains.receive_case, case)
    return profiles.ImportOptions(operation.id, "run.txt", case=made.id, kit="PowerPlex 16")


def _read(tmp_path: Path, text: str) -> Reading:
    path = tmp_path / "run.txt"
    path.write_text(text)
    return profiles.read(path)


def test_a_dry_run_changes_nothing(staffed: Staffed, options: profiles.ImportOptions, tmp_path: Path) -> None:
    reading = _read(tmp_path, BONES)
    head = staffed["analyst"].run(auditing.head)
    plan = staffed["analyst"].run(profiles.plan_import, reading, options)
    assert [line.outcome for line in plan.lines] == ["new item with a sample"] * 2
    assert not plan.refused
    assert staffed["analyst"].run(profiles.profiles, ListQuery()).total == 0
    assert staffed["analyst"].run(auditing.head) == head


def test_heights_and_off_ladder_are_kept(
    staffed: Staffed, options: profiles.ImportOptions, tmp_path: Path
) -> None:
    analyst = staffed["analyst"]
    analyst.run(profiles.import_reading, _read(tmp_path, BONES), options)
    rows = analyst.run(profiles.profiles, ListQuery()).rows
    first = analyst.run(profiles.profile, rows[0].id)
    assert first.genotypes == {"D3S1358": ("15", "16")}
    assert first.calls["TH01"][1][3] == "off-ladder"
    assert first.calls["D3S1358"][0][:2] == ("15", 310.0)
    second = analyst.run(profiles.profile, rows[1].id)
    assert second.genotypes["D3S1358"] == ("14", "14")


def test_the_same_file_is_not_taken_in_twice(
    staffed: Staffed, options: profiles.ImportOptions, tmp_path: Path
) -> None:
    analyst, reading = staffed["analyst"], _read(tmp_path, BONES)
    analyst.run(profiles.import_reading, reading, options)
    with pytest.raises(Invalid, match="taken in before"):
        analyst.run(profiles.import_reading, reading, options)
    assert analyst.run(profiles.profiles, ListQuery()).total == 2


class _Stops:
    """Progress of a person who changes their mind at a step."""

    def __init__(self, at: int) -> None:
        self.at, self.seen = at, []  # type: ignore[var-annotated]

    def step(self, done: int, total: int, what: str = "") -> None:
        self.seen.append((done, total))
        if done >= self.at:
            raise Cancelled


def test_an_import_tells_how_far_it_is_and_a_stopped_one_leaves_nothing(
    staffed: Staffed, options: profiles.ImportOptions, tmp_path: Path
) -> None:
    rows = "".join(f"a.fsa\tB{n}\t15, 16\t310, 290\t6, 9.3\t99, 101\tX\t400\n" for n in range(600))
    reading, analyst = _read(tmp_path, HEADER + rows), staffed["analyst"]
    head, stops = analyst.run(auditing.head), _Stops(500)
    with pytest.raises(Cancelled):
        analyst.run(profiles.import_reading, reading, options, stops)
    assert stops.seen == [(0, 600), (250, 600), (500, 600)]
    assert analyst.run(auditing.head) == head
    assert analyst.run(profiles.profiles, ListQuery()).total == 0
    analyst.run(profiles.import_reading, reading, options, _Stops(600))
    assert analyst.run(profiles.profiles, ListQuery()).total == 600


def test_a_rejected_file_changes_nothing(
    staffed: Staffed, options: profiles.ImportOptions, tmp_path: Path
) -> None:
    reading = _read(tmp_path, BONES)
    with pytest.raises(Invalid, match="knows no sample B1"):
        staffed["analyst"].run(profiles.import_reading, reading, replace(options, case=None))
    broken = _read(tmp_path, BONES.replace("Sample Name", "Smaple Name"))
    assert broken.refused
    with pytest.raises(Invalid, match="is refused: line 1"):
        staffed["analyst"].run(profiles.import_reading, broken, options)
    assert staffed["tamara"].run(remains.items, ListQuery()).total == 0


def test_relatives_need_a_consent_and_become_a_drawing_to_confirm(
    staffed: Staffed, options: profiles.ImportOptions, tmp_path: Path
) -> None:
    analyst, manager, reading = staffed["analyst"], staffed["manager"], _read(tmp_path, RELATIVES)
    with pytest.raises(Invalid, match="consent"):
        analyst.run(profiles.import_reading, reading, options)
    agreed = replace(options, consent=ConsentDetails(date(2025, 1, 1), "form 9"))
    analyst.run(profiles.import_reading, reading, agreed)
    lines = manager.run(families.families, ListQuery(sort="number")).rows
    assert [(line.external_number, line.donors, line.missing, line.confirmed) for line in lines] == [
        ("F1", 2, 1, False),
        ("F2", 1, 1, False),
    ]
    record = manager.run(families.family_record, lines[0].id)
    mother = next(d.relative for d in record.donors if d.relative.relation == "mother")
    brother = next(d.relative for d in record.donors if d.relative.relation == "brother")
    assert record.pedigree.member("MP").mother == mother.code == record.pedigree.member(brother.code).mother
    assert {d.consent.form for d in record.donors if d.consent} == {"form 9"}
    assert record.typed == frozenset()


def test_the_reviewer_is_another_person_and_makes_it_searchable(
    staffed: Staffed, options: profiles.ImportOptions, tmp_path: Path
) -> None:
    from forensics.domain.people import Role
    from forensics.services import people

    analyst = staffed["analyst"]
    analyst.run(profiles.import_reading, _read(tmp_path, BONES), options)
    ids = [row.id for row in analyst.run(profiles.profiles, ListQuery()).rows]
    staffed.admin.run(people.set_roles, analyst.person.id, [Role.DNA_ANALYST, Role.DNA_REVIEWER])
    analyst.refresh_roles()
    with pytest.raises(Refused, match="reviewed by another person"):
        analyst.run(profiles.accept_profiles, ids)
    accepted = staffed["reviewer"].run(profiles.accept_profiles, ids)
    assert {p.state for p in accepted} == {ProfileState.ACCEPTED}
    items = staffed["tamara"].run(remains.items, ListQuery()).rows
    assert {line.state for line in items} == {ItemState.IN_COMPARISON}


def test_a_later_profile_of_the_same_sample_supersedes(
    staffed: Staffed, options: profiles.ImportOptions, tmp_path: Path
) -> None:
    analyst, reviewer = staffed["analyst"], staffed["reviewer"]
    for text in (BONES, BONES.replace("310", "311")):
        analyst.run(profiles.import_reading, _read(tmp_path, text), options)
        waiting = ListQuery(filters={"state": (str(ProfileState.IMPORTED),)})
        ids = [row.id for row in reviewer.run(profiles.profiles, waiting).rows]
        reviewer.run(profiles.accept_profiles, ids)
    states = [row.state for row in reviewer.run(profiles.profiles, ListQuery()).rows]
    assert sorted(states) == ["accepted", "accepted", "superseded", "superseded"]
    assert staffed["tamara"].run(remains.items, ListQuery()).total == 2


def test_withdrawing_needs_a_reason(
    staffed: Staffed, options: profiles.ImportOptions, tmp_path: Path
) -> None:
    staffed["analyst"].run(profiles.import_reading, _read(tmp_path, BONES), options)
    id = staffed["reviewer"].run(profiles.profiles, ListQuery()).rows[0].id
    with pytest.raises(Invalid, match="why"):
        staffed["reviewer"].run(profiles.withdraw_profile, id, " ")
    gone = staffed["reviewer"].run(profiles.withdraw_profile, id, "contaminated")
    assert (gone.state, gone.note) == (ProfileState.WITHDRAWN, "contaminated")


def _refusals(staffed: Staffed, reading: Reading, options: profiles.ImportOptions) -> list[str]:
    """What stands in the way of taking a file in; and nothing of it is."""
    analyst = staffed["analyst"]
    head = analyst.run(auditing.head)
    plan = analyst.run(profiles.plan_import, reading, options)
    assert plan.refused
    fatal = [problem for problem in plan.problems if problem.severity is Severity.FATAL]
    assert all(problem.remedy for problem in fatal)
    with pytest.raises(Invalid, match="is refused"):
        analyst.run(profiles.import_reading, reading, options)
    assert analyst.run(auditing.head) == head
    return [problem.what for problem in fatal]


def test_a_sample_that_stands_twice_in_a_file_is_not_taken_in(
    staffed: Staffed, options: profiles.ImportOptions, tmp_path: Path
) -> None:
    reading = _read(tmp_path, BONES + "b.fsa\tB1\t15, 17\t310, 290\t9.3, 8\t200, 88\tX, Y\t400, 380\n")
    assert set(_refusals(staffed, reading, options)) == {"The sample B1 stands in the file more than once."}


def test_a_number_that_two_items_carry_is_not_guessed_at(
    staffed: Staffed, options: profiles.ImportOptions, tmp_path: Path
) -> None:
    assert options.case is not None
    twice = [remains.NewItem(ItemKind.BONE, external_number="B1") for _ in range(2)]
    staffed["tamara"].run(remains.add_items, options.case, twice)
    found = _refusals(staffed, _read(tmp_path, BONES), options)
    assert found == ["More than one sample or item of this operation carries the number B1."]


def test_a_sample_of_another_operation_stays_there(
    staffed: Staffed, options: profiles.ImportOptions, tmp_path: Path
) -> None:
    analyst = staffed["analyst"]
    analyst.run(profiles.import_reading, _read(tmp_path, BONES), options)
    token = analyst.run(samples.samples, ListQuery(text="B1")).rows[0].token
    other = Operation(title="Another", kind=OperationKind.ROUTINE, number_sought=9)
    elsewhere = replace(options, operation=staffed["manager"].run(operations.create_operation, other).id)
    found = _refusals(staffed, _read(tmp_path, BONES.replace("B1", token)), elsewhere)
    assert f"The sample {token} belongs to another operation." in found
