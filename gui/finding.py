"""What the command palette and the scanner find in the laboratory, and which place shows it."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from gui.context import Context, Hit, Ref
from gui.marking import QT_TRANSLATE_NOOP

SHOWN_IN: dict[str, tuple[str, str, str]] = {
    # entity: place, icon, what it is called
    "remains_case": ("remains", "archive", QT_TRANSLATE_NOOP("Finding", "Remains case")),
    "remains_item": ("remains", "remains", QT_TRANSLATE_NOOP("Finding", "Remains item")),
    "delivery": ("remains", "archive", QT_TRANSLATE_NOOP("Finding", "Delivery")),
    "individual": ("remains", "skull", QT_TRANSLATE_NOOP("Finding", "Individual")),
    "sample": ("samples", "sample", QT_TRANSLATE_NOOP("Finding", "Sample")),
    "storage_location": ("samples", "archive", QT_TRANSLATE_NOOP("Finding", "Storage place")),
    "consignment": ("samples", "truck", QT_TRANSLATE_NOOP("Finding", "Consignment")),
    "stock_take": ("samples", "clipboard", QT_TRANSLATE_NOOP("Finding", "Stock-take")),
    "missing_person": ("missing", "missing", QT_TRANSLATE_NOOP("Finding", "Missing person")),
    "family": ("missing", "family", QT_TRANSLATE_NOOP("Finding", "Family")),
    "donor": ("missing", "person", QT_TRANSLATE_NOOP("Finding", "Donor")),
    "operation": ("settings", "tag", QT_TRANSLATE_NOOP("Finding", "Operation")),
    "event": ("settings", "sites", QT_TRANSLATE_NOOP("Finding", "Event")),
    "site": ("settings", "sites", QT_TRANSLATE_NOOP("Finding", "Site")),
    "association": ("matching", "link", QT_TRANSLATE_NOOP("Finding", "Association")),
    "hypothesis": ("matching", "matching", QT_TRANSLATE_NOOP("Finding", "Match")),
    "identification": ("identifications", "identification", QT_TRANSLATE_NOOP("Finding", "Identification")),
    "report": ("reports", "report", QT_TRANSLATE_NOOP("Finding", "Report")),
    "batch": ("laboratory", "laboratory", QT_TRANSLATE_NOOP("Finding", "Batch")),
    "nonconformity": ("laboratory", "attention", QT_TRANSLATE_NOOP("Finding", "Nonconformity")),
    "reagent_lot": ("laboratory", "tag", QT_TRANSLATE_NOOP("Finding", "Reagent lot")),
    "instrument": ("laboratory", "pulse", QT_TRANSLATE_NOOP("Finding", "Instrument")),
    "person": ("settings", "person", QT_TRANSLATE_NOOP("Finding", "Person")),
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
