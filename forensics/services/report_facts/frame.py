"""Who reports, for whom, under which policies: what stands at the head and the end of every report."""

from datetime import datetime
from uuid import UUID

from forensics.domain import facts as f
from forensics.domain.matching import Hypothesis
from forensics.domain.operations import FrequencyData, Operation, Organisation
from forensics.domain.people import Authorisation, Person
from forensics.domain.profiles import Profile
from forensics.domain.remains import RemainsCase
from forensics.persistence.transaction import Transaction
from forensics.services.operations import laboratory
from forensics.services.recomputing import engine

_COMPARED = "I carried out the comparison and wrote this report."
_AUTHORISED = "I reviewed this report and authorise its issue."


def remarks(*said: tuple[str, str]) -> tuple[str, ...]:
    """Reasons in people's own words, with whose they are."""
    return tuple(f"{who}: “{words}”" for who, words in said if words)


def frame_of(
    tx: Transaction, op: Operation, title: str, authoriser: UUID, received: RemainsCase, h: Hypothesis
) -> f.Frame:
    own = laboratory(tx)
    return f.Frame(
        number="",
        version=1,
        title=title,
        laboratory=_letterhead(own),
        operation=_operation(tx, op, h),
        authority=received.authority or received.received_from,
        request=received.order_reference,
        author=signatory(tx, tx.me, _COMPARED),
        authoriser=signatory(tx, authoriser, _AUTHORISED),
        engine=f"{engine()}, {h.engine}",
        received=received.received_at.date(),
        examined_from=h.created_at.date() if h.created_at else None,
        examined_to=tx.now.date(),
        issued=tx.now,
        methods=(
            f.MethodFacts(name="Kinship likelihood ratios, exact pedigree likelihood", edition=engine()),
        ),
        contributors=contributors(tx, h),
        limits=(
            "Close relatives of the missing person who are not in the pedigree could give similar results.",
            "The numbers hold under the frequencies, mutation model and pedigree that are stated here.",
        ),
    )


def _letterhead(own: Organisation) -> f.Letterhead:
    return f.Letterhead(
        name=own.name,
        short_name=own.short_name,
        address=tuple(line for line in (*own.address.splitlines(), own.country) if line),
        contact=own.contact,
        accreditation=own.accreditation,
    )


def _operation(tx: Transaction, op: Operation, h: Hypothesis) -> f.OperationFacts:
    digest = h.case["frequencies_digest"]
    data = next(d for d in tx.find(FrequencyData) if d.digest == digest)
    sizes = sorted({n for n in data.sizes.values() if n})
    counted = (
        f"{sizes[0]}–{sizes[-1]} alleles per locus"
        if len(sizes) > 1
        else f"{sizes[0]} alleles"
        if sizes
        else ""
    )
    return f.OperationFacts(
        name=op.title,
        number_sought=h.prior_number,
        threshold=op.threshold,
        frequency_table=data.name,
        population=data.population,
        frequency_source=data.source,
        frequency_size=counted,
        frequency_digest=data.digest,
        minimum_frequency=f"{op.minimum_frequency:g} for alleles not seen"
        if op.minimum_frequency
        else "none: unseen alleles are refused",
        theta=float(h.case.get("theta") or 0.0),
        mutation=mutation_words(op),
        convention=str(h.case.get("convention", op.convention)),
        territory=op.territory,
        reading=reading_words(op),
    )


def _unseen(op: Operation) -> str:
    if op.minimum_frequency:
        return f"{op.minimum_frequency:g} for alleles that the table has not seen"
    return "none: an allele that the table has not seen is refused"


def reading_words(op: Operation) -> str:
    """How profiles are read, as a report says it."""
    return (
        f"{op.reading}; in a consensus of replicates stand alleles that at least {op.consensus} of them show"
    )


def mutation_words(op: Operation) -> str:
    """The mutation policy as a report says it."""
    if op.mutation is None or not (op.mutation_rate_male or op.mutation_rate_female):
        return "none"
    rates = (
        f"{op.mutation_rate_male:g} per paternal and {op.mutation_rate_female:g} per maternal transmission"
    )
    extra = (
        f", range {op.mutation_range:g}, microvariants {op.mutation_rate2:g}"
        if op.mutation == "stepwise"
        else ""
    )
    return f"{op.mutation}, {rates}{extra}"


def signatory(tx: Transaction, id: UUID, meaning: str) -> f.SignatoryFacts:
    person = tx.get(Person, id)
    roles = [str(a.role) for a in tx.find(Authorisation, person=id, voided_at=None)]
    role = person.title or ", ".join(roles)
    return f.SignatoryFacts(
        name=person.name, role=f"{role} (external)" if person.external else role, meaning=meaning
    )


def contributors(tx: Transaction, h: Hypothesis) -> tuple[f.ContributorFacts, ...]:
    profile = tx.get(Profile, h.profile)
    return who_did(
        tx,
        (profile.imported_by, "Profile read and imported", profile.created_at),
        (profile.reviewed_by, "Profile reviewed", profile.changed_at),
        (h.weighed_by, "Match weighed", h.changed_at),
        (h.reviewed_by, "Match reviewed", h.changed_at),
    )


def who_did(
    tx: Transaction, *done: tuple[UUID | None, str, datetime | None]
) -> tuple[f.ContributorFacts, ...]:
    """People with their roles and what they did on which day; steps that nobody did are left out."""
    return tuple(
        f.ContributorFacts(
            name=tx.get(Person, who).name,
            role=", ".join(str(a.role) for a in tx.find(Authorisation, person=who, voided_at=None)),
            activity=what,
            on=at.date() if at else None,
        )
        for who, what, at in done
        if who
    )
