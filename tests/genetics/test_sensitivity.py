"""What a ratio depends on: every variation is the case computed anew with one thing changed."""

from dataclasses import replace

import pytest

from forensics.domain.errors import Cancelled, Invalid
from forensics.domain.kinship import FrequencyTable, KinshipCase, Member, Pedigree, Sex
from forensics.genetics.likelihood import likelihood_ratio
from forensics.genetics.sensitivity import Varied, sensitivity

M, F = Sex.MALE, Sex.FEMALE
PARENTS = (Member("f", M), Member("m", F))
CASE = KinshipCase(
    id="c",
    loci=("L",),
    frequencies=FrequencyTable("north", {"L": {"10": 0.1, "11": 0.4, "12": 0.5}}),
    numerator=Pedigree((*PARENTS, Member("sib", F, "f", "m"), Member("PM", M, "f", "m"))),
    denominator=Pedigree((*PARENTS, Member("sib", F, "f", "m"), Member("PM", M))),
    genotypes={"f": {"L": ("10", "11")}, "sib": {"L": ("10", "12")}, "PM": {"L": ("10", "12")}, "m": {}},
    theta=0.02,
)
SOUTH = FrequencyTable("south", {"L": {"10": 0.3, "11": 0.3, "12": 0.4}})
OTHER = FrequencyTable("other kit", {"K": {"1": 1.0}})


def test_every_variation_is_the_case_with_one_thing_changed() -> None:
    found = {(v.varied, v.value): v for v in sensitivity(CASE, {"PM"}, [SOUTH])}
    expected = {
        (Varied.NOTHING, ""): CASE,
        (Varied.THETA, "0"): replace(CASE, theta=0),
        (Varied.THETA, "0.01"): replace(CASE, theta=0.01),
        (Varied.THETA, "0.03"): replace(CASE, theta=0.03),
        (Varied.POPULATION, "south"): replace(CASE, frequencies=SOUTH),
        (Varied.RELATIVE, "f"): replace(CASE, genotypes={p: CASE.genotypes[p] for p in ("sib", "PM")}),
        (Varied.RELATIVE, "sib"): replace(CASE, genotypes={p: CASE.genotypes[p] for p in ("f", "PM")}),
    }
    assert found.keys() == expected.keys()
    for key, case in expected.items():
        assert found[key].answer == likelihood_ratio(case)
    values = [v.answer.log10_total for v in found.values() if v.answer]
    assert len(set(values)) == len(values)


def test_the_last_relative_leaves_a_ratio_of_one() -> None:
    alone = replace(CASE, genotypes={p: CASE.genotypes[p] for p in ("f", "PM")})
    without = next(v for v in sensitivity(alone, {"PM"}) if v.varied is Varied.RELATIVE)
    assert without.answer is not None
    assert without.answer.value == pytest.approx(1, rel=1e-13)


def test_what_can_not_be_computed_keeps_its_place_with_the_reason() -> None:
    other = next(v for v in sensitivity(CASE, {"PM"}, [OTHER]) if v.varied is Varied.POPULATION)
    assert other.answer is None
    assert "no alleles of locus L" in other.refused


def test_a_wrong_case_is_not_varied() -> None:
    with pytest.raises(Invalid, match="Theta"):
        sensitivity(replace(CASE, theta=2), {"PM"})


def test_it_can_be_stopped() -> None:
    class Stop:
        def step(self, done: int, total: int, what: str = "") -> None:
            assert total == 7 - 1
            raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        sensitivity(CASE, {"PM"}, progress=Stop())
