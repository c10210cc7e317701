"""What a document consists of; content that knows no renderer.

Report kinds turn facts into a `Document`, renderers such as `reports.pdf` turn a `Document` into pages.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from forensics.domain.facts import Frame, SignatoryFacts


class Style(StrEnum):
    """How a span of text is set apart; meaning, not looks."""

    PLAIN = "plain"
    STRONG = "strong"
    EMPHASIS = "emphasis"
    CODE = "code"  # tokens and digests, fixed width
    MUTED = "muted"


@dataclass(frozen=True, slots=True)
class Span:
    """Characters in one style."""

    text: str
    style: Style = Style.PLAIN


Text = str | tuple[str | Span, ...]
"""A run of text, plain or in spans."""


class Tone(StrEnum):
    """What a line of text or a mark means; renderers pair every tone with its word, never colour alone."""

    PLAIN = "plain"
    GOOD = "good"
    ATTENTION = "attention"
    REFUSED = "refused"
    MUTED = "muted"


class Align(StrEnum):
    """Where the cells of a column stand."""

    LEFT = "left"
    RIGHT = "right"
    CENTRE = "centre"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; `lead` is set larger, `note` smaller."""

    text: Text
    role: str = "body"  # body, lead, note


@dataclass(frozen=True, slots=True)
class Bullets:
    """Points of equal rank."""

    points: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class KeyValues:
    """Pairs of a label and its value; empty values are left out by the renderer."""

    pairs: tuple[tuple[str, Text], ...]
    columns: int = 1


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, its share of the width, and its alignment."""

    heading: str
    width: float = 1.0
    align: Align = Align.LEFT


@dataclass(frozen=True, slots=True)
class Row:
    """Cells of one row; `total` closes a sum, tones colour single cells by index."""

    cells: tuple[Text, ...]
    total: bool = False
    tones: tuple[tuple[int, Tone], ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under headings, repeated on every page that the table reaches."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    caption: str = ""
    compact: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing as SVG text; `description` says the same in words."""

    svg: str
    caption: str
    description: str
    width: float = 1.0  # the largest share of the text width


@dataclass(frozen=True, slots=True)
class Beside:
    """Two columns that belong together and are never split; `share` is the left one's part of the width."""

    left: tuple["Block", ...]
    right: tuple["Block", ...]
    share: float = 0.5


@dataclass(frozen=True, slots=True)
class Statement:
    """The opinion, set apart from the results: the number first, then what it means in words."""

    headline: Text
    sentences: tuple[Text, ...]
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True)
class SignatureField:
    """A place for one digital signature; `name` is the PDF field's."""

    name: str
    label: str
    signatory: SignatoryFacts


@dataclass(frozen=True, slots=True)
class SignatureFields:
    """Places for signatures side by side, in the order of signing."""

    fields: tuple[SignatureField, ...]


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows starts a new page."""


Block = Beside | Paragraph | Bullets | KeyValues | Table | Figure | Statement | SignatureFields | PageBreak


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it; numbered by the renderer."""

    heading: str
    blocks: tuple[Block, ...]
    numbered: bool = True
    new_page: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report: its frame, the kind's name, a few lines under the title, and the sections."""

    frame: Frame
    kind: str
    subtitle: Text
    sections: tuple[Section, ...]
    summary: tuple[Block, ...] = field(default_factory=tuple)
    roomy: bool = False  # large type and generous spacing, for families


def sections(*candidates: Section | None) -> tuple[Section, ...]:
    """The sections that have something to say."""
    return tuple(section for section in candidates if section is not None and section.blocks)


def section_if(heading: str, content: object, blocks: Sequence[Block]) -> Section | None:
    """A section only when `content` is there."""
    return Section(heading, tuple(blocks)) if content else None
