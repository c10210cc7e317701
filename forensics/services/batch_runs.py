"""Results into a batch: volumes and quantities by well, the run file of a detection; each evaluated at once.

A run names its rows by token, number or outside number of the sample, by position, or, for a control, by what it
is. Every row must be of the plate: a run of another plate is refused.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from forensics.domain.errors import Invalid, Refused
from forensics.domain.laboratory import (
    Batch,
    BatchState,
    Stage,
    Well,
    WellRole,
    WellState,
    canonical_position,
)
from forensics.domain.people import Permission
from forensics.domain.profiles import Profile, ProfileImport, ProfileState
from forensics.domain.quality import NonconformityKind
from forensics.domain.quantities import Quantity
from forensics.domain.reading import Problem, Reading, ReadProfile, Severity
from forensics.domain.samples import Sample
from forensics.persistence.transaction import Transaction
from forensics.services.batch_controls import Judgement, judge_quantities, judge_run
from forensics.services.batch_plates import wells_of
from forensics.services.batches import block
from forensics.services.door import command
from forensics.services.elimination import Hit, everybody_known
from forensics.services.nonconformities import open_one
from forensics.services.profiles import calls_of, profile_of, reads_twice

_BY_NAME: tuple[tuple[WellRole, re.Pattern[str]], ...] = (
    (WellRole.LADDER, re.compile(r"(allelic[ _-]?)?ladder|al[ _-]?\d*$", re.IGNORECASE)),
    (WellRole.BLANK, re.compile(r"rb|reagent|ext(raction)?[ _-]?(blank|neg)|blank", re.IGNORECASE)),
    (WellRole.NEGATIVE, re.compile(r"nc|ntc|neg|pcr[ _-]?neg|amp[ _-]?neg", re.IGNORECASE)),
    (WellRole.POSITIVE, re.compile(r"pc|pos|control dna|amp[ _-]?pos", re.IGNORECASE)),
)
"""How laboratories call their controls in the sample sheet of an instrument."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A run's rows by well, and what can't be placed."""

    reads: Mapping[UUID, ReadProfile]
    problems: tuple[Problem, ...]


def quantities_of(text: str) -> tuple[list[Quantity], list[Problem]]:
    """The rows of a copied table and every problem in it; touches nothing."""
    from forensics.formats.quantification import read_quantities

    return read_quantities(text)


@command(Permission.BATCH_RUN)
def enter_quantities(tx: Transaction, id: UUID, rows: Sequence[Quantity]) -> list[Well]:
    """Volumes of the extraction or results of the quantification, while the batch runs; typed or pasted."""
    batch = _running(tx, id, Stage.EXTRACTION, Stage.QUANTIFICATION)
    wells = {well.position: well for well in wells_of(tx, id)}
    changed = []
    for row in rows:
        well = wells.get(row.position)
        if well is None:
            raise Invalid(f"{row.position} is empty on the plate of {batch.number}; nothing was taken in.")
        changed.append(tx.change(well, **row.measured()))
    return changed


@command(Permission.BATCH_RUN)
def finish_batch(tx: Transaction, id: UUID) -> Batch:
    """The work is done; a quantification is judged by its negative control, the others later, by the detection."""
    batch = _running(tx, id, Stage.EXTRACTION, Stage.QUANTIFICATION, Stage.AMPLIFICATION)
    wells = wells_of(tx, id)
    measured = [well for well in wells if well.small is not None or well.ipc is not None]
    if batch.stage is Stage.QUANTIFICATION and not measured:
        raise Refused(f"{batch.number} has no results yet; paste the table of the instrument first.")
    judged = judge_quantities(wells) if batch.stage is Stage.QUANTIFICATION else Judgement()
    return _conclude(tx, tx.change(batch, state=BatchState.RAW_DATA), wells, judged)


@command(Permission.BATCH_RUN)
def take_in_run(tx: Transaction, id: UUID, reading: Reading, file_name: str) -> Batch:
    """The run file of a detection, evaluated in the same act: its profiles are held until the release.

    `Invalid` when the file can't be read or is of another plate. A control that is not as it must be fails the
    batch; a profile that somebody known explains is quarantined.
    """
    batch = _running(tx, id, Stage.DETECTION)
    wells = wells_of(tx, id)
    samples = tx.find(Sample, id=[well.sample for well in wells if well.sample])
    placed = place_rows(wells, samples, reading)
    _demand_readable(tx, reading, placed.problems, file_name)
    owners = {s.id: owner for s in samples if (owner := s.item or s.donor) is not None}
    judged = judge_run(batch.kit, wells, placed.reads, everybody_known(tx), owners)
    source = tx.add(
        ProfileImport(
            operation=batch.operation,
            file_name=file_name,
            format=reading.format,
            digest=reading.digest,
            profiles=len(reading.profiles),
            warnings=tuple(str(p) for p in (*reading.problems, *placed.problems)),
        )
    )
    filled = _store(tx, batch, wells, {s.id: s for s in samples}, placed.reads, judged, source)
    return _conclude(tx, tx.change(batch, state=BatchState.RAW_DATA, source=source.id), filled, judged)


def _running(tx: Transaction, id: UUID, *stages: Stage) -> Batch:
    batch = tx.get(Batch, id)
    if batch.stage not in stages:
        raise Refused(f"{batch.number} is at the {batch.stage}; this is not for it.")
    if batch.state is not BatchState.RUNNING:
        raise Refused(f"{batch.number} is {batch.state}; results come in while it runs.")
    return batch


def _demand_readable(tx: Transaction, reading: Reading, problems: Iterable[Problem], file_name: str) -> None:
    fatal = [p for p in (*reading.problems, *problems) if p.severity is Severity.FATAL]
    if fatal:
        more = f" (and {len(fatal) - 1} more problems)" if len(fatal) > 1 else ""
        raise Invalid(f"{file_name} is refused: {fatal[0]}{more}")
    earlier = tx.one(ProfileImport, digest=reading.digest)
    if earlier is not None:
        raise Invalid(f"{file_name} was taken in before, as {earlier.number}; choose the file of this run.")


# whose row is it


def place_rows(wells: Sequence[Well], samples: Sequence[Sample], reading: Reading) -> Placed:
    """Each row of a run to its well; a ladder may stand in it several times, everything else once."""
    names = _names(wells, samples)
    reads: dict[UUID, ReadProfile] = {}
    problems = []
    for row in reading.profiles:
        well = names.get(row.sample.casefold()) or _by_role(wells, row.sample)
        if well is None:
            what = f"{row.sample} does not stand on this plate."
            problems.append(
                Problem(what, "Choose the run of this batch, or name the row by token or position.", row.line)
            )
        elif well.id in reads and well.role is not WellRole.LADDER:
            what = f"{row.sample} is a second row for {well.position}."
            problems.append(Problem(what, "Keep the injection that counts.", row.line))
        else:
            reads.setdefault(well.id, row)
    return Placed(reads, tuple(problems))


def _names(wells: Sequence[Well], samples: Sequence[Sample]) -> dict[str, Well]:
    """Wells by every name that a run may use for them."""
    named: dict[str, Well] = {}
    known = {sample.id: sample for sample in samples}
    for well in wells:
        row, column = well.position[0], int(well.position[1:])
        words = [well.position, f"{row}{column:02d}"]
        if well.sample is not None:
            sample = known[well.sample]
            words += [sample.token, sample.number, sample.external_number]
        named.update({word.casefold(): well for word in words if word})
    return named


def _by_role(wells: Sequence[Well], name: str) -> Well | None:
    """The control that a name speaks of: by the control DNA in it, by its word, and by its position if it says one."""
    said = [position for part in re.split(r"[\s_\-.]+", name) if (position := canonical_position(part))]
    controls = [well for well in wells if well.role is not WellRole.SAMPLE]
    named = [well for well in controls if well.control and well.control.casefold() in name.casefold()]
    role = next((role for role, pattern in _BY_NAME if pattern.match(name)), None)
    found = named or [well for well in controls if well.role is role]
    at = [well for well in found if well.position in said]
    if at:
        return at[0]
    several = len(found) > 1 and role is not WellRole.LADDER
    return found[0] if found and not several else None


# keeping and concluding


def _store(
    tx: Transaction,
    batch: Batch,
    wells: Sequence[Well],
    samples: Mapping[UUID, Sample],
    reads: Mapping[UUID, ReadProfile],
    judged: Judgement,
    source: ProfileImport,
) -> list[Well]:
    """Profiles of the samples, held or quarantined; the peaks of the controls stay with their wells."""
    made: dict[UUID, Profile] = {}
    twice = reads_twice(tx, batch.operation)
    for well in wells:
        if well.sample is not None and well.id in reads and well.id not in judged.empty:
            state = ProfileState.QUARANTINED if well.id in judged.hits else ProfileState.HELD
            read = profile_of(reads[well.id], samples[well.sample], source, tx.me, batch.kit, two_reads=twice)
            made[well.id] = replace(read, state=state, note=judged.findings.get(well.id, ""))
    saved = dict(zip(made, tx.add_all(made.values()), strict=True))
    filled = []
    for well in wells:
        profile = saved.get(well.id)
        own = reads.get(well.id) if well.role is not WellRole.SAMPLE else None
        filled.append(
            tx.change(
                well,
                profile=profile.id if profile else None,
                calls=calls_of(own) if own else None,
            )
        )
    for well in filled:
        if well.id in judged.hits:
            _note_hit(tx, batch, well, judged.hits[well.id])
    return filled


def _note_hit(tx: Transaction, batch: Batch, well: Well, hit: Hit) -> None:
    open_one(
        tx,
        NonconformityKind.CONTAMINATION,
        f"{well.position} {hit}.",
        batch=batch.id,
        profile=well.profile,
        sample=well.sample,
        caused_by=batch.set_up_by,
    )


def _conclude(tx: Transaction, batch: Batch, wells: Sequence[Well], judged: Judgement) -> Batch:
    """Each well's state and finding; the batch waits for its release, or has failed."""
    for well in wells:
        if judged.failures:
            if well.id in judged.findings:
                tx.change(well, finding=judged.findings[well.id])
            continue
        state = WellState.PASSED
        if well.id in judged.hits:
            state = WellState.QUARANTINED
        elif well.id in judged.empty:
            state = WellState.BLOCKED
        tx.change(well, state=state, finding=judged.findings.get(well.id, ""))
    if judged.failures:
        return block(tx, batch, judged.reason, roles=judged.roles)
    return tx.change(batch, state=BatchState.EVALUATED)
