"""`nomina import`: files read, every problem told with its place and remedy, and taken in whole or not at all.

A dry run without a laboratory says what a file holds; with one it says line by line what would happen.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from forensics.cli.choosing import numbered, operation
from forensics.cli.common import Access, json_option, laboratory_options, write_json
from forensics.domain.errors import NominaError
from forensics.domain.reading import Problem, Reading, Severity

if TYPE_CHECKING:
    from forensics.services.door import Laboratory
    from forensics.services.profiles import ImportLine, ImportOptions

MARKS = {Severity.FATAL: "✗", Severity.WARNING: "!"}
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@dataclass
class Told:
    """What is said of one file."""

    file: str
    reading: Reading | None = None
    problems: tuple[Problem, ...] = ()
    lines: tuple[ImportLine, ...] = ()
    outcome: str = "can be read"
    number: str = ""
    refusal: str = ""

    @property
    def refused(self) -> bool:
        return bool(self.refusal) or any(p.severity is Severity.FATAL for p in self.problems)


@dataclass(frozen=True)
class Wanted:
    """The options that become an import's own, once the laboratory is open."""

    operation: str | None = None
    case: str | None = None
    consent_form: str | None = None
    consent_date: datetime | None = None
    kit: str = ""
    dry_run: bool = False
    extra: dict[str, Any] = field(default_factory=dict)


@click.command(name="import")
@click.argument("files", type=_FILE, nargs=-1, required=True, metavar="FILE...")
@click.option("--dry-run", is_flag=True, help="Only say what would happen; without --laboratory, just read.")
@click.option("--operation", metavar="NUMBER|TITLE", help="The operation that the files belong to.")
@click.option("--case", metavar="NUMBER", help="The remains case in which unknown samples become items.")
@click.option("--consent-form", metavar="TEXT", help="The form that the relatives in the files signed.")
@click.option("--consent-date", type=click.DateTime(["%Y-%m-%d"]), help="When they signed it.")
@click.option("--kit", default="", metavar="NAME", help="The kit that the profiles were typed with.")
@laboratory_options
@json_option
def command(files: tuple[Path, ...], access: Access, as_json: bool, **options: Any) -> int:
    """Take profiles, families and frequency tables in; each file whole or not at all."""
    wanted = Wanted(**options)
    if bool(wanted.consent_form) != bool(wanted.consent_date):
        raise click.UsageError("Give --consent-form and --consent-date together.")
    told = (
        _read_only(files) if wanted.dry_run and access.laboratory is None else _taken(files, access, wanted)
    )
    if as_json:
        write_json([as_value(one) for one in told])
    else:
        for one in told:
            _print(one)
    refused = [one for one in told if one.refused]
    if refused:
        names = ", ".join(one.file for one in refused)
        rest = "" if len(refused) == len(told) else f" ({len(refused)} of {len(told)})"
        click.echo(
            f"Refused as a whole{rest}: {names}. Mend what is marked, or see docs/formats.md.", err=True
        )
    return 1 if refused else 0


def _read(path: Path) -> Told:
    from forensics.services.profiles import read

    try:
        reading = read(path)
    except NominaError as error:
        return Told(path.name, outcome="refused", refusal=str(error))
    told = Told(path.name, reading, reading.problems)
    told.outcome = "refused" if told.refused else told.outcome
    return told


def _read_only(files: tuple[Path, ...]) -> list[Told]:
    return [_read(path) for path in files]


def _taken(files: tuple[Path, ...], access: Access, wanted: Wanted) -> list[Told]:
    """Read first, so that a file that can't be read asks for no password."""
    told = _read_only(files)
    if all(one.refused for one in told):
        return told
    lab = access.open()
    options = _options(lab, wanted)
    for one in told:
        if not one.refused:
            _take(lab, one, options(one.file), wanted.dry_run)
    return told


def _options(lab: Laboratory, wanted: Wanted) -> Callable[[str], ImportOptions]:
    from forensics.services.families import ConsentDetails
    from forensics.services.profiles import ImportOptions
    from forensics.services.remains import cases

    chosen = operation(lab, wanted.operation).id
    case = numbered(lambda q: lab.run(cases, q), wanted.case, "case").id if wanted.case else None
    consent = None
    if wanted.consent_form and wanted.consent_date:
        consent = ConsentDetails(wanted.consent_date.date(), wanted.consent_form)
    return lambda name: ImportOptions(chosen, name, case, consent, wanted.kit)


def _take(lab: Laboratory, told: Told, options: ImportOptions, dry_run: bool) -> None:
    """Say line by line what becomes of a file and, unless it is a dry run, do it."""
    from forensics.services.operations import take_frequencies
    from forensics.services.profiles import import_reading, plan_import

    reading = told.reading
    assert reading is not None
    try:
        if reading.frequencies is not None and not reading.profiles:
            told.outcome = "would be taken in as a frequency table"
            if not dry_run:
                kept = lab.run(take_frequencies, reading.frequencies)
                told.outcome, told.number = "taken in as a frequency table", kept.name
            return
        plan = lab.run(plan_import, reading, options)
        told.problems, told.lines = plan.problems, plan.lines
        told.outcome = "refused" if plan.refused else "would be taken in"
        if not plan.refused and not dry_run:
            told.number, told.outcome = lab.run(import_reading, reading, options).number, "taken in"
    except NominaError as error:
        told.outcome, told.refusal = "refused", str(error)


# showing


def as_value(told: Told) -> dict[str, Any]:
    """One file for machines."""
    reading = told.reading
    return {
        "file": told.file,
        "format": reading.format if reading else None,
        "sha256": reading.digest if reading else None,
        "profiles": [_profile(p.sample, p.line, len(p.typed_loci)) for p in reading.profiles]
        if reading
        else [],
        "families": [f.name for f in reading.families] if reading else [],
        "frequencies": sorted(reading.frequencies.loci) if reading and reading.frequencies else [],
        "lines": [
            {"sample": x.sample, "line": x.line, "loci": x.loci, "outcome": x.outcome} for x in told.lines
        ],
        "problems": [
            {"severity": p.severity, "line": p.line, "column": p.column, "what": p.what, "remedy": p.remedy}
            for p in told.problems
        ],
        "outcome": told.outcome,
        "number": told.number or None,
        "refusal": told.refusal or None,
    }


def _profile(sample: str, line: int | None, loci: int) -> dict[str, Any]:
    return {"sample": sample, "line": line, "loci": loci}


def _print(told: Told) -> None:
    click.echo(f"{told.file}: {_found(told.reading)}" if told.reading else told.file)
    if told.refusal:
        click.echo(f"  ✗ {told.refusal}")
    for problem in told.problems:
        click.echo(f"  {MARKS[problem.severity]} {problem}")
    for line in told.lines:
        where = f"line {line.line}, " if line.line else ""
        click.echo(f"    {where}{line.sample}: {line.outcome}, {line.loci} loci")
    click.echo(f"  {told.outcome}{f' ({told.number})' if told.number else ''}")


def _found(reading: Reading) -> str:
    from forensics.formats import FORMATS

    title = FORMATS[reading.format].title if reading.format in FORMATS else reading.format
    parts = [_counted(len(reading.profiles), "profile"), _counted(len(reading.families), "family")]
    if reading.frequencies:
        parts.append(f"frequencies of {_counted(len(reading.frequencies.loci), 'marker')}")
    return f"{title}; {', '.join(part for part in parts if part) or 'nothing that can be taken in'}"


def _counted(number: int, what: str) -> str:
    plural = "families" if what == "family" else f"{what}s"
    return f"{number} {what if number == 1 else plural}" if number else ""
