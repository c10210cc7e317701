"""Certificates of the authorities that this workstation knows; public, so they stand beside no secret.

Creating or opening a laboratory leaves its authority here, so that its reports can be verified later without
the laboratory. Another laboratory's certificate is put here by hand, after comparing its fingerprint.
"""

import hashlib
import re
from pathlib import Path

from forensics.services.workstation import APPLICATION


def authority_folder() -> Path:
    """Where the certificates stand as PEM files; made when it is missing."""
    from platformdirs import user_data_path

    folder = user_data_path(APPLICATION, appauthor=False) / "authorities"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def known_authorities() -> list[bytes]:
    """Every certificate known here, PEM."""
    return [path.read_bytes() for path in sorted(authority_folder().glob("*.pem"))]


def remember_authority(laboratory: str, certificate: bytes) -> Path:
    """Keep a laboratory's PEM certificate; the file is named after the laboratory and the fingerprint."""
    name = re.sub(r"[^A-Za-z0-9]+", "-", laboratory).strip("-") or "laboratory"
    path = authority_folder() / f"{name[:40]}-{hashlib.sha256(certificate).hexdigest()[:12]}.pem"
    path.write_bytes(certificate)
    return path
