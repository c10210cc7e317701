"""Many loci of few alleles at once: where a case has thousands of markers, most differ in frequencies only.

Loci at which the same people are typed and alleles mutate alike go by one compiled plan (`compile`), as lanes
with frequencies of their own. What this way does not take stays with the network of one locus.
"""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from forensics.domain.errors import Refused
from forensics.domain.kinship import Chromosome, Convention, KinshipCase, Pedigree
from forensics.genetics.compile import probability
from forensics.genetics.compile_blas import single_threaded
from forensics.genetics.compile_graph import founder_slots
from forensics.genetics.compile_shape import merge_twins, place
from forensics.genetics.compile_tensors import Array, Lanes, LocusModel
from forensics.genetics.compile_theta import founders_probability
from forensics.genetics.locus_data import LocusData, informative

FEWEST = 32
"""Loci of one kind from which on a plan is worth making."""

MOST_ALLELES = 4
"""With more, lumping alleles that nobody shows saves more."""

MOST_UNSEEN = 6
"""Unseen founder alleles under θ: 203 ways of being copies, each of which needs a plan."""

LEAST = 1e-200
"""A probability below this may have lost something to underflow, or be 0."""


@single_threaded()
def loci_at_once(case: KinshipCase, loci: Sequence[LocusData]) -> dict[str, tuple[float, float]]:
    """P(genotypes | numerator) and P(genotypes | denominator) of the loci that are computed together.

    Loci go by name, so that no number depends on their order in the case.
    """
    kinds: dict[tuple[object, ...], list[LocusData]] = defaultdict(list)
    if case.chromosome is Chromosome.AUTOSOMAL and case.theta < 1:
        for data in sorted(loci, key=lambda one: one.locus):
            if data.trace is None and data.space.silent is None and len(data.space) <= MOST_ALLELES:
                kinds[_kind(data)].append(data)
    found: dict[str, tuple[float, float]] = {}
    for alike in kinds.values():
        if len(alike) >= FEWEST:
            over, under = (
                _together(case, pedigree, alike) for pedigree in (case.numerator, case.denominator)
            )
            for data, a, b in zip(alike, over.tolist(), under.tolist(), strict=True):
                if min(a, b) > LEAST:
                    found[data.locus] = a, b
    return found


def _kind(data: LocusData) -> tuple[object, ...]:
    """What loci must share to be computed together."""
    matrices = (data.space.male, data.space.female)
    return len(data.space), frozenset(data.genotypes), *(None if m is None else m.tobytes() for m in matrices)


def _together(case: KinshipCase, pedigree: Pedigree, loci: Sequence[LocusData]) -> Array:
    """(L,) P(genotypes | pedigree) of every locus; 0 where this way does not reach."""
    same = merge_twins(pedigree)
    typed = {same[name]: name for name in loci[0].genotypes if name in same}
    pruned_by = None
    if case.convention is Convention.PRUNED:
        pruned_by = frozenset(informative(case) & same.keys())
    placed = place(pedigree, frozenset(typed), None, pruned_by)
    twins = len(typed) < sum(name in same for name in loci[0].genotypes)  # both must fit; too rare to go fast
    if twins or (case.theta > 0 and len(founder_slots(placed.shape)) > MOST_UNSEEN):
        return np.zeros(len(loci))
    space = loci[0].space
    male, female = (np.eye(len(space)) if m is None else m for m in (space.male, space.female))
    model = LocusModel(space.names, space.p, male, female)
    lanes = Lanes(
        len(loci),
        {i: _alleles(typed[name], loci) for i, name in enumerate(placed.names) if name in typed},
        frequencies=np.stack([data.space.p for data in loci], axis=1),
    )
    try:
        found = probability(placed.shape, model, lanes, case.theta)
    except Refused:  # too entangled for a plan of all loci
        return np.zeros(len(loci))
    return np.asarray(found * founders_probability(placed.shape, model, lanes, case.theta))


def _alleles(person: str, loci: Sequence[LocusData]) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    """(2, L) numbers of a person's alleles."""
    pairs = ((data.space, data.genotypes[person]) for data in loci)
    return np.array([[space.index(g[0]), space.index(g[-1])] for space, g in pairs], dtype=np.int64).T
