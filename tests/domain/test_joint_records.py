"""A joint solution that was kept comes back with everything that it held."""

import json
from dataclasses import replace

from forensics.domain.joint import JointMethod, PairState
from forensics.domain.joint_records import packed, recorded, unpacked
from forensics.domain.joint_solution import Decided, Held, JointSolution
from forensics.domain.screening import NotScreened
from tests.support.joint import HERE, written


def rich() -> JointSolution:
    """Every field says something."""
    found = written(
        {(0, 0): 5.5, (1, 1): 3.25},
        [{0: 1.0}, {1: 0.75}, {}],
        ["F1", "F2"],
        states={(0, 1): PairState.EXCLUDED, (1, 0): PairState.SEX_MISMATCH},
        genotypes=[{"D1": ("10", "11")}, {"D1": ("9.3", "12"), "D2": ("7", "7")}, {}],
        decided=Decided(
            {0: Held("ID-1", "M0", 0), 2: Held("ID-2", "MP-9", None)}, {1: "ID-3"}, {(1, 0): "HY-1"}
        ),
        unplaced=(0.0, 0.25, None),
        best=((0.75, {0: 0, 1: 1}), (0.25, {0: 0})),
        lost_mass=1e-9,
        sampled=("F2",),
        standard_error=0.01,
        refused=(NotScreened("R2", "It may have lost alleles."),),
        method=JointMethod.SAMPLED,
        half_width=1e-4,
    )
    victim = replace(
        found.pairs.victims[0], individual=HERE, items=(HERE, HERE), item_numbers=("A", "B"), left_out=("D9",)
    )
    victims = (victim, *found.pairs.victims[1:])
    table = replace(found.pairs.table, refused=(NotScreened("F1", "No data."),))
    return replace(
        found, pairs=replace(found.pairs, victims=victims, table=table, parameters={"theta": 0.01})
    )


def test_what_is_kept_comes_back_through_json_as_it_was() -> None:
    found = rich()
    again = unpacked(json.loads(json.dumps(packed(found))))
    assert again == found
    assert again.pairs.table.state(0, 1) is PairState.EXCLUDED
    assert again.claims(1) == found.claims(1)


def test_the_record_counts_who_is_held_and_who_is_placed() -> None:
    record = recorded(rich())
    assert (record.victims, record.missing, record.held, record.placed) == (3, 2, 2, 1)
    assert record.method is JointMethod.SAMPLED
    assert record.parameters == {"theta": 0.01, "number_sought": 101, "posterior_threshold": 0.9995}
