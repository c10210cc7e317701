"""Workbooks: the tables in them, dates that were alleles, archives that are larger inside than outside."""

import io
import zipfile
from datetime import datetime

import pytest

from forensics.domain.reading import Reading
from forensics.formats import FORMATS
from tests.support.format_samples import LIST, REFERENCES, SAMPLES, workbook


def _read(data: bytes) -> Reading:
    return FORMATS["xlsx"].read(data, "table.xlsx")


def _repacked(change: dict[str, bytes]) -> bytes:
    """The sample workbook with some parts replaced."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook())) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            if name not in change:
                new.writestr(name, old.read(name))
        for name, content in change.items():
            new.writestr(name, content)
    return buffer.getvalue()


def test_numbers_in_cells_are_designations() -> None:
    reading = _read(workbook())
    assert not reading.problems
    assert reading.profile("B-001").genotype("TH01") == ("6", "9.3")
    assert reading.profile("B-001").genotype("vWA") == ("17", "17")


def test_a_reference_table_in_a_workbook_yields_families() -> None:
    assert [f.name for f in _read(workbook(text=REFERENCES)).families] == ["F1", "F2"]


def test_a_frequency_list_in_a_workbook_is_read() -> None:
    table = _read(workbook(text=LIST.replace(",", "\t"))).frequencies
    assert table is not None
    assert table.loci["TH01"]["9.3"] == 0.75


def test_a_cell_that_became_a_date_refuses_the_file_at_its_place() -> None:
    reading = _read(workbook((1, 2, datetime(2024, 3, 9))))
    assert reading.refused
    assert (reading.problems[0].line, reading.problems[0].column) == (2, "TH01_2")
    assert "date" in reading.problems[0].what


@pytest.mark.parametrize("value", ["09-Mar", "9,3", 45360, 9.33, True])
def test_other_damage_refuses_the_file_at_its_place(value: object) -> None:
    reading = _read(workbook((2, 3, value)))
    assert reading.refused
    assert (reading.problems[0].line, reading.problems[0].column) == (3, "vWA_1")


def test_an_archive_that_unpacks_to_too_much_is_refused() -> None:
    bomb = _repacked({"xl/worksheets/sheet9.xml": b"<a>" + b" " * (120 * 1024 * 1024)})
    assert len(bomb) < 1_000_000
    assert "unpacks to more" in _read(bomb).problems[0].what


def test_a_cell_in_a_far_corner_is_refused_before_memory_is_filled() -> None:
    sheet = b"""<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">
    <sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>
    </worksheet>"""
    assert (
        "reaches to row 1048576, column 16384"
        in _read(_repacked({"xl/worksheets/sheet1.xml": sheet})).problems[0].what
    )


def test_a_long_text_that_many_cells_repeat_is_refused() -> None:
    strings = b"<sst><si><t>" + b"A" * 2_000_000 + b"</t></si></sst>"
    cells = b"".join(b'<c r="A%d" t="s"><v>0</v></c>' % i for i in range(1, 2_000))
    sheet = b"<worksheet><sheetData><row>" + cells + b"</row></sheetData></worksheet>"
    changed = _repacked({"xl/sharedStrings.xml": strings, "xl/worksheets/sheet1.xml": sheet})
    assert "more text" in _read(changed).problems[0].what


def test_entities_in_a_part_are_refused() -> None:
    reading = _read(_repacked({"xl/sharedStrings.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><sst/>'}))
    assert "no spreadsheet writes" in reading.problems[0].what


def test_several_tables_in_one_workbook_are_refused() -> None:
    import xlsxwriter

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        for _ in range(2):
            sheet = book.add_worksheet()
            for r, line in enumerate(SAMPLES.splitlines()):
                sheet.write_row(r, 0, line.split("\t"))
    assert "Several sheets" in _read(buffer.getvalue()).problems[0].what


def test_a_workbook_without_a_table_is_refused() -> None:
    assert "No sheet" in _read(workbook(text="Dear colleague\nregards\n")).problems[0].what
