"""What a further sample would bring, in sentences: numbers first rounded carefully, then said."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence

from forensics.domain.evidence import power_of_ten
from forensics.domain.power import Chance, Kind, Power, Prospect
from forensics.services.power import FamilyPower, Someone
from gui.places.missing_words import say
from reports.figures.power import PowerRow, share_text
from reports.wording import listed, times

CHANGES = 0.02
"""An expected log10 LR that grows by less than this is not worth a sample."""

MOST_ROWS = 10
"""Rows of the figure; the ranking goes on, but nobody reads further down."""


def person_words(one: Someone, all_people: Mapping[str, Someone]) -> str:
    """Somebody without an article: the relation, and the code where two have the same one."""
    if one.kind is Kind.CHILD:
        return say("further child")
    if one.kind is Kind.SIBLING:
        return say("further full brother or sister")
    if one.kind is Kind.OWN:
        return say("belonging of the missing person")
    if not one.relation:
        return one.code or say("person who is drawn apart")
    same = Counter(other.relation for other in all_people.values())[one.relation] > 1
    return f"{one.relation} ({one.code})" if same and one.code else one.relation


def with_article(one: Someone, all_people: Mapping[str, Someone]) -> str:
    """Somebody as the subject of a sentence."""
    words = person_words(one, all_people)
    if one.kind is not Kind.DRAWN:
        return say("a {0}").format(words)
    return say("the {0}").format(words) if one.relation else words


def people_words(prospect: Prospect, found: FamilyPower, articles: bool = False) -> str:
    """The one or two people of a prospect."""
    people = found.asked.people
    name = with_article if articles else person_words
    return listed(tuple(name(people[c.id], people) for c in prospect.candidates), say("and"))


def note_words(prospect: Prospect, found: FamilyPower) -> str:
    """What stands below a row: why a sample may not come, and whether the number was simulated."""
    notes = []
    for one in (found.asked.people[c.id] for c in prospect.candidates):
        if one.deceased:
            notes.append(say("deceased: bones or belongings only"))
        elif one.withdrawn:
            notes.append(say("withdrew the consent"))
        elif one.expected:
            notes.append(say("has agreed, no accepted profile yet"))
    if prospect.power is not None and prospect.power.simulation is not None:
        notes.append(say("simulated"))
    if prospect.power is None:
        notes.append(say("can't be computed exactly"))
    return ", ".join(notes)


def helps(prospect: Prospect, found: FamilyPower) -> bool:
    """Whether a sample would change anything worth saying; what could not be computed may."""
    if prospect.power is None:
        return True
    before, after = found.ranking.now.if_true.mean, prospect.power.if_true.mean
    return before is None or after is None or after - before >= CHANGES


def shown(found: FamilyPower) -> list[Prospect]:
    """The prospects of the figure: single samples that help, then pairs that go further than each alone."""
    ranking = found.ranking
    singles = [one for one in ranking.singles if helps(one, found)][:MOST_ROWS]
    best = max((chance(one, found) for one in singles if _askable(one)), default=0.0)
    return [*singles, *(pair for pair in ranking.pairs if chance(pair, found) > best + 0.01)]


def chance(prospect: Prospect, found: FamilyPower) -> float:
    """How often the goal is reached; 0 where that is not known."""
    return prospect.power.reaching(found.ranking.goal).if_true.value if prospect.power else 0.0


def figure_rows(prospects: Sequence[Prospect], found: FamilyPower) -> list[PowerRow]:
    rows = []
    for one in prospects:
        reached = one.power.reaching(found.ranking.goal).if_true if one.power else None
        rows.append(
            PowerRow(
                people_words(one, found),
                reached.value if reached else None,
                reached.standard_error if reached else None,
                note_words(one, found),
            )
        )
    return rows


# sentences


def goal_words(found: FamilyPower) -> str:
    """The LR that is to be reached; a requirement is rounded up."""
    goal = power_of_ten(found.ranking.goal, up=True)
    required = found.asked.question.required is not None
    return say("the required LR of {0}").format(goal) if required else say("an LR of {0}").format(goal)


def now_sentence(found: FamilyPower) -> str:
    """How far the family reaches with what is there."""
    typed = found.asked.typed
    if not typed:
        return say(
            "No relative has a profile that may be used, so no remains can be compared with this family."
        )
    now = found.ranking.now
    who = listed(tuple(say("the {0}").format(word) for word in typed), say("and"))
    return say(
        "With the profile of {0}, {1} would be reached in {2} of cases if remains of this person were found; "
        "a typical LR would be {3}."
    ).format(who, goal_words(found), _share(now.reaching(found.ranking.goal).if_true), typical(now))


def best_sentence(found: FamilyPower) -> str:
    """Whose sample would bring most, of those who can still be asked."""
    able = [one for one in found.ranking.singles if one.power and _askable(one) and helps(one, found)]
    drawn = [one for one in able if one.candidates[0].kind is Kind.DRAWN]
    best = next(iter(drawn or able), None)
    if best is None or best.power is None:
        return say("No further relative in this drawing would bring the LR nearer to what is required.")
    now = found.ranking.now.reaching(found.ranking.goal).if_true
    return say(
        "If {0} gave a sample, {1} would be reached in {2} of cases (now {3}); a typical LR would be {4}."
    ).format(
        people_words(best, found, articles=True),
        goal_words(found),
        _share(best.power.reaching(found.ranking.goal).if_true),
        _share(now),
        typical(best.power),
    )


def pair_sentence(found: FamilyPower) -> str:
    """What two samples would bring where one is not enough; empty where no pair goes further."""
    pairs = [one for one in shown(found) if len(one.candidates) == 2]
    if not pairs or pairs[0].power is None:
        return ""
    reached = pairs[0].power.reaching(found.ranking.goal).if_true
    return say("If {0} both gave one: {1} of cases.").format(
        people_words(pairs[0], found, articles=True), _share(reached)
    )


def chance_sentence(found: FamilyPower) -> str:
    """How often a stranger gets so far, among how many."""
    if not found.asked.typed:
        return ""
    by_chance = found.ranking.now.reaching(found.ranking.goal).if_false.value
    excluded = found.ranking.now.exclusion.total
    sentence = say("Somebody unrelated is excluded at one locus or more in {0} of cases").format(
        _spoken(share_text(excluded))
    )
    if by_chance <= 0:
        return sentence + "."
    sentence += say(", and reaches that LR by chance with probability {0}").format(_small(by_chance))
    if not found.asked.profiles:
        return sentence + "."
    return sentence + say(
        ": {0} such hits are to be expected among the {1} profiles of the last search."
    ).format(_small(by_chance * found.asked.profiles), f"{found.asked.profiles:,}")


def rest_sentence(found: FamilyPower) -> str:
    """Whose sample would change nothing; empty if everybody's would."""
    people = found.asked.people
    rest = [one.candidates[0].id for one in found.ranking.singles if not helps(one, found)]
    names = [person_words(people[id], people) for id in rest if people[id].kind is Kind.DRAWN]
    return say("A sample of these would change nothing: {0}.").format(", ".join(names)) if names else ""


def basis_sentence(found: FamilyPower) -> str:
    """What was assumed, and how the numbers came about."""
    case = found.asked.question.case
    words = [
        say("For complete profiles at {0} loci").format(len(case.loci)),
        case.frequencies.name,
        say("θ = {0}").format(f"{case.theta:g}"),
        say("with mutation") if case.mutation else say("without mutation"),
    ]
    everybody = (*found.ranking.singles, *found.ranking.pairs)
    drawn = next((p.power.simulation for p in everybody if p.power and p.power.simulation), None)
    how = (
        say("every outcome computed")
        if drawn is None
        else say("computed, and where it says so simulated ({0} worlds, seed {1})").format(
            drawn.count, drawn.seed
        )
    )
    return f"{', '.join(words)}; {how}."


def typical(power: Power) -> str:
    """The median LR if true."""
    middle = dict(power.if_true.quantiles).get(0.5)
    return "1" if middle is None else times(middle)


def _askable(prospect: Prospect) -> bool:
    return all(one.can_be_asked for one in prospect.candidates)


def _share(chance: Chance) -> str:
    return _spoken(share_text(chance.value, chance.standard_error))


def _spoken(share: str) -> str:
    """Signs that read well in a figure, as words of a sentence."""
    return share.replace(">", say("over") + " ").replace("<", say("under") + " ")


def _small(value: float) -> str:
    """A small positive number, rounded up: what may happen must not look rarer than it is."""
    if value >= 0.01:
        return f"{math.ceil(value * 100) / 100:g}"
    return power_of_ten(math.log10(value), up=True)
