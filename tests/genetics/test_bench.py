"""Every measurement runs and measures what it says; no test asserts a time."""

import json

import pytest

from forensics.genetics import bench
from forensics.genetics.bench import in_words, measure
from forensics.genetics.bench_blind import blind_pairs, mixed
from forensics.genetics.bench_data import SHAPES, Invention, invented
from forensics.genetics.bench_timing import Aside, best_of


def test_all_of_it_at_a_small_size_gives_words_and_json(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "apart", lambda work, *arguments: work(*arguments))
    steps: list[str] = []
    found = measure(39, markers=70, watch=steps.append)
    assert len(steps) == 6
    assert json.loads(json.dumps(found.plain()))["searches"][0]["comparisons"] == 39 * 39
    assert list(found.compiling.by_shape) == [name for name, _ in SHAPES]
    assert min(found.compiling.by_shape.values()) > 0
    assert found.kernel.over_gather == pytest.approx(
        found.kernel.pairs_per_second / found.kernel.gather_pairs_per_second
    )
    assert found.panel.loci == 70
    assert found.panel.hits > 0
    assert found.new.kept_megabytes > 0
    assert found.blind[0].pairs == 39 * 38 // 2
    lines = in_words(found)
    assert sum("whole search" in line for line in lines) == 1
    assert sum("chance at most" in line for line in lines) == 3


def test_what_runs_apart_comes_back() -> None:
    assert bench.apart(best_of, 1, dict) > 0


def test_a_family_is_the_same_however_many_are_invented() -> None:
    few, many = invented(20, 3), invented(2700, 3)
    assert few.families == many.families[:20]
    assert few.profiles == many.profiles[:20]
    assert few.digest != invented(20, 4).digest


def test_blind_data_have_relatives_and_people_twice() -> None:
    people = mixed(Invention(1), 200)
    assert len(people) == 200
    assert len({p.id for p in people}) == 200
    assert any(p.id.endswith("again") for p in people)
    assert blind_pairs(200).hits > 0


def test_inventing_is_taken_off() -> None:
    slow = Aside(sum(range(n)) for n in (10, 200_000))
    assert len(list(slow)) == 2
    assert slow.seconds > 0
