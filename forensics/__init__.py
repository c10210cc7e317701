"""Nomina: from remains, samples and family references to a name."""
