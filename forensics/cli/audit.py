"""`nomina audit verify`: every entry of the chain checked, from the first to the head."""

from __future__ import annotations

import click

from forensics.cli.common import Access, json_option, laboratory_options, write_json


@click.group(name="audit")
def command() -> None:
    """Check the record of everything that was done."""


@command.command(name="verify")
@laboratory_options
@json_option
def verify(access: Access, as_json: bool) -> int:
    """Check every entry; exit status 0 only if the chain is whole.

    Only a copy of the head that was kept elsewhere, for instance on a signed report, shows that nobody
    rewrote the whole chain: compare the head that is printed.
    """
    from forensics.services.auditing import verify as verify_audit

    verdict = access.open().run(verify_audit)
    if as_json:
        write_json(
            {
                "sound": verdict.sound,
                "entries": verdict.entries,
                "head_sequence": verdict.head.sequence,
                "head": verdict.head.digest,
                "problems": verdict.problems,
            }
        )
    elif verdict.sound:
        count = f"{verdict.entries} {'entry' if verdict.entries == 1 else 'entries'}"
        click.echo(f"The audit is whole: {count}, head {verdict.head.digest}.")
    if not verdict.sound:
        click.echo(f"The audit is broken: {' '.join(verdict.problems)}", err=True)
    return 0 if verdict.sound else 1
