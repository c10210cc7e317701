"""Joint identification: all victims to all missing persons at once.

    identify(inputs, progress)   pairwise LRs, marginal posteriors, best assignments, bound on what was left out

Each assignment weighs prior × likelihood; the likelihood is a product over families, inside a family by
the chain rule. Assignments are summed exactly per connected component of families that share a victim.
Source of the joint approach: Vigeland & Egeland 2021, doi:10.1038/s41598-021-93071-5.
"""

import heapq
import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from forensics.domain.errors import Invalid, Refused
from forensics.domain.joint import Assignment, JointInputs, JointResult, Missing, Pair, PairState
from forensics.domain.kinship import Genotype
from forensics.domain.progress import Progress, Silent
from forensics.domain.screening import NotScreened, ScreeningFamily, ScreeningInputs
from forensics.genetics.compile_blas import single_threaded
from forensics.genetics.compile_tensors import Array
from forensics.genetics.joint_assign import Chosen, Component, TooWide, components
from forensics.genetics.joint_exclusions import Counts, Family, inconsistent
from forensics.genetics.joint_family import FamilyModel
from forensics.genetics.joint_options import Options, Placed, settle
from forensics.genetics.joint_parts import is_identity
from forensics.genetics.joint_placements import FamilyTables, TooMany
from forensics.genetics.joint_search import search
from forensics.genetics.joint_victims import NOBODY, Victims, encode
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
    question = _Question(inputs, prepare(inputs.screening))
    pairs, held = question.settle(told)
    return question.result(pairs, question.select(held))


@dataclass
class _Selection:
    held: list[Options]
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
        self.families: list[_Family] = []
        for column in {c.family: c for c in prepared.columns}.values():
            self.add(column)
        self.ln_accepted = math.log(max(inputs.accepted_loss, 1e-300)) - math.log(
            1e3 * max(1, len(self.families))
        )

    def add(self, column: Column) -> None:
        question, source = self.prepared.inputs, column.source
        family = _Family(source, column.genotypes, question, self.victims)
        try:
            if family.ln_relatives == -math.inf:
                raise Refused(
                    f"The relatives' genotypes of family {source.id} are impossible in the pedigree as drawn; "
                    "check the relationships and the genotypes, or allow mutation."
                )
        except Refused as error:
            self.refused.append(NotScreened(source.id, str(error)))
            return
        self.families.append(family)

    def settle(self, progress: Progress) -> tuple[tuple[Pair, ...], list[Options]]:
        """Every victim against every missing person on their own, and what each family may hold."""
        exclusions = inconsistent([f.shape for f in self.families], self.victims.shown)
        columns: dict[Missing, list[Pair]] = {}
        held: list[Options] = []
        for number, (family, wrong) in enumerate(zip(self.families, exclusions, strict=True)):
            progress.step(number, len(self.families), "Placing victims in each family")
            placed = self.placed(number, family, wrong)
            held += placed.options
            columns.update(self.pairs(family, wrong, placed.ln_pairs))
        progress.step(1, 1, "Summing over all assignments")
        return self.in_order(columns), held

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

    def placed(self, number: int, family: "_Family", wrong: Counts) -> Placed:
        fitting = np.zeros(wrong.shape, dtype=bool)
        for m, sex in enumerate(family.sexes):
            fitting[self.victims.fitting(sex), m] = True
        possible = fitting & (wrong == 0) if self.still else fitting
        if family.model is None:
            with suppress(TooMany):
                return settle(family.tables, number, possible, fitting, self.ln_accepted, self.ln_weight)
        return family.searched(number, possible, fitting, self.ln_accepted, self.ln_weight)

    @cached_property
    def still(self) -> bool:
        """Whether nothing mutates."""
        return all(is_identity(m.male) and is_identity(m.female) for m in self.victims.models)

    def pairs(self, family: "_Family", wrong: Counts, ln: Array) -> Iterator[tuple[Missing, list[Pair]]]:
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
            empty = [float(np.logaddexp(0.0, families[s.options].ln_lost)) for s in group.stages]
            ln_lost += group.ln_total(empty) - group.ln_total() if any(empty) else 0.0
        return _Selection(families, groups, ln_lost)

    def result(self, pairs: tuple[Pair, ...], chosen: _Selection) -> JointResult:
        everywhere = self.inputs.screening.missing
        place = {key: m for m, key in enumerate(everywhere)}
        marginals = np.zeros((len(self.victims.profiles), len(everywhere)))
        ln_total = 0.0
        for group in chosen.components:
            ln_part, by_stage = group.marginals()
            ln_total += ln_part
            for stage, weights in zip(group.stages, by_stage, strict=True):
                options = chosen.held[stage.options]
                family = self.families[options.family]
                for m, name in enumerate(family.missing):
                    at = np.flatnonzero(options.rows[:, m] != NOBODY)
                    np.add.at(marginals[:, place[family.name, name]], options.rows[at, m], weights[1:][at])
        posterior = {
            p.id: dict(zip(everywhere, row, strict=True))
            for p, row in zip(self.victims.profiles, marginals.tolist(), strict=True)
        }
        unplaced = {v: max(0.0, 1 - math.fsum(row.values())) for v, row in posterior.items()}
        threshold = self.inputs.threshold
        null = math.fsum([*(f.ln_relatives for f in self.families), *self.victims.ln_null.tolist()])
        return JointResult(
            inputs_digest=self.inputs.screening.digest,
            pairs=pairs,
            posterior=posterior,
            unplaced=unplaced,
            best=self.best(chosen, ln_total, null),
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

    def best(self, selection: _Selection, ln_total: float, null: float) -> tuple[Assignment, ...]:
        """The best assignments over all components."""
        count = self.inputs.best
        ranked: list[tuple[float, Chosen]] = [(0.0, ())]
        for group in selection.components:
            ranked = merge_ranked(ranked, group.best(count), count)
        return tuple(
            Assignment(
                placed=dict(pair for choice in chosen for pair in self.named(selection.held, choice)),
                ln_likelihood=math.fsum([null, *(float(selection.held[o].ln_lr[row]) for o, row in chosen)]),
                posterior=math.exp(weight - ln_total),
            )
            for weight, chosen in ranked
        )

    def named(self, held: Sequence[Options], choice: tuple[int, int]) -> Iterator[tuple[str, Missing]]:
        options, row = held[choice[0]], choice[1]
        family = self.families[options.family]
        for m, v in enumerate(options.rows[row].tolist()):
            if v != NOBODY:
                yield self.victims.profiles[v].id, (family.name, family.missing[m])


class _Family:
    """One family: tables where they suffice, and the chain rule where they don't (theta, many members)."""

    def __init__(
        self,
        source: ScreeningFamily,
        genotypes: Mapping[str, Mapping[str, Genotype]],
        question: ScreeningInputs,
        victims: Victims,
    ) -> None:
        self.name, self.missing = source.id, source.missing
        self.sexes = tuple(source.pedigree.member(name).sex for name in source.missing)
        self.tables = FamilyTables(
            source.pedigree, source.missing, genotypes, question.loci, victims, question.convention
        )
        self.shape = Family(source.pedigree, self.tables.people, self.tables.relatives)
        self.model = self.chained(question.theta) if question.theta > 0 else None

    def chained(self, theta: float) -> FamilyModel:
        t = self.tables
        return FamilyModel(t.pedigree, t.missing, t.genotypes, t.loci, t.victims, theta, t.convention)

    @cached_property
    def ln_relatives(self) -> float:
        """ln P(the relatives' genotypes)."""
        return self.tables.ln_relatives() if self.model is None else self.model.ln_relatives()

    def searched(
        self,
        number: int,
        possible: NDArray[np.bool_],
        fitting: NDArray[np.bool_],
        ln_accepted: float,
        ln_weight: float,
    ) -> Placed:
        """As `settle`, one victim after another."""
        model = self.model or self.chained(0.0)
        ln = np.where(fitting, -np.inf, np.nan)
        for m in range(len(self.missing)):
            own = np.flatnonzero(possible[:, m])
            ln[own, m] = model.ln_lr((m,), own[:, None])
        return Placed(ln, [search(model, number, ln, ln_accepted, ln_weight)])


def states_of(ln: Array, evaluable: NDArray[np.bool_]) -> list[PairState]:
    """What each LR says; not a number where the sexes differ."""
    names = (PairState.EVALUATED, PairState.EXCLUDED, PairState.NOT_EVALUABLE, PairState.SEX_MISMATCH)
    codes = np.where(np.isnan(ln), 3, np.where(~evaluable, 2, np.where(np.isneginf(ln), 1, 0)))
    return [names[code] for code in codes.tolist()]


def refused_pair(victim: str, missing: Missing) -> Pair:
    return Pair(victim, missing, PairState.REFUSED, None, None)


def merge_ranked(
    one: Sequence[tuple[float, Chosen]],
    other: Sequence[tuple[float, Chosen]],
    count: int,
) -> list[tuple[float, Chosen]]:
    """The heaviest sums of one of each, both lists being sorted."""
    if not other:
        return list(one[:count])
    heap = [(-(one[0][0] + other[0][0]), 0, 0)]
    seen = {(0, 0)}
    found: list[tuple[float, Chosen]] = []
    while heap and len(found) < count:
        weight, i, j = heapq.heappop(heap)
        found.append((-weight, one[i][1] + other[j][1]))
        for a, b in ((i + 1, j), (i, j + 1)):
            if a < len(one) and b < len(other) and (a, b) not in seen:
                seen.add((a, b))
                heapq.heappush(heap, (-(one[a][0] + other[b][0]), a, b))
    return found
