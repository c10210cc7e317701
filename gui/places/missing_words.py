"""Families, missing persons and donors as people read them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QCoreApplication, QLocale

from forensics.domain.dates import UncertainDate, years_between
from forensics.domain.errors import Invalid
from forensics.domain.families import Donor, Family, MissingPerson, MissingState, Relative
from forensics.domain.kinship import Sex
from forensics.domain.lines import FamilyLine, MissingLine
from forensics.domain.relations import is_unnamed
from forensics.services.families import DonorRecord, FamilyRecord
from gui.look import Meaning
from gui.widgets.marks import Mark


def say(words: str) -> str:
    """Words of this place, translated."""
    return QCoreApplication.translate("Missing", words)


def sex_word(sex: Sex) -> str:
    return {Sex.MALE: say("male"), Sex.FEMALE: say("female"), Sex.UNKNOWN: say("not known")}[sex]


def sexes() -> list[tuple[Sex, str]]:
    """The choices of a form; not known is a choice of its own."""
    return [(sex, sex_word(sex)) for sex in (Sex.UNKNOWN, Sex.FEMALE, Sex.MALE)]


def state_word(state: MissingState) -> str:
    return {
        MissingState.REPORTED: say("Reported"),
        MissingState.DATA_COMPLETE: say("Data complete"),
        MissingState.REFERENCED: say("References adequate"),
        MissingState.SEARCHING: say("Searching"),
        MissingState.ALIVE: say("Located alive"),
        MissingState.IDENTIFIED: say("Identified"),
        MissingState.PARTLY_RECOVERED: say("Partly recovered"),
        MissingState.WITHDRAWN: say("Withdrawn"),
        MissingState.DUPLICATE: say("Duplicate"),
    }[state]


def states() -> list[tuple[MissingState, str]]:
    return [(state, state_word(state)) for state in MissingState]


def state_mark(state: MissingState) -> Mark:
    """How far the search for a person has come."""
    meaning = {
        MissingState.REPORTED: Meaning.NEUTRAL,
        MissingState.ALIVE: Meaning.GOOD,
        MissingState.IDENTIFIED: Meaning.GOOD,
        MissingState.WITHDRAWN: Meaning.NO,
        MissingState.DUPLICATE: Meaning.NO,
    }.get(state, Meaning.WAITING)
    return Mark(meaning, state_word(state))


def references_mark(typed: int, donors: int) -> Mark:
    """How many of the donors have a profile."""
    if not donors:
        return Mark(Meaning.ATTENTION, say("No donor yet"), "person")
    words = say("{0} of {1} typed").format(typed, donors)
    return Mark(Meaning.GOOD if typed == donors else Meaning.WAITING, words)


def references_short(typed: int, donors: int) -> Mark:
    """The same where the column says what is counted."""
    long = references_mark(typed, donors)
    words = say("{0} of {1}").format(typed, donors) if donors else say("none")
    return Mark(long.meaning, words, long.icon, long.word)


def confirmed_short(confirmed: bool) -> Mark:
    """The same where the column says that it is the pedigree."""
    long = pedigree_mark(confirmed)
    return Mark(long.meaning, say("confirmed") if confirmed else say("to confirm"), "", long.word)


def pedigree_mark(confirmed: bool) -> Mark:
    """Whether a person stands for the drawing."""
    if confirmed:
        return Mark(Meaning.GOOD, say("Pedigree confirmed"), "family")
    return Mark(Meaning.WAITING, say("Pedigree to be confirmed"), "family")


def candidates_word(count: int) -> str:
    return say("1 candidate") if count == 1 else say("{0} candidates").format(count)


def name_of(line: MissingLine) -> str:
    """The name in Latin letters, else in its own script; empty for those who may not read it."""
    return line.name.strip() or line.original_name


def person_title(person: MissingPerson) -> str:
    """The name in Latin letters, or what stands for it."""
    latin = " ".join(part for part in (person.given_names, person.family_names) if part)
    return latin or person.original_name or say("Missing person {0}").format(person.token)


def full_title(person: MissingPerson) -> str:
    """The name in Latin letters and in its own script."""
    title = person_title(person)
    own = person.original_name
    return f"{title} · {own}" if own and own != title else title


def family_title(family: Family | FamilyLine) -> str:
    return family.title or say("Family {0}").format(family.external_number or family.number)


def day(when: date | None) -> str | None:
    return when.isoformat() if when is not None else None


def parse_date(words: str) -> UncertainDate:
    """An uncertain date as it is typed; `Invalid` with examples."""
    return UncertainDate(words)


def parse_day(words: str) -> date:
    """One day of the calendar."""
    try:
        return date.fromisoformat(words.strip())
    except ValueError:
        raise Invalid(say("“{0}” is not a day; write it as 2024-03-01.").format(words)) from None


def age_words(person: MissingPerson) -> str:
    """The age when last seen, as a span where the dates leave one."""
    if person.birth is None or person.last_seen is None:
        return ""
    ages = years_between(person.birth, person.last_seen)
    if ages is None:
        return ""
    low, high = ages
    years = str(low) if low == high else f"{low}–{high}"
    return say("{0} years old when last seen").format(years)


def relation_word(relative: Relative) -> str:
    """The relation to the missing person in words; empty where nobody has said it."""
    return relative.relation


def unnamed_word(sex: Sex) -> str:
    """Somebody who stands in the drawing only to connect others."""
    return {
        Sex.MALE: say("a man who gave no sample"),
        Sex.FEMALE: say("a woman who gave no sample"),
        Sex.UNKNOWN: say("a person who gave no sample"),
    }[sex]


def member_label(record: FamilyRecord, relative: Relative) -> tuple[str, ...]:
    """The lines below a symbol: name, token or code, then the relation."""
    missing = next((p for p in record.missing if p.id == relative.missing_person), None)
    donor = next((d.donor for d in record.donors if d.relative.id == relative.id), None)
    if missing is not None:
        latin = " ".join(part for part in (missing.given_names, missing.family_names) if part)
        return (latin or missing.original_name or missing.token,)
    if is_unnamed(relative.code):
        return ()
    return tuple(
        part for part in (donor_called(donor) if donor else relative.code, relative.relation) if part
    )


def donor_called(donor: Donor) -> str:
    """A donor's name where it may be read and is one; else the token."""
    return donor.name if donor.name and not _is_code(donor.name) else donor.token


def _is_code(name: str) -> bool:
    """An import leaves the number of the sample as the donor's name."""
    return any(c.isdigit() for c in name) and name.upper() == name


def member_words(record: FamilyRecord, relative: Relative) -> str:
    """Who this is, in one line, for lists and for reading aloud."""
    missing = next((p for p in record.missing if p.id == relative.missing_person), None)
    donor = next((d for d in record.donors if d.relative.id == relative.id), None)
    if missing is not None:
        latin = " ".join(part for part in (missing.given_names, missing.family_names) if part)
        said = [latin or missing.original_name or missing.token, say("missing person")]
    elif is_unnamed(relative.code):
        said = [unnamed_word(relative.sex)]
    else:
        said = [donor_called(donor.donor) if donor else relative.code, relative.relation]
    if donor is not None:
        said.append(donor_word(donor))
    if relative.deceased:
        said.append(say("deceased"))
    return ", ".join(part for part in said if part)


def donor_word(donor: DonorRecord) -> str:
    if donor.consent is None:
        return say("consent withdrawn") if donor.withdrawn else say("no consent")
    if donor.profile is not None:
        return say("reference profile of {0} loci").format(donor.profile.loci)
    if donor.unreviewed:
        return say("profile waits for a review")
    return say("sample not typed yet") if donor.samples else say("no sample yet")


def donor_mark(donor: DonorRecord) -> Mark:
    """What exists for a donor."""
    if donor.consent is None:
        return Mark(Meaning.NO if donor.withdrawn else Meaning.ATTENTION, donor_word(donor).capitalize())
    if donor.profile is not None:
        return Mark(Meaning.GOOD, say("Typed, {0} loci").format(donor.profile.loci))
    return Mark(Meaning.WAITING, donor_word(donor).capitalize())


def language_word(language: str) -> str:
    """A language by its name where an ISO 639 code was recorded."""
    if len(language) not in (2, 3) or not language.islower():
        return language
    found = QLocale(language).language()
    return language if found is QLocale.Language.C else QLocale.languageToString(found)


def joined(parts: Sequence[str]) -> str | None:
    return "; ".join(part for part in parts if part) or None
