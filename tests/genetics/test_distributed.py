"""A screen on several workers finds what the screen on one computer finds, whatever happens to the workers."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from forensics.domain.errors import Cancelled, Invalid, Unavailable
from forensics.domain.kinship import Convention
from forensics.domain.screening import ScreeningFamily, ScreeningInputs, ScreeningProfile, ScreeningResult
from forensics.genetics import distributed, screening
from forensics.genetics.distributed import Cluster
from tests.genetics.test_screening import PEDIGREES, question

pytest.importorskip("distributed", reason="the optional part “cluster” (Dask) is not installed")

THRESHOLD = -0.5  # many hits: every field of every hit is compared


@pytest.fixture(scope="module")
def inputs() -> ScreeningInputs:
    """Families of several shapes, one that can't be drawn, and a profile that can't be read."""
    whole = question("parents", "stepwise", 0.02, Convention.AS_DRAWN)
    families = []
    for n, name in enumerate([*PEDIGREES, *PEDIGREES]):
        family = question(name, "stepwise", 0.02, Convention.AS_DRAWN, seed=n).families[0]
        families.append(replace(family, id=f"F{n:02d}"))
    broken = ScreeningFamily("broken", families[0].pedigree, ("nobody",), families[0].genotypes)
    odd = ScreeningProfile("odd", whole.profiles[0].sex, {"D1": ("10", "11", "12")})  # type: ignore[dict-item]
    return replace(whole, families=(*families[:5], broken, *families[5:]), profiles=(*whole.profiles, odd))


@contextmanager
def cluster(processes: bool) -> Iterator[Any]:
    import dask
    from distributed import LocalCluster

    with (
        dask.config.set({"distributed.comm.timeouts.connect": "10s", "distributed.admin.tick.limit": "60s"}),
        LocalCluster(
            n_workers=2, threads_per_worker=1, processes=processes, dashboard_address=":0", silence_logs=50
        ) as made,
    ):
        yield made


@pytest.fixture(scope="module")
def threads() -> Iterator[Any]:
    with cluster(processes=False) as made:
        yield made


@pytest.fixture(scope="module")
def processes() -> Iterator[Any]:
    with cluster(processes=True) as made:
        yield made


def assert_same(found: ScreeningResult, inputs: ScreeningInputs) -> None:
    here = screening.screen(inputs, threshold_log10=THRESHOLD)
    assert len(here.hits) > 20
    assert here.refused
    assert here.refused_profiles
    assert replace(found, hits=()) == replace(here, hits=())
    pairs = [(h.profile, h.family, h.missing, h.loci_compared, h.inconsistent_loci) for h in found.hits]
    assert pairs == [
        (h.profile, h.family, h.missing, h.loci_compared, h.inconsistent_loci) for h in here.hits
    ]
    for one, other in zip(found.hits, here.hits, strict=True):
        assert one.log10_lr == pytest.approx(other.log10_lr, abs=1e-12)
        assert one.log10_per_locus == pytest.approx(other.log10_per_locus, abs=1e-12)


class Watch:
    """Hears of every step, and does something at the first."""

    def __init__(self, first: Callable[[], object] = lambda: None) -> None:
        self.steps: list[tuple[int, int]] = []
        self.first = first

    def step(self, done: int, total: int, what: str = "") -> None:
        self.steps.append((done, total))
        if len(self.steps) == 1:
            self.first()


def test_workers_in_processes_find_the_same(processes: Any, inputs: ScreeningInputs) -> None:
    watch = Watch()
    found = Cluster(processes.scheduler_address, families=4).screen(inputs, watch, threshold_log10=THRESHOLD)
    assert_same(found, inputs)
    assert watch.steps[-1] == (len(inputs.families), len(inputs.families))
    assert sorted(watch.steps) == watch.steps


@pytest.mark.parametrize("dying", [1, 2])
def test_workers_that_die_lose_nothing(processes: Any, inputs: ScreeningInputs, dying: int) -> None:
    def kill() -> None:
        for worker in list(processes.workers.values())[:dying]:
            os.kill(worker.process.pid, signal.SIGKILL)

    size = 2 + dying  # other blocks than the test before: nothing of them is known yet
    found = Cluster(processes.scheduler_address, size).screen(inputs, Watch(kill), threshold_log10=THRESHOLD)
    assert_same(found, inputs)


def test_workers_in_threads_find_the_same_and_compute_a_block_once(
    threads: Any, inputs: ScreeningInputs, monkeypatch: pytest.MonkeyPatch
) -> None:
    computed: list[int] = []
    screen = screening.screen

    def counted(part: ScreeningInputs, *args: Any, **kwargs: Any) -> ScreeningResult:
        computed.append(len(part.families))
        return screen(part, *args, **kwargs)

    monkeypatch.setattr(screening, "screen", counted)
    elsewhere = Cluster(threads.scheduler_address, families=4)
    first = elsewhere.screen(inputs, threshold_log10=THRESHOLD)
    blocks = len(computed)
    assert sum(computed) == len(inputs.families)
    assert elsewhere.screen(inputs, threshold_log10=THRESHOLD) == first
    assert len(computed) == blocks, "known blocks are not computed again"
    changed = replace(inputs.families[0], id="another")
    elsewhere.screen(replace(inputs, families=(changed, *inputs.families[1:])), threshold_log10=THRESHOLD)
    assert len(computed) == blocks + 1, "only the block of the changed family is"
    elsewhere.screen(replace(inputs, profiles=inputs.profiles[1:]), threshold_log10=THRESHOLD)
    assert len(computed) == 2 * blocks + 1, "other profiles: everything is"
    monkeypatch.undo()
    assert_same(first, inputs)


def test_a_person_can_stop_it(threads: Any, inputs: ScreeningInputs) -> None:
    def stop() -> None:
        raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        Cluster(threads.scheduler_address, 3).screen(inputs, Watch(stop), threshold_log10=THRESHOLD)
    assert_same(Cluster(threads.scheduler_address, 3).screen(inputs, threshold_log10=THRESHOLD), inputs)


def test_a_question_without_families_is_answered(threads: Any, inputs: ScreeningInputs) -> None:
    found = Cluster(threads.scheduler_address).screen(replace(inputs, families=()), threshold_log10=2.0)
    assert (found.hits, found.comparisons) == ((), 0)


def test_a_question_that_makes_no_sense_is_refused_in_its_own_words(
    threads: Any, inputs: ScreeningInputs
) -> None:
    with pytest.raises(Invalid, match="theta must lie"):
        Cluster(threads.scheduler_address).screen(replace(inputs, theta=2.0), threshold_log10=2.0)


def test_workers_of_another_version_are_refused(
    threads: Any, inputs: ScreeningInputs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(distributed, "engine_here", _older)
    with pytest.raises(Invalid, match=r"nomina-screening 0.*same version everywhere"):
        Cluster(threads.scheduler_address).screen(inputs, threshold_log10=2.0)


def _older() -> str:
    return "nomina-screening 0"


def test_without_scheduler_workers_or_the_part_the_sentence_says_what_to_do(
    inputs: ScreeningInputs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(distributed, "WAIT", 1)
    with pytest.raises(Unavailable, match="does not answer; start it with `dask scheduler`"):
        Cluster("tcp://127.0.0.1:9").screen(inputs, threshold_log10=2.0)
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(Unavailable, match=r"pip install 'nomina\[cluster\]'"):
        Cluster("tcp://127.0.0.1:9").screen(inputs, threshold_log10=2.0)
