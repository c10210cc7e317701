"""What families under theta have in common, computed once for all of them.

LRs of single placements are those of screening, whose tables serve all families that ask the same; the
likelihoods of relatives are computed together where families are drawn alike.
"""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from forensics.domain.errors import Refused
from forensics.domain.joint import Missing
from forensics.domain.progress import Silent
from forensics.genetics.compile import probability
from forensics.genetics.compile_shape import Shape
from forensics.genetics.compile_tensors import Array, Index, Lanes
from forensics.genetics.compile_theta import founders_probability
from forensics.genetics.joint_family import FamilyModel
from forensics.genetics.screening import chunks, log10_totals
from forensics.genetics.screening_prepare import Prepared

LN10 = float(np.log(10))


def ln_singles(prepared: Prepared) -> dict[Missing, Array]:
    """For each missing person (V,): ln LR of every prepared profile, whatever its sex. Who can't be computed so
    is not among them."""
    found: dict[Missing, Array] = {}
    for made in chunks(prepared, Silent()):
        total = log10_totals(prepared, made) * LN10
        for lane, c in enumerate(made.columns):
            if lane not in made.refused:
                column = prepared.columns[c]
                found[column.family, column.missing] = total[:, lane]
    return found


Alike = dict[tuple[Shape, int], list[tuple[FamilyModel, dict[int, Index]]]]
"""By shape and locus: families, and the alleles (2, 1) of each typed person of the shape."""


def relate(models: Sequence[FamilyModel]) -> None:
    """Tells each family ln P(its relatives' genotypes) at every locus; one that has too many unseen founder alleles
    finds out for itself."""
    alike: Alike = defaultdict(list)
    for model in models:
        for locus in range(len(model.loci)):
            typed = model.typed(locus)
            placed = model.placed_relatives(typed)
            own = {i: typed[name] for i, name in enumerate(placed.names) if name in typed}
            alike[placed.shape, locus].append((model, own))
    for (shape, locus), members in alike.items():
        found = members[0][0]
        alleles = {i: np.concatenate([own[i] for _, own in members], axis=1) for i in members[0][1]}
        lanes, locus_model = Lanes(len(members), alleles), found.victims.models[locus]
        try:
            p = probability(shape, locus_model, lanes, found.theta)
        except Refused:
            continue
        with np.errstate(divide="ignore"):
            ln = np.log(p * founders_probability(shape, locus_model, lanes, found.theta))
        for (model, _), value in zip(members, ln.tolist(), strict=True):
            model.ln_at[locus] = value
