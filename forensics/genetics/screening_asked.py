"""The LRs of chosen genotypes for many sets of relatives at one locus, or at many loci of the same alleles."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from forensics.genetics.compile import answer, answer_wanted
from forensics.genetics.compile import wanted as index
from forensics.genetics.compile_shape import Shape
from forensics.genetics.compile_tensors import Array, Index, Lanes, LocusModel
from forensics.genetics.screening_recipes import Recipe
from forensics.genetics.screening_traces import Shown

CACHED = 60_000  # numbers of one intermediate table; what is larger than the cache is slower


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
        plain = self.theta == 0 and not question.known and not question.pruned
        what = index(self.model, wanted) if plain and self.frequencies is None else None
        step = max(32, CACHED // self.model.size**2)
        for start in range(0, self.count, step):
            part = slice(start, min(start + step, self.count))
            asked, unasked = self.both(part)
            if what is not None:
                typed[part] = answer_wanted(question, self.model, asked, what, ratio[:, part], self.count)
                continue
            found = answer(question, self.model, asked, unasked, self.theta)
            ratio[:, part] = found.ratio if len(wanted) == len(found.ratio) else found.ratio[wanted]
            typed[part], without[part] = found.typed, found.without
        return typed, without

    def shown(self, what: Sequence[Shown]) -> Array:
        """(what, lanes): LRs of odd genotypes and of traces, from all genotypes of the locus."""
        found = np.empty((len(what), self.count))
        step = max(32, CACHED // self.model.size**2)
        for start in range(0, self.count, step):
            part = slice(start, min(start + step, self.count))
            everything = answer(self.recipe.task.question, self.model, *self.both(part), self.theta)
            for row, one in enumerate(what):
                found[row, part] = one.ratio(everything, self.model)
        return found

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
