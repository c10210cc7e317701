"""Values, states and rules of the laboratory; the standard library only."""
