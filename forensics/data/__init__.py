"""Tables with their source: frequencies, kits, bones, methods."""
