"""Invented profiles as the files an instrument or a registry would have written; for the walk-through."""

from collections.abc import Iterable, Mapping, Sequence

from forensics.domain.kinship import Genotype


def write_genemapper(samples: Mapping[str, Mapping[str, Genotype]], loci: Sequence[str]) -> str:
    """Sample → genotypes, as a GeneMapper table: one row a sample, one column a marker, peaks in the cell."""
    lines = ["\t".join(["Sample File", "Sample Name", *loci])]
    for number, (name, genotypes) in enumerate(samples.items(), 1):
        cells = [", ".join(dict.fromkeys(genotypes.get(locus, ()))) for locus in loci]
        lines.append("\t".join([f"run-{number:02d}.fsa", name, *cells]))
    return "\n".join(lines) + "\n"


def write_references(
    relatives: Iterable[tuple[str, str, str, Mapping[str, Genotype]]], loci: Sequence[str]
) -> str:
    """(family, relation, sample, genotypes) as a table of family references with two columns a marker."""
    lines = ["\t".join(["Family ID", "Kinship", "Sample ID", *(f"{x} {n}" for x in loci for n in (1, 2))])]
    for family, relation, sample, genotypes in relatives:
        cells = [allele for locus in loci for allele in genotypes.get(locus, ("", ""))]
        lines.append("\t".join([family, f"[{relation}]", sample, *cells]))
    return "\n".join(lines) + "\n"
