"""Published methods for the biological profile, and what they assume."""
