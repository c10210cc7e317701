"""What was compared: items and their samples, donors, the pedigree, the genotypes, and their weight."""

from collections.abc import Sequence

from forensics.domain import facts as f
from forensics.domain.custody import CustodyEvent
from forensics.domain.families import MissingPerson
from forensics.domain.kinship import KinshipCase
from forensics.domain.matching import Hypothesis
from forensics.domain.profiles import Profile
from forensics.domain.remains import RemainsCase, RemainsItem
from forensics.domain.samples import Sample
from forensics.persistence.transaction import Transaction
from forensics.services.families import FamilyRecord


def item_facts(tx: Transaction, item: RemainsItem, typed: Sequence[tuple[Sample, Profile]]) -> f.ItemFacts:
    case = tx.get(RemainsCase, item.case)
    side = "" if item.side in ("unsided", "midline") else f"{item.side} "
    return f.ItemFacts(
        token=item.number,
        description=f"{side}{item.element}".strip() or str(item.kind),
        received=case.received_at.date(),
        received_from=case.received_from,
        seal=case.seals or "none recorded",
        condition=case.condition or "not recorded",
        custody=_custody(tx.find(CustodyEvent, item=item.id)),
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


def _custody(events: Sequence[CustodyEvent]) -> str:
    """How often and from when to when the item's custody was written down."""
    if not events:
        return "nothing recorded before accession"
    days = sorted(event.at.date() for event in events)
    times = "once" if len(events) == 1 else f"{len(events)} times"
    return f"recorded {times}, {days[0]}" + (f" to {days[-1]}" if days[-1] != days[0] else "")


def donor_facts(family: FamilyRecord) -> tuple[f.DonorFacts, ...]:
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


def pedigree_facts(family: FamilyRecord, sought: str, compared: tuple[str, ...]) -> f.PedigreeFacts:
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


def typing_facts(
    case: KinshipCase, token: str, item: RemainsItem, donors: Sequence[f.DonorFacts]
) -> tuple[f.TypingFacts, ...]:
    names = {d.member: (d.token, d.relation) for d in donors} | {token: (item.number, "remains")}
    first = sorted(case.genotypes, key=lambda who: who != token)
    return tuple(
        f.TypingFacts(label=names[who][0], role=names[who][1], genotypes=dict(case.genotypes[who]))
        for who in first
        if who in names
    )


def weight_facts(h: Hypothesis, person: MissingPerson, family: FamilyRecord) -> f.WeightFacts:
    return f.WeightFacts(
        numerator=f"the remains come from {person.number}, a missing person of family {family.family.number}",
        denominator="they come from a person unrelated to that family",
        loci=tuple(f.LocusFacts(locus=locus, log10=value) for locus, value in h.log10_per_locus.items()),
        log10_total=h.log10_lr,
        prior=1 / h.prior_number,
        posterior=h.posterior,
        log10_required=h.required_log10_lr,
    )
