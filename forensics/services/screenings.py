"""Screening: short read, long pure computing, short write that is refused when the data moved meanwhile."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from forensics.domain.auditing import canonical
from forensics.domain.errors import Conflict, Invalid
from forensics.domain.families import Family
from forensics.domain.kinship import KinshipCase, LikelihoodRatio
from forensics.domain.matching import Hypothesis, HypothesisState, Screening
from forensics.domain.people import Permission
from forensics.domain.progress import Progress, Silent
from forensics.domain.screening import ScreeningHit, ScreeningResult
from forensics.persistence.transaction import Transaction
from forensics.services.door import Laboratory, command, query
from forensics.services.screening_questions import ScreeningQuestion, case_of, screening_question

DEFAULT_THRESHOLD_LOG10 = 2.0


@dataclass(frozen=True)
class Weighed:
    """A hit with its exact LR and the case that repeats it."""

    hit: ScreeningHit
    case: KinshipCase
    ratio: LikelihoodRatio


@query(Permission.MATCH_READ)
def screenings(tx: Transaction, operation: UUID) -> list[Screening]:
    """Screenings of an operation, newest first."""
    return tx.find(Screening, operation=operation, voided_at=None)[::-1]


def screen_operation(
    lab: Laboratory,
    operation: UUID,
    progress: Progress | None = None,
    threshold_log10: float = DEFAULT_THRESHOLD_LOG10,
) -> Screening:
    """Compare everything with everything and keep the candidates; refused if the data moved meanwhile."""
    from forensics.genetics.screening import screen

    watch = progress or Silent()
    question = lab.run(screening_question, operation)
    if not question.inputs.profiles:
        raise Invalid("No remains profile is accepted yet; import profiles and have them reviewed first.")
    if not question.inputs.families:
        raise Invalid(
            "No family can be searched yet: confirm its pedigree and have a reference profile accepted."
        )
    result = screen(question.inputs, watch, threshold_log10=threshold_log10)
    weighed = []
    for number, hit in enumerate(result.hits):
        watch.step(number, len(result.hits), "Weighing candidates")
        weighed.append(weigh(question, hit))
    return lab.run(record_screening, question, result, weighed)


def weigh(question: ScreeningQuestion, hit: ScreeningHit) -> Weighed:
    """The exact LR of a hit, with the case that anybody can repeat."""
    from forensics.genetics.likelihood import likelihood_ratio

    case = case_of(question, hit)
    return Weighed(hit, case, likelihood_ratio(case))


@command(Permission.MATCH_SCREEN)
def record_screening(
    tx: Transaction, question: ScreeningQuestion, result: ScreeningResult, weighed: Sequence[Weighed]
) -> Screening:
    """Keep a screening and its candidates; `Conflict` when profiles or families changed since it began."""
    now = screening_question(tx, question.operation.id)
    if now.inputs.digest != question.inputs.digest:
        raise Conflict("Profiles or families changed while the screening ran; screen again.")
    numbers = {str(f.id): f.number for f in tx.find(Family, operation=question.operation.id)}
    screening = tx.add(
        Screening(
            operation=question.operation.id,
            inputs_digest=result.inputs_digest,
            engine=result.engine,
            parameters=_parameters(question),
            profiles=len(question.inputs.profiles),
            families=len(question.inputs.families),
            comparisons=result.comparisons,
            expected_chance_hits=result.expected_chance_hits,
            threshold_log10=result.threshold_log10,
            hits=len(result.hits),
            refused=tuple(
                f"{numbers.get(r.id, r.id)}: {r.reason}" for r in (*result.refused, *result.refused_profiles)
            ),
        )
    )
    _keep(tx, screening, question, weighed)
    return screening


def _parameters(question: ScreeningQuestion) -> dict[str, Any]:
    op, inputs = question.operation, question.inputs
    return {
        "loci": list(inputs.loci),
        "frequencies": inputs.frequencies.name,
        "frequencies_digest": inputs.frequencies.digest,
        "theta": op.theta,
        "mutation": str(op.mutation) if op.mutation else None,
        "rates": [op.mutation_rate_male, op.mutation_rate_female, op.mutation_rate2],
        "range": op.mutation_range,
        "convention": str(op.convention),
        "minimum_frequency": op.minimum_frequency,
    }


def _keep(
    tx: Transaction, screening: Screening, question: ScreeningQuestion, weighed: Sequence[Weighed]
) -> None:
    """New candidates; one that was weighed before stays unless its facts changed."""
    standing: dict[tuple[UUID, UUID], Hypothesis] = {
        (h.profile, h.missing_person): h
        for h in tx.find(Hypothesis, operation=question.operation.id, voided_at=None)
    }
    new = []
    for found in weighed:
        hypothesis = _hypothesis(question, screening, found)
        old = standing.get((hypothesis.profile, hypothesis.missing_person))
        if old is not None and old.case_digest == hypothesis.case_digest:
            continue
        if old is not None and old.state is HypothesisState.CANDIDATE:
            tx.void(old, f"weighed again by screening {screening.number}")
        new.append(hypothesis)
    tx.add_all(new)


def _hypothesis(question: ScreeningQuestion, screening: Screening, found: Weighed) -> Hypothesis:
    from forensics.formats.kinship_cases import case_as_json
    from forensics.genetics.posterior import posterior, required_log10_lr

    op, hit = question.operation, found.hit
    profile, item = question.profiles[hit.profile]
    case = case_as_json(found.case) | {"frequencies_digest": question.inputs.frequencies.digest}
    total = found.ratio.log10_total
    return Hypothesis(
        operation=op.id,
        screening=screening.id,
        profile=profile.id,
        item=item,
        family=UUID(hit.family),
        missing_person=question.missing[hit.family, hit.missing],
        log10_lr=total,
        log10_per_locus=dict(found.ratio.log10_per_locus),
        loci_compared=hit.loci_compared,
        loci_inconsistent=hit.inconsistent_loci,
        prior_number=op.number_sought,
        posterior=posterior(total, op.number_sought),
        required_log10_lr=required_log10_lr(op.threshold, op.number_sought),
        engine=screening.engine,
        case=case,
        case_digest=hashlib.sha256(canonical(case).encode()).hexdigest(),
    )
