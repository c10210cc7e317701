"""Donors of a family: who gives a sample, what they agreed to, what exists, and withdrawing a consent."""

from __future__ import annotations

from datetime import date
from typing import Any

from PySide6.QtWidgets import QWidget

from forensics.domain.families import Consent, Donor
from forensics.domain.samples import Sample, SampleKind
from forensics.services import families, samples, storage
from forensics.services.families import ConsentDetails, DonorRecord, FamilyRecord
from gui.context import Context, Ref
from gui.look import Meaning
from gui.places.missing_facts import facts_grid
from gui.places.missing_words import (
    day,
    donor_called,
    donor_mark,
    joined,
    language_word,
    member_words,
    parse_day,
    say,
)
from gui.widgets.buttons import Action, Button
from gui.widgets.ceremony import Ceremony
from gui.widgets.flow import Flow
from gui.widgets.forms import FormDialog
from gui.widgets.lines import boxed, column, row, text
from gui.widgets.marks import Chip, Mark
from gui.widgets.record import Fact

KINDS = (SampleKind.BUCCAL, SampleKind.BLOOD_CARD, SampleKind.TISSUE, SampleKind.HAIR, SampleKind.OBJECT)


def sample_kinds() -> list[tuple[SampleKind, str]]:
    """What a relative can give."""
    words = {
        SampleKind.BUCCAL: say("buccal swab"),
        SampleKind.BLOOD_CARD: say("blood card"),
        SampleKind.TISSUE: say("tissue"),
        SampleKind.HAIR: say("hair"),
        SampleKind.OBJECT: say("personal object"),
    }
    return [(kind, words[kind]) for kind in KINDS]


def consent_words(consent: Consent) -> str:
    """A consent in one line."""
    said = say("given on {0}, form {1}").format(consent.given_on.isoformat(), consent.form)
    return said + (say(", read in {0}").format(language_word(consent.language)) if consent.language else "")


def donor_card(context: Context, record: FamilyRecord, donor: DonorRecord, parent: QWidget) -> QWidget:
    """Everything about one donor, with what can be done."""
    head = row(
        text(donor.donor.token, "mono", wrap=False, selectable=True),
        text(_called(donor), "strong"),
        None,
        Chip(donor_mark(donor)),
    )
    card = column(head, gap=8)
    card.setContentsMargins(14, 12, 14, 12)
    card.addWidget(_facts(donor))
    card.addWidget(Flow([Button.of(a) for a in _actions(context, record, donor, parent)], gap=8))
    return boxed(card, "card")


def _called(donor: DonorRecord) -> str:
    name = donor_called(donor.donor)
    parts = [donor.relative.relation, name if name != donor.donor.token else ""]
    return " · ".join(part for part in parts if part) or say("relation not said")


def _facts(donor: DonorRecord) -> QWidget:
    consent = donor.consent
    lines: list[tuple[str, Any]] = []
    if consent is not None:
        lines += [
            (say("Consent"), consent_words(consent)),
            (say("Purposes"), joined(consent.purposes)),
            (
                say("May be given to"),
                joined(consent.recipients) or Fact(say("nobody outside the laboratory")),
            ),
            (say("Destroy the sample"), day(consent.destroy_after) or Fact(say("no date agreed"))),
        ]
    elif donor.withdrawn is not None:
        gone = donor.withdrawn
        lines.append(
            (say("Consent"), Mark(Meaning.NO, say("Withdrawn on {0}").format(day(gone.withdrawn_on))))
        )
        lines.append((say("Note"), gone.note))
    else:
        lines.append((say("Consent"), None))
    tokens = ", ".join(s.token for s in donor.samples)
    lines.append((say("Samples"), Fact(tokens, mono=True) if tokens else Fact(say("none has arrived"))))
    if donor.donor.contact:
        lines.append((say("Contact"), donor.donor.contact))
    return facts_grid(lines)


def _actions(context: Context, record: FamilyRecord, donor: DonorRecord, parent: QWidget) -> list[Action]:
    may_not_receive = (
        ""
        if context.may(samples.accession_sample)
        else say("Custodians and technicians receive samples; tell them the token {0}.").format(
            donor.donor.token
        )
    )
    may_not_record = (
        "" if context.may(families.withdraw_consent) else say("Your role does not record consent.")
    )
    no_consent = "" if donor.consent else say("Without a consent that stands no sample is taken in.")
    actions = [
        Action(
            say("Receive a sample…"),
            lambda: accession(context, donor, parent),
            "sample",
            why_not=no_consent or may_not_receive,
        )
    ]
    if donor.samples:
        first = donor.samples[0]
        ref = Ref("sample", first.id, first.token)
        actions.append(
            Action(say("Show the sample"), lambda: context.go("samples", ref), "arrow-right", "plain")
        )
    if donor.consent is not None:
        actions.append(
            Action(
                say("Withdraw consent…"),
                lambda: withdraw(context, record, donor, parent),
                "void",
                "plain",
                why_not=may_not_record,
            )
        )
    return actions


def new_donor(context: Context, record: FamilyRecord, code: str, parent: QWidget) -> Donor | None:
    """A relative agrees to give a sample."""
    relative = next(r for r in record.relatives if r.code == code)

    def save(values: dict[str, Any]) -> Donor:
        consent = ConsentDetails(
            values["given_on"],
            values["form"],
            values["language"],
            _list(values["purposes"]),
            _list(values["recipients"]),
            values["destroy_after"],
        )
        name, contact = values["name"], values["contact"]
        return context.lab.run(families.add_donor, record.family.id, code, consent, name, contact)

    form = FormDialog(
        say("{0} gives a sample").format(member_words(record, relative).split(",")[0]),
        save,
        parent,
        say("The laboratory will know a random token alone; name and contact stay with the family."),
        width=580,
    )
    form.text("name", say("Name"))
    form.lines("contact", say("Contact"), lines=2)
    form.section(say("Consent"), say("As the form says that the relative has signed."))
    form.text(
        "form", say("Form"), hint=say("The reference of the signed form, as it is filed."), required=True
    )
    form.text("given_on", say("Signed on"), required=True, parse=parse_day)
    form.text(
        "language",
        say("Read in"),
        hint=say("The language in which it was read to the relative."),
        suggestions=[
            say("Arabic"),
            say("English"),
            say("French"),
            say("Spanish"),
            say("Tigrinya"),
            say("Dari"),
        ],
    )
    form.lines("purposes", say("Purposes"), hint=say("One in a line."), lines=2)
    form.lines(
        "recipients",
        say("May be given to"),
        hint=say("Other institutions that may receive the profile, one in a line; nobody if empty."),
        lines=2,
    )
    form.text(
        "destroy_after",
        say("Destroy the sample after"),
        hint=say("A day such as 2030-12-31, if one was agreed."),
        parse=parse_day,
    )
    form.fill(
        {"given_on": date.today().isoformat(), "purposes": say("identification of the missing relative")}
    )
    made: Donor | None = form.ask()
    return made


def _list(words: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in words.splitlines() if line.strip())


def accession(context: Context, donor: DonorRecord, parent: QWidget) -> Sample | None:
    """A reference sample of the donor has arrived."""

    def save(values: dict[str, Any]) -> Sample:
        kind: SampleKind = values.pop("kind")
        return context.lab.run(samples.accession_sample, kind, donor=donor.donor.id, **values)

    form = FormDialog(
        say("A sample of donor {0}").format(donor.donor.token),
        save,
        parent,
        say("It gets a token of its own; print the label in Samples."),
    )
    form.choice("kind", say("What it is"), sample_kinds(), required=True, prompt=False)
    form.text("taken_outside", say("Taken by"), hint=say("Who took it, and for whom."), required=True)
    form.text("external_number", say("Number on the tube"))
    places = [(p.id, p.name) for p in context.query(storage.locations) or []]
    if places:
        form.choice("place", say("Storage place"), places, nothing=say("Choose…"))
    made: Sample | None = form.ask()
    return made


def withdraw(context: Context, record: FamilyRecord, donor: DonorRecord, parent: QWidget) -> None:
    """The ceremony of withdrawing a consent: what it does, who does it, the password."""

    def act(password: str, reason: str) -> Consent:
        context.prove(password)
        return context.lab.run(families.withdraw_consent, donor.donor.id, reason)

    consent = donor.consent
    typed = (
        say("Its profile of {0} loci leaves every search and export at once.").format(donor.profile.loci)
        if donor.profile
        else say("No profile is in use yet; none will be taken in.")
    )
    weighed = (
        say(
            "Candidates of this family that were weighed before stay in the register with what they rested on."
        )
        if record.hypotheses
        else say("No candidate of this family rests on it.")
    )
    kept = say("An empty shell stays in the audit, so that it can be shown that the wish was followed.")
    done = Ceremony(
        say("Withdraw the consent of {0}").format(donor.donor.token),
        say("I record that this donor no longer agrees that the laboratory uses their data."),
        [
            (say("Donor"), Fact(_called(donor))),
            (say("Consent"), consent_words(consent) if consent else None),
            (say("What happens"), typed),
            (say("Candidates"), weighed),
            (
                say("The samples"),
                say("They stay where they are until somebody records that they were destroyed."),
            ),
            (say("What stays"), kept),
        ],
        [(say("records the withdrawal"), context.lab.person.name)],
        say("Withdraw"),
        act,
        parent,
        danger=True,
        reason=True,
    ).ask()
    if done is not None:
        context.notify(say("The consent is withdrawn; the data have left all searches."), Meaning.GOOD)
