"""The demonstration laboratory: an invented operation with cases at every stage, made from a seed.

It is made through the same use cases as any other laboratory, in the names of the people who would have
done each act. Nobody in it exists.
"""

import random
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any
from uuid import UUID

from forensics.domain.anthropology import SexEstimate, Side
from forensics.domain.consistency import Consistency
from forensics.domain.dates import UncertainDate
from forensics.domain.examinations import InventoryLine
from forensics.domain.families import Family, MissingPerson
from forensics.domain.identifications import Handover, Identification, Notification
from forensics.domain.kinship import FrequencyTable, Genotype, MutationKind, Pedigree, Sex
from forensics.domain.lists import ListQuery
from forensics.domain.matching import HypothesisState
from forensics.domain.operations import Event, Operation, OperationKind, Site, SiteKind
from forensics.domain.people import Permission, Role
from forensics.domain.progress import Progress, Silent
from forensics.domain.reading import ReadCall, ReadFamily, Reading, ReadProfile, ReadRelative
from forensics.domain.remains import Description, ItemKind, RemainsCase
from forensics.domain.samples import SampleKind
from forensics.persistence.transaction import Transaction
from forensics.services import (
    custody,
    examinations,
    families,
    gene_dropping,
    identifications,
    matching,
    operations,
    people,
    profiles,
    remains,
    samples,
)
from forensics.services.door import Laboratory, command, query
from forensics.services.laboratories import NewLaboratory, create_laboratory

PASSWORD = "demonstration"
PASSPHRASE = "demonstration laboratory"
SEED = 20240611
TABLE = "nist1036-african-american"

PEOPLE: tuple[tuple[str, str, Role, str], ...] = (
    ("tamara", "Tamara Lindqvist", Role.TECHNICIAN, "Laboratory technician"),
    ("custodian", "Nuno Carvalho", Role.CUSTODIAN, "Custodian of remains"),
    ("analyst", "Ines Amrani", Role.DNA_ANALYST, "DNA analyst"),
    ("reviewer", "Dr Pavel Hora", Role.DNA_REVIEWER, "DNA reviewer"),
    ("anthropologist", "Dr Lucía Ferrer", Role.ANTHROPOLOGIST, "Forensic anthropologist"),
    ("manager", "Samira Haddad", Role.CASE_MANAGER, "Case manager"),
    ("coordinator", "Dr Jonas Weiss", Role.COORDINATOR, "Identification coordinator"),
    ("quality", "Aoife Brennan", Role.QUALITY_MANAGER, "Quality manager"),
)
"""Login, name, role, title; the password of each is `PASSWORD`."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much is made: families, cases of the dead, and how many of the dead belong to a family."""

    families: int = 220
    individuals: int = 150
    related: int = 70


@dataclass
class _Stage:
    """What the making of the laboratory carries along."""

    dice: random.Random
    size: Size
    staff: dict[str, Laboratory]
    progress: Progress
    operation: Operation = field(init=False)
    sites: list[Site] = field(default_factory=list)
    places: list[UUID] = field(default_factory=list)
    loci: tuple[str, ...] = ()
    families: list["_InventedFamily"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _InventedFamily:
    name: str
    pedigree: Pedigree
    donors: dict[str, str]  # member -> relation
    genotypes: dict[str, dict[str, Genotype]]
    sex: Sex


def build(
    location: str, progress: Progress | None = None, seed: int = SEED, size: Size | None = None
) -> Laboratory:
    """The laboratory at `location`, its administrator signed in; the same seed makes the same cases."""
    watch = progress or Silent()
    watch.step(0, 10, "Creating the laboratory")
    admin = staffed(location)
    staff = {"admin": admin} | {login: sign_in(admin, login) for login, *_ in PEOPLE}
    stage = _Stage(random.Random(seed), size or Size(), staff, watch)
    steps = (_operation, _families, _remains, _profiles, _examine, _associate, _screen, _weigh, _identify)
    for number, step in enumerate(steps, 1):
        watch.step(number, 10, (step.__doc__ or "").rstrip("."))
        step(stage)
    return admin


def staffed(location: str) -> Laboratory:
    """An empty laboratory with the demonstration's people; its administrator is signed in."""
    new = NewLaboratory(
        location,
        "Laboratory for the Identification of the Missing (demonstration)",
        "Adriana Castellano",
        "admin",
        PASSWORD,
        PASSPHRASE,
        short_name="LIM demo",
        address="Via delle Palme 1\n91025 Marsala",
        country="Italy",
        accreditation="ISO/IEC 17025 accreditation not held: demonstration",
    )
    admin = create_laboratory(new)
    for login, name, role, title in PEOPLE:
        people.add_person(admin, name, login, PASSWORD, [role], title=title)
    return admin


def sign_in(admin: Laboratory, login: str) -> Laboratory:
    """Another person of the demonstration, on the same store."""
    person = next(line.person for line in admin.run(people.people) if line.person.login == login)
    return Laboratory(admin.store, person, admin.vault_key)


@cache
def _invented() -> dict[str, Any]:
    return tomllib.loads((files("forensics.data") / "demonstration.toml").read_text("utf-8"))


# operation and sites


def _operation(stage: _Stage) -> None:
    """Operation, events and sites."""
    from forensics.data.frequencies import load

    words, manager = _invented(), stage.staff["manager"]
    table = load(TABLE)
    stage.loci = typed_loci(table)
    data = manager.run(operations.take_frequencies, table)
    stage.operation = manager.run(
        operations.create_operation,
        Operation(
            title=words["operation"]["title"],
            kind=OperationKind.MIGRATION,
            territory=words["operation"]["territory"],
            period=UncertainDate(words["operation"]["period"]),
            number_sought=stage.size.families * 4,
            frequencies=data.id,
            theta=0.01,
            mutation=MutationKind.PROPORTIONAL,
            mutation_rate_male=0.002,
            mutation_rate_female=0.0005,
            minimum_frequency=0.001,
            legal_basis=words["operation"]["legal_basis"],
        ),
    )
    events = [_event(stage, row) for row in words["event"]]
    stage.sites = [_site(stage, row, events) for row in words["site"]]
    custodian = stage.staff["custodian"]
    building = custodian.run(custody.create_location, "Building A")
    room = custodian.run(custody.create_location, "Cold room 2", building.id)
    stage.places = [custodian.run(custody.create_location, f"Shelf {n}", room.id, 40).id for n in range(1, 9)]


def typed_loci(table: FrequencyTable) -> tuple[str, ...]:
    """The markers of a table that the invented laboratory's kit types."""
    unusual = ("SE33", "F13A01", "F13B", "FESFPS", "LPL", "Penta C")
    return tuple(locus for locus in table.loci if locus not in unusual)[:23]


def _event(stage: _Stage, row: dict[str, Any]) -> Event:
    new = Event(
        operation=stage.operation.id,
        title=row["title"],
        kind=row["kind"],
        date=UncertainDate(row["date"]),
        place=row["place"],
        dead_minimum=row["dead"][0],
        dead_maximum=row["dead"][1],
    )
    return stage.staff["manager"].run(operations.create_event, new)


def _site(stage: _Stage, row: dict[str, Any], events: Sequence[Event]) -> Site:
    new = Site(
        operation=stage.operation.id,
        event=events[row["event"]].id,
        title=row["title"],
        kind=SiteKind(row["kind"]),
        latitude=row["latitude"],
        longitude=row["longitude"],
        accuracy_m=25.0,
    )
    return stage.staff["manager"].run(operations.create_site, new)


# families

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


def _invent_family(stage: _Stage, number: int) -> _InventedFamily:
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
    return _InventedFamily(f"F{number:03d}", drawn, donors, genotypes, sex)


def _families(stage: _Stage) -> None:
    """Families with their pedigrees, donors and missing persons."""
    stage.families = [_invent_family(stage, n) for n in range(1, stage.size.families + 1)]
    reading = Reading(
        format="demonstration",
        digest=f"demonstration families {stage.dice.random()}",
        profiles=tuple(
            _read(f"{f.name}-{code}", f.genotypes[code], _sex_of(f.pedigree, code))
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


def _read_family(f: _InventedFamily) -> ReadFamily:
    relatives = tuple(ReadRelative(f.name, word, f"{f.name}-{code}", code) for code, word in f.donors.items())
    return ReadFamily(f.name, f.pedigree, ("MP",), relatives)


def _read(sample: str, genotypes: dict[str, Genotype], sex: Sex) -> ReadProfile:
    calls = {x: tuple(ReadCall(a) for a in dict.fromkeys(g)) for x, g in genotypes.items()}
    if sex is not Sex.UNKNOWN:
        calls["AMEL"] = tuple(ReadCall(a) for a in ("X", "Y") if a == "X" or sex is Sex.MALE)
    return ReadProfile(sample=sample, calls=calls, sex=sex)


def _name_everybody(stage: _Stage) -> None:
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


def _particulars(stage: _Stage, person: MissingPerson) -> dict[str, Any]:
    dice = stage.dice
    words = _invented()[dice.choices(["arabic", "west_african", "cyrillic", "persian"], [45, 40, 5, 10])[0]]
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
        "marks": dice.choice(
            [
                "",
                "",
                "scar on the left forearm",
                "healed fracture of the right collarbone",
                "burn on the hand",
            ]
        ),
        "clothing": dice.choice(["", "blue jacket, jeans", "red football shirt", "grey hooded pullover"]),
        "last_seen": UncertainDate(seen.isoformat()),
        "last_place": dice.choice(words["places"]),
        "circumstances": "Telephoned before boarding; no word since.",
    }


_MARKS = ("", "", "scar on the left forearm", "healed fracture of the right collarbone", "burn on the hand")

# the dead

_ELEMENTS = (
    ("femur", Side.LEFT),
    ("femur", Side.RIGHT),
    ("tibia", Side.LEFT),
    ("tibia", Side.RIGHT),
    ("humerus", Side.RIGHT),
    ("mandible", Side.MIDLINE),
)


def _remains(stage: _Stage) -> None:
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


def _profiles(stage: _Stage) -> None:
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
            _read(
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


def _plan_samples(stage: _Stage, items: Sequence[Any]) -> None:
    """Samples that are planned, authorised or taken, so that every list has work."""
    technician, manager = stage.staff["tamara"], stage.staff["manager"]
    witness = stage.staff["custodian"].person.id
    for number, line in enumerate(items[:9]):
        planned = technician.run(samples.plan_sample, line.id, SampleKind.BONE)
        if number % 3:
            manager.run(samples.authorise_sample, planned.id)
        if number % 3 == 2:
            technician.run(samples.take_sample, planned.id, witness, 1200.0)


def _examine(stage: _Stage) -> None:
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


def _sexes_of_cases(stage: _Stage) -> dict[UUID, Sex]:
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
    return {
        "inventory": tuple(found),
        "minimum_individuals": 1,
        "sex": str(dice.choice(steps)),
        "sex_method": "Walker 2008, cranial traits",
        "age_minimum": float(age),
        "age_maximum": float(age + 14),
        "age_method": "Brooks & Suchey 1990, pubic symphysis",
        "stature_minimum": float(stature),
        "stature_maximum": float(stature + 14),
        "stature_method": "Trotter & Gleser 1952, femur",
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


def _associate(stage: _Stage) -> None:
    """Items of one individual, found by DNA."""
    proposed = matching.search_same_person(stage.staff["analyst"], stage.operation.id)
    for number, association in enumerate(proposed):
        if number % 4:
            stage.staff["reviewer"].run(remains.decide_association, association.id, True)


def _screen(stage: _Stage) -> None:
    """Everything compared with everything."""
    matching.screen_operation(stage.staff["analyst"], stage.operation.id)


def _weigh(stage: _Stage) -> None:
    """Candidates at every stage of weighing and review."""
    analyst, reviewer = stage.staff["analyst"], stage.staff["reviewer"]
    best = ListQuery(filters={"operation": (stage.operation.id,)}, sort="log10_lr", descending=True, limit=36)
    for number, line in enumerate(analyst.run(matching.hypotheses, best).rows):
        seen = analyst.run(matching.hypothesis_record, line.id).hypothesis
        words = "All compared loci agree with the pedigree; no mutation has to be assumed."
        proposed = analyst.run(matching.propose_match, seen, words)
        if number % 4 == 3:
            continue
        outcome = HypothesisState.SUPPORTED if number < 30 else HypothesisState.INCONCLUSIVE
        review = "" if number < 30 else "The LR does not reach the policy; a sample of the father would help."
        reviewer.run(matching.review_match, proposed, outcome, review)


def _identify(stage: _Stage) -> None:
    """Identifications at every stage, from the proposal to the closed file."""
    manager, coordinator = stage.staff["manager"], stage.staff["coordinator"]
    wanted = {"operation": (stage.operation.id,), "state": (str(HypothesisState.SUPPORTED),)}
    best = ListQuery(filters=wanted, sort="log10_lr", descending=True, limit=40)
    done = 0
    taken: set[UUID] = set()
    for line in manager.run(matching.hypotheses, best).rows:
        if done == 14 or line.missing_person in taken or (line.posterior or 0) < stage.operation.threshold:
            continue
        taken.add(line.missing_person)
        made = manager.run(
            identifications.propose,
            line.id,
            "DNA and examination agree; the family was informed of the procedure.",
        )
        made = _explained(manager, made)
        done += 1
        if done % 7 != 1:
            made = coordinator.run(identifications.record_confirmation, made, "The evidence is consistent.")
            _return(stage, made, done % 7)


def _explained(manager: Laboratory, made: Identification) -> Identification:
    for row in made.grid:
        if row.verdict == Consistency.INCONSISTENT:
            words = "The stated value rests on memory; documents are not available."
            made = manager.run(identifications.judge, made, row.aspect, Consistency.EXPLAINED, words)
    return made


def _return(stage: _Stage, made: Identification, step: int) -> None:
    """Notify the family, hand over, close: as far as `step` goes."""
    manager = stage.staff["manager"]
    if step < 4:
        return
    told = Notification(
        identification=made.id, on=date(2026, 5, 4), by=manager.person.id, present="Mother and elder brother"
    )
    manager.run(identifications.record_notification, told)
    if step < 5:
        return
    record = manager.run(identifications.identification_record, made.id)
    handover = Handover(
        identification=made.id,
        at=datetime(2026, 6, 2, 10, tzinfo=UTC),
        by=manager.person.id,
        receiver="Elder brother, with the family association",
        inventory=(),
        complete=False,
        documents="certificate of identification, transport permit",
        burial_place="family grave",
    )
    manager.run(identifications.record_handover, handover, [line.id for line in record.items])
    if step == 6:
        found = manager.run(identifications.identification_record, made.id).identification
        manager.run(identifications.close, found)
