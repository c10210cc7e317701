"""Taking people out of a drawing: nobody's relation to anybody else changes."""

from __future__ import annotations

import pytest

from forensics.domain.errors import Invalid
from forensics.domain.kinship import Member, Pedigree, Sex
from forensics.domain.pedigree_editing import without_member
from forensics.domain.relations import add_relative

ALONE = Pedigree((Member("MP", Sex.MALE),))


@pytest.mark.parametrize(
    "word", ["brother", "maternal uncle", "grandfather", "half-sister", "daughter", "cousin", "niece"]
)
def test_what_was_drawn_by_a_word_can_be_taken_out_again(word: str) -> None:
    family = add_relative(add_relative(ALONE, "MP", "mother", "M"), "MP", "sister", "S")
    drawn = add_relative(family, "MP", word, "R")
    back = without_member(drawn, "R")
    assert {m.id for m in back.members} >= {"MP", "M", "S"}
    assert "R" not in back.ids
    for id in ("MP", "M", "S"):
        assert (back.member(id).father is None) == (family.member(id).father is None)


def test_who_connects_others_stays_unnamed() -> None:
    family = add_relative(add_relative(ALONE, "MP", "mother", "M"), "MP", "sister", "S")
    back = without_member(family, "M")
    assert back.member("S").mother == back.member("MP").mother
    assert str(back.member("S").mother).startswith("?")


def test_unnamed_people_who_connect_nobody_go_too() -> None:
    assert without_member(add_relative(ALONE, "MP", "maternal uncle", "U"), "U").ids == ("MP",)


def test_a_twin_who_is_left_alone_is_no_twin() -> None:
    twins = add_relative(ALONE, "MP", "identical twin", "T")
    assert without_member(twins, "T").member("MP").twins is None


def test_nobody_can_be_taken_out_twice() -> None:
    with pytest.raises(Invalid, match="no X in this pedigree"):
        without_member(ALONE, "X")
