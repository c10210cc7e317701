"""Power against plain enumeration: every genotype of everybody written out, every combination of loci added up."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import combinations_with_replacement, product
from random import Random

import pytest

from forensics.domain.errors import Cancelled, Invalid, Refused
from forensics.domain.kinship import (
    Chromosome,
    Convention,
    FrequencyTable,
    KinshipCase,
    LinkedPair,
    Member,
    MutationKind,
    MutationModel,
    Pedigree,
    Sex,
)
from forensics.domain.power import Candidate, Chance, Kind, Power, PowerQuestion, Simulation
from forensics.domain.power_questions import REMAINS, case_question, family_question
from forensics.genetics.likelihood import likelihood_ratio
from forensics.genetics.power import at_least_one, power, power_of
from forensics.genetics.power_ranking import rank
from forensics.genetics.power_simulation import simulated
from forensics.genetics.power_tables import Kits, joint, locus_question, standing
from tests.support.brute_force import likelihood, random_frequencies, random_matrix, random_pedigree, seen

M, F = Sex.MALE, Sex.FEMALE
FAMILY = Pedigree(
    (
        Member("mother", F),
        Member("father", M),
        Member("other", F),
        Member("missing", M, "father", "mother"),
        Member("sister", F, "father", "mother"),
        Member("half", M, "father", "other"),
    )
)
LADDERS = {"L1": (0.2, 0.3, 0.5), "L2": (0.55, 0.45), "L3": (0.1, 0.9)}
LOCI = tuple(LADDERS)
TABLE = FrequencyTable("t", {x: {str(i): p for i, p in enumerate(ps)} for x, ps in LADDERS.items()})
TYPED = {
    "sister": {"L1": ("0", "2"), "L2": ("0", "1"), "L3": ("1", "1")},
    "half": {"L1": ("0", "0"), "L3": ("0", "1")},
}
STEPS = MutationModel(MutationKind.PROPORTIONAL, 0.02, 0.01)


def family(**changes: object) -> KinshipCase:
    case = KinshipCase("family", LOCI, TABLE, FAMILY, FAMILY, TYPED)
    return replace(case, **changes)  # type: ignore[arg-type]


def written_out(question: PowerQuestion, available: tuple[str, ...]) -> list[tuple[float, float, float]]:
    """(LR, P if true, P if false) of every combination of genotypes at all loci, built on nothing of ours."""
    case = question.case
    whole = [(1.0, 1.0, 1.0)]
    for locus in case.loci:
        p = list(case.frequencies.loci[locus].values())
        model = case.mutation.get(locus)
        rows = [matrix(p, rate) for rate in (model.rate_male, model.rate_female)] if model else (None, None)
        typed = {who: seen(*(int(a) for a in g[locus])) for who, g in case.genotypes.items() if g.get(locus)}
        asked = {*typed, *available}
        hypotheses = [without_barren(h, asked) for h in (case.numerator, case.denominator)]
        genotypes = list(combinations_with_replacement(range(len(p)), 2))
        pairs = []
        for chosen in product(genotypes, repeat=len(available)):
            evidence = typed | {who: seen(*g) for who, g in zip(available, chosen, strict=True)}
            pairs.append(tuple(likelihood(h, evidence, p, case.theta, *rows) for h in hypotheses))
        over, under = (math.fsum(column) for column in zip(*pairs, strict=True))
        here = [(a / b if b else math.inf, a / over, b / under) for a, b in pairs if a or b]
        whole = [(r * s, t * u, f * g) for r, t, f in whole for s, u, g in here if t * u or f * g]
    return whole


def without_barren(pedigree: Pedigree, asked: set[str]) -> Pedigree:
    """Without the unseen who have no seen descendants: they only cost time."""
    while True:
        parents = {x for m in pedigree.members for x in (m.father, m.mother)}
        kept = tuple(m for m in pedigree.members if m.id in parents or m.id in asked or m.twins)
        if len(kept) == len(pedigree.members):
            return pedigree
        pedigree = Pedigree(kept)


def matrix(p: list[float], rate: float) -> list[list[float]]:
    """Proportional: stay, or draw anew."""
    a = rate / sum(x * (1 - x) for x in p)
    return [[(1 - a) * (i == j) + a * q for j, q in enumerate(p)] for i in range(len(p))]


def agrees(found: Power, worlds: list[tuple[float, float, float]]) -> None:
    for spread, column in ((found.if_true, 1), (found.if_false, 2)):
        finite = [(math.log10(w[0]), w[column]) for w in worlds if 0 < w[0] < math.inf and w[column]]
        weight = math.fsum(q for _, q in finite)
        mean = math.fsum(x * q for x, q in finite) / weight
        sd = math.sqrt(math.fsum((x - mean) ** 2 * q for x, q in finite) / weight)
        assert spread.mean == pytest.approx(mean, rel=1e-11, abs=1e-12)
        assert spread.sd == pytest.approx(sd, rel=1e-9)
        zero = math.fsum(w[column] for w in worlds if w[0] == 0)
        assert spread.zero == pytest.approx(zero, abs=1e-12)
        for share, value in spread.quantiles:
            below = math.fsum(q for x, q in finite if x < value - spread.error) / weight
            above = math.fsum(q for x, q in finite if x <= value + spread.error) / weight
            assert below <= share + 1e-9
            assert above >= share - 1e-9
    for line in found.reach:
        for chance, column in ((line.if_true, 1), (line.if_false, 2)):
            exact = math.fsum(w[column] for w in worlds if w[0] > 0 and math.log10(w[0]) >= line.threshold)
            assert chance.low - 1e-12 <= exact <= chance.high + 1e-12
            assert chance.high - chance.low < 0.1


@pytest.mark.parametrize("mutation", [{}, dict.fromkeys(LOCI, STEPS)], ids=["still", "mutating"])
@pytest.mark.parametrize("theta", [0.0, 0.05])
def test_the_power_now_is_what_writing_everything_out_gives(
    mutation: dict[str, MutationModel], theta: float
) -> None:
    question = family_question(family(mutation=mutation, theta=theta), "missing", (0.1, 0.7, 1.3), -0.2)
    agrees(power(question), written_out(question, (REMAINS,)))


@pytest.mark.parametrize("person", ["mother", "father", "missing", "a further child"])
@pytest.mark.parametrize("mutation", [{}, dict.fromkeys(LOCI, STEPS)], ids=["still", "mutating"])
def test_a_further_sample_is_averaged_over_every_genotype_it_can_have(
    person: str, mutation: dict[str, MutationModel]
) -> None:
    loci = ("L2",) if person == "a further child" else ("L2", "L3") if mutation else ("L1", "L2")
    question = family_question(family(loci=loci, mutation=mutation), "missing", (0.3, 1.1))
    prospect = next(x for x in rank(question, pairs=False).singles if x.candidates[0].id == person)
    assert prospect.power is not None
    agrees(prospect.power, written_out(question, (person, REMAINS)))


def test_exclusion_is_what_is_impossible_without_mutation() -> None:
    plain = family_question(family(), "missing")
    worlds = written_out(plain, (REMAINS,))
    expected = math.fsum(false for lr, _, false in worlds if lr == 0)
    for mutation in ({}, dict.fromkeys(LOCI, STEPS)):
        found = power(family_question(family(mutation=mutation), "missing")).exclusion
        assert found.total == pytest.approx(expected, abs=1e-12)
        assert found.expected_mismatches == pytest.approx(sum(v or 0 for v in found.per_locus.values()))


def test_two_claims_about_the_same_people_with_one_of_them_typed() -> None:
    sisters = Pedigree((Member("f", M), Member("m", F), Member("A", F, "f", "m"), Member("B", F, "f", "m")))
    parent = Pedigree((Member("f", M), Member("A", F), Member("B", F, "f", "A")))
    for numerator, denominator in ((parent, sisters), (sisters, parent)):
        case = KinshipCase("claim", LOCI, TABLE, numerator, denominator, {"A": TYPED["sister"]})
        question = case_question(case, ("B",), (0.2, 0.5))
        found = power(question)
        worlds = written_out(question, ("B",))
        agrees(found, worlds)
        assert found.if_true.infinite == pytest.approx(math.fsum(t for lr, t, _ in worlds if lr == math.inf))
    assert found.if_true.infinite > 0.01  # sisters can show what mother and daughter can't


def test_every_table_agrees_with_the_engine_for_single_cases() -> None:
    """Random pedigrees with loops and twins, any mutation matrix, both conventions: LR by LR."""
    dice, checked = Random(11), 0
    for _ in range(25):
        pedigree, p = random_pedigree(dice, 6), random_frequencies(dice, 3)
        names = ("1", "2", "3")
        model = MutationModel(
            MutationKind.MATRIX,
            alleles=names,
            matrix_male=random_matrix(dice, 3),
            matrix_female=random_matrix(dice, 3),
        )
        missing, typed, new = dice.sample(pedigree.ids, 3)
        if len({pedigree.member(x).twins or x for x in (missing, typed, new)}) < 3:
            continue
        case = KinshipCase(
            "random",
            ("L",),
            FrequencyTable("t", {"L": dict(zip(names, p, strict=True))}),
            pedigree,
            pedigree,
            {typed: {"L": (dice.choice(names), dice.choice(names))}},
            mutation={"L": model},
            convention=dice.choice(list(Convention)),
        )
        question = family_question(case, missing)
        asked = locus_question(question.case, "L", (new, REMAINS), Kits(question.case).stated)
        for g, h in product(range(6), repeat=2):
            genotype = lambda i: tuple(names[x[i]] for x in (asked.model.first, asked.model.second))  # noqa: E731, B023
            known = asked.lanes(1) | {
                new: asked.lanes(1)[typed] * 0 + [[asked.model.first[h]], [asked.model.second[h]]]
            }
            over, under = (joint(x, known, REMAINS, asked, 1)[g, 0] for x in asked.hypotheses)
            whole = replace(
                question.case,
                genotypes={**case.genotypes, new: {"L": genotype(h)}, REMAINS: {"L": genotype(g)}},
            )
            assert math.log10(over / under) == pytest.approx(likelihood_ratio(whole).log10_total, abs=1e-10)
            checked += 1
    assert checked > 500


def test_a_chance_hit_is_as_rare_as_the_lr_says() -> None:
    """P(LR ≥ t | unrelated) ≤ 1/t, and the expectation of the LR of an unrelated person is 1."""
    question = family_question(family(mutation=dict.fromkeys(LOCI, STEPS)), "missing", (0.5, 1.0, 1.5))
    for line in power(question).reach:
        assert line.if_false.value <= 10**-line.threshold


# simulation


def test_drawn_worlds_agree_with_the_computed_ones_and_repeat() -> None:
    case = family(mutation=dict.fromkeys(LOCI, STEPS), theta=0.02)
    question = family_question(case, "missing", (0.4, 1.2))
    kits, people = Kits(question.case), ("mother", "father", REMAINS)
    exact = power_of(question, people, kits, Simulation(1, 1))
    drawn = simulated(question, people, kits, Simulation(4000, 5))
    assert exact.simulation is None
    assert drawn == simulated(question, people, kits, Simulation(4000, 5))
    assert drawn != simulated(question, people, kits, Simulation(4000, 6))
    for one, other in ((exact.if_true, drawn.if_true), (exact.if_false, drawn.if_false)):
        assert one.mean is not None
        assert other.mean is not None
        assert other.standard_error is not None
        assert other.sd == pytest.approx(one.sd, rel=0.1)
        assert abs(one.mean - other.mean) < 4 * other.standard_error
    for line, other_line in zip(exact.reach, drawn.reach, strict=True):
        close(line.if_true, other_line.if_true)
        close(line.if_false, other_line.if_false)
    error = drawn.exclusion.standard_error
    assert error is not None
    assert abs(exact.exclusion.total - drawn.exclusion.total) < 4 * error


def close(exact: Chance, drawn: Chance) -> None:
    assert drawn.standard_error is not None
    assert drawn.standard_error > 0
    assert drawn.low <= exact.high
    assert exact.low <= drawn.high


def test_a_chance_hit_is_rarer_than_the_worlds_that_were_drawn() -> None:
    loci = tuple(f"L{i}" for i in range(12))
    table = FrequencyTable("t", {x: {str(a): 0.1 for a in range(10)} for x in loci})
    typed = {"mother": dict.fromkeys(loci, ("1", "2")), "father": dict.fromkeys(loci, ("3", "4"))}
    question = family_question(KinshipCase("rare", loci, table, FAMILY, FAMILY, typed), "missing", (6.0,))
    exact = power(question).reaching(6.0).if_false
    drawn = simulated(question, (REMAINS,), Kits(question.case), Simulation(2000, 3)).reaching(6.0).if_false
    assert 0 < exact.value < 1e-12
    close(exact, drawn)
    assert drawn.value == pytest.approx(exact.value, rel=0.2)


# ranking


def test_the_ranking_puts_first_who_helps_most_and_repeats() -> None:
    question = family_question(family(), "missing", required=1.0)
    found = rank(question)
    assert found == rank(question)
    reached = [x.power.reaching(1.0).if_true.value for x in found.singles if x.power]
    assert reached == sorted(reached, reverse=True)
    assert len(found.singles) == len(question.candidates) == 6
    assert found.singles[0].candidates == (Candidate("missing", Kind.OWN, False),)
    assert [len(x.candidates) for x in found.pairs] == [2, 2, 2]
    assert all(x.power and x.power.simulation for x in found.pairs)
    more = {x.candidates[0].id: x.power.if_true.mean for x in found.singles if x.power}
    for pair in found.pairs:
        assert pair.power
        assert pair.power.if_true.mean > max(more[x.id] for x in pair.candidates) - 0.2  # type: ignore[operator, type-var]


def test_who_can_tell_nothing_new_is_not_computed_and_would_not_change_anything() -> None:
    typed = {"sister": TYPED["sister"], "father": dict.fromkeys(LOCI, ("0", "1"))}
    question = family_question(family(genotypes=typed), "missing")
    found = {x.candidates[0].id: x.power for x in rank(question, pairs=False).singles}
    computed = power_of(question, ("other", REMAINS), Kits(question.case), Simulation(1, 1))
    behind = found["other"]
    assert behind is not None
    assert behind.people == ("other", REMAINS)
    assert behind.if_true.mean == pytest.approx(computed.if_true.mean, rel=1e-12)
    assert behind.if_true.mean == power(question).if_true.mean
    assert found["mother"].if_true.mean > behind.if_true.mean  # type: ignore[union-attr, operator]


def test_theta_makes_everybody_tell_something() -> None:
    typed = {"sister": TYPED["sister"], "father": dict.fromkeys(LOCI, ("0", "1"))}
    question = family_question(family(genotypes=typed, theta=0.03), "missing")
    found = {x.candidates[0].id: x.power for x in rank(question, pairs=False).singles}
    assert found["other"].if_true.mean != power(question).if_true.mean  # type: ignore[union-attr]


def test_who_stands_alike_is_computed_once_and_nobody_else() -> None:
    """A drawn child, a further child: one sum. A half-brother by the father is not one by the mother."""
    halves = (Member("other2", M), Member("maternal", M, "other2", "mother"))
    drawn = (*halves, Member("partner", F), Member("child", F, "missing", "partner"))
    case = family(
        numerator=Pedigree((*FAMILY.members, *drawn)),
        genotypes={"sister": TYPED["sister"]},
        mutation=dict.fromkeys(LOCI, STEPS),
        theta=0.02,
    )
    question = family_question(case, "missing")
    found = {x.candidates[0]: x.power for x in rank(question, pairs=False).singles}
    for candidate, ranked in found.items():
        alone = rank(replace(question, candidates=(candidate,)), pairs=False).singles[0].power
        assert ranked is not None
        assert alone is not None
        assert ranked.people == alone.people
        assert ranked.if_true.mean == pytest.approx(alone.if_true.mean, rel=1e-12)
    asked = locus_question(question.case, "L1", (REMAINS,), Kits(question.case).stated)
    places = {one.id: standing(asked, one.id, (REMAINS,)) for one in found}
    alike = [{a for a in places if places[a] == places[b]} for b in places]
    shared = {frozenset(group) for group in alike if len(group) > 1}
    assert shared == {frozenset({"child", "a further child"}), frozenset({"other", "other2", "partner"})}


def test_others_who_are_missing_too_are_not_asked_and_twins_of_the_typed_neither() -> None:
    twin = Member("twin", F, "father", "mother", twins="T")
    members = tuple(replace(m, twins="T") if m.id == "sister" else m for m in FAMILY.members)
    case = family(numerator=Pedigree((*members, twin)))
    asked = {x.id for x in family_question(case, "missing", not_asked=("father",)).candidates}
    assert asked == {
        "other",
        "mother",
        "a further child",
        "a further full sibling",
        "missing",
    }


def test_a_belonging_of_the_missing_person_identifies_by_itself() -> None:
    question = family_question(family(genotypes={}), "missing")
    own = next(x.power for x in rank(question, pairs=False).singles if x.candidates[0].kind is Kind.OWN)
    assert own is not None
    expected = 0.0
    for ps in LADDERS.values():
        for a, b in combinations_with_replacement(ps, 2):
            q = a * b * (1 if a is b else 2)
            expected -= q * math.log10(q)
    assert own.if_true.mean == pytest.approx(expected, rel=1e-12)
    assert own.if_true.sd is not None
    assert power(question).if_true.mean == pytest.approx(0, abs=1e-15)


def test_where_the_typed_need_a_mutation_exclusion_is_not_counted() -> None:
    typed = {"mother": {"L1": ("0", "0"), "L2": ("0", "0")}, "sister": {"L1": ("2", "2"), "L2": ("0", "1")}}
    with pytest.raises(Invalid, match="at L1 are impossible together"):
        power(family_question(family(genotypes=typed), "missing"))
    question = family_question(family(genotypes=typed, mutation={"L1": STEPS}), "missing")
    found = rank(question, pairs=False)
    assert found.now.exclusion.per_locus["L1"] is None
    assert found.now.exclusion.per_locus["L2"] == pytest.approx(0.45**2)
    assert found.notes == (
        "At L1 the typed relatives already need a mutation; exclusion is not counted there.",
    )
    drawn = simulated(question, (REMAINS,), Kits(question.case), Simulation(50, 1))
    assert drawn.exclusion.per_locus["L1"] is None


def test_a_candidate_who_cannot_be_computed_keeps_a_place_with_the_reason() -> None:
    above = [Member(x, M) for x in ("gf", "ggf")] + [Member(x, F) for x in ("ggm", "wife")]
    above += [Member("gm", F, "ggf", "ggm"), Member("nephew", M, "half", "wife")]
    tall = [replace(m, father="gf", mother="gm") if m.id == "other" else m for m in FAMILY.members]
    case = family(numerator=Pedigree((*tall, *above)), genotypes={"sister": TYPED["sister"]}, theta=0.01)
    asked = replace(family_question(case, "missing"), candidates=(Candidate("nephew"), Candidate("mother")))
    first, last = rank(asked, pairs=False).singles
    assert first.candidates == (Candidate("mother"),)
    assert last.power is None
    assert "exactly" in last.refused


def test_a_ranking_can_be_stopped() -> None:
    class Stop:
        steps: list[tuple[int, int, str]] = []  # noqa: RUF012

        def step(self, done: int, total: int, what: str = "") -> None:
            self.steps.append((done, total, what))
            if what == "father":
                raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        rank(family_question(family(), "missing"), progress=Stop())
    assert all(done <= total for done, total, _ in Stop.steps)
    assert [done for done, _, _ in Stop.steps] == sorted(done for done, _, _ in Stop.steps)


# refusals


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"chromosome": Chromosome.X}, "not for X-chromosomal markers"),
        ({"silent_allele": "2"}, "not for silent alleles"),
        ({"linked_pairs": (LinkedPair("L1", "L2", 0.1),)}, "not for linked pairs"),
    ],
)
def test_what_the_engine_can_not_do_is_said(change: dict[str, object], words: str) -> None:
    with pytest.raises(Refused, match=words):
        power(family_question(family(**change), "missing"))


def test_questions_that_make_no_sense_are_named() -> None:
    question = family_question(family(), "missing")
    for wrong, words in (
        (replace(question, available=()), "at least one person"),
        (replace(question, available=("father", "father")), "named twice"),
        (replace(question, available=("nobody",)), "in one hypothesis only"),
        (replace(question, available=("sister",)), "has genotypes already"),
        (replace(question, required=-math.inf), "can't be asked for"),
        (replace(question, case=replace(question.case, theta=2.0)), "Theta is 2.0"),
    ):
        with pytest.raises(Invalid, match=words):
            power(wrong)
    with pytest.raises(Invalid, match="'stranger' is not in the pedigree"):
        family_question(family(), "stranger")
    with pytest.raises(Invalid, match="does not say whose samples"):
        case_question(family())


def test_small_chances_keep_their_digits() -> None:
    assert at_least_one([1e-20, 2e-20]) == pytest.approx(3e-20, rel=1e-12)
    assert at_least_one([0.5, 1.0]) == 1.0
    assert at_least_one([]) == 0.0
