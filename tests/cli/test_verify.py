"""`nomina verify` without a laboratory: exit status, sentences, JSON."""

import json
from pathlib import Path

import pytest

from forensics.cli.main import main
from forensics.services.authorities import authority_folder, known_authorities, remember_authority
from tests.support import pki
from tests.support.signed import by_author, signed


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "report.pdf"
    path.write_bytes(signed())
    return path


@pytest.fixture(autouse=True)
def no_authority_known() -> None:
    for path in authority_folder().glob("*.pem"):
        path.unlink()


def test_without_an_authority_trust_is_said_to_be_unchecked(
    report: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify", str(report)]) == 0
    said = capsys.readouterr().out
    assert "– trust: No authority is known on this machine" in said
    assert "– register" in said
    assert "Verdict: unknown; 2 of 9 not checked." in said


def test_with_the_authority_the_report_is_valid_and_its_numbers_come_out(
    report: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    authority = tmp_path / "ca.pem"
    authority.write_bytes(pki.make().authority.certificate)
    assert main(["verify", str(report), "--trust", str(authority), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["verdict"] == "valid"
    assert found["holds"]
    assert not found["accepted"]
    assert {c["subject"]: c["outcome"] for c in found["checks"]}["numbers"] == "holds"
    assert [s["signer"] for s in found["signatures"]] == ["Љиљана Ђорђевић", "محمد عبد الرحمن الحسيني"]


def test_an_authority_known_on_this_machine_is_used(report: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = remember_authority("National Institute: for / Missing", pki.make().authority.certificate)
    assert path.name.startswith("National-Institute-for-Missing-")
    assert known_authorities() == [pki.make().authority.certificate]
    assert main(["verify", str(report)]) == 0
    assert "Verdict: valid" in capsys.readouterr().out


def test_a_stranger_where_authorities_are_known_fails(
    report: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    remember_authority("Other", pki.make("Other laboratory").authority.certificate)
    assert main(["verify", str(report)]) == 1
    assert "✗ trust" in capsys.readouterr().out


@pytest.mark.parametrize("damage", ["junk", "byte", "unfinished", "no pdf"])
def test_what_does_not_hold_ends_with_status_1(
    report: Path, damage: str, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = bytearray(signed())
    broken[len(broken) // 3] ^= 1
    data = {"junk": signed() + b"x", "byte": bytes(broken), "unfinished": by_author(), "no pdf": b"hello"}
    report.write_bytes(data[damage])
    assert main(["verify", str(report)]) == 1
    assert "✗" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"", "The file is empty."), (b"hello", "The file is not a PDF, and so no report.")],
)
def test_what_never_was_a_report_was_not_altered_either(
    report: Path, content: bytes, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    report.write_bytes(content)
    assert main(["verify", str(report)]) == 1
    said = capsys.readouterr().out
    assert f"✗ file: {sentence}" in said
    assert "Verdict: unknown" in said


def test_a_trust_file_without_a_certificate_is_one_sentence(
    report: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify", str(report), "--trust", str(report)]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "no certificate" in captured.err
    assert len(captured.err.strip().splitlines()) == 1


def test_a_missing_file_is_wrong_usage(tmp_path: Path) -> None:
    assert main(["verify", str(tmp_path / "none.pdf")]) == 2
