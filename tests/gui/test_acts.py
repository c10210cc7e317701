"""Every act that the audit can name has words of its own for people."""

from __future__ import annotations

import pkgutil
from importlib import import_module

from forensics import services
from forensics.services.auditing import act_in_words
from forensics.services.door import UseCase
from gui.places.acts import ACTS


def acts() -> set[str]:
    """The names of all commands as the audit says them."""
    modules = [
        import_module(f"{services.__name__}.{one.name}") for one in pkgutil.iter_modules(services.__path__)
    ]
    named = {
        thing for m in modules for thing in vars(m).values() if isinstance(thing, UseCase) and thing.writes
    }
    return {act_in_words(thing.name) for thing in named}


def test_every_act_has_words() -> None:
    assert len(acts()) > 50
    assert sorted(acts() - set(ACTS)) == []
