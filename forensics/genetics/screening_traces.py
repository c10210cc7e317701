"""What a trace shows, as one more row of a table: the LR of a set of alleles that may be incomplete.

LR = sum_g P(seen | g) P(g, relatives) / sum_g P(seen | g) P(g, relatives of somebody else), over all genotypes g:
a weighted mean of the rows of the clear genotypes. The weights are those of the exact engine (`observations`).
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from forensics.domain.kinship import DropOut, Genotype
from forensics.domain.screening import DropOutLevel
from forensics.genetics.alleles import AlleleSpace
from forensics.genetics.compile import Answer
from forensics.genetics.compile_tensors import Array, LocusModel
from forensics.genetics.observations import trace_weights


@dataclass(frozen=True, slots=True)
class Shown:
    """What an odd row stands for: a genotype, or the alleles of a trace (`level`)."""

    genotype: Genotype
    level: DropOutLevel | None = None

    def ratio(self, answer: Answer, model: LocusModel) -> Array:
        """(lanes,): its LR from the answers for all genotypes of a locus."""
        if self.level is None:
            a, b = (model.index[allele] for allele in self.genotype)
            return np.asarray(answer.ratio[model.genotype[a, b]])
        seen = weights(self.genotype, self.level, model.alleles, tuple(model.frequencies.tolist()))
        seen = seen[model.first, model.second][:, None]
        below = np.broadcast_to(answer.stranger, answer.ratio.shape)
        with np.errstate(invalid="ignore"):
            above = np.where(below > 0, answer.ratio * below, 0.0)  # nobody has what has no frequency
            return np.asarray((seen * above).sum(axis=0) / (seen * below).sum(axis=0))


@lru_cache(maxsize=100_000)
def weights(
    genotype: Genotype, level: DropOutLevel, alleles: tuple[str, ...], frequencies: tuple[float, ...]
) -> Array:
    """(n, n) probability of the alleles seen for each ordered genotype."""
    space = AlleleSpace(alleles, np.array(frequencies), None, None)
    trace = DropOut("", {}, level.heterozygous, level.homozygous, level.drop_in)
    return trace_weights(sorted(set(genotype)), trace, space, range(len(alleles)), len(alleles), False)
