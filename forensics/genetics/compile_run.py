"""The run of a plan: its tables multiplied and summed step by step, for all families of a shape at once."""

from functools import lru_cache

import numpy as np

from forensics.genetics.compile_founders import from_founder
from forensics.genetics.compile_graph import Factor
from forensics.genetics.compile_plan import Plan
from forensics.genetics.compile_tensors import FROM_FREQUENCIES, Array, Lanes, LocusModel, table


def run(plan: Plan, model: LocusModel, lanes: Lanes) -> Array:
    """The answer of a plan: (axes of plan.output..., L)."""
    tables: list[tuple[Array, tuple[str, ...], bool] | None] = [
        (
            from_founder(f, model, lanes) if f.kind == "from founder" else table(f, model, lanes),
            f.variables,
            by_lane(f, lanes),
        )
        for f in plan.graph.factors
    ]
    for step in plan.steps:
        left = tables[step.left]
        right = tables[step.right] if step.right >= 0 else None
        assert left is not None
        tables[step.left] = None
        if step.right >= 0:
            tables[step.right] = None
        tables.append(contract(left, right, step.out))
    answer, _, by_family = (tables[-1] if tables else None) or (np.ones(()), (), False)
    return answer if by_family else np.repeat(answer[..., None], lanes.count, axis=-1)


def by_lane(factor: Factor, lanes: Lanes) -> bool:
    """Whether a table's numbers differ between the lanes."""
    return factor.by_family or (lanes.frequencies is not None and factor.kind in FROM_FREQUENCIES)


Labelled = tuple[Array, tuple[str, ...], bool]


def contract(left: Labelled, right: Labelled | None, out: tuple[str, ...]) -> Labelled:
    """One step: product over the union of the axes, summed over those not in `out`."""
    if right is None:
        if left[1] == out:
            return left
        return np.einsum(subscripts(out, left[1], left[2]), left[0]), out, left[2]
    if left[2] != right[2]:
        product = shared_product(*((left, right) if right[2] else (right, left)), out)
        if product is not None:
            return product, out, True
    spelt = subscripts(out, left[1], left[2], right[1], right[2])
    return np.einsum(spelt, left[0], right[0]), out, left[2] or right[2]


@lru_cache(maxsize=1 << 16)
def subscripts(
    out: tuple[str, ...],
    left: tuple[str, ...],
    left_by_family: bool,
    right: tuple[str, ...] | None = None,
    right_by_family: bool = False,
) -> str:
    """What einsum is told; plans have few kinds of steps, which come again at every locus."""
    names = {v: chr(97 + i) for i, v in enumerate(dict.fromkeys((*left, *(right or ()))))}

    def term(axes: tuple[str, ...], by_family: bool) -> str:
        return "".join(names[v] for v in axes) + ("Z" if by_family else "")

    asked = term(left, left_by_family)
    if right is not None:
        asked += "," + term(right, right_by_family)
    return f"{asked}->{term(out, left_by_family or right_by_family)}"


def shared_product(shared: Labelled, lanes: Labelled, out: tuple[str, ...]) -> Array | None:
    """A table common to all families times one per family as a matrix product (BLAS), where it is one."""
    common = [v for v in shared[1] if v in lanes[1]]
    if not common or any(v in out for v in common) or len(set(shared[1])) < len(shared[1]):
        return None
    own = [v for v in shared[1] if v not in common]
    rest = [v for v in lanes[1] if v not in common]
    if set(out) != set(own) | set(rest):
        return None
    flat = shared[0].transpose([shared[1].index(v) for v in own + common])
    flat = flat.reshape(int(np.prod(flat.shape[: len(own)], dtype=np.int64)), -1)
    wide = lanes[0].transpose([*(lanes[1].index(v) for v in common + rest), lanes[0].ndim - 1])
    tail = wide.shape[len(common) :]
    product = flat @ wide.reshape(flat.shape[1], -1)
    sizes = [shared[0].shape[shared[1].index(v)] for v in own]
    made = product.reshape(*sizes, *tail)
    order = [(own + rest).index(v) for v in out]
    return made.transpose([*order, made.ndim - 1])
