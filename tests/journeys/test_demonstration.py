"""`nomina demo --headless` as a stranger meets it: one command, eight steps, signed reports that hold."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import pytest

from forensics.domain.documents import ReportState
from forensics.domain.errors import Cancelled, Refused
from forensics.domain.kinship import Sex
from forensics.domain.lists import ListQuery
from forensics.services import auditing, documents, profiles
from forensics.services.demonstration import sign_in
from forensics.services.door import Receipt
from reports import demonstrating
from reports.walkthrough import pdf_of, verified, walk
from tests.support.laboratories import SMALL, Staffed, create

ROOT = Path(__file__).resolve().parents[2]


def nomina(home: Path, *arguments: str, standing: str | None = None) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, with a home of its own and no display."""
    hidden = {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}
    env = {name: value for name, value in os.environ.items() if name not in hidden}
    for name in ("CONFIG", "CACHE", "DATA", "STATE"):
        env[f"XDG_{name}_HOME"] = str(home / name.lower())
    command = [sys.executable, "-m", "forensics.cli.main", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=env, input=standing, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The home of somebody who has called the command once, and what it said."""
    home = tmp_path_factory.mktemp("stranger")
    done = nomina(home, "demo", "--headless")
    assert (done.returncode, done.stderr) == (0, "")
    return home, done.stdout


def test_every_step_is_told_in_one_line(walked: tuple[Path, str]) -> None:
    steps = re.findall(r"^(\d)  (.+)$", walked[1], re.MULTILINE)
    assert [number for number, _ in steps] == list("12345678")
    told = dict(steps)
    assert "cut before a witness" in told["2"]
    assert "after a dry run, and reviewed by" in told["3"]
    assert re.search(r"LR 10\^\d+\.\d+, posterior (over )?99\.9", told["5"])
    assert "100" not in told["5"].split("posterior", 1)[1].split("%")[0]
    assert "verify as valid" in told["7"]
    assert "closed; the audit of" in told["8"]
    assert "verifies" in told["8"]
    assert re.search(r"Custody:\n +\S+ \S+  Received from Mortuary", walked[1])
    assert re.search(r"Audit:\n +\d+  ", walked[1])


def test_the_signed_reports_lie_where_it_says_and_hold(walked: tuple[Path, str]) -> None:
    home, said = walked
    reports = [Path(line) for line in said.split("Signed reports:\n")[1].splitlines()]
    assert len(reports) == 2
    match, identification = reports
    done = nomina(home, "verify", str(match))
    assert done.returncode == 0, done.stdout
    assert "Verdict: valid" in done.stdout
    assert "✓ numbers" in done.stdout
    if shutil.which("pdfsig"):
        command = ["pdfsig", "-nocert", str(identification)]
        opinion = subprocess.run(command, capture_output=True, text=True, check=False).stdout
        assert opinion.count("Signature is Valid.") == 2


def test_a_second_walk_is_another_operation_in_the_same_laboratory(staffed: Staffed, tmp_path: Path) -> None:
    staff = demonstrating.staff_of(staffed.admin)
    taken = []
    for folder in ("first", "second"):
        walked = walk(staff, tmp_path / folder)
        told = [step.sentence for step in islice(walked.steps(), 3)]  # as far as the files are taken in
        taken.append((walked.operation.title, told[2][:31]))
        here = ListQuery(filters={"operation": (walked.operation.id,)}, limit=100)
        rows = staffed["reviewer"].run(profiles.profiles, here).rows
        assert Sex.UNKNOWN not in {row.sex for row in rows}  # the files hold amelogenin
        assert {row.sex for row in rows if row.source == walked.bone} <= {Sex.MALE}
    assert taken == [
        ("Walk-through 1", "18 profiles and 5 further famil"),
        ("Walk-through 2", "18 profiles and 5 further famil"),
    ]


def test_the_whole_walk_goes_the_same_way_on_a_server(
    fresh_database: Callable[..., str], tmp_path: Path
) -> None:
    labs = create(fresh_database())
    walked = walk(demonstrating.staff_of(labs.admin), tmp_path)
    assert [step.number for step in walked.steps()] == list(range(1, 9))
    assert len(walked.reports) == 2
    assert labs.admin.run(auditing.verify).sound
    labs.close()


def test_a_file_that_is_no_demonstration_is_refused_and_stays(tmp_path: Path) -> None:
    precious = tmp_path / "precious.nomina"
    precious.write_bytes(b"x" * 8192)
    done = nomina(tmp_path, "demo", "--headless", "--laboratory", str(precious))
    assert done.returncode == 1
    assert "can't be opened as a demonstration laboratory" in done.stderr
    assert "Traceback" not in done.stderr
    assert precious.read_bytes() == b"x" * 8192
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".unfinished")] == []


def test_without_a_display_the_window_is_not_attempted(tmp_path: Path) -> None:
    done = nomina(tmp_path, "demo", "--laboratory", str(tmp_path / "new.nomina"))
    assert done.returncode == 1
    assert "no display" in done.stderr
    assert not (tmp_path / "new.nomina").exists()


# the laboratory that the window opens on


def test_the_demonstration_has_reports_at_every_stage(tmp_path: Path) -> None:
    path = tmp_path / "demonstration.nomina"
    labs = Staffed(demonstrating.open_or_make(path, size=SMALL, login="admin"), str(path))
    rows = labs["quality"].run(documents.reports, ListQuery(limit=100)).rows
    states = sorted((row.kind, row.state) for row in rows)
    assert states.count(("match", ReportState.ISSUED)) == 2
    assert states.count(("identification", ReportState.ISSUED)) == 1
    assert states.count(("match", ReportState.SIGNED)) == 1
    assert states.count(("match", ReportState.DRAFT)) == 1
    for row in rows:
        if row.state is ReportState.ISSUED:
            report = labs["quality"].run(documents.report_record, row.id).report
            assert verified(labs["quality"], pdf_of(labs["quality"], report)).accepted
    entries = labs.admin.run(auditing.head)
    labs.close()
    again = demonstrating.open_or_make(path, login="manager")
    assert again.person.login == "manager"
    assert again.run(auditing.head) == entries  # opened, not made anew
    again.close()


def test_reports_that_were_stopped_are_taken_up_and_none_is_written_twice(tmp_path: Path) -> None:
    class Stop:
        def step(self, done: int, total: int, what: str = "") -> None:
            if done == 2:
                raise Cancelled("Stopped.")

    path = tmp_path / "demonstration.nomina"
    lab = demonstrating.open_or_make(path, size=SMALL, reports=False)
    assert demonstrating.reports_outstanding(lab) == 5
    with pytest.raises(Cancelled):
        demonstrating.write_reports(lab, Stop())
    assert demonstrating.reports_outstanding(lab) == 3
    lab.close()
    lab = demonstrating.open_or_make(path, login="tamara")  # whoever is signed in
    heard: list[Receipt] = []
    lab.subscribe(heard.append)
    for _ in range(2):
        demonstrating.write_reports(lab)
    assert [one.act for one in heard].count("documents.record_draft") == 3
    manager = sign_in(lab, "manager")
    rows = manager.run(documents.reports, ListQuery(limit=100, sort="number")).rows
    assert [(row.kind, row.state) for row in rows] == [
        ("match", ReportState.ISSUED),
        ("match", ReportState.ISSUED),
        ("identification", ReportState.ISSUED),
        ("match", ReportState.SIGNED),
        ("match", ReportState.DRAFT),
    ]
    lab.close()


def test_a_demonstration_that_failed_leaves_nothing(tmp_path: Path) -> None:
    class Full:
        def step(self, done: int, total: int, what: str = "") -> None:
            if done == 2:
                raise Refused("The disk is full.")

    with pytest.raises(Refused, match="disk is full"):
        demonstrating.open_or_make(tmp_path / "new.nomina", Full(), size=SMALL)
    assert list(tmp_path.iterdir()) == []
