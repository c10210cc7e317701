"""The GHEP-ISFG exercise as a laboratory works it: from the published files to signed, verified reports.

87 bones, 119 families, 15 markers. Expected numbers: pedprobr 1.1.0 (equal mutation, rate 0.001, as drawn) and
the exercise's own scenario (193 missing, re-association from an LR of a million on).
"""

from __future__ import annotations

import math
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sqlalchemy as sa

from forensics.domain.consistency import Consistency
from forensics.domain.custody import CustodyKind
from forensics.domain.documents import ReportState
from forensics.domain.errors import Refused
from forensics.domain.identifications import Handover, Identification, IdentificationState, Notification
from forensics.domain.kinship import MutationKind, Sex
from forensics.domain.lines import HypothesisLine
from forensics.domain.lists import ListQuery
from forensics.domain.matching import HypothesisState
from forensics.domain.operations import Operation, OperationKind, ReadingPolicy
from forensics.domain.remains import Association, Description, RemainsCase
from forensics.services import (
    auditing,
    blind,
    custody,
    documents,
    families,
    identifications,
    matching,
    operations,
    profiles,
    remains,
    report_facts,
    screening_questions,
    screenings,
)
from forensics.services.families import ConsentDetails
from reports import issuing
from reports.walkthrough import pdf_of, verified
from tests.support.laboratories import PASSWORD, Staffed, open_copy
from tests.support.shared import expected, shared

MILLION = 6.0
ROUNDED = 5e-8  # what the ten decimals of their frequencies leave in a log10 LR; ours are not rounded


@dataclass
class Exercise:
    """The laboratory as the journey leaves it for the tests."""

    labs: Staffed
    operation: Operation
    oracle: dict[str, Any]
    associations: list[Association] = field(default_factory=list)
    candidates: tuple[HypothesisLine, ...] = ()

    @property
    def result(self) -> dict[str, Any]:
        return dict(self.oracle["cases"][0]["result"])

    def lr(self, bone: str, family: str) -> float:
        """The expected log10 LR; −∞ where the LR is 0, KeyError for a bone without expectations."""
        rows, columns = self.result["pm_rows"], self.result["family_cols"]
        if bone not in rows:
            raise KeyError(bone)
        found = self.result["log10_lr_equal_mutation_as_drawn"][rows.index(bone)][columns.index(family)]
        return -math.inf if found is None else float(found)

    def has(self, bone: str) -> bool:
        return bone in self.result["pm_rows"]


WHOLE = ListQuery(limit=2000)


@pytest.fixture(scope="module")
def exercise(empty_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Exercise]:
    """Operation, case, both files taken in, reviewed, pedigrees confirmed; re-associated and screened."""
    folder = shared("corpus", "dvi", "Exercise-GHEP")
    oracle = expected("oracle", "public", "large_search_ghep1.json")
    labs = open_copy(empty_template, tmp_path_factory.mktemp("ghep"))
    found = Exercise(labs, _operation(labs, folder), oracle)
    _take_in(found, folder)
    found.associations = list(blind.compare_all(labs["analyst"], found.operation.id).proposed)
    for one in found.associations:
        labs["reviewer"].run(remains.decide_association, one.id, True)
    screenings.screen_operation(labs["analyst"], found.operation.id)
    best = ListQuery(sort="log10_lr", descending=True, limit=2000)
    found.candidates = labs["analyst"].run(matching.hypotheses, best).rows
    yield found
    labs.close()


def _operation(labs: Staffed, folder: Path) -> Operation:
    manager = labs["manager"]
    table = profiles.read(folder / "GHEP-STR-freq.txt").frequencies
    assert table is not None
    kept = manager.run(operations.take_frequencies, table)
    new = Operation(
        title="GHEP exercise",
        kind=OperationKind.CONFLICT,
        number_sought=193,
        reading=ReadingPolicy.ONE,
        threshold=0.9999,
        frequencies=kept.id,
        mutation=MutationKind.EQUAL,
        mutation_rate_male=0.001,
        mutation_rate_female=0.001,
    )
    return manager.run(operations.create_operation, new)


def _take_in(found: Exercise, folder: Path) -> None:
    labs, operation = found.labs, found.operation.id
    analyst, manager = labs["analyst"], labs["manager"]
    arrived = RemainsCase(
        operation=operation,
        received_at=datetime.now(UTC),
        received_from="Prosecutor",
        received_by=labs["tamara"].person.id,
        description=Description.COMMINGLED,
    )
    case = labs["tamara"].run(remains.receive_case, arrived)
    consent = ConsentDetails(date(2020, 1, 1), "form of the exercise")
    for name in ("GHEP-PM-profiles.txt", "GHEP-AM-profiles.txt"):
        reading = profiles.read(folder / name)
        options = profiles.ImportOptions(operation, name, case.id, consent)
        before = analyst.run(auditing.head)
        plan = analyst.run(profiles.plan_import, reading, options)
        assert not plan.refused, plan.problems
        assert analyst.run(auditing.head) == before  # a dry run changes nothing
        analyst.run(profiles.import_reading, reading, options)
    waiting = [line.id for line in labs["reviewer"].run(profiles.profiles, WHOLE).rows]
    labs["reviewer"].run(profiles.accept_profiles, waiting)
    for line in manager.run(families.families, WHOLE).rows:
        manager.run(families.confirm_pedigree, manager.run(families.family_record, line.id).family)


@pytest.fixture(scope="module")
def identified(exercise: Exercise) -> Identification:
    """The strongest candidate, weighed, reviewed, proposed and confirmed by four people."""
    labs, best = exercise.labs, exercise.candidates[0]
    seen = labs["analyst"].run(matching.hypothesis_record, best.id).hypothesis
    proposed = labs["analyst"].run(matching.propose_match, seen, "All loci agree.")
    with pytest.raises(Refused, match="may not"):
        labs["analyst"].run(matching.review_match, proposed, HypothesisState.SUPPORTED, "")
    reviewed = labs["reviewer"].run(matching.review_match, proposed, HypothesisState.SUPPORTED, "")
    made = labs["manager"].run(identifications.propose, reviewed.id, "DNA agrees.")
    assert not any(row.verdict == Consistency.INCONSISTENT for row in made.grid)
    return identifications.confirm(labs["coordinator"], made, "The evidence is consistent.", PASSWORD)


# what came in


def test_everything_of_the_files_is_there(exercise: Exercise) -> None:
    labs = exercise.labs
    rows = labs["reviewer"].run(profiles.profiles, WHOLE).rows
    assert sum(not row.reference for row in rows) == 87
    assert sum(row.reference for row in rows) == 286
    drawn = labs["manager"].run(families.families, WHOLE).rows
    assert len(drawn) == 119
    assert all(line.confirmed for line in drawn)


def test_bones_of_one_person_are_found_and_become_individuals(exercise: Exercise) -> None:
    lab = exercise.labs["analyst"]
    named = {line.id: line for line in lab.run(remains.items, WHOLE).rows}
    found = {
        frozenset((named[a.first].external_number, named[a.second].external_number)): a.statistic
        for a in exercise.associations
    }
    for pair in exercise.result["direct_match_pairs_lr_ge_1e4"]:
        bones = frozenset((pair["a"], pair["b"]))
        if pair["log10_lr"] >= MILLION:
            assert found[bones] == pytest.approx(pair["log10_lr"], abs=1e-9)
        else:
            assert bones not in found
    for one in exercise.associations:
        assert named[one.first].individual == named[one.second].individual is not None


def test_every_lr_that_the_laboratory_computes_is_the_expected_one(exercise: Exercise) -> None:
    from forensics.genetics.screening import log10_matrix

    question = exercise.labs["analyst"].run(screening_questions.screening_question, exercise.operation.id)
    sexless = tuple(replace(p, sex=Sex.UNKNOWN) for p in question.inputs.profiles)
    inputs = replace(question.inputs, profiles=sexless)
    named = {line.id: line for line in exercise.labs["analyst"].run(remains.items, WHOLE).rows}
    bones = [named[question.profiles[p.id][1]].external_number for p in inputs.profiles]
    drawn = exercise.labs["manager"].run(families.families, WHOLE).rows
    names = {str(line.id): line.external_number for line in drawn}
    columns = [names[family] for family, _ in inputs.missing]
    published = exercise.oracle["frequency_tables"]["GHEP"]
    for locus in inputs.loci:
        for allele, frequency in inputs.frequencies.loci[locus].items():
            assert frequency == pytest.approx(
                published[locus][allele], abs=5e-10
            )  # ten decimals, the commonest allele takes the rest
    theirs = {locus: published[locus] for locus in inputs.loci}
    rounded = replace(inputs, frequencies=replace(inputs.frequencies, loci=theirs))
    for asked, tolerance in ((rounded, 1e-9), (inputs, ROUNDED)):
        matrix = log10_matrix(asked)
        assert matrix.shape == (87, 119)
        wanted = np.array([[exercise.lr(b, f) for f in columns] for b in bones if exercise.has(b)])
        got = matrix[[exercise.has(b) for b in bones]]
        assert wanted.shape == (44, 119)
        assert np.array_equal(np.isneginf(got), np.isneginf(wanted))
        finite = np.isfinite(wanted)
        assert np.abs(got[finite] - wanted[finite]).max() < tolerance


def test_candidates_are_those_above_the_threshold_whose_sexes_fit(exercise: Exercise) -> None:
    found = {(row.item_external, row.family_external): row for row in exercise.candidates}
    assert len(found) == len(exercise.candidates)
    known = {pair for pair in found if exercise.has(pair[0])}
    for pair in known:
        assert found[pair].log10_lr == pytest.approx(exercise.lr(*pair), abs=ROUNDED)
    lab = exercise.labs["analyst"]
    sexes = {p.source: p.sex for p in lab.run(profiles.profiles, WHOLE).rows}
    bones = {line.external_number: sexes[line.number] for line in lab.run(remains.items, WHOLE).rows}
    wanted = {line.family_number: line.sex for line in lab.run(families.missing_persons, WHOLE).rows}
    drawn = exercise.labs["manager"].run(families.families, WHOLE).rows
    fitting = {
        (bone, family.external_number)
        for family in drawn
        for bone in exercise.result["pm_rows"]
        if exercise.lr(bone, family.external_number) >= 2.0
        and len({bones[bone], wanted[family.number]} - {Sex.UNKNOWN}) < 2
    }
    assert known == fitting
    assert len(fitting) >= 5


def test_a_candidate_can_be_repeated_from_its_case_file(exercise: Exercise) -> None:
    from forensics.formats.kinship_cases import read_cases
    from forensics.genetics.likelihood import likelihood_ratio

    for line in exercise.candidates[:3]:
        (case,) = read_cases(exercise.labs["analyst"].run(matching.case_file, line.id))
        assert likelihood_ratio(case).log10_total == pytest.approx(line.log10_lr, abs=1e-12)


def test_all_bones_and_all_families_together(exercise: Exercise) -> None:
    """Re-associated bones are one victim; every posterior is known to a thousandth of a percent at least."""
    from forensics.domain.joint_verdicts import Verdict
    from forensics.domain.joint_words import explained
    from forensics.services import joint

    found = joint.solve_operation(exercise.labs["analyst"], exercise.operation.id)
    assert (len(found.pairs.victims), len(found.pairs.sought)) == (76, 119)
    assert found.standard_error == 0
    assert found.half_width < 1e-5
    assert found.lost_mass < 1e-5
    assert found.pairs.pair_weight == 1 / (193 - 119)
    lines = explained(found)
    placed = [line for line in lines if line.verdict is Verdict.SAME]
    assert len(placed) == 12
    for line in placed:
        lr = line.log10_lr
        assert lr is not None
        assert line.joint == line.pairwise
        # alone but for the rest of the list, whose LRs are smaller than those of strangers
        assert (line.joint_posterior or 0) >= 10**lr / (10**lr + 192)
        assert (line.joint_posterior or 0) <= 10**lr / (10**lr + 74) + 1e-5
    assert not any(line.differs for line in lines)


# who decides


def test_three_people_have_decided(exercise: Exercise, identified: Identification) -> None:
    assert identified.state is IdentificationState.CONFIRMED
    people = {identified.proposed_by, identified.reviewed_by, identified.confirmed_by}
    assert len(people) == 3


def test_one_person_in_two_roles_is_refused_by_the_laboratory(exercise: Exercise) -> None:
    """The case manager is made coordinator too, and still can't confirm what she proposed."""
    from forensics.domain.people import Role
    from forensics.services import people

    labs, line = exercise.labs, exercise.candidates[1]
    seen = labs["analyst"].run(matching.hypothesis_record, line.id).hypothesis
    proposed = labs["analyst"].run(matching.propose_match, seen, "All loci agree.")
    reviewed = labs["reviewer"].run(matching.review_match, proposed, HypothesisState.SUPPORTED, "")
    made = labs["manager"].run(identifications.propose, reviewed.id, "DNA agrees.")
    labs.admin.run(people.set_roles, labs.person("manager").id, [Role.CASE_MANAGER, Role.COORDINATOR])
    labs["manager"].refresh_roles()
    with pytest.raises(Refused, match="three different people"):
        identifications.confirm(labs["manager"], made, "I am sure.", PASSWORD)
    after = labs["manager"].run(identifications.identification_record, made.id).identification
    assert after == made


def test_one_person_in_two_roles_is_refused_by_the_database(exercise: Exercise) -> None:
    """Past every program: a bare statement on the laboratory's own engine."""
    labs, line = exercise.labs, exercise.candidates[2]
    seen = labs["analyst"].run(matching.hypothesis_record, line.id).hypothesis
    proposed = labs["analyst"].run(matching.propose_match, seen, "All loci agree.")
    reviewed = labs["reviewer"].run(matching.review_match, proposed, HypothesisState.SUPPORTED, "")
    made = labs["manager"].run(identifications.propose, reviewed.id, "DNA agrees.")
    forged = (
        "UPDATE identification SET confirmed_by = proposed_by, state = 'confirmed', revision = revision + 1"
    )
    other = "UPDATE hypothesis SET reviewed_by = weighed_by, revision = revision + 1 WHERE state = 'proposed'"
    profile = "UPDATE profile SET reviewed_by = imported_by, revision = revision + 1"
    for statement in (f"{forged} WHERE number = '{made.number}'", profile):
        with pytest.raises(sa.exc.IntegrityError, match="_is_not_"):
            _bare(labs, statement)
    waiting = labs["analyst"].run(matching.hypothesis_record, exercise.candidates[3].id).hypothesis
    labs["analyst"].run(matching.propose_match, waiting, "All loci agree.")
    with pytest.raises(sa.exc.IntegrityError, match="weighed_by_is_not_reviewed_by"):
        _bare(labs, other)
    after = labs["manager"].run(identifications.identification_record, made.id).identification
    assert after == made
    assert _head_of(labs).sound


def _bare(labs: Staffed, statement: str) -> None:
    with labs.admin.store.engine.connect() as plain:
        connection = plain.execution_options(nomina_writes=True)
        with connection.begin():
            connection.exec_driver_sql(statement)


def _head_of(labs: Staffed) -> Any:
    return labs["coordinator"].run(auditing.verify)


# reports and the return


def test_reports_are_signed_and_verified_and_the_remains_go_home(
    exercise: Exercise, identified: Identification, tmp_path: Path
) -> None:
    labs = exercise.labs
    analyst, reviewer = labs["analyst"], labs["reviewer"]
    manager, coordinator = labs["manager"], labs["coordinator"]
    match = report_facts.draft_match(analyst, identified.hypothesis, reviewer.person.id)
    with pytest.raises(Refused):
        issuing.authorise(reviewer, match, PASSWORD)  # the author signs first
    match = issuing.authorise(reviewer, issuing.sign(analyst, match, PASSWORD), PASSWORD)
    whole = report_facts.draft_identification(manager, identified.id, coordinator.person.id)
    whole = issuing.authorise(coordinator, issuing.sign(manager, whole, PASSWORD), PASSWORD)
    for report in (match, whole):
        assert report.state is ReportState.ISSUED
        pdf = pdf_of(coordinator, report)
        found = verified(coordinator, pdf)
        assert found.accepted, found.checks
        assert [s.signer for s in found.signatures] == _signers(labs, report.id)
        assert not verified(coordinator, pdf + b"\n").holds
        _independent(tmp_path / f"{report.kind}.pdf", pdf)
    assert match.audit_head in pdf_of(analyst, match).decode("latin-1") or match.audit_sequence > 0
    _go_home(exercise, identified)


def _signers(labs: Staffed, report: Any) -> list[str]:
    record = labs["coordinator"].run(documents.report_record, report)
    return [record.author, record.authoriser]


def _independent(path: Path, pdf: bytes) -> None:
    """Another program's opinion of both signatures."""
    program = shutil.which("pdfsig")
    if program is None:
        pytest.skip("pdfsig (poppler-utils) is not installed")
    path.write_bytes(pdf)
    said = subprocess.run([program, "-nocert", path], capture_output=True, text=True, check=False).stdout
    assert said.count("Signature is Valid.") == 2, said
    assert "Total document signed" in said


def _go_home(exercise: Exercise, identified: Identification) -> None:
    labs = exercise.labs
    manager, id = labs["manager"], identified.id
    items = [line.id for line in manager.run(identifications.identification_record, id).items]
    returned = Handover(
        identification=id,
        at=datetime.now(UTC),
        by=manager.person.id,
        receiver="Mother",
        inventory=(),
        complete=False,
        burial_place="family grave",
    )
    with pytest.raises(Refused, match="must be notified"):
        manager.run(identifications.record_handover, returned, items)
    told = Notification(identification=id, on=date.today(), by=manager.person.id, present="Mother")
    manager.run(identifications.record_notification, told)
    with pytest.raises(Refused, match="no complete handover"):
        manager.run(
            identifications.close, manager.run(identifications.identification_record, id).identification
        )
    manager.run(identifications.record_handover, returned, items)
    closed = manager.run(
        identifications.close, manager.run(identifications.identification_record, id).identification
    )
    assert closed.state is IdentificationState.CLOSED
    legs = [leg.event.kind for leg in manager.run(custody.item_story, items[0])]
    assert legs[-1] is CustodyKind.RELEASE
    story = labs["coordinator"].run(auditing.history, frozenset({identified.hypothesis, id}))
    acts = [line.what for line in story]
    assert acts[0] == "Record screening"
    assert acts[-1] == "Close"
    assert len({line.who for line in story}) >= 4
    verdict = _head_of(labs)
    assert verdict.sound
    assert story[-1].sequence == verdict.head.sequence
