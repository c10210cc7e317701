"""A whole operation at once: every pair's LR, and all victims to all missing persons together.

Short read, long pure computing; nothing is written. Remains that were re-associated as one individual are one
victim. The prior is the policy's: each of the N sought equally likely, nobody on the list being the others.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from forensics.domain.auditing import canonical
from forensics.domain.families import Family, MissingPerson
from forensics.domain.joint import JointInputs, JointResult
from forensics.domain.joint_solution import JointSolution, PairComparison, Sought, Victim
from forensics.domain.kinship import Genotype, Sex
from forensics.domain.operations import Operation
from forensics.domain.people import Permission
from forensics.domain.profiles import Profile
from forensics.domain.progress import Progress, Silent
from forensics.domain.remains import Individual, RemainsItem
from forensics.domain.screening import NotScreened, ScreeningInputs, ScreeningProfile
from forensics.persistence.transaction import Transaction
from forensics.services.door import Laboratory, query
from forensics.services.screening_questions import demand_searchable, on, parameters_of, screening_question

BEST = 20  # assignments that are listed
NEGLIGIBLE = 1e-12  # posteriors below are not kept


@dataclass(frozen=True)
class JointQuestion:
    """The frozen inputs, with a name for every row and column."""

    operation: Operation
    inputs: ScreeningInputs  # a profile for each victim, in order; its id is the victim's number
    victims: tuple[Victim, ...]
    sought: tuple[Sought, ...]


@query(Permission.MATCH_READ)
def joint_question(tx: Transaction, operation: UUID) -> JointQuestion:
    """All victims and all missing persons that can be compared. Raises Invalid where there are none."""
    found = screening_question(tx, operation)
    demand_searchable(found.inputs)
    victims = tuple(victims_of(tx, found.profiles))
    profiles = tuple(ScreeningProfile(v.number, v.sex, on(v.genotypes, found.inputs.loci)) for v in victims)
    inputs = replace(found.inputs, profiles=profiles)
    return JointQuestion(found.operation, inputs, victims, _sought(tx, inputs, found.missing))


@query(Permission.MATCH_READ)
def joint_digest(tx: Transaction, operation: UUID) -> str:
    """The digest that a solution made now would have: another one means that the data have moved since."""
    return joint_question(tx, operation).inputs.digest


def victims_of(tx: Transaction, profiles: dict[str, tuple[Profile, UUID]]) -> list[Victim]:
    """Profiles gathered by individual, or by item where nobody has re-associated it; in order of number."""
    items = {item.id: item for item in tx.find(RemainsItem, voided_at=None)}
    individuals = {one.id: one for one in tx.find(Individual, voided_at=None)}
    groups: dict[UUID, list[tuple[str, Profile, RemainsItem]]] = {}
    for token, (profile, id) in profiles.items():
        item = items[id]
        groups.setdefault(item.individual or item.id, []).append((token, profile, item))
    found = []
    for key, members in groups.items():
        one = individuals.get(key)
        genotypes, differing = combined([profile.genotypes for _, profile, _ in members])
        own = {item.id: item.number for _, _, item in members}
        found.append(
            Victim(
                one.number if one else members[0][2].number,
                tuple(own),
                tuple(own.values()),
                one.id if one else None,
                common_sex([profile.sex for _, profile, _ in members]),
                genotypes,
                tuple(token for token, _, _ in members),
                differing,
            )
        )
    return sorted(found, key=lambda victim: victim.number)


def combined(found: Sequence[Mapping[str, Genotype]]) -> tuple[dict[str, Genotype], tuple[str, ...]]:
    """The profile of one person from several: each locus that some have; those at which they differ left out."""
    loci = dict.fromkeys(locus for genotypes in found for locus in genotypes)
    seen = {x: {tuple(sorted(g[x])) for g in found if g.get(x)} for x in loci}
    kept = {x: next(g[x] for g in found if g.get(x)) for x in loci if len(seen[x]) == 1}
    return kept, tuple(x for x in loci if len(seen[x]) > 1)


def common_sex(sexes: Sequence[Sex]) -> Sex:
    """The sex that all who know it agree on."""
    known = set(sexes) - {Sex.UNKNOWN}
    return known.pop() if len(known) == 1 else Sex.UNKNOWN


def _sought(
    tx: Transaction, inputs: ScreeningInputs, missing: dict[tuple[str, str], UUID]
) -> tuple[Sought, ...]:
    people = {person.id: person.number for person in tx.find(MissingPerson)}
    families = {str(family.id): family for family in tx.find(Family)}
    sexes = {family.id: family.pedigree for family in inputs.families}
    return tuple(
        Sought(
            key,
            missing[key],
            people[missing[key]],
            families[key[0]].id,
            families[key[0]].number,
            sexes[key[0]].member(key[1]).sex,
        )
        for key in inputs.missing
    )


def compare_operation(lab: Laboratory, operation: UUID, progress: Progress | None = None) -> PairComparison:
    """The LR of every pair of an operation. Raises Invalid, Cancelled."""
    return compare(lab.run(joint_question, operation), progress)


def solve_operation(lab: Laboratory, operation: UUID, progress: Progress | None = None) -> JointSolution:
    """All victims of an operation to all its missing persons. Raises Invalid, Refused, Cancelled."""
    question = lab.run(joint_question, operation)
    return solve(question, compare(question, progress), progress)


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
        digests(question.inputs),
        parameters_of(op, question.inputs),
    )
    return replace(found, table=replace(found.table, refused=named(found, found.table.refused)))


def solve(question: JointQuestion, pairs: PairComparison, progress: Progress | None = None) -> JointSolution:
    """The joint solution beside the pairs, without a transaction."""
    from forensics.genetics.joint import identify

    asked = JointInputs(question.inputs, pair_weight=pairs.pair_weight, best=BEST, threshold=pairs.threshold)
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


def digests(inputs: ScreeningInputs) -> dict[str, str]:
    """SHA-256 of the whole question and of its parts; the frequency table's is the one it came with."""
    table = inputs.frequencies
    drawn = {
        family.id: [
            list(family.missing),
            sorted(
                [m.id, m.sex, m.father or "", m.mother or "", m.twins or ""] for m in family.pedigree.members
            ),
        ]
        for family in inputs.families
    }
    typed = {family.id: {p: _plain(g) for p, g in family.genotypes.items()} for family in inputs.families}
    remains = {profile.id: [profile.sex, _plain(profile.genotypes)] for profile in inputs.profiles}
    return {
        "inputs": inputs.digest,
        "frequencies": table.digest or _digest({x: list(a.items()) for x, a in table.loci.items()}),
        "pedigrees": _digest(drawn),
        "profiles": _digest([remains, typed]),
    }


def _plain(genotypes: Mapping[str, Genotype]) -> dict[str, list[str]]:
    """Genotypes as unordered pairs."""
    return {locus: sorted(genotype) for locus, genotype in genotypes.items() if genotype}


def _digest(value: object) -> str:
    return hashlib.sha256(canonical(value).encode()).hexdigest()
