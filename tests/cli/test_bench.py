"""`nomina bench`: prints its figures and keeps them in a file."""

import json
from pathlib import Path

from click.testing import CliRunner

from forensics.cli.bench import command


def test_the_figures_are_printed_and_kept(tmp_path: Path) -> None:
    file = tmp_path / "figures.json"
    made = CliRunner().invoke(
        command, ["--size", "13", "--markers", "65", "--joint", "none", "--json", str(file)]
    )
    assert made.exit_code == 0, made.output
    assert "kernel / gather" in made.output
    kept = json.loads(file.read_text(encoding="utf-8"))
    assert kept["searches"][0]["families"] == 13
    assert kept["joint"] == []
    assert set(kept) >= {"machine", "kernel", "compiling", "panel", "new", "blind"}


def test_the_lists_of_a_grown_laboratory_are_asked_and_kept(tmp_path: Path) -> None:
    file = tmp_path / "lists.json"
    made = CliRunner().invoke(command, ["--lists", "600", "--json", str(file)])
    assert made.exit_code == 0, made.output
    assert "items, by number" in made.output
    rows = {one["question"]: one["rows"] for one in json.loads(file.read_text(encoding="utf-8"))}
    assert rows["samples, of all operations"] == 600


def test_new_profiles_of_a_laboratory_are_compared_one_by_one(tmp_path: Path) -> None:
    file = tmp_path / "changes.json"
    made = CliRunner().invoke(command, ["--changes", "20", "--json", str(file)])
    assert made.exit_code == 0, made.output
    rows = json.loads(file.read_text(encoding="utf-8"))
    assert [one["cold"] for one in rows] == [True, *[False] * (len(rows) - 1)]
    assert [one["profiles"] for one in rows] == list(
        range(rows[0]["profiles"], rows[0]["profiles"] + len(rows))
    )
    assert "families kept" in made.output
