"""Printed labels are read back from the picture of the page by an independent decoder."""

import io

import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from forensics.domain.errors import Invalid
from forensics.domain.numbers import new_token, with_check
from reports import preview
from reports.labels import SHEETS, Label, render_labels


def read(pdf: bytes, page: int = 0, dots_per_inch: float = 300) -> list[tuple[str, str]]:
    """Kind and text of every code on a page."""
    image = Image.open(io.BytesIO(preview.page_png(pdf, page, dots_per_inch)))
    return sorted((found.format.name, found.text) for found in zxingcpp.read_barcodes(image))


@pytest.mark.parametrize("sheet", SHEETS)
def test_both_codes_of_a_label_read_back_as_the_token(sheet: str) -> None:
    for token in [new_token() for _ in range(12)]:
        found = read(render_labels([Label(token, "NIMP DNA Laboratory", "Bone powder")], sheet))
        assert {text for _, text in found} == {token}
        assert {kind for kind, _ in found} == {"Code128", "DataMatrix"}, token


def test_a_full_sheet_reads_back_label_by_label() -> None:
    tokens = [new_token() for _ in range(24)]
    found = read(render_labels([Label(token) for token in tokens], "a4-24"))
    assert sorted(text for kind, text in found if kind == "DataMatrix") == sorted(tokens)


def test_the_token_the_laboratory_and_what_it_is_can_be_read_by_people() -> None:
    token = new_token()
    said = preview.page_text(render_labels([Label(token, "NIMP", "Blood card")]), 0)
    for words in (token, "NIMP", "Blood card"):
        assert words in said


def test_a_long_line_is_shortened_inside_the_label() -> None:
    said = preview.page_text(render_labels([Label(new_token(), "L" * 90, "W" * 90)], "a4-65"), 0)
    assert said.count("…") == 2


def test_used_places_are_skipped_and_a_second_sheet_follows() -> None:
    tokens = [new_token() for _ in range(3)]
    pdf = render_labels([Label(token) for token in tokens], "a4-24", skip=22)
    assert preview.page_count(pdf) == 2
    assert {text for _, text in read(pdf, 0)} == set(tokens[:2])
    assert {text for _, text in read(pdf, 1)} == {tokens[2]}


@pytest.mark.parametrize("sheet", SHEETS)
def test_labels_lie_on_the_page(sheet: str) -> None:
    layout = SHEETS[sheet]
    right = layout.left + (layout.columns - 1) * layout.pitch[0] + layout.label[0]
    low = layout.top + (layout.rows - 1) * layout.pitch[1] + layout.label[1]
    assert right <= layout.page[0]
    assert low <= layout.page[1]
    page = pypdfium2.PdfDocument(render_labels([Label(new_token())], sheet))[0]
    assert page.get_size() == pytest.approx([edge * 72 / 25.4 for edge in layout.page], abs=0.1)


def test_a_mistyped_token_an_unknown_sheet_or_no_label_is_refused() -> None:
    token = with_check("K7QM-2XVD")
    wrong = token[:-1] + ("A" if token[-1] != "A" else "B")
    for labels, sheet, skip in (([Label(wrong)], "a4-65", 0), ([Label(token)], "a5", 0), ([], "a4-65", 0)):
        with pytest.raises(Invalid):
            render_labels(labels, sheet, skip)
    with pytest.raises(Invalid):
        render_labels([Label(token)], "a4-65", 65)


@pytest.mark.parametrize("prefix", ["LO", "PE", "RI"])
@pytest.mark.parametrize("sheet", SHEETS)
def test_labels_of_places_badges_and_items_are_read_back(prefix: str, sheet: str) -> None:
    for count in (1, 42, 99_999):
        number = with_check(f"{prefix}-26-{count:05d}")
        page = pypdfium2.PdfDocument(render_labels([Label(number, "House › Room 1", "Box 7")], sheet))[0]
        image = page.render(scale=6).to_pil()
        assert {found.text for found in zxingcpp.read_barcodes(image)} == {number}
        assert {found.format.name for found in zxingcpp.read_barcodes(image)} == {"Code128", "DataMatrix"}
