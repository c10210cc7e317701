"""Sums over the ways in which founders share alleles: many plans over the same families, run as one.

The plans of a shape differ little from sharing to sharing, so that most of their tables and products are the same;
each is computed once and kept until its last use. Shapes: n alleles; G unordered genotypes; L lanes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from forensics.genetics.compile_graph import Factor
from forensics.genetics.compile_plan import Plan, Step, plan
from forensics.genetics.compile_run import Labelled, by_lane, contract
from forensics.genetics.compile_shape import Shape
from forensics.genetics.compile_tensors import Array, Lanes, LocusModel, table
from forensics.genetics.compile_theta import sharing_weight, sharings, with_urn

TYPICAL = 18  # alleles that a plan's sizes are stated for
WORKING_SET = 150_000  # doubles of the largest intermediate table of one block of lanes: about the cache
FEW = 64  # lanes below which starting each step takes longer than what a larger cache saves
MOST_HELD = 8_000_000  # doubles of such a table where not even so few lanes fit into the cache


@dataclass(frozen=True, slots=True)
class Programme:
    """Plans in one line: tables are numbered through, those of the factors first, then one for each step."""

    factors: tuple[Factor, ...]
    steps: tuple[Step, ...]
    answers: tuple[
        tuple[int, int], ...
    ]  # of each plan: after how many steps, and which table (-1: the number 1)
    spent: tuple[tuple[int, ...], ...]  # which tables nobody needs after each step
    peak: float


def programme(plans: Sequence[Plan]) -> Programme:
    """The plans one after the other, each step that an earlier one has done left out."""
    number: dict[Factor, int] = {
        f: i for i, f in enumerate(dict.fromkeys(f for p in plans for f in p.graph.factors))
    }
    known: dict[Step, int] = {}
    answers = []
    for one in plans:
        own = [number[factor] for factor in one.graph.factors]
        for step in one.steps:
            mine = Step(own[step.left], own[step.right] if step.right >= 0 else -1, step.out)
            own.append(known.setdefault(mine, len(number) + len(known)))
        answers.append((len(known), own[-1] if own else -1))
    return Programme(
        tuple(number), tuple(known), tuple(answers), _spent(tuple(known), answers),
        max((one.peak for one in plans), default=0.0),
    )  # fmt: skip


def _spent(steps: Sequence[Step], answers: Sequence[tuple[int, int]]) -> tuple[tuple[int, ...], ...]:
    """For each step the tables whose last use it is."""
    last = {used: k for k, step in enumerate(steps) for used in (step.left, step.right)}
    for after, used in answers:
        last[used] = max(last.get(used, -1), after)
    found: list[list[int]] = [[] for _ in steps]
    for used, k in last.items():
        if used >= 0 and k < len(steps):
            found[k].append(used)
    return tuple(map(tuple, found))


@lru_cache(maxsize=512)
def together(shape: Shape, ask: bool) -> Programme:
    """All sharings of a shape as one programme; `ask` as in `sharings`."""
    return programme([plan(sharing.graph, 0) for sharing in sharings(shape, ask)])


def run_all(whole: Programme, model: LocusModel, lanes: Lanes) -> Iterator[Array]:
    """The answer of each plan in turn: (axes of its output..., L)."""
    tables: list[Labelled | None] = [
        (table(f, model, lanes), f.variables, by_lane(f, lanes)) for f in whole.factors
    ]
    done = 0
    for after, index in whole.answers:
        for step, spent in zip(whole.steps[done:after], whole.spent[done:after], strict=True):
            left, right = tables[step.left], tables[step.right] if step.right >= 0 else None
            assert left is not None
            tables.append(contract(left, right, step.out))
            for used in spent:
                tables[used] = None
        done = after
        answer, _, by_family = (tables[index] if index >= 0 else None) or (np.ones(()), (), False)
        yield answer if by_family else np.repeat(answer[..., None], lanes.count, axis=-1)


def over_sharings(shape: Shape, ask: bool, model: LocusModel, lanes: Lanes, theta: float) -> Array:
    """The probability summed over all sharings, given the typed founders' alleles.

    Of what is asked: (n, n, L) for ordered alleles, (G, L) for genotypes, (L,) where nothing is.
    """
    drawn, seen = with_urn(shape, model, lanes, theta)
    step = lanes_at_once(together(shape, ask).peak, model)
    parts = [
        _over(shape, ask, model, drawn.part(i, i + step), seen, theta) for i in range(0, lanes.count, step)
    ]
    return parts[0] if len(parts) == 1 else np.concatenate(parts, axis=-1)


def _over(shape: Shape, ask: bool, model: LocusModel, lanes: Lanes, seen: int, theta: float) -> Array:
    total: Array | None = None
    diagonal = np.arange(model.size)
    answers = run_all(together(shape, ask), model, lanes)
    for sharing, found in zip(sharings(shape, ask), answers, strict=True):
        weight = sharing.multiplicity * sharing_weight(sharing.blocks, seen, theta)
        output = sharing.graph.output
        if total is None:
            axes = (model.size,) * len(output) if len(output) == 2 else found.shape[:-1]
            total = np.zeros((*axes, lanes.count))
        if len(output) == 2 and output[0] == output[1]:  # both alleles are copies of one
            total[diagonal, diagonal] += weight * found
        else:
            total += weight * found
    assert total is not None
    return total


def lanes_at_once(peak: float, model: LocusModel) -> int:
    """How many families at a time, so that their tables stay in the cache, and few only where memory asks for it."""
    scale = (model.size / TYPICAL) ** 2  # most large tables have two free alleles or more
    each = max(peak * scale, 1)
    return int(max(16, min(FEW, MOST_HELD // each), min(1024, WORKING_SET // each)))
