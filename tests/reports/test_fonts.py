"""The shipped typefaces load, speak our scripts, and keep figures in columns."""

from pathlib import Path

import pytest
import uharfbuzz as hb

from reports.fonts import FACES, FOLDER, Face, face_of, font_path
from reports.fonts.metrics import metrics, text_width

SANS = [face for face in FACES if face.family == "Noto Sans"]
EVERY = pytest.mark.parametrize("face", FACES, ids=lambda face: face.name)


def _harfbuzz(face: Face) -> hb.Font:
    return hb.Font(hb.Face(hb.Blob.from_file_path(str(face.path))))


def _shaped_width(font: hb.Font, text: str) -> int:
    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    hb.shape(font, buffer, {"kern": False, "liga": False})
    return sum(position.x_advance for position in buffer.glyph_positions)


@EVERY
def test_every_face_loads_under_its_own_family_and_weight(face: Face) -> None:
    names = _harfbuzz(face).face
    typographic = names.get_name(hb.OTNameIdPredefined.TYPOGRAPHIC_FAMILY)
    assert (typographic or names.get_name(hb.OTNameIdPredefined.FONT_FAMILY)) == face.family
    assert names.get_name(hb.OTNameIdPredefined.POSTSCRIPT_NAME) == face.name
    assert _harfbuzz(face).get_style_value(hb.StyleTag.WEIGHT) == face.weight


@EVERY
def test_digits_have_one_width(face: Face) -> None:
    advances = metrics(face).advances
    assert len({advances[ord(digit)] for digit in "0123456789"}) == 1


@pytest.mark.parametrize("face", SANS, ids=lambda face: face.name)
@pytest.mark.parametrize(
    "text",
    [
        "Čapljina Đurđević Łódź Nguyễn",
        "Сребреница Ґанна",
        "Θεσσαλονίκη",
        "− × ± ½ ₁₀ θ ≥ ≤ ≠ ≈ ∞ → ← ↑ ↓ ✓ ✗ ● ○ ■ □ ▲ △",
    ],
)
def test_sans_covers_latin_cyrillic_greek_and_the_signs_of_figures(face: Face, text: str) -> None:
    assert metrics(face).covers(text)


@pytest.mark.parametrize("name", ["NotoSansArabic-Regular", "NotoSansArabic-SemiBold"])
def test_arabic_face_covers_arabic_persian_and_urdu(name: str) -> None:
    face = next(face for face in FACES if face.name == name)
    assert metrics(face).covers("محمد عبد الله گچپژ ٹڈڑے ٠١٢٣٤٥٦٧٨٩")


def test_mono_gives_every_sign_of_a_token_the_same_width() -> None:
    mono = metrics(face_of("Noto Sans Mono"))
    assert len({mono.advances[ord(sign)] for sign in "NOM-2K7Q.9.3il0O"}) == 1


@pytest.mark.parametrize("face", SANS, ids=lambda face: face.name)
def test_measured_widths_equal_those_of_an_independent_shaper(face: Face) -> None:
    for text in ("Remains R-0042", "log10 LR 7.83", "Dvořák"):
        assert metrics(face).width(text, 1000) == _shaped_width(_harfbuzz(face), text)


def test_width_grows_with_size_and_weight() -> None:
    assert text_width("Sister", 20) == pytest.approx(2 * text_width("Sister", 10))
    assert text_width("Sister", 10, weight=600) > text_width("Sister", 10)


def test_a_family_that_is_not_shipped_falls_back_to_sans() -> None:
    assert face_of("Comic Sans", 700).name == "NotoSans-SemiBold"


def test_licence_stands_beside_the_files_and_they_stay_small() -> None:
    licence = (FOLDER / "OFL.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence
    assert all(family in licence for family in {face.family for face in FACES})
    assert {path.name for path in FOLDER.glob("*.ttf")} == {font_path(face.name).name for face in FACES}
    assert sum(path.stat().st_size for path in Path(FOLDER).glob("*.ttf")) < 4_000_000
