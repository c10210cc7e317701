"""What is typed at the bench becomes elements with sides, or is refused with the part and a suggestion."""

import pytest

from forensics.anthropology.bones import elements, parse_shorthand
from forensics.domain.anthropology import Side
from forensics.domain.errors import Invalid


def typed(text: str) -> list[str]:
    return [f"{entry.key} {side}" for entry, side in parse_shorthand(text)]


def test_the_line_an_anthropologist_types() -> None:
    found = typed("L fem, R fem, T1-12, skull")
    assert found[:2] == ["femur left", "femur right"]
    assert found[2:14] == [f"t{n} midline" for n in range(1, 13)]
    assert found[14:] == ["cranium midline", "mandible midline"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("left arm", ["humerus left", "radius left", "ulna left"]),
        ("patella R", ["patella right"]),
        ("femora", ["femur right", "femur left"]),
        ("tibias", ["tibia right", "tibia left"]),
        ("fem", ["femur unsided"]),
        ("both ulna", ["ulna right", "ulna left"]),
        ("L1-2", ["l1 midline", "l2 midline"]),
        ("L ribs 11-12", ["rib-11 left", "rib-12 left"]),
        ("mc1–2 l", ["metacarpal-1 left", "metacarpal-2 left"]),
        ("C7-T2", ["c7 midline", "t1 midline", "t2 midline"]),
        ("12-21", ["tooth-12 right", "tooth-11 right", "tooth-21 left"]),
        ("36", ["tooth-36 left"]),
        ("os coxae l", ["hip-bone left"]),
        ("atlas; axis", ["c1 midline", "c2 midline"]),
        ("left pelvis", ["hip-bone left"]),
        ("fem, fem", ["femur unsided"]),
        ("", []),
    ],
)
def test_shorthand(text: str, expected: list[str]) -> None:
    assert typed(text) == expected


def test_groups_without_a_side_mean_both_sides() -> None:
    assert len(typed("hands")) == 54
    assert len(typed("left hand")) == 27
    assert len(typed("thorax")) == 25
    assert len(typed("left thorax")) == 12


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("L fem, fmur", "“fmur” is not understood; did you mean femur"),
        ("T1-13", "there is no t 13; the series is 1 to 12"),
        ("L t1", "T1 lies in the midline; leave the side out"),
        ("L 11", "is on the right"),
        ("T5-2", "runs backwards"),
        ("11-35", "are not FDI teeth of one arch"),
        ("mc2-mt3", "runs from one series into another"),
        ("qqqq", "use a bone, its code"),
    ],
)
def test_the_unknown_part_is_named(text: str, says: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse_shorthand(text)
    assert says in str(refused.value)


def test_every_element_can_be_typed_by_code_by_name_and_with_its_side() -> None:
    for entry in elements():
        for word in (entry.code, entry.key, *(() if "," in entry.name else (entry.name,))):
            for side in entry.sides:
                prefix = f"{side} " if side is not Side.MIDLINE else ""
                assert parse_shorthand(prefix + word) == [(entry, side)], word
