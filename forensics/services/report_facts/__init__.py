"""What a report says, gathered from the records; rendering and signing it is the work of `reports`."""

from forensics.services.report_facts.frame import mutation_words
from forensics.services.report_facts.identification import draft_identification, identification_facts
from forensics.services.report_facts.match import MatchMaterial, draft_match, match_facts

__all__ = [
    "MatchMaterial",
    "draft_identification",
    "draft_match",
    "identification_facts",
    "match_facts",
    "mutation_words",
]
