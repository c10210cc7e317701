"""Numbers and states of matching, identification and reports as people read them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from PySide6.QtCore import QCoreApplication, QSettings

from forensics.domain.evidence import Favours, power_of_ten, verbal_equivalent
from forensics.domain.lines import ItemLine
from forensics.domain.matching import Hypothesis, HypothesisState
from forensics.services.auditing import HistoryLine
from gui.look import Meaning
from gui.place import ListPlace
from gui.widgets.marks import Mark
from gui.widgets.timeline import Happening
from reports.wording import percent

_RAW = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-|\[\{|\{\"|T\d\d:\d\d:\d\d|[0-9a-f]{32}")


def say(words: str) -> str:
    """Words of these places, translated."""
    return QCoreApplication.translate("Matching", words)


def verbal(log10: float | None) -> str:
    """The verbal equivalent of the ENFSI scale, and of which hypothesis."""
    found = verbal_equivalent(log10)
    if found.favours is Favours.NEITHER:
        return say("No support for either hypothesis")
    words = (
        say("{0} support for the first hypothesis")
        if found.favours is Favours.NUMERATOR
        else say("{0} support for the second hypothesis")
    )
    strength = found.strength.word
    return words.format(strength[:1].upper() + strength[1:])


def hypothesis_mark(state: HypothesisState) -> Mark:
    """How far the weighing of a candidate has come."""
    return {
        HypothesisState.CANDIDATE: Mark(Meaning.NEUTRAL, say("Candidate")),
        HypothesisState.PROPOSED: Mark(Meaning.WAITING, say("To be reviewed")),
        HypothesisState.RETURNED: Mark(Meaning.ATTENTION, say("Returned"), "undo"),
        HypothesisState.SUPPORTED: Mark(Meaning.GOOD, say("Supported")),
        HypothesisState.EXCLUDED: Mark(Meaning.NO, say("Excluded")),
        HypothesisState.INCONCLUSIVE: Mark(Meaning.ATTENTION, say("Inconclusive")),
    }[state]


def outdated_mark() -> Mark:
    """A match whose profile, family or policies changed since it was weighed."""
    return Mark(Meaning.ATTENTION, say("Data changed"), "history")


def policy_mark(log10: float | None, required: float | None) -> Mark:
    """Whether the LR reaches what the policy requires."""
    if required is None:
        return Mark(Meaning.UNKNOWN, say("No policy"))
    if log10 is not None and log10 >= required:
        return Mark(Meaning.GOOD, say("Reaches the policy"))
    return Mark(Meaning.ATTENTION, say("Below the policy"))


def reaches(h: Hypothesis) -> bool:
    return h.required_log10_lr is not None and (h.log10_lr or 0.0) >= h.required_log10_lr


def cell(log10: float | None, up: bool = False) -> str:
    """An LR for a cell of a list, that reads from the left in every language."""
    return "\u200e" + power_of_ten(log10, up)


def posterior_words(posterior: float | None) -> str:
    """A posterior short enough for a list; never rounded up to certainty."""
    if posterior is None:
        return ""
    return say("> 99.9999 %") if posterior > 0.999999 else percent(posterior)


def item_words(item: ItemLine) -> str:
    """`left femur`; the kind where no element is named."""
    return thing(str(item.element), str(item.side)) or str(item.kind)


def thing(element: str, side: str) -> str:
    which = "" if side in ("unsided", "midline") else f"{side} "
    return f"{which}{element}".strip() if element else ""


def moment(at: datetime | date | None) -> str:
    """`21 Nov 2026, 14:05` in the time of this computer; empty for None."""
    if at is None:
        return ""
    months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
    local = at.astimezone() if isinstance(at, datetime) else at
    day = f"{local.day} {months[local.month - 1]} {local.year}"
    return f"{day}, {local:%H:%M}" if isinstance(local, datetime) else day


_SAID_ANYWAY = ("weighed by", "reviewed by", "confirmed by", "decided by", "proposed by", "confirmed at")

ACTS = {
    "Record screening": "Found by a screening",
    "Propose match": "Weighed and put before a reviewer",
    "Review match": "Reviewed",
    "Record same person": "Proposed after a search for the same person",
    "Propose association": "Proposed",
    "Decide association": "Decided",
    "Undo association": "Association undone",
    "Propose": "Identification proposed",
    "Judge": "A line of the grid judged",
    "Record confirmation": "Identification confirmed",
    "Reject": "Identification rejected",
    "Record notification": "Family notified",
    "Record handover": "Remains handed over",
    "Close": "File closed",
    "Record draft": "Drafted; the facts were frozen",
    "Record signed": "Signed by the author",
    "Record issue": "Authorised and issued",
    "Withdraw": "Withdrawn",
}


def happenings(lines: Sequence[HistoryLine]) -> list[tuple[datetime, Happening]]:
    """The audit of records as a story; what is not for reading (ids, digests) is left out."""
    return [
        (line.at, Happening(moment(line.at), say(ACTS.get(line.what, line.what)), line.who, _readable(line)))
        for line in lines
    ]


def _readable(line: HistoryLine) -> str:
    """What was said or changed, without the names of fields and what had been empty."""
    kept = [one for one in line.changes if not _RAW.search(one) and not one.endswith("recorded")]
    parts = [one.partition(": ")[::2] for one in kept if not one.startswith(_SAID_ANYWAY)]
    words = [said.removeprefix("— → ") for _, said in parts]
    return " · ".join(word for word in words if word and not word.endswith("→ —"))


def digest_words(digest: str) -> str:
    """A digest in groups of eight, so that it wraps and eyes can compare it."""
    return " ".join(digest[i : i + 8] for i in range(0, len(digest), 8))


def lay_out(place: ListPlace, left: int, right: int) -> None:
    """The first division of list and record; what the person has chosen stays."""
    if QSettings().value(f"places/{place.name}/splitter") is None:
        place.splitter.setSizes([left, right])


def someone(people: dict[UUID, str], id: UUID | None) -> str | None:
    """A colleague's name; None where nobody is named yet."""
    return people.get(id) if id is not None else None
