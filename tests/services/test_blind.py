"""All profiles among themselves: what was planted is found and said, and nothing else is."""

from __future__ import annotations

import random
from collections.abc import Mapping

import pytest

from forensics.domain.blind import SERIOUS, Finding, FindingKind
from forensics.domain.errors import Cancelled, Conflict, Invalid
from forensics.domain.kinship import Genotype, Member, Pedigree, Sex
from forensics.domain.remains import AssociationState
from forensics.services import blind, blind_findings, blind_questions, blind_settling, gene_dropping, remains
from tests.support.changing import ChangingLaboratory
from tests.support.laboratories import Staffed

Genotypes = Mapping[str, Genotype]

LOCI = tuple(
    "D3S1358 vWA FGA D8S1179 D21S11 D18S51 D5S818 D13S317 D7S820 TH01 TPOX CSF1PO D16S539 "
    "D1S1656 D12S391 D2S1338 D2S441 D10S1248 D19S433 D22S1045".split()
)
TRIO = Pedigree(
    (
        Member("Father", Sex.MALE),
        Member("Mother", Sex.FEMALE),
        Member("MP", Sex.MALE, "Father", "Mother"),
        Member("Sister", Sex.FEMALE, "Father", "Mother"),
    )
)


@pytest.fixture
def world(staffed: Staffed) -> ChangingLaboratory:
    """Two families as they should be, and two strangers' bones."""
    made = ChangingLaboratory(staffed, random.Random(4))
    for _ in range(2):
        found = people(made)
        made.take_in_family(TRIO, {code: found[code] for code in ("Mother", "Sister")})
    for name in ("S1", "S2"):
        made.take_in_bone(name, stranger(made))
    return made


def people(world: ChangingLaboratory, drawn: Pedigree = TRIO) -> dict[str, dict[str, Genotype]]:
    return gene_dropping.drop(drawn, world.table, LOCI, world.dice)


def stranger(world: ChangingLaboratory) -> dict[str, Genotype]:
    return gene_dropping.stranger(world.table, LOCI, world.dice)


def search(world: ChangingLaboratory) -> blind.Compared:
    return blind.compare_all(world.labs["analyst"], world.operation.id)


def only(world: ChangingLaboratory) -> Finding:
    (found,) = search(world).search.findings
    return found


def test_people_who_are_who_they_should_be_bring_nothing(world: ChangingLaboratory) -> None:
    done = search(world).search
    assert done.findings == ()
    assert (done.remains, done.references, done.comparisons, done.stated_pairs) == (2, 4, 15, 2)
    assert done.chance_related == pytest.approx(15 * 4 * 1e-4)
    assert done.chance_same == pytest.approx(15e-6)
    assert done.chance_contradicted == pytest.approx(2e-3)
    assert [s.id for s in world.labs["analyst"].run(blind_settling.blind_searches, world.operation.id)] == [
        done.id
    ]


def test_two_items_of_one_person_are_proposed_once(world: ChangingLaboratory) -> None:
    world.take_in_bone("S3", world.bones["S1"])
    done = search(world)
    (one,) = done.search.findings
    assert one.kind is FindingKind.ONE_PERSON
    (proposed,) = done.proposed
    assert proposed.statistic == one.log10_lr
    assert search(world).proposed == ()
    world.labs["reviewer"].run(remains.decide_association, proposed.id, True)
    assert search(world).search.findings == (), "an accepted association is known"
    kept = world.labs["reviewer"].run(remains.associations, world.operation.id)
    assert [a.state for a in kept] == [AssociationState.ACCEPTED]


def test_a_profile_under_two_donors_is_told(world: ChangingLaboratory) -> None:
    found = people(world)
    world.take_in_family(TRIO, {"Mother": found["Mother"]})
    world.take_in_family(TRIO, {"Mother": found["Mother"]})
    one = only(world)
    assert one.kind is FindingKind.ONE_DONOR
    assert one.kind in SERIOUS
    assert "one donor twice" in one.words


def test_twins_that_are_drawn_are_no_duplicates(world: ChangingLaboratory) -> None:
    twins = Pedigree(
        (
            *TRIO.members,
            Member("Twin", Sex.FEMALE, "Father", "Mother", "t"),
            Member("Other", Sex.FEMALE, "Father", "Mother", "t"),
        )
    )
    found = people(world, twins)
    world.take_in_family(twins, {"Twin": found["Twin"], "Other": found["Twin"]})
    assert search(world).search.findings == ()


def test_a_mother_who_can_not_be_the_mother_is_told_and_what_she_looks_like(
    world: ChangingLaboratory,
) -> None:
    found = people(world)
    world.take_in_family(TRIO, {"Mother": stranger(world), "Sister": found["Sister"]})
    one = only(world)
    assert one.kind is FindingKind.CONTRADICTED
    assert "can hardly be related as drawn" in one.words
    assert "they look unrelated" in one.words


def test_parents_who_are_drawn_unrelated_and_are_not_are_told(world: ChangingLaboratory) -> None:
    found = people(world)
    typed = {"Father": found["MP"], "Mother": found["Mother"]}
    world.take_in_family(TRIO, typed)
    one = only(world)
    assert one.kind is FindingKind.CONTRADICTED
    assert "are drawn unrelated and look like parent and child" in one.words


def test_amelogenin_against_the_drawing_is_told(world: ChangingLaboratory) -> None:
    found = people(world)
    world.take_in_family(TRIO, {"Mother": found["Mother"]}, {"Mother": Sex.MALE})
    one = only(world)
    assert one.kind is FindingKind.OTHER_SEX
    assert "drawn female and typed male" in one.words


def test_remains_with_a_donors_profile_are_a_mixed_up_sample(world: ChangingLaboratory) -> None:
    found = people(world)
    world.take_in_family(TRIO, {"Mother": found["Mother"]})
    world.take_in_bone("S3", found["Mother"])
    assert only(world).kind is FindingKind.MIX_UP


def test_a_pair_that_differs_at_one_locus_is_told_as_nearly_alike(world: ChangingLaboratory) -> None:
    again = dict(world.bones["S1"])
    locus = next(x for x, g in again.items() if g[0] != g[1])
    again[locus] = (again[locus][0], again[locus][0])
    world.take_in_bone("S3", again)
    one = only(world)
    assert (one.kind, one.differing_loci) == (FindingKind.NEARLY_ALIKE, (locus,))
    assert f"agree at all loci but {locus}" in one.words


def test_relatives_among_remains_and_across_families_are_told(world: ChangingLaboratory) -> None:
    found = people(world)
    world.take_in_bone("Parent", found["Father"])
    world.take_in_bone("Child", found["MP"])
    one = only(world)
    assert (one.kind, one.relation) == (FindingKind.RELATED_REMAINS, "parent and child")
    world.take_in_family(TRIO, {"Mother": found["Mother"]})
    world.take_in_family(TRIO, {"Mother": found["Sister"]})
    kinds = {f.kind for f in search(world).search.findings}
    assert FindingKind.RELATED_FAMILIES in kinds


def test_data_that_move_meanwhile_and_a_stop_leave_nothing(world: ChangingLaboratory) -> None:
    analyst = world.labs["analyst"]
    question = analyst.run(blind_questions.blind_question, world.operation.id)
    contradicted, stated = blind_findings.contradictions(question, _Silent())
    world.take_in_bone("S3", stranger(world))
    from forensics.genetics.blind import blind_search

    result = blind_search(question.inputs.profiles, question.inputs.frequencies, loci=question.inputs.loci)
    with pytest.raises(Conflict, match="compare them again"):
        analyst.run(blind.record_blind, question, result, contradicted, stated)
    with pytest.raises(Cancelled):
        blind.compare_all(analyst, world.operation.id, _Stop())
    assert analyst.run(blind_settling.blind_searches, world.operation.id) == []


def test_one_profile_alone_is_refused_with_what_to_do(staffed: Staffed) -> None:
    alone = ChangingLaboratory(staffed, random.Random(4))
    alone.take_in_bone("S1", stranger(alone))
    with pytest.raises(Invalid, match="not two accepted profiles"):
        search(alone)


class _Silent:
    def step(self, done: int, total: int, what: str = "") -> None: ...


class _Stop:
    def step(self, done: int, total: int, what: str = "") -> None:
        raise Cancelled("stopped")
