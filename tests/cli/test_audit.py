"""`nomina audit verify`."""

from __future__ import annotations

from forensics.services import auditing
from tests.support.commands import Commands


def test_a_whole_chain_is_said_with_its_head(nomina: Commands) -> None:
    said = nomina.as_("coordinator", "audit", "verify")
    head = nomina.labs["coordinator"].run(auditing.head)
    assert said.status == 0
    assert said.out == f"The audit is whole: {head.sequence} entries, head {head.digest}.\n"
    value = nomina.as_("coordinator", "audit", "verify", "--json").json
    assert value == {
        "sound": True,
        "entries": head.sequence,
        "head_sequence": head.sequence,
        "head": head.digest,
        "problems": [],
    }


def test_a_rewritten_entry_is_told_and_ends_with_status_1(nomina: Commands) -> None:
    with nomina.labs.admin.store.engine.connect() as plain:
        connection = plain.execution_options(nomina_writes=True)
        with connection.begin():  # as somebody with the key and another program would
            connection.exec_driver_sql("DROP TRIGGER audit_entry_kept")
            connection.exec_driver_sql("UPDATE audit_entry SET act = 'people.nothing' WHERE sequence = 3")
    said = nomina.as_("coordinator", "audit", "verify")
    assert said.refused() == "The audit is broken: Entry 3 (people.nothing) was altered."
    value = nomina.as_("coordinator", "audit", "verify", "--json")
    assert value.status == 1
    assert value.json["sound"] is False


def test_who_may_not_read_the_audit_is_refused(nomina: Commands) -> None:
    assert "may not read the audit" in nomina.as_("tamara", "audit", "verify").refused()


def test_a_wrong_password_is_one_sentence(nomina: Commands) -> None:
    nomina.secrets.write_text("not the password\n")
    assert "Login or password is wrong" in nomina.as_("coordinator", "audit", "verify").refused()
