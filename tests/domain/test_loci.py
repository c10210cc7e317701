"""Marker names, rules of inheritance, ladder order."""

import pytest

from forensics.domain.loci import KNOWN, Inheritance, allele_order, canonical, inheritance, is_repeat_number


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("VWA", "vWA"),
        ("vWA31/A", "vWA"),
        ("THO1", "TH01"),
        ("TP0X", "TPOX"),
        ("CSF1P0", "CSF1PO"),
        ("PENTA_D", "Penta D"),
        ("PentaE", "Penta E"),
        ("Amelogenin", "AMEL"),
        ("amel", "AMEL"),
        ("d21s11", "D21S11"),
        ("D8 S1179", "D8S1179"),
        ("ACTBP2", "SE33"),
        ("DYS385 a/b", "DYS385"),
        ("DYS389 II", "DYS389II"),
        ("GATA_H4", "Y-GATA-H4"),
        ("Y indel", "Yindel"),
        ("DXS10135", "DXS10135"),
        ("D22GATA198B05", "D22GATA198B05"),
    ],
)
def test_a_marker_has_one_spelling(written: str, name: str) -> None:
    assert canonical(written) == name


@pytest.mark.parametrize(
    "written",
    ["", "Height", "Sample Name", "D23S1", "D0S1", "D8S1179 1", "D8S1179_2", "X" * 99, "٣", "Comment"],
)
def test_other_words_are_no_markers(written: str) -> None:
    assert canonical(written) is None


def test_every_canonical_name_is_its_own_spelling() -> None:
    assert [canonical(name) for name in KNOWN] == list(KNOWN)


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("TH01", Inheritance.AUTOSOMAL),
        ("L1", Inheritance.AUTOSOMAL),
        ("DXS8378", Inheritance.X),
        ("HPRTB", Inheritance.X),
        ("DYS391", Inheritance.Y),
        ("DYF387S1", Inheritance.Y),
        ("GATA H4", Inheritance.Y),
        ("AMEL", Inheritance.SEX),
        ("Yindel", Inheritance.SEX),
        ("QS1", Inheritance.CONTROL),
    ],
)
def test_a_marker_follows_a_rule_of_inheritance(name: str, rule: Inheritance) -> None:
    assert inheritance(name) is rule


def test_alleles_are_in_ladder_order_as_text() -> None:
    assert sorted(["10", "Rest allele", "9.3", "9", "100"], key=allele_order) == [
        "9",
        "9.3",
        "10",
        "100",
        "Rest allele",
    ]


def test_a_repeat_number_is_ascii_text() -> None:
    assert [t for t in ("9.3", "12", "09", "٩", "9.", ".3", "9,3", "1e5") if is_repeat_number(t)] == [
        "9.3",
        "12",
    ]
