"""Judging a run: are its controls as they must be, whose DNA may have got in, are two wells the same person.

Pure: wells and what was read of them go in, a judgement comes out; nothing here touches the database.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from uuid import UUID

from forensics.domain.errors import Invalid
from forensics.domain.kinship import Allele
from forensics.domain.laboratory import Well, WellRole
from forensics.domain.loci import Inheritance, inheritance
from forensics.domain.quality import SAME_GENOTYPE
from forensics.domain.reading import CallState, ReadProfile
from forensics.services.elimination import Hit, Known, autosomal, hit

BLANK_LIMIT = 0.001
"""ng/µl in a negative control of the quantification up to which it counts as empty."""

SHIFT = 1.0
"""Cycles by which the internal control may come later than in the negative control before inhibition is suspected."""


@dataclass(slots=True)
class Judgement:
    """What is to be said: failures of controls, a finding for each well that has one, hits of quarantine."""

    failures: list[tuple[WellRole, str]] = field(default_factory=list)
    findings: dict[UUID, str] = field(default_factory=dict)
    empty: set[UUID] = field(default_factory=set)
    hits: dict[UUID, Hit] = field(default_factory=dict)

    @property
    def reason(self) -> str:
        """All failures in one text."""
        return " ".join(sentence for _, sentence in self.failures)

    @property
    def roles(self) -> list[WellRole]:
        return [role for role, _ in self.failures]

    def fail(self, well: Well, sentence: str) -> None:
        self.failures.append((well.role, sentence))
        self.add(well, sentence)

    def add(self, well: Well, sentence: str) -> None:
        earlier = self.findings.get(well.id)
        self.findings[well.id] = f"{earlier} {sentence}" if earlier else sentence


def judge_run(
    kit: str,
    wells: Sequence[Well],
    reads: Mapping[UUID, ReadProfile],
    known: Sequence[Known],
    owners: Mapping[UUID, UUID],
) -> Judgement:
    """The judgement of a detection; `owners` names the item or donor that each sample was taken from."""
    judgement = Judgement()
    for well in wells:
        read = reads.get(well.id)
        if well.role is WellRole.SAMPLE:
            _judge_sample(judgement, well, read, known)
        elif read is None:
            judgement.fail(well, f"The {well.role} in {well.position} is missing in the run.")
        elif well.role in (WellRole.NEGATIVE, WellRole.BLANK):
            _judge_empty(judgement, well, read)
        elif well.role is WellRole.POSITIVE:
            _judge_positive(judgement, well, read, kit)
    _compare_wells(judgement, wells, reads, owners)
    return judgement


def _judge_sample(judgement: Judgement, well: Well, read: ReadProfile | None, known: Sequence[Known]) -> None:
    if read is None or not read.typed_loci:
        judgement.empty.add(well.id)
        judgement.add(well, "Not in the run." if read is None else "No alleles were read.")
        return
    _note_off_ladder(judgement, well, read)
    if read.mixed_loci:
        judgement.add(well, f"More than two alleles at {', '.join(read.mixed_loci)}.")
    found = hit(autosomal(read), known)
    if found is not None:
        judgement.hits[well.id] = found
        judgement.add(well, f"{well.position} {found}.")


def _judge_empty(judgement: Judgement, well: Well, read: ReadProfile) -> None:
    """An alleles-bearing negative control; sensors of the kit's quality are in every well."""
    seen = [
        f"{locus} {', '.join(alleles)}"
        for locus in read.calls
        if inheritance(locus) is not Inheritance.CONTROL and (alleles := read.alleles(locus))
    ]
    _note_off_ladder(judgement, well, read)
    if seen:
        more = f" and {len(seen) - 4} more loci" if len(seen) > 4 else ""
        judgement.fail(
            well, f"The {well.role} in {well.position} holds alleles ({'; '.join(seen[:4])}{more})."
        )


def _judge_positive(judgement: Judgement, well: Well, read: ReadProfile, kit: str) -> None:
    _note_off_ladder(judgement, well, read)
    wrong = differences(well.control, kit, read)
    if wrong:
        judgement.fail(
            well,
            f"The positive control in {well.position} is not {well.control} at {len(wrong)} "
            f"{'locus' if len(wrong) == 1 else 'loci'}: {'; '.join(wrong)}.",
        )


def differences(control: str, kit: str, read: ReadProfile) -> list[str]:
    """Where a control differs from its known genotype, at the kit's markers that have a certified one."""
    from forensics.data import kits

    genotype, used = kits.controls().get(control), kits.kit(kit)
    if genotype is None or used is None:
        raise Invalid(f"The genotype of the control {control} or the kit {kit} is not known here.")
    wrong = []
    for marker in used.markers:
        expected = genotype.get(marker)
        if expected is not None and set(expected) != set(read.alleles(marker)):
            seen = _said(read.alleles(marker)) or "nothing"
            wrong.append(f"{marker} {seen} instead of {_said(expected)}")
    return wrong


def _said(alleles: Sequence[Allele]) -> str:
    return ",".join(alleles)


def _note_off_ladder(judgement: Judgement, well: Well, read: ReadProfile) -> None:
    loci = [
        locus
        for locus, calls in read.calls.items()
        if any(call.state is CallState.OFF_LADDER for call in calls)
    ]
    if loci:
        judgement.add(well, f"Off-ladder at {', '.join(loci)}.")


def _compare_wells(
    judgement: Judgement,
    wells: Sequence[Well],
    reads: Mapping[UUID, ReadProfile],
    owners: Mapping[UUID, UUID],
) -> None:
    """Two wells of different persons with one genotype: perhaps one person, perhaps the same tube twice."""
    typed = [
        (well, autosomal(reads[well.id]))
        for well in wells
        if well.role is WellRole.SAMPLE and well.id in reads
    ]
    for (one, first), (other, second) in combinations(typed, 2):
        if _same_owner(one, other, owners) or not SAME_GENOTYPE.compare(first, second):
            continue
        judgement.add(one, f"Same genotype as {other.position}, a sample of something else.")
        judgement.add(other, f"Same genotype as {one.position}, a sample of something else.")


def _same_owner(one: Well, other: Well, owners: Mapping[UUID, UUID]) -> bool:
    if one.sample is None or other.sample is None:
        return True
    return one.sample == other.sample or owners.get(one.sample) == owners.get(other.sample)


def judge_quantities(wells: Sequence[Well]) -> Judgement:
    """The judgement of a quantification: is the negative control empty, where does the internal control come late."""
    judgement = Judgement()
    negatives = [well for well in wells if well.role is WellRole.NEGATIVE]
    for well in negatives:
        seen = max((value for value in (well.small, well.large, well.male) if value is not None), default=0.0)
        if seen > BLANK_LIMIT:
            judgement.fail(well, f"The {well.role} in {well.position} holds {seen:g} ng/µl of DNA.")
    expected = next((well.ipc for well in negatives if well.ipc is not None), None)
    for well in wells:
        late = expected is not None and well.ipc is not None and well.ipc > expected + SHIFT
        if well.role is WellRole.SAMPLE and late:
            judgement.add(well, "The internal control comes late: inhibition is likely.")
    return judgement
