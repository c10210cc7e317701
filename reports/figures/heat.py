"""Remains × missing persons: log10 LR of every pair as a grid of few, named shades.

Strong pairs carry their value, so that the picture does not speak by colour alone. A large grid is shown by
blocks of neighbouring rows and columns; a block shows its strongest pair. Rows are remains, columns missing
persons; element ids and boxes are `rRcC` of the pair that the cell shows.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from reports.figures.axis import power_label
from reports.figures.svg import SANS, Box, Canvas, Figure, blend, measure, shorten, text_colour_on
from reports.palette import Palette

Pair = float | None
"""log10 LR; None is an LR of 0, NaN a pair that was not evaluated."""

STEPS = (0.0, 2.0, 4.0, 6.0)
"""Lower ends of the shades, log10 LR; ENFSI's moderate, strong and extremely strong begin at 1, 3 and 6."""

MARGIN, LABEL, LEGEND = 10.0, 9.0, 9.5
LARGEST, SMALLEST = 34.0, 4.0
MOST_LABEL = 110.0


@dataclass(frozen=True, slots=True)
class HeatWords:
    """What the figure says; translated by the caller."""

    title: str = "Remains and missing persons, log10 LR"
    remains: str = "Remains"
    missing: str = "Missing persons"
    not_evaluated: str = "not evaluated"
    below: str = "LR below 1"
    between: str = "{low} to {high}"
    above: str = "above {low}"
    blocks: str = "Each cell shows the strongest of {rows} × {columns} pairs."


@dataclass(frozen=True, slots=True)
class Shade:
    """One step of the scale."""

    low: float
    colour: str
    words: str


@dataclass(frozen=True, slots=True)
class _Grid:
    """Cells as drawn: the pair (row, column) and its value for each block."""

    cells: list[list[tuple[int, int, Pair]]]
    block: tuple[int, int]
    size: float

    @property
    def width(self) -> float:
        return self.size * (len(self.cells[0]) if self.cells else 0)

    @property
    def height(self) -> float:
        return self.size * len(self.cells)


def heat_figure(
    values: Sequence[Sequence[Pair]],
    rows: Sequence[str],
    columns: Sequence[str],
    palette: Palette,
    *,
    width: float = 900.0,
    height: float = 640.0,
    selected: tuple[int, int] | None = None,
    words: HeatWords | None = None,
) -> Figure:
    """The grid within `width` × about `height`; `values[row][column]`.

    Cells shrink from 34 to 4 units and are then merged into blocks. Labels are left out where they would not
    be legible; row and column of a cell stand in its title.
    """
    say, canvas = words or HeatWords(), Canvas()
    left = MARGIN + min(MOST_LABEL, max((measure(name, LABEL) for name in rows), default=0)) + 6
    grid = _grid(values, width - left - MARGIN - _column_room(columns), height - 110)
    named = grid.block == (1, 1) and grid.size >= 10.5
    left, top = (left, MARGIN + 20 + _column_room(columns)) if named else (MARGIN + 20, MARGIN + 20)
    shades, boxes = scale(palette, say), dict[str, Box]()
    _draw_titles(canvas, left, top, grid, palette, say)
    if named:
        _draw_names(canvas, rows, columns, left, top, grid.size, palette)
    if named:
        _draw_rules(canvas, Box(left, top, grid.width, grid.height), grid.size, palette)
    for i, line in enumerate(grid.cells):
        for j, (row, column, value) in enumerate(line):
            box = Box(left + j * grid.size, top + i * grid.size, grid.size, grid.size)
            boxes[f"r{row}c{column}"] = box
            _draw_cell(canvas, f"r{row}c{column}", value, box, shades, palette)
    canvas.rect(Box(left, top, grid.width, grid.height), "none", stroke=palette.line_strong, stroke_width=0.8)
    if selected and (chosen := boxes.get("r{}c{}".format(*selected))):
        canvas.rect(chosen, "none", stroke=palette.accent, stroke_width=2.4)
    beyond = max(MARGIN, _column_room(columns) - grid.size / 2) if named else MARGIN
    wide = max(left + grid.width + beyond, min(width, 420.0))
    bottom = _draw_legend(canvas, shades, top + grid.height + 20, wide, grid, palette, say)
    return canvas.figure(wide, bottom + MARGIN, say.title, boxes)


def scale(palette: Palette, words: HeatWords | None = None) -> list[Shade]:
    """Shades from weak to extremely strong, darker (or brighter on dark) with every step."""
    say = words or HeatWords()
    shares = (0.14, 0.38, 0.66, 1.0)
    shades = []
    for number, low in enumerate(STEPS):
        ends = [power_label(low), power_label(STEPS[number + 1])] if number + 1 < len(STEPS) else None
        text = (
            say.between.format(low=ends[0], high=ends[1]) if ends else say.above.format(low=power_label(low))
        )
        shades.append(Shade(low, blend(palette.surface, palette.accent, shares[number]), text))
    return shades


def _grid(values: Sequence[Sequence[Pair]], wide: float, high: float) -> _Grid:
    count, across = len(values), len(values[0]) if values else 0
    if not count or not across:
        return _Grid([], (1, 1), LARGEST)
    size = min(LARGEST, wide / across, high / count)
    block = max(1, math.ceil(SMALLEST / size))
    size = min(LARGEST, wide / math.ceil(across / block), high / math.ceil(count / block))
    cells = [
        [_strongest(values, row, column, block) for column in range(0, across, block)]
        for row in range(0, count, block)
    ]
    return _Grid(cells, (block, block), math.floor(size * 4) / 4)


def _strongest(values: Sequence[Sequence[Pair]], row: int, column: int, block: int) -> tuple[int, int, Pair]:
    """The pair of a block with the largest LR; evaluated before not evaluated, first of equals."""
    pairs = [
        (i, j, values[i][j])
        for i in range(row, min(row + block, len(values)))
        for j in range(column, min(column + block, len(values[row])))
    ]
    return max(pairs, key=lambda pair: _rank(pair[2]))


def _rank(value: Pair) -> tuple[int, float]:
    if value is None:
        return (1, -math.inf)
    return (0, 0.0) if math.isnan(value) else (1, value)


def _draw_rules(canvas: Canvas, area: Box, size: float, palette: Palette) -> None:
    """Thin rules between rows and columns, so that the eye finds the names."""
    for number in range(1, round(area.height / size)):
        y = area.y + number * size
        canvas.line((area.x, y), (area.right, y), palette.line, 0.6)
    for number in range(1, round(area.width / size)):
        x = area.x + number * size
        canvas.line((x, area.y), (x, area.bottom), palette.line, 0.6)


def _draw_cell(
    canvas: Canvas, id: str, value: Pair, box: Box, shades: Sequence[Shade], palette: Palette
) -> None:
    """An evaluated pair below 1 stays empty; what was not evaluated has a dot; strong pairs have their number."""
    size, shade = box.width, None
    if value is not None and math.isnan(value):
        canvas.circle((box.x + size / 2, box.y + size / 2), max(0.6, size / 16), palette.faint, id=id)
        return
    if value is not None:
        shade = next((s for s in reversed(shades) if value >= s.low), None)
    if shade is None:
        return
    inset = 0.5 if size >= 8 else 0
    inner = Box(box.x + inset, box.y + inset, size - 2 * inset, size - 2 * inset)
    canvas.rect(inner, shade.colour, id=id)
    strong = value is not None and value >= STEPS[1]
    if strong and value is not None and size >= 13:
        ink = text_colour_on(shade.colour, palette.text, palette.on_accent)
        text_size = min(9.5, size * 0.46)
        canvas.text(
            (box.x + size / 2, box.y + size / 2 + text_size * 0.36),
            f"{math.floor(value * 10) / 10:.1f}" if size >= 20 else f"{math.floor(value)}",
            text_size,
            ink,
            anchor="middle",
        )
    elif value is not None and value >= STEPS[3] and size >= SMALLEST:
        _draw_mark(canvas, box, palette)


def _draw_mark(canvas: Canvas, box: Box, palette: Palette) -> None:
    """The strongest step of a small cell has a light diamond inside: a shape beside the colour."""
    x, y, reach = box.x + box.width / 2, box.y + box.width / 2, box.width * 0.26
    canvas.polygon([(x, y - reach), (x + reach, y), (x, y + reach), (x - reach, y)], palette.on_accent)


def _column_room(columns: Sequence[str]) -> float:
    return min(MOST_LABEL, max((measure(name, LABEL) for name in columns), default=0.0)) * 0.72 + 8


def _draw_titles(
    canvas: Canvas, left: float, top: float, grid: _Grid, palette: Palette, say: HeatWords
) -> None:
    canvas.text((left, MARGIN + 9), say.missing, LEGEND, palette.muted, weight=600)
    turned = f"translate({MARGIN + 9:.2f},{top + grid.height:.2f}) rotate(-90)"
    if grid.block != (1, 1) or grid.size < 10.5:
        with canvas.group(transform=turned):
            canvas.text((0, 0), say.remains, LEGEND, palette.muted, weight=600)


def _draw_names(
    canvas: Canvas,
    rows: Sequence[str],
    columns: Sequence[str],
    left: float,
    top: float,
    size: float,
    palette: Palette,
) -> None:
    for i, name in enumerate(rows):
        text = shorten(name, MOST_LABEL, LABEL)
        canvas.text((left - 6, top + (i + 0.5) * size + 3.2), text, LABEL, palette.text, anchor="end")
    for j, name in enumerate(columns):
        x = left + (j + 0.5) * size + 2
        with canvas.group(transform=f"translate({x:.2f},{top - 5:.2f}) rotate(-46)"):
            canvas.text((0, 0), shorten(name, MOST_LABEL, LABEL), LABEL, palette.text, family=SANS)


def _draw_legend(
    canvas: Canvas,
    shades: Sequence[Shade],
    y: float,
    wide: float,
    grid: _Grid,
    palette: Palette,
    say: HeatWords,
) -> float:
    """Shades with their words; then what is empty, what is a dot, and what a block shows."""
    entries: list[tuple[str, str]] = [("dot", say.not_evaluated), ("", say.below)]
    entries += [(shade.colour, shade.words) for shade in shades]
    x = MARGIN
    for number, (colour, text) in enumerate(entries):
        need = 18 + measure(text, LEGEND) + 16
        if x + need > wide and x > MARGIN:
            x, y = MARGIN, y + 17
        box = Box(x, y - 9, 12, 12)
        canvas.rect(box, colour if colour.startswith("#") else palette.surface, stroke=palette.line_strong)
        if colour == "dot":
            canvas.circle((x + 6, y - 3), 1.4, palette.faint)
        if number == len(entries) - 1 and grid.size < 13:
            _draw_mark(canvas, box, palette)
        canvas.text((x + 18, y), text, LEGEND, palette.muted)
        x += need
    if grid.block != (1, 1):
        y += 17
        text = say.blocks.format(rows=grid.block[0], columns=grid.block[1])
        canvas.text((MARGIN, y), text, LEGEND, palette.muted)
    return y + 4
