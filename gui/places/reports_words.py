"""Reports as people read them: kinds, states, what the facts say in short, what a verification found."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from forensics.domain import facts as f
from forensics.domain.documents import ReportState
from forensics.domain.evidence import power_of_ten
from gui.look import Meaning
from gui.places.matching_words import verbal
from gui.widgets.marks import Mark
from gui.widgets.record import Fact, Value
from reports.verification import Outcome, SignatureStatus, Verdict, Verification
from reports.wording import percent


def say(words: str) -> str:
    """Words of this place, translated."""
    return QCoreApplication.translate("Reports", words)


def kind_words(kind: str) -> str:
    return {
        "match": say("DNA report"),
        "identification": say("Identification"),
        "family": say("For the family"),
        "exclusion": say("Exclusion"),
    }.get(kind, kind.capitalize())


def state_mark(state: ReportState) -> Mark:
    """Where a report stands."""
    return {
        ReportState.DRAFT: Mark(Meaning.WAITING, say("Draft"), "edit"),
        ReportState.SIGNED: Mark(Meaning.WAITING, say("To be authorised")),
        ReportState.ISSUED: Mark(Meaning.GOOD, say("Issued")),
        ReportState.AMENDED: Mark(Meaning.NEUTRAL, say("Amended")),
        ReportState.WITHDRAWN: Mark(Meaning.NO, say("Withdrawn"), "void"),
    }[state]


def summary(facts: f.ReportFacts) -> list[tuple[str, Value]]:
    """What the report says, in a few lines."""
    if isinstance(facts, f.MatchFacts):
        return [(say("Question"), facts.question), *_weight(facts.weight), *_remarks(facts.remarks)]
    if isinstance(facts, f.IdentificationFacts):
        return _identification(facts)
    if isinstance(facts, f.ExclusionFacts):
        return [
            (say("Question"), facts.question), (say("Outcome"), str(facts.outcome)), (say("Reason"), facts.reason),
        ]  # fmt: skip
    return [
        (say("Addressed to"), facts.addressee),
        (say("Person"), facts.name),
        (say("What is known"), "\n".join(facts.known)),
        (say("What is not known"), "\n".join(facts.unknown)),
    ]


def _weight(weight: f.WeightFacts) -> list[tuple[str, Value]]:
    rows: list[tuple[str, Value]] = [
        (say("Combined LR"), Fact(power_of_ten(weight.log10_total), verbal(weight.log10_total)))
    ]
    if weight.prior and weight.posterior is not None:
        prior = say("with a prior of 1 in {0}").format(f"{round(1 / weight.prior):,}")
        rows.append((say("Posterior"), Fact(percent(weight.posterior), prior)))
    return rows


def _remarks(remarks: tuple[str, ...]) -> list[tuple[str, Value]]:
    return [(say("Opinion"), "\n".join(remarks))] if remarks else []


def _identification(facts: f.IdentificationFacts) -> list[tuple[str, Value]]:
    name = "\u200e" + " · ".join(part for part in (facts.person.transliteration, facts.person.name) if part)
    return [
        (say("Person"), Fact(name, facts.person.number)),
        (say("Remains"), "; ".join(f"{item.token} {item.description}" for item in facts.items)),
        (say("Category"), str(facts.category)),
        *(_weight(facts.weight) if facts.weight else []),
        (say("Conclusion"), "\n".join(facts.conclusion)),
        (say("DNA report"), facts.match_report or say("none issued yet")),
    ]


# verification


def outcome_mark(outcome: Outcome) -> Mark:
    return {
        Outcome.HOLDS: Mark(Meaning.GOOD, say("holds"), "check"),
        Outcome.FAILS: Mark(Meaning.REFUSED, say("fails"), "close"),
        Outcome.UNCHECKED: Mark(Meaning.UNKNOWN, say("not checked")),
    }[outcome]


def verdict_words(found: Verification) -> tuple[Meaning, str]:
    """The whole in one sentence."""
    if found.verdict is Verdict.VALID:
        if found.accepted:
            return Meaning.GOOD, say(
                "The file is what was signed, by people known here, and every check holds."
            )
        return Meaning.GOOD, say(
            "The file is what was signed, by people known here; not everything could be checked."
        )
    if found.verdict is Verdict.ALTERED:
        return Meaning.REFUSED, say("The file is not what was signed. Do not rely on it.")
    if not found.signatures:
        return Meaning.ATTENTION, say("The file is not signed; its origin is not established.")
    return Meaning.ATTENTION, say("The origin of the file is not established: see what does not hold.")


CHECKED = {
    "file": "File",
    "facts": "Facts",
    "pages": "Pages",
    "numbers": "Numbers",
    "register": "Register",
    "signatures": "Signatures",
    "signers": "Signers",
    "order": "Order",
    "trust": "Trust",
    "coverage": "Coverage",
}


def subject_words(subject: str) -> str:
    return say(CHECKED.get(subject, subject[:1].upper() + subject[1:]))


def signature_words(one: SignatureStatus) -> Value:
    """One signature: its meaning, and whether it holds."""
    trusted = {
        True: say("certificate known here"),
        False: say("certificate not known here"),
        None: say("trust not checked"),
    }[one.trusted]
    valid = say("valid") if one.valid else one.trouble or say("not valid")
    return Fact(one.reason or say("no reason stated"), f"{valid}; {trusted}")
