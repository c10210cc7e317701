"""Screening and weighing: short read, long pure computing, short write; then two people's judgement."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from forensics.domain.auditing import canonical
from forensics.domain.errors import Conflict, Invalid
from forensics.domain.evidence import power_of_ten
from forensics.domain.families import Donor, Family, MissingPerson, Relative, pedigree_of
from forensics.domain.kinship import Genotype, KinshipCase, LikelihoodRatio, Member, Pedigree, Sex
from forensics.domain.lines import HypothesisLine
from forensics.domain.lists import ListQuery, Page
from forensics.domain.matching import Hypothesis, HypothesisState, Screening
from forensics.domain.operations import FrequencyData, Operation
from forensics.domain.people import Permission
from forensics.domain.profiles import Profile, ProfileState
from forensics.domain.progress import Progress, Silent
from forensics.domain.remains import Association, Basis, RemainsCase, RemainsItem
from forensics.domain.samples import Sample
from forensics.domain.screening import (
    BlindHit,
    BlindRelation,
    ScreeningFamily,
    ScreeningHit,
    ScreeningInputs,
    ScreeningProfile,
    ScreeningResult,
)
from forensics.persistence import lines
from forensics.persistence.transaction import Transaction
from forensics.services.door import Laboratory, command, query
from forensics.services.families import FamilyRecord, consenting_donors, family_record, missing_person
from forensics.services.operations import mutation_of, table_of
from forensics.services.remains import propose_association

DEFAULT_THRESHOLD_LOG10 = 2.0
NUMERATOR, DENOMINATOR = "remains are the missing person", "remains are unrelated to the family"


@dataclass(frozen=True)
class ScreeningQuestion:
    """The frozen inputs of one screening and which record each of its names stands for."""

    operation: Operation
    inputs: ScreeningInputs
    profiles: dict[str, tuple[Profile, UUID]]  # token -> profile and item
    missing: dict[tuple[str, str], UUID]  # (family id, member) -> missing person


@dataclass(frozen=True)
class Weighed:
    """A hit with its exact LR and the case that repeats it."""

    hit: ScreeningHit
    case: KinshipCase
    ratio: LikelihoodRatio


@query(Permission.MATCH_READ)
def screening_question(tx: Transaction, operation: UUID) -> ScreeningQuestion:
    """All accepted remains profiles and all confirmed families with references, as one frozen value."""
    op = tx.get(Operation, operation)
    if op.frequencies is None:
        raise Invalid(f"{op.title} has no frequency table yet; choose one in the operation's policies.")
    table = table_of(tx.get(FrequencyData, op.frequencies))
    remains, references = _accepted(tx, operation)
    families, missing = _families(tx, operation, references)
    typed = {locus for profile, _ in remains.values() for locus in profile.genotypes}
    loci = tuple(locus for locus in table.loci if locus in typed)
    model = mutation_of(op)
    inputs = ScreeningInputs(
        loci=loci,
        frequencies=replace(table, loci={locus: table.loci[locus] for locus in loci}),
        families=families,
        profiles=tuple(ScreeningProfile(t, p.sex, _on(p.genotypes, loci)) for t, (p, _) in remains.items()),
        mutation=dict.fromkeys(loci, model) if model else {},
        theta=op.theta,
        convention=op.convention,
        minimum_frequency=op.minimum_frequency,
    )
    return ScreeningQuestion(op, inputs, remains, missing)


def _on(genotypes: dict[str, Genotype], loci: Sequence[str]) -> dict[str, Genotype]:
    return {locus: genotypes[locus] for locus in loci if locus in genotypes}


def _accepted(
    tx: Transaction, operation: UUID
) -> tuple[dict[str, tuple[Profile, UUID]], dict[UUID, dict[str, Genotype]]]:
    """Accepted profiles: of remains by sample token, of references by donor (the fullest one)."""
    samples = {s.id: s for s in tx.find(Sample, voided_at=None)}
    own_cases = {c.id for c in tx.find(RemainsCase, operation=operation)}
    own_items = {i.id for i in tx.find(RemainsItem, voided_at=None) if i.case in own_cases}
    remains: dict[str, tuple[Profile, UUID]] = {}
    references: dict[UUID, dict[str, Genotype]] = {}
    for profile in sorted(
        tx.find(Profile, state=ProfileState.ACCEPTED, voided_at=None), key=lambda p: p.loci
    ):
        sample = samples.get(profile.sample)
        if sample and sample.item in own_items and sample.item:
            remains[sample.token] = (profile, sample.item)
        elif sample and sample.donor:
            references[sample.donor] = profile.genotypes
    return dict(sorted(remains.items())), references


def _families(
    tx: Transaction, operation: UUID, references: dict[UUID, dict[str, Genotype]]
) -> tuple[tuple[ScreeningFamily, ...], dict[tuple[str, str], UUID]]:
    found: list[ScreeningFamily] = []
    missing: dict[tuple[str, str], UUID] = {}
    relatives_of: dict[UUID, list[Relative]] = {}
    for relative in tx.find(Relative, voided_at=None):
        relatives_of.setdefault(relative.family, []).append(relative)
    donors_of: dict[UUID, list[Donor]] = {}
    for donor in tx.find(Donor, voided_at=None):
        donors_of.setdefault(donor.family, []).append(donor)
    agreed = consenting_donors(tx)
    for family in tx.find(Family, operation=operation, voided_at=None):
        if family.confirmed_by is None:
            continue
        relatives = tuple(relatives_of.get(family.id, ()))
        codes = {r.id: r.code for r in relatives}
        genotypes = {
            codes[d.relative]: references[d.id]
            for d in donors_of.get(family.id, ())
            if d.id in references and d.id in agreed
        }
        sought = {r.code: r.missing_person for r in relatives if r.missing_person}
        if not genotypes or not sought:
            continue
        name = str(family.id)
        found.append(ScreeningFamily(name, pedigree_of(relatives), tuple(sought), genotypes))
        missing |= {(name, code): person for code, person in sought.items()}
    return tuple(found), missing


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


def case_of(question: ScreeningQuestion, hit: ScreeningHit) -> KinshipCase:
    """The two hypotheses of a hit: the profile stands for the missing member, or for a stranger."""
    inputs = question.inputs
    family = next(f for f in inputs.families if f.id == hit.family)
    profile = next(p for p in inputs.profiles if p.id == hit.profile)
    stranger = Member(hit.profile, family.pedigree.member(hit.missing).sex)
    loci = tuple(locus for locus in inputs.loci if locus in profile.genotypes)
    return KinshipCase(
        id=f"{hit.profile} as {hit.missing}",
        loci=loci,
        frequencies=replace(inputs.frequencies, loci={x: inputs.frequencies.loci[x] for x in loci}),
        numerator=renamed(family.pedigree, hit.missing, hit.profile),
        denominator=Pedigree((*family.pedigree.members, stranger)),
        genotypes={hit.profile: dict(profile.genotypes)}
        | {person: _on(dict(found), loci) for person, found in family.genotypes.items()},
        theta=inputs.theta,
        mutation={x: inputs.mutation[x] for x in loci if x in inputs.mutation},
        convention=inputs.convention,
        minimum_frequency=inputs.minimum_frequency,
        numerator_name=NUMERATOR,
        denominator_name=DENOMINATOR,
    )


def renamed(pedigree: Pedigree, old: str, new: str) -> Pedigree:
    """The pedigree with one member under another name."""

    def name(id: str | None) -> str | None:
        return new if id == old else id

    return Pedigree(
        tuple(
            replace(m, id=new if m.id == old else m.id, father=name(m.father), mother=name(m.mother))
            for m in pedigree.members
        )
    )


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


# lists and records


@dataclass(frozen=True)
class HypothesisRecord:
    """A hypothesis as its page shows it."""

    hypothesis: Hypothesis
    operation: Operation
    profile: Profile
    sample: Sample
    item: RemainsItem
    family: Family
    missing: MissingPerson
    pedigree: Pedigree
    typed: frozenset[str]
    member: str
    others: tuple[HypothesisLine, ...]  # other candidates of the same remains
    screening: Screening | None
    frequencies: FrequencyData | None
    labels: dict[str, tuple[str, ...]]  # member -> lines of text of the pedigree
    sought: frozenset[str]  # members that are missing
    deceased: frozenset[str]


@query(Permission.MATCH_READ)
def hypotheses(tx: Transaction, query: ListQuery) -> Page[HypothesisLine]:
    """The list of candidates and weighed hypotheses."""
    return lines.HYPOTHESES.page(tx, query)


@query(Permission.MATCH_READ)
def screenings(tx: Transaction, operation: UUID) -> list[Screening]:
    """Screenings of an operation, newest first."""
    return tx.find(Screening, operation=operation, voided_at=None)[::-1]


@query(Permission.MATCH_READ)
def hypothesis_record(tx: Transaction, id: UUID) -> HypothesisRecord:
    """Everything about a hypothesis for its page."""
    h = tx.get(Hypothesis, id)
    profile = tx.get(Profile, h.profile)
    family = family_record(tx, h.family)
    member = next(r.code for r in family.relatives if r.missing_person == h.missing_person)
    others = ListQuery(filters={"item": (h.item,)}, sort="log10_lr", descending=True, limit=10)
    return HypothesisRecord(
        h,
        tx.get(Operation, h.operation),
        profile,
        tx.get(Sample, profile.sample),
        tx.get(RemainsItem, h.item),
        family.family,
        missing_person(tx, h.missing_person),
        family.pedigree,
        family.typed,
        member,
        tuple(line for line in lines.HYPOTHESES.page(tx, others).rows if line.id != id),
        tx.get(Screening, h.screening) if h.screening else None,
        tx.one(FrequencyData, digest=h.case["frequencies_digest"]),
        _labels(family),
        frozenset(r.code for r in family.relatives if r.missing_person),
        frozenset(r.code for r in family.relatives if r.deceased),
    )


def _labels(family: FamilyRecord) -> dict[str, tuple[str, ...]]:
    """What stands below each symbol: the token or number, then the relation."""
    donors = {d.relative.id: d.donor.token for d in family.donors}
    missing = {p.id: p.number for p in family.missing}
    found = {}
    for r in family.relatives:
        name = missing.get(r.missing_person) if r.missing_person else donors.get(r.id)
        found[r.code] = tuple(line for line in (name or "", r.relation) if line)
    return found


@query(Permission.MATCH_READ)
def case_file(tx: Transaction, id: UUID) -> str:
    """The hypothesis as a case file that `nomina lr` reads, frequency table included."""
    from forensics.formats.kinship_cases import write_cases

    return write_cases([kinship_case(tx, tx.get(Hypothesis, id))])


def kinship_case(tx: Transaction, h: Hypothesis) -> KinshipCase:
    """The frozen case of a hypothesis as a value; the table is found by its digest."""
    from forensics.formats.kinship_cases import read_cases

    digest = h.case["frequencies_digest"]
    data = next((f for f in tx.find(FrequencyData) if f.digest == digest), None)
    if data is None:
        raise Invalid(f"The frequency table of {h.number} (digest {digest[:12]}…) is no longer here.")
    loci = {x: a for x, a in table_of(data).loci.items() if x in h.case["loci"]}
    details = {
        "population": data.population,
        "source": data.source,
        "digest": data.digest,
        "sizes": data.sizes,
    }
    document = {
        "schema": "kinship-oracle/1",
        "frequency_tables": {data.name: loci},
        "frequency_table_details": {data.name: details},
        "cases": [h.case],
    }
    (case,) = read_cases(json.dumps(document))
    return case


# two people's judgement


@command(Permission.MATCH_SCREEN)
def propose_match(tx: Transaction, seen: Hypothesis, reasoning: str) -> Hypothesis:
    """The analyst has weighed it and puts it before a reviewer, with reasons."""
    if not reasoning.strip():
        raise Invalid("Say in a sentence why this candidate is put forward (or why it should be excluded).")
    return tx.change(seen, state=HypothesisState.PROPOSED, weighed_by=tx.me, reasoning=reasoning.strip())


@command(Permission.MATCH_REVIEW)
def review_match(tx: Transaction, seen: Hypothesis, outcome: HypothesisState, review: str) -> Hypothesis:
    """Another person's conclusion: supported, excluded, inconclusive or returned, with reasons."""
    if outcome is not HypothesisState.SUPPORTED and not review.strip():
        raise Invalid("Say why, and what would help: which relative, which markers.")
    return tx.change(seen, state=outcome, reviewed_by=tx.me, review=review.strip())


# re-association


def search_same_person(
    lab: Laboratory, operation: UUID, progress: Progress | None = None, threshold_log10: float = 6.0
) -> list[Association]:
    """Remains profiles that look like one person, proposed as associations for another to decide."""
    from forensics.genetics.blind import blind_search

    question = lab.run(screening_question, operation)
    result = blind_search(
        question.inputs.profiles,
        question.inputs.frequencies,
        (BlindRelation.SAME_PERSON,),
        loci=question.inputs.loci,
        theta=question.inputs.theta,
        threshold_log10=threshold_log10,
        minimum_frequency=question.inputs.minimum_frequency,
        progress=progress,
    )
    return lab.run(record_same_person, question, result.hits)


@command(Permission.REMAINS_ASSOCIATE)
def record_same_person(
    tx: Transaction, question: ScreeningQuestion, hits: Sequence[BlindHit]
) -> list[Association]:
    """Propose each pair of different items that is not yet proposed, accepted or rejected."""
    known = {frozenset((a.first, a.second)) for a in tx.find(Association, voided_at=None)}
    made = []
    for hit in hits:
        pair = frozenset((question.profiles[hit.first][1], question.profiles[hit.second][1]))
        if len(pair) < 2 or pair in known:
            continue
        first, second = sorted(pair)
        differing = f"; different at {', '.join(hit.differing_loci)}" if hit.differing_loci else ""
        words = (
            f"{hit.loci_compared} loci compared, LR {power_of_ten(hit.log10_lr)} for one person{differing}"
        )
        made.append(propose_association(tx, first, second, Basis.DNA, words, hit.log10_lr))
        known.add(pair)
    return made


def sex_word(sex: Sex) -> str:
    """Sex as people read it."""
    return {Sex.MALE: "male", Sex.FEMALE: "female"}.get(sex, "unknown")
