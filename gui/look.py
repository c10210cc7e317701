"""The look of the window: sizes, type, colours, light and dark, in one place.

Screens and widgets ask `look()` for a colour by its name in the palette, for an icon or for a font;
they never set a colour themselves. A change between light and dark is announced by `Look.changed`.
"""

from collections.abc import Callable
from enum import Enum, StrEnum
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from PySide6.QtCore import QObject, QSettings, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from reports.fonts import FACES
from reports.palette import DARK, LIGHT, Palette

GRID = 8
HALF = 4
ROW_HEIGHT = 34
CONTROL_HEIGHT = 34
RADIUS = 5
RAIL_WIDTH = 208
RAIL_NARROW = 56
ICON = 18
READING_WIDTH = 720  # a line of text longer than this is hard to read

FAMILY = "Noto Sans"
MONO = "Noto Sans Mono"


class Size(Enum):
    """The three sizes of type, in points."""

    SMALL = 9.0
    BASE = 10.5
    LARGE = 15.0


class Mode(StrEnum):
    """Which look the person wants."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Meaning(StrEnum):
    """What a mark says; always shown by a shape and a word, the colour only helps."""

    NEUTRAL = "neutral"
    WAITING = "waiting"
    GOOD = "good"
    ATTENTION = "attention"
    REFUSED = "refused"
    UNKNOWN = "unknown"  # nobody has said: not the same as no
    NO = "no"  # somebody has said no

    @property
    def icon(self) -> str:
        return {"neutral": "none"}.get(self.value, self.value)

    @property
    def ink(self) -> str:
        """The palette's name of the colour of text and shape."""
        return self.value if self.value in _COLOURED else "muted"

    @property
    def ground(self) -> str:
        """The palette's name of the colour behind it."""
        return f"{self.value}_soft" if self.value in _COLOURED else "raised"


_COLOURED = {"waiting", "good", "attention", "refused"}


def font(size: Size = Size.BASE, strong: bool = False, mono: bool = False) -> QFont:
    """A font of the one family; figures are tabular (the shipped faces draw them so)."""
    result = QFont(MONO if mono else FAMILY)
    result.setPointSizeF(size.value * look().scale)
    result.setWeight(QFont.Weight.DemiBold if strong else QFont.Weight.Normal)
    if mono:
        result.setStyleHint(QFont.StyleHint.Monospace)
    return result


class Look(QObject):
    """The look in force; `apply` puts it on the application."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.mode = Mode.SYSTEM
        self.scale = 1.0
        self.palette: Palette = LIGHT
        self._applied: tuple[Palette, float, bool] | None = None

    @property
    def is_dark(self) -> bool:
        return self.palette is DARK

    def color(self, name: str) -> QColor:
        """The colour called `name` in the palette."""
        return QColor(getattr(self.palette, name))

    def start(self, app: QApplication) -> None:
        """Load the fonts and the person's setting, and follow the system from now on."""
        if self._applied is None:
            _load_fonts()
            app.setStyle("Fusion")
            app.styleHints().colorSchemeChanged.connect(self._system_changed)
        self.mode = Mode(str(QSettings().value("look/mode", Mode.SYSTEM.value)))
        self.scale = float(str(QSettings().value("look/scale", 1.0)))
        self.apply()

    def set_mode(self, mode: Mode) -> None:
        self.mode = mode
        QSettings().setValue("look/mode", mode.value)
        self.apply()

    def set_scale(self, scale: float) -> None:
        """Scale all type: 0.9 small to 1.4 very large."""
        self.scale = min(1.6, max(0.8, scale))
        QSettings().setValue("look/scale", self.scale)
        self.apply()

    def toggle(self) -> None:
        self.set_mode(Mode.LIGHT if self.is_dark else Mode.DARK)

    def apply(self) -> None:
        """Draw everything anew where the look has changed."""
        from gui.stylesheet import stylesheet

        palette = DARK if self._wants_dark() else LIGHT
        wanted = (palette, self.scale, is_mirrored())
        if self._applied == wanted:
            return
        self.palette, self._applied = palette, wanted
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.setFont(font())
        app.setPalette(qt_palette(self.palette))
        app.setStyleSheet(stylesheet(self.palette, self.scale, is_mirrored()))
        self.changed.emit()
        _tell_followers()

    def _wants_dark(self) -> bool:
        if self.mode is not Mode.SYSTEM:
            return self.mode is Mode.DARK
        return QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark

    def _system_changed(self) -> None:
        if self.mode is Mode.SYSTEM:
            self.apply()


def qt_palette(palette: Palette) -> QPalette:
    """The palette in Qt's roles."""
    result = QPalette()
    role = QPalette.ColorRole
    names = {
        role.Window: "window", role.Base: "surface", role.AlternateBase: "raised", role.Button: "surface",
        role.WindowText: "text", role.Text: "text", role.ButtonText: "text", role.BrightText: "text",
        role.PlaceholderText: "faint", role.Highlight: "selection", role.HighlightedText: "text",
        role.ToolTipBase: "raised", role.ToolTipText: "text", role.Link: "accent", role.LinkVisited: "accent",
        role.Mid: "line_strong", role.Midlight: "line", role.Light: "raised", role.Dark: "line_strong",
        role.Shadow: "line_strong", role.Accent: "accent",
    }  # fmt: skip
    for key, name in names.items():
        result.setColor(key, QColor(getattr(palette, name)))
    for key in (role.WindowText, role.Text, role.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, key, QColor(palette.faint))
    return result


def _load_fonts() -> None:
    """The faces that reports use too, so that screen and paper look like one work."""
    for face in FACES:
        QFontDatabase.addApplicationFont(str(face.path))


_look: Look | None = None


def painted(colour: str) -> QColor:
    """A colour of a figure's palette, as a painter takes it."""
    return QColor(colour)


def look() -> Look:
    """The one look of the application."""
    global _look
    if _look is None:
        _look = Look()
    return _look


def is_mirrored() -> bool:
    """Whether the language is written from right to left."""
    return QGuiApplication.layoutDirection() is Qt.LayoutDirection.RightToLeft


Owner = TypeVar("Owner", bound=QObject)


_followers: "WeakKeyDictionary[QObject, list[Callable[[Any], None]]]" = WeakKeyDictionary()


def on_look_changed(owner: Owner, update: Callable[[Owner], None]) -> None:
    """Call `update(owner)` now and at every change of the look, for as long as `owner` lives."""
    update(owner)
    _followers.setdefault(owner, []).append(update)


def _tell_followers() -> None:
    for owner, updates in list(_followers.items()):
        for update in updates:
            if isValid(owner):
                update(owner)
