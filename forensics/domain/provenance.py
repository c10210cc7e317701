"""What a computed number rests on: the engine, SHA-256 digests of what went in, and the parameters.

Whoever repeats a computation compares these first: equal digests and parameters must give the same number.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from forensics.domain.auditing import canonical
from forensics.domain.kinship import FrequencyTable, Genotype, KinshipCase, MutationModel, Pedigree
from forensics.domain.screening import ScreeningInputs


def digest(value: object) -> str:
    """SHA-256 (hex) of the canonical JSON of plain values."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def of_case(case: KinshipCase, engine: str) -> dict[str, Any]:
    """What the LR of a case rests on, as plain values: `engine`, `digests`, `parameters`."""
    drawn = [_drawn(case.numerator), _drawn(case.denominator)]
    return {
        "engine": engine,
        "digests": {
            "frequencies": frequencies_digest(case.frequencies),
            "pedigrees": digest(drawn),
            "profiles": digest({person: plain(found) for person, found in case.genotypes.items()}),
        },
        "parameters": {
            "loci": list(case.loci),
            "theta": case.theta,
            "convention": case.convention.value,
            "minimum_frequency": case.minimum_frequency,
            "chromosome": case.chromosome.value,
            "mutation": {locus: model_in_words(model) for locus, model in case.mutation.items()},
            "silent_allele": case.silent_allele,
            "drop_out": None if case.drop_out is None else asdict(case.drop_out),
            "recombination": case.recombination,
            "linked_pairs": [asdict(pair) for pair in case.linked_pairs],
        },
    }


def of_question(inputs: ScreeningInputs, engine: str) -> dict[str, Any]:
    """What the numbers of a search or of a joint identification rest on, as plain values."""
    return {
        "engine": engine,
        "digests": digests(inputs),
        "parameters": {
            "loci": list(inputs.loci),
            "theta": inputs.theta,
            "convention": inputs.convention.value,
            "minimum_frequency": inputs.minimum_frequency,
            "mutation": {locus: model_in_words(model) for locus, model in inputs.mutation.items()},
        },
    }


def digests(inputs: ScreeningInputs) -> dict[str, str]:
    """Of the data of a search and of their parts; families and profiles count in any order."""
    families = {family.id: [sorted(family.missing), _drawn(family.pedigree)] for family in inputs.families}
    typed = {family.id: {p: plain(g) for p, g in family.genotypes.items()} for family in inputs.families}
    remains = {profile.id: [profile.sex, plain(profile.genotypes)] for profile in inputs.profiles}
    return {
        "inputs": inputs.digest,
        "frequencies": frequencies_digest(inputs.frequencies),
        "pedigrees": digest(families),
        "profiles": digest([remains, typed]),
    }


def frequencies_digest(table: FrequencyTable) -> str:
    """That of the file the table came with, else of its numbers in their order."""
    return table.digest or digest({locus: list(found.items()) for locus, found in table.loci.items()})


def plain(genotypes: Mapping[str, Genotype]) -> dict[str, list[str]]:
    """Genotypes as unordered pairs."""
    return {locus: sorted(genotype) for locus, genotype in genotypes.items() if genotype}


def model_in_words(model: MutationModel) -> dict[str, Any]:
    """A mutation model by its kind and the figures it has; matrices by their digest."""
    stated = {name: value for name, value in asdict(model).items() if value not in (None, ())}
    matrices = [stated.pop(name) for name in ("matrix_male", "matrix_female") if name in stated]
    return stated | ({"matrices": digest(matrices)} if matrices else {})


def _drawn(pedigree: Pedigree) -> list[list[str]]:
    return sorted([m.id, m.sex, m.father or "", m.mother or "", m.twins or ""] for m in pedigree.members)
