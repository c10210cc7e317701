"""Whatever is wrong with a question is named in one sentence before anything is computed."""

import math
from dataclasses import replace
from typing import Any

import pytest

from forensics.domain.errors import Invalid, NominaError, Refused
from forensics.domain.kinship import (
    Chromosome,
    DropOut,
    FrequencyTable,
    KinshipCase,
    Member,
    MutationKind,
    MutationModel,
    Pedigree,
    Sex,
)
from forensics.genetics.likelihood import likelihood_ratio

M, F, U = Sex.MALE, Sex.FEMALE, Sex.UNKNOWN
MEMBERS = (Member("A", M), Member("x", F), Member("B", F, "A", "x"))
GOOD = KinshipCase(
    id="good",
    loci=("L",),
    frequencies=FrequencyTable("t", {"L": {"10": 0.5, "11": 0.5}, "K": {"1": 0.25, "2": 0.75}}),
    numerator=Pedigree(MEMBERS),
    denominator=Pedigree((Member("A", M), Member("B", F))),
    genotypes={"A": {"L": ("10", "10")}, "B": {"L": ("10", "11")}},
)


def numerator(*members: Member) -> dict[str, Any]:
    return {"numerator": Pedigree(members)}


def frequencies(**alleles: float) -> dict[str, Any]:
    return {"frequencies": FrequencyTable("t", {"L": {name[1:]: p for name, p in alleles.items()}})}


def genotypes(*alleles: Any) -> dict[str, Any]:
    return {"genotypes": {"A": {"L": alleles}, "B": {"L": ("10", "11")}}}


def mutation(**fields: float) -> dict[str, Any]:
    return {"mutation": {"L": MutationModel(MutationKind.STEPWISE, **fields)}}  # type: ignore[arg-type]


def trace(
    person: str = "B", seen: Any = ("10",), d: float = 0.1, d2: float = 0.01, c: float = 0.0
) -> dict[str, Any]:
    return {"drop_out": DropOut(person, {"L": seen}, d, d2, c)}


WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("no loci", {"loci": ()}, "names no locus"),
    ("locus twice", {"loci": ("L", "L")}, "Locus L is listed twice"),
    ("empty pedigree", numerator(), "nobody in the numerator"),
    ("member twice", numerator(*MEMBERS, Member("A", M)), "A is listed twice in the numerator"),
    (
        "unknown father",
        numerator(Member("A", M), Member("B", F, "Q", "A")),
        "B has the father 'Q', who is not in",
    ),
    (
        "female father",
        numerator(Member("A", F), MEMBERS[1], MEMBERS[2]),
        "A is the father of B .* but female",
    ),
    (
        "male mother",
        numerator(Member("A", M), Member("x", M), MEMBERS[2]),
        "x is the mother of B .* but male",
    ),
    (
        "one person as both parents",
        numerator(Member("A", U), Member("B", F, "A", "A")),
        "both father and mother",
    ),
    (
        "father here, mother there",
        numerator(*MEMBERS[:2], Member("y", U), Member("B", F, "y", "x"), Member("C", F, "A", "y")),
        "y is a father and a mother",
    ),
    ("own parent", numerator(Member("A", M, "A", "x"), *MEMBERS[1:]), "A is their own ancestor"),
    (
        "own grandparent",
        numerator(Member("A", M, "C", "x"), *MEMBERS[1:], Member("C", M, "D", "B"), Member("D", M)),
        "is their own ancestor",
    ),
    (
        "twins of different parents",
        numerator(
            Member("A", M), Member("x", F), Member("B", F, "A", "x", "t"), Member("C", F, None, None, "t")
        ),
        "Twins B and C have different parents",
    ),
    (
        "twins of different sex",
        numerator(
            Member("A", M), Member("x", F), Member("B", F, "A", "x", "t"), Member("C", M, "A", "x", "t")
        ),
        "Twins B and C differ in sex",
    ),
    ("typed but absent", numerator(Member("A", M)), "B has a genotype but is not in the numerator"),
    ("theta", {"theta": 1.5}, "Theta is 1.5; it must lie between 0 and 1"),
    ("negative theta", {"theta": -0.01}, "Theta is -0.01"),
    ("theta no number", {"theta": math.nan}, "Theta is nan"),
    ("minimum frequency", {"minimum_frequency": 2}, "minimum frequency is 2"),
    ("locus not in the table", {"loci": ("Z",)}, "'t' has no alleles of locus Z"),
    ("sum", frequencies(a10=0.5, a11=0.49), "locus L in 't' sum to 0.99 instead of 1"),
    ("negative frequency", frequencies(a10=1.2, a11=-0.2), "allele 10 at locus L is 1.2"),
    ("frequency no number", frequencies(a10=math.nan, a11=1.0), "allele 10 at locus L is nan"),
    ("unknown allele", genotypes("10", "12"), "Allele 12 at locus L is not in the frequency table"),
    ("three alleles", genotypes("10", "11", "10"), r"A has 3 allele\(s\) at L"),
    ("one allele", genotypes("10"), r"A has 1 allele\(s\) at L"),
    ("no text", genotypes(10, 11), "A at L holds something that is no allele designation"),
    ("empty allele", genotypes("10", ""), "no allele designation"),
    ("silent seen", {"silent_allele": "11"}, "B at L shows the silent allele"),
    ("rate", mutation(rate_male=1.2), "rate_male of locus L is 1.2"),
    ("rate no number", mutation(rate_female=math.nan), "rate_female of locus L is nan"),
    (
        "rates together",
        mutation(rate_male=0.6, rate2_male=0.6),
        "male mutation rates of locus L sum to more than 1",
    ),
    ("range", mutation(range_female=0.0), "range_female of locus L is 0.0"),
    ("trace of nobody", trace("Z"), "Z has a genotype but is not in"),
    ("drop-out", trace(d=1.1), "drop-out probability of one copy is 1.1"),
    ("drop-out of two", trace(d2=-0.1), "drop-out probability of two copies is -0.1"),
    ("drop-in", trace(c=math.inf), "drop-in parameter is inf"),
    ("trace allele", trace(seen=("12",)), "Allele 12 at locus L"),
    (
        "trace silent",
        trace(seen=("11",)) | {"silent_allele": "11"} | {"genotypes": {}},
        "shows the silent allele",
    ),
    ("trace no text", trace(seen=(12,)), "trace of B at L holds"),
    ("recombination", {"recombination": 0.6, "loci": ("L", "K")}, "recombination rate is 0.6"),
    (
        "X of two alleles",
        {"chromosome": Chromosome.X} | genotypes("10", "11"),
        "A is male and has one X, but two",
    ),
    (
        "X of different sexes",
        {"chromosome": Chromosome.X, "denominator": Pedigree((Member("A", F), Member("B", F)))},
        "State the sex of A, the same in both",
    ),
]


@pytest.mark.parametrize(("change", "message"), [w[1:] for w in WRONG], ids=[w[0] for w in WRONG])
def test_what_is_wrong_is_named(change: dict[str, Any], message: str) -> None:
    with pytest.raises(Invalid, match=message) as error:
        likelihood_ratio(replace(GOOD, **change))
    assert "\n" not in str(error.value)


def test_the_good_case_is_good() -> None:
    assert likelihood_ratio(GOOD).value == pytest.approx(1)


def test_nobody_descends_from_their_own_twin() -> None:
    # C is a child of A, and A's twin T a child of C.
    members = (
        Member("A", M, "C", "x", "t"),
        Member("T", M, "C", "x", "t"),
        Member("x", F),
        Member("C", M, "T", "x"),
        Member("B", F),
    )
    with pytest.raises(Invalid, match="own ancestor"):
        likelihood_ratio(replace(GOOD, numerator=Pedigree(members)))


def test_a_person_without_any_result_need_not_be_in_the_pedigrees() -> None:
    assert likelihood_ratio(
        replace(GOOD, genotypes=GOOD.genotypes | {"Z": {"L": ()}})
    ).value == pytest.approx(1)


def test_rounded_frequencies_are_accepted() -> None:
    rounded = replace(GOOD, **frequencies(a10=0.5, a11=0.4999999))
    assert likelihood_ratio(rounded).value == pytest.approx(1, rel=1e-6)


def test_linkage_is_for_two_loci_without_theta() -> None:
    with pytest.raises(Refused, match="pair of loci, and this case has 1"):
        likelihood_ratio(replace(GOOD, recombination=0.1))
    with pytest.raises(Refused, match="set theta to 0"):
        likelihood_ratio(replace(GOOD, recombination=0.1, loci=("L", "K"), theta=0.01))


def test_an_untyped_person_of_unknown_sex_is_no_trouble_off_the_x() -> None:
    members = (*MEMBERS, Member("q", U, "A", "x"))
    assert likelihood_ratio(replace(GOOD, numerator=Pedigree(members))).value == pytest.approx(1)


def test_an_unknown_sex_matters_on_the_x_only_where_the_person_tells_something() -> None:
    genotypes = {"A": {"L": ("10",)}, "B": {"L": ("10", "11")}}
    silent = replace(
        GOOD,
        chromosome=Chromosome.X,
        genotypes=genotypes,
        numerator=Pedigree((*MEMBERS, Member("q", U, "A", "x"))),
    )
    assert likelihood_ratio(silent).value == pytest.approx(1)
    typed = replace(silent, genotypes=genotypes | {"q": {"L": ("10", "10")}})
    with pytest.raises(NominaError, match="q"):
        likelihood_ratio(typed)
