"""What a screening leaves: candidates that are new, stand, were weighed again or are gone, and why."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from forensics.domain.errors import Conflict
from forensics.domain.evidence import power_of_ten
from forensics.domain.families import Family, MissingPerson
from forensics.domain.matching import Difference, Hypothesis, Screening, ScreeningContents
from forensics.domain.operations import Operation
from forensics.domain.people import Permission
from forensics.domain.remains import RemainsItem
from forensics.domain.rescreening import net
from forensics.persistence.transaction import Transaction
from forensics.services.door import command
from forensics.services.screening_decisions import UNWEIGHED, Decisions, decide, policy_figures
from forensics.services.screening_plans import (
    Pair,
    Plan,
    Searched,
    moved_since,
    newest_screening,
    snapshot,
)
from forensics.services.screening_questions import parameters_of, policy_of, screening_question
from forensics.services.screening_reasons import Reasons


@command(Permission.MATCH_SCREEN)
def record_screening(tx: Transaction, plan: Plan, found: Searched) -> Screening:
    """Keep a screening and its candidates; `Conflict` when profiles or families changed since it began."""
    tx.alone()
    _demand_unmoved(tx, plan)
    reasons = Reasons(tx, plan)
    decided = decide(tx, plan, found, reasons)
    standing = tx.count(Hypothesis, operation=plan.question.operation.id, voided_at=None, outdated="")
    screening = tx.add(_screening(tx, plan, found, standing + decided.more))
    saved = _apply(tx, screening, decided)
    whole = screening.since is None or plan.before is None
    kept = plan.now if whole or plan.before is None else plan.now.changed_from(plan.before)
    tx.add(
        ScreeningContents(
            screening=screening.id,
            seen=plan.seen,
            rules=kept.rules,
            profiles=dict(kept.profiles),
            families={family: dict(own) for family, own in kept.families.items()},
            causes=reasons.all(),
            differences=tuple(_differences(tx, plan, found, decided, saved, reasons)),
        )
    )
    return screening


def _demand_unmoved(tx: Transaction, plan: Plan) -> None:
    question = plan.question
    newest = newest_screening(tx, question.operation.id)
    if (newest and newest.id) != (plan.earlier and plan.earlier.id):
        raise Conflict("Somebody else screened meanwhile; screen again.")
    if not moved_since(tx, plan.seen):
        return
    again = screening_question(tx, question.operation.id)
    if snapshot(again, plan.engine, plan.threshold_log10) != plan.now:
        raise Conflict("Profiles or families changed while the screening ran; screen again.")


def _screening(tx: Transaction, plan: Plan, found: Searched, standing: int) -> Screening:
    question, result = plan.question, found.result
    earlier = None if plan.whole else plan.earlier
    comparisons, chance = result.comparisons, result.expected_chance_hits
    return Screening(
        operation=question.operation.id,
        inputs_digest=result.inputs_digest,
        engine=result.engine,
        parameters=parameters_of(question.operation, question.inputs) | policy_of(question.operation),
        profiles=len(question.inputs.profiles),
        families=len(question.inputs.families),
        comparisons=comparisons,
        expected_chance_hits=chance,
        threshold_log10=result.threshold_log10,
        hits=len(result.hits),
        refused=_refused(tx, plan, found),
        since=earlier.id if earlier else None,
        profiles_compared=len(plan.scope.profiles),
        families_compared=len(plan.scope.families),
        all_comparisons=comparisons + (earlier.all_comparisons if earlier else 0),
        all_chance_hits=chance + (earlier.all_chance_hits if earlier else 0.0),
        standing=standing,
    )


def _refused(tx: Transaction, plan: Plan, found: Searched) -> tuple[str, ...]:
    """Who could not be compared: found now, or earlier and not touched since."""
    result, inputs = found.result, plan.question.inputs
    numbers = {str(f.id): f.number for f in tx.find(Family, id=[UUID(r.id) for r in result.refused])}
    told = {numbers[r.id]: r.reason for r in result.refused}
    told |= {r.id: r.reason for r in result.refused_profiles}
    if plan.earlier and not plan.whole:
        parted = (words.partition(": ") for words in plan.earlier.refused)
        before = {name: reason for name, _, reason in parted}
        again = plan.scope.families | plan.scope.profiles
        families = tx.find(Family, number=list(before), operation=plan.question.operation.id)
        ids = {f.number: str(f.id) for f in families}
        present = {p.id for p in inputs.profiles} | {f.id for f in inputs.families}
        for name, reason in before.items():
            if ids.get(name, name) in present - again:
                told.setdefault(name, reason)
    return tuple(f"{name}: {reason}" for name, reason in sorted(told.items()))


# writing


def _apply(tx: Transaction, screening: Screening, decided: Decisions) -> dict[UUID, Hypothesis]:
    """Write what was decided; the hypotheses as saved, by id."""
    op = tx.get(Operation, screening.operation)
    for h, reason in decided.outdated:
        words = f"{reason or 'weighed again'} ({screening.number})"
        if h.state in UNWEIGHED:
            tx.void(h, words)
        else:
            tx.change(h, outdated=words)
    saved = {h.id: tx.change(h, outdated="") for h in decided.renewed}
    for h in decided.priors:
        tx.change(saved.get(h.id, h), **policy_figures(op, h.log10_lr))
    new = tx.add_all(replace(h, screening=screening.id) for _, h in decided.new)
    return saved | {h.id: h for h in new}


def _differences(
    tx: Transaction,
    plan: Plan,
    found: Searched,
    decided: Decisions,
    saved: Mapping[UUID, Hypothesis],
    reasons: Reasons,
) -> list[Difference]:
    """What moved, in the order of the list of changes."""
    told = []
    both = [h for _, *pair in decided.moved for h in pair if h is not None]
    items = {i.id: i.number for i in tx.find(RemainsItem, id={h.item for h in both})}
    people = {m.id: m.number for m in tx.find(MissingPerson, id={h.missing_person for h in both})}
    families = {f.id: f.number for f in tx.find(Family, id={h.family for h in both})}
    for pair, before, after in decided.moved:
        one = after or before
        assert one is not None
        reason = reasons.of_pair(pair[0], str(one.family))
        told.append(
            Difference(
                hypothesis=one.id,
                number=saved[one.id].number if one.id in saved else one.number,
                sample=pair[0],
                item=one.item,
                item_number=items[one.item],
                missing_person=one.missing_person,
                missing_number=people[one.missing_person],
                family_number=families[one.family],
                before=before.log10_lr if before else None,
                after=after.log10_lr if after else None,
                state=before.state if before else None,
                reason=reason if after else _fallen(reason, found.fallen, pair, plan.threshold_log10),
            )
        )
    return net(told)


def _fallen(reason: str, fallen: Mapping[Pair, float | None], pair: Pair, threshold: float) -> str:
    """Why a candidate is none any more; with its LR of today where there is one."""
    if pair not in fallen:
        return reason
    words = f"its LR is now {power_of_ten(fallen[pair])}, below {power_of_ten(threshold)}"
    return "; ".join(part for part in (reason, words) if part)
