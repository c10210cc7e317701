"""Likelihood ratios whose value is known as algebra, and what must not change them."""

import itertools
import math
from dataclasses import replace
from fractions import Fraction
from random import Random
from typing import Any

import pytest

from forensics.domain.errors import Invalid, NominaError, Refused
from forensics.domain.kinship import (
    Chromosome,
    Convention,
    DropOut,
    FrequencyTable,
    KinshipCase,
    LinkedPair,
    Member,
    MutationKind,
    MutationModel,
    Pedigree,
    Sex,
)
from forensics.genetics.likelihood import conditional_genotypes, likelihood_ratio, log_likelihood, space_of

M, F = Sex.MALE, Sex.FEMALE
TABLE = FrequencyTable("test", {"L": {"10": 0.1, "11": 0.2, "12": 0.3, "13": 0.4}})
P = dict(TABLE.loci["L"])
EQUAL = MutationModel(MutationKind.EQUAL, 0.004, 0.004)
STEPWISE = MutationModel(MutationKind.STEPWISE, 0.003, 0.001, 1e-6, 1e-6)


def pedigree(*rows: tuple[str, ...]) -> Pedigree:
    return Pedigree(
        tuple(
            Member(name, Sex(sex), *(parents[:2] or (None, None)), *parents[2:3])
            for name, sex, *parents in rows
        )
    )


UNRELATED = pedigree(("A", "M"), ("B", "F"))
DUO = pedigree(("A", "M"), ("x", "F"), ("B", "F", "A", "x"))
SIBS = pedigree(("f", "M"), ("m", "F"), ("A", "M", "f", "m"), ("B", "F", "f", "m"))


def case(numerator: Pedigree, genotypes: dict[str, tuple[str, ...]], **more: object) -> KinshipCase:
    stated: dict[str, Any] = {
        "loci": ("L",),
        "frequencies": TABLE,
        "denominator": UNRELATED,
        "genotypes": {p: {"L": g} for p, g in genotypes.items()},
    }
    return KinshipCase(id="test", **(stated | {"numerator": numerator} | more))


def lr(question: KinshipCase) -> float:
    return likelihood_ratio(question).value


def test_a_parent_and_child_who_share_one_allele() -> None:
    assert lr(case(DUO, {"A": ("10", "11"), "B": ("10", "12")})) == pytest.approx(
        1 / (4 * P["10"]), rel=1e-13
    )


def test_a_homozygous_parent_and_child() -> None:
    assert lr(case(DUO, {"A": ("10", "10"), "B": ("10", "10")})) == pytest.approx(1 / P["10"], rel=1e-13)


def test_siblings_who_share_both_alleles() -> None:
    p, q = P["10"], P["11"]
    expected = (1 + p + q + 2 * p * q) / (8 * p * q)
    assert lr(case(SIBS, {"A": ("10", "11"), "B": ("11", "10")})) == pytest.approx(expected, rel=1e-13)


def test_a_parent_and_child_in_a_subpopulation() -> None:
    # Balding & Nichols: P(child has another 10 | three alleles seen) in place of p.
    theta, p = 0.03, P["10"]
    expected = (1 + 2 * theta) / (2 * (theta + (1 - theta) * p)) / 2
    found = lr(case(DUO, {"A": ("10", "11"), "B": ("10", "12")}, theta=theta))
    assert found == pytest.approx(expected, rel=1e-13)


def test_a_duo_with_a_mutation_under_the_equal_model() -> None:
    # The child's 12/12: one from the father's 10/11 by mutation, one from the unseen mother through M.
    step = 0.004 / 3
    from_mother = P["12"] * (1 - 0.004) + (1 - P["12"]) * step
    expected = step * from_mother / P["12"] ** 2
    found = lr(case(DUO, {"A": ("10", "11"), "B": ("12", "12")}, mutation={"L": EQUAL}))
    assert found == pytest.approx(expected, rel=1e-13)
    pruned = case(
        DUO, {"A": ("10", "11"), "B": ("12", "12")}, mutation={"L": EQUAL}, convention=Convention.PRUNED
    )
    assert lr(pruned) == pytest.approx(step / P["12"], rel=1e-13)


def test_without_mutation_an_exclusion_is_zero_and_has_no_logarithm() -> None:
    found = likelihood_ratio(case(DUO, {"A": ("10", "11"), "B": ("12", "12")}))
    assert found.log10_per_locus == {"L": None}
    assert found.log10_total is None
    assert found.value == 0.0
    assert "L" in found.warnings[0]


def test_the_x_of_a_father_goes_whole_to_his_daughter() -> None:
    question = case(DUO, {"A": ("10",), "B": ("10", "12")}, chromosome=Chromosome.X)
    assert lr(question) == pytest.approx(1 / (2 * P["10"]), rel=1e-13)


def test_the_x_of_a_father_says_nothing_about_his_son() -> None:
    son = pedigree(("A", "M"), ("x", "F"), ("B", "M", "A", "x"))
    apart = pedigree(("A", "M"), ("B", "M"))
    question = case(son, {"A": ("10",), "B": ("12", "12")}, chromosome=Chromosome.X, denominator=apart)
    assert lr(question) == pytest.approx(1, rel=1e-13)


def test_monozygotic_twins_have_one_genotype() -> None:
    twins = pedigree(("f", "M"), ("m", "F"), ("A", "M", "f", "m", "t"), ("B", "M", "f", "m", "t"))
    apart = pedigree(("A", "M"), ("B", "M"))
    question = case(twins, {"A": ("10", "11"), "B": ("10", "11")}, denominator=apart)
    assert lr(question) == pytest.approx(1 / (2 * P["10"] * P["11"]), rel=1e-13)
    differ = case(twins, {"A": ("10", "11"), "B": ("10", "12")}, denominator=apart)
    assert likelihood_ratio(differ).log10_total is None


def test_a_child_of_a_twin_is_as_good_as_a_child_of_the_other() -> None:
    def family(father: str) -> Pedigree:
        return pedigree(("A", "M", "", "", "t"), ("T", "M", "", "", "t"), ("x", "F"), ("B", "F", father, "x"))

    def empty(drawn: Pedigree) -> Pedigree:
        return Pedigree(
            tuple(replace(m, father=m.father or None, mother=m.mother or None) for m in drawn.members)
        )

    apart = pedigree(("A", "M"), ("T", "M"), ("B", "F"))
    genotypes = {"A": ("10", "11"), "B": ("10", "12")}
    found = [lr(case(empty(family(f)), genotypes, denominator=apart)) for f in ("A", "T")]
    assert found[0] == found[1] == pytest.approx(1 / (4 * P["10"]), rel=1e-13)


def test_a_silent_allele_rescues_an_apparent_exclusion() -> None:
    table = FrequencyTable("s", {"L": {"10": 0.2, "11": 0.75, "silent": 0.05}})
    question = case(DUO, {"A": ("10", "10"), "B": ("11", "11")}, frequencies=table, silent_allele="silent")
    p, q, s = 0.2, 0.75, 0.05
    father = 2 * p * s * 0.5 * q  # he is 10/silent and passes the silent one; she gets 11 from her mother
    assert lr(question) == pytest.approx(father / ((p * p + 2 * p * s) * (q * q + 2 * q * s)), rel=1e-13)


def test_a_trace_without_drop_out_is_a_profile() -> None:
    clear = case(DUO, {"A": ("10", "11"), "B": ("10", "12")})
    trace = case(DUO, {"A": ("10", "11")}, drop_out=DropOut("B", {"L": ("12", "10")}, 0.0, 0.0))
    assert lr(trace) == pytest.approx(lr(clear), rel=1e-13)


def test_one_stated_parent_is_as_good_as_an_unnamed_partner() -> None:
    alone = Pedigree((Member("A", M), Member("B", F, father="A")))
    for mutation in ({}, {"L": EQUAL}):
        genotypes = {"A": ("10", "11"), "B": ("10", "12")}
        drawn = lr(case(DUO, genotypes, mutation=mutation))
        assert lr(case(alone, genotypes, mutation=mutation)) == drawn


def test_incest_agrees_with_the_inbreeding_coefficient() -> None:
    # A child of father and daughter, the child alone typed: f = 1/4.
    loop = pedigree(("f", "M"), ("m", "F"), ("A", "F", "f", "m"), ("B", "F", "f", "A"))
    alone = pedigree(("B", "F"))
    p = P["10"]
    question = case(loop, {"B": ("10", "10")}, denominator=alone)
    assert lr(question) == pytest.approx((p * p + 0.25 * p * (1 - p)) / (p * p), rel=1e-13)


CHILDREN = (("w", "F"), ("c", "M", "A", "w"))
RELATIVES = pedigree(
    ("g", "M"), ("h", "F"), ("A", "M", "g", "h"), ("u", "F", "g", "h"), *CHILDREN, ("B", "F", "A", "w")
)
APART = pedigree(("g", "M"), ("h", "F"), ("A", "M", "g", "h"), ("u", "F", "g", "h"), *CHILDREN, ("B", "F"))
GENOTYPES = {"B": ("10", "12"), "u": ("11", "12"), "c": ("10", "13"), "w": ("12", "13")}
MODELS = pytest.mark.parametrize(
    "more",
    [
        {},
        {"theta": 0.02},
        {"mutation": {"L": EQUAL}, "theta": 0.01},
        {"mutation": {"L": STEPWISE}},
        {"drop_out": DropOut("A", {"L": ("12",)}, 0.1, 0.02, 0.01)},
    ],
    ids=["plain", "theta", "equal+theta", "stepwise", "trace"],
)


def family(**more: object) -> KinshipCase:
    return case(RELATIVES, GENOTYPES, denominator=APART, **more)


@MODELS
def test_swapping_the_hypotheses_inverts_the_ratio(more: dict[str, object]) -> None:
    there = family(**more)
    back = replace(there, numerator=there.denominator, denominator=there.numerator)
    assert lr(there) * lr(back) == pytest.approx(1, rel=1e-12)


@MODELS
def test_names_and_order_of_people_do_not_matter(more: dict[str, object]) -> None:
    there = family(**more)
    expected = lr(there)
    names = {name: f"person {i}" for i, name in enumerate(reversed(RELATIVES.ids))}

    def renamed(drawn: Pedigree, seed: int) -> Pedigree:
        members = [
            Member(names[m.id], m.sex, names.get(m.father or ""), names.get(m.mother or ""))
            for m in drawn.members
        ]
        Random(seed).shuffle(members)
        return Pedigree(tuple(members))

    for seed in range(5):
        trace = there.drop_out and replace(there.drop_out, person=names[there.drop_out.person])
        other = replace(
            there,
            numerator=renamed(there.numerator, seed),
            denominator=renamed(there.denominator, seed + 9),
            genotypes={names[p]: g for p, g in there.genotypes.items()},
            drop_out=trace,
        )
        assert lr(other) == pytest.approx(expected, rel=1e-12)


@MODELS
def test_order_within_a_genotype_and_of_the_ladder_does_not_matter(more: dict[str, object]) -> None:
    there = family(**more)
    turned = {p: {"L": tuple(reversed(g["L"]))} for p, g in there.genotypes.items()}
    ladder = FrequencyTable("test", {"L": dict(reversed(TABLE.loci["L"].items()))})
    assert lr(replace(there, genotypes=turned, frequencies=ladder)) == pytest.approx(lr(there), rel=1e-12)


@MODELS
def test_relatives_who_tell_nothing_change_nothing(more: dict[str, object]) -> None:
    there = family(**more)
    silent = (
        Member("z", F),
        Member("y", M, "A", "z"),
        Member("y2", F, "A", "z"),
        Member("v", M),
        Member("v1", F, "v", "y2"),
        Member("stranger", M),
    )
    more_people = replace(
        there,
        numerator=Pedigree(there.numerator.members + silent),
        denominator=Pedigree(silent + there.denominator.members),
    )
    assert lr(more_people) == pytest.approx(lr(there), rel=1e-12)


@MODELS
def test_a_locus_that_nobody_was_typed_at_is_one(more: dict[str, object]) -> None:
    there = family(**more)
    table = FrequencyTable("test", {**TABLE.loci, "other": {"1": 0.5, "2": 0.5}})
    both = replace(there, frequencies=table, loci=("other", "L"))
    assert likelihood_ratio(both).log10_per_locus["other"] == 0.0
    assert likelihood_ratio(both).log10_total == likelihood_ratio(there).log10_total


def test_sixty_rare_markers_do_not_underflow() -> None:
    loci = {f"L{i:02}": {"1": 1e-9, "2": 1e-9, "3": 1 - 2e-9} for i in range(60)}
    table = FrequencyTable("rare", loci)
    genotypes = {p: dict.fromkeys(loci, ("1", "2")) for p in ("A", "B")}
    question = KinshipCase("rare", tuple(loci), table, SIBS, UNRELATED, genotypes)
    p = 1e-9
    expected = 60 * math.log10((1 + 2 * p + 2 * p * p) / (8 * p * p))
    assert likelihood_ratio(question).log10_total == pytest.approx(expected, rel=1e-13)
    assert likelihood_ratio(question).value == math.inf


def test_thirty_rare_siblings_do_not_underflow_at_one_locus() -> None:
    table = FrequencyTable("rare", {"L": {"1": 1e-12, "2": 1e-12, "3": 1 - 2e-12}})
    lone = pedigree(*((f"s{i}", "F") for i in range(30)))
    family_of = pedigree(("f", "M"), ("m", "F"), *((f"s{i}", "F", "f", "m") for i in range(30)))
    genotypes = {f"s{i}": ("1", "2") for i in range(30)}
    found = likelihood_ratio(case(family_of, genotypes, denominator=lone, frequencies=table))

    p = {allele: Fraction(x) for allele, x in table.loci["L"].items()}
    expected = Fraction(0)
    for a, b, c, d in itertools.product(p, repeat=4):
        child = Fraction(sum({x, y} == {"1", "2"} for x in (a, b) for y in (c, d)), 4)
        expected += p[a] * p[b] * p[c] * p[d] * child**30
    expected /= (2 * p["1"] * p["2"]) ** 30
    exact = math.log10(expected.numerator) - math.log10(expected.denominator)
    assert found.log10_total == pytest.approx(exact, rel=1e-13)


def test_a_rare_allele_needs_a_stated_minimum() -> None:
    question = case(DUO, {"A": ("9.3", "11"), "B": ("9.3", "12")})
    with pytest.raises(Invalid, match=r"9\.3 at locus L .* 'test'"):
        likelihood_ratio(question)
    found = likelihood_ratio(replace(question, minimum_frequency=0.01))
    p = 0.01 / 1.01
    assert found.value == pytest.approx(1 / (4 * p), rel=1e-13)
    assert "9.3" in found.warnings[0]


def test_genotypes_that_are_impossible_under_both_hypotheses_are_named() -> None:
    trio = pedigree(("A", "M"), ("x", "F"), ("B", "F", "A", "x"))
    question = case(trio, {"A": ("10", "10"), "B": ("11", "11")}, denominator=trio)
    with pytest.raises(Invalid, match="locus L are impossible under both"):
        likelihood_ratio(question)


def test_an_impossible_denominator_has_no_ratio() -> None:
    question = case(UNRELATED, {"A": ("10", "10"), "B": ("11", "11")}, denominator=DUO)
    with pytest.raises(Invalid, match="hypothesis of the denominator"):
        likelihood_ratio(question)


def test_an_entangled_family_is_refused_and_not_begun() -> None:
    # Everybody of each generation has children with everybody of the other sex.
    rows: list[tuple[str, ...]] = [(f"0{s}{i}", s) for s in "MF" for i in range(4)]
    for generation in range(1, 4):
        pairs = list(itertools.product(range(4), range(4)))
        for k, (i, j) in enumerate(pairs[:8]):
            sex, number = "MF"[k % 2], k // 2
            rows.append(
                (
                    f"{generation}{sex}{number}",
                    sex,
                    f"{generation - 1}M{i}",
                    f"{generation - 1}F{(i + j) % 4}",
                )
            )
    tangled = pedigree(*rows)
    typed = {f"3{s}{i}": ("10", "11") for s in "MF" for i in range(4)}
    lone = pedigree(*((name, name[1]) for name in typed))
    many = FrequencyTable("many", {"L": {str(i): 1 / 30 for i in range(1, 31)}})
    question = case(tangled, typed, denominator=lone, frequencies=many, mutation={"L": STEPWISE})
    with pytest.raises(Refused, match="too entangled"):
        likelihood_ratio(question)


def test_conditional_genotypes_of_an_only_child() -> None:
    space = space_of(P)
    trio = pedigree(("A", "M"), ("x", "F"), ("B", "F", "A", "x"))
    table = conditional_genotypes(trio, {"A": ("10", "10")}, "B", space)
    assert table[0, 0] == pytest.approx(P["10"])
    assert table[0, 2] + table[2, 0] == pytest.approx(P["12"])
    assert table[1:, 1:].sum() == 0


def test_log_likelihood_counts_both_orders_of_a_heterozygote() -> None:
    found = log_likelihood(pedigree(("A", "M")), {"A": ("10", "11")}, space_of(P))
    assert found == pytest.approx(math.log(2 * P["10"] * P["11"]), rel=1e-14)


TWO = FrequencyTable("two", {name: dict(TABLE.loci["L"]) for name in ("vWA", "D12S391", "TH01")})
SIBLINGS = {"A": ("10", "11"), "B": ("10", "12")}


def three_loci(**more: Any) -> KinshipCase:
    genotypes = {person: dict.fromkeys(TWO.loci, g) for person, g in SIBLINGS.items()}
    stated = {"loci": tuple(TWO.loci), "frequencies": TWO, "genotypes": genotypes}
    return replace(case(SIBS, {}), **(stated | more))


def test_a_linked_pair_within_a_case_enters_the_total_jointly() -> None:
    pair = LinkedPair("vWA", "D12S391", 0.1)
    joint = likelihood_ratio(three_loci(linked_pairs=(pair,)))
    alone = likelihood_ratio(three_loci(loci=("vWA", "D12S391"), recombination=0.1))
    third = likelihood_ratio(three_loci(loci=("TH01",)))
    assert joint.log10_total == pytest.approx((alone.log10_total or 0) + (third.log10_total or 0), rel=1e-14)
    apart = likelihood_ratio(three_loci())
    assert joint.log10_per_locus == apart.log10_per_locus
    assert joint.log10_total != apart.log10_total
    free = likelihood_ratio(three_loci(linked_pairs=(LinkedPair("vWA", "D12S391", 0.5),)))
    assert free.log10_total == pytest.approx(apart.log10_total, rel=1e-13)


def test_two_siblings_at_two_linked_loci_by_the_ibd_of_both() -> None:
    # Each parent's alleles are IBD or not at both loci: same with s = rho² + (1-rho)², per parent.
    rho = 0.1
    s = rho**2 + (1 - rho) ** 2
    p, q, r = P["10"], P["11"], P["12"]
    g = 2 * p * q * 2 * p * r
    given = {0: g, 1: p * q * r, 2: 0.0}  # P(10/11 and 10/12 | number of alleles IBD)
    both = {(a, b): 0.5 * (s if a == b else 1 - s) for a in (0, 1) for b in (0, 1)}
    expected = (
        sum(both[a, b] * both[c, d] * given[a + c] * given[b + d] for a, b in both for c, d in both) / g**2
    )
    found = likelihood_ratio(three_loci(loci=("vWA", "D12S391"), recombination=rho))
    assert found.value == pytest.approx(expected, rel=1e-12)


def test_linked_loci_are_never_multiplied_in_silence() -> None:
    assert any("vWA and D12S391 are linked (11.4 cM)" in w for w in likelihood_ratio(three_loci()).warnings)
    stated = likelihood_ratio(three_loci(linked_pairs=(LinkedPair("vWA", "D12S391", 0.1),)))
    assert not any("cM" in w for w in stated.warnings)
    assert any("must not be multiplied" in w for w in stated.warnings)
    assert not any("cM" in w for w in likelihood_ratio(three_loci(loci=("vWA", "TH01"))).warnings)
    females = {p: dict.fromkeys(TWO.loci, ("10", "11")) for p in ("A", "B")}
    sisters = Pedigree(tuple(replace(m, sex=F) if m.id == "A" else m for m in SIBS.members))
    apart = pedigree(("A", "F"), ("B", "F"))
    on_x = three_loci(chromosome=Chromosome.X, numerator=sisters, denominator=apart, genotypes=females)
    assert any("X-chromosomal loci are linked" in w for w in likelihood_ratio(on_x).warnings)


def test_no_informative_path_is_not_an_exclusion() -> None:
    uncle = pedigree(("A", "M"), ("B", "F"), ("z", "M"))
    found = likelihood_ratio(case(uncle, SIBLINGS))
    assert found.value == 1
    assert "can't be evaluated" in found.warnings[0]


@pytest.mark.parametrize(
    ("pairs", "message"),
    [
        ((LinkedPair("vWA", "FGA", 0.1),), "FGA is not among the loci"),
        ((LinkedPair("vWA", "vWA", 0.1),), "vWA is linked twice"),
        ((LinkedPair("vWA", "TH01", 0.1), LinkedPair("TH01", "D12S391", 0.1)), "TH01 is linked twice"),
        ((LinkedPair("vWA", "TH01", 0.6),), "recombination rate is 0.6"),
    ],
)
def test_pairs_that_can_not_be_computed_are_named(pairs: tuple[LinkedPair, ...], message: str) -> None:
    with pytest.raises(NominaError, match=message):
        likelihood_ratio(three_loci(linked_pairs=pairs))
