"""Families, missing persons, pedigrees that a person confirms, donors and their consent."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from forensics.domain.errors import Invalid, Refused
from forensics.domain.families import (
    Consent,
    ConsentState,
    Donor,
    Family,
    MissingPerson,
    MissingState,
    Relative,
    pedigree_of,
)
from forensics.domain.kinship import Pedigree, Sex
from forensics.domain.lines import FamilyLine, HypothesisLine, MissingLine
from forensics.domain.lists import ListQuery, Page
from forensics.domain.numbers import new_token
from forensics.domain.pedigree_editing import without_member
from forensics.domain.people import Permission
from forensics.domain.profiles import Profile, ProfileState
from forensics.domain.relations import add_relative as draw_relative
from forensics.domain.relations import with_sex
from forensics.domain.samples import Sample
from forensics.persistence import lines
from forensics.persistence.transaction import Transaction
from forensics.services.door import command, query


@dataclass(frozen=True, slots=True)
class ConsentDetails:
    """What is recorded when a relative agrees to give a sample."""

    given_on: date
    form: str
    language: str = ""
    purposes: tuple[str, ...] = ("identification of the missing relative",)
    recipients: tuple[str, ...] = ()
    destroy_after: date | None = None


@dataclass(frozen=True, slots=True)
class DonorRecord:
    """A donor with the consent that stands (or the one that was withdrawn) and the best profile."""

    donor: Donor
    relative: Relative
    consent: Consent | None
    samples: tuple[Sample, ...]
    profile: Profile | None
    withdrawn: Consent | None = None
    unreviewed: bool = False  # a profile was imported that nobody has accepted yet


@dataclass(frozen=True, slots=True)
class FamilyRecord:
    """A family as its page shows it. Names are empty for those who may not read them."""

    family: Family
    relatives: tuple[Relative, ...]
    pedigree: Pedigree
    missing: tuple[MissingPerson, ...]
    donors: tuple[DonorRecord, ...]
    hypotheses: tuple[HypothesisLine, ...]

    @property
    def typed(self) -> frozenset[str]:
        """Codes of the relatives with an accepted profile and a consent that stands."""
        return frozenset(d.relative.code for d in self.donors if d.profile and d.consent)


@query(Permission.FAMILY_READ)
def families(tx: Transaction, query: ListQuery) -> Page[FamilyLine]:
    """The list of families; without the right to names, by number only."""
    spec = lines.FAMILIES if Permission.IDENTITY_READ in tx.permissions else lines.FAMILIES_BLIND
    return spec.page(tx, query)


@query(Permission.FAMILY_READ)
def missing_persons(tx: Transaction, query: ListQuery) -> Page[MissingLine]:
    """The list of missing persons; without the right to names, by number and token only."""
    spec = lines.MISSING if Permission.IDENTITY_READ in tx.permissions else lines.MISSING_BLIND
    return spec.page(tx, query)


@query(Permission.FAMILY_READ)
def missing_person(tx: Transaction, id: UUID) -> MissingPerson:
    """One missing person; names and particulars only for those who may read them."""
    return _seen(tx, tx.get(MissingPerson, id))


def _seen(tx: Transaction, person: MissingPerson) -> MissingPerson:
    if Permission.IDENTITY_READ in tx.permissions:
        return person
    return replace(
        person,
        given_names="",
        family_names="",
        original_name="",
        aliases=(),
        marks="",
        dental="",
        clothing="",
        circumstances="",
        last_place="",
    )


@query(Permission.FAMILY_READ)
def family_record(tx: Transaction, id: UUID) -> FamilyRecord:
    """Everything about a family for its page."""
    family = tx.get(Family, id)
    relatives = tuple(tx.find(Relative, family=id, voided_at=None))
    names = Permission.IDENTITY_READ in tx.permissions
    family = family if names else replace(family, title="", contact="", notes=())
    best = ListQuery(filters={"family": (id,)}, limit=20, sort="log10_lr", descending=True)
    return FamilyRecord(
        family,
        relatives,
        pedigree_of(relatives),
        tuple(_seen(tx, p) for p in tx.find(MissingPerson, family=id, voided_at=None)),
        tuple(_donor(tx, donor, relatives, names) for donor in tx.find(Donor, family=id, voided_at=None)),
        lines.HYPOTHESES.page(tx, best).rows if Permission.MATCH_READ in tx.permissions else (),
    )


@query(Permission.FAMILY_READ)
def family_of_donor(tx: Transaction, donor: UUID) -> Family:
    """The family that a donor belongs to."""
    family = tx.get(Family, tx.get(Donor, donor).family)
    names = Permission.IDENTITY_READ in tx.permissions
    return family if names else replace(family, title="", contact="", notes=())


def _donor(tx: Transaction, donor: Donor, relatives: Sequence[Relative], names: bool) -> DonorRecord:
    samples = tuple(tx.find(Sample, donor=donor.id, voided_at=None))
    profiles = (
        tx.find(Profile, sample=[s.id for s in samples], state=ProfileState.ACCEPTED) if samples else []
    )
    relative = next(r for r in relatives if r.id == donor.relative)
    shown = donor if names else replace(donor, name="", contact="")
    best = max(profiles, key=lambda p: p.loci, default=None)
    consents = tx.find(Consent, donor=donor.id, voided_at=None)
    withdrawn = [c for c in consents if c.state is ConsentState.WITHDRAWN]
    standing = standing_consent(tx, donor.id)
    gone = withdrawn[-1] if withdrawn and standing is None else None
    waiting = bool(samples) and bool(
        tx.one(Profile, sample=[s.id for s in samples], state=ProfileState.IMPORTED)
    )
    return DonorRecord(shown, relative, standing, samples, best, gone, waiting)


def standing_consent(tx: Transaction, donor: UUID) -> Consent | None:
    """The newest consent if it was not withdrawn."""
    found = tx.find(Consent, donor=donor, voided_at=None)
    return found[-1] if found and found[-1].state is not ConsentState.WITHDRAWN else None


def consenting_donors(tx: Transaction) -> frozenset[UUID]:
    """Every donor whose newest consent was not withdrawn."""
    return consenting(tx.find(Consent, voided_at=None))


def consenting(consents: Iterable[Consent]) -> frozenset[UUID]:
    """Every donor whose newest of these consents (oldest first) was not withdrawn."""
    newest = {consent.donor: consent for consent in consents}
    return frozenset(donor for donor, c in newest.items() if c.state is not ConsentState.WITHDRAWN)


@command(Permission.FAMILY_RECORD)
def create_family(
    tx: Transaction, operation: UUID, title: str, external_number: str = "", contact: str = ""
) -> Family:
    """A family that seeks somebody."""
    if not title.strip():
        raise Invalid("Give the family a title, for instance its name or its number elsewhere.")
    return tx.add(
        Family(
            operation=operation, title=title.strip(), external_number=external_number.strip(), contact=contact
        )
    )


@command(Permission.FAMILY_RECORD)
def change_family(tx: Transaction, seen: Family, fields: Mapping[str, Any]) -> Family:
    """Title, number elsewhere, contact; `seen` is the version the person worked on."""
    if not str(fields.get("title", seen.title)).strip():
        raise Invalid("Give the family a title, for instance its name or its number elsewhere.")
    return tx.change(seen, **fields)


@command(Permission.FAMILY_RECORD)
def add_missing_person(
    tx: Transaction, new: MissingPerson, code: str = "", anchor: str = "", relation: str = ""
) -> MissingPerson:
    """Somebody who is sought: the person `code` of the drawing, or a new one.

    A new one is drawn as the `relation` of `anchor` where these are given, else as a person apart.
    """
    relatives = tx.find(Relative, family=new.family, voided_at=None)
    place = next((r for r in relatives if r.code == code), None)
    if place is None and anchor:
        code = code or _free_code("MP", {r.code for r in relatives})
        drawn = draw_relative(pedigree_of(tuple(relatives)), anchor, relation, code, new.sex)
        _store(tx, new.family, relatives, drawn)
        place = _member(tx, new.family, code)
    if place is not None and place.missing_person is not None:
        raise Invalid(f"{place.code} is a missing person of this family already; choose another place.")
    known = place.sex if place is not None and new.sex is Sex.UNKNOWN else new.sex
    person = tx.add(replace(new, token=new_token(), sex=known))
    if place is not None:
        tx.change(place, missing_person=person.id)
    else:
        code = code or _free_code("MP", {r.code for r in relatives})
        tx.add(Relative(family=new.family, code=code, sex=known, missing_person=person.id))
    _unconfirm(tx, new.family)
    return person


@command(Permission.FAMILY_RECORD)
def report_missing(
    tx: Transaction, operation: UUID, title: str, fields: Mapping[str, Any], contact: str = ""
) -> MissingPerson:
    """Somebody is reported missing by a family that is not known yet; `fields` are the person's."""
    family = create_family(tx, operation, title, contact=contact)
    new = MissingPerson(operation=operation, family=family.id, token=new_token(), **fields)
    return add_missing_person(tx, new)


def _member(tx: Transaction, family: UUID, code: str) -> Relative:
    found = tx.one(Relative, family=family, code=code, voided_at=None)
    if found is None:
        raise Invalid(f"There is no {code} in this pedigree; draw the relative first.")
    return found


def _free_code(stem: str, taken: set[str]) -> str:
    """R1, R2… for relatives; MP, MP2… for the missing, as files write them."""
    names = (stem if n == 1 and stem == "MP" else f"{stem}{n}" for n in range(1, len(taken) + 2))
    return next(name for name in names if name not in taken)


def _unconfirm(tx: Transaction, family: UUID) -> None:
    """A changed pedigree must be confirmed anew before it takes part in searches."""
    found = tx.get(Family, family)
    if found.confirmed_by is not None:
        tx.change(found, confirmed_by=None)


@command(Permission.FAMILY_RECORD)
def change_missing_person(tx: Transaction, seen: MissingPerson, fields: Mapping[str, Any]) -> MissingPerson:
    """Correct or complete; `seen` is the version the person worked on."""
    return tx.change(seen, **fields)


@command(Permission.FAMILY_RECORD)
def set_missing_state(tx: Transaction, id: UUID, state: MissingState) -> MissingPerson:
    """How far the search for the person has come."""
    return tx.change(tx.get(MissingPerson, id), state=state)


@command(Permission.FAMILY_RECORD)
def add_relative(
    tx: Transaction,
    family: UUID,
    anchor: str,
    relation: str,
    code: str = "",
    sex: Sex = Sex.UNKNOWN,
    deceased: bool = False,
) -> Relative:
    """Draw a relative by a word (“mother”, “paternal uncle”) relative to the member `anchor`."""
    present = tx.find(Relative, family=family, voided_at=None)
    code = code.strip() or _free_code("R", {r.code for r in present})
    drawn = draw_relative(pedigree_of(tuple(present)), anchor, relation, code, sex)
    _store(tx, family, present, drawn)
    return tx.change(_member(tx, family, code), relation=relation, deceased=deceased)


@command(Permission.FAMILY_RECORD)
def change_relative(
    tx: Transaction, seen: Relative, sex: Sex, deceased: bool, relation: str | None = None
) -> Relative:
    """Another sex, deceased or not, the relation in words; unnamed partners change their sex with theirs."""
    present = tx.find(Relative, family=seen.family, voided_at=None)
    if sex is not seen.sex:
        _store(tx, seen.family, present, with_sex(pedigree_of(tuple(present)), seen.code, sex))
        if seen.missing_person:
            tx.change(tx.get(MissingPerson, seen.missing_person), sex=sex)
        seen = _member(tx, seen.family, seen.code)
    return tx.change(seen, deceased=deceased, relation=seen.relation if relation is None else relation)


@command(Permission.FAMILY_RECORD)
def remove_relative(tx: Transaction, family: UUID, code: str) -> list[Relative]:
    """Take a person out of the drawing; who connects others stays as an unnamed person."""
    present = tx.find(Relative, family=family, voided_at=None)
    _store(tx, family, present, without_member(pedigree_of(tuple(present)), code))
    return tx.find(Relative, family=family, voided_at=None)


@command(Permission.FAMILY_RECORD)
def set_pedigree(tx: Transaction, family: UUID, pedigree: Pedigree) -> list[Relative]:
    """Replace the drawing; members who vanish may be neither donors nor missing."""
    _store(tx, family, tx.find(Relative, family=family, voided_at=None), pedigree)
    return tx.find(Relative, family=family, voided_at=None)


def _store(tx: Transaction, family: UUID, present: Sequence[Relative], drawn: Pedigree) -> None:
    known = {r.code: r for r in present}
    bound = {d.relative for d in tx.find(Donor, family=family, voided_at=None)}
    for code, old in known.items():
        if code not in drawn.ids:
            if old.missing_person or old.id in bound:
                raise Refused(f"{code} is a donor or is missing and can't be taken out of the pedigree.")
            tx.void(old, "no longer in the pedigree")
    for m in drawn.members:
        if m.id in known:
            tx.change(known[m.id], sex=m.sex, father=m.father, mother=m.mother, twins=m.twins)
        else:
            tx.add(
                Relative(family=family, code=m.id, sex=m.sex, father=m.father, mother=m.mother, twins=m.twins)
            )
    _unconfirm(tx, family)


@command(Permission.FAMILY_RECORD)
def confirm_pedigree(tx: Transaction, seen: Family) -> Family:
    """A person has looked at the drawing and stands for it; from now on the family is searched."""
    relatives = tuple(tx.find(Relative, family=seen.id, voided_at=None))
    if not any(r.missing_person for r in relatives):
        raise Invalid("Nobody in this pedigree is missing; draw the missing person first.")
    demand_sound_pedigree(pedigree_of(relatives))
    return tx.change(seen, confirmed_by=tx.me)


def demand_sound_pedigree(pedigree: Pedigree) -> None:
    """`Invalid` with the reason for a pedigree that can't be (own ancestor, female father…)."""
    from forensics.genetics.validation import check_pedigree

    check_pedigree(pedigree)


@command(Permission.FAMILY_RECORD)
def add_donor(
    tx: Transaction, family: UUID, code: str, consent: ConsentDetails, name: str = "", contact: str = ""
) -> Donor:
    """A relative agrees to give a sample; the laboratory will know the token alone."""
    relative = _member(tx, family, code)
    if tx.one(Donor, relative=relative.id, voided_at=None):
        raise Invalid(f"{code} is a donor already.")
    if not consent.form.strip():
        raise Invalid("Give the reference of the signed consent form.")
    donor = tx.add(Donor(family=family, relative=relative.id, token=new_token(), name=name, contact=contact))
    tx.add(
        Consent(
            donor=donor.id,
            given_on=consent.given_on,
            form=consent.form.strip(),
            language=consent.language,
            purposes=consent.purposes,
            recipients=consent.recipients,
            destroy_after=consent.destroy_after,
        )
    )
    return donor


@command(Permission.FAMILY_RECORD)
def withdraw_consent(tx: Transaction, donor: UUID, note: str) -> Consent:
    """The donor's data leave searches and exports at once; a shell stays for the audit."""
    standing = standing_consent(tx, donor)
    if standing is None:
        raise Invalid("No consent of this donor stands that could be withdrawn.")
    for sample in tx.find(Sample, donor=donor):
        for profile in tx.find(
            Profile,
            sample=sample.id,
            state=list(set(ProfileState) - {ProfileState.SUPERSEDED, ProfileState.WITHDRAWN}),
        ):
            tx.change(profile, state=ProfileState.WITHDRAWN, note="consent withdrawn")
    return tx.change(standing, state=ConsentState.WITHDRAWN, withdrawn_on=tx.now.date(), note=note)
