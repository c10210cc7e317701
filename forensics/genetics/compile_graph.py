"""From a shape to a factor graph: which sums of products give P(genotype of one member, the typed ones).

One graph serves every family of the same shape. Its variables are

* `G` the unordered genotype of an untyped founder (n(n+1)/2 states),
* `A` one allele of an untyped person (n states),
* `P` the phase of a typed person with parents: which of the two alleles came from the father (2 states).

Given a typed person's alleles, what it passes on does not depend on its phase, so typed people cut the
graph; full siblings couple through two phases instead of a sum over both parents' genotypes.
Elimination of pedigree variables: Cannings, Thompson & Skolnick 1978, doi:10.2307/1426718.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from forensics.genetics.compile_shape import Shape

MALE, FEMALE = "M", "F"


@dataclass(frozen=True, slots=True)
class Factor:
    """One table of the product. `kind` says how its numbers are made (see `compile_tensors`).

    `parent` and `child` are shape indices of typed people whose genotypes it depends on, -1 where none; so are
    `children` where a founder passes on to several at once (`compile_founders`).
    """

    kind: str
    variables: tuple[str, ...]
    sex: str = ""
    parent: int = -1
    child: int = -1
    children: tuple[int, ...] = ()

    @property
    def by_family(self) -> bool:
        """Whether its numbers differ between the families of a shape."""
        return self.kind == "urn" or self.parent >= 0 or self.child >= 0 or bool(self.children)


@dataclass(frozen=True, slots=True)
class Graph:
    """A product of factors, summed over every variable that is not in `output`."""

    factors: tuple[Factor, ...]
    output: tuple[str, ...]


def build(shape: Shape) -> Graph:
    """The graph of a shape when founders are independent (theta = 0)."""
    return assemble(shape, slots=None, extra=())


def founder_slots(shape: Shape) -> list[tuple[int, int]]:
    """Founder alleles that matter and are unseen, as (person, copy): two a person, one if it has a
    single child in the graph; a parent outside the pedigree is (-1 - child, 0 father / 1 mother)."""
    slots: list[tuple[int, int]] = []
    meioses = count_meioses(shape)
    for i, person in enumerate(shape.people):
        if person.founder and not person.typed:
            lone = meioses[i] == 1 and i != shape.target
            slots += [(i, 0)] if lone else [(i, 0), (i, 1)]
        elif not person.founder:
            slots += [(-1 - i, side) for side, p in enumerate((person.father, person.mother)) if p < 0]
    return slots


def count_meioses(shape: Shape) -> list[int]:
    counts = [0] * len(shape.people)
    for person in shape.people:
        for parent in (person.father, person.mother):
            if parent >= 0:
                counts[parent] += 1
    return counts


def assemble(
    shape: Shape,
    slots: Mapping[tuple[int, int], str] | None,
    extra: Sequence[str],
    evident: frozenset[int] = frozenset(),
) -> Graph:
    """The graph; `slots` gives the variable of each unseen founder allele under theta (alleles that are
    identical copies share a variable), `extra` are the two alleles of an unrelated person asked about;
    `evident` are untyped people whose genotype may become known: each gets a factor of its own."""
    meioses = count_meioses(shape)
    for i in evident:
        meioses[i] += 2  # whoever may become known keeps both alleles
    factors: list[Factor] = []
    if slots is not None:
        factors += [Factor("urn", (z,)) for z in sorted(set(slots.values()) | set(extra))]
    for i in sorted(evident):
        own = (f"G{i}",) if shape.people[i].founder else (f"A{i}.0", f"A{i}.1")
        factors.append(Factor("evidence", own, child=i))
    for i, person in enumerate(shape.people):
        if person.founder and not person.typed and slots is None and not lone(shape, meioses, i):
            factors.append(Factor("prior", (f"G{i}",)))
        if person.founder:
            continue
        if person.typed:
            factors.append(Factor("weight", (f"P{i}",), child=i))
        for side, parent in enumerate((person.father, person.mother)):
            factors += gamete(shape, meioses, slots, i, side, parent)
    return Graph(tuple(factors), tuple(extra) if extra else outputs(shape, slots))


def lone(shape: Shape, meioses: Sequence[int], i: int) -> bool:
    """An untyped founder with one child: only the allele it passes on matters."""
    return meioses[i] == 1 and i != shape.target


def outputs(shape: Shape, slots: Mapping[tuple[int, int], str] | None) -> tuple[str, ...]:
    if shape.target < 0:
        return ()
    if not shape.people[shape.target].founder:
        return (own_allele(shape, slots, shape.target, 0), own_allele(shape, slots, shape.target, 1))
    return (f"G{shape.target}",) if slots is None else (slots[shape.target, 0], slots[shape.target, 1])


def own_allele(shape: Shape, slots: Mapping[tuple[int, int], str] | None, i: int, side: int) -> str:
    """The variable of an untyped person's paternal (0) or maternal (1) allele."""
    parent = (shape.people[i].father, shape.people[i].mother)[side]
    if parent < 0 and slots is not None:
        return slots[-1 - i, side]
    return f"A{i}.{side}"


def gamete(
    shape: Shape,
    meioses: Sequence[int],
    slots: Mapping[tuple[int, int], str] | None,
    child: int,
    side: int,
    parent: int,
) -> list[Factor]:
    """P(the allele a child got from one parent | that parent)."""
    typed = shape.people[child].typed
    target = f"P{child}" if typed else own_allele(shape, slots, child, side)
    sex = (MALE, FEMALE)[side]
    if parent < 0 and slots is not None and not typed:
        return []  # the founder allele itself is the child's allele
    kind, source = passing(shape, meioses, slots, child, side, parent)
    return [
        Factor(
            kind,
            (*source, target),
            sex,
            parent if parent >= 0 and shape.people[parent].typed else -1,
            child if typed else -1,
        )
    ]


def passing(
    shape: Shape,
    meioses: Sequence[int],
    slots: Mapping[tuple[int, int], str] | None,
    child: int,
    side: int,
    parent: int,
) -> tuple[str, tuple[str, ...]]:
    """Kind of the gamete table and the variables of the parent that it depends on."""
    if parent < 0:
        return ("frequency", ()) if slots is None else ("copy", (slots[-1 - child, side],))
    if shape.people[parent].typed:
        return "from typed", ()
    if shape.people[parent].founder and slots is None:
        return ("from lone", ()) if lone(shape, meioses, parent) else ("from genotype", (f"G{parent}",))
    if shape.people[parent].founder and slots is not None and lone(shape, meioses, parent):
        return "from allele", (slots[parent, 0],)
    if shape.people[parent].founder and slots is not None:
        pair = slots[parent, 0], slots[parent, 1]
    else:
        pair = own_allele(shape, slots, parent, 0), own_allele(shape, slots, parent, 1)
    return ("from allele", pair[:1]) if pair[0] == pair[1] else ("from alleles", pair)


def informed(shape: Shape) -> bool:
    """Whether some typed person tells anything about the target: a path of shared genes."""
    graph = build(shape)
    reached, before = set(graph.output), 0
    while len(reached) > before:
        before = len(reached)
        for factor in graph.factors:
            if reached & set(factor.variables):
                reached |= set(factor.variables)
    return any(f.by_family for f in graph.factors if reached & set(f.variables))


@dataclass(frozen=True, slots=True)
class Part:
    """A connected part of a graph in canonical names, and the people its typed indices stand for."""

    graph: Graph
    people: tuple[int, ...]


def parts(graph: Graph) -> tuple[Part, ...]:
    """The parts of a graph without output: they share no variable, so that their sums are multiplied."""
    waiting = list(graph.factors)
    found = []
    while waiting:
        reached = set(waiting[0].variables)
        before = -1
        while len(reached) > before:
            before = len(reached)
            for factor in waiting:
                if reached & set(factor.variables):
                    reached |= set(factor.variables)
        mine = [f for f in waiting if reached & set(f.variables)]
        waiting = [f for f in waiting if not reached & set(f.variables)]
        found.append(renamed(mine))
    return tuple(found)


def renamed(factors: Sequence[Factor]) -> Part:
    """Factors with variables and people numbered by first appearance, so that like parts are equal."""
    names: dict[str, str] = {}
    people: dict[int, int] = {-1: -1}
    done = []
    for f in factors:
        variables = tuple(names.setdefault(v, f"{v[0]}{len(names)}") for v in f.variables)
        parent = people.setdefault(f.parent, len(people) - 1)
        child = people.setdefault(f.child, len(people) - 1)
        done.append(Factor(f.kind, variables, f.sex, parent, child))
    return Part(Graph(tuple(done), ()), tuple(i for i in people if i >= 0))
