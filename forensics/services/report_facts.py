"""The facts of a report, gathered from the records: one frozen set feeds every document about a case."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from forensics.domain import facts as f
from forensics.domain.anthropology import MethodResult, Target, from_plain
from forensics.domain.consistency import Consistency
from forensics.domain.custody import CustodyEvent
from forensics.domain.documents import Report
from forensics.domain.errors import Refused
from forensics.domain.examinations import Examination
from forensics.domain.families import MissingPerson
from forensics.domain.identifications import Handover, Identification, IdentificationState
from forensics.domain.kinship import FrequencyTable, KinshipCase, Sex
from forensics.domain.matching import Hypothesis, HypothesisState
from forensics.domain.operations import FrequencyData, Operation, Organisation
from forensics.domain.people import Authorisation, Permission, Person
from forensics.domain.profiles import Profile
from forensics.domain.progress import Progress
from forensics.domain.remains import RemainsCase, RemainsItem
from forensics.domain.samples import Sample
from forensics.persistence.transaction import Transaction
from forensics.services import documents, identifications, matching
from forensics.services.door import Laboratory, query
from forensics.services.families import FamilyRecord, family_record
from forensics.services.operations import laboratory, table_of
from forensics.services.recomputing import engine
from forensics.services.sensitivity import covers

_COMPARED = "I carried out the comparison and wrote this report."
_WROTE = "I compiled the evidence and wrote this report."
_AUTHORISED = "I reviewed this report and authorise its issue."


def draft_match(
    lab: Laboratory, hypothesis: UUID, authoriser: UUID, progress: Progress | None = None
) -> Report:
    """A DNA report of a reviewed hypothesis, with its sensitivity computed, put into the register as a draft."""
    from forensics.formats.kinship_cases import write_cases
    from forensics.genetics.sensitivity import sensitivity

    found = lab.run(match_facts, hypothesis, authoriser)
    token = found.facts.items[0].samples[0].token
    variations = sensitivity(found.case, (token,), found.tables, progress=progress)
    rows, cases = [], [found.case]
    for one in variations[1:]:
        words = found.words(str(one.varied), one.value)
        total = one.answer.log10_total if one.answer else None
        name = one.case.id if one.case and one.answer else ""
        rows.append(
            f.SensitivityFacts(
                assumption=words,
                log10_total=total,
                note=one.refused,
                case=name,
            )
        )
        if one.case and one.answer:
            cases.append(one.case)
    facts = replace(found.facts, sensitivity=tuple(rows), case=json.loads(write_cases(cases)))
    return lab.run(documents.record_draft, facts, authoriser, hypothesis=hypothesis)


def draft_identification(lab: Laboratory, identification: UUID, authoriser: UUID) -> Report:
    """An identification report for the authority, put into the register as a draft."""
    facts = lab.run(identification_facts, identification, authoriser)
    return lab.run(documents.record_draft, facts, authoriser, identification=identification)


@dataclass(frozen=True)
class MatchMaterial:
    """The facts of a match report but for its sensitivity, and what that is computed from."""

    facts: f.MatchFacts
    case: KinshipCase
    tables: tuple[FrequencyTable, ...]
    relatives: dict[str, str]  # code -> words

    def words(self, varied: str, value: str) -> str:
        """A changed assumption as the report says it."""
        if varied == "theta":
            return f"θ = {value}"
        if varied == "population":
            return f"Frequencies: {value}"
        return f"Without {self.relatives.get(value, value)}"


@query(Permission.REPORT_AUTHOR)
def match_facts(tx: Transaction, hypothesis: UUID, authoriser: UUID) -> MatchMaterial:
    """All that a DNA report of this hypothesis says."""
    h = tx.get(Hypothesis, hypothesis)
    if h.state not in (HypothesisState.SUPPORTED, HypothesisState.INCONCLUSIVE, HypothesisState.EXCLUDED):
        raise Refused(f"{h.number} is {h.state}; a report needs a reviewed conclusion.")
    op, family = tx.get(Operation, h.operation), family_record(tx, h.family)
    person, profile = tx.get(MissingPerson, h.missing_person), tx.get(Profile, h.profile)
    sample, item = tx.get(Sample, profile.sample), tx.get(RemainsItem, h.item)
    case = matching.kinship_case(tx, h)
    sought = next(r.code for r in family.relatives if r.missing_person == h.missing_person)
    donors = _donors(family)
    received = tx.get(RemainsCase, item.case)
    others = [d for d in tx.find(FrequencyData, voided_at=None) if d.digest != case.frequencies.digest]
    tables = tuple(t for t in map(table_of, others) if covers(t, case))
    number = family.family.number
    facts = f.MatchFacts(
        frame=_frame(
            tx,
            op,
            f"Remains {item.number} compared with family {number}",
            authoriser,
            received,
            h,
        ),
        question=f"Do the remains {item.number} come from the missing person {person.number} of family {number}?",
        items=(_item(tx, item, [(sample, profile)]),),
        donors=donors,
        pedigree=_pedigree(family, sought, tuple(case.genotypes)),
        typings=_typings(case, sample.token, item, donors),
        weight=_weight(h, person, family),
        alternatives=_alternatives(family, sought),
        remarks=_remarks(("The analyst", h.reasoning), ("The reviewer", h.review)),
    )
    words = {d.member: f"donor {d.token} ({d.relation or d.member})" for d in donors}
    return MatchMaterial(facts, case, tables[:2], words)


def _remarks(*said: tuple[str, str]) -> tuple[str, ...]:
    """Reasons in people's own words, with whose they are."""
    return tuple(f"{who}: “{words}”" for who, words in said if words)


def _frame(
    tx: Transaction, op: Operation, title: str, authoriser: UUID, received: RemainsCase, h: Hypothesis
) -> f.Frame:
    own = laboratory(tx)
    return f.Frame(
        number="",
        version=1,
        title=title,
        laboratory=_letterhead(own),
        operation=_operation(tx, op, h),
        authority=received.authority or received.received_from,
        request=received.order_reference,
        author=_signatory(tx, tx.me, _COMPARED),
        authoriser=_signatory(tx, authoriser, _AUTHORISED),
        engine=f"{engine()}, {h.engine}",
        received=received.received_at.date(),
        examined_from=h.created_at.date() if h.created_at else None,
        examined_to=tx.now.date(),
        issued=tx.now,
        methods=(
            f.MethodFacts(name="Kinship likelihood ratios, exact pedigree likelihood", edition=engine()),
        ),
        contributors=_contributors(tx, h),
        limits=(
            "Close relatives of the missing person who are not in the pedigree could give similar results.",
            "The numbers hold under the frequencies, mutation model and pedigree that are stated here.",
        ),
    )


def _letterhead(own: Organisation) -> f.Letterhead:
    return f.Letterhead(
        name=own.name,
        short_name=own.short_name,
        address=tuple(line for line in (*own.address.splitlines(), own.country) if line),
        contact=own.contact,
        accreditation=own.accreditation,
    )


def _operation(tx: Transaction, op: Operation, h: Hypothesis) -> f.OperationFacts:
    digest = h.case["frequencies_digest"]
    data = next(d for d in tx.find(FrequencyData) if d.digest == digest)
    sizes = sorted({n for n in data.sizes.values() if n})
    counted = (
        f"{sizes[0]}–{sizes[-1]} alleles per locus"
        if len(sizes) > 1
        else f"{sizes[0]} alleles"
        if sizes
        else ""
    )
    return f.OperationFacts(
        name=op.title,
        number_sought=h.prior_number,
        threshold=op.threshold,
        frequency_table=data.name,
        population=data.population,
        frequency_source=data.source,
        frequency_size=counted,
        frequency_digest=data.digest,
        minimum_frequency=f"{op.minimum_frequency:g} for alleles not seen"
        if op.minimum_frequency
        else "none: unseen alleles are refused",
        theta=float(h.case.get("theta") or 0.0),
        mutation=mutation_words(op),
        convention=str(h.case.get("convention", op.convention)),
        territory=op.territory,
    )


def _unseen(op: Operation) -> str:
    if op.minimum_frequency:
        return f"{op.minimum_frequency:g} for alleles that the table has not seen"
    return "none: an allele that the table has not seen is refused"


def mutation_words(op: Operation) -> str:
    """The mutation policy as a report says it."""
    if op.mutation is None or not (op.mutation_rate_male or op.mutation_rate_female):
        return "none"
    rates = (
        f"{op.mutation_rate_male:g} per paternal and {op.mutation_rate_female:g} per maternal transmission"
    )
    extra = (
        f", range {op.mutation_range:g}, microvariants {op.mutation_rate2:g}"
        if op.mutation == "stepwise"
        else ""
    )
    return f"{op.mutation}, {rates}{extra}"


def _signatory(tx: Transaction, id: UUID, meaning: str) -> f.SignatoryFacts:
    person = tx.get(Person, id)
    roles = [str(a.role) for a in tx.find(Authorisation, person=id, voided_at=None)]
    role = person.title or ", ".join(roles)
    return f.SignatoryFacts(
        name=person.name, role=f"{role} (external)" if person.external else role, meaning=meaning
    )


def _contributors(tx: Transaction, h: Hypothesis) -> tuple[f.ContributorFacts, ...]:
    profile = tx.get(Profile, h.profile)
    done = (
        (profile.imported_by, "Profile read and imported", profile.created_at),
        (profile.reviewed_by, "Profile reviewed", profile.changed_at),
        (h.weighed_by, "Match weighed", h.changed_at),
        (h.reviewed_by, "Match reviewed", h.changed_at),
    )
    return tuple(
        f.ContributorFacts(
            name=tx.get(Person, who).name,
            role=", ".join(str(a.role) for a in tx.find(Authorisation, person=who, voided_at=None)),
            activity=what,
            on=at.date() if at else None,
        )
        for who, what, at in done
        if who
    )


def _item(tx: Transaction, item: RemainsItem, typed: Sequence[tuple[Sample, Profile]]) -> f.ItemFacts:
    case = tx.get(RemainsCase, item.case)
    legs = len(tx.find(CustodyEvent, item=item.id))
    side = "" if item.side in ("unsided", "midline") else f"{item.side} "
    return f.ItemFacts(
        token=item.number,
        description=f"{side}{item.element}".strip() or str(item.kind),
        received=case.received_at.date(),
        received_from=case.received_from,
        seal=case.seals or "none recorded",
        condition=case.condition or "not recorded",
        custody=f"{legs} leg{'s' if legs > 1 else ''} recorded"
        if legs
        else "no leg recorded before accession",
        external=item.external_number,
        samples=tuple(
            f.SampleFacts(
                token=sample.token,
                kind=str(sample.kind),
                taken=sample.taken_at.date() if sample.taken_at else None,
                kit=profile.kit,
                note=sample.taken_outside and f"taken: {sample.taken_outside}",
            )
            for sample, profile in typed
        ),
    )


def _donors(family: FamilyRecord) -> tuple[f.DonorFacts, ...]:
    return tuple(
        f.DonorFacts(
            token=d.donor.token,
            relation=d.relative.relation or d.relative.code,
            consent=f"{d.consent.state} {d.consent.given_on.isoformat()}, form {d.consent.form}"
            if d.consent
            else "none",
            sample=d.samples[0].token if d.samples else "",
            member=d.relative.code,
        )
        for d in family.donors
        if d.profile and d.consent
    )


def _pedigree(family: FamilyRecord, sought: str, compared: tuple[str, ...]) -> f.PedigreeFacts:
    labels = {d.relative.code: d.donor.token for d in family.donors}
    labels |= {r.code: p.number for r in family.relatives for p in family.missing if r.missing_person == p.id}
    return f.PedigreeFacts(
        pedigree=family.pedigree,
        sought=sought,
        typed=tuple(r.code for r in family.relatives if r.code in compared),
        missing=tuple(r.code for r in family.relatives if r.missing_person),
        deceased=tuple(r.code for r in family.relatives if r.deceased),
        labels=labels,
        family=family.family.number,
    )


def _typings(
    case: KinshipCase, token: str, item: RemainsItem, donors: Sequence[f.DonorFacts]
) -> tuple[f.TypingFacts, ...]:
    names = {d.member: (d.token, d.relation) for d in donors} | {token: (item.number, "remains")}
    first = sorted(case.genotypes, key=lambda who: who != token)
    return tuple(
        f.TypingFacts(label=names[who][0], role=names[who][1], genotypes=dict(case.genotypes[who]))
        for who in first
        if who in names
    )


def _weight(h: Hypothesis, person: MissingPerson, family: FamilyRecord) -> f.WeightFacts:
    return f.WeightFacts(
        numerator=f"the remains come from {person.number}, a missing person of family {family.family.number}",
        denominator="they come from a person unrelated to that family",
        loci=tuple(f.LocusFacts(locus=locus, log10=value) for locus, value in h.log10_per_locus.items()),
        log10_total=h.log10_lr,
        prior=1 / h.prior_number,
        posterior=h.posterior,
        log10_required=h.required_log10_lr,
    )


def _alternatives(family: FamilyRecord, sought: str) -> tuple[f.AlternativeFacts, ...]:
    """Other missing members of the same family; siblings that only relatives can't tell apart are said so."""
    others = [r for r in family.relatives if r.missing_person and r.code != sought]
    me = family.pedigree.member(sought)
    rows = []
    for other in others:
        same = (other.father, other.mother) == (me.father, me.mother) and other.father is not None
        words = (
            "A sibling of the same parents: without further evidence the two can't be told apart."
            if same and Sex.UNKNOWN not in (other.sex, me.sex) and other.sex is me.sex
            else "Another missing member of this family; compared on its own in the same screening."
        )
        rows.append(
            f.AlternativeFacts(
                alternative=f"The remains come from {other.code} of the same family", finding=words
            )
        )
    stranger = "The remains come from somebody related to the family who is not in the pedigree"
    rows.append(
        f.AlternativeFacts(
            alternative=stranger, finding="Not computed; no such relative is reported missing."
        )
    )
    return tuple(rows)


@query(Permission.REPORT_AUTHOR)
def identification_facts(tx: Transaction, identification: UUID, authoriser: UUID) -> f.IdentificationFacts:
    """All that an identification report for the authority says."""
    found = tx.get(Identification, identification)
    if found.state in (IdentificationState.PROPOSED, IdentificationState.REJECTED):
        raise Refused(f"{found.number} is {found.state}; only a confirmed identification is reported.")
    h, person = tx.get(Hypothesis, found.hypothesis), tx.get(MissingPerson, found.missing_person)
    items, op = identifications.items_of(tx, found), tx.get(Operation, found.operation)
    exam = identifications.signed_examination(tx, items)
    received = tx.get(RemainsCase, items[0].case)
    profile = tx.get(Profile, h.profile)
    sample = tx.get(Sample, profile.sample)
    frame = _frame(tx, op, f"Identification of the remains {items[0].number}", authoriser, received, h)
    return f.IdentificationFacts(
        frame=replace(
            frame,
            author=_signatory(tx, tx.me, _WROTE),
            contributors=(*frame.contributors, *_deciders(tx, found)),
        ),
        category=found.category,
        person=_person(person),
        items=tuple(_item(tx, item, [(sample, profile)] if item.id == h.item else []) for item in items),
        grid=tuple(
            f.GridFacts(
                aspect=row.aspect[:1].upper() + row.aspect[1:],
                remains=row.remains,
                ante_mortem=row.ante_mortem,
                agreement=Consistency(row.verdict),
                note=row.explanation,
            )
            for row in found.grid
        ),
        conclusion=_remarks(("The proposal", found.proposal), ("The decision", found.decision)),
        examination=_examination(exam) if exam else None,
        weight=_weight(h, person, family_record(tx, h.family)),
        match_report=_match_report(tx, h),
        legal_basis=op.legal_basis,
        handover=_handover(tx, found),
        case=json.loads(matching.case_file(tx, h.id)),
    )


def _deciders(tx: Transaction, found: Identification) -> tuple[f.ContributorFacts, ...]:
    done = (
        (found.proposed_by, "Identification proposed", found.created_at),
        (found.confirmed_by, "Identification confirmed", found.confirmed_at),
    )
    return tuple(
        f.ContributorFacts(
            name=tx.get(Person, who).name,
            role=", ".join(str(a.role) for a in tx.find(Authorisation, person=who, voided_at=None)),
            activity=what,
            on=at.date() if at else None,
        )
        for who, what, at in done
        if who
    )


def _person(p: MissingPerson) -> f.PersonFacts:
    latin = " ".join(part for part in (p.given_names, p.family_names) if part)
    known = (
        (
            "Height",
            f"{p.height_cm:g} cm{', ' + p.height_source if p.height_source else ''}" if p.height_cm else "",
        ),
        ("Marks", p.marks),
        ("Teeth", p.dental),
        ("Clothing", p.clothing),
    )
    return f.PersonFacts(
        name=p.original_name or latin or p.number,
        transliteration=latin if p.original_name else "",
        number=p.number,
        sex=matching.sex_word(p.sex),
        born=str(p.birth or ""),
        last_seen=", ".join(part for part in (str(p.last_seen or ""), p.last_place) if part),
        particulars=tuple((what, words) for what, words in known if words),
    )


def _estimates(exam: Examination) -> tuple[f.EstimateFacts, ...]:
    """The examiner's conclusion for each trait, then what each method said, with its interval's kind."""
    ranges = (
        ("Age", exam.age_minimum, exam.age_maximum, "years", exam.age_method),
        ("Stature", exam.stature_minimum, exam.stature_maximum, "cm", exam.stature_method),
    )
    concluded = [f.EstimateFacts(trait="Sex", value=exam.sex, method=exam.sex_method)] if exam.sex else []
    concluded += [
        f.EstimateFacts(
            trait=trait, value=_written(low, high, unit), method=method, interval="examiner's range"
        )
        for trait, low, high, unit, method in ranges
        if low is not None or high is not None
    ]
    return (*concluded, *(_of_method(from_plain(stored)) for stored in exam.results))


def _of_method(result: MethodResult) -> f.EstimateFacts:
    level = f"{100 * result.level:g} % " if result.level is not None else ""
    return f.EstimateFacts(
        trait=f"{result.target[:1].upper()}{result.target[1:]}, by method",
        value=str(result.sex)
        if result.target is Target.SEX
        else _written(result.low, result.high, result.unit),
        method=result.title,
        reference=result.reference,
        interval=f"{level}{result.kind}",
    )


def _written(low: float | None, high: float | None, unit: str) -> str:
    """`24–38 years`, `over 50 years`, `under 160 cm`."""
    if low is None or high is None:
        return (
            f"over {low:g} {unit}"
            if low is not None
            else f"under {high:g} {unit}"
            if high is not None
            else "—"
        )
    return f"{low:g}–{high:g} {unit}"


def _examination(exam: Examination) -> f.ExaminationFacts:
    parts = {"complete": f.Part.COMPLETE, "absent": f.Part.ABSENT}
    return f.ExaminationFacts(
        condition=exam.rationale,
        inventory=tuple(
            f.ElementFacts(
                element=line.element,
                side=line.side,
                part=parts.get(line.completeness, f.Part.INCOMPLETE),
                note=line.note,
            )
            for line in exam.inventory
        ),
        estimates=_estimates(exam),
        findings=tuple(words for words in (exam.marks, exam.dental) if words),
        minimum_individuals=exam.minimum_individuals,
        unblinded=exam.unblinded_reason,
    )


def _match_report(tx: Transaction, h: Hypothesis) -> str:
    issued = [r for r in tx.find(Report, hypothesis=h.id, kind="match") if r.issued_at]
    return f"{issued[-1].number} version {issued[-1].version}" if issued else ""


def _handover(tx: Transaction, found: Identification) -> f.HandoverFacts | None:
    done = tx.find(Handover, identification=found.id)
    if not done:
        return f.HandoverFacts(status="The remains are in the custody of the laboratory.")
    last = done[-1]
    return f.HandoverFacts(
        status="Handed over" if last.complete else "Partly handed over",
        on=last.at.date(),
        to=last.receiver,
        place=last.burial_place,
        inventory="; ".join(last.inventory),
    )
