"""Files to values and back, every problem with its place and remedy; one line in `FORMATS` registers a format."""

from pathlib import Path

from forensics.domain.errors import Invalid, Unavailable
from forensics.domain.reading import Reading
from forensics.formats import (
    codis,
    familias,
    familias_tables,
    frequencies,
    long_tables,
    peak_tables,
    reference_tables,
    sample_tables,
    spreadsheets,
)
from forensics.formats.format import Format

__all__ = ["FORMATS", "LARGEST", "Format", "read_file", "recognise"]

LARGEST = 64 * 1024 * 1024
"""Bytes; no export of profiles or frequencies comes near it."""

_TABLE = (".txt", ".tsv", ".csv")

_FAM, _LONG, _SAMPLES, _FREQUENCIES = familias_tables, long_tables, sample_tables, frequencies

# fmt: off
_ALL = (
    Format("familias", "Familias project", (".fam",), familias.sniff_familias, familias.read_familias),
    Format("codis", "CODIS message (CMF 3.2)", (".xml",), codis.sniff_codis, codis.read_codis),
    Format("xlsx", "Excel workbook", (".xlsx",), spreadsheets.sniff_workbook, spreadsheets.read_workbook),
    Format("familias-ped", "Pedigree table", (".ped",), _FAM.sniff_ped, _FAM.read_ped),
    Format("familias-freq", "Frequency blocks", (".freq",), _FAM.sniff_freq, _FAM.read_freq),
    Format("frequency-matrix", "Frequency matrix", _TABLE, _FREQUENCIES.sniff_matrix, _FREQUENCIES.read_frequencies),
    Format("frequency-list", "Frequency list", _TABLE, _FREQUENCIES.sniff_list, _FREQUENCIES.read_frequencies),
    Format("genemapper-long", "GeneMapper genotypes table", _TABLE, _LONG.sniff_genemapper_long, _LONG.read_long),
    Format("lrmix", "LRmix or EuroForMix profile", _TABLE, _LONG.sniff_lrmix, _LONG.read_long),
    Format("peaks", "Peak table (GeneMarker)", _TABLE, peak_tables.sniff_peaks, peak_tables.read_peaks),
    Format("references", "Family reference table", _TABLE, _SAMPLES.sniff_references, reference_tables.read_references),
    Format("genemapper", "GeneMapper export", _TABLE, _SAMPLES.sniff_genemapper, _SAMPLES.read_samples),
    Format("samples", "Sample table", _TABLE, _SAMPLES.sniff_samples, _SAMPLES.read_samples),
)
# fmt: on

FORMATS: dict[str, Format] = {format.name: format for format in _ALL}
"""Every format by its name, in the order in which they are tried."""


def recognise(data: bytes, filename: str) -> Format:
    """The format of a file by its content; Invalid if it is none that can be read."""
    if not data.strip():
        raise Invalid(f"{filename} is empty; export it again.")
    for format in FORMATS.values():
        if format.sniff(data):
            return format
    known = ", ".join(f.title for f in FORMATS.values())
    raise Invalid(f"{filename} is no file that can be read here ({known}); choose another export.")


def read_file(path: Path) -> Reading:
    """What a file yields. Unavailable if it can't be opened, Invalid if it is none that can be read."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise Unavailable(
            f"{path.name} can't be opened ({error.strerror or error}); check the path and the permission."
        ) from error
    if len(data) > LARGEST:
        raise Invalid(f"{path.name} is larger than {LARGEST // 2**20} MB; check that it is the right file.")
    return recognise(data, path.name).read(data, path.name)
