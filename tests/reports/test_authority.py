"""Certificates and keys: what they permit, and what is said when they don't fit."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    load_pem_private_key,
)
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates
from cryptography.x509.oid import ExtendedKeyUsageOID

from forensics.domain.errors import Invalid, Refused
from reports.authority import (
    certified_name,
    create_authority,
    export_pkcs12,
    import_pkcs12,
    issue_identity,
    unlock,
)
from tests.support import pki

NOW = pki.WHEN + timedelta(days=1)


def test_a_personal_certificate_permits_signing_and_nothing_else() -> None:
    own = x509.load_pem_x509_certificate(pki.make().author.certificate)
    usage = own.extensions.get_extension_for_class(x509.KeyUsage).value
    assert usage.digital_signature
    assert usage.content_commitment
    assert not usage.key_cert_sign
    assert (
        ExtendedKeyUsageOID.EMAIL_PROTECTION
        in own.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    )
    assert not own.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    own.verify_directly_issued_by(x509.load_pem_x509_certificate(pki.make().authority.certificate))


def test_private_keys_are_only_kept_encrypted_and_never_shown() -> None:
    known = pki.make()
    for key in (known.author.key, known.authority.key):
        assert b"ENCRYPTED PRIVATE KEY" in key
        with pytest.raises(TypeError):
            load_pem_private_key(key, None)
    assert "PRIVATE" not in repr(known.author) + repr(known.authority)
    with pytest.raises(Invalid, match="needs a passphrase"):
        create_authority("Laboratory", b"")


def test_a_wrong_passphrase_is_a_sentence() -> None:
    with pytest.raises(Refused, match="passphrase does not open the signing key of Љиљана"):
        unlock(pki.make().author, b"wrong")
    with pytest.raises(Refused, match="authority of the laboratory"):
        issue_identity(pki.make().authority, b"wrong", "A", "B", b"c")


def test_pkcs12_goes_out_and_comes_back() -> None:
    author = pki.make().author
    file = export_pkcs12(author, pki.PERSON_PASS, b"travel")
    again = import_pkcs12(file, b"travel", b"new passphrase", NOW)
    assert again.certificate == author.certificate
    assert again.chain == author.chain
    assert unlock(again, b"new passphrase").name == "Љиљана Ђорђевић"


@pytest.mark.parametrize(("data", "password"), [(b"no such file", b"x"), (None, b"wrong"), (None, b"")])
def test_what_does_not_open_is_a_sentence(data: bytes | None, password: bytes) -> None:
    file = data or export_pkcs12(pki.make().author, pki.PERSON_PASS, b"travel")
    with pytest.raises(Invalid, match="can't be opened"):
        import_pkcs12(file, password, b"new", NOW)


def test_a_key_without_its_certificate_is_a_sentence() -> None:
    key = load_pem_private_key(pki.make().author.key, pki.PERSON_PASS)
    file = serialize_key_and_certificates(b"a", key, None, None, BestAvailableEncryption(b"p"))  # type: ignore[arg-type]
    with pytest.raises(Invalid, match="holds no certificate"):
        import_pkcs12(file, b"p", b"new", NOW)


@pytest.mark.parametrize(
    ("now", "sentence"),
    [
        (datetime(2030, 1, 1, tzinfo=UTC), "expired on 2029-03"),
        (datetime(2025, 1, 1, tzinfo=UTC), "valid only from 2026-03-11"),
    ],
)
def test_outside_its_period_a_certificate_is_refused(now: datetime, sentence: str) -> None:
    file = export_pkcs12(pki.make().author, pki.PERSON_PASS, b"travel")
    with pytest.raises(Refused, match=sentence):
        import_pkcs12(file, b"travel", b"new", now)


def test_a_long_name_fits_into_a_certificate() -> None:
    known = pki.make()
    person = issue_identity(known.authority, pki.AUTHORITY_PASS, "N" * 200, "L" * 200, b"p", now=pki.WHEN)
    assert person.name == "N" * 64
    assert replace(person, chain=()).chain == ()


@pytest.mark.parametrize(
    ("name", "held"),
    [
        ("Љиљана Ђорђевић", "Љиљана Ђорђевић"),
        ("محمد عبد الرحمن الحسيني", "محمد عبد الرحمن الحسيني"),
        ("Rana حداد", "Rana hdd"),
        ("معهد الطب الشرعي authority", "m`hd ltb lshr`y authority"),
        ("x" * 80, "x" * 64),
    ],
)
def test_a_certificate_holds_a_name_that_verifiers_can_compare(name: str, held: str) -> None:
    assert certified_name(name) == held
    assert asn1.Name.build({"common_name": certified_name(name)}).hashable


def test_a_laboratory_and_a_person_named_in_two_scripts_sign_what_verifies() -> None:
    known = pki.make("معهد الطب الشرعي, Tripoli")
    own = x509.load_pem_x509_certificate(known.author.certificate)
    own.verify_directly_issued_by(x509.load_pem_x509_certificate(known.authority.certificate))
    for pem in (known.authority.certificate, known.author.certificate):
        der = x509.load_pem_x509_certificate(pem).public_bytes(Encoding.DER)
        assert asn1.Certificate.load(der).subject.hashable
        assert asn1.Certificate.load(der).issuer.hashable


def test_a_foreign_certificate_that_would_verify_nowhere_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reports.authority.certified_name", lambda name: name[:64])
    authority = create_authority("معهد الطب Tripoli", b"passphrase", pki.WHEN)
    author = issue_identity(authority, b"passphrase", "Rana", "Laboratory", pki.PERSON_PASS, now=pki.WHEN)
    file = export_pkcs12(author, pki.PERSON_PASS, b"travel")
    with pytest.raises(Invalid, match="verify nowhere"):
        import_pkcs12(file, b"travel", b"new", NOW)
