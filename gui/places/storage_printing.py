"""Saving the report of a stock-take as PDF and opening it for the printer."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from forensics.domain.errors import Unavailable
from gui.context import Context
from gui.look import Meaning
from gui.places.samples_acts import documents_folder
from gui.places.storage_words import say
from gui.widgets.forms import FormDialog

if TYPE_CHECKING:
    from forensics.services.stock_taking import Count


def print_count(context: Context, parent: QWidget, count: Count) -> Any:
    """Ask where, write the PDF, open it."""
    from reports.stock_take import render_stock_take

    def submit(values: dict[str, Any]) -> Path:
        path: Path = values["path"].with_suffix(".pdf")
        pdf = render_stock_take(count, context.name)
        try:
            path.write_bytes(pdf)
        except OSError as error:
            words = say("{0} can't be written ({1}); choose another folder.")
            raise Unavailable(words.format(path, error.strerror)) from None
        context.notify(say("Saved as {0}").format(path.name), Meaning.GOOD)
        if values["open"]:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
        return path

    form = FormDialog(say("Print {0}").format(count.stock_take.number), submit, parent, save=say("save PDF"))
    form.path("path", say("save as"), files=say("PDF (*.pdf)"), existing=False)
    form.flag("open", say("open it for printing"))
    name = f"stock-take-{count.stock_take.number.replace('*', 'x')}-{datetime.now():%Y%m%d}.pdf"
    form.fill({"path": str(documents_folder() / name), "open": True})
    return form.ask()
