"""Files kept with a record: the same bytes come out again, once each, for those who may see them."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from uuid import UUID

import pytest

from forensics.domain.attachments import LARGEST, PIECE, Place, Sensitivity
from forensics.domain.errors import Invalid, Refused, Unavailable
from forensics.domain.lists import ListQuery
from forensics.services import attachments, remains
from forensics.services.attachments import NewAttachment
from tests.formats.test_pictures import picture
from tests.support.laboratories import Staffed


@pytest.fixture
def case(small_lab: Staffed) -> UUID:
    return small_lab["tamara"].run(remains.cases, ListQuery(limit=1)).rows[0].id


def test_a_file_comes_out_again_byte_for_byte(small_lab: Staffed, case: UUID) -> None:
    lab = small_lab["tamara"]
    content = os.urandom(PIECE * 2 + 17)
    new = NewAttachment("C:\\papers\\order.bin", content, "The  order")
    saved = lab.run(attachments.attach, "remains_case", case, new)
    assert (saved.file_name, saved.size, saved.caption) == ("order.bin", len(content), "The order")
    assert saved.digest == saved.given_digest == hashlib.sha256(content).hexdigest()
    assert lab.run(attachments.content_of, saved.id) == content
    assert [one.id for one in lab.run(attachments.attachments, "remains_case", case)] == [saved.id]


def test_a_photograph_forgets_where_it_was_taken_unless_asked(small_lab: Staffed, case: UUID) -> None:
    lab, data = small_lab["tamara"], picture("JPEG")
    saved = lab.run(attachments.attach, "remains_case", case, NewAttachment("a.jpg", data))
    assert saved.place is Place.REMOVED
    kept = lab.run(attachments.content_of, saved.id)
    assert kept != data
    for again in (data, kept):
        with pytest.raises(Invalid, match="here already"):
            lab.run(attachments.attach, "remains_case", case, NewAttachment("b.jpg", again))
    lab.run(attachments.remove_attachment, saved, "The wrong case.")
    assert lab.run(attachments.attachments, "remains_case", case) == []
    whole = lab.run(attachments.attach, "remains_case", case, NewAttachment("a.jpg", data, keep_place=True))
    assert whole.place is Place.KEPT
    assert lab.run(attachments.content_of, whole.id) == data


def test_what_can_not_be_kept_is_refused_in_a_sentence(
    small_lab: Staffed, case: UUID, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab = small_lab["tamara"]
    with pytest.raises(Invalid, match="nothing in it"):
        lab.run(attachments.attach, "remains_case", case, NewAttachment("a.pdf", b""))
    with pytest.raises(Invalid, match="can't be kept with"):
        lab.run(attachments.attach, "person", case, NewAttachment("a.pdf", b"x"))
    with pytest.raises(Refused):
        small_lab["reviewer"].run(attachments.attach, "remains_case", case, NewAttachment("a.pdf", b"x"))
    with pytest.raises(Unavailable, match="can't be read"):
        attachments.read_file(tmp_path / "none.pdf")
    large = tmp_path / "large.bin"
    with large.open("wb") as file:
        file.truncate(LARGEST + 1)
    with pytest.raises(Invalid, match="larger than 50 MB"):
        attachments.read_file(large)


def test_private_papers_are_for_those_who_may_read_names(small_lab: Staffed, case: UUID) -> None:
    new = NewAttachment("letter.txt", b"Dear", sensitivity=Sensitivity.PERSONAL)
    saved = small_lab["tamara"].run(attachments.attach, "remains_case", case, new)
    assert small_lab["reviewer"].run(attachments.attachments, "remains_case", case) == []
    with pytest.raises(Refused):
        small_lab["reviewer"].run(attachments.content_of, saved.id)
    assert small_lab["manager"].run(attachments.content_of, saved.id) == b"Dear"
