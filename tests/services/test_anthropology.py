"""The bench asks through the door of a real laboratory, and is refused without the permission."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from forensics.domain.anthropology import Completeness, Target
from forensics.domain.errors import Invalid, Refused
from forensics.domain.examinations import InventoryLine
from forensics.domain.people import Role
from forensics.services import anthropology
from forensics.services.door import Laboratory
from forensics.services.laboratories import NewLaboratory, create_laboratory


def made(folder: Path, *roles: Role) -> Laboratory:
    return create_laboratory(
        NewLaboratory(
            str(folder / "bench.nomina"), "Institute", "Amira Halilović", "amira", "correct horse battery",
            "laboratory passphrase", administrator_roles=(Role.ADMINISTRATOR, *roles),
        )
    )  # fmt: skip


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Laboratory]:
    lab = made(tmp_path_factory.mktemp("bench"), Role.ANTHROPOLOGIST)
    yield lab
    lab.close()


def test_typed_shorthand_becomes_inventory_lines(bench: Laboratory) -> None:
    lines = bench.run(anthropology.inventory_from, "L fem, T1-2", Completeness.PARTIAL)
    assert lines[0] == InventoryLine(element="femur", side="left", completeness="partial")
    assert [bench.run(anthropology.element_label, line) for line in lines] == ["left femur", "T1", "T2"]


def test_methods_and_their_results(bench: Laboratory) -> None:
    assert len(bench.run(anthropology.methods_for, Target.STATURE)) == 4
    result = bench.run(anthropology.method_result, "age.suchey_brooks_1990", {"sex": "M", "phase": "IV"})
    assert result.conclusion == "23–57 years (95 % central range of the sample)"


def test_number_of_individuals_of_an_inventory(bench: Laboratory) -> None:
    lines = [InventoryLine(element="femur", side="left") for _ in range(3)]
    lines += [InventoryLine(element="tibia", side="left", completeness="absent")]
    assert bench.run(anthropology.number_of_individuals, lines).number == 3
    with pytest.raises(Invalid, match="is no side"):
        bench.run(anthropology.number_of_individuals, [InventoryLine(element="femur", side="sinister")])


def test_who_may_not_read_examinations_is_refused(tmp_path: Path) -> None:
    lab = made(tmp_path)
    with pytest.raises(Refused):
        lab.run(anthropology.methods_for)
    lab.close()
