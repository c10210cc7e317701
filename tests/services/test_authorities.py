"""Which authorities a workstation knows: its own laboratory's too, when a report is verified with it open."""

from __future__ import annotations

from forensics.services.authorities import authorities_with, authority_folder, known_authorities
from forensics.services.identities import record_authority
from tests.support.laboratories import Staffed


def test_the_open_laboratorys_authority_is_known_from_then_on(staffed: Staffed) -> None:
    for kept in authority_folder().glob("*.pem"):
        kept.unlink()
    assert authorities_with(staffed["quality"]) == []  # before the first signature there is none
    staffed["analyst"].run(record_authority, b"an authority", b"a locked key")
    assert authorities_with(staffed["quality"]) == [b"an authority"]
    assert known_authorities() == [b"an authority"]
