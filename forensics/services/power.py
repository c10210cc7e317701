"""Who of a family should give a sample next, under the policies of the operation; computed on demand."""

from dataclasses import dataclass, replace
from math import isfinite
from uuid import UUID

from forensics.domain.errors import Invalid
from forensics.domain.families import MissingPerson
from forensics.domain.kin_words import kin_words
from forensics.domain.kinship import Genotype, KinshipCase, Pedigree
from forensics.domain.matching import Screening
from forensics.domain.operations import FrequencyData, Operation
from forensics.domain.people import Permission
from forensics.domain.power import THRESHOLDS, Kind, PowerQuestion, Ranking
from forensics.domain.power_questions import family_question
from forensics.domain.progress import Progress
from forensics.domain.relations import is_unnamed
from forensics.persistence.transaction import Transaction
from forensics.services.door import Laboratory, query
from forensics.services.families import FamilyRecord, family_record
from forensics.services.operations import mutation_of, required_log10_lr, table_of


@dataclass(frozen=True)
class Someone:
    """A candidate as people know them: the relation in words, the code in the drawing ("" for one who stands
    for somebody unnamed), whether they are dead, whether they agreed already, and whether they withdrew."""

    kind: Kind
    relation: str
    code: str
    deceased: bool = False
    expected: bool = False  # a donor with a consent that stands, whose profile is not accepted yet
    withdrawn: bool = False


@dataclass(frozen=True)
class FamilyPowerQuestion:
    """The frozen question for one missing person, and who its candidates are."""

    missing: UUID
    question: PowerQuestion
    people: dict[str, Someone]
    typed: tuple[str, ...]  # relations of those whose profiles are used
    profiles: int  # remains that the last screening compared; 0 where there was none
    confirmed: bool


@dataclass(frozen=True)
class FamilyPower:
    """The answer beside its question."""

    asked: FamilyPowerQuestion
    ranking: Ranking


@query(Permission.FAMILY_READ)
def power_question(tx: Transaction, missing: UUID) -> FamilyPowerQuestion:
    """What the ranking for a missing person is computed from. `Invalid` where something is missing for it."""
    person = tx.get(MissingPerson, missing)
    op = tx.get(Operation, person.operation)
    record = family_record(tx, person.family)
    own = next((r for r in record.relatives if r.missing_person == missing), None)
    if own is None:
        raise Invalid(f"{person.number} has no place in the family's drawing yet; mark one as missing there.")
    references = {d.relative.code: d.profile for d in record.donors if d.profile}
    genotypes = {code: dict(p.genotypes) for code, p in references.items() if code in record.typed}
    screenings = tx.find(Screening, operation=op.id, voided_at=None)
    case = _case(tx, op, record.pedigree, genotypes, screenings[-1] if screenings else None)
    required = required_log10_lr(op.number_sought, op.threshold)
    question = family_question(
        case,
        own.code,
        THRESHOLDS,
        required if isfinite(required) else None,
        [r.code for r in record.relatives if r.missing_person and r.code != own.code],
    )
    people = _people(question, record, own.code)
    able = tuple(
        replace(c, can_be_asked=c.can_be_asked and not (people[c.id].deceased or people[c.id].withdrawn))
        for c in question.candidates
    )
    return FamilyPowerQuestion(
        missing,
        replace(question, candidates=able),
        people,
        tuple(kin_words(record.pedigree, code, own.code) or code for code in genotypes),
        screenings[-1].profiles if screenings else 0,
        record.family.confirmed_by is not None,
    )


def _case(
    tx: Transaction,
    op: Operation,
    pedigree: Pedigree,
    genotypes: dict[str, dict[str, Genotype]],
    last: Screening | None,
) -> KinshipCase:
    """The family under the operation's policies, at the loci that its comparisons use.

    These are the loci of the last screening and those at which the family is typed; without either, all
    loci of the frequency table.
    """
    if op.frequencies is None:
        raise Invalid(f"{op.title} has no frequency table yet; choose one in the operation's policies.")
    table = table_of(tx.get(FrequencyData, op.frequencies))
    used = {*(last.parameters.get("loci", ()) if last else ()), *(x for g in genotypes.values() for x in g)}
    loci = tuple(x for x in table.loci if x in used) or tuple(table.loci)
    model = mutation_of(op)
    return KinshipCase(
        op.number,
        loci,
        replace(table, loci={x: table.loci[x] for x in loci}),
        pedigree,
        pedigree,
        {who: {x: g for x, g in found.items() if x in loci} for who, found in genotypes.items()},
        theta=op.theta,
        mutation=dict.fromkeys(loci, model) if model else {},
        convention=op.convention,
        minimum_frequency=op.minimum_frequency,
    )


def _people(question: PowerQuestion, record: FamilyRecord, missing: str) -> dict[str, Someone]:
    dead = {r.code for r in record.relatives if r.deceased}
    donors = {d.relative.code: d for d in record.donors}
    found = {}
    for one in question.candidates:
        if one.kind is not Kind.DRAWN:
            found[one.id] = Someone(one.kind, one.kind.value, "")
            continue
        donor = donors.get(one.id)
        found[one.id] = Someone(
            one.kind,
            kin_words(record.pedigree, one.id, missing),
            "" if is_unnamed(one.id) else one.id,
            one.id in dead,
            donor is not None and donor.consent is not None,
            donor is not None and donor.withdrawn is not None,
        )
    return found


def power_of_family(lab: Laboratory, missing: UUID, progress: Progress | None = None) -> FamilyPower:
    """Power now and with each further sample: a short read, then computing without the database."""
    from forensics.genetics.power_ranking import rank

    asked = lab.run(power_question, missing)
    return FamilyPower(asked, rank(asked.question, progress=progress))
