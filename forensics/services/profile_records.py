"""The records that a file of profiles brings: samples, items, families with their donors, the profiles."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from forensics.domain.custody import CustodyKind
from forensics.domain.errors import Invalid
from forensics.domain.families import Consent, Donor, Family, MissingPerson, Relative
from forensics.domain.kinship import Genotype
from forensics.domain.loci import Inheritance, inheritance
from forensics.domain.numbers import new_token
from forensics.domain.operations import Operation, ReadingPolicy
from forensics.domain.profiles import Profile, ProfileImport
from forensics.domain.reading import ReadFamily, Reading, ReadProfile, ReadRelative
from forensics.domain.remains import ItemKind, ItemState, RemainsItem
from forensics.domain.samples import Sample, SampleKind, SampleState
from forensics.persistence.transaction import Transaction
from forensics.services import custody
from forensics.services.profile_plans import ImportLine, ImportOptions, ImportPlan
from forensics.services.progressing import advance
from forensics.services.remains import NewItem, add_items


def samples_of_remains(
    tx: Transaction, lines: Sequence[ImportLine], options: ImportOptions
) -> dict[str, Sample]:
    """The sample of each remains profile; unknown ones become items of the chosen case."""
    known = {s.id: s for s in tx.find(Sample, id=[line.known for line in lines if line.known])}
    found = {line.sample: known[line.known] for line in lines if line.known}
    new = [line for line in lines if not line.known and not line.family]
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


def samples_of_families(
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


def reads_twice(tx: Transaction, operation: UUID) -> bool:
    """Whether the policy of an operation wants its profiles read by two people."""
    return tx.get(Operation, operation).reading is ReadingPolicy.TWO


def profile_of(
    read: ReadProfile, sample: Sample, source: ProfileImport, person: UUID, kit: str, *, two_reads: bool
) -> Profile:
    """What was read of a sample, not saved yet; `person` took in the file `source`."""
    genotypes = genotypes_of(read)
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
        two_reads=two_reads,
    )


def calls_of(read: ReadProfile) -> dict[str, tuple[tuple[str, float | None, float | None, str], ...]]:
    """The peaks of each locus as a record keeps them."""
    return {
        locus: tuple((c.designation, c.height, c.size, str(c.state)) for c in peaks)
        for locus, peaks in read.calls.items()
    }


def genotypes_of(read: ReadProfile) -> dict[str, Genotype]:
    """Autosomal genotypes of one person; a locus with more than two alleles takes no part."""
    found: dict[str, Genotype] = {}
    for locus in read.typed_loci:
        genotype = read.genotype(locus)
        if inheritance(locus) is Inheritance.AUTOSOMAL and len(genotype) == 2:
            found[locus] = genotype
    return found


def note_profiled(tx: Transaction, samples: Sequence[Sample]) -> None:
    for sample in samples:
        if sample.state in (SampleState.ACCESSIONED, SampleState.FAILED):
            tx.change(sample, state=SampleState.PROFILED)
