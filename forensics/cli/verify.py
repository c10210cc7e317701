"""`nomina verify`: is this report's file what was signed, by whom, and do its numbers come out again?

Needs no laboratory. Trust is judged against `--trust` or the authorities known on this machine; the register is
asked only when a laboratory is named. Exit status 0 only if everything that could be checked holds.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from forensics.cli.common import Access, json_option, laboratory_options, write_json
from reports.verification import Check, Outcome, SignatureStatus, Verification
from reports.verifying import Register, verify

if TYPE_CHECKING:
    from forensics.services.door import Laboratory

MARKS = {Outcome.HOLDS: "✓", Outcome.FAILS: "✗", Outcome.UNCHECKED: "–"}
_PEM = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command(name="verify")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--trust", multiple=True, type=_PEM, metavar="CA.pem", help="A laboratory's certificate; repeatable."
)
@laboratory_options
@json_option
def command(file: Path, trust: tuple[Path, ...], access: Access, as_json: bool) -> int:
    """Verify a signed report: signatures, coverage, trust, register, and its numbers."""
    from forensics.services.authorities import authorities_with, known_authorities
    from forensics.services.recomputing import recompute

    laboratory = _opened(access)
    known = known_authorities() if laboratory is None else authorities_with(laboratory)
    authorities = [path.read_bytes() for path in trust] or known
    found = verify(file.read_bytes(), authorities, _register(laboratory), recompute)
    if as_json:
        write_json(as_value(found))
    else:
        _print(file.name, found)
    return 0 if found.holds else 1


def _opened(access: Access) -> Laboratory | None:
    """The laboratory that was named, opened as the person who asks."""
    if access.laboratory is None:
        return None
    if access.person is None:
        raise click.UsageError("Name who asks with --as PERSON; the register is read in a person's name.")
    return access.open()


def _register(laboratory: Laboratory | None) -> Register | None:
    """The register of the open laboratory."""
    if laboratory is None:
        return None
    from forensics.services.register import issued_digests

    return lambda number, version: laboratory.run(issued_digests, number, version)


def as_value(found: Verification) -> dict[str, Any]:
    """The whole finding for machines."""
    return {
        "verdict": found.verdict,
        "holds": found.holds,
        "accepted": found.accepted,
        "number": found.number,
        "version": found.version,
        "kind": found.kind,
        "sha256": found.digest,
        "facts_sha256": found.facts_digest,
        "signatures": list(found.signatures),
        "checks": [
            {"subject": c.subject, "outcome": c.outcome, "sentence": c.sentence} for c in found.checks
        ],
        "differences": [
            {"what": d.what, "stated": d.stated, "computed": None if d.computed != d.computed else d.computed}
            for d in found.differences
        ],
    }


def _print(name: str, found: Verification) -> None:
    """Sentences for people, the verdict last."""
    title = f"{name}: {found.kind} report {found.number}, version {found.version}" if found.number else name
    click.echo(title)
    for signature in found.signatures:
        click.echo(_signature(signature))
    for check in found.checks:
        click.echo(_check(check))
    for difference in found.differences:
        click.echo(f"      {difference.what}: stated {difference.stated}, computed {difference.computed}")
    end = "" if found.holds or not found.failed else " (see ✗)"
    click.echo(f"Verdict: {found.verdict}{end}; {len(found.unchecked)} of {len(found.checks)} not checked.")


def _signature(one: SignatureStatus) -> str:
    at = f"{one.at:%Y-%m-%d %H:%M} UTC" if one.at else "at an unknown time"
    return f"  {one.field}: {one.signer}, {at} — {one.reason}"


def _check(check: Check) -> str:
    return f"  {MARKS[check.outcome]} {check.subject}: {check.sentence}"
