"""The signatures in a PDF, each by itself: cryptography, chain of trust, coverage, later changes.

pyHanko's `bottom_line` stays true when junk is appended after the end of the file; here the last signature has
to cover the file to its last byte, and what follows an earlier one may only be the next signature.
"""

import io
import logging
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from forensics.domain.errors import Invalid
from reports.kinds.parts import AUTHOR, AUTHORISER
from reports.verification import Check, Outcome, SignatureStatus

FIELDS = (AUTHOR, AUTHORISER)


def signatures(pdf: bytes, trust: Sequence[bytes]) -> tuple[SignatureStatus, ...]:
    """Status of every signature in order of signing; `trust` are PEM certificates of authorities.

    A file that can't be read as a PDF raises whatever the parser met; callers treat that as altered.
    """
    from pyhanko.pdf_utils.reader import PdfFileReader

    logging.getLogger("pyhanko").addHandler(logging.NullHandler())  # findings are returned, not printed
    found = PdfFileReader(io.BytesIO(pdf), strict=False).embedded_signatures
    return tuple(_status(one, pdf, trust) for one in found)


def _status(one: Any, pdf: bytes, trust: Sequence[bytes]) -> SignatureStatus:
    from pyhanko.sign.diff_analysis import ModificationLevel
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko.sign.validation.status import SignatureCoverageLevel

    moment = one.self_reported_timestamp
    status = validate_pdf_signature(one, _context(trust, moment))
    covers = status.coverage == SignatureCoverageLevel.ENTIRE_FILE and _to_the_end(one, pdf)
    _, first, second, _ = one.byte_range
    whole_revision = _hole_is_clean(one, pdf[first:second]) and status.coverage in (
        SignatureCoverageLevel.ENTIRE_FILE,
        SignatureCoverageLevel.ENTIRE_REVISION,
    )
    harmless = status.modification_level in (
        ModificationLevel.NONE,
        ModificationLevel.LTA_UPDATES,
        ModificationLevel.FORM_FILLING,
    )
    return SignatureStatus(
        field=one.field_name,
        signer=_common_name(one.signer_cert),
        reason=str(one.sig_object.get("/Reason", "")),
        at=moment,
        valid=bool(status.intact and status.valid),
        trusted=bool(status.trusted) if trust else None,
        covers_whole_file=covers,
        modified_after=not whole_revision or not (harmless and bool(status.docmdp_ok)),
        trouble="" if status.trusted or not trust else _trouble(status),
    )


def _to_the_end(one: Any, pdf: bytes) -> bool:
    """The signed ranges and the signature's own hole make up the file from the first to the last byte."""
    start, first, second, length = one.byte_range
    return bool(start == 0 and second + length == len(pdf) and _hole_is_clean(one, pdf[first:second]))


def _hole_is_clean(one: Any, hole: bytes) -> bool:
    """The hole holds the signature as hexadecimal in one case, then nothing but zeros.

    No signature covers its own hole, so every byte of it has to be the only one that it can be.
    """
    content = bytes(one.pkcs7_content)
    digits, envelope = content.hex().encode(), _envelope(content)
    written = hole in (b"<" + digits + b">", b"<" + digits.upper() + b">")
    return written and content.startswith(envelope) and not content[len(envelope) :].strip(b"\0")


@lru_cache(maxsize=8)
def _envelope(content: bytes) -> bytes:
    """The CMS envelope (RFC 5652, 5.1) as our signer writes it around the signed parts of `content`."""
    from asn1crypto import cms

    found = cms.ContentInfo.load(content)["content"]
    signer = found["signer_infos"][0]
    algorithm = {"algorithm": signer["digest_algorithm"]["algorithm"].native}
    info = {name: signer[name] for name in ("sid", "signed_attrs", "signature_algorithm", "signature")}
    data = {
        "version": "v1",
        "digest_algorithms": [algorithm],
        "encap_content_info": {"content_type": "data"},
        "certificates": found["certificates"],
        "signer_infos": [{"version": "v1", "digest_algorithm": algorithm, **info}],
    }
    envelope: bytes = cms.ContentInfo({"content_type": "signed_data", "content": data}).dump(force=True)
    return envelope


def _context(trust: Sequence[bytes], moment: datetime | None) -> Any:
    """Certificates are judged at the signer's stated time, or no report would outlive its certificate."""
    from pyhanko_certvalidator import ValidationContext

    roots = authorities(trust)
    return ValidationContext(
        trust_roots=roots, moment=moment, allow_fetching=False, revocation_mode="soft-fail"
    )


def authorities(trust: Sequence[bytes]) -> list[Any]:
    """PEM texts as certificates; `Invalid` for a text that holds none."""
    from asn1crypto import pem, x509

    try:
        found = [
            x509.Certificate.load(der) for text in trust for _, _, der in pem.unarmor(text, multiple=True)
        ]
        for one in found:
            one.subject.native  # noqa: B018 - parsed only when it is looked at
    except ValueError as error:
        raise Invalid(
            "A file that should vouch for the signers holds no certificate; give the laboratory's PEM file."
        ) from error
    return found


def _common_name(certificate: Any) -> str:
    native = certificate.subject.native
    return str(native.get("common_name", certificate.subject.human_friendly))


def _trouble(status: Any) -> str:
    found = status.trust_problem_indic
    return str(found.name).lower().replace("_", " ") if found is not None else "no path to a known authority"


def checks(found: Sequence[SignatureStatus]) -> list[Check]:
    """The findings as sentences: present, intact, complete, trusted."""
    if not found:
        return [Check("signature", Outcome.FAILS, "The file carries no signature.")]
    return [_presence(found), _integrity(found), _coverage(found), _trust(found)]


def _presence(found: Sequence[SignatureStatus]) -> Check:
    lacking = [field for field in FIELDS if field not in {one.field for one in found}]
    if lacking:
        names = " and ".join(name.lower() for name in lacking)
        return Check("signatures", Outcome.FAILS, f"The signature of the {names} is missing.")
    return Check("signatures", Outcome.HOLDS, "Author and authoriser have signed.")


def _integrity(found: Sequence[SignatureStatus]) -> Check:
    broken = [one.signer for one in found if not one.valid]
    if broken:
        sentence = (
            f"The signature of {' and '.join(broken)} does not fit the file: it was changed after signing."
        )
        return Check("integrity", Outcome.FAILS, sentence, alters=True)
    return Check("integrity", Outcome.HOLDS, "Every signature fits what it signed.")


def _coverage(found: Sequence[SignatureStatus]) -> Check:
    if not found[-1].covers_whole_file:
        sentence = (
            "The last signature does not cover the whole file: something was added or changed after signing."
        )
        return Check("coverage", Outcome.FAILS, sentence, alters=True)
    changed = [one.signer for one in found[:-1] if one.modified_after]
    if changed:
        sentence = (
            f"After {' and '.join(changed)} signed, more was changed than the next signature may change."
        )
        return Check("coverage", Outcome.FAILS, sentence, alters=True)
    return Check(
        "coverage", Outcome.HOLDS, "The last signature covers the whole file, from first to last byte."
    )


def _trust(found: Sequence[SignatureStatus]) -> Check:
    if any(one.trusted is None for one in found):
        sentence = "No authority is known on this machine; give the laboratory's certificate with --trust."
        return Check("trust", Outcome.UNCHECKED, sentence)
    strangers = [f"{one.signer} ({one.trouble})" for one in found if not one.trusted]
    if strangers:
        sentence = f"The certificate of {' and '.join(strangers)} does not lead to a known authority."
        return Check("trust", Outcome.FAILS, sentence)
    return Check("trust", Outcome.HOLDS, "The signers' certificates were issued by a known authority.")
