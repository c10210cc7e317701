"""Joint identification: all victims to all missing persons at once.

    identify(inputs, progress)   pairwise LRs, marginal posteriors, best assignments, bound on what was left out

Each assignment weighs prior × likelihood; the likelihood is a product over families, inside a family by
the chain rule. Assignments are summed exactly per connected component of families that share a victim; where one
is too wide for that, posteriors come with rigorous bounds (`joint_wide`).
Source of the joint approach: Vigeland & Egeland 2021, doi:10.1038/s41598-021-93071-5.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from forensics.domain.errors import Invalid, Refused
from forensics.domain.joint import JointInputs, JointResult, Missing, Pair, PairState
from forensics.domain.progress import Progress, Silent
from forensics.domain.screening import NotScreened
from forensics.genetics.compile_blas import single_threaded
from forensics.genetics.compile_tensors import Array
from forensics.genetics.joint_exclusions import Counts, inconsistent
from forensics.genetics.joint_held import Reduced, with_held, without_held
from forensics.genetics.joint_options import Options, Placed, Wanted
from forensics.genetics.joint_parts import is_identity
from forensics.genetics.joint_places import FamilyPlaces
from forensics.genetics.joint_result import result_of
from forensics.genetics.joint_selection import select
from forensics.genetics.joint_solved import Policy
from forensics.genetics.joint_theta import LN10, ln_singles, relate
from forensics.genetics.joint_units import Asked
from forensics.genetics.joint_victims import Victims, encode
from forensics.genetics.screening_prepare import Prepared, prepare
from forensics.genetics.screening_read import Column
from forensics.genetics.screening_recipes import task_of


def identify(inputs: JointInputs, progress: Progress | None = None) -> JointResult:
    """The posterior over all sex-consistent assignments. Raises Invalid, Refused, Cancelled."""
    if not inputs.pair_weight > 0:
        raise Invalid("The prior weight of placing a victim must be above 0.")
    with single_threaded():
        reduced = without_held(inputs)
        return with_held(inputs, _identify(reduced, progress or Silent()))


def _identify(reduced: Reduced, told: Progress) -> JointResult:
    question = _Question(reduced, prepare(reduced.inputs.screening))
    pairs, units = question.settle(told)
    told.step(1, 1, "Summing over all assignments")
    chosen = select(units, question.policy(), told)
    return result_of(
        reduced.inputs, question.victims, question.families, pairs, chosen, tuple(question.refused)
    )


class _Question:
    """One joint identification in progress."""

    def __init__(self, reduced: Reduced, prepared: Prepared) -> None:
        inputs = reduced.inputs
        self.inputs, self.closed, self.prepared = inputs, reduced.closed, prepared
        self.ln_weight = math.log(inputs.pair_weight)
        self.refused: list[NotScreened] = [*reduced.refused, *prepared.refused, *prepared.refused_profiles]
        everybody = [g for c in prepared.columns for g in c.genotypes.values()]
        self.victims: Victims = encode(prepared.profiles, prepared.kit, everybody)
        self.families: list[FamilyPlaces] = []
        singles = ln_singles(prepared) if inputs.screening.theta > 0 else {}
        found = [
            FamilyPlaces(column.source, column.genotypes, inputs.screening, self.victims, singles)
            for column in {c.family: c for c in prepared.columns}.values()
        ]
        relate([family.model for family in found if family.model is not None])
        for family in found:
            self.add(family)
        self.ln_accepted = math.log(max(inputs.accepted_loss, 1e-300)) - math.log(
            1e3 * max(1, len(self.families))
        )

    def add(self, family: FamilyPlaces) -> None:
        """A family that can be computed; the reason of another."""
        try:
            if family.ln_relatives == -math.inf:
                held = [name for name in family.missing if (family.name, name) in self.closed]
                whose = f" and of {', '.join(held)}, who is identified," if held else ""
                raise Refused(
                    f"The genotypes of the relatives{whose} of family {family.name} are impossible in the pedigree as "
                    "drawn; check the relationships and the genotypes, or allow mutation."
                )
        except Refused as error:
            self.refused.append(NotScreened(family.name, str(error)))
        else:
            self.families.append(family)

    def settle(self, progress: Progress) -> tuple[tuple[Pair, ...], list[Options | Asked]]:
        """Every victim against every missing person on their own, and what each family may hold."""
        columns: dict[Missing, list[Pair]] = {}
        if not self.ids:
            return self.in_order(columns), []
        exclusions = inconsistent([f.shape for f in self.families], self.victims.shown)
        held: list[Options | Asked] = []
        for number, (family, wrong) in enumerate(zip(self.families, exclusions, strict=True)):
            progress.step(number, len(self.families), "Placing victims in each family")
            placed = self.placed(number, family, wrong)
            held += placed.options
            columns.update(self.pairs(family, wrong, placed.ln_pairs))
        return self.in_order(columns), held

    def policy(self) -> Policy:
        return Policy(self.inputs.accepted_loss, self.ln_weight, len(self.victims.profiles), self.inputs.seed)

    def in_order(self, columns: Mapping[Missing, Sequence[Pair]]) -> tuple[Pair, ...]:
        """Pairs by victim, then by missing person, as the question lists them."""
        screening = self.inputs.screening
        row = {p.id: v for v, p in enumerate(self.victims.profiles)}
        found = []
        for profile in screening.profiles:
            v = row.get(profile.id)
            for key in screening.missing:
                own = columns.get(key)
                found.append(own[v] if own and v is not None else refused_pair(profile.id, key))
        return tuple(found)

    def placed(self, number: int, family: FamilyPlaces, wrong: Counts) -> Placed:
        """What the family may hold; nobody is looked for on a closed member."""
        fitting, forbidden = np.zeros((2, *wrong.shape), dtype=bool)
        for m, sex in enumerate(family.sexes):
            fitting[self.victims.fitting(sex), m] = True
        possible = fitting & (wrong == 0) if self.still else fitting.copy()
        for m, name in enumerate(family.missing):
            if (family.name, name) in self.closed:
                possible[:, m] = False
            forbidden[self.not_here.get((family.name, name), []), m] = True
        return family.placed(Wanted(number, fitting, possible, forbidden, self.ln_accepted, self.ln_weight))

    @cached_property
    def not_here(self) -> dict[Missing, list[int]]:
        """For each missing person the victims that may not be placed there."""
        row, found = {name: v for v, name in enumerate(self.ids)}, dict[Missing, list[int]]()
        for victim, place in self.inputs.forbidden:
            if victim in row:
                found.setdefault(place, []).append(row[victim])
        return found

    @cached_property
    def still(self) -> bool:
        """Whether nothing mutates."""
        return all(is_identity(m.male) and is_identity(m.female) for m in self.victims.models)

    def pairs(self, family: FamilyPlaces, wrong: Counts, ln: Array) -> Iterator[tuple[Missing, list[Pair]]]:
        """For each missing person, all victims."""
        columns = {c.missing: c for c in self.columns[family.name]}
        for m, name in enumerate(family.missing):
            key = (family.name, name)
            log10 = (ln[:, m] / LN10).tolist()
            states = states_of(ln[:, m], self.evaluable(columns[name]))
            yield (
                key,
                [
                    Pair(
                        victim,
                        key,
                        state,
                        lr if math.isfinite(lr) else None,
                        None if state is PairState.SEX_MISMATCH else count,
                    )
                    for victim, state, lr, count in zip(
                        self.ids, states, log10, wrong[:, m].tolist(), strict=True
                    )
                ],
            )

    @cached_property
    def ids(self) -> list[str]:
        return [p.id for p in self.victims.profiles]

    @cached_property
    def columns(self) -> dict[str, list[Column]]:
        """The columns of each family."""
        found: dict[str, list[Column]] = {}
        for column in self.prepared.columns:
            found.setdefault(column.family, []).append(column)
        return found

    def evaluable(self, column: Column) -> NDArray[np.bool_]:
        """(V,): whether the victim has data at a locus where the relatives tell something."""
        question = self.prepared.inputs
        informed = [
            task_of(column, locus, question.convention).informative for locus in range(len(question.loci))
        ]
        return np.asarray(np.array(self.victims.typed)[informed].any(axis=0))


def states_of(ln: Array, evaluable: NDArray[np.bool_]) -> list[PairState]:
    """What each LR says; not a number where the sexes differ."""
    names = (PairState.EVALUATED, PairState.EXCLUDED, PairState.NOT_EVALUABLE, PairState.SEX_MISMATCH)
    codes = np.where(np.isnan(ln), 3, np.where(~evaluable, 2, np.where(np.isneginf(ln), 1, 0)))
    return [names[code] for code in codes.tolist()]


def refused_pair(victim: str, missing: Missing) -> Pair:
    return Pair(victim, missing, PairState.REFUSED, None, None)
