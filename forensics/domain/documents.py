"""The register of reports: what was issued, by whom, with which digest and audit head."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from forensics.domain.records import Record, indexed, link


class ReportState(StrEnum):
    """An issued PDF never changes."""

    DRAFT = "draft"
    SIGNED = "signed by the author"
    ISSUED = "issued"
    AMENDED = "amended"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, kw_only=True)
class Report(Record):
    """A report in the register; `kind` is a name of `reports.kinds`, digests are SHA-256 in hex."""

    kind: str = indexed()
    version: int = 1
    language: str = "en"
    title: str
    hypothesis: UUID | None = link("hypothesis", default=None)
    identification: UUID | None = link("identification", default=None)
    facts_digest: str
    author: UUID = link("person")
    authoriser: UUID | None = link("person", default=None)
    state: ReportState = indexed(default=ReportState.DRAFT)
    pdf_digest: str = indexed(default="")
    audit_sequence: int
    audit_head: str
    issued_at: datetime | None = None
    supersedes: UUID | None = link("report", default=None)
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class ReportFile(Record):
    """The bytes of a report at one stage, kept apart so that lists stay light."""

    report: UUID = link("report")
    stage: ReportState
    content: bytes
    digest: str
