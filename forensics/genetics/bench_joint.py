"""Measured speed of joint identification: 50 victims × 50 missing persons, and 900 × 900.

CPU seconds of the whole identification (pairwise LRs, exclusions, posteriors, best assignments) on invented
data: families of mixed shapes with one or two missing, 24 loci with stepwise mutation, a quarter of the
victims with partial profiles.
"""

import time
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from forensics.domain.joint import JointInputs
from forensics.domain.kinship import Member, Pedigree, Sex
from forensics.domain.screening import ScreeningFamily, ScreeningInputs, ScreeningProfile
from forensics.genetics.bench_data import LOCI, Invention
from forensics.genetics.joint import identify

TWO_MISSING = (
    # member:sex<father,mother; capitals are typed, x and y are missing
    "F:m M:f x:m<F,M y:f<F,M",
    "f:m M:f x:m<f,M y:m<f,M S:f<f,M",
    "x:m W:f y:m<x,W D:f<x,W",
    "x:m y:f C:m<x,y D:f<x,y",
    "F:m y:f x:f<F,y G:m H:f u:m<G,H S:m<F,y",
    "G:m H:f f:m<G,H m:f x:m<f,m y:f<f,m S:f<f,m",
    "g:m h:f x:m<g,h U:m<g,h w:f y:f<x,w C:f<x,w",
    "g:m h:f x:m<g,h a:m<g,h W:f y:m<a,W S:f<g,h",
)
ONE_MISSING = (
    "F:m M:f x:m<F,M",
    "f:m M:f x:f<f,M S:m<f,M",
    "x:m W:f C:f<x,W D:m<x,W",
    "f:m m:f x:f<f,m S:f<f,m T:m<f,m",
    "x:f w:m C:m<w,x D:f<w,x",
    "g:m h:f f:m<g,h U:m<g,h M:f x:m<f,M",
)


@dataclass(frozen=True, slots=True)
class Event:
    """What was measured at one event."""

    victims: int
    missing: int
    families: int
    seconds: float
    lost_mass: float
    components: int
    sampled: int  # families whose component was sampled instead of summed
    standard_error: float
    right: int  # victims whose true place has a posterior of at least 99.95 %
    wrong: int  # victims whose most probable place, at least 99.95 %, is not the true one

    def plain(self) -> dict[str, Any]:
        return asdict(self)


def measure(seed: int = 1, large: bool = True) -> list[Event]:
    """50 × 50 in 25 families and, if `large`, 900 × 900 in 600. Plans are made beforehand."""
    identify(JointInputs(invented(16, 0, seed)))
    sizes = [(25, 0), (300, 300)] if large else [(25, 0)]
    return [event(invented(two, one, seed)) for two, one in sizes]


def in_words(events: list[Event]) -> list[str]:
    """A line for each event."""
    return [
        f"{f'joint {e.victims} x {e.missing}':20}{e.seconds:.2f} CPU seconds, {e.families} families, {e.right} "
        f"identified, {e.wrong} wrongly, posterior mass left out at most {e.lost_mass:.1e}"
        for e in events
    ]


def event(inputs: ScreeningInputs) -> Event:
    """One identification, timed. The i-th victim belongs on the i-th missing person."""
    started = time.process_time()
    result = identify(JointInputs(inputs))
    seconds = time.process_time() - started
    right = wrong = 0
    for profile, true in zip(inputs.profiles, inputs.missing, strict=True):
        row = result.posterior[profile.id]
        most = max(row, key=lambda key: row[key])
        right += row[true] >= 0.9995
        wrong += most != true and row[most] >= 0.9995
    return Event(
        len(inputs.profiles),
        len(inputs.missing),
        len(inputs.families),
        seconds,
        result.lost_mass,
        result.components,
        len(result.sampled),
        result.standard_error,
        right,
        wrong,
    )


def invented(two: int, one: int, seed: int) -> ScreeningInputs:
    """`two` families with two missing and `one` with one; the victims in the order of the missing."""
    made, rng = Invention(seed, LOCI), np.random.default_rng(seed)
    families: list[ScreeningFamily] = []
    profiles: list[ScreeningProfile] = []
    shapes = [TWO_MISSING[i % len(TWO_MISSING)] for i in range(two)]
    shapes += [ONE_MISSING[i % len(ONE_MISSING)] for i in range(one)]
    for number, text in enumerate(shapes):
        members = people(text)
        drawn = {name: made.written(own[0]) for name, own in made.drawn(rng, members, 1).items()}
        missing = tuple(m.id for m in members if m.id in "xy")
        typed = {m.id: drawn[m.id] for m in members if m.id.isupper()}
        families.append(ScreeningFamily(f"F{number}", Pedigree(members), missing, typed))
        for name in missing:
            whole = rng.random() < 0.75
            found = {x: g for x, g in drawn[name].items() if whole or rng.random() < 0.6}
            sex = next(m.sex for m in members if m.id == name)
            profiles.append(ScreeningProfile(f"V{len(profiles)}", sex, found))
    return replace(made.rules, families=tuple(families), profiles=tuple(profiles))


def people(text: str) -> tuple[Member, ...]:
    """The members of a line of shapes."""
    found = []
    for word in text.split():
        own, _, pair = word.partition("<")
        name, sex = own.split(":")
        father, _, mother = pair.partition(",")
        found.append(Member(name, Sex.MALE if sex == "m" else Sex.FEMALE, father or None, mother or None))
    return tuple(found)
