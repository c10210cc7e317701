"""Triggers: the domain's rules as the database keeps them, for SQLite and for PostgreSQL.

No record is deleted; a revision goes up by one; a state takes only lawful steps; what is fixed stays;
the audit is append-only, but for erasing a content together with its key. Alembic does not see
triggers: migrations create them from the text made here and a test compares.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from forensics.domain.entities import ENTITIES
from forensics.domain.records import table_name
from forensics.domain.rules import FIXED, MACHINES
from forensics.persistence.tables import TABLES


@dataclass(frozen=True, slots=True)
class Guard:
    """One trigger: `when` (over OLD and NEW) refuses the `event` (INSERT, UPDATE, DELETE)."""

    table: str
    name: str
    event: str
    when: str
    sentence: str

    def sqlite(self) -> str:
        return (
            f"CREATE TRIGGER {self.name} BEFORE {self.event} ON {self.table} FOR EACH ROW WHEN {self.when} "
            f"BEGIN SELECT RAISE(ABORT, 'nomina: {self.sentence}'); END"
        )

    def postgresql(self) -> tuple[str, str]:
        function = (
            f"CREATE FUNCTION {self.name}() RETURNS trigger LANGUAGE plpgsql AS $$ "
            f"BEGIN RAISE EXCEPTION 'nomina: {self.sentence}'; END $$"
        )
        # PostgreSQL knows IS DISTINCT FROM where SQLite says IS NOT between two values.
        when = self.when.replace(" IS NOT NEW.", " IS DISTINCT FROM NEW.")
        trigger = (
            f"CREATE TRIGGER {self.name} BEFORE {self.event} ON {self.table} FOR EACH ROW "
            f"WHEN ({when}) EXECUTE FUNCTION {self.name}()"
        )
        return function, trigger

    def statements(self, dialect: str) -> tuple[str, ...]:
        return (self.sqlite(),) if dialect == "sqlite" else self.postgresql()


def _always() -> Iterator[Guard]:
    for entity in ENTITIES:
        table = table_name(entity)
        yield Guard(table, f"{table}_stays", "DELETE", "OLD.id = OLD.id", "records are never deleted")
        yield Guard(
            table,
            f"{table}_revision",
            "UPDATE",
            "NEW.revision <> OLD.revision + 1 OR NEW.id <> OLD.id",
            "a change must raise the revision by one",
        )
        if "operation" in TABLES[entity].c:
            yield Guard(
                table,
                f"{table}_operation",
                "UPDATE",
                'OLD."operation" IS NOT NEW."operation"',
                "a record stays in its operation",
            )


def _quoted(values: list[str]) -> str:
    return ", ".join("'" + value.replace("'", "''") + "'" for value in sorted(values))


def _states() -> Iterator[Guard]:
    for machine in MACHINES:
        table, field = table_name(machine.entity), machine.field
        steps = _quoted([f"{source}>{target}" for source, target in machine.steps])
        yield Guard(
            table,
            f"{table}_{field}_step",
            "UPDATE",
            f"OLD.{field} <> NEW.{field} AND (OLD.{field} || '>' || NEW.{field}) NOT IN ({steps})",
            f"this step of {field} is not lawful",
        )
        initial = _quoted([str(state) for state in machine.initial])
        yield Guard(
            table,
            f"{table}_{field}_start",
            "INSERT",
            f"NEW.{field} NOT IN ({initial})",
            f"a record can not begin with this {field}",
        )


def _fixed() -> Iterator[Guard]:
    for rule in FIXED:
        table = table_name(rule.entity)
        columns = [c.name for c in TABLES[rule.entity].columns if c.name not in rule.free]
        changed = " OR ".join(f'OLD."{c}" IS NOT NEW."{c}"' for c in columns)
        values = _quoted([str(value) for value in rule.values])
        yield Guard(
            table,
            f"{table}_fixed",
            "UPDATE",
            f"OLD.{rule.field} IN ({values}) AND ({changed})",
            "what was signed or decided can not be changed",
        )


def _audit() -> Iterator[Guard]:
    kept = ("sequence", "position", "entity", "record", "revision", "commitment")
    rewritten = " OR ".join(f'OLD."{c}" IS NOT NEW."{c}"' for c in kept)
    for table in ("audit_entry", "audit_change"):
        yield Guard(
            table, f"{table}_stays", "DELETE", "OLD.sequence = OLD.sequence", "the audit is append-only"
        )
    yield Guard(
        "audit_entry", "audit_entry_kept", "UPDATE", "OLD.sequence = OLD.sequence", "the audit is append-only"
    )
    yield Guard(
        "audit_change",
        "audit_change_kept",
        "UPDATE",
        f"{rewritten} OR NEW.content IS NOT NULL OR NEW.key IS NOT NULL",
        "the audit is append-only",
    )


def guards() -> tuple[Guard, ...]:
    """Every trigger of the schema, in a fixed order."""
    return (*_always(), *_states(), *_fixed(), *_audit())
