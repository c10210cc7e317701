"""Numbers become sentences in the careful direction."""

import math
from datetime import UTC, date, datetime

import pytest

from reports import wording


@pytest.mark.parametrize(
    ("lr", "text"),
    [
        (2.0, "2"),
        (9.99, "9.9"),
        (23.9, "23"),
        (359, "350"),
        (2_499_999, "2.4 million"),
        (2_400_000, "2.4 million"),
        (999_999, "990,000"),
        (25_999_999, "25 million"),
        (3.19e11, "310 billion"),
        (1.79e13, "1.7 × 10¹³"),
        (1e6, "1 million"),
    ],
)
def test_a_stated_lr_is_rounded_down_to_two_figures(lr: float, text: str) -> None:
    assert wording.times(math.log10(lr)) == text


@pytest.mark.parametrize("exponent", range(-3, 40))
def test_a_power_of_ten_is_not_rounded_to_the_one_below(exponent: int) -> None:
    assert not wording.times(float(exponent)).startswith("9")


@pytest.mark.parametrize(
    ("lr", "word"),
    [
        (1.5, "no"),
        (2, "weak"),
        (10, "moderate"),
        (99, "moderate"),
        (100, "moderately strong"),
        (1000, "strong"),
        (10_000, "very strong"),
        (999_999, "very strong"),
        (1_000_000, "extremely strong"),
        (1 / 5000, "strong"),
    ],
)
def test_the_verbal_scale_is_that_of_enfsi_and_mirrored_below_one(lr: float, word: str) -> None:
    assert wording.verbal(math.log10(lr)) == word


def test_the_sentence_names_both_hypotheses_and_states_no_probability_of_either() -> None:
    sentence = wording.lr_sentence(6.39, "the remains come from the child of A", "from somebody unrelated")
    assert sentence == (
        "The DNA results are about 2.4 million times more probable if the remains come from the child of A than if "
        "from somebody unrelated."
    )
    assert "probability" not in sentence


def test_below_one_the_hypotheses_change_places() -> None:
    sentence = wording.lr_sentence(-3.0, "Hp holds", "Hd holds")
    assert "about 1,000 times more probable if Hd holds than if Hp holds" in sentence
    assert "hypothesis that Hd holds" in wording.verbal_sentence(-3.0, "Hp holds", "Hd holds")


def test_an_lr_of_zero_is_an_exclusion_within_the_model() -> None:
    assert "impossible if Hp holds" in wording.lr_sentence(None, "Hp holds", "Hd holds")


@pytest.mark.parametrize(
    ("probability", "text"),
    [
        (0.9995, "99.95"),
        (0.99989999, "99.989"),
        (0.9999999, "99.99999"),
        (0.5, "50.00"),
        (1 - 1e-12, "over 99.999999"),
    ],
)
def test_a_posterior_never_gains_a_nine(probability: float, text: str) -> None:
    said = wording.percent(probability).split(wording.THIN)[0]
    assert said == text
    assert float(said.removeprefix("over ")) / 100 <= probability


def test_a_posterior_is_said_with_its_prior() -> None:
    assert "8,000 persons are sought" in wording.prior_sentence(8000, 0.9999, "they are his remains")


def test_columns_keep_a_true_minus_and_infinity() -> None:
    assert wording.signed(-1.5) == "−1.5000"
    assert wording.signed(None) == "−∞"
    assert wording.ratio(math.log10(0.123)) == "0.1230"
    assert wording.ratio(13.25) == "1.778 × 10¹³"


def test_dates_do_not_follow_the_locale() -> None:
    assert wording.day(date(2026, 3, 1)) == "1 March 2026"
    assert wording.day(datetime(2026, 3, 1, 7, 5, tzinfo=UTC)) == "1 March 2026, 07:05 UTC"
    assert wording.day(None) == ""
