"""Files to values and back, every problem with its place and remedy; one line in `FORMATS` registers a format."""

from pathlib import Path

from forensics.domain.errors import Invalid, Unavailable
from forensics.domain.reading import Reading
from forensics.formats import (
    familias,
    familias_tables,
    frequencies,
    long_tables,
    reference_tables,
    sample_tables,
)
from forensics.formats.format import Format

__all__ = ["FORMATS", "LARGEST", "Format", "read_file", "recognise"]

LARGEST = 64 * 1024 * 1024
"""Bytes; no export of profiles or frequencies comes near it."""

_TABLE = (".txt", ".tsv", ".csv")

FORMATS: dict[str, Format] = {
    f.name: f
    for f in (
        Format("familias", "Familias project", (".fam",), familias.sniff_familias, familias.read_familias),
        Format(
            "familias-ped", "Pedigree table", (".ped",), familias_tables.sniff_ped, familias_tables.read_ped
        ),
        Format(
            "familias-freq",
            "Frequency blocks",
            (".freq",),
            familias_tables.sniff_freq,
            familias_tables.read_freq,
        ),
        Format(
            "frequency-matrix",
            "Frequency matrix",
            _TABLE,
            frequencies.sniff_matrix,
            frequencies.read_frequencies,
        ),
        Format(
            "frequency-list", "Frequency list", _TABLE, frequencies.sniff_list, frequencies.read_frequencies
        ),
        Format(
            "genemapper-long",
            "GeneMapper genotypes table",
            _TABLE,
            long_tables.sniff_genemapper_long,
            long_tables.read_long,
        ),
        Format("lrmix", "LRmix / EuroForMix profile", _TABLE, long_tables.sniff_lrmix, long_tables.read_long),
        Format(
            "ghep-references",
            "Family reference table",
            _TABLE,
            sample_tables.sniff_references,
            reference_tables.read_references,
        ),
        Format(
            "genemapper",
            "GeneMapper export",
            _TABLE,
            sample_tables.sniff_genemapper,
            sample_tables.read_samples,
        ),
        Format("samples", "Sample table", _TABLE, sample_tables.sniff_samples, sample_tables.read_samples),
    )
}
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
