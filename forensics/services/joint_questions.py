"""The question of a joint identification as one frozen value: victims, missing persons, and what is decided.

Remains that were re-associated as one individual, or identified as the same person, are one victim.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from uuid import UUID

from forensics.domain.families import Family, MissingPerson
from forensics.domain.joint import ENGINE
from forensics.domain.joint_solution import Decided, Sought, Victim
from forensics.domain.kinship import Genotype, Sex
from forensics.domain.operations import Operation
from forensics.domain.people import Permission
from forensics.domain.profiles import Profile
from forensics.domain.provenance import digest, digests
from forensics.domain.remains import Individual, RemainsItem
from forensics.domain.screening import ScreeningInputs, ScreeningProfile
from forensics.persistence.transaction import Transaction
from forensics.services.door import query
from forensics.services.joint_decisions import Decisions, decisions
from forensics.services.screening_questions import demand_searchable, on, screening_question


@dataclass(frozen=True)
class JointQuestion:
    """The frozen inputs, with a name for every row and column."""

    operation: Operation
    inputs: ScreeningInputs  # a profile for each victim, in order; its id is the victim's number
    victims: tuple[Victim, ...]
    sought: tuple[Sought, ...]
    decided: Decided

    @cached_property
    def digests(self) -> dict[str, str]:
        """SHA-256 of the whole question and of its parts; the frequency table's is the one it came with."""
        found, op = digests(self.inputs), self.operation
        held = [[self.victims[r].number, one.missing] for r, one in self.decided.held.items()]
        taken = [self.sought[c].number for c in self.decided.taken]
        excluded = [[self.victims[r].number, self.sought[c].number] for r, c in self.decided.excluded]
        found["decisions"] = digest([sorted(held), sorted(taken), sorted(excluded)])
        policy = [op.number_sought, op.threshold]
        found["question"] = digest([ENGINE, found["inputs"], found["decisions"], policy])
        return found


@query(Permission.MATCH_READ)
def joint_question(tx: Transaction, operation: UUID) -> JointQuestion:
    """All victims and all missing persons that can be compared. Raises Invalid where there are none."""
    found = screening_question(tx, operation)
    demand_searchable(found.inputs)
    known = decisions(tx, operation)
    victims = tuple(victims_of(tx, found.profiles, known))
    profiles = tuple(ScreeningProfile(v.number, v.sex, on(v.genotypes, found.inputs.loci)) for v in victims)
    inputs = replace(found.inputs, profiles=profiles)
    sought = _sought(tx, inputs, found.missing)
    return JointQuestion(found.operation, inputs, victims, sought, known.by_place(victims, sought))


@query(Permission.MATCH_READ)
def joint_digest(tx: Transaction, operation: UUID) -> str:
    """The digest that a solution made now would have: another one means that the data have moved since."""
    return joint_question(tx, operation).digests["question"]


def victims_of(tx: Transaction, profiles: dict[str, tuple[Profile, UUID]], known: Decisions) -> list[Victim]:
    """Profiles gathered by the person as whom they are identified, else by individual, else by item; in order of
    number."""
    items = {item.id: item for item in tx.find(RemainsItem, voided_at=None)}
    individuals = {one.id: one for one in tx.find(Individual, voided_at=None)}
    groups: dict[UUID, list[tuple[str, Profile, RemainsItem]]] = {}
    for token, (profile, id) in profiles.items():
        item = items[id]
        groups.setdefault(known.person_of(item) or item.individual or item.id, []).append(
            (token, profile, item)
        )
    found = []
    for members in groups.values():
        together = {item.individual for _, _, item in members}
        same = together.pop() if len(together) == 1 else None
        one = individuals.get(same) if same else None
        genotypes, differing = combined([profile.genotypes for _, profile, _ in members])
        own = {item.id: item.number for _, _, item in members}
        found.append(
            Victim(
                one.number if one else members[0][2].number,
                tuple(own),
                tuple(own.values()),
                one.id if one else None,
                common_sex([profile.sex for _, profile, _ in members]),
                genotypes,
                tuple(token for token, _, _ in members),
                differing,
            )
        )
    return sorted(found, key=lambda victim: victim.number)


def combined(found: Sequence[Mapping[str, Genotype]]) -> tuple[dict[str, Genotype], tuple[str, ...]]:
    """The profile of one person from several: each locus that some have; those at which they differ left out."""
    loci = dict.fromkeys(locus for genotypes in found for locus in genotypes)
    seen = {x: {tuple(sorted(g[x])) for g in found if g.get(x)} for x in loci}
    kept = {x: next(g[x] for g in found if g.get(x)) for x in loci if len(seen[x]) == 1}
    return kept, tuple(x for x in loci if len(seen[x]) > 1)


def common_sex(sexes: Sequence[Sex]) -> Sex:
    """The sex that all who know it agree on."""
    known = set(sexes) - {Sex.UNKNOWN}
    return known.pop() if len(known) == 1 else Sex.UNKNOWN


def _sought(
    tx: Transaction, inputs: ScreeningInputs, missing: dict[tuple[str, str], UUID]
) -> tuple[Sought, ...]:
    people = {person.id: person.number for person in tx.find(MissingPerson)}
    families = {str(family.id): family for family in tx.find(Family)}
    sexes = {family.id: family.pedigree for family in inputs.families}
    return tuple(
        Sought(
            key,
            missing[key],
            people[missing[key]],
            families[key[0]].id,
            families[key[0]].number,
            sexes[key[0]].member(key[1]).sex,
        )
        for key in inputs.missing
    )
