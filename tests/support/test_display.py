"""The screen of the tests shows real windows."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from PIL import Image

from tests.support.display import Display

_WINDOW = """
from PySide6.QtGui import QColor, QGuiApplication, QRasterWindow, QPainter
class Window(QRasterWindow):
    def paintEvent(self, event):
        QPainter(self).fillRect(0, 0, self.width(), self.height(), QColor(10, 120, 110))
app = QGuiApplication([])
window = Window()
window.resize(300, 200)
window.show()
print("shown", flush=True)
app.exec()
"""


def test_a_window_that_is_opened_is_seen_in_the_picture(display: Display, tmp_path: Path) -> None:
    program = subprocess.Popen(
        [sys.executable, "-c", _WINDOW], env=display.environment, stdout=subprocess.PIPE, text=True
    )
    assert program.stdout
    with program.stdout as said:
        said.readline()
        try:
            assert _seen(display, tmp_path / "screen.png", (10, 120, 110))
        finally:
            program.kill()
            program.wait()


def _seen(display: Display, path: Path, colour: tuple[int, int, int]) -> bool:
    for _ in range(20):
        with Image.open(display.picture(path)) as picture:
            pixels = picture.convert("RGB").getcolors(picture.width * picture.height) or []
        if any(count >= 300 * 200 * 0.9 and found == colour for count, found in pixels):
            return True
        time.sleep(0.2)
    return False
