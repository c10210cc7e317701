"""What a screening leaves: candidates that are new, stand, were weighed again or are gone, and why."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from forensics.domain.auditing import canonical
from forensics.domain.errors import Conflict
from forensics.domain.evidence import power_of_ten
from forensics.domain.families import Family, MissingPerson
from forensics.domain.kinship import KinshipCase
from forensics.domain.matching import Difference, Hypothesis, HypothesisState, Screening, ScreeningContents
from forensics.domain.operations import Operation
from forensics.domain.people import Permission
from forensics.domain.remains import RemainsItem
from forensics.domain.rescreening import net
from forensics.domain.screening import ScreeningHit
from forensics.persistence.transaction import Transaction
from forensics.services.door import command
from forensics.services.screening_plans import (
    Pair,
    Plan,
    Searched,
    Weighed,
    moved_since,
    screenings,
    snapshot,
    touched_hypotheses,
)
from forensics.services.screening_questions import (
    ScreeningQuestion,
    case_of,
    parameters_of,
    policy_of,
    screening_question,
)
from forensics.services.screening_reasons import Reasons

UNWEIGHED = (HypothesisState.CANDIDATE, HypothesisState.RETURNED)
"""Nobody's conclusion rests on these: when their data change they make way."""


@dataclass
class Decisions:
    """What becomes of the candidates of the pairs that were looked at."""

    new: list[tuple[Pair, Hypothesis]] = field(default_factory=list)
    outdated: list[tuple[Hypothesis, str]] = field(default_factory=list)
    renewed: list[Hypothesis] = field(default_factory=list)  # their data came back
    priors: list[Hypothesis] = field(default_factory=list)  # the same LR under another policy
    moved: list[tuple[Pair, Hypothesis | None, Hypothesis | None]] = field(default_factory=list)


@command(Permission.MATCH_SCREEN)
def record_screening(tx: Transaction, plan: Plan, found: Searched) -> Screening:
    """Keep a screening and its candidates; `Conflict` when profiles or families changed since it began."""
    tx.alone()
    _demand_unmoved(tx, plan)
    reasons = Reasons(tx, plan)
    decided = _decide(tx, plan, found, reasons)
    standing = tx.count(Hypothesis, operation=plan.question.operation.id, voided_at=None, outdated="")
    standing += len(decided.new) + len(decided.renewed) - sum(not h.outdated for h, _ in decided.outdated)
    screening = tx.add(replace(_screening(tx, plan, found), standing=standing))
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
    newest = next(iter(screenings(tx, question.operation.id)), None)
    if (newest and newest.id) != (plan.earlier and plan.earlier.id):
        raise Conflict("Somebody else screened meanwhile; screen again.")
    if not moved_since(tx, plan.seen):
        return
    again = screening_question(tx, question.operation.id)
    if snapshot(again, plan.engine, plan.threshold_log10) != plan.now:
        raise Conflict("Profiles or families changed while the screening ran; screen again.")


def _screening(tx: Transaction, plan: Plan, found: Searched) -> Screening:
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
    )


def _refused(tx: Transaction, plan: Plan, found: Searched) -> tuple[str, ...]:
    """Who could not be compared: found now, or earlier and not touched since."""
    inputs, result = plan.question.inputs, found.result
    numbers = {str(f.id): f.number for f in tx.find(Family, operation=plan.question.operation.id)}
    told = {numbers.get(r.id, r.id): r.reason for r in (*result.refused, *result.refused_profiles)}
    if plan.earlier and not plan.whole:
        families = {numbers[f.id] for f in inputs.families if f.id not in plan.scope.families}
        profiles = {p.id for p in inputs.profiles} - plan.scope.profiles
        for words in plan.earlier.refused:
            name, _, reason = words.partition(": ")
            if name in families | profiles:
                told.setdefault(name, reason)
    return tuple(f"{name}: {reason}" for name, reason in sorted(told.items()))


# what becomes of each candidate


def _decide(tx: Transaction, plan: Plan, found: Searched, reasons: Reasons) -> Decisions:
    question, decided = plan.question, Decisions()
    hits = {(w.hit.profile, question.missing[w.hit.family, w.hit.missing]): w for w in found.weighed}
    groups: dict[Pair, list[Hypothesis]] = {pair: [] for pair in hits}
    for token, h in touched_hypotheses(tx, question.operation.id, plan.scope):
        groups.setdefault((token, h.missing_person), []).append(h)
    codes = {(family, person): code for (family, code), person in question.missing.items()}
    known = {f.id for f in question.inputs.families}
    for pair, group in groups.items():
        weighed, case = hits.get(pair), None
        family = weighed.hit.family if weighed else str(group[-1].family)
        code = codes.get((family, pair[1]))
        if weighed is not None:
            case = weighed.case
        elif code and pair[0] in question.profiles and family in known:
            case = case_of(question, ScreeningHit(pair[0], family, code, 0.0, (), 0, 0))
        _judge(decided, plan, pair, group, weighed, case, reasons.of_pair(pair[0], family))
    return decided


def _judge(
    decided: Decisions,
    plan: Plan,
    pair: Pair,
    group: list[Hypothesis],
    weighed: Weighed | None,
    case: KinshipCase | None,
    reason: str,
) -> None:
    """One pair: what was weighed on the data of today stands, the rest makes way for it."""
    before = next((h for h in reversed(group) if not h.outdated), None)
    same = _weighed_alike(plan.question, pair, group, case) if case else None
    if same is not None and same.outdated and weighed is None:
        same = None
    decided.outdated += [(h, reason) for h in group if not h.outdated and h is not same]
    after = same
    if same is None and weighed is not None:
        after = _hypothesis(plan, weighed)
        decided.new.append((pair, after))
    elif same is not None:
        if same.outdated:
            decided.renewed.append(same)
        if same.state in UNWEIGHED:
            decided.priors.append(same)
    if before is not after:
        decided.moved.append((pair, before, after))


def _weighed_alike(
    question: ScreeningQuestion, pair: Pair, group: list[Hypothesis], case: KinshipCase
) -> Hypothesis | None:
    """The newest hypothesis that rests on exactly the data of today."""
    digest = frozen(question, case)[1]
    profile, item = question.profiles[pair[0]]
    alike = [h for h in group if h.case_digest == digest and (h.profile, h.item) == (profile.id, item)]
    return alike[-1] if alike else None


def frozen(question: ScreeningQuestion, case: KinshipCase) -> tuple[dict[str, Any], str]:
    """A case as it is kept, and its SHA-256."""
    from forensics.formats.kinship_cases import case_as_json

    kept = case_as_json(case) | {"frequencies_digest": question.inputs.frequencies.digest}
    return kept, hashlib.sha256(canonical(kept).encode()).hexdigest()


def _hypothesis(plan: Plan, found: Weighed) -> Hypothesis:
    question, hit = plan.question, found.hit
    profile, item = question.profiles[hit.profile]
    case, digest = frozen(question, found.case)
    total = found.ratio.log10_total
    return Hypothesis(
        operation=question.operation.id,
        profile=profile.id,
        item=item,
        family=UUID(hit.family),
        missing_person=question.missing[hit.family, hit.missing],
        log10_lr=total,
        log10_per_locus=dict(found.ratio.log10_per_locus),
        loci_compared=hit.loci_compared,
        loci_inconsistent=hit.inconsistent_loci,
        engine=plan.engine,
        case=case,
        case_digest=digest,
        **policy_figures(question.operation, total),
    )


def policy_figures(op: Operation, log10_lr: float | None) -> dict[str, Any]:
    """Prior, posterior and required LR under the operation's policy, by the names of the fields."""
    from forensics.genetics.posterior import posterior, required_log10_lr

    return {
        "prior_number": op.number_sought,
        "posterior": posterior(log10_lr, op.number_sought),
        "required_log10_lr": required_log10_lr(op.threshold, op.number_sought),
    }


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
