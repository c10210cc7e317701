"""`nomina screen`."""

from __future__ import annotations

import pytest

from forensics.domain.lists import ListQuery
from forensics.domain.operations import Operation, OperationKind, ReadingPolicy
from forensics.domain.profiles import ProfileState
from forensics.services import auditing, joint, matching, operations, profiles
from tests.support.commands import Commands


def test_hits_are_listed_with_what_they_rest_on(nomina_small: Commands) -> None:
    said = nomina_small.as_("analyst", "screen", "--json")
    assert said.status == 0, said.err
    value = said.json
    best = ListQuery(sort="log10_lr", descending=True, limit=1000)
    rows = nomina_small.labs["analyst"].run(matching.hypotheses, best).rows
    assert [hit["hypothesis"] for hit in value["hits"]] == [r.number for r in rows if (r.log10_lr or 0) >= 2]
    assert value["hits"][0]["log10_lr"] == rows[0].log10_lr
    assert 0 < value["comparisons"] <= value["profiles"] * value["families"]  # sexes must fit
    assert value["expected_chance_hits"] == pytest.approx(value["comparisons"] / 100)
    assert value["parameters"]["theta"] == 0.01


def test_the_table_is_whole_and_says_how_many_chance_would_bring(nomina_small: Commands) -> None:
    said = nomina_small.as_("analyst", "screen", "--threshold", "1e6")
    assert said.status == 0, said.err
    head, _, *rows = said.out.splitlines()
    assert head.split() == ["Match", "Remains", "Missing", "Family", "log10", "LR", "Loci", "State"]
    assert rows[0].startswith("HY-")
    assert "…" not in said.out
    assert "are expected by chance" in rows[-2]
    assert "keep this threshold" in rows[-1]


def test_a_higher_threshold_lists_fewer(nomina_small: Commands) -> None:
    low = nomina_small.as_("analyst", "screen", "--json").json["hits"]
    high = nomina_small.as_("analyst", "screen", "--json", "--threshold", "1e9").json["hits"]
    assert 0 < len(high) < len(low)
    assert all(hit["log10_lr"] >= 9 for hit in high)


def test_what_can_not_be_screened_is_said(nomina: Commands) -> None:
    assert "no open operation" in nomina.as_("analyst", "screen").refused()
    new = Operation(title="Flood", kind=OperationKind.DISASTER, number_sought=9, reading=ReadingPolicy.ONE)
    nomina.labs["manager"].run(operations.create_operation, new)
    assert "no frequency table" in nomina.as_("analyst", "screen").refused()
    assert "may not" in nomina.as_("tamara", "screen").refused()
    for wrong in ("0", "-1", "nan", "inf", "many"):
        assert nomina.as_("analyst", "screen", "--threshold", wrong).status == 2


def test_jointly_every_victim_has_both_answers_and_it_is_kept_unless_tried(nomina_small: Commands) -> None:
    lab = nomina_small.labs["analyst"]
    before = lab.run(auditing.head)
    said = nomina_small.as_("analyst", "screen", "--joint", "--json", "--dry-run")
    assert said.status == 0, said.err
    value = said.json
    assert value["record"] is None
    assert lab.run(auditing.head) == before
    assert {"question", "inputs", "frequencies", "pedigrees", "profiles", "decisions"} == set(value["sha256"])
    assert value["method"] in ("exact sum", "between bounds", "sampled")
    for victim in value["victims"]:
        together = sum(one["joint_posterior"] for one in victim["missing"]) + victim["nobody_posterior"]
        assert together == pytest.approx(1.0, abs=1e-5)
        assert victim["words"]
    assert any(victim["identified"] for victim in value["victims"])
    read = nomina_small.as_("analyst", "screen", "--joint")
    assert read.status == 0, read.err
    head, _, *rows = read.out.splitlines()
    assert head.split()[:3] == ["Victim", "Best", "pair"]
    assert len([row for row in rows if row.startswith(("RI-", "IN-")) and ": " not in row]) == len(
        value["victims"]
    )
    (op,) = lab.run(operations.operations)
    (kept,) = lab.run(joint.joint_identifications, op.id)
    assert f"Kept as {kept.number}." in read.out
    assert kept.digests == value["sha256"]
    assert f"Identified already and held there: {kept.held};" in read.out
    assert kept.held == sum(victim["identification"] is not None for victim in value["victims"]) > 0
    for victim in value["victims"]:
        assert (f"{victim['victim']}: " in read.out) == victim["differs"]


def test_only_what_changed_is_compared_and_told(nomina_small: Commands) -> None:
    nomina_small.as_("analyst", "screen", "--json")
    said = nomina_small.as_("analyst", "screen", "--changes")
    assert "Nothing that is compared has changed" in said.out
    reviewer = nomina_small.labs["reviewer"]
    wanted = ListQuery(filters={"state": (str(ProfileState.IMPORTED),), "reference": (False,)}, limit=3)
    waiting = reviewer.run(profiles.profiles, wanted).rows
    assert waiting
    reviewer.run(profiles.accept_profiles, [row.id for row in waiting])
    value = nomina_small.as_("analyst", "screen", "--changes", "--json").json
    assert value["profiles_compared"] == len(waiting)
    assert value["families_compared"] == 0
    assert value["expected_chance_hits"] == pytest.approx(value["comparisons"] / 100)
    assert value["comparisons_with_all_before"] > value["comparisons"]
    assert len(value["causes"]) == len(waiting)
    accepted = ListQuery(filters={"state": (str(ProfileState.ACCEPTED),), "reference": (False,)}, limit=500)
    best = ListQuery(sort="log10_lr", descending=True, limit=1)
    strongest = reviewer.run(matching.hypotheses, best).rows[0]
    record = reviewer.run(matching.hypothesis_record, strongest.id)
    assert record.profile.id in {row.id for row in reviewer.run(profiles.profiles, accepted).rows}
    reviewer.run(profiles.withdraw_profile, record.profile.id, "mislabelled tube")
    read = nomina_small.as_("analyst", "screen", "--changes")
    assert read.status == 0, read.err
    assert strongest.number in read.out
    assert "mislabelled tube" in read.out
    assert "expected by chance (with all before: " in read.out


def test_another_threshold_is_kept_for_what_changes_and_said(nomina_small: Commands) -> None:
    usual = nomina_small.as_("analyst", "screen")
    assert "keep this threshold" not in usual.out
    other = nomina_small.as_("analyst", "screen", "--threshold", "1e4")
    assert "Searches of what changed keep this threshold until" in other.out
    reviewer = nomina_small.labs["reviewer"]
    accepted = ListQuery(filters={"state": (str(ProfileState.ACCEPTED),), "reference": (False,)}, limit=2)
    for row in reviewer.run(profiles.profiles, accepted).rows:
        reviewer.run(profiles.withdraw_profile, row.id, "mislabelled tube")
        changes = nomina_small.as_("analyst", "screen", "--changes")
        assert "log10 LR ≥ 4.00, as in the last search of everything" in changes.out
    assert nomina_small.as_("analyst", "screen", "--json").json["threshold_log10"] == 2.0


def test_options_that_do_not_go_together_are_refused(nomina_small: Commands) -> None:
    assert nomina_small.as_("analyst", "screen", "--changes", "--threshold", "1e4").status == 2
    assert nomina_small.as_("analyst", "screen", "--joint", "--changes").status == 2
    assert nomina_small.as_("analyst", "screen", "--dry-run").status == 2


def test_a_scheduler_that_is_not_there_is_said(nomina_small: Commands) -> None:
    pytest.importorskip("distributed", reason="the optional part “cluster” (Dask) is not installed")
    said = nomina_small.as_("analyst", "screen", "--scheduler", "udp://nowhere")
    assert "does not answer; start it with `dask scheduler`" in said.refused()


def test_several_machines_find_what_one_finds(nomina_small: Commands) -> None:
    distributed = pytest.importorskip(
        "distributed", reason="the optional part “cluster” (Dask) is not installed"
    )
    alone = nomina_small.as_("analyst", "screen", "--json").json
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=False, dashboard_address=":0", silence_logs=50
    ) as cluster:
        # As a thread of this process: the commands of the tests run here too.
        said = nomina_small.as_("analyst", "screen", "--json", "--scheduler", cluster.scheduler_address)
    assert said.status == 0, said.err
    together = said.json
    for value in (alone, together):
        value.pop("screening")
    assert together == alone
