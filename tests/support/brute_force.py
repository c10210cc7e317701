"""Likelihoods by writing out every possible genome of everybody: slow, plain, and not built on the engine.

A person is a pair of alleles (from father, from mother); the X of a male is a single one. People are taken
parents first. Founder alleles come one after another from an urn; each transmission tries both genes of the
parent and every mutation. Nothing is left out, nothing is merged.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from random import Random

from forensics.domain.kinship import Member, Pedigree, Sex

Genome = tuple[int, ...]
Weight = Callable[[Genome], float]
Rows = Sequence[Sequence[float]]


def likelihood(
    pedigree: Pedigree,
    evidence: Mapping[str, Weight],
    p: Sequence[float],
    theta: float = 0.0,
    male: Rows | None = None,
    female: Rows | None = None,
    x_linked: bool = False,
) -> float:
    """P(evidence | pedigree); `evidence` weighs a person's ordered genome, everybody else is unseen."""
    n = len(p)
    same = [[float(i == j) for j in range(n)] for i in range(n)]
    matrices = {Sex.MALE: male or same, Sex.FEMALE: female or same}
    people = parents_first(pedigree)

    def passed(genome: Genome, sex: Sex) -> Iterator[tuple[int, float]]:
        for allele in range(n):
            chance = sum(matrices[sex][gene][allele] for gene in genome) / len(genome)
            if chance > 0:
                yield allele, chance

    def drawn(urn: tuple[int, ...]) -> Iterator[tuple[int, float]]:
        for allele in range(n):
            if not urn:
                yield allele, p[allele]
            else:
                copies = urn.count(allele)
                yield allele, (copies * theta + (1 - theta) * p[allele]) / (1 + (len(urn) - 1) * theta)

    def genomes(
        member: Member, known: dict[str, Genome], urn: Genome
    ) -> Iterator[tuple[Genome, float, Genome]]:
        parents = [(member.father, Sex.MALE), (member.mother, Sex.FEMALE)]
        if x_linked and member.sex is Sex.MALE:
            del parents[0]
        so_far: list[tuple[Genome, float, Genome]] = [((), 1.0, urn)]
        for parent, sex in parents:
            so_far = [
                ((*genome, allele), chance * step, after if parent else (*after, allele))
                for genome, chance, after in so_far
                for allele, step in (passed(known[parent], sex) if parent else drawn(after))
            ]
        yield from so_far

    def rest(i: int, known: dict[str, Genome], urn: tuple[int, ...]) -> float:
        if i == len(people):
            return 1.0
        member = people[i]
        weigh = evidence.get(member.id, lambda _: 1.0)
        twin = next((m.id for m in people[:i] if m.twins and m.twins == member.twins), None)
        if twin is not None:
            weight = weigh(known[twin])
            return weight * rest(i + 1, known | {member.id: known[twin]}, urn) if weight else 0.0
        total = 0.0
        for genome, chance, after in genomes(member, known, urn):
            weight = weigh(genome)
            if weight and chance:
                total += chance * weight * rest(i + 1, known | {member.id: genome}, after)
        return total

    return rest(0, {}, ())


def pair_likelihood(
    pedigree: Pedigree,
    evidence: Sequence[Mapping[str, Weight]],
    p: Sequence[Sequence[float]],
    recombination: float,
    male: Sequence[Rows],
    female: Sequence[Rows],
) -> float:
    """P(evidence at two linked autosomal loci): a person is two haplotypes ((a1, a2), (b1, b2))."""
    people = parents_first(pedigree)
    haplotypes = [(a, b) for a in range(len(p[0])) for b in range(len(p[1]))]

    def gametes(genome: Sequence[tuple[int, int]], matrices: Sequence[Rows]) -> dict[tuple[int, int], float]:
        result: dict[tuple[int, int], float] = {}
        for first in (0, 1):
            for second in (0, 1):
                chance = (recombination if first != second else 1 - recombination) / 2
                for target in haplotypes:
                    step = (
                        matrices[0][genome[first][0]][target[0]] * matrices[1][genome[second][1]][target[1]]
                    )
                    result[target] = result.get(target, 0.0) + chance * step
        return result

    def rest(i: int, known: dict[str, tuple]) -> float:
        if i == len(people):
            return 1.0
        member = people[i]
        if member.father is None:
            paternal = maternal = {h: p[0][h[0]] * p[1][h[1]] for h in haplotypes}
        else:
            paternal = gametes(known[member.father], male)
            maternal = gametes(known[member.mother], female)
        total = 0.0
        for one, first in paternal.items():
            for two, second in maternal.items():
                weight = first * second
                for locus in (0, 1):
                    if weight and member.id in evidence[locus]:
                        weight *= evidence[locus][member.id]((one[locus], two[locus]))
                if weight:
                    total += weight * rest(i + 1, known | {member.id: (one, two)})
        return total

    return rest(0, {})


def parents_first(pedigree: Pedigree) -> list[Member]:
    """Members in an order in which parents (and the parents of twins) come before their children."""
    left, ordered = list(pedigree.members), []
    while left:
        done = {m.id for m in ordered}
        ready = [m for m in left if {m.father, m.mother} - {None} <= done]
        ordered += ready
        left = [m for m in left if m not in ready]
    return ordered


def pruned(pedigree: Pedigree, typed: Collection[str]) -> Pedigree:
    """The pedigree without untyped people who connect nobody (Familias); a parent who is cut is None.

    Untyped people without children, and untyped parentless people with one child, until there are none.
    """
    members = list(pedigree.members)
    while True:
        one = {m.id: m.twins or m.id for m in members}
        children: dict[str, set[str]] = {key: set() for key in one.values()}
        for m in members:
            for parent in (m.father, m.mother):
                if parent:
                    children[one[parent]].add(one[m.id])
        telling = {one[m.id] for m in members if m.id in typed}
        cut = {
            m.id
            for m in members
            if one[m.id] not in telling and len(children[one[m.id]]) <= (0 if m.father or m.mother else 1)
        }
        if not cut:
            return Pedigree(tuple(members))
        members = [
            Member(
                m.id,
                m.sex,
                None if m.father in cut else m.father,
                None if m.mother in cut else m.mother,
                m.twins,
            )
            for m in members
            if m.id not in cut
        ]


def seen(*genotype: int) -> Weight:
    """Certain reading of a genotype: 1 for its orders."""
    return lambda genome: float(sorted(genome) == sorted(genotype))


def random_pedigree(dice: Random, size: int, twins: bool = True) -> Pedigree:
    """People who marry whom they find: loops, half relations, incest and lone people all turn up."""
    members: list[Member] = []
    for i in range(size):
        sex = dice.choice([Sex.MALE, Sex.FEMALE])
        men = [m for m in members if m.sex is Sex.MALE]
        women = [m for m in members if m.sex is Sex.FEMALE]
        if men and women and dice.random() < 0.65:
            members.append(Member(f"P{i}", sex, dice.choice(men).id, dice.choice(women).id))
        else:
            members.append(Member(f"P{i}", sex))
    if twins and dice.random() < 0.3:
        twin = dice.choice(members)
        members[members.index(twin)] = Member(twin.id, twin.sex, twin.father, twin.mother, "T")
        members.append(Member("twin", twin.sex, twin.father, twin.mother, "T"))
    dice.shuffle(members)
    return Pedigree(tuple(members))


def random_frequencies(dice: Random, n: int) -> list[float]:
    weights = [dice.uniform(0.05, 1) for _ in range(n)]
    return [w / sum(weights) for w in weights]


def random_matrix(dice: Random, n: int) -> tuple[tuple[float, ...], ...]:
    """A mutation matrix that no model of ours would make."""
    rows = []
    for i in range(n):
        row = [dice.uniform(0, 0.2) for _ in range(n)]
        row[i] = 1 - sum(row[:i] + row[i + 1 :])
        rows.append(tuple(row))
    return tuple(rows)
