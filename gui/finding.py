"""What the command palette and the scanner find in the laboratory, and which place shows it."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from gui.context import Context, Hit, Ref

SHOWN_IN: dict[str, tuple[str, str, str]] = {
    # entity: place, icon, what it is called
    "remains_case": ("remains", "archive", "Remains case"),
    "remains_item": ("remains", "remains", "Remains item"),
    "individual": ("remains", "skull", "Individual"),
    "sample": ("samples", "sample", "Sample"),
    "missing_person": ("missing", "missing", "Missing person"),
    "family": ("missing", "family", "Family"),
    "donor": ("missing", "person", "Donor"),
    "operation": ("settings", "tag", "Operation"),
    "event": ("sites", "sites", "Event"),
    "site": ("sites", "sites", "Site"),
    "identification": ("identifications", "identification", "Identification"),
    "report": ("reports", "report", "Report"),
    "person": ("settings", "person", "Person"),
}


def find(context: Context, text: str) -> list[Hit]:
    """Records that answer the text; runs on the database's thread."""
    from forensics.services.searching import search

    found = context.lab.run(search, text)
    return [_hit(one.entity, Ref(one.entity, one.id, one.number), one.label) for one in found]


def _hit(entity: str, ref: Ref, label: str) -> Hit:
    place, icon, kind = SHOWN_IN[entity]
    # Isolated, so that a name in Arabic does not turn the number around.
    words = f"{ref.number}  \u2068{label}\u2069" if label != ref.number else label
    return Hit(words, QCoreApplication.translate("Finding", kind), icon, place, ref)
