"""Relation words and the pedigrees they draw."""

import pytest

from forensics.domain.errors import Invalid
from forensics.domain.kinship import Member, Pedigree, Sex
from forensics.domain.relations import (
    RELATIONS,
    Kin,
    add_relative,
    is_unnamed,
    parse_relation,
    propose_pedigree,
    with_sex,
)
from tests.support.pedigrees import equivalent

M, F, U = Sex.MALE, Sex.FEMALE, Sex.UNKNOWN


def _ped(*members: tuple[str, Sex, str | None, str | None]) -> Pedigree:
    return Pedigree(tuple(Member(*m) for m in members))


def _kin(*pairs: tuple[str, str]) -> list[Kin]:
    kin = []
    for id, word in pairs:
        relation = parse_relation(word)
        assert relation is not None, word
        kin.append(Kin(id, relation))
    return kin


def _drawn(*pairs: tuple[str, str]) -> Pedigree:
    proposal = propose_pedigree(_kin(*pairs))
    assert not proposal.left_out
    return proposal.pedigree


def _named(pedigree: Pedigree) -> dict[str, str]:
    return {i: i for i in pedigree.ids if not is_unnamed(i)}


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("[brother]", "brother"),
        ("Sibling2", "sibling"),
        ("HERMANA", "sister"),
        ("irmão", "brother"),
        ("Mãe", "mother"),
        ("tía materna", "maternal aunt"),
        ("Uncle (paternal)", "paternal uncle"),
        ("tío por parte de madre", "maternal uncle"),
        ("avó materna", "maternal grandmother"),
        ("avô", "grandfather"),
        ("avó", "grandmother"),
        ("avo", "grandparent"),
        ("medio hermano paterno", "paternal half-brother"),
        ("half sister", "half-sister"),
        ("cônjuge", "spouse"),
        ("bisabuela", "great-grandmother"),
        ("sobrina nieta", "grandniece"),
    ],
)
def test_words_of_several_languages_mean_one_relation(word: str, name: str) -> None:
    found = parse_relation(word)
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize("word", ["", "xyz", "brother of the neighbour", "[]", "12", "b" * 500, "paternal"])
def test_other_words_mean_nothing(word: str) -> None:
    assert parse_relation(word) is None


def test_full_siblings_share_both_parents() -> None:
    wanted = _ped(
        ("f", M, None, None),
        ("m", F, None, None),
        ("MP", U, "f", "m"),
        ("B", M, "f", "m"),
        ("S", F, "f", "m"),
    )
    ours = _drawn(("B", "brother"), ("S", "sister"))
    assert equivalent(ours, wanted, _named(ours))


def test_a_parent_takes_the_place_that_a_sibling_has_drawn() -> None:
    ours = _drawn(("B", "brother"), ("MO", "mother"))
    assert ours.member("B").mother == ours.member("MP").mother == "MO"
    assert ours.member("B").father == ours.member("MP").father


def test_children_are_the_children_of_a_typed_spouse_whatever_the_order() -> None:
    ours = _drawn(("D", "daughter"), ("S", "son"), ("W", "wife"))
    assert {(ours.member(c).father, ours.member(c).mother) for c in "DS"} == {("MP", "W")}
    assert ours.member("MP").sex is M


def test_a_husband_makes_the_missing_person_the_mother() -> None:
    ours = _drawn(("H", "husband"), ("C", "child"))
    assert (ours.member("C").father, ours.member("C").mother) == ("H", "MP")
    assert ours.member("MP").sex is F


def test_children_without_a_spouse_share_one_unnamed_parent_and_this_is_asked() -> None:
    proposal = propose_pedigree(_kin(("A", "son"), ("B", "daughter")))
    mothers = {proposal.pedigree.member(c).mother for c in "AB"}
    assert len(mothers) == 1
    assert any("one other parent" in note for note in proposal.notes)
    assert any("sex is not stated" in note for note in proposal.notes)


def test_an_uncle_of_no_stated_side_is_the_fathers_brother_and_this_is_asked() -> None:
    proposal = propose_pedigree(_kin(("U1", "uncle")))
    ped = proposal.pedigree
    father = ped.member("MP").father
    assert father is not None
    assert (ped.member("U1").father, ped.member("U1").mother) == (
        ped.member(father).father,
        ped.member(father).mother,
    )
    assert proposal.notes == ("U1 is drawn on the father's side; tell if it is the mother's side.",)


def test_a_maternal_uncle_is_the_mothers_brother_and_nothing_is_asked() -> None:
    proposal = propose_pedigree(_kin(("U1", "maternal uncle"), ("U2", "tío materno")))
    ped = proposal.pedigree
    mother = ped.member("MP").mother
    assert mother is not None
    assert ped.member("U1").father == ped.member("U2").father == ped.member(mother).father
    assert proposal.notes == ()


def test_two_grandfathers_are_one_of_each_side() -> None:
    ped = _drawn(("G1", "grandfather"), ("G2", "grandfather"))
    parents = [ped.member(str(p)) for p in (ped.member("MP").father, ped.member("MP").mother)]
    assert [p.father for p in parents] == ["G1", "G2"]


def test_grandparents_of_no_stated_side_are_a_couple() -> None:
    ped = _drawn(("GF", "grandfather"), ("GM", "grandmother"))
    father = ped.member(str(ped.member("MP").father))
    assert (father.father, father.mother) == ("GF", "GM")


def test_a_half_brother_of_the_mothers_side_has_another_father() -> None:
    ped = _drawn(("H", "maternal half-brother"))
    assert ped.member("H").mother == ped.member("MP").mother
    assert ped.member("H").father != ped.member("MP").father


def test_two_nieces_are_drawn_as_children_of_two_further_sisters_and_this_is_asked() -> None:
    proposal = propose_pedigree(_kin(("N1", "niece"), ("N2", "niece")))
    mothers = [str(proposal.pedigree.member(n).mother) for n in ("N1", "N2")]
    assert len(set(mothers)) == 2
    assert all(proposal.pedigree.member(m).father == proposal.pedigree.member("MP").father for m in mothers)
    assert all(proposal.pedigree.member(m).sex is F for m in mothers)
    assert len(proposal.notes) == 2


def test_a_cousin_is_the_child_of_a_parents_sibling() -> None:
    ped = _drawn(("C", "cousin"))
    father = ped.member(str(ped.member("MP").father))
    between = [ped.member(str(p)) for p in (ped.member("C").father, ped.member("C").mother)]
    assert sum(b.father == father.father and b.father is not None for b in between) == 1


def test_an_identical_twin_shares_sex_parents_and_group() -> None:
    ped = propose_pedigree(_kin(("T", "identical twin")), sex=F).pedigree
    assert ped.member("T").twins == ped.member("MP").twins is not None
    assert ped.member("T").sex is F


def test_a_second_mother_is_left_out_with_the_reason() -> None:
    proposal = propose_pedigree(_kin(("M1", "mother"), ("M2", "mother")))
    assert proposal.left_out == (("M2", "MP already has a mother; change that before adding M2."),)
    assert "M2" not in proposal.pedigree.ids


def test_in_laws_and_stepparents_are_drawn_apart() -> None:
    proposal = propose_pedigree(_kin(("X", "stepfather")))
    assert proposal.pedigree.member("X") == Member("X", M)
    assert "no blood relation" in proposal.notes[0]


def test_a_relative_is_added_to_a_pedigree_by_word() -> None:
    ped = add_relative(_ped(("MP", F, None, None)), "MP", "brother", "B")
    ped = add_relative(ped, "MP", "father", "FA")
    ped = add_relative(ped, "B", "hija", "N")
    assert ped.member("B").father == "FA"
    assert ped.member("N").father == "B"


def test_the_other_parent_of_a_child_can_be_named() -> None:
    ped = _ped(("MP", F, None, None), ("H", M, None, None))
    child = add_relative(ped, "MP", "son", "S", other_parent="H").member("S")
    assert (child.father, child.mother) == ("H", "MP")


@pytest.mark.parametrize(
    ("anchor", "word", "new"),
    [("MP", "friendly ghost", "X"), ("nobody", "brother", "X"), ("MP", "brother", "MP"), ("MP", "self", "X")],
)
def test_what_cannot_be_added_is_refused_in_a_sentence(anchor: str, word: str, new: str) -> None:
    with pytest.raises(Invalid):
        add_relative(_ped(("MP", F, None, None)), anchor, word, new)


def test_identical_twins_get_their_parents_together() -> None:
    twins = Pedigree((Member("MP", F, twins="T"), Member("twin", F, twins="T")))
    drawn = add_relative(twins, "MP", "brother", "B")
    parents = {(m.father, m.mother) for m in drawn.members if m.id in ("MP", "twin", "B")}
    assert len(parents) == 1
    assert parents != {(None, None)}


def test_changing_the_sex_of_a_parent_changes_unnamed_partners_and_places() -> None:
    ped = with_sex(_drawn(("C", "son")), "MP", F)
    child = ped.member("C")
    assert child.mother == "MP"
    assert ped.member(str(child.father)).sex is M
    with pytest.raises(Invalid, match="other parent"):
        with_sex(_drawn(("C", "son"), ("W", "wife")), "MP", F)


@pytest.mark.parametrize("name", sorted(set(RELATIONS) - {"self"}))
@pytest.mark.parametrize("sex", [M, F, U])
def test_every_relation_draws_a_sound_pedigree(name: str, sex: Sex) -> None:
    relation = RELATIONS[name]
    proposal = propose_pedigree([Kin("R", relation)], sex=sex)
    if proposal.left_out:
        assert "same sex" in proposal.left_out[0][1]
        return
    for member in proposal.pedigree.members:
        assert (member.father is None) == (member.mother is None)
        if member.father and member.mother:
            assert proposal.pedigree.member(member.father).sex is M
            assert proposal.pedigree.member(member.mother).sex is F
    if sex is not U:
        assert proposal.pedigree.member("MP").sex is sex
