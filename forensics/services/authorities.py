"""Certificates of the authorities that this workstation knows; public, so they stand beside no secret.

Signing a report, or verifying one with the laboratory open, leaves its authority here, so that its reports can
be verified later without the laboratory. Another laboratory's certificate is put here by hand, after comparing
its fingerprint.
"""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path
from threading import get_ident
from typing import TYPE_CHECKING

from forensics.services.workstation import APPLICATION

if TYPE_CHECKING:
    from forensics.services.door import Laboratory


def authority_folder() -> Path:
    """Where the certificates stand as PEM files; made when it is missing."""
    from platformdirs import user_data_path

    folder = user_data_path(APPLICATION, appauthor=False) / "authorities"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def known_authorities() -> list[bytes]:
    """Every certificate known here, PEM. A file that is none vouches for nobody, and keeps none from being used."""
    found = (path.read_bytes() for path in sorted(authority_folder().glob("*.pem")))
    return [pem for pem in found if b"-----BEGIN CERTIFICATE-----" in pem]


def authorities_with(laboratory: Laboratory) -> list[bytes]:
    """Every certificate known here and that of the open laboratory, which is known here from now on."""
    from forensics.services.identities import authority

    own = laboratory.run(authority)
    if own is not None:
        remember_authority(laboratory.name, own.certificate.encode())
    return known_authorities()


def remember_authority(laboratory: str, certificate: bytes) -> Path:
    """Keep a laboratory's PEM certificate; the file is named after the laboratory and the fingerprint."""
    name = re.sub(r"[^A-Za-z0-9]+", "-", laboratory).strip("-") or "laboratory"
    path = authority_folder() / f"{name[:40]}-{hashlib.sha256(certificate).hexdigest()[:12]}.pem"
    part = path.with_suffix(f".{os.getpid()}.{get_ident()}.part")
    part.write_bytes(certificate)
    part.replace(path)  # whoever verifies meanwhile sees it whole or not at all
    return path
