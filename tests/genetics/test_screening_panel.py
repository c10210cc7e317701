"""Panels of markers: hits are those of brute force, LRs those of the exact engine, nothing wraps or is lost."""

import math
from dataclasses import replace

import numpy as np
import pytest

from forensics.domain.errors import Invalid
from forensics.domain.kinship import Genotype, MutationKind, MutationModel
from forensics.domain.screening import ScreeningInputs
from forensics.genetics import kernel, screening_bounds
from forensics.genetics.bench_data import SHAPES, Invention, invented
from forensics.genetics.kernel import can_compile
from forensics.genetics.screening import Search, chunks, log10_matrix, screen
from forensics.genetics.screening_bounds import parts, passing_panel
from forensics.genetics.screening_prepare import prepare
from tests.support.screening import exact_log10


def panel(markers: int, size: int = 2 * len(SHAPES), seed: int = 4, **changes: object) -> ScreeningInputs:
    """Families and partial profiles; two markers are no SNPs."""
    made = Invention(seed, markers, biallelic=True)
    rng = np.random.default_rng(seed)
    profiles = tuple(
        replace(p, genotypes={x: g for x, g in p.genotypes.items() if rng.random() < 0.6})
        for p in made.profiles(size)
    )
    rules = replace(made.rules, families=tuple(made.families(size)), profiles=profiles)
    return replace(rules, **changes)  # type: ignore[arg-type]


def hits(inputs: ScreeningInputs, threshold: float) -> dict[tuple[str, str], float]:
    return {(h.profile, h.family): h.log10_lr for h in screen(inputs, threshold_log10=threshold).hits}


@pytest.mark.parametrize("theta", [0.0, 0.02])
@pytest.mark.parametrize("threshold", [-30.0, 0.0, 3.0])
def test_hits_are_those_of_brute_force(threshold: float, theta: float) -> None:
    inputs = panel(130, theta=theta)
    if theta:
        inputs = inputs.only(families={f"F{i}" for i in range(3)})
    matrix = log10_matrix(inputs)
    found = hits(inputs, threshold)
    expected = {
        (inputs.profiles[i].id, inputs.families[j].id): matrix[i, j]
        for i, j in np.argwhere(matrix >= threshold)
    }
    assert found.keys() == expected.keys()
    assert max(abs(found[key] - expected[key]) for key in found) < 1e-9
    assert len(found) > 1


def test_compiled_and_plain_sums_agree_and_without_numba_the_same_is_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    inputs = panel(200)
    search = Search(prepare(inputs), 2.0)
    assert search.panel is not None
    for made in chunks(search.prepared, _Silent()):
        plain = [p.tolist() for p in passing_panel(made, search.where, search.panel, 2.0, False)]
        if can_compile():
            compiled = [p.tolist() for p in passing_panel(made, search.where, search.panel, 2.0, True)]
            assert plain == compiled
    whole = screen(inputs, threshold_log10=2.0)
    monkeypatch.setattr(kernel, "can_compile", lambda: False)
    monkeypatch.setattr(kernel, "WORTH_COMPILING", 0)
    assert screen(inputs, threshold_log10=2.0) == whole


class _Silent:
    def step(self, done: int, total: int, what: str = "") -> None:
        """Nobody watches."""


def test_four_markers_are_one_locus_and_other_loci_stand_alone() -> None:
    snps, strs = panel(70), invented(2 * len(SHAPES), seed=4, loci=2)
    names = {"L00": "D0", "L01": "D1"}
    tables = {names[x]: t for x, t in strs.frequencies.loci.items()}
    both = replace(
        snps,
        loci=(*snps.loci, "D0", "D1"),
        frequencies=replace(snps.frequencies, loci={**snps.frequencies.loci, **tables}),
        profiles=tuple(
            replace(p, genotypes={**p.genotypes, **{names[x]: g for x, g in q.genotypes.items()}})
            for p, q in zip(snps.profiles, strs.profiles, strict=True)
        ),
        families=tuple(
            replace(
                f,
                genotypes={
                    person: {**g, **{names[x]: y for x, y in e.genotypes[person].items()}}
                    for person, g in f.genotypes.items()
                },
            )
            for f, e in zip(snps.families, strs.families, strict=True)
        ),
    )
    found = parts(prepare(both).where)
    units = [unit for part in found for unit in part.units]
    assert sorted(map(len, units)) == [1, 1, 2, *[4] * 17]
    assert max(part.count for part in found) <= screening_bounds.ROWS
    matrix = log10_matrix(both)
    wanted = {(int(i), int(j)) for i, j in np.argwhere(matrix >= 1.0)}
    assert {(int(p[1:]), int(f[1:])) for p, f in hits(both, 1.0)} == wanted


def test_five_thousand_markers_neither_underflow_nor_wrap() -> None:
    inputs = panel(5000, size=3)
    found = {(h.profile, h.family): h for h in screen(inputs, threshold_log10=10.0).hits}
    assert found.keys() == {(f"P{i}", f"F{i}") for i in range(3)}
    family, profile, hit = inputs.families[0], inputs.profiles[0], found["P0", "F0"]  # both parents
    some = replace(
        inputs, loci=inputs.loci[::20]
    )  # a product over loci: some of them say whether all are right
    expected = exact_log10(some, family, profile)
    assert math.fsum(hit.log10_per_locus[::20]) == pytest.approx(expected, abs=1e-10)
    assert hit.log10_lr == math.fsum(hit.log10_per_locus) > 200
    matrix = log10_matrix(inputs)
    assert matrix[1, 0] < -300
    assert math.isfinite(matrix[1, 0])


def test_a_third_allele_at_a_marker_is_computed_apart() -> None:
    inputs = panel(80, size=13, minimum_frequency=0.001)
    odd: dict[str, Genotype] = {**inputs.profiles[1].genotypes, "L03": ("A", "T")}
    families = list(inputs.families)
    father = {**families[1].genotypes["F"], "L03": ("T", "T"), "L05": ("C", "G")}
    families[1] = replace(families[1], genotypes={"F": father})
    inputs = replace(
        inputs,
        profiles=(inputs.profiles[0], replace(inputs.profiles[1], genotypes=odd), *inputs.profiles[2:]),
        families=tuple(families),
        mutation=dict.fromkeys(inputs.loci, MutationModel(MutationKind.EQUAL, 1e-3, 1e-3)),
    )
    matrix = log10_matrix(inputs)
    found = hits(inputs, 0.0)
    assert {(int(p[1:]), int(f[1:])) for p, f in found} == {
        (int(i), int(j)) for i, j in np.argwhere(matrix >= 0)
    }
    expected = exact_log10(inputs, families[1], inputs.profiles[1])
    assert matrix[1, 1] == pytest.approx(expected, abs=1e-9)


def test_too_many_loci_are_refused_in_a_sentence() -> None:
    names = tuple(f"L{i}" for i in range(10_001))
    with pytest.raises(Invalid, match="at most 10000 loci"):
        prepare(replace(panel(65, size=1), loci=names))
