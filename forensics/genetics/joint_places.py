"""One family of a joint identification: who may be on its missing members, with the LR of each placement."""

from collections.abc import Mapping
from contextlib import suppress
from functools import cached_property

import numpy as np

from forensics.domain.joint import Missing
from forensics.domain.kinship import Genotype
from forensics.domain.screening import ScreeningFamily, ScreeningInputs
from forensics.genetics.compile_tensors import Array
from forensics.genetics.joint_exclusions import Family
from forensics.genetics.joint_family import FamilyModel
from forensics.genetics.joint_options import Placed, Wanted, settle
from forensics.genetics.joint_placements import FamilyTables, TooMany
from forensics.genetics.joint_search import search
from forensics.genetics.joint_units import Asked
from forensics.genetics.joint_victims import Victims


class FamilyPlaces:
    """One family: tables where they suffice, and the chain rule where they don't (theta, many members)."""

    def __init__(
        self,
        source: ScreeningFamily,
        genotypes: Mapping[str, Mapping[str, Genotype]],
        question: ScreeningInputs,
        victims: Victims,
        singles: Mapping[Missing, Array],
    ) -> None:
        self.name, self.missing, self.singles = source.id, source.missing, singles
        self.sexes = tuple(source.pedigree.member(name).sex for name in source.missing)
        self.tables = FamilyTables(
            source.pedigree, source.missing, genotypes, question.loci, victims, question.convention
        )
        self.shape = Family(source.pedigree, self.tables.people, self.tables.relatives)
        self.model = self.chained(question.theta) if question.theta > 0 else None

    def chained(self, theta: float) -> FamilyModel:
        t = self.tables
        return FamilyModel(t.pedigree, t.missing, t.genotypes, t.loci, t.victims, theta, t.convention)

    @cached_property
    def ln_relatives(self) -> float:
        """ln P(the relatives' genotypes)."""
        return self.tables.ln_relatives() if self.model is None else self.model.ln_relatives()

    def placed(self, wanted: Wanted) -> Placed:
        """All placements that may matter, and the LR of each single one."""
        if self.model is None:
            with suppress(TooMany):
                return settle(self.tables, wanted)
        return self.searched(wanted)

    def searched(self, wanted: Wanted) -> Placed:
        """The same, one victim after another."""
        model, ln = self.model or self.chained(0.0), wanted.no_lr()
        for m, (name, own) in enumerate(zip(self.missing, wanted.candidates, strict=True)):
            known = self.singles.get((self.name, name))
            ln[own, m] = model.ln_lr((m,), own[:, None]) if known is None else known[own]
        allowed = np.where(wanted.forbidden, -np.inf, ln)
        try:
            return Placed(ln, [search(model, wanted.family, allowed, wanted.ln_accepted, wanted.ln_weight)])
        except TooMany:
            return Placed(ln, [Asked(wanted.family, model, allowed)])
