"""Where the joint answer differs from the pairwise one, in words: published exercises and small written cases."""

import math
from pathlib import Path

import pytest

from forensics.domain.joint import PairState
from forensics.domain.joint_solution import Decided, Held
from forensics.domain.joint_verdicts import Verdict
from forensics.domain.joint_words import VictimLine, explained
from forensics.domain.screening import NotScreened
from tests.support.joint import published, written

PUBLIC = Path(__file__).parents[3] / "shared" / "oracle" / "public" / "dvi_datasets.json"
beside = pytest.mark.skipif(not PUBLIC.exists(), reason="the reference cases are not beside this checkout")

PROFILE = {f"D{n}": ("10", "11") for n in range(8)}
OTHER = {**PROFILE, "D3": ("10", "12")}


def case(id: str) -> dict[str, VictimLine]:
    return {line.number: line for line in explained(published(PUBLIC, id))}


@beside
def test_icmp_exercise_brothers_stay_undecided_and_not_evaluable_is_not_excluded() -> None:
    lines = case("DVI-icmp")
    assert lines["V2"].verdict is Verdict.UNDECIDED
    assert "M10 and M11 of family F1 can't be told apart" in lines["V2"].words
    assert "50 : 50" in lines["V2"].words
    assert lines["V1"].verdict is Verdict.ONLY_JOINTLY
    assert "M6 could not be evaluated, which is not an exclusion" in lines["V1"].words
    assert "V2, V3, V4 and 1 more, placed in the same family, count as relatives too" in lines["V1"].words
    assert "By itself M12 has an LR below 1" in lines["V3"].words
    assert lines["V5"].words.startswith("By itself M1 has LR 2.4")
    assert lines["V4"].verdict is Verdict.SAME
    assert not lines["V4"].differs


@beside
def test_two_victims_who_fit_two_brothers_alike_are_told_apart_by_each_other() -> None:
    lines = case("DVI-grave")
    assert lines["V4"].verdict is lines["V5"].verdict is Verdict.TOLD_APART
    assert lines["V4"].words.startswith("Pairs can't tell MP4 from MP5")
    assert "because V5 takes the place of MP5" in lines["V4"].words
    assert lines["V8"].verdict is Verdict.NOBODY


@beside
def test_relatives_among_the_dead_make_it_surer() -> None:
    line = case("DVI-KETPchap481")["V2"]
    assert line.verdict is Verdict.STRONGER
    assert "because V1, placed in the same family, counts as a relative too" in line.words
    assert line.identified


@beside
def test_who_is_nobody_in_the_plane_is_nobody_both_ways() -> None:
    lines = case("DVI-planecrash")
    assert [n for n, line in lines.items() if line.verdict is Verdict.NOBODY] == ["V5", "V7", "V8"]
    assert "M3 fits best with LR 4.9" in lines["V7"].words
    assert not any(line.differs for line in lines.values())


def only(solution_line: tuple[VictimLine, ...], row: int = 0) -> VictimLine:
    return solution_line[row]


def test_a_place_that_another_takes() -> None:
    found = written(
        {(0, 0): 5.5, (0, 1): 4.0, (1, 0): 9.0},
        [{0: 0.001, 1: 0.998}, {0: 0.9999}],
        ["F1", "F2"],
        genotypes=[PROFILE, OTHER],
    )
    line = only(explained(found))
    assert line.verdict is Verdict.MOVED
    assert line.words == (
        "Pairwise M0 fits best, LR 3.1 × 10⁵; jointly it is M1, 99.80\u202f%, because R1 takes the place of M0 "
        "(99.99\u202f%)."
    )
    assert "re-associate" not in line.words  # their profiles differ


def test_two_bones_of_one_person_compete_and_the_words_say_to_re_associate_them_first() -> None:
    found = written({(0, 0): 8.0, (1, 0): 8.3}, [{0: 0.3}, {0: 0.6999}], ["F1"], genotypes=[PROFILE, PROFILE])
    first, second = explained(found)
    assert first.verdict is Verdict.TAKEN
    assert "because R1 takes the place of M0 (69.99" in first.words
    assert "R0 and R1 agree at all 8 loci that both have" in first.words
    assert second.verdict is Verdict.WEAKER
    assert "because R0 may be M0 as well" in second.words
    assert "re-associate them first" in second.words


def test_two_with_equal_claims_to_one_place_are_contested() -> None:
    found = written(
        {(0, 0): 8.0, (1, 0): 8.0}, [{0: 0.49995}, {0: 0.49995}], ["F1"], genotypes=[PROFILE, OTHER]
    )
    for line in explained(found):
        assert line.verdict is Verdict.CONTESTED
        assert line.differs
        assert "may be M0 as well (49.99" in line.words
        assert "re-associate" not in line.words


def test_a_weak_rival_is_still_named_where_it_costs_the_policy() -> None:
    found = written({(0, 0): 11.0, (1, 0): 8.8}, [{0: 0.9937}, {0: 0.0062}], ["F1"])
    line = only(explained(found))
    assert line.verdict is Verdict.WEAKER
    assert "because R1 may be M0 as well (0.62" in line.words


def test_siblings_share_the_posterior_and_the_line_counts_as_a_difference() -> None:
    found = written({(0, 0): 6.0, (0, 1): 6.0}, [{0: 0.49995, 1: 0.49995}], ["F1", "F1"])
    line = only(explained(found))
    assert line.verdict is Verdict.UNDECIDED
    assert line.differs
    assert "M0 and M1 of family F1 can't be told apart" in line.words
    assert "50 : 50" in line.words
    assert not line.identified


def test_it_stays_open_between_two_families() -> None:
    found = written({(0, 0): 6.0, (0, 1): 5.9}, [{0: 0.55, 1: 0.44}], ["F1", "F2"])
    line = only(explained(found))
    assert line.verdict is Verdict.UNDECIDED
    assert "stays open between M0 and M1, 55 : 44 in a hundred" in line.words


@pytest.mark.parametrize(
    ("state", "verdict", "said"),
    [
        (PairState.NOT_EVALUABLE, Verdict.NOT_EVALUABLE, "That is not an exclusion"),
        (PairState.SEX_MISMATCH, Verdict.NOT_EVALUABLE, "the sexes differ"),
        (PairState.EXCLUDED, Verdict.NOBODY, "Excluded from everybody"),
        (PairState.EVALUATED, Verdict.NOBODY, "No pair has an LR of 1 or more"),
    ],
)
def test_without_a_fit_it_is_said_why(state: PairState, verdict: Verdict, said: str) -> None:
    line = only(explained(written({}, [{}], ["F1"], states={(0, 0): state})))
    assert line.verdict is verdict
    assert said in line.words
    assert not line.differs


def test_what_was_refused_says_the_reason() -> None:
    refused = (NotScreened("R0", "Profile R0 has three alleles at D3."),)
    line = only(explained(written({(0, 0): 9.0}, [{}], ["F1"], unplaced=(None,), refused=refused)))
    assert line.verdict is Verdict.NOT_COMPUTED
    assert "three alleles" in line.words


def test_the_policy_is_reached_or_lost_only_jointly() -> None:
    pairs = {(0, 0): 5.0}  # 99.9 % of 101 sought
    surer = only(explained(written(pairs, [{0: 0.9999}], ["F1"])))
    assert surer.verdict is Verdict.STRONGER
    assert surer.identified
    assert "because the other missing persons on the list hardly fit" in surer.words
    less = only(explained(written({(0, 0): 7.0, (1, 0): 6.0}, [{0: 0.9}, {0: 0.09}], ["F1"])))
    assert less.verdict is Verdict.WEAKER
    assert "because R1 may be M0 as well (9.00" in less.words


def test_words_are_translated_before_the_numbers_come_in() -> None:
    found = written({(0, 0): 9.0}, [{0: 0.99999}], ["F1"])
    line = only(explained(found, lambda words: words.replace("Both ways", "Beidemal")))
    assert line.words.startswith("Beidemal M0")


def test_the_prior_of_a_pair_alone_is_that_of_the_pairwise_posterior() -> None:
    found = written({(0, 0): 3.0}, [{0: 0.9}], ["F1"], number_sought=501)
    pairs = found.pairs
    weight = pairs.pair_weight * 1000
    assert pairs.pairwise_posterior(3.0) == pytest.approx(weight / (1 + weight), rel=1e-12)
    assert pairs.pairwise_posterior(400.0) == 1.0
    assert math.isclose(written({}, [{}], ["F1"], number_sought=1).pairs.pairwise_posterior(-2.0), 1.0)


# what people have decided


def test_an_identification_is_said_and_explains_why_others_lose_the_place() -> None:
    solution = written(
        {(0, 0): 8.0, (1, 0): 7.5, (2, 1): 6.0, (3, 2): 6.5, (4, 3): 6.0},
        [{0: 1.0}, {}, {}, {}, {}],
        ["F1", "F2", "F3", "F4"],
        decided=Decided(
            held={0: Held("ID-1", "M0", 0), 4: Held("ID-9", "MP-77", None)},
            taken={1: "ID-2"},
            excluded={(3, 2): "HY-3"},
        ),
    )
    lines = explained(solution)
    assert [line.verdict for line in lines] == [
        Verdict.IDENTIFIED,
        Verdict.TAKEN,
        Verdict.TAKEN,
        Verdict.EXCLUDED,
        Verdict.IDENTIFIED,
    ]
    assert [line.differs for line in lines] == [False, True, True, True, False]
    assert lines[0].words == "Identified as M0 (ID-1) and held there: nobody else can be M0."
    assert "because R0 is identified as M0 (ID-1)" in lines[1].words
    assert "because M1 is identified already (ID-2), by remains that are not compared here" in lines[2].words
    assert "because a reviewer excluded the pair (HY-3)" in lines[3].words
    assert (
        lines[4].words
        == "Identified as MP-77 (ID-9), who is not compared here; it is looked for nowhere else."
    )
