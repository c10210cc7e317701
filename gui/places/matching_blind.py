"""The page of a comparison of all profiles with each other: what was found, how serious, on what it rests."""

from __future__ import annotations

from collections.abc import Sequence

from forensics.domain.blind import SERIOUS, BlindSearch, Finding, FindingKind
from forensics.domain.evidence import power_of_ten
from gui.places.matching_words import moment, say
from gui.widgets.record import Fact, RecordPage, Value

MOST = 40  # findings of a kind that are shown


def finding_words(kind: FindingKind) -> str:
    """What a finding may mean, as a heading."""
    return {
        FindingKind.ONE_PERSON: say("Remains of one person"),
        FindingKind.ONE_DONOR: say("One donor twice"),
        FindingKind.MIX_UP: say("Remains with a donor's profile"),
        FindingKind.NEARLY_ALIKE: say("Nearly alike"),
        FindingKind.CONTRADICTED: say("References that contradict their pedigree"),
        FindingKind.OTHER_SEX: say("Another sex than drawn"),
        FindingKind.RELATED_REMAINS: say("Remains that may be relatives"),
        FindingKind.RELATED_FAMILIES: say("Families that may be related"),
    }[kind]


def blind_page(page: RecordPage, done: BlindSearch, who: str | None) -> None:
    """Everything about one search."""
    title = say("All with all, {0}").format(moment(done.created_at))
    page.header(done.number, title, say("Comparison of all profiles"))
    serious = [one for one in done.findings if one.kind in SERIOUS]
    others = [one for one in done.findings if one.kind not in SERIOUS]
    section = page.section(say("To be cleared up first"))
    if serious:
        section.text(say("These speak of a sample or a drawing that is not what it is said to be."), "muted")
    else:
        section.text(say("No donor is found twice, and no reference contradicts its pedigree."), "muted")
    _list(page, [*serious, *others])
    _basis(page, done, who)


def _list(page: RecordPage, findings: Sequence[Finding]) -> None:
    for kind in dict.fromkeys(one.kind for one in findings):
        own = [one for one in findings if one.kind is kind]
        section = page.section(finding_words(kind))
        for one in own[:MOST]:
            compared = say("{0} loci compared").format(one.loci_compared) if one.loci_compared else ""
            section.text(" ".join(part for part in (one.words, f"({compared})" if compared else "") if part))
        if len(own) > MOST:
            section.text(say("… and {0} more").format(len(own) - MOST), "muted")


def _basis(page: RecordPage, done: BlindSearch, who: str | None) -> None:
    """What was compared, from which weight on it is told, and what chance alone would bring."""
    bound = say("at most {0} by chance alone")

    def told(words: str, log10: float, chance: float) -> Fact:
        return Fact(words.format(power_of_ten(log10)), bound.format(f"{chance:,.2g}"))

    both = say("{0} of remains, {1} of donors").format(f"{done.remains:,}", f"{done.references:,}")
    facts: list[tuple[str, Value]] = [
        (say("Profiles"), both),
        (say("Comparisons"), Fact(f"{done.comparisons:,}", say("pairs, for each of four relations"))),
        (say("One person"), told(say("LR {0} or more"), done.same_log10, done.chance_same)),
        (say("Relatives"), told(say("LR {0} or more"), done.related_log10, done.chance_related)),
        (say("Held against drawings"), Fact(say("{0} pairs of references").format(f"{done.stated_pairs:,}"),
         say("the relation as drawn against none"))),
        (say("Contradiction"), told(say("LR {0} or less"), done.contradicted_log10, done.chance_contradicted)),
        (say("Proposed"), say("{0} new associations").format(done.proposed)),
        (say("Frequencies"), str(done.parameters.get("frequencies", ""))),
        (say("Engine"), done.engine),
        (say("Compared by"), who),
    ]  # fmt: skip
    page.section(say("On what it rests")).facts(facts)
    if done.refused:
        page.section(say("Not compared")).text("\n".join(done.refused))
