"""Tables with one sample in a row: GeneMapper, laboratories' own tables, CODIS extracts, DVI exercises."""

from forensics.formats.columns import FAMILY, FILE, KINSHIP, SAMPLE, key, marker_of, read_columns
from forensics.formats.format import Content
from forensics.formats.problems import Findings, stop
from forensics.formats.profiles import read_profiles, warn_repeated
from forensics.formats.text import Table, first_cells, read_table


def sniff_genemapper(data: bytes) -> bool:
    """A column of sample files and one column for each marker; a slip in the header does not hide it."""
    cells = first_cells(data)
    names = [key(cell) for cell in cells]
    looks = any(n in FILE or n.startswith("sampl") or n.endswith("file") for n in names[:3])
    return looks and _count_markers(cells) > 0 and "marker" not in names and not _numbered(cells)


def sniff_samples(data: bytes) -> bool:
    """A header with a sample column and markers."""
    cells = first_cells(data)
    names = [key(cell) for cell in cells]
    return any(n in SAMPLE for n in names) and _count_markers(cells) > 0 and not sniff_references(data)


def sniff_references(data: bytes) -> bool:
    """A header with a family or a relation beside the sample, and markers."""
    cells = first_cells(data)
    names = [key(cell) for cell in cells]
    return (
        any(n in FAMILY or n in KINSHIP for n in names) and _count_markers(cells) > 0 and "fid" not in names
    )


def _count_markers(cells: list[str]) -> int:
    return sum(marker_of(cell) is not None for cell in cells if cell)


def _numbered(cells: list[str]) -> bool:
    """Whether markers have several numbered columns."""
    markers = [m for cell in cells if cell and (m := marker_of(cell))]
    return len(set(markers)) < len(markers)


def read_samples(data: bytes, filename: str, findings: Findings) -> Content:  # noqa: ARG001
    """Every row a profile."""
    return samples_of(read_table(data), findings)


def samples_of(table: Table, findings: Findings) -> Content:
    """The profiles of a table, whatever file it came from."""
    columns = read_columns(table.header, findings)
    if not table.rows:
        raise stop("There is no line below the header.", "Export the table again.", table.header.line)
    profiles = read_profiles(table.rows, columns, findings)
    if columns.file is None:
        warn_repeated(profiles, findings)
    return Content(profiles)
