"""`nomina spreadsheet`: an earlier system's table, every row tried out, taken in whole or not at all."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from forensics.cli.choosing import operation
from forensics.cli.common import Access, json_option, laboratory_options, progress, write_json
from forensics.domain.errors import Invalid
from forensics.domain.legacy import DateOrder, LegacyKind
from forensics.domain.reading import Problem, Severity

if TYPE_CHECKING:
    from forensics.services.legacy_import import LegacyOptions, LegacyPlan, LegacyTable, Understood

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
KINDS = {"remains": LegacyKind.REMAINS, "missing": LegacyKind.MISSING}
ORDERS = {"day": DateOrder.DAY_FIRST, "month": DateOrder.MONTH_FIRST}


@click.command(name="spreadsheet")
@click.argument("file", type=_FILE)
@click.option("--rows", type=click.Choice(list(KINDS)), required=True, help="What each row is.")
@click.option("--column", "columns", multiple=True, metavar="TITLE=MEANING", help="Instead of the guess.")
@click.option(
    "--first", type=click.Choice(list(ORDERS)), help="What stands first in dates such as 03/04/1999."
)
@click.option("--received-from", default="", metavar="TEXT", help="Where the file does not say it.")
@click.option("--received-on", type=click.DateTime(["%Y-%m-%d"]), help="Where the file does not say it.")
@click.option("--institution", default="", metavar="TEXT", help="Whose numbers of missing persons these are.")
@click.option("--operation", "wanted", metavar="NUMBER|TITLE", help="Else the only open operation there is.")
@click.option("--dry-run", is_flag=True, help="Only say what each row becomes.")
@laboratory_options
@json_option
def command(
    file: Path,
    rows: str,
    columns: tuple[str, ...],
    first: str | None,
    received_from: str,
    received_on: datetime | None,
    institution: str,
    wanted: str | None,
    dry_run: bool,
    access: Access,
    as_json: bool,
) -> int:
    """Take cases with their items, or missing persons with their families, from a CSV or Excel file."""
    from forensics.services import legacy_import as service

    table, kind = service.read_legacy(file), KINDS[rows]
    lab = access.open()
    known = lab.run(service.mappings)
    guessed = service.guess(table.header, kind, known)
    options = service.LegacyOptions(
        kind,
        _mapping(table, kind, columns, guessed),
        ORDERS.get(first or ""),
        received_from,
        received_on.date() if received_on else None,
        institution,
    )
    with progress("Reading") as watch:
        understood = service.understand(table, options, watch)
    plan = lab.run(service.check, understood)
    number = ""
    if not plan.refused and not dry_run:
        take = service.import_remains if kind is LegacyKind.REMAINS else service.import_missing
        with progress("Taking in") as watch:
            number = lab.run(take, understood, operation(lab, wanted).id, watch).number
    _tell(plan, options, number, as_json)
    return 1 if plan.refused else 0


def _mapping(
    table: LegacyTable, kind: LegacyKind, columns: tuple[str, ...], guessed: dict[str, str]
) -> dict[str, str]:
    """The guess with what was said on the line in its stead."""
    from forensics.services.legacy_import import fields_of

    found = dict(guessed)
    for said in columns:
        title, _, meaning = said.rpartition("=")
        if title not in table.header:
            raise Invalid(f"There is no column “{title}”; the file has {', '.join(table.header)}.")
        if meaning and meaning not in fields_of(kind):
            raise Invalid(f"A column can't be “{meaning}”; use one of {', '.join(fields_of(kind))}.")
        found = {t: m for t, m in found.items() if m != meaning and t != title}
        if meaning:
            found[title] = meaning
    return found


def _tell(plan: LegacyPlan, options: LegacyOptions, number: str, as_json: bool) -> None:
    understood = plan.understood
    outcome = "refused" if plan.refused else f"taken in as {number}" if number else "can be taken in"
    if as_json:
        write_json(_value(plan.problems, understood, options, number))
        return
    for title, meaning in options.columns.items():
        click.echo(f"  {title}: {meaning}")
    for problem in plan.problems:
        click.echo(f"  {'✗' if problem.severity is Severity.FATAL else '!'} {problem}")
    click.echo(f"{understood.file_name}: {len(understood.rows)} rows, {outcome}")


def _value(
    problems: tuple[Problem, ...], understood: Understood, options: LegacyOptions, number: str
) -> dict[str, object]:
    return {
        "file": understood.file_name,
        "sha256": understood.digest,
        "columns": dict(options.columns),
        "rows": [{"line": row.line, "becomes": row.becomes} for row in understood.rows],
        "problems": [
            {"severity": p.severity, "line": p.line, "column": p.column, "what": p.what, "remedy": p.remedy}
            for p in problems
        ],
        "number": number or None,
    }
