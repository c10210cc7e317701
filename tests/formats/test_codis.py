"""CODIS messages: structure, lines, documents that hide something, the shared files."""

import pytest

from forensics.domain.errors import Invalid
from forensics.domain.kinship import Sex
from forensics.domain.reading import CallState, Reading
from forensics.formats import FORMATS, read_file
from tests.support.format_samples import CODIS
from tests.support.shared import shared


def _read(text: str) -> Reading:
    return FORMATS["codis"].read(text.encode(), "message.xml")


def test_specimens_become_profiles() -> None:
    profile = _read(CODIS).profile("B-001")
    assert profile.genotype("TH01") == ("6", "9.3")
    assert profile.sex is Sex.FEMALE
    assert profile.line == 5


@pytest.mark.parametrize(
    ("old", "new", "said", "line"),
    [
        ("<ALLELEVALUE>6</ALLELEVALUE>", "", "no value", 10),
        ("<SPECIMENID>B-001</SPECIMENID>", "", "no SPECIMENID", 5),
        ("<LOCUSNAME>TH01</LOCUSNAME>", "<LOCUSNAME>TX01</LOCUSNAME>", "no marker", 8),
        ("<LOCUSNAME>Amelogenin</LOCUSNAME>", "<LOCUSNAME>THO1</LOCUSNAME>", "stands twice", 13),
        ("<MESSAGETYPE>Import", "<MESSAGETYPE>Delete", "not an import", 4),
        ("<HEADERVERSION>3.2</HEADERVERSION>", "", "no HEADERVERSION", 2),
        ("</SPECIMEN>", "", "broken", 18),
        ("<ALLELE><ALLELEVALUE>X</ALLELEVALUE></ALLELE>", "", "0 alleles", 13),
    ],
)
def test_a_broken_structure_is_refused_at_its_line(old: str, new: str, said: str, line: int) -> None:
    reading = _read(CODIS.replace(old, new, 1))
    assert reading.refused
    assert said in reading.problems[0].what
    assert reading.problems[0].line == line


def test_the_rapid_variant_is_read_too() -> None:
    rapid = CODIS.replace("CODISImportFile", "CODISRapidImportFile").replace(
        "<HEADERVERSION>3.2</HEADERVERSION>", "<HEADER/>"
    )
    assert _read(rapid).profile("B-001").genotype("TH01") == ("6", "9.3")


def test_a_document_type_is_refused_whatever_it_holds() -> None:
    reading = _read(CODIS.replace("<CODISImportFile", "<!DOCTYPE CODISImportFile>\n<CODISImportFile", 1))
    assert "document type" in reading.problems[0].what


def test_single_alleles_of_a_partial_profile_are_a_question() -> None:
    text = CODIS.replace('SOURCEID="Yes"', 'PARTIAL="true"').replace(
        "      <ALLELE><ALLELEVALUE>6</ALLELEVALUE></ALLELE>\n", ""
    )
    (problem,) = _read(text).problems
    assert (problem.line, problem.column) == (5, "TH01")


def test_the_shared_example_of_the_specification_is_read() -> None:
    reading = read_file(shared("corpus", "codis", "osiris__CODIS-32.AppendixAexample.xml"))
    assert not reading.refused
    assert reading.profiles[0].sample == "IMP_0001A"
    assert reading.profiles[0].genotype("FGA") == ("24", "25")
    doubtful = reading.profiles[1].calls["CSF1PO"]
    assert any(c.designation == "<6" and c.state is CallState.OFF_LADDER for c in doubtful)


def test_the_shared_single_profile_is_read() -> None:
    (profile,) = read_file(shared("corpus", "codis", "smartrank__Codis-Single-Profile.xml")).profiles
    assert profile.sample == "ABCD1234NL#01"
    assert profile.genotype("vWA") == ("16", "16")
    assert profile.sex is Sex.MALE


def test_the_shared_message_with_an_empty_allele_is_refused_at_its_line() -> None:
    reading = read_file(shared("corpus", "codis", "smartrank__broken-allele.xml"))
    assert reading.refused
    assert (reading.problems[0].line, reading.problems[0].column) == (38, "D21S11")


@pytest.mark.parametrize(
    "name",
    ["osiris__StandardPositiveControls.xml", "osiris__CmfList.xml", "smartrank__locim_statistics.xml",
     "osiris__CMF-2017.xsd"],
)  # fmt: skip
def test_other_xml_is_refused(name: str) -> None:
    with pytest.raises(Invalid, match="no file that can be read"):
        read_file(shared("corpus", "codis", name))
