"""What pairs of a blind search mean, by whose profiles they are; and references held against their pedigree."""

import math
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from forensics.domain.blind import Finding, FindingKind
from forensics.domain.errors import NominaError
from forensics.domain.evidence import power_of_ten
from forensics.domain.kinship import KinshipCase, Member, Pedigree, Sex
from forensics.domain.progress import Progress
from forensics.domain.screening import BlindHit, BlindRelation, BlindResult
from forensics.services.blind_questions import BlindQuestion, Reference
from forensics.services.matching import sex_word
from forensics.services.screening_questions import DENOMINATOR, on

WHAT = "Holding references against their pedigrees"
SAME, RELATED, CONTRADICTED = 6.0, 4.0, -3.0  # log10 of the LR from which (down to which) a pair is told
ALIKE_LOCI = 10  # loci in common from which a pair that differs at one of them is told
MOST_ALIKE = 4000  # profiles up to which pairs that are nearly alike are looked for


def found_by(question: BlindQuestion, result: BlindResult, alike: Sequence[tuple[str, str]]) -> list[Finding]:
    """What the hits mean, by whose profiles they are; what the drawing explains is left out."""
    near = [one for a, b in alike if (one := _nearly_alike(question, a, b)) is not None]
    told = {frozenset((one.first, one.second)) for one in near}  # not as relatives as well
    hits = [hit for hit in result.hits if frozenset((hit.first, hit.second)) not in told]
    return [*(one for hit in hits if (one := _finding(question, hit)) is not None), *near]


def _finding(question: BlindQuestion, hit: BlindHit) -> Finding | None:
    same = hit.relation is BlindRelation.SAME_PERSON
    if same and hit.log10_lr < SAME:
        return None
    kind = _kind(question, hit.first, hit.second, same)
    if kind is None:
        return None
    both = f"{question.words(hit.first)} and {question.words(hit.second)}"
    lr = power_of_ten(hit.log10_lr)
    told = {
        FindingKind.ONE_PERSON: f"{both} look like one person: LR {lr}",
        FindingKind.ONE_DONOR: f"{both} have one profile (LR {lr}): one donor twice, twins, or a mixed-up sample",
        FindingKind.MIX_UP: f"{both} have one profile (LR {lr}): a mixed-up or contaminated sample",
        FindingKind.CONTRADICTED: f"{both} are drawn unrelated and look like {_plural(hit.relation)}: LR {lr}",
        FindingKind.RELATED_REMAINS: f"{both} may be {_plural(hit.relation)}: LR {lr}",
        FindingKind.RELATED_FAMILIES: f"{both} may be {_plural(hit.relation)}: LR {lr}; are the families one?",
    }
    return Finding(
        kind, hit.first, hit.second, str(hit.relation), hit.log10_lr, hit.loci_compared, hit.differing_loci,
        _sentence(told[kind]),
    )  # fmt: skip


def _kind(question: BlindQuestion, first: str, second: str, same: bool) -> FindingKind | None:
    """What a pair may mean; None for what is known or is for the search with families."""
    one, other = question.references.get(first), question.references.get(second)
    if one is None and other is None:
        if same:
            return None if _one_individual(question, first, second) else FindingKind.ONE_PERSON
        return None if _one_individual(question, first, second) else FindingKind.RELATED_REMAINS
    if one is None or other is None:
        return FindingKind.MIX_UP if same else None
    if same:
        twins = one.relative.twins is not None and one.relative.twins == other.relative.twins
        known = one.family.id == other.family.id and (twins or one.donor == other.donor)
        return None if known else FindingKind.ONE_DONOR
    if one.family.id != other.family.id:
        return FindingKind.RELATED_FAMILIES
    related = drawn_related(question.drawings[one.family.id], one.relative.code, other.relative.code)
    return None if related else FindingKind.CONTRADICTED


def _one_individual(question: BlindQuestion, first: str, second: str) -> bool:
    a, b = question.items[first], question.items[second]
    return a[0] == b[0] or (a[2] is not None and a[2] == b[2])


def _nearly_alike(question: BlindQuestion, first: str, second: str) -> Finding | None:
    """All loci but one alike: one person with drop-out or a typing error, unless they are known to be one."""
    if _kind(question, first, second, same=True) is None:
        return None
    one, other = (next(p for p in question.inputs.profiles if p.id == t).genotypes for t in (first, second))
    both = [x for x in question.inputs.loci if one.get(x) and other.get(x)]
    differing = tuple(x for x in both if sorted(one[x]) != sorted(other[x]))
    if not differing:
        return None  # few informative loci: not strong enough to be told
    words = (
        f"{question.words(first)} and {question.words(second)} agree at all loci but {', '.join(differing)}"
    )
    return Finding(
        FindingKind.NEARLY_ALIKE, first, second, str(BlindRelation.SAME_PERSON), None, len(both), differing,
        _sentence(f"{words}: one person with drop-out or a typing error?"),
    )  # fmt: skip


def _plural(relation: BlindRelation) -> str:
    return {
        BlindRelation.SAME_PERSON: "one person",
        BlindRelation.PARENT_CHILD: "parent and child",
        BlindRelation.FULL_SIBLINGS: "full siblings",
        BlindRelation.HALF_SIBLINGS: "half siblings",
    }[relation]


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:] + ("" if words.endswith("?") else ".")


# references against the drawing


def other_sexes(question: BlindQuestion) -> list[Finding]:
    """References whose amelogenin contradicts the drawing."""
    return [
        Finding(
            FindingKind.OTHER_SEX, r.token, "", "", None, 0, (),
            _sentence(
                f"{r.words} is drawn {sex_word(r.relative.sex)} and typed {sex_word(r.profile.sex)}: "
                "a mixed-up sample, or a wrong drawing"
            ),
        )
        for r in question.references.values()
        if Sex.UNKNOWN not in (r.profile.sex, r.relative.sex) and r.profile.sex is not r.relative.sex
    ]  # fmt: skip


def contradictions(question: BlindQuestion, progress: Progress) -> tuple[list[Finding], int]:
    """Pairs of references of one family whose stated relation is far less likely than none; how many were held."""
    from forensics.genetics.stated import Rules, Stated, stated_ratios

    inputs, pairs = question.inputs, stated_pairs(question)
    progress.step(0, len(pairs), WHAT)
    asked = [
        Stated(
            question.drawings[one.family.id], one.relative.code, other.relative.code,
            {r.relative.code: r.profile.genotypes for r in (one, other)},
        )
        for one, other in pairs
    ]  # fmt: skip
    rules = Rules(
        inputs.loci, inputs.frequencies, inputs.mutation, inputs.theta, inputs.convention,
        inputs.minimum_frequency,
    )  # fmt: skip
    found = []
    for number, ((one, other), together) in enumerate(zip(pairs, stated_ratios(asked, rules), strict=True)):
        progress.step(number, len(pairs), WHAT)
        by_itself = math.isnan(together)
        log10 = _stated(question, question.drawings[one.family.id], one, other) if by_itself else together
        if log10 is None or log10 <= CONTRADICTED:
            found.append(_contradiction(question, one, other, None if log10 == -math.inf else log10))
    return found, len(pairs)


def stated_pairs(question: BlindQuestion) -> list[tuple[Reference, Reference]]:
    """References of different members of one family whom the drawing relates."""
    groups: dict[UUID, list[Reference]] = {}
    for reference in question.references.values():
        groups.setdefault(reference.family.id, []).append(reference)
    return [
        (one, other)
        for family, members in groups.items()
        for i, one in enumerate(members)
        for other in members[i + 1 :]
        if one.relative.id != other.relative.id
        and drawn_related(question.drawings[family], one.relative.code, other.relative.code)
    ]


def drawn_related(drawn: Pedigree, one: str, other: str) -> bool:
    """Whether two members descend from each other or from somebody in common; twins are one."""

    def line(code: str) -> set[str]:
        found: set[str] = set()
        waiting = [code]
        while waiting:  # a drawing that nobody has confirmed may go in a circle
            member = drawn.member(waiting.pop())
            if member.id not in found:
                found |= {member.id, f"twins {member.twins}" if member.twins else member.id}
                waiting += [parent for parent in (member.father, member.mother) if parent]
        return found

    return bool(line(one) & line(other))


def _stated(question: BlindQuestion, drawn: Pedigree, one: Reference, other: Reference) -> float | None:
    """log10 LR of the relation as drawn against none, of two references alone; None: LR 0."""
    from forensics.genetics.likelihood import likelihood_ratio

    inputs = question.inputs
    typed = {r.relative.code: on(r.profile.genotypes, inputs.loci) for r in (one, other)}
    loci = tuple(x for x in inputs.loci if all(g.get(x) for g in typed.values()))
    if not loci:
        return 0.0
    apart = Pedigree(tuple(Member(code, drawn.member(code).sex) for code in typed))
    case = KinshipCase(
        id=f"{one.token} and {other.token}", loci=loci,
        frequencies=replace(inputs.frequencies, loci={x: inputs.frequencies.loci[x] for x in loci}),
        numerator=drawn, denominator=apart, genotypes=typed, theta=inputs.theta,
        mutation={x: inputs.mutation[x] for x in loci if x in inputs.mutation},
        convention=inputs.convention, minimum_frequency=inputs.minimum_frequency,
        numerator_name="related as drawn", denominator_name=DENOMINATOR,
    )  # fmt: skip
    try:
        return likelihood_ratio(case).log10_total
    except NominaError:
        return 0.0  # a drawing or an allele that can't be computed is refused where it is confirmed or read


def _contradiction(question: BlindQuestion, one: Reference, other: Reference, log10: float | None) -> Finding:
    """What the two look like instead."""
    from forensics.genetics.blind import blind_search

    inputs = question.inputs
    pair = [p for p in inputs.profiles if p.id in (one.token, other.token)]
    looked = blind_search(
        pair, inputs.frequencies, loci=inputs.loci, theta=inputs.theta, threshold_log10=1.0,
        mutation=inputs.mutation, minimum_frequency=inputs.minimum_frequency,
    )  # fmt: skip
    seems = f"they look like {_plural(looked.hits[0].relation)}" if looked.hits else "they look unrelated"
    compared = [x for x in inputs.loci if all(p.genotypes.get(x) for p in pair)]
    words = f"{one.words} and {other.relative.code} ({other.donor}) can hardly be related as drawn"
    return Finding(
        FindingKind.CONTRADICTED, one.token, other.token, "as drawn", log10, len(compared), (),
        _sentence(f"{words} (LR {power_of_ten(log10)}); {seems}"),
    )  # fmt: skip
