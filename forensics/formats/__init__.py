"""Files to values and back, every problem located."""
