"""People: adding them with roles, their passwords, and proving again that it is oneself."""

from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from forensics.domain.errors import Invalid, Refused
from forensics.domain.people import Authorisation, Permission, Person, Role, SigningIdentity
from forensics.persistence import keys
from forensics.persistence.transaction import Transaction
from forensics.services.door import Laboratory, command, query
from forensics.services.laboratories import demand_strong


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A person with the roles held today or later, and until when."""

    person: Person
    roles: tuple[Role, ...]
    authorisations: tuple[Authorisation, ...] = ()


@query(Permission.SETTINGS_READ)
def people(tx: Transaction) -> list[PersonLine]:
    """Everybody who can or could sign in, by name."""
    today = date.today()
    held: dict[UUID, list[Authorisation]] = {}
    for one in tx.find(Authorisation, voided_at=None):
        if one.valid_until is None or one.valid_until >= today:
            held.setdefault(one.person, []).append(one)
    return [
        PersonLine(p, tuple(a.role for a in held.get(p.id, ())), tuple(held.get(p.id, ())))
        for p in tx.find(Person, order="name")
    ]


@query(Permission.SETTINGS_READ)
def names(tx: Transaction) -> dict[UUID, str]:
    """Names of colleagues by id, as records show them."""
    return {person.id: person.name for person in tx.find(Person)}


@command(Permission.PEOPLE_MANAGE)
def record_person(
    tx: Transaction,
    name: str,
    login: str,
    roles: Collection[Role],
    password_hash: str,
    vault_slot: bytes,
    *,
    external: bool = False,
    title: str = "",
) -> Person:
    """A new person whose password was stretched before; `add_person` is the way in."""
    if not name.strip() or not login.strip():
        raise Invalid("A person needs a name and a login.")
    if tx.one(Person, login=login.strip()):
        raise Invalid(f"The login “{login.strip()}” is taken; choose another.")
    if not roles:
        raise Invalid("Give the person at least one role; without one nobody can sign in.")
    person = tx.add(
        Person(
            name=name.strip(),
            login=login.strip(),
            password_hash=password_hash,
            vault_slot=vault_slot,
            external=external,
            title=title,
        )
    )
    tx.add_all(
        Authorisation(person=person.id, role=role, valid_from=date.today()) for role in sorted(set(roles))
    )
    return person


def add_person(
    lab: Laboratory,
    name: str,
    login: str,
    password: str,
    roles: Collection[Role],
    *,
    external: bool = False,
    title: str = "",
) -> Person:
    """A new person with a first password; the laboratory's keys are wrapped for it."""
    demand_strong(password, "password")
    return admit(lab, name, login, keys.stretch(password), roles, external=external, title=title)


def admit(
    lab: Laboratory,
    name: str,
    login: str,
    stretched: keys.Stretched,
    roles: Collection[Role],
    *,
    external: bool = False,
    title: str = "",
) -> Person:
    """As `add_person`, with the password stretched before.

    Only where several people share one password that everybody knows may they share one stretched password too.
    """
    slot = keys.personal_slot(stretched, lab.vault_key)
    record = keys.password_record(stretched)
    person = lab.run(record_person, name, login, roles, record, slot, external=external, title=title)
    _put_slot(lab, login.strip(), stretched)
    return person


def _put_slot(lab: Laboratory, login: str, stretched: keys.Stretched) -> None:
    if lab.store.file_key:
        with suppress(OSError):  # a convenience: without it the passphrase is asked for once
            keys.SlotFile(Path(lab.store.location)).put(login, stretched, lab.store.file_key)


@command(Permission.PEOPLE_MANAGE)
def set_roles(
    tx: Transaction, person: UUID, roles: Collection[Role], valid_until: date | None = None
) -> Person:
    """From today the person holds exactly these roles (until the day given, if any)."""
    if not roles:
        raise Invalid("Choose at least one role, or deactivate the person.")
    today = date.today()
    for held in tx.find(Authorisation, person=person, voided_at=None):
        if held.role not in roles or held.valid_until != valid_until:
            tx.void(held, "roles changed")
    kept = {a.role for a in tx.find(Authorisation, person=person, voided_at=None)}
    tx.add_all(
        Authorisation(person=person, role=role, valid_from=today, valid_until=valid_until)
        for role in sorted(set(roles) - kept)
    )
    _demand_administrator(tx)
    return tx.get(Person, person)


@command(Permission.PEOPLE_MANAGE)
def change_person(tx: Transaction, seen: Person, fields: Mapping[str, Any]) -> Person:
    """Name, title, whether the person is an external reviewer; never the login or the password."""
    if set(fields) - {"name", "title", "external"} or not str(fields.get("name", seen.name)).strip():
        raise Invalid("A person's name can't be empty; login and password are changed elsewhere.")
    return tx.change(seen, **fields)


@command(Permission.PEOPLE_MANAGE)
def record_active(tx: Transaction, person: UUID, active: bool) -> Person:
    """Let somebody sign in, or no longer."""
    if person == tx.me:
        raise Refused("Nobody can deactivate themselves; ask another administrator.")
    changed = tx.change(tx.get(Person, person), active=active)
    _demand_administrator(tx)
    return changed


def deactivate(lab: Laboratory, person: UUID) -> Person:
    """End somebody's access: the login and the key slot beside the file."""
    changed = lab.run(record_active, person, False)
    if lab.store.file_key:
        keys.SlotFile(Path(lab.store.location)).remove(changed.login)
    return changed


def _demand_administrator(tx: Transaction) -> None:
    administrators = {
        a.person
        for a in tx.find(Authorisation, role=Role.ADMINISTRATOR, voided_at=None)
        if a.valid_until is None
    }
    if not any(p.id in administrators for p in tx.find(Person, active=True)):
        raise Refused(
            "The laboratory needs one active administrator for good; give the role to somebody first."
        )


@command(Permission.SIGN_IN)
def record_password(tx: Transaction, password_hash: str, vault_slot: bytes) -> Person:
    """The own new password, stretched before; `change_password` is the way in."""
    return tx.change(tx.get(Person, tx.me), password_hash=password_hash, vault_slot=vault_slot)


def change_password(lab: Laboratory, old: str, new: str) -> None:
    """The own password, after the old one was given; the own signing key stays usable."""
    own_secret = prove(lab, old)
    demand_strong(new, "new password")
    stretched = keys.stretch(new)
    slot = keys.personal_slot(stretched, lab.vault_key, own_secret)
    lab.person = lab.run(record_password, keys.password_record(stretched), slot)
    _put_slot(lab, lab.person.login, stretched)


@command(Permission.PEOPLE_MANAGE)
def record_reset(tx: Transaction, person: UUID, password_hash: str, vault_slot: bytes) -> Person:
    """A new password for somebody who forgot theirs; `reset_password` is the way in.

    Their signing key was locked with a secret that only the old password opened, so it is voided.
    """
    for identity in tx.find(SigningIdentity, person=person, voided_at=None):
        tx.void(identity, "password reset by an administrator")
    return tx.change(tx.get(Person, person), password_hash=password_hash, vault_slot=vault_slot)


def reset_password(lab: Laboratory, person: UUID, new: str) -> Person:
    """Let somebody sign in again with a new password; at their next signature they get a new certificate."""
    demand_strong(new, "password")
    stretched = keys.stretch(new)
    slot = keys.personal_slot(stretched, lab.vault_key)
    changed = lab.run(record_reset, person, keys.password_record(stretched), slot)
    _put_slot(lab, changed.login, stretched)
    return changed


@query(Permission.SIGN_IN)
def myself(tx: Transaction) -> Person:
    """The person who is signed in, as stored now."""
    return tx.get(Person, tx.me)


def prove(lab: Laboratory, password: str) -> bytes:
    """Ceremonies ask again who acts: the own secret, or `Refused` when the password is not one's own."""
    person = lab.run(myself)
    stretched = keys.verify_password(person.password_hash, password)
    if stretched is None:
        raise Refused("The password is not yours; nothing was signed.")
    return keys.open_slot(stretched, person.vault_slot)[1]
