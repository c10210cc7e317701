"""Saving a correction where somebody else may have been faster: both versions are shown, the person chooses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from forensics.domain.errors import Conflict, Refused
from forensics.domain.records import Record
from gui.context import Lab
from gui.widgets.conflict import Choice, ConflictDialog
from gui.widgets.fields import ChoiceField, Field
from gui.widgets.forms import FormDialog

R = TypeVar("R", bound=Record)


def keep(lab: Lab, use_case: Any, seen: R, values: Mapping[str, Any], form: FormDialog) -> R:
    """Save the fields that were changed in the form, with `use_case(seen, fields)`; the record as saved.

    At a conflict “Keep mine” saves them over the newer version, “Take theirs” saves nothing and returns theirs;
    `Refused` when the person wants to think: the form stays open with everything in it.
    """
    changed = {name: value for name, value in values.items() if getattr(seen, name) != value}
    while True:
        try:
            saved: R = lab.run(use_case, seen, changed) if changed else seen
        except Conflict as conflict:
            theirs = conflict.theirs
            if not isinstance(theirs, type(seen)):
                raise
            choice = ConflictDialog(_lines(changed, theirs, form), str(conflict), form).ask()
            if choice is Choice.THEIRS:
                return theirs
            if choice is None:
                raise Refused(form.tr("Nothing of yours has been saved yet, and nothing is lost.")) from None
            seen = theirs
        else:
            return saved


def _lines(changed: Mapping[str, Any], theirs: Record, form: FormDialog) -> list[tuple[str, str, str]]:
    """What the person changed beside what stands there now, in the words of the form."""
    found = []
    for name, value in changed.items():
        field = form.fields.get(name)
        title = field.title if field is not None else name.replace("_", " ")
        found.append((title, _said(value, field), _said(getattr(theirs, name), field)))
    return found


def _said(value: Any, field: Field | None) -> str:
    """A value as the form says it; a choice by its words."""
    if isinstance(field, ChoiceField) and field.words_of(value):
        return field.words_of(value)
    if value in (None, "", ()):
        return "–"
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
