"""Tables of a family's LR for every genotype of the missing member, for many families at once.

T[g] = log10 P(g | typed relatives) - log10 P(g | unrelated), exact: the numerator is the probability of
the typed relatives together with a missing member of genotype g, the denominator that of the relatives
and of an unrelated person of genotype g. Shapes: G unordered genotypes, L families ("lanes").
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from forensics.genetics.compile_founders import merged, worthwhile
from forensics.genetics.compile_graph import Factor, build
from forensics.genetics.compile_plan import Plan, plan
from forensics.genetics.compile_run import run
from forensics.genetics.compile_shape import Shape
from forensics.genetics.compile_sum import lanes_at_once, over_sharings
from forensics.genetics.compile_tensors import Array, Index, Lanes, LocusModel, from_frequencies
from forensics.genetics.compile_theta import founders_probability

PRIOR = Factor("prior", ("G",))


@dataclass(frozen=True, slots=True)
class Question:
    """What is summed for a family at a locus: one shape with the missing member asked about, one without.

    `known` is set when the missing member has a genotype of their own here (a personal effect).
    """

    asked: Shape
    unasked: Shape
    known: bool = False
    pruned: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """`ratio` (G, L): LR of each genotype (not a number where the relatives are impossible); `typed` (L,):
    probability of the relatives, up to a factor; `without` (L,): LR of a profile that has no data here (1
    unless people are pruned); `stranger` (G, 1 or L): what each genotype of a stranger beside these relatives
    is divided by, up to a factor."""

    ratio: Array
    typed: Array
    without: Array
    stranger: Array

    @property
    def log10(self) -> Array:
        """(G, L) table of log10 LR; minus infinity where the LR is 0."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.log10(self.ratio)


def answer(question: Question, model: LocusModel, asked: Lanes, unasked: Lanes, theta: float) -> Answer:
    """Both hypotheses for all genotypes. `asked` and `unasked` hold the alleles of the two shapes' people."""
    if question.known:
        return own_effect(question, model, asked, unasked, theta)
    numerator = related(question.asked, model, asked, theta)
    relatives = numerator.sum(axis=0)
    ones = np.ones(asked.count)
    with np.errstate(divide="ignore", invalid="ignore"):
        if theta == 0 and not question.pruned:
            numerator /= relatives
            numerator *= inverse_hardy_weinberg(model, asked)
            return Answer(numerator, relatives, ones, hardy_weinberg(model, asked))
        denominator = unrelated(question.unasked, model, unasked, theta)
        if question.pruned:
            scale = founders_probability(question.asked, model, asked, theta)
            numerator, relatives = numerator * scale, relatives * scale
            denominator = denominator * founders_probability(question.unasked, model, unasked, theta)
        typed = denominator.sum(axis=0)
        without = relatives / typed if question.pruned else ones
        return Answer(numerator / denominator, typed, without, denominator)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Genotypes of a locus that are asked for: where each is found among ordered pairs of alleles, and how its
    numbers are weighted to be LRs."""

    one: Index
    other: Index
    genotypes: Index
    pairs_weight: Array  # (wanted, 1): 1 / P(genotype), halved for homozygotes, who are found twice
    weight: Array  # (wanted, 1): 1 / P(genotype)


def wanted(model: LocusModel, genotypes: Index) -> Wanted:
    """For `answer_wanted`; `genotypes` are numbers of unordered genotypes."""
    a, b = model.first[genotypes], model.second[genotypes]
    weight = model.inverse_hardy_weinberg[genotypes][:, None]
    halved = np.where(a == b, 0.5, 1.0)[:, None] * weight
    return Wanted(a * model.size + b, b * model.size + a, genotypes, halved, weight)


def answer_wanted(
    question: Question, model: LocusModel, asked: Lanes, what: Wanted, ratio: Array, lanes: int
) -> Array:
    """The LRs of `answer` at theta 0, of some genotypes, written to `ratio` (wanted, L); returns `typed` (L,).

    Not for pruned questions nor own effects, nor where lanes have frequencies of their own. Nothing is computed that
    is not asked for. `lanes` is how many families are asked about in all, of which these are a part.
    """
    found = blocks(quickest(question.asked, model, lanes), model, asked)
    flat = found.reshape(-1, asked.count)
    typed: Array = flat.sum(axis=0)
    if found.ndim == 3:
        np.add(flat.take(what.one, axis=0), flat.take(what.other, axis=0), out=ratio)
    else:
        ratio[:] = flat.take(what.genotypes, axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio *= 1.0 / typed
    ratio *= what.pairs_weight if found.ndim == 3 else what.weight
    return typed


def own_effect(question: Question, model: LocusModel, asked: Lanes, unasked: Lanes, theta: float) -> Answer:
    """The missing member has a genotype of their own here: nothing else can match it."""
    denominator = unrelated(question.unasked, model, unasked, theta)
    typed = denominator.sum(axis=0)
    own = asked.alleles[question.asked.target]
    row, lanes = model.genotype[own[0], own[1]], np.arange(asked.count)
    ratio = np.zeros_like(denominator)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio[row, lanes] = typed / denominator[row, lanes]
    ratio[:, ~(typed > 0)] = np.nan
    return Answer(ratio, typed, np.ones(asked.count), denominator)


@lru_cache(maxsize=4096)
def plan_of(shape: Shape) -> Plan:
    """The plan of a shape whose founders are independent. Raises Refused where it is too large."""
    return plan(build(shape))


@lru_cache(maxsize=4096)
def merged_plan_of(shape: Shape) -> Plan:
    """The same with untyped founders summed beforehand."""
    return plan(merged(build(shape)))


def quickest(shape: Shape, model: LocusModel, lanes: int) -> Plan:
    """The plan of a shape for so many families at a locus."""
    chosen = merged_plan_of(shape)
    return chosen if worthwhile(chosen.graph, model, lanes) else plan_of(shape)


def hardy_weinberg(model: LocusModel, lanes: Lanes) -> Array:
    """(G, 1) or, where every lane has its own frequencies, (G, L): genotypes of a stranger at theta 0."""
    own = lanes.frequencies
    return model.hardy_weinberg[:, None] if own is None else from_frequencies(PRIOR, model, own, None)


def inverse_hardy_weinberg(model: LocusModel, lanes: Lanes) -> Array:
    """One divided by that; 0 for genotypes that nobody has."""
    if lanes.frequencies is None:
        return model.inverse_hardy_weinberg[:, None]
    found = hardy_weinberg(model, lanes)
    return np.divide(1.0, found, out=np.zeros_like(found), where=found > 0)


def related(shape: Shape, model: LocusModel, lanes: Lanes, theta: float) -> Array:
    """(G, L): P(target has g, non-founder genotypes | typed founders' genotypes)."""
    if theta == 0:
        return fold(model, blocks(plan_of(shape), model, lanes), lanes.count)
    return fold(model, over_sharings(shape, False, model, lanes, theta), lanes.count)


def unrelated(shape: Shape, model: LocusModel, lanes: Lanes, theta: float) -> Array:
    """(G, L): the same for an unrelated person with genotype g, whose alleles come from the same urn."""
    if theta == 0:
        return np.asarray(probability(shape, model, lanes, theta) * hardy_weinberg(model, lanes))
    return fold(model, over_sharings(shape, True, model, lanes, theta), lanes.count)


def probability(shape: Shape, model: LocusModel, lanes: Lanes, theta: float) -> Array:
    """(L,): P(typed non-founders | typed founders' genotypes) of a shape without a target."""
    if theta == 0:
        return blocks(plan_of(shape), model, lanes)
    return over_sharings(shape, False, model, lanes, theta)


def blocks(chosen: Plan, model: LocusModel, lanes: Lanes) -> Array:
    """A plan over all lanes, a block at a time so that its tables stay in the cache."""
    step = lanes_at_once(chosen.peak, model)
    if lanes.count <= step:
        return run(chosen, model, lanes)
    parts = [run(chosen, model, lanes.part(i, i + step)) for i in range(0, lanes.count, step)]
    return np.concatenate(parts, axis=-1)


def fold(model: LocusModel, found: Array, lanes: int) -> Array:
    """From ordered alleles (n, n, L) to unordered genotypes (G, L); genotypes stay as they are."""
    if found.ndim == 2:
        return found.reshape(-1, lanes)
    folded = found[model.first, model.second] + found[model.second, model.first]
    folded[model.first == model.second] *= 0.5
    return np.asarray(folded)
