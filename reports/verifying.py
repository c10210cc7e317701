"""Is this file the report that was signed, by whom, and do its numbers come out again?

Everything is read from the file's bytes; trust, the register and the engine come in from outside, and what was
not given is reported as not checked. A report is only as good as its weakest check, so none is skipped when
another one fails.
"""

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence

from forensics.domain.errors import NominaError
from forensics.domain.facts import ReportFacts
from forensics.formats import facts as codec
from reports import checking_signatures
from reports.checking_facts import Recompute, recomputation, signed_by_the_named
from reports.finishing import DIGEST_KEY, MARK_KEY, PAPER_KEY, attached_facts, notes_of
from reports.preview import page_count, page_text
from reports.verification import Check, Difference, Outcome, Verification

Register = Callable[[str, int], Collection[str]]
"""Number and version of a report → the SHA-256 of every file issued under them (none: not in the register)."""


_HEADER, _LATEST_HEADER = b"%PDF-", 1024  # readers look for it in the first kilobyte (ISO 32000-1, Annex H)


def verify(
    pdf: bytes,
    trust: Sequence[bytes] = (),
    registered: Register | None = None,
    recompute: Recompute | None = None,
) -> Verification:
    """Check a report's file.

    `trust`: PEM certificates of authorities; `registered`: the register of an open laboratory; `recompute`: one
    case file → log10 LR per locus. Never raises for a damaged file: that is a finding.
    `Invalid` if `trust` holds no certificates.
    """
    checking_signatures.authorities(trust)
    digest = hashlib.sha256(pdf).hexdigest()
    if _HEADER not in pdf[:_LATEST_HEADER]:
        sentence = "The file is not a PDF, and so no report." if pdf else "The file is empty."
        return Verification(digest, checks=(Check("file", Outcome.FAILS, sentence),))
    try:
        signatures = checking_signatures.signatures(pdf, trust)
        texts, notes = attached_facts(pdf), notes_of(pdf)
    except Exception as error:  # noqa: BLE001 - a damaged or hostile file may break a parser anywhere
        sentence = f"The file can't be read as a PDF ({type(error).__name__}): it is damaged or was changed."
        return Verification(digest, checks=(Check("file", Outcome.FAILS, sentence, alters=True),))
    checks = checking_signatures.checks(signatures)
    facts, about = _facts(texts, notes[DIGEST_KEY])
    checks.append(about)
    if facts is None:
        return Verification(digest, signatures=signatures, checks=tuple(checks))
    differences, numbers = _numbers(facts, recompute)
    checks += [signed_by_the_named(facts, signatures)] if signatures else []
    checks += [_pages_show(pdf, facts, notes), numbers, _register(digest, facts, registered)]
    return Verification(
        digest=digest,
        number=facts.frame.number,
        version=facts.frame.version,
        kind=codec.kind_of(facts),
        facts_digest=codec.digest(facts),
        signatures=signatures,
        differences=differences,
        checks=tuple(checks),
    )


def _facts(texts: Sequence[bytes], printed: str) -> tuple[ReportFacts | None, Check]:
    """The attached facts, if there is exactly one set and it is the one whose digest the file states."""
    subject = "facts"
    if len(texts) != 1:
        sentence = f"The file carries {len(texts) or 'no'} attached facts where a report has exactly one."
        return None, Check(subject, Outcome.FAILS, sentence, alters=bool(texts))
    try:
        facts = codec.read(texts[0])
    except NominaError as error:
        return None, Check(subject, Outcome.FAILS, str(error), alters=True)
    if hashlib.sha256(texts[0]).hexdigest() != printed or codec.write(facts) != texts[0]:
        sentence = "The attached facts are not those that the report was made from."
        return facts, Check(subject, Outcome.FAILS, sentence, alters=True)
    return facts, Check(subject, Outcome.HOLDS, "The attached facts are those that the report was made from.")


def _pages_show(pdf: bytes, facts: ReportFacts, notes: Mapping[str, str]) -> Check:
    """Set the report again from the attached facts and compare the text of the pages."""
    from reports.rendering import ENGINE, render

    try:
        again = render(codec.kind_of(facts), facts, notes[MARK_KEY] or None, notes[PAPER_KEY] or "A4")
        same = _text(again) == _text(pdf)
    except Exception as error:  # noqa: BLE001 - facts of another version or of an attacker may break the setting
        sentence = f"The pages could not be set again from the facts ({type(error).__name__})."
        return Check("pages", Outcome.UNCHECKED, sentence)
    if same:
        return Check("pages", Outcome.HOLDS, "The pages say what the attached facts say.")
    if not facts.frame.engine.startswith(ENGINE):
        sentence = (
            f"The pages were set by {facts.frame.engine}; only that version can compare them with the facts."
        )
        return Check("pages", Outcome.UNCHECKED, sentence)
    return Check("pages", Outcome.FAILS, "The pages do not say what the attached facts say.", alters=True)


def _text(pdf: bytes) -> list[str]:
    """Text of every page, without annotations, and so without the seals of the signatures."""
    return [page_text(pdf, page) for page in range(page_count(pdf))]


def _numbers(facts: ReportFacts, recompute: Recompute | None) -> tuple[tuple[Difference, ...], Check]:
    if recompute is None:
        return (), Check("numbers", Outcome.UNCHECKED, "The numbers were not computed again.")
    try:
        return recomputation(facts, recompute)
    except NominaError as error:
        return (), Check("numbers", Outcome.UNCHECKED, f"The numbers could not be computed again. {error}")
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        sentence = f"The attached case is malformed ({error}); its numbers can't be computed again."
        return (), Check("numbers", Outcome.FAILS, sentence)


def _register(digest: str, facts: ReportFacts, registered: Register | None) -> Check:
    subject = "register"
    if registered is None:
        return Check(
            subject, Outcome.UNCHECKED, "No laboratory is open; its register of reports was not consulted."
        )
    name = f"{facts.frame.number}, version {facts.frame.version},"
    known = registered(facts.frame.number, facts.frame.version)
    if digest in known:
        return Check(subject, Outcome.HOLDS, f"Report {name} is in the register with this digest.")
    if known:
        return Check(subject, Outcome.FAILS, f"Report {name} was issued as another file.", alters=True)
    return Check(subject, Outcome.FAILS, f"Report {name} is not in the register.")
