"""Documents and photographs that belong to a record, kept in the database in pieces."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from forensics.domain.dates import UncertainDate
from forensics.domain.records import Record, indexed, link, unique

LARGEST = 50 * 1024 * 1024
PIECE = 1024 * 1024
"""Bytes of an attachment, and of each piece of it."""


class Sensitivity(StrEnum):
    """Who may look, and whether it is veiled until somebody asks."""

    ORDINARY = "ordinary"
    GRAPHIC = "shows remains"
    PERSONAL = "names or private life"


class Place(StrEnum):
    """What was done about the place that a camera writes into its pictures."""

    NONE = "none in the file"
    REMOVED = "removed"
    KEPT = "kept on request"
    UNREADABLE = "can't be told for this kind of file"


@dataclass(frozen=True, kw_only=True)
class Attachment(Record):
    """A file of a record; the digest is SHA-256 of what is kept, `given_digest` of what was handed in.

    `claim` is record and digest while the attachment stands, so that no record holds the same file twice.
    """

    entity: str
    record: UUID = indexed()
    file_name: str
    media_type: str
    size: int
    digest: str = indexed()
    given_digest: str
    captured: UncertainDate | None = None
    caption: str = ""
    sensitivity: Sensitivity = Sensitivity.ORDINARY
    place: Place = Place.NONE
    claim: str | None = unique(default=None)


@dataclass(frozen=True, kw_only=True)
class AttachmentPiece(Record):
    """Some of the bytes of an attachment, in their order."""

    attachment: UUID = link("attachment")
    position: int
    content: bytes
