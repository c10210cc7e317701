"""A disposable authority with two people, and a foreign one that looks the same."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from reports.authority import Authority, Credential, Identity, create_authority, issue_identity, unlock

WHEN = datetime(2026, 3, 11, 9, 30, tzinfo=UTC)
AUTHORITY_PASS, PERSON_PASS = b"authority passphrase", b"personal passphrase"
LABORATORY = "National Institute for Missing Persons"


@dataclass(frozen=True)
class Pki:
    """An authority with an author and an authoriser."""

    authority: Authority
    author: Identity
    authoriser: Identity

    def credentials(self) -> tuple[Credential, Credential]:
        return unlock(self.author, PERSON_PASS), unlock(self.authoriser, PERSON_PASS)


@cache
def make(name: str = LABORATORY, when: datetime = WHEN) -> Pki:
    """A new authority; equal arguments return the same one."""
    authority = create_authority(name, AUTHORITY_PASS, when)
    people = ("Љиљана Ђорђевић", "محمد عبد الرحمن الحسيني")
    author, authoriser = (
        issue_identity(authority, AUTHORITY_PASS, person, name, PERSON_PASS, number=f"P-{n}", now=when)
        for n, person in enumerate(people)
    )
    return Pki(authority, author, authoriser)
