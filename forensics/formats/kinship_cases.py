"""Kinship case files: questions as JSON, read, written, and written into reports.

A file holds named frequency tables and cases. A case has hypotheses (pedigrees by name), which of them is
numerator and which denominator, genotypes, and the model: theta, mutation, silent allele, trace sample,
recombination rate. A case without hypotheses and with two people is a direct match: one person or two
unrelated. Fields of our own: `twins` of a member, `convention`, `minimum_frequency`,
`linked_pairs`; unknown fields are
left alone. Numbers are written so that reading gives the same doubles back.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from forensics.domain.errors import Invalid
from forensics.domain.kinship import (
    Chromosome,
    Convention,
    DropOut,
    FrequencyTable,
    Genotype,
    KinshipCase,
    LinkedPair,
    Member,
    MutationKind,
    MutationModel,
    Pedigree,
    Sex,
)
from forensics.formats.json_fields import Field, parse

SCHEMA = "kinship-oracle/1"
"""The layout; `schema` of a file that we write."""

RATES = ("rate_male", "rate_female", "rate2_male", "rate2_female", "range_male", "range_female")


def read_cases(content: bytes | str) -> tuple[KinshipCase, ...]:
    """All cases of a file; `Invalid` names the first case and field that can't be read."""
    cases = []
    for _, case in read_each_case(content):
        if isinstance(case, Invalid):
            raise case
        cases.append(case)
    return tuple(cases)


def read_each_case(content: bytes | str) -> list[tuple[str, KinshipCase | Invalid]]:
    """Every case by its id, or what is wrong with it; `Invalid` if the file itself can't be read."""
    document = Field(parse(content), "the case file")
    tables = _tables(document)
    found: list[tuple[str, KinshipCase | Invalid]] = []
    for number, raw in enumerate(document.get("cases").items_of_list(), start=1):
        name = f"case {number}"
        try:
            name = raw.get("id").text()
            found.append((name, _case(raw.named(f"case {name}"), tables)))
        except Invalid as error:
            found.append((name, error))
    return found


def _tables(document: Field) -> dict[str, FrequencyTable]:
    details = document.optional("frequency_table_details")
    tables = {}
    for name, table in document.get("frequency_tables").items():
        loci = {locus: {a: p.number() for a, p in alleles.items()} for locus, alleles in table.items()}
        more = details.optional(name) if details else None
        tables[name] = FrequencyTable(name, loci, *(_details(more) if more else ()))
    return tables


def _details(field: Field) -> tuple[str, dict[str, int], str, str]:
    return (
        field.text_or("population", ""),
        {locus: n.whole_number() for locus, n in field.get("sizes").items()},
        field.text_or("source", ""),
        field.text_or("digest", ""),
    )


def _case(raw: Field, tables: Mapping[str, FrequencyTable]) -> KinshipCase:
    table = raw.get("frequency_table").text()
    if table not in tables:
        raise Invalid(f"{raw.place}: the frequency table {table!r} is not in the file.")
    genotypes = _genotypes(raw.get("genotypes"))
    numerator, denominator, names = _hypotheses(raw, genotypes)
    mutation, recombination = raw.optional("mutation"), raw.optional("recombination_rate")
    silent, trace = raw.optional("silent_allele"), raw.optional("trace_sample")
    return KinshipCase(
        id=raw.get("id").text(),
        loci=tuple(locus.text() for locus in raw.get("loci").items_of_list()),
        frequencies=tables[table],
        numerator=numerator,
        denominator=denominator,
        genotypes=genotypes,
        chromosome=raw.choice("chromosome", Chromosome, Chromosome.AUTOSOMAL),
        theta=raw.number_or("theta", 0.0),
        mutation={locus: _mutation(model) for locus, model in mutation.items()} if mutation else {},
        silent_allele=silent.text() if silent else None,
        drop_out=_trace(trace) if trace else None,
        recombination=recombination.number() if recombination else None,
        convention=_convention(raw),
        minimum_frequency=raw.number_or("minimum_frequency", 0.0),
        title=raw.text_or("title", ""),
        numerator_name=names[0],
        denominator_name=names[1],
        linked_pairs=_linked_pairs(raw.optional("linked_pairs")),
    )


def _convention(raw: Field) -> Convention:
    text = raw.text_or("convention", Convention.AS_DRAWN.value).replace("-", " ").replace("_", " ")
    try:
        return Convention(text)
    except ValueError:
        raise Invalid(f"{raw.place}: convention is {text!r}; write 'as drawn' or 'pruned'.") from None


def _genotypes(raw: Field) -> dict[str, dict[str, Genotype]]:
    return {person: genotypes_by_locus(loci) for person, loci in raw.items()}


def genotypes_by_locus(raw: Field) -> dict[str, Genotype]:
    """The genotypes of one person by locus; null where nothing was read."""
    return {locus: tuple(a.text() for a in g.items_of_list()) for locus, g in raw.items() if g.present}


def _hypotheses(
    raw: Field, genotypes: Mapping[str, Mapping[str, Genotype]]
) -> tuple[Pedigree, Pedigree, tuple[str, str]]:
    if raw.optional("hypotheses") is None:
        return _direct_match(raw, genotypes)
    pedigrees = {name: pedigree_of(members) for name, members in raw.get("hypotheses").items()}
    names = raw.get("numerator").text(), raw.get("denominator").text()
    for role, name in zip(("numerator", "denominator"), names, strict=True):
        if name not in pedigrees:
            raise Invalid(f"{raw.place}: the {role} {name!r} is not one of its hypotheses.")
    return pedigrees[names[0]], pedigrees[names[1]], names


def _direct_match(
    raw: Field, genotypes: Mapping[str, Mapping[str, Genotype]]
) -> tuple[Pedigree, Pedigree, tuple[str, str]]:
    """Two profiles of one person (as good as monozygotic twins) against two unrelated people."""
    if len(genotypes) != 2:
        raise Invalid(f"{raw.place}: hypotheses are missing; only two profiles alone are a direct match.")
    if raw.optional("pedigree") or raw.text_or("category", "direct_match") != "direct_match":
        raise Invalid(f"{raw.place}: hypotheses are missing; it asks for no likelihood ratio.")
    sex = raw.choice("sex", Sex, Sex.UNKNOWN)
    same = Pedigree(tuple(Member(person, sex, twins="same source") for person in genotypes))
    unrelated = Pedigree(tuple(Member(person, sex) for person in genotypes))
    return same, unrelated, ("same source", "unrelated")


def pedigree_of(raw: Field) -> Pedigree:
    """The members of a pedigree, in the order in which they are listed."""
    members = []
    for member in raw.items_of_list():
        father, mother, twins = (member.optional(name) for name in ("father", "mother", "twins"))
        members.append(
            Member(
                member.get("id").text(),
                member.choice("sex", Sex, Sex.UNKNOWN),
                father.text() if father else None,
                mother.text() if mother else None,
                twins.text() if twins else None,
            )
        )
    return Pedigree(tuple(members))


def _mutation(raw: Field) -> MutationModel:
    kind = raw.get("model").one_of(MutationKind)
    transform = raw.optional("transform")
    alleles = raw.optional("alleles")
    return MutationModel(
        kind,
        **{name: raw.get(name).number() for name in RATES if raw.optional(name)},
        transform=transform.text() if transform else None,
        alleles=tuple(a.text() for a in alleles.items_of_list()) if alleles else (),
        matrix_male=matrix_of(raw.optional("matrix_male")),
        matrix_female=matrix_of(raw.optional("matrix_female")),
    )


def matrix_of(raw: Field | None) -> tuple[tuple[float, ...], ...]:
    """The rows of a matrix; none where it is not stated."""
    if raw is None:
        return ()
    return tuple(tuple(p.number() for p in row.items_of_list()) for row in raw.items_of_list())


def _linked_pairs(raw: Field | None) -> tuple[LinkedPair, ...]:
    if raw is None:
        return ()
    return tuple(
        LinkedPair(
            pair.get("first").text(), pair.get("second").text(), pair.get("recombination_rate").number()
        )
        for pair in raw.items_of_list()
    )


def _trace(raw: Field) -> DropOut:
    observed = raw.get("observed_alleles")
    return DropOut(
        raw.get("person").text(),
        {
            locus: tuple(a.text() for a in seen.items_of_list())
            for locus, seen in observed.items()
            if seen.present
        },
        raw.get("dropout_het").number(),
        raw.get("dropout_hom").number(),
        raw.number_or("dropin", 0.0),
    )


def write_cases(cases: Iterable[KinshipCase]) -> str:
    """The cases as a file of their own, with the frequency tables that they use."""
    listed = list(cases)
    tables: dict[str, FrequencyTable] = {}
    for case in listed:
        if tables.setdefault(case.frequencies.name, case.frequencies) != case.frequencies:
            raise Invalid(
                f"Two frequency tables are named {case.frequencies.name!r}; give them different names."
            )
    document = {
        "schema": SCHEMA,
        "frequency_tables": {name: {k: dict(v) for k, v in t.loci.items()} for name, t in tables.items()},
        "frequency_table_details": {name: _table_details(t) for name, t in tables.items()},
        "cases": [case_as_json(case) for case in listed],
    }
    try:
        return json.dumps(document, ensure_ascii=False, allow_nan=False, indent=1)
    except ValueError:
        raise Invalid("A case holds a value that is not a number; correct it before it is written.") from None


def _table_details(table: FrequencyTable) -> dict[str, Any]:
    return {
        "population": table.population,
        "sizes": dict(table.sizes),
        "source": table.source,
        "digest": table.digest,
    }


def case_as_json(case: KinshipCase) -> dict[str, Any]:
    """One case as plain JSON values; its frequency table is named only."""
    names = (case.numerator_name, case.denominator_name)
    if names[0] == names[1]:
        raise Invalid(f"Case {case.id}: both hypotheses are named {names[0]!r}; give them different names.")
    result: dict[str, Any] = {
        "id": case.id,
        "title": case.title,
        "chromosome": case.chromosome.value,
        "theta": case.theta,
        "convention": case.convention.value,
        "minimum_frequency": case.minimum_frequency,
        "frequency_table": case.frequencies.name,
        "loci": list(case.loci),
        "mutation": {locus: mutation_as_json(model) for locus, model in case.mutation.items()} or None,
        "hypotheses": {names[0]: _members(case.numerator), names[1]: _members(case.denominator)},
        "numerator": names[0],
        "denominator": names[1],
        "genotypes": {p: {locus: list(g) for locus, g in loci.items()} for p, loci in case.genotypes.items()},
    }
    if case.silent_allele is not None:
        result["silent_allele"] = case.silent_allele
    if case.recombination is not None:
        result["recombination_rate"] = case.recombination
    if case.linked_pairs:
        result["linked_pairs"] = [
            {"first": p.first, "second": p.second, "recombination_rate": p.recombination}
            for p in case.linked_pairs
        ]
    if case.drop_out is not None:
        result["trace_sample"] = _trace_as_json(case.drop_out)
    return result


def mutation_as_json(model: MutationModel) -> dict[str, Any]:
    """A mutation model; matrices only where it has them."""
    stated = {
        name: value for name, value in asdict(model).items() if value not in ((), None) and name != "kind"
    }
    return {"model": model.kind.value, **stated}


def _members(pedigree: Pedigree) -> list[dict[str, Any]]:
    return [
        {"id": m.id, "sex": m.sex.value, "father": m.father, "mother": m.mother}
        | ({"twins": m.twins} if m.twins is not None else {})
        for m in pedigree.members
    ]


def _trace_as_json(trace: DropOut) -> dict[str, Any]:
    return {
        "person": trace.person,
        "observed_alleles": {locus: list(seen) for locus, seen in trace.observed.items()},
        "dropout_het": trace.heterozygous,
        "dropout_hom": trace.homozygous,
        "dropin": trace.drop_in,
    }
