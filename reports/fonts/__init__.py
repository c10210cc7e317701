"""The typefaces that Nomina ships: Noto Sans for text, its Arabic companion, Noto Sans Mono for tokens.

Static instances, so that the window, the PDF and the figures all draw with the same outlines and the
same widths. Their default digits are tabular. Licence and changes: OFL.txt beside this file.
"""

from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Face:
    """One file of a family; `weight` is 400 or 600 as in CSS, `name` is the PostScript name."""

    name: str
    family: str
    weight: int = 400
    italic: bool = False

    @property
    def path(self) -> Path:
        return FOLDER / f"{self.name}.ttf"


FACES: tuple[Face, ...] = (
    Face("NotoSans-Regular", "Noto Sans"),
    Face("NotoSans-SemiBold", "Noto Sans", weight=600),
    Face("NotoSans-Italic", "Noto Sans", italic=True),
    Face("NotoSansArabic-Regular", "Noto Sans Arabic"),
    Face("NotoSansArabic-SemiBold", "Noto Sans Arabic", weight=600),
    Face("NotoSansMono-Regular", "Noto Sans Mono"),
)

SANS = "Noto Sans"
ARABIC = "Noto Sans Arabic"
MONO = "Noto Sans Mono"


def font_path(name: str) -> Path:
    """The file of a face by its PostScript name, for example `NotoSans-SemiBold`; KeyError if not shipped."""
    return {face.name: face.path for face in FACES}[name]


def face_of(family: str, weight: int = 400, italic: bool = False) -> Face:
    """The shipped face nearest to what is asked: family first, then slant, then weight.

    A family that is not shipped gets Noto Sans.
    """
    own = [face for face in FACES if face.family == family] or [f for f in FACES if f.family == SANS]
    return min(own, key=lambda face: (face.italic != italic, abs(face.weight - weight)))
