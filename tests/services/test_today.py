"""What waits for whom in storage, and for whom a draft of a report waits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from forensics.domain.custody import Consignment, ConsignmentKind
from forensics.domain.documents import Report, ReportState
from forensics.domain.people import Permission
from forensics.persistence.transaction import Transaction
from forensics.services import consignments, disposal, stock_taking
from forensics.services.door import Laboratory, command
from forensics.services.today import today
from tests.support.storeroom import Storeroom, storeroom

__all__ = ["storeroom"]


def waits(lab: Laboratory, title: str) -> list[tuple[int, bool]]:
    """How many, and whether for me."""
    return [(work.count, work.mine) for work in lab.run(today) if work.title == title]


def test_what_is_overdue_elsewhere_is_remembered(storeroom: Storeroom) -> None:
    room = storeroom
    sent = datetime.now(UTC) - timedelta(days=20)
    for days, things in ((10, room.items[:1]), (30, room.items[1:2])):
        new = Consignment(
            kind=ConsignmentKind.LOAN,
            to_party="Museum",
            purpose="exhibition of methods",
            sent_by=room.custodian.person.id,
            sent_at=sent,
            due=(sent + timedelta(days=days)).date(),
        )
        room.custodian.run(consignments.send, new, things)
    assert waits(room.custodian, "Overdue at other laboratories") == [(1, True)]
    assert waits(room.labs["quality"], "Overdue at other laboratories") == [(1, False)]
    assert waits(room.labs["admin"], "Overdue at other laboratories") == []


def test_a_destruction_waits_for_a_second_person(storeroom: Storeroom) -> None:
    room = storeroom
    title = "Destructions of items to authorise"
    assert waits(room.labs["coordinator"], title) == []
    room.labs["manager"].run(disposal.authorise_destruction, room.items[0], "order 7")
    assert waits(room.labs["coordinator"], title) == [(1, True)]
    assert waits(room.labs["manager"], title) == [(1, False)]
    assert waits(room.custodian, title) == [(1, False)]
    room.labs["coordinator"].run(disposal.authorise_destruction, room.items[0], "order 7")
    assert waits(room.labs["coordinator"], title) == []


def test_an_open_stock_take_waits(storeroom: Storeroom) -> None:
    storeroom.custodian.run(stock_taking.begin_stock_take, storeroom.shelf.id)
    assert waits(storeroom.technician, "Stock-takes to finish") == [(1, True)]


@command(Permission.REPORT_AUTHOR)
def draft(tx: Transaction) -> Report:
    """A draft of mine, without the facts that are no matter here."""
    return tx.add(
        Report(kind="match", title="A", facts_digest="0", author=tx.me, audit_sequence=1, audit_head="0")
    )


def test_a_draft_waits_for_its_author_alone(storeroom: Storeroom) -> None:
    analyst, manager = storeroom.labs["analyst"], storeroom.labs["manager"]
    assert analyst.run(draft).state is ReportState.DRAFT
    assert waits(analyst, "Reports to sign") == [(1, True)]
    assert waits(manager, "Reports to sign") == [(1, False)]  # who may write reports, but not sign this one
    assert waits(storeroom.custodian, "Reports to sign") == [(1, False)]
