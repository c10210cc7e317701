"""Two people sign one after the other, each in an increment of their own; an independent program agrees."""

import io
import re
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
import pytest

from forensics.domain.errors import Invalid, Refused
from reports.authority import Credential, issue_identity, unlock
from reports.signing import sign_author, sign_authoriser
from tests.support import pki
from tests.support.signed import by_author, signed, unsigned

AUTHOR, AUTHORISER = pki.make().credentials()
SAY = ("DNA analyst", "I wrote this report.", pki.WHEN)


def test_each_signature_is_an_increment_and_changes_nothing_before_it() -> None:
    assert by_author().startswith(unsigned())
    assert signed().startswith(by_author())


def test_the_author_certifies_and_permits_only_the_next_signature() -> None:
    with pikepdf.open(io.BytesIO(signed())) as pdf:
        [author, authoriser] = pdf.Root.AcroForm.Fields
        assert str(author.V.SubFilter) == "/ETSI.CAdES.detached"
        assert str(author.V.Reason) == "DNA analyst: I wrote this report."
        assert pdf.Root.Perms.DocMDP.objgen == author.V.objgen
        assert int(author.V.Reference[0].TransformParams.P) == 2
        assert "/Reference" not in authoriser.V


def test_the_order_and_the_two_persons_are_demanded() -> None:
    with pytest.raises(Refused, match="author has not signed"):
        sign_authoriser(unsigned(), AUTHORISER, *SAY)
    with pytest.raises(Refused, match="another person has to authorise"):
        sign_authoriser(by_author(), AUTHOR, *SAY)
    with pytest.raises(Refused, match="already carries a signature"):
        sign_author(by_author(), AUTHOR, *SAY)
    with pytest.raises(Refused, match="already authorised"):
        sign_authoriser(signed(), AUTHORISER, *SAY)


def test_a_second_certificate_does_not_make_a_second_person() -> None:
    again = issue_identity(
        pki.make().authority,
        pki.AUTHORITY_PASS,
        AUTHOR.name,
        pki.LABORATORY,
        b"p",
        number="P-0",
        now=pki.WHEN,
    )
    with pytest.raises(Refused, match="another person has to authorise"):
        sign_authoriser(by_author(), unlock(again, b"p"), *SAY)


def test_an_expired_certificate_is_refused_in_one_sentence() -> None:
    with pytest.raises(Refused, match=r"expired on 2029-03-\d\d; ask the administrator"):
        sign_author(unsigned(), AUTHOR, "DNA analyst", "I wrote it.", datetime(2031, 1, 1, tzinfo=UTC))


def test_what_has_no_field_to_sign_is_refused() -> None:
    target = io.BytesIO()
    with pikepdf.new() as empty:
        empty.add_blank_page()
        empty.save(target)
    with pytest.raises(Invalid, match="no field “Author”"):
        sign_author(target.getvalue(), AUTHOR, *SAY)
    with pytest.raises(Invalid, match="not a readable PDF"):
        sign_author(b"not a PDF", AUTHOR, *SAY)


def test_the_credential_does_not_show_its_key() -> None:
    assert isinstance(AUTHOR, Credential)
    assert "key" not in repr(AUTHOR).replace("_key", "")


@pytest.mark.skipif(shutil.which("pdfsig") is None, reason="pdfsig (poppler-utils) is not installed")
def test_pdfsig_finds_both_signatures_valid(tmp_path: Path) -> None:
    said = pdfsig(signed(), tmp_path)
    assert said.count("Signature is Valid.") == 2
    assert said.count("ETSI.CAdES.detached") == 2
    assert "Total document signed" in said.split("Signature #2")[1]
    broken = bytearray(signed())
    broken[200] ^= 1
    assert pdfsig(bytes(broken), tmp_path).count("Signature is Valid.") < 2


@pytest.mark.skipif(shutil.which("pdfsig") is None, reason="pdfsig (poppler-utils) is not installed")
@pytest.mark.skipif(shutil.which("certutil") is None, reason="certutil (libnss3-tools) is not installed")
def test_pdfsig_trusts_both_when_it_knows_the_authority(tmp_path: Path) -> None:
    store = tmp_path / "nss"
    store.mkdir()
    (tmp_path / "ca.pem").write_bytes(pki.make().authority.certificate)
    subprocess.run(["certutil", "-N", "-d", f"sql:{store}", "--empty-password"], check=True)
    add = [
        "certutil",
        "-A",
        "-d",
        f"sql:{store}",
        "-n",
        "laboratory",
        "-t",
        ",C,",
        "-i",
        str(tmp_path / "ca.pem"),
    ]
    subprocess.run(add, check=True)
    assert pdfsig(signed(), tmp_path, f"sql:{store}").count("Certificate is Trusted.") == 2


def pdfsig(pdf: bytes, folder: Path, store: str | None = None) -> str:
    """What pdfsig says about the bytes."""
    path = folder / "report.pdf"
    path.write_bytes(pdf)
    nss = ["-nssdir", store] if store else []
    done = subprocess.run(["pdfsig", *nss, str(path)], capture_output=True, text=True, check=False)
    return re.sub(r"[ \t]+", " ", done.stdout)
