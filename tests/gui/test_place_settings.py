"""Laboratory settings, tried on a real laboratory through the widgets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from forensics.domain.kinship import MutationKind
from forensics.domain.operations import OperationKind, SiteKind
from forensics.domain.people import Role
from forensics.services import auditing, identities, operations, people
from forensics.services.laboratories import open_laboratory
from gui.context import Context, Ref
from gui.idle import lock_minutes
from gui.place import ListPlace, Place
from gui.places.settings import SettingsPlace
from gui.places.settings_account import AccountPart
from gui.places.settings_audit import AuditPart
from gui.places.settings_backup import BackupPart
from gui.places.settings_frequencies import FrequenciesPart
from gui.places.settings_operations import OperationsPart
from gui.places.settings_people import PeoplePart
from gui.places.settings_policy import OperationForm
from gui.places.settings_sites import SitesPart
from tests.support.dialogs import Answers, filled, told
from tests.support.laboratories import PASSPHRASE, PASSWORD, Staffed

Open = Callable[[str, str], Place]


@pytest.fixture
def opened(qtbot: QtBot, staffed: Staffed) -> Iterator[Open]:
    """A section as somebody sees it, of a laboratory without any operation."""
    made: list[SettingsPlace] = []

    def open_as(login: str, section: str) -> Place:
        place = SettingsPlace(Context(staffed[login], "Laboratory"))
        made.append(place)
        place.resize(1200, 760)
        place.show()
        place.open(Ref("section", section))
        return place.shown

    yield open_as
    for place in made:
        for part in place.made.values():
            if isinstance(part, ListPlace):
                part.list._pause.stop()
        tasks = place.context.tasks
        qtbot.waitUntil(lambda: not tasks._alive, timeout=5000)  # noqa: B023 - waited for at once
        place.context.close()
        delete(place)


def words(part: Place) -> str:
    page = part.page if isinstance(part, ListPlace) else part
    return "\n".join(label.text() for label in page.findChildren(QLabel))


def test_everybody_sees_the_sections_of_their_roles(opened: Open, qtbot: QtBot) -> None:
    seen = {
        login: list(_place(opened(login, "about")).buttons) for login in ("admin", "tamara", "coordinator")
    }
    assert seen["admin"] == [
        "laboratory", "operations", "frequencies", "people", "account", "audit", "backup", "about",
    ]  # fmt: skip
    assert "sites" in seen["tamara"]
    assert not {"audit", "backup"} & set(seen["tamara"])
    assert "audit" in seen["coordinator"]


def _place(part: Place) -> SettingsPlace:
    found = part.parent()
    while not isinstance(found, SettingsPlace):
        assert found is not None
        found = found.parent()
    return found


def test_an_empty_laboratory_begins_with_its_first_operation(opened: Open, answers: Answers) -> None:
    part = opened("manager", "laboratory")
    place = _place(part)
    assert SettingsPlace(place.context).current == "operations"
    place.open(Ref("section", "operations"))
    part = place.shown
    assert isinstance(part, OperationsPart)
    assert part.list.empty.isVisible()
    heard: list[str] = []

    def answer(form: OperationForm) -> None:
        heard.append(form.policy.label.text())
        filled(title="Drina 1995", number_sought="700")(form)
        heard.append(form.policy.label.text())

    answers.then(answer)
    assert part.list.empty.button is not None
    part.list.empty.button.click()
    answers.demand()
    (op,) = place.context.lab.run(operations.operations)
    assert (op.number_sought, op.threshold, op.theta) == (700, 0.9995, 0.01)
    assert op.mutation is MutationKind.STEPWISE
    (table,) = place.context.lab.run(operations.frequency_tables)
    assert op.frequencies == table.id
    assert "at least 2.0 × 10⁵ (log₁₀ 5.30)" in heard[0]
    assert "at least 1.4 × 10⁶ (log₁₀ 6.15)" in heard[1]


def test_the_page_of_an_operation_explains_its_policies(
    qtbot: QtBot, opened: Open, staffed: Staffed, answers: Answers
) -> None:
    part = opened("manager", "operations")
    assert isinstance(part, OperationsPart)
    answers.then(filled(title="Drina 1995", kind=OperationKind.CONFLICT))
    part.new_operation()
    answers.demand()
    qtbot.waitUntil(lambda: "fathers 0.002 (1 in 500 meioses)" in words(part).lower(), timeout=4000)
    assert "Everybody in the drawing is counted" in words(part)
    (op,) = staffed["manager"].run(operations.operations)
    answers.then(filled(threshold="99.99", mutation=None))
    part.change(op)
    answers.demand()
    changed = staffed["manager"].run(operations.operation, op.id)
    assert (changed.threshold, changed.mutation) == (0.9999, None)
    qtbot.waitUntil(lambda: "one inconsistent marker excludes" in words(part), timeout=4000)


def test_what_a_role_may_not_do_says_who_does_it(opened: Open) -> None:
    part = opened("admin", "operations")
    assert isinstance(part, OperationsPart)
    assert [a.why_not for a in part.actions_offered()] == ["Case managers and coordinators do this."]
    assert "case manager or a coordinator creates it" in "".join(
        label.text() for label in part.list.empty.findChildren(QLabel)
    )


def test_a_shipped_table_and_one_of_ones_own_are_taken_into_use(
    qtbot: QtBot, opened: Open, tmp_path: Path, answers: Answers
) -> None:
    part = opened("manager", "frequencies")
    assert isinstance(part, FrequenciesPart)
    part.list.select("nist1036-hispanic")
    qtbot.waitUntil(lambda: "Hill et al. 2013" in words(part), timeout=4000)
    from forensics.data.frequencies import load

    part._take(load("nist1036-hispanic"))
    table = tmp_path / "ours.csv"
    table.write_text("Allele,TH01,D8S1179\n6,0.4,\n9.3,0.6,\n12,,0.5\n13,,0.5\n")
    answers.then(filled(path=str(table)))
    answers.then(filled(name="Ours", population="Sarajevo", source="own count 2024"))
    part.import_file()
    answers.demand()
    kept = {t.name: t for t in part.context.lab.run(operations.frequency_tables)}
    assert set(kept) == {"NIST 1036, revised 2017, Hispanic", "Ours"}
    assert kept["Ours"].population == "Sarajevo"


def test_a_table_with_a_fault_is_refused_with_the_place_of_the_fault(
    opened: Open, tmp_path: Path, answers: Answers
) -> None:
    part = opened("manager", "frequencies")
    assert isinstance(part, FrequenciesPart)
    table = tmp_path / "broken.csv"
    table.write_text("Allele,TH01\n6,0.4\n9.3,0.1\n")
    heard: list[str] = []

    def answer(form: OperationForm) -> None:
        heard.extend(told(form))
        assert not form.save_button.isEnabled()
        form.reject()

    answers.then(filled(path=str(table))).then(answer)
    part.import_file()
    answers.demand()
    assert any("The frequencies of TH01 add up to 0.5, not 1." in sentence for sentence in heard)
    assert part.context.lab.run(operations.frequency_tables) == []


def test_somebody_new_can_sign_in_and_later_no_longer(
    opened: Open, staffed: Staffed, answers: Answers
) -> None:
    part = opened("admin", "people")
    assert isinstance(part, PeoplePart)
    roles = {"role interviewer": True, "role custodian": True}
    answers.then(filled(name="Rosa Paz", login="rosa", password="a first password", external=True, **roles))
    part.add()
    answers.demand()
    lab = open_laboratory(staffed.location, "rosa", "a first password")
    assert lab.roles == {Role.INTERVIEWER, Role.CUSTODIAN}
    assert lab.person.external
    lab.close()
    line = next(x for x in staffed.admin.run(people.people) if x.person.login == "rosa")
    answers.then(filled(**{"role custodian": False, "until": "2099-12-31"}))
    part.roles(line)
    answers.demand()
    (held,) = next(x for x in staffed.admin.run(people.people) if x.person.login == "rosa").authorisations
    assert (held.role, str(held.valid_until)) == (Role.INTERVIEWER, "2099-12-31")
    answers.then(filled())
    part._deactivate(line.person)
    answers.demand()
    with pytest.raises(Exception, match="Login or password is wrong"):
        open_laboratory(staffed.location, "rosa", "a first password", PASSPHRASE)


def test_nobody_is_added_without_a_role(opened: Open, answers: Answers) -> None:
    part = opened("admin", "people")
    assert isinstance(part, PeoplePart)
    heard: list[str] = []

    def answer(form: OperationForm) -> None:
        for name, value in {"name": "X", "login": "x", "password": "long enough it is"}.items():
            form.fields[name].set_value(value)
        assert not form.save()
        heard.extend(told(form))
        form.reject()

    answers.then(answer)
    part.add()
    answers.demand()
    assert "Tick at least one role; without one nobody can sign in." in heard


def test_the_own_password_and_certificate(
    qtbot: QtBot, opened: Open, staffed: Staffed, answers: Answers
) -> None:
    part = opened("manager", "account")
    assert isinstance(part, AccountPart)
    answers.then(filled(password=PASSWORD))
    part.issue()
    answers.demand()
    kept = staffed["manager"].run(identities.my_identity)
    assert kept is not None
    qtbot.waitUntil(lambda: "issued by this laboratory" in words(part), timeout=4000)
    answers.then(filled(old=PASSWORD, new="quite another one", again="quite another one"))
    part.change_password()
    answers.demand()
    open_laboratory(staffed.location, "manager", "quite another one").close()


def test_the_audit_is_verified_in_words(qtbot: QtBot, opened: Open, staffed: Staffed) -> None:
    part = opened("admin", "audit")
    assert isinstance(part, AuditPart)
    part.verify()
    head = staffed.admin.run(auditing.head)
    sentence = f"Sound: all {head.sequence:,} entries were computed anew, and each fits the one before it."
    qtbot.waitUntil(lambda: sentence in words(part), timeout=5000)
    assert "Record person" in words(part)


def test_a_backup_is_made_and_can_be_restored(
    qtbot: QtBot, opened: Open, tmp_path: Path, answers: Answers
) -> None:
    part = opened("admin", "backup")
    assert isinstance(part, BackupPart)
    copy, again = tmp_path / "copy.nomina", tmp_path / "again.nomina"
    answers.then(filled(path=str(copy)))
    part.make()
    answers.demand()
    qtbot.waitUntil(lambda: "The backup is complete and can be opened" in words(part), timeout=30_000)
    answers.then(filled(backup=str(copy), target=str(again), passphrase=PASSPHRASE))
    part.restore()
    answers.demand()
    assert "Restored:" in words(part)
    open_laboratory(str(again), "admin", PASSWORD, PASSPHRASE).close()


def test_an_event_and_a_site(qtbot: QtBot, opened: Open, answers: Answers) -> None:
    place = _place(opened("manager", "operations"))
    first = place.shown
    assert isinstance(first, OperationsPart)
    answers.then(filled(title="Drina 1995"))
    first.new_operation()
    answers.demand()
    place.open(Ref("section", "sites"))
    part = place.shown
    assert isinstance(part, SitesPart)
    answers.then(filled(title="Column of July", date="1995-07-11/1995-07-19", missing_minimum="8000"))
    part.new_event()
    answers.demand()
    (event,) = part.context.lab.run(operations.events, place.context.lab.run(operations.operations)[0].id)
    answers.then(filled(title="Field", kind=SiteKind.MASS, event=event.id, latitude="44.1", longitude="19.3"))
    part.new_site()
    answers.demand()
    qtbot.waitUntil(lambda: part.list.model.rowCount() == 2, timeout=4000)
    assert [row.title for row in part._lines()] == ["Column of July", "Field"]


def test_an_administrator_reads_in_the_audit_that_a_name_changed_but_not_which(
    small_lab: Staffed,
) -> None:
    def told_to(login: str) -> str:
        lines = small_lab[login].run(auditing.latest, 5000)
        return "\n".join(change for line in lines for change in line.changes)

    from forensics.domain.lists import ListQuery
    from forensics.services.families import missing_persons

    names = {row.name for row in small_lab["manager"].run(missing_persons, ListQuery(limit=50)).rows}
    family_names = {name.split()[-1] for name in names}
    assert any(name in told_to("coordinator") for name in family_names)
    assert not any(name in told_to("admin") for name in family_names)
    assert "family names changed" in told_to("admin")


def test_after_how_long_a_workstation_locks_is_said_and_changed(opened: Open, answers: Answers) -> None:
    part = opened("manager", "account")
    assert "after 15 minutes without a touch" in words(part)
    answers.then(filled(minutes=0))
    next(b for b in part.findChildren(QPushButton) if b.text() == "Change…").click()
    answers.demand()
    assert lock_minutes() == 0
    assert "never" in words(part)
