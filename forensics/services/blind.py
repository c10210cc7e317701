"""Blind search: all profiles of remains and references among themselves, before any family is looked at.

Remains of one person are proposed as associations for another person to decide; donors that are one person,
references that can't be what the pedigree says and samples that were mixed up are told with the reason.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from forensics.domain.blind import SERIOUS, BlindSearch, Finding, FindingKind
from forensics.domain.errors import Conflict, Invalid
from forensics.domain.evidence import power_of_ten
from forensics.domain.people import Permission
from forensics.domain.progress import Progress, Silent
from forensics.domain.remains import Association, Basis
from forensics.domain.screening import BlindResult
from forensics.persistence.transaction import Transaction
from forensics.services.blind_findings import (
    ALIKE_LOCI,
    CONTRADICTED,
    MOST_ALIKE,
    RELATED,
    SAME,
    contradictions,
    found_by,
    other_sexes,
)
from forensics.services.blind_questions import BlindQuestion, blind_question
from forensics.services.blind_settling import blind_searches, carried
from forensics.services.door import Laboratory, command
from forensics.services.remains import propose_association
from forensics.services.screening_questions import parameters_of


@dataclass(frozen=True, slots=True)
class Compared:
    """What a search brought: everything told, and the pairs of remains of one person."""

    search: BlindSearch
    proposed: tuple[Association, ...]


def compare_all(lab: Laboratory, operation: UUID, progress: Progress | None = None) -> Compared:
    """Compare all with all, keep what was found, and propose remains of one person as associations."""
    from forensics.genetics.blind import blind_search, matching_profiles

    watch = progress or Silent()
    question = lab.run(blind_question, operation)
    inputs = question.inputs
    if len(inputs.profiles) < 2:
        raise Invalid("There are not two accepted profiles to compare; have imported ones reviewed first.")
    result = blind_search(
        inputs.profiles, inputs.frequencies, loci=inputs.loci, theta=inputs.theta, threshold_log10=RELATED,
        mutation=inputs.mutation, minimum_frequency=inputs.minimum_frequency, progress=watch,
    )  # fmt: skip
    alike = []
    if len(inputs.profiles) <= MOST_ALIKE:
        pairs = matching_profiles(
            inputs.profiles, inputs.frequencies, loci=inputs.loci, least_loci=ALIKE_LOCI, most_differing=1
        )
        alike = [(inputs.profiles[i].id, inputs.profiles[j].id) for i, j in pairs.tolist()]
    contradicted, stated = contradictions(question, watch)
    findings = [*contradicted, *other_sexes(question), *found_by(question, result, alike)]
    return lab.run(record_blind, question, result, findings, stated)


# writing


@command(Permission.REMAINS_ASSOCIATE)
def record_blind(
    tx: Transaction, question: BlindQuestion, result: BlindResult, findings: Sequence[Finding], stated: int
) -> Compared:
    """Keep a search; propose each pair of items that is not yet proposed, accepted or rejected."""
    tx.alone()
    operation = question.operation
    if blind_question(tx, operation.id).inputs.digest != question.inputs.digest:
        raise Conflict("Profiles changed while they were compared; compare them again.")
    made = _propose(tx, question, findings)
    told = carried(blind_searches(tx, operation.id), question, findings)
    search = tx.add(
        BlindSearch(
            operation=operation.id,
            engine=result.engine,
            parameters=parameters_of(operation, question.inputs),
            remains=len(question.items),
            references=len(question.references),
            comparisons=result.comparisons,
            stated_pairs=stated,
            same_log10=SAME,
            related_log10=RELATED,
            contradicted_log10=CONTRADICTED,
            chance_same=result.comparisons * 10.0**-SAME,
            chance_related=result.expected_chance_hits,
            chance_contradicted=stated * 10.0**CONTRADICTED,
            findings=tuple(
                sorted(told, key=lambda f: (f.kind not in SERIOUS, list(FindingKind).index(f.kind)))
            ),
            proposed=len(made),
            refused=tuple(f"{question.words(r.id)}: {r.reason}" for r in result.refused_profiles),
        )
    )
    return Compared(search, tuple(made))


def _propose(tx: Transaction, question: BlindQuestion, findings: Sequence[Finding]) -> list[Association]:
    known = {frozenset((a.first, a.second)) for a in tx.find(Association, voided_at=None)}
    made = []
    for one in findings:
        if one.kind is not FindingKind.ONE_PERSON:
            continue
        pair = frozenset((question.items[one.first][0], question.items[one.second][0]))
        if len(pair) < 2 or pair in known:
            continue
        first, second = sorted(pair)
        differing = f"; different at {', '.join(one.differing_loci)}" if one.differing_loci else ""
        words = (
            f"{one.loci_compared} loci compared, LR {power_of_ten(one.log10_lr)} for one person{differing}"
        )
        made.append(propose_association(tx, first, second, Basis.DNA, words, one.log10_lr))
        known.add(pair)
    return made
