"""What is asked on the way from a proposal to the grave: verdicts, the decision, the family, the return."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QWidget

from forensics.domain.consistency import Consistency
from forensics.domain.errors import Invalid, Refused
from forensics.domain.evidence import power_of_ten
from forensics.domain.identifications import GridLine, Handover, Identification, Notification
from forensics.domain.remains import CustodyState
from forensics.services import identifications
from forensics.services.identifications import IdentificationRecord
from gui.context import Context
from gui.places.identifications_words import grid_words, say, verdict_mark, whole_name
from gui.places.matching_words import item_words
from gui.widgets.ceremony import Ceremony
from gui.widgets.forms import FormDialog
from gui.widgets.record import Fact, Value
from reports.wording import percent


def a_day(words: str) -> date:
    """A calendar day as typed, not in the future."""
    try:
        day = date.fromisoformat(words.strip())
    except ValueError:
        raise Invalid(say("“{0}” is not a day; write it as 2026-05-31.").format(words)) from None
    if day > datetime.now(UTC).date():
        raise Invalid(say("That day has not come yet; record what has happened."))
    return day


def coordinates(words: str) -> tuple[float, float]:
    """`38.01, 12.54` as WGS84 degrees."""
    parts = words.replace(";", ",").split(",")
    try:
        latitude, longitude = (float(part) for part in parts)
    except ValueError:
        raise Invalid(say("“{0}” are not coordinates; write 38.0105, 12.5372.").format(words)) from None
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise Invalid(say("Latitude lies between −90 and 90 degrees, longitude between −180 and 180."))
    return latitude, longitude


def judge_form(context: Context, found: Identification, line: GridLine, parent: QWidget) -> FormDialog:
    """A person's verdict on one line, with its reason."""
    form = FormDialog(
        say("Judge: {0}").format(line.aspect),
        lambda v: context.lab.run(
            identifications.judge, found, line.aspect, Consistency(v["verdict"]), v["explanation"]
        ),
        parent,
        intro=line.explanation,
        save=say("Record the verdict"),
    )
    form.note(say("Remains: {0}").format(line.remains))
    form.note(say("Missing person: {0}").format(line.ante_mortem))
    verdicts = (
        (Consistency.EXPLAINED,)
        if line.verdict == Consistency.INCONSISTENT
        else (Consistency.CONSISTENT, Consistency.NEUTRAL, Consistency.INCONSISTENT, Consistency.UNKNOWN)
    )
    choices = [(one, verdict_mark(one).word) for one in verdicts]
    form.choice("verdict", say("Verdict"), choices, required=True)
    form.lines("explanation", say("Reason"), hint=say("It is printed on the report."), required=True)
    return form


def _subject(record: IdentificationRecord) -> str:
    person, name = record.missing, whole_name(record.missing)
    return f"{name} ({person.number})" if name != person.number else name


def _things(record: IdentificationRecord) -> str:
    return "; ".join(f"{item.number} {item_words(item)}" for item in record.items)


def confirm_ceremony(
    context: Context, record: IdentificationRecord, names: dict[UUID, str], parent: QWidget
) -> Ceremony:
    """The third person confirms, after proving again who it is."""
    found, h = record.identification, record.hypothesis
    posterior = say("posterior {0} with a prior of 1 in {1}; the policy requires LR {2}").format(
        percent(h.posterior or 0.0), f"{h.prior_number:,}", power_of_ten(h.required_log10_lr, up=True)
    )
    facts: list[tuple[str, Value]] = [
        (say("Remains"), _things(record)),
        (say("Category"), str(found.category)),
        (say("DNA"), Fact(f"LR {power_of_ten(h.log10_lr)}", posterior)),
        (say("Evidence"), grid_words(found.grid)),
    ]
    people = [
        (say("confirms, now"), context.lab.person.name),
        (say("proposed the identification"), names.get(found.proposed_by, "")),
        (say("reviewed the match"), names.get(found.reviewed_by, "")),
    ]
    statement = say(
        "I have weighed all the evidence together and confirm that the remains {0} are those of {1}."
    )

    def act(password: str, decision: str) -> Identification:
        context.prove(password)
        return context.lab.run(identifications.record_confirmation, found, decision)

    ceremony = Ceremony(
        say("Confirm {0}").format(found.number),
        statement.format(", ".join(item.number for item in record.items), _subject(record)),
        facts,
        people,
        say("Confirm the identification"),
        act,
        parent,
        affirmation=say("I have read every line of the evidence grid."),
        reason=True,
    )
    ceremony.resize(640, 730)  # so that the three people are seen without scrolling
    return ceremony


def reject_form(context: Context, found: Identification, parent: QWidget) -> FormDialog:
    form = FormDialog(
        say("Reject {0}").format(found.number),
        lambda v: context.lab.run(identifications.reject, found, v["decision"]),
        parent,
        intro=say("The remains go back into comparison. The proposal and your reasons stay readable."),
        save=say("Reject the identification"),
    )
    form.lines("decision", say("Reasons"), required=True)
    return form


def notification_form(context: Context, record: IdentificationRecord, parent: QWidget) -> FormDialog:
    """The conversation with the family."""
    found = record.identification

    def submit(v: dict[str, Any]) -> Notification:
        new = Notification(
            identification=found.id, on=v["on"], by=context.lab.person.id, present=v["present"],
            shown=v["shown"], questions=v["questions"], next_contact=v["next_contact"],
        )  # fmt: skip
        return context.lab.run(identifications.record_notification, new)

    form = FormDialog(
        say("The conversation with the family"),
        submit,
        parent,
        intro=say("What was said, to whom, and what they asked; so that nobody has to tell it twice."),
        width=580,
    )
    form.text("on", say("Day"), required=True, parse=a_day, placeholder="2026-05-31")
    form.text("present", say("Who was present"), required=True, placeholder=say("Mother, elder brother"))
    form.text("shown", say("What was shown and left with them"))
    form.lines("questions", say("Their questions and wishes"), lines=3)
    form.text("next_contact", say("Next contact"), hint=say("When, by whom, how they want to be reached"))
    form.fill({"on": datetime.now().astimezone().date().isoformat()})
    return form


def handover_form(context: Context, record: IdentificationRecord, parent: QWidget) -> FormDialog:
    """The return of remains: which items, to whom, where they will rest; then the ceremony."""
    found = record.identification
    here = [item for item in record.items if item.custody is not CustodyState.RELEASED]

    def submit(v: dict[str, Any]) -> Handover:
        chosen = [item for item in here if v[f"item-{item.id}"]]
        if not chosen:
            raise Invalid(say("Tick at least one item that is handed over."))
        at = v["coordinates"] or (None, None)
        new = Handover(
            identification=found.id, at=datetime.now(UTC), by=context.lab.person.id,
            receiver=v["receiver"], receiver_document=v["receiver_document"], inventory=(), complete=False,
            documents=v["documents"], burial_place=v["burial_place"], latitude=at[0], longitude=at[1],
        )  # fmt: skip
        held = _handover_ceremony(context, record, new, [item.id for item in chosen], form).ask()
        if held is None:
            raise Refused(say("Nothing is recorded yet: the handover was not confirmed with your password."))
        done: Handover = held
        return done

    form = FormDialog(
        say("Return the remains"),
        submit,
        parent,
        intro=say("Custody goes on into the grave: say who receives them and where they will rest."),
        save=say("Continue…"),
        width=600,
    )
    form.section(say("Items"), say("What stays here keeps the file open."))
    for item in here:
        words = f"{item.number}  {item_words(item)}"
        form.flag(f"item-{item.id}", f"{words} · {item.place}" if item.place else words)
        form.fill({f"item-{item.id}": True})
    form.section(say("Receiver"))
    form.text("receiver", say("Name and relation"), required=True)
    form.text("receiver_document", say("Identity document"))
    form.text(
        "documents", say("Documents that go with them"), placeholder=say("certificate, transport permit")
    )
    form.section(say("Place of rest"))
    form.text("burial_place", say("Cemetery and grave"))
    form.text("coordinates", say("Coordinates"), parse=coordinates, placeholder="38.0105, 12.5372",
              hint=say("WGS84, latitude and longitude in degrees"))  # fmt: skip
    return form


def _handover_ceremony(
    context: Context, record: IdentificationRecord, new: Handover, items: list[UUID], parent: QWidget
) -> Ceremony:
    given = [item for item in record.items if item.id in items]
    left = [
        item for item in record.items if item.id not in items and item.custody is not CustodyState.RELEASED
    ]
    grave = new.burial_place
    if new.latitude is not None:
        grave = f"{grave} ({new.latitude:g}, {new.longitude:g})".strip()
    facts: list[tuple[str, Value]] = [
        (say("Person"), _subject(record)),
        (say("Handed over"), "; ".join(f"{item.number} {item_words(item)}" for item in given)),
        (say("Stays here"), "; ".join(item.number for item in left) or say("nothing")),
        (say("Receiver"), Fact(new.receiver, new.receiver_document)),
        (say("Documents"), new.documents),
        (say("Place of rest"), grave),
    ]

    def act(password: str) -> Handover:
        context.prove(password)
        return context.lab.run(identifications.record_handover, new, items)

    return Ceremony(
        say("Hand over"),
        say("I hand these remains over to the person named here, and say where they will rest."),
        facts,
        [(say("hands over, now"), context.lab.person.name), (say("receives"), new.receiver)],
        say("Hand over"),
        act,
        parent,
    )
