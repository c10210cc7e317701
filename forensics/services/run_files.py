"""Raw files of a genetic analyser as attachments: read for what they say of their run, refused when damaged."""

import re
from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID

from forensics.domain.dates import UncertainDate
from forensics.domain.errors import Invalid
from forensics.domain.samples import Sample
from forensics.persistence.transaction import Transaction

if TYPE_CHECKING:
    from forensics.services.attachments import NewAttachment


def described(tx: Transaction, entity: str, record: UUID, new: "NewAttachment") -> "NewAttachment":
    """A run file with its run as caption and its day; `Invalid` when it is damaged or of another sample.

    Every other file is handed back as it came.
    """
    from forensics.formats.abif import is_abif, read_run_file

    if not is_abif(new.content):
        return new
    run = read_run_file(new.content, new.file_name)
    if entity == "sample":
        _demand_own(tx.get(Sample, record), run.sample, new.file_name)
    day = UncertainDate(run.started.strftime("%Y-%m-%d")) if run.started is not None else None
    caption = ". ".join(words for words in (new.caption.strip().rstrip("."), run.told()) if words)
    return replace(new, caption=caption, captured=new.captured or day)


def _demand_own(sample: Sample, named: str, file_name: str) -> None:
    """The name in the file is one of the sample's, perhaps with more beside it; a nameless file is taken."""
    names = [name for name in (sample.token, sample.number, sample.external_number) if name]
    whole = [rf"(?<![^\W_]){re.escape(name)}(?![^\W_])" for name in names]
    if named and not any(re.search(pattern, named, re.IGNORECASE) for pattern in whole):
        raise Invalid(
            f"{file_name} is of the sample {named}, and this is {sample.token}; attach it to the sample it was made of."
        )
