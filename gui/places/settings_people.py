"""People and roles: who may sign in, and what each may do."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QWidget

from forensics.domain.errors import Invalid
from forensics.domain.people import Person, Role
from forensics.services import people
from forensics.services.door import Laboratory
from forensics.services.people import PersonLine
from gui.context import Ref
from gui.look import Meaning
from gui.place import ListPlace
from gui.places.missing_words import parse_day
from gui.places.settings_words import role_allows, role_word, say
from gui.widgets.banner import EmptyState
from gui.widgets.buttons import Action
from gui.widgets.forms import FormDialog
from gui.widgets.keeping import keep
from gui.widgets.lists import Column, Filter, Kind, RecordList
from gui.widgets.marks import Mark
from gui.widgets.model import MemorySource
from gui.widgets.record import Fact, RecordPage


class PeoplePart(ListPlace):
    """Everybody who can or could sign in."""

    name = "settings-people"
    subjects = frozenset({"person", "authorisation"})

    def make_list(self) -> RecordList:
        columns = [
            Column("name", self.tr("Name"), width=180, value=lambda row: row.person.name),
            Column("roles", self.tr("Roles"), stretch=True, value=_roles),
            Column(
                "login", self.tr("Login"), Kind.TOKEN, 120, value=lambda row: row.person.login, shown=False
            ),
            Column("active", self.tr("State"), Kind.MARK, 124, value=_mark),
        ]
        active = [(True, self.tr("Active")), (False, self.tr("Signs in no longer"))]
        return RecordList(
            self.tr("People"),
            columns,
            MemorySource(
                lambda: self.context.lab.run(people.people),
                columns,
                {"active": lambda row: row.person.active},
            ),
            [Filter("active", self.tr("State"), active)],
            EmptyState("people", self.tr("Nobody"), ""),
            self.actions_offered(),
            key=lambda row: row.person.id,
            sort="name",
        )

    def actions_offered(self) -> list[Action]:
        return [Action(self.tr("Add"), self.add, "plus", "primary", "Ctrl+N", self._why_not)]

    @property
    def _why_not(self) -> str:
        return "" if self.context.may(people.record_person) else self.tr("An administrator manages people.")

    def make_nothing(self) -> QWidget:
        return EmptyState("people", self.tr("Nobody chosen"), self.tr("Choose a person to read their roles."))

    def open(self, ref: Ref) -> None:
        self.list.select(ref.id)

    def fill(self, page: RecordPage, row: PersonLine) -> None:
        person, why = row.person, self._why_not
        myself = person.id == self.context.lab.person.id
        own = self.tr("Your own password is changed in My account.") if myself else ""
        alone = self.tr("Nobody deactivates themselves.") if myself else ""
        actions = [
            Action(self.tr("Roles…"), lambda: self.roles(row), "tag", why_not=why),
            Action(self.tr("Change…"), lambda: self._change(person), "edit", "quiet", "Ctrl+E", why),
            Action(self.tr("New password…"), lambda: self._reset(person), "key", why_not=why or own),
            Action(self.tr("Badge"), lambda: self.badge(row), "barcode", why_not=why),
            Action(
                self.tr("Deactivate…"),
                lambda: self._deactivate(person),
                "lock",
                "plain",
                why_not=why or alone,
            )
            if person.active
            else Action(
                self.tr("Let in again…"), lambda: self._reactivate(person), "unlock", "plain", why_not=why
            ),
        ]
        marks = [_mark(row)]
        if person.external:
            marks.append(Mark(Meaning.NEUTRAL, self.tr("External reviewer"), "switch"))
        page.header(person.login, person.name, person.title or self.tr("Person"), marks, actions=actions)
        section = page.section(self.tr("Roles"))
        if not row.authorisations:
            section.text(self.tr("No role is held at present, so the person can't sign in."), "muted")
        section.facts(
            [(role_word(a.role), _held(a.role, a.valid_from, a.valid_until)) for a in row.authorisations]
        )
        if person.external:
            words = self.tr(
                "Reports print that an external reviewer took part; a small laboratory needs one."
            )
            section.text(words, "small")

    # -- acting ------------------------------------------------------------------------------------------

    @property
    def _lab(self) -> Laboratory:
        lab = self.context.lab
        assert isinstance(lab, Laboratory)
        return lab

    def add(self) -> None:
        """Somebody new, with a first password that they change themselves."""

        def save(values: dict[str, Any]) -> Person:
            return people.add_person(
                self._lab,
                values["name"],
                values["login"],
                values["password"],
                _chosen(values),
                external=values["external"],
                title=values["title"],
            )

        form = FormDialog(
            self.tr("Add a person"),
            save,
            self,
            self.tr("Tell the person the first password; at My account they set their own."),
            width=600,
        )
        form.text("name", self.tr("Name"), required=True)
        form.text("title", self.tr("Title"), hint=self.tr("As it stands beside the name on reports."))
        form.text("login", self.tr("Login"), hint=self.tr("Short; for signing in."), required=True, mono=True)
        form.password("password", self.tr("First password"), hint=self.tr("At least ten characters."))
        form.flag(
            "external",
            self.tr("External reviewer"),
            hint=self.tr("Belongs to another institution and reviews for us; reports print so."),
        )
        self._role_flags(form, frozenset())
        made = form.ask()
        if isinstance(made, Person):
            self.list.select(made.id)

    def roles(self, row: PersonLine) -> None:
        """Exactly these roles from today."""

        def save(values: dict[str, Any]) -> Person:
            return self.context.lab.run(people.set_roles, row.person.id, _chosen(values), values["until"])

        title = self.tr("Roles of {0}").format(row.person.name)
        form = FormDialog(
            title, save, self, self.tr("They hold from today; the earlier ones stay readable."), width=600
        )
        self._role_flags(form, frozenset(row.roles))
        form.text(
            "until",
            self.tr("Until"),
            hint=self.tr("A day such as 2027-12-31; without an end if empty."),
            parse=parse_day,
        )
        ends = {a.valid_until for a in row.authorisations}
        if len(ends) == 1 and None not in ends:
            form.fill({"until": next(iter(ends))})
        form.ask()

    def _role_flags(self, form: FormDialog, held: frozenset[Role]) -> None:
        form.section(
            self.tr("Roles"), self.tr("Two people are needed at every decision: give nobody everything.")
        )
        for role in Role:
            field = form.flag(f"role {role.value}", role_word(role), hint=role_allows(role))
            field.set_value(role in held)

    def badge(self, row: PersonLine) -> None:
        """The label of a person's badge, scanned at handovers; without the password it proves nothing."""
        from gui.places.samples_acts import SampleActs
        from reports.labels import Label

        label = Label(row.person.number, self.context.name, row.person.name)
        SampleActs(self.context, self).print_labels([label])

    def _change(self, person: Person) -> None:
        form = FormDialog(
            self.tr("Change {0}").format(person.name),
            lambda values: keep(self.context.lab, people.change_person, person, values, form),
            self,
        )
        form.text("name", self.tr("Name"), required=True)
        form.text("title", self.tr("Title"))
        form.flag("external", self.tr("External reviewer"))
        form.fill({"name": person.name, "title": person.title, "external": person.external})
        form.ask()

    def _reset(self, person: Person) -> None:
        intro = self.tr(
            "For somebody who has forgotten theirs. Their certificate is locked with the old password and is "
            "withdrawn; at the next signature they get a new one. What they signed stays valid."
        )
        form = FormDialog(
            self.tr("New password for {0}").format(person.name),
            lambda values: people.reset_password(self._lab, person.id, values["password"]),
            self,
            intro,
            save=self.tr("Set the password"),
        )
        form.password("password", self.tr("New password"), hint=self.tr("At least ten characters."))
        if form.ask() is not None:
            self.context.notify(
                self.tr("{0} signs in with the new password.").format(person.name), Meaning.GOOD
            )

    def _deactivate(self, person: Person) -> None:
        form = FormDialog(
            self.tr("Deactivate {0}").format(person.name),
            lambda _: people.deactivate(self._lab, person.id),
            self,
            self.tr("From now on the person can't sign in. Everything they did stays in their name."),
            save=self.tr("Deactivate"),
        )
        if form.ask() is not None:
            self.context.notify(self.tr("{0} signs in no longer.").format(person.name), Meaning.GOOD)

    def _reactivate(self, person: Person) -> None:
        """Access again, with a new password: the key beside the file was taken away."""

        def save(values: dict[str, Any]) -> Person:
            self.context.lab.run(people.record_active, person.id, True)
            return people.reset_password(self._lab, person.id, values["password"])

        form = FormDialog(self.tr("Let {0} in again").format(person.name), save, self, save=self.tr("Let in"))
        form.password("password", self.tr("New password"), hint=self.tr("At least ten characters."))
        form.ask()


def _chosen(values: dict[str, Any]) -> list[Role]:
    found = [role for role in Role if values.get(f"role {role.value}")]
    if not found:
        raise Invalid(say("Tick at least one role; without one nobody can sign in."))
    return found


def _roles(row: PersonLine) -> str:
    return ", ".join(role_word(role) for role in row.roles)


def _mark(row: PersonLine) -> Mark:
    if not row.person.active:
        return Mark(Meaning.NO, say("Deactivated"))
    if not row.roles:
        return Mark(Meaning.ATTENTION, say("No role"))
    return Mark(Meaning.GOOD, say("Active"))


def _held(role: Role, start: Any, end: Any) -> Fact:
    until = (
        say("since {0}, without an end").format(start)
        if end is None
        else say("{0} to {1}").format(start, end)
    )
    return Fact(role_allows(role), until)
