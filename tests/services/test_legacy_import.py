"""Spreadsheets of an earlier system: read, mapped, tried out, and taken in whole or not at all."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from forensics.domain.errors import Cancelled, Invalid, NominaError
from forensics.domain.kinship import Sex
from forensics.domain.legacy import DateOrder, LegacyKind
from forensics.domain.lists import ListQuery
from forensics.domain.operations import Operation, OperationKind
from forensics.domain.reading import Severity
from forensics.formats.legacy import LegacyTable, table_of
from forensics.services import external_numbers, families, legacy_import, operations, remains
from forensics.services.legacy_rows import LegacyOptions, Understood, understand
from tests.support.laboratories import Staffed, create

CASES = """Número de caso;Fecha de recepción;Entregado por;Hueso;Lado;Peso;Número de pieza;Nota
C-1;13/07/1995;Policía;fémur;;12,5 g;H-1;
C-1;13/07/1995;Policía;L tib;;;H-2;mojado
C-2;02/08/1996;Cruz Roja;14 ribs;;;;
""".replace("fémur", "fem")
MISSING = """ID,First name,Surname,Sex,Date of birth,Height,Date missing,Family
17,Amina,Hodžić,Ž,3.4.1961.,1.65,11.07.1995,F-1
18,Adem,Hodžić,M,1958,"178,5",11.07.1995,F-1
19,,Begić,muško,1970?,,July 1995,
"""


def operation(staffed: Staffed) -> UUID:
    new = Operation(title="Archive", kind=OperationKind.CONFLICT, number_sought=9)
    return staffed["manager"].run(operations.create_operation, new).id


def table(text: str, name: str = "old.csv") -> LegacyTable:
    return table_of(text.encode(), name)


def read(text: str, kind: LegacyKind = LegacyKind.REMAINS, **options: Any) -> Understood:
    found = table(text)
    columns = options.pop("columns", None) or legacy_import.guess(found.header, kind)
    return understand(found, LegacyOptions(kind, columns, **options))


def told(found: Understood) -> list[str]:
    return [str(p) for p in found.problems if p.severity is Severity.FATAL]


def test_cases_with_their_bones_come_in_from_a_spanish_spreadsheet(staffed: Staffed) -> None:
    lab, found = staffed["custodian"], read(CASES)
    assert told(found) == []
    assert [row.becomes for row in found.rows] == [
        "case C-1, 1 item",
        "case C-1, 1 item",
        "case C-2, 14 items",
    ]
    assert not lab.run(legacy_import.check, found).refused
    taken = lab.run(legacy_import.import_remains, found, operation(staffed))
    assert (taken.number[:3], taken.rows) == ("LI-", 3)
    cases = {line.external_number: line for line in lab.run(remains.cases, ListQuery()).rows}
    assert {key: line.items for key, line in cases.items()} == {"C-1": 2, "C-2": 14}
    record = lab.run(remains.case_record, cases["C-1"].id)
    assert (record.case.received_at.date(), record.case.received_from) == (date(1995, 7, 13), "Policía")
    item = lab.run(remains.item_record, record.items[0].id).item
    assert (item.element, item.mass_g, item.external_number) == ("femur", 12.5, "H-1")
    with pytest.raises(Invalid, match="taken in as LI-"):
        lab.run(legacy_import.import_remains, found, operation(staffed))


def test_missing_persons_come_in_with_families_and_their_numbers(staffed: Staffed) -> None:
    lab = staffed["manager"]
    wrong = read(MISSING, LegacyKind.MISSING)
    assert told(wrong) == [
        "line 2, column Height: A height of 1.65 cm can't be right. Give it in centimetres.",
        "line 2, column Date of birth: “3.4.1961.” may be the 3th or the 4th day of a month. "
        "Choose the order of the dates.",
        "line 2, column Date missing: “11.07.1995” may be the 11th or the 7th day of a month. "
        "Choose the order of the dates.",
        "line 3, column Date missing: “11.07.1995” may be the 11th or the 7th day of a month. "
        "Choose the order of the dates.",
    ]
    mended = MISSING.replace("1.65", "165")
    found = read(mended, LegacyKind.MISSING, order=DateOrder.DAY_FIRST, institution="Old registry")
    assert told(found) == []
    lab.run(legacy_import.import_missing, found, operation(staffed))
    people = lab.run(families.missing_persons, ListQuery(sort="number")).rows
    assert len(people) == 3
    assert len({line.family for line in people}) == 2
    amina = lab.run(families.missing_person, people[0].id)
    assert (amina.name, amina.sex, str(amina.birth), amina.height_cm, str(amina.last_seen)) == (
        "Amina Hodžić", Sex.FEMALE, "1961-04-03", 165, "1995-07-11",
    )  # fmt: skip
    numbers = lab.run(external_numbers.numbers_of, "missing_person", amina.id)
    assert [(one.value, one.institution) for one in numbers] == [("17", "Old registry")]
    assert lab.run(families.missing_persons, ListQuery(text="begic")).total == 1
    again = read(mended + "20,Novi,,M,,,,\n", LegacyKind.MISSING, order=DateOrder.DAY_FIRST)
    problems = [str(p) for p in lab.run(legacy_import.check, again).problems]
    assert [p[:40] for p in problems] == [
        "line 2: The number 17 is known already, ",
        "line 3: The number 18 is known already, ",
        "line 4: The number 19 is known already, ",
        "line 2: The family F-1 is known already,",
    ]


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("C-1;1995-07-13;P;wing;;;;", "line 2, column Hueso: “wing” is not understood"),
        ("C-1;1995-07-13;P;L fem;;2024-03-09;;", "turned into a date"),
        ("C-1;1995-07-13;P;L fem;;9-mar;;", "turned into a date"),
        ("C-1;31/02/1995;P;L fem;;;;", "no day of the calendar"),
        ("C-1;34567;P;L fem;;;;", "counted by the spreadsheet"),
        ("C-1;1995;P;L fem;;;;", "no single day"),
        ("C-1;1995-07-13;P;L fem, R fem;;3;;", "share one number or mass"),
        ("C-1;1995-07-13;P;fem;up;;;", "is no side"),
        ("C-1;;P;L fem;;;;", "date of receipt is missing"),
        ("C-1;1995-07-13;P;;;;H-1;\nC-1;1995-07-13;P;;;;H-1;", "line 3: The item H-1 stands in line 2 too"),
        ("C-1;1995-07-13;P;;;;;\nC-1;1995-07-14;P;;;;;", "another “received at” than in line 2"),
    ],
)
def test_every_problem_has_its_place_and_remedy(line: str, sentence: str) -> None:
    found = read(CASES.split("\n")[0] + "\n" + line + "\n")
    assert len(told(found)) == 1
    assert sentence in told(found)[0]


def test_a_table_without_what_is_needed_is_refused_at_its_header() -> None:
    words = " ".join(told(read("a,b\n1,2\n")))
    assert "number of a case or names a bone" in words
    assert "date of receipt" in words
    assert "came" in words
    assert "holds the names" in " ".join(told(read("a,b\n1,2\n", LegacyKind.MISSING)))


def test_a_saved_mapping_is_used_again(staffed: Staffed) -> None:
    lab = staffed["custodian"]
    columns = {"a": "case", "b": "received"}
    lab.run(legacy_import.save_mapping, "Old  archive", LegacyKind.REMAINS, columns)
    lab.run(legacy_import.save_mapping, "Old archive", LegacyKind.REMAINS, columns | {"c": "note"})
    known = lab.run(legacy_import.mappings)
    assert [(m.name, m.columns["c"]) for m in known] == [("Old archive", "note")]
    assert legacy_import.guess(("a", "b", "c", "d"), LegacyKind.REMAINS, known) == columns | {"c": "note"}
    assert legacy_import.guess(("a", "b"), LegacyKind.REMAINS, known) == {}


class Stopping:
    """Progress that is stopped at its second word."""

    def __init__(self) -> None:
        self.words = 0

    def step(self, done: int, total: int, what: str = "") -> None:
        self.words += 1
        if self.words > 1:
            raise Cancelled("Stopped.")


def test_ten_thousand_rows_come_in_or_are_stopped_whole(staffed: Staffed) -> None:
    head = "case,received,from,bones,item\n"
    text = head + "".join(
        f"K-{n // 2},1996-05-{n // 2 % 28 + 1:02d},Police,L fem,B-{n}\n" for n in range(10_000)
    )
    lab, found, home = staffed["custodian"], read(text), operation(staffed)
    assert len(found.rows) == 10_000
    with pytest.raises(Cancelled):
        lab.run(legacy_import.import_remains, found, home, Stopping())
    assert lab.run(remains.cases, ListQuery()).total == 0
    with pytest.raises(Cancelled):
        understand(table(text), found.options, Stopping())
    lab.run(legacy_import.import_remains, found, home)
    assert lab.run(remains.cases, ListQuery()).total == 5_000
    assert lab.run(remains.items, ListQuery(text="B-9999")).total == 1


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_the_same_file_at_once_is_taken_in_once(
    database: str, staffed: Staffed, request: pytest.FixtureRequest
) -> None:
    if database == "postgresql":
        staffed = create(request.getfixturevalue("fresh_database")())
        request.addfinalizer(staffed.close)
    found, home = read(CASES), operation(staffed)

    def take(login: str) -> bool:
        try:
            staffed[login].run(legacy_import.import_remains, found, home)
        except NominaError:
            return False
        return True

    staffed["custodian"], staffed["tamara"]  # signed in before
    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(take, ("custodian", "tamara"))) == [False, True]
    assert staffed["custodian"].run(remains.cases, ListQuery()).total == 2


def test_damaged_files_are_a_problem_or_a_refusal(tmp_path: Path) -> None:
    dice = random.Random(5)
    for text, kind in ((CASES, LegacyKind.REMAINS), (MISSING, LegacyKind.MISSING)):
        for _ in range(300):
            data = bytearray(text.encode()[: dice.randrange(1, len(text.encode()))])
            for _ in range(dice.randrange(6)):
                data[dice.randrange(len(data))] = dice.randrange(256)
            try:
                found = table_of(bytes(data), "old.csv")
            except Invalid:
                continue
            understand(found, LegacyOptions(kind, legacy_import.guess(found.header, kind)))


@pytest.mark.parametrize("kind", list(LegacyKind))
def test_files_that_nobody_here_wrote_are_read_or_refused_with_their_place(
    shared: Path, kind: LegacyKind
) -> None:
    files = [
        p for p in sorted((shared / "corpus").rglob("*")) if p.suffix in (".csv", ".txt", ".json", ".xml")
    ]
    assert len(files) > 20
    outcome: dict[str, str] = {}
    for path in files:
        try:
            found = table_of(path.read_bytes(), path.name)
        except Invalid as error:
            outcome[path.name] = str(error)
            continue
        options = LegacyOptions(
            kind, legacy_import.guess(found.header, kind), received_from="Medical examiner"
        )
        read = understand(found, options)
        assert read.refused or len(read.rows) == len(found.rows)
        outcome[path.name] = "refused" if read.refused else "can be taken in"
    if kind is LegacyKind.REMAINS:
        assert outcome["arizona_opengis_deidentified_600.csv"] == "can be taken in"
    assert outcome["mmp_web_export_2026-05-06.csv"] == "refused"
    assert "stands beyond the last column" in outcome["statuAAR__Rollet1888.csv"]
