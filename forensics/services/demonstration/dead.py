"""The demonstration's remains: received, typed, examined."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from forensics.domain.anthropology import SexEstimate, Side
from forensics.domain.examinations import InventoryLine
from forensics.domain.kinship import Sex
from forensics.domain.lists import ListQuery
from forensics.domain.reading import Reading
from forensics.domain.remains import Description, ItemKind, RemainsCase
from forensics.domain.samples import SampleKind
from forensics.services import (
    examinations,
    gene_dropping,
    profiles,
    remains,
    samples,
)
from forensics.services.demonstration.stage import (
    TABLE,
    Stage,
    read_profile,
)

_ELEMENTS = (
    ("femur", Side.LEFT),
    ("femur", Side.RIGHT),
    ("tibia", Side.LEFT),
    ("tibia", Side.RIGHT),
    ("humerus", Side.RIGHT),
    ("mandible", Side.MIDLINE),
)


def receive_remains(stage: Stage) -> None:
    """Remains from the sites, as they were received, with their samples."""
    technician = stage.staff["tamara"]
    dice = stage.dice
    for number in range(1, stage.size.individuals + 1):
        site = stage.sites[min(int(dice.random() ** 1.4 * len(stage.sites)), len(stage.sites) - 1)]
        received = datetime(2024, 1, 8, 9, tzinfo=UTC) + timedelta(
            days=number * 4 % 700, hours=dice.randint(0, 6)
        )
        case = RemainsCase(
            operation=stage.operation.id,
            site=site.id,
            received_at=received,
            received_from=f"Mortuary of {site.title.split(',')[0]}",
            received_by=technician.person.id,
            authority="Prosecutor's office (invented)",
            order_reference=f"RG {1000 + number}/{received.year}",
            seals=f"SE-{70000 + number}",
            seals_intact=True,
            description=dice.choice(
                [Description.SKELETAL, Description.SKELETAL, Description.INCOMPLETE_BODY]
            ),
            condition=dice.choice(
                ["dry, no soft tissue", "saponified", "weathered, sun-bleached", "mud, roots"]
            ),
            external_number=f"{site.title[:3].upper()}-{number:03d}",
        )
        contents = [
            remains.NewItem(
                ItemKind.BONE, element, side, "complete", external_number=f"B{number:03d}{suffix}"
            )
            for suffix, (element, side) in zip(
                "ab", dice.sample(_ELEMENTS, 1 + (number % 6 == 0)), strict=False
            )
        ]
        technician.run(remains.receive_case, case, contents, dice.choice(stage.places))


def type_remains(stage: Stage) -> None:
    """Profiles of the remains, partial as bone gives them, reviewed by a second person."""
    from forensics.data.frequencies import load

    dice, table = stage.dice, load(TABLE)
    dead = dice.sample(stage.families, min(stage.size.related, len(stage.families)))
    people_found = [(f.genotypes["MP"], f.sex) for f in dead]
    while len(people_found) < stage.size.individuals:
        people_found.append(
            (gene_dropping.stranger(table, stage.loci, dice), dice.choice([Sex.MALE, Sex.FEMALE]))
        )
    dice.shuffle(people_found)
    whole = ListQuery(filters={"operation": (stage.operation.id,)}, limit=5000)
    items = stage.staff["tamara"].run(remains.items, whole).rows
    reads = []
    for line in items:
        index = int(line.external_number[1:4]) - 1
        genotypes, sex = people_found[index]
        if index % 11 == 10:
            continue  # not yet typed
        keep = dice.choice([1.0, 1.0, 0.95, 0.85, 0.7, 0.5])
        reads.append(
            read_profile(
                line.number, gene_dropping.degraded(genotypes, keep, dice), sex if keep > 0.6 else Sex.UNKNOWN
            )
        )
    options = profiles.ImportOptions(
        stage.operation.id,
        "bone-batches-01-14.txt",
        kit="GlobalFiler",
        taken_outside="batches before this system",
    )
    reading = Reading(
        format="demonstration", digest=f"demonstration remains {dice.random()}", profiles=tuple(reads)
    )
    stage.staff["analyst"].run(profiles.import_reading, reading, options)
    rows = stage.staff["reviewer"].run(profiles.profiles, whole).rows
    waiting = {line.id for line in dice.sample([r for r in rows if not r.reference], 9)}
    stage.staff["reviewer"].run(profiles.accept_profiles, [r.id for r in rows if r.id not in waiting])
    _plan_samples(stage, [line for line in items if int(line.external_number[1:4]) % 11 == 0])


def _plan_samples(stage: Stage, items: Sequence[Any]) -> None:
    """Samples that are planned, authorised or taken, so that every list has work."""
    technician, manager = stage.staff["tamara"], stage.staff["manager"]
    witness = stage.staff["custodian"].person.id
    for number, line in enumerate(items[:9]):
        planned = technician.run(samples.plan_sample, line.id, SampleKind.BONE)
        if number % 3:
            manager.run(samples.authorise_sample, planned.id)
        if number % 3 == 2:
            technician.run(samples.take_sample, planned.id, witness, 1200.0)


def examine(stage: Stage) -> None:
    """First examinations by the anthropologist, some still drafts."""
    expert, dice = stage.staff["anthropologist"], stage.dice
    whole = ListQuery(filters={"operation": (stage.operation.id,)}, limit=5000)
    sexes = _sexes_of_cases(stage)
    for number, line in enumerate(expert.run(remains.cases, whole).rows):
        if number % 3 == 2:
            continue
        draft = expert.run(examinations.begin_examination, line.id)
        fields = _findings(dice, sexes.get(line.id, Sex.UNKNOWN))
        draft = expert.run(examinations.change_examination, draft, fields)
        if number % 10:
            expert.run(examinations.record_signature, draft)


def _sexes_of_cases(stage: Stage) -> dict[UUID, Sex]:
    """Sex by amelogenin of each case, so that invented findings fit the invented people."""
    reviewer = stage.staff["reviewer"]
    whole = ListQuery(filters={"operation": (stage.operation.id,)}, limit=5000)
    by_item = {line.source: line.sex for line in reviewer.run(profiles.profiles, whole).rows}
    items = reviewer.run(remains.items, whole).rows
    return {line.case: by_item[line.number] for line in items if line.number in by_item}


def _findings(dice: random.Random, sex: Sex) -> dict[str, Any]:
    age, stature = dice.randint(16, 38), dice.randint(158, 180) - (9 if sex is Sex.FEMALE else 0)
    steps = {
        Sex.MALE: [SexEstimate.MALE, SexEstimate.PROBABLE_MALE],
        Sex.FEMALE: [SexEstimate.FEMALE, SexEstimate.PROBABLE_FEMALE],
    }.get(sex, [SexEstimate.INDETERMINATE, SexEstimate.UNDETERMINED])
    found = [
        InventoryLine(
            element=element,
            side=str(side),
            completeness=dice.choice(["complete", "complete", "partial", "fragment"]),
        )
        for element, side in dice.sample(_INVENTORY, dice.randint(9, len(_INVENTORY)))
    ]
    elements = {line.element for line in found}
    skull, hip, femur = (name in elements for name in ("cranium", "hip-bone", "femur"))
    by_hip = hip and not skull
    if not (skull or hip):
        steps = [SexEstimate.UNDETERMINED]
    return {
        "inventory": tuple(found),
        "minimum_individuals": 1,
        "sex": str(dice.choice(steps)),
        "sex_method": "Klales et al. 2012, pubic traits"
        if by_hip
        else "Walker 2008, cranial traits"
        if skull
        else "",
        "age_minimum": float(age) if hip else None,
        "age_maximum": float(age + 14) if hip else None,
        "age_method": "Suchey & Brooks 1990, pubic symphysis" if hip else "",
        "stature_minimum": float(stature) if femur else None,
        "stature_maximum": float(stature + 14) if femur else None,
        "stature_method": "Trotter & Gleser 1952, femur" if femur else "",
        "rationale": "Single individual; preservation good, no contradictory elements.",
    }


_COMPLETENESS = ("complete", "complete", "partial", "fragment")

_INVENTORY = (
    ("cranium", Side.MIDLINE),
    ("mandible", Side.MIDLINE),
    ("femur", Side.LEFT),
    ("femur", Side.RIGHT),
    ("tibia", Side.LEFT),
    ("tibia", Side.RIGHT),
    ("fibula", Side.LEFT),
    ("fibula", Side.RIGHT),
    ("humerus", Side.LEFT),
    ("humerus", Side.RIGHT),
    ("radius", Side.LEFT),
    ("radius", Side.RIGHT),
    ("ulna", Side.LEFT),
    ("ulna", Side.RIGHT),
    ("hip-bone", Side.LEFT),
    ("hip-bone", Side.RIGHT),
    ("sacrum", Side.MIDLINE),
    ("scapula", Side.LEFT),
    ("scapula", Side.RIGHT),
    ("clavicle", Side.LEFT),
    ("clavicle", Side.RIGHT),
    ("sternum", Side.MIDLINE),
)
