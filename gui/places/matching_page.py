"""The page of a match, section by section: what is compared, how strong it is, and on what it rests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from uuid import UUID

from PySide6.QtCore import QObject

from forensics.domain.evidence import power_of_ten
from forensics.domain.joint_words import share
from forensics.domain.lines import HypothesisLine
from forensics.services.matching import HypothesisRecord
from forensics.services.sensitivity import SensitivityLine
from gui.places.matching_figures import bars_view, pedigree_view
from gui.places.matching_words import digest_words, hypothesis_mark, say, someone, verbal
from gui.widgets.buttons import Action, Button
from gui.widgets.record import Fact, RecordPage, Value
from reports.wording import lr_sentence, percent, policy_percent


class MatchPage(QObject):
    """Writes the sections; `people` are names of colleagues by id."""

    def __init__(self, page: RecordPage, record: HypothesisRecord, people: dict[UUID, str]) -> None:
        super().__init__(page)
        self.page, self.record, self.people = page, record, people

    def hypotheses(self) -> None:
        """The two hypotheses in words."""
        facts: list[tuple[str, Value]] = [
            (self.tr("First"), self.tr("The remains {0} come from {1}, a missing person of family {2}.").format(
                self.record.item.number, self.record.missing.number, self.record.family.number)),
            (self.tr("Second"), self.tr("They come from a person unrelated to that family.")),
        ]  # fmt: skip
        self.page.section(self.tr("The two hypotheses")).facts(facts)

    def weight(self, jointly: float | None = None) -> None:
        """The combined LR, its words, the prior with its reason, the posterior, what the policy requires.

        `jointly` is the posterior when all victims and missing persons are looked at together.
        """
        h, op = self.record.hypothesis, self.record.operation
        required = self.tr("at least {0}").format(power_of_ten(h.required_log10_lr, up=True))
        section = self.page.section(self.tr("Weight of the evidence"))
        section.text(
            lr_sentence(
                h.log10_lr, self.tr("the first hypothesis is true"), self.tr("the second hypothesis is true")
            )
        )
        section.facts(
            [
                (self.tr("Combined LR"), Fact(power_of_ten(h.log10_lr), self.tr("{0} loci compared, {1} inconsistent; "
                 "rounded down").format(h.loci_compared, h.loci_inconsistent))),
                (self.tr("In words"), Fact(verbal(h.log10_lr), self.tr("verbal scale: ENFSI 2015"))),
                (self.tr("Required LR"), Fact(required,
                 self.tr("so that the posterior reaches the policy's {0} with this prior").format(
                     policy_percent(op.threshold))) if h.required_log10_lr is not None else None),
                (self.tr("Prior"), Fact(self.tr("1 in {0}").format(f"{h.prior_number:,}"), self.tr(
                 "{0} persons are sought in this operation, each held equally likely before testing").format(
                     f"{h.prior_number:,}"))),
                (self.tr("Posterior"), Fact(percent(h.posterior), self.tr(
                 "probability of the first hypothesis, given this prior and these findings alone"))
                 if h.posterior is not None else None),
                *([(self.tr("Jointly"), Fact(share(jointly, say), self.tr(
                 "posterior with all victims and missing persons of the operation together, see Together")))]
                  if jointly is not None else []),
            ]
        )  # fmt: skip

    def judgement(self) -> None:
        """Who weighed and who reviewed it, with their reasons."""
        h = self.record.hypothesis
        if h.weighed_by is None:
            return
        facts: list[tuple[str, Value]] = [
            (self.tr("Weighed by"), Fact(someone(self.people, h.weighed_by) or "", h.reasoning))
        ]
        if h.reviewed_by is not None:
            words = self.tr("{0}: {1}").format(
                hypothesis_mark(h.state).word, h.review or self.tr("no further remark")
            )
            facts.append((self.tr("Reviewed by"), Fact(someone(self.people, h.reviewed_by) or "", words)))
        else:
            facts.append((self.tr("Reviewed by"), self.tr("nobody yet")))
        self.page.section(self.tr("Two people's judgement")).facts(facts)

    def family(self) -> None:
        """The pedigree with its donors and the missing person."""
        self.page.section(self.tr("Family {0}").format(self.record.family.number)).widget(
            pedigree_view(self.record)
        )

    def loci(self) -> None:
        self.page.section(self.tr("LR per locus")).widget(bars_view(self.record))

    def sensitivity(self, found: Sequence[SensitivityLine] | None, compute: Action) -> None:
        """What other assumptions would make of it; computed on demand."""
        section = self.page.section(self.tr("Sensitivity"), [] if found else [compute])
        if not found:
            section.text(
                self.tr(
                    "How much the LR depends on θ, on the population and on each relative is computed on demand."
                ),
                "muted",
            )
            return
        stated = found[0].log10_total
        rows = [
            (
                self._varied(line),
                power_of_ten(line.log10_total) if not line.note else line.note,
                _change(stated, line),
            )
            for line in found
        ]
        titles = (self.tr("Assumption"), self.tr("Combined LR"), self.tr("Change"))
        section.table(titles, rows, numbers=(1, 2))

    def _varied(self, line: SensitivityLine) -> str:
        words = {
            "as stated": self.tr("As stated"),
            "theta": self.tr("θ = {0}"),
            "population": self.tr("Frequencies: {0}"),
            "without a relative": self.tr("Without {0}"),
        }
        return words.get(line.kind, "{0}").format(line.value)

    def parameters(self) -> None:
        """All that the numbers rest on."""
        h, data = self.record.hypothesis, self.record.frequencies
        case = h.case
        counted = sorted({data.sizes[x] for x in case["loci"] if data.sizes.get(x)}) if data else []
        span = f"{counted[0]:,}–{counted[-1]:,}" if len(counted) > 1 else f"{counted[0]:,}" if counted else ""
        size = self.tr("{0} alleles counted per locus").format(span) if span else ""
        source = ". ".join(part for part in (size, data.source) if part) if data else ""
        name = data.name if data else str(case.get("frequency_table", ""))
        self.page.section(self.tr("Parameters")).facts(
            [
                (self.tr("Frequencies"), Fact(name, source)),
                (self.tr("θ"), f"{float(case.get('theta') or 0):g}"),
                (self.tr("Mutation"), self._mutation()),
                (self.tr("Unseen alleles"), self._unseen()),
                (self.tr("Convention"), self.tr("untyped people: {0}").format(case.get("convention", ""))),
                (self.tr("Remains profile"), Fact(self.record.sample.token, self.record.profile.kit, mono=True)),
                (self.tr("Engine"), h.engine),
                (self.tr("Screening"), self._screening()),
                (self.tr("Case digest"),
                 Fact(digest_words(h.case_digest), self.tr("SHA-256 of the frozen case"), True)),
            ]
        )  # fmt: skip

    def _mutation(self) -> Value:
        models = list(self.record.hypothesis.case.get("mutation", {}).values())
        if not models:
            return self.tr("none: any inconsistency makes the LR 0")
        one = models[0]
        rates = self.tr("{0} per paternal, {1} per maternal meiosis").format(
            f"{one.get('rate_male', 0):g}", f"{one.get('rate_female', 0):g}"
        )
        return Fact(str(one.get("model", "")), rates)

    def _unseen(self) -> str:
        least = float(self.record.hypothesis.case.get("minimum_frequency") or 0)
        if not least:
            return self.tr("refused: every allele must be in the table")
        return self.tr("frequency {0}").format(f"{least:g}")

    def _screening(self) -> Value:
        found = self.record.screening
        if found is None:
            return None
        threshold = self.tr("{0} comparisons, LR {1} or more").format(
            f"{found.comparisons:,}", power_of_ten(found.threshold_log10)
        )
        return Fact(found.number, threshold, mono=True)

    def others(self, opened: Callable[[HypothesisLine], None]) -> None:
        """Other candidates of the same remains: a strong rival changes everything."""
        section = self.page.section(self.tr("Other candidates of {0}").format(self.record.item.number))
        if not self.record.others:
            section.text(self.tr("No other missing person reached the threshold."), "muted")
            return
        rows = [
            (
                Button(line.missing_number, "inline", run=partial(opened, line)),
                power_of_ten(line.log10_lr),
                hypothesis_mark(line.state),
            )
            for line in self.record.others
        ]
        section.table((self.tr("Missing person"), self.tr("LR"), self.tr("State")), rows, numbers=(1,))


def _change(stated: float | None, line: SensitivityLine) -> str | None:
    if stated is None or line.log10_total is None or line.kind == "as stated":
        return None
    apart = line.log10_total - stated
    if abs(apart) < 0.005:
        return "× 1"
    return f"× {10**apart:.2g}" if abs(apart) < 3 else f"× {power_of_ten(apart)}"
