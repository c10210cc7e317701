"""What the examination bench asks of the methods: bones from typed shorthand, method results, numbers of people.

Nothing here writes; an examination keeps what its examiner takes over.
"""

from collections.abc import Mapping, Sequence

from forensics.anthropology.bones import element, parse_shorthand
from forensics.anthropology.methods import Method, Observation, apply, available, load
from forensics.anthropology.mni import InventoryLine as Counted
from forensics.anthropology.mni import Mni, minimum_number
from forensics.domain.anthropology import Completeness, MethodResult, Side, Target
from forensics.domain.errors import Invalid
from forensics.domain.examinations import InventoryLine
from forensics.domain.people import Permission
from forensics.persistence.transaction import Transaction
from forensics.services.door import query


@query(Permission.EXAMINATION_READ)
def inventory_from(
    _tx: Transaction, typed: str, completeness: Completeness = Completeness.COMPLETE
) -> tuple[InventoryLine, ...]:
    """Lines of an inventory from shorthand such as `L fem, R fem, T1-12, skull`."""
    return tuple(
        InventoryLine(element=entry.key, side=str(side), completeness=str(completeness))
        for entry, side in parse_shorthand(typed)
    )


@query(Permission.EXAMINATION_READ)
def element_label(_tx: Transaction, line: InventoryLine) -> str:
    """How a list writes an element: `left femur`, `T4`."""
    return element(line.element).label(_side(line))


@query(Permission.EXAMINATION_READ)
def methods_for(_tx: Transaction, target: Target | None = None) -> Sequence[Method]:
    """The published methods for sex, age or stature, or all."""
    return available(target)


@query(Permission.EXAMINATION_READ)
def method_result(_tx: Transaction, method: str, inputs: Mapping[str, Observation]) -> MethodResult:
    """What a method says of these observations, with its arithmetic, interval and warnings."""
    return apply(load(method), inputs)


@query(Permission.EXAMINATION_READ)
def number_of_individuals(_tx: Transaction, inventory: Sequence[InventoryLine]) -> Mni:
    """The least number of individuals of an inventory, with the elements that decide it."""
    return minimum_number(_counted(line) for line in inventory)


def _counted(line: InventoryLine) -> Counted:
    recorded = Completeness(line.completeness) if line.completeness in set(Completeness) else None
    present = recorded if recorded not in (None, Completeness.NOT_RECORDED) else Completeness.COMPLETE
    return Counted(element(line.element), _side(line), completeness=present or Completeness.COMPLETE)


def _side(line: InventoryLine) -> Side:
    try:
        return Side(line.side)
    except ValueError:
        raise Invalid(f"{line.element}: “{line.side}” is no side; use {', '.join(Side)}.") from None
