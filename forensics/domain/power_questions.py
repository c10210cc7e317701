"""Making questions of power: around a missing person, or from a kinship case with two hypotheses.

The remains are drawn as the missing person's identical twin: one genome under two names, so that a belonging
of the missing person can stand beside them. In the denominator they are a stranger.
"""

from collections.abc import Collection
from dataclasses import replace

from forensics.domain.errors import Invalid
from forensics.domain.kinship import KinshipCase, Member, Pedigree
from forensics.domain.power import THRESHOLDS, Candidate, Kind, PowerQuestion
from forensics.domain.relations import add_relative, parse_relation

REMAINS = "remains"
NUMERATOR, DENOMINATOR = "the remains are the missing person", "the remains are unrelated to the family"

FURTHER = {Kind.CHILD: "child", Kind.SIBLING: "sibling"}
"""People who are not drawn but may exist, by the word that draws them."""


def family_question(
    case: KinshipCase,
    missing: str,
    thresholds: tuple[float, ...] = THRESHOLDS,
    required: float | None = None,
    not_asked: Collection[str] = (),
) -> PowerQuestion:
    """How far the samples of a family reach for one missing person, and whose sample would reach further.

    The numerator of `case` is the family's pedigree, its genotypes those of the typed; its denominator is
    replaced. `not_asked` can't give a sample: others who are missing too.
    """
    pedigree = case.numerator
    if missing not in pedigree.ids:
        raise Invalid(f"The missing person {missing!r} is not in the pedigree; add the person or correct it.")
    typed = {p for p, loci in case.genotypes.items() if any(loci.get(x) for x in case.loci)}
    drawn = _untyped(pedigree, typed | {missing, *not_asked})
    pedigree, further = _with_further(pedigree, missing)
    own = () if missing in typed else (Candidate(missing, Kind.OWN, False),)
    remains = _free_id(REMAINS, pedigree)
    return PowerQuestion(
        replace(
            case,
            numerator=_with_twin(pedigree, missing, remains),
            denominator=Pedigree((*pedigree.members, Member(remains, pedigree.member(missing).sex))),
            numerator_name=NUMERATOR,
            denominator_name=DENOMINATOR,
        ),
        (remains,),
        thresholds,
        required,
        missing,
        (*(Candidate(id) for id in drawn), *further, *own),
    )


def case_question(
    case: KinshipCase,
    available: tuple[str, ...] = (),
    thresholds: tuple[float, ...] = THRESHOLDS,
    required: float | None = None,
    not_asked: Collection[str] = (),
) -> PowerQuestion:
    """Power of a case with two hypotheses; genotypes of the available are set aside.

    Without `available` it is whoever stands alone in the denominator but not in the numerator, as remains do.
    """
    alone = set(_alone(case.denominator)) - set(_alone(case.numerator))
    asked = available or tuple(id for id in case.numerator.ids if id in alone)
    if not asked:
        raise Invalid(
            f"Case {case.id} does not say whose samples could be taken; name them in `available`, or the missing "
            "person in `missing`."
        )
    genotypes = {p: g for p, g in case.genotypes.items() if p not in asked}
    typed = {p for p, loci in genotypes.items() if any(loci.get(x) for x in case.loci)}
    both = [id for id in case.numerator.ids if id in case.denominator.ids]
    left = [id for id in _untyped(case.numerator, {*typed, *asked, *not_asked}) if id in both]
    return PowerQuestion(
        replace(case, genotypes=genotypes),
        asked,
        thresholds,
        required,
        "",
        tuple(Candidate(id) for id in left),
    )


def _untyped(pedigree: Pedigree, known: Collection[str]) -> list[str]:
    """Whoever is not known, nor the identical twin of somebody who is."""
    groups = {pedigree.member(id).twins for id in known if id in pedigree.ids} - {None}
    return [m.id for m in pedigree.members if m.id not in known and m.twins not in groups]


def _with_further(pedigree: Pedigree, missing: str) -> tuple[Pedigree, tuple[Candidate, ...]]:
    """The pedigree with one further relative of each kind, who tell nothing until they are typed."""
    found = []
    for kind, word in FURTHER.items():
        relation = parse_relation(word)
        assert relation is not None
        id = _free_id(kind.value, pedigree)
        pedigree = add_relative(pedigree, missing, relation, id)
        found.append(Candidate(id, kind))
    return pedigree, tuple(found)


def _free_id(wanted: str, pedigree: Pedigree) -> str:
    number, id = 1, wanted
    while id in pedigree.ids:
        number, id = number + 1, f"{wanted} {number + 1}"
    return id


def _with_twin(pedigree: Pedigree, person: str, twin: str) -> Pedigree:
    """The pedigree with an identical twin of a person."""
    original = pedigree.member(person)
    group = original.twins or _free_group(pedigree)
    members = [replace(m, twins=group) if m.id == person else m for m in pedigree.members]
    return Pedigree((*members, replace(original, id=twin, twins=group)))


def _free_group(pedigree: Pedigree) -> str:
    group = "one genome"
    while group in {m.twins for m in pedigree.members}:
        group += "'"
    return group


def _alone(pedigree: Pedigree) -> list[str]:
    parents = {p for m in pedigree.members for p in (m.father, m.mother)}
    return [m.id for m in pedigree.members if not (m.father or m.mother or m.twins) and m.id not in parents]
