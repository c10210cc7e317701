"""The page of a comparison of all profiles with each other: what was found, how serious, on what it rests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

from forensics.domain.blind import SERIOUS, BlindSearch, Finding, FindingKind, Outcome
from forensics.domain.evidence import power_of_ten
from forensics.services import blind_settling
from gui.context import Context
from gui.places.matching_words import moment, say, someone
from gui.widgets.buttons import Button
from gui.widgets.forms import FormDialog
from gui.widgets.lines import boxed, row, text
from gui.widgets.record import Fact, RecordPage, Section, Value

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


def outcome_words(outcome: Outcome) -> str:
    """What a finding was, as a choice and as a mark."""
    return {
        Outcome.DUPLICATE: say("Recorded twice"),
        Outcome.SAME_PERSON: say("One person, re-associated"),
        Outcome.MISLABELLED: say("Mislabelled or contaminated"),
        Outcome.CHANCE: say("Chance"),
        Outcome.EXPLAINED: say("Explained relationship"),
    }[outcome]


class BlindPage:
    """Writes everything about one search; `people` are names by id."""

    def __init__(self, context: Context, people: dict[UUID, str]) -> None:
        self.context, self.people = context, people

    def write(self, page: RecordPage, done: BlindSearch) -> None:
        """What is open comes first, the serious of it before the rest; then what somebody settled."""
        title = say("All with all, {0}").format(moment(done.created_at))
        page.header(done.number, title, say("Comparison of all profiles"))
        section = page.section(say("To be cleared up first"))
        if any(one.kind in SERIOUS for one in done.open):
            words = say("These speak of a sample or a drawing that is not what it is said to be.")
        elif done.open:
            words = say("Nothing open speaks of a sample or a drawing that is not what it is said to be.")
        else:
            words = say("Nothing is open.")
        section.text(words, "muted")
        for kind in dict.fromkeys(one.kind for one in done.open):  # kept with the serious ones first
            own = [one for one in done.open if one.kind is kind]
            self._list(page.section(finding_words(kind)), done, own)
        settled = [one for one in done.findings if not one.is_open]
        if settled:
            self._list(page.section(say("Settled")), done, settled)
        _basis(page, done, someone(self.people, done.created_by))

    def _list(self, section: Section, done: BlindSearch, findings: Sequence[Finding]) -> None:
        for one in findings[:MOST]:
            compared = say("({0} loci compared)").format(one.loci_compared) if one.loci_compared else ""
            word, ask = (say("Settle"), self.settle) if one.is_open else (say("Reopen"), self.reopen)
            button = Button(word, "quiet", run=partial(ask, done, one))
            button.setAccessibleName(f"{word}: {one.words}")
            button.setVisible(self.context.may(blind_settling.settle_finding))
            words = " ".join(part for part in (one.words, compared) if part)
            line = row(text("\n".join(part for part in (words, self.said(one)) if part)), button)
            line.setStretch(0, 1)
            section.widget(boxed(line))
        if len(findings) > MOST:
            section.text(say("… and {0} more").format(len(findings) - MOST), "muted")

    def said(self, finding: Finding) -> str:
        """What somebody said of it, and whether that still holds."""
        one = finding.settled
        if one is None:
            return ""
        when = moment(datetime.fromisoformat(one.at))
        words = say("{0}: {1} ({2}, {3})").format(
            outcome_words(one.outcome), one.reason, someone(self.people, one.by), when
        )
        return say("Before its data changed: {0}").format(words) if finding.is_open else words

    def settle(self, done: BlindSearch, finding: Finding) -> None:
        """Ask what it was."""
        form = FormDialog(
            say("What was it?"),
            lambda values: self.context.lab.run(
                blind_settling.settle_finding, done, finding, values["outcome"], values["reason"]
            ),
            intro=say("It stays settled in later comparisons until its profiles or its pedigree change."),
            save=say("Settle"),
        )
        form.note(finding.words)
        form.choice("outcome", say("It was"), [(one, outcome_words(one)) for one in Outcome], required=True)
        form.lines("reason", say("How you know"), required=True)
        form.ask()

    def reopen(self, done: BlindSearch, finding: Finding) -> None:
        """Ask why it is looked at again."""
        form = FormDialog(
            say("Look at it again?"),
            lambda values: self.context.lab.run(
                blind_settling.reopen_finding, done, finding, values["reason"]
            ),
            save=say("Reopen"),
        )
        form.note(f"{finding.words} {self.said(finding)}")
        form.lines("reason", say("Why"), required=True)
        form.ask()


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
