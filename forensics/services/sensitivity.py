"""How much a weighed match depends on what was assumed, computed on demand."""

from dataclasses import dataclass
from uuid import UUID

from forensics.domain.families import Donor, Relative
from forensics.domain.kinship import FrequencyTable, KinshipCase
from forensics.domain.matching import Hypothesis
from forensics.domain.operations import FrequencyData
from forensics.domain.people import Permission
from forensics.domain.profiles import Profile
from forensics.domain.progress import Progress
from forensics.domain.samples import Sample
from forensics.persistence.transaction import Transaction
from forensics.services import matching
from forensics.services.door import Laboratory, query
from forensics.services.operations import table_of

TABLES = 2  # other populations that are tried


@dataclass(frozen=True, slots=True)
class SensitivityQuestion:
    """The frozen case, whose profile is questioned, other tables that know all its alleles, and words."""

    case: KinshipCase
    token: str
    tables: tuple[FrequencyTable, ...]
    relatives: dict[str, str]  # member -> words


@dataclass(frozen=True, slots=True)
class SensitivityLine:
    """The combined log10 LR under one changed assumption; `note` says why there is none."""

    kind: str  # a value of `genetics.sensitivity.Varied`
    value: str
    log10_total: float | None
    note: str = ""


@query(Permission.MATCH_READ)
def sensitivity_question(tx: Transaction, hypothesis: UUID) -> SensitivityQuestion:
    """What the sensitivity of a hypothesis is computed from."""
    h = tx.get(Hypothesis, hypothesis)
    case = matching.kinship_case(tx, h)
    token = tx.get(Sample, tx.get(Profile, h.profile).sample).token
    others = [d for d in tx.find(FrequencyData, voided_at=None) if d.digest != case.frequencies.digest]
    tables = tuple(table for table in map(table_of, others) if covers(table, case))
    donors = {d.relative: d.token for d in tx.find(Donor, family=h.family, voided_at=None)}
    relatives = {
        r.code: f"{donors[r.id]} ({r.relation or r.code})"
        for r in tx.find(Relative, family=h.family, voided_at=None)
        if r.id in donors
    }
    return SensitivityQuestion(case, token, tables[:TABLES], relatives)


def covers(table: FrequencyTable, case: KinshipCase) -> bool:
    """Whether another population's table knows every locus and allele of the case."""
    return all(
        locus in table.loci
        and all(a in table.loci[locus] for g in case.genotypes.values() for a in g.get(locus, ()))
        for locus in case.loci
    )


def sensitivity_of(
    lab: Laboratory, hypothesis: UUID, progress: Progress | None = None
) -> tuple[SensitivityLine, ...]:
    """The combined LR as stated, then with each assumption changed in turn."""
    from forensics.genetics.sensitivity import sensitivity

    asked = lab.run(sensitivity_question, hypothesis)
    return tuple(
        SensitivityLine(
            str(one.varied),
            asked.relatives.get(one.value, one.value),
            one.answer.log10_total if one.answer else None,
            one.refused,
        )
        for one in sensitivity(asked.case, (asked.token,), asked.tables, progress=progress)
    )
