"""An identification report from the records."""

import json
from dataclasses import replace
from uuid import UUID

from forensics.domain import facts as f
from forensics.domain.consistency import Consistency
from forensics.domain.documents import Report
from forensics.domain.errors import Refused
from forensics.domain.families import MissingPerson
from forensics.domain.identifications import Handover, Identification, IdentificationState
from forensics.domain.matching import Hypothesis
from forensics.domain.operations import Operation
from forensics.domain.people import Permission
from forensics.domain.profiles import Profile
from forensics.domain.remains import RemainsCase
from forensics.domain.samples import Sample
from forensics.persistence.transaction import Transaction
from forensics.services import documents, identifications, matching
from forensics.services.door import Laboratory, query
from forensics.services.families import family_record
from forensics.services.report_facts.exhibits import item_facts, weight_facts
from forensics.services.report_facts.findings import examination_facts
from forensics.services.report_facts.frame import frame_of, remarks, signatory, who_did

_WROTE = "I compiled the evidence and wrote this report."


def draft_identification(lab: Laboratory, identification: UUID, authoriser: UUID) -> Report:
    """An identification report for the authority, put into the register as a draft."""
    facts = lab.run(identification_facts, identification, authoriser)
    return lab.run(documents.record_draft, facts, authoriser, identification=identification)


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
    frame = frame_of(tx, op, f"Identification of the remains {items[0].number}", authoriser, received, h)
    return f.IdentificationFacts(
        frame=replace(
            frame,
            author=signatory(tx, tx.me, _WROTE),
            contributors=(*frame.contributors, *_deciders(tx, found)),
        ),
        category=found.category,
        person=_person(person),
        items=tuple(item_facts(tx, item, [(sample, profile)] if item.id == h.item else []) for item in items),
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
        conclusion=remarks(("The proposal", found.proposal), ("The decision", found.decision)),
        examination=examination_facts(exam) if exam else None,
        weight=weight_facts(h, person, family_record(tx, h.family)),
        match_report=_match_report(tx, h),
        legal_basis=op.legal_basis,
        handover=_handover(tx, found),
        case=json.loads(matching.case_file(tx, h.id)),
    )


def _deciders(tx: Transaction, found: Identification) -> tuple[f.ContributorFacts, ...]:
    return who_did(
        tx,
        (found.proposed_by, "Identification proposed", found.created_at),
        (found.confirmed_by, "Identification confirmed", found.confirmed_at),
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
