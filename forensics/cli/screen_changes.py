"""`nomina screen --changes`: what is new or changed is compared, and what that changed is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

import click

from forensics.cli.common import progress, write_json
from forensics.cli.tables import table
from forensics.domain.matching import DEFAULT_THRESHOLD_LOG10

if TYPE_CHECKING:
    from forensics.domain.matching import Screening, ScreeningContents
    from forensics.services.door import Laboratory
    from forensics.services.screenings import Search


def run(lab: Laboratory, operation: UUID, search: Search | None, as_json: bool) -> int:
    """Compare what is new or changed, and tell what that changed among the candidates."""
    from forensics.services.screening_plans import contents
    from forensics.services.screenings import screen_changes

    with progress("Comparing what changed") as watched:
        done = screen_changes(lab, operation, watched, search)
    told = lab.run(contents, done.id) if done is not None else None
    if as_json:
        write_json(as_value(done, told))
    elif done is None or told is None:
        click.echo("Nothing that is compared has changed since the last screening.")
    else:
        _print(done, told)
    return 0


def as_value(done: Screening | None, told: ScreeningContents | None) -> dict[str, Any]:
    """What changed, for machines; LRs as log10, null where the pair was or is no candidate."""
    if done is None or told is None:
        return {"screening": None, "causes": [], "differences": []}
    return {
        "screening": done.number,
        "engine": done.engine,
        "profiles_compared": done.profiles_compared,
        "families_compared": done.families_compared,
        "comparisons": done.comparisons,
        "expected_chance_hits": done.expected_chance_hits,
        "comparisons_with_all_before": done.all_comparisons,
        "expected_chance_hits_with_all_before": done.all_chance_hits,
        "threshold_log10": done.threshold_log10,
        "candidates": done.standing,
        "causes": told.causes,
        "differences": [
            {
                "change": str(one.change),
                "hypothesis": one.number,
                "remains": one.item_number,
                "missing": one.missing_number,
                "family": one.family_number,
                "log10_lr_before": one.before,
                "log10_lr": one.after,
                "state_before": str(one.state) if one.state is not None else None,
                "reason": one.reason,
            }
            for one in told.differences
        ],
    }


def _print(done: Screening, told: ScreeningContents) -> None:
    head = ("Change", "Match", "Remains", "Missing", "Before", "Now", "Because")
    rows = [
        (
            str(d.change),
            d.number,
            d.item_number,
            d.missing_number,
            _log10(d.before),
            _log10(d.after),
            d.reason,
        )
        for d in told.differences
    ]
    table(head, rows, right=(4, 5))
    click.echo(
        f"Screening {done.number}: {done.profiles_compared} of {done.profiles} profiles and "
        f"{done.families_compared} of {done.families} families were new or changed, {done.comparisons} "
        f"comparisons, {done.expected_chance_hits:.3g} expected by chance (with all before: "
        f"{done.all_comparisons}, {done.all_chance_hits:.3g}); {done.standing} candidates stand."
    )
    if done.threshold_log10 != DEFAULT_THRESHOLD_LOG10:
        click.echo(
            f"Candidates are pairs with log10 LR ≥ {done.threshold_log10:.2f}, as in the last search of everything; "
            "`nomina screen` compares everything at the usual threshold again."
        )


def _log10(value: float | None) -> str:
    return "" if value is None else f"{value:.4f}"
