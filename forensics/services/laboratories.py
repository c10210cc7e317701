"""Creating, opening, backing up, restoring and upgrading a laboratory."""

import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from forensics.domain.auditing import AuditVerdict
from forensics.domain.errors import Invalid, NominaError, Refused, Unavailable
from forensics.domain.operations import Organisation, OrganisationKind
from forensics.domain.people import Authorisation, Permission, Person, Role
from forensics.persistence import backup as copies
from forensics.persistence import engine as engines
from forensics.persistence import keys, settings, upgrading
from forensics.persistence.auditing import verify_chain
from forensics.persistence.store import Store, sentences
from forensics.persistence.transaction import Transaction
from forensics.services.door import Laboratory, query

SHORTEST_PASSWORD = 10


@dataclass(frozen=True, slots=True)
class NewLaboratory:
    """What the guided set-up asks for; `location` is a file path or a postgresql:// address."""

    location: str
    name: str
    administrator: str
    login: str
    password: str
    passphrase: str
    short_name: str = ""
    address: str = ""
    country: str = ""
    accreditation: str = ""
    administrator_roles: tuple[Role, ...] = (Role.ADMINISTRATOR,)


def is_server(location: str) -> bool:
    return location.startswith(("postgresql:", "postgres:", "postgresql+psycopg:"))


def create_laboratory(new: NewLaboratory) -> Laboratory:
    """A new laboratory with its first administrator signed in; nothing is left behind on failure."""
    _demand_complete(new)
    if is_server(new.location):
        return _create_on_server(new)
    path = Path(new.location)
    _claim(path)
    try:
        return _create_file(new, path)
    except BaseException as error:
        for leftover in (path, *(path.with_name(path.name + end) for end in ("-wal", "-shm", "-keys"))):
            leftover.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise _unwritable(path, error) from None
        raise


def _claim(path: Path) -> None:
    """The new file, still empty and ours alone: of two who create at once, one is told that it exists."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600, exist_ok=False)
    except FileExistsError:
        raise Invalid(f"“{path}” exists already; open it, or choose another name.") from None
    except OSError as error:
        raise _unwritable(path, error) from None
    except ValueError:  # a zero byte in the name
        raise Invalid("No file can have this name; choose another.") from None


def _unwritable(path: Path, error: OSError) -> Unavailable:
    return Unavailable(f"“{path}” can't be written ({error.strerror}); choose another place.")


def _demand_complete(new: NewLaboratory) -> None:
    for value, what in ((new.name, "the laboratory's name"), (new.administrator, "the administrator's name")):
        if not value.strip():
            raise Invalid(f"Give {what}.")
    if not new.login.strip():
        raise Invalid("Give the administrator a login to sign in with.")
    demand_strong(new.password, "password")
    demand_strong(new.passphrase, "laboratory passphrase")


def demand_strong(secret: str, what: str) -> None:
    """`Invalid` for a password that is too short to protect anything (NIST SP 800-63B counts length)."""
    if len(secret) < SHORTEST_PASSWORD:
        raise Invalid(f"The {what} is too short; use at least {SHORTEST_PASSWORD} characters.")


def _create_file(new: NewLaboratory, path: Path) -> Laboratory:
    salt = os.urandom(keys.SALT_BYTES)
    key = keys.file_key(new.passphrase, salt)
    store = Store(engines.embedded(path, key + salt, create=True), str(path), key)
    return _found(new, store)


def _create_on_server(new: NewLaboratory) -> Laboratory:
    store = Store(engines.server(new.location), new.location)
    if upgrading.revision(store.engine) is not None:
        store.close()
        raise Invalid("This database holds a laboratory already; open it, or give an empty database.")
    return _found(new, store)


def _found(new: NewLaboratory, store: Store) -> Laboratory:
    with sentences():
        upgrading.upgrade(store.engine)
    vault_key = os.urandom(32)
    stretched = keys.stretch(new.password)
    with store.writing(None, "laboratories.create") as act:
        person = _first_people(act.tx, new, stretched, vault_key)
        slot = keys.stretch(new.passphrase)
        settings.write(act.tx, "vault_slot", (slot.salt + keys.wrap(slot.wrapping, vault_key)).hex())
        act.finish(person)
    if store.file_key:
        keys.SlotFile(Path(store.location)).put(new.login, stretched, store.file_key)
    return Laboratory(store, person, vault_key)


def _first_people(tx: Transaction, new: NewLaboratory, stretched: keys.Stretched, vault_key: bytes) -> Person:
    tx.add(
        Organisation(
            name=new.name.strip(),
            kind=OrganisationKind.LABORATORY,
            own=True,
            short_name=new.short_name.strip(),
            address=new.address,
            country=new.country,
            accreditation=new.accreditation,
        )
    )
    person = tx.add(
        Person(
            name=new.administrator.strip(),
            login=new.login.strip(),
            password_hash=keys.password_record(stretched),
            vault_slot=keys.personal_slot(stretched, vault_key),
        )
    )
    roles = new.administrator_roles
    tx.add_all(Authorisation(person=person.id, role=role, valid_from=date.today()) for role in roles)
    return person


def open_laboratory(location: str, login: str, password: str, passphrase: str = "") -> Laboratory:
    """The laboratory with the person signed in.

    An embedded file opens with the person's password where a key slot lies beside it, else with the
    laboratory's passphrase; an older schema is backed up, upgraded and verified first.
    """
    store, stretched = _connect(location, login, password, passphrase)
    try:
        return _sign_in(store, login, password, stretched)
    except NominaError:
        store.close()
        raise


def _connect(
    location: str, login: str, password: str, passphrase: str
) -> tuple[Store, keys.Stretched | None]:
    """The database, opened with the right key and at the program's schema; nobody signed in yet.

    With it the stretched password, where a key slot was opened with it.
    """
    if is_server(location):
        store, stretched = _server(location), None
    else:
        store, stretched = _file(Path(location), login, password, passphrase)
    try:
        found = upgrading.revision(store.engine)
        upgrading.demand_known(found, location)
        if found is not None and found != upgrading.HEAD:
            store.upgraded = found, upgrade_store(store)
    except NominaError:
        store.close()
        raise
    return store, stretched


def _server(location: str) -> Store:
    store = Store(engines.server(location), location)
    with store.reading(None, "sign in"):
        return store


def demand_there(location: str) -> None:
    """`Unavailable` when no file lies at the location; a server is asked when it is opened."""
    try:
        there = is_server(location) or Path(location).is_file()
    except (OSError, ValueError):  # too long a name, or a zero byte in it
        there = False
    if not there:
        raise Unavailable(f"There is no laboratory at “{location}”; check the path, or create one.")


def _file(path: Path, login: str, password: str, passphrase: str) -> tuple[Store, keys.Stretched | None]:
    demand_there(str(path))
    slots = keys.SlotFile(path)
    opened = slots.open(login, password)
    if opened is None and not passphrase:
        raise Refused(
            "Login or password is wrong; if they are right, this computer needs the laboratory's passphrase once."
        )
    if opened is not None:
        try:
            return _whole(path, opened[0]), opened[1]
        except engines.WrongKey:
            if not passphrase:
                raise Unavailable(
                    f"The password is right, but “{path.name}” does not open with it: the file is damaged, or "
                    f"“{slots.path.name}” is another file's; restore the latest backup, or give the passphrase."
                ) from None
    return _whole(path, keys.file_key(passphrase, _salt(path))), None


def _whole(path: Path, key: bytes) -> Store:
    """The file, opened with its key; `Unavailable` when pages are missing."""
    store = Store(engines.embedded(path, key), str(path), key)
    with store.reading(None, "sign in"):
        engines.demand_all_pages(store.engine, path)
    return store


def _salt(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            salt = file.read(keys.SALT_BYTES)
    except OSError as error:
        raise Unavailable(f"“{path}” can't be read ({error.strerror}); check its permissions.") from None
    if len(salt) < keys.SALT_BYTES:
        raise Unavailable(f"“{path.name}” is cut short ({len(salt)} bytes); restore the latest backup.")
    return salt


def _sign_in(store: Store, login: str, password: str, known: keys.Stretched | None) -> Laboratory:
    with store.reading(None, "sign in") as tx:
        person = tx.one(Person, login=login.strip(), active=True, voided_at=None)
    stretched = keys.verify_password(person.password_hash, password, known) if person else None
    if person is None or stretched is None:
        raise Refused("Login or password is wrong; try again, or ask an administrator for a new password.")
    vault_key, _ = keys.open_slot(stretched, person.vault_slot)
    laboratory = Laboratory(store, person, vault_key)
    if not laboratory.roles:
        raise Refused(f"{person.name} holds no role at present; ask an administrator.")
    if store.file_key:
        with suppress(OSError):  # a convenience: without it the passphrase is asked for again
            keys.SlotFile(Path(store.location)).put(person.login, stretched, store.file_key)
    return laboratory


def upgrade_store(store: Store) -> Path | None:
    """Back up, upgrade, verify the audit; the place of the backup (None on a server)."""
    kept = None
    if not is_server(store.location):
        path = Path(store.location)
        kept = path.with_name(f"{path.stem}-before-upgrade-{datetime.now(UTC):%Y%m%d-%H%M%S}{path.suffix}")
        copies.back_up(store.engine, kept)
    with sentences():
        upgrading.upgrade(store.engine)
    with store.reading(None, "upgrade") as tx:
        verdict = verify_chain(tx)
    if not verdict.sound:
        raise Refused(
            f"The audit does not verify after the upgrade: {verdict.problems[0]} The backup is at “{kept}”."
        )
    return kept


@query(Permission.BACKUP)
def _may_back_up(tx: Transaction) -> AuditVerdict:
    """The state of the audit chain at the moment of a backup."""
    return verify_chain(tx)


def back_up(laboratory: Laboratory, target: Path) -> AuditVerdict:
    """A checked copy of the laboratory's file at `target`; its audit chain's state as copied."""
    verdict = laboratory.run(_may_back_up)
    copies.back_up(laboratory.store.engine, target)
    check = Store(engines.embedded(target, laboratory.store.file_key), str(target))
    try:
        engines.demand_intact(check.engine, target.name)
        with check.reading(None, "backup") as tx:
            if tx.audit_head().sequence < verdict.head.sequence:
                raise Unavailable(f"The backup at “{target}” is not complete; make it again.")
    finally:
        check.close()
    return verdict


def restore(backup: Path, target: Path, passphrase: str) -> AuditVerdict:
    """Put a backup in place after opening it and verifying its audit chain."""
    if not backup.exists():
        raise Unavailable(f"There is no backup at “{backup}”.")
    source = Store(engines.embedded(backup, keys.file_key(passphrase, _salt(backup))), str(backup))
    try:
        engines.demand_intact(source.engine, backup.name)
        upgrading.demand_known(upgrading.revision(source.engine), backup.name)
        with source.reading(None, "restore") as tx:
            verdict = verify_chain(tx)
    finally:
        source.close()
    if not verdict.sound:
        raise Refused(
            f"The audit of this backup does not verify: {verdict.problems[0]} Use an earlier backup."
        )
    copies.restore(backup, target)
    return verdict
