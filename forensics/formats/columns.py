"""What each column of a profile table means, by its header.

One marker may have one column with all peaks (GeneMapper), or several (`D3S1358_1`, `D3S1358 2`,
`D3S1358 Allele 1`), each perhaps with columns of heights and sizes.
"""

import re
from dataclasses import dataclass, field

from forensics.domain.loci import KNOWN, canonical
from forensics.formats.problems import Findings, shown, stop
from forensics.formats.text import Row

SAMPLE = frozenset(
    {"samplename", "sample", "sampleinfo", "sampleid", "specimenid", "specimen", "muestra", "amostra"}
)
FILE = frozenset({"samplefile", "samplefilename", "runfile", "filename"})
FAMILY = frozenset({"familyid", "family", "familia", "famid", "caseid", "pedigreeid"})
KINSHIP = frozenset({"kinship", "relationship", "relation", "parentesco", "parentezco", "relacion"})
# fmt: off
IGNORED = frozenset((
    "ui", "runname", "panel", "dye", "dyecolor", "comment", "comments", "notes", "note", "date", "kit",
    "population", "instrument", "analysismethod", "specimencategory", "sourceid", "caseid", "partial",
    "age", "casenumber", "plate", "well", "operator", "sq", "or", "ol", "spu", "offscale", "country",
))
# fmt: on
_TITLES = {
    "Sample File": FILE,
    "Sample Name": SAMPLE,
    "Family ID": FAMILY,
    "Kinship": KINSHIP,
}
_SLOT = re.compile(
    r"(?P<base>.*?[^\s_\-.])(?:[\s_\-.]*allele[\s_]*|[\s_\-.]+)(?P<slot>[1-9])\Z", re.IGNORECASE
)
_VALUES = {"height": "height", "heights": "height", "rfu": "height", "size": "size", "sizes": "size"}


def key(title: str) -> str:
    """A header without case, spaces and marks, to compare it with known ones."""
    return re.sub(r"[\s_\-.#:]", "", title).casefold()


@dataclass(frozen=True, slots=True)
class Slot:
    """One column of alleles of a marker, with its columns of heights and sizes if there are any."""

    column: int
    title: str
    height: int | None = None
    size: int | None = None


@dataclass(slots=True)
class Columns:
    """The columns of a profile table; `markers` maps canonical names to their allele columns."""

    sample: int
    file: int | None = None
    family: int | None = None
    kinship: int | None = None
    sex: int | None = None
    markers: dict[str, list[Slot]] = field(default_factory=dict)


def marker_of(title: str) -> str | None:
    """The marker that a column belongs to: by its name, or by its name with an allele number."""
    slot = _SLOT.fullmatch(title)
    if slot and (marker := canonical(slot["base"])):
        return marker
    return canonical(title)


def read_columns(header: Row, findings: Findings, needs: tuple[str, ...] = ("Sample Name",)) -> Columns:
    """The meaning of a header. Stops if a needed column is missing; suggests the nearest misspelling."""
    places = {title: _find(header, keys) for title, keys in _TITLES.items()}
    for title in needs:
        if places[title] is None:
            raise _missing(header, title)
    _check_strays(header, places)
    columns = Columns(
        places["Sample Name"] if places["Sample Name"] is not None else -1,
        places["Sample File"],
        places["Family ID"],
        places["Kinship"],
        _find(header, frozenset({"sex", "gender", "sexo"})),
    )
    _read_markers(header, columns, findings)
    if not columns.markers:
        raise stop(
            "No column of the header is a marker.",
            "Put the marker names into the first line, such as D3S1358 or D3S1358_1.",
            header.line,
        )
    return columns


def _find(header: Row, keys: frozenset[str]) -> int | None:
    return next((i for i, cell in enumerate(header.cells) if key(cell) in keys), None)


def _missing(header: Row, title: str) -> Exception:
    place, nearest = _nearest(header, title)
    remedy = f"Did you mean {title}? Correct the header." if nearest else f"Name a column {title}."
    what = f"{shown(nearest)} is no column that is known." if nearest else f"There is no column {title}."
    return stop(what, remedy, header.line, place)


def _nearest(header: Row, title: str) -> tuple[str, str]:
    """(column number, header) of the column whose name looks most like a known title; empty if none does."""
    from rapidfuzz.distance import OSA

    for number, cell in enumerate(header.cells, 1):
        if 0 < OSA.distance(key(cell[:40]), key(title)) <= 2 and marker_of(cell) is None:
            return str(number), cell
    return "", ""


def _check_strays(header: Row, places: dict[str, int | None]) -> None:
    """Refuse a misspelt title even where its column could be done without: its content would be lost."""
    for title, place in places.items():
        number, nearest = _nearest(header, title) if place is None else ("", "")
        if nearest and int(number) - 1 not in places.values():
            raise _missing(header, title)


def _read_markers(header: Row, columns: Columns, findings: Findings) -> None:
    taken = {columns.sample, columns.file, columns.family, columns.kinship, columns.sex}
    last: str | None = None
    for i, title in enumerate(header.cells):
        if not title or i in taken or key(title) in IGNORED:
            continue
        values = _value_column(title, last)
        if values:
            _attach(columns, *values, i, header)
        elif marker := marker_of(title):
            _add_slot(columns, marker, Slot(i, title), header)
            last = marker
        else:
            _unknown(title, i, header, findings)


def _value_column(title: str, last: str | None) -> tuple[str, str] | None:
    """(marker, height or size) for a column of heights or sizes: named so alone, or after its marker."""
    words = re.sub(r"[\s_\-]*[1-9]\Z", "", title).replace("_", " ").rsplit(None, 1)
    kind = _VALUES.get(words[-1].casefold()) if words else None
    if kind is None:
        return None
    marker = canonical(re.sub(r"[\s_]+[1-9]\Z", "", words[0])) if len(words) == 2 else last
    return (marker, kind) if marker else None


def _attach(columns: Columns, marker: str, kind: str, column: int, header: Row) -> None:
    """Give the next allele column of the marker that has none its heights or sizes."""
    slots = columns.markers.get(marker, [])
    for index, slot in enumerate(slots):
        if getattr(slot, kind) is None:
            slots[index] = Slot(
                slot.column,
                slot.title,
                column if kind == "height" else slot.height,
                column if kind == "size" else slot.size,
            )
            return
    raise stop(
        f"{shown(header.cells[column])} has no allele column before it.",
        "Put heights and sizes after the alleles that they belong to.",
        header.line,
        str(column + 1),
    )


def _add_slot(columns: Columns, marker: str, slot: Slot, header: Row) -> None:
    slots = columns.markers.setdefault(marker, [])
    twins = [s for s in slots if s.title.casefold() == slot.title.casefold()]
    if twins:
        raise stop(
            f"The column {shown(slot.title)} stands twice in the header.",
            "Number the columns of a marker, such as TH01_1 and TH01_2, or remove one.",
            header.line,
            str(slot.column + 1),
        )
    slots.append(slot)


def _unknown(title: str, column: int, header: Row, findings: Findings) -> None:
    """A column that is no marker: refused if it looks like a misspelt one, else left out and said."""
    from rapidfuzz.distance import OSA

    near = [k for k in KNOWN if len(k) > 3 and OSA.distance(key(title[:40]), key(k)) == 1]
    if near:
        raise stop(
            f"{shown(title)} is no marker that is known.",
            f"Did you mean {near[0]}? Correct the header.",
            header.line,
            str(column + 1),
        )
    findings.warn(
        f"The column {shown(title)} is no marker that is known and was left out.",
        "Correct its name if it is a marker.",
        header.line,
        str(column + 1),
    )
