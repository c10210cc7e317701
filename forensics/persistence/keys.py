"""Passphrases to keys: Argon2id (RFC 9106), key slots, and sealing of small secrets.

A password is stretched once into 64 bytes: the first half, hashed, verifies it; the second half wraps
other keys (AES-256-GCM). The embedded file's key comes from the laboratory's passphrase and the file's
own salt (its first 16 bytes), so that the file alone and the passphrase are always enough; beside it a
slot file lets each person's password unwrap the same key, and can be made again at any time.
"""

import base64
import hashlib
import hmac
import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from forensics.domain.errors import Refused, Unavailable

TIME_COST, MEMORY_KIB, LANES = 3, 65536, 4
SALT_BYTES = 16


@dataclass(frozen=True, slots=True)
class Stretched:
    """A password stretched with `salt`: `verifier` is stored, `wrapping` never."""

    salt: bytes
    verifier: bytes
    wrapping: bytes


def stretch(password: str, salt: bytes | None = None) -> Stretched:
    """Argon2id of a password, about a tenth of a second on purpose."""
    salt = salt or os.urandom(SALT_BYTES)
    raw = hash_secret_raw(password.encode(), salt, TIME_COST, MEMORY_KIB, LANES, 64, Type.ID)
    return Stretched(salt, hashlib.sha256(raw[:32]).digest(), raw[32:])


def file_key(passphrase: str, salt: bytes) -> bytes:
    """The 32-byte key of an embedded file."""
    return hash_secret_raw(passphrase.encode(), salt, TIME_COST, MEMORY_KIB, LANES, 32, Type.ID)


def password_record(stretched: Stretched) -> str:
    """What is stored of a password."""
    parts = (base64.b64encode(stretched.salt).decode(), base64.b64encode(stretched.verifier).decode())
    return f"argon2id$m={MEMORY_KIB},t={TIME_COST},p={LANES}${parts[0]}${parts[1]}"


def verify_password(record: str, password: str, known: Stretched | None = None) -> Stretched | None:
    """The stretched password when it is the right one; `known` is `password` stretched before, maybe with its salt."""
    if not record:
        return None
    _, _, kept_salt, verifier = record.split("$")
    salt = base64.b64decode(kept_salt)
    stretched = known if known is not None and known.salt == salt else stretch(password, salt)
    return stretched if hmac.compare_digest(stretched.verifier, base64.b64decode(verifier)) else None


def wrap(wrapping: bytes, secret: bytes) -> bytes:
    """`secret` sealed with AES-256-GCM; nonce first."""
    nonce = os.urandom(12)
    return nonce + AESGCM(wrapping).encrypt(nonce, secret, None)


def unwrap(wrapping: bytes, sealed: bytes) -> bytes:
    """The secret; `Refused` when the key is another one or the bytes were changed."""
    try:
        return AESGCM(wrapping).decrypt(sealed[:12], sealed[12:], None)
    except InvalidTag:
        raise Refused("The sealed secret does not open with this key.") from None


def personal_slot(stretched: Stretched, vault_key: bytes, own_secret: bytes | None = None) -> bytes:
    """The vault key and the person's own secret (a new one if none is given), wrapped with the password."""
    return wrap(stretched.wrapping, vault_key + (own_secret or os.urandom(32)))


def open_slot(stretched: Stretched, slot: bytes) -> tuple[bytes, bytes]:
    """Vault key and own secret."""
    both = unwrap(stretched.wrapping, slot)
    return both[:32], both[32:]


class SlotFile:
    """The key slots beside an embedded file, one per login, the login kept as a digest only."""

    def __init__(self, database: Path) -> None:
        self.path = database.with_name(database.name + "-keys")

    def put(self, login: str, stretched: Stretched, key: bytes) -> None:
        slots = self._read()
        slots[self._name(login)] = {
            "salt": base64.b64encode(stretched.salt).decode(),
            "sealed": base64.b64encode(wrap(stretched.wrapping, key)).decode(),
        }
        self._write(slots)

    def remove(self, login: str) -> None:
        """Take a person's slot away; `Unavailable` with what to do when the file can't be written."""
        slots = self._read()
        if slots.pop(self._name(login), None) is None:
            return
        try:
            self._write(slots)
        except OSError as error:
            raise Unavailable(
                f"The person can no longer sign in, but “{self.path.name}” could not be changed ({error.strerror}); "
                "delete that file: everybody else then gives the laboratory's passphrase once."
            ) from None

    def open(self, login: str, password: str) -> tuple[bytes, Stretched] | None:
        """The file's key and the stretched password; None when there is no slot or the password is not its own."""
        slot = self._read().get(self._name(login))
        if slot is None:
            return None
        try:
            stretched = stretch(password, base64.b64decode(slot["salt"]))
            return unwrap(stretched.wrapping, base64.b64decode(slot["sealed"])), stretched
        except (Refused, KeyError, ValueError):
            return None

    def _name(self, login: str) -> str:
        return hashlib.sha256(f"nomina slot {login.casefold()}".encode()).hexdigest()[:32]

    def _read(self) -> dict[str, dict[str, str]]:
        try:
            slots: dict[str, dict[str, str]] = json.loads(self.path.read_text())["slots"]
            return slots
        except (OSError, ValueError, KeyError, TypeError):
            return {}  # slots are a convenience: the passphrase still opens the file

    def _write(self, slots: dict[str, dict[str, str]]) -> None:
        handle, name = tempfile.mkstemp(dir=self.path.parent, prefix=self.path.name)
        try:
            with os.fdopen(handle, "w") as file:
                json.dump({"version": 1, "slots": slots}, file)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(self.path)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise
