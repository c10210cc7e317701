"""Where the nodes of an ordered pedigree stand from left to right.

One convex quadratic programme for all rows at once: parents above the middle of their children, long lines
straight, partners and siblings close; subject to neighbours keeping their distance. Solved exactly in the
dual, one over-relaxed multiplier at a time (Hildreth 1957, doi:10.1002/nav.3800040113). Lengths in user units.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from reports.figures.pedigree_sketch import Sketch, is_via

PARTNER_AIR, AIR, VIA_WIDTH, DETOUR = 20.0, 14.0, 6.0, 30.0
OVER_CHILDREN, STRAIGHT, COUPLE, SIBLINGS, NEAR, ROW = 100.0, 400.0, 0.4, 0.15, 0.02, 0.004
SWEEPS, STILL, RELAXATION = 1500, 0.002, 1.7

Term = tuple[dict[str, float], float, float]  # Σ coefficient · x, its target, weight


def place(made: Sketch, widths: Mapping[str, float]) -> dict[str, float]:
    """The x of every node's centre; `widths` are those of the people with their labels."""
    room = {node: widths.get(node, VIA_WIDTH) for node in made.row_of}
    gaps = _gaps(made, room)
    at = _solve(sorted(made.row_of), _terms(made, room, gaps), gaps)
    _push_apart(made, at, gaps)
    left = min(at[node] - room[node] / 2 for node in at)
    return {node: round(x - left, 1) for node, x in at.items()}


def far_partner(made: Sketch, couple: tuple[str, str]) -> str | None:
    """The partner near whom the line of descent starts; None where it starts midway, side by side.

    Where the line comes from another row (a via, named first) it is the other partner; a lone parent's line
    of descent starts at its own end (a via, named second).
    """
    if is_via(couple[0]) or is_via(couple[1]):
        return couple[1] if is_via(couple[0]) else None
    row = made.rows[made.row_of[couple[0]]]
    left, right = sorted(couple, key=row.index)
    if all(is_via(node) for node in row[row.index(left) + 1 : row.index(right)]):
        return None
    unions = {node: sum(node in other for other in made.couples) for node in couple}
    return left if unions[left] < unions[right] else right


def head_offset(made: Sketch, couple: tuple[str, str], far: str, room: Mapping[str, float]) -> float:
    """From the far partner's centre to the line of descent, towards the other partner."""
    row = made.rows[made.row_of[far]]
    other = couple[0] if couple[1] == far else couple[1]
    return (room[far] / 2 + 6) * (1 if row.index(other) > row.index(far) else -1)


def _gaps(made: Sketch, room: Mapping[str, float]) -> dict[tuple[str, str], float]:
    """Least distance between the centres of neighbours; between partners room for the line of descent."""
    partners = {frozenset(couple) for couple in made.couples}
    detours = [side for couple in made.couples if (side := _detour(made, couple))]
    gaps: dict[tuple[str, str], float] = {}
    for row in made.rows:
        for left, right in pairwise(row):
            if {left, right} in partners and (is_via(left) or is_via(right)):
                gap = max(room[left], room[right]) / 2 + PARTNER_AIR
            elif {left, right} in partners:
                gap = max(room[left], room[right]) + PARTNER_AIR
            else:
                gap = (room[left] + room[right]) / 2 + AIR
            gaps[left, right] = gap + DETOUR * detours.count(frozenset((left, right)))
    return gaps


def _detour(made: Sketch, couple: tuple[str, str]) -> frozenset[str] | None:
    """The neighbours between whom the line of partners comes down who do not stand side by side."""
    far, row = far_partner(made, couple), made.rows[made.row_of[couple[0]]]
    if far is None:
        return None
    other = couple[0] if couple[1] == far else couple[1]
    step = 1 if row.index(other) > row.index(far) else -1
    neighbour = row[row.index(far) + step]
    return None if neighbour == other else frozenset((far, neighbour))


def _terms(made: Sketch, room: Mapping[str, float], gaps: Mapping[tuple[str, str], float]) -> list[Term]:
    terms: list[Term] = [({node: 1.0}, 0.0, 1e-5) for node in made.row_of]
    terms += [({right: 1.0, left: -1.0}, gap, ROW) for (left, right), gap in gaps.items()]
    terms += [({upper: 1.0, lower: -1.0}, 0.0, STRAIGHT) for upper, lower in made.wires]
    close = {frozenset(pair): COUPLE for pair in [*made.couples, *made.ties]}
    for nodes in made.drops:
        close.update({frozenset((a, b)): SIBLINGS for a in nodes for b in nodes if a != b})
    terms += [
        ({right: 1.0, left: -1.0}, gap, close[frozenset((left, right))])
        for (left, right), gap in gaps.items()
        if frozenset((left, right)) in close
    ]
    for couple, nodes in zip(made.couples, made.drops, strict=True):
        terms += _descent(made, couple, nodes, room)
    return terms


def _descent(
    made: Sketch, couple: tuple[str, str], nodes: Sequence[str], room: Mapping[str, float]
) -> list[Term]:
    far = far_partner(made, couple)
    head, target = ({couple[0]: -0.5, couple[1]: -0.5}, 0.0)
    if far:
        head, target = {far: -1.0}, head_offset(made, couple, far, room)
    elif is_via(couple[1]):
        head = {couple[1]: -1.0}
    terms: list[Term] = [(_sum({node: 1 / len(nodes) for node in nodes}, head), target, OVER_CHILDREN)]
    return terms + [(_sum({node: 1.0}, head), target, NEAR) for node in nodes]


def _sum(one: Mapping[str, float], other: Mapping[str, float]) -> dict[str, float]:
    return {node: one.get(node, 0.0) + other.get(node, 0.0) for node in dict.fromkeys((*one, *other))}


def _solve(
    nodes: Sequence[str], terms: Sequence[Term], gaps: Mapping[tuple[str, str], float]
) -> dict[str, float]:
    """Minimise Σ weight · (Σ coefficient · x − target)² subject to right − left ≥ gap."""
    index = {node: place for place, node in enumerate(nodes)}
    matrix = [[0.0] * len(nodes) for _ in nodes]
    x = [0.0] * len(nodes)
    for coefficients, target, weight in terms:
        for one, a in coefficients.items():
            x[index[one]] += weight * a * target
            for other, b in coefficients.items():
                matrix[index[one]][index[other]] += weight * a * b
    inverse = _inverse(matrix)
    x = [sum(a * b for a, b in zip(row, x, strict=True)) for row in inverse]
    rules = [(index[left], index[right], gap) for (left, right), gap in gaps.items()]
    pushes = [[b - a for a, b in zip(inverse[left], inverse[right], strict=True)] for left, right, _ in rules]
    force = [0.0] * len(rules)
    for _ in range(SWEEPS):
        moved = 0.0
        for rule, (left, right, gap) in enumerate(rules):
            push = pushes[rule]
            stiff = push[right] - push[left]
            change = max(-force[rule], RELAXATION * (gap - (x[right] - x[left])) / stiff)
            moved = max(moved, abs(change) * stiff)
            if change:
                force[rule] += change
                x = [a + change * b for a, b in zip(x, push, strict=True)]
        if moved < STILL:
            break
    return dict(zip(nodes, x, strict=True))


def _inverse(matrix: list[list[float]]) -> list[list[float]]:
    """Gauss and Jordan without pivoting: the matrix is symmetric and positive definite."""
    size = len(matrix)
    work = [[*row, *(float(i == j) for j in range(size))] for i, row in enumerate(matrix)]
    for pivot in range(size):
        scale = work[pivot][pivot]
        lead = work[pivot] = [value / scale for value in work[pivot]]
        for row in range(size):
            if row != pivot and (factor := work[row][pivot]):
                work[row] = [a - factor * b for a, b in zip(work[row], lead, strict=True)]
    return [row[size:] for row in work]


def _push_apart(made: Sketch, at: dict[str, float], gaps: Mapping[tuple[str, str], float]) -> None:
    """Whatever the last sweep left too close, moved to the right."""
    for row in made.rows:
        for left, right in pairwise(row):
            at[right] = max(at[right], at[left] + gaps[left, right])
