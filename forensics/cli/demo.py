"""`nomina demo`: a laboratory of invented people and cases, to look at or to walk through without a window."""

from __future__ import annotations

from pathlib import Path

import click

from forensics.cli.common import progress


@click.command(name="demo")
@click.option(
    "--headless", is_flag=True, help="Walk one case through to its signed reports, without a window."
)
@click.option(
    "--laboratory",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="PATH",
    help="Where the laboratory is made, or lies already; else in this person's data folder.",
)
@click.option("--seed", type=int, help="Other invented people and cases than the usual ones.")
def command(headless: bool, laboratory: Path | None, seed: int | None) -> int:
    """Make the demonstration laboratory, unless it is there already, and open the window on it."""
    return _walk(laboratory, seed) if headless else _show(laboratory, seed)


def _show(path: Path | None, seed: int | None) -> int:
    """The window comes at once and tells how far the making is; at a place or seed of one's own it is made before."""
    from forensics.cli.main import demand_display

    demand_display()
    if path is not None or seed is not None:
        _make(path, seed)
    from gui.app import run

    return run(path) if path else run(demo=True)


def _make(path: Path | None, seed: int | None) -> None:
    from forensics.services.demonstration import PASSWORD, PEOPLE, SEED
    from reports.demonstrating import open_or_make

    with progress("Making the demonstration laboratory") as watched:
        lab = open_or_make(path, watched, SEED if seed is None else seed)
    logins = ", ".join(login for login, *_ in PEOPLE)
    click.echo(f"{lab.store.location}: sign in as {logins} or admin; the password of each is “{PASSWORD}”.")
    lab.close()


def _walk(path: Path | None, seed: int | None) -> int:
    from forensics.services.demonstration import SEED
    from forensics.services.workstation import demonstration_file
    from reports.demonstrating import open_or_staff, staff_of
    from reports.walkthrough import walk

    path = path or demonstration_file().with_name("walk-through.nomina")
    admin = open_or_staff(path)
    try:
        walked = walk(staff_of(admin), path.with_name(f"{path.stem}-files"), SEED if seed is None else seed)
        for step in walked.steps():
            click.echo(f"{step.number}  {step.sentence}")
            for detail in step.details:
                click.echo(f"     {detail}")
    finally:
        admin.close()
    click.echo("Signed reports:")
    for report in walked.reports:
        click.echo(str(report.resolve()))
    return 0
