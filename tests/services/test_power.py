"""Who should give a sample next: the operation's policies, the family's drawing, words and rights."""

from __future__ import annotations

import math
from uuid import UUID

import pytest

from forensics.domain.errors import Cancelled, Invalid, Refused
from forensics.domain.families import Consent, MissingPerson
from forensics.domain.lists import ListQuery
from forensics.domain.operations import Operation, OperationKind
from forensics.domain.people import Permission
from forensics.domain.power import Kind
from forensics.genetics.power import power
from forensics.persistence.transaction import Transaction
from forensics.services import families, operations, screening_plans
from forensics.services import power as service
from forensics.services.door import command
from tests.support.laboratories import Staffed

ALL = ListQuery(limit=200, filters={"confirmed": (True,)})


def searched(lab: Staffed) -> tuple[UUID, families.FamilyRecord]:
    """A missing person of a family in which somebody is typed and somebody is not."""
    manager = lab["manager"]
    for row in manager.run(families.missing_persons, ALL).rows:
        record = manager.run(families.family_record, row.family)
        untyped = {r.code for r in record.relatives if not r.missing_person} - record.typed
        if record.typed and untyped:
            return row.id, record
    raise AssertionError("the demonstration has no such family")


def test_the_question_is_the_family_under_the_policies_of_the_operation(small_lab: Staffed) -> None:
    missing, record = searched(small_lab)
    analyst = small_lab["analyst"]
    asked = analyst.run(service.power_question, missing)
    op = analyst.run(operations.operation, record.family.operation)
    case = asked.question.case
    screening = analyst.run(screening_plans.screenings, op.id)[0]
    assert asked.question.required == operations.required_log10_lr(op.number_sought, op.threshold)
    assert set(case.genotypes) == record.typed
    assert set(screening.parameters["loci"]) <= set(case.loci)
    assert (case.theta, case.convention, case.minimum_frequency) == (
        op.theta,
        op.convention,
        op.minimum_frequency,
    )
    assert set(case.mutation.values()) <= {operations.mutation_of(op)}
    assert asked.profiles == screening.profiles
    assert asked.confirmed


def test_everybody_who_could_give_a_sample_is_ranked_and_called_what_they_are(small_lab: Staffed) -> None:
    missing, record = searched(small_lab)
    found = service.power_of_family(small_lab["analyst"], missing)
    own = next(r for r in record.relatives if r.missing_person == missing)
    untyped = {r.code for r in record.relatives if not r.missing_person} - record.typed
    people = found.asked.people
    ranked = [one.candidates[0].id for one in found.ranking.singles]
    assert untyped < set(ranked) == set(people)
    assert {people[id].kind for id in set(ranked) - untyped} == {Kind.CHILD, Kind.SIBLING, Kind.OWN}
    member = record.pedigree.member(own.code)
    called = {"mother": member.mother, "father": member.father}
    assert any(id in people for id in called.values())
    for word, id in called.items():
        if id in people:
            assert people[id].relation == word
            assert people[id].code == ("" if id.startswith("?") else id)
    assert found.ranking.now == power(found.asked.question)
    assert found.ranking == service.power_of_family(small_lab["analyst"], missing).ranking


def test_a_profile_that_is_accepted_meanwhile_changes_the_question(small_lab: Staffed) -> None:
    missing, record = searched(small_lab)
    before = small_lab["analyst"].run(service.power_question, missing).question
    again = small_lab["analyst"].run(service.power_question, missing).question
    assert before.digest == again.digest
    donor = next(d for d in record.donors if d.profile and d.consent)
    small_lab["manager"].run(families.withdraw_consent, donor.donor.id, "changed their mind")
    after = small_lab["analyst"].run(service.power_question, missing)
    assert after.question.digest != before.digest
    assert after.people[donor.relative.code].withdrawn
    asked = {c.id: c.can_be_asked for c in after.question.candidates}
    assert not asked[donor.relative.code]
    assert not asked[next(id for id, one in after.people.items() if one.kind is Kind.OWN)]
    assert any(asked.values())
    assert not after.people[donor.relative.code].expected


@command(Permission.FAMILY_RECORD)
def void_consents(tx: Transaction, donor: UUID) -> list[Consent]:
    """The sheets turn out not to be this donor's: no consent is left, though the profile was accepted."""
    return [tx.void(c, "another family's form") for c in tx.find(Consent, donor=donor, voided_at=None)]


def test_a_profile_without_a_consent_that_stands_is_not_used(small_lab: Staffed) -> None:
    missing, record = searched(small_lab)
    donor = next(d for d in record.donors if d.profile and d.consent)
    code = donor.relative.code
    before = small_lab["analyst"].run(service.power_question, missing)
    assert code in before.question.case.genotypes
    small_lab["manager"].run(void_consents, donor.donor.id)
    after = small_lab["analyst"].run(service.power_question, missing)
    assert code not in after.question.case.genotypes
    assert len(after.typed) == len(before.typed) - 1


def test_the_dead_are_told_apart(small_lab: Staffed) -> None:
    missing, record = searched(small_lab)
    asked = small_lab["analyst"].run(service.power_question, missing)
    dead = {r.code for r in record.relatives if r.deceased}
    assert {id for id, one in asked.people.items() if one.deceased} == dead & set(asked.people)


def test_who_does_not_read_families_is_refused(small_lab: Staffed) -> None:
    missing, _ = searched(small_lab)
    with pytest.raises(Refused):
        small_lab["custodian"].run(service.power_question, missing)


def test_without_a_frequency_table_it_is_said_what_is_missing(staffed: Staffed) -> None:
    manager = staffed["manager"]
    operation = manager.run(
        operations.create_operation, Operation(title="S", kind=OperationKind.ROUTINE, number_sought=9)
    )
    made = manager.run(families.create_family, operation.id, "al-Ali")
    new = MissingPerson(operation=operation.id, family=made.id, token="")
    person = manager.run(families.add_missing_person, new)
    with pytest.raises(Invalid, match="no frequency table yet"):
        service.power_of_family(manager, person.id)


def test_one_sought_person_needs_no_lr_and_the_usual_thresholds_are_asked(small_lab: Staffed) -> None:
    missing, record = searched(small_lab)
    manager = small_lab["manager"]
    op = manager.run(operations.operation, record.family.operation)
    manager.run(operations.change_operation, op, {"number_sought": 1})
    question = manager.run(service.power_question, missing).question
    assert question.required is None
    assert question.goal == 6.0
    assert all(math.isfinite(t) for t in question.asked)


def test_it_can_be_stopped_and_writes_nothing(small_lab: Staffed) -> None:
    class Stop:
        def step(self, done: int, total: int, what: str = "") -> None:
            if done:
                raise Cancelled("stopped")

    missing, _ = searched(small_lab)
    with pytest.raises(Cancelled):
        service.power_of_family(small_lab["analyst"], missing, Stop())


def test_another_who_is_missing_is_not_asked_for_a_sample(small_lab: Staffed) -> None:
    missing, record = searched(small_lab)
    manager = small_lab["manager"]
    other = next(iter({r.code for r in record.relatives if not r.missing_person} - record.typed))
    new = MissingPerson(operation=record.family.operation, family=record.family.id, token="")
    manager.run(families.add_missing_person, new, other)
    asked = manager.run(service.power_question, missing)
    assert other not in asked.people
    assert not asked.confirmed
