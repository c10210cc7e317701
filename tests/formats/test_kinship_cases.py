"""Kinship case files: what is read, what is written, and how a broken file is told."""

import json
import math
from typing import Any

import pytest

from forensics.domain.errors import Invalid
from forensics.domain.kinship import (
    Chromosome,
    Convention,
    DropOut,
    FrequencyTable,
    KinshipCase,
    LinkedPair,
    Member,
    MutationKind,
    MutationModel,
    Pedigree,
    Sex,
)
from forensics.formats.kinship_cases import read_cases, read_each_case, write_cases

TRIO = [
    {"id": "A", "sex": "M", "father": None, "mother": None},
    {"id": "m", "sex": "F", "father": None, "mother": None},
    {"id": "B", "sex": "F", "father": "A", "mother": "m"},
]


def document(**change: Any) -> dict[str, Any]:
    case = {
        "id": "one",
        "chromosome": "autosomal",
        "theta": 0.01,
        "frequency_table": "t",
        "loci": ["L"],
        "mutation": {"L": {"model": "equal", "rate_male": 0.002, "rate_female": 0.001}},
        "hypotheses": {"father": TRIO, "unrelated": [{"id": "A", "sex": "M"}, {"id": "B", "sex": "F"}]},
        "numerator": "father",
        "denominator": "unrelated",
        "genotypes": {"A": {"L": ["9", "9.3"]}, "B": {"L": ["9.3", "10"]}},
    }
    case.update(change)
    return {
        "frequency_tables": {"t": {"L": {"9": 0.2, "9.3": 0.3, "10": 0.5}}},
        "cases": [{name: value for name, value in case.items() if value != "absent"}],
    }


def read(**change: Any) -> KinshipCase:
    return read_cases(json.dumps(document(**change)))[0]


def test_a_case_is_read() -> None:
    case = read()
    assert case.id == "one"
    assert case.theta == 0.01
    assert case.numerator.member("B") == Member("B", Sex.FEMALE, "A", "m")
    assert case.genotypes["A"]["L"] == ("9", "9.3")
    assert case.mutation["L"] == MutationModel(MutationKind.EQUAL, 0.002, 0.001)
    assert list(case.frequencies.loci["L"]) == ["9", "9.3", "10"]
    assert (case.numerator_name, case.denominator_name) == ("father", "unrelated")
    assert case.convention is Convention.AS_DRAWN


def test_unknown_fields_are_left_alone() -> None:
    assert read(tags={"anything": [1, None]}, remark="x") == read()


def test_our_own_fields_are_read() -> None:
    twins = [dict(TRIO[0], twins="t"), TRIO[1], TRIO[2], {"id": "C", "sex": "M", "twins": "t"}]
    case = read(
        hypotheses={"father": twins, "unrelated": [TRIO[0], {"id": "B", "sex": "F"}]},
        convention="pruned",
        minimum_frequency=0.001,
    )
    assert case.numerator.member("C").twins == "t"
    assert case.convention is Convention.PRUNED
    assert case.minimum_frequency == 0.001


def test_two_profiles_alone_are_a_direct_match() -> None:
    case = read(hypotheses="absent", numerator="absent", denominator="absent")
    assert case.numerator.member("A").twins == case.numerator.member("B").twins is not None
    assert case.denominator.member("A").twins is None


FULL = KinshipCase(
    id="voll ständig",
    loci=("L", "K"),
    frequencies=FrequencyTable(
        "t",
        {"L": {"9": 0.1, "9.3": 0.2 + 0.1, "s": 1 / 3}, "K": {"1": 1.0}},
        "Norway",
        {"L": 200},
        "doi",
        "sha",
    ),
    numerator=Pedigree((Member("A", Sex.MALE, twins="t"), Member("B", Sex.MALE, twins="t"))),
    denominator=Pedigree((Member("A", Sex.MALE), Member("B", Sex.UNKNOWN, father="A"))),
    genotypes={"A": {"L": ("9",), "K": ("1", "1")}},
    chromosome=Chromosome.X,
    theta=0.1 + 0.2,
    mutation={
        "L": MutationModel(MutationKind.STEPWISE, 1e-3, 2e-3, 1e-6, 2e-6, 0.5, 0.25, "PM"),
        "K": MutationModel(
            MutationKind.MATRIX, alleles=("1",), matrix_male=((1.0,),), matrix_female=((1.0,),)
        ),
    },
    silent_allele="s",
    drop_out=DropOut("B", {"L": (), "K": ("1",)}, 1 / 7, 1 / 49, 0.05),
    recombination=1 / 3,
    convention=Convention.PRUNED,
    minimum_frequency=1e-3,
    title="everything at once",
    numerator_name="one",
    denominator_name="two",
    linked_pairs=(LinkedPair("L", "K", 0.1 + 0.2),),
)


def test_everything_comes_back_as_it_was_written() -> None:
    assert read_cases(write_cases([FULL])) == (FULL,)
    assert write_cases(read_cases(write_cases([FULL]))) == write_cases([FULL])


def test_two_tables_of_one_name_are_not_written() -> None:
    other = KinshipCase("x", ("L",), FrequencyTable("t", {}), FULL.numerator, FULL.denominator, {})
    with pytest.raises(Invalid, match="named 't'"):
        write_cases([FULL, other])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"frequency_table": "z"}, "case one: the frequency table 'z' is not in the file"),
        ({"frequency_table": "absent"}, "case one: the field 'frequency_table' is missing"),
        ({"theta": "0.01"}, 'case one: theta is "0.01"; it must be a number'),
        ({"theta": True}, "case one: theta is true; it must be a number"),
        ({"theta": 10**400}, "case one: theta is 1000"),
        ({"loci": "L"}, "case one: loci is .*must be a list"),
        ({"loci": [1]}, r"case one: loci\[1\] is 1; it must be a text"),
        ({"chromosome": "Y"}, 'chromosome is "Y"; it must be one of autosomal, X'),
        ({"numerator": "mother"}, "the numerator 'mother' is not one of its hypotheses"),
        ({"denominator": "absent"}, "the field 'denominator' is missing"),
        ({"hypotheses": {"father": {}}}, "case one: hypotheses.father is {}; it must be a list"),
        (
            {"hypotheses": {"father": [{"sex": "M"}]}},
            r"father\[1\]: the field 'id' is missing",
        ),
        (
            {"hypotheses": {"father": [{"id": "A", "sex": "X"}]}},
            r"father\[1\].sex is \"X\"; it must be one of M, F, U",
        ),
        ({"hypotheses": {"father": ["A"]}}, r"father\[1\] is \"A\"; it must be an object"),
        ({"genotypes": {"A": {"L": "9"}}}, 'genotypes.A.L is "9"; it must be a list'),
        ({"genotypes": {"A": {"L": [9, 9]}}}, r"genotypes.A.L\[1\] is 9; it must be a text"),
        ({"genotypes": []}, r"genotypes is \[\]; it must be an object"),
        ({"mutation": {"L": {}}}, "mutation.L: the field 'model' is missing"),
        ({"mutation": {"L": {"model": "magic"}}}, 'model is "magic"; it must be one of equal'),
        ({"mutation": {"L": {"model": "equal", "rate_male": []}}}, r"rate_male is \[\]; it must be a number"),
        (
            {"mutation": {"L": {"model": "matrix", "matrix_male": [1]}}},
            r"matrix_male\[1\] is 1; it must be a list",
        ),
        ({"convention": "cut"}, "convention is 'cut'; write 'as drawn' or 'pruned'"),
        ({"trace_sample": {"person": "B"}}, "trace_sample: the field 'observed_alleles' is missing"),
        ({"hypotheses": None, "genotypes": {"A": {}}}, "hypotheses are missing"),
        ({"id": "absent"}, "cases\\[1\\]: the field 'id' is missing"),
        ({"id": 7}, "id is 7; it must be a text"),
    ],
)
def test_a_broken_case_is_named_with_its_field(change: dict[str, Any], message: str) -> None:
    with pytest.raises(Invalid, match=message) as error:
        read(**change)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "Line 1, column 1: this is not JSON"),
        (b'{"cases": [', "this is not JSON"),
        (b"\xff\xfe", "not UTF-8"),
        (b"[]", "the case file is .*must be an object"),
        (b"{}", "the field 'frequency_tables' is missing"),
        (b'{"frequency_tables": {"t": {"L": {"9": NaN}}}, "cases": []}', "NaN"),
        (b'{"frequency_tables": {"t": {"L": {"9": 0.5, "9": 0.5}}}, "cases": []}', "'9' stands twice"),
        (b'{"frequency_tables": {"t": {"L": [1]}}, "cases": []}', r"t.L is \[1\]; it must be an object"),
        (b'{"frequency_tables": {"t": {"L": {"9": "x"}}}, "cases": []}', 'L.9 is "x"; it must be a number'),
        (b'{"frequency_tables": {}, "cases": {}}', "cases is {}; it must be a list"),
        (b"[" * 100_000, "nested too deeply|not JSON"),
        (b'{"a": 1' + b"0" * 5000 + b"}", "number that can't be read|frequency_tables"),
    ],
)
def test_a_broken_file_is_refused_in_one_sentence(content: bytes, message: str) -> None:
    with pytest.raises(Invalid, match=message) as error:
        read_cases(content)
    assert "\n" not in str(error.value)


def test_one_broken_case_leaves_the_others() -> None:
    both = document()
    both["cases"].append({"id": "two"})
    found = dict(read_each_case(json.dumps(both)))
    assert isinstance(found["one"], KinshipCase)
    assert isinstance(found["two"], Invalid)


def test_a_byte_order_mark_is_no_trouble() -> None:
    assert read_cases(b"\xef\xbb\xbf" + json.dumps(document()).encode()) == (read(),)


def test_numbers_that_are_none_are_not_written() -> None:
    bad = KinshipCase(
        "x", ("L",), FrequencyTable("t", {}), FULL.numerator, FULL.denominator, {}, theta=math.nan
    )
    with pytest.raises(Invalid, match="not a number"):
        write_cases([bad])


def test_two_profiles_with_a_pedigree_are_no_direct_match() -> None:
    document = {
        "frequency_tables": {"t": {"A": {"1": 0.5, "2": 0.5}}},
        "cases": [
            {
                "id": "power",
                "category": "power_missing_person",
                "frequency_table": "t",
                "loci": ["A"],
                "pedigree": [{"id": "F", "sex": "M", "father": None, "mother": None}],
                "genotypes": {"F": {"A": ["1", "1"]}, "M": {"A": ["1", "2"]}},
            }
        ],
    }
    with pytest.raises(Invalid, match="hypotheses are missing"):
        read_cases(json.dumps(document))
