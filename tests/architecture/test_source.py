"""What no module may do, whatever it is for. Each rule names the place that breaks it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.support.source import Module, modules, strings

#: Who may import by a name that is only known at run time, and why.
MAY_IMPORT_BY_NAME = {
    "forensics/cli/main.py": "loads one of its own subcommands, from a fixed list, when it is called",
}

#: SQL is upper case in our code, so that English in messages ("select a person from the list") is not meant.
_SQL = re.compile(
    r"^\s*(SELECT\s.+\bFROM\s|INSERT\s+(OR\s+\w+\s+)?INTO\s|UPDATE\s+\S+\s+SET\s|DELETE\s+FROM\s"
    r"|(CREATE|DROP|ALTER)\s+(TABLE|TRIGGER|INDEX|VIEW|DATABASE|ROLE|FUNCTION)\s|PRAGMA\s+\w)",
    re.DOTALL,
)
_COLOUR = re.compile(r"#(?:[0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})\b|\brgba?\(\s*\d")

LONGEST_MODULE = 600  # lines; around 150 is the habit, and what is longer should serve its reader


def _name(node: ast.AST) -> str:
    """A dotted name as it is written, or nothing."""
    if isinstance(node, ast.Attribute):
        return f"{_name(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def _calls(module: Module) -> Iterator[tuple[ast.Call, str]]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call):
            yield node, _name(node.func)


def _imports(module: Module) -> Iterator[tuple[ast.stmt, str]]:
    """Everything that is imported, as a dotted name."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((node, f"{node.module}.{alias.name}") for alias in node.names)


def tricks(module: Module) -> list[str]:
    """Places where a module is found by a name that no tool can see, or code is made from text."""
    if module.path.as_posix() in MAY_IMPORT_BY_NAME:
        return []
    plain = ("importlib.resources", "importlib.metadata")
    by_import = [
        node
        for node, name in _imports(module)
        if name.split(".")[0] == "importlib" and not name.startswith(plain)
    ]
    called = {"__import__", "eval", "exec", "runpy.run_path", "runpy.run_module", "sys.modules.__setitem__"}
    by_call = [node for node, name in _calls(module) if name in called]
    return [module.at(node) for node in (*by_import, *by_call)]


def sql(module: Module) -> list[str]:
    """Places that hold the text of an SQL statement."""
    return [module.at(node) for node, text in strings(module) if _SQL.search(text)]


def colours(module: Module) -> list[str]:
    """Places that name a colour by its numbers, or one of Qt's own."""
    literal = [module.at(node) for node, text in strings(module) if _COLOUR.search(text)]
    own = [
        module.at(node)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute) and _name(node).startswith("Qt.GlobalColor.")
    ]
    made = [
        module.at(node)
        for node, name in _calls(module)
        if name.rsplit(".")[-1] == "QColor" and any(isinstance(part, ast.Constant) for part in node.args)
    ]
    return literal + own + made


def prints(module: Module) -> list[str]:
    """Places that write to the terminal past the command line's own means."""
    return [
        module.at(node) for node, name in _calls(module) if name in {"print", "pprint.pprint", "breakpoint"}
    ]


def _parsed(text: str, path: str = "gui/places/example.py") -> Module:
    from pathlib import Path

    return Module(Path(path), text, ast.parse(text))


@pytest.mark.parametrize(
    ("rule", "example"),
    [
        (tricks, "import importlib\nimportlib.import_module(name)"),
        (tricks, "from importlib import import_module"),
        (tricks, "__import__(name)"),
        (tricks, "eval(text)"),
        (sql, "run('SELECT name FROM person')"),
        (sql, "run(f'DELETE FROM {table} WHERE id = 1')"),
        (sql, "run('''\n  CREATE TRIGGER t''')"),
        (sql, "run('PRAGMA key = 1')"),
        (colours, "style('color: #0a776e')"),
        (colours, "QColor(10, 20, 30)"),
        (colours, "pen(Qt.GlobalColor.red)"),
        (prints, "print('here')"),
    ],
)
def test_each_rule_sees_what_breaks_it(rule: object, example: str) -> None:
    assert callable(rule)
    assert rule(_parsed(example))


def test_the_rules_leave_ordinary_code_alone() -> None:
    ordinary = _parsed(
        '"""SELECT a FROM b is only told of here, and #ffffff too."""\n'
        "from importlib.resources import files\n"
        "say('Select a person from the list.', 'case #12')\n"
    )
    assert [rule(ordinary) for rule in (tricks, sql, colours, prints)] == [[], [], [], []]


def test_no_module_is_imported_by_a_computed_name() -> None:
    assert [place for module in modules() for place in tricks(module)] == []


def test_sql_is_written_in_persistence_and_migrations_alone() -> None:
    allowed = ("forensics/persistence/", "migrations/")
    outside = [module for module in modules() if not module.path.as_posix().startswith(allowed)]
    assert [place for module in outside for place in sql(module)] == []


def test_no_place_of_the_window_sets_a_colour() -> None:
    assert [place for module in modules("gui/places") for place in colours(module)] == []


def test_nothing_is_printed_past_the_command_line() -> None:
    assert [place for module in modules() for place in prints(module)] == []


def test_every_module_opens_with_what_it_is_for() -> None:
    silent = [module.path.as_posix() for module in modules() if not ast.get_docstring(module.tree)]
    assert silent == []


def test_no_module_is_too_long_to_be_read_at_once() -> None:
    written = [module for module in modules() if not module.path.is_relative_to("migrations/versions")]
    lengths = {module.path.as_posix(): module.text.count("\n") for module in written}
    assert {path: lines for path, lines in lengths.items() if lines > LONGEST_MODULE} == {}


def test_no_test_replaces_a_real_part_by_a_mock() -> None:
    mocked = [
        module.at(node)
        for module in modules("tests")
        for node, name in _imports(module)
        if name.startswith(("unittest.mock", "mock.", "pytest_mock"))
    ]
    assert mocked == []
