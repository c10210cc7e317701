"""A plain PDF on A4: a title, blocks of the document model, and a foot; nothing is signed digitally."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from reports.flowables import Setting, flow
from reports.shaping import prepare
from reports.typography import BODY, MM, Sizes, colour, register

MARGIN = 18.0  # mm
_PADDING = 6.0  # points that a frame keeps from its edges


def plain_pdf(title: str, blocks: Sequence[Any], laboratory: str) -> bytes:
    """The same bytes for the same blocks."""
    from reportlab.lib.pagesizes import A4
    from reportlab.platypus import SimpleDocTemplate

    register()
    target = io.BytesIO()

    def foot(canvas: Any, page: Any) -> None:
        if page.page == 1:
            prepare(canvas)
        canvas.setFont(BODY, 8)
        canvas.setFillColor(colour("muted"))
        canvas.drawString(MARGIN * MM, 9 * MM, f"{laboratory} · {title[:1].lower()}{title[1:]}")
        canvas.drawRightString(A4[0] - MARGIN * MM, 9 * MM, f"page {page.page}")

    pages = SimpleDocTemplate(
        target, pagesize=A4, leftMargin=MARGIN * MM - _PADDING, rightMargin=MARGIN * MM - _PADDING,
        topMargin=16 * MM, bottomMargin=18 * MM, title=title, author=laboratory, invariant=1, initialFontName=BODY,
    )  # fmt: skip
    setting = Setting(A4[0] - 2 * MARGIN * MM, Sizes())
    story: list[Any] = [setting.text(title, "title")]
    for block in blocks:
        story += flow(block, setting)
    pages.build(story, onFirstPage=foot, onLaterPages=foot)
    return target.getvalue()
