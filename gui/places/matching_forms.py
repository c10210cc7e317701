"""What is asked before a step of matching: the operation, the analyst's reasons, the reviewer's conclusion."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QWidget

from forensics.domain.errors import Unavailable
from forensics.domain.evidence import power_of_ten
from forensics.domain.facts import Category
from forensics.domain.identifications import Identification
from forensics.domain.matching import Hypothesis, HypothesisState, Screening
from forensics.domain.operations import Operation
from forensics.services import identifications, matching, operations, screenings
from gui.context import Context
from gui.look import Meaning
from gui.places.matching_words import hypothesis_mark, reaches, say
from gui.widgets.forms import FormDialog
from reports.wording import percent, policy_percent


def with_operation(context: Context, title: str, then: Callable[[Operation], object]) -> None:
    """The operation that is shown; the only one; else the one that the person chooses."""
    if context.operation is not None:
        then(context.operation)
        return
    known = context.query(operations.operations) or []
    if not known:
        context.notify(say("There is no operation yet; create one in the settings."), Meaning.ATTENTION)
    elif len(known) == 1:
        then(known[0])
    else:
        form = FormDialog(title, lambda values: values["operation"], save=say("Continue"))
        form.choice("operation", say("Operation"), [(o, o.title) for o in known], required=True)
        chosen = form.ask()
        if chosen is not None:
            then(chosen)


def screen(context: Context, then: Callable[[Screening], None]) -> None:
    """Compare all remains with all families beside the window."""

    def begin(operation: Operation) -> None:
        context.start(
            say("Screening {0}").format(operation.title),
            lambda progress: screenings.screen_operation(context.lab, operation.id, progress),  # type: ignore[arg-type]
            then=then,
        )

    with_operation(context, say("Screen which operation?"), begin)


def screen_changes(context: Context, then: Callable[[Screening | None], None]) -> None:
    """Compare only what is new or changed since the last screening, beside the window."""

    def begin(operation: Operation) -> None:
        context.start(
            say("Comparing what changed in {0}").format(operation.title),
            lambda progress: screenings.screen_changes(context.lab, operation.id, progress),  # type: ignore[arg-type]
            then=then,
        )

    with_operation(context, say("Compare what changed in which operation?"), begin)


def propose_form(context: Context, h: Hypothesis, parent: QWidget) -> FormDialog:
    """The analyst puts the match before a reviewer, with reasons."""
    form = FormDialog(
        say("Propose {0} for review").format(h.number),
        lambda values: context.lab.run(matching.propose_match, h, values["reasoning"]),
        parent,
        intro=say("Another person reviews it. Your reasons stand on the report."),
        save=say("Propose"),
    )
    found = say("LR {0} over {1} loci, {2} inconsistent; the policy requires {3}.")
    form.note(
        found.format(
            power_of_ten(h.log10_lr),
            h.loci_compared,
            h.loci_inconsistent,
            power_of_ten(h.required_log10_lr, up=True),
        )
    )
    form.lines(
        "reasoning",
        say("Reasons"),
        hint=say(
            "Why it is put forward, or why it should be excluded; what inconsistent loci are explained by."
        ),
        required=True,
    )
    return form


REVIEWS = (
    HypothesisState.SUPPORTED,
    HypothesisState.EXCLUDED,
    HypothesisState.INCONCLUSIVE,
    HypothesisState.RETURNED,
)


def review_form(context: Context, h: Hypothesis, analyst: str, parent: QWidget) -> FormDialog:
    """The conclusion of a second person."""
    form = FormDialog(
        say("Review {0}").format(h.number),
        lambda values: context.lab.run(matching.review_match, h, values["outcome"], values["review"]),
        parent,
        intro=say(
            "You decide as another person than {0}. An exclusion needs the same care as a support."
        ).format(analyst),
        save=say("Record the review"),
    )
    form.note(say("{0} wrote: {1}").format(analyst, h.reasoning))
    if not reaches(h):
        form.note(
            say("The LR {0} does not reach what the policy requires, {1}.").format(
                power_of_ten(h.log10_lr), power_of_ten(h.required_log10_lr, up=True)
            ),
            Meaning.ATTENTION,
        )
    outcomes = [(state, hypothesis_mark(state).word) for state in REVIEWS]
    form.choice("outcome", say("Conclusion"), outcomes, required=True)
    hint = say("Needed unless it is supported: why, and what would help (which relative, which markers).")
    form.lines("review", say("Reasons"), hint=hint)
    return form


def identification_form(context: Context, record: matching.HypothesisRecord, parent: QWidget) -> FormDialog:
    """The case manager puts a supported match forward as an identification."""
    h = record.hypothesis

    def submit(values: dict[str, object]) -> Identification:
        return context.lab.run(
            identifications.propose, h.id, str(values["proposal"]), Category(str(values["category"]))
        )

    form = FormDialog(
        say("Propose the identification of {0}").format(record.item.number),
        submit,
        parent,
        intro=say(
            "As {0}. A third person, neither you nor the reviewer of the match, confirms or rejects."
        ).format(record.missing.number),
        save=say("Propose"),
    )
    if not reaches(h):
        form.note(
            say(
                "The posterior {0} is below the policy's {1}; only a lesser category can be proposed."
            ).format(percent(h.posterior or 0.0), policy_percent(record.operation.threshold)),
            Meaning.ATTENTION,
        )
    categories = (Category.IDENTIFIED, Category.PROBABLE, Category.POSSIBLE)
    form.choice(
        "category",
        say("Category"),
        [(c, c[:1].upper() + c[1:]) for c in categories],
        required=True,
        prompt=False,
    )
    form.lines("proposal", say("Reasons"), hint=say("They stand on the report, above the decision."))
    return form


def save_case(context: Context, hypothesis: Hypothesis, path: Path) -> bool:
    """Write the case file that `nomina lr` computes again."""
    words = context.query(matching.case_file, hypothesis.id)
    if words is None:
        return False
    try:
        path.write_text(words, "utf-8")
    except OSError as error:
        context.failed(Unavailable(say("“{0}” can't be written: {1}.").format(path, error.strerror)))
        return False
    context.notify(say("Saved as {0}; `nomina lr` computes it again.").format(path.name), Meaning.GOOD)
    return True
