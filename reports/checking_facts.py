"""The facts inside a report: are they the ones that the pages show, and do their numbers come out again?"""

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from forensics.domain.facts import Log10, MatchFacts, ReportFacts, WeightFacts
from reports.authority import certified_name
from reports.verification import Check, Difference, Outcome, SignatureStatus

Recompute = Callable[[dict[str, Any]], Mapping[str, Log10]]
"""One kinship case file with one case → log10 LR per locus."""

TOLERANCE = 1e-9  # absolute in log10; the engine itself is bit-identical


def recomputation(facts: ReportFacts, recompute: Recompute) -> tuple[tuple[Difference, ...], Check]:
    """Compute every stated LR again from the attached cases, and the sums and posterior from the LRs."""
    weight: WeightFacts | None = getattr(facts, "weight", None)
    if weight is None:
        return (), Check("numbers", Outcome.HOLDS, "The report states no likelihood ratio.")
    computed = {name: dict(recompute(case)) for name, case in cases(getattr(facts, "case", {}))}
    if not computed:
        sentence = "The report states likelihood ratios but no case to compute them from is attached."
        return (), Check("numbers", Outcome.FAILS, sentence)
    differences = tuple(d for d in _pairs(facts, weight, computed) if not _equal(d.stated, d.computed))
    count = sum(1 for _ in _pairs(facts, weight, computed))
    if differences:
        sentence = f"{len(differences)} of {count} stated numbers came out otherwise when computed again."
        return differences, Check("numbers", Outcome.FAILS, sentence)
    return (), Check(
        "numbers", Outcome.HOLDS, f"All {count} stated numbers came out again from the attached case."
    )


def cases(file: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each case of a case file as a file of its own, with its name."""
    for case in file.get("cases", ()):
        yield str(case["id"]), {**file, "cases": [case]}


def _pairs(
    facts: ReportFacts, weight: WeightFacts, computed: Mapping[str, Mapping[str, Log10]]
) -> Iterator[Difference]:
    """Stated beside computed: loci, total, sensitivity, required LR, posterior (as log10 odds)."""
    first = next(iter(computed.values()))
    for one in weight.loci:
        yield Difference(one.locus, one.log10, first.get(one.locus, math.nan))
    yield Difference("combined", weight.log10_total, total(first))
    if isinstance(facts, MatchFacts):
        for row in facts.sensitivity:
            if row.case:
                yield Difference(
                    row.assumption, row.log10_total, total(computed.get(row.case, {"": math.nan}))
                )
    sought = facts.frame.operation.number_sought
    if weight.posterior is not None and sought and sought > 1 and weight.log10_total is not None:
        against = min(math.log10(sought - 1) - weight.log10_total, 300.0)
        yield Difference("posterior", weight.posterior, 1 / (1 + 10**against))
    if weight.log10_required is not None and sought and sought > 1:
        p = facts.frame.operation.threshold
        yield Difference("required LR", weight.log10_required, math.log10(p / (1 - p) * (sought - 1)))


def total(loci: Mapping[str, Log10]) -> Log10:
    """Sum of the logarithms in a fixed order; None where a factor is 0."""
    return None if None in loci.values() else math.fsum(x for x in loci.values() if x is not None)


def _equal(stated: Log10, computed: Log10) -> bool:
    if stated is None or computed is None:
        return stated is computed
    return abs(stated - computed) <= TOLERANCE  # NaN is never equal


def signed_by_the_named(facts: ReportFacts, found: tuple[SignatureStatus, ...]) -> Check:
    """The certificates' names against the names that the report prints under the signatures."""
    named = {"Author": facts.frame.author.name, "Authoriser": facts.frame.authoriser.name}
    wrong = [f"{one.signer} instead of {named[one.field]}" for one in found if _differs(one, named)]
    if wrong:
        return Check("signers", Outcome.FAILS, f"Signed by {' and '.join(wrong)}.")
    return Check("signers", Outcome.HOLDS, "The signers are those whom the report names.")


def _differs(one: SignatureStatus, named: Mapping[str, str]) -> bool:
    return one.field in named and one.signer not in (named[one.field][:64], certified_name(named[one.field]))
