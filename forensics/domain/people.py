"""Who works in the laboratory, and what each role may do.

A permission stands beside every entry point (`forensics.services`); a role is a set of permissions; a
person holds roles for a time. Roles follow the division of labour of ISO/IEC 17025 laboratories:
the administrator sees no case data, the auditor changes nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from forensics.domain.records import Record, link, unique


class Permission(StrEnum):
    """One thing that may be done; the value is stable, it stands in the audit."""

    SIGN_IN = "sign in"
    SETTINGS_READ = "read settings"
    SETTINGS_CHANGE = "change settings"
    PEOPLE_MANAGE = "manage people"
    BACKUP = "back up"
    AUDIT_READ = "read the audit"
    CASE_READ = "read cases"
    OPERATION_MANAGE = "manage operations"
    SITE_RECORD = "record sites"
    REMAINS_RECEIVE = "receive remains"
    PAPERS_RECORD = "attach documents and numbers"
    REMAINS_ASSOCIATE = "associate remains"
    SAMPLE_READ = "read samples"
    SAMPLE_TAKE = "take samples"
    SAMPLE_AUTHORISE = "authorise destructive sampling"
    CUSTODY_MOVE = "move things"
    DESTRUCTION_AUTHORISE = "authorise destructions"
    PROFILE_READ = "read profiles"
    PROFILE_IMPORT = "import profiles"
    PROFILE_CALL = "call alleles"
    PROFILE_REVIEW = "review profiles"
    BATCH_RUN = "run batches"
    BATCH_RELEASE = "release batches"
    NONCONFORMITY_RECORD = "record nonconformities"
    QUALITY_MANAGE = "manage quality"
    ELIMINATION_MANAGE = "manage the elimination database"
    FAMILY_READ = "read families"
    FAMILY_RECORD = "record families"
    IDENTITY_READ = "read names"
    MATCH_READ = "read matches"
    MATCH_SCREEN = "screen and weigh"
    MATCH_REVIEW = "review matches"
    EXAMINATION_READ = "read examinations"
    EXAMINATION_RECORD = "record examinations"
    IDENTIFICATION_READ = "read identifications"
    IDENTIFICATION_PROPOSE = "propose identifications"
    IDENTIFICATION_CONFIRM = "confirm identifications"
    HANDOVER_RECORD = "record handovers"
    REPORT_READ = "read reports"
    REPORT_AUTHOR = "write and sign reports"
    REPORT_AUTHORISE = "authorise reports"


class Role(StrEnum):
    """A person's part in the work."""

    CUSTODIAN = "custodian"
    TECHNICIAN = "laboratory technician"
    DNA_ANALYST = "DNA analyst"
    DNA_REVIEWER = "DNA reviewer"
    ANTHROPOLOGIST = "anthropologist"
    INTERVIEWER = "interviewer"
    CASE_MANAGER = "case manager"
    COORDINATOR = "identification coordinator"
    QUALITY_MANAGER = "quality manager"
    DATA_PROTECTION_OFFICER = "data-protection officer"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


_P = Permission
_EVERYBODY = frozenset({_P.SIGN_IN, _P.SETTINGS_READ})
_READS_REMAINS = _EVERYBODY | {_P.CASE_READ, _P.SAMPLE_READ}
_READS_DNA = _READS_REMAINS | {_P.PROFILE_READ, _P.FAMILY_READ, _P.MATCH_READ, _P.REPORT_READ}
_READS_CASE = _READS_DNA | {_P.IDENTITY_READ, _P.EXAMINATION_READ, _P.IDENTIFICATION_READ}

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.CUSTODIAN: _READS_REMAINS | {_P.REMAINS_RECEIVE, _P.PAPERS_RECORD, _P.CUSTODY_MOVE, _P.SITE_RECORD},
    Role.TECHNICIAN: _READS_REMAINS
    | {
        _P.REMAINS_RECEIVE,
        _P.PAPERS_RECORD,
        _P.SAMPLE_TAKE,
        _P.CUSTODY_MOVE,
        _P.PROFILE_READ,
        _P.PROFILE_IMPORT,
        _P.BATCH_RUN,
        _P.BATCH_RELEASE,
        _P.NONCONFORMITY_RECORD,
    },
    Role.DNA_ANALYST: _READS_DNA
    | {
        _P.PROFILE_IMPORT,
        _P.PROFILE_CALL,
        _P.MATCH_SCREEN,
        _P.REPORT_AUTHOR,
        _P.REMAINS_ASSOCIATE,
        _P.NONCONFORMITY_RECORD,
    },
    Role.DNA_REVIEWER: _READS_DNA
    | {
        _P.PROFILE_CALL,
        _P.PROFILE_REVIEW,
        _P.MATCH_REVIEW,
        _P.REPORT_AUTHORISE,
        _P.REMAINS_ASSOCIATE,
        _P.BATCH_RELEASE,
        _P.NONCONFORMITY_RECORD,
    },
    Role.ANTHROPOLOGIST: _READS_REMAINS
    | {
        _P.EXAMINATION_READ,
        _P.EXAMINATION_RECORD,
        _P.REMAINS_RECEIVE,
        _P.PAPERS_RECORD,
        _P.REMAINS_ASSOCIATE,
        _P.CUSTODY_MOVE,
        _P.SAMPLE_TAKE,
        _P.REPORT_READ,
    },
    Role.INTERVIEWER: _EVERYBODY
    | {_P.CASE_READ, _P.PAPERS_RECORD, _P.FAMILY_READ, _P.FAMILY_RECORD, _P.IDENTITY_READ},
    Role.CASE_MANAGER: _READS_CASE
    | {
        _P.OPERATION_MANAGE,
        _P.SITE_RECORD,
        _P.PAPERS_RECORD,
        _P.FAMILY_RECORD,
        _P.SAMPLE_AUTHORISE,
        _P.DESTRUCTION_AUTHORISE,
        _P.IDENTIFICATION_PROPOSE,
        _P.HANDOVER_RECORD,
        _P.CUSTODY_MOVE,
        _P.REPORT_AUTHOR,
    },
    Role.COORDINATOR: _READS_CASE
    | {
        _P.OPERATION_MANAGE,
        _P.DESTRUCTION_AUTHORISE,
        _P.IDENTIFICATION_CONFIRM,
        _P.REPORT_AUTHORISE,
        _P.AUDIT_READ,
    },
    Role.QUALITY_MANAGER: _READS_CASE
    | {
        _P.AUDIT_READ,
        _P.DESTRUCTION_AUTHORISE,
        _P.REPORT_AUTHORISE,
        _P.NONCONFORMITY_RECORD,
        _P.QUALITY_MANAGE,
        _P.ELIMINATION_MANAGE,
    },
    Role.DATA_PROTECTION_OFFICER: _EVERYBODY | {_P.FAMILY_READ, _P.IDENTITY_READ, _P.AUDIT_READ},
    Role.ADMINISTRATOR: _EVERYBODY | {_P.SETTINGS_CHANGE, _P.PEOPLE_MANAGE, _P.BACKUP, _P.AUDIT_READ},
    Role.AUDITOR: _READS_CASE | {_P.AUDIT_READ},
}


@dataclass(frozen=True, kw_only=True)
class Person(Record):
    """Somebody who signs in. The password is kept as an Argon2id hash.

    `vault_slot` holds the laboratory's vault key and the person's own secret, wrapped with the password.
    """

    name: str
    login: str = unique()
    password_hash: str = ""
    vault_slot: bytes = b""
    active: bool = True
    external: bool = False  # a named external reviewer; reports print so
    title: str = ""


@dataclass(frozen=True, kw_only=True)
class Authorisation(Record):
    """A person holds a role from a day until a day (open when None)."""

    person: UUID = link("person")
    role: Role
    valid_from: date
    valid_until: date | None = None


@dataclass(frozen=True, kw_only=True)
class SigningIdentity(Record):
    """A certificate with its chain (PEM) and its key, locked with the person's own secret."""

    person: UUID = link("person")
    certificate: str
    chain: tuple[str, ...]
    locked_key: bytes
    fingerprint: str  # SHA-256 of the certificate, hex
    imported: bool = False


def permissions_of(roles: Iterable[Role]) -> frozenset[Permission]:
    """What the roles allow together."""
    return frozenset().union(*(PERMISSIONS[role] for role in roles)) if roles else frozenset()
