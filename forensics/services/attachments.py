"""Documents and photographs of a record: taken in, shown, saved out again, voided."""

import hashlib
from dataclasses import dataclass
from pathlib import Path, PurePath
from uuid import UUID

from forensics.domain.attachments import LARGEST, PIECE, Attachment, AttachmentPiece, Place, Sensitivity
from forensics.domain.dates import UncertainDate
from forensics.domain.errors import Invalid, Refused, Unavailable
from forensics.domain.operations import Event, Site
from forensics.domain.people import Permission
from forensics.domain.records import Record, table_name
from forensics.persistence.transaction import Transaction
from forensics.services.door import command, query
from forensics.services.external_numbers import CARRYING, record_of
from forensics.services.run_files import described

HOLDING: dict[str, type[Record]] = CARRYING | {table_name(kind): kind for kind in (Site, Event)}
"""Records that documents and photographs can belong to."""

LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class NewAttachment:
    """A file as it is handed in; `keep_place` leaves in a photograph where it was taken."""

    file_name: str
    content: bytes
    caption: str = ""
    sensitivity: Sensitivity = Sensitivity.ORDINARY
    captured: UncertainDate | None = None
    keep_place: bool = False


def read_file(path: Path) -> bytes:
    """The bytes of a file that is not too large; `Unavailable` where it can't be read."""
    try:
        if path.stat().st_size > LARGEST:
            raise _too_large(path.name)
        return path.read_bytes()
    except OSError as error:
        raise Unavailable(f"{path.name} can't be read: {error.strerror or error}.") from None


def _too_large(name: str) -> Invalid:
    return Invalid(
        f"{name} is larger than {LARGEST // 2**20} MB; keep it in the archive of files and attach a smaller copy."
    )


@query(Permission.SIGN_IN)
def attachments(tx: Transaction, entity: str, record: UUID) -> list[Attachment]:
    """What is attached to a record, oldest first; what only some may see is left out for the others."""
    record_of(tx, entity, record, HOLDING)
    found = tx.find(Attachment, record=record, voided_at=None)
    return [one for one in found if _may_see(tx, one)]


def _may_see(tx: Transaction, attachment: Attachment) -> bool:
    personal = attachment.sensitivity is Sensitivity.PERSONAL
    return not personal or bool({Permission.IDENTITY_READ, Permission.PAPERS_RECORD} & tx.permissions)


@command(Permission.PAPERS_RECORD)
def attach(tx: Transaction, entity: str, record: UUID, new: NewAttachment) -> Attachment:
    """Keep a file with a record: digest, kind by content, place taken out of photographs unless asked."""
    from forensics.formats.pictures import media_type, without_place

    record_of(tx, entity, record, HOLDING)
    name = PurePath(new.file_name.replace("\\", "/")).name.strip()[-LONGEST_NAME:]
    if not name or not new.content:
        raise Invalid("The file has no name or nothing in it; choose another.")
    if len(new.content) > LARGEST:
        raise _too_large(name)
    new = described(tx, entity, record, new)
    kind = media_type(new.content)
    clean = without_place(new.content, kind)
    content, place = new.content, Place.UNREADABLE
    if clean is not None:
        content, place = clean[0], Place.REMOVED if clean[1] else Place.NONE
    if new.keep_place and place is not Place.NONE:
        content, place = new.content, Place.KEPT
    given = hashlib.sha256(new.content).hexdigest()
    _demand_new(tx, record, given, name)
    saved = tx.add(
        Attachment(
            entity=entity,
            record=record,
            file_name=name,
            media_type=kind,
            size=len(content),
            digest=hashlib.sha256(content).hexdigest(),
            given_digest=given,
            captured=new.captured,
            caption=" ".join(new.caption.split()),
            sensitivity=new.sensitivity,
            place=place,
            claim=f"{record}:{given}",
        )
    )
    tx.add_all(
        AttachmentPiece(attachment=saved.id, position=at, content=content[start : start + PIECE])
        for at, start in enumerate(range(0, len(content), PIECE))
    )
    return saved


def _demand_new(tx: Transaction, record: UUID, given: str, name: str) -> None:
    """The same file once with a record, whatever it is called, also when what is kept of it is handed in again."""
    tx.alone()
    known = tx.one(Attachment, claim=f"{record}:{given}") or tx.one(
        Attachment, record=record, digest=given, voided_at=None
    )
    if known is not None:
        raise Invalid(
            f"{name} is here already, as {known.file_name} ({known.number}); the same file is kept once with a record."
        )


@query(Permission.SIGN_IN)
def content_of(tx: Transaction, id: UUID) -> bytes:
    """The bytes of an attachment as they were kept; `Unavailable` when they are not what the digest says."""
    found = tx.get(Attachment, id)
    record_of(tx, found.entity, found.record, HOLDING)
    if not _may_see(tx, found):
        raise Refused(
            "Only those who may read names open this; ask an administrator for a role that allows it."
        )
    pieces = tx.find(AttachmentPiece, attachment=id, order="position")
    content = b"".join(piece.content for piece in pieces)
    if hashlib.sha256(content).hexdigest() != found.digest:
        raise Unavailable(
            f"{found.file_name} is damaged: it is not what was attached. Restore it from a backup."
        )
    return content


@command(Permission.PAPERS_RECORD)
def remove_attachment(tx: Transaction, seen: Attachment, reason: str) -> Attachment:
    """Take an attachment back, with the reason; its bytes stay for the history."""
    if not reason.strip():
        raise Invalid("Say why the attachment is taken back.")
    record_of(tx, seen.entity, seen.record, HOLDING)
    freed = tx.change(seen, claim=None)
    return tx.void(freed, reason)
