"""Tables with one peak in a row, as GeneMarker and other programs export them, perhaps below lines of their own.

The header is the first line that names a sample, a marker and an allele; what stands above it is the report's head.
"""

from dataclasses import dataclass, replace

from forensics.domain.loci import canonical
from forensics.domain.reading import CallState, ReadCall, ReadProfile
from forensics.formats.columns import FILE, SAMPLE, key
from forensics.formats.format import Content
from forensics.formats.long_tables import MARKER
from forensics.formats.problems import Findings, shown, stop
from forensics.formats.profiles import finish_profile, read_calls
from forensics.formats.text import Row, Table, delimiter, first_lines, read_table

HEAD_LINES = 30
_ALLELE = frozenset({"allele", "allelecall", "allelename", "call"})
_HEIGHT = frozenset({"height", "peakheight", "rfu"})
_SIZE = frozenset({"size", "peaksize", "bp", "basepairs", "length"})
_FLAG = frozenset({"flag", "flags", "state", "peaktype", "artifact", "artefact", "filter"})
_STATES = {
    "stutter": CallState.STUTTER,
    "st": CallState.STUTTER,
    "dropout": CallState.DROP_OUT,
    "do": CallState.DROP_OUT,
    "offladder": CallState.OFF_LADDER,
    "ol": CallState.OFF_LADDER,
}
"""What programs write beside a peak that is no allele; an empty cell and `ok` say that it is one."""


def sniff_peaks(data: bytes) -> bool:
    """One of the first lines names a sample (or its file), a marker and an allele without a number."""
    return _head(first_lines(data, HEAD_LINES)) is not None


def _head(lines: list[str]) -> int | None:
    for number, line in enumerate(lines):
        names = {key(cell.strip().strip('"')) for cell in line.split(delimiter(line))}
        if names & (SAMPLE | FILE) and names & MARKER and names & _ALLELE:
            return number
    return None


@dataclass(frozen=True, slots=True)
class _Layout:
    sample: int | None
    file: int | None
    marker: int
    allele: int
    height: int | None
    size: int | None
    flag: int | None


def read_peaks(data: bytes, filename: str, findings: Findings) -> Content:  # noqa: ARG001
    """Peaks gathered to one profile for each sample and run file, in the order of their first rows."""
    table = read_table(data, skip=_head(first_lines(data, HEAD_LINES)) or 0)
    return peaks_of(table, findings)


def peaks_of(table: Table, findings: Findings) -> Content:
    """The profiles of a table of peaks."""
    layout = _layout(table.header)
    calls: dict[tuple[str, str], dict[str, list[ReadCall]]] = {}
    lines: dict[tuple[str, str], int] = {}
    for row in table.rows:
        owner = row.cell(layout.sample) or row.cell(layout.file), row.cell(layout.file)
        marker = _marker(row, owner[0], layout, findings)
        if marker is None:
            continue
        lines.setdefault(owner, row.line)
        for call in _calls(row, marker, layout, table.header, findings):
            _keep(calls.setdefault(owner, {}).setdefault(marker, []), call, row, marker, findings)
    if not calls and not findings.refused:
        raise stop("There is no peak below the header.", "Export the table again.", table.header.line)
    return Content(
        [
            finish_profile(
                ReadProfile(sample, {m: tuple(c) for m, c in found.items()}, file, line=lines[sample, file]),
                findings,
            )
            for (sample, file), found in calls.items()
        ]
    )


def _layout(header: Row) -> _Layout:
    names = [key(cell) for cell in header.cells]

    def place(known: frozenset[str]) -> int | None:
        return next((i for i, name in enumerate(names) if name in known), None)

    marker, allele = place(MARKER), place(_ALLELE)
    if marker is None or allele is None or (place(SAMPLE) is None and place(FILE) is None):
        raise stop(
            "The header names no sample, marker and allele.",
            "Export the peaks with the columns Sample Name, Marker and Allele.",
            header.line,
        )
    return _Layout(place(SAMPLE), place(FILE), marker, allele, place(_HEIGHT), place(_SIZE), place(_FLAG))


def _marker(row: Row, sample: str, layout: _Layout, findings: Findings) -> str | None:
    if not sample:
        findings.fatal("The sample has no name.", "Name every sample.", row.line)
        return None
    name = row.cell(layout.marker)
    marker = canonical(name)
    if marker is None and row.cell(layout.allele):
        what, remedy = f"{shown(name)} is no marker that is known.", "Correct its name, such as D3S1358."
        findings.fatal(what, remedy, row.line, "Marker")
    return marker


def _calls(row: Row, marker: str, layout: _Layout, header: Row, findings: Findings) -> tuple[ReadCall, ...]:
    peak = (
        row.cell(layout.allele), row.cell(layout.height), row.cell(layout.size), header.cells[layout.allele],
    )  # fmt: skip
    found = read_calls([peak], marker, row.line, findings)
    flag = key(row.cell(layout.flag))
    if flag in ("", "ok", "pass", "accepted", "allele"):
        return found
    state = _STATES.get(flag)
    if state is None:
        findings.warn(
            f"{shown(row.cell(layout.flag))} is no mark of a peak that is known; the peak is kept as an allele.",
            "Write stutter, drop-out or OL, or leave the cell empty.",
            row.line,
            header.cells[layout.flag or 0],
        )
        return found
    return tuple(replace(call, state=state) for call in found)


def _keep(peaks: list[ReadCall], call: ReadCall, row: Row, marker: str, findings: Findings) -> None:
    if any(call.designation == known.designation and call.state is known.state for known in peaks):
        if call.state is CallState.ACCEPTED:
            what = f"The allele {shown(call.designation)} of {marker} stands twice."
            findings.warn(
                what, "It is kept once; check that two runs are not in one table.", row.line, "Allele"
            )
        return
    peaks.append(call)
