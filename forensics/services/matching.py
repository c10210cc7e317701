"""Matches: the list of candidates, the page of one, its case file; then two people's judgement."""

import json
from dataclasses import dataclass
from uuid import UUID

from forensics.domain.errors import Invalid, Refused
from forensics.domain.families import Family, MissingPerson
from forensics.domain.kinship import KinshipCase, Pedigree, Sex
from forensics.domain.lines import HypothesisLine
from forensics.domain.lists import ListQuery, Page
from forensics.domain.matching import Hypothesis, HypothesisState, Screening
from forensics.domain.operations import FrequencyData, Operation
from forensics.domain.people import Permission
from forensics.domain.profiles import Profile
from forensics.domain.remains import RemainsItem
from forensics.domain.samples import Sample
from forensics.persistence import lines
from forensics.persistence.transaction import Transaction
from forensics.services.door import command, query
from forensics.services.families import FamilyRecord, family_record, missing_person
from forensics.services.operations import table_of


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
    demand_up_to_date(seen)
    return tx.change(seen, state=HypothesisState.PROPOSED, weighed_by=tx.me, reasoning=reasoning.strip())


@command(Permission.MATCH_REVIEW)
def review_match(tx: Transaction, seen: Hypothesis, outcome: HypothesisState, review: str) -> Hypothesis:
    """Another person's conclusion: supported, excluded, inconclusive or returned, with reasons."""
    if outcome is not HypothesisState.SUPPORTED and not review.strip():
        raise Invalid("Say why, and what would help: which relative, which markers.")
    if outcome is HypothesisState.SUPPORTED:
        demand_up_to_date(seen)
    return tx.change(seen, state=outcome, reviewed_by=tx.me, review=review.strip())


def demand_up_to_date(h: Hypothesis) -> None:
    """`Refused` for a match whose profile, family or policies changed since it was weighed."""
    if h.outdated:
        raise Refused(
            f"{h.number} no longer rests on the data of today: {h.outdated}. "
            "Go on with the candidate that took its place, if there is one."
        )


def sex_word(sex: Sex) -> str:
    """Sex as people read it."""
    return {Sex.MALE: "male", Sex.FEMALE: "female"}.get(sex, "unknown")
