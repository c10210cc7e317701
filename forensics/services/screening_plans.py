"""What a screening has to compare: the question of now beside what the last screening saw."""

from dataclasses import dataclass
from uuid import UUID

from forensics.domain.kinship import KinshipCase, LikelihoodRatio
from forensics.domain.matching import DEFAULT_THRESHOLD_LOG10, Hypothesis, Screening, ScreeningContents
from forensics.domain.people import Permission
from forensics.domain.profiles import Profile
from forensics.domain.rescreening import (
    Snapshot,
    Touched,
    family_digests,
    profile_digest,
    rules_digest,
    touched,
)
from forensics.domain.samples import Sample
from forensics.domain.screening import ScreeningHit, ScreeningResult
from forensics.persistence import recent
from forensics.persistence.transaction import Transaction
from forensics.services.door import query
from forensics.services.record_memory import RecordMemory
from forensics.services.screening_memory import Memory
from forensics.services.screening_questions import ScreeningQuestion, policy_of, screening_question

COMPARED = frozenset(
    "operation frequency_data remains_case remains_item sample profile family relative donor consent "
    "missing_person".split()
)
"""The kinds of records of which the question of a screening is made."""

Pair = tuple[str, UUID]
"""Token of the remains' sample, and the missing person."""


@dataclass(frozen=True)
class Weighed:
    """A hit with its exact LR and the case that repeats it."""

    hit: ScreeningHit
    case: KinshipCase
    ratio: LikelihoodRatio


@dataclass(frozen=True)
class Plan:
    """What is to be compared: the whole question, what the last screening saw of it, and the part to do."""

    question: ScreeningQuestion
    seen: int  # number of the last act of the audit that the question has taken into account
    threshold_log10: float
    engine: str
    earlier: Screening | None
    before: Snapshot | None
    now: Snapshot
    changed: Touched  # since the last screening
    scope: Touched  # what is compared
    standing: tuple[ScreeningHit, ...]  # candidates whose data may have changed; their LR is of then

    @property
    def whole(self) -> bool:
        return self.scope.everything


@dataclass(frozen=True)
class Searched:
    """What a search brought: hits in full, and what became of candidates that are none any more."""

    result: ScreeningResult
    weighed: tuple[Weighed, ...]
    fallen: dict[Pair, float | None]  # LR of today, log10; None: LR 0


@query(Permission.MATCH_READ)
def screenings(tx: Transaction, operation: UUID) -> list[Screening]:
    """Screenings of an operation, newest first."""
    return tx.find(Screening, order="-id", operation=operation, voided_at=None)


@query(Permission.MATCH_READ)
def contents(tx: Transaction, screening: UUID) -> ScreeningContents | None:
    """What a screening compared and what it changed."""
    return tx.one(ScreeningContents, screening=screening)


def newest_screening(tx: Transaction, operation: UUID) -> Screening | None:
    """The one that the next screening of changes continues."""
    return next(iter(tx.find(Screening, order="-id", limit=1, operation=operation, voided_at=None)), None)


def moved_since(tx: Transaction, sequence: int) -> bool:
    """Whether an act after this one may have changed what a screening compares."""
    return bool(recent.kinds_changed_since(tx, sequence) & COMPARED)


@query(Permission.MATCH_READ)
def is_current(tx: Transaction, operation: UUID) -> bool:
    """Whether nothing can have changed since the last screening; told by the audit, without reading the data."""
    from forensics.genetics.screening import ENGINE

    last = newest_screening(tx, operation)
    kept = contents(tx, last.id) if last is not None else None
    if last is None or kept is None or last.engine != ENGINE:
        return False
    return not moved_since(tx, kept.seen)


@query(Permission.MATCH_READ)
def plan_screening(
    tx: Transaction,
    operation: UUID,
    whole: bool = True,
    threshold_log10: float | None = None,
    memory: Memory | None = None,
) -> Plan:
    """Everything as it stands now beside the last screening.

    Without a threshold, that of the last one: what stands was found with it, and a search of the changes at
    another one would leave what no search of everything leaves. Whoever tells its result says so.

    With the memory of the operation only what has changed is read and digested again.
    """
    memory = memory or Memory(RecordMemory())
    with memory.records.lock:
        return _plan(tx, operation, whole, threshold_log10, memory)


def _plan(
    tx: Transaction, operation: UUID, whole: bool, threshold_log10: float | None, memory: Memory
) -> Plan:
    from forensics.genetics.screening import ENGINE

    seen = tx.audit_head().sequence
    question = screening_question(tx, operation, memory)
    earlier = newest_screening(tx, operation)
    before = _snapshot_of(tx, earlier, memory) if earlier else None
    threshold = threshold_log10
    if threshold is None:
        threshold = earlier.threshold_log10 if earlier else DEFAULT_THRESHOLD_LOG10
    now = snapshot(question, ENGINE, threshold, memory)
    changed = touched(now, before)
    scope = touched(now, None) if whole else changed
    standing = tuple(_standing(tx, question, changed))
    return Plan(question, seen, threshold, ENGINE, earlier, before, now, changed, scope, standing)


@dataclass(frozen=True, slots=True)
class Pending:
    """How much has changed since the last screening; `why` says why everything must be compared again."""

    profiles: int
    families: int
    why: str = ""


def snapshot(
    question: ScreeningQuestion, engine: str, threshold_log10: float, memory: Memory | None = None
) -> Snapshot:
    """The digests of a question."""
    inputs, loci = question.inputs, question.inputs.loci
    memory = memory or Memory(RecordMemory())
    missing: dict[str, dict[str, UUID]] = {}
    for (family, code), person in question.missing.items():
        missing.setdefault(family, {})[code] = person
    profiles: dict[str, str] = memory.profile_digests.all(
        {p.id: (p, loci, question.profiles[p.id][0].id, question.profiles[p.id][1]) for p in inputs.profiles},
        lambda _, source: profile_digest(*source),
    )
    families: dict[str, dict[str, str]] = memory.family_digests.all(
        {f.id: (f, loci, missing[f.id]) for f in inputs.families},
        lambda _, source: family_digests(*source),
    )
    return Snapshot(
        rules_digest(inputs, engine, threshold_log10, policy_of(question.operation)), profiles, families
    )


def _snapshot_of(tx: Transaction, screening: Screening, memory: Memory) -> Snapshot | None:
    """What a screening saw: the last complete one and what each that continues it found changed."""
    known, snapshot = memory.seen or (None, None)
    chain: list[Screening] = []
    one: Screening | None = screening
    while one is not None and one.id != known:
        chain.append(one)
        one = tx.get(Screening, one.since) if one.since is not None else None
    found = snapshot if one is not None else None
    kept = {c.screening: c for c in tx.find(ScreeningContents, screening=[s.id for s in chain])}
    for one in reversed(chain):
        if one.id not in kept or (one.since is not None and found is None):
            return None
        c = kept[one.id]
        own = Snapshot(c.rules, c.profiles, c.families)
        found = own if found is None else found.after(c.rules, own)
    memory.seen = screening.id, found
    return found


def _standing(tx: Transaction, question: ScreeningQuestion, changed: Touched) -> list[ScreeningHit]:
    """Candidates of today whose profile or family changed, and which can still be compared."""
    found = (
        question.hit(token, str(h.family), h.missing_person)
        for token, h in touched_hypotheses(tx, question.operation.id, changed)
        if not h.outdated
    )
    return [hit for hit in found if hit is not None]


def touched_hypotheses(tx: Transaction, operation: UUID, changed: Touched) -> list[tuple[str, Hypothesis]]:
    """Every hypothesis of what changed, with the token of the remains' sample; oldest first."""
    if changed.everything:
        found = tx.find(Hypothesis, operation=operation, voided_at=None)
    else:
        tokens = changed.profiles | changed.gone_profiles
        samples = [s.id for s in tx.find(Sample, token=tokens)]
        own = [p.id for p in tx.find(Profile, sample=samples)]
        families = [UUID(f) for f in changed.families | changed.gone_families]
        both = [
            *tx.find(Hypothesis, operation=operation, voided_at=None, profile=own),
            *tx.find(Hypothesis, operation=operation, voided_at=None, family=families),
        ]
        found = sorted({h.id: h for h in both}.values(), key=lambda h: h.id)
    sample_of = {p.id: p.sample for p in tx.find(Profile, id={h.profile for h in found})}
    tokens_of = {s.id: s.token for s in tx.find(Sample, id=set(sample_of.values()))}
    return [(tokens_of[sample_of[h.profile]], h) for h in found]
