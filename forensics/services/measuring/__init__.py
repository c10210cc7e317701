"""How fast a laboratory answers when it has grown, and how soon it has compared a new profile; on invented records."""

from forensics.services.measuring.changes import NewProfile, new_profiles
from forensics.services.measuring.filling import grown_laboratory
from forensics.services.measuring.lists import Answer, answers

__all__ = ["Answer", "NewProfile", "answers", "grown_laboratory", "new_profiles"]
