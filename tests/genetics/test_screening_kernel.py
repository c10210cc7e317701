"""The fast path loses nothing: upper bounds hold, compiled and plain code agree, hits are those of brute force."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import forensics.genetics
from forensics.genetics import kernel, screening
from forensics.genetics.bench_data import SHAPES, invented
from forensics.genetics.blind import blind_search
from forensics.genetics.kernel import (
    LANES,
    LARGE_PAGE,
    Block,
    Tables,
    bound_tables,
    can_compile,
    in_one_page,
    passing,
)
from forensics.genetics.screening import log10_matrix, screen


def table(seed: int, loci: int = 7, genotypes: int = 20) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """log10 LRs (rows, LANES) with impossible genotypes among them, offsets, and rows of profiles."""
    rng = np.random.default_rng(seed)
    log10 = rng.normal(-0.5, 1.5, (loci * (genotypes + 1), LANES))
    log10[rng.random(log10.shape) < 0.05] = -np.inf
    offsets = np.arange(loci) * (genotypes + 1)
    log10[offsets + genotypes] = 0.0
    rows = (rng.integers(0, genotypes + 1, (3000, loci)) + offsets).astype(np.uint32)
    return log10, offsets, rows


def bound_block(ln: np.ndarray, offsets: np.ndarray, threshold: float) -> Block | None:
    """Upper bounds of lanes that all have a table of their own."""
    tables = bound_tables(np.split(ln, offsets[1:]), threshold)
    place = np.tile(np.arange(LANES, dtype=np.int32), (len(offsets), 1))
    return None if tables is None else tables.block(place, compiled=False)


@pytest.mark.parametrize("threshold", [-40.0, -3.0, 0.0, 2.5, 6.0])
@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_nobody_above_the_threshold_is_lost(threshold: float, kind: type) -> None:
    log10, offsets, rows = table(3)
    block = bound_block((log10 * np.log(10)).astype(kind), offsets, threshold)
    exact = log10[rows].sum(axis=1) >= threshold
    found = np.zeros_like(exact)
    if block is not None:
        pairs = passing(block, rows, compiled=False)
        found[pairs[:, 0], pairs[:, 1]] = True
    assert not (exact & ~found).any()
    if threshold > 0:
        assert found.sum() < 1.2 * exact.sum() + 20  # and the bound is tight


def test_the_compiled_kernel_finds_the_same() -> None:
    if not can_compile():
        pytest.skip("numba does not work on this machine")
    log10, offsets, rows = table(4)
    for threshold in (-20.0, 0.0, 4.0):
        block = bound_block((log10 * np.log(10)).astype(np.float32), offsets, threshold)
        assert block is not None
        assert np.array_equal(passing(block, rows, compiled=True), passing(block, rows, compiled=False))


def test_nothing_can_pass_an_unreachable_threshold() -> None:
    log10, offsets, _ = table(5)
    assert bound_block(log10 * np.log(10), offsets, 1000.0) is None


@pytest.mark.parametrize("compiled", [False, True])
def test_hits_of_a_large_search_are_those_of_brute_force(
    compiled: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if compiled and not can_compile():
        pytest.skip("numba does not work on this machine")
    monkeypatch.setattr(screening, "choose", lambda _pairs: compiled)
    inputs = invented(10 * len(SHAPES), seed=2, loci=8)
    matrix = log10_matrix(inputs)
    result = screen(inputs, threshold_log10=1.5)
    assert result.comparisons == matrix.size
    expected = {(int(p), int(c)) for p, c in np.argwhere(matrix >= 1.5)}
    found = {(int(h.profile[1:]), int(h.family[1:])): h.log10_lr for h in result.hits}
    assert found.keys() == expected
    assert max(abs(found[key] - matrix[key]) for key in found) < 1e-10
    assert len(found) > 100


@pytest.mark.parametrize("compiled", [False, True])
def test_a_block_takes_its_columns_from_the_tables(compiled: bool) -> None:
    if compiled and not can_compile():
        pytest.skip("numba does not work on this machine")
    rng = np.random.default_rng(1)
    parts = [rng.integers(0, 9999, (rows, columns)).astype(np.uint16) for rows, columns in ((4, 3), (6, 50))]
    tables = Tables(parts)
    place = np.stack([rng.integers(0, 3, LANES), rng.integers(0, 50, LANES)]).astype(np.int32)
    whole = tables.block(place, compiled).bounds.copy()
    assert np.array_equal(whole, np.concatenate([p[:, mine] for p, mine in zip(parts, place, strict=True)]))
    few = tables.block(np.ascontiguousarray(place[:, :5]), compiled)
    assert few.lanes == 5
    assert np.array_equal(few.bounds[:, :5], whole[:, :5])
    assert not few.bounds[:, 5:].any()  # nothing is left of the block before


def test_a_block_begins_with_a_page() -> None:
    for rows in (1, 5000, 100_000):
        block = in_one_page(rows)
        assert block.shape == (rows, LANES)
        assert not block.any()
        assert block.ctypes.data % LARGE_PAGE == 0


def test_without_numba_the_same_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    inputs = invented(3 * len(SHAPES), seed=2, loci=6)
    monkeypatch.setattr(kernel, "WORTH_COMPILING", 0)
    whole = screen(inputs, threshold_log10=1.0)
    pairs = blind_search(inputs.profiles, inputs.frequencies, threshold_log10=1.0)
    monkeypatch.delattr(forensics.genetics, "kernel_numba", raising=False)
    monkeypatch.setitem(sys.modules, "forensics.genetics.kernel_numba", None)  # as where it can't be imported
    kernel.can_compile.cache_clear()
    try:
        assert not kernel.can_compile()
        assert screen(inputs, threshold_log10=1.0) == whole
        assert blind_search(inputs.profiles, inputs.frequencies, threshold_log10=1.0) == pairs
    finally:
        kernel.can_compile.cache_clear()
    assert len(whole.hits) > 10
    assert len(pairs.hits) > 0


NARROW = """
import json
from forensics.genetics import kernel
from forensics.genetics.bench_data import SHAPES, invented
from forensics.genetics.screening import screen
from numba.core import codegen

assert kernel.can_compile()
kernel.WORTH_COMPILING = 0
features = codegen.JITCPUCodegen("narrow")._get_host_cpu_features()
found = screen(invented(3 * len(SHAPES), seed=2, loci=6), threshold_log10=1.0)
print(json.dumps([features, [[h.profile, h.family, h.log10_lr] for h in found.hits]]))
"""


def test_a_machine_without_wide_vectors_finds_the_same(repository: Path, tmp_path: Path) -> None:
    """Compiled in a process of its own for a processor that has nothing beyond its first instructions."""
    if not can_compile():
        pytest.skip("numba does not work on this machine")
    narrow = {
        "NUMBA_CPU_NAME": "generic",
        "NUMBA_CPU_FEATURES": "",
        "NUMBA_CACHE_DIR": str(tmp_path),
    }
    told = subprocess.run(
        [sys.executable, "-c", NARROW],
        env=os.environ | narrow,
        cwd=repository,
        check=True,
        capture_output=True,
        text=True,
        timeout=240,
    )
    features, found = json.loads(told.stdout)
    assert features == ""
    assert list(tmp_path.rglob("*.nbc")), "nothing was compiled"
    whole = screen(invented(3 * len(SHAPES), seed=2, loci=6), threshold_log10=1.0)
    assert found == [[h.profile, h.family, h.log10_lr] for h in whole.hits]
    assert len(found) > 10
