"""What this program is made of: its version, its schema, the libraries it stands on and their licences."""

import platform
from dataclasses import dataclass
from importlib import metadata

from forensics.persistence import upgrading

_LIBRARIES = (
    "PySide6",
    "PySide6_Essentials",
    "numpy",
    "scipy",
    "numba",
    "SQLAlchemy",
    "alembic",
    "sqlcipher3",
    "psycopg",
    "cryptography",
    "argon2-cffi",
    "reportlab",
    "pyhanko",
    "pikepdf",
    "svglib",
    "pypdfium2",
    "lxml",
    "openpyxl",
    "rapidfuzz",
    "anyascii",
)


@dataclass(frozen=True, slots=True)
class Component:
    """A part of the program with its version and licence."""

    name: str
    version: str
    licence: str


def version() -> str:
    """The version of this program."""
    try:
        return metadata.version("nomina")
    except metadata.PackageNotFoundError:
        return "from source"


def schema() -> str:
    """The schema of laboratories that this program writes."""
    return str(upgrading.HEAD)


def components() -> list[Component]:
    """Python and the libraries that are installed, with the licences that they state."""
    found = [Component("Python", platform.python_version(), "PSF-2.0")]
    for name in _LIBRARIES:
        try:
            about = metadata.metadata(name)
        except metadata.PackageNotFoundError:
            continue
        found.append(Component(about["Name"], about["Version"], _licence(about)))
    return found


def _licence(about: metadata.PackageMetadata) -> str:
    """The licence expression, else the classifiers, else the first line of the licence text."""
    if "License-Expression" in about:
        return str(about["License-Expression"])
    classified = [
        c.rsplit(" :: ", 1)[-1] for c in about.get_all("Classifier") or () if c.startswith("License")
    ]
    stated = str((about.get_all("License") or [""])[0]).strip().splitlines()
    return ", ".join(c for c in classified if c != "OSI Approved") or (stated[0][:80] if stated else "")
