"""Blind search: profiles among themselves, without a family; what it finds is proposed for another to decide."""

from collections.abc import Sequence
from uuid import UUID

from forensics.domain.evidence import power_of_ten
from forensics.domain.people import Permission
from forensics.domain.progress import Progress
from forensics.domain.remains import Association, Basis
from forensics.domain.screening import BlindHit, BlindRelation
from forensics.persistence.transaction import Transaction
from forensics.services.door import Laboratory, command
from forensics.services.remains import propose_association
from forensics.services.screening_questions import ScreeningQuestion, screening_question


def search_same_person(
    lab: Laboratory, operation: UUID, progress: Progress | None = None, threshold_log10: float = 6.0
) -> list[Association]:
    """Remains profiles that look like one person, proposed as associations for another to decide."""
    from forensics.genetics.blind import blind_search

    question = lab.run(screening_question, operation)
    result = blind_search(
        question.inputs.profiles,
        question.inputs.frequencies,
        (BlindRelation.SAME_PERSON,),
        loci=question.inputs.loci,
        theta=question.inputs.theta,
        threshold_log10=threshold_log10,
        minimum_frequency=question.inputs.minimum_frequency,
        progress=progress,
    )
    return lab.run(record_same_person, question, result.hits)


@command(Permission.REMAINS_ASSOCIATE)
def record_same_person(
    tx: Transaction, question: ScreeningQuestion, hits: Sequence[BlindHit]
) -> list[Association]:
    """Propose each pair of different items that is not yet proposed, accepted or rejected."""
    known = {frozenset((a.first, a.second)) for a in tx.find(Association, voided_at=None)}
    made = []
    for hit in hits:
        pair = frozenset((question.profiles[hit.first][1], question.profiles[hit.second][1]))
        if len(pair) < 2 or pair in known:
            continue
        first, second = sorted(pair)
        differing = f"; different at {', '.join(hit.differing_loci)}" if hit.differing_loci else ""
        words = (
            f"{hit.loci_compared} loci compared, LR {power_of_ten(hit.log10_lr)} for one person{differing}"
        )
        made.append(propose_association(tx, first, second, Basis.DNA, words, hit.log10_lr))
        known.add(pair)
    return made
