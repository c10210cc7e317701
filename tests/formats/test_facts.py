"""Facts written and read again are the same facts and the same bytes."""

import json

import pytest

from forensics.domain.errors import Invalid
from forensics.formats import facts as codec
from tests.support import reporting

ALL = [reporting.match(2), reporting.identification(), reporting.exclusion(), reporting.family_report()]


@pytest.mark.parametrize("facts", ALL, ids=lambda facts: type(facts).__name__)
def test_facts_come_back_equal_and_byte_for_byte(facts: object) -> None:
    written = codec.write(facts)  # type: ignore[arg-type]
    assert codec.read(written) == facts
    assert codec.write(codec.read(written)) == written


def test_the_order_of_alleles_in_a_table_survives() -> None:
    facts = reporting.match(1)
    tables = facts.case["frequency_tables"]
    again = codec.read(codec.write(facts)).case["frequency_tables"]  # type: ignore[union-attr]
    assert [list(x) for x in again["invented"].values()] == [list(x) for x in tables["invented"].values()]  # type: ignore[index]


def test_the_digest_follows_every_number() -> None:
    one = reporting.match(1)
    content = json.loads(codec.write(one))
    content["facts"]["weight"]["log10_total"] += 1e-12
    other = codec.read(json.dumps(content).encode())
    assert codec.digest(other) != codec.digest(one)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (b"{", "not readable JSON"),
        (b"[]", "not nomina-report-facts/1"),
        (b'{"schema":"nomina-report-facts/9","kind":"match","facts":{}}', "not nomina-report-facts/1"),
        (b'{"schema":"nomina-report-facts/1","kind":"match","facts":{}}', "malformed"),
        (b'{"schema":"nomina-report-facts/1","kind":"match","facts":{"frame":7}}', "malformed"),
    ],
)
def test_what_is_no_set_of_facts_is_refused_in_a_sentence(text: bytes, what: str) -> None:
    with pytest.raises(Invalid, match=what):
        codec.read(text)
