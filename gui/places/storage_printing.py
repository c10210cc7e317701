"""Printing the report of a stock-take."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from gui.context import Context
from gui.places.printing import print_pdf

if TYPE_CHECKING:
    from forensics.services.stock_taking import Count


def print_count(context: Context, parent: QWidget, count: Count) -> Path | None:
    """Ask where, write the PDF, open it."""
    from reports.stock_take import render_stock_take

    number = count.stock_take.number
    return print_pdf(context, parent, number, "stock-take", lambda: render_stock_take(count, context.name))
