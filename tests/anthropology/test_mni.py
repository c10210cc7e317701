"""Least and most likely numbers of individuals, on published and on hand-counted examples."""

from fractions import Fraction
from math import comb

import pytest

from forensics.anthropology.bones import element, parse_shorthand
from forensics.anthropology.mni import InventoryLine, minimum_number, most_likely_number
from forensics.domain.anthropology import Completeness, Side
from forensics.domain.errors import Invalid


def lines(text: str) -> list[InventoryLine]:
    return [InventoryLine(entry, side) for part in text.split(",") for entry, side in parse_shorthand(part)]


def test_the_published_example_of_adams_and_konigsberg() -> None:
    found = most_likely_number(21, 15, 11)
    assert (found.mni, found.number, found.low, found.high) == (25, 28, 25, 39)
    assert found.arithmetic.endswith("= 28.33")
    assert found.recovery == pytest.approx(22 / 36)


@pytest.mark.parametrize(
    ("left", "right", "pairs"), [(21, 15, 11), (5, 4, 2), (9, 9, 9), (20, 10, 8), (12, 14, 6)]
)
def test_the_region_equals_an_exact_enumeration(left: int, right: int, pairs: int) -> None:
    """p(N) by whole-number arithmetic over a range so long that the rest weighs nothing."""
    least = left + right - pairs
    exact = {
        n: Fraction(comb(left, pairs) * comb(n - left, right - pairs), comb(n, right))
        * Fraction(pairs, n + 1)
        for n in range(least, 2000)
    }
    total, held, chosen = sum(exact.values()), Fraction(0), []
    for n in sorted(exact, key=lambda n: -exact[n]):
        chosen.append(n)
        held += exact[n]
        if held >= Fraction(95, 100) * total:
            break
    found = most_likely_number(left, right, pairs)
    assert (found.low, found.high) == (min(chosen), max(chosen))


def test_without_a_pair_or_with_too_many_it_is_refused() -> None:
    with pytest.raises(Invalid, match="no upper limit"):
        most_likely_number(4, 3, 0)
    with pytest.raises(Invalid, match="can't be"):
        most_likely_number(4, 3, 4)


def test_mni_is_the_larger_side_of_the_most_repeated_element() -> None:
    found = minimum_number(lines("L fem, L fem, L fem, R fem, skull, L tib, R tib"))
    assert found.number == 3
    assert [line.element.key for line in found.deciding] == ["femur"]
    assert found.rule == "At least 3 individuals: 3 left and 1 right femur (maximum of sides by element)."


def test_one_whole_skeleton_is_one_individual() -> None:
    found = minimum_number(lines("skeleton, teeth"))
    assert found.number == 1


def test_bones_of_unknown_side_add_a_person_only_when_no_partner_is_left() -> None:
    assert minimum_number(lines("fem, fem")).number == 1
    assert minimum_number(lines("fem, fem, fem")).number == 2
    assert minimum_number(lines("L fem, fem, fem")).number == 2


def test_unspecified_ribs_count_by_the_twelve_of_a_side() -> None:
    rib = element("rib")
    assert minimum_number([InventoryLine(rib, Side.LEFT, count=12)]).number == 1
    assert minimum_number([InventoryLine(rib, Side.LEFT, count=13)]).number == 2


def test_fragments_of_one_bone_do_not_count_twice_when_their_zones_differ() -> None:
    femur = element("femur")
    proximal = InventoryLine(femur, Side.LEFT, frozenset({1, 2, 3, 4, 5}), Completeness.PARTIAL)
    distal = InventoryLine(femur, Side.LEFT, frozenset({7, 8, 9, 10, 11}), Completeness.PARTIAL)
    shaft = InventoryLine(femur, Side.LEFT, frozenset({5, 6, 7}), Completeness.PARTIAL)
    assert minimum_number([proximal, distal]).number == 1
    found = minimum_number([proximal, distal, shaft])
    assert found.number == 2
    assert found.deciding[0].zone in (5, 7)


def test_absent_bones_and_empty_tables_count_nothing() -> None:
    femur = element("femur")
    assert minimum_number([InventoryLine(femur, Side.LEFT, completeness=Completeness.ABSENT)]).number == 0
    assert minimum_number([]).rule.startswith("No bones are present")
