"""Whatever is done to a signed report after signing is noticed; each attack on a real file."""

import hashlib
import io
import json
import random
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pikepdf
import pytest

from forensics.formats import facts as codec
from forensics.services.recomputing import recompute
from reports.checking_facts import recomputation, total
from reports.finishing import ATTACHMENT
from reports.rendering import render
from reports.signing import sign_author, sign_authoriser
from reports.verification import Outcome, Verdict, Verification
from reports.verifying import verify
from tests.support import pki, reporting
from tests.support.signed import LOCI, by_author, signed, trust, unsigned


def outcome(found: Verification, subject: str) -> Outcome:
    return next(check.outcome for check in found.checks if check.subject == subject)


def register(*files: bytes) -> Any:
    """A register that holds these files under the report's number."""
    digests = {hashlib.sha256(file).hexdigest() for file in files}
    return lambda number, version: digests if (number, version) == ("R-2026-00417-K", 1) else set()


def test_a_registered_report_with_known_signers_is_accepted() -> None:
    found = verify(signed(), trust(), register(signed()), recompute)
    assert [check.outcome for check in found.checks] == [Outcome.HOLDS] * 9
    assert (found.verdict, found.accepted, found.holds) == (Verdict.VALID, True, True)
    assert (found.number, found.version, found.kind) == ("R-2026-00417-K", 1, "match")
    assert [(s.field, s.signer, s.trusted) for s in found.signatures] == [
        ("Author", "Љиљана Ђорђевић", True),
        ("Authoriser", "محمد عبد الرحمن الحسيني", True),
    ]
    assert [s.covers_whole_file for s in found.signatures] == [False, True]
    assert not any(s.modified_after for s in found.signatures)
    assert found.signatures[0].at == pki.WHEN


def test_what_was_not_given_is_said_to_be_unchecked() -> None:
    found = verify(signed())
    assert {check.subject for check in found.unchecked} == {"trust", "numbers", "register"}
    assert found.verdict is Verdict.UNKNOWN
    assert found.holds
    assert not found.accepted


@pytest.mark.parametrize("junk", [b"\n", b"junk", b"%%EOF\n", b"\0" * 7])
def test_junk_after_the_end_is_noticed(junk: bytes) -> None:
    found = verify(signed() + junk, trust())
    assert found.verdict is Verdict.ALTERED
    assert not found.holds


def test_an_incremental_change_after_signing_is_noticed() -> None:
    from pyhanko.pdf_utils.generic import TextStringObject
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(io.BytesIO(signed()))
    writer.root["/Lang"] = TextStringObject("xx")
    writer.update_root()
    target = io.BytesIO()
    writer.write(target)
    found = verify(target.getvalue(), trust())
    assert found.verdict is Verdict.ALTERED
    assert not found.holds


@pytest.mark.parametrize("seed", range(12))
def test_a_changed_byte_anywhere_is_noticed(seed: int) -> None:
    changed = bytearray(signed())
    where = random.Random(seed).randrange(len(changed))
    changed[where] ^= 1
    found = verify(bytes(changed), trust())
    assert not found.holds, f"byte {where} of {len(changed)}"
    assert found.verdict is not Verdict.VALID


@pytest.mark.parametrize("byte", [2, 25, 31, 38, 41])
def test_a_changed_byte_of_the_signatures_own_envelope_is_noticed(byte: int) -> None:
    """No signature covers its own envelope: length, version and algorithm around the signed parts."""
    text = signed()
    where = text.rindex(b"<3082") + 1 + 2 * byte
    changed = text[:where] + bytes([text[where] ^ 1]) + text[where + 1 :]
    assert verify(changed, trust()).verdict is Verdict.ALTERED


def test_a_digit_written_otherwise_inside_the_signature_is_noticed() -> None:
    text = signed()
    hole = text.rindex(b"<3082")
    upper = next(i for i in range(hole, len(text)) if text[i : i + 1].isalpha())
    changed = text[:upper] + text[upper : upper + 1].swapcase() + text[upper + 1 :]
    assert verify(changed, trust()).verdict is Verdict.ALTERED
    padding = text.index(b"00>", hole)
    assert verify(text[:padding] + b"10>" + text[padding + 3 :], trust()).verdict is Verdict.ALTERED


def test_a_stripped_signature_is_noticed() -> None:
    found = verify(by_author(), trust())
    assert outcome(found, "signatures") is Outcome.FAILS
    assert not found.holds
    assert found.verdict is Verdict.UNKNOWN
    assert verify(by_author(), trust(), register(signed())).verdict is Verdict.ALTERED
    none = verify(unsigned(), trust())
    assert none.verdict is Verdict.UNKNOWN
    assert not none.holds


def test_a_foreign_authority_with_the_same_names_is_noticed() -> None:
    foreign = pki.make(when=pki.WHEN.replace(minute=31))
    author, authoriser = foreign.credentials()
    at = pki.WHEN.replace(hour=11)
    forged = sign_author(unsigned(), author, "DNA analyst", "I wrote this report.", at)
    forged = sign_authoriser(forged, authoriser, "Head", "I authorise its issue.", at)
    found = verify(forged, trust(), None, recompute)
    assert outcome(found, "trust") is Outcome.FAILS
    assert found.verdict is Verdict.UNKNOWN
    assert not found.holds
    assert verify(forged, [foreign.authority.certificate]).verdict is Verdict.VALID


def test_somebody_else_from_the_same_laboratory_is_noticed() -> None:
    author, authoriser = pki.make().credentials()
    swapped = sign_author(unsigned(), authoriser, "DNA analyst", "I wrote this report.", pki.WHEN)
    swapped = sign_authoriser(swapped, author, "Head", "I authorise its issue.", pki.WHEN)
    found = verify(swapped, trust())
    assert outcome(found, "signers") is Outcome.FAILS


def test_facts_attached_anew_are_noticed() -> None:
    facts = json.loads(codec.write(reporting.match(1, LOCI)))
    facts["facts"]["weight"]["log10_total"] += 1
    text = json.dumps(facts, ensure_ascii=False, separators=(",", ":")).encode()
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(unsigned())) as pdf:
        spec = pikepdf.AttachedFileSpec(pdf, text, filename=ATTACHMENT)
        pdf.attachments[ATTACHMENT] = spec
        pdf.save(target)
    found = verify(target.getvalue(), trust(), None, recompute)
    assert outcome(found, "facts") is Outcome.FAILS
    assert outcome(found, "pages") is Outcome.FAILS
    assert outcome(found, "numbers") is Outcome.FAILS
    assert found.verdict is Verdict.ALTERED


def test_no_facts_or_two_sets_of_them_are_noticed() -> None:
    for names in ((), (ATTACHMENT, "other.json")):
        target = io.BytesIO()
        with pikepdf.open(io.BytesIO(unsigned())) as pdf:
            text = pdf.attachments[ATTACHMENT].get_file().read_bytes()
            del pdf.attachments[ATTACHMENT]
            for name in names:
                pdf.attachments[name] = pikepdf.AttachedFileSpec(pdf, text, filename=ATTACHMENT)
            pdf.save(target)
        assert outcome(verify(target.getvalue()), "facts") is Outcome.FAILS


def test_pages_that_say_something_else_than_the_facts_are_noticed() -> None:
    honest = reporting.match(1, LOCI)
    other = replace(honest, frame=replace(honest.frame, authority="Somebody else"))
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(render("match", other))) as pdf:
        pdf.attachments[ATTACHMENT] = pikepdf.AttachedFileSpec(pdf, codec.write(honest), filename=ATTACHMENT)
        pdf.docinfo["/NominaFactsSHA256"] = codec.digest(honest)
        pdf.save(target)
    found = verify(target.getvalue())
    assert outcome(found, "facts") is Outcome.HOLDS
    assert outcome(found, "pages") is Outcome.FAILS


def test_a_wrong_number_is_listed_though_properly_signed() -> None:
    facts = reporting.match(1, LOCI)
    loci = (
        replace(facts.weight.loci[0], log10=(facts.weight.loci[0].log10 or 0) + 1e-6),
        *facts.weight.loci[1:],
    )
    author, authoriser = pki.make().credentials()
    wrong = render("match", replace(facts, weight=replace(facts.weight, loci=loci)))
    wrong = sign_author(wrong, author, "DNA analyst", "I wrote this report.", pki.WHEN)
    wrong = sign_authoriser(wrong, authoriser, "Head", "I authorise its issue.", pki.WHEN)
    found = verify(wrong, trust(), register(wrong), recompute)
    assert [one.what for one in found.differences] == [LOCI[0]]
    assert outcome(found, "numbers") is Outcome.FAILS
    assert not found.holds


def test_two_engines_agree_on_the_stated_numbers() -> None:
    for engine in (recompute, reporting.recompute):
        assert outcome(verify(signed(), trust(), None, engine), "numbers") is Outcome.HOLDS


def test_a_sum_or_posterior_that_does_not_follow_is_listed() -> None:
    facts = reporting.match(1, LOCI)
    changed = replace(facts.weight, log10_total=(facts.weight.log10_total or 0) + 0.1, log10_required=1.0)
    differences, check = recomputation(replace(facts, weight=changed), recompute)
    assert {one.what for one in differences} == {"combined", "posterior", "required LR"}
    assert check.outcome is Outcome.FAILS


def test_a_sensitivity_row_is_computed_from_its_own_case() -> None:
    facts = reporting.match(1, LOCI)
    [stated] = facts.case["cases"]  # type: ignore[misc]
    corrected: Mapping[str, Any] = {**stated, "id": "theta 0.01", "theta": 0.01}  # type: ignore[dict-item]
    file = {**facts.case, "cases": [stated, corrected]}
    computed = total(recompute({**file, "cases": [corrected]}))
    row = replace(facts.sensitivity[0], log10_total=computed, case="theta 0.01")
    assert recomputation(replace(facts, case=file, sensitivity=(row,)), recompute)[0] == ()
    wrong = replace(row, log10_total=(computed or 0) + 0.01)
    differences, _ = recomputation(replace(facts, case=file, sensitivity=(wrong,)), recompute)
    assert [one.what for one in differences] == ["θ = 0.01"]


def test_the_register_tells_another_file_from_an_unknown_report() -> None:
    other = verify(signed(), trust(), register(b"another file"))
    assert outcome(other, "register") is Outcome.FAILS
    assert other.verdict is Verdict.ALTERED
    unknown = verify(signed(), trust(), lambda *_: ())
    assert unknown.verdict is Verdict.UNKNOWN


def test_a_report_outlives_its_certificate() -> None:
    """The certificate is judged at the signer's time: after it has expired, the report still verifies."""
    long_ago = pki.make("Old laboratory", pki.WHEN.replace(year=2015))
    author, authoriser = long_ago.credentials()
    at = pki.WHEN.replace(year=2015, month=6)
    old = sign_author(unsigned(), author, "DNA analyst", "I wrote this report.", at)
    old = sign_authoriser(old, authoriser, "Head", "I authorise its issue.", at)
    assert verify(old, [long_ago.authority.certificate]).verdict is Verdict.VALID


@pytest.mark.parametrize(
    ("data", "verdict"),
    [
        (b"", Verdict.UNKNOWN),
        (b"hello", Verdict.UNKNOWN),
        (b"%PDF-1.4\n", Verdict.ALTERED),
        (b"%PDF-1.7\n%%EOF", Verdict.ALTERED),
    ],
)
def test_what_is_no_pdf_is_a_finding_and_not_an_error(data: bytes, verdict: Verdict) -> None:
    found = verify(data, trust())
    assert found.verdict is verdict
    assert not found.holds
