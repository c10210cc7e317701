"""Today's work, the search, the audit as a story: for each role what it may see."""

from __future__ import annotations

from forensics.domain.lists import ListQuery
from forensics.services import auditing, families, matching, searching, today
from tests.support.laboratories import Staffed


def _titles(lab: Staffed, login: str, mine: bool = True) -> set[str]:
    return {work.title for work in lab[login].run(today.today) if work.mine is mine}


def test_each_role_finds_its_own_work(small_lab: Staffed) -> None:
    assert "Profiles to review" in _titles(small_lab, "reviewer")
    assert "Matches to review" in _titles(small_lab, "reviewer")
    assert "Samples that wait for authorisation" in _titles(small_lab, "manager")
    assert "Identifications to confirm" in _titles(small_lab, "coordinator")
    assert "Profiles to review" in _titles(small_lab, "analyst", mine=False)


def test_waiting_work_has_a_number_and_an_age(small_lab: Staffed) -> None:
    for work in small_lab["manager"].run(today.today):
        assert work.count > 0
        assert work.oldest is not None


def test_the_search_finds_what_the_person_may_read(small_lab: Staffed) -> None:
    manager, analyst = small_lab["manager"], small_lab["analyst"]
    person = manager.run(families.missing_persons, ListQuery(limit=1)).rows[0]
    name = person.name.split()[0]
    assert person.id in {f.id for f in manager.run(searching.search, name)}
    assert analyst.run(searching.search, name) == []
    assert person.id in {f.id for f in manager.run(searching.search, person.number)}
    assert manager.run(searching.search, "  ") == []


def test_the_history_of_a_match_reads_as_a_story(small_lab: Staffed) -> None:
    best = ListQuery(sort="log10_lr", descending=True, limit=1)
    line = small_lab["analyst"].run(matching.hypotheses, best).rows[0]
    told = small_lab["coordinator"].run(auditing.history, frozenset([line.id]))
    acts = [entry.what for entry in told]
    assert acts[:3] == ["Record screening", "Propose match", "Review match"]
    assert [entry.who for entry in told[1:3]] == ["Ines Amrani", "Dr Pavel Hora"]


def test_the_chain_of_the_whole_demonstration_verifies(small_lab: Staffed) -> None:
    verdict = small_lab["coordinator"].run(auditing.verify)
    assert verdict.sound
    assert verdict.entries > 100
    assert verdict.head == small_lab["coordinator"].run(auditing.head)
