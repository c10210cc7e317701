"""A DNA match report from the records: the facts, and the sensitivity that is computed for it."""

import json
from dataclasses import dataclass, replace
from uuid import UUID

from forensics.domain import facts as f
from forensics.domain.documents import Report
from forensics.domain.errors import Refused
from forensics.domain.families import MissingPerson
from forensics.domain.kinship import FrequencyTable, KinshipCase, Sex
from forensics.domain.matching import Hypothesis, HypothesisState
from forensics.domain.operations import FrequencyData, Operation
from forensics.domain.people import Permission
from forensics.domain.profiles import Profile
from forensics.domain.progress import Progress
from forensics.domain.remains import RemainsCase, RemainsItem
from forensics.domain.samples import Sample
from forensics.persistence.transaction import Transaction
from forensics.services import documents, matching
from forensics.services.door import Laboratory, query
from forensics.services.families import FamilyRecord, family_record
from forensics.services.operations import table_of
from forensics.services.report_facts.exhibits import (
    donor_facts,
    item_facts,
    pedigree_facts,
    typing_facts,
    weight_facts,
)
from forensics.services.report_facts.frame import frame_of, remarks
from forensics.services.sensitivity import covers


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
    matching.demand_up_to_date(h)
    if h.state not in (HypothesisState.SUPPORTED, HypothesisState.INCONCLUSIVE, HypothesisState.EXCLUDED):
        raise Refused(f"{h.number} is {h.state}; a report needs a reviewed conclusion.")
    op, family = tx.get(Operation, h.operation), family_record(tx, h.family)
    person, profile = tx.get(MissingPerson, h.missing_person), tx.get(Profile, h.profile)
    sample, item = tx.get(Sample, profile.sample), tx.get(RemainsItem, h.item)
    case = matching.kinship_case(tx, h)
    sought = next(r.code for r in family.relatives if r.missing_person == h.missing_person)
    donors = donor_facts(family)
    received = tx.get(RemainsCase, item.case)
    others = [d for d in tx.find(FrequencyData, voided_at=None) if d.digest != case.frequencies.digest]
    tables = tuple(t for t in map(table_of, others) if covers(t, case))
    number = family.family.number
    facts = f.MatchFacts(
        frame=frame_of(
            tx,
            op,
            f"Remains {item.number} compared with family {number}",
            authoriser,
            received,
            h,
        ),
        question=f"Do the remains {item.number} come from the missing person {person.number} of family {number}?",
        items=(item_facts(tx, item, [(sample, profile)]),),
        donors=donors,
        pedigree=pedigree_facts(family, sought, tuple(case.genotypes)),
        typings=typing_facts(case, sample.token, item, donors),
        weight=weight_facts(h, person, family),
        alternatives=_alternatives(family, sought),
        remarks=remarks(("The analyst", h.reasoning), ("The reviewer", h.review)),
    )
    words = {d.member: f"donor {d.token} ({d.relation or d.member})" for d in donors}
    return MatchMaterial(facts, case, tables[:2], words)


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
