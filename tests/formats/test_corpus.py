"""Every file of the shared corpus imports, or is refused with a reason, as its provenance says; none is left out."""

from __future__ import annotations

import pytest

from forensics.domain.errors import Invalid
from forensics.formats import read_file
from tests.support.shared import SHARED, has_shared, shared

# fmt: off
READ: dict[str, tuple[str, int, int]] = {  # format, profiles, families
    "codis/osiris__CODIS-32.AppendixAexample.xml": ("codis", 2, 0),
    "codis/smartrank__Codis-Single-Profile.xml": ("codis", 1, 0),
    "codis/smartrank__database_codis_generated_10_6fields.csv": ("samples", 10, 0),
    "codis/smartrank__database_codis_generated_44.csv": ("samples", 44, 0),
    "dvi/Exercise-GHEP/GHEP-AM-profiles.txt": ("references", 286, 119),
    "dvi/Exercise-GHEP/GHEP-PM-profiles.txt": ("samples", 87, 0),
    "dvi/Exercise-GHEP/GHEP-STR-freq.txt": ("frequency-matrix", 0, 0),
    "dvi/Exercise-Helicopter/Exercise-Helicopter-AM-Data.txt": ("references", 3, 3),
    "dvi/Exercise-Helicopter/Exercise-Helicopter-PM-Data.txt": ("samples", 7, 0),
    "dvi/Exercise-Screening/Exercise-Screening-AM-Data.txt": ("references", 14, 8),
    "dvi/Exercise-Screening/Exercise-Screening-PM-Data.txt": ("samples", 8, 0),
    "familias/BrotherPower.fam": ("familias", 0, 1),
    "familias/BrotherPowerConditioned.fam": ("familias", 1, 1),
    "familias/Ch4-example-4-8-4.fam": ("familias", 7, 1),
    "familias/Exercise-Helicopter-Freq.fam": ("familias", 0, 0),
    "familias/Exercise-Screening-Freq.fam": ("familias", 0, 0),
    "familias/FamilyWith3Missing.fam": ("familias", 4, 1),
    "familias/KETPex498.fam": ("familias", 4, 1),
    "familias/Solution3_3.fam": ("familias", 13, 5),
    "familias/dvi-example.fam": ("familias", 4, 1),
    "familias/exclusionExample.fam": ("familias", 63, 15),
    "familias/halfsib.fam": ("familias", 3, 1),
    "familias/halfsib_case.fam": ("familias", 2, 1),
    "familias/paternity.fam": ("familias", 2, 1),
    "familias/planecrash.fam": ("familias", 13, 5),
    "familias/reconstruct-fathers.freq": ("familias-freq", 0, 0),
    "familias/reconstruct-fathers.ped": ("familias-ped", 5, 0),
    "familias/sibship.fam": ("familias", 2, 1),
    "genemapper/smartrank__GeneMapperExample.txt": ("genemapper", 4, 0),
    "genemapper/smartrank__GeneMapperExampleWithHeights.txt": ("genemapper", 4, 0),
    "lrmix/smartrank__suspect.csv": ("lrmix", 1, 0),
    "lrmix/smartrank__suspect.tsv": ("lrmix", 1, 0),
    "lrmix/smartrank__suspect2.csv": ("lrmix", 1, 0),
}
REFUSED = {  # read, and refused at a place
    "codis/smartrank__broken-allele.xml": "line 38, column D21S11: An allele of D21S11 has no value.",
    "genemapper/smartrank__GeneMapperExampleBrokenHeader.txt": "line 1, column 1: 'Smaple File' is no column",
}
OTHER_FOLDERS = ("arizona", "mmp", "osteometric", "vocab")
"""Cases, incidents, measurements and words: nothing that holds a profile."""
NO_PROFILES = {
    "codis/osiris__CMF-2017.xsd", "codis/osiris__CODIS-32.AppendixBexample.xsd",
    "codis/osiris__CODIS-R-CMF-Interface-Spec.xsd", "codis/osiris__CODIS_CMF_3.2_Interface_Specification.txt",
    "codis/osiris__CODIS_Rapid_Import_CMF_Interface_Specification_R16_170929.txt", "codis/osiris__CmfList.xml",
    "codis/osiris__StandardPositiveControlList.txt", "codis/osiris__StandardPositiveControls.xml",
    "codis/smartrank__codis.xsd", "codis/smartrank__locim_statistics.xml",
}
# fmt: on


def _files() -> list[str]:
    folder = SHARED / "corpus"
    return sorted(str(p.relative_to(folder)) for p in folder.glob("*/**/*") if p.is_file())


FILES = _files() if has_shared("corpus") else ["(none here)"]


@pytest.mark.parametrize("name", FILES)
def test_every_file_imports_or_is_refused(name: str) -> None:
    path = shared("corpus", *name.split("/"))
    if name in READ:
        reading = read_file(path)
        assert not reading.refused, str(reading.problems[0])
        assert (reading.format, len(reading.profiles), len(reading.families)) == READ[name]
    elif name in REFUSED:
        reading = read_file(path)
        assert reading.refused
        assert str(reading.problems[0]).startswith(REFUSED[name])
        assert (reading.profiles, reading.families) == ((), ())
    else:
        assert name in NO_PROFILES or name.split("/")[0] in OTHER_FOLDERS, (
            f"{name} is new; say what is expected"
        )
        with pytest.raises(Invalid, match="no file that can be read here"):
            read_file(path)


def test_no_expected_file_is_missing() -> None:
    shared("corpus")
    assert (READ.keys() | REFUSED.keys() | NO_PROFILES) - set(FILES) == set()
