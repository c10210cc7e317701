"""CODIS common message format (CMF 3.2) and its Rapid variant: XML of specimens, loci and alleles.

FBI, CODIS CMF 3.2 Interface Specification; structure is checked here element by element, so that every
problem has its line. Document types and entities are refused before anything is expanded.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from forensics.domain.loci import canonical
from forensics.domain.reading import ReadCall, ReadProfile
from forensics.formats.format import Content
from forensics.formats.problems import Findings, shown, stop
from forensics.formats.profiles import finish_profile, read_calls, warn_repeated
from forensics.formats.text import first_lines

if TYPE_CHECKING:
    from lxml.etree import _Element

_ROOTS = {"CODISImportFile": "HEADERVERSION", "CODISRapidImportFile": "HEADER"}
_MOST_ALLELES, _MOST_SPECIMENS = 8, 200_000


def sniff_codis(data: bytes) -> bool:
    """The root element is one of the two message formats."""
    return any(re.search(rf"<(\w+:)?{root}[\s>]", line) for line in first_lines(data, 20) for root in _ROOTS)


def read_codis(data: bytes, filename: str, findings: Findings) -> Content:  # noqa: ARG001
    """The profile of every specimen."""
    root = _parse(data)
    kind = _tag(root)
    if kind not in _ROOTS:
        raise stop(
            f"The root element is {shown(kind)}.", "Export a CODIS import file (CMF 3.2).", _line(root)
        )
    if not any(_tag(child) == _ROOTS[kind] for child in root):
        raise stop(f"There is no {_ROOTS[kind]}.", "Export the file again; its head is missing.", _line(root))
    _check_header(root, findings)
    specimens = [child for child in root if _tag(child) == "SPECIMEN"]
    if not specimens or len(specimens) > _MOST_SPECIMENS:
        raise stop(f"The file has {len(specimens)} specimens.", "Export the file again.", _line(root))
    profiles = [profile for s in specimens if (profile := _read_specimen(s, findings))]
    warn_repeated(profiles, findings)
    return Content(profiles)


def _parse(data: bytes) -> _Element:
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        line = error.lineno or None
        raise stop(
            f"The XML is broken ({shown(str(error.msg), 90)}).", "Export the file again.", line
        ) from None
    except (LookupError, ValueError) as error:
        raise stop(f"The XML is broken ({shown(str(error), 90)}).", "Export the file again.") from None
    document: Any = root.getroottree().docinfo
    if document.doctype:
        raise stop(
            "The file has a document type definition, which can hide content.",
            "Export it without a DOCTYPE.",
            1,
        )
    return root


def _line(element: _Element) -> int | None:
    line: Any = element.sourceline
    return line if isinstance(line, int) else None


def _tag(element: _Element) -> str:
    """The name of an element without its namespace; empty for comments and processing instructions."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _text(element: _Element) -> str:
    return (element.text or "").strip()


def _children(element: _Element, name: str) -> list[_Element]:
    return [child for child in element if _tag(child) == name]


def _check_header(root: _Element, findings: Findings) -> None:
    for version in _children(root, "HEADERVERSION"):
        if _text(version) != "3.2":
            findings.warn(
                f"The version is {shown(_text(version))}; it is read as 3.2.",
                "Compare with the source.",
                _line(version),
            )
    for kind in _children(root, "MESSAGETYPE"):
        if _text(kind) != "Import":
            findings.fatal(
                f"The message is {shown(_text(kind))}, not an import.",
                "Export an import file.",
                _line(kind),
            )


def _read_specimen(specimen: _Element, findings: Findings) -> ReadProfile | None:
    line = _line(specimen)
    names = [_text(e) for e in _children(specimen, "SPECIMENID") if _text(e)]
    loci = _children(specimen, "LOCUS")
    if len(names) != 1 or not loci:
        what = "no SPECIMENID of its own" if len(names) != 1 else "no LOCUS"
        findings.fatal(f"The specimen has {what}.", "Export the file again.", line)
        return None
    calls: dict[str, tuple[ReadCall, ...]] = {}
    for element in loci:
        locus = _locus(element, calls, findings)
        if locus:
            found = _alleles(element, locus, findings)
            if found:
                calls[locus] = found
    if specimen.get("PARTIAL", "").casefold() == "true":
        _warn_partial(calls, line, findings)
    return finish_profile(ReadProfile(names[0], calls, line=line), findings)


def _locus(element: _Element, calls: dict[str, tuple[ReadCall, ...]], findings: Findings) -> str | None:
    names = [_text(e) for e in _children(element, "LOCUSNAME")]
    locus = canonical(names[0]) if len(names) == 1 else None
    if locus is None:
        name = shown(names[0]) if names else "A locus without LOCUSNAME"
        findings.fatal(
            f"{name} is no marker that is known.", "Correct LOCUSNAME.", _line(element), "LOCUSNAME"
        )
    elif locus in calls:
        findings.fatal(f"{locus} stands twice in the specimen.", "Keep one reading.", _line(element), locus)
        return None
    return locus


def _alleles(element: _Element, locus: str, findings: Findings) -> tuple[ReadCall, ...]:
    alleles = _children(element, "ALLELE")
    if not 1 <= len(alleles) <= _MOST_ALLELES:
        findings.fatal(
            f"{locus} has {len(alleles)} alleles; 1 to {_MOST_ALLELES} are allowed.",
            "Leave out a locus without result.",
            _line(element),
            locus,
        )
    found: list[ReadCall] = []
    for allele in alleles:
        values = [_text(e) for e in _children(allele, "ALLELEVALUE")]
        if len(values) != 1 or not values[0]:
            findings.fatal(
                f"An allele of {locus} has no value.",
                "Give ALLELEVALUE, or leave the allele out.",
                _line(allele),
                locus,
            )
        else:
            found += read_calls([(values[0], "", "", locus)], locus, _line(allele) or 0, findings)
    return tuple({(c.designation, c.state): c for c in found}.values())


def _warn_partial(calls: dict[str, tuple[ReadCall, ...]], line: int | None, findings: Findings) -> None:
    """In a partial profile a lone allele may be half of a heterozygous genotype."""
    lone = [locus for locus, found in calls.items() if len(found) == 1 and locus != "AMEL"]
    if lone:
        findings.warn(
            "The profile is marked partial; single alleles are read as homozygous.",
            "If a second allele may have dropped out, leave the marker out.",
            line,
            ", ".join(lone),
        )
