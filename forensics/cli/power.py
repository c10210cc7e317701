"""`nomina power`: what the samples of a family can show, and whose sample would show more.

Every case is answered by itself: one that is wrong or too large is reported beside the others. The exit
status is 0 only if every case has its numbers.
"""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from forensics.cli.common import json_option, progress, write_json
from forensics.cli.tables import table
from forensics.domain import provenance
from forensics.domain.errors import Invalid, NominaError
from forensics.domain.kin_words import kin_words
from forensics.domain.power import (
    Chance,
    Kind,
    Power,
    PowerQuestion,
    Prospect,
    Ranking,
    Simulation,
    Spread,
)
from forensics.domain.progress import Progress

Answer = tuple[str, PowerQuestion | None, Power | Ranking | NominaError]


@click.command("power")
@click.argument("cases", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
@click.option("--relatives", is_flag=True, help="Rank everybody who could still give a sample.")
@click.option(
    "--required", type=click.FloatRange(0, min_open=True), metavar="LR", help="The LR that is needed."
)
@click.option("--case", "only", metavar="ID", help="Answer this case alone.")
@click.option("--seed", default=1, show_default=True, help="Seed of what is simulated.")
@click.option(
    "--simulations", type=click.IntRange(2), help="Simulated worlds, where not everything can be computed."
)
def command(
    cases: Path,
    as_json: bool,
    relatives: bool,
    required: float | None,
    only: str | None,
    seed: int,
    simulations: int | None,
) -> None:
    """Compute what the samples of a family can show before anybody is tested.

    CASES is a file of questions: a family with a missing person, or two claims and who is available. Printed
    are exclusion power, the distribution of the LR if true and if false, and the chance to reach a threshold.
    """
    with progress("Power") as watch:
        try:
            answers = answer(cases.read_bytes(), relatives, required, only, (simulations, seed), watch)
        except (NominaError, OSError) as error:
            raise click.ClickException(f"{cases.name}: {error}") from None
    if as_json:
        write_json([as_value(*found) for found in answers])
    else:
        for found in answers:
            _print(*found)
    failed = [(name, found) for name, _, found in answers if isinstance(found, NominaError)]
    if failed:
        name, first = failed[0]
        more = f" ({len(failed)} of {len(answers)} cases have no number.)" if len(failed) > 1 else ""
        raise click.ClickException(f"{name}: {first}{more}")


def answer(
    content: bytes,
    relatives: bool,
    required: float | None,
    only: str | None,
    simulation: tuple[int | None, int],
    watch: Progress,
) -> list[Answer]:
    """The power of every case, or why it has none; `Invalid` if the file is no case file."""
    from forensics.formats.power_cases import read_each_question

    found = read_each_question(content)
    if only is not None:
        found = [(name, question) for name, question in found if name == only]
        if not found:
            raise Invalid(f"there is no case {only!r}.")
    return [_answer(name, question, relatives, required, simulation, watch) for name, question in found]


def _answer(
    name: str,
    question: PowerQuestion | Invalid,
    relatives: bool,
    required: float | None,
    simulation: tuple[int | None, int],
    watch: Progress,
) -> Answer:
    from forensics.genetics.power import SIMULATION, power
    from forensics.genetics.power_ranking import rank, worlds_for

    if isinstance(question, Invalid):
        return name, None, question
    if required is not None:
        question = replace(question, required=math.log10(required))
    usual = worlds_for(question) if relatives else SIMULATION.count
    worlds = Simulation(simulation[0] or usual, simulation[1])
    try:
        found = rank(question, worlds, watch) if relatives else power(question, worlds, watch)
    except NominaError as error:
        return name, question, error
    return name, question, found


def as_value(
    name: str, question: PowerQuestion | None, found: Power | Ranking | NominaError
) -> dict[str, Any]:
    """One entry of the JSON list."""
    if isinstance(found, NominaError) or question is None:
        return {"id": name, "refused": str(found)}
    if isinstance(found, Power):
        return {"id": name, **_power(found), **_basis(question)}
    return {
        "id": name,
        **_power(found.now),
        "ranking": {
            "goal_log10_lr": found.goal,
            "singles": [_prospect(one, question, found) for one in found.singles],
            "pairs": [_prospect(one, question, found) for one in found.pairs],
        },
        "notes": list(found.notes),
        **_basis(question),
    }


def _basis(question: PowerQuestion) -> dict[str, Any]:
    from forensics.genetics.power_ranking import ENGINE

    return {**provenance.of_case(question.case, ENGINE), "inputs_digest": question.digest}


def _power(found: Power) -> dict[str, Any]:
    excluded = found.exclusion
    return {
        "people": list(found.people),
        "simulation": found.simulation,  # null: computed
        "exclusion_power": {
            "per_locus": dict(excluded.per_locus),
            "total": excluded.total,
            "expected_mismatching_loci": excluded.expected_mismatches,
            "standard_error": excluded.standard_error,
        },
        "if_true": _spread(found.if_true),
        "if_false": _spread(found.if_false),
        "reach": [
            {"log10_lr": line.threshold, "if_true": line.if_true, "if_false": line.if_false}
            for line in found.reach
        ],
        "mean_log10_lr_per_locus": dict(found.means),
    }


def _spread(found: Spread) -> dict[str, Any]:
    return {
        "mean_log10_lr": found.mean,
        "sd_log10_lr": found.sd,
        "standard_error": found.standard_error,
        "quantiles_log10_lr": {f"{share:g}": value for share, value in found.quantiles},
        "quantiles_error": found.error,
        "prob_lr_zero": found.zero,
        "prob_lr_infinite": found.infinite,
    }


def _prospect(one: Prospect, question: PowerQuestion, ranking: Ranking) -> dict[str, Any]:
    who = [{"id": c.id, "kind": c.kind.value, "relation": _relation(question, c.id)} for c in one.candidates]
    if one.power is None:
        return {"candidates": who, "refused": one.refused}
    reached = one.power.reaching(ranking.goal)
    now = ranking.now.reaching(ranking.goal).if_true.value
    return {
        "candidates": who,
        "reach_goal": reached.if_true,
        "gain": reached.if_true.value - now,
        "chance_hit": reached.if_false,
        "mean_log10_lr": one.power.if_true.mean,
        "sd_log10_lr": one.power.if_true.sd,
        "exclusion_power": one.power.exclusion.total if one.power.exclusion.per_locus else None,
        "simulation": one.power.simulation,
    }


def _relation(question: PowerQuestion, person: str) -> str:
    return kin_words(question.case.numerator, person, question.missing) if question.missing else ""


# for people


def _print(name: str, question: PowerQuestion | None, found: Power | Ranking | NominaError) -> None:
    title = question.case.title if question else ""
    click.echo(f"{name}: {title}" if title else name)
    if isinstance(found, NominaError) or question is None:
        click.echo(f"  {found}\n")
        return
    now = found.now if isinstance(found, Ranking) else found
    _print_power(now)
    if isinstance(found, Ranking):
        _print_ranking(found, question)
    click.echo()


def _print_power(found: Power) -> None:
    how = (
        f"simulated: {found.simulation.count:,} worlds, seed {found.simulation.seed}"
        if found.simulation
        else "computed"
    )
    click.echo(f"  {len(found.loci)} loci, {how}")
    click.echo(
        f"  Exclusion power {found.exclusion.total:.6g}, "
        f"{found.exclusion.expected_mismatches:.2f} excluding loci expected (without mutation)"
    )
    for words, spread in (("if true", found.if_true), ("if false", found.if_false)):
        click.echo(f"  log10 LR {words}: {_spread_words(spread)}")
    rows = [(_lr(line.threshold), _chance(line.if_true), _chance(line.if_false)) for line in found.reach]
    table(("LR at least", "if true", "if false"), rows, right=(0, 1, 2))


def _spread_words(spread: Spread) -> str:
    parts = []
    if spread.mean is not None and spread.sd is not None:
        quantiles = dict(spread.quantiles)
        parts.append(
            f"mean {spread.mean:.2f}, sd {spread.sd:.2f}, 90 % between {quantiles[0.05]:.2f} and {quantiles[0.95]:.2f}"
        )
    if spread.zero:
        parts.append(f"LR 0 with probability {spread.zero:.6g}")
    if spread.infinite:
        parts.append(f"impossible under the other with probability {spread.infinite:.6g}")
    return "; ".join(parts) or "the same under both"


def _print_ranking(found: Ranking, question: PowerQuestion) -> None:
    click.echo(f"  If one more gave a sample (LR at least {_lr(found.goal)}, if true):")
    rows = [("nobody more", "", _chance(found.now.reaching(found.goal).if_true), "", _mean(found.now))]
    rows += [_row(one, question, found) for one in (*found.singles, *found.pairs)]
    table(("Who", "Relation", "reached", "gain (points)", "mean log10 LR"), rows, right=(2, 3, 4))
    for one in (*found.singles, *found.pairs):
        if one.refused:
            click.echo(f"  {one.candidates[0].id}: {one.refused}")
    for note in found.notes:
        click.echo(f"  {note}")


def _row(one: Prospect, question: PowerQuestion, found: Ranking) -> tuple[str, str, str, str, str]:
    who = " + ".join(c.kind.value if c.kind is Kind.OWN else c.id for c in one.candidates)
    drawn = [c.id for c in one.candidates if c.kind is Kind.DRAWN]
    relation = " + ".join(filter(None, (_relation(question, id) for id in drawn)))
    if one.power is None:
        return who, relation, "–", "–", "–"
    chance = one.power.reaching(found.goal).if_true
    gain = 100 * (chance.value - found.now.reaching(found.goal).if_true.value)
    return who, relation, _chance(chance), f"{gain:+.1f}", _mean(one.power)


def _mean(found: Power) -> str:
    mean = found.if_true.mean
    return "–" if mean is None else f"{mean:.2f}"


def _chance(chance: Chance) -> str:
    """A probability; a simulated one with its standard error, one near 1 never rounded up to it."""
    value = chance.value
    if 0 < value < 0.001:
        return f"{value:.1e}"
    shown = f"{100 * min(value, 0.9999 if value < 1 - 1e-9 else 1.0):.2f} %"
    return f"{shown} ± {100 * chance.standard_error:.2g} %" if chance.standard_error else shown


def _lr(log10: float) -> str:
    return f"{10.0**log10:,.0f}" if 0 <= log10 < 9 else f"10^{log10:.2f}"
