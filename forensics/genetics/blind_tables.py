"""One table for each relation and locus: log10 LR of two genotypes, for pairs of profiles without a pedigree.

The same exact engine as for a family's table makes them (theta and mutation included), so that a pair of
profiles is a sum of one number per locus.
"""

from collections.abc import Mapping

import numpy as np

from forensics.domain.kinship import Member, Pedigree, Sex
from forensics.domain.screening import BlindRelation
from forensics.genetics.compile import related, unrelated
from forensics.genetics.compile_shape import Person, Shape, place
from forensics.genetics.compile_tensors import Array, Lanes, LocusModel
from forensics.genetics.compile_theta import founders_probability

FIRST, SECOND = "first", "second"
PEDIGREES: Mapping[BlindRelation, tuple[Member, ...]] = {
    BlindRelation.SAME_PERSON: (
        Member(FIRST, Sex.UNKNOWN, twins="same"),
        Member(SECOND, Sex.UNKNOWN, twins="same"),
    ),
    BlindRelation.PARENT_CHILD: (Member(FIRST, Sex.UNKNOWN), Member(SECOND, Sex.UNKNOWN, FIRST)),
    BlindRelation.FULL_SIBLINGS: (
        Member("father", Sex.MALE),
        Member("mother", Sex.FEMALE),
        Member(FIRST, Sex.UNKNOWN, "father", "mother"),
        Member(SECOND, Sex.UNKNOWN, "father", "mother"),
    ),
    BlindRelation.HALF_SIBLINGS: (
        Member("father", Sex.MALE),
        Member(FIRST, Sex.UNKNOWN, "father"),
        Member(SECOND, Sex.UNKNOWN, "father"),
    ),
}
"""One stated parent stands for either; its unnamed partner is untyped."""


def relation_table(relation: BlindRelation, model: LocusModel, theta: float) -> Array:
    """(G + 1, G + 1): log10 LR of two genotypes; the last row and column are no data."""
    genotypes = np.stack([model.first, model.second])
    count = len(model.first)
    alone, own = Shape((Person(-1, -1, True),), -1), Lanes(count, {0: genotypes})
    single = founders_probability(alone, model, own, theta)
    strangers = unrelated(alone, model, own, theta) * single
    if relation is BlindRelation.SAME_PERSON:
        together = np.diag(single)
    else:
        placed = place(Pedigree(PEDIGREES[relation]), frozenset({FIRST}), SECOND, None)
        lanes = Lanes(count, {placed.names.index(FIRST): genotypes})
        founders = founders_probability(placed.shape, model, lanes, theta)
        together = related(placed.shape, model, lanes, theta) * founders
    table = np.zeros((count + 1, count + 1))
    with np.errstate(divide="ignore", invalid="ignore"):
        table[:-1, :-1] = np.log10(together / strangers).T  # rows: the first profile, columns: the second
    table[np.isnan(table)] = -np.inf  # genotypes that nobody has
    return table
