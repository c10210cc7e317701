"""Signatures in a report: the author certifies, then the authoriser approves, each in its own increment.

PAdES B-B (ETSI EN 319 142-1), no network: the time is the signer's statement, not a time-stamp. The author's
certification (DocMDP, fill forms) permits nothing after it but the authoriser's signature in the field that
the report already has. Bytes in, bytes out.
"""

import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from forensics.domain.errors import Invalid, Refused
from reports.authority import Credential, check_valid
from reports.kinds.parts import AUTHOR, AUTHORISER

if TYPE_CHECKING:
    from pyhanko.sign import signers


def sign_author(
    pdf: bytes, credential: Credential, role: str, meaning: str, now: datetime | None = None
) -> bytes:
    """The report certified by its author; refused when a signature is already there or a certificate expired."""
    filled = signed_fields(pdf)
    if filled:
        raise Refused("This report already carries a signature; the author signs first, and only once.")
    return _sign(pdf, AUTHOR, credential, role, meaning, now, certify=True)


def sign_authoriser(
    pdf: bytes, credential: Credential, role: str, meaning: str, now: datetime | None = None
) -> bytes:
    """The report approved by its authoriser: after the author, and another person than the author."""
    filled = signed_fields(pdf)
    if AUTHOR not in filled:
        raise Refused("The author has not signed this report yet; the authoriser signs after the author.")
    if AUTHORISER in filled:
        raise Refused("This report is already authorised; issue a new version to change it.")
    if _same_person(filled[AUTHOR], credential):
        raise Refused(f"{credential.name} wrote this report; another person has to authorise it.")
    return _sign(pdf, AUTHORISER, credential, role, meaning, now, certify=False)


def signed_fields(pdf: bytes) -> dict[str, bytes]:
    """Filled signature fields and the DER certificate of each signer; `Invalid` if it is not a PDF."""
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.pdf_utils.reader import PdfFileReader

    try:
        found = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
        return {one.field_name: one.signer_cert.dump() for one in found}
    except PdfError as error:
        raise Invalid("This file is not a readable PDF; choose the report again.") from error


def _same_person(certificate: bytes, credential: Credential) -> bool:
    """The same certificate, or another one issued to the same subject."""
    from cryptography import x509

    first = x509.load_der_x509_certificate(certificate)
    return first.subject == x509.load_pem_x509_certificate(credential.certificate).subject


def _sign(
    pdf: bytes,
    field: str,
    credential: Credential,
    role: str,
    meaning: str,
    now: datetime | None,
    certify: bool,
) -> bytes:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
    from pyhanko.sign.signers import PdfSignatureMetadata

    moment = (now or datetime.now(UTC)).astimezone(UTC).replace(microsecond=0)
    _check(credential, moment)
    metadata = PdfSignatureMetadata(
        field_name=field,
        name=credential.name,
        reason=f"{role}: {meaning}",
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        certify=certify,
        docmdp_permissions=MDPPerm.FILL_FORMS,
    )
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    style = _seal(pdf, field, credential, moment)
    signer = _at(moment)(metadata, signer=_signer(credential), stamp_style=style)
    signed: bytes = signer.sign_pdf(writer, existing_fields_only=True).getvalue()
    return signed


def _check(credential: Credential, moment: datetime) -> None:
    """Own certificate and those above it must be valid now."""
    from cryptography import x509

    for pem in (credential.certificate, *credential.chain):
        check_valid(x509.load_pem_x509_certificate(pem), moment)


def _at(moment: datetime) -> Any:
    """A signer whose stated time is `moment`, the one that is printed in the seal."""
    from pyhanko.sign.signers import PdfSigner

    class Signer(PdfSigner):
        def init_signing_session(self, *arguments: Any, **more: Any) -> Any:
            session = super().init_signing_session(*arguments, **more)
            session.system_time = moment
            return session

    return Signer


def _signer(credential: Credential) -> "signers.SimpleSigner":
    from asn1crypto import keys, pem, x509
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
    from pyhanko.sign.signers import SimpleSigner
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    def certificate(text: bytes) -> x509.Certificate:
        return x509.Certificate.load(pem.unarmor(text)[2])

    der = credential.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    store: Any = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    store.register_multiple(certificate(text) for text in credential.chain)
    own, key = certificate(credential.certificate), keys.PrivateKeyInfo.load(der)
    return SimpleSigner(own, key, store, embed_roots=False)  # what is embedded, the signature covers


def _seal(pdf: bytes, field: str, credential: Credential, moment: datetime) -> Any:
    """The visible appearance: our own page as the picture in the field's box."""
    from pyhanko.pdf_utils.layout import AxisAlignment, SimpleBoxLayoutRule
    from pyhanko.stamp import StaticStampStyle

    from reports.seal import picture, seal

    width, height = _box(pdf, field)
    drawn = seal(credential.certificate, moment, width, height)
    layout = SimpleBoxLayoutRule(x_align=AxisAlignment.ALIGN_MID, y_align=AxisAlignment.ALIGN_MID)
    return StaticStampStyle(border_width=0, background=picture(drawn), background_layout=layout)


def _box(pdf: bytes, field: str) -> tuple[float, float]:
    """Size of a signature field in points."""
    import pikepdf

    with pikepdf.open(io.BytesIO(pdf)) as opened:
        form: Any = opened.Root.get("/AcroForm", {"/Fields": []})
        for one in form["/Fields"]:
            if str(one.T) == field:
                x0, y0, x1, y1 = (float(edge) for edge in one.Rect)
                return x1 - x0, y1 - y0
    raise Invalid(f"This file has no field “{field}” to sign; choose a report that was made here.")
