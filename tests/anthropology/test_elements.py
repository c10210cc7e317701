"""The element list is complete, and every entry can be typed, seen and read without ambiguity."""

from collections import Counter

from forensics.anthropology.bones import element, elements, group_members, number_in_adult
from forensics.domain.anthropology import ElementKind, Region, Side


def test_an_adult_has_206_bones_and_32_teeth() -> None:
    assert number_in_adult() == 206
    assert len(elements(ElementKind.TOOTH)) == 32
    assert len(elements(ElementKind.DECIDUOUS)) == 20


def test_bones_by_region_add_up_as_anatomy_has_them() -> None:
    counts: Counter[str] = Counter()
    for entry in elements(ElementKind.BONE):
        counts[entry.region] += entry.count
    assert counts == {
        Region.CRANIUM: 22 + 6,  # skull and mandible; ossicles
        Region.NECK: 1,
        Region.SPINE: 26,
        Region.THORAX: 25,
        Region.SHOULDER: 4,
        Region.ARM: 6,
        Region.HAND: 54,
        Region.PELVIS: 2,
        Region.LEG: 8,
        Region.FOOT: 52,
    }


def test_codes_and_latin_names_are_unique() -> None:
    for attribute in ("code", "latin", "name"):
        bones = [entry for entry in elements() if attribute != "latin" or entry.region is not Region.TEETH]
        seen = Counter(getattr(entry, attribute).lower() for entry in bones)
        assert [text for text, times in seen.items() if times > 1] == [], attribute


def test_every_part_belongs_to_an_element_that_exists() -> None:
    for entry in elements():
        if entry.part_of:
            assert element(entry.part_of)


def test_zones_are_numbered_without_gap() -> None:
    for entry in elements():
        assert [zone.number for zone in entry.zones] == list(range(1, len(entry.zones) + 1)), entry.key


def test_series_have_the_identifier_of_their_own_number() -> None:
    assert element("t12").fma == 10081
    assert element("rib-7").fma == 7830
    assert element("c2").name == "C2 (axis)"


def test_a_tooth_lies_on_the_side_of_its_quadrant() -> None:
    assert element("tooth-11").sides == (Side.RIGHT,)
    assert element("tooth-36").sides == (Side.LEFT,)
    assert element("tooth-85").name == "85 lower right deciduous second molar"


def test_groups_name_only_existing_elements() -> None:
    for name, keys in group_members().items():
        assert keys, name
    assert len(group_members()["skeleton"]) == len(elements(ElementKind.BONE))
    assert len(group_members()["teeth"]) == 32
