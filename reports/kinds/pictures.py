"""Figures of reports from their facts, as SVG text; one unit of a figure is one point on paper."""

from collections.abc import Sequence

from forensics.domain.anthropology import Side
from forensics.domain.facts import ElementFacts, Part, PedigreeFacts, WeightFacts
from reports.figures.bars import BarWords, lr_bars_figure
from reports.figures.pedigree import pedigree_figure
from reports.figures.skeleton import BoneState, skeleton_figure, state_of
from reports.figures.skeleton_shapes import body
from reports.palette import PAPER

TEXT_WIDTH = 470.0  # of A4 between the margins
_STATES = {
    Part.COMPLETE: BoneState.COMPLETE,
    Part.INCOMPLETE: BoneState.PARTIAL,
    Part.FRAGMENT: BoneState.FRAGMENT,
    Part.ABSENT: BoneState.ABSENT,
}


def family(facts: PedigreeFacts) -> str:
    """The pedigree in standard nomenclature, with its legend."""
    labels = {id: tuple(text.split("\n")) for id, text in facts.labels.items()}
    figure = pedigree_figure(
        facts.pedigree,
        labels,
        typed=facts.typed,
        missing=facts.missing,
        deceased=facts.deceased,
        selected=None,
        palette=PAPER,
        width=TEXT_WIDTH,
        legend=True,
    )
    return figure.svg


def skeleton(inventory: Sequence[tuple[str, ElementFacts]], scale: float = 0.52) -> str:
    """The recovered elements, each with its key, on a drawn skeleton; what is not listed was not recovered."""
    sides = {one.side: Side(one.side) if one.side in set(Side) else Side.UNSIDED for _, one in inventory}
    listed = {(key, sides[one.side]): _STATES[one.part] for key, one in inventory}
    drawn = {(shape.key, shape.side): state_of(listed, (shape.key, shape.side)) for shape in body()}
    absent = {bone: BoneState.ABSENT for bone, state in drawn.items() if state is BoneState.NOT_EXAMINED}
    figure = skeleton_figure(
        {**absent, **listed},
        PAPER,
        sampled=[(key, sides[one.side]) for key, one in inventory if one.sampled],
        title="Recovered elements",
        scale=scale,
    )
    return figure.svg


def weights(weight: WeightFacts, width: float = TEXT_WIDTH) -> str:
    """Bars of log10 LR per locus, the combined LR beside the required one."""
    loci = {one.locus: one.log10 for one in weight.loci}
    words = BarWords(favour="supports Hp", against="supports Hd")
    figure = lr_bars_figure(
        loci, weight.log10_total, PAPER, required=weight.log10_required, width=width, words=words
    )
    return figure.svg
