"""What a signature looks like: who signed, when, and the certificate's fingerprint, in the report's own type."""

import hashlib
import io
from datetime import datetime
from typing import Any

from reports.document import Span, Style
from reports.flowables import Setting
from reports.shaping import prepare
from reports.typography import BODY, MM, Sizes, colour, register
from reports.wording import day

PADDING = 3.2 * MM


def seal(certificate: bytes, moment: datetime, width: float, height: float) -> bytes:
    """One PDF page of the given size in points for a PEM certificate."""
    from cryptography import x509
    from reportlab.pdfgen.canvas import Canvas

    register()
    target = io.BytesIO()
    canvas = Canvas(target, (width, height), invariant=1, initialFontName=BODY)  # type: ignore[arg-type]
    prepare(canvas)
    canvas.setFillColor(colour("accent"))
    canvas.rect(0, 0, 2.2, height, stroke=0, fill=1)
    loaded = x509.load_pem_x509_certificate(certificate)
    _lines(canvas, loaded, moment, width, height)
    canvas.save()
    return target.getvalue()


def _lines(canvas: Any, certificate: Any, moment: datetime, width: float, height: float) -> None:
    from cryptography.hazmat.primitives.serialization import Encoding
    from cryptography.x509.oid import NameOID

    subject = {one.oid: str(one.value) for one in certificate.subject}
    print_ = hashlib.sha256(certificate.public_bytes(Encoding.DER)).hexdigest()
    to, top = Setting(width - 2 * PADDING, Sizes()), height - PADDING + 2
    lines = [
        to.text("Digitally signed", "label"),
        to.text(subject.get(NameOID.COMMON_NAME, ""), "headline", size=11.5, leading=16),
        to.text(subject.get(NameOID.ORGANIZATION_NAME, ""), "note", leading=10),
        to.text(day(moment), "cell"),
        to.text(Span(f"certificate {print_[:16]} {print_[16:32]}", Style.CODE), "note", size=6.4, leading=9),
    ]
    for line in lines:
        _, used = line.wrap(to.width, height)
        top -= used
        line.drawOn(canvas, PADDING + 2.2, top)


def picture(page: bytes) -> Any:
    """The page as content that pyHanko can place in a field."""
    import binascii

    from pyhanko.pdf_utils.content import PdfContent
    from pyhanko.pdf_utils.layout import BoxConstraints
    from pyhanko.pdf_utils.reader import PdfFileReader

    class Page(PdfContent):
        def render(self) -> bytes:
            form = self._ensure_writer.import_page_as_xobject(PdfFileReader(io.BytesIO(page)))
            name = b"/Seal" + binascii.hexlify(page[-8:])
            self.resources.xobject[name.decode()] = form
            left, bottom, right, top = form.get_object()["/BBox"]
            self.box = BoxConstraints(width=abs(right - left), height=abs(top - bottom))
            return name + b" Do"

    return Page()
