"""`nomina screen`: all accepted profiles of remains against all confirmed families, kept as candidates."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import click

from forensics.cli.choosing import operation
from forensics.cli.common import Access, json_option, laboratory_options, progress, write_json
from forensics.cli.tables import table
from forensics.domain.lists import ListQuery
from forensics.domain.matching import DEFAULT_THRESHOLD_LOG10

if TYPE_CHECKING:
    from forensics.domain.lines import HypothesisLine
    from forensics.domain.matching import Screening
    from forensics.services.screenings import Search


@click.command(name="screen")
@click.option("--operation", "wanted", metavar="NUMBER|TITLE", help="Else the only open operation there is.")
@click.option(
    "--threshold",
    type=click.FloatRange(min=0, min_open=True),
    show_default="100",
    callback=lambda _context, _option, value: None if value is None else _finite(value),
    metavar="LR",
    help="Candidates are kept from this likelihood ratio on.",
)
@click.option("--changes", is_flag=True, help="Only what is new or changed since the last screening.")
@click.option(
    "--scheduler",
    metavar="ADDRESS",
    help="Compute on several machines: address of a Dask scheduler, such as tcp://host:8786.",
)
@click.option("--joint", is_flag=True, help="All victims to all missing persons together.")
@click.option("--dry-run", is_flag=True, help="With --joint: compute and tell, keep nothing.")
@laboratory_options
@json_option
def command(
    wanted: str | None,
    threshold: float | None,
    changes: bool,
    scheduler: str | None,
    joint: bool,
    dry_run: bool,
    access: Access,
    as_json: bool,
) -> int:
    """Compare all remains with all families and keep the candidates; or solve them jointly."""
    _demand_sensible(threshold, changes, scheduler, joint)
    if dry_run and not joint:
        raise click.UsageError("--dry-run goes with --joint; candidates of a screening are always kept.")
    lab = access.open()
    chosen = operation(lab, wanted)
    if joint:
        from forensics.cli import screen_joint

        return screen_joint.run(lab, chosen.id, as_json, keep=not dry_run)
    if changes:
        from forensics.cli import screen_changes

        return screen_changes.run(lab, chosen.id, _search(scheduler), as_json)
    from forensics.services.matching import hypotheses
    from forensics.services.screenings import screen_operation

    with progress("Comparing") as watched:
        log10 = DEFAULT_THRESHOLD_LOG10 if threshold is None else math.log10(threshold)
        done = screen_operation(lab, chosen.id, watched, log10, _search(scheduler))
    found = ListQuery(filters={"operation": (chosen.id,)}, sort="log10_lr", descending=True, limit=100_000)
    rows = [row for row in lab.run(hypotheses, found).rows if _counts(row, done)]
    if as_json:
        write_json(as_value(done, rows))
    else:
        _print(done, rows)
    return 0


def _demand_sensible(threshold: float | None, changes: bool, scheduler: str | None, joint: bool) -> None:
    if joint and (changes or scheduler):
        raise click.UsageError("--joint looks at everything, on this computer; leave the other options out.")
    if changes and threshold is not None:
        raise click.UsageError(
            "--changes keeps the threshold of the last search of everything; leave --threshold out."
        )


def _search(scheduler: str | None) -> Search | None:
    from forensics.services.screenings import elsewhere

    return elsewhere(scheduler) if scheduler else None


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise click.BadParameter("it must be a number, for instance 1e4.")
    return value


def _counts(row: HypothesisLine, done: Screening) -> bool:
    return row.log10_lr is not None and row.log10_lr >= done.threshold_log10 - 1e-9


def as_value(done: Screening, rows: list[HypothesisLine]) -> dict[str, Any]:
    """A screening for machines; LRs as log10."""
    return {
        "screening": done.number,
        "engine": done.engine,
        "inputs_sha256": done.inputs_digest,
        "parameters": done.parameters,
        "profiles": done.profiles,
        "families": done.families,
        "comparisons": done.comparisons,
        "threshold_log10": done.threshold_log10,
        "expected_chance_hits": done.expected_chance_hits,
        "refused": done.refused,
        "hits": [
            {
                "hypothesis": row.number,
                "remains": row.item_number,
                "remains_external": row.item_external,
                "missing": row.missing_number,
                "family": row.family_number,
                "family_external": row.family_external,
                "log10_lr": row.log10_lr,
                "posterior": row.posterior,
                "loci": row.loci_compared,
                "loci_inconsistent": row.loci_inconsistent,
                "state": row.state,
            }
            for row in rows
        ],
    }


def _print(done: Screening, rows: list[HypothesisLine]) -> None:
    head = ("Match", "Remains", "Missing", "Family", "log10 LR", "Loci", "State")
    table(head, [_cells(row) for row in rows], right=(4, 5))
    click.echo(
        f"Screening {done.number}: {done.profiles} profiles × {done.families} families, "
        f"{done.comparisons} comparisons, {len(rows)} candidates with log10 LR ≥ {done.threshold_log10:.2f}; "
        f"{done.expected_chance_hits:.3g} are expected by chance."
    )
    if done.threshold_log10 != DEFAULT_THRESHOLD_LOG10:
        click.echo(
            "Searches of what changed keep this threshold until everything is compared at another one; "
            "`nomina screen` takes the usual one."
        )
    for refused in done.refused:
        click.echo(f"Not compared: {refused}")


def _cells(row: HypothesisLine) -> tuple[str, ...]:
    differ = f" ({row.loci_inconsistent} differ)" if row.loci_inconsistent else ""
    return (
        row.number,
        _both(row.item_number, row.item_external),
        row.missing_number,
        _both(row.family_number, row.family_external),
        f"{row.log10_lr:.4f}",
        f"{row.loci_compared}{differ}",
        str(row.state),
    )


def _both(number: str, external: str) -> str:
    return f"{number} ({external})" if external else number
