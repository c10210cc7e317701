"""Rows of a profile table to profiles, for every style of table."""

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from forensics.data.frequencies import observed_range
from forensics.domain.kinship import Sex
from forensics.domain.loci import is_repeat_number
from forensics.domain.reading import CallState, ReadCall, ReadProfile, sex_by_amelogenin
from forensics.formats.calls import Unreadable, is_empty, read_call
from forensics.formats.columns import Columns, Slot
from forensics.formats.problems import Findings, shown
from forensics.formats.text import Row

Peak = tuple[str, str, str, str]
"""Allele, height, size as written, and the title of the column."""


def read_profiles(rows: Iterable[Row], columns: Columns, findings: Findings) -> list[ReadProfile]:
    """The profile of every row."""
    return [profile for row in rows if (profile := _read_row(row, columns, findings))]


def _read_row(row: Row, columns: Columns, findings: Findings) -> ReadProfile | None:
    sample = row.cell(columns.sample)
    if not sample:
        findings.fatal(
            "The sample has no name.",
            "Name every sample, or remove the line.",
            row.line,
            str(columns.sample + 1),
        )
        return None
    calls = {
        locus: found
        for locus, slots in columns.markers.items()
        if (found := read_calls(_peaks(row, slots), locus, row.line, findings))
    }
    _warn_single(row, columns, calls, findings)
    return finish_profile(ReadProfile(sample, calls, row.cell(columns.file), line=row.line), findings)


def _peaks(row: Row, slots: list[Slot]) -> list[Peak]:
    """All peaks of a marker: from one cell with commas between them, or one from each numbered column."""
    if len(slots) == 2 and slots[0].height is slots[0].size is None:
        return [(row.cell(s.column), "", "", s.title) for s in slots]
    if len(slots) > 1:
        return [(row.cell(s.column), row.cell(s.height), row.cell(s.size), s.title) for s in slots]
    slot = slots[0]
    alleles = row.cell(slot.column).split(",")
    heights, sizes = row.cell(slot.height).split(","), row.cell(slot.size).split(",")
    heights += [""] * (len(alleles) - len(heights))
    sizes += [""] * (len(alleles) - len(sizes))
    if may_be_decimal_comma(alleles):
        return [(row.cell(slot.column), "", "", slot.title)]
    return [(a, h, s, slot.title) for a, h, s in zip(alleles, heights, sizes, strict=False)]


def may_be_decimal_comma(alleles: list[str]) -> bool:
    """`9,3` without a space: peaks are listed by size, so a smaller 1, 2 or 3 at the end is suspicious."""
    return (
        len(alleles) == 2
        and alleles[1] in ("1", "2", "3")
        and alleles[0].isdecimal()
        and int(alleles[0][:6]) > int(alleles[1])
    )


def read_calls(peaks: Iterable[Peak], locus: str, line: int, findings: Findings) -> tuple[ReadCall, ...]:
    """The distinct calls of one marker; what can't be read is a fatal problem with its place."""
    calls: dict[tuple[str, CallState], ReadCall] = {}
    for text, height, size, title in peaks:
        if is_empty(text):
            continue
        try:
            call = read_call(text, locus, _number(height), _number(size))
        except Unreadable as bad:
            findings.fatal(bad.what, bad.remedy, line, title)
            continue
        if call.state is CallState.OFF_LADDER:
            findings.warn(
                f"The peak {shown(call.designation)} of {locus} has no designation and is not compared.",
                "Give it a designation, or repeat the run; a lone allele beside it is not compared either.",
                line,
                title,
            )
        calls.setdefault((call.designation, call.state), call)
    return tuple(calls.values())


def _number(text: str) -> float | None:
    """A height or a size; what is no number is no height (the designation is what counts)."""
    if not text:
        return None
    try:
        value = float(text.replace(",", ".", 1))  # a decimal comma: in a height it can be nothing else
    except ValueError:
        return None
    return value if 0 <= value < 1e9 else None


def _warn_single(
    row: Row, columns: Columns, calls: dict[str, tuple[ReadCall, ...]], findings: Findings
) -> None:
    """In a table with two columns for each marker, one blank cell beside an allele is worth a question."""
    half = [
        locus
        for locus, slots in columns.markers.items()
        if len(slots) == 2 and locus in calls and sum(not is_empty(row.cell(s.column)) for s in slots) == 1
    ]
    if half:
        findings.warn(
            "Only one of two alleles is given; it is read as homozygous.",
            "If the second allele may have dropped out, leave the marker empty.",
            row.line,
            ", ".join(half),
        )


def finish_profile(profile: ReadProfile, findings: Findings) -> ReadProfile:
    """The profile with its sex by amelogenin; a mixture and an odd amelogenin are said."""
    sex = profile.sex if profile.sex is not Sex.UNKNOWN else sex_by_amelogenin(profile.calls)
    if "AMEL" in profile.calls and sex_by_amelogenin(profile.calls) is Sex.UNKNOWN:
        findings.warn(
            f"The amelogenin of {shown(profile.sample)} is neither X nor X, Y; the sex stays open.",
            "Look at the run; a lost X or Y peak is possible.",
            profile.line,
            "AMEL",
        )
    if sex is not profile.sex:
        profile = replace(profile, sex=sex)
    _warn_unseen(profile, findings)
    if profile.mixed_loci:
        findings.warn(
            f"{shown(profile.sample)} has more than two alleles: a mixture, or a three-allele pattern.",
            "It is kept as read; it must be interpreted before it can be compared.",
            profile.line,
            ", ".join(profile.mixed_loci),
        )
    return profile


FAR = 3
"""Repeats beyond every observed allele that make an allele worth a question."""


@lru_cache(maxsize=4096)
def _is_far(locus: str, allele: str) -> bool:
    """Whether an allele lies far outside what the shipped tables have seen: a sign of shifted columns."""
    seen = observed_range(locus)
    return (
        seen is not None and is_repeat_number(allele) and not seen[0] - FAR <= float(allele) <= seen[1] + FAR
    )


def _warn_unseen(profile: ReadProfile, findings: Findings) -> None:
    far = [
        f"{locus} {call.designation}"
        for locus, calls in profile.calls.items()
        for call in calls
        if call.state is CallState.ACCEPTED and _is_far(locus, call.designation)
    ]
    if far:
        findings.warn(
            f"{shown(profile.sample)} has alleles far from all that were observed ({', '.join(far[:4])}).",
            "Check that no column is shifted or exchanged.",
            profile.line,
            ", ".join(dict.fromkeys(place.rsplit(" ", 1)[0] for place in far)),
        )


def warn_repeated(profiles: list[ReadProfile], findings: Findings) -> None:
    """The same sample twice is two reads of it; said, because it may also be a slip."""
    seen: dict[str, int | None] = {}
    for profile in profiles:
        if profile.sample in seen:
            findings.warn(
                f"The sample {shown(profile.sample)} stands in line {seen[profile.sample]} too.",
                "They are kept as two reads; rename one if they are different samples.",
                profile.line,
            )
        seen.setdefault(profile.sample, profile.line)
