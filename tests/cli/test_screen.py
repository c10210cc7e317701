"""`nomina screen`."""

from __future__ import annotations

import pytest

from forensics.domain.lists import ListQuery
from forensics.domain.operations import Operation, OperationKind
from forensics.services import auditing, matching, operations
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
    assert "are expected by chance" in rows[-1]


def test_a_higher_threshold_lists_fewer(nomina_small: Commands) -> None:
    low = nomina_small.as_("analyst", "screen", "--json").json["hits"]
    high = nomina_small.as_("analyst", "screen", "--json", "--threshold", "1e9").json["hits"]
    assert 0 < len(high) < len(low)
    assert all(hit["log10_lr"] >= 9 for hit in high)


def test_what_can_not_be_screened_is_said(nomina: Commands) -> None:
    assert "no open operation" in nomina.as_("analyst", "screen").refused()
    new = Operation(title="Flood", kind=OperationKind.DISASTER, number_sought=9)
    nomina.labs["manager"].run(operations.create_operation, new)
    assert "no frequency table" in nomina.as_("analyst", "screen").refused()
    assert "may not" in nomina.as_("tamara", "screen").refused()
    for wrong in ("0", "-1", "nan", "inf", "many"):
        assert nomina.as_("analyst", "screen", "--threshold", wrong).status == 2


def test_jointly_every_victim_has_both_answers_and_nothing_is_kept(nomina_small: Commands) -> None:
    before = nomina_small.labs["analyst"].run(auditing.head)
    said = nomina_small.as_("analyst", "screen", "--joint", "--json")
    assert said.status == 0, said.err
    value = said.json
    assert {"inputs", "frequencies", "pedigrees", "profiles"} == set(value["sha256"])
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
    assert "Nothing was kept." in read.out
    for victim in value["victims"]:
        assert (f"{victim['victim']}: " in read.out) == victim["differs"]
    assert nomina_small.labs["analyst"].run(auditing.head) == before
