"""CODIS messages that are written: read back as they were, and valid by the published schema."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from forensics.domain.errors import Invalid
from forensics.formats import FORMATS
from forensics.formats.codis_writing import Specimen, codis_message, left_out
from tests.support.shared import shared

AT = datetime(2026, 5, 6, 14, 3, 9, tzinfo=UTC)
ALLELES = (
    ("TH01", ("6", "9.3")),
    ("vWA", ("17",)),
    ("AMEL", ("X", "Y")),
    ("DYS389I", ("13",)),
    ("Penta D", ("9", "12")),
)
ONE = Specimen("7KQ2-M4TX-3", "Unidentified Person", ALLELES, "Ines Amrani", AT, partial=True)


def _message(*specimens: Specimen) -> bytes:
    return codis_message(specimens, laboratory="NOMINA", destination="STATE", user="Ines Amrani", at=AT)


def test_a_message_is_read_back_as_it_was() -> None:
    (profile,) = FORMATS["codis"].read(_message(ONE), "m.xml").profiles
    assert profile.sample == "7KQ2-M4TX-3"
    assert {locus: profile.alleles(locus) for locus in profile.calls} == dict(ALLELES)
    assert profile.genotype("vWA") == ("17", "17")


def test_the_message_is_valid_by_the_published_schema() -> None:
    from lxml import etree

    schema = etree.XMLSchema(file=str(shared("corpus", "codis", "osiris__CMF-2017.xsd")))
    schema.assertValid(etree.fromstring(_message(ONE)))


def test_loci_without_a_name_in_the_message_are_left_out_and_told() -> None:
    odd = Specimen("A", "Missing Person", (*ALLELES, ("D6S1043", ("12",))), "x", AT)
    assert left_out([odd]) == ("D6S1043",)
    assert b"D6S1043" not in _message(odd)


@pytest.mark.parametrize(
    ("specimens", "said"),
    [
        ((), "no profile to export"),
        ((Specimen("A" * 25, "Missing Person", ALLELES, "x", AT),), "1 to 24 characters"),
        ((Specimen("A", "Missing Person", (("D6S1043", ("12",)),), "x", AT),), "no locus that a CODIS"),
        ((ONE, ONE), "stand twice"),
        ((Specimen("A", "Other", (("TH01", tuple("123456789")),), "x", AT),), "more than 8 alleles"),
    ],
)
def test_what_cannot_be_sent_is_refused(specimens: tuple[Specimen, ...], said: str) -> None:
    with pytest.raises(Invalid, match=said):
        _message(*specimens)
