"""A small laboratory whose data change step by step, as they do over the years; every step is a real act."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from uuid import UUID

from forensics.data.frequencies import load
from forensics.domain.kinship import FrequencyTable, Genotype, MutationKind, Pedigree, Sex
from forensics.domain.lists import ListQuery
from forensics.domain.operations import Operation, OperationKind, ReadingPolicy
from forensics.domain.profiles import ProfileState
from forensics.domain.reading import ReadFamily, Reading, ReadRelative
from forensics.domain.relations import Kin, parse_relation, propose_pedigree
from forensics.domain.remains import Description, RemainsCase
from forensics.services import families, gene_dropping, operations, profiles, remains
from forensics.services.demonstration.stage import TABLE, read_profile
from tests.support.laboratories import Staffed

LOCI = ("D3S1358", "vWA", "FGA", "D8S1179", "D21S11", "D18S51", "TH01", "D13S317")
SHAPES = (("father", "mother"), ("mother", "brother"), ("sister",), ("son", "wife"))
WHOLE = ListQuery(limit=5000)


@dataclass
class ChangingLaboratory:
    """Families, remains of some of their missing, and strangers; `steps` are what may happen next."""

    labs: Staffed
    dice: random.Random
    operation: Operation = field(init=False)
    case: UUID = field(init=False)
    table: FrequencyTable = field(init=False)
    truth: dict[str, dict[str, Genotype]] = field(default_factory=dict)  # family -> genotypes of its missing
    bones: dict[str, Mapping[str, Genotype]] = field(default_factory=dict)  # name -> what was typed
    files: int = 0

    def __post_init__(self) -> None:
        self.table = load(TABLE)
        manager = self.labs["manager"]
        table = manager.run(operations.take_frequencies, self.table)
        self.operation = manager.run(
            operations.create_operation,
            Operation(
                title="Changing", kind=OperationKind.ROUTINE, number_sought=20, reading=ReadingPolicy.ONE,
                frequencies=table.id, theta=0.01,
                mutation=MutationKind.PROPORTIONAL, mutation_rate_male=0.002, mutation_rate_female=0.001,
                minimum_frequency=0.001,
            ),
        )  # fmt: skip
        received = RemainsCase(
            operation=self.operation.id, received_at=datetime(2024, 1, 8, tzinfo=UTC), received_from="Mortuary",
            received_by=self.labs["tamara"].person.id, authority="Prosecutor", order_reference="1/24",
            seals="S1", seals_intact=True, description=Description.SKELETAL, condition="dry",
        )  # fmt: skip
        self.case = self.labs["tamara"].run(remains.receive_case, received, [], None).id

    @property
    def steps(self) -> dict[str, Callable[[], object]]:
        """Everything that may happen, by a name for the report of a failing test."""
        return {
            "a family comes": self.add_family,
            "a bone is typed": self.add_bone,
            "a bone is typed again": self.type_again,
            "a profile is withdrawn": self.withdraw_profile,
            "consent is withdrawn": self.withdraw_consent,
            "a pedigree is redrawn": self.redraw,
            "a pedigree is confirmed": self.confirm,
            "a reference is typed again": self.type_reference_again,
            "θ is another": self.change_theta,
            "the number sought is another": self.change_prior,
        }

    # families

    def add_family(self) -> None:
        """Relatives with accepted profiles and a confirmed drawing."""
        kin = _kin(self.dice.choice(SHAPES))
        drawn = propose_pedigree(kin, "MP", Sex.MALE).pedigree
        found = gene_dropping.drop(drawn, self.table, LOCI, self.dice)
        name = self.take_in_family(drawn, {k.id: found[k.id] for k in kin})
        self.truth[name] = found["MP"]
        self.confirm()

    def take_in_family(
        self,
        drawn: Pedigree,
        typed: Mapping[str, Mapping[str, Genotype]],
        sexes: Mapping[str, Sex] | None = None,
    ) -> str:
        """A family with these donors, imported and accepted; its name."""
        name = f"F{self.files + 1}"
        relatives = tuple(ReadRelative(name, "relative", f"{name}-{code}", code) for code in typed)
        reads = tuple(
            read_profile(f"{name}-{code}", dict(g), (sexes or {}).get(code, drawn.member(code).sex))
            for code, g in typed.items()
        )
        consent = families.ConsentDetails(date(2024, 1, 1), "form 1")
        self._take_in(reads, (ReadFamily(name, drawn, ("MP",), relatives),), consent)
        return name

    def confirm(self) -> None:
        """Every drawing that waits for it."""
        for line in self.labs["manager"].run(families.families, WHOLE).rows:
            if not line.confirmed:
                seen = self.labs["manager"].run(families.family_record, line.id).family
                self.labs["manager"].run(families.confirm_pedigree, seen)

    def redraw(self) -> None:
        """Another relative is drawn; until somebody confirms it the family takes no part."""
        record = self._family()
        if record is not None:
            self.labs["manager"].run(families.add_relative, record.family.id, "MP", "paternal uncle")

    def withdraw_consent(self) -> None:
        record = self._family()
        standing = [d for d in record.donors if d.consent] if record else []
        if standing:
            donor = self.dice.choice(standing).donor
            self.labs["manager"].run(families.withdraw_consent, donor.id, "asked by telephone")

    def type_reference_again(self) -> None:
        """With one locus less."""
        record = self._family()
        typed = [d for d in record.donors if d.consent and d.profile] if record else []
        if typed:
            donor = self.dice.choice(typed)
            assert donor.profile is not None
            left = gene_dropping.degraded(donor.profile.genotypes, 0.9, self.dice)
            self._take_in((read_profile(donor.samples[0].external_number, left, donor.profile.sex),))

    def _family(self) -> families.FamilyRecord | None:
        rows = self.labs["manager"].run(families.families, WHOLE).rows
        if not rows:
            return None
        return self.labs["manager"].run(families.family_record, self.dice.choice(rows).id)

    # remains

    def add_bone(self) -> None:
        """Of somebody who is sought, or of a stranger; sometimes with few loci."""
        name = f"B{len(self.bones) + 1}"
        known = list(self.truth.values())
        whole = (
            self.dice.choice(known)
            if known and self.dice.random() < 0.8
            else gene_dropping.stranger(self.table, LOCI, self.dice)
        )
        self.take_in_bone(name, gene_dropping.degraded(whole, self.dice.choice([1.0, 1.0, 0.75]), self.dice))

    def take_in_bone(self, name: str, genotypes: Mapping[str, Genotype]) -> None:
        """An item with a sample and an accepted profile."""
        self.bones[name] = genotypes
        self._take_in((read_profile(name, dict(genotypes), Sex.UNKNOWN),))

    def type_again(self) -> None:
        """A later profile of the same sample takes the place of the first."""
        if self.bones:
            name = self.dice.choice(list(self.bones))
            again = gene_dropping.degraded(self.bones[name], self.dice.choice([1.0, 0.9]), self.dice)
            self._take_in((read_profile(name, again, Sex.UNKNOWN),))

    def withdraw_profile(self) -> None:
        accepted = replace_filters(state=(str(ProfileState.ACCEPTED),), reference=(False,))
        rows = self.labs["reviewer"].run(profiles.profiles, accepted).rows
        if rows:
            self.labs["reviewer"].run(profiles.withdraw_profile, self.dice.choice(rows).id, "mislabelled")

    def _take_in(
        self,
        reads: tuple[object, ...],
        kin: tuple[ReadFamily, ...] = (),
        consent: families.ConsentDetails | None = None,
    ) -> None:
        """Imported by one person, accepted by another."""
        self.files += 1
        reading = Reading("demonstration", f"file {self.files}", tuple(reads), kin)  # type: ignore[arg-type]
        options = profiles.ImportOptions(self.operation.id, f"{self.files}.csv", self.case, consent)
        self.labs["analyst"].run(profiles.import_reading, reading, options)
        waiting = replace_filters(state=(str(ProfileState.IMPORTED),))
        rows = self.labs["reviewer"].run(profiles.profiles, waiting).rows
        self.labs["reviewer"].run(profiles.accept_profiles, [row.id for row in rows])

    # policies

    def change_theta(self) -> None:
        self._policy(theta=self.dice.choice([0.0, 0.01, 0.02]))

    def change_prior(self) -> None:
        self._policy(number_sought=self.dice.choice([20, 50, 100]))

    def _policy(self, **fields: object) -> None:
        manager = self.labs["manager"]
        seen = next(o for o in manager.run(operations.operations) if o.id == self.operation.id)
        manager.run(operations.change_operation, seen, fields)


def replace_filters(**filters: tuple[object, ...]) -> ListQuery:
    return ListQuery(filters=filters, limit=5000)


def _kin(words: Sequence[str]) -> list[Kin]:
    return [Kin(f"R{n}", r, r.sex) for n, word in enumerate(words, 1) if (r := parse_relation(word))]
