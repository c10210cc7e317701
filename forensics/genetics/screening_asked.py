"""The LR of chosen genotypes for many sets of relatives: whole tables, or only what is asked.

A whole table is one pass over all genotypes (`compile.answer`). Where a few genotypes are asked, as for a
single new profile, the missing member is taken as typed: LR = P(relatives and missing member of genotype g)
/ P(relatives and a stranger of genotype g), which needs no table at all.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import numpy as np

from forensics.genetics.compile import Question, answer, answer_wanted, plan_of, probability
from forensics.genetics.compile import wanted as index
from forensics.genetics.compile_graph import Person, Shape
from forensics.genetics.compile_tensors import Array, Index, Lanes, LocusModel
from forensics.genetics.compile_theta import founders_probability, sharings
from forensics.genetics.screening_recipes import Recipe

CACHED = 60_000  # numbers of one intermediate table; what is larger than the cache is slower
DIRECT = 6  # a table costs as much as this share of its genotypes one by one
STRANGER = Person(-1, -1, True)


@dataclass(frozen=True)
class Asked:
    """A recipe for distinct relatives: `genotypes` (people, lanes) in the numbering of `model`.

    `frequencies` (alleles, lanes) where the lanes are different loci.
    """

    recipe: Recipe
    model: LocusModel
    genotypes: Index
    frequencies: Array | None
    theta: float

    @property
    def count(self) -> int:
        return int(self.genotypes.shape[1])

    @cached_property
    def alleles(self) -> Index:
        """(people, 2, lanes)"""
        return np.stack([self.model.first[self.genotypes], self.model.second[self.genotypes]], axis=1)

    def within(self, wide: LocusModel) -> "Asked":
        """The same with a locus of more alleles."""
        if wide is self.model:
            return self
        number = np.array([wide.index[a] for a in self.model.alleles])
        pairs = number[self.alleles]
        return replace(self, model=wide, genotypes=wide.genotype[pairs[:, 0], pairs[:, 1]])

    def fill(self, ratio: Array, wanted: Index) -> tuple[Array, Array]:
        """Write LRs of the wanted genotypes (wanted, lanes) to `ratio`; return what `Answer` calls `typed` and
        `without`, (lanes,) each."""
        typed, without = np.ones(self.count), np.ones(self.count)
        question = self.recipe.task.question
        direct = DIRECT * len(wanted) <= len(self.model.first) and not question.known and not question.pruned
        plain = not direct and self.theta == 0 and not question.known and not question.pruned
        one_locus = self.frequencies is None
        what = index(self.model, wanted) if plain and one_locus else None
        step = max(32, CACHED // (max(len(wanted), self.model.size) if direct else self.model.size**2))
        for start in range(0, self.count, step):
            part = slice(start, min(start + step, self.count))
            if direct:
                typed[part] = self.direct(ratio[:, part], wanted, part)
                continue
            if what is not None:
                typed[part] = answer_wanted(question, self.model, self.both(part)[0], what, ratio[:, part])
                continue
            found = answer(question, self.model, *self.both(part), self.theta)
            ratio[:, part] = found.ratio if len(wanted) == len(found.ratio) else found.ratio[wanted]
            typed[part], without[part] = found.typed, found.without
        return typed, without

    def both(self, part: slice) -> tuple[Lanes, Lanes]:
        """The alleles as the asked and the unasked shape take them."""
        question = self.recipe.task.question
        asked = self.lanes(question.asked, range(len(self.genotypes)), part)
        if self.recipe.second == tuple(range(len(self.genotypes))) and question.asked == question.unasked:
            return asked, asked
        return asked, self.lanes(question.unasked, self.recipe.second, part)

    def lanes(self, shape: Shape, places: range | tuple[int, ...], part: slice) -> Lanes:
        typed = [i for i, person in enumerate(shape.people) if person.typed]
        found = {i: self.alleles[p][:, part] for i, p in zip(typed, places, strict=True)}
        own = None if self.frequencies is None else self.frequencies[:, part]
        return Lanes(part.stop - part.start, found, frequencies=own)

    def direct(self, ratio: Array, wanted: Index, part: slice) -> Array:
        """LRs of a few genotypes, each against all lanes of a part; the probability of the relatives."""
        refuse(self.recipe.task.question, self.theta)
        count, model, theta = part.stop - part.start, self.model, self.theta
        unasked = self.both(part)[1]
        relatives = probability(self.recipe.task.question.unasked, model, unasked, theta)
        own = np.stack([model.first[wanted], model.second[wanted]])
        own = np.repeat(own, count, axis=1)  # genotype by genotype, all lanes of each
        wide = {i: np.tile(pair, (1, len(wanted))) for i, pair in unasked.alleles.items()}
        frequencies = None if unasked.frequencies is None else np.tile(unasked.frequencies, (1, len(wanted)))
        shape = self.recipe.placed
        typed = [i for i, person in enumerate(shape.people) if person.typed]
        people = np.tile(self.alleles[..., part], (1, 1, len(wanted)))
        placed = {i: own if p < 0 else people[p] for i, p in zip(typed, self.recipe.third, strict=True)}
        together = Lanes(len(wanted) * count, placed, frequencies=frequencies)
        apart, strangers = with_stranger(self.recipe.task.question.unasked, wide, own, frequencies)
        with np.errstate(divide="ignore", invalid="ignore"):
            above = probability(shape, model, together, theta)
            above = above * founders_probability(shape, model, together, theta)
            below = founders_probability(apart, model, strangers, theta)
            if theta == 0:
                below *= np.tile(relatives, len(wanted))
            else:
                below *= probability(apart, model, strangers, theta)
            ratio[:] = (above / below).reshape(len(wanted), count)
        return relatives


def with_stranger(
    shape: Shape, alleles: Mapping[int, Index], own: Index, frequencies: Array | None
) -> tuple[Shape, Lanes]:
    """The relatives, and a typed person who is related to nobody."""
    people = Shape((*shape.people, STRANGER), -1)
    lanes = Lanes(own.shape[1], {**alleles, len(shape.people): own}, frequencies=frequencies)
    return people, lanes


@lru_cache(maxsize=4096)
def refuse(question: Question, theta: float) -> None:
    """Raises Refused where the whole table would: a search for one profile answers as a search for all."""
    if theta == 0:
        plan_of(question.asked)
    else:
        sharings(question.asked, False)
        sharings(question.unasked, True)
