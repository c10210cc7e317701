"""Accepted profiles of chosen samples saved as a CODIS message for another laboratory."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtWidgets import QWidget

from forensics.domain.errors import Unavailable
from forensics.domain.profiles import ProfileState
from gui.context import Context
from gui.look import Meaning
from gui.places.remains_words import say
from gui.places.samples_acts import documents_folder
from gui.widgets.forms import FormDialog

if TYPE_CHECKING:
    from forensics.domain.lines import SampleLine


def export(context: Context, parent: QWidget, rows: Sequence[SampleLine]) -> None:
    """Ask for whom and where, then write the file; samples without an accepted profile stay out."""
    ids = [row.profile_id for row in rows if row.profile is ProfileState.ACCEPTED and row.profile_id]
    if not ids:
        context.notify(say("None of the chosen samples has an accepted profile."), Meaning.ATTENTION)
        return
    words = say(
        "{0} of {1} chosen samples have an accepted profile; they go out under their tokens, without names."
    )
    form = FormDialog(
        say("Export profiles"),
        partial(_save, context, ids),
        parent,
        words.format(len(ids), len(rows)),
        save=say("Save"),
    )
    form.text(
        "destination",
        say("For"),
        required=True,
        hint=say("Short name of the laboratory, 10 characters at most"),
    )
    form.path("path", say("Save as"), files=say("CODIS message (*.xml)"), existing=False)
    form.fill({"path": str(documents_folder() / f"profiles-{datetime.now():%Y%m%d-%H%M}.xml")})
    form.ask()


def _save(context: Context, ids: Sequence[UUID], values: dict[str, Any]) -> Path:
    from forensics.services.exports import codis_export

    path: Path = values["path"].with_suffix(".xml")
    made = context.lab.run(codis_export, ids, values["destination"])
    try:
        path.write_bytes(made.content)
    except OSError as error:
        words = say("{0} can't be written ({1}); choose another folder.").format(path, error.strerror)
        raise Unavailable(words) from None
    told = say("{0} profiles saved as {1}.").format(made.profiles, path.name)
    if made.left_out:
        told += " " + say("The format has no name for {0}; left out.").format(", ".join(made.left_out))
    context.notify(told, Meaning.ATTENTION if made.left_out else Meaning.GOOD)
    return path
