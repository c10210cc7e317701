"""From a pedigree as drawn to the people a likelihood needs.

Monozygotic twins become one person with several names, a single stated parent gets an unnamed, untyped
partner, and people who tell nothing (untyped, without typed descendants) are left out, which is exact.
The pruned convention of Familias, which is not exact where mutation changes allele frequencies, is applied
only when it is asked for.
"""

from collections.abc import Collection
from dataclasses import dataclass

from forensics.domain.kinship import Convention, Member, Pedigree, Sex


@dataclass(frozen=True, slots=True)
class Node:
    """One genome. A parent is the number of a node; None: that gene comes straight from the population."""

    names: tuple[str, ...]
    sex: Sex
    father: int | None = None
    mother: int | None = None

    @property
    def founder(self) -> bool:
        """Whether both genes come straight from the population."""
        return self.father is None and self.mother is None


Graph = tuple[Node, ...]


def graph(pedigree: Pedigree, informative: Collection[str], convention: Convention) -> Graph:
    """The nodes of a validated pedigree; `informative` are the people with data at any locus of the case."""
    names = _twin_names(pedigree)
    nodes: dict[str, _Draft] = {}
    for member in pedigree.members:
        key = names[member.id]
        if key in nodes:
            nodes[key].names.append(member.id)
            nodes[key].sex = _known(nodes[key].sex, member.sex)
            continue
        father, mother = _parents(member, nodes)
        nodes[key] = _Draft([member.id], member.sex, names.get(father, father), names.get(mother, mother))
    _sexes_from_parenthood(nodes)
    if convention is Convention.PRUNED:
        _prune(nodes, informative)
    return _numbered(nodes)


@dataclass(slots=True)
class _Draft:
    names: list[str]
    sex: Sex
    father: str
    mother: str


def _twin_names(pedigree: Pedigree) -> dict[str, str]:
    """Each member's name, or the name of the first of its twins."""
    first: dict[str, str] = {}
    return {m.id: first.setdefault(m.twins, m.id) if m.twins else m.id for m in pedigree.members} | {"": ""}


def _parents(member: Member, nodes: "dict[str, _Draft]") -> tuple[str, str]:
    """Both parents' names; a single stated parent gets an unnamed partner of the other sex."""
    father, mother = member.father or "", member.mother or ""
    if bool(father) != bool(mother):
        unnamed = f"\0{member.id}"
        nodes[unnamed] = _Draft([unnamed], Sex.FEMALE if father else Sex.MALE, "", "")
        father, mother = father or unnamed, mother or unnamed
    return father, mother


def _known(one: Sex, other: Sex) -> Sex:
    return other if one is Sex.UNKNOWN else one


def _sexes_from_parenthood(nodes: dict[str, _Draft]) -> None:
    for node in list(nodes.values()):
        if node.father:
            nodes[node.father].sex = Sex.MALE
        if node.mother:
            nodes[node.mother].sex = Sex.FEMALE


def _prune(nodes: dict[str, _Draft], informative: Collection[str]) -> None:
    """Cut untyped people without children, and untyped parentless people with at most one child."""
    while True:
        children: dict[str, int] = dict.fromkeys(nodes, 0)
        for node in nodes.values():
            for parent in {node.father, node.mother} - {""}:
                children[parent] += 1
        cut = [
            key
            for key, node in nodes.items()
            if not any(name in informative for name in node.names)
            and (children[key] == 0 or (children[key] == 1 and not node.father and not node.mother))
        ]
        if not cut:
            return
        for key in cut:
            del nodes[key]
        for node in nodes.values():
            node.father = node.father if node.father in nodes else ""
            node.mother = node.mother if node.mother in nodes else ""


def _numbered(nodes: dict[str, _Draft]) -> Graph:
    number: dict[str, int | None] = {key: i for i, key in enumerate(nodes)} | {"": None}
    return tuple(Node(tuple(n.names), n.sex, number[n.father], number[n.mother]) for n in nodes.values())


def relevant(nodes: Graph, evident: Collection[int], x_linked: bool = False) -> tuple[Graph, tuple[int, ...]]:
    """Only the evident nodes and their ancestors, renumbered; and the old number of each.

    On the X, a father is no ancestor of his son.
    """
    keep: set[int] = set()
    waiting = list(evident)
    while waiting:
        i = waiting.pop()
        if i not in keep:
            keep.add(i)
            node = nodes[i]
            father = None if x_linked and node.sex is Sex.MALE else node.father
            waiting += [p for p in (father, node.mother) if p is not None]
    old = tuple(sorted(keep))
    new: dict[int | None, int | None] = {i: k for k, i in enumerate(old)} | {None: None}
    kept = tuple(Node(n.names, n.sex, new.get(n.father), new.get(n.mother)) for n in (nodes[i] for i in old))
    return kept, old


def genes_passed_on(nodes: Graph, x_linked: bool) -> list[int]:
    """Genes that each node passes on (a father's X goes to daughters only)."""
    count = [0] * len(nodes)
    for node in nodes:
        if node.mother is not None:
            count[node.mother] += 1
        if node.father is not None and not (x_linked and node.sex is Sex.MALE):
            count[node.father] += 1
    return count
