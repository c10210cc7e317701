"""The colours of Nomina, light, dark and on paper, in one place.

Neutral warm greys and one quiet accent; any other colour carries a meaning and stands beside a shape
or a word. Text colours reach a contrast of 4.5 : 1 on `window` and `surface`. No other module names a colour.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Palette:
    """Named colours as #RRGGBB; `*_soft` is the ground behind text of the same name."""

    name: str
    window: str  # behind everything
    surface: str  # lists, records, fields
    raised: str  # hover, alternate, headers
    line: str  # thin rules
    line_strong: str  # outlines of fields
    text: str
    muted: str  # secondary text
    faint: str  # placeholders, disabled
    accent: str
    accent_soft: str
    on_accent: str
    selection: str
    waiting: str
    waiting_soft: str
    good: str
    good_soft: str
    attention: str
    attention_soft: str
    refused: str
    refused_soft: str
    figure_fill: str  # symbols in figures
    figure_line: str


LIGHT = Palette(
    name="light",
    window="#F5F3EF",
    surface="#FFFFFF",
    raised="#FAF8F5",
    line="#E3DED6",
    line_strong="#B9B1A5",
    text="#24211D",
    muted="#625C54",
    faint="#8F877C",
    accent="#0F5E63",
    accent_soft="#DCEBEA",
    on_accent="#FFFFFF",
    selection="#D5E7E6",
    waiting="#7C5200",
    waiting_soft="#F7EBD0",
    good="#276A3D",
    good_soft="#DFEFE2",
    attention="#96400F",
    attention_soft="#FAE5D8",
    refused="#9B1C31",
    refused_soft="#F8E0E3",
    figure_fill="#E9E4DC",
    figure_line="#4A453E",
)

DARK = Palette(
    name="dark",
    window="#1A1917",
    surface="#22211E",
    raised="#2A2825",
    line="#37342F",
    line_strong="#5A554D",
    text="#ECE8E0",
    muted="#B3ACA0",
    faint="#837C71",
    accent="#6BBDBF",
    accent_soft="#1E3A3B",
    on_accent="#0B1F20",
    selection="#224245",
    waiting="#E2B65C",
    waiting_soft="#3A2F17",
    good="#85C79A",
    good_soft="#1D3526",
    attention="#EB9C6C",
    attention_soft="#41271A",
    refused="#F0919F",
    refused_soft="#441F26",
    figure_fill="#3A3732",
    figure_line="#CFC8BC",
)

PAPER = LIGHT
