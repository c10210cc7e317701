"""The ledger of a sample's mass and volume: used, put back, corrected; never less than nothing."""

from math import isfinite
from uuid import UUID

from forensics.domain.errors import Invalid, Refused
from forensics.domain.ledger import LedgerEntry, LedgerKind, Quantity
from forensics.domain.people import Permission
from forensics.domain.rules import NEVER_NEGATIVE
from forensics.domain.samples import Sample, SampleState
from forensics.persistence.transaction import Transaction
from forensics.services.door import command, query

_FIELDS = {Quantity.MASS: ("mass_mg", "mass_left_mg"), Quantity.VOLUME: ("volume_ul", "volume_left_ul")}
_NO_LESS = NEVER_NEGATIVE[0].sentence
_TAKEN = (SampleState.PLANNED, SampleState.AUTHORISED)


@query(Permission.SAMPLE_READ)
def ledger(tx: Transaction, sample: UUID) -> list[LedgerEntry]:
    """The entries of a sample, oldest first."""
    return tx.find(LedgerEntry, sample=sample)


@command(Permission.SAMPLE_TAKE)
def record_use(tx: Transaction, sample: UUID, quantity: Quantity, amount: float, purpose: str) -> LedgerEntry:
    """Some of it was used. Whoever uses up the last of it needs the authorisation that cutting needs."""
    found, left = _left(tx, sample, quantity)
    _demand_amount(amount)
    if amount > left:
        raise Refused(f"Only {left:g} {quantity} are left of {found.token}. {_NO_LESS}")
    if amount == left and found.authorised_by is None:
        raise Refused(
            f"That uses up {found.token}: nothing would be left for a second analysis. "
            "A case manager must authorise its destructive use first."
        )
    return _enter(tx, found, quantity, LedgerKind.USE, -amount, left - amount, purpose)


@command(Permission.SAMPLE_TAKE)
def record_return(
    tx: Transaction, sample: UUID, quantity: Quantity, amount: float, reason: str
) -> LedgerEntry:
    """Some of what was used was put back; never more than there was at first."""
    found, left = _left(tx, sample, quantity)
    _demand_amount(amount)
    at_first = getattr(found, _FIELDS[quantity][0])
    if at_first is not None and left + amount > at_first:
        raise Refused(
            f"{found.token} had {at_first:g} {quantity} at first; correct the ledger if that was wrong."
        )
    return _enter(tx, found, quantity, LedgerKind.RETURN, amount, left + amount, reason)


@command(Permission.SAMPLE_TAKE)
def record_correction(
    tx: Transaction, sample: UUID, quantity: Quantity, remaining: float, reason: str
) -> LedgerEntry:
    """It was weighed or measured again: this much is left. The first time this is how much there is."""
    found = tx.get(Sample, sample)
    if not isfinite(remaining) or remaining < 0:
        raise Refused(_NO_LESS)
    first, now = _FIELDS[quantity]
    known = getattr(found, now)
    if getattr(found, first) is None or remaining > getattr(found, first):
        found = tx.change(found, **{first: remaining})
    return _enter(tx, found, quantity, LedgerKind.CORRECTION, remaining - (known or 0.0), remaining, reason)


@command(Permission.SAMPLE_AUTHORISE)
def authorise_use(tx: Transaction, sample: UUID) -> Sample:
    """Allow that nothing of it is left; the same authorisation as for cutting bone."""
    return tx.change(tx.get(Sample, sample), authorised_by=tx.me)


def _left(tx: Transaction, sample: UUID, quantity: Quantity) -> tuple[Sample, float]:
    found = tx.get(Sample, sample)
    if found.state in _TAKEN:
        raise Refused(f"{found.token} is not taken yet.")
    left: float | None = getattr(found, _FIELDS[quantity][1])
    if left is None:
        what = "weighed" if quantity is Quantity.MASS else "measured"
        raise Refused(f"{found.token} was never {what}; enter how much there is first, as a correction.")
    return found, left


def _demand_amount(amount: float) -> None:
    if not isfinite(amount) or amount <= 0:
        raise Invalid("Give the amount as a number above 0.")


def _enter(
    tx: Transaction,
    found: Sample,
    quantity: Quantity,
    kind: LedgerKind,
    amount: float,
    left: float,
    reason: str,
) -> LedgerEntry:
    if not reason.strip():
        raise Invalid("Say what for, or why.")
    remaining = round(left, 6)
    tx.change(found, **{_FIELDS[quantity][1]: remaining})
    return tx.add(
        LedgerEntry(
            sample=found.id, quantity=quantity, kind=kind, amount=round(amount, 6), remaining=remaining,
            reason=reason.strip(),
        )
    )  # fmt: skip
