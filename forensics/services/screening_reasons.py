"""Why a candidate is new, weighs something else or is gone: what changed since the last screening, in words."""

from functools import cached_property
from typing import Any
from uuid import UUID

from forensics.domain.families import Consent, ConsentState, Donor, Family, Relative
from forensics.domain.matching import Screening
from forensics.domain.people import Permission
from forensics.domain.profiles import Profile, ProfileState
from forensics.domain.rescreening import PEDIGREE
from forensics.domain.samples import Sample
from forensics.persistence.transaction import Transaction
from forensics.services.door import query
from forensics.services.screening_memory import Memory
from forensics.services.screening_plans import (
    Pending,
    Plan,
    is_current,
    newest_screening,
    plan_screening,
)
from forensics.services.screening_questions import parameters_of, policy_of

FIRST = "first screening"
RULES = {
    "loci": "other loci are compared",
    "frequencies": "another frequency table",
    "frequencies_digest": "the frequency table changed",
    "theta": "θ is {1:g} instead of {0:g}",
    "mutation": "another mutation model",
    "rates": "other mutation rates",
    "range": "another mutation range",
    "convention": "another convention",
    "number_sought": "the prior is 1 in {1} instead of 1 in {0}",
    "posterior_threshold": "the policy asks for a posterior of {1:g} instead of {0:g}",
    "minimum_frequency": "the minimum frequency is {1:g} instead of {0:g}",
}


class Reasons:
    """Each cause is looked up once and told in half a sentence."""

    def __init__(self, tx: Transaction, plan: Plan) -> None:
        self.tx, self.plan = tx, plan
        self._told: dict[str, str] = {}

    def of_pair(self, sample: str, family: str) -> str:
        """Everything that concerns a pair."""
        if self.rules:
            return self.rules
        return "; ".join(part for part in (self.of_profile(sample), self.of_family(family)) if part)

    def all(self) -> tuple[str, ...]:
        """Every cause there is, the rules first."""
        if self.rules:
            return (self.rules,)
        changed = self.plan.changed
        profiles = sorted(changed.profiles | changed.gone_profiles)
        families = sorted(changed.families | changed.gone_families)
        found = [*(self.of_profile(p) for p in profiles), *(self.of_family(f) for f in families)]
        return tuple(part for part in found if part)

    @cached_property
    def rules(self) -> str:
        """Why everything was compared; empty when what all comparisons rest on is as before."""
        earlier, changed = self.plan.earlier, self.plan.changed
        if earlier is None or self.plan.before is None:
            return FIRST
        return "; ".join(self._rules(earlier)) if changed.everything else ""

    def _rules(self, earlier: Screening) -> list[str]:
        old = earlier.parameters
        op = self.plan.question.operation
        new = parameters_of(op, self.plan.question.inputs) | policy_of(op)
        differing = [key for key in RULES if old.get(key) != new.get(key)]
        if "frequencies" in differing:
            differing = [key for key in differing if key != "frequencies_digest"]
        told = [RULES[key].format(_number(old.get(key)), _number(new.get(key))) for key in differing]
        if earlier.engine != self.plan.engine:
            told.append("another version of the engine")
        if earlier.threshold_log10 != self.plan.threshold_log10:
            told.append("another threshold")
        return told or ["the frequency table changed"]

    def of_profile(self, token: str) -> str:
        """What happened to the profile of a sample of remains; empty when nothing did."""
        changed = self.plan.changed
        if token not in changed.profiles | changed.gone_profiles:
            return ""
        if token not in self._told:
            self._told[token] = self._profile(token)
        return self._told[token]

    def _profile(self, token: str) -> str:
        before, now = self.plan.before, self.plan.question.profiles
        if token in now:
            words = "changed" if before is not None and token in before.profiles else "is new"
            return f"profile {now[token][0].number} of sample {token} {words}"
        sample = self.tx.one(Sample, token=token)
        found = self.tx.find(Profile, sample=sample.id) if sample else []
        if not found or sample is None or sample.voided_at is not None:
            return f"sample {token} is no longer there"
        last = found[-1]
        if last.state is ProfileState.WITHDRAWN:
            return f"profile {last.number} of sample {token} was withdrawn: {last.note}"
        return f"sample {token} has no accepted profile any more"

    def of_family(self, id: str) -> str:
        """What happened to a family; empty when nothing did."""
        changed = self.plan.changed
        if id not in changed.families | changed.gone_families:
            return ""
        if id not in self._told:
            family = self.tx.get(Family, UUID(id))
            self._told[id] = ", ".join(self._family(family))
        return self._told[id]

    def _family(self, family: Family) -> list[str]:
        before = self.plan.before.families.get(str(family.id)) if self.plan.before else None
        now = self.plan.now.families.get(str(family.id))
        if now is None:
            return self._gone(family)
        if before is None:
            return [f"family {family.number} takes part now"]
        told = []
        if before[PEDIGREE] != now[PEDIGREE]:
            told.append(f"the pedigree of family {family.number} changed")
        for code in sorted((before.keys() | now.keys()) - {PEDIGREE}):
            if code not in before:
                told.append(f"family {family.number} has a new reference ({code})")
            elif code not in now:
                told.append(f"family {family.number} lost the reference of {code}{self._why(family, code)}")
            elif before[code] != now[code]:
                told.append(f"the reference of {code} in family {family.number} changed")
        return told

    def _gone(self, family: Family) -> list[str]:
        if family.voided_at is not None:
            return [f"family {family.number} was struck out: {family.void_reason}"]
        if family.confirmed_by is None:
            return [f"the pedigree of family {family.number} is not confirmed"]
        relatives = self.tx.find(Relative, family=family.id, voided_at=None)
        if not any(r.missing_person for r in relatives):
            return [f"nobody is missing in family {family.number}"]
        withdrawn = sorted(r.code for r in relatives if self._withdrawn(r))
        why = f" (consent withdrawn: {', '.join(withdrawn)})" if withdrawn else ""
        return [f"family {family.number} has no reference that may be used{why}"]

    def _why(self, family: Family, code: str) -> str:
        relative = self.tx.one(Relative, family=family.id, code=code, voided_at=None)
        return ": consent withdrawn" if relative is not None and self._withdrawn(relative) else ""

    def _withdrawn(self, relative: Relative) -> bool:
        donor = self.tx.one(Donor, relative=relative.id, voided_at=None)
        consents = self.tx.find(Consent, donor=donor.id, voided_at=None) if donor else []
        return bool(consents) and consents[-1].state is ConsentState.WITHDRAWN


def _number(value: Any) -> Any:
    """So that a figure can be told with `:g`, whatever else it is."""
    return value if isinstance(value, int | float) else float("nan")


@query(Permission.MATCH_READ)
def whats_due(tx: Transaction, operation: UUID, memory: Memory | None = None) -> Pending | None:
    """What the next search of the changes would compare; None when nothing changed or nobody ever screened."""
    if newest_screening(tx, operation) is None or is_current(tx, operation):
        return None
    plan = plan_screening(tx, operation, False, None, memory)
    if plan.scope.nothing:
        return None
    why = Reasons(tx, plan).rules
    return Pending(len(plan.scope.profiles), len(plan.scope.families), why)
