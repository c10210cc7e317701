"""Codes in a picture: a photograph or a screenshot of a label is read as if it had been scanned.

There is no reading from a camera: the part of Qt that opens cameras is not among what this program installs.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QImage, QImageReader
from PySide6.QtWidgets import QFileDialog, QWidget

from forensics.domain.errors import Invalid, NominaError, Unavailable

LARGEST = 64  # megapixels; a telephone's photograph has 12 to 50


def _say(words: str) -> str:
    return QCoreApplication.translate("ScanPicture", words)


def codes_in(path: Path) -> list[str]:
    """Every code of a picture, from the top down; `Invalid` where there is none."""
    import numpy as np
    import zxingcpp

    reader = QImageReader(str(path))
    reader.setAutoTransform(True)
    size = reader.size()
    if size.isValid() and size.width() * size.height() > LARGEST * 1_000_000:
        raise Invalid(
            _say("{0} is larger than {1} megapixels; cut out the label.").format(path.name, LARGEST)
        )
    image = reader.read()
    if image.isNull():
        raise Unavailable(
            _say("{0} can't be read as a picture: {1}.").format(path.name, reader.errorString())
        )
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    lines = np.frombuffer(grey.constBits(), np.uint8).reshape(grey.height(), grey.bytesPerLine())
    found = zxingcpp.read_barcodes(np.ascontiguousarray(lines[:, : grey.width()]))
    found.sort(key=lambda code: (code.position.top_left.y, code.position.top_left.x))
    texts = list(dict.fromkeys(code.text.strip() for code in found if code.text.strip()))
    if not texts:
        raise Invalid(
            _say("No code was found in {0}; take the picture closer and straight.").format(path.name)
        )
    return texts


def read_picture(window: QWidget, scanned: Callable[[str], None]) -> None:
    """Ask for a picture and hand each of its codes on."""
    from gui.widgets.banner import tell

    kinds = " ".join(f"*.{bytes(one.data()).decode()}" for one in QImageReader.supportedImageFormats())
    name, _ = QFileDialog.getOpenFileName(
        window, _say("Scan from picture"), "", _say("Pictures ({0})").format(kinds)
    )
    if not name:
        return
    try:
        codes = codes_in(Path(name))
    except NominaError as error:
        tell(str(error))
        return
    for code in codes:
        scanned(code)
