"""Shipped frequency tables: sources, sums, and agreement with the published figures."""

import csv
import math
from collections import defaultdict

import pytest

from forensics.data import frequencies
from forensics.domain.errors import Invalid
from forensics.domain.kinship import FrequencyTable
from forensics.domain.loci import allele_order, canonical
from tests.support.shared import shared

KEYS = [info.key for info in frequencies.available()]
FILES = {
    "nist1036-african-american": "NIST1036_AfAm",
    "nist1036-asian": "NIST1036_Asian",
    "nist1036-caucasian": "NIST1036_Cauc",
    "nist1036-hispanic": "NIST1036_Hisp",
    "fbi2015-african-american": "FBI2015_African_American",
    "fbi2015-african-american-bahamian-jamaican": "FBI2015_African_Amer_Bahamian_Jamaican",
    "fbi2015-apache": "FBI2015_Apache",
    "fbi2015-bahamian": "FBI2015_Bahamian",
    "fbi2015-caucasian": "FBI2015_Caucasian",
    "fbi2015-chamorro": "FBI2015_Chamorro",
    "fbi2015-filipino": "FBI2015_Filipino",
    "fbi2015-jamaican": "FBI2015_Jamaican",
    "fbi2015-navajo": "FBI2015_Navajo",
    "fbi2015-se-hispanic": "FBI2015_SE_Hispanic",
    "fbi2015-sw-hispanic": "FBI2015_SW_Hispanic",
    "fbi2015-trinidadian": "FBI2015_Trinidadian",
}


def test_four_nist_and_twelve_fbi_tables_ship() -> None:
    assert sorted(KEYS) == sorted(FILES)


@pytest.mark.parametrize("key", KEYS)
def test_every_locus_of_a_table_sums_to_one_in_ladder_order(key: str) -> None:
    table = frequencies.load(key)
    for locus, alleles in table.loci.items():
        assert canonical(locus) == locus
        assert math.fsum(alleles.values()) == pytest.approx(1, abs=1e-12)
        assert list(alleles) == sorted(alleles, key=allele_order)
        assert min(alleles.values()) > 0


@pytest.mark.parametrize("info", frequencies.available(), ids=KEYS)
def test_every_table_names_its_source_licence_and_size(info: frequencies.TableInfo) -> None:
    assert info.source
    assert info.licence
    assert all(doi.startswith("10.") for doi in info.doi)
    table = frequencies.load(info.key)
    assert max(table.sizes.values()) == 2 * info.people
    assert len(table.digest) == 64
    assert info.doi[0] in table.source
    assert tuple(table.loci) == info.loci


@pytest.mark.parametrize(("key", "file"), FILES.items())
def test_a_table_equals_the_published_figures(key: str, file: str) -> None:
    published: dict[str, dict[str, float]] = defaultdict(dict)
    sizes = {}
    with shared("frequencies", f"{file}.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            published[row["marker"]][row["allele"]] = float(row["frequency"])
            sizes[row["marker"]] = int(row["n_alleles"])
    table = frequencies.load(key)
    assert dict(table.sizes) == sizes
    assert {locus: set(a) for locus, a in table.loci.items()} == {
        locus: set(a) for locus, a in published.items()
    }
    for locus, alleles in published.items():
        for allele, frequency in alleles.items():
            assert table.loci[locus][allele] == pytest.approx(frequency, rel=1e-9)


def test_a_frequency_is_a_count_over_the_alleles_of_its_locus() -> None:
    table = frequencies.load("nist1036-caucasian")
    assert table.loci["CSF1PO"]["8"] == 4 / 722
    assert frequencies.minimum_frequency(table, "CSF1PO") == 5 / 722
    assert frequencies.minimum_frequency(table, "D1S1") is None


def test_nist_counts_agree_with_the_published_genotypes() -> None:
    counted: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    groups = set()
    with shared("frequencies", "nist1036_genotypes.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            groups.add(row["population"])
            if row["population"].casefold().startswith("cau"):
                for slot in ("1", "2"):
                    counted["TH01"][row[f"TH01_{slot}"]] += 1
    table = frequencies.load("nist1036-caucasian")
    assert {a: n / 722 for a, n in counted["TH01"].items()} == table.loci["TH01"], groups


def test_a_table_that_does_not_ship_is_refused_in_a_sentence() -> None:
    with pytest.raises(Invalid, match="import your own"):
        frequencies.load("../kits")


def test_rounded_figures_are_scaled_to_one() -> None:
    table = FrequencyTable("t", {"TH01": {"6": 0.3, "7": 0.6}})
    assert frequencies.normalised(table).loci["TH01"] == pytest.approx({"6": 1 / 3, "7": 2 / 3})
