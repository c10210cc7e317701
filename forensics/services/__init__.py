"""Use cases, one file a subject, reached through one door."""
