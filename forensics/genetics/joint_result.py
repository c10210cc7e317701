"""The answer of a joint identification from what was summed: posteriors by name, and the best assignments."""

import math
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from forensics.domain.joint import ENGINE, Assignment, JointInputs, JointResult, Missing, Pair
from forensics.domain.screening import NotScreened
from forensics.genetics.joint_chains import CHAINS
from forensics.genetics.joint_places import FamilyPlaces
from forensics.genetics.joint_solved import Placement, Ranked, Selection, merge_ranked
from forensics.genetics.joint_victims import NOBODY, Victims


def result_of(
    inputs: JointInputs,
    victims: Victims,
    families: Sequence[FamilyPlaces],
    pairs: tuple[Pair, ...],
    chosen: Selection,
    refused: tuple[NotScreened, ...],
) -> JointResult:
    """What was chosen, by the names of the question."""
    posterior = _posterior(inputs, victims, families, chosen)
    null = math.fsum([*(f.ln_relatives for f in families), *victims.ln_null.tolist()])
    return JointResult(
        inputs_digest=inputs.screening.digest,
        pairs=pairs,
        posterior=posterior,
        unplaced={v: max(0.0, 1 - math.fsum(row.values())) for v, row in posterior.items()},
        best=_best(inputs.best, victims, families, chosen, null),
        identified=tuple(
            (v, m) for v, row in posterior.items() for m, p in row.items() if p >= inputs.threshold
        ),
        ln_likelihood_null=null,
        lost_mass=float(-np.expm1(-chosen.ln_lost)),
        components=len(chosen.parts),
        sampled=tuple(sorted({families[chosen.units[u].family].name for u in chosen.sampled})),
        standard_error=max((part.standard_error for part in chosen.parts), default=0.0),
        refused=refused,
        engine=ENGINE,
        half_width=max((part.half_width for part in chosen.parts), default=0.0),
        chains=CHAINS if chosen.sampled else 0,
        sweeps=max((part.sweeps for part in chosen.parts), default=0),
        seed=inputs.seed if chosen.sampled else 0,
    )


def _posterior(
    inputs: JointInputs, victims: Victims, families: Sequence[FamilyPlaces], chosen: Selection
) -> Mapping[str, Mapping[Missing, float]]:
    """For each victim the posterior of every missing person."""
    everywhere = inputs.screening.missing
    place = {key: m for m, key in enumerate(everywhere)}
    marginals = np.zeros((len(victims.profiles), len(everywhere)))
    for part in chosen.parts:
        for number, table in part.marginals:
            family = families[chosen.units[number].family]
            for m, name in enumerate(family.missing):
                marginals[:, place[family.name, name]] += table[:, m]
    return {
        p.id: dict(zip(everywhere, row, strict=True))
        for p, row in zip(victims.profiles, marginals.tolist(), strict=True)
    }


def _best(
    count: int, victims: Victims, families: Sequence[FamilyPlaces], chosen: Selection, null: float
) -> tuple[Assignment, ...]:
    """The best assignments over all components."""
    ranked: list[Ranked] = [(0.0, ())]
    for part in chosen.parts:
        ranked = merge_ranked(ranked, part.best(count), count)

    def named(one: Placement) -> Iterator[tuple[str, Missing]]:
        family = families[chosen.units[one.unit].family]
        for m, v in enumerate(one.victims):
            if v != NOBODY:
                yield victims.profiles[v].id, (family.name, family.missing[m])

    return tuple(
        Assignment(
            placed=dict(pair for one in placed for pair in named(one)),
            ln_likelihood=math.fsum([null, *(one.ln_lr for one in placed)]),
            posterior=math.exp(ln),
        )
        for ln, placed in ranked
    )
