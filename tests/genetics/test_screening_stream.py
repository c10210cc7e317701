"""A search read block by block, and families that are kept compiled, find what a whole search finds."""

from dataclasses import replace

import pytest

from forensics.domain.errors import Cancelled, Invalid
from forensics.domain.kinship import Sex
from forensics.domain.screening import ScreeningInputs, ScreeningProfile, ScreeningResult
from forensics.genetics.bench_data import SHAPES, invented
from forensics.genetics.screening import Search, screen
from forensics.genetics.screening_prepare import prepare
from forensics.genetics.screening_standing import Standing
from forensics.genetics.screening_stream import screen_stream

SIZE = 6 * len(SHAPES)


def question() -> ScreeningInputs:
    """Good ones, one family that contradicts itself, one profile with an odd allele and one without a rule."""
    inputs = invented(SIZE, seed=3, loci=8)
    rare = {**inputs.profiles[1].genotypes, "L02": ("77", "12")}
    bad = ScreeningProfile("bad", Sex.UNKNOWN, {"L00": ("8",)})
    profiles = (*inputs.profiles, ScreeningProfile("rare", Sex.MALE, rare), bad)
    families = list(inputs.families)
    families[4] = replace(families[4], missing=("nobody",))
    impossible = {
        p: {**g, "L01": (a, a)} for (p, g), a in zip(families[2].genotypes.items(), "89", strict=True)
    }
    families[2] = replace(families[2], genotypes=impossible)  # the mother's child has nothing of hers
    still = dict(inputs.mutation)
    del still["L01"]
    return replace(
        inputs, profiles=profiles, families=tuple(families), mutation=still, minimum_frequency=0.001
    )


def close(one: ScreeningResult, other: ScreeningResult) -> bool:
    """Equal but for the last digits of the LRs: a plan over more lanes adds in another order."""
    for a, b in zip(one.hits, other.hits, strict=True):
        assert a.log10_lr == pytest.approx(b.log10_lr, abs=1e-12)
        assert a.log10_per_locus == pytest.approx(b.log10_per_locus, abs=1e-12)
        rest = replace(a, log10_lr=b.log10_lr, log10_per_locus=b.log10_per_locus)
        assert rest == b
    return replace(one, hits=()) == replace(other, hits=())


@pytest.mark.parametrize("block", [7, 1000])
def test_a_stream_finds_what_a_whole_search_finds(block: int) -> None:
    inputs = question()
    whole = screen(inputs, threshold_log10=1.0)
    assert len(whole.hits) > 30
    assert [r.id for r in whole.refused_profiles] == ["bad"]
    assert [r.id for r in whole.refused] == ["F2", "F4"]
    rules = replace(inputs, profiles=(), families=())
    streamed = screen_stream(
        rules, iter(inputs.profiles), iter(inputs.families), threshold_log10=1.0, block=block
    )
    assert close(streamed, whole)


def test_a_stream_tells_how_far_it_is_and_can_be_stopped() -> None:
    inputs = question()
    seen: list[tuple[int, int]] = []

    class Watch:
        def step(self, done: int, total: int, what: str = "") -> None:
            seen.append((done, total))
            if done >= 20:
                raise Cancelled("The search was stopped.")

    with pytest.raises(Cancelled):
        screen_stream(
            replace(inputs, profiles=(), families=()),
            inputs.profiles,
            inputs.families,
            Watch(),
            expected_families=SIZE,
            block=10,
        )
    assert {total for _, total in seen} == {SIZE}
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


def test_a_stream_refuses_rules_that_make_no_sense() -> None:
    with pytest.raises(Invalid, match="theta"):
        screen_stream(replace(question(), theta=2.0), (), ())


def test_a_profile_against_kept_families_finds_what_a_whole_search_finds() -> None:
    inputs = question()
    standing = Standing.of(prepare(inputs))
    for threshold in (-2.0, 1.0, 4.0):
        for start, stop in ((0, 1), (5, 9), (SIZE - 1, SIZE + 2)):
            some = replace(inputs, profiles=inputs.profiles[start:stop])
            assert close(
                standing.search(some.profiles, threshold_log10=threshold),
                screen(some, threshold_log10=threshold),
            )


def test_what_was_prepared_is_used_again() -> None:
    inputs = question()
    prepared = prepare(inputs)
    for part, made in (
        (
            inputs.only(profiles={"P3", "rare"}),
            prepared.with_profiles(inputs.profiles[3:4] + inputs.profiles[-2:-1]),
        ),
        (
            inputs.only(families={"F2", "F4"}),
            prepared.with_families((inputs.families[2], inputs.families[4])),
        ),
    ):
        search = Search(made, 0.5)
        search.run(_Silent())
        found = search.result()
        assert found.inputs_digest == part.digest
        assert close(found, screen(part, threshold_log10=0.5))


class _Silent:
    def step(self, done: int, total: int, what: str = "") -> None:
        """Nobody watches."""
