"""A pedigree as rows of nodes: people, and the invisible points through which long lines pass.

A *via* stands for a line that crosses a row (a child two rows below its parents), for the open end of a
lone parent's line, and for a partner who stands in another row. With vias every link joins neighbours:
partners in one row, or a union and a node of the next row.
"""

from dataclasses import dataclass, field
from itertools import pairwise

from forensics.domain.kinship import Pedigree
from reports.figures.pedigree_rows import Union, rows_of, unions_of

VIA = "\x00"


def is_via(node: str) -> bool:
    return node.startswith(VIA)


@dataclass(slots=True)
class Sketch:
    """Nodes and links of one family; `rows` holds the present order, left to right."""

    pedigree: Pedigree
    unions: tuple[Union, ...]
    row_of: dict[str, int]
    rows: list[list[str]] = field(default_factory=list)
    couples: list[tuple[str, str]] = field(default_factory=list)  # same index as `unions`; one row each
    drops: list[list[str]] = field(default_factory=list)  # same index; nodes of the next row
    wires: list[tuple[str, str]] = field(default_factory=list)  # upper node, lower node: a vertical line
    ties: list[tuple[str, str]] = field(default_factory=list)  # nodes that want to stand side by side
    ends: dict[str, str] = field(default_factory=dict)  # first via of a long line of descent → the child
    twins: list[tuple[str, ...]] = field(default_factory=list)

    def add_via(self, row: int) -> str:
        name = f"{VIA}{sum(is_via(node) for node in self.row_of)}"
        self.row_of[name] = row
        return name


def sketch(pedigree: Pedigree) -> Sketch:
    """The nodes and links of a connected pedigree, not yet ordered."""
    unions = unions_of(pedigree)
    made = Sketch(pedigree, unions, rows_of(pedigree, unions))
    for union in unions:
        _add_couple(made, union)
    for union, couple in zip(unions, made.couples, strict=True):
        start = made.row_of[couple[0]] + 1
        made.drops.append([_descend(made, child, start) for child in union.children])
    made.twins = [group for group in _twins(pedigree, unions) if len({made.row_of[id] for id in group}) == 1]
    made.rows = [[] for _ in range(1 + max(made.row_of.values()))]
    return made


def _add_couple(made: Sketch, union: Union) -> None:
    upper, lower = sorted((union.parents[0], union.parents[-1]), key=made.row_of.__getitem__)
    high, low = made.row_of[upper], made.row_of[lower]
    if len(union.parents) == 1:
        made.couples.append((upper, made.add_via(high)))
    elif high == low:
        made.couples.append((union.parents[0], union.parents[1]))
    else:
        chain = [made.add_via(row) for row in range(high, low + 1)]
        made.ties.append((upper, chain[0]))
        made.wires.extend(pairwise(chain))
        made.couples.append((chain[-1], lower))


def _descend(made: Sketch, child: str, start: int) -> str:
    """The node of row `start` from which the line to a child continues: mostly the child itself."""
    chain = [*(made.add_via(row) for row in range(start, made.row_of[child])), child]
    made.wires.extend(pairwise(chain))
    if len(chain) > 1:
        made.ends[chain[0]] = child
    return chain[0]


def _twins(pedigree: Pedigree, unions: tuple[Union, ...]) -> list[tuple[str, ...]]:
    """Monozygotic groups among full siblings; a group name shared by others can't be drawn."""
    found: dict[tuple[int, str], list[str]] = {}
    home = {child: index for index, union in enumerate(unions) for child in union.children}
    for member in pedigree.members:
        if member.twins and member.id in home:
            found.setdefault((home[member.id], member.twins), []).append(member.id)
    return [tuple(group) for group in found.values() if len(group) > 1]
