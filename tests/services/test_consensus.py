"""Replicates and their consensus: n of m, what is uncertain, who may combine what."""

from __future__ import annotations

from pathlib import Path

import pytest

from forensics.domain.errors import Invalid, Refused
from forensics.domain.lists import ListQuery
from forensics.domain.profiles import ProfileState
from forensics.domain.reading import CallState
from forensics.services import consensus, profiles
from tests.support.laboratories import Staffed
from tests.support.reading import an_operation, take_in

HEADER = "Sample File\tSample Name\tD3S1358\tHeight\tTH01\tHeight\tvWA\tHeight\n"
RUNS = (
    "a.fsa\tB1\t15, 16\t300, 280\t6, 9.3\t90, 70\t17\t60\n",
    "b.fsa\tB1\t15, 16\t200, 180\t6\t80\t17, OL\t50, 40\n",
    "c.fsa\tB1\t15\t150\t6, 9.3\t70, 60\t18\t55\n",
)
Peak = tuple[str, float | None, float | None, str]


def _peaks(*names: str) -> tuple[Peak, ...]:
    return tuple((name, None, None, "accepted") for name in names)


def test_an_allele_stands_when_enough_replicates_show_it() -> None:
    found = consensus.consensus_of(
        [{"TH01": _peaks("6", "9.3")}, {"TH01": _peaks("6")}, {"TH01": _peaks("6", "7")}], 2
    )
    states = {call.designation: call.state for call in found["TH01"]}
    assert states == {"6": CallState.ACCEPTED, "7": CallState.UNCERTAIN, "9.3": CallState.UNCERTAIN}


def test_three_runs_become_one_profile(staffed: Staffed, tmp_path: Path) -> None:
    operation, case = an_operation(staffed, two=False)
    options = profiles.ImportOptions(operation, "run.txt", case=case)
    ids = [
        take_in(staffed, tmp_path / f"{number}.txt", HEADER + run, options)[0]
        for number, run in enumerate(RUNS)
    ]
    lab = staffed["tamara"]
    first = lab.run(profiles.profile, ids[0])
    planned = lab.run(consensus.replicates, first.sample)
    assert len(planned.profiles) == 3
    assert planned.rule == "alleles seen in at least 2 of 3 replicates; what fewer show is uncertain"
    made = lab.run(consensus.combine_profiles, ids)
    assert made.rule == planned.rule
    assert made.genotypes == {"D3S1358": ("15", "16"), "TH01": ("6", "9.3")}
    assert [(p[0], p[1], p[3]) for p in made.calls["D3S1358"]] == [
        ("15", 216.67, "accepted"),
        ("16", 230.0, "accepted"),
    ]
    assert ("18", 55.0, None, "uncertain") in made.calls["vWA"]
    earlier = [lab.run(profiles.profile, id) for id in ids]
    assert {p.state for p in earlier} == {ProfileState.SUPERSEDED}
    with pytest.raises(Refused, match="replicates are combined before they are read"):
        lab.run(consensus.combine_profiles, ids)
    (accepted,) = staffed["reviewer"].run(profiles.accept_profiles, [made.id])
    assert accepted.state is ProfileState.ACCEPTED


def test_profiles_of_different_samples_are_not_combined(staffed: Staffed, tmp_path: Path) -> None:
    operation, case = an_operation(staffed)
    options = profiles.ImportOptions(operation, "run.txt", case=case)
    ids = take_in(staffed, tmp_path / "a.txt", HEADER + RUNS[0] + RUNS[1].replace("B1", "B2"), options)
    lab = staffed["tamara"]
    with pytest.raises(Invalid, match="different samples"):
        lab.run(consensus.combine_profiles, ids)
    with pytest.raises(Invalid, match="at least two"):
        lab.run(consensus.combine_profiles, ids[:1])
    assert lab.run(profiles.profiles, ListQuery()).total == 2
