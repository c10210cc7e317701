"""What is wrong with a family or a profile that can't be searched, each in one sentence."""

from collections.abc import Iterable, Mapping

from forensics.domain.errors import Invalid, Refused
from forensics.domain.kinship import Genotype
from forensics.domain.loci import Inheritance, inheritance
from forensics.domain.screening import ScreeningFamily, ScreeningProfile
from forensics.genetics.screening_kit import Kit


def check_pedigree(family: ScreeningFamily) -> None:
    """Raises Invalid where names don't fit together."""
    ids = set(family.pedigree.ids)
    if len(ids) != len(family.pedigree.members):
        raise Invalid(f"Family {family.id} has two members of the same name; rename one.")
    named = {p for m in family.pedigree.members for p in (m.father, m.mother) if p}
    strangers = sorted({*family.missing, *family.genotypes, *named} - ids)
    if strangers:
        raise Invalid(
            f"Family {family.id} speaks of {strangers[0]}, who is not in its pedigree; add the person."
        )
    if not family.missing:
        raise Invalid(f"Family {family.id} names nobody who is missing; mark at least one member.")


def check_drop_out(profile: ScreeningProfile, traces: bool) -> None:
    """Raises Invalid for impossible probabilities, Refused where only clear genotypes can be compared."""
    level = profile.drop_out
    if level is None:
        return
    if not traces:
        raise Refused(
            f"Profile {profile.id} may have lost alleles; only clear genotypes can be compared here. Screen it "
            "against the families, or leave out the loci in doubt."
        )
    if not (0 <= level.heterozygous < 1 and 0 <= level.homozygous < 1 and 0 <= level.drop_in < 1):
        raise Invalid(
            f"Profile {profile.id} has a probability of drop-out or drop-in that is not between 0 and 1; "
            "correct it."
        )


def check_loci(loci: Iterable[str]) -> None:
    """Raises Invalid for a marker that is not inherited as autosomal ones are."""
    for locus in loci:
        if inheritance(locus) is not Inheritance.AUTOSOMAL:
            raise Invalid(
                f"{locus} is not an autosomal marker; leave it out of the search and weigh it with the family "
                "that is found."
            )


def check_genotypes(whose: str, genotypes: Mapping[str, Genotype], kit: Kit) -> None:
    """Raises Invalid for a genotype that is not two alleles, or an allele without a rule."""
    for locus in kit.loci:
        genotype = genotypes.get(locus)
        if not genotype or kit.known(locus, genotype):
            continue
        if len(genotype) != 2:
            raise Invalid(
                f"{whose} has {len(genotype)} alleles at {locus}; an autosomal genotype has two "
                "(a homozygote has its allele twice)."
            )
        try:
            kit.model(locus, kit.unseen(locus, genotype))
        except Invalid as error:
            raise Invalid(f"{whose}: {error}") from None


def merged(
    family: str, one: Mapping[str, Genotype], other: Mapping[str, Genotype], loci: Iterable[str]
) -> dict[str, Genotype]:
    """What is known of monozygotic twins together. Raises Refused where they differ."""
    found = {locus: g for locus, g in one.items() if g}
    for locus in loci:
        genotype = other.get(locus)
        if genotype and sorted(found.setdefault(locus, genotype)) != sorted(genotype):
            raise Refused(
                f"Family {family} has monozygotic twins with different genotypes at {locus}; correct the "
                "genotypes or the twins."
            )
    return found
