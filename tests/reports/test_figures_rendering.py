"""One SVG for the window and the PDF: QtSvg and svglib must show the same figure, in the shipped typefaces."""

import io
import math
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterator

import pypdfium2
import pytest
from PIL.Image import Image
from PySide6.QtCore import QByteArray
from PySide6.QtGui import QColor, QFontDatabase, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication
from reportlab.graphics import renderPDF
from reportlab.graphics.shapes import Group, String
from reportlab.pdfgen.canvas import Canvas as Page

from forensics.domain.kinship import Member, Pedigree, Sex
from reports.drawing import drawing
from reports.figures.bars import lr_bars_figure
from reports.figures.funnel import Stage, funnel_figure
from reports.figures.heat import heat_figure
from reports.figures.intervals import Interval, intervals_figure
from reports.figures.pedigree import pedigree_figure
from reports.figures.svg import Canvas, Figure
from reports.figures.timeline import Event, Leg, timeline_figure
from reports.fonts import FACES
from reports.palette import LIGHT

FAMILY = Pedigree(
    (
        Member("F", Sex.MALE),
        Member("M", Sex.FEMALE),
        Member("A", Sex.FEMALE, "F", "M", "t"),
        Member("B", Sex.FEMALE, "F", "M", "t"),
        Member("MP", Sex.UNKNOWN, "F", "M"),
    )
)
LABELS = {"F": ("REF-1", "Father"), "M": ("Đurđević Ana", "Mother"), "MP": ("محمد", "Missing person")}
FIGURES: dict[str, Callable[[], Figure]] = {
    "pedigree": lambda: pedigree_figure(FAMILY, LABELS, {"F"}, {"MP"}, {"M"}, "F", LIGHT, legend=True),
    "bars": lambda: lr_bars_figure({"TH01": 1.2, "FGA": -0.4, "vWA": None}, None, LIGHT, required=5.3),
    "heat": lambda: heat_figure([[1.0, 6.5], [None, math.nan]], ["R-1", "R-2"], ["MP-1", "MP-2"], LIGHT),
    "intervals": lambda: intervals_figure(
        (Interval("Femur", "prediction interval", 160, 175, 168),), (160, 175), LIGHT
    ),
    "funnel": lambda: funnel_figure((Stage("a", "Missing", 9), Stage("b", "Matched", 4)), LIGHT),
    "timeline": lambda: timeline_figure(
        (Event("a", "2026", "Team", "Found.", Leg.GAP), Event("b", "2027", "Store")), LIGHT
    ),
}
EVERY = pytest.mark.parametrize("name", FIGURES)
ALLOWED = {"svg", "g", "title", "rect", "circle", "line", "path", "text"}


def in_window(figure: Figure) -> QImage:
    for face in FACES:
        QFontDatabase.addApplicationFont(str(face.path))
    renderer = QSvgRenderer(QByteArray(figure.svg.encode()))
    assert renderer.isValid()
    image = QImage(round(figure.width), round(figure.height), QImage.Format.Format_RGB32)
    image.fill(QColor(LIGHT.surface))
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    return image


def on_paper(figure: Figure) -> Image:
    """The figure as a PDF page that it fills, rendered to the size of the figure (a unit is 3/4 point)."""
    out, size = io.BytesIO(), (0.75 * figure.width, 0.75 * figure.height)
    page = Page(out, pagesize=size)
    renderPDF.draw(drawing(figure.svg, size[0]), page, 0, 0)
    page.save()
    return pypdfium2.PdfDocument(out.getvalue())[0].render(scale=4 / 3).to_pil().convert("RGB")


def ink(pixel: Callable[[int, int], tuple[int, int, int]], size: tuple[int, int]) -> list[float]:
    """Share of dark in each field of an 8 × 8 grid over the picture."""
    cells = [[0.0, 0] for _ in range(64)]
    for x in range(size[0]):
        for y in range(size[1]):
            cell = cells[8 * x // size[0] + 8 * (8 * y // size[1])]
            cell[0] += 1 - sum(pixel(x, y)) / 765
            cell[1] += 1
    return [total / count for total, count in cells]


@EVERY
def test_window_and_paper_show_the_same(name: str, qapp: QApplication) -> None:
    figure = FIGURES[name]()
    image = in_window(figure)
    page = on_paper(figure)
    size = (min(image.width(), page.width), min(image.height(), page.height))
    shown = ink(lambda x, y: QColor(image.pixel(x, y)).getRgb()[:3], size)  # type: ignore[arg-type, return-value]
    printed = ink(lambda x, y: page.getpixel((x, y)), size)
    assert max(shown) > 0.02
    assert shown == pytest.approx(printed, abs=0.05)


@EVERY
def test_only_shipped_typefaces_reach_the_pdf(name: str) -> None:
    figure = FIGURES[name]()
    used = {shape.fontName for shape in strings(drawing(figure.svg, figure.width))}
    assert used
    assert used <= {face.name for face in FACES}


def strings(group: Group) -> Iterator[String]:
    for shape in group.contents:
        if isinstance(shape, String):
            yield shape
        elif isinstance(shape, Group):
            yield from strings(shape)


@EVERY
def test_only_elements_that_both_renderers_know(name: str) -> None:
    for element in ElementTree.fromstring(FIGURES[name]().svg).iter():
        assert element.tag.rpartition("}")[2] in ALLOWED
        assert "class" not in element.attrib
        assert "style" not in element.attrib


@EVERY
def test_ids_are_unique_and_found_where_the_boxes_say(name: str, qapp: QApplication) -> None:
    figure = FIGURES[name]()
    ids = [e.get("id") for e in ElementTree.fromstring(figure.svg).iter() if e.get("id")]
    assert len(ids) == len(set(ids))
    renderer = QSvgRenderer(QByteArray(figure.svg.encode()))
    for id, box in figure.boxes.items():
        element = f"person-{id}" if name == "pedigree" else id
        if renderer.elementExists(element):
            drawn = renderer.transformForElement(element).mapRect(renderer.boundsOnElement(element))
            assert box.x - 14 <= drawn.center().x() <= box.right + 14
            assert box.y - 14 <= drawn.center().y() <= box.bottom + 14


def test_arabic_labels_are_joined_and_read_from_the_right_on_paper(qapp: QApplication) -> None:
    """The printed label has the same shape as the one that Qt shapes, and not that of loose letters."""
    canvas = Canvas()
    canvas.text((20, 36), "محمد عبد", 30, "#000000", weight=600)
    figure = canvas.figure(220, 52, "label")
    image = in_window(figure)
    page = on_paper(figure)
    shown = ink(lambda x, y: QColor(image.pixel(x, y)).getRgb()[:3], (220, 52))  # type: ignore[arg-type, return-value]
    printed = ink(lambda x, y: page.getpixel((x, y)), (220, 52))
    assert max(shown) > 0.2
    assert shown == pytest.approx(printed, abs=0.1)
