"""How fast the laboratory's lists, searches and scans answer when it has grown: measured on invented records."""

from forensics.services.measuring.filling import grown_laboratory
from forensics.services.measuring.lists import Answer, answers

__all__ = ["Answer", "answers", "grown_laboratory"]
