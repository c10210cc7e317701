"""The lines of a placed pedigree: sibship lines on tracks, lines of descent, marriages that pass over others.

Between two rows lie horizontal tracks. Lines of one union that would touch those of another get different
tracks; where a vertical line must cross a horizontal one, the one underneath is interrupted, so that no
crossing can be taken for a branch.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from reports.figures.pedigree_place import far_partner, head_offset
from reports.figures.pedigree_sketch import Sketch, is_via
from reports.figures.svg import Point

SYMBOL = 30.0
ABOVE, BELOW, BELOW_TWINS, TRACK, OVERPASS = 18.0, 16.0, 26.0, 12.0, 10.0
HOP = 4.5
OVER = 10_000  # owners from here on are marriages that pass over others
STRAIGHT_ENOUGH = 1.6


@dataclass(slots=True)
class Bar:
    """A horizontal line above `row`: heads come down to it, drops hang from it."""

    row: int
    owner: int
    heads: tuple[float, ...]
    drops: tuple[float, ...]
    track: int = 0

    @property
    def low(self) -> float:
        return min(*self.heads, *self.drops)

    @property
    def high(self) -> float:
        return max(*self.heads, *self.drops)

    @property
    def straight(self) -> bool:
        return self.high - self.low < STRAIGHT_ENOUGH

    def touches(self, other: "Bar") -> bool:
        return self.low - 6 < other.high and other.low - 6 < self.high


@dataclass(frozen=True, slots=True)
class Stroke:
    """One drawn line of a union; `double` for relatives."""

    union: int
    points: tuple[Point, ...]
    double: bool = False


@dataclass(slots=True)
class Lines:
    """Everything to draw except symbols and labels; `middles`: y of the symbols of each row."""

    middles: list[float] = field(default_factory=list)
    bottom: float = 0.0
    strokes: list[Stroke] = field(default_factory=list)


def route(
    made: Sketch, at: Mapping[str, float], widths: Mapping[str, float], label_heights: list[float]
) -> Lines:
    """All lines of one family; `label_heights` per row."""
    return _Router(made, at, widths, label_heights).lines


class _Router:
    def __init__(
        self, made: Sketch, at: Mapping[str, float], widths: Mapping[str, float], label_heights: list[float]
    ) -> None:
        self.made, self.at, self.widths = made, at, widths
        self.lines = Lines()
        self.horizontal: list[tuple[float, float, float, int]] = []  # y, from, to, owner
        self.vertical: list[tuple[float, float, float, int]] = []  # x, from, to, owner
        self.overpasses = self._overpasses()
        self.bars = [self._bars(row) for row in range(len(made.rows))]
        for bars in self.bars:
            _assign_tracks(bars)
        self._set_rows(label_heights)
        self._draw_marriages()
        self._draw_descents()
        self._cut()

    def _overpasses(self) -> dict[int, int]:
        """Index of a couple (or -1 - index of a tie) → its track above the symbols, if others stand between."""
        tracks: dict[int, int] = {}
        taken: dict[tuple[int, int], list[tuple[float, float]]] = {}
        pairs = dict(enumerate(self.made.couples))
        pairs.update((-1 - index, pair) for index, pair in enumerate(self.made.ties))
        for key, pair in pairs.items():
            if self._side_by_side(pair):
                continue
            low, high = sorted(self.at[node] for node in pair)
            row, track = self.made.row_of[pair[0]], 0
            while any(low < b and a < high for a, b in taken.get((row, track), [])):
                track += 1
            taken.setdefault((row, track), []).append((low, high))
            tracks[key] = track
        return tracks

    def _side_by_side(self, pair: tuple[str, str]) -> bool:
        """Nobody stands between; lines may pass."""
        row = self.made.rows[self.made.row_of[pair[0]]]
        low, high = sorted(map(row.index, pair))
        return all(is_via(node) for node in row[low + 1 : high])

    def head(self, index: int) -> float:
        couple = self.made.couples[index]
        if far := far_partner(self.made, couple):
            return self.at[far] + head_offset(self.made, couple, far, self.widths)
        if is_via(couple[1]):
            return self.at[couple[1]]
        return (self.at[couple[0]] + self.at[couple[1]]) / 2

    def hang(self, node: str) -> float:
        """Where a child's line leaves the sibship line; twins share one point."""
        for group in self.made.twins:
            if node in group:
                return sum(self.at[twin] for twin in group) / len(group)
        return self.at[node]

    def _bars(self, row: int) -> list[Bar]:
        found = [
            Bar(row, index, (self.head(index),), tuple(map(self.hang, nodes)))
            for index, nodes in enumerate(self.made.drops)
            if self.made.row_of[nodes[0]] == row
        ]
        found += [
            Bar(row, -1 - index, (self.at[upper],), (self.at[lower],))
            for index, (upper, lower) in enumerate(self.made.wires)
            if self.made.row_of[lower] == row
        ]
        return found

    def _set_rows(self, label_heights: list[float]) -> None:
        y = 0.0
        for row in range(len(self.made.rows)):
            y += self._overpass_room(row)
            if row:
                y += ABOVE + self._below(row) + TRACK * max((bar.track for bar in self.bars[row]), default=0)
            y += SYMBOL / 2
            self.lines.middles.append(y)
            y += SYMBOL / 2 + label_heights[row]
        self.lines.bottom = y

    def _overpass_room(self, row: int) -> float:
        pairs = [self.made.couples[key] if key >= 0 else self.made.ties[-1 - key] for key in self.overpasses]
        tracks = zip(pairs, self.overpasses.values(), strict=True)
        here = [track for pair, track in tracks if self.made.row_of[pair[0]] == row]
        return OVERPASS * (1 + max(here)) + 4 if here else 0.0

    def _below(self, row: int) -> float:
        """From the lowest sibship line to the symbols (or what passes over them)."""
        twins = any(self.made.row_of[group[0]] == row for group in self.made.twins)
        return BELOW_TWINS if twins else BELOW

    def _track_y(self, bar: Bar) -> float:
        top = self.lines.middles[bar.row] - SYMBOL / 2 - self._overpass_room(bar.row) - self._below(bar.row)
        return top - TRACK * (max(other.track for other in self.bars[bar.row]) - bar.track)

    def _draw_marriages(self) -> None:
        for index, (couple, union) in enumerate(zip(self.made.couples, self.made.unions, strict=True)):
            points = self._bent(index) if index in self.overpasses else self._level(*couple)
            if is_via(couple[0]):
                way = self._long_way(couple[0])
                points = [*way[:-1], *points] if index in self.overpasses else [*way, *points[1:]]
            self.lines.strokes.append(Stroke(index, tuple(points), union.related))

    def _level(self, one: str, other: str) -> list[Point]:
        """Side by side: straight from symbol to symbol (or to the free end)."""
        y = self.lines.middles[self.made.row_of[one]]
        sign = 1 if self.at[other] > self.at[one] else -1
        ends = ((one, sign), (other, -sign))
        return [(self.at[node] + (0 if is_via(node) else side * SYMBOL / 2), y) for node, side in ends]

    def _bent(self, index: int) -> list[Point]:
        """From the near partner up, over whoever stands between, down beside the far one."""
        couple = self.made.couples[index]
        far = far_partner(self.made, couple) or couple[1]
        near = couple[0] if couple[1] == far else couple[1]
        sign = 1 if self.at[far] > self.at[near] else -1
        middle = self.lines.middles[self.made.row_of[far]]
        back = self.at[far] if is_via(far) else self.head(index) - sign * 9
        up = self._up(near, sign, index, back)
        end = self.at[far] - (0 if is_via(far) else sign * SYMBOL / 2)
        return [*up, (back, up[-1][1]), (back, middle), (end, middle)]

    def _up(self, node: str, sign: int, key: int, until: float) -> list[Point]:
        """From a partner's side (or the end of a line from elsewhere) up to the track of an overpass."""
        middle, track = self.lines.middles[self.made.row_of[node]], self.overpasses[key]
        top = middle - SYMBOL / 2 - 6 - OVERPASS * track
        side = self.at[node] + sign * SYMBOL / 2
        points = [(side, middle - 5), (side + sign * (6 + 5 * track), middle - 5)]
        if is_via(node):
            points = [(self.at[node], top)]
        out = points[-1][0]
        self.horizontal.append((top, min(out, until), max(out, until), OVER + key))
        return points if is_via(node) else [*points, (out, top)]

    def _long_way(self, last: str) -> list[Point]:
        """From a partner in a higher row along vias down to the row of the other."""
        back = {lower: upper for upper, lower in self.made.wires}
        chain = [last]
        while chain[-1] in back:
            chain.append(back[chain[-1]])
        chain.reverse()
        tie = next(n for n, (_, via) in enumerate(self.made.ties) if via == chain[0])
        upper, x = self.made.ties[tie][0], self.at[chain[0]]
        sign = 1 if x > self.at[upper] else -1
        if -1 - tie in self.overpasses:
            points = self._up(upper, sign, -1 - tie, x)
            points.append((x, points[-1][1]))
        else:
            points = self._level(upper, chain[0])
        for up, down in pairwise(chain):
            bar = next(b for b in self.bars[self.made.row_of[down]] if self._is_wire(b, up, down))
            if not bar.straight:
                points += [(self.at[up], self._track_y(bar)), (self.at[down], self._track_y(bar))]
        return [*points, (self.at[last], self.lines.middles[self.made.row_of[last]])]

    def _is_wire(self, bar: Bar, upper: str, lower: str) -> bool:
        return bar.owner < 0 and self.made.wires[-1 - bar.owner] == (upper, lower)

    def _draw_descents(self) -> None:
        marriages = self._marriage_vias()
        for bars in self.bars:
            for bar in bars:
                if bar.owner >= 0:
                    self._descend(bar)
                elif self.made.wires[-1 - bar.owner][0] not in marriages:
                    self._continue(bar)

    def _marriage_vias(self) -> set[str]:
        """Vias of marriages between rows; those lines are drawn with the marriage."""
        below = dict(self.made.wires)
        found: set[str] = set()
        for _, via in self.made.ties:
            while via in below:
                found.add(via)
                via = below[via]
        return found

    def _descend(self, bar: Bar) -> None:
        nodes = self.made.drops[bar.owner]
        y, start = self._track_y(bar), self._head_y(bar)
        if bar.straight and len(nodes) == 1:
            self.vertical.append((bar.drops[0], start, self._top(nodes[0]), bar.owner))
            return
        self.vertical.append((bar.heads[0], start, y, bar.owner))
        if not bar.straight:
            self.horizontal.append((y, bar.low, bar.high, bar.owner))
        for node, x in zip(nodes, bar.drops, strict=True):
            if not any(node in group for group in self.made.twins):
                self.vertical.append((x, y, self._top(node), bar.owner))
        for group in self.made.twins:
            if group[0] in nodes:
                self._draw_twins(bar.owner, group, y)

    def _draw_twins(self, union: int, group: tuple[str, ...], y: float) -> None:
        """Monozygotic: slanting lines from one point, joined by a level one."""
        apex, foot = (self.hang(group[0]), y), self._top(group[0])
        level = y + 0.6 * (foot - y)
        for twin in group:
            self._stroke(union, apex, (self.at[twin], foot))
        ends = [apex[0] + 0.6 * (self.at[twin] - apex[0]) for twin in group]
        self._stroke(union, (min(ends), level), (max(ends), level))

    def _continue(self, bar: Bar) -> None:
        """A line of descent that has passed a row goes on to the next."""
        upper, lower = self.made.wires[-1 - bar.owner]
        start, y, end = self.lines.middles[bar.row - 1], self._track_y(bar), self._top(lower)
        if bar.straight:
            self.vertical.append((bar.drops[0], start, end, bar.owner))
            return
        self.vertical += [(self.at[upper], start, y, bar.owner), (self.at[lower], y, end, bar.owner)]
        self.horizontal.append((y, bar.low, bar.high, bar.owner))

    def _head_y(self, bar: Bar) -> float:
        return self.lines.middles[bar.row - 1]

    def _top(self, node: str) -> float:
        middle = self.lines.middles[self.made.row_of[node]]
        return middle if is_via(node) else middle - SYMBOL / 2

    def _stroke(self, owner: int, *points: Point) -> None:
        """Keep a line; those of a long descent belong to the union they come from."""
        self.lines.strokes.append(Stroke(self._origin(owner), points))

    def _origin(self, owner: int) -> int:
        node = self.made.wires[-1 - owner][0] if owner < 0 else ""
        above = {lower: upper for upper, lower in self.made.wires}
        while node in above:
            node = above[node]
        return next(k for k, nodes in enumerate(self.made.drops) if node in nodes) if owner < 0 else owner

    def _cut(self) -> None:
        """Interrupt what is crossed: sibship lines by descents, descents by marriages that pass over."""
        for y, low, high, owner in self.horizontal:
            if owner < OVER // 2:
                cuts = [x for x, a, b, who in self.vertical if who != owner and a < y < b and low < x < high]
                for a, b in _pieces(low, high, cuts):
                    self._stroke(owner, (a, y), (b, y))
        over = [line for line in self.horizontal if line[3] >= OVER // 2]
        for x, top, bottom, owner in self.vertical:
            cuts = [
                y for y, low, high, who in over if who != owner + OVER and low < x < high and top < y < bottom
            ]
            for a, b in _pieces(top, bottom, cuts):
                self._stroke(owner, (x, a), (x, b))


def _pieces(low: float, high: float, cuts: list[float]) -> list[tuple[float, float]]:
    pieces, start = [], low
    for cut in sorted(cuts):
        if cut - HOP > start:
            pieces.append((start, cut - HOP))
        start = cut + HOP
    if high > start:
        pieces.append((start, high))
    return pieces


def _assign_tracks(bars: list[Bar]) -> None:
    """Tracks from the top; each line goes where it crosses least, on a new track if it must."""
    tracks: list[list[Bar]] = []
    for bar in sorted((b for b in bars if not b.straight), key=lambda b: (b.low, b.high, b.owner)):
        free = [n for n, track in enumerate(tracks) if not any(bar.touches(other) for other in track)]
        options = [(_price(bar, tracks, n, False), 0, n) for n in free]
        options += [(_price(bar, tracks, n, True), 1, n) for n in range(len(tracks) + 1)]
        _, new, place = min(options)
        if new:
            tracks.insert(place, [bar])
        else:
            tracks[place].append(bar)
    for number, track in enumerate(tracks):
        for bar in track:
            bar.track = number
    for bar in bars:
        bar.track = bar.track if not bar.straight else 0


def _price(bar: Bar, tracks: list[list[Bar]], place: int, new: bool) -> float:
    above = tracks[:place]
    below = tracks[place:] if new else tracks[place + 1 :]
    over = sum(_crossings(other, bar) for track in above for other in track)
    return over + sum(_crossings(bar, other) for track in below for other in track)


def _crossings(upper: Bar, lower: Bar) -> float:
    """Crossings when `upper` lies on a track above `lower`; lines on top of each other count tenfold."""
    down = sum(lower.low < x < lower.high for x in upper.drops)
    up = sum(upper.low < x < upper.high for x in lower.heads)
    same = sum(abs(x - y) < 5 for x in upper.drops for y in lower.heads)
    return down + up + 10.0 * same
