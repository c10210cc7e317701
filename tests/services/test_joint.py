"""A whole operation read, compared and solved: on the demonstration in miniature, and on a written question."""

from __future__ import annotations

from dataclasses import replace

import pytest

from forensics.domain.errors import Cancelled, Conflict, Invalid, Refused
from forensics.domain.identifications import Identification, IdentificationState
from forensics.domain.joint import ENGINE, PairState
from forensics.domain.joint_solution import Cell, JointSolution, PairComparison
from forensics.domain.joint_verdicts import Verdict
from forensics.domain.joint_words import explained
from forensics.domain.kinship import Sex
from forensics.domain.lists import ListQuery
from forensics.domain.matching import Hypothesis, HypothesisState
from forensics.domain.operations import Operation, OperationKind
from forensics.domain.records import new_id
from forensics.domain.remains import AssociationState
from forensics.services import (
    associations,
    identifications,
    joint,
    joint_questions,
    matching,
    operations,
    remains,
)
from tests.support.laboratories import Staffed


def operation(lab: Staffed) -> Operation:
    return lab["analyst"].run(operations.operations)[0]


def question(lab: Staffed) -> joint_questions.JointQuestion:
    return lab["analyst"].run(joint_questions.joint_question, operation(lab).id)


def test_re_associated_remains_are_one_victim_with_the_loci_of_all(small_lab: Staffed) -> None:
    found = question(small_lab)
    lab = small_lab["analyst"]
    items = {line.id: line for line in lab.run(remains.items, ListQuery(limit=500)).rows}
    several = [victim for victim in found.victims if len(victim.items) > 1]
    assert several
    assert [victim.number for victim in found.victims] == sorted({v.number for v in found.victims})
    for victim in several:
        assert victim.individual is not None
        assert {items[i].individual for i in victim.items} == {victim.number}
        assert set(victim.item_numbers) == {items[i].number for i in victim.items}
    listed = [i for victim in found.victims for i in victim.items]
    assert len(listed) == len(set(listed))
    before = len(found.victims)
    waiting = lab.run(
        associations.association_list, ListQuery(filters={"state": (AssociationState.PROPOSED,)})
    ).rows
    if not waiting:
        pytest.skip("the miniature holds no association to decide")
    small_lab["reviewer"].run(remains.decide_association, waiting[0].id, True, "Same genotypes.")
    assert len(question(small_lab).victims) < before


def test_profiles_of_one_person_are_combined_without_what_contradicts() -> None:
    one = {"D1": ("10", "11"), "D2": ("7", "8")}
    other = {"D1": ("11", "10"), "D2": ("7", "7"), "D3": ("14", "15")}
    assert joint_questions.combined([one, other]) == ({"D1": ("10", "11"), "D3": ("14", "15")}, ("D2",))
    assert joint_questions.common_sex([Sex.UNKNOWN, Sex.MALE, Sex.MALE]) is Sex.MALE
    assert joint_questions.common_sex([Sex.FEMALE, Sex.MALE]) is Sex.UNKNOWN
    assert joint_questions.common_sex([Sex.UNKNOWN]) is Sex.UNKNOWN


def test_the_pairs_of_single_remains_are_the_candidates(small_lab: Staffed) -> None:
    asked = question(small_lab)
    found = joint.compare(asked)
    row = {v.items[0]: r for r, v in enumerate(found.victims) if len(v.items) == 1}
    column = {one.person: c for c, one in enumerate(found.sought)}
    rows = small_lab["analyst"].run(matching.hypotheses, ListQuery(limit=500)).rows
    seen = 0
    for line in rows:
        if line.item in row and line.missing_person in column:
            lr = found.table.log10_lr[row[line.item], column[line.missing_person]]
            assert lr == pytest.approx(line.log10_lr, abs=1e-9)
            seen += 1
    assert seen > 3
    assert sum(found.table.count(state) for state in PairState) == len(found.victims) * len(found.sought)
    assert found.parameters["loci"] == list(asked.inputs.loci)
    assert set(found.digests) == {"question", "inputs", "frequencies", "pedigrees", "profiles", "decisions"}
    assert all(len(value) == 64 for value in found.digests.values())


def test_the_solution_keeps_to_the_policy_and_says_what_it_rests_on(small_lab: Staffed) -> None:
    op = operation(small_lab)
    found = joint.solve_operation(small_lab["analyst"], op.id)
    assert found.pairs.pair_weight == 1 / (op.number_sought - len(found.pairs.sought))
    assert found.pairs.threshold == op.threshold
    for row, posterior in enumerate(found.posterior):
        assert sum(posterior.values()) + (found.unplaced[row] or 0.0) == pytest.approx(1.0, abs=1e-6)
    claimed = [sum(p for _, p in found.claims(c)) for c in range(len(found.pairs.sought))]
    assert max(claimed) <= 1 + 1e-6  # a missing person is one victim at most
    assert max(claimed) > 0.9
    assert found.lost_mass <= 1e-3
    assert found.engine.startswith("nomina-joint")
    best, placed = found.best[0]
    assert 0 < best <= 1
    assert len(set(placed.values())) == len(placed)


class Stop:
    """Stops at the first step of a kind."""

    def __init__(self, at: str) -> None:
        self.at = at

    def step(self, done: int, total: int, what: str = "") -> None:
        if self.at in what:
            raise Cancelled("Stopped.")


@pytest.mark.parametrize("at", ["Comparing profiles", "Placing victims", "Summing"])
def test_it_can_be_stopped_at_every_part(small_lab: Staffed, at: str) -> None:
    with pytest.raises(Cancelled):
        joint.solve_operation(small_lab["analyst"], operation(small_lab).id, Stop(at))


def test_digests_tell_what_moved(small_lab: Staffed) -> None:
    inputs = question(small_lab).inputs
    before = joint_questions.digests(inputs)
    fewer = joint_questions.digests(replace(inputs, profiles=inputs.profiles[1:]))
    assert {name for name, value in before.items() if fewer[name] != value} == {"inputs", "profiles"}
    family = replace(inputs.families[0], missing=())
    drawn = joint_questions.digests(replace(inputs, families=(family, *inputs.families[1:])))
    assert {name for name, value in before.items() if drawn[name] != value} == {"inputs", "pedigrees"}


def test_an_empty_operation_says_what_to_do_first(small_lab: Staffed) -> None:
    frequencies = operation(small_lab).frequencies
    new = Operation(title="Empty", kind=OperationKind.CONFLICT, number_sought=10, frequencies=frequencies)
    made = small_lab["manager"].run(operations.create_operation, new)
    with pytest.raises(Invalid, match="No remains profile is accepted yet"):
        small_lab["analyst"].run(joint_questions.joint_question, made.id)


# what people have decided, and what is kept


def confirmed(lab: Staffed) -> Identification:
    """An identification that stands."""
    rows = lab["coordinator"].run(identifications.identifications, ListQuery(limit=200)).rows
    line = next(row for row in rows if row.state.stands)
    return lab["coordinator"].run(identifications.identification_record, line.id).identification


def test_a_confirmed_identification_is_held_and_nobody_else_may_be_that_person(small_lab: Staffed) -> None:
    found, one = joint.solve(*asked(small_lab)), confirmed(small_lab)
    row = next(r for r, victim in enumerate(found.pairs.victims) if one.item in victim.items)
    column = next(c for c, sought in enumerate(found.pairs.sought) if sought.person == one.missing_person)
    assert found.pairs.decided.held[row].identification == one.number
    assert found.posterior[row] == {column: 1.0}
    assert found.unplaced[row] == 0.0
    assert [r for r, _ in found.claims(column)] == [row]
    assert all(placed[row] == column for _, placed in found.best)
    line = explained(found)[row]
    assert line.verdict is Verdict.IDENTIFIED
    assert one.number in line.words


def asked(lab: Staffed) -> tuple[joint_questions.JointQuestion, PairComparison]:
    found = question(lab)
    return found, joint.compare(found)


def stand(lab: Staffed, one: Identification) -> Identification:
    """Another identification that stands, made like this one."""
    proposed = replace(
        one, id=new_id(), number="", revision=1, state=IdentificationState.PROPOSED, confirmed_by=None
    )
    with lab.admin.store.writing(lab["coordinator"].person, "test") as act:
        made = act.tx.change(
            act.tx.add(proposed), state=IdentificationState.CONFIRMED, confirmed_by=one.confirmed_by
        )
        act.finish(made)
    return made


def test_remains_identified_as_one_person_are_one_victim_and_as_two_are_refused(small_lab: Staffed) -> None:
    lab, one = small_lab["analyst"], confirmed(small_lab)
    before = question(small_lab)
    other = next(
        victim
        for r, victim in enumerate(before.victims)
        if r not in before.decided.held and victim.individual is None
    )
    again = stand(small_lab, replace(one, item=other.items[0], individual=None))
    after = question(small_lab)
    assert len(after.victims) == len(before.victims) - 1
    merged = next(victim for victim in after.victims if other.items[0] in victim.items)
    assert one.item in merged.items
    person = next(sought.person for sought in before.sought if sought.person != one.missing_person)
    stand(small_lab, replace(again, missing_person=person))
    with pytest.raises(Refused, match="is identified as"):
        lab.run(joint_questions.joint_question, operation(small_lab).id)


def unreviewed(lab: Staffed, found: JointSolution) -> dict[Cell, Hypothesis]:
    """Candidates that nobody has reviewed, by row and column."""
    analyst, own = lab["analyst"], dict[Cell, Hypothesis]()
    row = {item: r for r, victim in enumerate(found.pairs.victims) for item in victim.items}
    column = {one.person: c for c, one in enumerate(found.pairs.sought)}
    for line in analyst.run(matching.hypotheses, ListQuery(limit=500)).rows:
        open_still = line.state in (HypothesisState.CANDIDATE, HypothesisState.PROPOSED)
        if open_still and line.item in row and line.missing_person in column:
            seen = analyst.run(matching.hypothesis_record, line.id).hypothesis
            own[row[line.item], column[line.missing_person]] = seen
    return own


def test_a_pair_that_a_reviewer_excluded_is_in_no_assignment(small_lab: Staffed) -> None:
    found = joint.solve(*asked(small_lab))
    candidates = unreviewed(small_lab, found)
    free = [cell for cell in candidates if cell[0] not in found.pairs.decided.held]
    row, column = max(free, key=lambda cell: found.posterior[cell[0]].get(cell[1], 0.0))
    assert found.posterior[row][column] > 0
    seen = candidates[row, column]
    if seen.state is HypothesisState.CANDIDATE:
        seen = small_lab["analyst"].run(matching.propose_match, seen, "The teeth differ.")
    small_lab["reviewer"].run(matching.review_match, seen, HypothesisState.EXCLUDED, "The teeth differ.")
    again = joint.solve(*asked(small_lab))
    assert (row, column) in again.pairs.decided.excluded
    assert again.posterior[row].get(column, 0.0) == 0.0
    assert again.pairs.table.log10_lr[row, column] == found.pairs.table.log10_lr[row, column]


def test_what_was_kept_comes_back_as_it_was_and_tells_when_the_question_has_moved(small_lab: Staffed) -> None:
    op, analyst = operation(small_lab), small_lab["analyst"]
    assert analyst.run(joint.last_solution, op.id) is None
    kept = joint.solve_and_keep(analyst, op.id)
    assert kept.record is not None
    assert kept.record.created_by == analyst.person.id
    assert kept.record.engine == kept.solution.engine == ENGINE
    assert small_lab["manager"].run(joint.last_solution, op.id) == kept
    assert analyst.run(joint_questions.joint_digest, op.id) == kept.record.digests["question"]
    small_lab["manager"].run(operations.change_operation, op, {"number_sought": op.number_sought + 1})
    assert analyst.run(joint_questions.joint_digest, op.id) != kept.record.digests["question"]
    with pytest.raises(Conflict, match="changed while"):
        analyst.run(joint.record_joint, kept.solution)
    reader = small_lab["quality"]
    if reader.may(joint.last_solution) and not reader.may(joint.record_joint):
        assert joint.solve_and_keep(reader, op.id).record is None
    assert len(analyst.run(joint.joint_identifications, op.id)) == 1
