"""Likelihood ratios of imported Familias files against those another program computed from the same files."""

from dataclasses import replace
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from forensics.data.frequencies import normalised
from forensics.domain.kinship import Genotype, KinshipCase, Member, Pedigree, Sex
from forensics.domain.loci import canonical
from forensics.domain.reading import ReadFamily, Reading
from forensics.formats import read_file
from forensics.genetics.likelihood import likelihood_ratio
from tests.support.pedigrees import equivalent, pedigree_from
from tests.support.shared import expected, has_shared, shared


def _cases(part: str) -> list[Any]:
    if not has_shared("oracle", "public", "fam_import.json"):
        return [pytest.param(None, marks=pytest.mark.skip(reason="the shared expected results are not here"))]
    cases = expected("oracle", "public", "fam_import.json")["cases"]
    return [pytest.param(c, id=Path(c["file"]).name) for c in cases if part in c["result"]]


def _read(case: dict[str, Any]) -> Reading:
    return read_file(shared("corpus", *case["file"].split("/")))


def _question(
    reading: Reading,
    numerator: Pedigree,
    denominator: Pedigree,
    people: dict[str, str],
    loci: set[str] | None = None,
) -> KinshipCase:
    """The case in which `people` (pedigree id → sample) are typed."""
    assert reading.frequencies is not None
    genotypes: dict[str, dict[str, Genotype]] = {
        person: {locus: reading.profile(sample).genotype(locus) for locus in reading.profile(sample).calls}
        for person, sample in people.items()
    }
    table = normalised(reading.frequencies)
    return KinshipCase(
        "imported",
        tuple(locus for locus in table.loci if loci is None or locus in loci),
        table,
        numerator,
        denominator,
        genotypes,
        theta=reading.theta or 0.0,
        mutation=reading.mutation,
    )


@pytest.mark.parametrize("case", _cases("kinshipLR"))
def test_likelihood_ratios_of_a_kinship_case_are_reproduced(case: dict[str, Any]) -> None:
    reading = _read(case)
    (family,) = reading.families
    people = {r.person: r.sample for r in family.relatives}
    denominator = family.alternatives[-1][1]
    results = case["result"]["kinshipLR"]
    for (name, numerator), title in zip(family.alternatives, results["total"], strict=True):
        assert title.startswith(name)
        found = likelihood_ratio(_question(reading, numerator, denominator, people))
        assert found.value == pytest.approx(results["total"][title], rel=1e-9)
        for locus, ratio in results["per_marker"][title].items():
            log10 = found.log10_per_locus[canonical(locus) or locus]
            assert log10 is not None
            assert 10**log10 == pytest.approx(ratio, rel=1e-9)


@pytest.mark.parametrize("case", _cases("dvi_result"))
def test_pairwise_likelihood_ratios_of_a_dvi_file_are_reproduced(case: dict[str, Any]) -> None:
    reading, compared = _read(case), 0
    if not case["input_parsed"]["mutation"]:  # the other program computed without the models of this file
        reading = replace(reading, mutation={})
    pairwise = case["result"]["dvi_result"]["pairwise_lr"]
    remains = [p.sample for p in reading.profiles][: len(pairwise["rows"])]
    theirs = case["input_parsed"]["am_families"].values()
    for family, drawn in zip(reading.families, theirs, strict=True):
        for ours, wanted in _missing(family, reading, drawn).items():
            column = pairwise["cols"].index(wanted)
            for sample, values in zip(remains, pairwise["values"], strict=True):
                if values[column] is not None:
                    found = _placed(reading, family, ours, sample, set(case["input_parsed"]["loci"]))
                    assert found == pytest.approx(values[column], rel=1e-8, abs=1e-300)
                    compared += 1
    assert compared >= 5


def _missing(family: ReadFamily, reading: Reading, drawn: dict[str, Any]) -> dict[str, str]:
    """Our id of each missing person → theirs, by the shape of the pedigree."""
    their = pedigree_from(drawn["pedigree"])
    ids = [m.id for m in their.members if m.id.startswith("M")]
    typed = dict(zip((r.person for r in family.relatives), drawn["genotypes"], strict=True))
    for order in permutations(ids):
        named = dict(zip(family.missing, order, strict=True))
        if equivalent(family.pedigree, their, typed | named, sexes=False):
            return named
    assert len(ids) == 1  # the sex of a missing parent is open, so the two drawings are mirrored
    return {family.missing[0]: ids[0]}


def _placed(reading: Reading, family: ReadFamily, missing: str, sample: str, loci: set[str]) -> float:
    """LR that the remains are the missing person rather than unrelated to the family."""
    victim = Member("victim", family.pedigree.member(missing).sex)
    if victim.sex is Sex.UNKNOWN:
        victim = Member("victim", reading.profile(sample).sex)
    apart = Pedigree((*family.pedigree.members, victim))
    inserted = Pedigree(tuple(_renamed(m, missing) for m in family.pedigree.members))
    people = {r.person: r.sample for r in family.relatives} | {"victim": sample}
    names = {canonical(locus) or locus for locus in loci}
    return likelihood_ratio(_question(reading, inserted, apart, people, names)).value


def _renamed(member: Member, missing: str) -> Member:
    def name(id: str | None) -> str | None:
        return "victim" if id == missing else id

    return Member(name(member.id) or "", member.sex, name(member.father), name(member.mother), member.twins)
