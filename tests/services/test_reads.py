"""Two blind reads, what a third settles, the technical review, and what the database itself refuses."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from uuid import UUID

import pytest
import sqlalchemy as sa

from forensics.domain.errors import Invalid, NominaError, Refused
from forensics.domain.kinship import Sex
from forensics.domain.profiles import ProfileState
from forensics.services import profiles, reads
from forensics.services.door import Laboratory
from tests.support.laboratories import Staffed, create
from tests.support.reading import imported, second_people

RUN = (
    "Sample File\tSample Name\tD3S1358\tHeight\tTH01\tHeight\tvWA\tHeight\tAMEL\tHeight\n"
    "a.fsa\tB1\t15, 16\t310, 290\t9.3, 10\t200, 60\t17\t500\tX, Y\t400, 380\n"
)
FIRST = {"D3S1358": "15 16", "TH01": "9.3 ?", "vWA": "17", "AMEL": "X Y"}


@pytest.fixture
def waiting(staffed: Staffed, tmp_path: Path) -> UUID:
    """An imported profile of an operation that wants two reads."""
    return imported(staffed, tmp_path, RUN)[0]


@pytest.fixture
def readers(staffed: Staffed) -> list[Laboratory]:
    """Four people who call alleles."""
    return [staffed["analyst"], staffed["reviewer"], *second_people(staffed)]


def test_two_alike_reads_a_review_and_an_acceptance(waiting: UUID, readers: list[Laboratory]) -> None:
    one, reviewer, two, _ = readers
    assert one.run(reads.read_profile, waiting, FIRST).state is ProfileState.FIRST_READ
    again = two.run(reads.read_profile, waiting, {**FIRST, "D3S1358": "16,15"})
    assert again.state is ProfileState.CONCORDANT
    assert again.genotypes == {"D3S1358": ("15", "16"), "vWA": ("17", "17")}
    assert (again.loci, again.sex) == (2, Sex.MALE)
    with pytest.raises(Refused, match="there is no step to “accepted”"):
        reviewer.run(profiles.accept_profiles, [waiting])
    assert reviewer.run(reads.check_profile, waiting).state is ProfileState.REVIEWED
    (accepted,) = reviewer.run(profiles.accept_profiles, [waiting])
    assert accepted.state is ProfileState.ACCEPTED
    assert accepted.first_reader == one.person.id


def test_a_profile_that_nobody_has_read_is_not_accepted(waiting: UUID, readers: list[Laboratory]) -> None:
    with pytest.raises(Refused, match="read by two people and technically reviewed"):
        readers[1].run(profiles.accept_profiles, [waiting])


def test_nobody_sees_the_first_read_before_the_second_is_in(waiting: UUID, readers: list[Laboratory]) -> None:
    one, reviewer, two, _ = readers
    one.run(reads.read_profile, waiting, FIRST)
    seen = {lab.person.login: lab.run(reads.reads, waiting) for lab in (one, two, reviewer)}
    own = seen[one.person.login]
    assert own.first is not None
    assert own.first.alleles["TH01"] == ("9.3", "?")
    assert own.why_not.startswith("You made the first read")
    for lab in (two, reviewer):
        shown = seen[lab.person.login]
        assert (shown.first, shown.second, shown.differing) == (None, None, ())
        assert (shown.turn, shown.why_not) == (2, "")
        assert "'?'" not in repr(shown)


def test_the_second_read_is_refused_to_the_first_reader(waiting: UUID, readers: list[Laboratory]) -> None:
    readers[0].run(reads.read_profile, waiting, FIRST)
    with pytest.raises(Refused, match="made by another person"):
        readers[0].run(reads.read_profile, waiting, FIRST)


def test_a_third_person_settles_each_difference_with_a_reason(
    waiting: UUID, readers: list[Laboratory]
) -> None:
    one, reviewer, two, three = readers
    one.run(reads.read_profile, waiting, FIRST)
    second = {**FIRST, "TH01": "9.3 10", "vWA": ""}
    assert two.run(reads.read_profile, waiting, second).state is ProfileState.DISCORDANT
    shown = three.run(reads.reads, waiting)
    assert (shown.differing, shown.turn) == (("TH01", "vWA"), 3)
    assert shown.first is not None
    assert shown.second is not None
    assert (shown.first.alleles["vWA"], shown.second.alleles["vWA"]) == (("17",), ())
    for lab in (one, two):
        with pytest.raises(Refused, match="settled by a third"):
            lab.run(reads.settle_reads, waiting, {"TH01": "9.3 10", "vWA": "17"}, {"TH01": "a", "vWA": "b"})
    with pytest.raises(Invalid, match="vWA was read differently and is not settled"):
        three.run(reads.settle_reads, waiting, {"TH01": "9.3 10"}, {"TH01": "clear"})
    with pytest.raises(Invalid, match="Say why at vWA"):
        three.run(reads.settle_reads, waiting, {"TH01": "9.3 10", "vWA": "17"}, {"TH01": "clear"})
    with pytest.raises(Invalid, match="At D3S1358 both reads agree"):
        three.run(
            reads.settle_reads,
            waiting,
            {"TH01": "9.3 10", "vWA": "17", "D3S1358": "15"},
            {"TH01": "clear", "vWA": "high"},
        )
    reasons = {"TH01": "both above the threshold", "vWA": "one high peak"}
    settled = three.run(reads.settle_reads, waiting, {"TH01": "9.3 10", "vWA": "17"}, reasons)
    assert (settled.state, settled.settled_by) == (ProfileState.CONCORDANT, three.person.id)
    whole = {"D3S1358": ("15", "16"), "TH01": ("9.3", "10"), "vWA": ("17", "17")}
    assert (settled.genotypes, settled.loci) == (whole, 3)
    kept = one.run(reads.reads, waiting).settlement
    assert kept is not None
    assert kept.reasons == reasons
    assert reviewer.run(reads.check_profile, waiting).checked_by == reviewer.person.id


def test_a_reader_does_not_review_what_they_have_read(waiting: UUID, readers: list[Laboratory]) -> None:
    _, reviewer, two, _ = readers
    reviewer.run(reads.read_profile, waiting, FIRST)
    two.run(reads.read_profile, waiting, FIRST)
    with pytest.raises(Refused, match="technical review is made by somebody else"):
        reviewer.run(reads.check_profile, waiting)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"TH01": "9,3"}, "may be one allele or two"),
        ({"TH01": "09-Mar"}, "is a date"),
        ({"TH01": "OL"}, "no designation"),
        ({"TH01": "6 9.3 ?"}, "question mark stands beside one allele"),
        ({"AMEL": "Z"}, "no amelogenin call"),
        ({"TH99": "6"}, "TH99 is no locus"),
        ({"TH01": " "}, "Nothing was read"),
    ],
)
def test_what_is_no_allele_is_refused_with_its_locus(
    waiting: UUID, readers: list[Laboratory], typed: dict[str, str], said: str
) -> None:
    with pytest.raises(Invalid, match=said.replace("?", r"\?")):
        readers[0].run(reads.read_profile, waiting, typed)


def test_the_database_refuses_what_the_service_would(
    staffed: Staffed, waiting: UUID, readers: list[Laboratory]
) -> None:
    one, _, two, _ = readers
    one.run(reads.read_profile, waiting, FIRST)
    me = str(one.person.id).replace("-", "")
    engine = staffed.admin.store.engine
    for statement in (
        f"UPDATE profile SET second_reader = '{me}'",
        f"UPDATE profile SET state = 'concordant', second_reader = '{str(two.person.id).replace('-', '')}', "
        f"settled_by = '{me}'",
        "UPDATE profile SET state = 'concordant'",
        "UPDATE profile SET state = 'accepted'",
    ):
        with pytest.raises(sa.exc.DBAPIError), engine.begin() as connection:
            connection.execute(sa.text(statement))


def test_one_of_two_first_readers_is_told_that_the_other_was_faster(
    waiting: UUID, readers: list[Laboratory]
) -> None:
    """Both began when it was imported; the later one's read is taken as the second, blind as it was made."""
    readers[0].run(reads.read_profile, waiting, FIRST)
    done = readers[2].run(reads.read_profile, waiting, FIRST)
    assert done.state is ProfileState.CONCORDANT
    with pytest.raises(Refused, match="there is nothing to read"):
        readers[3].run(reads.read_profile, waiting, FIRST)


def test_an_operation_with_one_read_keeps_its_flow(staffed: Staffed, tmp_path: Path) -> None:
    (id,) = imported(staffed, tmp_path, RUN, two=False)
    with pytest.raises(Refused, match="read once and reviewed"):
        staffed["analyst"].run(reads.read_profile, id, FIRST)
    (accepted,) = staffed["reviewer"].run(profiles.accept_profiles, [id])
    assert accepted.state is ProfileState.ACCEPTED


@pytest.mark.parametrize("server", [False, True], ids=["file", "server"])
def test_of_two_second_readers_at_once_one_is_kept_and_the_other_told(
    server: bool, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    laboratory: Staffed = (
        create(request.getfixturevalue("fresh_database")()) if server else request.getfixturevalue("staffed")
    )
    (id,) = imported(laboratory, tmp_path, RUN)
    laboratory["analyst"].run(reads.read_profile, id, FIRST)
    together = Barrier(2, timeout=20)

    def read(lab: Laboratory) -> str:
        together.wait()
        try:
            lab.run(reads.read_profile, id, FIRST)
        except NominaError as error:
            return str(error)
        return ""

    with ThreadPoolExecutor(2) as pool:
        said = list(pool.map(read, second_people(laboratory)))
    assert said.count("") == 1, said
    shown = laboratory["reviewer"].run(reads.reads, id)
    assert shown.profile.state is ProfileState.CONCORDANT
    assert shown.second is not None
    if server:
        laboratory.close()
