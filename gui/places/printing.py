"""Saving a plain document as PDF and opening it for the printer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from forensics.domain.errors import Unavailable
from gui.context import Context
from gui.look import Meaning
from gui.places.remains_words import say
from gui.places.samples_acts import documents_folder
from gui.widgets.forms import FormDialog


def print_pdf(
    context: Context, parent: QWidget, number: str, stem: str, render: Callable[[], bytes]
) -> Path | None:
    """Ask where, write the PDF, open it; its name is made of `stem`, the record's number and the day."""

    def submit(values: dict[str, Any]) -> Path:
        path: Path = values["path"].with_suffix(".pdf")
        try:
            path.write_bytes(render())
        except OSError as error:
            words = say("{0} can't be written ({1}); choose another folder.")
            raise Unavailable(words.format(path, error.strerror)) from None
        context.notify(say("Saved as {0}").format(path.name), Meaning.GOOD)
        if values["open"]:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
        return path

    form = FormDialog(say("Print {0}").format(number), submit, parent, save=say("Save PDF"))
    form.path("path", say("Save as"), files=say("PDF (*.pdf)"), existing=False)
    form.flag("open", say("Open it for printing"))
    name = f"{stem}-{number.replace('*', 'x')}-{datetime.now():%Y%m%d}.pdf"
    form.fill({"path": str(documents_folder() / name), "open": True})
    saved: Path | None = form.ask()
    return saved
