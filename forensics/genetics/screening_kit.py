"""The loci of a search as models: which alleles and genotypes there are, by number.

A genotype's number is its place among the unordered pairs of a locus's alleles; alleles that the table lacks
are added where a family or a profile shows them, by the table's stated rule.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from operator import getitem

import numpy as np
from numpy.typing import NDArray

from forensics.domain.errors import Invalid
from forensics.domain.kinship import Allele, FrequencyTable, Genotype, MutationModel
from forensics.domain.screening import UNTYPED, genotype_text
from forensics.genetics.alleles import allele_space
from forensics.genetics.compile_tensors import LocusModel

FIRST_UNSEEN = 1_000_000


@dataclass
class Kit:
    """The loci of a search as models, made when asked for; `mutation` off gives the same loci without."""

    loci: tuple[str, ...]
    frequencies: FrequencyTable
    mutation: Mapping[str, MutationModel]
    minimum_frequency: float
    _models: dict[tuple[str, frozenset[Allele]], LocusModel] = field(default_factory=dict)
    _unseen: dict[tuple[int, Allele], int] = field(default_factory=dict)

    @cached_property
    def indices(self) -> tuple[dict[Allele, int], ...]:
        """Number of each allele of the table, by locus in order."""
        return tuple(self.model(locus).index for locus in self.loci)

    @cached_property
    def pairs(self) -> dict[str, dict[Genotype, int]]:
        """By locus: number of every genotype of alleles with a frequency, however it is written."""
        found: dict[str, dict[Genotype, int]] = {}
        for locus in self.loci:
            model = self.model(locus)
            names = [a for a in model.alleles if model.frequencies[model.index[a]] > 0]
            found[locus] = {
                (a, b): int(model.genotype[model.index[a], model.index[b]]) for a in names for b in names
            }
        return found

    @cached_property
    def _numbers(self) -> list[dict[Genotype | None, int]]:
        return [dict([(None, -1), ((), -1), *self.pairs[locus].items()]) for locus in self.loci]

    def clear(self, found: Mapping[str, Genotype]) -> list[int] | None:
        """Number of a person's genotype at each locus, -1 where there is none; None if the table lacks some."""
        # as most profiles are written, the loci need not be looked up
        own = found.values() if self.loci == tuple(found) else map(found.get, self.loci)
        try:
            return list(map(getitem, self._numbers, own))
        except KeyError:
            return None

    def numbered(self, found: Mapping[str, Genotype]) -> list[int]:
        """The same, and -2 where the table lacks the genotype."""
        own = map(found.get, self.loci)
        return [numbers.get(g, -2) for numbers, g in zip(self._numbers, own, strict=True)]

    @cached_property
    def _texts(self) -> list[list[str]]:
        """By locus: the text of a genotype by its number, in a digest; that of no data is last."""
        found = []
        for locus in self.loci:
            texts = {number: genotype_text(g) for g, number in self.pairs[locus].items()}
            count = len(self.model(locus).first)
            found.append([*(texts.get(i, UNTYPED) for i in range(count)), UNTYPED])
        return found

    def written(self, numbers: list[int]) -> str:
        """What `QuestionDigest.genotypes` writes for genotypes of the table."""
        return ",".join(map(getitem, self._texts, numbers))

    @cached_property
    def _pairs(self) -> NDArray[np.int32]:
        """(loci, largest number of genotypes + 1, 2): the alleles of each genotype; -1 in the last row."""
        models = [self.model(locus) for locus in self.loci]
        most = max((len(m.first) for m in models), default=0)
        found = np.full((len(models), most + 1, 2), -1, dtype=np.int32)
        for locus, m in enumerate(models):
            found[locus, : len(m.first), 0], found[locus, : len(m.first), 1] = m.first, m.second
        return found

    def alleles(self, numbers: NDArray[np.int32]) -> NDArray[np.int32]:
        """From numbers of genotypes of the table (people, loci) to alleles (people, 2, loci); -1 untyped."""
        inside = np.minimum(numbers, self._pairs.shape[1] - 1)  # others are told by whoever asks
        return np.ascontiguousarray(self._pairs[np.arange(len(self.loci)), inside].transpose(0, 2, 1))

    def number(self, locus: int, allele: Allele) -> int:
        """Number of an allele at a locus; one that the table lacks gets a number of its own."""
        known = self.indices[locus].get(allele)
        if known is not None:
            return known
        return self._unseen.setdefault((locus, allele), FIRST_UNSEEN + len(self._unseen))

    def known(self, locus: str, genotype: Genotype) -> bool:
        """Whether a genotype has two alleles that the table knows."""
        return tuple(genotype) in self.pairs[locus]

    def unseen(self, locus: str, alleles: Iterable[Allele]) -> frozenset[Allele]:
        """Alleles that the table lacks."""
        table = self.frequencies.loci.get(locus, {})
        return frozenset(a for a in alleles if table.get(a, 0.0) <= 0)

    def model(self, locus: str, extra: frozenset[Allele] = frozenset()) -> LocusModel:
        """The locus with unseen alleles added. Raises Invalid where there is no rule for them."""
        key = (locus, extra)
        if key not in self._models:
            if locus not in self.frequencies.loci:
                raise Invalid(
                    f"The frequency table {self.frequencies.name!r} has no locus {locus}; leave the locus "
                    "out or take a table that has it."
                )
            space = allele_space(
                self.frequencies,
                locus,
                sorted(extra),
                self.mutation.get(locus),
                minimum_frequency=self.minimum_frequency,
            )
            same = np.eye(len(space))
            male = same if space.male is None else space.male
            female = same if space.female is None else space.female
            self._models[key] = LocusModel(tuple(space.names), space.p, male, female)
        return self._models[key]

    @cached_property
    def _still(self) -> "Kit":
        return Kit(self.loci, self.frequencies, {}, self.minimum_frequency)

    def without_mutation(self) -> "Kit":
        """The same loci where nothing mutates."""
        return self._still
