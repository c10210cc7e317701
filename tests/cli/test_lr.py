"""`nomina lr`: the numbers for machines, the tables for people, and the exit status."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from forensics.cli.lr import command, number, shown

DUO = [
    {"id": "A", "sex": "M", "father": None, "mother": None},
    {"id": "m", "sex": "F", "father": None, "mother": None},
    {"id": "B", "sex": "F", "father": "A", "mother": "m"},
]


def case(name: str, child: list[str], **change: Any) -> dict[str, Any]:
    return {
        "id": name,
        "theta": 0,
        "frequency_table": "t",
        "loci": ["L"],
        "hypotheses": {"duo": DUO, "apart": [DUO[0], {"id": "B", "sex": "F"}]},
        "numerator": "duo",
        "denominator": "apart",
        "genotypes": {"A": {"L": ["10", "11"]}, "B": {"L": child}},
    } | change


def run(tmp_path: Path, *cases: dict[str, Any], options: tuple[str, ...] = ("--json",)) -> Result:
    path = tmp_path / "cases.json"
    tables = {"t": {"L": {"10": 0.1, "11": 0.4, "12": 0.5}}, "rare": {"L": {"10": 1e-200, "11": 1.0}}}
    path.write_text(json.dumps({"frequency_tables": tables, "cases": cases}), encoding="utf-8")
    return CliRunner().invoke(command, [str(path), *options])


def test_json_holds_every_case_with_its_ratios(tmp_path: Path) -> None:
    result = run(tmp_path, case("one", ["10", "12"]), case("two", ["12", "12"]))
    assert result.exit_code == 0
    one, two = json.loads(result.stdout)
    assert one["id"] == "one"
    assert one["lr_total"] == pytest.approx(2.5, rel=1e-13)
    assert one["log10_lr_total"] == pytest.approx(0.3979400086720376, rel=1e-13)
    assert one["lr_per_locus"]["L"] == pytest.approx(2.5, rel=1e-13)
    assert (two["lr_total"], two["log10_lr_total"], two["lr_per_locus"]) == (0, None, {"L": 0})


def test_every_number_says_what_it_rests_on(tmp_path: Path) -> None:
    """The same engine, digests and parameters mean the same number; whatever is changed shows in its own place."""
    stated = case("one", ["10", "12"])
    mother = dict.fromkeys(("id", "sex", "father", "mother")) | {"id": "m", "sex": "F"}
    changes = {
        ("digests", "profiles"): case("one", ["10", "11"]),
        ("digests", "frequencies"): case("one", ["10", "11"], frequency_table="rare"),
        ("digests", "pedigrees"): stated
        | {"hypotheses": stated["hypotheses"] | {"apart": [*DUO[:1], mother, DUO[2]]}},
        ("parameters", "theta"): case("one", ["10", "12"], theta=0.01),
    }
    (first, *others) = json.loads(run(tmp_path, stated, *changes.values()).stdout)
    assert first["engine"].startswith("nomina-likelihood ")
    assert all(len(value) == 64 for value in first["digests"].values())
    for (group, name), found in zip(changes, others, strict=True):
        assert found[group][name] != first[group][name], name
    (again,) = json.loads(run(tmp_path, stated).stdout)
    assert again == first


def test_what_has_no_number_is_refused_beside_the_others(tmp_path: Path) -> None:
    wrong = case("wrong", ["10", "99"])
    result = run(tmp_path, case("one", ["10", "12"]), wrong, case("broken", ["10", "12"], theta="?"))
    assert result.exit_code == 1
    one, refused, broken = json.loads(result.stdout)
    assert one["lr_total"] == pytest.approx(2.5)
    assert "Allele 99 at locus L" in refused["refused"]
    assert "theta" in broken["refused"]
    assert result.stderr.startswith("Error: wrong: Allele 99")
    assert result.stderr.count("\n") == 1


def test_a_ratio_beyond_a_double_keeps_its_logarithm(tmp_path: Path) -> None:
    twins = [dict(DUO[0], id=name, twins="t") for name in ("A", "B")]
    apart = [dict(DUO[0], id=name) for name in ("A", "B")]
    question = case(
        "huge", ["10", "10"], frequency_table="rare", hypotheses={"duo": twins, "apart": apart}
    ) | {"genotypes": {"A": {"L": ["10", "10"]}, "B": {"L": ["10", "10"]}}}
    result = run(tmp_path, question)
    (huge,) = json.loads(result.stdout)
    assert huge["lr_total"] is None
    assert huge["log10_lr_total"] == pytest.approx(400)
    assert "Infinity" not in result.stdout


def test_the_convention_can_be_chosen(tmp_path: Path) -> None:
    mutation = {"L": {"model": "equal", "rate_male": 0.01, "rate_female": 0.01}}
    question = case("one", ["10", "12"], mutation=mutation)
    drawn = json.loads(run(tmp_path, question).stdout)[0]["lr_total"]
    pruned = json.loads(run(tmp_path, question, options=("--json", "--convention", "pruned")).stdout)[0][
        "lr_total"
    ]
    own = json.loads(run(tmp_path, question | {"convention": "pruned"}).stdout)[0]["lr_total"]
    back = run(tmp_path, question | {"convention": "pruned"}, options=("--json", "--convention", "as-drawn"))
    assert pruned == own != drawn
    assert json.loads(back.stdout)[0]["lr_total"] == drawn


def test_one_case_can_be_chosen(tmp_path: Path) -> None:
    both = case("one", ["10", "12"]), case("two", ["12", "12"])
    result = run(tmp_path, *both, options=("--json", "--case", "two"))
    assert [entry["id"] for entry in json.loads(result.stdout)] == ["two"]
    absent = run(tmp_path, *both, options=("--json", "--case", "three"))
    assert absent.exit_code == 1
    assert "'three'" in absent.stderr


def test_people_get_a_table(tmp_path: Path) -> None:
    result = run(tmp_path, case("one", ["10", "12"]), case("two", ["12", "12"]), options=())
    assert result.exit_code == 0
    assert "2.5" in result.stdout
    assert "−∞" in result.stdout
    assert "The numerator is impossible at L." in result.stdout


def test_a_broken_file_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "broken.json"
    path.write_text("{", encoding="utf-8")
    result = CliRunner().invoke(command, [str(path), "--json"])
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.startswith("Error: broken.json: Line 1")


def test_a_missing_file_is_wrong_usage(tmp_path: Path) -> None:
    assert CliRunner().invoke(command, [str(tmp_path / "none.json")]).exit_code == 2


@pytest.mark.parametrize(
    ("log10", "text"),
    [(None, "0"), (0.0, "1"), (6.5, "3.16228e+6"), (400.25, "1.77828e+400"), (-10.5, "3.16228e-11")],
)
def test_any_ratio_can_be_shown(log10: float | None, text: str) -> None:
    assert shown(log10) == text


def test_numbers_beyond_a_double_are_none() -> None:
    assert [number(x) for x in (None, 0.0, 309.0, -400.0)] == [0.0, 1.0, None, None]
