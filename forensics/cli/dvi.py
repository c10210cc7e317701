"""`nomina dvi CASE.json`: joint identification of victims and missing persons, without a laboratory."""

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from forensics.domain import provenance
from forensics.domain.errors import Invalid, NominaError
from forensics.domain.joint import JointInputs, JointResult, Pair, PairState, weight_of_number
from forensics.domain.kinship import Convention
from forensics.formats.joint_cases import cases_in, read_case


@click.command("dvi")
@click.argument("case", type=click.Path(exists=True, dir_okay=False, path_type=Path), nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print the results as JSON.")
@click.option("--pruned", is_flag=True, help="Cut uninformative untyped people first (Familias).")
@click.option("--best", default=20, show_default=True, help="How many assignments to list.")
@click.option(
    "--sought",
    type=click.FloatRange(min=1),
    help="How many people are sought altogether: the prior is then 1 for each person on the list against those "
    "sought who are not. Without it, the prior is flat over all sex-consistent assignments.",
)
@click.option(
    "--threshold",
    type=click.FloatRange(0, 1, min_open=True),
    default=0.9995,
    show_default=True,
    help="Posterior at which a pair counts as identified.",
)
@click.option("--seed", default=1, show_default=True, help="Seed where a sum is too wide and is sampled.")
def command(
    case: tuple[Path, ...],
    as_json: bool,
    pruned: bool,
    best: int,
    sought: float | None,
    threshold: float,
    seed: int,
) -> None:
    """Joint identification: LR of every pair, marginal posteriors, best assignments.

    CASE is a file of victims, families and missing persons.
    """
    from forensics.genetics.joint import identify

    try:
        questions = []
        for raw in (found for path in case for found in cases_of(path)):
            asked = read_case(raw, Convention.PRUNED if pruned else Convention.AS_DRAWN, best)
            weight = 1.0 if sought is None else weight_of_number(sought, len(asked.screening.missing))
            questions.append((raw, replace(asked, pair_weight=weight, threshold=threshold, seed=seed)))
        for raw, question in questions:
            check(f"case {raw.get('id', '?')}", question)
        results = [(raw, question, identify(question)) for raw, question in questions]
    except NominaError as error:
        raise click.ClickException(str(error)) from None
    if as_json:
        click.echo(json.dumps([as_plain(*result) for result in results], allow_nan=False))
        return
    for raw, question, result in results:
        click.echo(in_words(raw, question, result))


def cases_of(path: Path) -> list[dict[str, Any]]:
    """The cases of a file; what can't be read is said with the file's name."""
    try:
        return cases_in(path.read_bytes())
    except (Invalid, OSError) as error:
        raise Invalid(f"{path.name}: {error}") from None


def check(case: str, question: JointInputs) -> None:
    """Raises `Invalid` naming case and family where a table, a model or a pedigree can't be right."""
    from forensics.genetics.validation import check_frequencies, check_mutation, check_pedigree

    screening = question.screening
    try:
        for locus in screening.loci:
            check_frequencies(screening.frequencies, locus)
        for locus, model in screening.mutation.items():
            check_mutation(model, locus)
        for family in screening.families:
            check_pedigree(family.pedigree, f"family {family.id}")
    except Invalid as error:
        raise Invalid(f"{case}: {error}") from None


def as_plain(raw: dict[str, Any], question: JointInputs, result: JointResult) -> dict[str, Any]:
    """One result in plain JSON values; null stands where the sexes differ or nothing was computed."""
    victims = [p.id for p in question.screening.profiles]
    missing = list(question.screening.missing)
    names = [name for _, name in missing]
    pairs = {(pair.victim, pair.missing): pair for pair in result.pairs}
    grid = [[pairs[v, m] for m in missing] for v in victims]
    table = {"rows": victims, "cols": names}
    return {
        "id": raw.get("id", ""),
        "pairwise_lr": {**table, "values": [[plain_lr(pair) for pair in row] for row in grid]},
        "pairwise_state": {**table, "values": [[pair.state.value for pair in row] for row in grid]},
        "exclusion_matrix": {**table, "values": [[pair.inconsistent_loci for pair in row] for row in grid]},
        "posterior_marginals": {
            "rows": [v for v in victims if v in result.posterior],
            "cols": [*names, "*"],
            "values": [
                [*(result.posterior[v][m] for m in missing), result.unplaced[v]]
                for v in victims
                if v in result.posterior
            ],
        },
        "best": [
            {
                "assignment": {v: a.placed[v][1] if v in a.placed else "*" for v in victims},
                "ln_likelihood": a.ln_likelihood,
                "posterior": a.posterior,
            }
            for a in result.best
        ],
        "ln_likelihood_null": result.ln_likelihood_null,
        "identified": [[v, name] for v, (_, name) in result.identified],
        "prior": {"pair_weight": question.pair_weight, "threshold": question.threshold},
        "method": result.method.value,
        "lost_mass": result.lost_mass,
        "half_width": result.half_width,
        "standard_error": result.standard_error,
        "sampled": {
            "families": list(result.sampled),
            "chains": result.chains,
            "sweeps": result.sweeps,
            "seed": result.seed,
        },
        "not_computed": [{"id": item.id, "reason": item.reason} for item in result.refused],
        **provenance.of_question(question.screening, result.engine),
    }


def plain_lr(pair: Pair) -> float | None:
    """The LR of a pair; 0 when excluded, null when there is none (or it would not fit a double)."""
    if pair.state.value == "excluded":
        return 0.0
    if pair.log10_lr is None or pair.log10_lr > 308:
        return None
    return 1.0 if pair.state.value == "not evaluable" and abs(pair.log10_lr) < 1e-9 else 10.0**pair.log10_lr


def in_words(raw: dict[str, Any], question: JointInputs, result: JointResult) -> str:
    """What a person reads: each victim's best placement, the best assignments, and how they were found."""
    lines = [f"{raw.get('id', 'case')}: {raw.get('title', '')}".rstrip(": ")]
    pairs = {(pair.victim, pair.missing): pair for pair in result.pairs}
    for victim, row in result.posterior.items():
        (family, name), posterior = max(row.items(), key=lambda item: item[1], default=((("", "")), 0.0))
        if result.unplaced[victim] >= posterior:
            lines.append(f"  {victim}: nobody on the list, posterior {result.unplaced[victim]:.6f}")
            continue
        alone = lr_in_words(pairs[victim, (family, name)])
        lines.append(f"  {victim}: {name} of {family}, posterior {posterior:.6f}, on its own {alone}")
    for place, assignment in enumerate(result.best[:5], start=1):
        placed = ", ".join(f"{v} = {m}" for v, (_, m) in sorted(assignment.placed.items())) or "nobody placed"
        lines.append(f"  {place}. posterior {assignment.posterior:.6f}: {placed}")
    lines += pairs_in_words(result)
    weight = question.pair_weight
    lines.append(
        "  prior: flat over all assignments" if weight == 1 else f"  prior weight of a pair: {weight:.6g}"
    )
    lines += method_in_words(result)
    lines += [f"  not computed: {item.reason}" for item in result.refused]
    return "\n".join(lines)


def lr_in_words(pair: Pair) -> str:
    if pair.state is PairState.NOT_EVALUABLE:
        return "not evaluable"
    return "LR 0" if pair.log10_lr is None else f"log10 LR {pair.log10_lr:.2f}"


def pairs_in_words(result: JointResult) -> list[str]:
    """How many pairs are excluded, and which missing persons nothing can be said about."""
    states = Counter(pair.state for pair in result.pairs)
    lines = [f"  pairs: {', '.join(f'{count} {state.value}' for state, count in sorted(states.items()))}"]
    silent: dict[str, list[str]] = {}
    for pair in result.pairs:
        if pair.state is PairState.NOT_EVALUABLE:
            silent.setdefault(f"{pair.missing[1]} of {pair.missing[0]}", []).append(pair.victim)
    for who, victims in silent.items():
        lines.append(
            f"  not evaluable, which excludes nobody: {who} against {', '.join(victims)} "
            "(no sample of a relative that tells anything, or no locus in common)"
        )
    return lines


def method_in_words(result: JointResult) -> list[str]:
    lines = [f"  posterior mass left out: at most {result.lost_mass:.1e}"]
    if result.half_width:
        lines.append(
            f"  posteriors between rigorous bounds, at most {result.half_width:.1e} from the exact ones"
        )
    if result.sampled:
        lines.append(
            f"  sampled, too wide for a sum: families {', '.join(result.sampled)}; {result.chains} chains of "
            f"{result.sweeps} sweeps, seed {result.seed}, largest standard error {result.standard_error:.1e}"
        )
    return lines
