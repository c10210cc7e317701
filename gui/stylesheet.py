"""The one stylesheet, written from the palette; widgets carry a `kind` property that it knows.

Thin rules instead of boxes, no gradients, no bevels, and a focus ring that is always to be seen.
"""

from pathlib import Path

from reports.palette import Palette

ICONS = Path(__file__).parent / "icons"

BASE, SMALL, LARGE = 10.5, 9.0, 15.0


def stylesheet(p: Palette, scale: float = 1.0, mirrored: bool = False) -> str:
    """Qt style rules for all that the platform style does not draw as we wish."""
    rules = "".join(part(p, scale) for part in (_text, _buttons, _fields, _lists, _frames, _bars))
    if mirrored:  # Qt mirrors layouts and text by itself, borders it does not
        rules = rules.replace("border-left: 3px", "border-right: 3px")
        rules = rules.replace("border-right: 1px", "border-left: 1px")
    return rules


def _text(p: Palette, scale: float) -> str:
    return f"""
    QToolTip {{ background: {p.raised}; color: {p.text}; border: 1px solid {p.line_strong}; padding: 4px 6px; }}
    QLabel[kind="large"] {{ font-size: {LARGE * scale:g}pt; font-weight: 600; }}
    QLabel[kind="strong"] {{ font-weight: 600; }}
    QLabel[kind="muted"] {{ color: {p.muted}; }}
    QLabel[kind="small"] {{ color: {p.muted}; font-size: {SMALL * scale:g}pt; }}
    QLabel[kind="label"] {{ color: {p.muted}; font-size: {SMALL * scale:g}pt; font-weight: 600; }}
    QLabel[kind="error"] {{ color: {p.refused}; font-size: {SMALL * scale:g}pt; }}
    QLabel[kind="mono"] {{ font-family: "Noto Sans Mono"; }}
    QLabel[kind="unknown"] {{ color: {p.muted}; font-style: italic; }}
    """


def _buttons(p: Palette, scale: float) -> str:  # noqa: ARG001 - one signature for every part
    return f"""
    QPushButton {{ background: {p.surface}; color: {p.text}; border: 1px solid {p.line_strong};
        border-radius: 5px; padding: 0 14px; min-height: 30px; outline: none; }}
    QPushButton:hover {{ background: {p.raised}; border-color: {p.faint}; }}
    QPushButton:pressed, QPushButton:checked {{ background: {p.accent_soft}; border-color: {p.accent}; }}
    QPushButton:focus {{ border: 2px solid {p.accent}; padding: 0 13px; min-height: 28px; }}
    QPushButton:disabled {{ color: {p.faint}; border-color: {p.line}; background: transparent; }}
    QPushButton[kind="primary"] {{ background: {p.accent}; color: {p.on_accent}; border-color: {p.accent};
        font-weight: 600; }}
    QPushButton[kind="primary"]:hover {{ border-color: {p.text}; }}
    QPushButton[kind="primary"]:focus {{ border: 2px solid {p.text}; }}
    QPushButton[kind="primary"]:disabled {{ background: {p.line}; color: {p.muted}; border-color: {p.line}; }}
    QPushButton[kind="danger"] {{ color: {p.refused}; border-color: {p.refused}; }}
    QPushButton[kind="danger"]:hover {{ background: {p.refused_soft}; }}
    QPushButton[kind="plain"] {{ border-color: transparent; background: transparent; padding: 0 10px; }}
    QPushButton[kind="plain"]:hover {{ background: {p.raised}; border-color: {p.line}; }}
    QPushButton[kind="plain"]:focus {{ border: 2px solid {p.accent}; padding: 0 9px; }}
    QPushButton[kind="link"] {{ border-color: transparent; background: transparent; color: {p.accent};
        padding: 0 4px; text-align: left; }}
    QPushButton[kind="link"]:hover {{ text-decoration: underline; }}
    QPushButton[kind="link"]:focus {{ border: 2px solid {p.accent}; padding: 0 3px; }}
    QPushButton[kind="inline"] {{ border: none; border-radius: 2px; background: transparent; color: {p.accent};
        padding: 0; min-height: 22px; text-align: left; }}
    QPushButton[kind="inline"]:hover {{ text-decoration: underline; }}
    QPushButton[kind="inline"]:focus {{ background: {p.accent_soft}; text-decoration: underline; }}
    QPushButton[kind="chip"] {{ min-height: 24px; border-radius: 13px; padding: 0 12px; color: {p.muted}; }}
    QPushButton[kind="chip"]:focus {{ border: 2px solid {p.accent}; padding: 0 11px; min-height: 22px; }}
    QPushButton[kind="chip"][active="true"] {{ background: {p.accent_soft}; color: {p.text};
        border-color: {p.accent}; }}
    QPushButton::menu-indicator {{ image: none; width: 0; }}
    QToolButton {{ border: 1px solid transparent; border-radius: 5px; padding: 4px; background: transparent;
        color: {p.text}; }}
    QToolButton:hover {{ background: {p.raised}; border-color: {p.line}; }}
    QToolButton:focus {{ border: 2px solid {p.accent}; padding: 3px; }}
    QToolButton:checked {{ background: {p.accent_soft}; }}
    QToolButton::menu-indicator {{ image: none; width: 0; }}
    """


def _fields(p: Palette, scale: float) -> str:  # noqa: ARG001 - one signature for every part
    box = "QLineEdit, QPlainTextEdit, QTextEdit, QComboBox, QAbstractSpinBox"
    return f"""
    {box} {{ background: {p.surface}; color: {p.text}; border: 1px solid {p.faint}; border-radius: 5px;
        padding: 0 9px; min-height: 30px; selection-background-color: {p.accent};
        selection-color: {p.on_accent}; }}
    QPlainTextEdit, QTextEdit {{ padding: 4px 5px; }}
    {", ".join(f"{b.strip()}:focus" for b in box.split(","))} {{ border: 2px solid {p.accent};
        padding: 0 8px; min-height: 28px; }}
    QPlainTextEdit:focus, QTextEdit:focus {{ padding: 3px 4px; }}
    {", ".join(f"{b.strip()}:disabled" for b in box.split(","))} {{ color: {p.muted};
        background: {p.window}; border-color: {p.line}; }}
    {", ".join(f'{b.strip()}[wrong="true"]' for b in box.split(","))} {{ border: 2px solid {p.refused};
        padding: 0 8px; min-height: 28px; }}
    QLineEdit[kind="mono"] {{ font-family: "Noto Sans Mono"; }}
    QLineEdit[kind="search"] {{ border-color: {p.line_strong}; }}
    QLineEdit[kind="search"]:focus {{ border: 2px solid {p.accent}; }}
    QComboBox {{ padding-left: 11px; }}
    QComboBox:focus {{ padding-left: 10px; }}
    QComboBox::drop-down {{ border: none; width: 26px; }}
    QComboBox::down-arrow {{ image: none; width: 0; }}
    QComboBox QAbstractItemView {{ background: {p.surface}; border: 1px solid {p.line_strong}; outline: none;
        selection-background-color: {p.selection}; selection-color: {p.text}; padding: 4px; }}
    QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{ width: 0; border: none; }}
    QCheckBox, QRadioButton {{ spacing: 8px; min-height: 26px; padding: 0 4px; border: 2px solid transparent;
        border-radius: 4px; }}
    QCheckBox::indicator, QRadioButton::indicator {{ width: 16px; height: 16px; border: 1px solid {p.faint};
        background: {p.surface}; }}
    QCheckBox::indicator {{ border-radius: 4px; }}
    QRadioButton::indicator {{ border-radius: 9px; }}
    QCheckBox::indicator:checked {{ background: {p.accent}; border-color: {p.accent};
        image: url("{(ICONS / f"tick-{p.name}.svg").as_posix()}"); }}
    QRadioButton::indicator:checked {{ border: 5px solid {p.accent}; width: 8px; height: 8px; }}
    QCheckBox::indicator:disabled, QRadioButton::indicator:disabled {{ border-color: {p.line}; }}
    QCheckBox:focus, QRadioButton:focus {{ border-color: {p.accent}; }}
    """


def _lists(p: Palette, scale: float) -> str:
    return f"""
    QAbstractItemView {{ background: {p.surface}; alternate-background-color: {p.surface}; border: none;
        selection-background-color: {p.selection}; selection-color: {p.text}; outline: none; }}
    QTableView {{ gridline-color: transparent; }}
    QHeaderView {{ background: {p.surface}; border: none; }}
    QHeaderView::section {{ background: {p.surface}; color: {p.muted}; border: none;
        border-bottom: 1px solid {p.line_strong}; padding: 6px 10px; font-size: {SMALL * scale:g}pt;
        font-weight: 600; }}
    QHeaderView::section:hover {{ color: {p.text}; background: {p.raised}; }}
    QHeaderView::up-arrow, QHeaderView::down-arrow {{ width: 0; height: 0; image: none; }}
    QAbstractScrollArea::corner {{ background: {p.surface}; border: none; }}
    QTableCornerButton::section {{ background: {p.surface}; border: none; }}
    QScrollBar:vertical {{ background: transparent; width: 12px; margin: 0; }}
    QScrollBar:horizontal {{ background: transparent; height: 12px; margin: 0; }}
    QScrollBar::handle {{ background: {p.line_strong}; border-radius: 4px; margin: 2px; min-height: 32px;
        min-width: 32px; }}
    QScrollBar::handle:hover {{ background: {p.faint}; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: none; }}
    QMenu {{ background: {p.surface}; border: 1px solid {p.line_strong}; padding: 4px; }}
    QMenu::item {{ padding: 6px 24px 6px 12px; border-radius: 4px; color: {p.text}; }}
    QMenu::item:selected {{ background: {p.selection}; }}
    QMenu::item:disabled {{ color: {p.faint}; }}
    QMenu::icon {{ padding-left: 8px; }}
    QMenu::separator {{ height: 1px; background: {p.line}; margin: 4px 8px; }}
    """


def _frames(p: Palette, scale: float) -> str:
    marks = "".join(
        f"""
    QFrame[kind="banner"][meaning="{name}"] {{ background: {getattr(p, name + "_soft")};
        border: none; border-left: 3px solid {getattr(p, name)}; border-radius: 3px; }}
    QFrame[kind="toast"][meaning="{name}"] {{ border-left: 3px solid {getattr(p, name)}; }}"""
        for name in ("waiting", "good", "attention", "refused")
    )
    return f"""
    QFrame[kind="rule"] {{ background: {p.line}; border: none; max-height: 1px; min-height: 1px; }}
    QFrame[kind="upright"] {{ background: {p.line}; border: none; max-width: 1px; min-width: 1px; }}
    QFrame[kind="surface"], QScrollArea[kind="surface"], QWidget[kind="surface"] {{ background: {p.surface};
        border: none; }}
    QFrame[kind="card"] {{ background: {p.surface}; border: 1px solid {p.line}; border-radius: 8px; }}
    QFrame[kind="well"] {{ background: {p.raised}; border: 1px solid {p.line}; border-radius: 5px; }}
    QFrame[kind="banner"] {{ background: {p.raised}; border: none; border-left: 3px solid {p.line_strong};
        border-radius: 3px; }}
    QFrame[kind="toast"] {{ background: {p.surface}; border: 1px solid {p.line_strong}; border-radius: 6px;
        border-left: 3px solid {p.accent}; }}
    QFrame[kind="palette"] {{ background: {p.surface}; border: 1px solid {p.line_strong};
        border-radius: 8px; }}
    QFrame[kind="palette"] QLineEdit {{ border: none; border-radius: 0; min-height: 44px;
        font-size: {12.5 * scale:g}pt; background: transparent; padding: 0 4px; }}
    QScrollArea {{ background: transparent; border: none; }}
    QScrollArea > QWidget > QWidget[kind="page"] {{ background: {p.surface}; }}
    QDialog {{ background: {p.window}; }}
    QSplitter::handle {{ background: {p.line}; }}
    {marks}
    """


def _bars(p: Palette, scale: float) -> str:
    return f"""
    QFrame[kind="rail"] {{ background: {p.window}; border: none; border-right: 1px solid {p.line}; }}
    QFrame[kind="header"] {{ background: {p.window}; border: none; border-bottom: 1px solid {p.line}; }}
    QFrame[kind="tasks"] {{ background: {p.window}; border: none; border-top: 1px solid {p.line}; }}
    QToolButton[kind="place"] {{ color: {p.muted}; text-align: left; padding: 0 10px; border-radius: 6px;
        border: 2px solid transparent; }}
    QToolButton[kind="place"]:hover {{ background: {p.raised}; color: {p.text}; }}
    QToolButton[kind="place"]:checked {{ background: {p.accent_soft}; color: {p.text}; font-weight: 600; }}
    QToolButton[kind="place"]:focus {{ border-color: {p.accent}; }}
    QLabel[kind="wordmark"] {{ font-size: {LARGE * scale:g}pt; font-weight: 600; color: {p.accent}; }}
    QPushButton[kind="searchbox"] {{ background: {p.surface}; color: {p.muted}; text-align: left;
        border: 1px solid {p.line_strong}; padding: 0 12px; }}
    QPushButton[kind="searchbox"]:hover {{ border-color: {p.accent}; }}
    QPushButton[kind="searchbox"]:focus {{ border: 2px solid {p.accent}; padding: 0 11px; }}
    QProgressBar {{ border: none; background: {p.line}; border-radius: 2px; max-height: 4px; min-height: 4px; }}
    QProgressBar::chunk {{ background: {p.accent}; border-radius: 2px; }}
    """
