"""Numbers and tokens: every slip of a typing hand is noticed."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.domain.errors import Invalid
from forensics.domain.numbers import ALPHABET, check_character, demand_sound, is_sound, new_token, with_check


def test_the_standard_s_own_example() -> None:
    """ISO/IEC 7064, annex: the MOD 37-2 check character of A999914123456 is N (an ISBT 128 donation number)."""
    assert check_character("A999914123456") == "N"


@given(st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=2, max_size=16))
def test_every_wrong_character_and_every_exchange_is_noticed(body: str) -> None:
    sound = body + check_character(body)
    assert is_sound(sound)
    for place, wrong in itertools.product(range(len(body)), ALPHABET[:-1]):
        if body[place] != wrong:
            assert not is_sound(sound[:place] + wrong + sound[place + 1 :])
    for a, b in itertools.combinations(range(len(body)), 2):
        if body[a] != body[b]:
            mixed = list(sound)
            mixed[a], mixed[b] = mixed[b], mixed[a]
            assert not is_sound("".join(mixed))


def test_tokens_are_sound_random_and_easy_to_read() -> None:
    tokens = {new_token() for _ in range(2000)}
    assert len(tokens) == 2000
    for token in tokens:
        assert is_sound(token)
        assert not set(token[:-2]) & set("01ILOU*")


def test_a_mistyped_number_is_refused_in_a_sentence() -> None:
    number = with_check("RC-26-00042")
    assert demand_sound(number.lower()) == number
    with pytest.raises(Invalid, match="check character"):
        demand_sound(number.replace("42", "24"))
    with pytest.raises(Invalid):
        demand_sound("--")
