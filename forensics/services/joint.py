"""A whole operation at once: every pair's LR, and all victims to all missing persons together.

Short read, long pure computing, short write. What people have decided holds: identifications that stand, pairs
that a reviewer excluded. The prior is the policy's: each of the N sought equally likely, nobody on the list being
the others.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from forensics.domain.errors import Conflict
from forensics.domain.joint import JointInputs, JointResult
from forensics.domain.joint_records import JointContents, JointIdentification, packed, recorded, unpacked
from forensics.domain.joint_solution import JointSolution, PairComparison
from forensics.domain.people import Permission
from forensics.domain.progress import Progress, Silent
from forensics.domain.screening import NotScreened
from forensics.persistence.transaction import Transaction
from forensics.services.door import Laboratory, command, query
from forensics.services.joint_decisions import fixed, forbidden
from forensics.services.joint_questions import JointQuestion, joint_digest, joint_question
from forensics.services.screening_questions import parameters_of

BEST = 20  # assignments that are listed
NEGLIGIBLE = 1e-12  # posteriors below are not kept


def compare_operation(lab: Laboratory, operation: UUID, progress: Progress | None = None) -> PairComparison:
    """The LR of every pair of an operation. Raises Invalid, Cancelled."""
    return compare(lab.run(joint_question, operation), progress)


def solve_operation(lab: Laboratory, operation: UUID, progress: Progress | None = None) -> JointSolution:
    """All victims of an operation to all its missing persons; nothing is kept. Raises Invalid, Refused, Cancelled."""
    question = lab.run(joint_question, operation)
    return solve(question, compare(question, progress), progress)


@dataclass(frozen=True)
class KeptSolution:
    """A solution with the record of it; None where the person who asked may not keep anything."""

    solution: JointSolution
    record: JointIdentification | None


def solve_and_keep(lab: Laboratory, operation: UUID, progress: Progress | None = None) -> KeptSolution:
    """As `solve_operation`, and kept for others. Raises Conflict where the data changed meanwhile."""
    found = solve_operation(lab, operation, progress)
    return KeptSolution(found, lab.run(record_joint, found) if lab.may(record_joint) else None)


@command(Permission.MATCH_SCREEN)
def record_joint(tx: Transaction, found: JointSolution) -> JointIdentification:
    """Keep a solution; `Conflict` when profiles, families, decisions or policies changed since it began."""
    tx.alone()
    if joint_digest(tx, found.pairs.operation) != found.pairs.digests["question"]:
        raise Conflict("The data changed while all were solved together; solve them again.")
    made = tx.add(recorded(found))
    tx.add(JointContents(joint=made.id, contents=packed(found)))
    return made


@query(Permission.MATCH_READ)
def joint_identifications(tx: Transaction, operation: UUID) -> list[JointIdentification]:
    """Solutions of an operation that were kept, newest first."""
    return tx.find(JointIdentification, operation=operation, voided_at=None)[::-1]


@query(Permission.MATCH_READ)
def last_solution(tx: Transaction, operation: UUID) -> KeptSolution | None:
    """The solution that was kept last, as it was then; None where there is none."""
    made = next(iter(joint_identifications(tx, operation)), None)
    if made is None:
        return None
    kept = tx.one(JointContents, joint=made.id)
    return KeptSolution(unpacked(kept.contents), made) if kept else None


def compare(question: JointQuestion, progress: Progress | None = None) -> PairComparison:
    """The LR of every pair, without a transaction."""
    from forensics.genetics.pair_table import ENGINE, pair_table

    op = question.operation
    found = PairComparison(
        op.id,
        op.title,
        question.victims,
        question.sought,
        pair_table(question.inputs, progress),
        op.number_sought,
        op.threshold,
        ENGINE,
        question.digests,
        parameters_of(op, question.inputs),
        question.decided,
    )
    return replace(found, table=replace(found.table, refused=named(found, found.table.refused)))


def solve(question: JointQuestion, pairs: PairComparison, progress: Progress | None = None) -> JointSolution:
    """The joint solution beside the pairs, without a transaction."""
    from forensics.genetics.joint import identify

    decided, victims, sought = question.decided, question.victims, question.sought
    asked = JointInputs(
        question.inputs,
        pair_weight=pairs.pair_weight,
        best=BEST,
        threshold=pairs.threshold,
        fixed=fixed(decided, victims, sought),
        forbidden=frozenset(forbidden(decided, victims, sought)),
    )
    return solution(pairs, identify(asked, progress or Silent()))


def solution(pairs: PairComparison, result: JointResult) -> JointSolution:
    """The engine's result by row and column."""
    row = {victim.number: r for r, victim in enumerate(pairs.victims)}
    column = {one.key: c for c, one in enumerate(pairs.sought)}
    computed = result.posterior
    return JointSolution(
        pairs,
        tuple(
            {column[key]: p for key, p in computed.get(v.number, {}).items() if p > NEGLIGIBLE}
            for v in pairs.victims
        ),
        tuple(result.unplaced.get(v.number) for v in pairs.victims),
        tuple((one.posterior, {row[v]: column[key] for v, key in one.placed.items()}) for one in result.best),
        result.lost_mass,
        tuple(families_by_id(pairs).get(f, f) for f in result.sampled),
        result.standard_error,
        result.components,
        named(pairs, result.refused),
        result.engine,
        result.method,
        result.half_width,
    )


def named(pairs: PairComparison, refused: Sequence[NotScreened]) -> tuple[NotScreened, ...]:
    """Families by their number instead of their id."""
    numbers = families_by_id(pairs)
    return tuple(
        NotScreened(numbers.get(r.id, r.id), r.reason.replace(r.id, numbers.get(r.id, r.id))) for r in refused
    )


def families_by_id(pairs: PairComparison) -> dict[str, str]:
    """Number of each family by its id as the engine has it."""
    return {str(one.family): one.family_number for one in pairs.sought}
