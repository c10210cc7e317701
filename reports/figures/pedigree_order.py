"""The order of people within the rows of a pedigree: few crossings, partners and siblings together.

Layered drawing after Sugiyama, Tagawa and Toda (1981, doi:10.1109/TSMC.1981.4308636): a first order by a
walk through the family, then local search by moving people and couples, each move followed by settling the
other rows at their barycentres. Deterministic; the number of moves tried is bounded.
"""

from collections.abc import Iterator
from itertools import combinations

from forensics.domain.kinship import Sex
from reports.figures.pedigree_sketch import Sketch

CROSSING, APART, TWINS_APART, SPREAD = 4.0, 5.0, 12.0, 0.25
ELDER_RIGHT, WOMAN_LEFT = 0.02, 0.03
TRIALS, STARTS = 1600, 2

Rows = list[list[str]]


def order(made: Sketch) -> None:
    """Put the nodes of `made.rows` into the best order found."""
    judge = Judge(made)
    starts = sorted((walk(made, root) for root in _roots(made)), key=judge.cost)
    best = [improve(judge, rows) for rows in starts[:STARTS]]
    made.rows = min(best, key=judge.cost)


class Judge:
    """What an order costs; smaller is better."""

    def __init__(self, made: Sketch) -> None:
        self.made = made
        self.sexes = {member.id: member.sex for member in made.pedigree.members}
        self.shares: dict[str, int] = {}
        for node in (node for couple in made.couples for node in couple):
            self.shares[node] = self.shares.get(node, 0) + 1
        self.groups = _groups(made)
        size = range(len(made.rows))
        families = list(zip(made.couples, made.drops, strict=True))
        self.above = [[(c, d) for c, d in families if made.row_of[d[0]] == row] for row in size]
        self.below = [[(c, d) for c, d in families if made.row_of[c[0]] == row] for row in size]
        self.wires_into = [[w for w in made.wires if made.row_of[w[1]] == row] for row in size]
        self.wires_from = [[w for w in made.wires if made.row_of[w[0]] == row] for row in size]

    def cost(self, rows: Rows) -> float:
        at = {node: place for row in rows for place, node in enumerate(row)}
        heads = [self.head(at, couple) for couple in self.made.couples]
        return self._crossings(at, heads) + self._distances(at) + self._habits(at)

    def head(self, at: dict[str, int], couple: tuple[str, str]) -> float:
        """Where the line of descent leaves a couple: between neighbours, else beside the outer partner."""
        left, right = sorted(couple, key=at.__getitem__)
        if at[right] - at[left] == 1:
            return at[left] + 0.5
        return at[left] + 0.5 if self.shares[left] < self.shares[right] else at[right] - 0.5

    def _crossings(self, at: dict[str, int], heads: list[float]) -> float:
        lines: dict[int, list[tuple[float, int, int]]] = {}
        for index, nodes in enumerate(self.made.drops):
            for node in nodes:
                lines.setdefault(self.made.row_of[node], []).append((heads[index], at[node], index))
        for index, (upper, lower) in enumerate(self.made.wires):
            lines.setdefault(self.made.row_of[lower], []).append((at[upper], at[lower], -1 - index))
        return CROSSING * sum(map(_crossings, lines.values()))

    def _distances(self, at: dict[str, int]) -> float:
        pairs = [*self.made.couples, *self.made.ties]
        apart = sum(abs(at[one] - at[other]) - 1 for one, other in pairs)
        twins = sum(
            max(map(at.__getitem__, g)) - min(map(at.__getitem__, g)) - len(g) + 1 for g in self.made.twins
        )
        spread = sum(max(map(at.__getitem__, d)) - min(map(at.__getitem__, d)) for d in self.made.drops)
        return APART * apart + TWINS_APART * twins + SPREAD * spread

    def _habits(self, at: dict[str, int]) -> float:
        """Elder children (first in the pedigree) and men stand on the left if nothing speaks against it."""
        elder = sum(at[a] > at[b] for nodes in self.made.drops for a, b in combinations(nodes, 2))
        women = sum(
            self.sexes.get(a) is Sex.FEMALE and self.sexes.get(b) is Sex.MALE
            for a, b in (sorted(couple, key=at.__getitem__) for couple in self.made.couples)
        )
        return ELDER_RIGHT * elder + WOMAN_LEFT * women


def improve(judge: Judge, rows: Rows) -> Rows:
    """Local search: the first move that helps is taken, until none does or the trials are used up."""
    best, cost, left = rows, judge.cost(rows), TRIALS
    better = True
    while better and left > 0:
        better = False
        for moved, row in _moves(judge, best):
            for trial in (moved, settle(judge, moved, row)):
                left -= 1
                price = judge.cost(trial)
                if price < cost - 1e-9:
                    best, cost, better = trial, price, True
                    break
            if better or left <= 0:
                break
    return best


def _moves(judge: Judge, rows: Rows) -> Iterator[tuple[Rows, int]]:
    """Every order that differs by moving one group of partners (also mirrored) or one node within its row."""
    for index, row in enumerate(rows):
        blocks = [[node for node in row if node in group] for group in judge.groups[index]]
        blocks += [[node] for node in row if all(node not in block or len(block) > 1 for block in blocks)]
        for block in blocks:
            rest = [node for node in row if node not in block]
            for place in range(len(rest) + 1):
                for turned in (block, block[::-1]) if len(block) > 1 else (block,):
                    changed = [*rest[:place], *turned, *rest[place:]]
                    if changed != row:
                        yield [*rows[:index], changed, *rows[index + 1 :]], index


def settle(judge: Judge, rows: Rows, fixed: int) -> Rows:
    """The other rows, sorted by the places of what they hang from, outwards from row `fixed`."""
    settled = list(rows)
    at = {node: place for row in rows for place, node in enumerate(row)}
    for index in range(fixed + 1, len(rows)):
        _sort(judge, settled, index, at, _above(judge, index, at))
    for index in range(fixed - 1, -1, -1):
        _sort(judge, settled, index, at, _below(judge, index, at))
    return settled


def _sort(
    judge: Judge, rows: Rows, index: int, at: dict[str, int], pulls: Iterator[tuple[str, float]]
) -> None:
    """Sort one row by what pulls at its groups; a group stays in one piece and keeps its own order."""
    wanted: dict[str, list[float]] = {}
    for node, place in pulls:
        wanted.setdefault(node, []).append(place)
    keys: dict[str, tuple[float, int, int]] = {}
    for group in judge.groups[index]:
        found = [place for node in group for place in wanted.get(node, ())] or [at[node] for node in group]
        middle, first = sum(found) / len(found), min(at[node] for node in group)
        for node in group:
            keys[node] = (middle, first, at[node])
    rows[index] = sorted(rows[index], key=keys.__getitem__)
    at.update((node, place) for place, node in enumerate(rows[index]))


def _above(judge: Judge, index: int, at: dict[str, int]) -> Iterator[tuple[str, float]]:
    for couple, nodes in judge.above[index]:
        head = judge.head(at, couple)
        middle = sum(at[node] for node in nodes) / len(nodes)
        # Siblings keep their mutual order around the line of their parents.
        for node in nodes:
            yield node, head + 1e-3 * (at[node] - middle)
    for upper, lower in judge.wires_into[index]:
        yield lower, at[upper]


def _below(judge: Judge, index: int, at: dict[str, int]) -> Iterator[tuple[str, float]]:
    for couple, nodes in judge.below[index]:
        middle = sum(at[node] for node in nodes) / len(nodes)
        for partner in couple:
            yield partner, middle
    for upper, lower in judge.wires_from[index]:
        yield upper, at[lower]


def _crossings(lines: list[tuple[float, int, int]]) -> int:
    """Pairs of lines of different unions that cross between two rows: (from, to, union) each."""
    count = 0
    for number, (top, foot, union) in enumerate(lines):
        for x, y, other in lines[:number]:
            if (top - x) * (foot - y) < 0 and union != other:
                count += 1
    return count


def _groups(made: Sketch) -> list[list[list[str]]]:
    """Per row: nodes joined by unions or ties, so that they travel together."""
    group = {node: [node] for node in made.row_of}
    for one, other in [*made.couples, *made.ties]:
        if group[one] is not group[other]:
            group[one].extend(group[other])
            for node in group[other]:
                group[node] = group[one]
    rows: list[list[list[str]]] = [[] for _ in made.rows]
    for node, members in group.items():
        if members[0] == node:
            rows[made.row_of[node]].append(members)
    return rows


def _roots(made: Sketch) -> list[str]:
    top = [id for id in made.pedigree.ids if made.row_of[id] == 0]
    return list(dict.fromkeys([*top[:4], *top[-2:], made.pedigree.ids[0]]))


def walk(made: Sketch, root: str) -> Rows:
    """A first order: from one person to partners, children, parents, each row filled from the left."""
    rows: Rows = [[] for _ in made.rows]
    ahead = _neighbours(made)
    waiting, seen = [root], set[str]()
    while waiting:
        node = waiting.pop()
        if node in seen:
            continue
        seen.add(node)
        rows[made.row_of[node]].append(node)
        waiting.extend(other for other in reversed(ahead[node]) if other not in seen)
    return rows


def _neighbours(made: Sketch) -> dict[str, list[str]]:
    """Partners first, then children, then parents, then the ends of long lines."""
    ahead: dict[str, list[str]] = {node: [] for node in made.row_of}
    links = [*made.couples, *made.ties]
    links += [
        (couple[0], node) for couple, nodes in zip(made.couples, made.drops, strict=True) for node in nodes
    ]
    links += made.wires
    for one, other in links:
        ahead[one].append(other)
    for one, other in links:
        ahead[other].append(one)
    return ahead


__all__ = ["Judge", "improve", "order", "settle", "walk"]
