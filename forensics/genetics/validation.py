"""What must hold before anything is computed; the first thing that does not is named in one sentence."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence

from forensics.domain.errors import Invalid, Refused
from forensics.domain.kinship import (
    Chromosome,
    DropOut,
    FrequencyTable,
    Genotype,
    KinshipCase,
    Member,
    MutationModel,
    Pedigree,
    Sex,
)
from forensics.genetics.alleles import SUM_TOLERANCE


def check_case(case: KinshipCase) -> None:
    """Raises `Invalid` naming the first problem of a case, `Refused` for what is not supported."""
    if not case.loci:
        raise Invalid("The case names no locus; state the loci to be compared.")
    repeated = _repeated(case.loci)
    if repeated:
        raise Invalid(f"Locus {repeated} is listed twice; list every locus once.")
    for name, pedigree in (("numerator", case.numerator), ("denominator", case.denominator)):
        check_pedigree(pedigree, f"the {name}")
    _check_number(case.theta, "Theta", 0, 1)
    _check_number(case.minimum_frequency, "The minimum frequency", 0, 1)
    for locus in case.loci:
        check_frequencies(case.frequencies, locus)
    for locus, model in case.mutation.items():
        check_mutation(model, locus)
    for person, loci in case.genotypes.items():
        typed = [locus for locus in case.loci if loci.get(locus)]
        if not typed:
            continue
        _check_person(case, person)
        hemizygous = _one_allele(case, person)
        for locus in typed:
            check_genotype(loci[locus], person, locus, hemizygous, case.silent_allele)
    if case.drop_out is not None:
        _check_trace(case, case.drop_out)
    _check_pairs(case)


def check_pedigree(pedigree: Pedigree, where: str = "the pedigree") -> None:
    """Duplicates, unknown parents, impossible sexes, cycles and twins that can't be twins."""
    if not pedigree.members:
        raise Invalid(f"There is nobody in {where}; add its members.")
    repeated = _repeated(pedigree.ids)
    if repeated:
        raise Invalid(f"{repeated} is listed twice in {where}; list every person once.")
    people = {member.id: member for member in pedigree.members}
    for member in pedigree.members:
        _check_parent(people, member, member.father, "father", Sex.FEMALE, where)
        _check_parent(people, member, member.mother, "mother", Sex.MALE, where)
        if member.father is not None and member.father == member.mother:
            raise Invalid(
                f"{member.id} has {member.father} as both father and mother in {where}; correct one."
            )
    both = {m.father for m in pedigree.members} & {m.mother for m in pedigree.members} - {None}
    if both:
        raise Invalid(
            f"{min(p for p in both if p)} is a father and a mother in {where}; correct one of them."
        )
    _check_twins(pedigree, where)
    _check_cycles(pedigree, where)


def _check_parent(
    people: Mapping[str, Member], child: Member, parent: str | None, role: str, wrong: Sex, where: str
) -> None:
    if parent is None:
        return
    if parent not in people:
        raise Invalid(
            f"{child.id} has the {role} {parent!r}, who is not in {where}; add {parent} or correct it."
        )
    if people[parent].sex is wrong:
        sex = "female" if wrong is Sex.FEMALE else "male"
        raise Invalid(
            f"{parent} is the {role} of {child.id} in {where}, but {sex}; correct the sex or the parent."
        )


def _check_twins(pedigree: Pedigree, where: str) -> None:
    first: dict[str, Member] = {}
    for member in pedigree.members:
        if member.twins:
            twin = first.setdefault(member.twins, member)
            if (twin.father, twin.mother) != (member.father, member.mother):
                raise Invalid(
                    f"Twins {twin.id} and {member.id} have different parents in {where}; correct one."
                )
            if {twin.sex, member.sex} == {Sex.MALE, Sex.FEMALE}:
                raise Invalid(
                    f"Twins {twin.id} and {member.id} differ in sex in {where}; monozygotic twins can't."
                )


def _check_cycles(pedigree: Pedigree, where: str) -> None:
    """Nobody may be their own ancestor; twins count as one person."""
    names = {m.id: f"\0{m.twins}" if m.twins else m.id for m in pedigree.members}
    parents: dict[str, set[str]] = {}
    example = {names[m.id]: m.id for m in pedigree.members}
    for m in pedigree.members:
        parents[names[m.id]] = {names[p] for p in (m.father, m.mother) if p is not None}
    while parents:
        done = {person for person, above in parents.items() if not above & parents.keys()}
        if not done:
            person = _in_a_cycle(parents)
            raise Invalid(f"{example[person]} is their own ancestor in {where}; correct the parents.")
        for person in done:
            del parents[person]


def _in_a_cycle(parents: Mapping[str, set[str]]) -> str:
    person = next(iter(parents))
    visited: set[str] = set()
    while person not in visited:
        visited.add(person)
        person = min(p for p in parents[person] if p in parents)
    return person


def check_frequencies(table: FrequencyTable, locus: str) -> None:
    """Frequencies must be numbers of at least 0 that sum to 1, within rounding."""
    frequencies = table.loci.get(locus)
    if not frequencies:
        raise Invalid(f"The frequency table {table.name!r} has no alleles of locus {locus}.")
    for allele, p in frequencies.items():
        if not _is_number(p) or not 0 <= p <= 1:
            raise Invalid(
                f"The frequency of allele {allele} at locus {locus} is {p!r}; it must lie between 0 and 1."
            )
    total = math.fsum(frequencies.values())
    if abs(total - 1) > SUM_TOLERANCE:
        raise Invalid(
            f"The frequencies of locus {locus} in {table.name!r} sum to {total:.9g} instead of 1; "
            "correct the table."
        )


def check_mutation(model: MutationModel, locus: str) -> None:
    """Rates and ranges within their bounds."""
    for name in ("rate_male", "rate_female", "rate2_male", "rate2_female"):
        _check_number(getattr(model, name), f"The mutation {name} of locus {locus}", 0, 1)
    for name in ("range_male", "range_female"):
        value = getattr(model, name)
        if not _is_number(value) or not 0 < value <= 1:
            raise Invalid(
                f"The mutation {name} of locus {locus} is {value!r}; it must be above 0 and at most 1."
            )
    for sex in ("male", "female"):
        if getattr(model, f"rate_{sex}") + getattr(model, f"rate2_{sex}") > 1:
            raise Invalid(f"The {sex} mutation rates of locus {locus} sum to more than 1; lower them.")


def check_genotype(
    genotype: Genotype, person: str, locus: str, hemizygous: bool, silent: str | None = None
) -> None:
    """Two alleles; one (or twice the same) for the X of a male; never a silent one."""
    if any(not isinstance(allele, str) or not allele for allele in genotype):
        raise Invalid(f"The genotype of {person} at {locus} holds something that is no allele designation.")
    if silent is not None and silent in genotype:
        raise Invalid(f"The genotype of {person} at {locus} shows the silent allele; write what was seen.")
    if hemizygous and len(genotype) == 2 and genotype[0] != genotype[1]:
        raise Invalid(f"{person} is male and has one X, but two alleles at {locus}: {', '.join(genotype)}.")
    if len(genotype) != 2 and not (hemizygous and len(genotype) == 1):
        wanted = "one allele" if hemizygous else "two alleles"
        raise Invalid(f"{person} has {len(genotype)} allele(s) at {locus}; a genotype there has {wanted}.")


def _check_person(case: KinshipCase, person: str) -> None:
    for name, pedigree in (("numerator", case.numerator), ("denominator", case.denominator)):
        if person not in pedigree.ids:
            raise Invalid(
                f"{person} has a genotype but is not in the {name}; both hypotheses must explain the same people."
            )


def _one_allele(case: KinshipCase, person: str) -> bool:
    if case.chromosome is not Chromosome.X:
        return False
    sexes = {p.member(person).sex for p in (case.numerator, case.denominator)} - {Sex.UNKNOWN}
    if len(sexes) != 1:
        raise Invalid(
            f"State the sex of {person}, the same in both hypotheses: an X-chromosomal marker needs it."
        )
    return sexes == {Sex.MALE}


def _check_trace(case: KinshipCase, trace: DropOut) -> None:
    _check_person(case, trace.person)
    _check_number(trace.heterozygous, "The drop-out probability of one copy", 0, 1)
    _check_number(trace.homozygous, "The drop-out probability of two copies", 0, 1)
    _check_number(trace.drop_in, "The drop-in parameter", 0, 1)
    for locus in case.loci:
        seen = trace.observed.get(locus, ())
        where = f"The trace of {trace.person} at {locus}"
        if any(not isinstance(a, str) or not a for a in seen):
            raise Invalid(f"{where} holds something that is no allele designation.")
        if case.silent_allele is not None and case.silent_allele in seen:
            raise Invalid(f"{where} shows the silent allele; write what was seen.")


def _check_pairs(case: KinshipCase) -> None:
    if case.recombination is None and not case.linked_pairs:
        return
    if case.recombination is not None and (len(case.loci) != 2 or case.linked_pairs):
        raise Refused(
            f"One recombination rate is for a pair of loci, and this case has {len(case.loci)}; split it."
        )
    rates = [case.recombination, *(pair.recombination for pair in case.linked_pairs)]
    for rate in rates:
        if rate is not None:
            _check_number(rate, "The recombination rate", 0, 0.5)
    paired = [locus for pair in case.linked_pairs for locus in (pair.first, pair.second)]
    unknown = next((locus for locus in paired if locus not in case.loci), None)
    if unknown:
        raise Invalid(
            f"The linked locus {unknown} is not among the loci of the case; add it or leave the pair out."
        )
    repeated = _repeated(paired)
    if repeated:
        raise Refused(
            f"Locus {repeated} is linked twice; linkage is computed for separate pairs of loci only."
        )
    if case.theta > 0:
        raise Refused("Linked loci are computed without sub-population correction only; set theta to 0.")


def _check_number(value: float, what: str, low: float, high: float) -> None:
    if not _is_number(value) or not low <= value <= high:
        raise Invalid(f"{what} is {value!r}; it must lie between {low} and {high}.")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _repeated(names: Sequence[str]) -> str | None:
    return next((name for name, times in Counter(names).items() if times > 1), None)
