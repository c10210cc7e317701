"""A pair of linked loci: one network over both, joined where a parent passes on its chromosomes.

Each meiosis has a selector per locus (which of the parent's two genes was passed); the selectors of one
meiosis differ with the recombination rate. Founders are in linkage equilibrium and their phase is unknown.
On the X, only mothers recombine.
"""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from forensics.genetics.alleles import AlleleSpace
from forensics.genetics.coupling import Network
from forensics.genetics.elimination import Scaled, total
from forensics.genetics.founders import Domain
from forensics.genetics.mutation import Matrix
from forensics.genetics.network import Genes, hemizygous, pass_on_selected, place_genes
from forensics.genetics.pedigrees import Graph, genes_passed_on

Meiosis = tuple[int, str]
"""The child's number and the side, "father" or "mother"."""


def pair_likelihood(
    nodes: Graph,
    evidence: Sequence[Mapping[int, Matrix]],
    spaces: Sequence[AlleleSpace],
    recombination: float,
    x_linked: bool = False,
) -> Scaled:
    """P(evidence at both loci); `evidence` and `spaces` hold one entry per locus."""
    network = Network(spaces[0], 0.0)
    first, second = (
        _locus(network, nodes, evidence[k], spaces[k], x_linked, unordered=k == 0) for k in (0, 1)
    )
    same, other = (1 - recombination) / 2, recombination / 2
    for meiosis in sorted(first.keys() | second.keys()):
        if meiosis in first and meiosis in second:
            joined = np.array([[same, other], [other, same]])
            network.add((first[meiosis], second[meiosis]), joined)
        else:
            alone = first[meiosis] if meiosis in first else second[meiosis]
            network.add((alone,), np.array([0.5, 0.5]))
    network.add((), np.array(1.0))
    return total(network.factors, network.sizes)


def _locus(
    network: Network,
    nodes: Graph,
    evidence: Mapping[int, Matrix],
    space: AlleleSpace,
    x_linked: bool,
    unordered: bool,
) -> dict[Meiosis, int]:
    """Add the factors of one locus; returns the selector variable of every meiosis that has one.

    Swapping a founder's two chromosomes changes nothing, so that one locus may be `unordered`.
    """
    network.space = space
    children = genes_passed_on(nodes, x_linked)
    people = []
    for i, node in enumerate(nodes):
        founder = node.father is None and node.mother is None
        if founder and children[i] == 1 and i not in evidence:
            people.append(Genes(()))
        else:
            single = hemizygous(node, x_linked)
            people.append(place_genes(network, evidence.get(i), single, founder and unordered))
    selectors: dict[Meiosis, int] = {}
    for i, side, parent, own, alleles in _gene_places(nodes, people, x_linked):
        if parent is None or not people[parent].scope:
            matrix = None if parent is None else space.matrix(nodes[parent].sex)
            prior = space.p if matrix is None else space.p @ matrix
            network.add((own,), prior if alleles is None else prior[alleles])
        else:
            _pass_on(
                network, people[parent], space.matrix(nodes[parent].sex), own, alleles, (i, side), selectors
            )
    return selectors


def _gene_places(
    nodes: Graph, people: Sequence[Genes], x_linked: bool
) -> Iterator[tuple[int, str, int | None, int, Domain | None]]:
    """Child, side, parent, variable and listed alleles of every gene."""
    for i, (node, genes) in enumerate(zip(nodes, people, strict=True)):
        if genes.scope and not genes.single:
            yield i, "father", node.father, genes.scope[0], genes.paternal
        if genes.scope:
            parent = node.mother if not genes.single or hemizygous(node, x_linked) else None
            yield i, "mother", parent, genes.scope[-1], genes.maternal


def _pass_on(
    network: Network,
    parent: Genes,
    matrix: Matrix | None,
    own: int,
    alleles: Domain | None,
    meiosis: Meiosis,
    selectors: dict[Meiosis, int],
) -> None:
    rows = np.eye(len(network.space)) if matrix is None else matrix
    columns = rows if alleles is None else rows[:, alleles]
    if parent.single:
        network.add((parent.scope[0], own), columns if parent.maternal is None else columns[parent.maternal])
        return
    selector = selectors[meiosis] = network.variable(2)
    if parent.paternal is not None and parent.maternal is not None:
        both = np.stack([columns[parent.paternal], columns[parent.maternal]], axis=1)
        network.add((parent.scope[0], selector, own), both)
        return
    pass_on_selected(network, parent, matrix, own, alleles, selector)
