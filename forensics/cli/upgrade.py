"""`nomina upgrade`: a laboratory of an earlier version brought to this one: backup, upgrade, audit checked.

Opening does the same by itself; the command says what was done and where the backup lies.
"""

from __future__ import annotations

import click

from forensics.cli.common import Access, json_option, laboratory_options, write_json


@click.command(name="upgrade")
@laboratory_options
@json_option
def command(access: Access, as_json: bool) -> int:
    """Bring the laboratory to this version of the program."""
    lab = access.open()
    upgraded = lab.store.upgraded
    before, backup = upgraded or (None, None)
    if as_json:
        write_json({"laboratory": lab.store.location, "upgraded_from": before, "backup": backup})
    elif before is None:
        click.echo(f"{lab.store.location} is of this version already; nothing was changed.")
    else:
        where = f"the copy from before is {backup}" if backup else "its backup is the server's own"
        click.echo(f"{lab.store.location}: upgraded from schema {before}, audit whole; {where}.")
    return 0
