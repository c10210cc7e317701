"""The likelihood of one locus as a network of factors, and its exact sum.

Variables are genes (one allele of one person) or, where only a few genotypes are possible, the ordered
genotype of a person. A parent passes each of its genes on with probability ½, through the mutation matrix
of its sex. Three exact simplifications keep networks small: a parentless person's genes may be taken in
either order; an unseen parentless person with one child passes on one gene of the population; genes of
typed parentless people are numbers.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce

import numpy as np

from forensics.domain.errors import Invalid
from forensics.domain.kinship import Sex
from forensics.genetics.alleles import AlleleSpace
from forensics.genetics.elimination import (
    TABLE_LIMIT,
    Factor,
    Plan,
    Scaled,
    Scope,
    plan_for,
    refuse_if_too_large,
    total,
)
from forensics.genetics.founders import (
    Domain,
    Urn,
    draw_known,
    joint_table,
    partition_weight,
    partitions,
)
from forensics.genetics.mutation import Matrix
from forensics.genetics.pedigrees import Graph, Node

FEW_GENOTYPES = 8
"""Up to this many possible ordered genotypes are listed; more are a table over two genes."""

PARTITION_OVERHEAD = 150_000
"""Multiplications that one more network costs in fixed effort; measured, only the choice depends on it."""

CHEAP = 2_000_000
"""A single table that costs less than this is taken without looking further."""

MOST_FREE_GENES = 9
"""Bell(9) = 21,147 partitions; beyond that only the single table is considered."""


@dataclass(frozen=True, slots=True)
class Genes:
    """Where a person's two genes are: variables, or columns of a listed genotype variable.

    An empty scope is an unseen parentless person with one child: one gene of the population.
    """

    scope: Scope
    paternal: Domain | None = None  # allele of each listed genotype; None: gene variables
    maternal: Domain | None = None
    single: bool = False  # one gene only


@dataclass(slots=True)
class Network:
    """Factors under construction; `free` are unknown genes drawn from the population."""

    space: AlleleSpace
    theta: float
    sizes: list[int] = field(default_factory=list)
    factors: list[Factor] = field(default_factory=list)
    known: list[int] = field(default_factory=list)
    free: list[tuple[int, Domain]] = field(default_factory=list)
    pairs: list[tuple[int, int]] = field(default_factory=list)

    def variable(self, size: int) -> int:
        self.sizes.append(size)
        return len(self.sizes) - 1

    def add(self, scope: Scope, table: Matrix) -> None:
        self.factors.append(Factor(scope, np.asarray(table, dtype=np.float64)))


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
    network = Network(space, theta)
    children = genes_passed_on(nodes, x_linked)
    people: list[Genes] = []
    for i, node in enumerate(nodes):
        founder = node.father is None and node.mother is None
        if founder and children[i] == 1 and i not in evidence and i != target:
            people.append(Genes(()))
        else:
            single = hemizygous(node, x_linked)
            people.append(place_genes(network, evidence.get(i), single, founder, listed=i != target))
    for i, node in enumerate(nodes):
        _origins(network, people, nodes, i, hemizygous(node, x_linked), i == target)
    keep = people[target].scope if target is not None else ()
    return _sum(network, keep)


def hemizygous(node: Node, x_linked: bool) -> bool:
    """Whether the person has one gene only."""
    if x_linked and node.sex is Sex.UNKNOWN:
        raise Invalid(f"State the sex of {node.names[0]}: an X-chromosomal marker needs it.")
    return x_linked and node.sex is Sex.MALE


def genes_passed_on(nodes: Graph, x_linked: bool) -> list[int]:
    """Genes that each node passes on (a father's X goes to daughters only)."""
    count = [0] * len(nodes)
    for node in nodes:
        if node.mother is not None:
            count[node.mother] += 1
        if node.father is not None and not (x_linked and node.sex is Sex.MALE):
            count[node.father] += 1
    return count


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
    network: Network, people: Sequence[Genes], nodes: Graph, i: int, hemizygous: bool, kept: bool
) -> None:
    """Where each gene of node i comes from: the population, or a parent."""
    node, genes = nodes[i], people[i]
    if not genes.scope:
        return
    if genes.single:
        _origin(
            network, people, nodes, node.mother if hemizygous else None, genes.scope[0], genes.maternal, kept
        )
        return
    first = len(network.free)
    own = genes.scope if genes.paternal is None else genes.scope * 2
    _origin(network, people, nodes, node.father, own[0], genes.paternal, kept)
    _origin(network, people, nodes, node.mother, own[1], genes.maternal, kept)
    unordered = genes.paternal is None and node.father is None and node.mother is None and not kept
    if unordered and len(network.free) == first + 2:
        network.pairs.append((first, first + 1))


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
        scope, table = _passed_on(network, people[parent], matrix)
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


def _sum(network: Network, keep: Scope) -> Scaled:
    chances, urn = draw_known(network.space.p, network.theta, network.known)
    network.factors += [Factor((), np.array(chance)) for chance in chances]
    if not network.free:
        return total(network.factors, network.sizes, keep)
    genes = tuple(v for v, _ in network.free)
    scopes = tuple(tuple(v for v in f.scope if network.sizes[v] > 1) for f in network.factors)
    joint_size = math.prod(network.sizes[v] for v in genes)
    squeezed = tuple(v for v in genes if network.sizes[v] > 1)
    kept = tuple(v for v in keep if network.sizes[v] > 1)
    dense = plan_for((*scopes, squeezed), tuple(network.sizes), kept)
    dense_work = dense.work + joint_size * len(genes) ** 2
    if dense_work < CHEAP or len(genes) > MOST_FREE_GENES:
        refuse_if_too_large(dense)
        return _with_joint_table(network, urn, genes, keep)
    alike = partitions(len(genes), tuple(network.pairs))
    each = plan_for(scopes, tuple(network.sizes), kept)
    mixture_work = len(alike) * (PARTITION_OVERHEAD + each.work)
    if dense_work < mixture_work and max(dense.largest, joint_size) <= TABLE_LIMIT:
        refuse_if_too_large(dense)
        return _with_joint_table(network, urn, genes, keep)
    refuse_if_too_large(Plan((), each.last, mixture_work // 4, each.largest))
    return _mixture(network, urn, keep)


def _with_joint_table(network: Network, urn: Urn, genes: Scope, keep: Scope) -> Scaled:
    table = joint_table(urn, [domain for _, domain in network.free])
    return total([*network.factors, Factor(genes, table)], network.sizes, keep)


def _mixture(network: Network, urn: Urn, keep: Scope) -> Scaled:
    """Sum over the ways in which the free genes can be copies of each other."""
    parts = []
    for partition, multiplicity in partitions(len(network.free), tuple(network.pairs)):
        part = _merged(network, urn, partition, keep)
        if part is not None and not part.zero:
            parts.append(Scaled(part.table * multiplicity, part.exponent))
    return added(parts, tuple(network.sizes[v] for v in keep))


def _merged(network: Network, urn: Urn, partition: tuple[int, ...], keep: Scope) -> Scaled | None:
    """The network in which the free genes of a class are one variable."""
    weight, classes = partition_weight(urn, partition)
    sizes, factors = list(network.sizes), []
    place: dict[int, tuple[int, Domain | None]] = {}
    for block, weights in enumerate(classes):
        members = [gene for gene, label in zip(network.free, partition, strict=True) if label == block]
        domain = reduce(np.intersect1d, [d for _, d in members])
        if domain.size == 0:
            return None
        sizes.append(len(domain))
        for v, old in members:
            place[v] = (len(sizes) - 1, None if len(old) == len(domain) else np.searchsorted(old, domain))
        factors.append(Factor((len(sizes) - 1,), weights[domain]))
    factors.append(Factor((), np.array(weight)))
    factors += [_renamed(factor, place) for factor in network.factors]
    return total(factors, sizes, keep)


def _renamed(factor: Factor, place: Mapping[int, tuple[int, Domain | None]]) -> Factor:
    if not any(v in place for v in factor.scope):
        return factor
    table, names = factor.table, []
    for axis, v in enumerate(factor.scope):
        new, positions = place.get(v, (v, None))
        table = table if positions is None else np.take(table, positions, axis=axis)
        names.append(new)
    distinct = tuple(dict.fromkeys(names))
    if len(distinct) < len(names):
        letters = "".join(chr(97 + distinct.index(v)) for v in names)
        table = np.einsum(f"{letters}->{''.join(dict.fromkeys(letters))}", table)
    return Factor(distinct, table)


def added(parts: Sequence[Scaled], shape: tuple[int, ...]) -> Scaled:
    """Sum of scaled tables, in the order given."""
    if not parts:
        return Scaled(np.zeros(shape), 0)
    exponent = max(part.exponent for part in parts)
    table = np.zeros(shape)
    for part in parts:
        table = table + np.ldexp(part.table, part.exponent - exponent)
    return Scaled(table, exponent)
