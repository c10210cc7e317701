"""The anthropologist's first examination: what is there, sex, age, stature, and why.

An examination is signed by its examiner and stays as it is from then on; a later one supersedes it.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from forensics.domain.records import Record, indexed, link


class ExaminationState(StrEnum):
    """Whether an examination can still change."""

    DRAFT = "draft"
    SIGNED = "signed"
    SUPERSEDED = "superseded"


@dataclass(frozen=True, kw_only=True)
class InventoryLine:
    """One element that is there: its side, how much of it, in which state."""

    element: str
    side: str
    completeness: str = ""
    preservation: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Examination(Record):
    """Of a case. Age in years, stature in centimetres; every range names its method.

    `sex` holds a value of `domain.anthropology.SexEstimate`; `results` the full method results.
    """

    case: UUID = link("remains_case")
    version: int = 1
    supersedes: UUID | None = link("examination", default=None)
    examiner: UUID = link("person")
    state: ExaminationState = indexed(default=ExaminationState.DRAFT)
    inventory: tuple[InventoryLine, ...] = ()
    minimum_individuals: int | None = None
    sex: str = ""
    sex_method: str = ""
    age_minimum: float | None = None
    age_maximum: float | None = None
    age_method: str = ""
    stature_minimum: float | None = None
    stature_maximum: float | None = None
    stature_method: str = ""
    marks: str = ""
    dental: str = ""
    rationale: str = ""
    results: tuple[dict[str, Any], ...] = ()
    unblinded_reason: str = ""
    signed_at: datetime | None = None
    content_digest: str = ""
