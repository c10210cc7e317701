"""Joint identification against dvir 3.4.2: published data sets and simulated ones."""

import json
import math
from pathlib import Path
from typing import Any

import pytest

from forensics.cli.dvi import as_plain, read_case
from forensics.domain.kinship import Convention
from forensics.genetics.joint import identify

PUBLIC = Path(__file__).parents[3] / "shared" / "oracle" / "public"
FILES = [PUBLIC / name for name in ("dvi_datasets.json", "dvi_simulated.json")]
pytestmark = pytest.mark.skipif(
    not all(f.exists() for f in FILES), reason="the reference cases are not beside this checkout"
)
CASES = [case for f in FILES if f.exists() for case in json.loads(f.read_text())["cases"]]


def computed(case: dict[str, Any]) -> dict[str, Any]:
    question = read_case(case, Convention.AS_DRAWN, 400)
    return as_plain(case, question, identify(question))


def by_cell(table: dict[str, Any]) -> dict[tuple[str, str], Any]:
    return {
        (row, col): value
        for row, values in zip(table["rows"], table["values"], strict=True)
        for col, value in zip(table["cols"], values, strict=True)
    }


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_pairs_posteriors_and_best_assignments_agree(case: dict[str, Any]) -> None:
    found, expected = computed(case), case["result"]
    lrs = by_cell(found["pairwise_lr"])
    for cell, lr in by_cell(expected["pairwise_lr"]).items():
        if lr is None:
            assert lrs[cell] is None, cell
        else:
            assert lrs[cell] == pytest.approx(lr, rel=1e-9, abs=0), cell
    assert by_cell(found["exclusion_matrix"]) == by_cell(expected["exclusion_matrix"])
    assert found["ln_likelihood_null"] == pytest.approx(expected["ln_likelihood_null"], rel=0, abs=1e-9)
    assert found["lost_mass"] <= 1e-9
    for row in found["posterior_marginals"]["values"]:
        assert math.fsum(row) == pytest.approx(1.0, abs=1e-9)
    if "joint" not in expected:
        return
    marginals = by_cell(found["posterior_marginals"])
    for cell, posterior in by_cell(expected["joint"]["posterior_marginals_flat_prior"]).items():
        assert abs(marginals[cell] - posterior) < 1e-9, cell
    peer = {tuple(sorted(row["assignment"].items())): row for row in expected["joint"]["top"]}
    for place, row in enumerate(found["best"]):
        same = peer.get(tuple(sorted(row["assignment"].items())))
        if same is None:
            assert place >= len(peer) - 60  # ties at the end of the peer's list
            continue
        assert abs(row["ln_likelihood"] - same["ln_likelihood"]) < 1e-9
        assert abs(row["posterior"] - same["posterior_flat_prior"]) < 1e-9
    best = expected["joint"]["top"][0]
    assert abs(found["best"][0]["ln_likelihood"] - best["ln_likelihood"]) < 1e-9
