"""Forms about missing persons and families: report, correct, draw, confirm."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields as dataclass_fields
from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QWidget

from forensics.domain.errors import Invalid, Refused
from forensics.domain.families import Family, MissingPerson, MissingState, Relative
from forensics.domain.kinship import Sex
from forensics.domain.lists import ListQuery
from forensics.domain.numbers import new_token
from forensics.domain.relation_words import RELATIONS, Relation, parse_relation
from forensics.domain.relations import add_relative as draw_relative
from forensics.domain.relations import is_unnamed
from forensics.services import families, operations
from forensics.services.families import FamilyRecord
from gui.context import Context
from gui.look import Meaning
from gui.places.missing_pedigree import draw
from gui.places.missing_words import (
    donor_called,
    family_title,
    member_words,
    parse_date,
    say,
    sexes,
    states,
)
from gui.widgets.forms import FormDialog
from gui.widgets.keeping import keep
from gui.widgets.svgview import SvgView

DATES = "1994 · 1994? · 1995-07 · 1995-07-11 · 1995-07-11/1995-07-19"
ANYWHERE, NEW = "", "new"


def operation_of(context: Context) -> UUID | None:
    """The operation that new records belong to; told to the person where there is none or several."""
    if context.operation is not None:
        return context.operation.id
    known = [o for o in context.query(operations.operations) or [] if not o.closed]
    if len(known) == 1:
        return known[0].id
    words = (
        say("Choose the operation at the top of the window first; there are several.")
        if known
        else say("There is no operation yet: create the first one in Laboratory settings.")
    )
    context.notify(words, Meaning.ATTENTION)
    return None


# families


def new_family(context: Context, parent: QWidget) -> Family | None:
    """A family that seeks somebody."""
    operation = operation_of(context)
    if operation is None:
        return None

    def save(values: dict[str, Any]) -> Family:
        return context.lab.run(families.create_family, operation, **values)

    intro = say("Then report whom the family seeks, and draw the relatives who give samples.")
    form = FormDialog(say("New family"), save, parent, intro)
    _family_fields(form)
    made: Family | None = form.ask()
    return made


def change_family(context: Context, family: Family, parent: QWidget) -> Family | None:
    """Correct what is known of a family."""
    form = FormDialog(
        say("Change {0}").format(family.number),
        lambda values: keep(context.lab, families.change_family, family, values, form),
        parent,
    )
    _family_fields(form)
    form.fill({name: getattr(family, name) for name in form.fields})
    changed: Family | None = form.ask()
    return changed


def _family_fields(form: FormDialog) -> None:
    form.text(
        "title",
        say("Title"),
        hint=say("As your work calls it, for instance the family's name."),
        required=True,
    )
    form.text(
        "external_number", say("Number elsewhere"), hint=say("The number that a partner gave this family.")
    )
    form.lines(
        "contact", say("Contact"), hint=say("Whom to call, in which language, at which hours."), lines=3
    )


# missing persons


def person_fields(form: FormDialog) -> None:
    """What is asked about somebody who is sought."""
    form.text("given_names", say("Given names"), hint=say("In Latin letters, as the family spells them."))
    form.text("family_names", say("Family names"))
    form.text("original_name", say("Name in its own script"), placeholder="Милош Јовановић · محمد الأحمد")
    form.text("aliases", say("Also called"), hint=say("Several names with commas between them."))
    form.choice("sex", say("Sex"), sexes(), required=True, prompt=False)
    form.text("birth", say("Born"), hint=say("For instance {0}").format(DATES), parse=parse_date)
    form.number("height_cm", say("Height"), unit="cm", usual=(100, 210))
    form.text(
        "height_source",
        say("Who says so"),
        hint=say("Who measured or said the height; an identity card is measured, a memory is not."),
        suggestions=[
            say("said by the family"),
            say("identity card"),
            say("military record"),
            say("passport"),
        ],
    )
    form.section(say("Last seen"))
    form.text("last_seen", say("When"), hint=say("For instance {0}").format(DATES), parse=parse_date)
    form.text("last_place", say("Where"))
    form.lines("clothing", say("Clothing and what was carried"), lines=2)
    form.lines("circumstances", say("Circumstances"), lines=3)
    form.section(say("How the person may be recognised"))
    form.lines(
        "marks", say("Marks"), hint=say("Scars, tattoos, healed fractures, implants; with the side."), lines=2
    )
    form.lines("dental", say("Teeth"), hint=say("What is known, and where a dental file may be."), lines=2)


def _person_values(values: Mapping[str, Any]) -> dict[str, Any]:
    known = {f.name for f in dataclass_fields(MissingPerson)}
    made = {name: value for name, value in values.items() if name in known}
    made["aliases"] = tuple(p.strip() for p in re.split(r"[,;،]", made["aliases"] or "") if p.strip())
    return made


def report_missing(context: Context, parent: QWidget) -> MissingPerson | None:
    """Somebody is reported missing: for a family that is known, or for a new one."""
    operation = operation_of(context)
    if operation is None:
        return None
    page = context.query(families.families, ListQuery(filters={"operation": (operation,)}, limit=5000))
    known = {f"{line.number} · {family_title(line)}": line.id for line in page.rows} if page else {}
    form = FormDialog(
        say("Report a missing person"),
        lambda values: _report(context, operation, values),
        parent,
        say("Leave empty what is not known; “not known” is an answer."),
        again=True,
        width=600,
    )
    form.text(
        "family",
        say("Family"),
        hint=say("A number or a name of a known family; left empty, a new family is made."),
        parse=lambda words: _known_family(known, words),
        suggestions=list(known),
    )
    person_fields(form)
    made: MissingPerson | None = form.ask()
    return made


def _known_family(known: Mapping[str, UUID], words: str) -> UUID:
    found = [id for shown, id in known.items() if words.casefold() in shown.casefold()]
    exact = [id for shown, id in known.items() if words == shown]
    if len(exact) == 1 or len(found) == 1:
        return (exact or found)[0]
    raise Invalid(
        say("No family is called “{0}”; leave it empty to make a new one.").format(words)
        if not found
        else say("Several families answer to “{0}”; choose one of the list.").format(words)
    )


def _report(context: Context, operation: UUID, values: dict[str, Any]) -> MissingPerson:
    about = _person_values({k: v for k, v in values.items() if k != "family"})
    if values["family"] is not None:
        new = MissingPerson(operation=operation, family=values["family"], token=new_token(), **about)
        return context.lab.run(families.add_missing_person, new)
    title = about["family_names"] or about["given_names"] or about["original_name"]
    if not title:
        raise Invalid(say("Give a name in any script, so that the new family has a title."))
    return context.lab.run(families.report_missing, operation, title, about)


def missing_in_drawing(
    context: Context, record: FamilyRecord, code: str, parent: QWidget
) -> MissingPerson | None:
    """One more person of this family is sought: at a place of the drawing."""
    family = record.family
    here = next((r for r in record.relatives if r.code == code), None)
    places: list[tuple[str, str]] = []
    if here is not None:
        places.append((code, say("This person: {0}").format(member_words(record, here))))
    others = [r for r in record.relatives if r.missing_person and r.code != code]
    anchors = [r.code for r in (here, *others) if r is not None]
    places += [(f"{NEW}{a}", say("A relative of {0}").format(_who(record, a))) for a in anchors]
    places.append((NEW, say("Somebody apart, to be drawn later")))

    def save(values: dict[str, Any]) -> MissingPerson:
        about = _person_values(values)
        new = MissingPerson(operation=family.operation, family=family.id, token=new_token(), **about)
        place, relation = values["place"], values["relation"]
        if not place.startswith(NEW):
            return context.lab.run(families.add_missing_person, new, place)
        anchor = place.removeprefix(NEW)
        if anchor and not relation:
            raise Invalid(say("Say how the missing person is related, for instance brother."))
        word = relation.name if relation else ""
        return context.lab.run(families.add_missing_person, new, "", anchor, word)

    form = FormDialog(say("Missing person of {0}").format(family_title(family)), save, parent, width=600)
    if len(places) > 1:
        form.choice("place", say("Place in the drawing"), places, required=True, prompt=False)
        form.text(
            "relation",
            say("Relation"),
            hint=say("Where it is a relative: the word, for instance brother, daughter, maternal uncle."),
            parse=parse_word,
            suggestions=sorted(RELATIONS),
        )
    else:
        form.choice(
            "place", say("Place in the drawing"), [(NEW, say("The first of the drawing"))], required=True
        )
        form.text("relation", say("Relation"), parse=parse_word).hide()
    person_fields(form)
    made: MissingPerson | None = form.ask()
    return made


def change_person(context: Context, person: MissingPerson, parent: QWidget) -> MissingPerson | None:
    """Correct or complete what is known of a missing person."""
    form = FormDialog(
        say("Change {0}").format(person.number),
        lambda values: keep(
            context.lab, families.change_missing_person, person, _person_values(values), form
        ),
        parent,
        width=600,
    )
    person_fields(form)
    form.fill({name: getattr(person, name) for name in form.fields})
    form.fill({"aliases": ", ".join(person.aliases)})
    if person.height_cm is not None:
        form.fill({"height_cm": f"{person.height_cm:g}"})
    changed: MissingPerson | None = form.ask()
    return changed


def change_state(context: Context, person: MissingPerson, parent: QWidget) -> None:
    """How far the search has come."""

    def save(values: dict[str, Any]) -> MissingPerson:
        state: MissingState = values["state"]
        return context.lab.run(families.set_missing_state, person.id, state)

    form = FormDialog(say("State of the search for {0}").format(person.number), save, parent)
    intro = say(
        "Confirming an identification sets “Identified” by itself; here you say what else has become known."
    )
    form.note(intro)
    form.choice("state", say("State"), states(), required=True, prompt=False)
    form.fill({"state": person.state})
    form.ask()


# the drawing


def parse_word(words: str) -> Relation:
    """A relation that can be drawn; `Invalid` with examples."""
    found = parse_relation(words)
    if found is None or found.name == "self":
        raise Invalid(
            say(
                "“{0}” is no relation that can be drawn; write brother, maternal uncle, son… in any of five languages."
            ).format(words)
        )
    return found


def _who(record: FamilyRecord, code: str) -> str:
    relative = next((r for r in record.relatives if r.code == code), None)
    return member_words(record, relative).split(",")[0] if relative else code


def add_relative(context: Context, record: FamilyRecord, anchor: str, parent: QWidget) -> Relative | None:
    """Draw a relative by a word; the drawing shows at once what the word means."""

    def save(values: dict[str, Any]) -> Relative:
        return context.lab.run(
            families.add_relative,
            record.family.id,
            anchor,
            values["relation"].name,
            values["code"],
            values["sex"],
            values["deceased"],
        )

    form = FormDialog(
        say("A relative of {0}").format(_who(record, anchor)), save, parent, again=True, width=640
    )
    relation = form.text(
        "relation",
        say("Relation"),
        hint=say("What this relative is to {0}: mother, brother, maternal uncle…").format(
            _who(record, anchor)
        ),
        required=True,
        parse=parse_word,
        suggestions=_suggested(record),
    )
    code = form.text(
        "code",
        say("Short name in the drawing"),
        hint=say("Left empty, the next free one is taken (R1, R2…)."),
    )
    sex = form.choice("sex", say("Sex, where the word leaves it open"), sexes(), required=True, prompt=False)
    sex.set_value(Sex.UNKNOWN)
    form.flag("deceased", say("This relative is deceased"))
    preview = SvgView()
    form.widget(preview)

    def show() -> None:
        word = relation.value_or(None)
        try:
            name = code.value_or("") or say("new")
            drawn = (
                draw_relative(record.pedigree, anchor, word, name, sex.value_or(Sex.UNKNOWN))
                if word
                else None
            )
        except Invalid as refusal:
            relation.complain(str(refusal))
            drawn = None
        draw(preview, record, drawn)
        if drawn is not None:
            preview.select(frozenset({f"person-{name}"}))

    for field in (relation, code, sex):
        field.edited.connect(show)
    show()
    added: Relative | None = form.ask()
    return added


def _suggested(record: FamilyRecord) -> list[str]:
    """Every word that can be drawn; those that the open questions of an import speak of come first."""
    asked = " ".join(record.family.notes).casefold()
    drawable = [name for name, relation in RELATIONS.items() if relation.path]
    return sorted(drawable, key=lambda name: (name not in asked, len(name.split()), name))


def change_relative(context: Context, record: FamilyRecord, code: str, parent: QWidget) -> None:
    """Sex, deceased or not, the relation in words."""
    relative = next(r for r in record.relatives if r.code == code)

    def save(values: dict[str, Any]) -> Relative:
        word = values["relation"]
        return context.lab.run(families.change_relative, relative, values["sex"], values["deceased"], word)

    form = FormDialog(say("Change {0}").format(_who(record, code)), save, parent)
    form.choice("sex", say("Sex"), sexes(), required=True, prompt=False)
    form.text(
        "relation",
        say("Relation in words"),
        hint=say("For reading only; to draw the person elsewhere, remove and add again."),
    )
    form.flag("deceased", say("This person is deceased"))
    form.fill({"sex": relative.sex, "relation": relative.relation, "deceased": relative.deceased})
    form.ask()


def questions(record: FamilyRecord) -> list[str]:
    """What the import asked about the drawing, with the people called as the drawing calls them."""
    called = {d.relative.code: donor_called(d.donor) for d in record.donors}
    asked = []
    for note in record.family.notes:
        first = note.split(" ", 1)[0]
        asked.append(note.replace(first, f"{called[first]} ({first})", 1) if first in called else note)
    return asked


def confirm_pedigree(context: Context, record: FamilyRecord, parent: QWidget) -> Family | None:
    """A person looks at the drawing, settles what was open, and stands for it."""

    def save(values: dict[str, Any]) -> Family:
        if not all(values.values()):
            raise Refused(say("Settle every question first: tick it, or leave and correct the drawing."))
        return context.lab.run(families.confirm_pedigree, record.family)

    intro = say(
        "The words for relations became this drawing. Look at it with what the family has said: "
        "from now on every comparison with this family rests on it, in your name."
    )
    form = FormDialog(
        say("Confirm the pedigree of {0}").format(family_title(record.family)),
        save,
        parent,
        intro,
        save=say("I stand for this drawing"),
        width=760,
    )
    view = SvgView()
    draw(view, record, codes=True)
    form.widget(view)
    form.widget(_who_is_who(record))
    asked = questions(record)
    if asked:
        form.section(say("Open questions"), say("Tick what you have settled with the family."))
    for number, question in enumerate(asked):
        form.flag(f"question {number}", question)
    confirmed: Family | None = form.ask()
    return confirmed


def _who_is_who(record: FamilyRecord) -> QWidget:
    from gui.widgets.lines import column, text

    named = [r for r in record.relatives if not is_unnamed(r.code)]
    holder = QWidget()
    holder.setLayout(column(*[text(f"{r.code}: {member_words(record, r)}", "small") for r in named], gap=2))
    return holder
