"""The guide says what the program does: commands, options, anchors, logins, roles and sentences are the real ones."""

from __future__ import annotations

import re
import shlex
from functools import cache
from pathlib import Path

import click
import pytest

from forensics.cli.main import nomina
from forensics.domain.people import Role
from forensics.services.demonstration import PASSPHRASE, PASSWORD, PEOPLE
from gui.places.settings_words import role_allows
from tests.support.source import TOP, files

_FENCED = re.compile(r"^```[a-z]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"`(nomina [a-z][^`\n]*)`")
_ANCHOR = re.compile(r"\]\(([^)\s#]*)#([^)\s]+)\)")
_SAID = re.compile(r"^\| \*(.+?)\* \|", re.MULTILINE)
GUIDE = Path("docs/guide")


def documents() -> dict[Path, str]:
    kept = [p for p in files() if p.suffix == ".md" and "decisions" not in p.parts]
    return {path: (TOP / path).read_text(encoding="utf-8") for path in kept}


def commands(text: str) -> list[str]:
    """Every `nomina …` of a text, without what is explained beside it."""
    lines = [line for block in _FENCED.findall(text) for line in block.splitlines()]
    found = [line.strip() for line in lines if re.match(r"\s*nomina [a-z]", line)] + _INLINE.findall(text)
    return [re.split(r"\s{3,}| · | 3<", line)[0].replace("…", "").strip() for line in found]


def faults(line: str) -> list[str]:
    """What of a command line the program does not know: subcommands and options."""
    command: click.Command = nomina
    unknown = []
    for word in shlex.split(line)[1:]:
        with click.Context(command) as context:
            if isinstance(command, click.Group) and not word.startswith("-"):
                below = command.get_command(context, word)
                if below is None:
                    return [f"{line}: no command {word}"]
                command = below
            elif word.startswith("--") and word != "--help":
                options = {name for one in command.get_params(context) for name in one.opts}
                unknown += [] if word in options else [f"{line}: no option {word}"]
    return unknown


def test_every_command_and_option_in_the_documents_exists() -> None:
    lines = [line for text in documents().values() for line in commands(text)]
    assert len(lines) > 30
    assert [fault for line in lines for fault in faults(line)] == []


@pytest.mark.parametrize(
    "line", ["nomina exhume", "nomina verify x.pdf --believe", "nomina report burn RE-1"]
)
def test_a_command_or_option_that_is_not_there_is_seen(line: str) -> None:
    assert faults(line)


def anchors(text: str) -> set[str]:
    """The headings of a document as a link names them."""
    titles = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def test_every_link_into_a_page_leads_to_a_heading() -> None:
    wrong = []
    for path, text in documents().items():
        for target, anchor in _ANCHOR.findall(text):
            if not target.startswith("http"):
                page = (TOP / path.parent / target) if target else TOP / path
                if anchor not in anchors(page.read_text(encoding="utf-8")):
                    wrong.append(f"{path}: {target}#{anchor}")
    assert wrong == []


def test_the_table_of_roles_is_what_the_program_says() -> None:
    text = (TOP / GUIDE / "administration.md").read_text(encoding="utf-8")
    assert [role for role in Role if f"| {role.value} | {role_allows(role)} |" not in text] == []


def test_the_demonstration_opens_with_the_logins_of_the_guide() -> None:
    text = (TOP / GUIDE / "getting-started.md").read_text(encoding="utf-8")
    told = set(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE))
    assert told == {"admin", *(login for login, *_ in PEOPLE)}
    assert f"Every password is `{PASSWORD}`; the laboratory's passphrase is `{PASSPHRASE}`" in text


@cache
def program() -> str:
    """All text of the program on one line, its string literals joined and their placeholders taken out."""
    folders = {"forensics", "gui", "reports"}
    code = " ".join(
        (TOP / p).read_text("utf-8") for p in files() if p.suffix == ".py" and p.parts[0] in folders
    )
    joined = re.sub(r"\"\s*f?\"", "", code)
    return re.sub(r"\s+", " ", joined)


def test_every_sentence_of_trouble_is_one_that_the_program_says() -> None:
    text = (TOP / GUIDE / "administration.md").read_text(encoding="utf-8")
    sentences = _SAID.findall(text)
    assert len(sentences) > 10
    pieces = [(s, piece.strip(" .,;“”()")) for s in sentences for piece in re.split(r"…", s)]
    assert [s for s, piece in pieces if len(piece) > 3 and piece not in program()] == []
