"""What becomes of the candidates of the pairs that a screening looked at."""

import hashlib
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from forensics.domain.auditing import canonical
from forensics.domain.kinship import KinshipCase
from forensics.domain.matching import Hypothesis, HypothesisState
from forensics.domain.operations import Operation
from forensics.persistence.transaction import Transaction
from forensics.services.screening_plans import Pair, Plan, Searched, Weighed, touched_hypotheses
from forensics.services.screening_questions import ScreeningQuestion, case_of
from forensics.services.screening_reasons import Reasons

UNWEIGHED = (HypothesisState.CANDIDATE, HypothesisState.RETURNED)
"""Nobody's conclusion rests on these: when their data change they make way."""


@dataclass
class Decisions:
    """What was weighed on the data of today stands, the rest makes way for it."""

    plan: Plan
    new: list[tuple[Pair, Hypothesis]] = field(default_factory=list)
    outdated: list[tuple[Hypothesis, str]] = field(default_factory=list)
    renewed: list[Hypothesis] = field(default_factory=list)  # their data came back
    priors: list[Hypothesis] = field(default_factory=list)  # the same LR under another policy
    moved: list[tuple[Pair, Hypothesis | None, Hypothesis | None]] = field(default_factory=list)

    @property
    def more(self) -> int:
        """How many candidates more stand than before."""
        return len(self.new) + len(self.renewed) - sum(not h.outdated for h, _ in self.outdated)

    def judge(self, pair: Pair, group: list[Hypothesis], weighed: Weighed | None, reason: str) -> None:
        """One pair with all its hypotheses, oldest first, and the hit of today if there is one."""
        before = next((h for h in reversed(group) if not h.outdated), None)
        same = self._alike(pair, group, weighed)
        if same is not None and same.outdated and weighed is None:
            same = None
        self.outdated += [(h, reason) for h in group if not h.outdated and h is not same]
        after = same
        if same is None and weighed is not None:
            after = _hypothesis(self.plan, weighed)
            self.new.append((pair, after))
        elif same is not None:
            if same.outdated:
                self.renewed.append(same)
            if same.state in UNWEIGHED:
                self.priors.append(same)
        if before is not after:
            self.moved.append((pair, before, after))

    def _alike(self, pair: Pair, group: list[Hypothesis], weighed: Weighed | None) -> Hypothesis | None:
        """The newest hypothesis that rests on exactly the data of today, if the pair can be compared at all."""
        question = self.plan.question
        case = weighed.case if weighed else None
        if group and case is None and (hit := question.hit(pair[0], str(group[-1].family), pair[1])):
            case = case_of(question, hit)
        if not group or case is None:
            return None
        digest = frozen(question, case)[1]
        profile, item = question.profiles[pair[0]]
        alike = [h for h in group if h.case_digest == digest and (h.profile, h.item) == (profile.id, item)]
        return alike[-1] if alike else None


def decide(tx: Transaction, plan: Plan, found: Searched, reasons: Reasons) -> Decisions:
    """Every pair that was found, and every pair of which something stood."""
    question, decided = plan.question, Decisions(plan)
    hits = {(w.hit.profile, question.missing[w.hit.family, w.hit.missing]): w for w in found.weighed}
    groups: dict[Pair, list[Hypothesis]] = {pair: [] for pair in hits}
    for token, h in touched_hypotheses(tx, question.operation.id, plan.scope):
        groups.setdefault((token, h.missing_person), []).append(h)
    for pair, group in groups.items():
        weighed = hits.get(pair)
        family = weighed.hit.family if weighed else str(group[-1].family)
        decided.judge(pair, group, weighed, reasons.of_pair(pair[0], family))
    return decided


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
