"""Mass and volume: used, put back, corrected, never less than nothing, the last of it only with authorisation."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy import exc

from forensics.domain.errors import Invalid, Refused
from forensics.domain.ledger import Quantity
from forensics.domain.samples import Sample
from forensics.persistence.tables import TABLES
from forensics.persistence.trouble import explain
from forensics.services import ledger
from tests.support.storeroom import Storeroom, either_storeroom, storeroom

__all__ = ["either_storeroom", "storeroom"]

MG, UL = Quantity.MASS, Quantity.VOLUME


def test_every_entry_says_what_is_left(storeroom: Storeroom) -> None:
    lab, id = storeroom.technician, storeroom.samples[0].id
    lab.run(ledger.record_use, id, MG, 120.5, "extraction")
    lab.run(ledger.record_return, id, MG, 20.5, "powder left over")
    lab.run(ledger.record_correction, id, MG, 395.0, "weighed again")
    told = [(e.kind.value, e.amount, e.remaining) for e in lab.run(ledger.ledger, id)]
    assert told == [("used", -120.5, 379.5), ("put back", 20.5, 400.0), ("corrected", -5.0, 395.0)]
    assert storeroom.sample().mass_left_mg == 395.0


def test_there_is_never_less_than_nothing(storeroom: Storeroom) -> None:
    lab, id = storeroom.technician, storeroom.samples[0].id
    with pytest.raises(Refused, match="Only 500 mg are left"):
        lab.run(ledger.record_use, id, MG, 500.1, "extraction")
    with pytest.raises(Refused, match="less than nothing"):
        lab.run(ledger.record_correction, id, MG, -1.0, "wrong")
    with pytest.raises(Refused, match="had 500 mg at first"):
        lab.run(ledger.record_return, id, MG, 1.0, "too much")
    for amount in (0.0, -3.0, float("nan"), float("inf")):
        with pytest.raises((Invalid, Refused)):
            lab.run(ledger.record_use, id, MG, amount, "extraction")
    assert lab.run(ledger.ledger, id) == []


def test_the_last_of_it_needs_the_authorisation_of_cutting(storeroom: Storeroom) -> None:
    lab, id = storeroom.technician, storeroom.samples[0].id
    with pytest.raises(Refused, match="A case manager must authorise"):
        lab.run(ledger.record_use, id, MG, 500.0, "extraction")
    storeroom.labs["manager"].run(ledger.authorise_use, id)
    assert lab.run(ledger.record_use, id, MG, 500.0, "extraction").remaining == 0


def test_a_volume_is_measured_before_it_is_used(storeroom: Storeroom) -> None:
    lab, id = storeroom.technician, storeroom.samples[0].id
    with pytest.raises(Refused, match="never measured"):
        lab.run(ledger.record_use, id, UL, 5.0, "quantification")
    lab.run(ledger.record_correction, id, UL, 50.0, "eluate")
    assert lab.run(ledger.record_use, id, UL, 5.0, "quantification").remaining == 45.0
    assert (storeroom.sample().volume_ul, storeroom.sample().volume_left_ul) == (50.0, 45.0)


def test_the_database_keeps_it_too(either_storeroom: Storeroom) -> None:
    storeroom = either_storeroom
    table, now = TABLES[Sample], storeroom.sample()
    engine = storeroom.labs.admin.store.engine.connect().execution_options(nomina_writes=True)
    with engine as connection, pytest.raises(exc.IntegrityError) as caught, connection.begin():
        connection.execute(
            sa.update(table).where(table.c.id == now.id).values(mass_left_mg=-1, revision=now.revision + 1)
        )
    assert "less than nothing" in str(explain(caught.value))
