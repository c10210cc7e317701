"""What people of a drawing are to each other: said from the drawing, agreeing with the words that draw."""

from __future__ import annotations

import pytest

from forensics.domain.kin_words import kin_words
from forensics.domain.kinship import Member, Pedigree, Sex
from forensics.domain.relations import RELATIONS, Kin, propose_pedigree

M, F = Sex.MALE, Sex.FEMALE
FAMILY = Pedigree(
    (
        Member("gf", M),
        Member("gm", F),
        Member("pgf", M),
        Member("pgm", F),
        Member("ggm", F),
        Member("ggf", M),
        Member("mother", F, "gf", "gm"),
        Member("uncle", M, "gf", "gm"),
        Member("uncle's wife", F),
        Member("cousin", F, "uncle", "uncle's wife"),
        Member("father", M, "pgf", "pgm"),
        Member("stepmother", F),
        Member("half", F, "father", "stepmother"),
        Member("missing", M, "father", "mother"),
        Member("brother", M, "father", "mother"),
        Member("niece", F, "brother", "her mother"),
        Member("her mother", F),
        Member("wife", F),
        Member("son", M, "missing", "wife"),
        Member("child", Sex.UNKNOWN, "missing", "wife"),
        Member("second", F),
        Member("late", F, "missing", "second"),
        Member("twin", M, "father", "mother", twins="T"),
        Member("other twin", M, "father", "mother", twins="T"),
        Member("apart", F),
    )
)


@pytest.mark.parametrize(
    ("person", "words"),
    [
        ("father", "father"),
        ("mother", "mother"),
        ("gf", "maternal grandfather"),
        ("pgm", "paternal grandmother"),
        ("uncle", "mother's brother"),
        ("uncle's wife", "mother's brother's daughter's mother"),
        ("cousin", "mother's brother's daughter"),
        ("half", "half-sister"),
        ("stepmother", "half-sister's mother"),
        ("brother", "brother"),
        ("niece", "brother's daughter"),
        ("wife", "children's mother"),
        ("second", "daughter's mother"),
        ("son", "son"),
        ("child", "child"),
        ("twin", "brother"),
        ("apart", ""),
        ("missing", "self"),
    ],
)
def test_everybody_is_called_what_the_drawing_says(person: str, words: str) -> None:
    assert kin_words(FAMILY, person, "missing") == words


def test_identical_twins_and_the_other_direction() -> None:
    assert kin_words(FAMILY, "other twin", "twin") == "identical twin"
    assert kin_words(FAMILY, "missing", "cousin") == "father's sister's son"
    assert kin_words(FAMILY, "missing", "gf") == "daughter's son"
    assert kin_words(FAMILY, "gf", "cousin") == "paternal grandfather"


SAYS = {
    "maternal uncle": "mother's brother",
    "paternal aunt": "father's sister",
    "maternal grandfather": "maternal grandfather",
    "paternal grandmother": "paternal grandmother",
    "nephew": "sister's son",
    "half-brother": "half-brother",
    "grandson": "son's son",
    "maternal great-uncle": "mother's father's brother",
    "paternal half-aunt": "father's half-sister",
}


@pytest.mark.parametrize("word", SAYS)
def test_a_relation_that_was_drawn_from_a_word_is_said_again(word: str) -> None:
    drawn = propose_pedigree([Kin("R", RELATIONS[word])]).pedigree
    assert kin_words(drawn, "R", "MP") == SAYS[word]
