"""Kits and control genotypes."""

import csv
from collections import defaultdict

import pytest

from forensics.data.kits import Kit, controls, kit, kits, kits_with
from forensics.domain.loci import Inheritance, canonical, inheritance
from tests.support.shared import shared

CORE = {
    "CSF1PO", "D1S1656", "D2S1338", "D2S441", "D3S1358", "D5S818", "D7S820", "D8S1179", "D10S1248", "D12S391",
    "D13S317", "D16S539", "D18S51", "D19S433", "D21S11", "D22S1045", "FGA", "TH01", "TPOX", "vWA",
}  # fmt: skip
"""The twenty CODIS core loci since 2017."""


@pytest.mark.parametrize("known", kits(), ids=lambda k: k.name)
def test_markers_of_a_kit_are_canonical_and_stand_once(known: Kit) -> None:
    assert len(set(known.markers)) == len(known.markers)
    assert [canonical(m) for m in known.markers] == list(known.markers)


@pytest.mark.parametrize(
    ("name", "total", "autosomal"),
    [
        ("PowerPlex Fusion 6C", 27, 23),
        ("GlobalFiler", 24, 21),
        ("PowerPlex 16", 16, 15),
        ("Identifiler", 16, 15),
        ("NGM SElect", 17, 16),
        ("PowerPlex ESX 17", 17, 16),
        ("VeriFiler Plus", 27, 23),
        ("PowerPlex Y23", 22, 0),
        ("Yfiler Plus", 25, 0),
    ],
)
def test_kits_have_as_many_markers_as_their_makers_say(name: str, total: int, autosomal: int) -> None:
    found = kit(name)
    assert found is not None
    assert len(found.markers) == total
    assert sum(inheritance(m) is Inheritance.AUTOSOMAL for m in found.markers) == autosomal


@pytest.mark.parametrize(
    "name", ["GlobalFiler", "PowerPlex Fusion", "VeriFiler Plus", "Investigator 24plex QS"]
)
def test_kits_for_the_expanded_core_hold_it(name: str) -> None:
    found = kit(name)
    assert found is not None
    assert set(found.markers) >= CORE


def test_kits_are_found_by_their_markers() -> None:
    assert kits_with(["PENTA_D", "PENTA_E", "VWA"])[0].name == "PowerPlex 16"
    assert kits_with(["D99S1"]) == ()


def test_y_kits_agree_with_a_published_list() -> None:
    published: dict[str, set[str]] = defaultdict(set)
    with shared("frequencies", "ystr_kits_malan.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            published[row["Kit"]].add(
                canonical(row["Marker"].removesuffix("a").removesuffix("b")) or row["Marker"]
            )
    for name in ("Yfiler", "Yfiler Plus", "PowerPlex Y23"):
        found = kit(name)
        assert found is not None
        if name in published:
            assert set(found.markers) == published[name]


def test_control_genotypes_are_those_of_the_published_list() -> None:
    rows = [
        line.split("\t")
        for line in shared("corpus", "codis", "osiris__StandardPositiveControlList.txt")
        .read_text()
        .splitlines()
    ]
    for title, name in (("9947A", "9947A"), ("2800M", "2800M"), ("DNA007", "007")):
        column = rows[0].index(title)
        for row in rows[1:]:
            marker = canonical(row[0])
            if len(row) > column and row[column] and marker and marker not in ("AMEL", "QS1", "QS2"):
                assert controls()[name][marker] == tuple(row[column].strip('"').split(","))


def test_controls_are_written_in_our_terms() -> None:
    assert controls()["9947A"]["AMEL"] == ("X",)
    assert controls()["2800M"]["AMEL"] == ("X", "Y")
    assert controls()["2800M"]["TH01"] == ("6", "9.3")
    for genotypes in controls().values():
        assert [canonical(m) for m in genotypes] == list(genotypes)
