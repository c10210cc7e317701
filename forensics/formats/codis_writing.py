"""Profiles as a CODIS import message (CMF 3.2), for exchange with other laboratories.

FBI, CODIS CMF 3.2 Interface Specification; loci that the message has no name for are left out and told.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree import ElementTree as etree  # noqa: N813  as lxml calls it

from forensics.domain.errors import Invalid
from forensics.domain.loci import Inheritance, inheritance

NAMESPACE = "urn:CODISImportFile-schema"
LONGEST = {"SPECIMENID": 24, "SPECIMENCOMMENT": 255, "SOURCELAB": 10, "SUBMITBYUSERID": 20, "ALLELEVALUE": 10}
MOST_ALLELES = 8

# fmt: off
_NAMES = {
    "AMEL": "Amelogenin", "DYS389I": "DYS389 I", "DYS389II": "DYS389 II", "Y-GATA-H4": "YGATAH4",
    **{name: name for name in (
        "CSF1PO", "D10S1248", "D12S391", "D13S317", "D16S539", "D18S51", "D19S433", "D1S1656", "D21S11",
        "D22S1045", "D2S1338", "D2S441", "D3S1358", "D5S818", "D7S820", "D8S1179", "FGA", "Penta D", "Penta E",
        "SE33", "TH01", "TPOX", "vWA", "DYF387S1", "DYS19", "DYS385", "DYS390", "DYS391", "DYS392", "DYS393",
        "DYS437", "DYS438", "DYS439", "DYS448", "DYS449", "DYS456", "DYS458", "DYS460", "DYS481", "DYS518",
        "DYS533", "DYS549", "DYS570", "DYS576", "DYS627", "DYS635", "DYS643", "Yindel",
    )},
}
# fmt: on
"""Our names of loci to those of the message."""


@dataclass(frozen=True, slots=True)
class Specimen:
    """One profile as it is sent; `category` is a word of the specification, such as Unidentified Person."""

    id: str
    category: str
    alleles: Sequence[tuple[str, Sequence[str]]]  # locus, its designations
    read_by: str
    read_at: datetime
    partial: bool = False


def left_out(specimens: Sequence[Specimen]) -> tuple[str, ...]:
    """The loci that the message has no name for."""
    return tuple(sorted({locus for one in specimens for locus, _ in one.alleles if locus not in _NAMES}))


def codis_message(
    specimens: Sequence[Specimen], *, laboratory: str, destination: str, user: str, at: datetime
) -> bytes:
    """The message; `Invalid` when nothing can be sent or a name is too long for it."""
    if not specimens:
        raise Invalid("There is no profile to export; choose at least one that was accepted.")
    _demand_short("SOURCELAB", laboratory)
    _demand_short("SOURCELAB", destination)
    root = etree.Element("CODISImportFile", xmlns=NAMESPACE)
    head = (
        ("HEADERVERSION", "3.2"),
        ("MESSAGETYPE", "Import"),
        ("DESTINATIONORI", destination),
        ("SOURCELAB", laboratory),
        ("SUBMITBYUSERID", user[: LONGEST["SUBMITBYUSERID"]]),
        ("SUBMITDATETIME", _moment(at)),
    )
    for name, words in head:
        etree.SubElement(root, name).text = words
    seen: set[str] = set()
    for specimen in specimens:
        if specimen.id in seen:
            raise Invalid(f"{specimen.id} would stand twice in the message; choose one of its profiles.")
        seen.add(specimen.id)
        root.append(_specimen(specimen))
    etree.indent(root)
    written: bytes = etree.tostring(root, "UTF-8", xml_declaration=True)
    return written


def _specimen(specimen: Specimen) -> etree.Element:
    _demand_short("SPECIMENID", specimen.id)
    kept = [(locus, alleles) for locus, alleles in specimen.alleles if locus in _NAMES and alleles]
    if not kept:
        raise Invalid(f"{specimen.id} has no locus that a CODIS message can hold; leave it out.")
    element = etree.Element("SPECIMEN", PARTIAL="true" if specimen.partial else "false")
    etree.SubElement(element, "SPECIMENID").text = specimen.id
    etree.SubElement(element, "SPECIMENCATEGORY").text = specimen.category
    for locus, alleles in kept:
        if len(alleles) > MOST_ALLELES:
            raise Invalid(
                f"{specimen.id} has more than {MOST_ALLELES} alleles at {locus}; it is no single person."
            )
        line = etree.SubElement(element, "LOCUS")
        etree.SubElement(line, "LOCUSNAME").text = _NAMES[locus]
        etree.SubElement(line, "READINGBY").text = specimen.read_by[: LONGEST["SUBMITBYUSERID"]]
        etree.SubElement(line, "READINGDATETIME").text = _moment(specimen.read_at)
        for designation in _written(locus, alleles):
            allele = etree.SubElement(line, "ALLELE")
            etree.SubElement(allele, "ALLELEVALUE").text = designation
    return element


def _written(locus: str, alleles: Sequence[str]) -> list[str]:
    """A homozygote stands twice where a person has two copies; the sex marker stands as seen."""
    twice = len(alleles) == 1 and inheritance(locus) is Inheritance.AUTOSOMAL
    return [*alleles, *alleles] if twice else list(alleles)


def _demand_short(name: str, words: str) -> None:
    if not 1 <= len(words) <= LONGEST[name]:
        raise Invalid(
            f"“{words}” can't be sent: in a CODIS message this has 1 to {LONGEST[name]} characters; shorten it."
        )


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
