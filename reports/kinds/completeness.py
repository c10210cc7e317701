"""Completeness of the remains: what was recovered as a picture and a list, and in words what was not.

An inventory lists what is there. What it does not list was not recovered; the larger bones are then named one by
one, vertebrae, ribs, hands and feet as groups when nothing of them is there.
"""

from collections.abc import Sequence

from forensics.anthropology.elements import catalogue
from forensics.domain.anthropology import Region, Side
from forensics.domain.facts import ElementFacts, ExaminationFacts, Part
from reports.document import Beside, Block, Column, Figure, Paragraph, Row, Span, Style, Table, Text
from reports.kinds import pictures

_LARGER = (
    ("cranium", "mandible", "sternum", "sacrum"),
    ("clavicle", "scapula", "humerus", "radius", "ulna", "hip-bone", "femur", "patella", "tibia", "fibula"),
)
"""Single and paired bones that are named when they are not there."""
_GROUPS = {
    "vertebrae": (Region.SPINE, ("sacrum", "coccyx")),
    "ribs": (Region.THORAX, ("sternum",)),
    "hands": (Region.HAND, ()),
    "feet": (Region.FOOT, ()),
}
_BESIDE = 26  # lines of the list that stand beside the skeleton; a longer one goes on over pages
_SEEN = (
    "Seen from the front. Solid: complete; hatched: in part; stippled: fragment; round mark: sampled; dashed "
    "outline: not recovered."
)


def completeness(found: ExaminationFacts) -> list[Block]:
    """The skeleton beside the list; a list without known bones stands alone."""
    lead: list[Block] = [Paragraph(found.completeness)] if found.completeness else []
    present = [one for one in found.inventory if one.part is not Part.ABSENT]
    lacking = Paragraph(not_recovered(found.inventory))
    drawn = [(one, key_of(one)) for one in found.inventory]
    if not any(key for _, key in drawn):
        return [*lead, _listed(present), lacking]
    svg = pictures.skeleton([(key, one) for one, key in drawn if key])
    picture = Figure(svg, _SEEN, f"Skeleton. {not_recovered(found.inventory)}")
    if len(present) > _BESIDE:
        return [*lead, picture, lacking, _listed(present)]
    return [*lead, Beside((picture,), (_listed(present), lacking), share=0.68)]


def not_recovered(inventory: Sequence[ElementFacts]) -> str:
    """In words: elements marked absent, and the larger bones and groups that the inventory does not list."""
    there = {(key_of(one), _side(one)) for one in inventory if one.part is not Part.ABSENT}
    absent = [named(one) for one in inventory if one.part is Part.ABSENT]
    if any(key for key, _ in there):
        absent += [words for words in _unlisted(inventory, there) if words not in absent]
    return f"Not recovered: {'; '.join(absent)}." if absent else "Nothing of the list is lacking."


def _unlisted(inventory: Sequence[ElementFacts], there: set[tuple[str, Side]]) -> list[str]:
    listed = there | {(key_of(one), _side(one)) for one in inventory}
    single, paired = _LARGER
    names = [_words(key, Side.MIDLINE) for key in single if not _has(listed, key, Side.MIDLINE)]
    for key in paired:
        sides = [side for side in (Side.LEFT, Side.RIGHT) if not _has(listed, key, side)]
        both = [f"{_words(key, Side.UNSIDED)}, both"]
        names += both if len(sides) == 2 else [_words(key, side) for side in sides]
    keys = {key for key, _ in listed}
    for group, (region, others) in _GROUPS.items():
        members = {e.key for e in catalogue().values() if e.region is region} - set(others)
        names += [group] if not keys & members else []
    return names


def _has(listed: set[tuple[str, Side]], key: str, side: Side) -> bool:
    """The bone itself, or a part of it, on that side or with its side unknown."""
    parts = {key} | {e.key for e in catalogue().values() if e.part_of == key}
    return any(k in parts and (s is side or Side.UNSIDED is s or side is Side.MIDLINE) for k, s in listed)


def key_of(one: ElementFacts) -> str:
    """The vocabulary's key of an element, or empty for what the vocabulary does not have."""
    return next((key for key in (one.bone, one.element) if key in catalogue()), "")


def _side(one: ElementFacts) -> Side:
    return Side(one.side) if one.side in set(Side) else Side.UNSIDED


def named(one: ElementFacts) -> str:
    """`Femur, left`; the midline needs no word."""
    key = key_of(one)
    return _words(key, _side(one)) if key else f"{one.element}, {one.side}" if one.side else one.element


def _words(key: str, side: Side) -> str:
    name = catalogue()[key].name
    name = name[:1].upper() + name[1:]
    return f"{name}, {side}" if side in (Side.LEFT, Side.RIGHT) else name


def _listed(present: Sequence[ElementFacts]) -> Table:
    heads = (Column("Recovered", 1.8), Column("Part", 1.1))
    return Table(heads, tuple(Row((_with_note(one), str(one.part))) for one in present), compact=True)


def _with_note(one: ElementFacts) -> Text:
    note = "; ".join(filter(None, (one.note, "sampled for DNA" if one.sampled else "")))
    return (named(one), Span(f"\n{note}", Style.MUTED)) if note else named(one)
