"""A small report of four loci, rendered and signed once for all tests that only read it."""

from functools import cache

from reports.rendering import render
from reports.signing import sign_author, sign_authoriser
from tests.support import pki, reporting

LOCI = reporting.LOCI[:4]


@cache
def unsigned() -> bytes:
    return render("match", reporting.match(1, LOCI))


@cache
def by_author() -> bytes:
    author, _ = pki.make().credentials()
    return sign_author(unsigned(), author, "DNA analyst", "I wrote this report.", pki.WHEN)


@cache
def signed() -> bytes:
    """Signed by author and authoriser."""
    _, authoriser = pki.make().credentials()
    return sign_authoriser(by_author(), authoriser, "Head", "I authorise its issue.", pki.WHEN)


def trust() -> list[bytes]:
    """The authority behind `signed`."""
    return [pki.make().authority.certificate]
