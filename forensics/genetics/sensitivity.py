"""How much a likelihood ratio depends on what was assumed: θ, population, and each relative.

Every variation changes one thing and computes the whole case again. A variation that can't be computed
keeps its place with the reason, so that a report shows all of them or says why not.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from forensics.domain.errors import Invalid, Refused
from forensics.domain.kinship import FrequencyTable, KinshipCase, LikelihoodRatio
from forensics.domain.progress import Progress, Silent
from forensics.genetics.likelihood import likelihood_ratio

THETAS = (0.0, 0.01, 0.03)


class Varied(StrEnum):
    """What a variation changes."""

    NOTHING = "as stated"
    THETA = "theta"
    POPULATION = "population"
    RELATIVE = "without a relative"


@dataclass(frozen=True, slots=True)
class Variation:
    """One recomputation: what was changed to what, and the answer or the reason why there is none."""

    varied: Varied
    value: str
    answer: LikelihoodRatio | None
    refused: str = ""
    case: KinshipCase | None = None  # what was computed, under a name of its own


def sensitivity(
    case: KinshipCase,
    questioned: Collection[str],
    tables: Sequence[FrequencyTable] = (),
    thetas: Sequence[float] = THETAS,
    progress: Progress | None = None,
) -> tuple[Variation, ...]:
    """The case as stated, then with each θ, each other table, and without each typed relative in turn.

    `questioned` are the people whose profile is the question (the remains); they are never left out.
    Raises `Invalid` if the case as stated is wrong, and passes `Cancelled` of `progress` on.
    """
    progress = progress or Silent()
    plans: list[tuple[Varied, str, Callable[[], KinshipCase]]] = [(Varied.NOTHING, "", lambda: case)]
    plans += [(Varied.THETA, f"{theta:g}", _with_theta(case, theta)) for theta in thetas]
    plans += [(Varied.POPULATION, table.name, _with_table(case, table)) for table in tables]
    plans += [
        (Varied.RELATIVE, person, _without(case, person))
        for person, loci in case.genotypes.items()
        if person not in questioned and any(loci.get(locus) for locus in case.loci)
    ]
    results = [Variation(Varied.NOTHING, "", likelihood_ratio(case), case=case)]
    for done, (varied, value, make) in enumerate(plans[1:], start=1):
        progress.step(done, len(plans), f"{varied.value} {value}")
        results.append(_vary(varied, value, make, f"{case.id}, {varied.value} {value}"))
    return tuple(results)


def _vary(varied: Varied, value: str, make: Callable[[], KinshipCase], name: str) -> Variation:
    try:
        changed = replace(make(), id=name)
        return Variation(varied, value, likelihood_ratio(changed), case=changed)
    except (Invalid, Refused) as error:
        return Variation(varied, value, None, str(error))


def _with_theta(case: KinshipCase, theta: float) -> Callable[[], KinshipCase]:
    return lambda: replace(case, theta=theta)


def _with_table(case: KinshipCase, table: FrequencyTable) -> Callable[[], KinshipCase]:
    return lambda: replace(case, frequencies=table)


def _without(case: KinshipCase, person: str) -> Callable[[], KinshipCase]:
    """The person stays in the pedigree, untyped."""
    return lambda: replace(case, genotypes={p: g for p, g in case.genotypes.items() if p != person})
