"""Families that are kept compiled stay those of the question, however it changes."""

import random
from dataclasses import replace

import pytest

from forensics.domain.errors import Cancelled
from forensics.domain.screening import ScreeningFamily, ScreeningInputs
from forensics.genetics import screening_standing
from forensics.genetics.screening import screen
from forensics.genetics.screening_prepare import prepare
from forensics.genetics.screening_standing import Standing
from tests.genetics.test_screening_stream import close, question


def same(standing: Standing, inputs: ScreeningInputs) -> bool:
    """Whether it finds what a search of everything finds, with all that is said beside the hits."""
    found = standing.search(inputs.profiles, threshold_log10=0.5)
    assert found.inputs_digest == inputs.digest
    return close(found, screen(inputs, threshold_log10=0.5))


def redrawn(family: ScreeningFamily, dice: random.Random) -> ScreeningFamily:
    """One reference less, or the same people with another one's alleles at a locus."""
    code = dice.choice(sorted(family.genotypes))
    if len(family.genotypes) > 1 and dice.random() < 0.5:
        return replace(family, genotypes={c: g for c, g in family.genotypes.items() if c != code})
    own = dict(family.genotypes[code])
    own["L03"] = ("8", "9")
    return replace(family, genotypes={**family.genotypes, code: own})


@pytest.mark.parametrize("seed", range(3))
def test_any_change_of_the_families_leaves_what_a_search_of_everything_finds(seed: int) -> None:
    dice, whole = random.Random(seed), question()
    inputs = replace(whole, profiles=whole.profiles[::9], families=whole.families[:50])
    standing = Standing.of(prepare(inputs))
    for _ in range(8):
        families = list(inputs.families)
        act = dice.randrange(4)
        if act == 0:
            families = [f for f in families if dice.random() < 0.9]
        elif act == 1:
            families += [f for f in whole.families if f.id not in {g.id for g in families}][:2]
        elif act == 2:
            families[dice.randrange(len(families))] = redrawn(dice.choice(families), dice)
            families = list({f.id: f for f in families}.values())
        else:
            dice.shuffle(families)
        inputs = replace(inputs, families=tuple(families))
        before, standing = standing, standing.renewed(inputs)
        assert same(standing, inputs), act
    assert same(before.renewed(inputs), inputs), "renewing leaves the earlier one as it was"


def test_only_what_differs_is_compiled() -> None:
    inputs = question()
    standing = Standing.of(prepare(inputs))
    assert standing.renewed(inputs) is standing
    fewer = standing.renewed(replace(inputs, families=inputs.families[1:]))
    assert [block.kept for block in fewer.blocks] == [block.kept for block in standing.blocks]
    more = fewer.renewed(inputs)
    assert [len(block.columns) for block in more.blocks[1:]] == [1]


def test_other_rules_and_much_that_is_left_over_compile_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    inputs = question()
    standing = Standing.of(prepare(inputs))
    other = replace(inputs, theta=0.02, profiles=inputs.profiles[:5])
    assert same(standing.renewed(other), other)
    few = replace(inputs, profiles=inputs.profiles[:5], families=inputs.families[:9])
    assert standing.renewed(few).blocks[0].current.all()
    assert same(standing.renewed(few), few)
    monkeypatch.setattr(screening_standing, "BLOCKS", 1)
    fewer = replace(inputs, families=inputs.families[1:])
    assert standing.renewed(fewer).blocks[0].current.all()


def test_who_stops_it_leaves_what_stood() -> None:
    inputs = question()
    standing = Standing.of(prepare(replace(inputs, families=inputs.families[5:])))

    class Stop:
        def step(self, done: int, total: int, what: str = "") -> None:
            raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        standing.renewed(inputs, Stop())
    assert same(standing.renewed(inputs), inputs)
