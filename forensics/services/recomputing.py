"""Stated numbers again: a kinship case as a report carries it, through the engine of this program."""

import json
from collections.abc import Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any


@cache
def engine() -> str:
    """Name and version of this program, as every report states it."""
    try:
        return f"Nomina {version('nomina')}"
    except PackageNotFoundError:
        return "Nomina (not installed)"


def recompute(case: Mapping[str, Any]) -> dict[str, float | None]:
    """log10 LR per locus (None: LR 0) of a case file with one case; `Invalid` or `Refused` as the engine says."""
    from forensics.formats.kinship_cases import read_cases
    from forensics.genetics.likelihood import likelihood_ratio

    [question] = read_cases(json.dumps(case))
    return dict(likelihood_ratio(question).log10_per_locus)
