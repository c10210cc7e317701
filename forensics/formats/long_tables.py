"""Tables with one marker of one sample in a row: GeneMapper ID-X's genotypes table, LRmix, EuroForMix."""

import re
from dataclasses import dataclass, field

from forensics.domain.loci import canonical
from forensics.domain.reading import ReadCall, ReadProfile
from forensics.formats.calls import is_empty
from forensics.formats.columns import FILE, SAMPLE, key
from forensics.formats.format import Content
from forensics.formats.problems import Findings, shown, stop
from forensics.formats.profiles import Peak, finish_profile, read_calls
from forensics.formats.text import Row, Table, first_cells, read_table

MARKER = frozenset({"marker", "markername", "locus", "locusname"})
_PEAK = re.compile(r"(allele|height|size)(\d{1,3})\Z")


def sniff_genemapper_long(data: bytes) -> bool:
    """Marker and `Allele 1` columns beside the sample, with heights or sizes or a sample file."""
    return _looks_long(data) and any(
        key(c) in FILE or key(c).startswith(("height", "size")) for c in first_cells(data)
    )


def sniff_lrmix(data: bytes) -> bool:
    """`SampleName, Marker, Allele1, Allele2` and nothing else that is needed."""
    return _looks_long(data)


def _looks_long(data: bytes) -> bool:
    names = {key(cell) for cell in first_cells(data)}
    return bool(names & SAMPLE) and bool(names & MARKER) and "allele1" in names


@dataclass(slots=True)
class _Layout:
    sample: int
    marker: int
    file: int | None
    peaks: dict[int, dict[str, int]] = field(default_factory=dict)  # number -> allele, height, size columns


def read_long(data: bytes, filename: str, findings: Findings) -> Content:  # noqa: ARG001
    """Rows gathered to one profile for each sample and run file, in the order of their first rows."""
    return long_of(read_table(data), findings)


def long_of(table: Table, findings: Findings) -> Content:
    """The profiles of a table, whatever file it came from."""
    layout = _layout(table.header)
    calls: dict[tuple[str, str], dict[str, tuple[ReadCall, ...]]] = {}
    lines: dict[tuple[str, str], int] = {}
    for row in table.rows:
        marker = _marker(row, layout, findings)
        if marker is None:
            continue
        owner = (row.cell(layout.sample), row.cell(layout.file))
        profile = calls.setdefault(owner, {})
        lines.setdefault(owner, row.line)
        if marker in profile:
            findings.fatal(
                f"{marker} of {shown(owner[0])} stands twice.",
                "Keep one line of each marker.",
                row.line,
                "Marker",
            )
        found = read_calls(_row_peaks(row, layout, table.header), marker, row.line, findings)
        if found:
            profile[marker] = found
    if not calls and not findings.refused:
        raise stop("There is no line below the header.", "Export the table again.", table.header.line)
    return Content(
        [
            finish_profile(ReadProfile(sample, found, file, line=lines[sample, file]), findings)
            for (sample, file), found in calls.items()
        ]
    )


def _layout(header: Row) -> _Layout:
    names = [key(cell) for cell in header.cells]
    sample = next((i for i, n in enumerate(names) if n in SAMPLE), None)
    marker = next((i for i, n in enumerate(names) if n in MARKER), None)
    if sample is None or marker is None:
        wanted = "Sample Name" if sample is None else "Marker"
        raise stop(f"There is no column {wanted}.", f"Name a column {wanted}.", header.line)
    layout = _Layout(sample, marker, next((i for i, n in enumerate(names) if n in FILE), None))
    for i, name in enumerate(names):
        if peak := _PEAK.fullmatch(name):
            layout.peaks.setdefault(int(peak[2]), {})[peak[1]] = i
    if not any("allele" in columns for columns in layout.peaks.values()):
        raise stop("There is no column Allele 1.", "Name the columns Allele 1, Allele 2 …", header.line)
    return layout


def _marker(row: Row, layout: _Layout, findings: Findings) -> str | None:
    if not row.cell(layout.sample):
        findings.fatal("The sample has no name.", "Name every sample.", row.line, str(layout.sample + 1))
        return None
    name = row.cell(layout.marker)
    marker = canonical(name)
    if marker is None:
        findings.fatal(
            f"{shown(name)} is no marker that is known.",
            "Correct its name, such as D3S1358.",
            row.line,
            "Marker",
        )
    return marker


def _row_peaks(row: Row, layout: _Layout, header: Row) -> list[Peak]:
    return [
        (row.cell(c["allele"]), row.cell(c.get("height")), row.cell(c.get("size")), header.cells[c["allele"]])
        for _, c in sorted(layout.peaks.items())
        if "allele" in c and not is_empty(row.cell(c["allele"]))
    ]
