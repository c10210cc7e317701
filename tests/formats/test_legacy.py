"""Headers are guessed in four languages; cells are read in the orders and words that earlier systems used."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest

from forensics.domain.anthropology import Side
from forensics.domain.errors import Invalid
from forensics.domain.kinship import Sex
from forensics.domain.legacy import DateOrder, LegacyKind
from forensics.domain.remains import Description
from forensics.formats import legacy_values as values
from forensics.formats.legacy import table_of
from forensics.formats.legacy_columns import guess
from forensics.formats.legacy_values import NotRead


@pytest.mark.parametrize(
    ("header", "meant"),
    [
        ("Case No.;Bone;Side;Weight (g)", "case bones side mass_g"),
        ("Expediente;Hueso;Lado;Peso", "case bones side mass_g"),
        ("Dossier;Ossement;Côté;Poids", "case bones side mass_g"),
        ("Broj slučaja;Kost;Strana;Težina", "case bones side mass_g"),
    ],
)
def test_headers_of_four_languages(header: str, meant: str) -> None:
    assert list(guess(tuple(header.split(";")), LegacyKind.REMAINS).values()) == meant.split()


def test_headers_of_missing_persons() -> None:
    for header in ("Nombre;Apellidos;Fecha de nacimiento", "Prénom;Nom;Né le", "Ime;Prezime;Datum rođenja"):
        found = guess(tuple(header.split(";")), LegacyKind.MISSING)
        assert list(found.values()) == ["given_names", "family_names", "birth"]


@pytest.mark.parametrize(
    ("cell", "order", "day"),
    [
        ("1995-07-11", None, "1995-07-11"),
        ("1995-07-11 00:00:00", None, "1995-07-11"),
        ("13.07.1995.", None, "1995-07-13"),
        ("07/13/1995", None, "1995-07-13"),
        ("11/07/1995", DateOrder.DAY_FIRST, "1995-07-11"),
        ("11/07/1995", DateOrder.MONTH_FIRST, "1995-11-07"),
        ("11 de julio de 1995", None, "1995-07-11"),
        ("11. juli 1995", None, "1995-07-11"),
        ("août 1995", None, "1995-08"),
        ("July 11, 1995", None, "1995-07-11"),
        ("oko 1994", None, "1994~"),
        ("1994 ?", None, "1994?"),
    ],
)
def test_dates_in_other_orders(cell: str, order: DateOrder | None, day: str) -> None:
    assert values.day(cell, order) == day


@pytest.mark.parametrize("cell", ["11/07/95", "11/07/1995", "31.02.1995", "34891", "soon", "11 foo 1995"])
def test_dates_that_are_not_guessed(cell: str) -> None:
    with pytest.raises(NotRead):
        values.day(cell, None)


@pytest.mark.parametrize(
    ("cell", "number"),
    [("12,5", 12.5), ("12.5 g", 12.5), ("1 234,5", 1234.5), ("1.234,5", 1234.5), ("1,234,567", 1234567)],
)
def test_numbers_with_commas(cell: str, number: float) -> None:
    assert values.number(cell, "g") == number


@pytest.mark.parametrize("cell", ["1.234", "9-Mar", "2024-03-09", "time 09:30:00", "12,5,1", "-3", "many"])
def test_numbers_that_are_not_guessed(cell: str) -> None:
    with pytest.raises(NotRead):
        values.number(cell, "g")


@pytest.mark.parametrize(
    ("read", "cell", "value"),
    [
        (values.sex, "Žensko", Sex.FEMALE),
        (values.sex, "varón", Sex.MALE),
        (values.sex, "", Sex.UNKNOWN),
        (values.side, "Izquierda", Side.LEFT),
        (values.side, "desna", Side.RIGHT),
        (values.description, "Ossements", Description.SKELETAL),
        (values.description, "Cijelo tijelo", Description.COMPLETE_BODY),
    ],
)
def test_words_of_four_languages(read: Callable[[str], object], cell: str, value: object) -> None:
    assert read(cell) == value


def workbook(rows: list[list[str | float]], dates: bool = False) -> bytes:
    """The least that a spreadsheet program opens; numbers of the last column may be formatted as dates."""

    def cell(place: str, value: str | float, style: str) -> str:
        if isinstance(value, str):
            return f'<c r="{place}" t="inlineStr"><is><t>{value}</t></is></c>'
        return f'<c r="{place}"{style}><v>{value}</v></c>'

    style = ' s="1"' if dates else ""
    lines = "".join(
        f'<row r="{r}">' + "".join(cell(f"{chr(65 + c)}{r}", v, style) for c, v in enumerate(row)) + "</row>"
        for r, row in enumerate(rows, 1)
    )
    main, office = (
        "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    )
    package = "http://schemas.openxmlformats.org/package/2006"
    types = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    formats = '<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>'
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{types}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{types}.styles+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{types}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
        '<sheet name="Old" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{office}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" '
        f'Type="{office}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{main}">{formats}</styleSheet>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{lines}</sheetData></worksheet>',
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def test_a_workbook_is_read_and_its_damage_is_seen() -> None:
    found = table_of(workbook([["Case", "Weight"], ["C-1", 9.3]]), "old.xlsx")
    assert (found.header, found.rows[0].cells) == (("Case", "Weight"), ("C-1", "9.3"))
    damaged = table_of(workbook([["Case", "Weight"], ["C-1", 45360.0]], dates=True), "old.xlsx")
    assert damaged.rows[0].cells == ("C-1", "2024-03-09")
    with pytest.raises(NotRead, match="turned into a date"):
        values.number(damaged.rows[0].cells[1])


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"a,b\n", "no line below"),
        (b"a,A\n1,2\n", "stands twice"),
        (b"a,b\n1,2,3\n", "beyond the last column"),
        (b"a\0b\n", "zero byte"),
        (b'a,b\n"1,2\n', "quotation"),
        (workbook([["Case"], ["C-1"]])[:300], "can't be unpacked"),
    ],
)
def test_what_is_no_table_is_refused_with_its_place(data: bytes, words: str) -> None:
    with pytest.raises(Invalid, match=words) as told:
        table_of(data, "old.csv")
    assert str(told.value).startswith("old.csv, ")
