"""What works: counts and intervals from the laboratory's own samples, and the bone to cut next."""

from __future__ import annotations

from uuid import UUID

from forensics.domain.lists import ListQuery
from forensics.domain.profiles import ProfileState
from forensics.domain.remains import ItemKind
from forensics.domain.samples import SampleKind
from forensics.services import profiles, remains, samples
from forensics.services.what_works import ENOUGH_LOCI, what_works
from tests.support.laboratories import Staffed
from tests.support.reading import an_operation


def _items(staffed: Staffed, *elements: str) -> list[UUID]:
    _, case = an_operation(staffed)
    contents = [remains.NewItem(ItemKind.BONE, element=element) for element in elements]
    return [item.id for item in staffed["tamara"].run(remains.add_items, case, contents)]


def _failed(staffed: Staffed, item: UUID, mass: float) -> None:
    lab = staffed["tamara"]
    made = lab.run(
        samples.accession_sample, SampleKind.BONE, item=item, taken_outside="elsewhere", mass_mg=mass
    )
    lab.run(samples.fail_sample, made.id, "no DNA")


def test_failures_count_and_untouched_bones_are_proposed(staffed: Staffed) -> None:
    *tried, untouched, other = _items(staffed, *["Femur"] * 6, "Femur", "Rib")
    for number, item in enumerate(tried):
        _failed(staffed, item, 200 + 100 * number)
    found = staffed["analyst"].run(what_works)
    (femur,) = found.elements
    assert (femur.name, femur.success.tried, femur.success.worked, femur.mass) == ("Femur", 6, 0, 450.0)
    assert femur.mass_each is None
    assert {c.id: c.own for c in found.next} == {untouched: True, other: False}


def test_the_figures_are_those_of_the_records(small_lab: Staffed) -> None:
    lab = small_lab["analyst"]
    found = lab.run(what_works)
    rows = lab.run(profiles.profiles, ListQuery(limit=1000, filters={"reference": (False,)})).rows
    gone = (ProfileState.WITHDRAWN, ProfileState.QUARANTINED, ProfileState.HELD)
    worked = {r.sample for r in rows if r.loci >= ENOUGH_LOCI and r.state not in gone}
    assert found.whole.success.worked == len(worked) > 0
    for rates in (found.elements, found.preservations, found.methods):
        assert sum(rate.success.tried for rate in rates) == found.whole.success.tried
        lows = [rate.success.interval[0] for rate in rates]
        assert lows == sorted(lows, reverse=True)
