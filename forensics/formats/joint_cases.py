"""Case files of joint identification: victims, families and missing persons as JSON.

A file holds a list of cases under `cases`, a bare list, or one case. The `input` of a case names its loci,
`pm_samples`, `am_families` (each with `pedigree` and `genotypes`), `missing_persons`, `frequencies` and
`mutation`; what else a case holds is left alone.
"""

from typing import Any

from forensics.domain.errors import Invalid
from forensics.domain.joint import JointInputs
from forensics.domain.kinship import Convention, FrequencyTable, MutationKind, MutationModel, Sex
from forensics.domain.screening import ScreeningFamily, ScreeningInputs, ScreeningProfile
from forensics.formats.json_fields import Field, parse
from forensics.formats.kinship_cases import genotypes_by_locus, matrix_of, pedigree_of


def cases_in(content: bytes) -> list[dict[str, Any]]:
    """The cases of a file. Raises `Invalid`."""
    found = parse(content)
    if isinstance(found, dict):
        found = found.get("cases", [found])
    if not isinstance(found, list) or not all(isinstance(c, dict) and "input" in c for c in found):
        raise Invalid("This file holds no identification case; each case needs an `input`.")
    return found


def read_case(raw: dict[str, Any], convention: Convention, best: int) -> JointInputs:
    """One case as values. Raises `Invalid`, naming the case, where something is missing or malformed."""
    case = Field(raw, f"case {raw.get('id', '?')}")
    given = case.get("input")
    loci = tuple(locus.text() for locus in given.get("loci").items_of_list())
    if not loci or len(set(loci)) < len(loci):
        raise Invalid(f"{case.place}: it names no locus, or one twice; list every locus once.")
    table = given.get("frequencies")
    frequencies = {locus: {a: p.number() for a, p in table.get(locus).items()} for locus in loci}
    mutation = given.optional("mutation")
    wanted = [name.text() for name in given.get("missing_persons").items_of_list()]
    families = [_family(name, family, wanted) for name, family in given.get("am_families").items()]
    strangers = [name for name in wanted if all(name not in family.pedigree.ids for family in families)]
    if strangers:
        raise Invalid(f"{case.place}: missing person {strangers[0]} is in no family; add them to a pedigree.")
    theta = case.number_or("theta", 0.0)
    if not 0 <= theta <= 1:
        raise Invalid(f"{case.place}: theta is {theta!r}; it must lie between 0 and 1.")
    screening = ScreeningInputs(
        loci=loci,
        frequencies=FrequencyTable(str(raw.get("id", "")), frequencies),
        families=tuple(family for family in families if family.missing),
        profiles=tuple(_profile(name, victim) for name, victim in given.get("pm_samples").items()),
        mutation={x: _mutation(spec) for x, spec in mutation.items() if spec.value} if mutation else {},
        theta=theta,
        convention=convention,
    )
    return JointInputs(screening, best=best)


def _profile(name: str, raw: Field) -> ScreeningProfile:
    return ScreeningProfile(name, raw.get("sex").one_of(Sex), genotypes_by_locus(raw.get("genotypes")))


def _family(name: str, raw: Field, wanted: list[str]) -> ScreeningFamily:
    pedigree = pedigree_of(raw.get("pedigree"))
    genotypes = {person: genotypes_by_locus(loci) for person, loci in raw.get("genotypes").items()}
    return ScreeningFamily(name, pedigree, tuple(m for m in wanted if m in pedigree.ids), genotypes)


def _mutation(raw: Field) -> MutationModel:
    """The stated matrices where there are any, else the model by name and rates."""
    if raw.optional("matrix_male") and raw.optional("matrix_female"):
        return MutationModel(
            MutationKind.MATRIX,
            alleles=tuple(a.text() for a in raw.get("alleles").items_of_list()),
            matrix_male=matrix_of(raw.get("matrix_male")),
            matrix_female=matrix_of(raw.get("matrix_female")),
        )
    male, female = raw.get("male"), raw.optional("female") or Field({}, raw.place)
    transform = male.optional("transform")
    return MutationModel(
        male.get("model").one_of(MutationKind),
        male.number_or("rate", 0.0),
        female.number_or("rate", 0.0),
        male.number_or("rate2", 0.0),
        female.number_or("rate2", 0.0),
        male.number_or("range", 0.1),
        female.number_or("range", 0.1),
        transform.text() if transform else None,
    )
