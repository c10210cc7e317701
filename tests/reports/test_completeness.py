"""What was not recovered is said in words, from an inventory that lists only what is there."""

from forensics.domain.facts import ElementFacts, ExaminationFacts, Part
from reports.document import Beside, Figure, Table
from reports.kinds.completeness import completeness, named, not_recovered


def test_larger_bones_and_groups_that_the_inventory_does_not_list_are_named() -> None:
    said = not_recovered(
        (
            ElementFacts(element="cranium", side="midline"),
            ElementFacts(element="femur", side="left"),
            ElementFacts(element="t4", side="midline"),
            ElementFacts(element="ilium", side="right"),
        )
    )
    assert "Cranium" not in said
    assert "Femur, right" in said
    assert "Femur, left" not in said
    assert "Clavicle, both" in said
    assert "Hip bone, left" in said
    assert "Hip bone, right" not in said  # a part of it is there
    assert "vertebrae" not in said
    for words in ("Mandible", "ribs", "hands", "feet."):
        assert words in said


def test_what_is_marked_absent_is_said_once() -> None:
    inventory = (
        ElementFacts(element="femur", side="left"),
        ElementFacts(element="femur", side="right", part=Part.ABSENT),
    )
    assert not_recovered(inventory).count("Femur, right") == 1


def test_names_come_from_the_vocabulary_or_stay_as_they_were_written() -> None:
    assert named(ElementFacts(element="hip-bone", side="left")) == "Hip bone, left"
    assert named(ElementFacts(element="Something else")) == "Something else"


def test_a_short_list_stands_beside_the_skeleton_and_a_long_one_below() -> None:
    short = (ElementFacts(element="femur", side="left"),)
    long = tuple(
        ElementFacts(element=f"rib-{n}", side=side) for n in range(1, 13) for side in ("left", "right")
    )
    long += tuple(ElementFacts(element=f"t{n}", side="midline") for n in range(1, 13))
    assert any(
        isinstance(block, Beside) for block in completeness(ExaminationFacts(condition="", inventory=short))
    )
    blocks = completeness(ExaminationFacts(condition="", inventory=long))
    assert [type(block) for block in blocks if isinstance(block, Figure | Table)] == [Figure, Table]


def test_an_inventory_of_unknown_elements_is_a_list_without_a_picture() -> None:
    found = completeness(
        ExaminationFacts(condition="", inventory=(ElementFacts(element="Bag of fragments"),))
    )
    assert not any(isinstance(block, Beside | Figure) for block in found)
