"""A process dies at work: a child is killed at a random moment, and nothing that it had confirmed is lost.

The child prints the audit sequence of every act once it has the receipt. Afterwards each printed act is there,
whole, with its entry; at most one more act, never half of one, may have been saved; the chain verifies.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from forensics.domain.lists import ListQuery
from forensics.services import auditing, remains
from forensics.services.door import Laboratory
from forensics.services.laboratories import open_laboratory
from tests.support.laboratories import PASSPHRASE, PASSWORD, Staffed, create, open_copy

ROOT = Path(__file__).resolve().parents[2]
ITEMS = 5

CHILD = f"""
import sys
from datetime import UTC, datetime
from forensics.domain.operations import Operation, OperationKind
from forensics.domain.remains import Description, ItemKind, RemainsCase
from forensics.persistence import keys
from forensics.services import operations, remains
from tests.support.laboratories import PASSPHRASE, PASSWORD, Staffed
from forensics.services.laboratories import open_laboratory

keys.MEMORY_KIB, keys.TIME_COST, keys.LANES = 64, 1, 1  # as the fixture `cheap_passwords`
labs = Staffed(open_laboratory(sys.argv[1], "admin", PASSWORD, PASSPHRASE), sys.argv[1])
new = Operation(title="Storm", kind=OperationKind.DISASTER, number_sought=9)
operation = labs["manager"].run(operations.create_operation, new)
custodian = labs["custodian"]
custodian.subscribe(lambda receipt: print(receipt.audit.sequence, flush=True))
print("ready", flush=True)
for number in range(10_000):
    case = RemainsCase(
        operation=operation.id, received_at=datetime.now(UTC), received_from=f"Boat {{number}}",
        received_by=custodian.person.id, description=Description.COMMINGLED,
    )
    items = [remains.NewItem(ItemKind.BONE, "femur", note="x" * 500) for _ in range({ITEMS})]
    custodian.run(remains.receive_case, case, items)
"""


def _work_until_killed(location: str, after: float) -> list[int]:
    """The acknowledged audit sequences of a child that is killed `after` seconds of work."""
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, location],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    try:
        assert child.stdout.readline() == "ready\n"
        time.sleep(after)
    finally:
        child.send_signal(signal.SIGKILL)
    said = child.stdout.read()
    child.wait(30)
    child.stdout.close()
    assert child.returncode == -signal.SIGKILL
    return [int(line) for line in said.splitlines(keepends=True) if line.endswith("\n")]


def _demand_whole(location: str, acknowledged: list[int]) -> None:
    """Everything that was confirmed is there; what is there is complete."""
    labs = Staffed(open_laboratory(location, "admin", PASSWORD, PASSPHRASE), location)
    try:
        _demand_entries(labs, acknowledged)
        _demand_cases(labs["custodian"], len(acknowledged))
    finally:
        labs.close()


def _demand_entries(labs: Staffed, acknowledged: list[int]) -> None:
    verdict = labs.admin.run(auditing.verify)
    assert verdict.sound, verdict.problems
    assert verdict.entries == verdict.head.sequence
    entries = {
        line.sequence for line in labs.admin.run(auditing.latest, 100_000) if line.what == "Receive case"
    }
    assert set(acknowledged) <= entries
    assert len(entries) <= len(acknowledged) + 1
    assert verdict.head.sequence - max(acknowledged, default=verdict.head.sequence) <= 1


def _demand_cases(lab: Laboratory, acknowledged: int) -> None:
    rows = lab.run(remains.cases, ListQuery(limit=100_000)).rows
    assert acknowledged <= len(rows) <= acknowledged + 1
    assert {row.received_from for row in rows} == {f"Boat {number}" for number in range(len(rows))}
    assert all(row.items == ITEMS for row in rows)


def _go_on(location: str) -> None:
    """The laboratory takes new work after the crash."""
    from datetime import UTC, datetime

    from forensics.domain.remains import Description, RemainsCase
    from forensics.services.operations import operations

    labs = Staffed(open_laboratory(location, "admin", PASSWORD, PASSPHRASE), location)
    custodian = labs["custodian"]
    (operation,) = custodian.run(operations)
    case = RemainsCase(
        operation=operation.id,
        received_at=datetime.now(UTC),
        received_from="After the storm",
        received_by=custodian.person.id,
        description=Description.SKELETAL,
    )
    assert custodian.run(remains.receive_case, case).number
    assert labs.admin.run(auditing.verify).sound
    labs.close()


@pytest.mark.parametrize("attempt", range(3))
def test_a_killed_process_loses_nothing_that_it_confirmed_in_the_file(
    attempt: int, empty_template: Path, tmp_path: Path
) -> None:
    labs = open_copy(empty_template, tmp_path)
    labs.close()
    acknowledged = _work_until_killed(labs.location, random.uniform(0.05, 0.6))
    _demand_whole(labs.location, acknowledged)
    _go_on(labs.location)


def test_a_killed_client_loses_nothing_that_it_confirmed_on_the_server(
    fresh_database: Callable[..., str],
) -> None:
    location = fresh_database()
    create(location).close()
    acknowledged = _work_until_killed(location, random.uniform(0.05, 0.6))
    _demand_whole(location, acknowledged)
    _go_on(location)


def test_the_check_notices_an_act_that_was_lost(empty_template: Path, tmp_path: Path) -> None:
    labs = open_copy(empty_template, tmp_path)
    labs.close()
    acknowledged = _work_until_killed(labs.location, 1.5)
    assert len(acknowledged) > 3
    # The one after the last confirmed may have been saved unconfirmed; the one after that can't be there.
    with pytest.raises(AssertionError):
        _demand_whole(labs.location, [*acknowledged, max(acknowledged) + 2])
    with pytest.raises(AssertionError):
        _demand_whole(labs.location, acknowledged[:-2])
