"""How many people the bones come from: the least number, and the most likely one with its interval.

MNI: for each element the larger of the two sides (midline bones: their count), and of these the largest.
MLNI: the number most likely to have been there before bones were lost, from the lefts, the rights and the
pairs between them (Adams BJ, Konigsberg LW. Am J Phys Anthropol 2004;125:138-151, doi:10.1002/ajpa.10381).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import exp, lgamma, log

from forensics.domain.anthropology import Completeness, Element, ElementKind, Side
from forensics.domain.errors import Invalid

_LIMIT = 200_000  # terms summed before the tail is given up


@dataclass(frozen=True, slots=True)
class InventoryLine:
    """One bone of the table: element, side, the zones that are there (none recorded: the whole bone)."""

    element: Element
    side: Side
    zones: frozenset[int] = frozenset()
    completeness: Completeness = Completeness.COMPLETE
    count: int = 1


@dataclass(frozen=True, slots=True)
class MniLine:
    """The count of one element: `zone` is the one that repeats most when zones were recorded, else 0."""

    element: Element
    left: int
    right: int
    midline: int
    unsided: int
    zone: int
    number: int


@dataclass(frozen=True, slots=True)
class Mni:
    """The least number of individuals, the elements that give it, and the rule in words."""

    number: int
    lines: tuple[MniLine, ...]
    rule: str

    @property
    def deciding(self) -> tuple[MniLine, ...]:
        return tuple(line for line in self.lines if line.number == self.number)


@dataclass(frozen=True, slots=True)
class Mlni:
    """Most likely number of individuals with its highest-density region; `recovery` is the share of bones found."""

    left: int
    right: int
    pairs: int
    mni: int  # L + R − P, the least number once pairs are known
    number: int
    low: int
    high: int
    level: float
    recovery: float
    arithmetic: str


def minimum_number(lines: Iterable[InventoryLine]) -> Mni:
    """MNI by the maximum of sides; where zones were recorded, by the zone that repeats most.

    A bone without recorded zones counts for every zone when it is complete and is left out of zone counts
    otherwise, unless nothing of its element has zones. Unspecified elements (a rib, a phalanx) count by how many
    of them one person has. Absent bones do not count.
    """
    groups: dict[str, list[InventoryLine]] = defaultdict(list)
    for line in lines:
        if line.count < 0:
            raise Invalid(
                f"{line.element.label(line.side)}: a count of {line.count} can't be; give 0 or more."
            )
        if line.completeness.present:
            groups[line.element.key].append(line)
    counted = [_count(group) for group in groups.values()]
    counted.sort(key=lambda line: (-line.number, line.element.key))
    number = max((line.number for line in counted), default=0)
    return Mni(number, tuple(counted), _rule(number, counted))


def _count(lines: list[InventoryLine]) -> MniLine:
    element = lines[0].element
    zones = sorted({zone for line in lines for zone in line.zones})
    best: MniLine | None = None
    for zone in zones or [0]:
        sides = Counter[Side]()
        for line in lines:
            if _has(line, zone):
                sides[line.side] += line.count
        found = _line(element, sides, zone)
        best = found if best is None or found.number > best.number else best
    assert best is not None
    return best


def _has(line: InventoryLine, zone: int) -> bool:
    if zone == 0 or zone in line.zones:
        return True
    return not line.zones and line.completeness is Completeness.COMPLETE


def _line(element: Element, sides: Mapping[Side, int], zone: int) -> MniLine:
    left, right = sides.get(Side.LEFT, 0), sides.get(Side.RIGHT, 0)
    middle, unsided = sides.get(Side.MIDLINE, 0), sides.get(Side.UNSIDED, 0)
    number = max(left, right, middle)
    if element.kind in (ElementKind.GENERIC, ElementKind.JUVENILE) and element.count > len(element.sides):
        each = element.count // len(element.sides)
        number = max(-(-left // each), -(-right // each), -(-middle // each))
    # Bones of unknown side may be either: only what exceeds all missing partners adds a person.
    total = left + right + middle + unsided
    number = max(number, -(-total // max(element.count, 1)))
    return MniLine(element, left, right, middle, unsided, zone, number)


def _rule(number: int, lines: list[MniLine]) -> str:
    if not number:
        return "No bones are present, so no number of individuals can be given."
    which = ", ".join(_words(line) for line in lines if line.number == number)
    people = "1 individual" if number == 1 else f"{number} individuals"
    return f"At least {people}: {which} (maximum of sides by element)."


def _words(line: MniLine) -> str:
    parts = [
        f"{n} {word}"
        for n, word in ((line.left, "left"), (line.right, "right"), (line.unsided, "unsided"))
        if n
    ]
    counts = " and ".join(parts) if parts else str(line.midline)
    zone = next((zone.name for zone in line.element.zones if zone.number == line.zone), "")
    return f"{counts} {line.element.name}{f' ({zone})' if zone else ''}"


def most_likely_number(left: int, right: int, pairs: int, level: float = 0.95) -> Mlni:
    """MLNI of one paired element from its lefts, rights and matched pairs, with the region of `level`.

    N is estimated by floor((L+1)(R+1)/(P+1) − 1); p(N) is proportional to the hypergeometric chance of P pairs,
    times P/(N+1), for N ≥ L+R−P. Without any pair the region has no upper end, so it is refused.
    """
    if min(left, right, pairs) < 0 or pairs > min(left, right):
        raise Invalid(
            f"{pairs} pairs of {left} left and {right} right bones can't be; pairs are at most the fewer side."
        )
    if not 0 < level < 1:
        raise Invalid(f"A level of {level:g} is not between 0 and 1.")
    if pairs == 0:
        raise Invalid(
            "Without a matched pair the most likely number has no upper limit; report the MNI instead."
        )
    number = (left + 1) * (right + 1) // (pairs + 1) - 1
    low, high = _densest(left, right, pairs, level)
    arithmetic = (
        f"({left} + 1) × ({right} + 1) ÷ ({pairs} + 1) − 1 = {(left + 1) * (right + 1) / (pairs + 1) - 1:.2f}"
    )
    recovery = 2 * pairs / (left + right)
    return Mlni(left, right, pairs, left + right - pairs, number, low, high, level, recovery, arithmetic)


def _densest(left: int, right: int, pairs: int, level: float) -> tuple[int, int]:
    """Smallest set of N that holds `level` of p(N); p has one peak, so the set is a range."""
    least = left + right - pairs
    weights: list[float] = []
    peak = _weight(left, right, pairs, max(least, (left + 1) * (right + 1) // (pairs + 1) - 1))
    for n in range(least, least + _LIMIT):
        weights.append(exp(_weight(left, right, pairs, n) - peak))
        if len(weights) > 50 and weights[-1] < 1e-13 * max(weights[0], 1.0):
            break
    total = sum(weights)
    order = sorted(range(len(weights)), key=lambda at: -weights[at])
    held, chosen = 0.0, []
    for at in order:
        chosen.append(at)
        held += weights[at]
        if held >= level * total:
            break
    return least + min(chosen), least + max(chosen)


def _weight(left: int, right: int, pairs: int, n: int) -> float:
    """log of the hypergeometric chance of `pairs` times pairs/(n+1)."""
    chance = _choose(left, pairs) + _choose(n - left, right - pairs) - _choose(n, right)
    return chance + log(pairs) - log(n + 1)


def _choose(n: int, k: int) -> float:
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
