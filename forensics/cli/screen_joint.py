"""`nomina screen --joint`: all victims to all missing persons together, beside the pairs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

import click

from forensics.cli.common import progress, write_json
from forensics.cli.tables import table
from forensics.domain.joint_words import VictimLine, explained, share

if TYPE_CHECKING:
    from forensics.domain.joint_solution import JointSolution
    from forensics.services.door import Laboratory
    from forensics.services.joint import KeptSolution


def run(lab: Laboratory, operation: UUID, as_json: bool, keep: bool) -> int:
    """Solve, keep it if it shall be and the person may, and write what it says about every victim."""
    from forensics.services.joint import KeptSolution, solve_and_keep, solve_operation

    with progress("Solving together") as watched:
        if keep:
            found = solve_and_keep(lab, operation, watched)
        else:
            found = KeptSolution(solve_operation(lab, operation, watched), None)
    lines = explained(found.solution)
    if as_json:
        write_json(as_value(found, lines))
    else:
        _print(found, lines)
    return 0


def as_value(found: KeptSolution, lines: tuple[VictimLine, ...]) -> dict[str, Any]:
    """The solution for machines; LRs as log10, nobody on the list as null."""
    solution, pairs = found.solution, found.solution.pairs
    return {
        "record": found.record.number if found.record else None,
        "engine": solution.engine,
        "pairs_engine": pairs.engine,
        "sha256": pairs.digests,
        "parameters": pairs.parameters,
        "number_sought": pairs.number_sought,
        "pair_weight": pairs.pair_weight,
        "threshold": pairs.threshold,
        "method": solution.method,
        "half_width": solution.half_width,
        "standard_error": solution.standard_error,
        "sampled": solution.sampled,
        "lost_mass": solution.lost_mass,
        "components": solution.components,
        "not_computed": [{"id": item.id, "reason": item.reason} for item in solution.refused],
        "victims": [_victim(solution, line) for line in lines],
    }


def _victim(solution: JointSolution, line: VictimLine) -> dict[str, Any]:
    pairs, victim = solution.pairs, solution.pairs.victims[line.row]
    fits = dict(pairs.table.best(line.row))
    columns = sorted(set(fits) | set(solution.posterior[line.row]), key=lambda c: -fits.get(c, -1.0))
    return {
        "victim": line.number,
        "remains": victim.item_numbers,
        "verdict": line.verdict,
        "differs": line.differs,
        "words": line.words,
        "identification": _identification(solution, line.row),
        "pairwise": _name(solution, line.pairwise),
        "pairwise_log10_lr": line.log10_lr,
        "pairwise_posterior": line.pairwise_posterior,
        "joint": _name(solution, line.joint),
        "joint_posterior": line.joint_posterior,
        "nobody_posterior": line.unplaced,
        "identified": line.identified,
        "missing": [
            {
                "missing": pairs.sought[c].number,
                "family": pairs.sought[c].family_number,
                "log10_lr": fits.get(c),
                "joint_posterior": solution.posterior[line.row].get(c, 0.0),
            }
            for c in columns
        ],
    }


def _identification(solution: JointSolution, row: int) -> str | None:
    held = solution.pairs.decided.held.get(row)
    return held.identification if held else None


def _name(solution: JointSolution, column: int | None) -> str | None:
    return None if column is None else solution.pairs.sought[column].number


def _print(found: KeptSolution, lines: tuple[VictimLine, ...]) -> None:
    solution = found.solution
    head = ("Victim", "Best pair", "log10 LR", "Alone", "Jointly", "Posterior", "Nobody", "Verdict")
    table(head, [_cells(solution, line) for line in lines], right=(2, 3, 5, 6))
    different = [line for line in lines if line.differs]
    for line in different:
        click.echo(f"\n{line.number}: {line.words}")
    pairs = solution.pairs
    method = f"{solution.method}"
    if solution.half_width:
        method += f", no posterior further than {solution.half_width:.1e} from the exact one"
    if solution.sampled:
        method += f", standard error at most {solution.standard_error:.1e}"
    click.echo(
        f"\n{len(pairs.victims)} victims × {len(pairs.sought)} missing persons of {pairs.title}, "
        f"{pairs.number_sought:,} sought; the answer differs from the pairs for {len(different)}. "
        f"Identified already and held there: {len(pairs.decided.held)}; pairs excluded in review: "
        f"{len(pairs.decided.excluded)}. Method: {method}; left out: at most {solution.lost_mass:.1e}. "
        + (f"Kept as {found.record.number}." if found.record else "Nothing was kept.")
    )
    for item in solution.refused:
        click.echo(f"Not computed: {item.id}: {item.reason}")


def _cells(solution: JointSolution, line: VictimLine) -> tuple[str, ...]:
    likely = line.joint_posterior is not None and line.joint_posterior > (line.unplaced or 0.0)
    return (
        line.number,
        _name(solution, line.pairwise) or "–",
        "–" if line.log10_lr is None else f"{line.log10_lr:.2f}",
        _share(line.pairwise_posterior),
        (_name(solution, line.joint) if likely else None) or "nobody",
        _share(line.joint_posterior if likely else line.unplaced),
        _share(line.unplaced),
        str(line.verdict),
    )


def _share(posterior: float | None) -> str:
    return "–" if posterior is None else share(posterior)
