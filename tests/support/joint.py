"""Joint solutions for the tests of words and pictures: of a case file, or of values written down."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from forensics.cli.dvi import read_case
from forensics.domain.joint import JointInputs, PairState
from forensics.domain.joint_solution import (
    CODES,
    Cell,
    Decided,
    JointSolution,
    PairComparison,
    PairTable,
    Sought,
    Victim,
)
from forensics.domain.kinship import Convention, Genotype, Sex
from forensics.domain.screening import ScreeningInputs
from forensics.genetics.joint import identify
from forensics.genetics.pair_table import pair_table
from forensics.services.joint import solution

HERE = UUID("6f1a2c8e-0000-4000-8000-000000000000")
DIGESTS = dict.fromkeys(("question", "inputs", "frequencies", "pedigrees", "profiles", "decisions"), "0" * 64)


def solved(
    inputs: ScreeningInputs, number_sought: int | None = None, threshold: float = 0.9995
) -> JointSolution:
    """The solution of a question; the prior is flat over the assignments unless a number is given."""
    victims = [victim(p.id, p.genotypes, p.sex) for p in inputs.profiles]
    sought = [
        Sought(key, uuid5(HERE, str(key)), key[1], uuid5(HERE, key[0]), key[0], sex_of(inputs, key))
        for key in inputs.missing
    ]
    pairs = PairComparison(
        HERE, "Test", tuple(victims), tuple(sought), pair_table(inputs),
        number_sought or len(sought) + 1, threshold, "test", DIGESTS, {},
    )  # fmt: skip
    return solution(pairs, identify(JointInputs(inputs, pairs.pair_weight, threshold=threshold)))


def published(path: Path, id: str) -> JointSolution:
    """The solution of one case of a file in the form of `nomina dvi`."""
    raw = next(case for case in json.loads(path.read_text("utf-8"))["cases"] if case["id"] == id)
    return solved(read_case(raw, Convention.AS_DRAWN, 20).screening)


def sex_of(inputs: ScreeningInputs, key: tuple[str, str]) -> Sex:
    family = next(f for f in inputs.families if f.id == key[0])
    return family.pedigree.member(key[1]).sex


def victim(number: str, genotypes: Mapping[str, Genotype] | None = None, sex: Sex = Sex.UNKNOWN) -> Victim:
    return Victim(number, (uuid5(HERE, number),), (number,), None, sex, genotypes or {}, (number,))


def written(
    log10: Mapping[Cell, float],
    posterior: Sequence[Mapping[int, float]],
    families: Sequence[str],
    *,
    states: Mapping[Cell, PairState] | None = None,
    genotypes: Sequence[Mapping[str, Genotype]] | None = None,
    number_sought: int = 101,
    decided: Decided | None = None,
    **more: Any,
) -> JointSolution:
    """A solution as stated: row r is R{r}, column c is M{c} of the family named."""
    rows, columns = len(posterior), len(families)
    codes = bytearray([CODES.index(PairState.EVALUATED)] * (rows * columns))
    for (r, c), state in (states or {}).items():
        codes[r * columns + c] = CODES.index(state)
    sought = [
        Sought((f, f"m{c}"), uuid5(HERE, f"M{c}"), f"M{c}", uuid5(HERE, f), f, Sex.UNKNOWN)
        for c, f in enumerate(families)
    ]
    victims = [victim(f"R{r}", genotypes[r] if genotypes else None) for r in range(rows)]
    table = PairTable(rows, columns, 0.0, bytes(codes), log10)
    pairs = PairComparison(
        HERE, "Test", tuple(victims), tuple(sought), table, number_sought, 0.9995, "test", DIGESTS, {},
        decided or Decided(),
    )  # fmt: skip
    unplaced = tuple(max(0.0, 1 - sum(found.values())) for found in posterior)
    known = {"unplaced": unplaced, "best": (), "lost_mass": 0.0, "sampled": (), "standard_error": 0.0,
             "components": 1, "refused": (), "engine": "test"}  # fmt: skip
    return JointSolution(pairs, tuple(posterior), **{**known, **more})
