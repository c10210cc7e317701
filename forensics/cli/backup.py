"""`nomina backup`: an encrypted copy of a laboratory's file, complete at one moment, opened again and checked."""

from __future__ import annotations

from pathlib import Path

import click

from forensics.cli.common import Access, json_option, laboratory_options, write_json


@click.command(name="backup")
@click.argument("target", type=click.Path(path_type=Path))
@laboratory_options
@json_option
def command(target: Path, access: Access, as_json: bool) -> int:
    """Copy the laboratory to TARGET (a file that is not there yet, or a folder); needs an administrator.

    The copy opens with the laboratory's passphrase, which therefore must be kept elsewhere.
    """
    from forensics.services.laboratories import back_up

    lab = access.open()
    if target.is_dir():
        target = target / dated(Path(lab.store.location))
    verdict = back_up(lab, target)
    if as_json:
        value = {"backup": target, "entries": verdict.entries, "head": verdict.head.digest}
        write_json(value | {"sound": verdict.sound, "problems": verdict.problems})
    else:
        click.echo(f"{target}: complete up to act {verdict.head.sequence}, audit head {verdict.head.digest}.")
    if not verdict.sound:
        click.echo(f"The copy is complete, but the audit in it is broken: {verdict.problems[0]}", err=True)
    return 0 if verdict.sound else 1


def dated(location: Path) -> str:
    """A name that sorts by time: `valley-20261121-211503.nomina`."""
    from datetime import UTC, datetime

    return f"{location.stem}-{datetime.now(UTC):%Y%m%d-%H%M%S}{location.suffix or '.nomina'}"
