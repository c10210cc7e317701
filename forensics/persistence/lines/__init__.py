"""The lists of `domain.lines`: from which tables each row is made."""

from forensics.persistence.lines.decisions import ASSOCIATIONS, HYPOTHESES, IDENTIFICATIONS, REPORTS, SITES
from forensics.persistence.lines.families import FAMILIES, FAMILIES_BLIND, MISSING, MISSING_BLIND
from forensics.persistence.lines.laboratory import BATCHES, ELIMINATION, INSTRUMENTS, LOTS, NONCONFORMITIES
from forensics.persistence.lines.remains import CASES, DELIVERIES, INDIVIDUALS, ITEMS
from forensics.persistence.lines.samples import PROFILES, SAMPLES

__all__ = [
    "ASSOCIATIONS",
    "BATCHES",
    "CASES",
    "DELIVERIES",
    "ELIMINATION",
    "FAMILIES",
    "FAMILIES_BLIND",
    "HYPOTHESES",
    "IDENTIFICATIONS",
    "INDIVIDUALS",
    "INSTRUMENTS",
    "ITEMS",
    "LOTS",
    "MISSING",
    "MISSING_BLIND",
    "NONCONFORMITIES",
    "PROFILES",
    "REPORTS",
    "SAMPLES",
    "SITES",
]
