"""My account: the own roles, password and certificate."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from forensics.domain.errors import Invalid, Unavailable
from forensics.domain.people import SigningIdentity
from forensics.services import identities, people
from forensics.services.door import Laboratory
from gui.idle import CHOICES, lock_minutes, set_lock_minutes
from gui.look import Meaning
from gui.places.settings_laboratory import PagePart
from gui.places.settings_words import role_allows, role_word, say
from gui.widgets.buttons import Action
from gui.widgets.forms import FormDialog
from gui.widgets.marks import Mark
from gui.widgets.record import Fact, RecordPage


class AccountPart(PagePart):
    """What belongs to the person who is signed in."""

    subjects = frozenset({"person", "authorisation", "signing_identity"})

    def fill(self, page: RecordPage) -> None:
        me = self.context.query(people.myself)
        if me is None:
            return
        password = Action(self.tr("Change my password…"), self.change_password, "key", "primary")
        page.header(me.login, me.name, me.title or self.tr("Signed in"), actions=[password])
        roles = sorted(self.context.lab.roles, key=lambda role: role.value)
        page.section(self.tr("My roles")).facts([(role_word(role), role_allows(role)) for role in roles])
        self._certificate(page)
        change = Action(self.tr("Change…"), self.change_lock, "lock", "quiet")
        page.section(self.tr("This workstation"), [change]).facts(
            [(self.tr("Locks by itself"), Fact(idle_words(lock_minutes()), self.tr("Ctrl+L locks at once")))]
        )

    def _certificate(self, page: RecordPage) -> None:
        if not self.context.may(identities.my_identity):
            section = page.section(self.tr("My certificate"))
            section.text(self.tr("None of your roles signs reports, so you need no certificate."), "muted")
            return
        kept = self.context.query(identities.my_identity)
        take = Action(self.tr("Use one from a file…"), self.take_certificate, "import", "quiet")
        issue = Action(self.tr("Issue mine now…"), self.issue, "sign", "quiet")
        section = page.section(self.tr("My certificate"), [take] if kept else [issue, take])
        if kept is None:
            words = self.tr(
                "The laboratory issues one by itself at your first signature; nothing need be done."
            )
            section.text(words, "muted")
            return
        section.facts(self._facts(kept))

    def _facts(self, kept: SigningIdentity) -> list[tuple[str, Any]]:
        from reports.certificates import certificate_facts

        facts = certificate_facts(kept.certificate)
        now = datetime.now(UTC)
        days = (facts.valid_until - now).days
        if not facts.is_valid(now):
            mark = Mark(Meaning.REFUSED, self.tr("not valid now: you can't sign"))
        elif days < 60:
            mark = Mark(Meaning.ATTENTION, self.tr("valid for {0} more days").format(days))
        else:
            mark = Mark(Meaning.GOOD, self.tr("valid"))
        span = f"{facts.valid_from:%Y-%m-%d} – {facts.valid_until:%Y-%m-%d}"
        origin = self.tr("imported from a file") if kept.imported else self.tr("issued by this laboratory")
        return [
            (self.tr("Names"), Fact(facts.subject, facts.organisation)),
            (self.tr("Issued by"), Fact(facts.issuer, origin)),
            (self.tr("State"), mark),
            (self.tr("Valid"), span),
            (self.tr("Fingerprint"), Fact(_spaced(facts.fingerprint), self.tr("SHA-256"), mono=True)),
        ]

    # -- acting ------------------------------------------------------------------------------------------

    @property
    def _lab(self) -> Laboratory:
        lab = self.context.lab
        assert isinstance(lab, Laboratory)
        return lab

    def actions_offered(self) -> list[Action]:
        return [Action(self.tr("Change my password…"), self.change_password, "key")]

    def change_password(self) -> None:
        """The old one, the new one twice."""

        def save(values: dict[str, Any]) -> bool:
            if values["new"] != values["again"]:
                raise Invalid(self.tr("The two new passwords differ; type them again."))
            people.change_password(self._lab, values["old"], values["new"])
            return True

        form = FormDialog(self.tr("Change my password"), save, self, save=self.tr("Change it"))
        form.password("old", self.tr("Password until now"))
        form.password(
            "new", self.tr("New password"), hint=self.tr("At least ten characters; length protects most.")
        )
        form.password("again", self.tr("New password, once more"))
        if form.ask():
            self.context.notify(
                self.tr("Your password is changed; your certificate stays usable."), Meaning.GOOD
            )

    def change_lock(self) -> None:
        """After how long without a key or a move the window covers itself; for everybody at this workstation."""
        form = FormDialog(
            self.tr("When this workstation locks"),
            lambda values: set_lock_minutes(values["minutes"]),
            self,
            self.tr("Nothing that was entered is lost, and what is being computed goes on."),
        )
        choices = [(minutes, idle_words(minutes)) for minutes in CHOICES]
        form.choice("minutes", self.tr("Locks by itself"), choices, required=True, prompt=False)
        form.fill({"minutes": lock_minutes()})
        if form.ask() is not None:
            self.refresh()

    def issue(self) -> None:
        """The laboratory issues the own certificate before the first signature."""

        def save(values: dict[str, Any]) -> str:
            from reports.certificates import ensure_certificate

            return ensure_certificate(self._lab, values["password"])

        intro = self.tr("The laboratory's own authority certifies that this key is yours, for three years.")
        form = FormDialog(self.tr("Issue my certificate"), save, self, intro, save=self.tr("Issue"))
        form.password("password", self.tr("Your password"))
        if form.ask():
            self.context.notify(self.tr("Your certificate is issued."), Meaning.GOOD)

    def take_certificate(self) -> None:
        """A certificate of another authority, from a PKCS#12 file."""

        def save(values: dict[str, Any]) -> bool:
            from reports.issuing import take_certificate

            data = _bytes_of(values["path"])
            take_certificate(self._lab, data, values["file_password"], values["password"])
            return True

        intro = self.tr(
            "For instance one of a national authority. Your signatures use it from now on; "
            "what you signed with the earlier one stays valid."
        )
        form = FormDialog(self.tr("Use a certificate from a file"), save, self, intro, save=self.tr("Use it"))
        form.path("path", self.tr("File"), files=self.tr("Certificates (*.p12 *.pfx)"))
        form.password("file_password", self.tr("Password of the file"), required=False)
        form.password("password", self.tr("Your password here"))
        if form.ask():
            self.context.notify(self.tr("Your signatures use this certificate from now on."), Meaning.GOOD)


def idle_words(minutes: int) -> str:
    """After how long a workstation locks."""
    return say("after {0} minutes without a touch").format(minutes) if minutes else say("never")


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Unavailable(
            say("“{0}” can't be read ({1}); choose another file.").format(path, error.strerror)
        ) from None


def _spaced(digest: str) -> str:
    return " ".join(digest[at : at + 8] for at in range(0, len(digest), 8))
