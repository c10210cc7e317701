"""One case from the first bone to the closed file, without a window: what `nomina demo --headless` does.

A small operation is invented from a seed, the instrument's export is written to a file and read back, and every
act is done by the person whose it is. Each step yields one sentence; nobody in it exists.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

from forensics.domain.anthropology import SexEstimate, Side
from forensics.domain.consistency import Consistency
from forensics.domain.dates import UncertainDate
from forensics.domain.documents import Report
from forensics.domain.errors import Refused
from forensics.domain.examinations import InventoryLine
from forensics.domain.families import Family, MissingPerson
from forensics.domain.identifications import Handover, Identification, Notification
from forensics.domain.kinship import Genotype, MutationKind, Sex
from forensics.domain.lists import ListQuery
from forensics.domain.loci import AMELOGENIN
from forensics.domain.matching import HypothesisState
from forensics.domain.operations import Operation, OperationKind, ReadingPolicy, Site, SiteKind
from forensics.domain.relations import Kin, parse_relation, propose_pedigree
from forensics.domain.remains import Description, ItemKind, RemainsCase
from forensics.domain.samples import SampleKind
from forensics.services import (
    auditing,
    custody,
    documents,
    examinations,
    families,
    gene_dropping,
    identifications,
    matching,
    operations,
    profiles,
    remains,
    report_facts,
    samples,
    screenings,
    storage,
)
from forensics.services.demonstration import PASSWORD, SEED, TABLE, typed_loci
from forensics.services.door import Laboratory
from reports import issuing
from reports.exports import write_genemapper, write_references
from reports.verification import Verdict, Verification
from reports.verifying import verify
from reports.wording import percent

SOUGHT = 120
_OTHERS = (("mother", "brother"), ("father", "sister"), ("mother",), ("brother", "sister"), ("son", "wife"))
_STRANGERS = 4
_WORDS = "All compared loci agree with the pedigree; no mutation has to be assumed."


@dataclass(frozen=True, slots=True)
class Step:
    """What was done, in one sentence, with what may be told beside it."""

    number: int
    sentence: str
    details: tuple[str, ...] = ()


@dataclass
class Walk:
    """The laboratory by the logins of its people, where files are written, and what the case has become."""

    staff: dict[str, Laboratory]
    folder: Path
    dice: random.Random
    operation: Operation = field(init=False)
    family: Family = field(init=False)
    case: RemainsCase = field(init=False)
    item: UUID = field(init=False)
    bone: str = field(init=False)  # token of the sample that was cut
    swabs: dict[str, str] = field(default_factory=dict)  # relation -> token of the relative's sample
    hypothesis: UUID = field(init=False)
    identification: Identification = field(init=False)
    reports: list[Path] = field(default_factory=list)

    def steps(self) -> Iterator[Step]:
        """Do the steps one after the other."""
        acts = (_laboratory, _records, _import, _screen, _decide, _report, _verify, _return)
        for number, act in enumerate(acts, 1):
            sentence, *details = act(self)
            yield Step(number, sentence, tuple(details))


def walk(staff: dict[str, Laboratory], folder: Path, seed: int = SEED) -> Walk:
    """A walk through the laboratory whose people `staff` are; files go to `folder`, made when missing.

    A second walk through the same laboratory is another operation with other people.
    """
    folder.mkdir(parents=True, exist_ok=True)
    before = len(staff["manager"].run(operations.operations))
    return Walk(staff, folder, random.Random(f"{seed} {before}"))


def _laboratory(w: Walk) -> list[str]:
    own = w.staff["manager"].run(operations.laboratory)
    head = w.staff["manager"].run(auditing.head)
    people = len(w.staff)
    return [f"Laboratory “{own.name}” is open, with {people} people; its audit stands at {head.sequence}."]


# records


def _records(w: Walk) -> list[str]:
    from forensics.data.frequencies import load

    manager = w.staff["manager"]
    data = manager.run(operations.take_frequencies, load(TABLE))
    number = len(manager.run(operations.operations)) + 1
    w.operation = manager.run(
        operations.create_operation,
        Operation(
            title=f"Walk-through {number}",
            kind=OperationKind.MIGRATION,
            territory="an invented coast",
            number_sought=SOUGHT,
            frequencies=data.id,
            theta=0.01,
            mutation=MutationKind.PROPORTIONAL,
            mutation_rate_male=0.002,
            mutation_rate_female=0.0005,
            minimum_frequency=0.001,
            reading=ReadingPolicy.ONE,
            legal_basis="order of the prosecutor (invented)",
        ),
    )
    site = manager.run(
        operations.create_site,
        Site(operation=w.operation.id, title="Beach below the chapel", kind=SiteKind.SURFACE),
    )
    _receive(w, site)
    _family(w)
    record = manager.run(families.family_record, w.family.id)
    return [
        f"{w.operation.number} “{w.operation.title}”: site {site.number}, remains {w.case.number} received and "
        f"examined, sample {w.bone} cut before a witness; family {w.family.number} with {len(record.donors)} donors "
        "and their consent."
    ]


def _receive(w: Walk, site: Site) -> None:
    custodian, technician = w.staff["custodian"], w.staff["tamara"]
    shelf = custodian.run(storage.create_location, f"Shelf of {w.operation.number}")
    arrived = RemainsCase(
        operation=w.operation.id,
        site=site.id,
        received_at=datetime.now(UTC),
        received_from="Mortuary of the district hospital",
        received_by=custodian.person.id,
        authority="Prosecutor's office (invented)",
        order_reference="RG 1204/2026",
        seals="SE-70411",
        seals_intact=True,
        description=Description.SKELETAL,
        condition="dry, no soft tissue",
    )
    femur = remains.NewItem(ItemKind.BONE, "femur", Side.LEFT, "complete", mass_g=412.0)
    w.case = custodian.run(remains.receive_case, arrived, [femur], shelf.id)
    w.item = custodian.run(remains.case_record, w.case.id).items[0].id
    _examine(w)
    planned = technician.run(samples.plan_sample, w.item, SampleKind.BONE)
    w.staff["manager"].run(samples.authorise_sample, planned.id)
    technician.run(samples.take_sample, planned.id, w.staff["anthropologist"].person.id, 1200.0)
    w.bone = custodian.run(samples.receive_sample, planned.id, shelf.id, "dry").token


def _examine(w: Walk) -> None:
    expert = w.staff["anthropologist"]
    draft = expert.run(examinations.begin_examination, w.case.id)
    found = {
        "inventory": (InventoryLine(element="femur", side=str(Side.LEFT), completeness="complete"),),
        "minimum_individuals": 1,
        "sex": str(SexEstimate.PROBABLE_MALE),
        "sex_method": "Stewart 1979, diameter of the femoral head",
        "stature_minimum": 165.0,
        "stature_maximum": 177.0,
        "stature_method": "Trotter & Gleser 1952, femur",
        "rationale": "One complete left femur of an adult; no peri-mortem changes.",
    }
    draft = expert.run(examinations.change_examination, draft, found)
    examinations.sign_examination(expert, draft, PASSWORD)


def _family(w: Walk) -> None:
    """The family that the remains will turn out to belong to: both parents of a missing man."""
    manager, custodian = w.staff["manager"], w.staff["custodian"]
    w.family = manager.run(families.create_family, w.operation.id, "Family of the first report")
    sought = MissingPerson(
        operation=w.operation.id,
        family=w.family.id,
        token="",
        given_names="Idris",
        family_names="Benali",
        sex=Sex.MALE,
        birth=UncertainDate("1994?"),
        height_cm=171.0,
        height_source="identity card",
        last_seen=UncertainDate("2025-02-11"),
        last_place="the harbour",
    )
    manager.run(families.add_missing_person, sought, "MP")
    consent = families.ConsentDetails(date(2026, 3, 2), "form C-2, read aloud", "ar")
    for relation, sex in (("father", Sex.MALE), ("mother", Sex.FEMALE)):
        relative = manager.run(families.add_relative, w.family.id, "MP", relation, "", sex)
        donor = manager.run(families.add_donor, w.family.id, relative.code, consent)
        swab = custodian.run(
            samples.accession_sample,
            SampleKind.BUCCAL,
            donor=donor.id,
            taken_outside="family association, collection campaign",
        )
        w.swabs[relation] = swab.token
    w.family = manager.run(families.family_record, w.family.id).family


# the instrument's files


def _import(w: Walk) -> list[str]:
    analyst, reviewer, manager = w.staff["analyst"], w.staff["reviewer"], w.staff["manager"]
    commingled = _commingled(w)
    bones, references = _exports(w)
    consent = families.ConsentDetails(date(2026, 3, 2), "form C-2, read aloud", "ar")
    taken = []
    for path, case in ((bones, commingled), (references, None)):
        reading = profiles.read(path)
        options = profiles.ImportOptions(w.operation.id, path.name, case, consent, kit="GlobalFiler")
        plan = analyst.run(profiles.plan_import, reading, options)
        if plan.refused:
            raise Refused(f"{path.name}: {plan.problems[0]}")
        taken.append(analyst.run(profiles.import_reading, reading, options))
    whole = ListQuery(filters={"operation": (w.operation.id,)}, limit=1000)
    waiting = [line.id for line in reviewer.run(profiles.profiles, whole).rows]
    reviewer.run(profiles.accept_profiles, waiting)
    for line in manager.run(families.families, whole).rows:
        manager.run(families.confirm_pedigree, manager.run(families.family_record, line.id).family)
    count, drawn = sum(t.profiles for t in taken), sum(t.families for t in taken)
    return [
        f"{count} profiles and {drawn} further families taken in from {len(taken)} files ({taken[0].number}, "
        f"{taken[1].number}) after a dry run, and reviewed by {reviewer.person.name}.",
        *(str(path) for path in (bones, references)),
    ]


def _commingled(w: Walk) -> UUID:
    """Where the bones of other people lie, whose samples come with the instrument's file."""
    custodian = w.staff["custodian"]
    arrived = RemainsCase(
        operation=w.operation.id,
        received_at=datetime.now(UTC),
        received_from="Mortuary of the district hospital",
        received_by=custodian.person.id,
        description=Description.COMMINGLED,
    )
    return custodian.run(remains.receive_case, arrived).id


def _exports(w: Walk) -> tuple[Path, Path]:
    """What the genetic analyser would have written: the remains, and the relatives."""
    from forensics.data.frequencies import load

    table = load(TABLE)
    loci = typed_loci(table)

    def invented(words: Sequence[str]) -> dict[str, dict[str, Genotype]]:
        kin = [Kin(word, r, r.sex) for word in words if (r := parse_relation(word))]
        drawn = propose_pedigree(kin, "MP", Sex.MALE).pedigree
        dropped = gene_dropping.drop(drawn, table, loci, w.dice)
        return {id: _with_sex(found, drawn.member(id).sex) for id, found in dropped.items()}

    own = invented(("father", "mother"))
    others = [(words, invented(words)) for words in _OTHERS]
    bones = {w.bone: own["MP"]} | {w.swabs[word]: own[word] for word in w.swabs}
    bones |= {f"G-{n:02d}": found["MP"] for n, (_, found) in enumerate(others[:2], 1)}
    strangers = range(len(bones), len(bones) + _STRANGERS)
    for n in strangers:
        sex = w.dice.choice((Sex.MALE, Sex.FEMALE))
        bones[f"G-{n:02d}"] = _with_sex(gene_dropping.stranger(table, loci, w.dice), sex)
    relatives = [
        (f"F-{n:02d}", word, f"F-{n:02d}-{word}", found[word])
        for n, (words, found) in enumerate(others, 1)
        for word in words
    ]
    stem, markers = w.operation.number, (AMELOGENIN, *loci)
    first, second = w.folder / f"{stem}-export.txt", w.folder / f"{stem}-relatives.txt"
    first.write_text(write_genemapper(bones, markers), encoding="utf-8")
    second.write_text(write_references(relatives, markers), encoding="utf-8")
    return first, second


def _with_sex(genotypes: Mapping[str, Genotype], sex: Sex) -> dict[str, Genotype]:
    """The genotypes with the marker that a kit tells the sex by."""
    return {AMELOGENIN: ("X", "Y" if sex is Sex.MALE else "X"), **genotypes}


# comparison and decision


def _screen(w: Walk) -> list[str]:
    done = screenings.screen_operation(w.staff["analyst"], w.operation.id)
    return [
        f"Screening {done.number}: {done.profiles} remains profiles × {done.families} families, "
        f"{done.comparisons} comparisons, {done.hits} candidates "
        f"(by chance {done.expected_chance_hits:.2g} are expected)."
    ]


def _decide(w: Walk) -> list[str]:
    analyst, reviewer = w.staff["analyst"], w.staff["reviewer"]
    manager, coordinator = w.staff["manager"], w.staff["coordinator"]
    wanted = {"item": (w.item,), "operation": (w.operation.id,)}
    best = ListQuery(filters=wanted, sort="log10_lr", descending=True, limit=1)
    (line,) = analyst.run(matching.hypotheses, best).rows
    seen = analyst.run(matching.hypothesis_record, line.id).hypothesis
    proposed = analyst.run(matching.propose_match, seen, _WORDS)
    reviewed = reviewer.run(matching.review_match, proposed, HypothesisState.SUPPORTED, "")
    w.hypothesis = reviewed.id
    made = manager.run(identifications.propose, reviewed.id, "DNA and examination agree.")
    for row in made.grid:
        if row.verdict == Consistency.INCONSISTENT:
            words = "The stated value rests on memory; documents are not available."
            made = manager.run(identifications.judge, made, row.aspect, Consistency.EXPLAINED, words)
    w.identification = identifications.confirm(coordinator, made, "The evidence is consistent.", PASSWORD)
    names = [lab.person.name for lab in (analyst, reviewer, manager, coordinator)]
    return [
        f"{line.number}: LR 10^{line.log10_lr:.2f}, posterior {percent(line.posterior or 0.0)}; weighed by "
        f"{names[0]}, reviewed by {names[1]}; {w.identification.number} proposed by {names[2]}, confirmed by "
        f"{names[3]}."
    ]


# reports


def _report(w: Walk) -> list[str]:
    analyst, reviewer = w.staff["analyst"], w.staff["reviewer"]
    manager, coordinator = w.staff["manager"], w.staff["coordinator"]
    match = report_facts.draft_match(analyst, w.hypothesis, reviewer.person.id)
    issued = [issue(analyst, reviewer, match)]
    whole = report_facts.draft_identification(manager, w.identification.id, coordinator.person.id)
    issued.append(issue(manager, coordinator, whole))
    for report in issued:
        path = w.folder / f"{report.number}-v{report.version}.pdf"
        path.write_bytes(pdf_of(coordinator, report))
        w.reports.append(path)
    named = " and ".join(f"{report.kind} report {report.number}" for report in issued)
    return [f"{named} signed by author and authoriser and registered:", *(str(p) for p in w.reports)]


def issue(author: Laboratory, authoriser: Laboratory, draft: Report, password: str = PASSWORD) -> Report:
    """Both signatures on a draft."""
    return issuing.authorise(authoriser, issuing.sign(author, draft, password), password)


def pdf_of(lab: Laboratory, report: Report) -> bytes:
    """The newest signed file of a report."""
    found = lab.run(documents.report_record, report.id).pdf
    if found is None:
        raise Refused(f"{report.number} is {report.state}; nobody has signed it yet.")
    return found


def _verify(w: Walk) -> list[str]:
    found = [verified(w.staff["coordinator"], path.read_bytes()) for path in w.reports]
    for path, one in zip(w.reports, found, strict=True):
        if one.verdict is not Verdict.VALID:
            broken = "; ".join(check.sentence for check in one.failed)
            raise Refused(f"{path.name} does not verify: {broken}")
    checks = sum(len(one.checks) for one in found)
    return [
        f"Both reports verify as {found[0].verdict}: {checks} checks, the numbers computed again, the register asked."
    ]


def verified(lab: Laboratory, pdf: bytes) -> Verification:
    """A report's file checked with all that an open laboratory knows."""
    from forensics.services.authorities import known_authorities
    from forensics.services.recomputing import recompute
    from forensics.services.register import issued_digests

    def register(number: str, version: int) -> frozenset[str]:
        return lab.run(issued_digests, number, version)

    return verify(pdf, known_authorities(), register, recompute)


# the return


def _return(w: Walk) -> list[str]:
    manager, coordinator, id = w.staff["manager"], w.staff["coordinator"], w.identification.id
    told = Notification(identification=id, on=date.today(), by=manager.person.id, present="Mother and father")
    manager.run(identifications.record_notification, told)
    returned = Handover(
        identification=id,
        at=datetime.now(UTC),
        by=manager.person.id,
        receiver="Father",
        inventory=(),
        complete=False,
        documents="certificate of identification",
        burial_place="family grave",
    )
    manager.run(identifications.record_handover, returned, [w.item])
    found = manager.run(identifications.identification_record, id)
    closed = manager.run(identifications.close, found.identification)
    verdict = coordinator.run(auditing.verify)
    state = "verifies" if verdict.sound else f"does NOT verify: {verdict.problems[0]}"
    return [
        f"Family notified, remains handed over, {closed.number} {closed.state}; "
        f"the audit of {verdict.entries} acts {state} (head {verdict.head.digest[:16]}…).",
        *_story(w),
    ]


def _story(w: Walk) -> Iterator[str]:
    coordinator = w.staff["coordinator"]
    yield "Custody:"
    for leg in coordinator.run(custody.item_story, w.item):
        where = f", {leg.where}" if leg.where else ""
        yield f"  {leg.at:%Y-%m-%d %H:%M}  {leg.what}{where} ({leg.who})"
    yield "Audit:"
    records = frozenset({w.case.id, w.item, w.hypothesis, w.identification.id})
    for line in coordinator.run(auditing.history, records):
        yield f"  {line.sequence:>5}  {line.at:%Y-%m-%d %H:%M}  {line.what} ({line.who})"
