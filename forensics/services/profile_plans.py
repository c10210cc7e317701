"""What would become of a file of profiles, line by line, with every problem; nothing changes."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from forensics.domain.families import Family
from forensics.domain.profiles import ProfileImport
from forensics.domain.reading import Problem, Reading, ReadProfile, Severity
from forensics.domain.remains import RemainsItem
from forensics.domain.samples import Sample
from forensics.persistence.transaction import Transaction
from forensics.services.families import ConsentDetails

Named = TypeVar("Named", RemainsItem, Sample)


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What the file itself does not say.

    Unknown remains become items of `case`; relatives of new families need `consent`, which was given
    before their profiles came into the world.
    """

    operation: UUID
    file_name: str
    case: UUID | None = None
    consent: ConsentDetails | None = None
    kit: str = ""
    taken_outside: str = "as stated by the imported file"


@dataclass(frozen=True, slots=True)
class ImportLine:
    """What becomes of one profile of the file; `known` is the sample it belongs to already."""

    sample: str
    outcome: str
    loci: int
    known: UUID | None = None
    item: UUID | None = None
    family: str = ""
    line: int | None = None


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """A dry run: what would be taken in, and every problem."""

    reading: Reading
    lines: tuple[ImportLine, ...]
    problems: tuple[Problem, ...]

    @property
    def refused(self) -> bool:
        return any(problem.severity is Severity.FATAL for problem in self.problems)


def plan(tx: Transaction, reading: Reading, options: ImportOptions) -> ImportPlan:
    earlier = tx.one(ProfileImport, digest=reading.digest)
    problems = list(reading.problems)
    if earlier:
        problems.append(
            Problem(f"This file was taken in before, as {earlier.number}.", "Nothing needs to be done.")
        )
    if not reading.profiles:
        problems.append(Problem("The file holds no profiles.", "Choose an export with genotypes."))
    relatives = {r.sample: f.name for f in reading.families for r in f.relatives}
    known = _Known(tx, options, reading)
    planned = tuple(_line(profile, relatives.get(profile.sample), known) for profile in reading.profiles)
    problems += _faults(reading, planned, options, known)
    return ImportPlan(reading, planned, tuple(problems))


class _Known:
    """What the laboratory knows already under the names that the file uses."""

    def __init__(self, tx: Transaction, options: ImportOptions, reading: Reading) -> None:
        wanted = [profile.sample for profile in reading.profiles]
        here = options.operation
        samples = tx.find(Sample, external_number=wanted, operation=here, voided_at=None)
        ours = tx.find(Sample, token=wanted, voided_at=None) + tx.find(Sample, number=wanted, voided_at=None)
        items = tx.find(RemainsItem, external_number=wanted, operation=here, voided_at=None)
        items += tx.find(RemainsItem, number=wanted, operation=here, voided_at=None)
        self.samples, self.several = _by_name(wanted, samples + ours)
        self.items, several = _by_name(wanted, items)
        self.several |= several - self.samples.keys()
        self.elsewhere = {n for n, s in self.samples.items() if s.operation != options.operation}
        names = [family.name for family in reading.families]
        self.families = {
            f.external_number: f
            for f in tx.find(Family, external_number=names, operation=options.operation, voided_at=None)
        }


def _by_name(wanted: Sequence[str], records: Sequence[Named]) -> tuple[dict[str, Named], set[str]]:
    """Records by whichever of their names the file uses, and the names that more than one of them carries."""
    found: dict[str, Named] = {}
    several = set()
    asked = set(wanted)
    for record in records:
        token = record.token if isinstance(record, Sample) else ""
        for name in {record.external_number, record.number, token} & asked:
            if found.setdefault(name, record).id != record.id:
                several.add(name)
    return found, several


def _line(read: ReadProfile, family: str | None, known: _Known) -> ImportLine:
    loci = len(read.typed_loci)
    sample = known.samples.get(read.sample)
    if sample is not None:
        return ImportLine(
            read.sample, f"profile of sample {sample.token}", loci, known=sample.id, line=read.line
        )
    if family is not None:
        return ImportLine(read.sample, f"new donor of family {family}", loci, family=family, line=read.line)
    item = known.items.get(read.sample)
    if item is not None:
        return ImportLine(
            read.sample, f"new sample of item {item.number}", loci, item=item.id, line=read.line
        )
    return ImportLine(read.sample, "new item with a sample", loci, line=read.line)


def _faults(
    reading: Reading, planned: Sequence[ImportLine], options: ImportOptions, known: _Known
) -> list[Problem]:
    faults = []
    times = Counter(line.sample for line in planned)
    for line in planned:
        if line.sample in known.several:
            what = f"More than one sample or item of this operation carries the number {line.sample}."
            faults.append(Problem(what, "Use the token of the sample in the file.", line.line, line.sample))
        if line.sample in known.elsewhere:
            what = f"The sample {line.sample} belongs to another operation."
            faults.append(Problem(what, "Choose that operation for this file.", line.line, line.sample))
        if times[line.sample] > 1:
            what = f"The sample {line.sample} stands in the file more than once."
            faults.append(Problem(what, "Keep the one that counts.", line.line, line.sample))
        if not line.known and not line.item and not line.family and options.case is None:
            what = f"The laboratory knows no sample {line.sample}."
            remedy = "Accession it first, or choose the remains case that it belongs to."
            faults.append(Problem(what, remedy, line.line))
    for family in reading.families:
        if family.name in known.families:
            what = f"The family {family.name} is known already as {known.families[family.name].number}."
            faults.append(Problem(what, "Add the new relatives on the family's own page."))
    if reading.families and options.consent is None:
        what = "The file brings profiles of relatives."
        faults.append(Problem(what, "Record the consent that they gave (form and date)."))
    return faults
