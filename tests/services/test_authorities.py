"""Which authorities a workstation knows: its own laboratory's too, when a report is verified with it open."""

from __future__ import annotations

from pathlib import Path

import pytest

from forensics.services.authorities import (
    authorities_with,
    authority_folder,
    known_authorities,
    remember_authority,
)
from forensics.services.identities import record_authority
from tests.support import pki
from tests.support.laboratories import Staffed


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is known here is known to the other tests of this process too."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))


def test_the_open_laboratorys_authority_is_known_from_then_on(staffed: Staffed) -> None:
    certificate = pki.make().authority.certificate
    assert authorities_with(staffed["quality"]) == []  # before the first signature there is none
    staffed["analyst"].run(record_authority, certificate, b"a locked key")
    assert authorities_with(staffed["quality"]) == [certificate]
    assert known_authorities() == [certificate]


def test_a_file_that_is_no_certificate_keeps_none_from_being_used() -> None:
    certificate = pki.make().authority.certificate
    kept = remember_authority("Institute", certificate)
    (authority_folder() / "half.pem").write_bytes(certificate[:20])
    assert known_authorities() == [certificate]
    assert sorted(path.name for path in authority_folder().iterdir()) == sorted(["half.pem", kept.name])
