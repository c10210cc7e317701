"""What people have decided about an operation's remains: identifications that stand, and pairs that are excluded."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from forensics.domain.errors import Refused
from forensics.domain.families import MissingPerson
from forensics.domain.identifications import Identification
from forensics.domain.joint import Missing
from forensics.domain.joint_solution import Decided, Held, Sought, Victim
from forensics.domain.matching import Hypothesis, HypothesisState
from forensics.domain.remains import RemainsItem
from forensics.persistence.transaction import Transaction
from forensics.services.identifications import items_of


@dataclass(frozen=True)
class Decisions:
    """By id: identifications that stand, the one of each item, and matches that were excluded."""

    standing: Sequence[Identification]
    by_item: Mapping[UUID, Identification]
    excluded: Sequence[Hypothesis]
    people: Mapping[UUID, MissingPerson]

    def person_of(self, item: RemainsItem) -> UUID | None:
        """The missing person as whom an item is identified."""
        found = self.by_item.get(item.id)
        return found.missing_person if found else None

    def by_place(self, victims: Sequence[Victim], sought: Sequence[Sought]) -> Decided:
        """The same by row and column; what was excluded and identified later counts as identified."""
        row = {item: r for r, victim in enumerate(victims) for item in victim.items}
        column = {one.person: c for c, one in enumerate(sought)}
        held = {row[item]: self._held(one, column) for item, one in self.by_item.items() if item in row}
        here = {one.column for one in held.values()}
        taken = {
            c: one.number
            for one in self.standing
            if (c := column.get(one.missing_person)) is not None and c not in here
        }
        excluded = {
            (row[one.item], column[one.missing_person]): one.number
            for one in self.excluded
            if one.item in row and one.missing_person in column and row[one.item] not in held
        }
        return Decided(held, taken, excluded)

    def _held(self, one: Identification, column: Mapping[UUID, int]) -> Held:
        return Held(one.number, self.people[one.missing_person].number, column.get(one.missing_person))


def decisions(tx: Transaction, operation: UUID) -> Decisions:
    """What stands in an operation. Raises Refused where remains are identified as two people."""
    made = tx.find(Identification, operation=operation, voided_at=None)
    standing = [one for one in made if one.state.stands]
    people = {one.missing_person: tx.get(MissingPerson, one.missing_person) for one in standing}
    by_item: dict[UUID, Identification] = {}
    for one in standing:
        for item in items_of(tx, one):
            other = by_item.setdefault(item.id, one)
            if other.missing_person != one.missing_person:
                raise Refused(
                    f"{item.number} is identified as {people[other.missing_person].number} ({other.number}) and as "
                    f"{people[one.missing_person].number} ({one.number}); annul one of them, or undo the "
                    "re-association."
                )
    excluded = tx.find(Hypothesis, operation=operation, state=HypothesisState.EXCLUDED, voided_at=None)
    return Decisions(standing, by_item, [one for one in excluded if not one.outdated], people)


def fixed(decided: Decided, victims: Sequence[Victim], sought: Sequence[Sought]) -> dict[str, Missing]:
    """Victims by number on their missing person, as far as that one is compared."""
    return {
        victims[row].number: sought[one.column].key
        for row, one in decided.held.items()
        if one.column is not None
    }


def forbidden(
    decided: Decided, victims: Sequence[Victim], sought: Sequence[Sought]
) -> Iterator[tuple[str, Missing]]:
    """Pairs that no assignment may hold: excluded ones; whoever is identified elsewhere; persons already found."""
    for row, column in decided.excluded:
        yield victims[row].number, sought[column].key
    for row, one in decided.held.items():
        if one.column is None:
            yield from ((victims[row].number, person.key) for person in sought)
    for column in decided.taken:
        for row, victim in enumerate(victims):
            if row not in decided.held:
                yield victim.number, sought[column].key
