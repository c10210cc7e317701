"""The documents lead somewhere: no link is broken, and the README's two commands are the real ones."""

from __future__ import annotations

import re
from pathlib import Path

from tests.support.source import TOP, files

_LINK = re.compile(r"\]\((?!https?://|mailto:|#)([^)#\s]+)")


def broken_links(path: Path, text: str) -> list[str]:
    """Relative targets that are not there."""
    return [link for link in _LINK.findall(text) if not (TOP / path.parent / link).exists()]


def test_every_relative_link_of_a_document_leads_to_a_file() -> None:
    texts = {path: (TOP / path).read_text(encoding="utf-8") for path in files() if path.suffix == ".md"}
    found = {path.as_posix(): broken_links(path, text) for path, text in texts.items()}
    assert {path: links for path, links in found.items() if links} == {}


def test_a_broken_link_is_seen() -> None:
    text = "[a](no-such-page.md) [b](index.md) [c](https://example.org/x)"
    assert broken_links(Path("docs/index.md"), text) == ["no-such-page.md"]


def test_the_readme_names_the_commands_that_set_up_and_test() -> None:
    lines = (TOP / "README.md").read_text(encoding="utf-8").splitlines()
    assert {"python3 bootstrap.py", "python3 bootstrap.py test"} <= set(lines)
    assert "python3 bootstrap.py test" in (TOP / ".ci/run").read_text(encoding="utf-8")
