"""Marker names and what a marker is: one canonical spelling, its rule of inheritance, its alleles.

Laboratories, instruments and databases write the same marker in many ways (`VWA`, `vWA`, `HUMVWA`,
`PENTA_D`, `Amelogenin`). Everything inside uses the canonical spelling of the kit manufacturers.
"""

import re
from enum import StrEnum
from functools import lru_cache


class Inheritance(StrEnum):
    """Which rule of inheritance a marker follows."""

    AUTOSOMAL = "autosomal"
    X = "X"
    Y = "Y"
    SEX = "sex"  # tells male from female, carries no identity: amelogenin, Y indel
    CONTROL = "control"  # quality sensors of a kit, the same in everybody


AUTOSOMAL = (
    "CSF1PO",
    "FGA",
    "TH01",
    "TPOX",
    "vWA",
    "D1S1656",
    "D2S441",
    "D2S1338",
    "D3S1358",
    "D5S818",
    "D7S820",
    "D8S1179",
    "D10S1248",
    "D12S391",
    "D13S317",
    "D16S539",
    "D18S51",
    "D19S433",
    "D21S11",
    "D22S1045",
    "SE33",
    "D6S1043",
    "F13A01",
    "F13B",
    "FESFPS",
    "LPL",
    "APOAI1",
    "CD4",
    "Penta B",
    "Penta C",
    "Penta D",
    "Penta E",
)
"""Autosomal STRs by name; others of the form D<chromosome>S<number> are recognised by their form."""

X_LINKED = ("HPRTB", "ARA", "HUMARA", "GATA172D05", "GATA31E08", "GATA165B12")
"""X-chromosomal STRs by name; others of the form DXS<number> are recognised by their form."""

Y_LINKED = ("Y-GATA-H4", "Y-GATA-A10", "DYF387S1", "DYS385", "DYS389I", "DYS389II")
"""Y-chromosomal STRs by name; others of the form DYS<number> or DYF<number> by their form."""

NAMED_BY_LENGTH = frozenset({"D11S554", "D17S906", "APOAI1"})
"""Markers whose alleles are named by fragment length in base pairs, not by repeats."""

AMELOGENIN = "AMEL"

_ALIASES = {
    "AMELOGENIN": AMELOGENIN,
    "AM": AMELOGENIN,
    "AMELXY": AMELOGENIN,
    "HUMVWA": "vWA",
    "VWA31": "vWA",
    "VWA31A": "vWA",
    "HUMVWFA31": "vWA",
    "THO1": "TH01",
    "TC11": "TH01",
    "HUMTH01": "TH01",
    "HUMTHO1": "TH01",
    "TP0X": "TPOX",
    "HUMTPOX": "TPOX",
    "CSF1P0": "CSF1PO",
    "CSF": "CSF1PO",
    "HUMCSF1PO": "CSF1PO",
    "FIBRA": "FGA",
    "HUMFIBRA": "FGA",
    "HUMFGA": "FGA",
    "ACTBP2": "SE33",
    "HUMACTBP2": "SE33",
    "YGATAH4": "Y-GATA-H4",
    "GATAH4": "Y-GATA-H4",
    "YGATAH41": "Y-GATA-H4",
    "DYS385AB": "DYS385",
    "DYS3891": "DYS389I",
    "DYS3892": "DYS389II",
    "DYS635C4": "DYS635",
    "YGATAC4": "DYS635",
    "HPRT": "HPRTB",
    "YINDEL": "Yindel",
    "SRY": "SRY",
    "FES": "FESFPS",
    "F13AO1": "F13A01",
}

_CONTROLS = ("QS1", "QS2", "IQCS", "IQCL")
_SEX_MARKERS = (AMELOGENIN, "Yindel", "SRY")
_D_NUMBER = re.compile(r"D(\d{1,2})S(\d{1,5})\Z", re.ASCII)
_D_REPEAT = re.compile(r"D(\d{1,2})(?:GATA|ATA|GGAA|AAC|ATT)\d{1,3}[A-Z]?\d{0,3}\Z", re.ASCII)
_SPLIT_NUMBER = re.compile(r"\d[\s_\-.]+\d", re.ASCII)
_X_NUMBER = re.compile(r"DXS\d{1,5}\Z", re.ASCII)
_Y_NUMBER = re.compile(r"DY[SF]\d{1,4}(S1|I|II|A|B|\.\d)?\Z", re.ASCII)


def _key(name: str) -> str:
    return re.sub(r"[\s_\-./]", "", name).upper()


_BY_KEY = {
    _key(name): name for name in (*AUTOSOMAL, *X_LINKED, *Y_LINKED, *_SEX_MARKERS, *_CONTROLS)
} | _ALIASES

KNOWN = tuple(dict.fromkeys(_BY_KEY.values()))
"""Every canonical name that is known by name, to suggest the nearest one for a misspelling."""


@lru_cache(maxsize=4096)
def canonical(name: str) -> str | None:
    """The canonical spelling of a marker's name; None if it is no marker that is known.

    >>> canonical("VWA"), canonical("PENTA_D"), canonical("d3s1358"), canonical("Height")
    ('vWA', 'Penta D', 'D3S1358', None)
    """
    if len(name) > 40:
        return None
    key = _key(name)
    if key in _BY_KEY:
        return _BY_KEY[key]
    if _SPLIT_NUMBER.search(name):
        return None  # `D8S1179 1` is the first allele of D8S1179, not a marker D8S11791
    number = _D_NUMBER.fullmatch(key) or _D_REPEAT.fullmatch(key)
    if (number and 1 <= int(number[1]) <= 22) or _X_NUMBER.fullmatch(key) or _Y_NUMBER.fullmatch(key):
        return key
    return None


@lru_cache(maxsize=4096)
def inheritance(name: str) -> Inheritance:
    """The rule of inheritance of a marker; a name that is not known counts as autosomal."""
    locus = canonical(name) or name
    if locus in _SEX_MARKERS:
        return Inheritance.SEX
    if locus in _CONTROLS:
        return Inheritance.CONTROL
    if locus in X_LINKED or _X_NUMBER.fullmatch(locus):
        return Inheritance.X
    if locus in Y_LINKED or _Y_NUMBER.fullmatch(locus):
        return Inheritance.Y
    return Inheritance.AUTOSOMAL


_ALLELE = re.compile(r"(0|[1-9]\d{0,2})(?:\.(\d{1,2}))?\Z", re.ASCII)


def allele_order(designation: str) -> tuple[int, int, str]:
    """Sort key that puts designations in ladder order: 9, 9.3, 10; words after the numbers."""
    number = _ALLELE.match(designation)
    if not number:
        return (10_000, 0, designation)
    return (int(number[1]), int(number[2] or 0), "")


def is_repeat_number(designation: str) -> bool:
    """Whether a designation has the form of an STR allele: repeats, and odd bases after a point."""
    return _ALLELE.match(designation) is not None
