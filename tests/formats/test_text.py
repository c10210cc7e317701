"""Bytes to text: which code page a table without a mark is in."""

from __future__ import annotations

import pytest

from forensics.formats.text import decode


@pytest.mark.parametrize(
    ("words", "encoding"),
    [
        ("Muñoz Peña, Señora Núñez", "latin-1"),
        ("Gonçalves; João; œuvre; Müller", "cp1252"),
        ("¿Hermana? Garçon", "latin-1"),
        ("Živković, Šarić", "cp1250"),
        ("Đorđe Đurić", "cp1250"),
        ("Łódź, Małgorzata, Paweł Wójcik", "cp1250"),
        ("Ťažký, Jaroměř, ľavý", "cp1250"),
        ("Ærø, Søren, fête, è più", "cp1252"),
        ("Škaljari ł", "utf-8"),
        ("Škaljari ł", "utf-16"),
    ],
)
def test_the_code_page_is_told_by_its_letters(words: str, encoding: str) -> None:
    assert decode(words.encode(encoding)) == words
