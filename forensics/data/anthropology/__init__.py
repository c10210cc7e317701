"""The element list and the published anthropological methods, as data."""
