"""Joint identification: all victims to all missing persons at once.

    identify(inputs, progress)   pairwise LRs, marginal posteriors, best assignments, bound on what was left out

Each assignment weighs prior × likelihood; the likelihood is a product over families, inside a family by
the chain rule. Assignments are summed exactly per connected component of families that share a victim; where one
is too wide for that, posteriors come with rigorous bounds (`joint_wide`).
Source of the joint approach: Vigeland & Egeland 2021, doi:10.1038/s41598-021-93071-5.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
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
from forensics.genetics.joint_chains import CHAINS
from forensics.genetics.joint_exclusions import Counts, Family, inconsistent
from forensics.genetics.joint_family import FamilyModel
from forensics.genetics.joint_options import Options, Placed, settle
from forensics.genetics.joint_parts import is_identity
from forensics.genetics.joint_placements import FamilyTables, TooMany
from forensics.genetics.joint_search import search
from forensics.genetics.joint_selection import Placement, Policy, Ranked, Selection, merge_ranked, select
from forensics.genetics.joint_units import Asked
from forensics.genetics.joint_victims import NOBODY, Victims, encode
from forensics.genetics.screening_prepare import Column, Prepared, prepare
from forensics.genetics.screening_tables import task_of

ENGINE = "nomina-joint 1"
LN10 = math.log(10)


def identify(inputs: JointInputs, progress: Progress | None = None) -> JointResult:
    """The posterior over all sex-consistent assignments. Raises Invalid, Refused, Cancelled."""
    with single_threaded():
        return _identify(inputs, progress or Silent())


def _identify(inputs: JointInputs, told: Progress) -> JointResult:
    if not inputs.pair_weight > 0:
        raise Invalid("The prior weight of placing a victim must be above 0.")
    question = _Question(inputs, prepare(inputs.screening))
    pairs, units = question.settle(told)
    told.step(1, 1, "Summing over all assignments")
    return question.result(pairs, select(units, question.policy(), told))


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

    def settle(self, progress: Progress) -> tuple[tuple[Pair, ...], list[Options | Asked]]:
        """Every victim against every missing person on their own, and what each family may hold."""
        exclusions = inconsistent([f.shape for f in self.families], self.victims.shown)
        columns: dict[Missing, list[Pair]] = {}
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

    def result(self, pairs: tuple[Pair, ...], chosen: Selection) -> JointResult:
        everywhere = self.inputs.screening.missing
        place = {key: m for m, key in enumerate(everywhere)}
        marginals = np.zeros((len(self.victims.profiles), len(everywhere)))
        for part in chosen.parts:
            for number, table in part.marginals:
                family = self.families[chosen.units[number].family]
                for m, name in enumerate(family.missing):
                    marginals[:, place[family.name, name]] += table[:, m]
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
            best=self.best(chosen, null),
            identified=tuple(
                (v, m) for v, row in posterior.items() for m, p in row.items() if p >= threshold
            ),
            ln_likelihood_null=null,
            lost_mass=float(-np.expm1(-chosen.ln_lost)),
            components=len(chosen.parts),
            sampled=tuple(sorted({self.families[chosen.units[u].family].name for u in chosen.sampled})),
            standard_error=max((part.standard_error for part in chosen.parts), default=0.0),
            refused=tuple(self.refused),
            engine=ENGINE,
            half_width=max((part.half_width for part in chosen.parts), default=0.0),
            chains=CHAINS if chosen.sampled else 0,
            sweeps=max((part.sweeps for part in chosen.parts), default=0),
            seed=self.inputs.seed if chosen.sampled else 0,
        )

    def best(self, chosen: Selection, null: float) -> tuple[Assignment, ...]:
        """The best assignments over all components."""
        count = self.inputs.best
        ranked: list[Ranked] = [(0.0, ())]
        for part in chosen.parts:
            ranked = merge_ranked(ranked, part.best(count), count)
        return tuple(
            Assignment(
                placed=dict(pair for one in placed for pair in self.named(chosen, one)),
                ln_likelihood=math.fsum([null, *(one.ln_lr for one in placed)]),
                posterior=math.exp(ln),
            )
            for ln, placed in ranked
        )

    def named(self, chosen: Selection, one: Placement) -> Iterator[tuple[str, Missing]]:
        family = self.families[chosen.units[one.unit].family]
        for m, v in enumerate(one.victims):
            if v != NOBODY:
                yield self.ids[v], (family.name, family.missing[m])


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
        try:
            return Placed(ln, [search(model, number, ln, ln_accepted, ln_weight)])
        except TooMany:
            return Placed(ln, [Asked(number, model, ln)])


def states_of(ln: Array, evaluable: NDArray[np.bool_]) -> list[PairState]:
    """What each LR says; not a number where the sexes differ."""
    names = (PairState.EVALUATED, PairState.EXCLUDED, PairState.NOT_EVALUABLE, PairState.SEX_MISMATCH)
    codes = np.where(np.isnan(ln), 3, np.where(~evaluable, 2, np.where(np.isneginf(ln), 1, 0)))
    return [names[code] for code in codes.tolist()]


def refused_pair(victim: str, missing: Missing) -> Pair:
    return Pair(victim, missing, PairState.REFUSED, None, None)
