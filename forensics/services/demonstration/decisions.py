"""The demonstration's matches and identifications, at every stage."""

from datetime import UTC, date, datetime
from uuid import UUID

from forensics.domain.consistency import Consistency
from forensics.domain.identifications import Handover, Identification, Notification
from forensics.domain.lists import ListQuery
from forensics.domain.matching import HypothesisState
from forensics.services import (
    blind,
    identifications,
    matching,
    remains,
    screenings,
)
from forensics.services.demonstration.stage import Stage
from forensics.services.door import Laboratory


def associate(stage: Stage) -> None:
    """Items of one individual, found by DNA."""
    proposed = blind.compare_all(stage.staff["analyst"], stage.operation.id).proposed
    for number, association in enumerate(proposed):
        if number % 4:
            stage.staff["reviewer"].run(remains.decide_association, association.id, True)


def screen(stage: Stage) -> None:
    """Everything compared with everything."""
    screenings.screen_operation(stage.staff["analyst"], stage.operation.id)


def weigh(stage: Stage) -> None:
    """Candidates at every stage of weighing and review."""
    analyst, reviewer = stage.staff["analyst"], stage.staff["reviewer"]
    best = ListQuery(filters={"operation": (stage.operation.id,)}, sort="log10_lr", descending=True, limit=36)
    for number, line in enumerate(analyst.run(matching.hypotheses, best).rows):
        seen = analyst.run(matching.hypothesis_record, line.id).hypothesis
        words = "All compared loci agree with the pedigree; no mutation has to be assumed."
        proposed = analyst.run(matching.propose_match, seen, words)
        if number % 4 == 3:
            continue
        outcome = HypothesisState.SUPPORTED if number < 30 else HypothesisState.INCONCLUSIVE
        review = "" if number < 30 else "The LR does not reach the policy; a sample of the father would help."
        reviewer.run(matching.review_match, proposed, outcome, review)


def identify(stage: Stage) -> None:
    """Identifications at every stage, from the proposal to the closed file."""
    manager, coordinator = stage.staff["manager"], stage.staff["coordinator"]
    wanted = {"operation": (stage.operation.id,), "state": (str(HypothesisState.SUPPORTED),)}
    best = ListQuery(filters=wanted, sort="log10_lr", descending=True, limit=40)
    done = 0
    taken: set[UUID] = set()
    for line in manager.run(matching.hypotheses, best).rows:
        if done == 14 or line.missing_person in taken or (line.posterior or 0) < stage.operation.threshold:
            continue
        taken.add(line.missing_person)
        made = manager.run(
            identifications.propose,
            line.id,
            "DNA and examination agree; the family was informed of the procedure.",
        )
        made = _explained(manager, made)
        done += 1
        if done % 7 != 1:
            made = coordinator.run(identifications.record_confirmation, made, "The evidence is consistent.")
            _return(stage, made, done % 7)


def _explained(manager: Laboratory, made: Identification) -> Identification:
    for row in made.grid:
        if row.verdict == Consistency.INCONSISTENT:
            words = "The stated value rests on memory; documents are not available."
            made = manager.run(identifications.judge, made, row.aspect, Consistency.EXPLAINED, words)
    return made


def _return(stage: Stage, made: Identification, step: int) -> None:
    """Notify the family, hand over, close: as far as `step` goes."""
    manager = stage.staff["manager"]
    if step < 4:
        return
    told = Notification(
        identification=made.id, on=date(2026, 5, 4), by=manager.person.id, present="Mother and elder brother"
    )
    manager.run(identifications.record_notification, told)
    if step < 5:
        return
    record = manager.run(identifications.identification_record, made.id)
    handover = Handover(
        identification=made.id,
        at=datetime(2026, 6, 2, 10, tzinfo=UTC),
        by=manager.person.id,
        receiver="Elder brother, with the family association",
        inventory=(),
        complete=False,
        documents="certificate of identification, transport permit",
        burial_place="family grave",
    )
    manager.run(identifications.record_handover, handover, [line.id for line in record.items])
    if step == 6:
        found = manager.run(identifications.identification_record, made.id).identification
        manager.run(identifications.close, found)
