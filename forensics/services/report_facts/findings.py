"""What a signed examination found, as a report says it."""

from forensics.domain import facts as f
from forensics.domain.anthropology import MethodResult, Target, from_plain
from forensics.domain.examinations import Examination


def examination_facts(exam: Examination) -> f.ExaminationFacts:
    parts = {"complete": f.Part.COMPLETE, "absent": f.Part.ABSENT}
    return f.ExaminationFacts(
        condition=exam.rationale,
        inventory=tuple(
            f.ElementFacts(
                element=line.element,
                side=line.side,
                part=parts.get(line.completeness, f.Part.INCOMPLETE),
                note=line.note,
            )
            for line in exam.inventory
        ),
        estimates=_estimates(exam),
        findings=tuple(words for words in (exam.marks, exam.dental) if words),
        minimum_individuals=exam.minimum_individuals,
        unblinded=exam.unblinded_reason,
    )


def _estimates(exam: Examination) -> tuple[f.EstimateFacts, ...]:
    """The examiner's conclusion for each trait, then what each method said, with its interval's kind."""
    ranges = (
        ("Age", exam.age_minimum, exam.age_maximum, "years", exam.age_method),
        ("Stature", exam.stature_minimum, exam.stature_maximum, "cm", exam.stature_method),
    )
    concluded = [f.EstimateFacts(trait="Sex", value=exam.sex, method=exam.sex_method)] if exam.sex else []
    concluded += [
        f.EstimateFacts(
            trait=trait, value=_written(low, high, unit), method=method, interval="examiner's range"
        )
        for trait, low, high, unit, method in ranges
        if low is not None or high is not None
    ]
    return (*concluded, *(_of_method(from_plain(stored)) for stored in exam.results))


def _of_method(result: MethodResult) -> f.EstimateFacts:
    level = f"{100 * result.level:g} % " if result.level is not None else ""
    return f.EstimateFacts(
        trait=f"{result.target[:1].upper()}{result.target[1:]}, by method",
        value=str(result.sex)
        if result.target is Target.SEX
        else _written(result.low, result.high, result.unit),
        method=result.title,
        reference=result.reference,
        interval=f"{level}{result.kind}",
    )


def _written(low: float | None, high: float | None, unit: str) -> str:
    """`24–38 years`, `over 50 years`, `under 160 cm`."""
    if low is None or high is None:
        return (
            f"over {low:g} {unit}"
            if low is not None
            else f"under {high:g} {unit}"
            if high is not None
            else "—"
        )
    return f"{low:g}–{high:g} {unit}"
