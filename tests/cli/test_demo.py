"""`nomina demo`: what it offers and refuses; the walk itself is in tests/journeys/test_demonstration.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from forensics.services.workstation import demonstration_file
from tests.support.commands import Commands


def test_help_says_what_headless_means(nomina: Commands) -> None:
    said = nomina("demo", "--help")
    assert said.status == 0
    assert "--headless" in said.out


def test_the_window_opens_on_the_laboratory_that_was_made(
    nomina: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The laboratory is there already, so only the window is left to open."""
    import gui.app

    opened: list[tuple[Path | None, bool]] = []

    def run(laboratory: Path | None = None, demo: bool = False) -> int:
        opened.append((laboratory, demo))
        return 0

    monkeypatch.setattr(gui.app, "run", run)
    place = Path(nomina.labs.location)
    nomina.labs.close()
    said = nomina("demo", "--laboratory", place)
    assert said.status == 0, said.err
    assert opened == [(place, False)]
    assert "sign in as tamara" in said.out


def test_the_usual_place_is_in_the_persons_own_data() -> None:
    assert demonstration_file().parts[-3:] == ("nomina", "demonstration", "demonstration.nomina")


def test_a_seed_is_a_number(nomina: Commands) -> None:
    assert nomina("demo", "--headless", "--seed", "many").status == 2


def test_a_place_that_can_not_be_written_is_said(nomina: Commands, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    said = nomina("demo", "--headless", "--laboratory", tmp_path / "file" / "demo.nomina")
    assert "choose another place" in said.refused()
