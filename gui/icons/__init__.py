"""Icons of one set and one weight, coloured from the palette; drawn when first asked for."""

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QAbstractButton

from gui.icons.paths import PATHS
from gui.look import ICON, is_mirrored, look, on_look_changed


def svg(name: str, color: str) -> bytes:
    """The icon as SVG text; `color` is #RRGGBB."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path fill="{color}" d="{PATHS[name]}"/></svg>'
    ).encode()


def pixmap(name: str, tone: str = "muted", size: int = ICON, ratio: float = 1.0) -> QPixmap:
    """The icon in the palette's colour `tone`, `size` pixels wide on a screen of `ratio`."""
    return _drawn(name, getattr(look().palette, tone), size, ratio)


@lru_cache(maxsize=512)
def _drawn(name: str, color: str, size: int, ratio: float) -> QPixmap:
    from PySide6.QtSvg import QSvgRenderer

    result = QPixmap(QSize(round(size * ratio), round(size * ratio)))
    result.fill(Qt.GlobalColor.transparent)
    painter = QPainter(result)
    QSvgRenderer(QByteArray(svg(name, color))).render(painter, QRectF(result.rect()))
    painter.end()
    result.setDevicePixelRatio(ratio)
    return result


def icon(name: str, tone: str = "muted", size: int = ICON, air: int = 0) -> QIcon:
    """An icon for buttons and menus, with its disabled form; `air` is empty room after it, in pixels."""
    palette = look().palette
    return _made(name, getattr(palette, tone), palette.faint, size, air if not is_mirrored() else -air)


@lru_cache(maxsize=512)
def _made(name: str, color: str, disabled: str, size: int, air: int) -> QIcon:
    result = QIcon()
    for ratio in (1.0, 2.0):
        result.addPixmap(_aired(_drawn(name, color, size, ratio), air, ratio))
        result.addPixmap(_aired(_drawn(name, disabled, size, ratio), air, ratio), QIcon.Mode.Disabled)
    return result


def _aired(drawn: QPixmap, air: int, ratio: float) -> QPixmap:
    if not air:
        return drawn
    """With empty room after the icon, before it where `air` is negative: read from right to left."""
    result = QPixmap(drawn.width() + round(abs(air) * ratio), drawn.height())
    result.fill(Qt.GlobalColor.transparent)
    result.setDevicePixelRatio(ratio)
    painter = QPainter(result)
    painter.drawPixmap(max(0, -air), 0, drawn)
    painter.end()
    return result


def set_icon(button: QAbstractButton, name: str, tone: str = "muted", size: int = ICON) -> None:
    """Give the button an icon that follows the look, with air between it and a word."""
    air = 5 if button.text() else 0
    button.setIconSize(QSize(size + air, size))
    on_look_changed(button, lambda b: b.setIcon(icon(name, tone, size, air)))
