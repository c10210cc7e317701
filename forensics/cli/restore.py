"""`nomina restore`: a backup put in place after it was opened and its audit checked."""

from __future__ import annotations

from pathlib import Path

import click

from forensics.cli.common import Access, json_option, secret_options, write_json


@click.command(name="restore")
@click.argument("backup", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("target", type=click.Path(path_type=Path))
@secret_options
@json_option
def command(backup: Path, target: Path, access: Access, as_json: bool) -> int:
    """Put BACKUP at TARGET, where nothing may lie yet; asks for the laboratory's passphrase.

    Afterwards every person signs in with the passphrase once, as on a new computer.
    """
    from forensics.services.laboratories import restore

    verdict = restore(backup, target, access.secret("Passphrase of the laboratory"))
    if as_json:
        write_json({"laboratory": target, "entries": verdict.entries, "head": verdict.head.digest})
    else:
        click.echo(f"{target}: {verdict.entries} acts, audit whole, head {verdict.head.digest}.")
    return 0
