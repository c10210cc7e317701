"""Samples: planned, authorised, taken before a witness, received by another, accessioned, labelled."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from forensics.domain.custody import CustodyKind
from forensics.domain.errors import Invalid, Refused
from forensics.domain.families import Donor, Family
from forensics.domain.lines import ProfileLine, SampleLine
from forensics.domain.lists import ListQuery, Page
from forensics.domain.numbers import demand_sound, new_token
from forensics.domain.people import Permission
from forensics.domain.remains import ItemState, RemainsItem
from forensics.domain.samples import Sample, SampleKind, SampleState
from forensics.persistence import lines
from forensics.persistence.transaction import Transaction
from forensics.services import custody
from forensics.services.door import command, query
from forensics.services.progressing import advance_item
from forensics.services.remains import demand_unfrozen

_DESTRUCTIVE = {SampleKind.BONE, SampleKind.TOOTH}


@dataclass(frozen=True, slots=True)
class SampleRecord:
    """A sample as its page shows it."""

    sample: Sample
    line: SampleLine
    item: RemainsItem | None
    donor_token: str
    profiles: tuple[ProfileLine, ...]


@query(Permission.SAMPLE_READ)
def samples(tx: Transaction, query: ListQuery) -> Page[SampleLine]:
    """The list of samples."""
    return lines.SAMPLES.page(tx, query)


@query(Permission.SAMPLE_READ)
def sample_record(tx: Transaction, id: UUID) -> SampleRecord:
    """Everything about a sample for its page."""
    sample = tx.get(Sample, id)
    (line,) = lines.SAMPLES.page(tx, ListQuery(filters={"id": (id,)}, limit=1)).rows
    sees = Permission.PROFILE_READ in tx.permissions
    profiles = lines.PROFILES.page(tx, ListQuery(filters={"sample": (id,)}, limit=50)).rows if sees else ()
    item = tx.get(RemainsItem, sample.item) if sample.item else None
    donor = tx.get(Donor, sample.donor).token if sample.donor else ""
    return SampleRecord(sample, line, item, donor, profiles)


@query(Permission.SAMPLE_READ)
def sample_of_token(tx: Transaction, token: str) -> Sample:
    """The sample that a scanned or typed token names; a mistyped one is told at once."""
    sound = demand_sound(token)
    found = tx.one(Sample, token=sound)
    if found is None:
        raise Invalid(f"No sample carries the token {sound}.")
    return found


@query(Permission.SAMPLE_READ)
def source_named(tx: Transaction, words: str) -> RemainsItem | Donor:
    """The item or donor that a number or token names, ours or another institution's; never by a name."""
    written = words.strip()
    donor = tx.one(Donor, token=written.upper(), voided_at=None)
    if donor is not None:
        return replace(donor, name="", contact="")
    items = tx.find(RemainsItem, number=written.upper(), voided_at=None)
    items = items or tx.find(RemainsItem, external_number=written, voided_at=None)
    if len(items) > 1:
        raise Invalid(f"{len(items)} items carry the number {written}; use our own number of the item.")
    if not items:
        raise Invalid(
            f"No item and no donor carries {written}; scan the number of the item or the token of the donor."
        )
    return items[0]


@command(Permission.SAMPLE_TAKE)
def plan_sample(tx: Transaction, item: UUID, kind: SampleKind) -> Sample:
    """Ask for a sample to be cut; bone and tooth wait for a case manager's authorisation."""
    source = tx.get(RemainsItem, item)
    demand_unfrozen([source])
    return tx.add(
        Sample(operation=source.operation, token=new_token(), item=item, kind=kind, state=SampleState.PLANNED)
    )


@command(Permission.SAMPLE_AUTHORISE)
def authorise_sample(tx: Transaction, id: UUID) -> Sample:
    """Allow destructive sampling."""
    return tx.change(tx.get(Sample, id), state=SampleState.AUTHORISED, authorised_by=tx.me)


@command(Permission.SAMPLE_TAKE)
def take_sample(
    tx: Transaction, id: UUID, witness: UUID, mass_mg: float | None = None, taken_at: datetime | None = None
) -> Sample:
    """Cut it, before a witness."""
    sample = tx.get(Sample, id)
    if sample.kind in _DESTRUCTIVE and sample.state is SampleState.PLANNED:
        raise Refused("Cutting bone or tooth destroys it: a case manager must authorise this sample first.")
    if mass_mg is not None and mass_mg <= 0:
        raise Invalid(f"A mass of {mass_mg} mg can't be right; weigh again, or leave it empty.")
    if sample.item:
        demand_unfrozen([tx.get(RemainsItem, sample.item)])
    taken = tx.change(
        sample,
        state=SampleState.TAKEN,
        taken_by=tx.me,
        witness=witness,
        taken_at=taken_at or tx.now,
        mass_mg=mass_mg,
        mass_left_mg=mass_mg,
    )
    if sample.item:
        advance_item(tx, sample.item, ItemState.SAMPLED)
    custody.note_event(tx, CustodyKind.SAMPLE, item=sample.item, sample=id, at=taken_at)
    return taken


@command(Permission.REMAINS_RECEIVE)
def receive_sample(tx: Transaction, id: UUID, place: UUID | None = None, condition: str = "") -> Sample:
    """Receive at the laboratory; another person than the one who took it. It is accessioned at once."""
    received = tx.change(tx.get(Sample, id), state=SampleState.RECEIVED, received_by=tx.me, place=place)
    custody.note_event(tx, CustodyKind.RECEIVE, sample=id, place=place, condition=condition)
    return tx.change(received, state=SampleState.ACCESSIONED)


@command(Permission.REMAINS_RECEIVE)
def accession_sample(
    tx: Transaction,
    kind: SampleKind,
    *,
    item: UUID | None = None,
    donor: UUID | None = None,
    taken_outside: str,
    external_number: str = "",
    mass_mg: float | None = None,
    place: UUID | None = None,
) -> Sample:
    """A sample that was taken elsewhere (a relative's swab, another mortuary's bone) arrives."""
    if (item is None) == (donor is None):
        raise Invalid("A sample comes from one item or from one donor; choose one of them.")
    if not taken_outside.strip():
        raise Invalid("Say who took the sample outside the laboratory.")
    sample = tx.add(
        Sample(
            operation=_operation_of(tx, item, donor),
            token=new_token(),
            item=item,
            donor=donor,
            kind=kind,
            state=SampleState.ACCESSIONED,
            taken_outside=taken_outside.strip(),
            received_by=tx.me,
            external_number=external_number.strip(),
            mass_mg=mass_mg,
            mass_left_mg=mass_mg,
            place=place,
        )
    )
    custody.note_event(tx, CustodyKind.RECEIVE, sample=sample.id, from_party=taken_outside, place=place)
    if item:
        advance_item(tx, item, ItemState.SAMPLED)
    return sample


def _operation_of(tx: Transaction, item: UUID | None, donor: UUID | None) -> UUID:
    """Of the item, or of the donor's family."""
    if item is not None:
        return tx.get(RemainsItem, item).operation
    assert donor is not None
    return tx.get(Family, tx.get(Donor, donor).family).operation


@command(Permission.SAMPLE_TAKE)
def note_labels(tx: Transaction, ids: list[UUID], reason: str = "") -> list[Sample]:
    """Count the labels that were printed; from the second on a reason is needed, which the audit keeps."""
    found = tx.find(Sample, id=ids)
    again = [sample.token for sample in found if sample.labels_printed]
    if again and not reason.strip():
        raise Invalid(
            f"{again[0]} has a label already: say why another is printed; two tubes with one token must not exist."
        )
    tx.reason = reason.strip()
    return [tx.change(s, labels_printed=s.labels_printed + 1) for s in found]


@command(Permission.SAMPLE_TAKE)
def fail_sample(tx: Transaction, id: UUID, reason: str) -> Sample:
    """No profile could be had; say why."""
    if not reason.strip():
        raise Invalid("Say why the sample failed; the next attempt depends on it.")
    return tx.change(tx.get(Sample, id), state=SampleState.FAILED, failure=reason.strip())
