"""The figures of a weighed match in the window: the family, the bars per locus, the heat map of a screening."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import nan
from typing import TYPE_CHECKING

from forensics.domain.evidence import power_of_ten
from forensics.domain.lines import HypothesisLine
from gui.look import look, on_look_changed
from gui.places.matching_words import say
from gui.widgets.svgview import SvgView
from reports.palette import Palette

if TYPE_CHECKING:
    from forensics.services.matching import HypothesisRecord
    from reports.figures.svg import Figure

MOST = 36  # rows and columns of the heat map; more are not legible


def drawn(make: Callable[[Palette], Figure], title: str, names: Mapping[str, str]) -> SvgView:
    """A view that draws its figure anew whenever the look changes."""
    view = SvgView()
    on_look_changed(view, lambda own: own.show_figure(make(look().palette).svg, title, names))
    return view


def pedigree_view(record: HypothesisRecord) -> SvgView:
    """The family: who gave a reference is filled, the missing person in question is marked."""
    from reports.figures.pedigree import PedigreeWords, pedigree_figure

    words = PedigreeWords(
        say("Pedigree"), say("reference profile"), say("missing person"), say("deceased"), say("no profile"),
        say("union of relatives"),
    )  # fmt: skip
    names = {f"person-{code}": ", ".join(lines) or code for code, lines in record.labels.items()}

    def make(palette: Palette) -> Figure:
        return pedigree_figure(
            record.pedigree, record.labels, record.typed, record.sought, record.deceased, record.member,
            palette, words=words, legend=True,
        )  # fmt: skip

    return drawn(make, say("Pedigree of family {0}").format(record.family.number), names)


def bars_view(record: HypothesisRecord) -> SvgView:
    """LR per locus around 1, the combined one, and what the policy requires."""
    from reports.figures.bars import BarWords, lr_bars_figure

    h = record.hypothesis
    asked = record.screening.parameters.get("loci", []) if record.screening else []
    skipped = [locus for locus in asked if locus not in h.log10_per_locus]
    words = BarWords(
        say("Likelihood ratio per locus"), say("supports the first hypothesis"), say("supports the second"),
        say("against"), say("LR 0"), say("not explained by the first hypothesis"), say("not compared"),
        say("Combined"), say("required"),
    )  # fmt: skip
    names = {f"locus-{locus}": locus for locus in (*h.log10_per_locus, *skipped)}
    names["combined"] = say("Combined")

    def make(palette: Palette) -> Figure:
        return lr_bars_figure(
            h.log10_per_locus, h.log10_lr, palette, required=h.required_log10_lr, not_compared=skipped,
            width=470.0, words=words,
        )  # fmt: skip

    return drawn(make, words.title, names)


def heat_view(lines: Sequence[HypothesisLine], opened: Callable[[HypothesisLine], None]) -> SvgView:
    """Remains × missing persons of the best candidates; a click opens the pair."""
    from reports.figures.heat import HeatWords, heat_figure

    rows = list(dict.fromkeys(line.item_number for line in lines))[:MOST]
    columns = list(dict.fromkeys(line.missing_number for line in lines))[:MOST]
    pairs = {
        (rows.index(line.item_number), columns.index(line.missing_number)): line
        for line in reversed(lines)
        if line.item_number in rows and line.missing_number in columns
    }
    values = [
        [pairs[r, c].log10_lr if (r, c) in pairs else nan for c in range(len(columns))]
        for r in range(len(rows))
    ]
    words = HeatWords(
        say("Remains and missing persons, log10 LR"), say("Remains"), say("Missing persons"),
        say("below the threshold"), say("LR below 1"), say("{low} to {high}"), say("above {low}"),
        say("Each cell shows the strongest of {rows} × {columns} pairs."),
    )  # fmt: skip
    names = {f"r{r}c{c}": _spoken(line) for (r, c), line in pairs.items()}

    def make(palette: Palette) -> Figure:
        return heat_figure(values, rows, columns, palette, width=780.0, height=900.0, words=words)

    view = drawn(make, words.title, names)
    found = {f"r{r}c{c}": line for (r, c), line in pairs.items()}
    view.clicked.connect(lambda id: opened(found[id]))
    return view


def _spoken(line: HypothesisLine) -> str:

    return f"{line.item_number} – {line.missing_number}: LR {power_of_ten(line.log10_lr)}"
