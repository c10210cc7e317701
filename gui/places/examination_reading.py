"""A signed examination to read: conclusions with their methods, the bones by parts of the body, the signature."""

from __future__ import annotations

from collections import defaultdict

from forensics.anthropology.bones import element
from forensics.domain.anthropology import MethodResult, Target, from_plain
from forensics.domain.errors import Invalid
from forensics.domain.examinations import Examination, InventoryLine
from gui.context import Context
from gui.places.examination_form import intervals_view
from gui.places.examination_methods import told
from gui.places.examination_words import persons, range_words
from gui.places.remains_words import bone, moment, said, say
from gui.widgets.record import Fact, RecordPage


def reading_page(context: Context, seen: Examination) -> RecordPage:
    """The page; nothing in it can be changed."""
    from forensics.services.people import names

    people = context.query(names) or {}
    page = RecordPage()
    results = [from_plain(dict(stored)) for stored in seen.results]
    page.section(say("Conclusions")).facts(
        [
            (say("Sex"), Fact(said(seen.sex), seen.sex_method) if seen.sex else None),
            (say("Age"), _range(seen.age_minimum, seen.age_maximum, "years", seen.age_method)),
            (say("Stature"), _range(seen.stature_minimum, seen.stature_maximum, "cm", seen.stature_method)),
            (say("At least"), persons(seen.minimum_individuals)),
        ]
    )
    blind = say("Not opened before signing")
    page.section(say("Blinding")).facts(
        [
            (
                say("Ante-mortem data"),
                Fact(seen.unblinded_reason, say("opened before signing")) if seen.unblinded_reason else blind,
            )
        ]
    )
    for title, words in (
        (say("Marks, injuries, anomalies"), seen.marks),
        (say("Teeth"), seen.dental),
        (say("How the methods were weighed"), seen.rationale),
    ):
        if words:
            page.section(title).text(words)
    for target in (Target.SEX, Target.AGE, Target.STATURE):
        _method_results(page, seen, target, [r for r in results if r.target is target])
    _inventory(page, seen.inventory)
    page.section(say("Signature")).facts(
        [
            (say("Examiner"), people.get(seen.examiner)),
            (say("Signed"), moment(seen.signed_at) or say("not signed yet")),
            (say("Digest"), Fact(seen.content_digest[:16], say("SHA-256, first 16 digits"), mono=True))
            if seen.content_digest
            else (say("Digest"), say("made when it is signed")),
        ]
    )
    return page


def _range(low: float | None, high: float | None, unit: str, method: str) -> Fact | None:
    words = range_words(low, high, unit)
    return Fact(words, method) if words else None


def _method_results(page: RecordPage, seen: Examination, target: Target, results: list[MethodResult]) -> None:
    if not results:
        return
    title = {
        Target.SEX: say("Methods for sex"),
        Target.AGE: say("Methods for age"),
        Target.STATURE: say("Methods for stature"),
    }[target]
    section = page.section(title)
    if target is not Target.SEX:
        ends = (getattr(seen, f"{target}_minimum"), getattr(seen, f"{target}_maximum"))
        section.widget(intervals_view(results, ends))
    for result in results:
        section.text(result.title, "label")
        for widget in told(result):
            section.widget(widget)


def _inventory(page: RecordPage, lines: tuple[InventoryLine, ...]) -> None:
    """Bones by parts of the body; what is not complete says so."""
    parts: dict[str, list[str]] = defaultdict(list)
    for line in lines:
        try:
            region = str(element(line.element).region)
        except Invalid:
            region = say("other")
        whole = line.completeness in ("", "complete")
        words = bone(line.element, line.side)
        parts[region].append(words if whole else f"{words} ({say(line.completeness)})")
    page.section(say("Inventory")).facts(
        [(said(region), ", ".join(bones)) for region, bones in parts.items()] or [(say("Bones"), None)]
    )
