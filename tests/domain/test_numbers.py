"""Numbers and tokens: every slip of a typing hand is noticed."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.domain.entities import NUMBERED
from forensics.domain.errors import Invalid
from forensics.domain.numbers import (
    ALPHABET,
    check_character,
    demand_sound,
    is_sound,
    looks_like_ours,
    new_token,
    with_check,
)


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


KEYS = [chr(code) for code in range(32, 127)] + ["é", "ı", "ß", "Ａ", "－"]


def slips(written: str) -> set[str]:
    """Every single wrong key and every exchange of two neighbours, but those that write the same number."""
    wrong = {written[:at] + key + written[at + 1 :] for at in range(len(written)) for key in KEYS}
    for at in range(len(written) - 1):
        wrong.add(written[:at] + written[at + 1] + written[at] + written[at + 2 :])
    return {one for one in wrong if not one.isascii() or one.strip().upper() != written}


def refused(text: str) -> bool:
    try:
        demand_sound(text)
    except Invalid:
        return True
    return False


@pytest.mark.parametrize("prefix", sorted(NUMBERED.values()))
def test_every_slip_in_every_kind_of_number_is_refused(prefix: str) -> None:
    for count in (1, 42, 9_999, 99_999, 100_000, 1_234_567):
        number = with_check(f"{prefix}-26-{count:05d}")
        assert demand_sound(number) == number
        assert demand_sound(number.replace("-", "").lower()) == number
        assert [one for one in slips(number) if not refused(one)] == []
        bare = number.replace("-", "")
        assert [one for one in slips(bare) if not refused(one) and "-" not in one] == []


def test_every_slip_in_a_token_is_refused() -> None:
    for token in {new_token() for _ in range(200)}:
        assert demand_sound(token.lower()) == token
        assert [one for one in slips(token) if not refused(one)] == []


def test_a_number_of_ours_is_told_from_somebody_else_s() -> None:
    assert all(looks_like_ours(text) for text in ("RC-26-00042-4", "rc2600042", "K7QM-2XVD-4"))
    assert not any(looks_like_ours(text) for text in ("B042a", "S-000123-4", "12345678"))
