"""Joint identification: all victims to all missing persons at once.

    identify(inputs, progress)   pairwise LRs, marginal posteriors, best assignments, bound on what was left out

Each assignment weighs prior × likelihood; the likelihood is a product over families, inside a family by
the chain rule. Assignments are summed exactly per connected component of families that share a victim.
Source of the joint approach: Vigeland & Egeland 2021, doi:10.1038/s41598-021-93071-5.
"""

import heapq
import math
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forensics.domain.errors import Invalid, Refused
from forensics.domain.joint import Assignment, JointInputs, JointResult, Missing, Pair, PairState
from forensics.domain.progress import Progress, Silent
from forensics.domain.screening import NotScreened
from forensics.genetics.compile_blas import single_threaded
from forensics.genetics.compile_tensors import Array
from forensics.genetics.joint_assign import Component, TooWide, components
from forensics.genetics.joint_family import FamilyModel, Victims, encode, sexes_agree
from forensics.genetics.joint_lanes import NOBODY
from forensics.genetics.joint_options import Option, Options, options
from forensics.genetics.screening_prepare import Column, Prepared, prepare
from forensics.genetics.screening_tables import task_of

ENGINE = "nomina-joint 1"
FEW_VICTIMS = 10  # up to here nothing is left out as long as the sum is feasible
LARGEST_LOSS = 1e-5  # posterior mass; a sum that would leave out more is refused
LN10 = math.log(10)


def identify(inputs: JointInputs, progress: Progress | None = None) -> JointResult:
    """The posterior over all sex-consistent assignments. Raises Invalid, Refused, Cancelled."""
    with single_threaded():
        return _identify(inputs, progress or Silent())


def _identify(inputs: JointInputs, told: Progress) -> JointResult:
    if not inputs.pair_weight > 0:
        raise Invalid("The prior weight of placing a victim must be above 0.")
    prepared = prepare(inputs.screening)
    question = _Question(inputs, prepared)
    pairs = question.pairs(told)
    families = question.families(told)
    chosen = question.select(families)
    return question.result(pairs, families, chosen)


@dataclass
class _Selection:
    components: list[Component]
    ln_lost: float  # ln of the posterior mass left out, upper bound


class _Question:
    """One joint identification in progress."""

    def __init__(self, inputs: JointInputs, prepared: Prepared) -> None:
        self.inputs, self.prepared = inputs, prepared
        self.ln_weight = math.log(inputs.pair_weight)
        self.refused: list[NotScreened] = [*prepared.refused, *prepared.refused_profiles]
        everybody = [g for c in prepared.columns for g in c.genotypes.values()]
        self.victims: Victims = encode(prepared.profiles, prepared.kit, everybody)
        self.models: list[FamilyModel] = []
        self.names: list[str] = []
        for family in {c.family: c for c in prepared.columns}.values():
            self.add(family)

    def add(self, column: Column) -> None:
        family = column.source
        question = self.prepared.inputs
        model = FamilyModel(
            family.pedigree,
            family.missing,
            column.genotypes,
            question.loci,
            self.victims,
            question.theta,
            question.convention,
        )
        try:
            if model.ln_relatives() == -math.inf:
                raise Refused(
                    f"The relatives' genotypes of family {family.id} are impossible in the pedigree as drawn; "
                    "check the relationships and the genotypes, or allow mutation."
                )
        except Refused as error:
            self.refused.append(NotScreened(family.id, str(error)))
            return
        self.models.append(model)
        self.names.append(family.id)

    def pairs(self, progress: Progress) -> tuple[Pair, ...]:
        """Every victim against every missing person on their own; fills `ln_pairs` (V, missing) by family."""
        self.ln_pairs: list[Array] = []
        found: dict[tuple[str, Missing], Pair] = {}
        columns = {(c.family, c.missing): c for c in self.prepared.columns}
        for number, (family, model) in enumerate(zip(self.names, self.models, strict=True)):
            progress.step(number, 2 * len(self.models), "Comparing every victim with every missing person")
            mine = [columns[family, name] for name in model.missing]
            ln, states, inconsistent = self.family_pairs(model, mine)
            self.ln_pairs.append(ln)
            for v, victim in enumerate(self.victims.profiles):
                for m, name in enumerate(model.missing):
                    state = states[v][m]
                    lr = None if not np.isfinite(ln[v, m]) else float(ln[v, m]) / LN10
                    loci = None if state is PairState.SEX_MISMATCH else int(inconsistent[v, m])
                    found[victim.id, (family, name)] = Pair(victim.id, (family, name), state, lr, loci)
        screening = self.inputs.screening
        return tuple(
            found.get((p.id, key), Pair(p.id, key, PairState.REFUSED, None, None))
            for p in screening.profiles
            for key in screening.missing
        )

    def family_pairs(
        self, model: FamilyModel, columns: Sequence[Column]
    ) -> tuple[Array, list[list[PairState]], NDArray[np.int64]]:
        """(V, missing) ln LR (nan: sexes differ), what each says, and inconsistent loci without mutation."""
        count = len(self.victims.profiles)
        ln = np.full((count, len(columns)), np.nan)
        inconsistent = np.zeros((count, len(columns)), dtype=np.int64)
        evaluable = np.zeros((count, len(columns)), dtype=bool)
        question = self.prepared.inputs
        still = model.without_mutation(self.prepared.kit) if question.mutation or question.theta else model
        for m, column in enumerate(columns):
            for locus in range(len(question.loci)):
                informed = task_of(column, locus, question.convention).informative
                evaluable[:, m] |= self.victims.typed[locus] & informed
        fits = np.array([[sexes_agree(p.sex, sex) for sex in model.sexes] for p in self.victims.profiles])
        v, m_of = np.nonzero(fits.reshape(count, len(columns)))
        rows = np.full((len(v), len(columns)), NOBODY)
        rows[np.arange(len(v)), m_of] = v
        by_locus = model.ln_single(rows)
        ln[v, m_of] = by_locus.sum(axis=0)
        same = by_locus if still is model else still.ln_single(rows)
        # a family that is impossible by itself without mutation counts too: 0/0
        inconsistent[v, m_of] = (~(same > -np.inf) & np.array(self.victims.typed)[:, v]).sum(axis=0)
        states = [
            [state_of(float(ln[v, m]), bool(evaluable[v, m])) for m in range(len(columns))]
            for v in range(count)
        ]
        return ln, states, inconsistent

    def families(self, progress: Progress) -> list[Options]:
        """What each family may hold."""
        found = []
        ln_accepted = math.log(max(self.inputs.accepted_loss, 1e-300)) - math.log(
            1e3 * max(1, len(self.models))
        )
        for number, (model, ln) in enumerate(zip(self.models, self.ln_pairs, strict=True)):
            progress.step(
                len(self.models) + number, 2 * len(self.models), "Placing victims together in each family"
            )
            found.append(options(model, number, ln, ln_accepted, self.ln_weight))
        progress.step(1, 1, "Summing over all assignments")
        return found

    def select(self, families: list[Options]) -> _Selection:
        """Components, after leaving out options that can't matter, the fewest that make the sum feasible.

        Raises Refused if no choice keeps the posterior mass left out below LARGEST_LOSS.
        """
        found: _Selection | None = None
        for ln_budget, relative in self.budgets():
            share = ln_budget - math.log(max(1, len(families)))
            with suppress(TooWide):
                trimmed = [f.trimmed(share, relative, self.ln_weight) for f in families]
                chosen = self.summed(trimmed)
                if found is None or chosen.ln_lost < found.ln_lost:
                    found = chosen
                if found.ln_lost <= LARGEST_LOSS:
                    return found
        raise Refused(
            "Too many victims could belong to too many families for an exact sum; leave out victims or families "
            "that other evidence has settled, or type more relatives."
        )

    def budgets(self) -> Iterator[tuple[float, bool]]:
        """ln of the weight that may be left out, and whether it counts against each family's best option."""
        if len(self.victims.profiles) <= FEW_VICTIMS:
            yield -math.inf, False
        accepted = max(self.inputs.accepted_loss, 1e-300)
        yield math.log(accepted), False
        yield from ((math.log(accepted * 10.0**k), True) for k in range(0, 10, 3))
        yield math.log(LARGEST_LOSS), True
        yield math.log(LARGEST_LOSS), False

    def summed(self, families: list[Options]) -> _Selection:
        """The components, and a rigorous bound of the posterior mass that is not in them.

        The bound: the total with, in every family, all that was left out added to "nobody placed", where it
        uses no victims and so weighs at least as much as it can.
        """
        groups = components(families, self.ln_weight)
        ln_lost = 0.0
        for group in groups:
            empty = [float(np.logaddexp(0.0, families[s.family].ln_lost)) for s in group.stages]
            ln_lost += group.ln_total(empty) - group.ln_total() if any(empty) else 0.0
        return _Selection(groups, ln_lost)

    def result(self, pairs: tuple[Pair, ...], families: list[Options], chosen: _Selection) -> JointResult:
        everywhere = self.inputs.screening.missing
        posterior = {p.id: dict.fromkeys(everywhere, 0.0) for p in self.victims.profiles}
        ln_total = 0.0
        for group in chosen.components:
            ln_part, by_stage = group.marginals()
            ln_total += ln_part
            for stage, weights in zip(group.stages, by_stage, strict=True):
                self.add_marginals(posterior, stage.family, stage.options, weights)
        unplaced = {v: max(0.0, 1 - math.fsum(row.values())) for v, row in posterior.items()}
        threshold = self.inputs.threshold
        null = math.fsum([*(m.ln_relatives() for m in self.models), *self.victims.ln_null.tolist()])
        return JointResult(
            inputs_digest=self.inputs.screening.digest,
            pairs=pairs,
            posterior=posterior,
            unplaced=unplaced,
            best=self.best(chosen.components, ln_total, null),
            identified=tuple(
                (v, m) for v, row in posterior.items() for m, p in row.items() if p >= threshold
            ),
            ln_likelihood_null=null,
            lost_mass=float(-np.expm1(-chosen.ln_lost)),
            components=len(chosen.components),
            sampled=(),
            standard_error=0.0,
            refused=tuple(self.refused),
            engine=ENGINE,
        )

    def add_marginals(
        self,
        posterior: dict[str, dict[Missing, float]],
        family: int,
        choices: Sequence[Option | None],
        weights: Array,
    ) -> None:
        model, name = self.models[family], self.names[family]
        for option, weight in zip(choices, weights, strict=True):
            for m, v in zip(option.places, option.victims, strict=True) if option else ():
                posterior[self.victims.profiles[v].id][name, model.missing[m]] += float(weight)

    def best(self, groups: Sequence[Component], ln_total: float, null: float) -> tuple[Assignment, ...]:
        """The best assignments over all components."""
        count = self.inputs.best
        ranked: list[tuple[float, tuple[Option, ...]]] = [(0.0, ())]
        for group in groups:
            ranked = merge_ranked(ranked, group.best(count), count)
        return tuple(
            Assignment(
                placed=dict(self.named(option, k) for option in chosen for k in range(len(option.places))),
                ln_likelihood=math.fsum([null, *(option.ln_lr for option in chosen)]),
                posterior=math.exp(weight - ln_total),
            )
            for weight, chosen in ranked
        )

    def named(self, option: Option, k: int) -> tuple[str, Missing]:
        model = self.models[option.family]
        victim = self.victims.profiles[option.victims[k]].id
        return victim, (self.names[option.family], model.missing[option.places[k]])


def state_of(ln: float, evaluable: bool) -> PairState:
    if math.isnan(ln):
        return PairState.SEX_MISMATCH
    if not evaluable:
        return PairState.NOT_EVALUABLE
    return PairState.EXCLUDED if ln == -math.inf else PairState.EVALUATED


def merge_ranked(
    one: Sequence[tuple[float, tuple[Option, ...]]],
    other: Sequence[tuple[float, tuple[Option, ...]]],
    count: int,
) -> list[tuple[float, tuple[Option, ...]]]:
    """The heaviest sums of one of each, both lists being sorted."""
    if not other:
        return list(one[:count])
    heap = [(-(one[0][0] + other[0][0]), 0, 0)]
    seen = {(0, 0)}
    found: list[tuple[float, tuple[Option, ...]]] = []
    while heap and len(found) < count:
        weight, i, j = heapq.heappop(heap)
        found.append((-weight, one[i][1] + other[j][1]))
        for a, b in ((i + 1, j), (i, j + 1)):
            if a < len(one) and b < len(other) and (a, b) not in seen:
                seen.add((a, b))
                heapq.heappush(heap, (-(one[a][0] + other[b][0]), a, b))
    return found
