"""A table as plain aligned text: nothing is cut or wrapped, because numbers are copied from it."""

from __future__ import annotations

from collections.abc import Sequence

import click


def table(head: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> None:
    """Write rows below their head; the columns `right` (from 0) are aligned to the right."""
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    for cells in (head, ["─" * width for width in widths], *rows):
        padded = [
            cell.rjust(width) if number in right else cell.ljust(width)
            for number, (cell, width) in enumerate(zip(cells, widths, strict=True))
        ]
        click.echo("  ".join(padded).rstrip())
