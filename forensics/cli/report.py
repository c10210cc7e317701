"""`nomina report`: the register from the command line — list, draft, sign, authorise, save.

Signing asks for the password again, as in the window; two people sign.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from forensics.cli.choosing import numbered
from forensics.cli.common import Access, json_option, laboratory_options, progress, write_json
from forensics.cli.tables import table
from forensics.domain.errors import Invalid, Refused, Unavailable
from forensics.domain.lists import ListQuery
from forensics.domain.numbers import demand_sound

if TYPE_CHECKING:
    from forensics.domain.documents import Report
    from forensics.domain.lines import ReportLine
    from forensics.services.door import Laboratory


@click.group(name="report")
def command() -> None:
    """Write, sign, authorise and save reports."""


@command.command(name="list")
@laboratory_options
@json_option
def list_(access: Access, as_json: bool) -> int:
    """The register of reports, newest first."""
    from forensics.services.documents import reports

    rows = access.open().run(reports, ListQuery(limit=100_000)).rows
    if as_json:
        write_json([_line(row) for row in rows])
    else:
        _table(rows)
    return 0


def _line(row: ReportLine) -> dict[str, Any]:
    names = ("number", "version", "kind", "title", "state", "author", "authoriser", "issued_at")
    return {name: getattr(row, name) for name in names}


def _table(rows: tuple[ReportLine, ...]) -> None:
    table(
        ("Report", "Version", "Kind", "State", "Author", "Authoriser", "Title"),
        [
            (r.number, str(r.version), r.kind, str(r.state), r.author, r.authoriser or "", r.title)
            for r in rows
        ],
    )


# drafting


@command.group(name="draft")
def draft() -> None:
    """Put a draft with its frozen facts into the register."""


_authoriser = click.option(
    "--authoriser",
    required=True,
    metavar="LOGIN",
    help="Who will authorise it; another person than the author.",
)


@draft.command(name="match")
@click.argument("hypothesis", metavar="NUMBER")
@_authoriser
@laboratory_options
@json_option
def match(hypothesis: str, authoriser: str, access: Access, as_json: bool) -> int:
    """A DNA report of the reviewed match NUMBER."""
    from forensics.services.matching import hypotheses
    from forensics.services.report_facts import draft_match

    demand_sound(hypothesis)
    lab = access.open()
    found = numbered(lambda q: lab.run(hypotheses, q), hypothesis, "match").id
    with progress("Computing how the result depends on the assumptions") as watched:
        made = draft_match(lab, found, _person(lab, authoriser), watched)
    return _tell(made, as_json)


@draft.command(name="identification")
@click.argument("identification", metavar="NUMBER")
@_authoriser
@laboratory_options
@json_option
def identification(identification: str, authoriser: str, access: Access, as_json: bool) -> int:
    """A report for the authority of the confirmed identification NUMBER."""
    from forensics.services.identifications import identifications
    from forensics.services.report_facts import draft_identification

    demand_sound(identification)
    lab = access.open()
    found = numbered(lambda q: lab.run(identifications, q), identification, "identification").id
    return _tell(draft_identification(lab, found, _person(lab, authoriser)), as_json)


def _person(lab: Laboratory, login: str) -> Any:
    from forensics.services.documents import authorisers

    may = lab.run(authorisers)
    for person in may:
        if person.login == login:
            return person.id
    others = ", ".join(person.login for person in may) or "nobody"
    raise Refused(f"{login} can't authorise a report of yours; there are: {others}.")


def _tell(report: Report, as_json: bool) -> int:
    if as_json:
        names = ("number", "version", "kind", "title", "state", "facts_digest", "pdf_digest")
        write_json({name: getattr(report, name) for name in names})
    else:
        click.echo(f"{report.number} version {report.version}: {report.title}; {report.state}.")
    return 0


# signing and saving

_PAPER = click.option("--paper", type=click.Choice(["A4", "Letter"]), default="A4", show_default=True)


@command.command(name="sign")
@click.argument("number")
@_PAPER
@laboratory_options
@json_option
def sign(number: str, paper: str, access: Access, as_json: bool) -> int:
    """Sign report NUMBER as its author; its pages are final from then on."""
    from reports.issuing import sign as sign_report

    return _signed(number, access, as_json, lambda lab, found, word: sign_report(lab, found, word, paper))


@command.command(name="authorise")
@click.argument("number")
@laboratory_options
@json_option
def authorise(number: str, access: Access, as_json: bool) -> int:
    """Sign report NUMBER as its authoriser, which issues it."""
    from reports.issuing import authorise as authorise_report

    return _signed(number, access, as_json, authorise_report)


def _signed(
    number: str, access: Access, as_json: bool, act: Callable[[Laboratory, Report, str], Report]
) -> int:
    """Sign in and sign with the password that was given once, or asked for twice."""
    demand_sound(number)
    lab = access.open()
    report = _report(lab, number)
    password = access.secret(f"Password of {lab.person.login}, to sign {report.number}")
    return _tell(act(lab, report, password), as_json)


def _report(lab: Laboratory, number: str) -> Report:
    """The newest version of a report."""
    from forensics.services.documents import report_record, reports

    sound = demand_sound(number)
    rows = [row for row in lab.run(reports, ListQuery(text=sound, limit=50)).rows if row.number == sound]
    if not rows:
        raise Invalid(f"There is no report {sound} in the register.")
    return lab.run(report_record, max(rows, key=lambda row: row.version).id).report


@command.command(name="save")
@click.argument("number")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@_PAPER
@laboratory_options
def save(number: str, file: Path, paper: str, access: Access) -> int:
    """Write the PDF of report NUMBER to FILE: the signed one, else a draft that says so on every page."""
    from reports.issuing import preview

    demand_sound(number)
    if file.exists():
        raise Refused(f"{file} exists already; choose another name.")
    lab = access.open()
    report = _report(lab, number)
    _write(file, preview(lab, report, paper))
    click.echo(f"{report.number} version {report.version} ({report.state}) is in {file}.")
    return 0


def _write(file: Path, pdf: bytes) -> None:
    """The whole file, or none."""
    try:
        with file.open("xb") as stream:
            stream.write(pdf)
    except FileExistsError:
        raise Refused(f"{file} exists already; choose another name.") from None
    except OSError as error:
        raise Unavailable(f"{file} can't be written ({error.strerror}); choose another place.") from None
