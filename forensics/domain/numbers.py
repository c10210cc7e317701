"""Numbers that people type and tokens that mean nothing, both with a check character.

The check character follows ISO/IEC 7064 MOD 37-2: 2 generates the residues of the prime 37, so every
single wrong character and every exchange of two characters (of up to 36) changes the remainder.
"""

import re
import secrets

from forensics.domain.errors import Invalid

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ*"
TOKEN_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # nothing that a tired eye confuses
TOKEN_LENGTH = 8
WRITTEN = re.compile(r"[A-Z]{2}-\d{2}-\d{5,}-[0-9A-Z*]|[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]")
"""How our numbers and tokens are written: without the dashes in their places a slip could look like another one."""
BARE = re.compile(
    r"([A-Z]{2})(\d{2})(\d{5,})([0-9A-Z*])|(?![A-Z]{2}\d{7})([0-9A-Z]{4})([0-9A-Z]{4})([0-9A-Z])"
)
"""A number that lost its last character is not read as a token."""


def check_character(text: str) -> str:
    """The MOD 37-2 check character of the letters and digits of `text`; `*` stands for 36."""
    remainder = 0
    for character in _plain(text):
        remainder = (remainder + ALPHABET.index(character)) * 2 % 37
    return ALPHABET[(38 - remainder) % 37]


def with_check(text: str) -> str:
    """`RC-26-00042` becomes `RC-26-00042-…`."""
    return f"{text}-{check_character(text)}"


def is_sound(text: str) -> bool:
    """True when the last character is the check character of what stands before it."""
    plain = [c for c in text.upper() if c in ALPHABET]
    return len(plain) > 1 and check_character("".join(plain[:-1])) == plain[-1]


def demand_sound(text: str) -> str:
    """The number in its canonical writing; `Invalid` when it was mistyped.

    Either all dashes stand in their places or there are none.
    """
    written = text.strip().upper() if text.isascii() else ""
    bare = BARE.fullmatch(written)
    written = "-".join(part for part in bare.groups() if part) if bare else written
    if not (WRITTEN.fullmatch(written) and is_sound(written)):
        raise Invalid(f"“{text}” is not a valid number: its check character does not fit; read it again.")
    return written


def looks_like_ours(text: str) -> bool:
    """Whether it was meant to be a number or token of ours, rightly typed or not, and not somebody else's number."""
    written = text.strip().upper()
    return bool(re.fullmatch(r"[A-Z]{2}-?\d{2}-?\d{5,}-?[0-9A-Z*]?", written) or WRITTEN.fullmatch(written))


def new_token() -> str:
    """A random token such as `K7QM-2XVD-4`: 39 bits, no meaning, never one with `*`."""
    while True:
        body = "".join(secrets.choice(TOKEN_ALPHABET) for _ in range(TOKEN_LENGTH))
        check = check_character(body)
        if check != "*":
            return f"{body[:4]}-{body[4:]}-{check}"


def _plain(text: str) -> str:
    plain = "".join(c for c in text.upper() if c in ALPHABET)
    if not plain:
        raise Invalid("A number needs at least one letter or digit.")
    return plain
