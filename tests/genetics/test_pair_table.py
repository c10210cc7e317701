"""The compact table of all pairs says what screening and the joint engine say."""

from dataclasses import replace

import numpy as np
import pytest

from forensics.domain.errors import Cancelled, Invalid
from forensics.domain.joint import JointInputs, PairState
from forensics.domain.kinship import Convention, Member, Pedigree, Sex
from forensics.domain.screening import ScreeningFamily, ScreeningInputs
from forensics.genetics import pair_table as module
from forensics.genetics.joint import identify
from forensics.genetics.pair_table import pair_table
from forensics.genetics.screening import log10_matrix
from tests.genetics.test_joint import EQUAL, question

M, F = Sex.MALE, Sex.FEMALE


@pytest.mark.parametrize("mutation", [{}, EQUAL], ids=["without mutation", "with mutation"])
@pytest.mark.parametrize("seed", range(6))
def test_every_pair_is_what_the_joint_engine_and_the_screening_say(seed: int, mutation: dict) -> None:  # type: ignore[type-arg]
    inputs = question(seed, mutation, Convention.AS_DRAWN)
    table = pair_table(inputs, floor_log10=-300.0)
    matrix = log10_matrix(inputs)
    refused = {item.id for item in table.refused}
    pairs = {(p.victim, p.missing): p for p in identify(JointInputs(inputs)).pairs}
    for r, profile in enumerate(inputs.profiles):
        for c, key in enumerate(inputs.missing):
            pair = pairs[profile.id, key]
            assert table.state(r, c) is pair.state, (profile.id, key)
            assert (key[0] in refused) == (pair.state is PairState.REFUSED)
            if pair.state is PairState.EVALUATED:
                assert table.log10_lr[r, c] == pytest.approx(pair.log10_lr, abs=1e-9)
                assert table.log10_lr[r, c] == pytest.approx(matrix[r, c], abs=1e-12)
            else:
                assert (r, c) not in table.log10_lr


def test_lrs_below_the_floor_are_only_known_to_be_below() -> None:
    inputs = question(3, EQUAL, Convention.AS_DRAWN)
    whole, kept = pair_table(inputs, floor_log10=-300.0), pair_table(inputs)
    assert kept.codes == whole.codes
    assert kept.log10_lr == {cell: value for cell, value in whole.log10_lr.items() if value >= 0}
    assert len(kept.log10_lr) < len(whole.log10_lr)
    row = next(r for r, _ in kept.log10_lr)
    values = [value for _, value in kept.best(row)]
    assert values == sorted(values, reverse=True)
    column = kept.best(row)[0][0]
    assert (row, values[0]) in kept.best_of_column(column)
    assert sum(kept.count(state) for state in PairState) == kept.rows * kept.columns


def test_a_family_without_a_path_to_the_missing_is_not_evaluable_and_an_impossible_one_refused() -> None:
    inputs = question(1, {}, Convention.AS_DRAWN)
    w = inputs.families[0].genotypes["w"]
    stranger = ScreeningFamily("C", Pedigree((Member("z", M), Member("q", F))), ("z",), {"q": w})
    mother = {locus: ("10", "10") if locus == "D1" else g for locus, g in w.items()}
    child = {locus: ("11", "11") if locus == "D1" else g for locus, g in w.items()}
    drawn = Pedigree((Member("z", M), Member("q", F), Member("k", F, "z", "q")))
    broken = ScreeningFamily("D", drawn, ("z",), {"q": mother, "k": child})
    table = pair_table(replace(inputs, families=(stranger, broken)))
    assert table.state(0, 0) is PairState.NOT_EVALUABLE
    assert table.state(1, 0) is PairState.SEX_MISMATCH
    assert table.state(0, 1) is PairState.REFUSED
    assert [item.id for item in table.refused] == ["D"]
    assert "impossible" in table.refused[0].reason


def test_too_large_a_table_is_refused_and_a_long_one_can_be_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    inputs: ScreeningInputs = question(1, {}, Convention.AS_DRAWN)

    class Stop:
        def step(self, done: int, total: int, what: str = "") -> None:
            raise Cancelled("Stopped.")

    with pytest.raises(Cancelled):
        pair_table(inputs, Stop())
    monkeypatch.setattr(module, "MOST_PAIRS", 5)
    with pytest.raises(Invalid, match="look at the candidates"):
        pair_table(inputs)


def test_rows_of_refused_profiles_keep_their_place() -> None:
    inputs = question(2, {}, Convention.AS_DRAWN)
    odd = replace(inputs.profiles[0], genotypes={"D1": ("10", "99")})
    table = pair_table(replace(inputs, profiles=(odd, *inputs.profiles[1:])))
    assert table.states(0) == {PairState.REFUSED}
    assert np.count_nonzero(np.frombuffer(table.codes, dtype=np.uint8)[: table.columns]) == table.columns
    assert inputs.profiles[0].id in [item.id for item in table.refused]
