"""Nothing behind the door is reachable without a declared permission."""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Callable, Iterator
from importlib import import_module
from types import ModuleType

from forensics import services
from forensics.domain.people import Permission


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


def unguarded(offered: Iterator[tuple[str, object]]) -> list[str]:
    """Public functions of a transaction that declare no permission."""
    return [
        name
        for name, thing in offered
        if takes_a_transaction(thing) and not isinstance(getattr(thing, "permission", None), Permission)
    ]


def test_every_use_case_declares_its_permission() -> None:
    assert [name for module in _modules() for name in unguarded(_public(module))] == []


def test_a_use_case_without_a_permission_is_seen() -> None:
    def receive(tx: object) -> None:
        """Lacks its decorator."""

    offered: list[tuple[str, Callable[..., object]]] = [("receive", receive)]
    assert unguarded(iter(offered)) == ["receive"]
