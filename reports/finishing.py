"""What ReportLab can't do: the facts inside the PDF, empty signature fields, metadata; reproducibly.

Attached as an associated file (ISO 32000-2, 7.11.4 and 14.13), so that any reader lists `facts.json`. The fields
are created here so that signing later only fills them, which a certification signature permits.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from reports.document import Document
from reports.signature_boxes import Place

ATTACHMENT = "facts.json"
DIGEST_KEY, PAPER_KEY, MARK_KEY = "/NominaFactsSHA256", "/NominaPaper", "/NominaWatermark"
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)  # of a draft: no moment belongs to it yet


@dataclass(frozen=True, slots=True)
class Extras:
    """What goes into the file beside the pages; `notes` are entries of the document information."""

    facts: bytes
    places: Sequence[Place]
    notes: Mapping[str, str]


def finish(raw: bytes, document: Document, extras: Extras) -> bytes:
    """The finished, unsigned PDF."""
    import pikepdf

    with pikepdf.open(io.BytesIO(raw)) as pdf:
        moment = document.frame.issued or EPOCH
        _attach(pdf, extras.facts, moment)
        _fields(pdf, extras.places)
        _describe(pdf, document, extras.notes, moment)
        target = io.BytesIO()
        pdf.save(target, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return target.getvalue()


def _attach(pdf: Any, facts: bytes, moment: datetime) -> None:
    import pikepdf

    spec = pikepdf.AttachedFileSpec(
        pdf,
        facts,
        description="Facts of this report as JSON; every number can be recomputed from them",
        filename=ATTACHMENT,
        mime_type="application/json",
        creation_date=_pdf_date(moment),
        mod_date=_pdf_date(moment),
    )
    spec.obj.AFRelationship = pikepdf.Name.Data
    pdf.attachments[ATTACHMENT] = spec
    pdf.Root.AF = pikepdf.Array([pdf.attachments[ATTACHMENT].obj])


def _fields(pdf: Any, places: Sequence[Place]) -> None:
    """Empty signature fields with visible boxes."""
    import pikepdf

    fields = [_field(pdf, place) for place in places]
    if fields:
        form = pikepdf.Dictionary(Fields=pikepdf.Array(fields), SigFlags=0)
        pdf.Root.AcroForm = pdf.make_indirect(form)


def _field(pdf: Any, place: Place) -> Any:
    import pikepdf

    page = pdf.pages[place.page]
    field = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot,
        Subtype=pikepdf.Name.Widget,
        FT=pikepdf.Name.Sig,
        T=place.field,
        TU=place.label,
        Rect=pikepdf.Array(list(place.box)),
        F=132,  # printed, locked
        P=page.obj,
    )
    made = pdf.make_indirect(field)
    if "/Annots" not in page:
        page.Annots = pdf.make_indirect(pikepdf.Array([]))
    page.Annots.append(made)
    return made


def _describe(pdf: Any, document: Document, notes: Mapping[str, str], moment: datetime) -> None:
    """Title, author, language, dates, as XMP and as the older document information."""
    import pikepdf

    frame = document.frame
    title = f"{frame.title} {frame.number} (version {frame.version})"
    pdf.Root.Lang = frame.language
    pdf.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
    for key, text in notes.items():
        pdf.docinfo[key] = text
    for key in ("/CreationDate", "/ModDate"):
        pdf.docinfo[key] = _pdf_date(moment)
    with pdf.open_metadata(set_pikepdf_as_editor=False) as meta:
        meta["dc:title"] = title
        meta["dc:creator"] = [frame.laboratory.name]
        meta["dc:subject"] = [document.kind, frame.number]
        meta["dc:language"] = [frame.language]
        meta["xmp:CreateDate"] = moment.isoformat()
        meta["xmp:ModifyDate"] = moment.isoformat()
        meta["xmp:CreatorTool"] = frame.engine
        meta["pdf:Producer"] = "ReportLab, pikepdf"


def _pdf_date(moment: datetime) -> str:
    return f"D:{moment.astimezone(UTC):%Y%m%d%H%M%S}Z"


def attached_facts(data: bytes) -> list[bytes]:
    """The contents of every attached `facts.json`; more than one is itself suspicious."""
    import pikepdf

    with pikepdf.open(io.BytesIO(data)) as pdf:
        return [
            spec.get_file().read_bytes()
            for name, spec in pdf.attachments.items()
            if name == ATTACHMENT or spec.filename == ATTACHMENT
        ]


def notes_of(data: bytes) -> dict[str, str]:
    """Digest of the facts, paper and watermark as the document information states them; "" where it does not."""
    import pikepdf

    with pikepdf.open(io.BytesIO(data)) as pdf:
        return {key: str(pdf.docinfo.get(key, "")) for key in (DIGEST_KEY, PAPER_KEY, MARK_KEY)}
