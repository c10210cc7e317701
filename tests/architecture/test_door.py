"""Nothing behind the door is reachable without a declared permission."""

from __future__ import annotations

import ast
import inspect
import pkgutil
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

from forensics import services
from forensics.domain.people import Permission
from tests.support.source import Module, modules


def _modules() -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(services.__path__, "forensics.services."):
        yield import_module(found.name)


def _public(module: ModuleType) -> Iterator[tuple[str, object]]:
    """What the module itself defines and offers."""
    for name, thing in vars(module).items():
        if not name.startswith("_") and getattr(thing, "__module__", "") == module.__name__:
            yield f"{module.__name__}.{name}", thing


def takes_a_transaction(thing: object) -> bool:
    """Whether the first thing it wants is a transaction, which only the door hands out."""
    if not inspect.isfunction(thing):
        return False
    first = next(iter(inspect.signature(thing).parameters.values()), None)
    return first is not None and (first.name == "tx" or "Transaction" in str(first.annotation))


def unguarded(offered: Iterable[tuple[str, object]]) -> set[str]:
    """Public functions of a transaction without a permission: steps that use cases share."""
    return {
        name
        for name, thing in offered
        if takes_a_transaction(thing) and not isinstance(getattr(thing, "permission", None), Permission)
    }


def imported(module: Module) -> Iterator[tuple[str, str]]:
    """Everything a module takes from another by name: (where, dotted name)."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from ((module.at(node), f"{node.module}.{alias.name}") for alias in node.names)


def opens_a_transaction(module: Module) -> list[str]:
    """Places that ask a store for a transaction."""
    return [
        module.at(node)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"reading", "writing"}
        and isinstance(node.func.value, ast.Name | ast.Attribute)
    ]


def test_what_the_window_reports_and_commands_call_declares_its_permission() -> None:
    steps = unguarded(pair for module in _modules() for pair in _public(module))
    outside = [module for module in modules() if module.path.parts[:2] != ("forensics", "services")]
    assert [place for module in outside for place in imported(module) if place[1] in steps] == []


def test_a_step_without_a_permission_is_seen() -> None:
    def receive(tx: object) -> None:
        """Lacks its decorator."""

    assert unguarded([("receive", receive)]) == {"receive"}


def test_the_door_alone_opens_a_transaction() -> None:
    allowed = {
        "forensics/services/door.py",
        "forensics/services/laboratories.py",  # before anybody is signed in: create, open, upgrade, restore
    }
    others = [m for m in modules() if m.path.as_posix() not in allowed and m.path.parts[1] != "persistence"]
    assert [place for module in others for place in opens_a_transaction(module)] == []


def test_a_transaction_past_the_door_is_seen() -> None:
    text = "with self.store.writing(person, 'act') as act: pass"
    assert opens_a_transaction(Module(Path("gui/x.py"), text, ast.parse(text))) == ["gui/x.py:1"]
