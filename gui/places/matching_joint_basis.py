"""What a joint solution rests on, for the page of a victim: prior, method and its error, parameters, digests."""

from __future__ import annotations

import math

from forensics.domain.evidence import power_of_ten
from forensics.domain.joint import JointMethod
from forensics.domain.joint_solution import JointSolution
from forensics.domain.joint_verdicts import LIKELY
from gui.places.matching_words import digest_words, say
from gui.widgets.record import Fact, RecordPage, Value
from reports.wording import policy_percent


def write_basis(page: RecordPage, solution: JointSolution) -> None:
    """All that the numbers rest on."""
    pairs = solution.pairs
    used = pairs.parameters
    others = max(1, pairs.number_sought - len(pairs.sought))
    decided = pairs.decided
    placed = sum(
        p >= LIKELY
        for row, found in enumerate(solution.posterior)
        if row not in decided.held
        for p in found.values()
    )
    digests = (("frequencies", say("Digest of frequencies")), ("pedigrees", say("of pedigrees")),
               ("profiles", say("of profiles")))  # fmt: skip
    page.section(say("What it rests on")).facts(
        [
            (say("Compared"), say("{0} victims with {1} missing persons").format(
                len(pairs.victims), len(pairs.sought))),
            (say("Identified"), Fact(say("{0} held").format(len(decided.held)),
             say("decided by people; everything else is computed given them"))),
            (say("Placed"), say("{0} others more likely than not").format(placed)),
            *([(say("Excluded"), say("{0} pairs, in review").format(len(decided.excluded)))]
              if decided.excluded else []),
            (say("Prior"), Fact(say("each of {0} sought equally likely").format(f"{pairs.number_sought:,}"),
             say("nobody on the list stands for the {0} who are not compared").format(f"{others:,}"))),
            (say("Threshold"), policy_percent(pairs.threshold)),
            (say("Method"), _method(solution)),
            (say("Left out"), say("at most {0} of the posterior").format(small(solution.lost_mass))),
            (say("Frequencies"), str(used.get("frequencies", ""))),
            (say("θ"), f"{float(str(used.get('theta') or 0)):g}"),
            (say("Mutation"), str(used.get("mutation") or say("none"))),
            *((title, Fact(digest_words(pairs.digests[part]), "SHA-256", True)) for part, title in digests),
            (say("Engine"), f"{solution.engine}, {pairs.engine}"),
        ]
    )  # fmt: skip
    if solution.refused:
        section = page.section(say("Not computed"))
        section.table((say("Which"), say("Why")), [(r.id, r.reason) for r in solution.refused])


def _method(solution: JointSolution) -> Value:
    """How the posteriors were found, and how far they may be from the exact ones."""
    if solution.method is JointMethod.SAMPLED:
        error = say("standard error of a posterior at most {0}").format(small(solution.standard_error))
        families = ", ".join(solution.sampled)
        return Fact(say("sampled, families {0}").format(families), error)
    if solution.method is JointMethod.BOUNDED:
        words = say("no posterior is further than {0} from the exact sum")
        return Fact(say("between rigorous bounds"), words.format(small(solution.half_width)))
    groups = say("in {0} groups that share nobody").format(solution.components)
    return Fact(say("exact sum over all assignments"), groups)


def small(value: float) -> str:
    """A small bound, rounded up."""
    return power_of_ten(math.log10(value), up=True) if value > 0 else "0"
