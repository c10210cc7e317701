"""One whole case through the real window: from an empty folder to a closed file, by keyboard, by eight people.

Nothing is put past the widgets into the laboratory: each person signs in, types, presses keys and buttons.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from forensics.domain.identifications import IdentificationState
from forensics.services import auditing, custody, identifications
from forensics.services.door import Laboratory
from forensics.services.workstation import state_folder
from gui.look import look
from gui.places.samples_import import ImportPage
from reports.verification import Verdict
from tests.support.workstation import Workstation, words_of

PASSWORD = "correct horse battery"
PASSPHRASE = "staple of the whole laboratory"
STAFF = {  # login: name, title, roles
    "manager": ("Miriam Okafor", "Case manager", ["case manager"]),
    "tamara": ("Tamara Lindqvist", "", ["laboratory technician"]),
    "custodian": ("Cosimo Bellini", "", ["custodian"]),
    "anthropologist": ("Aylin Şahin", "Dr", ["anthropologist"]),
    "analyst": ("Andrés Peña", "Dr", ["DNA analyst"]),
    "reviewer": ("Rana حداد", "Dr", ["DNA reviewer", "identification coordinator"]),
    "coordinator": ("Zoë Müller", "Professor", ["identification coordinator"]),
}
GENOTYPES = {  # locus: mother, father, their child
    "CSF1PO": ("10 12", "11 13", "10 13"), "D3S1358": ("14 16", "17 18", "14 18"),
    "D5S818": ("9 12", "11 13", "9 13"), "D7S820": ("8 10", "9 12", "8 9"),
    "D8S1179": ("10 13", "12 15", "10 15"), "D13S317": ("9 11", "13 14", "9 14"),
    "D16S539": ("9 11", "10 13", "9 10"), "D18S51": ("12 17", "14 18", "17 18"),
    "D21S11": ("28 30", "31.2 32.2", "28 31.2"), "FGA": ("20 23", "24 26", "20 26"),
    "TH01": ("6 9.3", "7 8", "8 9.3"), "TPOX": ("8 11", "9 12", "9 11"),
    "vWA": ("14 16", "17 19", "14 19"), "D2S1338": ("17 20", "19 24", "20 24"),
    "D19S433": ("13 14", "15 15.2", "13 15.2"),
}  # fmt: skip


@dataclass
class Case:
    """What the people know of it: numbers and tokens that they have read in the window."""

    folder: Path
    tokens: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)


@pytest.fixture
def seat(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[Workstation]:
    """A workstation that knows no laboratory."""
    qapp.setOrganizationName("Nomina")
    qapp.setApplicationName("Nomina tests")
    QSettings().clear()
    (state_folder() / "last-laboratory").unlink(missing_ok=True)
    look().start(qapp)
    made = Workstation(qtbot)
    yield made
    made.close()


def test_one_case_goes_all_the_way_through_the_window(seat: Workstation, tmp_path: Path) -> None:
    case = Case(tmp_path)
    set_up(seat, tmp_path / "institut médico-légal.nomina")
    for login in STAFF:
        add_person(seat, login)
    the_manager_prepares(seat)
    the_custodian_receives(seat, case)
    the_bone_is_sampled(seat, case)
    the_anthropologist_examines(seat, case)
    the_family_is_recorded(seat, case)
    the_references_arrive(seat, case)
    the_profiles_come_in(seat, case)
    the_match_is_found_and_reviewed(seat, case)
    three_people_identify(seat, case)
    the_report_is_signed_and_verified(seat, case)
    the_family_is_told(seat, case)
    seat.sign_in("coordinator", PASSWORD)
    lab = seat.window.context.lab
    assert isinstance(lab, Laboratory)
    verdict = lab.run(auditing.verify)
    assert verdict.sound, verdict.problems


# -- the laboratory --------------------------------------------------------------------------------------


def set_up(seat: Workstation, path: Path) -> None:
    """The guided set-up, with Enter from step to step."""
    start = seat.start
    seat.press("Set up a laboratory", start)
    page = start.set_up
    seat.write(page.name.editor, "Institut médico-légal")
    seat.write(page.path.editor, str(path))
    seat.key(page.path.editor, Qt.Key.Key_Return)
    seat.write(page.person.editor, "Amira Halilović")
    seat.write(page.login.editor, "admin")
    for secret in (page.password, page.steps[1].again):  # type: ignore[attr-defined]
        seat.write(secret.editor, PASSWORD)
    seat.key(page.password.editor, Qt.Key.Key_Return)
    last = page.steps[2]
    for secret in (last.secret, last.again):  # type: ignore[attr-defined]
        seat.write(secret.editor, PASSPHRASE)
    seat.key(last.written.editor, Qt.Key.Key_Space)  # type: ignore[attr-defined]
    seat.key(last.again.editor, Qt.Key.Key_Return)  # type: ignore[attr-defined]
    assert not path.exists()  # a last look first
    seat.key(page.next_button, Qt.Key.Key_Space)
    seat.entered()
    assert path.read_bytes()[:6] != b"SQLite"


def add_person(seat: Workstation, login: str) -> None:
    name, title, roles = STAFF[login]
    if seat.window.current != "settings":
        seat.run("Laboratory settings")
    seat.press("People and roles")
    told: dict[str, object] = {"name": name, "title": title, "login": login, "password": PASSWORD}
    told |= {f"role {role}": True for role in roles}
    seat.asked(lambda: seat.keys("Ctrl+N"), seat.typed(**told))
    seat.sees(name)


def the_manager_prepares(seat: Workstation) -> None:
    """An operation with its policies and a table that ships; where the dead lie."""
    seat.sign_in("manager", PASSWORD)
    seat.run("Laboratory settings")
    seat.sees("Create the first operation")
    told = {
        "title": "Boat of 3 October",
        "number_sought": "40",
        "theta": "0.01",
        "kind": "Migration",
        "reading": "One read and a review",
    }
    seat.asked(
        lambda: seat.press("Create the first operation"),
        seat.typed(**told, frequencies="NIST 1036, revised 2017, Hispanic"),
    )
    seat.sees("Boat of 3 October")
    seat.sees("NIST 1036, revised 2017, Hispanic")
    seat.press("Events and sites")
    seat.asked(lambda: seat.keys("Ctrl+N"), seat.typed(title="Northern shore", kind="Surface"))
    seat.sees("Northern shore")


# -- remains ---------------------------------------------------------------------------------------------


def the_custodian_receives(seat: Workstation, case: Case) -> None:
    seat.sign_in("custodian", PASSWORD)
    seat.run("Remains")
    told = {"description": "Skeletal", "received_from": "Coast guard", "contents": "L fem, R fem, mandible"}
    seat.asked(
        lambda: seat.keys("Ctrl+N"),
        seat.typed(**told, new_place="Shelf 1", seals="S-77", site="Northern shore"),
    )
    case.numbers["case"] = seat.row(seat.place.cases.list).number
    seat.sees("Nothing is sampled yet.")


def the_bone_is_sampled(seat: Workstation, case: Case) -> None:
    """Planned by one, authorised by another, cut before a witness, received by a third."""
    seat.sign_in("tamara", PASSWORD)
    seat.run("Remains")
    seat.keys("Ctrl+2")
    case.numbers["femur"] = seat.row(seat.place.items.list).number
    seat.asked(lambda: seat.press("Plan a sample"), seat.typed(kind="Bone"))
    seat.run("Samples")
    case.tokens["bone"] = seat.row(seat.place.list.list).token

    seat.sign_in("manager", PASSWORD)
    seat.find(case.tokens["bone"])
    seat.sees("Waits for a case manager")
    seat.press("Authorise")

    seat.sign_in("tamara", PASSWORD)
    seat.find(case.tokens["bone"])
    seat.sees("Waits to be taken, before a witness.")
    seat.asked(lambda: seat.press("Take"), seat.typed(witness="Miriam Okafor", mass="850"))
    seat.sees("another person than the one who took it")
    assert "another person receives it" in seat.why_off("Receive")

    seat.sign_in("custodian", PASSWORD)
    seat.find(case.tokens["bone"])
    seat.sees("Waits to be received")
    seat.asked(lambda: seat.press("Receive"), seat.typed(condition="sealed"))
    seat.sees("Waits for its profile.")


def the_anthropologist_examines(seat: Workstation, case: Case) -> None:
    seat.sign_in("anthropologist", PASSWORD)
    seat.run("Remains")
    seat.row(seat.place.cases.list)
    seat.press("Examine")
    bench = seat.place.stack.currentWidget()
    seat.write(bench.panel.line, "L fem, R fem, mandible")
    seat.key(bench.panel.line, Qt.Key.Key_Return)
    seat.fill(
        bench.form,
        {
            "sex": "Male",
            "sex_method": "Mandible, Buikstra and Ubelaker 1994",
            "age_minimum": "20",
            "age_maximum": "35",
            "age_method": "Transition analysis",
            "stature_minimum": "168",
            "stature_maximum": "180",
            "stature_method": "Femur, Trotter and Gleser 1952",
        },
    )
    seat.asked(lambda: seat.press("Sign…"), seat.sworn(PASSWORD))
    seat.sees("New version")


# -- the family ------------------------------------------------------------------------------------------


def the_family_is_recorded(seat: Workstation, case: Case) -> None:
    """Somebody is missing; the parents give samples; a person stands for the drawing."""
    seat.sign_in("manager", PASSWORD)
    seat.run("Missing persons")
    told = {
        "given_names": "Yusuf", "family_names": "Osman", "original_name": "يوسف عثمان", "sex": "Male",
        "birth": "1990?", "height_cm": "175", "height_source": "identity card", "last_seen": "2013-10-03",
    }  # fmt: skip
    seat.asked(lambda: seat.keys("Ctrl+N"), seat.typed(**told))
    seat.sees("Yusuf Osman · يوسف عثمان")
    case.numbers["missing"] = seat.row(seat.place.persons.list).number
    seat.keys("Ctrl+2")
    seat.row(seat.place.families.list)
    for word in ("mother", "father"):
        seat.place.families.to_drawing()
        seat.place.families.panel.choose("MP")
        relative = seat.typed(relation=word, code=word.upper())
        seat.asked(lambda: seat.key(seat.place.families.panel.view, Qt.Key.Key_A), relative)
        consent = seat.typed(form=f"C-{word}", given_on="2025-02-03", language="Tigrinya", name=word)
        seat.asked(lambda: seat.key(seat.place.families.panel.view, Qt.Key.Key_D), consent)
    seat.sees("The pedigree waits")
    seat.asked(lambda: seat.press("Confirm the pedigree…"), seat.typed())
    seat.wait(lambda: "The pedigree waits" not in words_of(seat.window))
    record = seat.place.families.panel.record
    case.tokens |= {d.relative.code.lower(): d.donor.token for d in record.donors}


def the_references_arrive(seat: Workstation, case: Case) -> None:
    """The custodian reads the donors' tokens on the envelopes, and no name."""
    seat.sign_in("custodian", PASSWORD)
    seat.run("Samples")
    for who in ("mother", "father"):
        told = {"source": case.tokens[who], "kind": "Buccal", "outside": "family association"}
        seat.asked(lambda: seat.run("Accession a sample"), seat.typed(**told))
        seat.wait(lambda: not seat.place.list.list.model.is_waiting)
    rows = seat.place.list.list.model
    seat.wait(lambda: rows.rowCount() == 3 and not rows.is_waiting)
    found = [rows.row(n) for n in range(3)]
    for who in ("mother", "father"):
        case.tokens[f"{who} sample"] = next(r.token for r in found if r.source == case.tokens[who])


# -- profiles --------------------------------------------------------------------------------------------


def export(case: Case) -> Path:
    """What the instrument's program writes: one line for each sample, alleles and heights by locus."""
    names = [case.tokens["mother sample"], case.tokens["father sample"], case.tokens["bone"]]
    head = "".join(f"\t{locus}\tHeight" for locus in GENOTYPES)
    lines = [f"Sample File\tSample Name{head}\tAMEL\tHeight"]
    for at, name in enumerate(names):
        cells = "".join(f"\t{g[at].replace(' ', ', ')}, , \t812, 790, , " for g in GENOTYPES.values())
        lines.append(f"run{at}.fsa\t{name}{cells}\t{('X, ', 'X, Y', 'X, Y')[at]}, , \t600, 580, , ")
    path = case.folder / "plate 7.txt"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def the_profiles_come_in(seat: Workstation, case: Case) -> None:
    seat.sign_in("analyst", PASSWORD)
    seat.run("Samples")
    seat.press("Import")
    page = seat.place.stack.currentWidget()
    assert isinstance(page, ImportPage)
    broken = case.folder / "broken.txt"
    broken.write_text(export(case).read_text("utf-8").replace("31.2", "thirty-one", 1), encoding="utf-8")
    seat.write(page.fields["path"].editor, str(broken))
    seat.sees("nothing is taken in until")
    assert "Line 3" in words_of(page)
    assert not page.go.isEnabled()
    seat.write(page.fields["path"].editor, str(export(case)))
    seat.sees("3 profiles can be taken in. Another person reviews them.")
    seat.key(page.go, Qt.Key.Key_Space)
    seat.wait(lambda: any("3 profiles taken in" in words for words, _ in seat.said))

    seat.sign_in("reviewer", PASSWORD)
    seat.run("Samples")
    rows = seat.place.list.list
    seat.wait(lambda: rows.model.rowCount() == 3 and not rows.model.is_waiting)
    seat.key(rows.view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    seat.press("Accept chosen")
    seat.wait(lambda: any("3 profiles accepted" in words for words, _ in seat.said))


# -- matching and deciding -------------------------------------------------------------------------------


def the_match_is_found_and_reviewed(seat: Workstation, case: Case) -> None:
    seat.sign_in("analyst", PASSWORD)
    seat.run("Matching")
    seat.asked(lambda: seat.keys("Ctrl+N"))
    seat.answers.then(lambda dialog: dialog.accept())  # what the screening compared, in words
    seat.wait(lambda: not seat.answers.waiting, 60)
    seat.answers.demand()
    line = seat.row(seat.place.candidates.list)
    assert line.log10_lr > line.required_log10_lr
    assert (line.item_number, line.missing_number) == (case.numbers["femur"], case.numbers["missing"])
    seat.asked(lambda: seat.press("Propose for review"), seat.typed(reasoning="All loci agree."))
    seat.sees("Waits for a DNA reviewer who is not Andrés Peña.")

    seat.sign_in("reviewer", PASSWORD)
    seat.run("Matching")
    seat.row(seat.place.candidates.list)
    seat.asked(lambda: seat.press("Review"), seat.typed(outcome="Supported", review="Checked."))
    seat.sees("Supported")


def three_people_identify(seat: Workstation, case: Case) -> None:
    seat.sign_in("manager", PASSWORD)
    seat.run("Matching")
    seat.row(seat.place.candidates.list)
    seat.asked(lambda: seat.press("Propose identification"), seat.typed(proposal="DNA and bones agree."))
    seat.wait(lambda: seat.window.current == "identifications")
    seat.row(seat.place.list)
    seat.sees("Yusuf Osman")
    assert "coordinator" in seat.why_off("Confirm…")

    seat.sign_in("reviewer", PASSWORD)  # who may confirm as well, but not what she reviewed herself
    seat.run("Identifications")
    seat.row(seat.place.list)
    assert seat.why_off("Confirm…") == "You reviewed the match; a third person decides."

    seat.sign_in("coordinator", PASSWORD)
    seat.run("Identifications")
    seat.row(seat.place.list)
    seat.asked(lambda: seat.press("Confirm…"), seat.sworn(PASSWORD, "The evidence agrees."))
    seat.wait(lambda: any("Confirmed" in words for words, _ in seat.said))
    seat.wait(lambda: seat.place.record.identification.state is IdentificationState.CONFIRMED)
    found = seat.place.record.identification
    assert len({found.proposed_by, found.reviewed_by, found.confirmed_by}) == 3


def the_report_is_signed_and_verified(seat: Workstation, case: Case) -> None:
    seat.sign_in("analyst", PASSWORD)
    seat.run("Matching")
    seat.row(seat.place.candidates.list)
    seat.asked(lambda: seat.press("Write the DNA report"), seat.typed(authoriser="Rana"))
    seat.wait(lambda: seat.window.current == "reports" and seat.place.record is not None, 60)
    seat.asked(lambda: seat.press("Sign…"), seat.sworn(PASSWORD))
    seat.sees("to authorise it", 60)

    seat.sign_in("reviewer", PASSWORD)
    seat.run("Reports")
    seat.row(seat.place.list)
    seat.asked(lambda: seat.press("Authorise…"), seat.sworn(PASSWORD))
    seat.wait(lambda: any("is issued" in words for words, _ in seat.said), 60)
    seat.wait(lambda: seat.place.record.report.pdf_digest)
    seat.press("Verify")
    seat.sees("every check holds", 60)
    (found,) = seat.place.verified.values()
    assert found.verdict is Verdict.VALID


def the_family_is_told(seat: Workstation, case: Case) -> None:
    seat.sign_in("manager", PASSWORD)
    seat.run("Identifications")
    seat.row(seat.place.list)
    seat.asked(lambda: seat.press("Family told…"), seat.typed(present="Mother and father"))
    seat.sees("Return remains…")
    seat.wait(lambda: any(button.isEnabled() for button in seat.buttons("Return remains…")))
    told = {"receiver": "Father", "burial_place": "Family grave", "coordinates": "38.01, 12.54"}

    def hand_over(form: object) -> None:
        seat.answers.then(seat.sworn(PASSWORD))
        seat.typed(**told)(form)  # type: ignore[arg-type]

    seat.asked(lambda: seat.press("Return remains…"), hand_over)
    seat.sees("Close the file")
    seat.press("Close the file")
    seat.wait(lambda: seat.place.record.identification.state is IdentificationState.CLOSED)
    lab = seat.window.context.lab
    record = lab.run(identifications.identification_record, seat.place.record.identification.id)
    assert record.handovers[0].complete
    story = lab.run(custody.item_story, record.items[0].id)
    assert "Father" in str(story[-1])
