"""The facts of reports: from the records, in words, with every method's interval and its kind."""

from __future__ import annotations

from dataclasses import replace

import pytest

from forensics.domain.anthropology import Target, as_plain
from forensics.domain.errors import Refused
from forensics.domain.facts import MatchFacts
from forensics.domain.lists import ListQuery
from forensics.domain.matching import HypothesisState
from forensics.services import anthropology, documents, identifications, matching, report_facts
from forensics.services.report_facts.findings import _estimates
from tests.support.laboratories import Staffed


def _hypothesis(lab: Staffed, state: HypothesisState) -> matching.HypothesisRecord:
    query = ListQuery(filters={"state": (str(state),)}, sort="log10_lr", descending=True, limit=1)
    line = lab["analyst"].run(matching.hypotheses, query).rows[0]
    return lab["analyst"].run(matching.hypothesis_record, line.id)


def test_a_match_report_says_who_did_what_and_what_it_would_be_otherwise(small_lab: Staffed) -> None:
    found = _hypothesis(small_lab, HypothesisState.SUPPORTED)
    reviewer = small_lab.person("reviewer")
    draft = report_facts.draft_match(small_lab["analyst"], found.hypothesis.id, reviewer.id)
    facts = small_lab["analyst"].run(documents.report_record, draft.id).facts
    assert isinstance(facts, MatchFacts)
    assert facts.weight.log10_total == found.hypothesis.log10_lr
    assert facts.frame.author.name == "Ines Amrani"
    assert facts.frame.authoriser.name == "Dr Pavel Hora"
    assumptions = [row.assumption for row in facts.sensitivity]
    assert assumptions[:3] == ["θ = 0", "θ = 0.01", "θ = 0.03"]
    assert sum(a.startswith("Without donor") for a in assumptions) == len(facts.donors)
    stated = next(row for row in facts.sensitivity if row.assumption == "θ = 0.01")
    assert stated.log10_total == pytest.approx(found.hypothesis.log10_lr, rel=1e-12)
    assert small_lab["manager"].run(documents.reports, ListQuery()).total == 1


def test_a_report_needs_a_reviewed_conclusion_and_another_authoriser(small_lab: Staffed) -> None:
    waiting = _hypothesis(small_lab, HypothesisState.PROPOSED).hypothesis
    analyst = small_lab["analyst"]
    with pytest.raises(Refused, match="reviewed conclusion"):
        report_facts.draft_match(analyst, waiting.id, small_lab.person("reviewer").id)
    supported = _hypothesis(small_lab, HypothesisState.SUPPORTED).hypothesis
    with pytest.raises(Refused, match="another person than its author"):
        report_facts.draft_match(analyst, supported.id, analyst.person.id)
    names = {person.login for person in analyst.run(documents.authorisers)}
    assert "reviewer" in names
    assert "analyst" not in names


def test_every_method_stands_with_its_interval_and_kind(small_lab: Staffed) -> None:
    manager = small_lab["manager"]
    line = manager.run(identifications.identifications, ListQuery(limit=200)).rows
    records = [manager.run(identifications.identification_record, row.id) for row in line]
    exam = next(record.examination for record in records if record.examination)
    bench = small_lab["anthropologist"]
    method = next(m for m in bench.run(anthropology.methods_for, Target.AGE) if m.examples)
    stored = as_plain(bench.run(anthropology.method_result, method.id, dict(method.examples[0].inputs)))
    rows = _estimates(replace(exam, results=(stored,)))
    given = sum(low is not None for low in (exam.age_minimum, exam.stature_minimum))
    assert [row.interval for row in rows if row.trait in ("Age", "Stature")] == ["examiner's range"] * given
    by_method = rows[-1]
    assert by_method.method == stored["title"]
    assert str(stored["kind"]) in by_method.interval
    assert by_method.reference == stored["reference"]
