"""Joint identification where some victims are identified already.

A held victim is a typed member of its family: its genotypes join those of the relatives, its place is closed,
and it is looked for nowhere else. By the chain rule what is computed then is everything else given it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from forensics.domain.errors import Invalid, Refused
from forensics.domain.joint import Assignment, JointInputs, JointResult, Missing, Pair, PairState
from forensics.domain.screening import NotScreened, ScreeningFamily, ScreeningProfile
from forensics.genetics.screening_check import merged

Held = tuple[ScreeningProfile, str]
"""A victim, and the member of the family that it is."""


@dataclass(frozen=True)
class Reduced:
    """The question without the held victims; nobody else is looked for on a `closed` member."""

    inputs: JointInputs
    closed: frozenset[Missing]
    refused: tuple[NotScreened, ...]


def without_held(inputs: JointInputs) -> Reduced:
    """The question about everybody else. Raises Invalid where the identifications contradict each other."""
    if not inputs.fixed:
        return Reduced(inputs, frozenset(), ())
    _demand_consistent(inputs)
    profiles = {profile.id: profile for profile in inputs.screening.profiles}
    by_family: dict[str, list[Held]] = {}
    for victim, (family, member) in inputs.fixed.items():
        by_family.setdefault(family, []).append((profiles[victim], member))
    families, refused = [], list[NotScreened]()
    for own in inputs.screening.families:
        try:
            families.append(_with_typed(own, by_family.get(own.id, ()), inputs.screening.loci))
        except Refused as error:
            refused.append(NotScreened(own.id, str(error)))
    screening = replace(
        inputs.screening,
        families=tuple(families),
        profiles=tuple(p for p in inputs.screening.profiles if p.id not in inputs.fixed),
    )
    return Reduced(replace(inputs, screening=screening), frozenset(inputs.fixed.values()), tuple(refused))


def _demand_consistent(inputs: JointInputs) -> None:
    known, missing = {p.id for p in inputs.screening.profiles}, set(inputs.screening.missing)
    taken: dict[Missing, str] = {}
    for victim, place in inputs.fixed.items():
        name = f"{place[1]} of family {place[0]}"
        if victim not in known or place not in missing:
            raise Invalid(f"{victim} is held on {name}, but one of them is not in the question; add it.")
        if place in taken:
            raise Invalid(
                f"{taken[place]} and {victim} are both held on {name}; if they are one person, give them as one "
                "victim."
            )
        if (victim, place) in inputs.forbidden:
            raise Invalid(f"{victim} is held on {name} and excluded from it; decide which of them stands.")
        taken[place] = victim


def _with_typed(family: ScreeningFamily, held: Sequence[Held], loci: Sequence[str]) -> ScreeningFamily:
    """The family with the genotypes of its held victims. Raises Refused where they can't be."""
    genotypes = dict(family.genotypes)
    for victim, member in held:
        if victim.drop_out is not None:
            raise Refused(
                f"{victim.id} is identified as {member} of family {family.id} and may have lost alleles; the family "
                "can be computed with clear genotypes only."
            )
        try:
            genotypes[member] = merged(family.id, genotypes.get(member, {}), victim.genotypes, loci)
        except Refused:
            raise Refused(
                f"{victim.id} is identified as {member} of family {family.id}, whose personal effects show other "
                "genotypes; find out which of them is wrong."
            ) from None
    return replace(family, genotypes=genotypes)


def with_held(inputs: JointInputs, found: JointResult) -> JointResult:
    """The result for everybody, those who are held on their place."""
    if not inputs.fixed:
        return found
    screening, fixed = inputs.screening, inputs.fixed
    closed, pairs = set(fixed.values()), {(pair.victim, pair.missing): pair for pair in found.pairs}
    posterior = {
        p.id: _row(screening.missing, found.posterior.get(p.id, {}), fixed.get(p.id))
        for p in screening.profiles
        if p.id in fixed or p.id in found.posterior
    }
    return replace(
        found,
        inputs_digest=screening.digest,
        pairs=tuple(
            Pair(p.id, place, PairState.HELD, None, None)
            if p.id in fixed or place in closed
            else pairs.get((p.id, place), Pair(p.id, place, PairState.REFUSED, None, None))
            for p in screening.profiles
            for place in screening.missing
        ),
        posterior=posterior,
        unplaced={v: 0.0 if v in fixed else found.unplaced[v] for v in posterior},
        best=tuple(
            Assignment({**fixed, **one.placed}, one.ln_likelihood, one.posterior) for one in found.best
        ),
        identified=(*fixed.items(), *found.identified),
    )


def _row(
    missing: Sequence[Missing], found: Mapping[Missing, float], held: Missing | None
) -> dict[Missing, float]:
    """The posterior of a victim for every missing person."""
    return {place: float(place == held) if held else found.get(place, 0.0) for place in missing}
