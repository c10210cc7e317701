"""Finding a part of a word without reading every entry: an index of all runs of three characters.

SQLite has one as a virtual table (FTS5 with its trigram tokenizer) that triggers keep; it lies in the
encrypted file like everything else. PostgreSQL reads its search entries through, which it does fast.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

SHORTEST = 3
"""Characters of a word that the index can find."""

_REMOVE = (
    "INSERT INTO search_text(search_text, rowid, folded, related) "
    "VALUES ('delete', OLD.entry, OLD.folded, OLD.related);"
)
_ADD = "INSERT INTO search_text(rowid, folded, related) VALUES (NEW.entry, NEW.folded, NEW.related);"

TRIGGERS: dict[str, str] = {
    f"search_entry_{name}": f"CREATE TRIGGER search_entry_{name} AFTER {event} ON search_entry "
    f"FOR EACH ROW BEGIN {does} END"
    for name, event, does in (
        ("added", "INSERT", _ADD),
        ("removed", "DELETE", _REMOVE),
        ("changed", "UPDATE", f"{_REMOVE} {_ADD}"),
    )
}

STATEMENTS: dict[str, tuple[str, ...]] = {
    "sqlite": (
        "CREATE VIRTUAL TABLE search_text USING fts5("
        "folded, related, content='search_entry', content_rowid='entry', tokenize='trigram')",
        # What is removed leaves no trace in the index: a name may have to be erased.
        "INSERT INTO search_text(search_text, rank) VALUES ('secure-delete', 1)",
        *TRIGGERS.values(),
    ),
    "postgresql": (),
}


def own_table(name: str) -> bool:
    """Whether a table of an SQLite file belongs to the index."""
    return name == "search_text" or name.startswith("search_text_")


class Holding(FunctionElement[Any]):
    """Whether an entry of `search_entry` holds a word, in its own words or in a related number."""

    name = "holding"
    inherit_cache = True
    type = sa.types.NullType()  # as a Boolean it would be written “… = 1”, which no index answers

    def __init__(self, word: str) -> None:
        escaped = word.replace("/", "//").replace("%", "/%").replace("_", "/_")
        super().__init__(sa.literal('"' + word.replace('"', '""') + '"'), sa.literal(f"%{escaped}%"))


@compiles(Holding)
def _read_through(element: Holding, compiler: Any, **kw: Any) -> str:
    _, word = element.clauses
    pattern = compiler.process(word, **kw)
    return (
        f"(search_entry.folded LIKE {pattern} ESCAPE '/' OR search_entry.related LIKE {pattern} ESCAPE '/')"
    )


@compiles(Holding, "sqlite")
def _by_index(element: Holding, compiler: Any, **kw: Any) -> str:
    word, _ = element.clauses
    phrase = compiler.process(word, **kw)
    return f"search_entry.entry IN (SELECT rowid FROM search_text WHERE search_text MATCH {phrase})"
