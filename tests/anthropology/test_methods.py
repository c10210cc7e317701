"""Every method file recomputes its worked example, says what its interval is, and warns where it should."""

import json
from itertools import pairwise
from pathlib import Path

import pytest

from forensics.anthropology.method_model import Engine, InputType
from forensics.anthropology.methods import Measured, Method, apply, available, load, load_folder
from forensics.domain.anthropology import IntervalKind, SexEstimate, Target
from forensics.domain.errors import Invalid, Unavailable

METHODS = available()
EXAMPLES = [(method, at) for method in METHODS for at in range(len(method.examples))]
CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus"


@pytest.mark.parametrize(("method", "at"), EXAMPLES, ids=lambda value: getattr(value, "id", value))
def test_worked_example(method: Method, at: int) -> None:
    example = method.examples[at]
    result = apply(method, example.inputs)
    for field in ("estimate", "low", "high"):
        found, wanted = getattr(result, field), example.expect.get(field)
        if wanted is not None:
            assert found == pytest.approx(
                float(wanted), abs=6e-5 if method.target is Target.SEX else 0.005
            ), field
        elif method.target is not Target.SEX and field != "estimate":
            assert found is None, field
    assert example.expect.get("sex", result.sex) == result.sex
    assert example.expect.get("stage", result.stage) == result.stage
    assert result.arithmetic


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.id)
def test_every_method_names_its_source_sample_interval_and_how_it_was_checked(method: Method) -> None:
    assert len(method.source) > 40
    assert any(ch.isdigit() for ch in method.source)
    assert method.reference
    assert method.verification
    assert method.kind in IntervalKind
    if method.kind in (IntervalKind.PREDICTION, IntervalKind.CENTRAL, IntervalKind.DENSITY):
        assert method.level in (0.9, 0.95)
    if method.kind is IntervalKind.MODAL:
        assert method.level is None  # a modal range has no level


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.id)
def test_every_row_of_a_table_can_be_reached(method: Method) -> None:
    for row in method.rows:
        if method.engine is Engine.TABLE:
            found = apply(method, dict(zip(method.keys, row.keys, strict=True)))
            assert found.stage == row.stage


def test_scores_cover_every_possible_total() -> None:
    method = load("age.buckberry_chamberlain_2002")
    spans = [row.score for row in method.rows if row.score]
    scores = [entry for entry in method.inputs if entry.type is InputType.SCORE]
    assert spans[0][0] == len(scores)
    assert spans[-1][1] == sum(len(entry.options) for entry in scores)
    assert all(after[0] == before[1] + 1 for before, after in pairwise(spans))


def test_the_tibia_of_trotter_and_gleser_warns_unless_measured_their_way() -> None:
    method = load("stature.trotter_gleser_1952")
    plain = apply(method, {"group": "white_m", "tib": 370.0})
    assert any("medial malleolus" in warning for warning in plain.warnings)
    standard = apply(method, {"group": "white_m", "tib": Measured(370, "Tib_01")})
    assert any("taken as Tib_01" in warning for warning in standard.warnings)
    right = apply(method, {"group": "white_m", "tib": Measured(370, "Tib_TG")})
    assert not any("malleolus" in warning for warning in right.warnings)


def test_the_equation_with_the_smallest_error_is_chosen_and_shown() -> None:
    result = apply(load("stature.trotter_gleser_1952"), {"group": "white_m", "hum": 330.0, "fem": 450.0})
    assert result.arithmetic.startswith("2.38 × 45 + 61.41 = 168.51 cm; ± 2 × 3.27 = 161.97 to 175.05 cm")
    assert result.conclusion == "162–175 cm (95 % ±2 standard errors of estimate)"


def test_an_unchecked_standard_error_is_said_to_be_so() -> None:
    result = apply(load("stature.trotter_gleser_1952"), {"group": "black_f", "fem": 430.0})
    assert result.status == "standard error not verified"
    assert any("has not been checked against the publication" in warning for warning in result.warnings)
    checked = apply(load("stature.trotter_gleser_1952"), {"group": "white_f", "fem": 430.0})
    assert checked.status == "verified"


def test_soft_limits_warn_and_never_block() -> None:
    result = apply(load("stature.trotter_gleser_1952"), {"group": "white_m", "fem": 600.0})
    assert result.estimate == pytest.approx(204.21)
    assert "above the usual 560" in " ".join(result.warnings)


def test_a_modal_range_says_that_it_is_one() -> None:
    result = apply(load("age.lovejoy_1985"), {"phase": "3"})
    assert result.conclusion == "30–34 years (modal range)"
    assert any("too narrow" in warning for warning in result.warnings)


def test_the_rib_uses_two_standard_deviations_and_not_the_interval_of_the_mean() -> None:
    result = apply(load("age.iscan_rib4_1985"), {"sex": "F", "phase": "6"})
    assert result.arithmetic.endswith("50.7 ± 2 × 14.93 = 20.84 to 80.56 years")


def test_sex_is_a_step_of_the_scale_with_its_probability() -> None:
    result = apply(load("sex.walker_2008"), {"gla": 1, "mas": 1, "men": 1})
    assert result.sex is SexEstimate.FEMALE
    assert result.conclusion.startswith("female (probability of female 0.99")


@pytest.mark.parametrize(
    ("id", "inputs", "says"),
    [
        ("stature.trotter_gleser_1952", {"fem": 450}, "needs Reference group"),
        ("stature.trotter_gleser_1952", {"group": "martian", "fem": 450}, "“martian” is not one of"),
        ("stature.trotter_gleser_1952", {"group": "white_m"}, "no equation fits what was observed"),
        (
            "stature.trotter_gleser_1952",
            {"group": "white_m", "fem": "long"},
            "is not a number; give it in mm",
        ),
        ("stature.trotter_gleser_1952", {"group": "white_m", "fem": -3}, "give a positive number"),
        ("sex.klales_2012", {"va": 6, "ma": 1, "spc": 1}, "“6” is not one of 1, 2, 3, 4, 5"),
        ("sex.walker_2008", {"gla": 1, "mas": 2}, "no equation fits what was scored"),
        ("age.samworth_gowland_2007", {"pubic": "PS1", "auricular": "AS8"}, "has no entry for"),
        ("age.berg_2008", {"phase": "V", "sex": "F"}, "does not ask for “sex”"),
    ],
)
def test_what_does_not_fit_is_refused_in_a_sentence(
    id: str, inputs: dict[str, float | str], says: str
) -> None:
    with pytest.raises(Invalid, match=says):
        apply(load(id), inputs)


def test_the_numbers_are_those_of_the_checked_collection() -> None:
    if not (CORPUS / "methods.json").exists():
        pytest.skip("the collection of checked methods is not on this machine")
    checked = {entry["id"]: entry for entry in json.loads((CORPUS / "methods.json").read_text("utf-8"))}
    groups = checked["stature.trotter_gleser_1952"]["groups"]
    names = {"WM": "white_m", "WF": "white_f", "BM": "black_m", "BF": "black_f"}
    ours = {(e.group, "+".join(e.uses)): e for e in load("stature.trotter_gleser_1952").equations}
    for group, bones in groups.items():
        for bone, numbers in bones.items():
            equation = ours[names[group], bone]
            assert {slope for _, slope in equation.slopes} == {numbers["a"]}
            assert (equation.intercept, equation.see) == (numbers["b"], numbers["see"])
    phases = checked["age.suchey_brooks_1990"]["phases"]
    rows = {row.keys: row for row in load("age.suchey_brooks_1990").rows}
    for sex, entries in phases.items():
        for phase, (mean, sd, low, high) in entries.items():
            row = rows[sex, phase]
            assert (row.mean, row.sd, row.low, row.high) == (mean, sd, low, high)


def test_trotter_and_gleser_reproduce_their_published_tables() -> None:
    """The appendix gives the bone length for each stature; four misprints of the table are left out."""
    file = CORPUS / "osteometric" / "statuAAR__TrotterGleser1952.csv"
    if not file.exists():
        pytest.skip("the published appendix tables are not on this machine")
    lines = [
        line.split(",") for line in file.read_text("utf-8").splitlines() if line and not line.startswith("#")
    ]
    header, rows = lines[0], lines[1:]
    method = load("stature.trotter_gleser_1952")
    groups = {
        ("m", "White"): "white_m",
        ("f", "White"): "white_f",
        ("m", "Black"): "black_m",
        ("f", "Black"): "black_f",
    }
    misprints = {("1_10", "Hum"), ("2_16", "Fib"), ("2_38", "Fib"), ("2_45", "Fib")}
    checked = 0
    for cells in rows:
        row = dict(zip(header, cells, strict=True))
        group = groups.get((row["Sex"], row["Race"]))
        for column, bone in (("Fem", "fem"), ("Hum", "hum"), ("Fib", "fib"), ("Rad", "rad"), ("Ulna", "uln")):
            if group and row[column] and (row["Appendix_row"], column) not in misprints:
                found = apply(method, {"group": group, bone: float(row[column])}).estimate
                assert found == pytest.approx(float(row["stature"]) / 10, abs=0.35), (
                    row["Appendix_row"],
                    column,
                )
                checked += 1
    assert checked > 900


GOOD = """
id = "stature.own"
version = "1"
title = "Own"
target = "stature"
engine = "linear"
unit = "cm"
status = "under validation"
verification = "own series of 2024"
source = "Laboratory file 12"
reference = "own cases"
[interval]
kind = "prediction interval"
level = 0.95
[[input]]
name = "fem"
label = "Femur"
type = "length"
[[equation]]
slopes = { fem = 2.0 }
intercept = 80
see = 3
[[example]]
inputs = { fem = 450 }
expect = { estimate = 170 }
"""


def test_a_laboratory_adds_its_own_method_by_a_file(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(GOOD, "utf-8")
    own = load_folder(tmp_path)
    result = apply(load("stature.own", own), {"fem": 450})
    assert result.estimate == 170
    assert "under validation" in result.warnings[0]
    assert "stature.own" in {method.id for method in available(Target.STATURE, own)}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("version =", "verzion ="), "own.toml, verzion: is not a field"),
        (('source = "Laboratory file 12"', ""), "own.toml, source: is missing"),
        (
            ('"stature"\nengine', '"weight"\nengine'),
            "own.toml, target: “weight” is not known; use one of sex, age, stature",
        ),
        (
            ("intercept = 80", 'intercept = "80"'),
            "own.toml, equation 1.intercept: is '80'; it must be a number",
        ),
        (
            ("slopes = { fem", "slopes = { tib"),
            "own.toml, equation 1.slopes.tib: is no input; the inputs are fem",
        ),
        (("[[example]]", "[[exempel]]"), "own.toml, exempel: is not a field"),
        (("[interval]", "[interval"), "own.toml: is not valid TOML"),
        (('kind = "prediction interval"', 'kind = "95 %"'), "own.toml, interval.kind: “95 %” is not known"),
        (('id = "stature.own"', 'id = "sex.klales_2012"'), "is already the id of"),
    ],
)
def test_a_malformed_file_is_refused_with_file_field_and_remedy(
    tmp_path: Path, change: tuple[str, str], says: str
) -> None:
    assert change[0] in GOOD
    (tmp_path / "own.toml").write_text(GOOD.replace(*change), "utf-8")
    with pytest.raises(Invalid) as refused:
        load_folder(tmp_path)
    assert says in str(refused.value)


def test_a_folder_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="There is no folder"):
        load_folder(tmp_path / "none")


def test_the_manual_describes_every_shipped_method_and_its_example_file_is_valid(tmp_path: Path) -> None:
    manual = (Path(__file__).parents[2] / "docs" / "methods.md").read_text("utf-8")
    for method in METHODS:
        assert f"| {method.title} |" in manual, method.id
    for kind in IntervalKind:
        if kind is not IntervalKind.TWO_SEE:
            assert str(kind).removesuffix(" of the sample") in manual, kind
    (tmp_path / "ours.toml").write_text(manual.split("```toml")[1].split("```")[0], "utf-8")
    method = load_folder(tmp_path)["stature.ours"]
    result = apply(method, method.examples[0].inputs)
    assert (result.estimate, result.low) == (pytest.approx(168.0), pytest.approx(161.2))
