"""The source tree as the architecture tests read it."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
PACKAGES = ("forensics", "gui", "reports", "migrations")
_NOT_OURS = {
    ".git",
    ".venv",
    ".cache",
    "__pycache__",
    ".mypy_cache",
    ".ruff_cache",
    ".hypothesis",
    ".import_linter_cache",
}


@cache
def files() -> tuple[Path, ...]:
    """Every file of the project, relative to its top: what git would keep, or all where there is no git."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=TOP, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return tuple(sorted(_walk()))
    kept = (Path(name) for name in listed.split("\0") if name)
    return tuple(sorted(path for path in kept if (TOP / path).is_file()))


def _walk() -> Iterator[Path]:
    for path in TOP.rglob("*"):
        relative = path.relative_to(TOP)
        if path.is_file() and not _NOT_OURS.intersection(relative.parts):
            yield relative


@dataclass(frozen=True)
class Module:
    """A Python file of a package, read and parsed."""

    path: Path
    text: str
    tree: ast.Module

    def at(self, node: ast.AST) -> str:
        """Where a node is, as a person looks it up."""
        return f"{self.path.as_posix()}:{getattr(node, 'lineno', 1)}"


@cache
def modules(*packages: str) -> tuple[Module, ...]:
    """The modules below the packages (all of ours when none is named), for example `gui/places`."""
    wanted = [Path(package) for package in packages or PACKAGES]
    python = [path for path in files() if path.suffix == ".py"]
    below = [path for path in python if any(path.is_relative_to(folder) for folder in wanted)]
    return tuple(_read(path) for path in below)


@cache
def _read(path: Path) -> Module:
    text = (TOP / path).read_text(encoding="utf-8")
    return Module(path, text, ast.parse(text, str(path)))


def docstrings(tree: ast.Module) -> set[int]:
    """The identities of the constants that are docstrings, which say things and do nothing."""
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    bodies = [node.body for node in ast.walk(tree) if isinstance(node, kinds)]
    firsts = [body[0] for body in bodies if body]
    return {id(first.value) for first in firsts if isinstance(first, ast.Expr)}


def strings(module: Module) -> Iterator[tuple[ast.Constant, str]]:
    """Every text in the code that is not a docstring, parts of f-strings included."""
    silent = docstrings(module.tree)
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in silent:
            yield node, node.value
