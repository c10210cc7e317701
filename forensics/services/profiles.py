"""Profiles: reading a file, planning its import, taking it in whole, and the second person's review.

A reading (`forensics.formats`) touches nothing; `plan_import` says line by line what would happen;
`import_reading` does it in one act or not at all.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from uuid import UUID

from forensics.domain.custody import CustodyKind
from forensics.domain.errors import Invalid, Refused
from forensics.domain.families import Consent, Donor, Family, MissingPerson, Relative
from forensics.domain.kinship import Genotype
from forensics.domain.lines import ProfileLine
from forensics.domain.lists import ListQuery, Page
from forensics.domain.loci import Inheritance, inheritance
from forensics.domain.numbers import new_token
from forensics.domain.people import Permission
from forensics.domain.profiles import Profile, ProfileImport, ProfileState
from forensics.domain.reading import Problem, ReadFamily, Reading, ReadProfile, ReadRelative, Severity
from forensics.domain.remains import ItemKind, ItemState, RemainsItem
from forensics.domain.samples import Sample, SampleKind, SampleState
from forensics.persistence import lines
from forensics.persistence.transaction import Transaction
from forensics.services import custody
from forensics.services.door import command, query
from forensics.services.families import ConsentDetails
from forensics.services.progressing import advance
from forensics.services.remains import NewItem, add_items

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


def read(path: Path) -> Reading:
    """A file as values, by its content; `Invalid` when no format fits."""
    from forensics.formats import read_file

    return read_file(path)


def format_title(reading: Reading) -> str:
    """What kind of file it was, as people call it."""
    from forensics.formats import FORMATS

    known = FORMATS.get(reading.format)
    return known.title if known is not None else reading.format


@query(Permission.PROFILE_READ)
def profiles(tx: Transaction, query: ListQuery) -> Page[ProfileLine]:
    """The list of profiles."""
    return lines.PROFILES.page(tx, query)


@query(Permission.PROFILE_READ)
def profile(tx: Transaction, id: UUID) -> Profile:
    """One profile with its calls."""
    return tx.get(Profile, id)


@query(Permission.PROFILE_IMPORT)
def plan_import(tx: Transaction, reading: Reading, options: ImportOptions) -> ImportPlan:
    """The dry run: nothing changes."""
    return _plan(tx, reading, options)


@command(Permission.PROFILE_IMPORT)
def import_reading(tx: Transaction, reading: Reading, options: ImportOptions) -> ProfileImport:
    """Take a file in whole; `Invalid` with the first problem when anything in it can't be."""
    plan = _plan(tx, reading, options)
    if plan.refused:
        fatal = [p for p in plan.problems if p.severity is Severity.FATAL]
        more = f" (and {len(fatal) - 1} more problems)" if len(fatal) > 1 else ""
        raise Invalid(f"{options.file_name} is refused: {fatal[0]}{more}")
    record = tx.add(
        ProfileImport(
            operation=options.operation,
            file_name=options.file_name,
            format=reading.format,
            digest=reading.digest,
            profiles=len(reading.profiles),
            families=len(reading.families),
            warnings=tuple(str(p) for p in plan.problems),
        )
    )
    samples = _samples_of_families(tx, reading, plan, options) | _samples_of_remains(tx, plan, options)
    tx.add_all(
        profile_of(read, samples[read.sample], record, tx.me, options.kit) for read in reading.profiles
    )
    _note_profiled(tx, [samples[read.sample] for read in reading.profiles])
    return record


# planning


def _plan(tx: Transaction, reading: Reading, options: ImportOptions) -> ImportPlan:
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


# taking in


def _samples_of_remains(tx: Transaction, plan: ImportPlan, options: ImportOptions) -> dict[str, Sample]:
    """The sample of each remains profile; unknown ones become items of the chosen case."""
    known = {s.id: s for s in tx.find(Sample, id=[line.known for line in plan.lines if line.known])}
    found = {line.sample: known[line.known] for line in plan.lines if line.known}
    new = [line for line in plan.lines if not line.known and not line.family]
    items = {line.sample: line.item for line in new if line.item}
    unknown = [line.sample for line in new if not line.item]
    if unknown:
        assert options.case is not None
        contents = [NewItem(ItemKind.BONE, external_number=name) for name in unknown]
        made = add_items(tx, options.case, contents)
        items |= {item.external_number: item.id for item in made}
    added = tx.add_all(
        _sample(tx, options, name, kind=SampleKind.BONE, item=item) for name, item in items.items() if item
    )
    _note_received(tx, added)
    advance(tx, tx.find(RemainsItem, id=[s.item for s in added]), ItemState.SAMPLED)
    return found | {sample.external_number: sample for sample in added}


def _sample(
    tx: Transaction,
    options: ImportOptions,
    name: str,
    *,
    kind: SampleKind,
    item: UUID | None = None,
    donor: UUID | None = None,
) -> Sample:
    return Sample(
        operation=options.operation,
        token=new_token(),
        item=item,
        donor=donor,
        kind=kind,
        state=SampleState.ACCESSIONED,
        taken_outside=options.taken_outside,
        received_by=tx.me,
        external_number=name,
    )


def _samples_of_families(
    tx: Transaction, reading: Reading, plan: ImportPlan, options: ImportOptions
) -> dict[str, Sample]:
    """New families with their proposed pedigrees, missing persons, donors, consents and samples."""
    wanted = {line.sample for line in plan.lines if line.family}
    made = [_family(read, options, wanted) for read in reading.families]
    tx.add_all(one.family for one in made)
    tx.add_all(person for one in made for person in one.missing)
    tx.add_all(relative for one in made for relative in one.relatives)
    donors = [(sample, donor) for one in made for sample, donor in one.donors]
    tx.add_all(donor for _, donor in donors)
    tx.add_all(_consent(donor, options) for _, donor in donors)
    samples = [_sample(tx, options, name, kind=SampleKind.BUCCAL, donor=donor.id) for name, donor in donors]
    saved = tx.add_all(samples)
    _note_received(tx, saved)
    return {sample.external_number: sample for sample in saved}


def _note_received(tx: Transaction, samples: Sequence[Sample]) -> None:
    """The first leg of custody of samples that were taken elsewhere."""
    tx.add_all(
        custody.leg(tx, CustodyKind.RECEIVE, sample=sample.id, from_party=sample.taken_outside)
        for sample in samples
    )


@dataclass(frozen=True)
class _NewFamily:
    """The records of one family of the file, before they are saved."""

    family: Family
    missing: tuple[MissingPerson, ...]
    relatives: tuple[Relative, ...]
    donors: tuple[tuple[str, Donor], ...]  # sample's name -> donor


def _family(read: ReadFamily, options: ImportOptions, wanted: set[str]) -> _NewFamily:
    family = Family(operation=options.operation, title=read.name, external_number=read.name, notes=read.notes)
    missing = {
        m.id: MissingPerson(operation=options.operation, family=family.id, token=new_token(), sex=m.sex)
        for m in read.pedigree.members
        if m.id in read.missing
    }
    words = {r.person: r.relation for r in read.relatives if r.person}
    relatives = {
        m.id: Relative(
            family=family.id,
            code=m.id,
            sex=m.sex,
            father=m.father,
            mother=m.mother,
            twins=m.twins,
            missing_person=missing[m.id].id if m.id in missing else None,
            relation=words.get(m.id, ""),
        )
        for m in read.pedigree.members
    }
    donors = tuple(
        (
            r.sample,
            Donor(
                family=family.id, relative=relatives[_place(r, options)].id, token=new_token(), name=r.sample
            ),
        )
        for r in read.relatives
        if r.sample in wanted
    )
    return _NewFamily(family, tuple(missing.values()), tuple(relatives.values()), donors)


def _place(relative: ReadRelative, options: ImportOptions) -> str:
    """Where the relative stands in the drawing; `Invalid` when the words could not be drawn."""
    if not relative.person:
        raise Invalid(
            f"{options.file_name}, line {relative.line}: the relation “{relative.relation}” of {relative.sample} "
            "can't be drawn; correct the word, or leave the person out of the file."
        )
    return relative.person


def _consent(donor: Donor, options: ImportOptions) -> Consent:
    assert options.consent is not None
    given = options.consent
    return Consent(
        donor=donor.id,
        given_on=given.given_on,
        form=given.form,
        language=given.language,
        purposes=given.purposes,
        recipients=given.recipients,
        destroy_after=given.destroy_after,
    )


def profile_of(read: ReadProfile, sample: Sample, source: ProfileImport, person: UUID, kit: str) -> Profile:
    """What was read of a sample, not saved yet; `person` took in the file `source`."""
    genotypes = _genotypes(read)
    return Profile(
        operation=sample.operation,
        sample=sample.id,
        source=source.id,
        kit=kit,
        sex=read.sex,
        calls=calls_of(read),
        genotypes=genotypes,
        loci=len(genotypes),
        imported_by=person,
    )


def calls_of(read: ReadProfile) -> dict[str, tuple[tuple[str, float | None, float | None, str], ...]]:
    """The peaks of each locus as a record keeps them."""
    return {
        locus: tuple((c.designation, c.height, c.size, str(c.state)) for c in peaks)
        for locus, peaks in read.calls.items()
    }


def _genotypes(read: ReadProfile) -> dict[str, Genotype]:
    """Autosomal genotypes of one person; a locus with more than two alleles takes no part."""
    found: dict[str, Genotype] = {}
    for locus in read.typed_loci:
        genotype = read.genotype(locus)
        if inheritance(locus) is Inheritance.AUTOSOMAL and len(genotype) == 2:
            found[locus] = genotype
    return found


def _note_profiled(tx: Transaction, samples: Sequence[Sample]) -> None:
    for sample in samples:
        if sample.state in (SampleState.ACCESSIONED, SampleState.FAILED):
            tx.change(sample, state=SampleState.PROFILED)


# reviewing


@command(Permission.PROFILE_REVIEW)
def accept_profiles(tx: Transaction, ids: Sequence[UUID], note: str = "") -> list[Profile]:
    """The second person's review of one or many: from now on they are searched."""
    waiting = tx.find(Profile, id=list(ids))
    empty = next((profile for profile in waiting if not profile.genotypes), None)
    if empty:
        raise Refused(f"{empty.number} has no locus that can be compared; withdraw it or import it again.")
    earlier = tx.find(Profile, sample=[p.sample for p in waiting], state=ProfileState.ACCEPTED)
    accepted = [tx.change(p, state=ProfileState.ACCEPTED, reviewed_by=tx.me, note=note) for p in waiting]
    newest = {profile.sample: profile for profile in accepted}
    for old in earlier:  # an earlier profile of the same sample steps back; it stays readable
        if old.id not in ids:
            tx.change(old, state=ProfileState.SUPERSEDED, note=f"superseded by {newest[old.sample].number}")
    items = [s.item for s in tx.find(Sample, id=list(newest)) if s.item]
    advance(tx, tx.find(RemainsItem, id=items), ItemState.IN_COMPARISON)
    return accepted


@command(Permission.PROFILE_REVIEW)
def withdraw_profile(tx: Transaction, id: UUID, reason: str) -> Profile:
    """Take a profile out of all searches; say why."""
    if not reason.strip():
        raise Invalid("Say why the profile is withdrawn.")
    return tx.change(tx.get(Profile, id), state=ProfileState.WITHDRAWN, note=reason.strip())
