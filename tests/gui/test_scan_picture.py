"""Labels in a picture are read as if they had been scanned."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest
from pytestqt.qtbot import QtBot

from forensics.domain.errors import Invalid, Unavailable
from forensics.domain.numbers import new_token, with_check
from gui.scan_picture import codes_in
from reports.labels import Label, render_labels

CODES = [with_check("LO-26-00014"), with_check("PE-26-00003"), new_token()]


def picture(folder: Path, codes: list[str]) -> Path:
    """A photograph of a sheet of labels, so to say."""
    pdf = pypdfium2.PdfDocument(render_labels([Label(code, "Test") for code in codes], "a4-24"))
    path = folder / "labels.png"
    pdf[0].render(scale=4).to_pil().save(path)
    return path


def test_places_badges_and_samples_are_read_from_a_picture(qtbot: QtBot, tmp_path: Path) -> None:
    assert set(codes_in(picture(tmp_path, CODES))) == set(CODES)


def test_a_picture_without_a_code_and_one_that_is_none(qtbot: QtBot, tmp_path: Path) -> None:
    empty = tmp_path / "empty.png"
    page = pypdfium2.PdfDocument.new()
    page.new_page(200, 200)
    page[0].render().to_pil().save(empty)
    with pytest.raises(Invalid, match="No code was found"):
        codes_in(empty)
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"\x89PNG nothing more")
    with pytest.raises(Unavailable, match="can't be read as a picture"):
        codes_in(broken)
