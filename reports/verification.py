"""What a verification found: a frozen value, every check with its outcome and one sentence."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from forensics.domain.facts import Log10


class Outcome(StrEnum):
    """What became of one check."""

    HOLDS = "holds"
    FAILS = "fails"
    UNCHECKED = "could not be checked"


class Verdict(StrEnum):
    """The whole: altered if the file is not what was signed; unknown if its origin is not established."""

    VALID = "valid"
    ALTERED = "altered"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Check:
    """One check; `alters` marks those whose failure means that the file is not what was signed."""

    subject: str
    outcome: Outcome
    sentence: str
    alters: bool = False


@dataclass(frozen=True, slots=True)
class SignatureStatus:
    """One signature: `trusted` is None where no authority was given to compare with."""

    field: str
    signer: str
    reason: str  # role and meaning, as signed
    at: datetime | None  # by the signer's own clock
    valid: bool
    trusted: bool | None
    covers_whole_file: bool
    modified_after: bool  # changed after it by anything but the next signature
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """A number that came out otherwise when it was computed again."""

    what: str
    stated: Log10
    computed: Log10


@dataclass(frozen=True, slots=True)
class Verification:
    """All that was found about one file."""

    digest: str  # SHA-256 of the file
    number: str = ""
    version: int | None = None
    kind: str = ""
    facts_digest: str = ""
    signatures: tuple[SignatureStatus, ...] = ()
    differences: tuple[Difference, ...] = ()
    checks: tuple[Check, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether everything that could be checked holds, and a signature was among it."""
        return bool(self.signatures) and not self.failed

    @property
    def failed(self) -> tuple[Check, ...]:
        return tuple(check for check in self.checks if check.outcome is Outcome.FAILS)

    @property
    def unchecked(self) -> tuple[Check, ...]:
        return tuple(check for check in self.checks if check.outcome is Outcome.UNCHECKED)

    @property
    def verdict(self) -> Verdict:
        """Altered, unknown (unsigned, unfinished, signers not known here), or valid."""
        if any(check.alters for check in self.failed):
            return Verdict.ALTERED
        trusted = bool(self.signatures) and all(one.trusted for one in self.signatures)
        return Verdict.VALID if trusted and not self.failed else Verdict.UNKNOWN

    @property
    def accepted(self) -> bool:
        """The strictest reading: valid, and nothing left unchecked, the register included."""
        return self.verdict is Verdict.VALID and not self.unchecked
