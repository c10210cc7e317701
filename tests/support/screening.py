"""A pair of a search as a case of the exact engine."""

import math

from forensics.domain.kinship import DropOut, KinshipCase, Member, Pedigree
from forensics.domain.screening import ScreeningFamily, ScreeningInputs, ScreeningProfile
from forensics.genetics.likelihood import likelihood_ratio

REMAINS = "V"


def case_of(
    inputs: ScreeningInputs, family: ScreeningFamily, profile: ScreeningProfile, missing: str
) -> KinshipCase:
    """The remains are the missing member (a twin of theirs, where they or a twin have a genotype), or nobody."""
    members = family.pedigree.members
    own = family.pedigree.member(missing)
    if missing in family.genotypes or own.twins:
        group = own.twins or "same"
        same = [
            Member(m.id, m.sex, m.father, m.mother, group if m.id == missing else m.twins) for m in members
        ]
        numerator = [*same, Member(REMAINS, own.sex, own.father, own.mother, group)]
    else:
        names = {m.id: REMAINS if m.id == missing else m.id for m in members}
        numerator = [
            Member(names[m.id], m.sex, names.get(m.father or ""), names.get(m.mother or ""), m.twins)
            for m in members
        ]
    seen, trace = profile.genotypes, None
    if profile.drop_out:
        level = profile.drop_out
        observed = {locus: tuple(sorted(set(g))) for locus, g in seen.items()}
        seen, trace = {}, DropOut(REMAINS, observed, level.heterozygous, level.homozygous, level.drop_in)
    return KinshipCase(
        id="",
        loci=inputs.loci,
        frequencies=inputs.frequencies,
        numerator=Pedigree(tuple(numerator)),
        denominator=Pedigree((*members, Member(REMAINS, own.sex))),
        genotypes={**family.genotypes, REMAINS: seen},
        drop_out=trace,
        theta=inputs.theta,
        mutation=inputs.mutation,
        convention=inputs.convention,
        minimum_frequency=inputs.minimum_frequency,
    )


def exact_log10(
    inputs: ScreeningInputs, family: ScreeningFamily, profile: ScreeningProfile, missing: str = "x"
) -> float:
    """log10 LR of the pair by the exact engine; minus infinity for an LR of 0."""
    found = likelihood_ratio(case_of(inputs, family, profile, missing)).log10_total
    return -math.inf if found is None else found
