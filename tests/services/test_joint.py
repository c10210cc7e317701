"""A whole operation read, compared and solved: on the demonstration in miniature, and on a written question."""

from __future__ import annotations

from dataclasses import replace

import pytest

from forensics.domain.errors import Cancelled, Invalid
from forensics.domain.joint import PairState
from forensics.domain.kinship import Sex
from forensics.domain.lists import ListQuery
from forensics.domain.operations import Operation, OperationKind
from forensics.domain.remains import AssociationState
from forensics.services import associations, joint, matching, operations, remains
from tests.support.laboratories import Staffed


def operation(lab: Staffed) -> Operation:
    return lab["analyst"].run(operations.operations)[0]


def question(lab: Staffed) -> joint.JointQuestion:
    return lab["analyst"].run(joint.joint_question, operation(lab).id)


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
    assert joint.combined([one, other]) == ({"D1": ("10", "11"), "D3": ("14", "15")}, ("D2",))
    assert joint.common_sex([Sex.UNKNOWN, Sex.MALE, Sex.MALE]) is Sex.MALE
    assert joint.common_sex([Sex.FEMALE, Sex.MALE]) is Sex.UNKNOWN
    assert joint.common_sex([Sex.UNKNOWN]) is Sex.UNKNOWN


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
    assert set(found.digests) == {"inputs", "frequencies", "pedigrees", "profiles"}
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
    before = joint.digests(inputs)
    fewer = joint.digests(replace(inputs, profiles=inputs.profiles[1:]))
    assert {name for name, value in before.items() if fewer[name] != value} == {"inputs", "profiles"}
    family = replace(inputs.families[0], missing=())
    drawn = joint.digests(replace(inputs, families=(family, *inputs.families[1:])))
    assert {name for name, value in before.items() if drawn[name] != value} == {"inputs", "pedigrees"}


def test_an_empty_operation_says_what_to_do_first(small_lab: Staffed) -> None:
    frequencies = operation(small_lab).frequencies
    new = Operation(title="Empty", kind=OperationKind.CONFLICT, number_sought=10, frequencies=frequencies)
    made = small_lab["manager"].run(operations.create_operation, new)
    with pytest.raises(Invalid, match="No remains profile is accepted yet"):
        small_lab["analyst"].run(joint.joint_question, made.id)
