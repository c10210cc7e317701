"""The likelihood of one locus as a network of factors, and its exact sum.

Variables are genes (one allele of one person) or, where only a few genotypes are possible, the ordered
genotype of a person. A parent passes each of its genes on with probability ½, through the mutation matrix
of its sex. Three exact simplifications keep networks small: a parentless person's genes may be taken in
either order; an unseen parentless person with one child passes on one gene of the population; genes of
typed parentless people are numbers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from forensics.domain.errors import Invalid
from forensics.domain.kinship import Sex
from forensics.genetics.alleles import AlleleSpace
from forensics.genetics.coupling import CHEAP, Network, carry_out, cheapest, other_ways, simplest_way
from forensics.genetics.descent import sum_descents
from forensics.genetics.elimination import Factor, Scaled, Scope
from forensics.genetics.founders import Domain
from forensics.genetics.mutation import Matrix
from forensics.genetics.pedigrees import Graph, Node, genes_passed_on

DEAR = 20_000_000
"""Above this many multiplications the network with selectors is looked at too."""

FEW_GENOTYPES = 8
"""Up to this many possible ordered genotypes are listed; more are a table over two genes."""


@dataclass(frozen=True, slots=True)
class Genes:
    """Where a person's two genes are: variables, or columns of a listed genotype variable.

    An empty scope is an unseen parentless person with one child: one gene of the population.
    """

    scope: Scope
    paternal: Domain | None = None  # allele of each listed genotype; None: gene variables
    maternal: Domain | None = None
    single: bool = False  # one gene only


def likelihood(
    nodes: Graph,
    evidence: Mapping[int, Matrix],
    space: AlleleSpace,
    theta: float,
    x_linked: bool = False,
    target: int | None = None,
) -> Scaled:
    """P(evidence); with a target, P(evidence and its genes), axes (from father, from mother).

    `evidence` holds weight tables (see `observations`) by node. Only relevant nodes may be given.
    Raises `Refused` where an exact sum would need too much memory or time.
    """
    network, keep = _build(nodes, evidence, space, theta, x_linked, target)
    way = simplest_way(network, keep)
    if way.work < CHEAP:
        return carry_out(way, keep)
    if network.free:
        single = [hemizygous(node, x_linked) for node in nodes]
        descents = sum_descents(nodes, evidence, space, theta, single, target, way.work)
        if descents is not None:
            return descents
    ways = [way, *other_ways(network, keep)]
    if cheapest(ways).work > DEAR or not cheapest(ways).possible:
        other, _ = _build(nodes, evidence, space, theta, x_linked, target, selectors=True)
        ways += [simplest_way(other, keep), *other_ways(other, keep)]
    return carry_out(cheapest(ways), keep)


def _build(
    nodes: Graph,
    evidence: Mapping[int, Matrix],
    space: AlleleSpace,
    theta: float,
    x_linked: bool,
    target: int | None,
    selectors: bool = False,
) -> tuple[Network, Scope]:
    """The network of one locus, and the variables of the target's genes."""
    network = Network(space, theta, selectors)
    children = genes_passed_on(nodes, x_linked)
    people: list[Genes] = []
    for i, node in enumerate(nodes):
        if node.founder and children[i] == 1 and i not in evidence and i != target:
            people.append(Genes(()))
        else:
            single = hemizygous(node, x_linked)
            people.append(place_genes(network, evidence.get(i), single, node.founder, listed=i != target))
    for i, node in enumerate(nodes):
        _origins(network, people, nodes, i, hemizygous(node, x_linked), i == target)
    return network, people[target].scope if target is not None else ()


def hemizygous(node: Node, x_linked: bool) -> bool:
    """Whether the person has one gene only."""
    if x_linked and node.sex is Sex.UNKNOWN:
        raise Invalid(f"State the sex of {node.names[0]}: an X-chromosomal marker needs it.")
    return x_linked and node.sex is Sex.MALE


def place_genes(
    network: Network, weights: Matrix | None, single: bool, unordered: bool, listed: bool = True
) -> Genes:
    """Variables for a person's genes, and what was seen of them.

    `single`: one gene only. `unordered`: the two genes may be taken in either order. Few possible
    genotypes become one variable, unless `listed` is false.
    """
    n = len(network.space)
    if listed and weights is not None and (single or np.count_nonzero(weights) <= FEW_GENOTYPES):
        return _listed_genes(network, weights, unordered)
    scope = (network.variable(n),) if single else (network.variable(n), network.variable(n))
    if weights is not None:
        network.add(scope, weights)
    return Genes(scope, single=single)


def _listed_genes(network: Network, weights: Matrix, unordered: bool) -> Genes:
    places = np.nonzero(weights)
    if len(places[0]) == 0:  # impossible: one genotype of weight 0 says so
        places = (np.zeros(1, np.intp),) * weights.ndim
    listed = weights[places]
    if unordered and weights.ndim == 2:
        first, second = places
        half = first <= second
        listed = np.where(first == second, listed, 2 * listed)[half]
        places = (first[half], second[half])
    v = network.variable(len(listed))
    network.add((v,), listed)
    if weights.ndim == 1:
        return Genes((v,), maternal=places[0], single=True)
    return Genes((v,), places[0], places[1])


def _origins(
    network: Network, people: Sequence[Genes], nodes: Graph, i: int, one_gene: bool, kept: bool
) -> None:
    """Where each gene of node i comes from: the population, or a parent."""
    node, genes = nodes[i], people[i]
    if not genes.scope:
        return
    own = genes.scope if genes.paternal is None else genes.scope * 2
    if not one_gene:
        _origin(network, people, nodes, node.father, own[0], genes.paternal, kept)
    _origin(network, people, nodes, node.mother, own[-1], genes.maternal, kept)


def _origin(
    network: Network,
    people: Sequence[Genes],
    nodes: Graph,
    parent: int | None,
    own: int,
    alleles: Domain | None,
    kept: bool,
) -> None:
    matrix = None if parent is None else network.space.matrix(nodes[parent].sex)
    if parent is not None and people[parent].scope:
        genes = people[parent]
        if network.selectors and genes.paternal is None and not genes.single:
            pass_on_selected(network, genes, matrix, own, alleles, network.variable(2))
            network.factors.append(Factor((len(network.sizes) - 1,), np.array([0.5, 0.5])))
            return
        scope, table = _passed_on(network, genes, matrix)
        network.add((*scope, own), table if alleles is None else table[..., alleles])
    elif network.theta == 0:
        prior = network.space.p if matrix is None else network.space.p @ matrix
        network.add((own,), prior if alleles is None else prior[alleles])
    else:
        _draw(network, own, alleles, np.eye(len(network.space)) if kept and matrix is None else matrix)


def _passed_on(network: Network, genes: Genes, matrix: Matrix | None) -> tuple[Scope, Matrix]:
    """Probability of the passed allele (last axis) given the parent's variables."""
    rows = np.eye(len(network.space)) if matrix is None else matrix
    if genes.single:
        return genes.scope, rows if genes.maternal is None else rows[genes.maternal]
    if genes.paternal is not None:
        return genes.scope, (rows[genes.paternal] + rows[genes.maternal]) / 2
    return genes.scope, (rows[:, None, :] + rows[None, :, :]) / 2


def pass_on_selected(
    network: Network, parent: Genes, matrix: Matrix | None, own: int, alleles: Domain | None, selector: int
) -> None:
    """The passed allele where a variable tells which gene was passed on.

    The gene that was not passed on says nothing, so that each gene has a table of its own.
    """
    rows = np.eye(len(network.space)) if matrix is None else matrix
    columns = rows if alleles is None else rows[:, alleles]
    nothing = np.ones_like(columns)
    network.add((selector, parent.scope[0], own), np.stack([columns, nothing]))
    network.add((selector, parent.scope[1], own), np.stack([nothing, columns]))


def _draw(network: Network, own: int, alleles: Domain | None, matrix: Matrix | None) -> None:
    """A gene that θ couples with all others that come from the population."""
    everything = np.arange(len(network.space))
    if matrix is not None:
        gene = network.variable(len(network.space))
        network.add((gene, own), matrix if alleles is None else matrix[:, alleles])
        network.free.append((gene, everything))
    elif alleles is None:
        network.free.append((own, everything))
    elif (domain := np.unique(alleles)).size == 1:
        network.known.append(int(domain[0]))
    else:
        gene = network.variable(len(domain))
        network.add((gene, own), (domain[:, None] == alleles[None, :]).astype(np.float64))
        network.free.append((gene, domain))
