"""Run files of an analyser beside a sample: their caption, and damaged and foreign ones refused."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest

from forensics.domain.errors import Invalid
from forensics.services import attachments, profiles
from forensics.services.attachments import NewAttachment
from tests.support.laboratories import Staffed
from tests.support.reading import imported
from tests.support.run_files import pascal, run_file, usual_entries

RUN = "Sample File\tSample Name\tD3S1358\na.fsa\tB-001\t15, 16\n"


@pytest.fixture
def sample(staffed: Staffed, tmp_path: Path) -> UUID:
    (id,) = imported(staffed, tmp_path, RUN)
    return staffed["tamara"].run(profiles.profile, id).sample


def _attach(staffed: Staffed, sample: UUID, content: bytes, caption: str = "") -> attachments.Attachment:
    new = NewAttachment("a.fsa", content, caption)
    return staffed["tamara"].run(attachments.attach, "sample", sample, new)


def test_the_run_stands_in_the_caption(staffed: Staffed, sample: UUID) -> None:
    kept = _attach(staffed, sample, run_file(), "Second injection.")
    assert kept.caption.startswith("Second injection. sample B-001; well A1; capillary 3; plate Plate 17")
    assert (kept.media_type, str(kept.captured)) == ("application/x-abif", "2026-05-06")
    with pytest.raises(Invalid, match="is here already"):
        _attach(staffed, sample, run_file())


def test_a_name_with_the_well_beside_it_is_the_samples(staffed: Staffed, sample: UUID) -> None:
    kept = _attach(staffed, sample, run_file([*usual_entries()[:4], pascal("SpNm", "B-001_A01_3")]))
    assert kept.caption == "sample B-001_A01_3"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (run_file()[:-30], "cut off"),
        (b"ABIF but nothing more", "ends within its head"),
        (run_file([*usual_entries()[:4], pascal("SpNm", "B-999")]), "of the sample B-999"),
        (run_file([*usual_entries()[:4], pascal("SpNm", "B-0012")]), "of the sample B-0012"),
    ],
)
def test_a_damaged_or_foreign_file_is_refused(
    staffed: Staffed, sample: UUID, content: bytes, said: str
) -> None:
    with pytest.raises(Invalid, match=said):
        _attach(staffed, sample, content)
    assert staffed["tamara"].run(attachments.attachments, "sample", sample) == []
