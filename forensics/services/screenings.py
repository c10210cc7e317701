"""Screening: short read, long pure computing, short write that is refused when the data moved meanwhile.

screen_operation(lab, operation)   everything with everything
screen_changes(lab, operation)     only what is new or changed since the last screening; the same result
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from forensics.domain.errors import Conflict, NominaError
from forensics.domain.matching import DEFAULT_THRESHOLD_LOG10, Difference, Screening, ScreeningContents
from forensics.domain.people import Permission
from forensics.domain.progress import Progress, Silent
from forensics.domain.rescreening import net, parts, together
from forensics.domain.screening import ScreeningHit, ScreeningInputs, ScreeningResult
from forensics.persistence.transaction import Transaction
from forensics.services.door import Laboratory, query
from forensics.services.screening_memory import memory_of
from forensics.services.screening_plans import (
    Pair,
    Plan,
    Searched,
    Weighed,
    is_current,
    plan_screening,
)
from forensics.services.screening_questions import ScreeningQuestion, case_of, demand_searchable
from forensics.services.screening_records import record_screening

TRIES = 3  # how often changed data begin a search of the changes anew, before the person is told

Search = Callable[[ScreeningInputs, Progress, float], ScreeningResult]
"""Compares a question at a threshold (log10): here, or on several machines."""


@dataclass(frozen=True)
class Changes:
    """What several screenings changed together, and on how many comparisons that rests."""

    since: datetime
    screenings: tuple[Screening, ...]  # oldest first
    differences: tuple[Difference, ...]

    @property
    def comparisons(self) -> int:
        return sum(one.comparisons for one in self.screenings)

    @property
    def chance_hits(self) -> float:
        return sum(one.expected_chance_hits for one in self.screenings)


@query(Permission.MATCH_READ)
def changes_since(tx: Transaction, since: datetime, operation: UUID | None = None) -> Changes:
    """What changed among the candidates of an operation (or of all) since then, as one difference."""
    wanted: dict[str, Any] = {} if operation is None else {"operation": operation}
    done = [
        s
        for s in tx.find(Screening, voided_at=None, **wanted)
        if s.created_at is not None and s.created_at > since
    ]
    kept = {c.screening: c for c in tx.find(ScreeningContents, screening=[s.id for s in done])}
    told = [d for s in done for d in (kept[s.id].differences if s.id in kept else ())]
    return Changes(since, tuple(done), tuple(net(told)))


# searching


def screen_operation(
    lab: Laboratory,
    operation: UUID,
    progress: Progress | None = None,
    threshold_log10: float = DEFAULT_THRESHOLD_LOG10,
    search: Search | None = None,
) -> Screening:
    """Compare everything with everything and keep the candidates; refused if the data moved meanwhile."""
    plan = lab.run(plan_screening, operation, True, threshold_log10, memory_of(lab.store, operation))
    demand_searchable(plan.question.inputs)
    return lab.run(record_screening, plan, carry_out(plan, progress or Silent(), search or here))


def screen_changes(
    lab: Laboratory, operation: UUID, progress: Progress | None = None, search: Search | None = None
) -> Screening | None:
    """Compare only what is new or changed since the last screening; None when nothing is.

    What it leaves is what a screening of everything would leave. Data that move meanwhile begin it anew.
    """
    left, memory = TRIES, memory_of(lab.store, operation)
    while (
        not lab.run(is_current, operation)
        and not (plan := lab.run(plan_screening, operation, False, None, memory)).scope.nothing
    ):
        kept = partial(memory.compiled.search, plan.question.inputs)
        found = carry_out(plan, progress or Silent(), search or kept)
        left -= 1
        try:
            return lab.run(record_screening, plan, found)
        except Conflict:
            if not left:
                raise
    return None


def here(inputs: ScreeningInputs, progress: Progress, threshold_log10: float) -> ScreeningResult:
    """The search on this computer."""
    from forensics.genetics.screening import screen

    return screen(inputs, progress, threshold_log10=threshold_log10)


def elsewhere(address: str) -> Search:
    """The search on the machines behind a Dask scheduler; only tokens and genotypes leave this computer."""
    from forensics.genetics.distributed import Cluster

    cluster = Cluster(address)

    def search(inputs: ScreeningInputs, progress: Progress, threshold_log10: float) -> ScreeningResult:
        return cluster.screen(inputs, progress, threshold_log10=threshold_log10)

    return search


def carry_out(plan: Plan, progress: Progress, search: Search) -> Searched:
    """All comparisons of a plan; nothing is read or written."""
    found = [search(part, progress, plan.threshold_log10) for part in parts(plan.question.inputs, plan.scope)]
    result = together(plan.question.inputs, found, plan.threshold_log10, plan.engine)
    weighed = []
    for number, hit in enumerate(result.hits):
        progress.step(number, len(result.hits), "Weighing candidates")
        weighed.append(weigh(plan.question, hit))
    return Searched(result, tuple(weighed), _fallen(plan, result))


def weigh(question: ScreeningQuestion, hit: ScreeningHit) -> Weighed:
    """The exact LR of a hit, with the case that anybody can repeat."""
    from forensics.genetics.likelihood import likelihood_ratio

    case = case_of(question, hit)
    return Weighed(hit, case, likelihood_ratio(case))


def _fallen(plan: Plan, result: ScreeningResult) -> dict[Pair, float | None]:
    """What candidates weigh today that the search did not bring again, where that can be computed."""
    again = {(hit.profile, hit.family, hit.missing) for hit in result.hits}
    found: dict[Pair, float | None] = {}
    for hit in plan.standing:
        if (hit.profile, hit.family, hit.missing) in again:
            continue
        try:
            ratio = weigh(plan.question, hit).ratio
        except NominaError:
            continue
        found[hit.profile, plan.question.missing[hit.family, hit.missing]] = ratio.log10_total
    return found
