"""The question of a blind search: all accepted profiles of an operation, and whose each is."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from forensics.domain.families import Donor, Family, Relative, pedigree_of
from forensics.domain.kinship import Pedigree
from forensics.domain.operations import FrequencyData, Operation
from forensics.domain.people import Permission
from forensics.domain.profiles import Profile, ProfileState
from forensics.domain.remains import RemainsItem
from forensics.domain.samples import Sample
from forensics.domain.screening import ScreeningInputs, ScreeningProfile
from forensics.persistence.transaction import Transaction
from forensics.services.door import query
from forensics.services.families import consenting_donors
from forensics.services.operations import mutation_of, table_of
from forensics.services.screening_questions import on, screening_question


@dataclass(frozen=True, slots=True)
class Reference:
    """A donor's profile and where the donor stands in the drawing."""

    token: str  # of the sample
    donor: str  # number
    family: Family
    relative: Relative
    profile: Profile

    @property
    def words(self) -> str:
        said = f", {self.relative.relation}" if self.relative.relation else ""
        return f"donor {self.donor} ({self.relative.code}{said}) of family {self.family.number}"


@dataclass(frozen=True)
class BlindQuestion:
    """All accepted profiles of an operation as one frozen value."""

    operation: Operation
    inputs: ScreeningInputs  # remains and references alike
    references: Mapping[str, Reference]  # by sample token
    items: Mapping[str, tuple[UUID, str, UUID | None]]  # by sample token: item, its number, its individual
    drawings: Mapping[UUID, Pedigree]
    numbers: Mapping[str, str]  # by sample token: the profile's

    def words(self, token: str) -> str:
        """Whose sample it is."""
        return self.references[token].words if token in self.references else f"item {self.items[token][1]}"


@query(Permission.MATCH_READ)
def blind_question(tx: Transaction, operation: UUID) -> BlindQuestion:
    """Every accepted profile of remains, and of donors whose consent stands; drawings confirmed or not."""
    question = screening_question(tx, operation)
    op = question.operation
    references, drawings = _references(tx, operation)
    items = {i.id: i for i in tx.find(RemainsItem, id={item for _, item in question.profiles.values()})}
    own = {
        t: (item, items[item].number, items[item].individual) for t, (_, item) in question.profiles.items()
    }
    found = [(t, p) for t, (p, _) in question.profiles.items()]
    found += [(t, r.profile) for t, r in references.items()]
    assert op.frequencies is not None  # the question of a screening demands a table
    table = table_of(tx.get(FrequencyData, op.frequencies))
    typed = {locus for _, profile in found for locus in profile.genotypes}
    loci = tuple(locus for locus in table.loci if locus in typed)
    model = mutation_of(op)
    inputs = replace(
        question.inputs,
        loci=loci,
        frequencies=replace(table, loci={locus: table.loci[locus] for locus in loci}),
        profiles=tuple(ScreeningProfile(t, p.sex, on(p.genotypes, loci)) for t, p in found),
        mutation=dict.fromkeys(loci, model) if model else {},
    )
    return BlindQuestion(op, inputs, references, own, drawings, {t: p.number for t, p in found})


def _references(tx: Transaction, operation: UUID) -> tuple[dict[str, Reference], dict[UUID, Pedigree]]:
    families = {f.id: f for f in tx.find(Family, operation=operation, voided_at=None)}
    relatives = [r for r in tx.find(Relative, voided_at=None) if r.family in families]
    agreed = consenting_donors(tx)
    donors = {d.id: d for d in tx.find(Donor, voided_at=None) if d.family in families and d.id in agreed}
    samples = {s.id: s for s in tx.find(Sample, voided_at=None) if s.donor in donors}
    place = {r.id: r for r in relatives}
    found = {}
    for profile in tx.find(Profile, state=ProfileState.ACCEPTED, voided_at=None):
        sample = samples.get(profile.sample)
        if sample is not None and sample.donor is not None:
            donor = donors[sample.donor]
            found[sample.token] = Reference(
                sample.token, donor.number, families[donor.family], place[donor.relative], profile
            )
    drawings = {id: pedigree_of(tuple(r for r in relatives if r.family == id)) for id in families}
    return dict(sorted(found.items())), drawings
