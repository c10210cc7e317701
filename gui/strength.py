"""How strong a secret is, in words, and a good one for who wants it made."""

from __future__ import annotations

import math
import secrets
from enum import Enum

SHORTEST = 10  # as the services demand (NIST SP 800-63B counts length)
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # nothing that looks like something else


class Strength(Enum):
    """What a secret would withstand."""

    SHORT = "too short"
    WEAK = "weak"
    FAIR = "fair"
    STRONG = "strong"


def strength_of(secret: str) -> Strength:
    """By length and variety: bits of a random string of its distinct characters, repetition counting less."""
    if len(secret) < SHORTEST:
        return Strength.SHORT
    distinct = len(set(secret.casefold()))
    kinds = sum((any(map(str.islower, secret)), any(map(str.isupper, secret)), any(map(str.isdigit, secret)),
                 any(not c.isalnum() for c in secret)))  # fmt: skip
    bits = min(len(secret), 2 * distinct) * math.log2(10 + 14 * kinds) * 0.6
    return Strength.WEAK if bits < 40 else Strength.FAIR if bits < 64 else Strength.STRONG


def suggested() -> str:
    """Five groups of five from 32 letters: 125 bits, easy to write down and to read aloud."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(5)) for _ in range(5))
