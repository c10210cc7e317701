"""The demonstration's families, donors and missing persons."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from forensics.domain.dates import UncertainDate
from forensics.domain.families import Family, MissingPerson, MissingState
from forensics.domain.kinship import Pedigree, Sex
from forensics.domain.people import Permission
from forensics.domain.reading import ReadFamily, Reading, ReadRelative
from forensics.persistence.transaction import Transaction
from forensics.services import (
    families,
    gene_dropping,
    profiles,
)
from forensics.services.demonstration.stage import TABLE, InventedFamily, Stage, invented, read_profile
from forensics.services.door import command, query

_SHAPES: tuple[tuple[int, tuple[str, ...]], ...] = (
    (24, ("father", "mother")),
    (20, ("mother", "brother")),
    (14, ("mother",)),
    (12, ("sister", "brother")),
    (8, ("father",)),
    (8, ("son", "wife")),
    (6, ("daughter", "son", "wife")),
    (5, ("brother",)),
    (3, ("maternal uncle", "maternal aunt")),
)
"""How often which relatives give samples, per hundred families."""


def _invent_family(stage: Stage, number: int) -> InventedFamily:
    from forensics.data.frequencies import load
    from forensics.domain.relations import Kin, parse_relation, propose_pedigree

    words = stage.dice.choices([s for _, s in _SHAPES], [w for w, _ in _SHAPES])[0]
    sex = Sex.MALE if "wife" in words or stage.dice.random() < 0.75 else Sex.FEMALE
    kin = [
        Kin(f"R{n}", relation, relation.sex)
        for n, word in enumerate(words, 1)
        if (relation := parse_relation(word))
    ]
    drawn = propose_pedigree(kin, "MP", sex).pedigree
    genotypes = gene_dropping.drop(drawn, load(TABLE), stage.loci, stage.dice)
    donors = {f"R{n}": word for n, word in enumerate(words, 1)}
    return InventedFamily(f"F{number:03d}", drawn, donors, genotypes, sex)


def invent_families(stage: Stage) -> None:
    """Families with their pedigrees, donors and missing persons."""
    stage.families = [_invent_family(stage, n) for n in range(1, stage.size.families + 1)]
    reading = Reading(
        format="demonstration",
        digest=f"demonstration families {stage.dice.random()}",
        profiles=tuple(
            read_profile(f"{f.name}-{code}", f.genotypes[code], _sex_of(f.pedigree, code))
            for f in stage.families
            for code in f.donors
        ),
        families=tuple(_read_family(f) for f in stage.families),
    )
    consent = families.ConsentDetails(date(2024, 3, 1), "collection campaign, form C-2", "ar")
    options = profiles.ImportOptions(
        stage.operation.id,
        "reference-families.csv",
        consent=consent,
        kit="GlobalFiler",
        taken_outside="family association, collection campaign",
    )
    stage.staff["analyst"].run(profiles.import_reading, reading, options)
    _name_everybody(stage)


def _sex_of(pedigree: Pedigree, code: str) -> Sex:
    return pedigree.member(code).sex


def _read_family(f: InventedFamily) -> ReadFamily:
    relatives = tuple(ReadRelative(f.name, word, f"{f.name}-{code}", code) for code, word in f.donors.items())
    return ReadFamily(f.name, f.pedigree, ("MP",), relatives)


def _name_everybody(stage: Stage) -> None:
    """Names, ante-mortem particulars and confirmed pedigrees; some pedigrees still wait."""
    manager = stage.staff["manager"]
    wanted = manager.run(_sought, stage.operation.id)
    for number, (family, sought) in enumerate(wanted):
        described = [(person, _particulars(stage, person)) for person in sought]
        manager.run(describe_family, family, described, number % 12 != 0)


@query(Permission.FAMILY_READ)
def _sought(tx: Transaction, operation: UUID) -> list[tuple[Family, list[MissingPerson]]]:
    """Every family with those whom it seeks."""
    sought: dict[UUID, list[MissingPerson]] = {}
    for person in tx.find(MissingPerson, operation=operation):
        sought.setdefault(person.family, []).append(person)
    return [(family, sought.get(family.id, [])) for family in tx.find(Family, operation=operation)]


@command(Permission.FAMILY_RECORD)
def describe_family(
    tx: Transaction,
    family: Family,
    described: Sequence[tuple[MissingPerson, dict[str, Any]]],
    confirm: bool,
) -> Family:
    """What a conversation with a family yields, in one act: who is sought, and the drawing confirmed."""
    for person, fields in described:
        families.change_missing_person(tx, person, fields)
    return families.confirm_pedigree(tx, family) if confirm else family


def _particulars(stage: Stage, person: MissingPerson) -> dict[str, Any]:
    dice = stage.dice
    words = invented()[dice.choices(["arabic", "west_african", "cyrillic", "persian"], [45, 40, 5, 10])[0]]
    given = dice.choice(words["women" if person.sex is Sex.FEMALE else "men"])
    family = dice.choice(words["family"])
    age, seen = dice.randint(16, 44), date(2019, 1, 1) + timedelta(days=dice.randint(0, 1900))
    born = f"{seen.year - age}" + dice.choice(["", "?", f"-{dice.randint(1, 12):02d}"])
    original = " ".join(part.split("|")[0] for part in (given, family))
    latin = [part.split("|")[-1] for part in (given, family)]
    return {
        "given_names": latin[0],
        "family_names": latin[1],
        "original_name": original if "|" in given else "",
        "birth": UncertainDate(born),
        "height_cm": float(dice.randint(158, 188) - (9 if person.sex is Sex.FEMALE else 0)),
        "height_source": dice.choice(["said by the family", "identity card", ""]),
        "marks": dice.choice(_MARKS),
        "clothing": dice.choice(["", "blue jacket, jeans", "red football shirt", "grey hooded pullover"]),
        "last_seen": UncertainDate(seen.isoformat()),
        "last_place": dice.choice(words["places"]),
        "circumstances": "Telephoned before boarding; no word since.",
        "state": MissingState.SEARCHING,
    }


_MARKS = ("", "", "scar on the left forearm", "healed fracture of the right collarbone", "burn on the hand")
