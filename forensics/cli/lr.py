"""`nomina lr`: likelihood ratios of kinship case files, for people and for machines.

Every case is answered by itself: one that is wrong or too large is reported beside the others. The exit
status is 0 only if every case has its number.
"""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from forensics.domain import provenance
from forensics.domain.errors import Invalid, NominaError
from forensics.domain.kinship import Convention, KinshipCase, LikelihoodRatio
from forensics.formats.kinship_cases import read_each_case

Answer = tuple[str, KinshipCase | None, LikelihoodRatio | NominaError]


@click.command(name="lr")
@click.argument("cases", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list instead of tables.")
@click.option(
    "--convention",
    type=click.Choice(["as-drawn", "pruned"]),
    help="What happens to untyped people; overrides what the cases say.",
)
@click.option("--case", "only", metavar="ID", help="Compute this case alone.")
def command(cases: Path, as_json: bool, convention: str | None, only: str | None) -> None:
    """Compute the likelihood ratio of every case in CASES, exactly."""
    try:
        answers = answer(cases.read_bytes(), convention, only)
    except (NominaError, OSError) as error:
        raise click.ClickException(f"{cases.name}: {error}") from None
    if as_json:
        click.echo(json.dumps([as_value(*one) for one in answers], ensure_ascii=False, indent=1))
    else:
        _print(answers)
    failed = [(name, found) for name, _, found in answers if isinstance(found, NominaError)]
    if failed:
        name, first = failed[0]
        more = f" ({len(failed)} of {len(answers)} cases have no number.)" if len(failed) > 1 else ""
        raise click.ClickException(f"{name}: {first}{more}")


def answer(content: bytes, convention: str | None = None, only: str | None = None) -> list[Answer]:
    """The LR of every case, or why it has none; `Invalid` if the file is no case file."""
    found = read_each_case(content)
    if only is not None:
        found = [(name, case) for name, case in found if name == only]
        if not found:
            raise Invalid(f"there is no case {only!r}.")
    return [_answer(name, case, convention) for name, case in found]


def _answer(name: str, case: KinshipCase | Invalid, convention: str | None) -> Answer:
    from forensics.genetics.likelihood import likelihood_ratio

    if isinstance(case, Invalid):
        return name, None, case
    if convention is not None:
        case = replace(case, convention=Convention(convention.replace("-", " ")))
    try:
        return name, case, likelihood_ratio(case)
    except NominaError as error:
        return name, case, error


def as_value(name: str, case: KinshipCase | None, found: LikelihoodRatio | NominaError) -> dict[str, Any]:
    """One entry of the JSON list; null where a double can't hold the number."""
    if isinstance(found, NominaError) or case is None:
        return {"id": name, "refused": str(found)}
    return {
        "id": name,
        "lr_total": number(found.log10_total),
        "log10_lr_total": found.log10_total,
        "lr_per_locus": {locus: number(value) for locus, value in found.log10_per_locus.items()},
        "log10_lr_per_locus": dict(found.log10_per_locus),
        "warnings": list(found.warnings),
        **provenance.of_case(case, engine()),
    }


def engine() -> str:
    """The version of the exact engine."""
    from forensics.genetics.likelihood import ENGINE

    return ENGINE


def number(log10: float | None) -> float | None:
    """The LR itself: 0 for an exclusion, None where it is too large or too small for a double."""
    if log10 is None:
        return 0.0
    return 10.0**log10 if -300 < log10 < 308 else None


def _print(answers: list[Answer]) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console()
    for name, case, found in answers:
        if isinstance(found, NominaError) or case is None:
            console.print(f"{name}: {found}", style="bold", markup=False, highlight=False)
            continue
        table = Table("Locus", "LR", "log10 LR", title=name)
        table.columns[1].justify = table.columns[2].justify = "right"
        for locus, value in found.log10_per_locus.items():
            table.add_row(locus, shown(value), "−∞" if value is None else f"{value:.4f}")
        table.add_section()
        total = found.log10_total
        table.add_row("total", shown(total), "−∞" if total is None else f"{total:.4f}", style="bold")
        console.print(table)
        basis = provenance.of_case(case, engine())["digests"].items()
        told = ", ".join(f"{what} {digest[:16]}" for what, digest in basis)
        for words in (*found.warnings, f"{engine()}; SHA-256 of {told}"):
            console.print(words, markup=False, highlight=False)


def shown(log10: float | None) -> str:
    """Six digits of an LR, also where it is beyond a double."""
    if log10 is None:
        return "0"
    if -4 <= log10 < 6:
        return f"{10.0**log10:.6g}"
    power = int(log10 // 1)
    return f"{10.0 ** (log10 - power):.5f}e{power:+d}"
