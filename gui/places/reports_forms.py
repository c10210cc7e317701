"""What is asked for a report: about what, who authorises; signing and withdrawing; the own certificate."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QWidget

from forensics.domain.documents import Report
from forensics.domain.errors import Invalid
from forensics.domain.evidence import power_of_ten
from forensics.domain.identifications import IdentificationState
from forensics.domain.lists import ListQuery
from forensics.domain.matching import HypothesisState
from forensics.services import documents, identifications, matching, report_facts
from forensics.services.documents import ReportRecord
from gui.context import Context, Ref
from gui.look import Meaning
from gui.places.identifications_words import state_mark as identification_mark
from gui.places.matching_words import digest_words, hypothesis_mark
from gui.places.reports_words import kind_words, say
from gui.widgets.ceremony import Ceremony
from gui.widgets.forms import FormDialog
from gui.widgets.record import Fact, Value

MOST = 300  # subjects that can be chosen from; a narrower choice begins at the match or identification
_D = IdentificationState


def draft(context: Context, subject: Ref, authoriser: UUID, then: Callable[[Report], None]) -> None:
    """Gather the facts and freeze them beside the window."""

    def work(progress: Any) -> Report:
        lab: Any = context.lab
        if subject.kind == "identification":
            return report_facts.draft_identification(lab, UUID(str(subject.id)), authoriser)
        return report_facts.draft_match(lab, UUID(str(subject.id)), authoriser, progress)

    context.start(say("Writing the report on {0}").format(subject.number), work, then=then)


def new_report_form(context: Context, subject: Ref | None, parent: QWidget) -> FormDialog | None:
    """Asks about what and who authorises; its answer is `(subject, authoriser)`. None: nobody may authorise."""
    people = context.query(documents.authorisers) or []
    if not people:
        context.notify(
            say("Nobody but you may authorise reports; an administrator gives somebody the role."),
            Meaning.REFUSED,
        )
        return None
    subjects = [subject] if subject is not None else _subjects(context)
    form = FormDialog(
        say("New report"),
        lambda v: (_subject(v["subject"]), v["authoriser"]),
        parent,
        intro=say("The facts are gathered and frozen; every page and number comes from them."),
        save=say("Write the draft"),
        width=600,
    )
    if not subjects:
        form.note(say("Nothing can be reported yet: a match must be reviewed, or an identification confirmed."),
                  Meaning.ATTENTION)  # fmt: skip
    choices = [(ref, _words(context, ref) if subject is not None else ref.number) for ref in subjects]
    form.choice("subject", say("About"), choices, required=True)
    form.choice(
        "authoriser",
        say("Authorised by"),
        [(person.id, f"{person.name}, {person.title}" if person.title else person.name) for person in people],
        hint=say("Another person than you; they sign after you, and with that the report is issued."),
        required=True,
    )
    return form


def _subject(ref: Ref | None) -> Ref:
    if ref is None:
        raise Invalid(say("Choose what the report is about."))
    return Ref(ref.kind, ref.id, ref.number.partition(" ")[0])


def _words(_context: Context, ref: Ref) -> str:
    kind = say("Identification") if ref.kind == "identification" else say("DNA report")
    return f"{kind}: {ref.number}"


def _subjects(context: Context) -> list[Ref]:
    """Reviewed matches and confirmed identifications, the newest decisions first."""
    found = []
    if context.may(identifications.identifications):
        states = tuple(s for s in _D if s not in (_D.PROPOSED, _D.REJECTED, _D.ANNULLED))
        query = ListQuery(filters={"state": states}, sort="created_at", descending=True, limit=MOST)
        page = context.query(identifications.identifications, context.here(query))
        for line in page.rows if page else ():
            words = (
                f"{line.number}  {line.name}  {line.item_number}  ({identification_mark(line.state).word})"
            )
            found.append(Ref("identification", line.id, words))
    reviewed = (HypothesisState.SUPPORTED, HypothesisState.INCONCLUSIVE, HypothesisState.EXCLUDED)
    query = ListQuery(filters={"state": reviewed}, sort="log10_lr", descending=True, limit=MOST)
    matches = context.query(matching.hypotheses, context.here(query))
    for one in matches.rows if matches else ():
        words = f"{one.number}  {one.item_number} – {one.missing_number}  LR {power_of_ten(one.log10_lr)}"
        found.append(Ref("hypothesis", one.id, f"{words}  ({hypothesis_mark(one.state).word})"))
    return found


def signing_ceremony(context: Context, record: ReportRecord, parent: QWidget) -> Ceremony:
    """Author or authoriser; `ask` gives the password, once it has been proved to be one's own."""
    report, frame = record.report, record.facts.frame
    author = report.author == context.lab.person.id
    mine, other = (frame.author, frame.authoriser) if author else (frame.authoriser, frame.author)
    facts: list[tuple[str, Value]] = [
        (say("Report"), Fact(f"{report.number}, " + say("version {0}").format(report.version), report.title)),
        (say("Kind"), kind_words(report.kind)),
        (
            say("Facts"),
            Fact(digest_words(report.facts_digest), say("SHA-256 of all that the report says"), mono=True),
        ),
    ]
    now = say("signs now as author") if author else say("authorises now; with that it is issued")
    then = say("authorises after you") if author else say("has signed as author")

    def act(password: str) -> str:
        context.prove(password)
        return password

    ceremony = Ceremony(
        say("Sign {0}").format(report.number) if author else say("Authorise {0}").format(report.number),
        say("“{0}”").format(mine.meaning),
        facts,
        [(now, mine.name), (then, other.name)],
        say("Sign") if author else say("Authorise and issue"),
        act,
        parent,
        affirmation=say("I have read the whole report."),
    )
    ceremony.resize(640, 640)
    return ceremony


def withdraw_ceremony(context: Context, report: Report, parent: QWidget) -> Ceremony:
    def act(password: str, reason: str) -> Report:
        context.prove(password)
        return context.lab.run(documents.withdraw, report, reason)

    facts: list[tuple[str, Value]] = [
        (say("Report"), Fact(f"{report.number}, " + say("version {0}").format(report.version), report.title)),
    ]
    return Ceremony(
        say("Withdraw {0}").format(report.number),
        say("The report no longer stands. Its file and your reason stay readable; those who hold a copy must be told."),
        facts,
        [(say("withdraws, now"), context.lab.person.name)],
        say("Withdraw"),
        act,
        parent,
        danger=True,
        reason=True,
    )  # fmt: skip


def certificate_form(context: Context, parent: QWidget) -> FormDialog:
    """The own certificate from elsewhere; gives `(bytes, file password, own password)`."""

    def submit(v: dict[str, Any]) -> tuple[bytes, str, str]:
        from gui.places.reports_verifying import read_file

        context.prove(v["password"])
        path: Path = v["file"]
        return read_file(path), v["file_password"], v["password"]

    form = FormDialog(
        say("Use my own certificate"),
        submit,
        parent,
        intro=say(
            "Signatures from now on carry this certificate instead of the one that the laboratory gave you."
        ),
        save=say("Use this certificate"),
    )
    form.path(
        "file", say("Certificate file"), files=say("PKCS#12 (*.p12 *.pfx);;All files (*)"), required=True
    )
    form.password("file_password", say("Password of the file"), required=False)
    form.password("password", say("Your password here"), hint=say("The key is locked with it."))
    return form
